/** One order or referral of a patient as it was signed, with its answer if there is one: for reading it in full and on paper. SPEC CLIN-ORDER-10 */
import { shortSeal, statedSeal } from "../../base/index.ts";
import { fhirError, objectOf, parseJson, type JsonObject } from "../../fhir/index.ts";
import { disclosedTogether, readResource, requireNeed, samePersonAs, searchResources, type Disclosed, type Visit } from "../../journal/index.ts"; // prettier-ignore
import { referenceIn } from "../said.ts";

export type OrderLook = {
  readonly request: JsonObject;
  /** The short form of the seal of its words. */
  readonly seal: string | null;
  /** Answers to it, as references with titles. */
  readonly answers: readonly JsonObject[];
  /** The other records of the same person: it may have been ordered under one of them. */
  readonly same: readonly string[];
};

/** Errors: NOT_FOUND (also of another patient's), GONE, NO_CARE_RELATION, FORBIDDEN. */
export async function lookAtOrder(visit: Visit, patient: string, id: string): Promise<Disclosed<OrderLook>> {
  await requireNeed(visit, patient, `ServiceRequest/${id}`);
  const read = await readResource(visit, "ServiceRequest", id);
  const request = parseJson(read.value.content) as JsonObject;
  const same = await samePersonAs(visit, patient);
  const people = [patient, ...same].map((one) => `Patient/${one}`);
  if (!people.includes(referenceIn(objectOf(request["subject"])) ?? "")) throw fhirError("NOT_FOUND");
  const answers = await searchResources(visit, "DiagnosticReport", [["patient", patient], ["based-on", `ServiceRequest/${id}`], ["_count", "20"]]); // prettier-ignore
  const seal = statedSeal(request);
  return disclosedTogether([read, answers] as const, ([, { rows }]) => ({
    request,
    same,
    seal: seal === undefined || seal === "malformed" ? null : shortSeal(seal),
    answers: rows.map(({ content }) => parseJson(content) as JsonObject).map(({ id: report, code, status, issued }) => ({ id: report ?? null, code: code ?? null, status: status ?? null, issued: issued ?? null })), // prettier-ignore
  }));
}
