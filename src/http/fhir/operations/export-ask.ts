/**
 * What a bulk export asks for, read from the query string or from Parameters. What is not understood or not done here is
 * refused, or passed over when the caller prefers lenient handling; a value that cannot be is always refused.
 *
 * SPEC HTTP-EXPORT-ASK · https://hl7.org/fhir/uv/bulkdata/STU2/export.html#query-parameters
 */
import type { FastifyRequest } from "fastify";
import {
  dateRange,
  fhirErrorAt,
  fhirErrorWith,
  isError,
  isFhirId,
  isJsonArray,
  isJsonObject,
  isResourceType,
  PATIENT_COMPARTMENT,
  validateResource,
} from "../../../fhir/index.ts";
import {
  exportableTypes,
  patientsOfGroup,
  refuseBadFilters,
  stored,
  type ExportAsk,
  type Visit,
} from "../../../journal/index.ts";
import { parameterMissing } from "../../../terminology/index.ts";
import { resourceOf } from "../../body.ts";
import { isLenient } from "../../headers.ts";
import { operationQueryOf, type Parameters } from "../../query.ts";

/** Everything, what belongs to patients, or to the patients of a Group. */
export type ExportLevel =
  | { readonly kind: "system" }
  | { readonly kind: "patient" }
  | { readonly kind: "group"; readonly id: string };

const FORMATS: ReadonlySet<string> = new Set(["application/fhir+ndjson", "application/ndjson", "ndjson"]);
const OF_FORM: ReadonlySet<string> = new Set(["_format", "_pretty", ""]);
const KNOWN = ["_outputFormat", "_since", "_until", "_type", "_elements", "_typeFilter", "patient"];
const NOT_DONE = ["includeAssociatedData", "organizeOutputBy", "allowPartialManifests"];
/** Where one search ends and the next begins, when several stand after one another with commas. */
const BETWEEN_FILTERS = /,(?=[A-Z][A-Za-z]+\?)/;

/**
 * What is asked for, with everything checked that can be known before the work begins. Errors: OPERATION_PARAMETER,
 * NOT_SUPPORTED, NOT_FOUND for a Group or patient that is not there, FORBIDDEN, those of the searches.
 */
export async function exportAskOf(request: FastifyRequest, visit: Visit, level: ExportLevel): Promise<ExportAsk> {
  const lenient = isLenient(request);
  const given = given_(request, lenient);
  const one = (name: string): string | undefined => given.findLast(([key]) => key === name)?.[1];
  const list = (name: string): string[] =>
    given.flatMap(([key, value]) => (key === name ? value.split(",").map((part) => part.trim()) : []));
  const format = one("_outputFormat");
  if (format !== undefined && !FORMATS.has(format.replace(" ", "+"))) throw parameterMissing("_outputFormat");
  const types = await exportableTypes(visit, namedTypes(list("_type"), level, lenient));
  const filters = filtersOf(given, types, lenient);
  await refuseBadFilters(visit, filters);
  return {
    url: `${visit.base}${(request.raw.url ?? "").replace(/^\/fhir\/R4/, "")}`,
    types: level.kind === "system" ? types : types.filter(isOfPatients),
    since: instantOf(one("_since"), "_since"),
    before: instantOf(one("_until"), "_until"),
    elements: list("_elements").filter((name) => name !== ""),
    filters,
    patients: await patientsOf(visit, level, given, { lenient, method: request.method }),
  };
}

/** The parameters that are understood. */
function given_(request: FastifyRequest, lenient: boolean): Parameters {
  const all = [...operationQueryOf(request), ...bodyParameters(request)].filter(
    ([name, value]) => !OF_FORM.has(name) && value !== "",
  );
  if (lenient) return all.filter(([name]) => KNOWN.includes(name));
  const strange = all.find(([name]) => !KNOWN.includes(name) && !NOT_DONE.includes(name));
  if (strange !== undefined) throw parameterMissing(strange[0]);
  const notDone = all.find(
    ([name, value]) => NOT_DONE.includes(name) && !(name === "allowPartialManifests" && value === "false"),
  );
  if (notDone !== undefined) throw fhirErrorAt("NOT_SUPPORTED", notDone[0], notDone[0]);
  return all;
}

function bodyParameters(request: FastifyRequest): Parameters {
  const { body } = request;
  if (request.method !== "POST" || !Buffer.isBuffer(body) || body.length === 0) return [];
  const resource = resourceOf(request, "Parameters");
  const faults = validateResource(resource).filter(isError);
  if (faults.length > 0) throw fhirErrorWith("INVALID", faults);
  const { parameter } = resource;
  return (isJsonArray(parameter) ? parameter : []).filter(isJsonObject).map(({ name, ...values }) => {
    const [value] = Object.entries(values).flatMap(([key, value]) => (key.startsWith("value") ? [value] : []));
    const simple = isJsonObject(value) ? value["reference"] : value;
    if (typeof name !== "string" || (typeof simple !== "string" && typeof simple !== "boolean"))
      throw parameterMissing(typeof name === "string" ? name : "name");
    return [name, String(simple)] as const;
  });
}

function namedTypes(named: readonly string[], level: ExportLevel, lenient: boolean): string[] {
  const types = [...new Set(named.filter((type) => type !== ""))];
  const known = types.filter((type) => isResourceType(type) && (level.kind === "system" || isOfPatients(type)));
  if (known.length < types.length && !(lenient && known.length > 0)) throw parameterMissing("_type");
  return known;
}

function isOfPatients(type: string): boolean {
  return PATIENT_COMPARTMENT[type] !== undefined;
}

function filtersOf(given: Parameters, types: readonly string[], lenient: boolean): ExportAsk["filters"] {
  const filters: Record<string, string[]> = {};
  const all = given.flatMap(([name, value]) => (name === "_typeFilter" ? value.split(BETWEEN_FILTERS) : []));
  for (const filter of all) {
    const [type = "", ...query] = filter.split("?");
    const isGood = types.includes(type) && query.length > 0;
    if (!isGood && !lenient) throw parameterMissing("_typeFilter");
    if (isGood) (filters[type] ??= []).push(query.join("?"));
  }
  return filters;
}

/** An instant as the database can take it; a `+` that a query string turned into a space is read as it was meant. */
function instantOf(text: string | undefined, name: string): string | undefined {
  if (text === undefined) return undefined;
  const range = dateRange(text.replace(" ", "+"));
  if (range === undefined) throw parameterMissing(name);
  return range.low;
}

async function patientsOf(
  visit: Visit,
  level: ExportLevel,
  given: Parameters,
  { lenient, method }: { readonly lenient: boolean; readonly method: string },
): Promise<ExportAsk["patients"]> {
  const asked = given.flatMap(([name, value]) => (name === "patient" ? value.split(",") : []));
  const mayName = method === "POST" && level.kind !== "system";
  if (asked.length > 0 && !mayName && !lenient) throw parameterMissing("patient");
  const ids = mayName ? asked.map((reference) => patientId(visit, reference.trim())) : [];
  const there = ids.length === 0 ? [] : await stored(visit, "Patient", ids);
  if (there.length < new Set(ids).size && !lenient) throw fhirErrorAt("NOT_FOUND", "patient");
  if (level.kind === "system") return undefined;
  if (level.kind === "patient") return ids.length === 0 ? "any" : there;
  const members = await patientsOfGroup(visit, level.id);
  if (ids.length === 0) return members;
  const both = there.filter((id) => members.includes(id));
  if (both.length < there.length && !lenient) throw parameterMissing("patient");
  return both;
}

function patientId({ base }: Visit, reference: string): string {
  const [type, id, ...rest] = reference.replace(`${base}/`, "").split("/");
  if (type !== "Patient" || !isFhirId(id) || rest.length > 0) throw parameterMissing("patient");
  return id;
}
