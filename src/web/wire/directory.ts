/** What the directory's screens fetch and send. SPEC WEB-DIRECTORY */
import { queryOptions } from "@tanstack/react-query";
import { get, postFor } from "./call.ts";

export type Span = { readonly from: string | null; readonly until: string | null };
export type FootingKind = "ordinary" | "student" | "deputy" | "delegation";
export type Duty = {
  readonly commission: string | null;
  readonly name: string;
  readonly purpose: string;
  readonly rights: readonly { readonly activity: string; readonly informationClass: string; readonly scope: string }[];
  readonly person: string;
  readonly unit: string;
  readonly unitName: string;
  readonly providerName: string;
  readonly role: string;
  readonly roleName: string;
  readonly hasAnalysis: boolean;
  readonly holdsToday: boolean;
  readonly footing: { readonly kind: FootingKind; readonly by?: string; readonly task?: string | null };
  readonly span: Span;
};
export type Person = {
  readonly hsaId: string;
  readonly name: string;
  readonly title: string;
  readonly isProtected: boolean;
  readonly span: Span;
  readonly duties: readonly Duty[];
};
export type People = {
  readonly asOf: string;
  readonly people: readonly Person[];
  readonly total: number;
  readonly isMore: boolean;
};
export type Unit = {
  readonly hsaId: string;
  readonly name: string;
  readonly provider: string | null;
  readonly isCareUnit: boolean;
  readonly span: Span;
};
export type Role = {
  readonly id: string;
  readonly name: string;
  readonly analysis: { readonly id: string; readonly date: string } | null;
  readonly working: number;
};
export type Overview = { readonly asOf: string; readonly units: readonly Unit[]; readonly roles: readonly Role[] };

export type Change = { readonly text: string; readonly isComplete: boolean; readonly mostEnded: number };
export type Problem = { readonly path: string; readonly sv: string; readonly en: string };
export type Refused = { readonly outcome: "refused"; readonly problems: readonly Problem[]; readonly more: boolean };
export type Preview =
  | Refused
  | {
      readonly outcome: "preview";
      readonly token: string;
      readonly counts: { readonly holdToday: number; readonly wouldEnd: number };
      readonly sections: readonly { readonly title: string; readonly lines: readonly string[] }[];
      readonly sessions: readonly string[];
    };
export type Applied =
  | Refused
  | { readonly outcome: "nothing" }
  | { readonly outcome: "applied"; readonly resources: number };

export type FindingKind =
  | "not-reviewed"
  | "expiring"
  | "no-analysis"
  | "old-analysis"
  | "no-end"
  | "many-units"
  | "ended-session";
export type Finding = {
  readonly kind: FindingKind;
  readonly key: string;
  readonly sv: string;
  readonly assignment?: string;
};

const PATH = "/api/directory";
const KEY = "directory";

export const overviewQuery = queryOptions({
  queryKey: [KEY, "overview"],
  queryFn: ({ signal }) => get<Overview>(PATH, signal),
});

export function peopleQuery(words: string, unit: string) {
  return queryOptions({
    queryKey: [KEY, "people", words, unit],
    queryFn: ({ signal }) =>
      get<People>(`${PATH}/people?${new URLSearchParams({ q: words, unit }).toString()}`, signal),
    placeholderData: (before) => before,
  });
}

export function findingsQuery(months: number, units: number) {
  return queryOptions({
    queryKey: [KEY, "review", months, units],
    queryFn: ({ signal }) =>
      get<{ readonly asOf: string; readonly items: readonly Finding[] }>(
        `${PATH}/review?months=${months}&units=${units}`,
        signal,
      ),
  });
}

export function preview(change: Change): Promise<Preview> {
  return postFor(`${PATH}/preview`, change);
}

export function apply(change: Change & { readonly token: string }): Promise<Applied> {
  return postFor(`${PATH}/apply`, change);
}

export function confirmReviewed(assignments: readonly string[]): Promise<{ readonly confirmed: number }> {
  return postFor(`${PATH}/review`, { assignments });
}
