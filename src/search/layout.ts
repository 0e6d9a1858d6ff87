/**
 * The table of a resource type: one row for the current version, with its text, its search keys, and a pair of columns
 * for each date, number and quantity parameter. Plain SQL text, made from the registry; a migration stores it.
 *
 * SPEC SEARCH-LAYOUT
 */
import { parametersOf, type SearchParameter } from "./registry.ts";
import { mayHaveOtherPatients, patientPathsOf } from "./patient.ts";

export type RangeColumn = {
  readonly name: string;
  readonly parameter: string;
  readonly bound: "lo" | "hi";
  readonly sqlType: "timestamptz" | "numeric";
};

const RANGED: ReadonlySet<string> = new Set(["date", "number", "quantity"]);

/** The date that a clinician would sort by, where a type has several. The first that the type has. */
const PRIMARY_DATES = [
  "date",
  "authoredon",
  "authored-on",
  "authored",
  "recorded-date",
  "effective-time",
  "effective",
  "whenhandedover",
  "sent",
  "created",
  "datetime",
  "collected",
  "started",
  "issued",
  "period",
  "start-date",
  "identified",
  "recorded",
  "entered-date",
  "start",
  "birthdate",
  "occurrence",
];

/** Where the first of those is not the clinical one. */
const PRIMARY_DATE_OF: Readonly<Record<string, string>> = {
  MedicationRequest: "authoredon",
  Communication: "sent",
  Slot: "start",
};

/** Quantities that are asked for over a whole region. The others are filtered after another index has narrowed. */
const INDEXED_QUANTITIES: ReadonlySet<string> = new Set([
  "Observation.value-quantity",
  "Observation.component-value-quantity",
  "RiskAssessment.probability",
]);

/** Types of which a patient has so many that a chart asks for them by their code; the parameter that holds it. */
const CODE_OF: Readonly<Record<string, string>> = { Observation: "code" };

/** The column in which a row of such a type keeps the key of its code, 0 when it has none or several. */
export const CODE_KEY = "code_key";

/** The parameter whose key the rows of a type keep in the column of CODE_KEY, or undefined when they have no such column. */
export function codeParameterOf(type: string): string | undefined {
  return CODE_OF[type];
}

/** The table name of a type. It is quoted everywhere: `group`, `list` and others are words of SQL. */
export function tableOf(type: string): string {
  return `"${type.toLowerCase()}"`;
}

/** The columns of a type's date, number and quantity parameters, two for each that is stored under its own name. */
export function rangeColumns(type: string): readonly RangeColumn[] {
  return rangedParameters(type).flatMap((parameter) => [columnOf(parameter, "lo"), columnOf(parameter, "hi")]);
}

/** The name of the parameter whose start orders a patient's resources of this type, or undefined when it has no date. */
export function primaryDateOf(type: string): string | undefined {
  const dates = rangedParameters(type)
    .filter((parameter) => parameter.type === "date")
    .map(({ name }) => name);
  const chosen = [PRIMARY_DATE_OF[type], ...PRIMARY_DATES].find((name) => name !== undefined && dates.includes(name));
  return chosen ?? dates[0];
}

/** The column of `primaryDateOf`. */
export function primaryDateColumn(type: string): string | undefined {
  const name = primaryDateOf(type);
  return name === undefined ? undefined : rangeColumnName(name, "lo");
}

/** The columns of a record's own time, if it has one: of a person's birth nothing follows for when something was recorded. */
export function timeColumnsOf(type: string): { readonly lo: string; readonly hi: string } | undefined {
  const name = patientPathsOf(type) === undefined ? undefined : primaryDateOf(type);
  if (name === undefined || name === "birthdate") return undefined;
  return { lo: rangeColumnName(name, "lo"), hi: rangeColumnName(name, "hi") };
}

const rangeColumnNames = { lo: new Map<string, string>(), hi: new Map<string, string>() } as const;

/** The column that holds one end of a parameter's range, unquoted. */
export function rangeColumnName(parameter: string, bound: "lo" | "hi"): string {
  const names = rangeColumnNames[bound];
  let name = names.get(parameter);
  if (name === undefined) {
    name = `${parameter.replaceAll("-", "_")}_${bound}`;
    names.set(parameter, name);
  }
  return name;
}

/** CREATE TABLE and CREATE INDEX of a type, without grants or row-level security, which are the store's. */
export function resourceTableSql(type: string): string {
  return [createTable(type), ...indexesOf(type)].map((statement) => `${statement};\n`).join("");
}

/** True for a type whose text parameters have an index of their own. */
export function hasStringParameters(type: string): boolean {
  return [...parametersOf(type).values()].some(
    (parameter) => parameter.type === "string" && parameter.stored.length > 0,
  );
}

function createTable(type: string): string {
  const columns = [
    "home int4 NOT NULL",
    "id text NOT NULL",
    "version int4 NOT NULL",
    "last_updated timestamptz NOT NULL",
    "key int8 NOT NULL",
    "patient text",
    "other_patients text[]",
    "care_provider text",
    "care_unit text",
    "content text NOT NULL",
    "tokens int8[] NOT NULL",
    "strings tsvector",
    "many jsonb",
    ...rangeColumns(type).map(({ name, sqlType }) => `"${name}" ${sqlType}`),
    ...(codeParameterOf(type) === undefined ? [] : [`${CODE_KEY} int8 NOT NULL DEFAULT 0`]),
    "PRIMARY KEY (id, home)",
  ];
  return `CREATE TABLE ${tableOf(type)} (\n  ${columns.join(",\n  ")}\n)`;
}

function indexesOf(type: string): string[] {
  const table = type.toLowerCase();
  const index = (name: string, rest: string): string => `CREATE INDEX "${table}_${name}" ON ${tableOf(type)} ${rest}`;
  const primary = primaryDateColumn(type);
  return [
    index("tokens", "USING gin (tokens) WITH (fastupdate = off)"),
    index("key", "(key)"),
    index("last_updated", "(last_updated, id)"),
    ...(hasStringParameters(type) ? [index("strings", "USING gin (strings) WITH (fastupdate = off)")] : []),
    ...(patientPathsOf(type) === undefined
      ? []
      : [index("patient", `(${patientOrder(type, primary)}) WHERE patient IS NOT NULL`)]),
    ...(mayHaveOtherPatients(type)
      ? [index("others", "USING gin (other_patients) WITH (fastupdate = off) WHERE other_patients IS NOT NULL")]
      : []),
    ...(primary === undefined ? [] : [index(primary, `("${primary}" DESC NULLS LAST)`)]),
    ...indexedParameters(type).map((name) => index(name, `("${name}") WHERE "${name}" IS NOT NULL`)),
  ];
}

/** Newest first is how a chart is read, and what the index must give without sorting; those of a code without looking at the others. */
function patientOrder(type: string, primary: string | undefined): string {
  const last = codeParameterOf(type) === undefined ? "id" : CODE_KEY;
  return primary === undefined ? "patient, id" : `patient, "${primary}" DESC NULLS LAST, ${last}`;
}

function indexedParameters(type: string): string[] {
  const primary = primaryDateOf(type);
  return rangedParameters(type)
    .filter(
      ({ name, type: kind }) => name !== primary && (kind === "date" || INDEXED_QUANTITIES.has(`${type}.${name}`)),
    )
    .map(({ name }) => rangeColumnName(name, "lo"));
}

function rangedParameters(type: string): SearchParameter[] {
  return [...parametersOf(type).values()].filter(
    (parameter) => RANGED.has(parameter.type) && parameter.stored.length > 0,
  );
}

function columnOf({ name, type }: SearchParameter, bound: "lo" | "hi"): RangeColumn {
  return {
    name: rangeColumnName(name, bound),
    parameter: name,
    bound,
    sqlType: type === "date" ? "timestamptz" : "numeric",
  };
}
