/**
 * How long the words of a sender's answers are, and when that suddenly changes: a sender whose answers become empty or short keeps
 * sending, so nothing else notices (1,200 blank answers did). A count for each sender and no text.
 *
 * SPEC BASE-WORDS-9 · failure mode F19
 */

/** Upper ends of the classes of length, in characters without blanks; the last class is longer. */
const ENDS = [0, 9, 49, 199, 999] as const;
/** Ends that are looked at for answers that say nothing or hardly anything; the others for answers that lose most of their words. */
const SHORT_ENDS = 2;

/** Answers of one sender in each class of length, first the empty ones. */
export type Lengths = readonly number[];

export const NO_LENGTHS: Lengths = [...ENDS, Infinity].map(() => 0);

/** The counts with one more answer. */
export function withAnswer(counts: Lengths, text: string): Lengths {
  const length = text.replaceAll(/\s+/g, "").length;
  const at = ENDS.findIndex((end) => length <= end);
  const place = at < 0 ? ENDS.length : at;
  return NO_LENGTHS.map((_, index) => (counts[index] ?? 0) + (index === place ? 1 : 0));
}

export type LengthAlarm = {
  /** The share of answers that have at most so many characters, usually and of late. */
  readonly upTo: number;
  readonly usual: number;
  readonly now: number;
};

const ENOUGH_USUAL = 50;
const ENOUGH_NOW = 8;
/** Standard errors that a share must lie above the usual one: about one false alarm in 15,000 looks at one sender. */
const ERRORS = 4;
/** The median has fallen when half of the answers are as short as at most a quarter usually are; that is asked of more answers. */
const HALF = 0.5;
const QUARTER = 0.25;
const ENOUGH_FOR_MEDIAN = 20;

/**
 * An alarm when of late more of a sender's answers are empty, short, or shorter than they usually are than chance explains; nothing as long
 * as too few have come to tell.
 */
export function lengthAlarm(usual: Lengths, now: Lengths): LengthAlarm | undefined {
  const [before, late] = [sum(usual), sum(now)];
  if (before < ENOUGH_USUAL || late < ENOUGH_NOW) return undefined;
  for (const [at, upTo] of ENDS.entries()) {
    const [shortBefore, shortNow] = [sum(usual.slice(0, at + 1)), sum(now.slice(0, at + 1))];
    const expected = (shortBefore + 1) / (before + 2);
    const error = Math.sqrt((expected * (1 - expected)) / late);
    const share = shortNow / late;
    const isMore = share - expected > ERRORS * error && shortNow > 2;
    const isHalf = late >= ENOUGH_FOR_MEDIAN && share >= HALF && expected <= QUARTER;
    if (isMore && (at < SHORT_ENDS || isHalf)) return { upTo, usual: shortBefore / before, now: share };
  }
  return undefined;
}

/** The class of one answer, to be counted later. */
export function lengthClass(text: string): number {
  return withAnswer(NO_LENGTHS, text).indexOf(1);
}

function sum(counts: Lengths): number {
  return counts.reduce((total, one) => total + one, 0);
}
