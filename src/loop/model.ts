/**
 * What a loop is: something that was set in motion for a patient, who owns it until it is done, and by when somebody has to have moved it.
 * Pure data; times are milliseconds since 1970 UTC.
 *
 * SPEC LOOP-MODEL · laws 3 and 5 of the house · failure modes F1 to F3 · glossary: slinga
 */

/** What is in motion. */
export const KINDS = [
  "order",
  "referral",
  "result",
  "letter",
  "specimen",
  "message",
  "task",
  "call",
  "signature",
  "fault",
] as const;
export type Kind = (typeof KINDS)[number];

/** The words that everybody sees; green begins at taken over. */
export const STATES = [
  "created",
  "transferred",
  "received",
  "taken-over",
  "completion-asked",
  "returned",
  "failed",
  "booked",
  "answered",
  "read",
  "acted-on",
  "closed",
  "cancelled",
  "mistaken",
] as const;
export type State = (typeof STATES)[number];

/** What can happen to a loop. */
export const EVENTS = [
  "open",
  "transfer",
  "receive",
  "take-over",
  "forward",
  "ask-completion",
  "complete",
  "return",
  "fail",
  "resend",
  "answer",
  "read",
  "act",
  "book",
  "unbook",
  "correct",
  "reopen",
  "cancel",
  "close",
  "mistake",
  "assign",
  "move",
  "escalate",
  "restaff",
  "note",
] as const;
export type EventName = (typeof EVENTS)[number];

/** How much harm a delay does: 0 life-threatening (critical result), 1 urgent, 2 deviating or soon, 3 ordinary. */
export type Risk = 0 | 1 | 2 | 3;

/** What a loop is about: a resource, and whom of several recipients. */
export type Subject = {
  readonly type: string;
  readonly id: string;
  /** Each recipient of a letter or message is a delivery of its own; empty where there is one loop. */
  readonly recipient: string;
};

export type Loop = {
  readonly id: string;
  readonly home: number;
  readonly kind: Kind;
  readonly subject: Subject;
  readonly patient: string | null;
  readonly state: State;
  /** The staffed worklist that has it; null only when it is done. */
  readonly owner: string | null;
  /** The person on that list who answers for it, by HSA-id. */
  readonly responsible: string | null;
  /** The worklist that set it in motion and is told when it stands still. */
  readonly sender: string;
  /** The person there who asked, by HSA-id: answers come to them first. */
  readonly sentBy: string | null;
  /** The worklist it is meant for, whether somebody there has it yet or not. */
  readonly receiver: string | null;
  readonly risk: Risk;
  readonly opened: number;
  /** When it came to this state. */
  readonly since: number;
  /** When somebody else gets it unless it has moved; null only when it is done. */
  readonly deadline: number | null;
  /** How many times that has happened in this state. */
  readonly level: number;
  readonly version: number;
  /** The loop that this one came out of. */
  readonly parent: string | null;
  readonly closed: number | null;
};

/** One step of a loop, as it is kept. */
export type LoopEvent = {
  readonly event: EventName;
  readonly at: number;
  /** Who did it: an HSA-id, `client name`, `patient id`, or `system`. */
  readonly by: string;
  /** The same key twice is one step. */
  readonly key: string | null;
  readonly note: string | null;
};

/** A list that people work through: one for each unit of the directory, and the region's own, which is never empty. */
export type Worklist = {
  readonly id: string;
  readonly title: string;
  readonly careProvider: string | null;
  readonly careUnit: string | null;
  /** Who gets what nobody here takes; null of the region's own. */
  readonly parent: string | null;
  /** Somebody works there and is not away. */
  readonly staffed: boolean;
  readonly status: "open" | "closed";
  readonly mergedInto: string | null;
  /** The integration by which orders reach it; null when people work in this journal. */
  readonly channel: string | null;
};

/** What `sentBy` begins with when it was the patient who asked: an own referral (egenremiss). */
export const PATIENT = "patient ";

/** The list that gets what has no other. */
export const REGION = "region";
