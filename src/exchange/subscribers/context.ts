/** What the work on subscribers is given. SPEC EXCH-RUN */
import { commonScopes, parseScopes, type Actor, type ClientActor } from "../../access/index.ts";
import type { JournalOptions, Visit } from "../../journal/index.ts";
import type { SubscriberRow } from "../../store/index.ts";
import type { Outbound } from "./send.ts";

export type SubscriberOptions = {
  readonly journal: JournalOptions;
  readonly outbound: Outbound;
  /** Names this server among those that send. */
  readonly worker: string;
  /** Seconds before the first retry; each next one waits twice as long, up to `longestDelay`. */
  readonly firstDelay?: number;
  readonly longestDelay?: number;
  /** Seconds by which a claim outlives its request; until then nobody sends what a server that died was sending. */
  readonly spareSeconds?: number;
  /** Hears of what failed on our side; the work is done again later. */
  readonly onFault?: (error: unknown) => void;
};

/** A UUID from the installation's random bytes. */
export function uuidOf({ random }: JournalOptions): string {
  const bytes = [...random(10), ...random(10)].slice(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = Buffer.from(bytes).toString("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

/**
 * The visit in whose name a subscriber is told: its owner, with what the owner may do at this moment, and never more than
 * what the subscription was written with. Nothing when the owner may do nothing any more.
 */
export async function visitOf(options: SubscriberOptions, row: SubscriberRow): Promise<Visit | undefined> {
  const { journal } = options;
  const stored = row.actor as (ClientActor & { readonly scope: string }) | { readonly kind: "person" };
  if (stored.kind !== "client") return undefined; // people's assignments do not reach Subscription (ACC-DECIDE-6)
  const texts = await journal.store.scopesOfClient(stored.name);
  const today = texts.flatMap((text) => parseScopes(text) ?? []);
  const scopes = commonScopes(parseScopes(stored.scope) ?? [], today);
  if (scopes.length === 0) return undefined;
  const { name, careProvider, careUnit } = stored;
  const actor: Actor = { kind: "client", name, scopes, careProvider, careUnit };
  return { ...journal, actor, request: `subscription ${row.id}` };
}

export const NO_GROUNDS = "The owner of the subscription has no valid access any more; nothing is sent until it has.";
