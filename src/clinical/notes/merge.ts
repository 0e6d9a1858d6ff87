/**
 * A note that is written in several windows at once: merged section by section, without a lock and without losing words. A window sends what
 * it changed together with what it had seen there; where somebody else wrote meanwhile, both texts stand until a person has chosen. Pure.
 *
 * SPEC CLIN-NOTE-DRAFT-2, CLIN-NOTE-DRAFT-3 · F34
 */
export type Pulled = {
  /** Where the line stands in the record, as `Type/id`. */
  readonly reference: string;
  /** The line as it was put in, with its mark. */
  readonly line: string;
};
/** What another window has written in the same place. */
export type Other = { readonly window: string; readonly turn: number; readonly text: string };
export type DraftSection = {
  readonly key: string;
  readonly title: string;
  readonly text: string;
  readonly pulled: readonly Pulled[];
  /** The window that wrote the text, and its how manieth call that was: a call that comes late changes nothing. */
  readonly window: string;
  readonly turn: number;
  readonly also: readonly Other[];
};
export type SectionChange = {
  readonly key: string;
  readonly title: string;
  /** The text that the window had seen there before it began to write. */
  readonly was: string;
  readonly text: string;
  readonly pulled: readonly Pulled[];
  /** Texts of other windows that whoever writes has dealt with. */
  readonly settled: readonly string[];
};
export type Writing = { readonly window: string; readonly turn: number };

/** The sections with the changes of one call; those that it does not name stay as they are. */
export function mergeSections(
  sections: readonly DraftSection[],
  changes: readonly SectionChange[],
  writing: Writing,
): readonly DraftSection[] {
  const known = new Map(sections.map((one) => [one.key, one]));
  for (const change of changes) known.set(change.key, merged(known.get(change.key), change, writing));
  return [...known.values()];
}

function merged(now: DraftSection | undefined, change: SectionChange, { window, turn }: Writing): DraftSection {
  const { key, title, text } = change;
  if (now === undefined) return { key, title, text, pulled: standing(change.pulled, [text]), window, turn, also: [] };
  const last = [now, ...now.also].find((one) => one.window === window)?.turn ?? -1;
  if (turn <= last) return now;
  // What the window wrote before is what it goes on from.
  const others = now.also.filter((one) => one.window !== window && !change.settled.includes(one.text));
  const isOthers = now.window !== window && now.text !== change.was && now.text.trim() !== "";
  const all = isOthers ? [...others, { window: now.window, turn: now.turn, text: now.text }] : others;
  const also = all.filter((one) => one.text !== text);
  const pulled = standing([...now.pulled, ...change.pulled], [text, ...also.map((one) => one.text)]);
  return { key, title, text, pulled, window, turn, also };
}

/** Those whose line still stands in one of the texts, each once. */
function standing(pulled: readonly Pulled[], texts: readonly string[]): readonly Pulled[] {
  const lines = new Set(texts.flatMap((text) => text.split("\n")));
  const once = new Map(pulled.map((one) => [`${one.reference}\n${one.line}`, one]));
  return [...once.values()].filter(({ line }) => lines.has(line));
}
