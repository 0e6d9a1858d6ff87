/**
 * What changed between two texts, and which of it may turn the meaning round: between dictation and draft, before signing, when a note or
 * an answer was corrected, between what was signed and what arrived.
 *
 * SPEC BASE-WORDS-5 to BASE-WORDS-8 · failure modes F17, F18
 */
import { canonicalWords } from "./seal.ts";
import { tokensOf, type Token, type TokenClass } from "./tokens.ts";
import { DENYING_STARTS } from "./vocabulary.ts";

/** A stretch that both texts have, that was taken out of the first, or that came into the second. */
export type Piece = {
  readonly kind: "same" | "out" | "in";
  readonly text: string;
  /** Of what changed: what the change touches. Stretches of different touches stand apart. */
  readonly touches: TokenClass;
  /** Where it begins in the text that it stands in, in UTF-16 units of its canonical form; of `same` in the first. */
  readonly start: number;
};

/** Touches that can turn the meaning round, the gravest first. */
export const CRITICAL = ["negation", "side", "number"] as const;
export type Critical = (typeof CRITICAL)[number];

export type Comparison = {
  readonly pieces: readonly Piece[];
  /** How many pieces changed of each kind; what only moved blanks and punctuation is in none. */
  readonly critical: { readonly [touch in Critical]: number };
  /** Pieces in which at least one whole word came, went or became another, the critical ones included. */
  readonly words: number;
};

/** More cells than this are not compared one by one: what lies between the common ends is told as taken out and put in. */
const MOST_CELLS = 4_000_000;

/** Compares two texts in their canonical forms. Takes time and memory within a bound whatever the texts are. */
export function compareWords(before: string, after: string): Comparison {
  const [old, now] = [tokensOf(canonicalWords(before)), tokensOf(canonicalWords(after))];
  const pieces = joined(withInversions(steps(old, now)));
  const changed = pieces.filter(({ kind }) => kind !== "same");
  const count = (touch: TokenClass): number => changed.filter(({ touches }) => touches === touch).length;
  const critical = { negation: count("negation"), side: count("side"), number: count("number") };
  return { pieces, critical, words: critical.negation + critical.side + critical.number + count("word") };
}

/** Whether a stretch may turn the meaning round. */
export function isCritical({ kind, touches }: Piece): boolean {
  return kind !== "same" && (CRITICAL as readonly string[]).includes(touches);
}

type Step = { readonly kind: Piece["kind"]; readonly token: Token; readonly touches: TokenClass };

function steps(old: readonly Token[], now: readonly Token[]): Step[] {
  let from = 0;
  while (from < old.length && from < now.length && isSame(old[from], now[from])) from += 1;
  let behind = 0;
  while (
    behind < old.length - from &&
    behind < now.length - from &&
    isSame(old[old.length - 1 - behind], now[now.length - 1 - behind])
  )
    behind += 1;
  const [middle, middleNow] = [old.slice(from, old.length - behind), now.slice(from, now.length - behind)];
  const between =
    (middle.length + 1) * (middleNow.length + 1) > MOST_CELLS
      ? [...middle.map((token) => step("out", token)), ...middleNow.map((token) => step("in", token))]
      : leastSteps(middle, middleNow);
  return [
    ...old.slice(0, from).map((token) => step("same", token)),
    ...between,
    ...old.slice(old.length - behind).map((token) => step("same", token)),
  ];
}

/** By the longest common subsequence. */
function leastSteps(old: readonly Token[], now: readonly Token[]): Step[] {
  const width = now.length + 1;
  const common = new Uint32Array((old.length + 1) * width);
  for (let i = old.length - 1; i >= 0; i -= 1)
    for (let j = now.length - 1; j >= 0; j -= 1)
      common[i * width + j] = isSame(old[i], now[j])
        ? common[(i + 1) * width + j + 1]! + 1
        : Math.max(common[(i + 1) * width + j]!, common[i * width + j + 1]!);
  const found: Step[] = [];
  let [i, j] = [0, 0];
  while (i < old.length || j < now.length) {
    const [gone, come] = [old[i], now[j]];
    if (gone !== undefined && isSame(gone, come)) {
      found.push(step("same", gone));
      i += 1;
      j += 1;
    } else if (
      gone !== undefined &&
      (come === undefined || common[(i + 1) * width + j]! >= common[i * width + j + 1]!)
    ) {
      found.push(step("out", gone));
      i += 1;
    } else if (come !== undefined) {
      found.push(step("in", come));
      j += 1;
    }
  }
  return found;
}

function isSame(one: Token | undefined, other: Token | undefined): boolean {
  return one?.text === other?.text;
}

function step(kind: Piece["kind"], token: Token): Step {
  return { kind, token, touches: token.touches };
}

/** förändrad and oförändrad: in one stretch of changes, a word that is another one with a beginning that denies it. */
function withInversions(all: readonly Step[]): Step[] {
  const found = [...all];
  for (let from = 0; from < found.length;) {
    let to = from;
    while (to < found.length && isWithin(found, to)) to += 1;
    if (to > from) invertIn(found, from, to);
    from = to + 1;
  }
  return found;
}

/** Part of a stretch of changes: a change, or a blank between two. */
function isWithin(all: readonly Step[], at: number): boolean {
  const { kind, touches } = all[at]!;
  return kind !== "same" || (touches === "blank" && all[at + 1] !== undefined && all[at + 1]!.kind !== "same");
}

const LONGEST_STRETCH = 400;

function invertIn(all: Step[], from: number, to: number): void {
  if (to - from > LONGEST_STRETCH) return;
  const wordsOf = (kind: "out" | "in"): number[] => {
    const places: number[] = [];
    for (let at = from; at < to; at += 1) if (all[at]!.kind === kind && all[at]!.touches === "word") places.push(at);
    return places;
  };
  const come = wordsOf("in");
  for (const gone of wordsOf("out"))
    for (const other of come)
      if (isInversion(all[gone]!.token.text, all[other]!.token.text))
        for (const at of [gone, other]) all[at] = { ...all[at]!, touches: "negation" };
}

function isInversion(one: string, other: string): boolean {
  const [short = "", long = ""] = [one.toLowerCase(), other.toLowerCase()].toSorted((a, b) => a.length - b.length);
  return short.length > 2 && DENYING_STARTS.some((start) => long === start + short);
}

function joined(all: readonly Step[]): Piece[] {
  const pieces: { kind: Piece["kind"]; text: string; touches: TokenClass; start: number }[] = [];
  for (const { kind, token, touches } of all) {
    const last = pieces.at(-1);
    if (last !== undefined && last.kind === kind && (kind === "same" || last.touches === touches))
      last.text += token.text;
    else pieces.push({ kind, text: token.text, touches: kind === "same" ? "blank" : touches, start: token.start });
  }
  return pieces;
}
