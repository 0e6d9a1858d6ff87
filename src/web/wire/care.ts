/** What opens a patient's records to the one who is signed in, and who a patient is whose records are not open. SPEC WEB-DOOR, WEB-SOURCES */
import { queryOptions } from "@tanstack/react-query";
import type { Patient } from "fhir/r4";
import { CallFailed, get, postFor } from "./call.ts";
import { patientPath } from "./chart.ts";

export type Opening =
  | "register-relation"
  | "give-reason"
  | "emergency-access"
  | "record-consent"
  | "choose"
  | "lift-with-consent"
  | "lift-in-emergency";
/** By HSA-ids; a null unit is all of a care provider, `-` what has no unit. */
export type Place = { readonly careProvider: string; readonly careUnit: string | null };
export type Rule = { readonly rule: string; readonly law: string; readonly sentence: string };
export type Closed = Rule & { readonly openings: readonly Opening[] };
/** `until`: when it closes if nothing else opens it; null when no end is set, as while a contact lasts. */
export type OpenPlace = Rule & { readonly place: Place; readonly until: string | null };
export type HiddenPlace = Closed & { readonly place: Place | null };
export type CareFact = {
  readonly id: string;
  readonly kind: "relation" | "reason" | "choice" | "consent" | "emergency";
  readonly isOwn: boolean;
  readonly source: Place | null;
  readonly reason: string | null;
  readonly since: string;
  readonly until: string | null;
};
export type CareState = {
  /** Why nothing at all is open; null when something is. */
  readonly refusal: Closed | null;
  readonly open: readonly OpenPlace[];
  readonly hidden: readonly HiddenPlace[];
  readonly facts: readonly CareFact[];
  readonly names: Readonly<Record<string, string>>;
};
export type CareWish =
  | { readonly kind: "reason" | "emergency"; readonly reason: string }
  | { readonly kind: "relation" }
  | { readonly kind: "choice"; readonly source: Place }
  | { readonly kind: "consent"; readonly days: number; readonly representedBy?: string };
export type CareEnd = { readonly kind: "end"; readonly fact: string; readonly reason: "withdrawn" | "mistake" };

export function careQuery(patientId: string) {
  return queryOptions({
    queryKey: ["patient", patientId, "care"],
    queryFn: ({ signal }) => get<CareState>(`${patientPath(patientId)}/care`, signal),
  });
}

/** The patient alone, for the banner over a chart that is not open. */
export function whoQuery(patientId: string) {
  return queryOptions({
    queryKey: ["patient", patientId, "who"],
    queryFn: async ({ signal }) => {
      const patient = await get<Patient>(`/fhir/R4/Patient/${encodeURIComponent(patientId)}`, signal);
      if (patient.id !== patientId) throw new CallFailed({ kind: "wrong-patient", said: undefined, status: undefined });
      return patient;
    },
  });
}

/** Makes the changes in their order; answers how the records stand after the last. */
export async function changeCare(patientId: string, changes: readonly (CareWish | CareEnd)[]): Promise<CareState> {
  const path = `${patientPath(patientId)}/care`;
  let state: CareState | undefined;
  for (const change of changes) {
    state =
      change.kind === "end"
        ? await postFor<CareState>(`${path}/${encodeURIComponent(change.fact)}/end`, { reason: change.reason })
        : await postFor<CareState>(path, change);
  }
  return state ?? get<CareState>(path);
}
