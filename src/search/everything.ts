/**
 * A whole compartment in one statement, whatever the number of types: what `$everything` answers with. It is read in one
 * fixed order (by type as they are listed, then by id), so that a page begins where the last one ended.
 *
 * SPEC HTTP-EVERYTHING · https://hl7.org/fhir/R4/patient-operation-everything.html
 */
import { homeOf } from "../base/index.ts";
import { PATIENT_COMPARTMENT, RESOURCE_TYPES } from "../fhir/index.ts";
import { referenceToken } from "./keys.ts";
import { primaryDateOf, rangeColumnName } from "./layout.ts";
import { mayHaveOtherPatients, patientPathsOf } from "./patient.ts";
import { parametersOf } from "./registry.ts";
import { conjunction, SqlWriter, type AccessPredicate, type Row, type Statement } from "./sql.ts";

/** Of whom or of what everything is: patients, or an encounter with the patient that it is of. */
export type Focus =
  | { readonly patients: readonly string[] }
  | { readonly encounter: string; readonly patient: string | null };

export type Whole = {
  readonly focus: Focus;
  /** In this order. */
  readonly types: readonly string[];
  /** Instants: the time of care that a resource must touch, if it tells one. The end is exclusive. */
  readonly start?: string;
  readonly end?: string;
};

export type WholePage = Whole & {
  /** Instant: changed since. */
  readonly since?: string;
  readonly after?: { readonly type: string; readonly id: string };
  readonly limit: number;
};

/** A row of a compartment, and of what its rows refer to. */
export type WholeRow = {
  readonly type: string;
  readonly id: string;
  readonly version: number;
  readonly patient: string | null;
  readonly content: string;
};

/** The types of the patient compartment, Patient first. */
export const PATIENT_TYPES: readonly string[] = [
  "Patient",
  ...RESOURCE_TYPES.filter((type) => type !== "Patient" && Object.hasOwn(PATIENT_COMPARTMENT, type)),
];

let encounterTypes: readonly string[] | undefined;

/** The types that can refer to an encounter, Encounter first. */
export function encounterTypesOf(): readonly string[] {
  encounterTypes ??= ["Encounter", ...RESOURCE_TYPES.filter((type) => type !== "Encounter" && refersToEncounter(type))];
  return encounterTypes;
}

function refersToEncounter(type: string): boolean {
  return [...parametersOf(type).values()].some(({ targets }) => targets.includes("Encounter"));
}

/** One page of everything; undefined when no type is left. */
export function compileWhole(page: WholePage, access: AccessPredicate): Statement | undefined {
  const { after, since } = page;
  const from = after === undefined ? 0 : page.types.indexOf(after.type);
  const sql = new SqlWriter(sharing(access));
  const binds = bindsOf(page, sql);
  const changed = since === undefined ? undefined : sql.bind(since);
  const last = after === undefined ? undefined : sql.bind(after.id);
  const arms = page.types.slice(Math.max(from, 0)).map((type, at) => {
    const row = sql.row(type, true);
    const parts = withinSql(row, binds, sql);
    if (changed !== undefined) parts.push(`${row.alias}.last_updated >= ${changed}::timestamptz`);
    if (last !== undefined && type === after?.type) parts.push(`${row.alias}.id > ${last}::text`);
    return `SELECT ${at} AS n, ${fieldsSql(row)} FROM ${sql.from(row)} WHERE ${conjunction(parts)}`;
  });
  if (arms.length === 0) return undefined;
  const text = `SELECT type, id, version, patient, content FROM (\n${arms.join("\nUNION ALL\n")}\n) AS whole ORDER BY n, id`;
  return sql.statement(`${text} LIMIT ${sql.bind(page.limit)}`);
}

/** What the texts of a compartment name (`Type/id`, as `name`), each once, at most `limit`. */
export function compileNames(whole: Whole, limit: number, access: AccessPredicate): Statement {
  const sql = new SqlWriter(sharing(access));
  const binds = bindsOf(whole, sql);
  const arms = whole.types.map((type) => {
    const row = sql.row(type, true);
    return `SELECT ${row.alias}.content FROM ${sql.from(row)} WHERE ${conjunction(withinSql(row, binds, sql))}`;
  });
  return sql.statement(
    `SELECT DISTINCT m[1] COLLATE "C" AS name FROM (\n${arms.join("\nUNION ALL\n")}\n) AS whole, ` +
      `regexp_matches(whole.content, ${sql.bind(LINK)}::text, 'g') AS m ORDER BY name LIMIT ${sql.bind(limit)}`,
  );
}

/**
 * The rows of these names that the actor may see. `belongingTo`: only what is nobody's or one of these patients'; an
 * empty list leaves what is nobody's.
 */
export function compileNamed(
  names: Iterable<string>,
  belongingTo: readonly string[] | undefined,
  access: AccessPredicate,
): Statement | undefined {
  const byType = new Map<string, string[]>();
  for (const name of names) {
    const [type = "", id = ""] = name.split("/");
    const ids = byType.get(type);
    if (ids !== undefined) ids.push(id);
    else byType.set(type, [id]);
  }
  const types = [...byType].filter(([type]) => KNOWN.has(type));
  if (types.length === 0) return undefined;
  const sql = new SqlWriter(sharing(access));
  const patients = belongingTo === undefined ? undefined : sql.bind(belongingTo);
  const arms = types.map(([type, ids]) => {
    const row = sql.row(type, true);
    const parts = [sql.allowed(row), `${row.alias}.id = ANY (${sql.bind(ids)}::text[])`];
    if (patients !== undefined)
      parts.push(`(${row.alias}.patient IS NULL OR ${row.alias}.patient = ANY (${patients}::text[]))`);
    return `SELECT ${fieldsSql(row)}, ${row.alias}.last_updated FROM ${sql.from(row)} WHERE ${conjunction(parts)}`;
  });
  return sql.statement(arms.join("\nUNION ALL\n"));
}

const KNOWN: ReadonlySet<string> = new Set(RESOURCE_TYPES);

/**
 * A link to a resource here in the stored text of a resource: in a reference, or the url of an attachment. Within a text
 * of the record a quote is escaped, so no text can look like one.
 */
const LINK = String.raw`"(?:reference|url)":"([A-Z][A-Za-z]+/[A-Za-z0-9.-]{1,64})(?:/_history/[A-Za-z0-9.-]{1,64})?"`;
const LINKS = new RegExp(LINK, "g");

/** The names (`Type/id`) that a stored text links to, in their order, each once. */
export function linkedNames(content: string): string[] {
  const names = new Set<string>();
  for (const [, name] of content.matchAll(LINKS)) if (name !== undefined) names.add(name);
  return [...names];
}

type Binds = {
  readonly focus: Focus;
  /** Placeholders of the patients' homes and ids: lists, or for one patient its own (`isOne`). */
  readonly place: { readonly home: string; readonly ids: string; readonly isOne: boolean };
  readonly key: string;
  readonly start: string | undefined;
  readonly end: string | undefined;
};

function bindsOf({ focus, start, end }: Whole, sql: SqlWriter): Binds {
  const patients = "patients" in focus ? focus.patients : focus.patient === null ? [] : [focus.patient];
  return {
    focus,
    place: placeOf(patients, "patients" in focus, sql),
    key: "encounter" in focus ? sql.bind(referenceToken("Encounter", focus.encounter)) : "",
    start: start === undefined ? undefined : sql.bind(start),
    end: end === undefined ? undefined : sql.bind(end),
  };
}

/** One patient is asked for by equality: of lists the planner believes that they are long, and reads whole indexes for homes. */
function placeOf(patients: readonly string[], byHome: boolean, sql: SqlWriter): Binds["place"] {
  const [patient] = patients;
  if (!byHome) return { home: "", ids: sql.bind(patients), isOne: false };
  if (patient !== undefined && patients.length === 1)
    return { home: sql.bind(homeOf(patient)), ids: sql.bind(patient), isOne: true };
  return { home: sql.bind([...new Set(patients.map(homeOf))]), ids: sql.bind(patients), isOne: false };
}

function withinSql(row: Row, binds: Binds, sql: SqlWriter): string[] {
  const focus = "patients" in binds.focus ? patientSql(row, binds) : encounterSql(row, binds, binds.focus, sql);
  return [sql.allowed(row), focus, ...careTimeSql(row, binds)];
}

/** Naming the homes takes the statement to the patients' shards. */
function patientSql({ alias, type }: Row, { place: { home, ids, isOne } }: Binds): string {
  if (patientPathsOf(type) === undefined) return "FALSE";
  const own = isOne
    ? `(${alias}.home = ${home} AND ${alias}.patient = ${ids})`
    : `(${alias}.home = ANY (${home}::int4[]) AND ${alias}.patient = ANY (${ids}::text[]))`;
  if (!mayHaveOtherPatients(type)) return own;
  return `(${own} OR ${alias}.other_patients ${isOne ? `@> ARRAY[${ids}]` : `&& ${ids}`}::text[])`;
}

/** What refers to the encounter, unless it is another patient's. */
function encounterSql(
  { alias, type }: Row,
  { key, place: { ids } }: Binds,
  focus: Extract<Focus, { encounter: string }>,
  sql: SqlWriter,
): string {
  const refers = `${alias}.tokens @> ARRAY[${key}]::int8[]`;
  const is = type === "Encounter" ? `(${alias}.id = ${sql.bind(focus.encounter)}::text OR ${refers})` : refers;
  return `(${is} AND (${alias}.patient IS NULL OR ${alias}.patient = ANY (${ids}::text[])))`;
}

/** A resource that tells no time of care is always meant. */
function careTimeSql({ alias, type }: Row, { start, end }: Binds): string[] {
  const date = primaryDateOf(type);
  if (date === undefined || date === "birthdate" || (start === undefined && end === undefined)) return [];
  const low = `${alias}."${rangeColumnName(date, "lo")}"`;
  const high = `${alias}."${rangeColumnName(date, "hi")}"`;
  const parts = [
    ...(end === undefined ? [] : [`${low} < ${end}::timestamptz`]),
    ...(start === undefined ? [] : [`${high} > ${start}::timestamptz`]),
  ];
  return [`(${low} IS NULL OR ${conjunction(parts)})`];
}

function fieldsSql({ alias, type }: Row): string {
  return `'${type}' AS type, ${alias}.id, ${alias}.version, ${alias}.patient, ${alias}.content`;
}

/** The same predicate, binding a value once however many tables name it. */
export function sharing(access: AccessPredicate): AccessPredicate {
  const bound = new Map<unknown, string>();
  const shared: AccessPredicate = (alias, type, bind) =>
    access(alias, type, (value) => {
      const known = bound.get(value) ?? bind(value);
      bound.set(value, known);
      return known;
    });
  return Object.assign(shared, { withholds: access.withholds === true });
}
