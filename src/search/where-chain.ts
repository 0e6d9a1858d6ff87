/**
 * Chains as SQL. A row's `key` XOR the parameter's hash is the token by which others refer to it, so a chain goes either
 * way by index: from the found targets to those who refer to them (GIN), or from a few rows to their targets (`key`).
 * Chains over a resource's own patient join on (home, patient) instead, which stays within a shard.
 *
 * Every table in a chain brings its access condition: what may not be seen cannot be inferred.
 *
 * SPEC SEARCH-CHAIN · https://hl7.org/fhir/R4/search.html#chaining
 */
import { nameHashText } from "./keys.ts";
import { mayHaveOtherPatients } from "./patient.ts";
import type { Condition } from "./plan.ts";
import { disjunction, type Row, type SqlWriter } from "./sql.ts";

type Of<K extends Condition["kind"]> = Extract<Condition, { kind: K }>;
/** Everything that a row must meet, its access condition first. */
type Where = (conditions: readonly Condition[], row: Row, sql: SqlWriter) => string;
/** One step from a row to rows of another type. */
type Step = { readonly references: readonly string[]; readonly type: string; readonly condition: Condition };

export function chainSql(chain: Of<"chain">, row: Row, sql: SqlWriter, where: Where): string {
  return disjunction(
    stepsOf(chain).map((step) => {
      if (chain.ownPatient && step.type === "Patient") return patientChain(step, row, sql, where);
      const fromRow = row.narrow && !sql.isSpread;
      return fromRow ? chainFromRow(step, row, sql, where) : chainFromTargets(step, row, sql, where);
    }),
  );
}

/** The tokens of everything that refers to a target of the chain. */
export function foundTargetsSql(chain: Of<"chain">, sql: SqlWriter, where: Where): string {
  return stepsOf(chain)
    .map((step) => targetTokens(step, sql, where))
    .join(" UNION ALL ");
}

function stepsOf({ references, targets }: Of<"chain">): Step[] {
  return targets.map(({ type, condition }) => ({ references, type, condition }));
}

export function hasSql(has: Of<"has">, row: Row, sql: SqlWriter, where: Where): string {
  const { type, references, ownPatient, condition } = has;
  const source = sql.row(type);
  if (ownPatient) {
    const join = patientJoin(source, row, references, sql);
    return `EXISTS (SELECT 1 FROM ${sql.from(source)} WHERE ${join} AND ${where([condition], joinedRow(source, row), sql)})`;
  }
  const keys = targetKeys(references, source, sql);
  return `${row.alias}.key IN (SELECT t.k FROM ${sql.from(source)}, LATERAL (${keys}) AS t WHERE ${where([condition], source, sql)})`;
}

function patientChain({ references, condition }: Step, row: Row, sql: SqlWriter, where: Where): string {
  const target = sql.row("Patient");
  const join = patientJoin(row, target, references, sql);
  return `EXISTS (SELECT 1 FROM ${sql.from(target)} WHERE ${join} AND ${where([condition], joinedRow(target, row), sql)})`;
}

/** A row with its own patient: by the columns, and by the key where the column can hold another patient. */
function patientJoin(row: Row, patient: Row, references: readonly string[], sql: SqlWriter): string {
  const join = `${patient.alias}.home = ${row.alias}.home AND ${patient.alias}.id = ${row.alias}.patient`;
  if (!mayHaveOtherPatients(row.type)) return join;
  const keys = references.map((name) => `(${patient.alias}.key # ${hashSql(name, sql)}) = ANY (${row.alias}.tokens)`);
  return `${join} AND ${disjunction(keys)}`;
}

/** For few rows: what they refer to is looked up one by one. */
function chainFromRow({ references, type, condition }: Step, row: Row, sql: SqlWriter, where: Where): string {
  const target = sql.row(type, true);
  const joined = `JOIN ${sql.from(target)} ON ${target.alias}.key = t.k`;
  return `EXISTS (SELECT 1 FROM (${targetKeys(references, row, sql)}) AS t ${joined} WHERE ${where([condition], target, sql)})`;
}

/** For a whole table: the targets are found first, then everything that refers to one of them. */
function chainFromTargets(step: Step, row: Row, sql: SqlWriter, where: Where): string {
  return `${row.alias}.tokens && ARRAY(${targetTokens(step, sql, where)})`;
}

function targetTokens({ references, type, condition }: Step, sql: SqlWriter, where: Where): string {
  return references
    .map((name) => {
      const target = sql.row(type);
      return `SELECT ${target.alias}.key # ${hashSql(name, sql)} FROM ${sql.from(target)} WHERE ${where([condition], target, sql)}`;
    })
    .join(" UNION ALL ");
}

/** The `key` of everything that a row may refer to by these parameters; keys that are no references lead nowhere. */
function targetKeys(references: readonly string[], row: Row, sql: SqlWriter): string {
  return references
    .map((name) => `SELECT unnest(${row.alias}.tokens) # ${hashSql(name, sql)} AS k`)
    .join(" UNION ALL ");
}

/** When the row it is joined to is one of a few, so is it. */
function joinedRow(joined: Row, to: Row): Row {
  return { ...joined, narrow: to.narrow };
}

function hashSql(name: string, sql: SqlWriter): string {
  return `${sql.bind(nameHashText(name))}::int8`;
}
