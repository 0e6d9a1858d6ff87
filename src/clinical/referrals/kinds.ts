/**
 * What sets a referral apart: that the patient wrote it (egenremiss), and that a new medical assessment is asked for (ny medicinsk bedömning,
 * patientlagen 8 kap. 1 §). A kind stands in the request's category, beside the code that makes it a referral.
 *
 * SPEC CLIN-REFERRAL-11
 */
import type { JsonObject } from "../../fhir/index.ts";
import { codesIn } from "../said.ts";

const REFERRAL_KINDS = ["own", "second-opinion"] as const;
export type ReferralKind = (typeof REFERRAL_KINDS)[number];

const SYSTEM = "urn:eira:remiss";
const KINDS: Readonly<Record<ReferralKind, { readonly code: string; readonly display: string }>> = {
  own: { code: "egenremiss", display: "Egenremiss" },
  "second-opinion": { code: "ny-medicinsk-bedomning", display: "Ny medicinsk bedömning" },
};
const REFERRAL: JsonObject = { system: "http://snomed.info/sct", code: "3457005", display: "Remiss" };

/** The category of a referral of some kinds; its text is that of the last. */
export function categoryOf(kinds: readonly ReferralKind[]): readonly JsonObject[] {
  const coding = kinds.map((kind) => ({ system: SYSTEM, ...KINDS[kind] }));
  return [{ coding: [REFERRAL, ...coding], text: coding.at(-1)?.display ?? "Remiss" }];
}

/** The kinds that a request is of. */
export function kindsOf(request: JsonObject): readonly ReferralKind[] {
  const codes = new Set(codesIn(request["category"]));
  return REFERRAL_KINDS.filter((kind) => codes.has(KINDS[kind].code));
}
