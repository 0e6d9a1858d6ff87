/** Which reports say something in words, beyond their list of values. SPEC WEB-RESULT-5 */
import type { DiagnosticReport } from "fhir/r4";

/** A conclusion, an attached document, or no values at all. */
export function isInWords(report: DiagnosticReport): boolean {
  return Boolean(report.conclusion) || (report.presentedForm ?? []).length > 0 || (report.result ?? []).length === 0;
}
