/**
 * Writes as they are said when the rows lie on several servers: a statement for each row and table, since none may write two
 * tables there, hold rows of several homes, or bring rows as a list that row-level security could not look at.
 *
 * SPEC STORE-SPREAD · decision 0026
 */
import { demanding, type Sql, type Talk } from "../connection.ts";
import { spreadOf } from "./spread-connection.ts";

/** A version that stands, by the quoted name of its table. */
type Standing = { readonly table: string; readonly home: number; readonly id: string; readonly version: number };

const HERE = "id = $1 AND home = $2 AND version = $3";

/** Says statements that need no answer, as one transaction when the talk is not in one. */
export async function sayTogether(
  talk: Talk & { readonly train?: unknown },
  statements: readonly Sql[],
): Promise<void> {
  if (isTrain(talk)) await talk.train(statements);
  else for (const one of statements) await talk.many(one);
}

type Trains = { train(statements: readonly Sql[]): Promise<unknown> };

function isTrain(talk: object): talk is Trains {
  return "train" in talk && typeof talk.train === "function";
}

/** One row as one statement. */
export function insertOne(table: string, row: Readonly<Record<string, unknown>>): Sql {
  const columns = Object.keys(row);
  return {
    name: `insert-one-${table}`,
    text: `INSERT INTO "${table}" (${columns.map((column) => `"${column}"`).join(", ")}) VALUES (${columns.map((_, at) => `$${at + 1}`).join(", ")})`,
    values: Object.values(row),
  };
}

/** A line of the change log. Its place in it is given by the server that is asked: others would give numbers of their own. */
export function insertChange(change: Readonly<Record<string, unknown>>): Sql {
  const columns = Object.keys(change);
  return {
    name: "insert-one-change",
    text: `INSERT INTO change_log (seq, xid, ${columns.join(", ")}) OVERRIDING SYSTEM VALUE
           VALUES (nextval('change_log_seq_seq'), pg_current_xact_id(), ${columns.map((_, at) => `$${at + 1}`).join(", ")})`,
    values: Object.values(change),
  };
}

/** Moves a version to history, where it is of this type. Refuses (VERSION_CONFLICT) when another one, or none, stands. */
export function movingToHistory(type: string, standing: Standing): Sql[] {
  const { table, home, id, version } = standing;
  const moved: Sql = {
    name: `retire-copy-${table}`,
    text: `INSERT INTO history (type, home, id, version, patient, care_provider, care_unit, content, last_updated, method)
           SELECT '${type}', home, id, version, patient, care_provider, care_unit, content, last_updated,
                  CASE version WHEN 1 THEN 'create' ELSE 'update' END
           FROM ${table} WHERE ${HERE}`,
    values: [id, home, version],
  };
  const [held, dropped] = dropping(standing);
  return [held, moved, dropped];
}

/** Removes a version. Refuses like `movingToHistory`. */
export function dropping({ table, home, id, version }: Standing): [held: Sql, dropped: Sql] {
  const values = [id, home, version];
  return [
    {
      name: `stands-${table}`,
      text: `SELECT ${demanding("count(*) = 1")} FROM (SELECT id FROM ${table} WHERE ${HERE} FOR UPDATE) AS held`,
      values,
      refusal: "VERSION_CONFLICT",
    },
    { name: `drop-one-${table}`, text: `DELETE FROM ${table} WHERE ${HERE}`, values },
  ];
}

/**
 * Changes nothing, on every server: the commit is then one for all of them and for the one that is asked, which otherwise
 * could end before or after the others'.
 */
const BINDING: Sql = { name: "bind", text: "DELETE FROM session WHERE token_hash = ''::bytea" };

const WRITES = /^\s*(INSERT|UPDATE|DELETE|WITH)/;

/** The talk for tables that lie on the server that is asked: when it writes, what else the transaction writes is bound to it. */
export function bound(talk: Talk): Talk {
  if (spreadOf(talk) === undefined) return talk;
  let isBound = false;
  return {
    state: talk.state,
    many: async <T>(sql: Sql): Promise<T[]> => {
      if (!isBound && WRITES.test(sql.text)) {
        isBound = true;
        await talk.many(BINDING);
      }
      return talk.many<T>(sql);
    },
  };
}

const FENCE = / OFFSET 0(?=\s*\))/g;

/**
 * The question without its fences. `OFFSET 0` keeps one server's planner from copying a subquery about and means nothing
 * else; Citus divides no subquery with an OFFSET that looks at the rows around it.
 */
export function unfenced(sql: Sql): Sql {
  return { ...sql, text: sql.text.replaceAll(FENCE, "") };
}
