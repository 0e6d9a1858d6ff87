/**
 * What goes along with a page of matches: what they refer to, what refers to them, and on request what those refer to in
 * turn. Within the same reach, each resource once, never without bound.
 *
 * SPEC JRN-INCLUDE · https://hl7.org/fhir/R4/search.html#include
 */
import type { AccessPredicate, Use } from "../access/index.ts";
import type { Issue, JsonObject } from "../fhir/index.ts";
import {
  compileIncludes,
  compileReferring,
  compileRevinclude,
  includeTargets,
  isNarrowing,
  type SearchPlan,
} from "../search/index.ts";
import type { ReadTx, Sql } from "../store/index.ts";
import { shownRow, type Showing } from "./protected.ts";
import { foundRow, searchRows, type FoundRow } from "./rows.ts";

const DEEPEST = 5;
const MOST = 2000;

/** Told with an answer that could not take everything along. */
export const NOT_ALL_ALONG: Issue = {
  severity: "warning",
  code: "incomplete",
  sv: `Fler än ${MOST} resurser skulle följa med; resten är utelämnade. Hämta dem med en egen sökning.`,
  en: `More than ${MOST} resources would go along; the rest is left out. Fetch them by a search of their own.`,
};

/** A search on its way: where to look, for what, how far it reaches, and this server's own address. */
export type Looking = {
  readonly look: ReadTx;
  readonly plan: SearchPlan;
  readonly predicate: AccessPredicate;
  readonly base: string;
  readonly showing: Showing;
};

/**
 * What rows of a search are shown for: of a patient or resource that is named, a chart; else whoever is protected is found
 * by number only, and stands in no list.
 */
export function purposeOf({ types }: SearchPlan, mode: FoundRow["mode"]): Use {
  const isNamed = types.every(({ conditions }) => conditions.some(isNarrowing));
  return isNamed ? "chart" : mode === "match" ? "search" : "list";
}

export type Along = {
  readonly rows: readonly FoundRow[];
  /** Whether there were more than an answer takes along. */ readonly isCut: boolean;
};

/** The resources that go along with `matches`, without those that are matches themselves. */
export async function readIncludes(looking: Looking, matches: readonly FoundRow[]): Promise<Along> {
  const { includes, revincludes } = looking.plan;
  if (includes.length === 0 && revincludes.length === 0) return { rows: [], isCut: false };
  const use = purposeOf(looking.plan, "include");
  const known = new Set(matches.map(nameOf));
  const along: FoundRow[] = [];
  let newest: readonly FoundRow[] = matches;
  for (let depth = 0; depth < DEEPEST && newest.length > 0 && along.length < MOST; depth += 1) {
    const isFirst = depth === 0;
    const statements = [...statementsForward(looking, newest, isFirst), ...statementsBack(looking, newest, isFirst)];
    const answers = await Promise.all(statements.map((statement) => looking.look.search(statement)));
    const found = answers
      .flatMap(searchRows)
      .map((row) => shownRow(foundRow(row, looking.plan, "include"), looking.showing, use))
      .filter((row) => isNew(row, known));
    newest = found;
    along.push(...found);
  }
  return { rows: along.slice(0, MOST), isCut: along.length >= MOST };
}

/** One statement for everything that the rows refer to. */
function statementsForward({ plan, predicate, base }: Looking, rows: readonly FoundRow[], isFirst: boolean): Sql[] {
  const includes = plan.includes.filter(({ iterate }) => isFirst || iterate);
  if (includes.length === 0) return [];
  const targets = new Map<string, { readonly type: string; readonly id: string }>();
  for (const row of rows) {
    // Only its references are looked at, and it is shown as it is stored: its numbers need not be kept as written.
    const resource = JSON.parse(row.content) as JsonObject;
    for (const target of includes.flatMap((include) => includeTargets(resource, include, base)))
      targets.set(nameOf(target), target);
  }
  const statement = compileIncludes([...targets.values()], predicate);
  return statement === undefined ? [] : [statement];
}

/** One statement for each way of referring back. */
function statementsBack({ plan, predicate }: Looking, rows: readonly FoundRow[], isFirst: boolean): Sql[] {
  return plan.revincludes
    .filter(({ iterate }) => isFirst || iterate)
    .map((include) =>
      include.source === "*"
        ? compileReferring(rows, predicate, MOST)
        : compileRevinclude(include, rows, predicate, MOST),
    )
    .filter((statement) => statement !== undefined);
}

function isNew(row: FoundRow, known: Set<string>): boolean {
  const name = nameOf(row);
  if (known.has(name)) return false;
  known.add(name);
  return true;
}

function nameOf({ type, id }: { readonly type: string; readonly id: string }): string {
  return `${type}/${id}`;
}
