/**
 * What people see and do of the traffic with other systems: how each channel stands, which messages are parked, and asking for them again.
 * Whoever works at the list that owns a channel moves its messages; all staff see how it stands. Nothing of a patient is told.
 *
 * SPEC EXCH-HL7-OPERATE · failure modes F3 to F6, F43
 */
import { fhirError, fhirErrorAt } from "../../fhir/index.ts";
import {
  authorize,
  disclosedAfter,
  groundText,
  logEntry,
  recordAccess,
  refuseVisit,
  type Disclosed,
  type Visit,
} from "../../journal/index.ts";
import { staffOf } from "../../loop/index.ts";
import { aboutReceived, aboutSent } from "./faults.ts";
import { channelStatuses, type ChannelStatus } from "./status.ts";

/** A message that nobody could take in, or that could not be delivered. */
export type ParkedMessage = {
  readonly direction: "in" | "out";
  readonly channel: string;
  readonly position: number;
  readonly at: string;
  readonly type: string;
  readonly error: string;
  /** The lists that see to it. */
  readonly owners: readonly string[];
};

export type Traffic = {
  readonly channels: readonly (ChannelStatus & {
    /** The list that sees to it, by name. */
    readonly ownerName: string | null;
    /** The reader works there. */
    readonly isMine: boolean;
  })[];
  readonly parked: readonly ParkedMessage[];
};

const MOST = 200;

/** How the channels stand. Errors: FORBIDDEN for others than staff. */
export async function trafficFor(visit: Visit): Promise<Disclosed<Traffic>> {
  const { reach } = await staffOf(visit, "search", STAFF);
  const { store } = visit;
  const [statuses, own] = await Promise.all([
    channelStatuses(store, visit.clock()),
    store.read(reach, (look) => look.loops.own()),
  ]);
  const owners = statuses.flatMap(({ owner }) => (owner === null ? [] : [owner]));
  const { lists, came, went, seers } = await store.read("*", async (look) => {
    const [received, sent] = [await look.hl7.received.parked(MOST), await look.hl7.sent.parked(MOST)];
    const names = [
      ...received.map(({ position }) => aboutReceived(position)),
      ...sent.map(({ position }) => aboutSent(position)),
    ];
    return {
      lists: await look.loops.worklistsAbove(owners),
      came: received,
      went: sent,
      seers: await look.hl7.channels.faultOwners(names),
    };
  });
  const names = new Map(lists.map(({ id, title }) => [id, title]));
  const mine = new Set(own);
  return disclosedAfter(visit, [], {
    channels: statuses.map((status) => ({
      ...status,
      ownerName: names.get(status.owner ?? "region") ?? names.get("region") ?? null,
      isMine: mine.has(status.owner ?? "region"),
    })),
    parked: [
      ...came.map(({ channel, position, received, type, error }) => ({
        direction: "in" as const,
        channel,
        position,
        at: received,
        type,
        error,
        owners: seers.get(aboutReceived(position)) ?? [],
      })),
      ...went.map(({ channel, position, created, type, error }) => ({
        direction: "out" as const,
        channel,
        position,
        at: created,
        type,
        error: error ?? "",
        owners: seers.get(aboutSent(position)) ?? [],
      })),
    ],
  });
}

export type ReplayAsk = { readonly channel: string; readonly from: number; readonly until: number };

/**
 * Asks for messages of a channel again, from one position to another; those that were taken in make nothing twice. Answers how many.
 * Errors: FORBIDDEN, NOT_FOUND, LOOP_INVALID.
 */
export async function replayMessages(visit: Visit, { channel, from, until }: ReplayAsk): Promise<Disclosed<number>> {
  const { reach } = await staffOf(visit, "search", STAFF);
  for (const [name, value] of Object.entries({ from, until }))
    if (!Number.isSafeInteger(value) || value < 0) throw fhirErrorAt("LOOP_INVALID", name, String(value));
  const { store } = visit;
  const found = (await channelStatuses(store, visit.clock())).find(({ name }) => name === channel);
  if (found === undefined) throw fhirError("NOT_FOUND");
  const own = await store.read(reach, (look) => look.loops.own());
  if (!own.includes(found.owner ?? "region"))
    return refuseVisit(visit, `channel ${channel}`, "Meddelanden begärs om av den enhet som äger integrationen.");
  const grounds = await authorize(visit, "update", "Task", `channel ${channel}`);
  const count = await store.write("*", async (tx) => {
    const tables = found.direction === "in" ? tx.hl7.received : tx.hl7.sent;
    const asked = await tables.replay(channel, { from, until });
    const act = { action: "replay messages", outcome: "granted", ground: groundText(grounds) } as const;
    const what = [`channel ${channel} ${from}-${until}`];
    await recordAccess(tx, visit, [logEntry(visit, act, { home: 0, patient: null, what })]);
    return asked;
  });
  return disclosedAfter(visit, [], count);
}

const STAFF = { what: "channels", sentence: "Driftläget är för personal med medarbetaruppdrag." } as const;
