/**
 * What opens a patient's records, in words: what places are called, what is hidden, what could open it, and until when.
 *
 * SPEC WEB-SOURCES · HSLF-FS 2016:40 4 kap. (active choice)
 */
import type { CareFact, CareState, Closed, HiddenPlace, Opening, Place } from "../wire/care.ts";

type PlaceWords = { readonly unnamed: string; readonly ofProvider: (unit: string, provider: string) => string };

/** What a place is called: the unit, and its care provider when that is not one's own. */
export function namePlace(
  { careProvider, careUnit }: Place,
  { names, ownProvider }: { readonly names: CareState["names"]; readonly ownProvider: string | undefined },
  words: PlaceWords,
): string {
  const provider = names[careProvider] ?? careProvider;
  if (careUnit === null) return provider;
  const unit = careUnit === "-" ? words.unnamed : (names[careUnit] ?? careUnit);
  return careProvider === ownProvider ? unit : words.ofProvider(unit, provider);
}

export function keyOf({ careProvider, careUnit }: Place): string {
  return `${careProvider} ${careUnit ?? "*"}`;
}

/** What is hidden for the same reason, with its places; a block names none. */
export type HiddenGroup = Closed & { readonly places: readonly Place[]; readonly isBlock: boolean };

export function hiddenGroups(hidden: readonly HiddenPlace[]): readonly HiddenGroup[] {
  const groups = new Map<string, HiddenGroup>();
  for (const { place, ...closed } of hidden) {
    const key = `${closed.rule} ${closed.sentence} ${closed.openings.join(" ")}`;
    const before = groups.get(key)?.places ?? [];
    groups.set(key, { ...closed, isBlock: isBlock(closed), places: place === null ? before : [...before, place] });
  }
  return [...groups.values()];
}

/** What every list says of what it does not show: at how many units, or that something is somewhere; nothing of blocks, which are said apart. */
export function hiddenCount(state: CareState): number | "somewhere" | undefined {
  const hidden = state.hidden.filter((one) => !isBlock(one));
  if (hidden.some(({ place }) => place === null)) return "somewhere";
  const count = new Set(hidden.flatMap(({ place }) => (place === null ? [] : [keyOf(place)]))).size;
  return count === 0 ? undefined : count;
}

function isBlock({ rule }: { readonly rule: string }): boolean {
  return rule.startsWith("ACC-BLOCK");
}

/** What is done first, and what has to be done after it; an emergency opens at once what consent would. */
export function stepsOf(openings: readonly Opening[]): {
  readonly now: readonly Opening[];
  readonly later: readonly Opening[];
} {
  const first = openings.find((one) => one !== "emergency-access");
  const now = openings.filter((one) => one === first || one === "emergency-access");
  return { now, later: openings.filter((one) => !now.includes(one)) };
}

/** The choice that opened a place, which can be ended. */
export function choiceOf(place: Place, facts: readonly CareFact[]): CareFact | undefined {
  return facts.find((fact) => fact.kind === "choice" && fact.source !== null && keyOf(fact.source) === keyOf(place));
}

/** When the next of the facts, or of what is open, ends (milliseconds since 1970), after `now`. */
export function nextEnd({ facts, open }: Pick<CareState, "facts" | "open">, now: number): number | undefined {
  const ends = [...facts, ...open]
    .flatMap(({ until }) => (until === null ? [] : [Date.parse(until)]))
    .filter((end) => end >= now);
  return ends.length === 0 ? undefined : Math.min(...ends);
}
