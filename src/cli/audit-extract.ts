/**
 * `eira audit extract --patient ID [--from DATE] [--to DATE] [--format csv|json|riv] --out FILE`: the log extract that
 * a patient gets, readable as it is, or as the national service answers it (GetAccessLogsForPatient).
 *
 * SPEC CLI-AUDIT-EXTRACT · PDL 8 kap. 5 §
 */
import { FhirError } from "../fhir/index.ts";
import { extractCsv, extractLog, patientLogOf, type ExtractLine } from "../journal/index.ts";
import { auditVisit, periodIn } from "./audit-visit.ts";
import { flag, type Command } from "./command.ts";
import { withStore } from "./installation.ts";
import { refuseExisting, writeNewFile } from "./new-file.ts";
import { usageOf } from "./usage.ts";

const USAGE = usageOf("audit extract");

export const auditExtract: Command = async (invocation) => {
  const { args } = invocation;
  const [patient, file] = [flag(args, "patient"), flag(args, "out")];
  const format = flag(args, "format") ?? "csv";
  if (patient === undefined || file === undefined || !["csv", "json", "riv"].includes(format)) throw new Error(USAGE);
  refuseExisting(file);
  const period = periodIn(invocation, "0001-01-01");
  return withStore(invocation, async (store) => {
    const visit = auditVisit(invocation, store, "audit extract");
    const lines = await extractLog(visit, patient, period).then(
      ({ value }) => value,
      format === "riv" ? asTooMany : inWords,
    );
    const text = lines === "too many" || format === "riv" ? patientLogOf(lines) : textOf(lines, format);
    writeNewFile(file, text);
    invocation.terminal.print(JSON.stringify({ lines: lines === "too many" ? null : lines.length, file }));
    return 0;
  });
};

function textOf(lines: readonly ExtractLine[], format: string): string {
  return format === "csv" ? extractCsv(lines) : `${JSON.stringify(lines, undefined, 1)}\n`;
}

function asTooMany(error: unknown): "too many" {
  return error instanceof FhirError && error.code === "LOG_TOO_MANY" ? "too many" : inWords(error);
}

function inWords(error: unknown): never {
  if (!(error instanceof FhirError)) throw error;
  throw new Error(error.code === "LOG_TOO_MANY" ? `MAX_QUERY_RESULT_EXCEEDED: ${error.message}` : error.message, {
    cause: error,
  });
}
