/**
 * Which rows of patients are open to a person, as SQL: an opening stands for the patient, the reader and the row's owner, or the row was
 * sent to the reader's unit with a request. Row-level security says the same in the database (migrations 0014 and 0019); a test holds
 * them against each other.
 *
 * SPEC ACC-OPENED · PDL (2008:355) 4 kap. 1–2 §§, lag (2022:913), HSLF-FS 2016:40 4 kap.
 */
import type { BlockedRow } from "./blocked.ts";
import type { CareReach } from "./decide.ts";
import { anyOfPerson, othersOf } from "./same-person.ts";

/** True, in SQL, of a row of some patient that an opening lets the reader see. */
export function openedSql(
  { alias, type, isVersion = false }: Pick<BlockedRow, "alias" | "type" | "isVersion">,
  reader: CareReach,
  bind: (value: unknown) => string,
): string {
  const unit = bind(reader.careUnit);
  const employee = bind(reader.employee);
  const stands = (row: string): string =>
    `(${row}.since IS NULL OR ${row}.since <= now()) AND (${row}.until IS NULL OR ${row}.until >= now())`;
  const alone = isVersion || !SENT_TYPES.has(type) ? "" : ` OR o.record = '${type}/' || ${alias}.id`;
  return `EXISTS (SELECT 1 FROM opening AS o
    WHERE o.patient = ${anyOfPerson(alias, isVersion)} AND o.care_unit = ${unit} AND (o.employee IS NULL OR o.employee = ${employee})
      AND o.source_provider = ${alias}.care_provider AND (o.source_unit IS NULL OR o.source_unit = coalesce(${alias}.care_unit, '-'))
      AND (o.record IS NULL${alone}) AND ${stands("o")}
      AND (NOT o.leans OR EXISTS (SELECT 1 FROM opening AS n
        WHERE n.patient = ANY (ARRAY[o.patient] || ${othersOf("ARRAY[o.patient]")}) AND n.care_unit = o.care_unit AND n.source_unit = n.care_unit AND NOT n.leans
          AND (n.employee IS NULL OR n.employee = o.employee) AND ${stands("n")})))`;
}

/** What may be sent with a request: requests themselves, and what they attach. */
export const SENT_TYPES: ReadonlySet<string> = new Set([
  "Appointment",
  "Communication",
  "CommunicationRequest",
  "Composition",
  "Condition",
  "DiagnosticReport",
  "DocumentReference",
  "ImagingStudy",
  "MedicationRequest",
  "Observation",
  "Procedure",
  "QuestionnaireResponse",
  "ServiceRequest",
  "Specimen",
  "Task",
]);
