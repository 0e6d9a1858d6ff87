/**
 * Collects every statement that the store sends, and judges by PostgreSQL's own plan whether one reaches more than one
 * patient: each table of patients is narrowed to an id or a patient, and no two of them are joined.
 */
import { Connection, type Sql } from "../connection.ts";

type Plan = { readonly [key: string]: unknown; readonly Plans?: readonly Plan[] };

const REFERENCE = new Set([
  "access_log_head",
  "change_reader",
  "client_token",
  "instance",
  "job",
  "lease",
  "schema_migration",
  "session",
  "setting",
]);
const CONDITIONS = ["Index Cond", "Recheck Cond", "Filter", "Join Filter", "Hash Cond", "Merge Cond"];
const SCOPED = /\b(id|patient|home)\b\)?(::text)? (= |\S+ ANY )/;

/**
 * Runs `work` and answers the distinct statements that were sent meanwhile, with the values of the first of each; `each` is
 * told of every one.
 */
export async function statementsOf(
  work: () => Promise<void>,
  each: (sql: Sql) => void = () => undefined,
): Promise<Sql[]> {
  const seen = new Map<string, Sql>();
  const see = (sql: Sql): void => {
    each(sql);
    if (!seen.has(sql.text)) seen.set(sql.text, sql);
  };
  const { many, train } = Connection.prototype;
  Connection.prototype.many = function <T>(this: Connection, sql: Sql): Promise<T[]> {
    see(sql);
    return many.call(this, sql) as Promise<T[]>;
  };
  Connection.prototype.train = function (this: Connection, statements: readonly Sql[]) {
    statements.filter(({ text }) => !/^(BEGIN|COMMIT)$|^SET LOCAL /.test(text)).forEach(see);
    return train.call(this, statements);
  };
  try {
    await work();
  } finally {
    Object.assign(Connection.prototype, { many, train });
  }
  return [...seen.values()];
}

/** What in the statement's plan reaches across patients; nothing when all is well. */
export async function crossings(owner: Connection, { text, values }: Sql): Promise<string[]> {
  await owner.client.query("SET plan_cache_mode = force_generic_plan"); // the conditions keep their parameters
  const [row] = await owner.many<{ "QUERY PLAN": readonly { readonly Plan: Plan }[] }>({
    text: `EXPLAIN (FORMAT JSON) ${text}`,
    values,
  });
  const plan = row?.["QUERY PLAN"][0]?.Plan;
  return plan === undefined ? ["no plan was seen"] : [...joinsIn(plan), ...unscopedIn(plan)];
}

function tablesIn(plan: Plan): string[] {
  const own =
    typeof plan["Relation Name"] === "string" && plan["Node Type"] !== "ModifyTable" ? [plan["Relation Name"]] : [];
  return [...own, ...(plan.Plans ?? []).flatMap(tablesIn)].filter((name) => !REFERENCE.has(name));
}

function joinsIn(plan: Plan): string[] {
  const below = (plan.Plans ?? []).flatMap(joinsIn);
  if (!/Join|Nested Loop/.test(String(plan["Node Type"]))) return below;
  const sides = (plan.Plans ?? []).map(tablesIn).filter((tables) => tables.length > 0);
  return sides.length > 1
    ? [...below, `${String(plan["Node Type"])} of ${sides.map((tables) => tables.join("+")).join(" and ")}`]
    : below;
}

function unscopedIn(plan: Plan): string[] {
  const below = (plan.Plans ?? []).flatMap(unscopedIn);
  const name = plan["Relation Name"];
  if (typeof name !== "string" || REFERENCE.has(name) || plan["Node Type"] === "ModifyTable") return below;
  const conditions = [plan, ...(plan.Plans ?? [])].flatMap((one) => CONDITIONS.map((key) => String(one[key] ?? "")));
  return conditions.some((condition) => SCOPED.test(condition))
    ? below
    : [...below, `${name} is not narrowed to an id or a patient (${conditions.join(" ")})`];
}
