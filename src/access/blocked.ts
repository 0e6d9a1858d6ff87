/**
 * Which of a care provider's rows are blocked for a reader, as SQL: the table of when a block applies (TKB ehr:blocking 3.2.1), with
 * everything that is not known on the closed side. Row-level security says the same in the database (migration 0011); a test holds
 * them against each other.
 *
 * SPEC ACC-BLOCK · PDL (2008:355) 4 kap. 4–5 §§, lag (2022:913)
 */
import type { CareReach } from "./decide.ts";
import { anyOfPerson } from "./same-person.ts";

/** Where a row keeps what a block asks about it. */
export type BlockedRow = {
  readonly alias: string;
  readonly type: string;
  /** The columns of the record's own time; without them a block's period does not let it through. */
  readonly time: { readonly lo: string; readonly hi: string } | undefined;
  /** A row of the history or the change log: it tells of one patient and of no time, so a block's period lets none through. */
  readonly isVersion?: boolean;
};

/** True, in SQL, of a row that some block hides from the reader. */
export function blockedSql(
  { alias, type, time, isVersion = false }: BlockedRow,
  reader: CareReach,
  bind: (value: unknown) => string,
): string {
  const unit = bind(reader.careUnit);
  const within =
    time === undefined || isVersion
      ? "true"
      : `(${alias}."${time.lo}" IS NULL OR ((b.since IS NULL OR coalesce(${alias}."${time.hi}", 'infinity') >= b.since) AND (b.until IS NULL OR ${alias}."${time.lo}" <= b.until)))`;
  return `EXISTS (SELECT 1 FROM block AS b
    WHERE b.patient = ${anyOfPerson(alias, isVersion)} AND b.ended IS NULL AND b.care_provider = ${alias}.care_provider
      AND CASE b.kind WHEN 'inner' THEN b.care_unit <> ${unit} AND (${alias}.care_unit IS NULL OR ${alias}.care_unit = b.care_unit)
                      ELSE b.care_provider <> ${bind(reader.careProvider)} END
      AND ${within} AND NOT (b.except_kinds && ${kindsOf(type)})
      AND NOT EXISTS (SELECT 1 FROM block_lift AS l WHERE l.block = b.id AND l.ended IS NULL AND l.until >= now()
                        AND l.care_unit = ${unit} AND (l.employee IS NULL OR l.employee = ${bind(reader.employee)})))`;
}

/** Kinds of information that a patient may leave out of a block: medicines (lak) and warnings (upp). */
function kindsOf(type: string): string {
  if (/^Medication./.test(type)) return "ARRAY['lak']";
  return type === "AllergyIntolerance" || type === "Flag" ? "ARRAY['upp']" : "'{}'::text[]";
}
