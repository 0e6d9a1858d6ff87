/** Drawing specimens: who waits for it, a patient's tubes, labels and where they come out, and where a tube is. SPEC WEB-SPECIMEN · HTTP-SPECIMEN */
import { queryOptions } from "@tanstack/react-query";
import type { Patient } from "fhir/r4";
import { get, postFor } from "./call.ts";
import { patientPath } from "./chart.ts";

export type SpecimenState = "labelled" | "collected" | "sent" | "received" | "lost" | "unusable" | "mistaken";
export type WaitingRow = {
  readonly patient: string;
  readonly person: Patient | null;
  readonly place: string | null;
  readonly orders: readonly { readonly id: string; readonly title: string; readonly isUrgent: boolean }[];
  readonly tubes: number;
  readonly due: number | null;
  readonly isLate: boolean;
  readonly isAgain: boolean;
};
export type LabelPlace = { readonly code: string; readonly title: string; readonly printer: string | null };
export type Tube = {
  readonly tube: {
    readonly code: string;
    readonly title: string;
    readonly cap: string | null;
    readonly material: string | null;
    readonly how: string | null;
  };
  readonly requests: readonly string[];
  readonly within: number;
  readonly number: string | null;
  readonly instead: string | null;
};
export type Label = {
  readonly number: string;
  readonly name: string | null;
  readonly identity: string;
  readonly tube: string;
  readonly analyses: readonly string[];
  readonly isUrgent: boolean;
};
export type Printed = {
  readonly outcome: "handed-over" | "failed" | "browser" | "unknown";
  readonly why?: string | null;
  readonly labels: readonly Label[];
  readonly printer?: string;
};
export type Collection = {
  readonly asOf: string;
  readonly person: Patient;
  readonly isProtected: boolean;
  readonly orders: readonly {
    readonly id: string;
    readonly title: string;
    readonly isUrgent: boolean;
    readonly when: string | null;
    readonly instruction: string | null;
  }[];
  readonly tubes: readonly Tube[];
  readonly drawn: readonly {
    readonly number: string | null;
    readonly state: SpecimenState;
    readonly requests: readonly string[];
    readonly at: string | null;
  }[];
  readonly attempts: readonly {
    readonly why: string;
    readonly at: string | null;
    readonly requests: readonly string[];
  }[];
  readonly prints: readonly {
    readonly numbers: readonly string[];
    readonly status: "requested" | "completed" | "failed";
    readonly at: string | null;
    readonly printer: string | null;
  }[];
  readonly print?: Printed;
};
export type Deed = "sent" | "received" | "lost" | "unusable" | "discarded";
export type Tracked = {
  readonly asOf: string;
  readonly version: string;
  readonly number: string | null;
  readonly tube: string | null;
  readonly state: SpecimenState;
  readonly patient: string;
  readonly person: Patient | null;
  readonly orders: readonly string[];
  readonly steps: readonly {
    readonly what: string;
    readonly at: string | null;
    readonly by: string | null;
    readonly note: string | null;
  }[];
  readonly can: readonly Deed[];
  readonly loop: {
    readonly owner: string | null;
    readonly title: string | null;
    readonly responsible: string | null;
    readonly deadline: number | null;
    readonly level: number;
  } | null;
  readonly names: Readonly<Record<string, string>>;
};

const LIVE_MS = 30_000;

export const waitingQuery = queryOptions({
  queryKey: ["patient", "specimens", "list"],
  queryFn: ({ signal }) =>
    get<{ readonly asOf: string; readonly items: readonly WaitingRow[]; readonly more: boolean }>("/api/specimens", signal), // prettier-ignore
  refetchInterval: LIVE_MS * 4, // each reading is logged for everybody on the list
});

export const placesQuery = queryOptions({
  queryKey: ["specimens", "places"],
  queryFn: ({ signal }) => get<{ readonly items: readonly LabelPlace[] }>("/api/label-places", signal),
});

export function collectionQuery(patientId: string) {
  return queryOptions({
    queryKey: ["patient", patientId, "specimens"],
    queryFn: ({ signal }) => get<Collection>(`${patientPath(patientId)}/specimens`, signal),
  });
}

export function trackedQuery(number: string) {
  return queryOptions({
    queryKey: ["patient", "specimen", number],
    queryFn: ({ signal }) => get<Tracked>(`/api/specimens/${encodeURIComponent(number)}`, signal),
    refetchInterval: LIVE_MS,
  });
}

/** One thing that is done for a patient; answers how it stands then. */
export function collectionStep(patientId: string, name: string, body: object): Promise<Collection> {
  return postFor<Collection>(`${patientPath(patientId)}/specimens/${name}`, body);
}

export function specimenStep(number: string, body: object): Promise<Tracked> {
  return postFor<Tracked>(`/api/specimens/${encodeURIComponent(number)}/steps`, body);
}
