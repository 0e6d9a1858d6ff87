/** How notes stand (signed, changed, locked, corrected), what waits for a signature, and what changes it. SPEC WEB-SIGNING */
import { queryOptions } from "@tanstack/react-query";
import type { Composition, DocumentReference, Patient } from "fhir/r4";
import { get, postSeen } from "./call.ts";
import { patientPath } from "./chart.ts";
import { writeWritten } from "./written-json.ts";

export type NoteResource = Composition | DocumentReference;

type Author = { readonly kind: "client"; readonly name: string } | ({ readonly kind: "person" } & Signer);
type Signer = { readonly id: string; readonly name: string; readonly title: string; readonly unit: string };
export type Seal = {
  readonly version: number;
  readonly signed: string;
  readonly signer: Signer & { readonly proof: { readonly method: string; readonly name: string } };
};
export type Remark = {
  readonly version: number;
  readonly words: string;
  readonly recorded: string;
  readonly author: Author;
};
export type SigningState = {
  readonly state: "unsigned" | "signed" | "changed";
  readonly version: number;
  readonly isLocked: boolean;
  readonly locks: string;
  readonly seals: readonly Seal[];
  readonly corrections: readonly Remark[];
  readonly disagreements: readonly Remark[];
};
export type Destroyed = {
  readonly id: string;
  readonly decision: string;
  readonly authority: string;
  readonly destroyed: string;
};
export type PatientSigning = {
  readonly records: Readonly<Record<string, SigningState>>;
  readonly destroyed: readonly Destroyed[];
};
export type Waiting = {
  readonly type: string;
  readonly id: string;
  readonly version: number;
  readonly patient: string | null;
  readonly title: string | null;
  readonly date: string | null;
  readonly days: number | null;
  readonly person: Patient | null;
};
export type Unsigned = { readonly asOf: string; readonly items: readonly Waiting[]; readonly more: boolean };

export function signingQuery(patientId: string) {
  return queryOptions({
    queryKey: ["patient", patientId, "signing"],
    queryFn: ({ signal }) => get<PatientSigning>(`${patientPath(patientId)}/signing`, signal),
  });
}

export const unsignedQuery = queryOptions({
  queryKey: ["patient", "unsigned"],
  queryFn: ({ signal }) => get<Unsigned>("/api/unsigned", signal),
});

/** A note as it stands, or an older version of it; `name` is `Type/id`. */
export function noteQuery(name: string, version?: number) {
  return queryOptions({
    queryKey: ["patient", "note", name, version ?? "now"],
    queryFn: ({ signal }) =>
      get<NoteResource>(`/fhir/R4/${name}${version === undefined ? "" : `/_history/${version}`}`, signal),
  });
}

/** A note with the version that was seen. */
export type Seen = { readonly name: string; readonly version: number };

export function signNote({ name, version }: Seen): Promise<void> {
  return postSeen(`/fhir/R4/${name}/$sign`, version, undefined);
}

export function correctNote({ name, version }: Seen, reason: string, resource: NoteResource): Promise<void> {
  return postSeen(
    `/fhir/R4/${name}/$correct`,
    version,
    `{"resourceType":"Parameters","parameter":[{"name":"reason","valueString":${JSON.stringify(reason)}},{"name":"resource","resource":${writeWritten(resource)}}]}`,
  );
}

export function disagreeWith({ name, version }: Seen, text: string): Promise<void> {
  const parameter = [{ name: "text", valueString: text }];
  return postSeen(`/fhir/R4/${name}/$disagree`, version, JSON.stringify({ resourceType: "Parameters", parameter }));
}
