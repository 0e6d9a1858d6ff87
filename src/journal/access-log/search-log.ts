/**
 * Searching the access log as AuditEvents. Whoever reads the log is in the log: one row for each patient whose rows were
 * shown, naming them.
 *
 * SPEC JRN-LOG-SEARCH · HSLF-FS 2016:40 4 kap. 9 §
 */
import type { AuditEvent } from "fhir/r4";
import { reachSetting } from "../../access/index.ts";
import { homeOf } from "../../base/index.ts";
import { fhirError } from "../../fhir/index.ts";
import type { AccessLogEntry, LogRow } from "../../store/index.ts";
import { authorize, recordRefusal, refuseVisit } from "../authorize.ts";
import { groundText, logEntry, OUT_OF_REACH, type Visit } from "../context.ts";
import { disclose, type Disclosed } from "../disclosed.ts";
import type { QueryParameters } from "../query-text.ts";
import { auditEventOf, eventId, rowOfId } from "./audit-event.ts";
import { cursorOf, logQueryOf } from "./log-parameters.ts";

export type LogPage = {
  readonly events: readonly AuditEvent[];
  /** Where the next page begins. */ readonly next: string | null;
};

const ASKED = "AuditEvent/$access-log";
const ACTION = "read access log";

/** A page of the log, newest first. Errors: FORBIDDEN, SEARCH_PARAM_UNKNOWN, SEARCH_VALUE_INVALID, SEARCH_TOO_COSTLY. */
export async function searchLog(visit: Visit, parameters: QueryParameters): Promise<Disclosed<LogPage>> {
  const grounds = await groundsForLog(visit, "search");
  const { count, ...ask } = logQueryOf(parameters, visit.base);
  const found = await visit.store.read(reachSetting(grounds.reach), (look) => look.log({ ...ask, limit: count + 1 }));
  const rows = found.slice(0, count);
  await recordShown(visit, groundText(grounds), rows);
  const last = found.length > count ? rows.at(-1) : undefined;
  return disclose({ events: rows.map(auditEventOf), next: last === undefined ? null : cursorOf(last) });
}

/** One row of the log. Errors: NOT_FOUND, FORBIDDEN. */
export async function readLogEvent(visit: Visit, id: string): Promise<Disclosed<AuditEvent>> {
  const grounds = await groundsForLog(visit, "read");
  const named = rowOfId(id);
  const rows =
    named === undefined
      ? []
      : await visit.store.read(reachSetting(grounds.reach), (look) => look.log({ rows: [named], limit: 1 }));
  const [row] = rows;
  if (row === undefined) {
    await recordRefusal(visit, ACTION, OUT_OF_REACH, [ASKED]);
    throw fhirError("NOT_FOUND");
  }
  await recordShown(visit, groundText(grounds), rows);
  return disclose(auditEventOf(row));
}

/** The whole region's log is for whoever may see the whole region. */
export async function groundsForLog(visit: Visit, interaction: "search" | "read"): ReturnType<typeof authorize> {
  const grounds = await authorize(visit, interaction, "AuditEvent", ASKED);
  if (grounds.reach.kind !== "region")
    await refuseVisit(visit, ASKED, "Åtkomstloggen lämnas bara ut till den vars behörighet gäller hela regionen.");
  return grounds;
}

/** The care provider whose staff's accesses somebody reviews; a client with scopes has everybody's. */
export function ownProvider({ actor }: Visit): string | null {
  return actor.kind === "person" ? actor.assignment.providerHsaId : null;
}

/** Makes durable whose rows of the log are about to be shown. */
async function recordShown(visit: Visit, ground: string, rows: readonly LogRow[]): Promise<void> {
  const act = { action: ACTION, outcome: "granted", ground } as const;
  const byPatient = new Map<string | null, string[]>();
  for (const row of rows) {
    const { patient } = JSON.parse(row.entry) as AccessLogEntry;
    const names = byPatient.get(patient) ?? [];
    names.push(`AuditEvent/${eventId(row)}`);
    byPatient.set(patient, names);
  }
  if (byPatient.size === 0) byPatient.set(null, [ASKED]);
  const entries = [...byPatient].map(([patient, what]) =>
    logEntry(visit, act, { home: patient === null ? 0 : homeOf(patient), patient, what }),
  );
  await visit.store.recordAccess(entries);
}
