/**
 * What the chart's screens fetch: the overview in one call, and each section page by page, newest first.
 * An answer that holds another patient's data is refused here, before any screen sees it.
 *
 * SPEC WEB-WRONG · WEB-LOAD · failure-modes F30
 */
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import type { FhirResource, Patient, Reference } from "fhir/r4";
import { CallFailed, get, sought } from "./call.ts";
import { isAsSealed, setAsideDamaged } from "./damaged.ts";

export type SectionName =
  | "timeline"
  | "problems"
  | "medications"
  | "allergies"
  | "vitals"
  | "results"
  | "notes"
  | "contacts"
  | "referrals"
  | "immunizations"
  | "flags"
  | "appointments";
export type Slice = { readonly items: readonly FhirResource[]; readonly more: boolean };
export type Overview = {
  readonly asOf: string;
  readonly patient: Patient;
  readonly sections: Readonly<Partial<Record<SectionName, Slice>>>;
} & Extras;
export type Page<T> = { readonly asOf: string; readonly items: readonly T[]; readonly next: string | null } & Extras;
/** What may come with any answer: resources that the items refer to, and the care unit's name by "Type/id". */
type Extras = {
  /** Other records of the same person, whose items stand here too. */
  readonly same?: readonly string[];
  readonly included?: readonly FhirResource[];
  readonly units?: Readonly<Record<string, string>>;
};
export type Reading = {
  readonly recorded: string;
  readonly person: string;
  readonly title?: string;
  readonly unit?: string;
  readonly provider?: string;
  readonly action: string;
  readonly ground: string;
  readonly refused: boolean;
  readonly count: number;
  readonly types: readonly string[];
};

/** Everything the overview and the banner need. */
export function overviewQuery(patientId: string) {
  return queryOptions({
    queryKey: ["patient", patientId, "overview"],
    queryFn: async ({ client, signal }) => {
      const overview = await get<Overview>(`${patientPath(patientId)}/overview`, signal);
      if (overview.patient.id !== patientId) throw wrongPatient();
      for (const slice of Object.values(overview.sections)) refuseOthers(slice.items, patientId, overview.same);
      const items = Object.values(overview.sections).flatMap((slice) => slice.items);
      return setAsideDamaged(client, patientId, items).length === items.length ? overview : withoutDamaged(overview);
    },
  });
}

/** One section of the chart, page by page. */
export function sectionQuery(patientId: string, section: SectionName, limit: number) {
  return infiniteQueryOptions({
    queryKey: ["patient", patientId, section, limit],
    initialPageParam: "",
    queryFn: async ({ client, pageParam, signal }) => {
      const page = await get<Page<FhirResource>>(
        `${patientPath(patientId)}/${section}?${pageWords(pageParam, limit)}`,
        signal,
      );
      refuseOthers(page.items, patientId, page.same);
      const items = setAsideDamaged(client, patientId, page.items);
      return items.length === page.items.length ? page : { ...page, items };
    },
    getNextPageParam: (page) => page.next,
  });
}

/** Where words stand in the whole record. What is sought goes in a header, never in an address. */
export function wordsQuery(patientId: string, typed: string) {
  return infiniteQueryOptions({
    queryKey: ["patient", patientId, "words", typed],
    initialPageParam: "",
    queryFn: async ({ client, pageParam, signal }) => {
      const before = pageParam === "" ? "" : `?${new URLSearchParams({ before: pageParam }).toString()}`;
      const path = `${patientPath(patientId)}/words${before}`;
      const page = await get<Page<FhirResource> & { readonly looked: number }>(path, signal, sought(typed));
      refuseOthers(page.items, patientId, page.same);
      const items = setAsideDamaged(client, patientId, page.items);
      return items.length === page.items.length ? page : { ...page, items };
    },
    getNextPageParam: (page) => page.next,
  });
}

function withoutDamaged(overview: Overview): Overview {
  const sections = Object.entries(overview.sections).map(
    ([name, slice]) => [name, { ...slice, items: slice.items.filter(isAsSealed) }] as const,
  );
  return { ...overview, sections: Object.fromEntries(sections) };
}

/** Who has read this patient's record. */
export function readersQuery(patientId: string) {
  return infiniteQueryOptions({
    queryKey: ["patient", patientId, "readers"],
    initialPageParam: "",
    queryFn: ({ pageParam, signal }) =>
      get<Page<Reading>>(`${patientPath(patientId)}/readers?${pageWords(pageParam, 100)}`, signal),
    getNextPageParam: (page) => page.next,
  });
}

/** Patients by name or identity number, from the one search box: what is sought stands in no address, which proxies write down. */
export function searchPatients(
  text: string,
  signal: AbortSignal,
): Promise<{ readonly items: readonly Patient[]; readonly more: boolean }> {
  return get("/api/patients?limit=20", signal, sought(text));
}

/** Everything an overview holds that another part of it may refer to. */
export function overviewHolds(overview: Overview): {
  readonly resources: readonly FhirResource[];
  readonly units: Readonly<Record<string, string>>;
} {
  const items = Object.values(overview.sections).flatMap((slice) => slice.items);
  return { resources: [...items, ...(overview.included ?? [])], units: overview.units ?? {} };
}

/** Throws when any item says that it is about another patient; `same` are other records of this one. */
export function refuseOthers(items: readonly FhirResource[], patientId: string, same: readonly string[] = []): void {
  for (const item of items) {
    const about =
      (item as { readonly subject?: Reference; readonly patient?: Reference }).subject ??
      (item as { readonly patient?: Reference }).patient;
    const found = /(?:^|\/)Patient\/([^/]+)/.exec(about?.reference ?? "")?.[1];
    if (found !== undefined && found !== patientId && !same.includes(found)) throw wrongPatient();
  }
}

/** An answer that holds another patient's data is not shown. */
export function refusalOf(resources: readonly FhirResource[], patient: string | null): CallFailed | undefined {
  if (patient === null) return undefined;
  try {
    refuseOthers(resources, patient);
    return undefined;
  } catch (error) {
    if (error instanceof CallFailed) return error;
    throw error;
  }
}

function wrongPatient(): CallFailed {
  return new CallFailed({ kind: "wrong-patient", said: undefined, status: undefined });
}

export function patientPath(patientId: string): string {
  return `/api/patients/${encodeURIComponent(patientId)}`;
}

function pageWords(before: string, limit: number): string {
  return new URLSearchParams(before ? { before, limit: String(limit) } : { limit: String(limit) }).toString();
}
