/**
 * Rows of the access log as its readers ask for them: newest first, a page at a time. What has no column is found by the
 * entry's text: the writer's JSON has no spaces, and quotes inside its strings are escaped, so `"name":"value"` stands
 * there if and only if the entry has that member. Nothing is indexed for it, since the log is written by every request.
 *
 * SPEC STORE-LOG-ROWS
 */
import { homeOf } from "../base/index.ts";
import { PIN_ACTION } from "./access-log-pins.ts";
import type { Connection, Sql } from "./connection.ts";

/** One line of the access log, as it was written. */
export type LogRow = {
  readonly entry: string;
  readonly chain: string;
  readonly seq: string;
  readonly recorded: string;
};

/** Where a page ends. */
export type LogPosition = Pick<LogRow, "recorded" | "chain" | "seq">;

/** From `low` up to, not including, `high`; null is open. */
export type LogPeriod = { readonly low: string | null; readonly high: string | null };

export type LogAsk = {
  readonly patient?: string;
  readonly rows?: readonly Pick<LogRow, "chain" | "seq">[];
  readonly within?: readonly LogPeriod[];
  readonly without?: readonly LogPeriod[];
  /** Of each group, the entry has at least one of the texts. */
  readonly texts?: readonly (readonly string[])[];
  readonly before?: LogPosition;
  /** Oldest first instead, from after this position. */
  readonly after?: LogPosition | "start";
  readonly limit: number;
};

/** The text of an entry that has a member with this value. */
export function memberText(name: string, value: string): string {
  return `"${name}":${JSON.stringify(value)}`;
}

/** A page of the log without the pins of its chains. */
export function readLog(connection: Connection, ask: LogAsk): Promise<LogRow[]> {
  return connection.many<LogRow>(statementOf(ask));
}

function statementOf(ask: LogAsk): Sql {
  const values: unknown[] = [];
  const bind = (value: unknown, type: string): string => `$${values.push(value)}::${type}`;
  const order = ask.after === undefined ? "DESC" : "ASC";
  const where = [
    `strpos(entry, ${bind(memberText("action", PIN_ACTION), "text")}) = 0`,
    ...ofPatient(ask.patient, bind),
    ...ofRows(ask.rows, bind),
    ...(ask.within ?? []).map((period) => insideOf(period, bind)),
    ...(ask.without ?? []).map((period) => `NOT (${insideOf(period, bind)})`),
    ...(ask.texts ?? []).map(
      (group) => `(${group.map((text) => `strpos(entry, ${bind(text, "text")}) > 0`).join(" OR ") || "false"})`,
    ),
    ...pageOf(ask, bind),
  ];
  const text = `SELECT entry, chain::text, seq, recorded::text FROM access_log WHERE ${where.join(" AND ")}
    ORDER BY access_log.recorded ${order}, access_log.chain ${order}, access_log.seq ${order} LIMIT ${bind(ask.limit, "int8")}`;
  return { text, values };
}

type Bind = (value: unknown, type: string) => string;

function ofPatient(patient: string | undefined, bind: Bind): string[] {
  return patient === undefined ? [] : [`patient = ${bind(patient, "text")}`, `home = ${bind(homeOf(patient), "int4")}`];
}

function ofRows(rows: LogAsk["rows"], bind: Bind): string[] {
  if (rows === undefined) return [];
  const named = rows.map(({ chain, seq }) => `(chain = ${bind(chain, "uuid")} AND seq = ${bind(seq, "int8")})`);
  return [`(${named.join(" OR ") || "false"})`];
}

function insideOf({ low, high }: LogPeriod, bind: Bind): string {
  const ends = [
    ...(low === null ? [] : [`recorded >= ${bind(low, "timestamptz")}`]),
    ...(high === null ? [] : [`recorded < ${bind(high, "timestamptz")}`]),
  ];
  return ends.join(" AND ") || "true";
}

function pageOf({ before, after }: LogAsk, bind: Bind): string[] {
  const beyond = (sign: "<" | ">", { recorded, chain, seq }: LogPosition): string[] => [
    // The first part alone lets the index be used; the second settles ties.
    `recorded ${sign}= ${bind(recorded, "timestamptz")}`,
    `(recorded, chain, seq) ${sign} (${bind(recorded, "timestamptz")}, ${bind(chain, "uuid")}, ${bind(seq, "int8")})`,
  ];
  if (after !== undefined) return after === "start" ? [] : beyond(">", after);
  return before === undefined ? [] : beyond("<", before);
}
