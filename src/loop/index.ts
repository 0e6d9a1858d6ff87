/** The ledger of responsibility: who owns what is in motion, and until when. SPEC: SPEC.md in this folder. */
export { advanced, opened, type Moved, type NewLoop } from "./advance.ts";
export { allowance, nextAllowance } from "./deadlines.ts";
export { firstHolder, nextHolder, type Holder, type Roster } from "./escalation.ts";
export { allStates, allSteps, FIRST, isEnd, possible, stepOf } from "./machine.ts";
export {
  EVENTS,
  KINDS,
  REGION,
  STATES,
  type EventName,
  type Kind,
  type Loop,
  type LoopEvent,
  type Risk,
  type State,
  type Subject,
  type Worklist,
} from "./model.ts";
export { Registry, type Routed } from "./routing.ts";
