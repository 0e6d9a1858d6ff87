/**
 * The patient who asks for an extract of the log, found by identity number or by the id of the record: whoever reviews the log looks up
 * nobody by name.
 *
 * SPEC JRN-LOG-EXTRACT-5 · PDL 8 kap. 5 §
 */
import { identityNumberReadings } from "../../base/index.ts";
import { fhirError, isFhirId } from "../../fhir/index.ts";
import { recordRefusal } from "../authorize.ts";
import { OUT_OF_REACH, today, type Visit } from "../context.ts";
import { disclosedTogether, type Disclosed } from "../disclosed.ts";
import { searchResources } from "../search.ts";
import { shownPatient, type ShownPatient } from "./review-tasks.ts";
import { groundsForLog } from "./search-log.ts";

/** Errors: NOT_FOUND when the text is neither, or not exactly one patient has it; FORBIDDEN. */
export async function findForExtract(visit: Visit, text: string): Promise<Disclosed<ShownPatient>> {
  await groundsForLog(visit, "search");
  const numbers = identityNumberReadings(text.slice(0, LONGEST).trim(), today(visit)).flatMap(
    ({ value, formatted }) => [value, formatted],
  );
  const id = text.trim();
  if (numbers.length > 0 || isFhirId(id)) {
    const found = await searchResources(visit, "Patient", [
      numbers.length > 0
        ? ["identifier", numbers.map((one) => one.replaceAll(/[\\,|$]/g, "\\$&")).join(",")]
        : ["_id", id],
      ["_count", "2"],
    ]);
    const [row, another] = found.value.rows;
    if (row !== undefined && another === undefined)
      return disclosedTogether([found], () => shownPatient(row.id, row.content));
  }
  await recordRefusal(visit, "extract access log", OUT_OF_REACH, ["Patient?identifier"]);
  throw fhirError("NOT_FOUND");
}

const LONGEST = 40;
