/**
 * A reason for going past what interrupts, kept with the request as a contained DetectedIssue whose identifier says what it is about and
 * whose mitigation has the reason, who gave it and when. It holds for the same thing in a renewal, and for nothing else. Pure.
 *
 * SPEC CLIN-MED-7 · https://hl7.org/fhir/R4/detectedissue.html · https://hl7.org/fhir/R4/medicationrequest-definitions.html#MedicationRequest.detectedIssue
 */
import { listOf, objectOf, type JsonObject } from "../../fhir/index.ts";
import { referenceIn, textIn } from "../said.ts";
import type { Finding } from "./finding.ts";

export const CHECK = "urn:eira:lakemedel:kontroll";

export type Override = {
  /** What it is about: a finding's key. */
  readonly key: string;
  readonly reason: string;
  readonly by: string | null;
  readonly at: string | null;
};

/** The reasons that a request carries; without a reason there is none. */
export function overridesIn(request: JsonObject): readonly Override[] {
  const contained = new Map(listOf(request["contained"]).map((one) => [textIn(objectOf(one)["id"]), objectOf(one)]));
  return listOf(request["detectedIssue"]).flatMap((one) => {
    const reference = referenceIn(one) ?? "";
    const issue = reference.startsWith("#") ? contained.get(reference.slice(1)) : undefined;
    return issue === undefined ? [] : overridesOf(issue);
  });
}

/** The reasons in one DetectedIssue. */
export function overridesOf(issue: JsonObject): readonly Override[] {
  if (issue["resourceType"] !== "DetectedIssue" || issue["status"] === "entered-in-error") return [];
  const keys = listOf(issue["identifier"]).map(objectOf).flatMap(({ system, value }) => (system === CHECK ? (textIn(value) ?? []) : [])); // prettier-ignore
  const mitigations = listOf(issue["mitigation"]).map(objectOf).flatMap((one) => {
    const reason = textIn(objectOf(one["action"])["text"])?.trim();
    if (reason === undefined || !isReason(reason)) return [];
    return [{ reason, by: textIn(objectOf(one["author"])["display"]) ?? null, at: textIn(one["date"]) ?? null }];
  }); // prettier-ignore
  const [first] = mitigations;
  return first === undefined ? [] : keys.map((key) => ({ key, ...first }));
}

/** A reason is words: a sign or two is none. */
const SHORTEST = 3;

export function isReason(text: string): boolean {
  return text.trim().length >= SHORTEST && text.trim().length <= LONGEST && /\p{L}{2}/u.test(text);
}

const LONGEST = 500;

export type Given = { readonly finding: Finding; readonly override: Override; readonly author: JsonObject };

/** A request that carries reasons for what it goes past. */
export function withOverrides(request: JsonObject, given: readonly Given[]): JsonObject {
  if (given.length === 0) return request;
  const issues = given.map(({ finding, override, author }, at): JsonObject => ({
    resourceType: "DetectedIssue",
    id: `kontroll-${at + 1}`,
    identifier: [{ system: CHECK, value: finding.key }],
    status: "final",
    code: { text: finding.sv },
    severity: "high",
    patient: objectOf(request["subject"]),
    detail: `${finding.sv} (${finding.source})`,
    mitigation: [
      {
        action: { text: override.reason },
        ...(override.at === null ? {} : { date: override.at }),
        author: override.by === null ? author : { ...author, display: override.by },
      },
    ],
  }));
  return {
    ...request,
    contained: [...listOf(request["contained"]), ...issues],
    detectedIssue: issues.map((_issue, at) => ({ reference: `#kontroll-${at + 1}` })),
  };
}
