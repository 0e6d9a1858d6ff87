/**
 * Who refers to a resource, whatever its type. A deletion asks so before it may be done.
 *
 * SPEC STORE-TX-13
 */
import { hash64Text } from "../base/index.ts";
import { RESOURCE_TYPES } from "../fhir/index.ts";
import { spreadOf, tablesInUse } from "./citus/index.ts";
import { demanding, type Talk } from "./connection.ts";
import { tableOf } from "./resources.ts";

const TABLES = new Map(RESOURCE_TYPES.map((type) => [type.toLowerCase(), type]));

/** A type, and whether its table is large. */
type Asked = { readonly type: string; readonly isLarge: boolean };

/**
 * Some resource (`Type/id`) of any type besides some that has the search key, or nothing. Asks the index of each table that has ever
 * held a row (by its size, so that rows of transactions in flight count): to ask all 146 took 50 ms, most of it empty.
 */
export async function firstWithToken(
  connection: Talk,
  token: string,
  besides: ReadonlySet<string>,
): Promise<string | undefined> {
  const asked = await askedTypes(connection, besides);
  if (asked.length === 0) return undefined;
  if (spreadOf(connection) !== undefined) return firstOfOne(connection, token, asked);
  const arms = asked.map(
    ({ type }) => `(SELECT '${type}/' || id AS name FROM ${tableOf(type)} WHERE tokens @> ARRAY[$1::int8] LIMIT 1)`,
  );
  const [row] = await connection.many<{ name: string }>({
    name: nameOf("referring", asked),
    text: `SELECT name FROM (${arms.join(" UNION ALL ")}) AS found LIMIT 1`, // one arm alone may not be limited twice
    values: [token],
  });
  return row?.name;
}

/**
 * Has the transaction refused (NOT_AS_DEMANDED) when a resource of any type besides some has one of the search keys. What was
 * said before is done when it is asked.
 */
export async function demandUnreferred(
  { talk, later }: { readonly talk: Talk; readonly later: Talk },
  tokens: readonly string[],
  besides: ReadonlySet<string>,
): Promise<void> {
  const asked = await askedTypes(talk, besides);
  if (asked.length === 0) return;
  const arms = asked.map(({ type }) => `(SELECT 1 FROM ${tableOf(type)} WHERE tokens && $1::int8[] LIMIT 1)`);
  await later.many({
    name: nameOf("unreferred", asked),
    text: `SELECT ${demanding("count(*) = 0")} FROM (${arms.join(" UNION ALL ")}) AS found`,
    values: [tokens],
    refusal: "NOT_AS_DEMANDED",
  });
}

async function askedTypes(connection: Talk, besides: ReadonlySet<string>): Promise<Asked[]> {
  const used = await tablesInUse(connection, [...TABLES.keys()]);
  const asked = used.flatMap(({ name, size }) => {
    const type = TABLES.get(name);
    return type === undefined || besides.has(type) ? [] : [{ type, isLarge: size >= LARGE }];
  });
  return asked.toSorted((one, other) => (one.type < other.type ? -1 : 1));
}

/** Bytes from which a table is worth an index. */
const LARGE = 1_048_576;

/**
 * A plan for each set of types, made anew when one of them has become large: planning costs more than asking, and what was
 * planned for an empty table would read a large one from end to end.
 */
function nameOf(kind: string, asked: readonly Asked[]): string {
  const what = asked.map(({ type, isLarge }) => `${type}${isLarge ? "+" : ""}`);
  return `${kind}-${hash64Text(what.join(" "))}`;
}

/** Type by type: what is limited on each of several servers is not put together there. */
async function firstOfOne(connection: Talk, token: string, asked: readonly Asked[]): Promise<string | undefined> {
  for (const { type } of asked) {
    const [row] = await connection.many<{ id: string }>({
      name: `token-${type}`,
      text: `SELECT id FROM ${tableOf(type)} WHERE tokens @> ARRAY[$1::int8] LIMIT 1`,
      values: [token],
    });
    if (row !== undefined) return `${type}/${row.id}`;
  }
  return undefined;
}
