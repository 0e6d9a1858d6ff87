/**
 * Whose a subscription is, written down in the commit that makes it: notifications go out on the grounds of whoever
 * wrote it last, so nobody else may change where they go.
 *
 * SPEC JRN-SUBSCRIPTION
 */
import type { Actor } from "../access/index.ts";
import {
  fhirError,
  fhirErrorWith,
  isFhirId,
  isJsonObject,
  parseJson,
  writeJson,
  type JsonValue,
} from "../fhir/index.ts";
import { MOST_SUBSCRIPTIONS, type Change, type SubscriberRow, type WriteTx } from "../store/index.ts";
import { authorize, recordRefusal } from "./authorize.ts";
import type { Command, Written } from "./commands.ts";
import { groundText, logEntry, OUT_OF_REACH, type Visit } from "./context.ts";
import { disclose, type Disclosed } from "./disclosed.ts";

type RecordedBatch = {
  readonly visit: Visit;
  readonly commands: readonly Command[];
  /** What is hidden in the versions, by the subscription's id. */
  readonly headers: ReadonlyMap<string, { readonly header: readonly JsonValue[] }>;
};

/** Writes down each subscription among what was changed. Errors: FORBIDDEN for one that belongs to somebody else. */
export async function recordSubscriptions(
  tx: WriteTx,
  { visit, commands, headers }: RecordedBatch,
  written: readonly Written[],
  changes: readonly Change[],
): Promise<void> {
  for (const { type, id, version, method } of changes) {
    if (type !== "Subscription") continue;
    const at = written.findIndex((one) => one.type === type && one.id === id);
    const command = commands[at];
    if (method === "delete") await remove(tx, visit.actor, id);
    else if (command?.kind === "update" && command.settlement !== undefined)
      await tx.subscribers.settle(id, version, command.settlement);
    else {
      const content = withHeaders(written[at]?.content ?? "", headers.get(id)?.header);
      await record(tx, visit.actor, { id, version, content });
    }
  }
}

/** The text of a Subscription with its headers whole, for the subscriber's own row. */
function withHeaders(content: string, header: readonly JsonValue[] | undefined): string {
  if (header === undefined) return content;
  const resource = parseJson(content);
  if (!isJsonObject(resource) || !isJsonObject(resource["channel"])) return content;
  return writeJson({ ...resource, channel: { ...resource["channel"], header } });
}

/** With it goes what waits for its owner, who alone may give that up. */
async function remove(tx: WriteTx, actor: Actor, id: string): Promise<void> {
  const row = await tx.subscribers.one(id);
  if (row !== undefined && row.owner !== subscriptionOwner(actor)) throw belongsToOther();
  await tx.subscribers.remove(id);
}

async function record(
  tx: WriteTx,
  actor: Actor,
  { id, version, content }: Pick<Written, "id" | "version" | "content">,
): Promise<void> {
  const row = {
    id,
    owner: subscriptionOwner(actor),
    actor: storedActor(actor),
    written: version,
    content: content ?? "",
  };
  if ((await tx.subscribers.one(id)) === undefined && (await tx.subscribers.isFull(row.owner))) throw tooMany();
  if (!(await tx.subscribers.record(row))) throw belongsToOther();
}

/** Whose subscriptions an actor's are: a machine client's own, or those of a person's assignment. */
export function subscriptionOwner(actor: Actor): string {
  return actor.kind === "person" ? `assignment ${actor.assignment.id}` : `${actor.kind} ${actor.name}`;
}

/**
 * Answers what the owner asks about its own subscription; to everybody else it is as if there were none. Errors:
 * FORBIDDEN, NOT_FOUND.
 */
export async function askSubscription<T>(
  visit: Visit,
  { id, what }: { readonly id: string; readonly what: string },
  work: (row: SubscriberRow, tx: WriteTx) => Promise<T>,
): Promise<Disclosed<T>> {
  const asked = `Subscription/${id}/${what}`;
  const grounds = await authorize(visit, "read", "Subscription", asked);
  const answer = await visit.store.write("*", async (tx) => {
    const row = isFhirId(id) ? await tx.subscribers.one(id) : undefined;
    return row?.owner === subscriptionOwner(visit.actor) ? { value: await work(row, tx) } : undefined;
  });
  if (answer === undefined) {
    await recordRefusal(visit, "operation", OUT_OF_REACH, [asked]);
    throw fhirError("NOT_FOUND");
  }
  const act = { action: "operation", outcome: "granted", ground: groundText(grounds) } as const;
  await visit.store.recordAccess([logEntry(visit, act, { home: 0, patient: null, what: [asked] })]);
  return disclose(answer.value);
}

/** The same of all of an actor's own subscriptions. Errors: FORBIDDEN. */
export async function askSubscriptions<T>(
  visit: Visit,
  what: string,
  work: (row: SubscriberRow, tx: WriteTx) => Promise<T>,
): Promise<Disclosed<readonly T[]>> {
  const asked = `Subscription/${what}`;
  const grounds = await authorize(visit, "search", "Subscription", asked);
  const answers = await visit.store.write("*", async (tx) => {
    const rows = await tx.subscribers.all();
    const own = rows.filter(({ owner }) => owner === subscriptionOwner(visit.actor));
    return Promise.all(own.map((row) => work(row, tx)));
  });
  const act = { action: "operation", outcome: "granted", ground: groundText(grounds) } as const;
  await visit.store.recordAccess([logEntry(visit, act, { home: 0, patient: null, what: [asked] })]);
  return disclose(answers);
}

/** Sets do not survive JSON. */
function storedActor(actor: Actor): unknown {
  if (actor.kind !== "client") return actor;
  const scope = actor.scopes.map(({ type, verbs }) => `system/${type}.${VERBS.filter((v) => verbs.has(v)).join("")}`);
  return { ...actor, scopes: undefined, scope: scope.join(" ") };
}

const VERBS = ["c", "r", "u", "d", "s"] as const;

function tooMany(): Error {
  return fhirErrorWith("FORBIDDEN", [
    {
      severity: "error",
      code: "too-costly",
      sv: `En klient får ha högst ${MOST_SUBSCRIPTIONS} prenumerationer.`,
      en: `A client may have at most ${MOST_SUBSCRIPTIONS} subscriptions.`,
    },
  ]);
}

function belongsToOther(): Error {
  return fhirErrorWith("FORBIDDEN", [
    {
      severity: "error",
      code: "forbidden",
      sv: "Prenumerationen tillhör ett annat system. Bara det får ändra eller ta bort den.",
      en: "The subscription belongs to another client, which alone may change or remove it.",
    },
  ]);
}
