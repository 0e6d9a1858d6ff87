/**
 * What is signed and locked: the notes of the record, whose words are what somebody answers for. Results are acknowledged instead, since
 * a laboratory's correction must always get in; prescriptions and procedures live on after they were written.
 *
 * SPEC JRN-SIGN · PDL (2008:355) 3 kap. 10 § · decision 0031
 */
import { fhirError, isJsonObject, listOf, parseJson, type JsonObject } from "../../fhir/index.ts";
import type { Visit } from "../context.ts";

export const SIGNABLE = ["Composition", "DocumentReference", "ClinicalImpression"] as const;
export type SignableType = (typeof SIGNABLE)[number];

/** HSLF-FS 2016:40 asks for a time and leaves it to the care provider. */
const LOCK_DAYS = 14;
const DAY_MS = 86_400_000;

export function isSignable(type: string): type is SignableType {
  return (SIGNABLE as readonly string[]).includes(type);
}

/** When a record that was first written then is locked, signed or not. */
export function locksAt({ lockDays }: Pick<Visit, "lockDays">, created: string): Date {
  return new Date(Date.parse(created) + (lockDays ?? LOCK_DAYS) * DAY_MS);
}

const ELSEWHERE = {
  sv: "dokumentets text ligger utanför anteckningen, och förseglingen gäller bara det som står i den",
  en: "the document's text lies outside the record, and the seal is of what stands in it",
};
const MISTAKE = { sv: "anteckningen är markerad som felaktig", en: "the record is marked as entered in error" };

/** Errors: NOT_SIGNABLE when the stored text is a mistake, or is not all of what would be signed. */
export function refuseUnsignable(type: SignableType, content: string): void {
  const resource = parseJson(content) as JsonObject;
  if (resource["status"] === "entered-in-error" || resource["docStatus"] === "entered-in-error")
    throw fhirError("NOT_SIGNABLE", MISTAKE);
  if (type !== "DocumentReference") return;
  if (!attachmentsOf(resource).every((one) => typeof one["data"] === "string"))
    throw fhirError("NOT_SIGNABLE", ELSEWHERE);
}

function attachmentsOf(resource: JsonObject): JsonObject[] {
  return listOf(resource["content"]).map((one) => {
    const attachment = isJsonObject(one) ? one["attachment"] : undefined;
    return isJsonObject(attachment) ? attachment : {};
  });
}
