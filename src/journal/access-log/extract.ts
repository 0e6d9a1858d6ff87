/**
 * The extract (logguttag) that a patient gets: who has been in the record, from which unit and care provider, when, on
 * what ground and of what kind. Everything about the patient is in it, the patient's own and emergency accesses too. Staff
 * whose own identity is protected are told by unit and time only.
 *
 * SPEC JRN-LOG-EXTRACT · PDL 8 kap. 5 §, HSLF-FS 2016:40 4 kap. 10 §
 */
import { homeOf } from "../../base/index.ts";
import { reachSetting } from "../../access/index.ts";
import { fhirError, isFhirId } from "../../fhir/index.ts";
import type { AccessLogEntry, LogPeriod, LogRow } from "../../store/index.ts";
import { recordRefusal } from "../authorize.ts";
import { groundText, logEntry, OUT_OF_REACH, type Visit } from "../context.ts";
import { disclose, type Disclosed } from "../disclosed.ts";
import { newestFirst } from "../same-person.ts";
import { isEmergency, wordsOf, type ActivityType } from "./actions.ts";
import { nameAndTitle } from "./audit-event.ts";
import { groundsForLog } from "./search-log.ts";

export type ExtractLine = {
  readonly time: string;
  /** Nothing for staff with a protected identity. */
  readonly name: string | null;
  readonly userId: string | null;
  readonly title: string | null;
  readonly protectedIdentity: boolean;
  readonly unit: string | null;
  readonly unitId: string | null;
  readonly provider: string | null;
  readonly providerId: string | null;
  readonly activity: ActivityType;
  readonly refused: boolean;
  readonly emergency: boolean;
  readonly purpose: string;
  readonly ground: string;
  /** Kinds of resources, in FHIR's words. */
  readonly types: readonly string[];
  readonly count: number;
};

/** The most lines of one extract, as the national service has it. */
export const MOST_LINES = 10_000;

const ACTION = "extract access log";

/**
 * Everything in the log about a patient in a period, newest first. Errors: NOT_FOUND when there is neither such a patient
 * nor a row, LOG_TOO_MANY above `most` rows, FORBIDDEN.
 */
export async function extractLog(
  visit: Visit,
  patient: string,
  period: LogPeriod,
  most = MOST_LINES,
): Promise<Disclosed<readonly ExtractLine[]>> {
  const grounds = await groundsForLog(visit, "search");
  const asked = `Patient/${patient} access log`;
  const found = !isFhirId(patient)
    ? undefined
    : await visit.store.read(reachSetting(grounds.reach), async (look) => {
        const rows: LogRow[] = [];
        for (const one of [patient, ...(await look.care.others(patient))])
          rows.push(...(await look.log({ patient: one, within: [period], limit: most + 1 })));
        rows.sort(newestFirst);
        const isKnown = rows.length > 0 || (await look.read("Patient", patient)) !== undefined;
        return isKnown ? rows : undefined;
      });
  if (found === undefined) {
    await recordRefusal(visit, ACTION, OUT_OF_REACH, [asked]);
    throw fhirError("NOT_FOUND");
  }
  const act = { action: ACTION, outcome: "granted", ground: groundText(grounds) } as const;
  await visit.store.recordAccess([logEntry(visit, act, { home: homeOf(patient), patient, what: [asked] })]);
  if (found.length > most) throw fhirError("LOG_TOO_MANY", String(most));
  return disclose(found.map(lineOf));
}

/** A row of the log as a patient is told of it. */
export function lineOf(row: LogRow): ExtractLine {
  const entry = JSON.parse(row.entry) as AccessLogEntry;
  return {
    time: entry.recorded,
    ...whoIn(entry),
    unit: entry.careUnit,
    unitId: entry.careUnitId ?? null,
    provider: entry.careProvider,
    providerId: entry.careProviderId ?? null,
    activity: wordsOf(entry).activity,
    refused: entry.outcome === "refused",
    emergency: isEmergency(entry),
    purpose: entry.purpose,
    ground: groundIn(entry),
    types: [...new Set(entry.what.flatMap((one) => /^([A-Z][A-Za-z]+)[/?]/.exec(one)?.[1] ?? []))],
    count: entry.what.length,
  };
}

/** Law and sentence; the sentence may name the person's title. */
function groundIn({ ground, protectedIdentity }: AccessLogEntry): string {
  const [law = "", ...sentence] = ground.replace(/^ACC-[A-Z-]+ · /, "").split(" · ");
  return protectedIdentity === true ? law : [law, ...sentence].join(" · ");
}

function whoIn(entry: AccessLogEntry): Pick<ExtractLine, "name" | "userId" | "title" | "protectedIdentity"> {
  if (entry.protectedIdentity === true) return { name: null, userId: null, title: null, protectedIdentity: true };
  if (entry.person === null)
    return { name: entry.actor.replace(/^client /, ""), userId: null, title: "System", protectedIdentity: false };
  const { name, title } = nameAndTitle(entry.person);
  return { name, userId: entry.actor, title: title === "" ? null : title, protectedIdentity: false };
}
