/**
 * Rows of a search as the journal hands them on.
 *
 * SPEC JRN-ROWS
 */
import type { Issue } from "../fhir/index.ts";
import type { FoundRow as SearchRow, SearchPlan } from "../search/index.ts";
import type { Row } from "../store/index.ts";

export type FoundRow = {
  readonly type: string;
  readonly id: string;
  readonly version: number;
  readonly content: string;
  readonly patient: string | null;
  readonly lastUpdated: string;
  /** The first sort value as an ISO instant, when the search was sorted by a date; null when the resource has none. */
  readonly at: string | null;
  readonly mode: "match" | "include";
  /** For a resource inside the one that the row is of: its id there. `content` is then its own. */
  readonly fragment?: string;
};

/** What a search found: a page of it, and how to go on. */
export type Found = {
  readonly rows: readonly FoundRow[];
  readonly total: number | null;
  /** Query strings of this page and of the next one; null when this is the last. */
  readonly self: string;
  readonly next: string | null;
  /** Query string of the page before this one, when there is one and it can be told. */
  readonly previous?: string | undefined;
  /** The value of `_cursor` for the next page. */
  readonly cursor: string | null;
  /** The value of `_cursor` for a page that begins after the first `shown` of these matches. */
  readonly cursorAfter: (shown: number) => string | null;
  readonly ignored: readonly Issue[];
};

const INSTANT = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/;

/** Rows of a statement that `search/` compiled. Its select list is what makes them search rows. */
export function searchRows(rows: readonly Row[]): readonly SearchRow[] {
  return rows as unknown as readonly SearchRow[];
}

export function foundRow(row: SearchRow, plan: SearchPlan, mode: FoundRow["mode"]): FoundRow {
  const { type, id, version, content, patient } = row;
  // Most answers tell neither time beside the content, which has them in its own words.
  return {
    type,
    id,
    version,
    content,
    patient,
    get lastUpdated() {
      return instantOf(row.last_updated) ?? "";
    },
    get at() {
      return plan.sort[0]?.as === "instant" ? instantOf(row.s1) : null;
    },
    mode,
  };
}

/** PostgreSQL's text of an instant in UTC as ISO; null for nothing and for infinity. */
function instantOf(value: string | null | undefined): string | null {
  if (typeof value !== "string" || !INSTANT.test(value)) return null;
  const parsed = new Date(`${value.replace(" ", "T").replace(/\+00$/, "")}Z`);
  return Number.isNaN(parsed.getTime()) ? null : parsed.toISOString();
}
