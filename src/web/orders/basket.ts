/**
 * The basket's own rules, pure: what an item begins with, what is already covered, what one searches among, and what was ordered lately.
 *
 * SPEC WEB-ORDER-2, WEB-ORDER-3, WEB-ORDER-5
 */
import type { Basket, Catalogue, Orderable, OrderLine, OrderSet, Recent, SetLine, Source } from "../wire/orders.ts";

export type Mode = "order" | "referral";
/** What can be picked: a set, or one item. */
export type Pick = { readonly set: OrderSet; readonly items: readonly Orderable[] } | { readonly item: Orderable };

/** What a line begins with: the first receiver, and of a referral what the record says. */
export function lineOf(item: Orderable, { priority, question }: Partial<SetLine>, basket: Basket): OrderLine {
  const [receiver] = item.receivers; // the catalogue's first is the usual one
  const isReferral = item.category !== "laboratory";
  return {
    item: item.id,
    version: item.version,
    receiver: receiver?.reference ?? "",
    goesTo: receiver?.goesTo?.list ?? null,
    priority: priority ?? "routine",
    when: null,
    question: question ?? "",
    history: isReferral ? historyFrom(basket.sources) : "",
    contact: isReferral ? contactFrom(basket.sources) : "",
    attached: [],
  };
}

/** The lines with those of a pick that they do not have already, by item or as part of a panel. */
export function withPicked(
  lines: readonly OrderLine[],
  pick: Pick,
  { catalogue, basket }: Known,
): readonly OrderLine[] {
  const all = [...lines];
  for (const { item, line } of wantedBy(pick))
    if (!isCovered(item, all, catalogue)) all.push(lineOf(item, line, basket));
  return all.length === lines.length ? lines : all;
}

function wantedBy(pick: Pick): readonly { readonly item: Orderable; readonly line: Partial<SetLine> }[] {
  if ("item" in pick) return [{ item: pick.item, line: {} }];
  return pick.set.lines.flatMap((line) => {
    const item = pick.items.find(({ url }) => url === line.item);
    return item === undefined ? [] : [{ item, line }];
  });
}

export type Known = { readonly catalogue: Catalogue; readonly basket: Basket };

/** An analysis is in the basket by itself or in a panel. */
export function isCovered(item: Orderable, lines: readonly OrderLine[], { items }: Catalogue): boolean {
  const there = lines.flatMap((line) => items.find(({ id }) => id === line.item) ?? []);
  return there.some(({ id, parts }) => id === item.id || parts.some(({ key }) => key === item.key));
}

/** What the record says of the patient's problems and allergies, a line each. What it does not say is not said. */
function historyFrom(sources: readonly Source[]): string {
  const said = (kind: Source["kind"]): string => sources.filter((one) => one.kind === kind).map(({ text }) => text).join(", "); // prettier-ignore
  const parts = [["Aktuella diagnoser", said("problem")], ["Överkänslighet", said("allergy")]] as const; // prettier-ignore
  return parts.flatMap(([name, text]) => (text === "" ? [] : [`${name}: ${text}.`])).join("\n");
}

function contactFrom(sources: readonly Source[]): string {
  return sources.flatMap(({ kind, text }) => (kind === "language" ? [text] : kind === "phone" ? [`telefon ${text}`] : [])).join(", "); // prettier-ignore
}

/** What was ordered or answered lately of what a line asks for, the newest first. */
export function recentOf({ key, parts }: Orderable, recent: readonly Recent[]): readonly Recent[] {
  const keys = new Set([key, ...parts.map((one) => one.key)]);
  return recent.filter((one) => keys.has(one.key)).toSorted((one, other) => (one.at < other.at ? 1 : -1));
}

/** Sets first, then items; those that begin with what is typed before those that have it somewhere. */
export function picksFor({ items, sets }: Catalogue, typed: string, mode: Mode): readonly Pick[] {
  const words = typed.toLocaleLowerCase("sv").split(/\s+/).filter(Boolean);
  const fits = (one: Orderable): boolean => (mode === "order" ? one.category !== "consultation" : one.category !== "laboratory"); // prettier-ignore
  const ranked = <T extends { readonly title: string }>(all: readonly T[]): readonly T[] =>
    all
      .flatMap((one) => {
        const rank = rankOf(one.title, words);
        return rank === undefined ? [] : [{ one, rank: rank + (words.length === 0 ? rareness(one) : 0) }];
      })
      .toSorted((one, other) => one.rank - other.rank || one.one.title.localeCompare(other.one.title, "sv"))
      .map(({ one }) => one);
  const known = sets.flatMap((set) => {
    const own = set.lines.flatMap((line) => items.find(({ url }) => url === line.item) ?? []);
    return own.length > 0 && own.every(fits) ? [{ set, items: own, title: set.title }] : [];
  });
  return [...ranked(known).map(({ set, items: own }) => ({ set, items: own })), ...ranked(items.filter(fits)).map((item) => ({ item }))]; // prettier-ignore
}

/** What is chosen without a word typed: examinations stand before consultations. */
function rareness(one: object): number {
  return "category" in one && one.category === "consultation" ? 1 : 0;
}

/** 0 begins with it, 1 has a word that begins with it, 2 has it; each word must be there. */
function rankOf(title: string, words: readonly string[]): number | undefined {
  const text = title.toLocaleLowerCase("sv");
  const own = text.split(/[^\p{L}\p{N}]+/u);
  if (!words.every((word) => text.includes(word))) return undefined;
  if (words.every((word) => text.startsWith(word) || own.includes(word))) return 0;
  return words.every((word) => own.some((one) => one.startsWith(word))) ? 1 : 2;
}

/** What a line still needs before it can be sent. */
export function missingIn(line: OrderLine, item: Orderable): readonly ("question" | "history" | "contact")[] {
  return item.needs.filter((need) => line[need].trim() === "");
}
