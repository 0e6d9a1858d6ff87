/**
 * Whether what a message says is news of what stands here. A newer answer makes a new version; the same one again, or an older one that
 * was late, changes nothing; two different ones that claim to be the same version are for a person to look at.
 * SPEC EXCH-MAP-VERSION · failure modes F16, F18
 */
import { createHash } from "node:crypto";
import { hash64Text, homeOf, newId, timeOfId } from "../../base/index.ts";
import { isJsonArray, writeJson, type JsonArray, type JsonObject, type JsonValue } from "../../fhir/index.ts";
import type { Command, Owner } from "../../journal/index.ts";
import { NotMapped } from "./exceptions.ts";
import { objectIn, objectsIn, textIn } from "./json.ts";
import { SET_SYSTEM, SET_VERSION } from "./tables/index.ts";
import { momentOf } from "./time.ts";

export const AS_OF_SYSTEM = "urn:eira:hl7v2:gallde";

/** Where a resource was made from: who sent the message, its control id, and when what it says held. */
export type Origin = {
  readonly source: string;
  readonly asOf: string;
  /** Whether the message gave what it says a time of its own, or only says when it was sent. */
  readonly isDated: boolean;
  readonly place: string;
};

/** A resource as a message says it is, and what stands here under its id. */
export type News = {
  readonly next: JsonObject;
  readonly before: JsonObject | undefined;
  readonly origin: Origin;
  /** What the message itself says, where `next` also has what stood here; the same words again are the same message. */
  readonly says?: string;
};

export type Standing = "new" | "newer" | "same" | "older";

const RANK: Readonly<Record<string, number>> = {
  registered: 0,
  preliminary: 1,
  partial: 1,
  corrected: 3,
  cancelled: 3,
  "entered-in-error": 3,
};
const SETTLED = 2;
const RESULTS: ReadonlySet<JsonValue | undefined> = new Set(["DiagnosticReport", "Observation"]);

function rankOf({ status }: JsonObject): number {
  return RANK[textIn(status) ?? ""] ?? SETTLED;
}

/** How what a message says stands to what is here. @throws NotMapped for what cannot be told apart, or would go backwards. */
export function standingOf(news: News): Standing {
  const { next, before, origin } = news;
  if (before === undefined) return "new";
  const told = toldIn(before);
  if (told?.["version"] === digestOf(news)) return "same";
  const [then, now] = [momentOf(textIn(told?.["code"])), momentOf(origin.asOf)];
  if (now < then) return "older";
  if (!RESULTS.has(next["resourceType"])) return "newer";
  if (rankOf(before) >= SETTLED && rankOf(next) < SETTLED) {
    if (!origin.isDated) return "older"; // sent again without a time of its own: what was said before it was settled
    throw new NotMapped("status-backwards", origin.place);
  }
  if (now > then || Number.isNaN(then)) return "newer";
  if (rankOf(next) === rankOf(before)) throw new NotMapped("same-version", origin.place);
  return rankOf(next) > rankOf(before) ? "newer" : "older";
}

/** The tag that tells what a message said here last: when it held (code), and a digest of it (version). */
function toldIn(resource: JsonObject): JsonObject | undefined {
  return objectsIn(objectIn(resource["meta"])["tag"]).find(({ system }) => system === AS_OF_SYSTEM);
}

function digestOf({ next, says: words }: News): string {
  if (words !== undefined) return hash64Text(words);
  const { meta: _meta, issued: _issued, lastModified: _lastModified, ...says } = next;
  return hash64Text(writeJson(says));
}

/**
 * The command that writes what a message says over what stands here, on condition that it still stands. `more` is what stands here beside
 * what the message says of it.
 */
export function writeOver(news: News, owner: Owner, more: JsonObject = {}): Command {
  const { next, before } = news;
  const [type, id] = [textIn(next["resourceType"]) ?? "", textIn(next["id"]) ?? ""];
  const resource = { ...next, ...more, meta: metaOf(news) };
  const shared = { kind: "update", type, id, resource, where: type, owner } as const;
  if (before === undefined) return { ...shared, onlyIfAbsent: true };
  const version = textIn(objectIn(before["meta"])["versionId"]);
  return version === undefined ? shared : { ...shared, ifMatch: version };
}

/** The message, the version of the tables, and what was said when, beside the labels that stand here. */
function metaOf(news: News): JsonObject {
  const { before, origin } = news;
  const { versionId: _v, lastUpdated: _l, tag, ...kept } = objectIn(before?.["meta"]);
  const others = objectsIn(tag).filter(({ system }) => system !== SET_SYSTEM && system !== AS_OF_SYSTEM);
  const tables = { system: SET_SYSTEM, code: SET_VERSION };
  const told = { system: AS_OF_SYSTEM, version: digestOf(news), code: origin.asOf };
  return { ...kept, source: origin.source, tag: [...others, tables, told] };
}

/**
 * The id of what is made from messages about something: the same whichever of them comes first, so that two at once never make two.
 * @param anchor the resource that it belongs to; with its time the id sorts.
 */
export function derivedId(patient: string, anchor: string, ...key: readonly string[]): string {
  const bytes = createHash("sha256")
    .update([anchor, ...key].join("\u0000"))
    .digest();
  return newId(homeOf(patient), timeOfId(anchor.slice(anchor.indexOf("/") + 1)) ?? 0, bytes);
}

/** Both lists without doubles, what was there first. */
export function union(before: JsonValue | undefined, next: JsonValue | undefined): JsonArray {
  const all = [...(isJsonArray(before) ? before : []), ...(isJsonArray(next) ? next : [])];
  const texts = all.map((one) => writeJson(one));
  return all.filter((_, at) => texts.indexOf(texts[at] ?? "") === at);
}

/** Whether it is to be written. @throws NotMapped as `standingOf` does. */
export function isNews(news: News): boolean {
  const found = standingOf(news);
  return found === "new" || found === "newer";
}

/** The time that a resource was last told of, if a message did. */
export function lastTold(resource: JsonObject): string | undefined {
  return textIn(toldIn(resource)?.["code"]);
}
