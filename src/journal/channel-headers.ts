/**
 * What a subscription adds to its calls, often the receiver's password, is kept with the subscriber alone. Every version
 * shows the headers' names; the mask, sent back, stands for what is held.
 *
 * SPEC JRN-SUBSCRIPTION-4 · failure mode: a secret that everybody who reads subscriptions can use
 */
import { isJsonObject, parseJson, type JsonObject, type JsonValue } from "../fhir/index.ts";
import type { WriteTx } from "../store/index.ts";
import type { Command } from "./commands.ts";
import type { Visit } from "./context.ts";
import { subscriptionOwner } from "./subscriptions.ts";

const MASK = "***";
const NAME = /^[\w!#$%&'*+.^`|~-]+$/;

export type HiddenHeaders = {
  /** The resource as it may be shown. */
  readonly shown: JsonObject;
  /** The headers whole. */
  readonly header: readonly JsonValue[];
  /** Whether one of them is another than what is held: then the version is new, although it shows the same. */
  readonly isNew: boolean;
};

/** Hides the headers of a Subscription that is about to be written; nothing when it has none. */
export async function hideHeaders(
  tx: WriteTx,
  actor: Visit["actor"],
  { command, id, resource }: { readonly command: Command; readonly id: string; readonly resource: JsonObject },
): Promise<HiddenHeaders | undefined> {
  const { channel } = resource;
  const given = headerOf(resource);
  if (command.type !== "Subscription" || given.length === 0 || !isJsonObject(channel)) return undefined;
  const row = await tx.subscribers.one(id);
  const isSettled = command.kind === "update" && command.settlement !== undefined;
  // To others nothing is held: they are refused, and learn nothing by guessing.
  const isOwn = row !== undefined && (isSettled || row.owner === subscriptionOwner(actor));
  const held = isOwn ? headerOf(parseJson(row.content)) : [];
  const header = given.map((line, at) => (isMasked(line) ? (heldLine(given, at, held) ?? line) : line));
  const isNew = !isOwn || header.some((line, at) => line !== held[at]);
  return { shown: { ...resource, channel: { ...channel, header: given.map(masked) } }, header, isNew };
}

function headerOf(resource: JsonValue | undefined): readonly JsonValue[] {
  const channel = isJsonObject(resource) ? resource["channel"] : undefined;
  const header = isJsonObject(channel) ? channel["header"] : undefined;
  return Array.isArray(header) ? (header as readonly JsonValue[]) : [];
}

/** What is held in the place of a masked line: of several headers of a name, the one that comes as late. */
function heldLine(given: readonly JsonValue[], at: number, held: readonly JsonValue[]): JsonValue | undefined {
  const name = nameOf(given[at]);
  const before = given.slice(0, at).filter((line) => nameOf(line) === name).length;
  return held.filter((line) => nameOf(line) === name)[before];
}

function masked(line: JsonValue): JsonValue {
  if (typeof line !== "string") return line;
  const name = line.slice(0, Math.max(line.indexOf(":"), 0)).trim();
  return NAME.test(name) ? `${name}: ${MASK}` : MASK;
}

function isMasked(line: JsonValue): boolean {
  return typeof line === "string" && line.slice(line.indexOf(":") + 1).trim() === MASK;
}

/** In small letters; empty when the line is of no known form. */
function nameOf(line: JsonValue | undefined): string {
  const shown = line === undefined ? undefined : masked(line);
  return typeof shown === "string" ? shown.slice(0, -MASK.length).toLowerCase() : "";
}
