/** Ordaining: a line understood and checked, what stands and the draft, favourites, signing, stopping and renewing. SPEC WEB-ORDAIN · HTTP-MED */
import { queryOptions } from "@tanstack/react-query";
import { get, postFor } from "./call.ts";
import { patientPath } from "./chart.ts";

export type Line = {
  readonly substance: string;
  readonly product: string;
  readonly dose: string;
  readonly route: string;
  readonly when: string;
  readonly length: string | null;
  readonly reason: string | null;
};
export type Finding = {
  readonly key: string;
  readonly kind: string;
  readonly level: "stop" | "note" | "unknown";
  readonly sv: string;
  readonly en: string;
  readonly source: string;
  /** A reason that was given before for the same thing. */
  readonly override: { readonly reason: string; readonly by: string | null; readonly at: string | null } | null;
};
type Knowledge = { readonly name: string; readonly version: string };
export type Understood = {
  readonly line: Line;
  readonly typed: string;
  readonly findings: readonly Finding[];
  readonly knowledge: Knowledge;
};
export type FaultKind = "empty" | "drug" | "dose" | "unit" | "strength" | "when" | "twice" | "word" | "days";
export type Misunderstood = {
  readonly faults: readonly { readonly kind: FaultKind; readonly word: string }[];
  readonly products: readonly string[];
};
export type Looked = Understood | Misunderstood;
export type Favourite = {
  readonly id: string;
  readonly whose: "unit" | "own";
  readonly typed: string;
  readonly line: Line;
  readonly names: readonly string[];
};
export type Seen = { readonly id: string; readonly version: number };
/** What is typed, and what it is to take the place of. */
export type TypedLine = {
  readonly line: string;
  readonly replaces: string | null;
  readonly why: string;
  readonly isInpatient: boolean;
};
export type LineDraft = TypedLine & Seen & { readonly saved: string };
export type Desk = {
  readonly standing: readonly (Seen & { readonly findings: readonly Finding[] })[];
  readonly draft: LineDraft | null;
  readonly knowledge: Knowledge;
};
type Common = { readonly key: string; readonly shown: string | null };
export type Reasons = Readonly<Record<string, string>>;

const pathOf = (patient: string): string => `${patientPath(patient)}/medication`;
type Favourites = { readonly favourites: readonly Favourite[] };

export const favouritesQuery = queryOptions({
  queryKey: ["medication-favourites"],
  queryFn: async ({ signal }) => (await get<Favourites>("/api/medication-favourites", signal)).favourites,
  staleTime: 60_000,
});

/** What a workspace that was closed is still saving. */
const leaving = new Map<string, Promise<unknown>>();

/** Whoever opens it again is told of the draft when this has ended. */
export function leaveWith(patient: string, saving: Promise<unknown>): void {
  const ended = saving.catch(() => undefined).finally(() => leaving.get(patient) === ended && leaving.delete(patient));
  leaving.set(patient, ended);
}

/** What stands with what the checks say of it, and the own draft. */
export function deskQuery(patient: string) {
  return queryOptions({
    queryKey: ["patient", patient, "medication-desk"],
    queryFn: async ({ signal }) => {
      await leaving.get(patient);
      return get<Desk>(pathOf(patient), signal);
    },
    refetchOnWindowFocus: false,
    staleTime: 0,
  });
}

export type Ask = { readonly patient: string; readonly line: string; readonly instead: string | null };

/** Not kept: what is known of the patient may change, and the server judges anew when one signs. */
export function lookQuery({ patient, line, instead }: Ask) {
  return queryOptions({
    queryKey: ["patient", patient, "medication-look", line, instead],
    queryFn: () => postFor<Looked>(`${pathOf(patient)}/look`, { line, instead }),
    staleTime: 10_000,
    gcTime: 0,
  });
}

export async function saveLineDraft(patient: string, seen: Seen | null, typed: TypedLine): Promise<LineDraft | null> {
  const { draft } = await postFor<{ readonly draft: LineDraft | null }>(`${pathOf(patient)}/draft`, { seen, ...typed });
  return draft;
}

export type SignWish = Common & {
  readonly draft: string | null;
  readonly isInpatient: boolean;
  readonly lines: readonly {
    readonly line: string;
    readonly reasons: Reasons;
    readonly replaces: (Seen & { readonly why: string }) | null;
  }[];
};

export function sign(patient: string, wish: SignWish): Promise<unknown> {
  return postFor(pathOf(patient), wish);
}

export function stop(patient: string, wish: Common & Seen & { readonly why: string }): Promise<unknown> {
  return postFor(`${pathOf(patient)}/stop`, wish);
}

export type RenewWish = Common & { readonly items: readonly (Seen & { readonly reasons: Reasons })[] };

export function renew(patient: string, wish: RenewWish): Promise<unknown> {
  return postFor(`${pathOf(patient)}/renew`, wish);
}

export async function saveFavourite(wish: {
  readonly line: string;
  readonly whose: "unit" | "own";
  readonly key: string;
}): Promise<readonly Favourite[]> {
  return (await postFor<Favourites>("/api/medication-favourites", wish)).favourites;
}

export async function retireFavourite(id: string): Promise<readonly Favourite[]> {
  return (await postFor<Favourites>(`/api/medication-favourites/${encodeURIComponent(id)}/retire`)).favourites;
}
