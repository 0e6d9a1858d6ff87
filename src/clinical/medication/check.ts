/**
 * The checks of drugs as the journal asks for them: whatever comes to stand as an active order (from the screen, by plain FHIR, in a
 * transaction, by a patch, from another system) is judged inside its transaction, and what interrupts without a reason is not written.
 *
 * SPEC CLIN-MED-8 · F24 · docs/decisions/0045
 */
import {
  fhirErrorAt,
  fhirErrorWith,
  isEqualJson,
  listOf,
  objectOf,
  type Issue,
  type JsonObject,
  type JsonValue,
} from "../../fhir/index.ts";
import type { Check, CheckedVersion, Look } from "../../journal/index.ts";
import { referenceIn, textIn } from "../said.ts";
import { assess, codesOf, unanswered } from "./assess.ts";
import { ANALYSIS_CODES, factsIn, patientOf } from "./facts.ts";
import type { Finding } from "./finding.ts";
import { orderOf } from "./from-fhir.ts";
import { KNOWLEDGE } from "./knowledge/index.ts";
import { overridesIn, overridesOf, type Override } from "./override.ts";

export const medicationCheck: Check = {
  types: new Set(["MedicationRequest"]),
  check: async (written, { look, now }) => {
    const issues: Issue[] = [];
    for (const version of written.filter(({ resource, before }) => isOrdered(resource, before, now)))
      for (const finding of await stopping(version, { look, now })) issues.push(...issuesOf(version, finding));
    if (issues.length > 0) throw fhirErrorWith("MEDICATION_STOPPED", issues);
  },
};

const ORDERS: ReadonlySet<string> = new Set(["order", "original-order", "reflex-order", "filler-order", "instance-order"]); // prettier-ignore
const STANDING: ReadonlySet<string> = new Set(["active", "on-hold"]);
/** What an order is made of; whoever changes something else of it orders nothing. */
const SUBSTANCE = ["status", "intent", "subject", "medicationCodeableConcept", "medicationReference", "dosageInstruction", "contained", "doNotPerform", "reportedBoolean", "reportedReference"]; // prettier-ignore

/** Nobody ordains that long ago: a new record of it tells what was ordained elsewhere. */
const LONG_AGO_MS = 30 * 86_400_000;

function isOrdered(resource: JsonObject, before: JsonObject | null, now: number): boolean {
  if (before === null && Date.parse(textIn(resource["authoredOn"]) ?? "") < now - LONG_AGO_MS) return false;
  if (!isStandingOrder(resource)) return false;
  if (before === null || !STANDING.has(textIn(before["status"]) ?? "")) return true;
  const same = (name: string): boolean => isEqualJson(resource[name] ?? null, before[name] ?? null);
  return !SUBSTANCE.filter((name) => name !== "status").every(same);
}

/** An order of this record that is to be carried out: no draft, plan or prohibition, and not what is told of another's. */
export function isStandingOrder(resource: JsonObject): boolean {
  const isReported = resource["reportedBoolean"] === true || resource["reportedReference"] !== undefined;
  const isOrder = resource["resourceType"] === "MedicationRequest" && ORDERS.has(textIn(resource["intent"]) ?? "");
  return isOrder && STANDING.has(textIn(resource["status"]) ?? "") && resource["doNotPerform"] !== true && !isReported;
}

type Told = { readonly look: Look; readonly now: number };

async function stopping(version: CheckedVersion, { look, now }: Told): Promise<readonly Finding[]> {
  const { resource, id } = version;
  const drug = await drugOf(resource, look);
  const order = orderOf(resource, drug);
  if (codesOf(order, KNOWLEDGE).length === 0) return []; // nothing can be said of it, and nothing is asked
  const patient = patientOf(resource);
  const resources = patient === null ? [] : await recordOf(patient, look);
  const facts = factsIn({ now, knowledge: KNOWLEDGE, resources });
  const prior = referenceIn(resource["priorPrescription"])?.split("/")[1];
  const instead = prior === undefined ? [id] : [id, prior];
  const stops = assess({ order, facts, knowledge: KNOWLEDGE, instead }).filter(({ level }) => level === "stop");
  return stops.length === 0 ? [] : unanswered(stops, await reasonsFor(version, { look, resources }));
}

/** The Medication that a request names, as it stands or as it was written along. */
async function drugOf(resource: JsonObject, look: Look): Promise<JsonObject | undefined> {
  const [type, id] = (referenceIn(resource["medicationReference"]) ?? "").split("/");
  if (type !== "Medication" || id === undefined) return undefined;
  return (await look("Medication", [["_id", id]]))[0];
}

const MOST = "500";

/** What the writer may see of what the checks ask for. */
export async function recordOf(patient: string, look: Look): Promise<readonly JsonObject[]> {
  const of = (type: string, ...more: readonly (readonly [string, string])[]): Promise<readonly JsonObject[]> => look(type, [["patient", patient], ["_count", MOST], ...more]); // prettier-ignore
  const parts = [
    await look("Patient", [["_id", patient]]),
    await of("AllergyIntolerance"),
    await of("MedicationRequest", ["status", "active,on-hold"]),
    await of("MedicationStatement", ["status", "active,intended,on-hold"]),
    await of("Observation", ["code", ANALYSIS_CODES.join(",")], ["_sort", "-date"]),
    await of("Condition", ["clinical-status", "active"]),
  ];
  return parts.flat();
}

type Reasons = { readonly look: Look; readonly resources: readonly JsonObject[] };

/** The request's own reasons, those of issues that it names, and those of what it renews: nobody is asked twice for the same thing. */
async function reasonsFor({ resource }: CheckedVersion, { look, resources }: Reasons): Promise<readonly Override[]> {
  const own = overridesIn(resource);
  const named = listOf(resource["detectedIssue"]).flatMap((one) => {
    const [type, id] = (referenceIn(one) ?? "").split("/");
    return type === "DetectedIssue" && id !== undefined ? [id] : [];
  });
  const issues =
    named.length === 0
      ? []
      : await look("DetectedIssue", [
          ["_id", named.join(",")],
          ["_count", MOST],
        ]);
  const prior = referenceIn(resource["priorPrescription"])?.split("/")[1];
  const renewed = resources.filter(({ id }) => id === prior).flatMap(overridesIn);
  return [...own, ...issues.filter((one) => isOf(one, resource)).flatMap(overridesOf), ...renewed];
}

/** A reason is the patient's whose issue it is. */
function isOf(issue: JsonObject, request: JsonObject): boolean {
  const whose = (value: JsonValue | undefined): string | undefined => referenceIn(objectOf(value));
  return whose(issue["patient"]) !== undefined && whose(issue["patient"]) === whose(request["subject"]);
}

const DOSE: ReadonlySet<Finding["kind"]> = new Set(["dose", "weight"]);

function issuesOf({ where }: CheckedVersion, { kind, key, sv, en }: Finding): readonly Issue[] {
  const place = where === "" ? "MedicationRequest" : where;
  const at = `${place}.${DOSE.has(kind) ? "dosageInstruction" : "medication"}`;
  return fhirErrorAt("MEDICATION_STOPPED", at, { sv, en }, key).issues;
}
