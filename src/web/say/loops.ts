/**
 * How something in motion is shown: the colour of its word, which is green only when somebody has taken it over, how long it has left,
 * and in which order rows stand.
 *
 * SPEC WEB-SENT-1 · WEB-INBOX-1 · failure modes F3
 */
import type { Kind, LoopRow, State } from "../wire/loops.ts";

export type Tone = "plain" | "alarm" | "warn" | "calm" | "note";

/** From here on a named person or unit has it, or it is done. */
const IN_HANDS: ReadonlySet<State> = new Set(["taken-over", "booked", "answered", "acted-on"]);
const BACK: ReadonlySet<State> = new Set(["returned", "failed"]);

/** The colour of a state's word. Having been read is an end for a letter, and for nothing else. */
export function toneOf(kind: Kind, state: State): Tone {
  if (IN_HANDS.has(state) || (state === "read" && kind === "letter")) return "calm";
  if (BACK.has(state)) return "alarm";
  if (state === "completion-asked") return "warn";
  return state === "received" || state === "read" ? "note" : "plain";
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

export type Left = {
  readonly isLate: boolean;
  readonly unit: "minutes" | "hours" | "days";
  readonly count: number;
};

/** How long it is to a deadline, or since it: minutes to an hour, hours to two days, then days. */
export function leftTo(deadline: string, now: number): Left {
  const ms = Date.parse(deadline) - now;
  const far = Math.abs(ms);
  const isLate = ms < 0;
  if (far < HOUR) return { isLate, unit: "minutes", count: Math.max(1, Math.round(far / MINUTE)) };
  if (far < 2 * DAY) return { isLate, unit: "hours", count: Math.round(far / HOUR) };
  return { isLate, unit: "days", count: Math.round(far / DAY) };
}

export function isLate({ deadline }: Pick<LoopRow, "deadline">, now: number): boolean {
  return deadline !== null && Date.parse(deadline) < now;
}

/** Those first that do most harm, and of these those that have the least time. */
export function byRisk(one: LoopRow, other: LoopRow): number {
  const at = ({ deadline }: LoopRow): number => (deadline === null ? Infinity : Date.parse(deadline));
  return one.risk - other.risk || at(one) - at(other) || (one.id < other.id ? -1 : 1);
}

/** The step that brings it further, of those that the reader may take. */
const STEPS: readonly string[] = ["act", "take-over", "complete", "resend", "book", "close"];

export function nextStep({ can, kind, state }: LoopRow): string | undefined {
  if (kind === "signature" && state === "created") return SIGN;
  const wanted = kind === "order" || kind === "referral" || kind === "call" ? STEPS.slice(1) : STEPS;
  return wanted.find((one) => can.includes(one) && !(one === "close" && state === "received"));
}

/** Not a step that is taken here: the note is signed. */
const SIGN = "sign";

/** What was done about an answer, as it is kept; the first is what `s` means for one without deviations. */
export const ACTIONS = ["none", "informed", "treatment", "follow-up", "referral"] as const;
export type Action = (typeof ACTIONS)[number];

/** The words that an action is kept under, which `actionIn` knows again. */
export function noteOf(action: Action, words = ""): string {
  return words.trim() === "" ? `action:${action}` : `action:${action} ${words.trim()}`;
}

export function actionIn(note: string | null): { readonly action: Action | undefined; readonly words: string } {
  const [, name, words = ""] = /^action:([a-z-]+)(?: (.*))?$/s.exec(note ?? "") ?? [];
  const action = ACTIONS.find((one) => one === name);
  return action === undefined ? { action, words: note ?? "" } : { action, words };
}
