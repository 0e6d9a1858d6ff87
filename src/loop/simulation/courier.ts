/**
 * What goes out and what comes in, as the edges do it: claimed under a lease, sent until it is acknowledged, settled only by who still has
 * the claim; persisted before it is acknowledged, filed once, and parked to an owner when it cannot be filed.
 * Written here once more, as small as possible, because sockets and PostgreSQL cannot be run ten million times. SPEC LOOP-SIM-1
 */
import type { JsonObject, JsonValue } from "../../fhir/index.ts";
import type { Intent } from "../intents.ts";
import type { Risk } from "../model.ts";
import type { Database, Transaction } from "./database.ts";
import { Stale, type Change, type Journal } from "./journal.ts";
import type { Program } from "./program.ts";
import type { Claim, InboxRow, Incoming, OutboxRow } from "./queues.ts";

export const LEASE_MS = 10_000;
const SLOWEST_RETRY_MS = 45_000;
const GIVEN_UP_BY_NOBODY = 3;

/** What an external party is sent. */
export type Sent = {
  readonly message: string;
  readonly event: "order" | "cancel" | "change";
  readonly order: string;
  readonly click: string;
  readonly number: string;
};
export type Reply = "accepted" | "refused" | "silent";
type ClaimedRow = OutboxRow & Claim;

/** The lease went to somebody else, who sees to it. */
class LeaseLost extends Error {}

/** What the edges need of the world that they are in. */
export type Edges = {
  readonly database: Database;
  readonly journal: Journal;
  readonly clock: () => number;
  /** Over the network and back. */
  readonly carry: (program: Program, channel: string, sent: Sent) => Promise<Reply>;
  /** Whether a number is that of the patient of an order, by any number that it has or had. */
  isNumberOf: (order: JsonObject, number: string) => boolean;
  /** The list that answers for an integration. */
  readonly listOf: (source: string) => string;
};

/** Sends the next message of a channel. Answers whether there was one. */
export async function dispatchOne(
  edges: Edges,
  program: Program,
  channel: string,
  settles: typeof settle = settle,
): Promise<boolean> {
  const { database } = edges;
  const row = await program.step(() => {
    database.assertUp();
    return database.outbox.claim(channel, program.name, LEASE_MS);
  });
  if (row === undefined) return false;
  const sent = await program.step(() => sentOf(database, row));
  const reply = await edges.carry(program, channel, sent);
  await settles(edges, program, { row, reply });
  return reply !== "silent";
}

function sentOf(database: Database, row: OutboxRow): Sent {
  const { content } = database.records.get(row.about)!;
  return {
    message: `m${row.id}`,
    event: row.event,
    order: row.about,
    click: textOf(content["click"]),
    number: textOf(content["number"]),
  };
}

function textOf(value: JsonValue | undefined): string {
  return typeof value === "string" ? value : "";
}

/** Writes down how it went, if the claim still holds. What was not answered is tried again, for ever; its sender is told meanwhile. */
export async function settle(
  edges: Edges,
  program: Program,
  { row, reply }: { readonly row: ClaimedRow; readonly reply: Reply },
): Promise<void> {
  const { outbox } = edges.database;
  const isOver = reply !== "silent";
  const event =
    reply === "accepted" ? "transfer" : reply === "refused" || row.attempts >= GIVEN_UP_BY_NOBODY ? "fail" : null;
  try {
    await edges.journal.retried(program, async (tx) => {
      if (event !== null && row.event === "order") await stepOnWay(edges, tx, { row, event });
      tx.add(
        () => {
          if (!outbox.holds(row)) throw new LeaseLost();
        },
        () => {
          if (isOver) outbox.remove(row);
          else outbox.later(row, Math.min(SLOWEST_RETRY_MS, 1000 * 2 ** row.attempts));
        },
      );
      await tx.commit();
    });
  } catch (error) {
    if (!(error instanceof LeaseLost)) throw error;
  }
}

function stepOnWay(
  { clock, journal }: Edges,
  tx: Transaction,
  { row, event }: { readonly row: OutboxRow; readonly event: "transfer" | "fail" },
): Promise<void> {
  const { about, channel, home } = row;
  const [type = "", id = ""] = about.split("/");
  const note = event === "fail" ? "not delivered" : null;
  const said: Intent = { do: "event", about, kinds: ["order", "referral"], events: [event], to: [], note, leaves: null, through: channel }; // prettier-ignore
  const matter = { type, id, key: `${row.id} ${row.attempts}`, home, patient: null, careUnit: null, intents: [said] };
  return journal.keep(tx, { at: clock(), by: "system", unit: null, isHistory: false }, [matter]);
}

/** Takes a message in: durable, then acknowledged. The same content again is acknowledged and is nothing. */
export async function takeIn(edges: Edges, program: Program, message: Incoming): Promise<void> {
  const { database } = edges;
  await program.step(() => {
    database.assertUp();
    if (!database.inbox.known.has(message.hash)) database.inbox.add(message);
  });
}

/** Files the next message that was taken in. Answers whether there was one. */
export async function fileOne(edges: Edges, program: Program, parks: typeof park = park): Promise<boolean> {
  const { database } = edges;
  const row = await program.step(() => {
    database.assertUp();
    return database.inbox.claim(program.name, LEASE_MS);
  });
  if (row === undefined) return false;
  const order = await program.step(() => database.records.get(row.order)?.content);
  const why = row.isPoison
    ? "unreadable"
    : order === undefined
      ? "unknown order"
      : edges.isNumberOf(order, row.number)
        ? null
        : "wrong number";
  try {
    if (why !== null) await parks(edges, program, row);
    else if (order !== undefined) await file(edges, program, { row, order });
  } catch (error) {
    if (error instanceof Stale) await program.step(() => database.inbox.later(row, 1000));
    else if (!(error instanceof LeaseLost)) throw error;
  }
  return true;
}

/** What cannot be filed has an owner in the commit that says so. */
export async function park(edges: Edges, program: Program, row: InboxRow): Promise<void> {
  const fault = { type: "Incoming", id: row.hash, list: edges.listOf(row.source), risk: 1 } as const;
  await edges.journal.openFault(program, fault, (tx) => end(edges.database, tx, { row, state: "parked" }));
}

export async function file(
  edges: Edges,
  program: Program,
  { row, order }: { readonly row: InboxRow; readonly order: JsonObject },
): Promise<void> {
  const { database, journal } = edges;
  const changes = row.kind === "result" ? resultChanges(database, row, order) : statusChanges(row);
  await journal.commit(program, {
    key: `filed ${row.hash}`,
    by: `client ${row.source}`,
    unit: typeof order["unit"] === "string" ? order["unit"] : null,
    changes,
    along: (tx) => end(database, tx, { row, state: "done" }),
  });
}

function end(
  database: Database,
  tx: Transaction,
  { row, state }: { readonly row: InboxRow; readonly state: "done" | "parked" },
): void {
  tx.add(
    () => {
      if (!database.inbox.holds(row)) throw new LeaseLost();
    },
    () => database.inbox.end(row, state),
  );
}

/** The id follows from what is answered, so that two who file the same make one; what is older than what stands changes nothing. */
function resultChanges(database: Database, row: InboxRow, order: JsonObject): Change[] {
  const id = `${row.order.slice("ServiceRequest/".length)}.${row.answer}`;
  const before = database.records.get(`DiagnosticReport/${id}`);
  if (before !== undefined && Number(before.content["asOf"]) >= row.version) return [];
  const risk: Risk = row.isCritical ? 0 : row.version > 1 ? 2 : 3;
  const resource = {
    resourceType: "DiagnosticReport",
    status: row.status,
    basedOn: [{ reference: row.order }],
    performer: [{ reference: `Organization/${row.source}` }],
    asOf: row.version,
    click: `answer ${row.answer}`,
  };
  const report = { type: "DiagnosticReport", id, version: before?.version ?? 0, resource, risk };
  if (row.status === "preliminary" || order["status"] !== "active") return [report];
  const stands = database.records.get(row.order)!;
  return [
    report,
    {
      type: "ServiceRequest",
      id: row.order.slice("ServiceRequest/".length),
      version: stands.version,
      resource: { ...stands.content, status: "completed" },
    },
  ];
}

function statusChanges(row: InboxRow): Change[] {
  const resource = { resourceType: "Task", status: row.status, focus: { reference: row.order } };
  return [{ type: "Task", id: `${row.order.slice("ServiceRequest/".length)}.${row.source}`, resource }];
}
