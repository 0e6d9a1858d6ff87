/**
 * The log of a period as accesses: what one person did in one patient's record at one unit on one Swedish day is one, since
 * that is what a reviewer judges. Machine clients and rows about no patient are left out.
 *
 * SPEC JRN-LOG-RISK
 */
import { PROTECTED_STAFF } from "../../access/index.ts";
import { isoLocal } from "../../base/index.ts";
import type { AccessLogEntry, LogRow } from "../../store/index.ts";
import { isEmergency } from "./actions.ts";
import { eventId } from "./audit-event.ts";
import type { Access, RiskConfig } from "./risk-rules.ts";

type Growing = { -readonly [K in keyof Access]: Access[K] } & { actions: string[] };

/** Gathers rows that come oldest first; a day is given out when the next one begins. */
export class AccessGatherer {
  private readonly hours: RiskConfig["hours"];
  private day = "";
  private open = new Map<string, Growing>();

  constructor({ hours }: Pick<RiskConfig, "hours">) {
    this.hours = hours;
  }

  /** Takes in a row and answers the accesses of the day before, when the row begins another. */
  add(row: LogRow): readonly Access[] {
    const entry = JSON.parse(row.entry) as AccessLogEntry;
    const local = isoLocal(Date.parse(entry.recorded));
    const day = local.slice(0, 10);
    const done = day === this.day ? [] : this.end();
    this.day = day;
    if (entry.person !== null && entry.patient !== null) this.grow(row, entry, local);
    return done;
  }

  /** The accesses of the last day. */
  end(): readonly Access[] {
    const done = [...this.open.values()];
    this.open = new Map();
    return done;
  }

  private grow(row: LogRow, entry: AccessLogEntry, local: string): void {
    const key = JSON.stringify([entry.actor, entry.patient, entry.careUnitId ?? entry.careUnit]);
    const access = this.open.get(key) ?? began(row, entry, local.slice(0, 10));
    this.open.set(key, access);
    access.rows += 1;
    if (entry.outcome === "refused") access.refused += 1;
    if (isEmergency(entry)) access.emergencies += 1;
    if (isOutside(local, this.hours)) access.outside += 1;
    if (!access.actions.includes(entry.action)) access.actions.push(entry.action);
  }
}

function began(row: LogRow, entry: AccessLogEntry, day: string): Growing {
  return {
    id: eventId(row),
    first: entry.recorded,
    day,
    actor: entry.actor,
    person: entry.protectedIdentity === true ? PROTECTED_STAFF : (entry.person ?? ""),
    patient: entry.patient ?? "",
    unit: entry.careUnit,
    unitId: entry.careUnitId ?? null,
    provider: entry.careProvider,
    providerId: entry.careProviderId ?? null,
    actions: [],
    rows: 0,
    refused: 0,
    emergencies: 0,
    outside: 0,
  };
}

/** True outside the hours and on Saturdays and Sundays, by Swedish clocks. */
function isOutside(local: string, [from, until]: RiskConfig["hours"]): boolean {
  const hour = Number(local.slice(11, 13));
  const weekday = new Date(`${local.slice(0, 10)}T12:00:00Z`).getUTCDay();
  return hour < from || hour >= until || weekday === 0 || weekday === 6;
}
