/**
 * Who has read: the access log as the patient is told of it, page by page. Of what was read only that is told which the reader at the
 * door may see, so that the log betrays nothing that the records keep back. To the patient who reads everything each access is shown,
 * as the law says; to others those that showed something which they may see themselves.
 *
 * SPEC JRN-DOOR-LOG · PDL 8 kap. 5 §, HSLF-FS 2016:40 4 kap. 10 §
 */
import { DOOR_TYPES, reachSetting } from "../../access/index.ts";
import { fhirErrorAt } from "../../fhir/index.ts";
import type { AccessLogEntry, LogPosition, LogRow, ReadTx } from "../../store/index.ts";
import { eventId } from "../access-log/audit-event.ts";
import { lineOf, type ExtractLine } from "../access-log/extract.ts";
import { positionIn } from "../access-log/log-parameters.ts";
import type { Visit } from "../context.ts";
import { disclose, type Disclosed } from "../disclosed.ts";
import { doorEntry, readerAtDoor, type AtDoorOf } from "./grounds.ts";
import { PORTAL, SIGN_IN } from "./sign-in.ts";

/** One access. `types` are those of the records that the reader at the door sees too; what else was shown is not told. */
export type DoorLine = Omit<ExtractLine, "count" | "userId" | "unitId" | "providerId"> & {
  /** Names the row: the id of its AuditEvent. */
  readonly id: string;
  /** Done at the patient's own door. */
  readonly isAtDoor: boolean;
};
export type DoorLog = { readonly items: readonly DoorLine[]; readonly next: string | null };

const AT_ONCE = 500;
/** What is done within this time by one person is one visit. */
const MOMENT_MS = 5_000;

/** A page of the patient's access log, newest first. Errors: FORBIDDEN, SEARCH_VALUE_INVALID. */
export async function ownLog(
  visit: Visit,
  ask: { readonly count: number; readonly before?: string | undefined; readonly withOwn?: boolean },
): Promise<Disclosed<DoorLog>> {
  const at = await readerAtDoor(visit, "own log");
  const before = ask.before === undefined ? undefined : positionIn(ask.before);
  if (ask.before !== undefined && before === undefined)
    throw fhirErrorAt("SEARCH_VALUE_INVALID", "before", "before", "before");
  const page = await visit.store.read(reachSetting(at.grounds.reach), (look) => pageOf(look, at, { ...ask, before }));
  const what = [`Patient/${at.actor.patient} access log`];
  await visit.store.recordAccess([doorEntry(visit, at, { action: "read access log", what })]);
  return disclose(page);
}

/** A row of the log that the reader is told of. Errors: none; nothing when there is none. */
export async function lineAtDoor(look: ReadTx, at: AtDoorOf, row: { readonly chain: string; readonly seq: string }) {
  const rows = await look.log({ patient: at.actor.patient, rows: [row], limit: 1 });
  const [found] = await seenBy(look, at, rows);
  return found;
}

/** What the patient does here is written in the names of these: signing in, and asking. */
const OWN_SYSTEMS: ReadonlySet<string> = new Set([`client ${SIGN_IN.name}`, `client ${PORTAL}`]);

type Ask = { readonly count: number; readonly before: LogPosition | undefined; readonly withOwn?: boolean };
type Seen = {
  readonly row: LogRow;
  readonly entry: AccessLogEntry;
  readonly line: DoorLine;
  /** The reader's own doing: looking here, and signing in. */
  readonly isOwn: boolean;
};

async function pageOf(look: ReadTx, at: AtDoorOf, { count, before, withOwn }: Ask): Promise<DoorLog> {
  const items: { last: Seen; line: DoorLine }[] = [];
  let end = before;
  // However many rows lie between that are not told: a page that ended there would tell of them.
  for (;;) {
    const rows = await look.readersOf(at.actor.patient, end, AT_ONCE);
    for (const seen of await seenBy(look, at, rows)) {
      if (withOwn !== true && seen.isOwn) continue;
      const last = items.at(-1);
      if (last !== undefined && isSameMoment(last.last, seen)) items[items.length - 1] = joined(last, seen);
      else if (last !== undefined && items.length === count)
        return { items: items.map(({ line }) => line), next: positionOf(last.last.row) };
      else items.push({ last: seen, line: seen.line });
    }
    if (rows.length < AT_ONCE) return { items: items.map(({ line }) => line), next: null };
    end = rows.at(-1);
  }
}

const positionOf = ({ recorded, chain, seq }: LogRow): string => `${recorded}~${chain}~${seq}`;

function isSameMoment(one: Seen, other: Seen): boolean {
  const apart = Math.abs(Date.parse(one.entry.recorded) - Date.parse(other.entry.recorded));
  const isAlike = (["actor", "careUnit", "outcome", "ground"] as const).every(
    (name) => one.entry[name] === other.entry[name],
  );
  return apart <= MOMENT_MS && isAlike && one.line.activity === other.line.activity;
}

function joined({ line }: { line: DoorLine }, seen: Seen): { last: Seen; line: DoorLine } {
  return { last: seen, line: { ...line, types: [...new Set([...line.types, ...seen.line.types])].toSorted() } };
}

/** The rows that the reader is told of, with what of them is seen at the door. */
async function seenBy(look: ReadTx, at: AtDoorOf, rows: readonly LogRow[]): Promise<Seen[]> {
  const parsed = rows.map((row) => ({ row, entry: JSON.parse(row.entry) as AccessLogEntry }));
  const open = await openRecords(
    look,
    parsed.flatMap(({ entry }) => entry.what),
  );
  const all = at.actor.reader.kind === "patient" && at.grounds.reach.units === null;
  return parsed.flatMap(({ row, entry }) => {
    const types = [...new Set(entry.what.filter((one) => open.has(nameIn(one))).map(typeIn))].toSorted();
    const isOwn = entry.actor === `patient ${at.actor.id}` || (all && OWN_SYSTEMS.has(entry.actor));
    if (!all && !isOwn && !types.some((type) => type !== "Patient")) return [];
    const { count: _count, userId: _user, unitId: _unit, providerId: _provider, ...told } = lineOf(row);
    return [
      { row, entry, isOwn, line: { ...told, types, id: eventId(row), isAtDoor: entry.actor.startsWith("patient ") } },
    ];
  });
}

const nameIn = (what: string): string => /^[A-Z][A-Za-z]+\/[^/? ]+/.exec(what)?.[0] ?? "";
const typeIn = (what: string): string => what.split("/")[0] ?? "";

/** Which of the records that the log names the reader at the door sees. */
async function openRecords(look: ReadTx, what: readonly string[]): Promise<ReadonlySet<string>> {
  const asked = new Map<string, Set<string>>();
  for (const one of what) {
    const [type, id] = nameIn(one).split("/");
    if (type === undefined || id === undefined || !DOOR_TYPES.has(type)) continue;
    asked.set(type, (asked.get(type) ?? new Set()).add(id));
  }
  const open = new Set<string>();
  for (const [type, ids] of asked) for (const id of await look.existing(type, [...ids])) open.add(`${type}/${id}`);
  return open;
}
