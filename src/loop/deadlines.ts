/**
 * By when a loop must have moved, and how long each one who is asked afterwards has. The figures are a region's to change; these hold
 * until it does. Milliseconds.
 *
 * SPEC LOOP-DEADLINE · F9, F11 · SOSFS 2004:11 (monitoring of referrals) · hälso- och sjukvårdslagen 9 kap. (care guarantee)
 */
import type { Kind, Risk, State } from "./model.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** By risk: life-threatening, urgent, soon, ordinary. */
type ByRisk = readonly [number, number, number, number];
type Policy = Readonly<Partial<Record<State, ByRisk>>>;

const ON_ITS_WAY: ByRisk = [5 * MINUTE, 15 * MINUTE, HOUR, HOUR];
const BACK_WITH_SENDER: ByRisk = [15 * MINUTE, 4 * HOUR, DAY, DAY];

const UNDER_WAY: ByRisk = [HOUR, 2 * HOUR, 4 * HOUR, 6 * HOUR];

const ORDER: Policy = {
  created: ON_ITS_WAY,
  transferred: ON_ITS_WAY,
  received: [30 * MINUTE, 4 * HOUR, DAY, DAY],
  "taken-over": [2 * HOUR, DAY, 3 * DAY, 7 * DAY],
  "completion-asked": [HOUR, DAY, 3 * DAY, 7 * DAY],
  returned: BACK_WITH_SENDER,
  failed: BACK_WITH_SENDER,
};

const POLICY: Readonly<Record<Kind, Policy>> = {
  order: ORDER,
  referral: {
    ...ORDER,
    received: [30 * MINUTE, DAY, 3 * DAY, 5 * DAY],
    "taken-over": [DAY, 14 * DAY, 30 * DAY, 90 * DAY],
  },
  // A critical one asks another person every seven minutes: four of them within the half hour. An ordinary one is the head's to know of
  // before the week is over: five days, and one for whoever stands in.
  result: { received: [7 * MINUTE, DAY, 3 * DAY, 5 * DAY], read: [HOUR, DAY, 7 * DAY, 14 * DAY] },
  letter: {
    created: [HOUR, DAY, DAY, DAY],
    transferred: [DAY, 2 * DAY, 2 * DAY, 2 * DAY],
    received: [2 * DAY, 7 * DAY, 14 * DAY, 14 * DAY],
    failed: BACK_WITH_SENDER,
  },
  // From the vein to the laboratory; who collects may say another time, which the analyses have (CLIN-SPECIMEN-6).
  specimen: { created: UNDER_WAY, transferred: UNDER_WAY, failed: BACK_WITH_SENDER },
  message: {
    received: [HOUR, DAY, 2 * DAY, 3 * DAY],
    read: [HOUR, DAY, 3 * DAY, 7 * DAY],
    "taken-over": [HOUR, DAY, 3 * DAY, 7 * DAY],
    returned: BACK_WITH_SENDER,
  },
  task: {
    created: [HOUR, DAY, 3 * DAY, 7 * DAY],
    "taken-over": [HOUR, DAY, 7 * DAY, 14 * DAY],
    returned: BACK_WITH_SENDER,
  },
  call: {
    created: [HOUR, 2 * DAY, 14 * DAY, 30 * DAY],
    "taken-over": [HOUR, 2 * DAY, 14 * DAY, 30 * DAY],
    returned: BACK_WITH_SENDER,
  },
  signature: { created: [DAY, DAY, 3 * DAY, 7 * DAY] },
  fault: { created: [15 * MINUTE, HOUR, HOUR, 4 * HOUR], "taken-over": [HOUR, DAY, DAY, 2 * DAY] },
};

/** How long whoever gets a loop because it stood still has before it goes further up. */
const NEXT: ByRisk = [7 * MINUTE, 4 * HOUR, DAY, DAY];

/** The longest time that a loop may stay in a state before somebody else gets it. */
export function allowance(kind: Kind, state: State, risk: Risk): number {
  return POLICY[kind][state]?.[risk] ?? NEXT[risk];
}

/** The time that the next one has. */
export function nextAllowance(risk: Risk): number {
  return NEXT[risk];
}
