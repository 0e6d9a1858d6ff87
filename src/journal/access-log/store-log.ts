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

const LONGEST = { id: 32, name: 256, type: 50, args: 8000 } as const;

export const STORE_LOG_BEGIN =
  '<?xml version="1.0" encoding="UTF-8"?>\n<StoreLogRequest xmlns="urn:riv:ehr:log:store:StoreLogResponder:1" xmlns:l="urn:riv:ehr:log:1">\n';
export const STORE_LOG_END = "</StoreLogRequest>\n";

/** One `Log` element. Errors: an action or a purpose that has no national word. */
export function storeLogOf(row: LogRow, around: Surroundings): string {
  const entry = JSON.parse(row.entry) as AccessLogEntry;
  if (!PURPOSES.has(entry.purpose)) throw new Error(`The access log's purpose "${entry.purpose}" is no national one.`);
  return element("Log", [
    inner("LogId", logIdOf(row)),
    element("l:System", [inner("SystemId", around.system.id, LONGEST.id), inner("SystemName", around.system.name)]),
    activityOf(row, entry),
    userOf(entry),
    element("l:Resources", resourcesOf(entry, around)),
  ]);
}

function activityOf(row: LogRow, entry: AccessLogEntry): string {
  return element("l:Activity", [
    inner("ActivityType", wordsOf(entry).activity),
    ...(entry.outcome === "refused" ? [inner("ActivityLevel", "Nekad")] : []),
    inner("ActivityArgs", argumentsOf(row, entry), 8192),
    inner("StartDate", isoLocal(Date.parse(entry.recorded))),
    inner("Purpose", entry.purpose),
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
  const { name, title } = nameAndTitle(entry.person ?? "");
  return element("l:User", [
    inner("UserId", entry.actor, LONGEST.id),
    ...optional("Name", name),
    ...optional("Assignment", entry.assignment ?? ""),
    ...optional("Title", title),
    organisation("CareProvider", entry.careProviderId, entry.careProvider),
    organisation("CareUnit", entry.careUnitId, entry.careUnit),
  ]);
}

/** One resource for each type and owner of what was shown. */
function resourcesOf({ what, patient }: AccessLogEntry, { numberOf, ownerOf }: Surroundings): string[] {
  const number = patient === null ? undefined : numberOf(patient);
  const about = number === undefined ? [] : [element("l:Patient", [inner("PatientId", number, 12)])];
  const found = new Map<string, string>();
  for (const one of what.length === 0 ? ["*"] : what) {
    const type = /^[A-Za-z]+/.exec(one)?.[0] ?? "*";
    const owner = ownerOf(nameIn(one) ?? "");
    const text = element("l:Resource", [
      inner("ResourceType", type, LONGEST.type),
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
    inner(`${kind}Id`, id ?? UNKNOWN_ID, LONGEST.id),
    ...optional(`${kind}Name`, name === id ? "" : (name ?? "")),
  ]);
}

function optional(name: string, value: string): string[] {
  return value === "" ? [] : [inner(name, value)];
}

function inner(name: string, value: string, longest: number = LONGEST.name): string {
  const text = value.length <= longest ? value : Array.from(value).slice(0, longest).join("");
  return `<l:${name}>${escaped(text)}</l:${name}>`;
}

function element(name: string, parts: readonly string[]): string {
  return `<${name}>${parts.join("")}</${name}>`;
}

const SIGNS: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;" };

/** XML 1.0 has no place for control characters and halves of characters. */
function escaped(text: string): string {
  return text.replaceAll(/[&<>\r]|(?![\t\n])[\p{Cc}\p{Cs}\uFFFE\uFFFF]/gu, (sign) => SIGNS[sign] ?? "?");
}
