/** The ledger of responsibility: who owns what is in motion, and until when. SPEC: SPEC.md in this folder. */
export { advanced, opened, type Moved, type NewLoop } from "./advance.ts";
export { actOnLoops, type LoopAct } from "./act.ts";
export { ledgerAlong, writerOf } from "./along.ts";
export { allowance, nextAllowance } from "./deadlines.ts";
export { firstHolder, nextHolder, type Holder, type Roster } from "./escalation.ts";
export {
  dutyRoster,
  endAbsence,
  endTurn,
  findLists,
  loopTotals,
  ownLists,
  registerAbsence,
  registerTurn,
  type DutyRoster,
  type NewAbsence,
  type NewTurn,
  type OwnList,
} from "./duty-roster.ts";
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
export { intentsOf, LEDGER_TYPES, type Happening, type Intent, type Opening, type Told } from "./intents.ts";
export {
  actOn,
  escalateOverdue,
  keepLedger,
  type Act,
  type KeptStep,
  type LedgerTx,
  type Matter,
  type Outgoing,
  type Place,
  type Writer,
} from "./ledger.ts";
export { loopCounts, loopsOf, loopsOfPatient, loopSteps, type ListAsk, type LoopPage } from "./lists.ts";
export { ledgerOf, type OrderSeen } from "./ledger-of.ts";
export { Registry, type Routed } from "./routing.ts";
export { letterCode, readCode } from "./letters/code.ts";
export { deliveriesAtDoor, readAtDoor } from "./letters/opened.ts";
export { DELIVERY_DEEDS, stepDelivery, type DeliveryDeed, type DeliveryStep } from "./letters/steps.ts";
export { addressLines, recipientFacts, letterContent, type LetterScope } from "./letters/facts.ts";
export {
  TRANSPORTS,
  transportsFor,
  type LetterContent,
  type RecipientFacts,
  type Transport,
} from "./letters/transports.ts";
export { ledgerStanding, lookAtLedger, type LedgerSeen } from "./standing.ts";
export { watchLoops } from "./watch.ts";
export { stepsOpen } from "./may.ts";
export { ledgerTx } from "./stored.ts";
export { loopSubjects, loopsOutOf, waitingLoops, type WaitingLoop } from "./subjects.ts";
export { heldAlong, type HeldLoop } from "./held.ts";
export {
  findPlants,
  isSound,
  runWorld,
  runYear,
  SIMULATION_FAULTS,
  type PlantReport,
  type WorldReport,
} from "./simulation/index.ts";
