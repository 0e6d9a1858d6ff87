/**
 * Judges by PostgreSQL's own plan whether a statement says at which home the rows lie that it is about: each table that has
 * homes is narrowed to one of them, or to a list of them, wherever it is read; what is written brings its home along.
 */
import type { Connection, Sql } from "../connection.ts";

type Plan = { readonly [key: string]: unknown; readonly Plans?: readonly Plan[] };

const CONDITIONS = ["Index Cond", "Recheck Cond", "Filter"];
const NAMED = /^\(*(\w+\.)?home\)? = (ANY )?\(*(\$\d|'|\d|'\{)/;

/** The tables that have homes. */
export async function tablesWithHome(owner: Connection): Promise<ReadonlySet<string>> {
  const rows = await owner.many<{ name: string }>({
    text: "SELECT table_name::text AS name FROM information_schema.columns WHERE table_schema = 'public' AND column_name = 'home'",
  });
  return new Set(rows.map(({ name }) => name));
}

/** The tables that the statement reads at no named home; none when all is well. */
export async function homeless(
  owner: Connection,
  { text, values }: Sql,
  tables: ReadonlySet<string>,
): Promise<string[]> {
  await owner.client.query("SET plan_cache_mode = force_generic_plan"); // the conditions keep their parameters
  const [row] = await owner.many<{ "QUERY PLAN": readonly { readonly Plan: Plan }[] }>({
    text: `EXPLAIN (FORMAT JSON) ${text}`,
    values,
  });
  const plan = row?.["QUERY PLAN"][0]?.Plan;
  if (plan === undefined) return ["no plan was seen"];
  return [...new Set([...scansIn(plan, tables), ...insertsIn(text, tables)])];
}

function scansIn(plan: Plan, tables: ReadonlySet<string>): string[] {
  const below = (plan.Plans ?? []).flatMap((one) => scansIn(one, tables));
  const name = plan["Relation Name"];
  if (typeof name !== "string" || !tables.has(name) || plan["Node Type"] === "ModifyTable") return below;
  // The conditions of a bitmap scan stand in part on the nodes below it.
  const conditions = [plan, ...(plan.Plans ?? [])].flatMap((one) => CONDITIONS.map((key) => String(one[key] ?? "")));
  return conditions.flatMap(conjuncts).some((part) => NAMED.test(part) && !part.includes(" OR "))
    ? below
    : [...below, name];
}

/** The parts of a condition that must all hold. */
function conjuncts(condition: string): string[] {
  const inner = isWrapped(condition) ? condition.slice(1, -1) : condition;
  const parts: string[] = [];
  let depth = 0;
  let from = 0;
  for (let at = 0; at < inner.length; at += 1) {
    if (inner[at] === "(") depth += 1;
    if (inner[at] === ")") depth -= 1;
    if (depth === 0 && inner.startsWith(" AND ", at)) {
      parts.push(inner.slice(from, at));
      from = at + 5;
    }
  }
  if (parts.length === 0) return inner === condition ? [condition] : conjuncts(inner);
  return [...parts, inner.slice(from)].flatMap(conjuncts);
}

function isWrapped(text: string): boolean {
  if (!text.startsWith("(") || !text.endsWith(")")) return false;
  let depth = 0;
  for (let at = 0; at < text.length - 1; at += 1) {
    if (text[at] === "(") depth += 1;
    if (text[at] === ")") depth -= 1;
    if (depth === 0) return false;
  }
  return true;
}

const INSERT = /INSERT INTO "?(\w+)"? \(([^)]*)\)/g;

/** Tables that the statement inserts into without saying where. */
function insertsIn(text: string, tables: ReadonlySet<string>): string[] {
  return [...text.matchAll(INSERT)]
    .filter(([, table = "", columns = ""]) => tables.has(table) && !/(^|[\s"])home([\s",]|$)/.test(columns))
    .map(([, table = ""]) => table);
}
