/**
 * A row of the access log in the national log service's shape (StoreLog). What the national shape has no place for stands
 * as JSON in ActivityArgs, so that nothing is lost on the way; what the log does not know is said to be unknown.
 *
 * SPEC JRN-LOG-STORE · urn:riv:ehr:log:1, urn:riv:ehr:log:store:StoreLogResponder:1
 */
import { isoLocal } from "../../base/index.ts";
import type { AccessLogEntry, LogRow } from "../../store/index.ts";
import { PURPOSES, wordsOf } from "./actions.ts";
import { eventId, logIdOf, nameAndTitle } from "./audit-event.ts";
import { element, inner } from "./xml.ts";

/** What stands around the log: who the patients are in the nation, and who owns what was shown. */
export type Surroundings = {
  readonly system: { readonly id: string; readonly name: string };
  /** The patient's personal identity number or the like, of at most 12 characters. */
  readonly numberOf: (patient: string) => string | undefined;
  /** The owner of a resource (`Type/id`), by HSA-ids. */
  readonly ownerOf: (name: string) => Owner | undefined;
};

export type Owner = { readonly careProvider: string | null; readonly careUnit: string | null };

/** Stands where the shape asks for an id that nobody wrote down. */
export const UNKNOWN_ID = "okänd";

const LONGEST = { id: 32, type: 50, args: 8000 } as const;

export const STORE_LOG_BEGIN =
  '<?xml version="1.0" encoding="UTF-8"?>\n<StoreLogRequest xmlns="urn:riv:ehr:log:store:StoreLogResponder:1" xmlns:l="urn:riv:ehr:log:1">\n';
export const STORE_LOG_END = "</StoreLogRequest>\n";

/** One `Log` element. Errors: an action or a purpose that has no national word. */
export function storeLogOf(row: LogRow, around: Surroundings): string {
  const entry = JSON.parse(row.entry) as AccessLogEntry;
  if (!PURPOSES.has(entry.purpose)) throw new Error(`The access log's purpose "${entry.purpose}" is no national one.`);
  return element("Log", [
    inner("l:LogId", logIdOf(row)),
    element("l:System", [inner("l:SystemId", around.system.id, LONGEST.id), inner("l:SystemName", around.system.name)]),
    activityOf(row, entry),
    userOf(entry),
    element("l:Resources", resourcesOf(entry, around)),
  ]);
}

function activityOf(row: LogRow, entry: AccessLogEntry): string {
  return element("l:Activity", [
    inner("l:ActivityType", wordsOf(entry).activity),
    ...(entry.outcome === "refused" ? [inner("l:ActivityLevel", "Nekad")] : []),
    inner("l:ActivityArgs", argumentsOf(row, entry), 8192),
    inner("l:StartDate", isoLocal(Date.parse(entry.recorded))),
    inner("l:Purpose", entry.purpose),
  ]);
}

/** Everything else as JSON; of a long list of what was shown the first ones, and how many more there were. */
function argumentsOf(row: LogRow, { patient, action, outcome, ground, request, what }: AccessLogEntry): string {
  const whole = { id: eventId(row), patient, action, outcome, ground, request };
  const kept: string[] = [];
  let room = LONGEST.args - JSON.stringify(whole).length;
  for (const one of what) {
    room -= JSON.stringify(one).length + 1;
    if (room < 0) break;
    kept.push(one);
  }
  const more = what.length - kept.length;
  return JSON.stringify({ ...whole, what: kept, ...(more === 0 ? {} : { more }) });
}

function userOf(entry: AccessLogEntry): string {
  const { name, title } = nameAndTitle(entry.person ?? "", entry.protectedIdentity);
  return element("l:User", [
    inner("l:UserId", entry.actor, LONGEST.id),
    ...optional("l:Name", name),
    ...optional("l:Assignment", entry.assignment ?? ""),
    ...optional("l:Title", title),
    organisation("CareProvider", entry.careProviderId, entry.careProvider),
    organisation("CareUnit", entry.careUnitId, entry.careUnit),
  ]);
}

/** One resource for each type and owner of what was shown. */
function resourcesOf({ what, patient }: AccessLogEntry, { numberOf, ownerOf }: Surroundings): string[] {
  const number = patient === null ? undefined : numberOf(patient);
  const about = number === undefined ? [] : [element("l:Patient", [inner("l:PatientId", number, 12)])];
  const found = new Map<string, string>();
  for (const one of what.length === 0 ? ["*"] : what) {
    const type = /^[A-Za-z]+/.exec(one)?.[0] ?? "*";
    const owner = ownerOf(nameIn(one) ?? "");
    const text = element("l:Resource", [
      inner("l:ResourceType", type, LONGEST.type),
      ...about,
      organisation("CareProvider", owner?.careProvider, null),
      ...(owner?.careUnit === null || owner === undefined ? [] : [organisation("CareUnit", owner.careUnit, null)]),
    ]);
    found.set(text, text);
  }
  return [...found.keys()];
}

/** `Type/id` of what an entry says was shown, if it is that. */
export function nameIn(what: string): string | undefined {
  return /^([A-Z][A-Za-z]+\/[A-Za-z0-9.-]{1,64})(?:\/_history\/|$)/.exec(what)?.[1];
}

function organisation(kind: "CareProvider" | "CareUnit", id: string | null | undefined, name: string | null): string {
  return element(`l:${kind}`, [
    inner(`l:${kind}Id`, id ?? UNKNOWN_ID, LONGEST.id),
    ...optional(`l:${kind}Name`, name === id ? "" : (name ?? "")),
  ]);
}

function optional(name: string, value: string): string[] {
  return value === "" ? [] : [inner(name, value)];
}
