/**
 * The national state of a request (KV Status framställan), told from its loop and the steps that it has taken, and what a national message
 * means when it comes: a step, nothing, or an error. Pure.
 *
 * SPEC CLIN-REFERRAL · TKB clinicalprocess:activity:request 1.0 · urn:oid:1.2.752.129.2.2.2.43
 */
import { isEnd, stepOf, type EventName, type Loop } from "../../loop/index.ts";

export const NATIONAL_SYSTEM = "urn:oid:1.2.752.129.2.2.2.43";
export const NATIONAL = {
  "1": "skickad",
  "2": "mottagen",
  "3": "vidareskickad",
  "4": "bedömd",
  "5": "komplettering begärd",
  "6": "besvarad",
  "7": "svar mottaget",
} as const;
export type NationalCode = keyof typeof NATIONAL;

/** How a request stands to the world outside; `ended`: by whom it was taken from the lists without an answer. */
export type NationalStatus = {
  readonly code: NationalCode;
  /** It came back unanswered, which the national words have no state for: an answer that says no. */
  readonly isReturned: boolean;
  /** Its sender has withdrawn or closed it. */
  readonly isWithdrawn: boolean;
};

type Stood = Pick<Loop, "state">;
type Step = { readonly event: string };

/** What has been read has been received; correcting an answer makes it unread again. */
const ANSWER_READ: ReadonlySet<string> = new Set(["read", "acted-on"]);

/** The status by the loop of a request, its steps from first to last, and the loop of its answer. */
export function nationalStatus(loop: Stood, steps: readonly Step[], answer: Stood | undefined): NationalStatus {
  const isWithdrawn = loop.state === "cancelled" || loop.state === "mistaken" || loop.state === "closed";
  return { code: codeOf(loop, steps, answer), isReturned: loop.state === "returned", isWithdrawn };
}

function codeOf(loop: Stood, steps: readonly Step[], answer: Stood | undefined): NationalCode {
  switch (loop.state) {
    case "received":
      return isForwarded(steps) ? "3" : "2";
    case "taken-over":
    case "booked":
      return "4";
    case "completion-asked":
      return "5";
    case "returned":
      return "6";
    case "answered":
      // Without an answer of its own it was its sender who said that it is done.
      return answer === undefined || ANSWER_READ.has(answer.state) ? "7" : "6";
    default:
      return lastKnown(steps);
  }
}

const PLACED: ReadonlySet<string> = new Set([
  "open",
  "receive",
  "forward",
  "complete",
  "take-over",
  "reopen",
  "resend",
]);

/** It was sent on, and nobody has assessed it there. */
export function isForwarded(steps: readonly Step[]): boolean {
  return steps.findLast(({ event }) => PLACED.has(event))?.event === "forward";
}

/** What was withdrawn stands where it stood; what never came further was sent. */
function lastKnown(steps: readonly Step[]): NationalCode {
  const codes: Readonly<Record<string, NationalCode>> = {
    open: "1",
    resend: "1",
    reopen: "1",
    receive: "2",
    complete: "2",
    forward: "3",
    "take-over": "4",
    "ask-completion": "5",
    return: "6",
    answer: "6",
  };
  const last = steps.findLast(({ event }) => event in codes)?.event ?? "open";
  return codes[last] ?? "1";
}

/** A message of the national contract: a request or an addition to it, or what became of it. */
export type NationalMessage = {
  readonly kind: "receive" | "assess" | "forward" | "ask-completion" | "complete" | "answer" | "return";
  /** The unit that it comes from. */
  readonly from: string;
  /** Names the message: the same one twice is one. */
  readonly key: string;
};

export type Judgement =
  | { readonly step: EventName }
  | { readonly tolerated: "duplicate" | "wrong-time" }
  | { readonly error: "not-the-sender" | "after-assessment" };

const STEP: Readonly<Record<Exclude<NationalMessage["kind"], "complete">, EventName>> = {
  receive: "receive",
  assess: "take-over",
  forward: "forward",
  "ask-completion": "ask-completion",
  answer: "answer",
  return: "return",
};

/** What a message means for a request where it stands. Whatever comes at the wrong time is information, and no fault. */
export function judgeMessage(
  loop: Pick<Loop, "kind" | "state" | "sender">,
  steps: readonly (Step & { readonly key: string | null })[],
  { kind, from, key }: NationalMessage,
): Judgement {
  if (steps.some((step) => step.key === key)) return { tolerated: "duplicate" };
  if (kind === "complete") return judgeAddition(loop, steps, from);
  const event = STEP[kind];
  return stepOf(loop.kind, loop.state, event) === undefined ? { tolerated: "wrong-time" } : { step: event };
}

/** Words are added by the original sender: when they were asked for, or before anybody has assessed or sent it on. */
export function judgeAddition(
  loop: Pick<Loop, "kind" | "state" | "sender">,
  steps: readonly Step[],
  from: string,
): Judgement {
  if (from !== loop.sender) return { error: "not-the-sender" };
  if (loop.state === "completion-asked") return { step: "complete" };
  const isAssessed = loop.state === "taken-over" || loop.state === "answered" || isForwarded(steps);
  if (isAssessed) return { error: "after-assessment" };
  return isEnd(loop.kind, loop.state) ? { tolerated: "wrong-time" } : { step: "note" };
}
