/**
 * Rows of a search as the journal hands them on.
 *
 * SPEC JRN-ROWS
 */
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
};

const INSTANT = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/;

/** Rows of a statement that `search/` compiled. Its select list is what makes them search rows. */
export function searchRows(rows: readonly Row[]): readonly SearchRow[] {
  return rows as unknown as readonly SearchRow[];
}

export function foundRow(row: SearchRow, plan: SearchPlan, mode: FoundRow["mode"]): FoundRow {
  const { type, id, version, content, patient, last_updated: lastUpdated } = row;
  return {
    type,
    id,
    version,
    content,
    patient,
    lastUpdated,
    at: plan.sort[0]?.as === "instant" ? instantOf(row.s1) : null,
    mode,
  };
}

/** PostgreSQL's text of an instant in UTC as ISO; null for nothing and for infinity. */
function instantOf(value: string | null | undefined): string | null {
  if (typeof value !== "string" || !INSTANT.test(value)) return null;
  const parsed = new Date(`${value.replace(" ", "T").replace(/\+00$/, "")}Z`);
  return Number.isNaN(parsed.getTime()) ? null : parsed.toISOString();
}
