/** Registering somebody unknown and a newborn, the band, and records of the same person. SPEC WEB-UNKNOWN, WEB-SAME */
import { queryOptions } from "@tanstack/react-query";
import type { Patient } from "fhir/r4";
import { get, postFor } from "./call.ts";
import { patientPath } from "./chart.ts";

export type Sex = "female" | "male" | "unknown";
export type Band = {
  readonly number: string;
  readonly name: string | null;
  readonly born: string | null;
  readonly isEstimated: boolean;
  readonly sex: string | null;
};
export type BandPrint = {
  readonly outcome: "handed-over" | "failed" | "unknown" | "browser";
  readonly why: string | null;
  readonly band: Band;
  readonly printer: string | null;
};
export type OtherRecord = {
  readonly patient: Patient;
  readonly id: string;
  readonly version: string;
  readonly how: "replaced" | "survivor" | null;
  readonly reason: string | null;
  readonly by: string | null;
  readonly at: string | null;
};
export type SamePerson = {
  readonly version: string;
  readonly others: readonly OtherRecord[];
  readonly family: readonly { readonly id: string; readonly patient: Patient; readonly how: "child" | "mother" }[];
};
type Seen = { readonly id: string; readonly version: string };
export type JoinWish = {
  readonly survivor: Seen;
  readonly replaced: Seen;
  readonly reason: string;
  readonly key: string;
};

export function registerUnknown(wish: {
  readonly key: string;
  readonly sex: Sex;
  readonly age: number | null;
}): Promise<{ readonly id: string }> {
  return postFor("/api/registrations", wish);
}

export function registerChild(
  mother: string,
  wish: { readonly key: string; readonly sex: Sex },
): Promise<{ readonly id: string }> {
  return postFor(`${patientPath(mother)}/children`, wish);
}

export function printBand(
  patient: string,
  wish: { readonly key: string; readonly place: string | null },
): Promise<BandPrint> {
  return postFor(`${patientPath(patient)}/band`, wish);
}

export function samePersonQuery(patient: string) {
  return queryOptions({
    queryKey: ["patient", patient, "same-person"],
    queryFn: ({ signal }) => get<SamePerson>(`${patientPath(patient)}/same-person`, signal),
  });
}

export function joinRecords(wish: JoinWish): Promise<SamePerson> {
  return postFor("/api/same-person", wish);
}

export function partRecords(wish: JoinWish): Promise<SamePerson> {
  return postFor("/api/same-person/part", wish);
}
