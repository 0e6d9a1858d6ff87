/**
 * Protected identity in searches: of whoever is protected, only an id or a whole identity number finds the Patient, and
 * nothing telling finds, sorts or counts anybody. A criterion that could is given a condition of its own, which holds for
 * those who are not protected; of actors that may see the protected it asks nothing.
 *
 * SPEC SEARCH-PROTECTED · decision 0033 · OSL 21 kap. 3 §, 22 kap. 1 §
 */
import {
  CONFIDENTIAL_CODES,
  CONFIDENTIALITY_SYSTEM,
  PERSON_TYPES,
  PROTECTION_CODES,
  PROTECTION_SYSTEM,
} from "../fhir/index.ts";
import { splitEscaped } from "./escapes.ts";
import { codeValue, systemCodeValue, systemValue, tokenKey } from "./keys.ts";
import { tableOf } from "./layout.ts";
import { patientPathsOf } from "./patient.ts";
import type { Condition, SortKey } from "./plan.ts";
import { SqlWriter, type AccessPredicate, type Row, type Statement } from "./sql.ts";

/** Holds for rows of, or belonging to, nobody whose identity is protected. */
export const UNPROTECTED: Condition = { kind: "unprotected" };

/** What a criterion can tell of a person: it names somebody, it says little, or it is telling. */
export type Telling = "names" | "little" | "telling";

/** Of a Patient that is named already, these tell nothing that is withheld. */
const LITTLE: ReadonlySet<string> = new Set([
  "_lastUpdated",
  "_profile",
  "_security",
  "_tag",
  "active",
  "birthdate",
  "death-date",
  "deceased",
  "gender",
  "language",
]);

/** Of staff, relatives and persons these are telling, and so are texts that can say anything. */
const OF_PERSONS =
  /^(?:name|given|family|phonetic|address(?:-[a-z]+)?|telecom|phone|email|birthdate|_text|_content|_filter)$/;
/** Of a patient's records: the name stands in many a text. */
const OF_RECORDS = /^(?:_text|_content)$/;

/** What a criterion on a type tells. `name` is as it was written, with modifier and chain. */
export function tellingOf(type: string, name: string, value: string): Telling {
  const [plain = ""] = name.split(/[:.]/, 1);
  if (type === "Patient") return ofPatient(name, plain, value);
  if (PERSON_TYPES.has(type)) return OF_PERSONS.test(plain) && !name.includes(".") ? "telling" : "little";
  if (patientPathsOf(type) === undefined) return "little";
  const isText = OF_RECORDS.test(plain) || (plain === "_filter" && /_(?:text|content)\b/.test(value));
  return isText ? "telling" : "little";
}

function ofPatient(name: string, plain: string, value: string): Telling {
  if (name === "_id") return "names";
  if (name === "identifier" || name === "identifier:of-type")
    return splitEscaped(value, ",").every((one) => splitEscaped(one, "|").at(-1) !== "") ? "names" : "telling";
  return LITTLE.has(plain) && !name.includes(".") ? "little" : "telling";
}

/** A condition at the end of a step of a chain, where nothing else names the person. */
export function guarded(type: string, telling: Telling, condition: Condition): Condition {
  const isOpen = type === "Patient" ? telling === "names" : telling !== "telling";
  return isOpen ? condition : { kind: "all", of: [condition, UNPROTECTED] };
}

/** What has been asked of one type. */
export type AskedOfType = {
  readonly type: string;
  readonly telling: readonly Telling[];
  readonly sort: readonly SortKey[];
  /** Whether only one other type's compartment is searched. */
  readonly isWithin: boolean;
  /** Whether one of the conditions names the patient whose rows are looked at. */
  readonly isNarrow: boolean;
};

/** Orders that tell nothing. */
const SORTS: ReadonlySet<string> = new Set(["_id", "_lastUpdated", "_fragment", "active", "identifier"]);

/** True when a search of a type must leave the protected out. */
export function leavesOutProtected({ type, telling, sort, isWithin, isNarrow }: AskedOfType): boolean {
  const isTelling = telling.includes("telling");
  if (!PERSON_TYPES.has(type)) return isTelling && !isNarrow;
  if (isTelling || sort.some(({ parameter }) => !SORTS.has(parameter))) return true;
  return type === "Patient" && (isWithin || !telling.includes("names"));
}

const KEYS: readonly string[] = [
  ...PROTECTION_CODES.map((code) => tokenKey("_security", codeValue(code))),
  tokenKey("_security", systemValue(PROTECTION_SYSTEM)),
  ...CONFIDENTIAL_CODES.map((code) => tokenKey("_security", systemCodeValue(CONFIDENTIALITY_SYSTEM, code))),
];

/** True, in SQL, of rows that the condition holds for. */
export function unprotectedSql(row: Row, sql: SqlWriter): string {
  if (!sql.withholds) return "TRUE";
  const keys = `${sql.bind(KEYS)}::int8[]`;
  const own = `NOT ${row.alias}.tokens && ${keys}`;
  if (row.type !== "Patient" && patientPathsOf(row.type) === undefined) return `(${own})`;
  // Of somebody with several records the protection of one holds for all of them.
  const person = `${row.alias}.${row.type === "Patient" ? "id" : "patient"}`;
  const others = `NOT EXISTS (SELECT 1 FROM same_person AS s JOIN ${tableOf("Patient")} AS q ON q.id = s.other WHERE s.patient = ${person} AND q.tokens && ${keys})`;
  if (row.type === "Patient") return `(${own} AND ${others})`;
  const whose = `p.home = ${row.alias}.home AND p.id = ${row.alias}.patient`;
  return `(${own} AND ${others} AND NOT EXISTS (SELECT 1 FROM ${tableOf("Patient")} AS p WHERE ${whose} AND p.tokens && ${keys}))`;
}

/** The ids (and `home`) of those of a type whose own identity is protected. */
export function compileProtected(type: string, access: AccessPredicate): Statement {
  const sql = new SqlWriter(access);
  const row = sql.row(type);
  return sql.statement(
    `SELECT ${row.alias}.id FROM ${sql.from(row)} WHERE ${sql.allowed(row)} AND ${row.alias}.tokens && ${sql.bind(KEYS)}::int8[]`,
  );
}
