/**
 * What goes along with a page of matches: what they refer to, what refers to them, and on request what those refer to in
 * turn. Within the same reach, each resource once, never without bound.
 *
 * SPEC JRN-INCLUDE · https://hl7.org/fhir/R4/search.html#include
 */
import type { AccessPredicate } from "../access/index.ts";
import { parseJson, type JsonObject } from "../fhir/index.ts";
import { compileIncludes, compileRevinclude, includeTargets, type Include, type IncludeTarget, type SearchPlan } from "../search/index.ts";
import type { ReadTx } from "../store/index.ts";
import { foundRow, searchRows, type FoundRow } from "./rows.ts";

const DEEPEST = 5;
const MOST = 2000;

/** The resources that go along with `matches`, without those that are matches themselves. */
export async function readIncludes(look: ReadTx, plan: SearchPlan, predicate: AccessPredicate, matches: readonly FoundRow[], base: string): Promise<FoundRow[]> {
  if (plan.includes.length === 0 && plan.revincludes.length === 0) return [];
  const known = new Set(matches.map(nameOf));
  const along: FoundRow[] = [];
  let newest: readonly FoundRow[] = matches;
  for (let depth = 0; depth < DEEPEST && newest.length > 0 && along.length < MOST; depth += 1) {
    const wanted = ({ iterate }: Include): boolean => depth === 0 || iterate;
    const forward = await followReferences(look, plan, predicate, newest, plan.includes.filter(wanted), known, base);
    const backward = await followBack(look, plan, predicate, newest, plan.revincludes.filter(wanted), known);
    newest = [...forward, ...backward];
    along.push(...newest);
  }
  return along.slice(0, MOST);
}

async function followReferences(look: ReadTx, plan: SearchPlan, predicate: AccessPredicate, rows: readonly FoundRow[], includes: readonly Include[], known: Set<string>, base: string): Promise<FoundRow[]> {
  const targets = new Map<string, IncludeTarget>();
  for (const row of includes.length === 0 ? [] : rows) {
    const resource = parseJson(row.content) as JsonObject;
    for (const target of includes.flatMap((include) => includeTargets(resource, include, base))) {
      if (!known.has(nameOf(target))) targets.set(nameOf(target), target);
    }
  }
  const statement = compileIncludes([...targets.values()], predicate);
  if (statement === undefined) return [];
  const found = searchRows(await look.search(statement));
  return addNew(found.map((row) => foundRow(row, plan, "include")), known);
}

async function followBack(look: ReadTx, plan: SearchPlan, predicate: AccessPredicate, rows: readonly FoundRow[], revincludes: readonly Include[], known: Set<string>): Promise<FoundRow[]> {
  const found: FoundRow[] = [];
  for (const include of revincludes) {
    const statement = compileRevinclude(include, rows, predicate, MOST);
    if (statement === undefined) continue;
    const referring = searchRows(await look.search(statement));
    found.push(...addNew(referring.map((row) => foundRow(row, plan, "include")), known));
  }
  return found;
}

function addNew(rows: readonly FoundRow[], known: Set<string>): FoundRow[] {
  return rows.filter((row) => {
    const isNew = !known.has(nameOf(row));
    known.add(nameOf(row));
    return isNew;
  });
}

function nameOf({ type, id }: IncludeTarget): string {
  return `${type}/${id}`;
}
