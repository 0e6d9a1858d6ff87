/**
 * An extract in the national shape that 1177 asks for (GetAccessLogsForPatient): the same lines, or the code that says why
 * there are none.
 *
 * SPEC JRN-LOG-PATIENT · urn:riv:ehr:log:querying:GetAccessLogsForPatientResponder:1
 */
import { isoLocal } from "../../base/index.ts";
import type { ExtractLine } from "./extract.ts";
import { UNKNOWN_ID } from "./store-log.ts";
import { element, inner } from "./xml.ts";

/** Stands for staff whose own identity is protected. */
const PROTECTED_ID = "skyddad";

const LONGEST = { id: 32, type: 50 } as const;

/** The answer with its lines; "too many" is the national code for more than may be given at once. */
export function patientLogOf(lines: readonly ExtractLine[] | "too many"): string {
  const isTooMany = lines === "too many";
  const result = element("q:Result", [
    `<q:ResultCode>${isTooMany ? "MAX_QUERY_RESULT_EXCEEDED" : "OK"}</q:ResultCode>`,
    `<q:ResultText>${isTooMany ? "Begränsa tiden." : ""}</q:ResultText>`,
  ]);
  // The schema's own spelling.
  const logs = isTooMany ? [] : [element("q:AccesssLogs", lines.map(accessLogOf))];
  return [
    '<?xml version="1.0" encoding="UTF-8"?>\n<GetAccessLogsForPatientResponse',
    ' xmlns="urn:riv:ehr:log:querying:GetAccessLogsForPatientResponder:1" xmlns:q="urn:riv:ehr:log:querying:1">\n',
    element("AccessLogsResultType", [result, ...logs]),
    "\n</GetAccessLogsForPatientResponse>\n",
  ].join("");
}

function accessLogOf(line: ExtractLine): string {
  const name = (tag: string, text: string | null): string[] => (text === null || text === "" ? [] : [inner(tag, text)]);
  return `${element("q:AccessLog", [
    inner("q:CareProviderId", line.providerId ?? UNKNOWN_ID, LONGEST.id),
    ...name("q:CareProviderName", line.provider),
    inner("q:CareUnitId", line.unitId ?? UNKNOWN_ID, LONGEST.id),
    ...name("q:CareUnitName", line.unit),
    inner("q:AccessDate", isoLocal(Date.parse(line.time))),
    inner("q:UserId", line.protectedIdentity ? PROTECTED_ID : (line.userId ?? line.name ?? UNKNOWN_ID), LONGEST.id),
    ...name("q:UserName", line.name),
    ...name("q:UserTitle", line.title),
    inner("q:Purpose", purposeOf(line)),
    inner("q:ResourceType", line.types.join(" ") || line.activity, LONGEST.type),
  ])}\n`;
}

/** The shape has no place of its own for an emergency or a refusal. */
function purposeOf({ purpose, emergency, refused }: ExtractLine): string {
  return [purpose, ...(emergency ? ["nödöppning"] : []), ...(refused ? ["nekad"] : [])].join(", ");
}
