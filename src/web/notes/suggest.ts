/** What a full stop and the beginning of a word mean in a note: a phrase, or values to pull in. Pure. SPEC WEB-WRITE-5 */
import type { Phrase, PullKind } from "../wire/notes.ts";

export type Suggestion = { readonly phrase: Phrase } | { readonly pull: PullKind };
/** What is typed after the full stop, and where that stands. */
export type Asked = { readonly typed: string; readonly from: number; readonly to: number };

const KINDS: readonly PullKind[] = ["lab", "vital", "drugs", "problems", "before"];
const MOST = 8;

/** What is asked for before the caret: a full stop that begins a word. "38.2" and "hosta." ask for nothing. */
export function askedAt(text: string, caret: number): Asked | undefined {
  const found = /(?:^|\s)\.([\p{L}\p{N}]{0,20})$/u.exec(text.slice(0, caret));
  const typed = found?.[1];
  return typed === undefined ? undefined : { typed, from: caret - typed.length - 1, to: caret };
}

/** Exact words first, then beginnings; phrases before values. */
export function suggestionsFor(
  typed: string,
  phrases: readonly Phrase[],
  shorts: Readonly<Record<PullKind, string>>,
): readonly Suggestion[] {
  const word = typed.toLocaleLowerCase("sv");
  const all = [
    ...phrases.map((phrase) => ({ short: phrase.short.toLocaleLowerCase("sv"), one: { phrase } })),
    ...KINDS.map((pull) => ({ short: shorts[pull], one: { pull } })),
  ].filter(({ short }) => short.startsWith(word));
  return all
    .toSorted((one, other) => Number(other.short === word) - Number(one.short === word))
    .slice(0, MOST)
    .map(({ one }) => one);
}

/** The text with something in the place of what was asked, and where the caret is then. */
export function withInserted(
  text: string,
  { from, to }: Pick<Asked, "from" | "to">,
  what: string,
  ownLines = false,
): { readonly text: string; readonly caret: number } {
  const [before, after] = [text.slice(0, from), text.slice(to)];
  const [start, end] = ownLines ? [before === "" || before.endsWith("\n") ? "" : "\n", after.startsWith("\n") ? "" : "\n"] : ["", ""]; // prettier-ignore
  const put = `${start}${what}${end}`;
  return { text: `${before}${put}${after}`, caret: from + put.length };
}
