/**
 * Which steps a loop can take. Whatever is not written here cannot happen: the same table stands in the database, where every
 * step refers to its row and to the step before it.
 *
 * SPEC LOOP-MACHINE · states of referrals: TKB clinicalprocess:activity:request 1.0 (KV Status framställan) · F13, F14
 */
import { EVENTS, KINDS, STATES, type EventName, type Kind, type State } from "./model.ts";

type Steps = Readonly<Partial<Record<State, Readonly<Partial<Record<EventName, State>>>>>>;

/** Answers and acceptances may come at the wrong time; they are never refused for that (TKB: wrong-time interactions are tolerated). */
const LATE = { receive: "received", "take-over": "taken-over", answer: "answered" } as const;
const SENDERS_END = { cancel: "cancelled", mistake: "mistaken" } as const;

/** Somebody asks somebody else for something: orders and referrals. */
const REQUEST: Steps = {
  created: { transfer: "transferred", ...LATE, return: "returned", fail: "failed", ...SENDERS_END },
  transferred: { ...LATE, return: "returned", fail: "failed", ...SENDERS_END },
  received: {
    "take-over": "taken-over",
    answer: "answered",
    forward: "received",
    "ask-completion": "completion-asked",
    return: "returned",
    ...SENDERS_END,
  },
  "taken-over": {
    answer: "answered",
    forward: "received",
    "ask-completion": "completion-asked",
    return: "returned",
    ...SENDERS_END,
  },
  "completion-asked": { complete: "received", ...LATE, return: "returned", ...SENDERS_END },
  returned: { resend: "created", ...LATE, close: "closed", ...SENDERS_END },
  failed: { transfer: "transferred", resend: "created", ...LATE, return: "returned", close: "closed", ...SENDERS_END },
  answered: { reopen: "received", mistake: "mistaken" },
  cancelled: { reopen: "created" },
};

const RESULT: Steps = {
  received: { read: "read", act: "acted-on", correct: "received", mistake: "mistaken" },
  read: { act: "acted-on", correct: "received", mistake: "mistaken" },
  "acted-on": { correct: "received", reopen: "received" },
};

const LETTER: Steps = {
  created: { transfer: "transferred", receive: "received", read: "read", fail: "failed", ...SENDERS_END },
  transferred: { receive: "received", read: "read", fail: "failed", ...SENDERS_END },
  received: { read: "read", fail: "failed", close: "closed", mistake: "mistaken" },
  failed: {
    resend: "created",
    transfer: "transferred",
    receive: "received",
    read: "read",
    close: "closed",
    ...SENDERS_END,
  },
};

/** A tube on its way to the laboratory: received is done, unless it cannot be used; one that is lost waits until somebody has seen to it. */
const SPECIMEN: Steps = {
  created: { transfer: "transferred", receive: "received", fail: "failed", mistake: "mistaken" },
  transferred: { receive: "received", fail: "failed", mistake: "mistaken" },
  received: { fail: "failed", mistake: "mistaken" },
  failed: { receive: "received", act: "acted-on", close: "closed", mistake: "mistaken" },
};

const MESSAGE: Steps = {
  received: {
    read: "read",
    "take-over": "taken-over",
    answer: "answered",
    act: "acted-on",
    forward: "received",
    return: "returned",
    mistake: "mistaken",
  },
  read: { "take-over": "taken-over", answer: "answered", act: "acted-on", forward: "received", mistake: "mistaken" },
  "taken-over": { answer: "answered", act: "acted-on", forward: "received", mistake: "mistaken" },
  returned: { resend: "received", close: "closed", mistake: "mistaken" },
  "acted-on": { reopen: "received" },
};

const TASK: Steps = {
  created: { "take-over": "taken-over", act: "acted-on", return: "returned", ...SENDERS_END },
  "taken-over": { act: "acted-on", return: "returned", ...SENDERS_END },
  returned: { resend: "created", close: "closed", ...SENDERS_END },
  "acted-on": { reopen: "created" },
  // What was asked for again, or has to be followed up once more.
  closed: { reopen: "created" },
  cancelled: { reopen: "created" },
};

/** Calling the patient to what was accepted: booked is done until the booking falls. */
const CALL: Steps = {
  created: { "take-over": "taken-over", book: "booked", return: "returned", close: "closed", ...SENDERS_END },
  "taken-over": { book: "booked", return: "returned", close: "closed", ...SENDERS_END },
  returned: { resend: "created", book: "booked", close: "closed", ...SENDERS_END },
  booked: { unbook: "created", mistake: "mistaken" },
  // The referral went elsewhere and was accepted there: that unit calls.
  closed: { reopen: "created" },
  cancelled: { reopen: "created" },
};

const SIGNATURE: Steps = {
  created: { act: "acted-on", mistake: "mistaken" },
  "acted-on": { reopen: "created" },
};

const FAULT: Steps = {
  created: { "take-over": "taken-over", act: "acted-on", close: "closed" },
  "taken-over": { act: "acted-on", close: "closed" },
  "acted-on": { reopen: "created" },
  closed: { reopen: "created" },
};

const OWN_STEPS: Readonly<Record<Kind, Steps>> = {
  order: REQUEST,
  referral: REQUEST,
  result: RESULT,
  letter: LETTER,
  specimen: SPECIMEN,
  message: MESSAGE,
  task: TASK,
  call: CALL,
  signature: SIGNATURE,
  fault: FAULT,
};

/** The state that a loop of a kind begins in. */
export const FIRST: Readonly<Record<Kind, State>> = {
  order: "created",
  referral: "created",
  result: "received",
  letter: "created",
  specimen: "created",
  message: "received",
  task: "created",
  call: "created",
  signature: "created",
  fault: "created",
};

const ENDS: Readonly<Record<Kind, ReadonlySet<State>>> = {
  order: new Set(["answered", "closed", "cancelled", "mistaken"]),
  referral: new Set(["answered", "closed", "cancelled", "mistaken"]),
  result: new Set(["acted-on", "mistaken"]),
  letter: new Set(["read", "closed", "cancelled", "mistaken"]),
  specimen: new Set(["received", "acted-on", "closed", "mistaken"]),
  message: new Set(["answered", "acted-on", "closed", "mistaken"]),
  task: new Set(["acted-on", "closed", "cancelled", "mistaken"]),
  call: new Set(["booked", "closed", "cancelled", "mistaken"]),
  signature: new Set(["acted-on", "mistaken"]),
  fault: new Set(["acted-on", "closed"]),
};

/** What changes who has a loop and not how far it has come; possible as long as it is open. */
const STAYING: readonly EventName[] = ["assign", "move", "escalate", "restaff", "note"];

/** Whether a loop in this state is done: it has no owner any more. */
export function isEnd(kind: Kind, state: State): boolean {
  return ENDS[kind].has(state);
}

/** The state that an event leads to; undefined when it cannot happen there. */
export function stepOf(kind: Kind, from: State, event: EventName): State | undefined {
  const own = OWN_STEPS[kind][from]?.[event];
  if (own !== undefined) return own;
  return STAYING.includes(event) && !isEnd(kind, from) && isStateOf(kind, from) ? from : undefined;
}

/** What can happen next, in the order in which the words stand. */
export function possible(kind: Kind, from: State): EventName[] {
  return EVENTS.filter((event) => stepOf(kind, from, event) !== undefined);
}

/** Every step there is: what the table of the database has, no more and no fewer. Opening comes from nothing (empty). */
export function allSteps(): { kind: Kind; from: State | ""; event: EventName; to: State }[] {
  return KINDS.flatMap((kind) => [
    { kind, from: "" as const, event: "open" as const, to: FIRST[kind] },
    ...STATES.flatMap((from) =>
      EVENTS.flatMap((event) => {
        const to = stepOf(kind, from, event);
        return to === undefined ? [] : [{ kind, from, event, to }];
      }),
    ),
  ]);
}

/** Every state that a loop of a kind can be in, and whether it is an end. */
export function allStates(): { kind: Kind; state: State; ends: boolean }[] {
  return KINDS.flatMap((kind) =>
    STATES.filter((state) => isStateOf(kind, state)).map((state) => ({ kind, state, ends: isEnd(kind, state) })),
  );
}

function isStateOf(kind: Kind, state: State): boolean {
  if (state === FIRST[kind]) return true;
  return Object.values(OWN_STEPS[kind]).some((steps) => Object.values(steps).includes(state));
}
