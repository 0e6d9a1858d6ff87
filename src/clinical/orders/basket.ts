/**
 * What somebody who orders for a patient needs beside the catalogue: the own draft, what was ordered and answered lately, and what the
 * record already says, each piece with its source, to begin a referral with.
 *
 * SPEC CLIN-ORDER-1, CLIN-ORDER-3, CLIN-ORDER-4
 */
import { listOf, objectOf, protectionLabels, type JsonObject, type JsonValue } from "../../fhir/index.ts";
import {
  disclosedTogether,
  readResource,
  requireNeed,
  searchResources,
  type Disclosed,
  type Found,
  type Visit,
} from "../../journal/index.ts";
import { nameIn, objectIn, ofType, resourcesIn, textIn } from "../said.ts";
import { keyOf } from "./catalogue.ts";
import { draftOf, type Draft } from "./draft.ts";
import { ordering } from "./may.ts";

/** Something like what is ordered now: asked for and not answered, or answered. */
export type Recent = {
  readonly key: string;
  readonly kind: "ordered" | "answered";
  readonly at: string;
  /** Who asked, or answered, as the record names them. */
  readonly by: string | null;
};
/** A piece of the record that a referral can begin with, and where it stands. */
export type Source = {
  readonly kind: "problem" | "allergy" | "language" | "phone";
  readonly text: string;
  readonly from: string | null;
  readonly at: string | null;
};
export type Answer = { readonly reference: string; readonly title: string; readonly at: string | null };
export type Basket = {
  readonly draft: Draft | null;
  readonly recent: readonly Recent[];
  readonly sources: readonly Source[];
  readonly answers: readonly Answer[];
};

const DAY_MS = 86_400_000;
/** What was ordered or answered within this is told of when it is ordered again. */
const RECENT_DAYS = 7;
const ANSWER_DAYS = 90;
const MOST = "200";

/** Errors: NO_CARE_RELATION, NOT_FOUND, FORBIDDEN. */
export async function orderBasket(visit: Visit, patient: string): Promise<Disclosed<Basket>> {
  await ordering(visit, "search");
  await requireNeed(visit, patient, `Patient/${patient} orders`);
  const since = (days: number): string => `ge${new Date(visit.clock().getTime() - days * DAY_MS).toISOString()}`;
  const search = (type: string, ...more: readonly (readonly [string, string])[]): Promise<Disclosed<Found>> =>
    searchResources(visit, type, [["patient", patient], ["_count", MOST], ...more]);
  const parts = await Promise.all([
    readResource(visit, "Patient", patient),
    draftOf(visit, patient),
    search("ServiceRequest", ["authored", since(RECENT_DAYS)], ["status", "active,on-hold"]),
    search("Observation", ["category", "laboratory"], ["date", since(RECENT_DAYS)]),
    search("Condition", ["clinical-status", "active"], ["category:not", "encounter-diagnosis"], ["_include", "Condition:encounter"]), // prettier-ignore
    search("AllergyIntolerance", ["clinical-status", "active"]),
    search("DiagnosticReport", ["date", since(ANSWER_DAYS)], ["_sort", "-date"]),
  ]);
  return disclosedTogether(parts, ([person, draft, ordered, answered, problems, allergies, reports]) => ({
    draft,
    recent: [...typeIn(ordered, "ServiceRequest").flatMap(orderedIn), ...typeIn(answered, "Observation").flatMap(answeredIn)], // prettier-ignore
    sources: [
      ...problemsIn(problems),
      ...typeIn(allergies, "AllergyIntolerance").flatMap(allergyIn),
      ...contactIn(objectIn(person.content)),
    ],
    answers: typeIn(reports, "DiagnosticReport").flatMap(answerIn),
  }));
}

function typeIn(found: Found, type: string): readonly JsonObject[] {
  return ofType(resourcesIn([found]), type);
}

/** A panel is an order of each of its parts. */
function orderedIn(request: JsonObject): readonly Recent[] {
  const at = textIn(request["authoredOn"]);
  if (at === undefined) return [];
  const by = textIn(objectOf(request["requester"])["display"]) ?? null;
  const keys = [request["code"], ...listOf(request["orderDetail"])].flatMap((one) => keyOf(one) ?? []);
  return keys.map((key) => ({ key, kind: "ordered", at, by }));
}

const NO_ANSWER: ReadonlySet<string> = new Set(["cancelled", "entered-in-error", "registered"]);

function answeredIn(value: JsonObject): readonly Recent[] {
  const [key, at] = [keyOf(value["code"]), textIn(value["effectiveDateTime"])];
  if (key === undefined || at === undefined || NO_ANSWER.has(textIn(value["status"]) ?? "")) return [];
  const [performer] = listOf(value["performer"]); // the first is who answers for it
  return [{ key, kind: "answered", at, by: textIn(objectOf(performer)["display"]) ?? null }];
}

function problemsIn(found: Found): readonly Source[] {
  const units = new Map(
    typeIn(found, "Encounter").map((one) => [
      `Encounter/${textIn(one["id"]) ?? ""}`,
      textIn(objectOf(one["serviceProvider"])["display"]),
    ]),
  );
  return typeIn(found, "Condition").flatMap((problem): readonly Source[] => {
    const text = codedName(problem["code"]);
    const unit = units.get(textIn(objectOf(problem["encounter"])["reference"]) ?? "");
    const at = textIn(problem["recordedDate"]) ?? textIn(problem["onsetDateTime"]) ?? null;
    return text === undefined ? [] : [{ kind: "problem", text, from: unit ?? writerIn(problem), at }];
  });
}

function allergyIn(allergy: JsonObject): readonly Source[] {
  const text = nameIn(allergy["code"]);
  const isMistake = listOf(objectOf(allergy["verificationStatus"])["coding"]).some((one) => /refuted|error/.test(textIn(objectOf(one)["code"]) ?? "")); // prettier-ignore
  if (text === undefined || isMistake) return [];
  return [{ kind: "allergy", text, from: writerIn(allergy), at: textIn(allergy["recordedDate"]) ?? null }];
}

function writerIn(resource: JsonObject): string | null {
  const named = [resource["recorder"], resource["asserter"]].map((one) => textIn(objectOf(one)["display"]));
  return named.find((one) => one !== undefined) ?? null;
}

function codedName(concept: JsonValue | undefined): string | undefined {
  const code = listOf(objectOf(concept)["coding"]).map((one) => textIn(objectOf(one)["code"])).find((one) => one !== undefined && /^[A-Z]\d/.test(one)); // prettier-ignore
  const name = nameIn(concept);
  return name === undefined || code === undefined || name.includes(code) ? name : `${code} ${name}`;
}

const INTERPRETER = "http://hl7.org/fhir/StructureDefinition/patient-interpreterRequired";

/** How the patient is spoken with; nothing of somebody whose identity is protected. */
function contactIn(person: JsonObject): readonly Source[] {
  if (protectionLabels(person).length > 0) return [];
  const needs = listOf(person["extension"]).map(objectOf).some(({ url, valueBoolean }) => url === INTERPRETER && valueBoolean === true); // prettier-ignore
  const languages = listOf(person["communication"]).flatMap((one) => nameIn(objectOf(one)["language"]) ?? []);
  const phones = listOf(person["telecom"]).map(objectOf).flatMap(({ system, value }) => (system === "phone" ? (textIn(value) ?? []) : [])); // prettier-ignore
  const source = { from: null, at: null };
  return [
    ...(languages.length === 0 ? [] : [{ kind: "language", text: needs ? `tolk: ${languages.join(", ")}` : languages.join(", "), ...source } as const]), // prettier-ignore
    ...phones.slice(0, 2).map((text) => ({ kind: "phone", text, ...source }) as const),
  ];
}

function answerIn(report: JsonObject): readonly Answer[] {
  const [id, title] = [textIn(report["id"]), nameIn(report["code"])];
  if (id === undefined || title === undefined || NO_ANSWER.has(textIn(report["status"]) ?? "")) return [];
  const at = textIn(report["effectiveDateTime"]) ?? textIn(report["issued"]) ?? null;
  return [{ reference: `DiagnosticReport/${id}`, title, at }];
}
