/** The ledger of responsibility: who owns what is in motion, and until when. SPEC: SPEC.md in this folder. */
export { actOnLoops, type LoopAct } from "./act.ts";
export { ledgerAlong } from "./along.ts";
export { destinationsOf, type Destination } from "./destinations.ts";
export type { Roster } from "./escalation.ts";
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
export { allStates, allSteps, isEnd, possible, stepOf } from "./machine.ts";
export {
  EVENTS,
  KINDS,
  REGION,
  type EventName,
  type Kind,
  type Loop,
  type LoopEvent,
  type Risk,
  type State,
  type Subject,
  type Worklist,
} from "./model.ts";
export { intentsOf, type Happening, type Intent, type Opening, type Told } from "./intents.ts";
export { criticalStanding, type Asked, type CriticalStanding } from "./critical.ts";
export { actOn, keepLedger } from "./ledger.ts";
export type { Act, KeptStep, LedgerTx, Matter, Outgoing, Place, Writer } from "./ledger-tx.ts";
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
export { RECEIVED_BY_URL, REPLACES_URL, SENT_CODE, SPECIMEN_SYSTEM } from "./specimens.ts";
export { watchLoops } from "./watch.ts";
export { isOwnReferral, stepsOpen } from "./may.ts";
export { staffOf } from "./staff.ts";
export { ledgerTx } from "./stored.ts";
export { loopSubjects, loopsOutOf, waitingLoops, type WaitingLoop } from "./subjects.ts";
export { atDoorAlong, heldAlong, type HeldLoop } from "./held.ts";
export {
  findPlants,
  isSound,
  runWorld,
  runYear,
  SIMULATION_FAULTS,
  type PlantReport,
  type WorldReport,
} from "./simulation/index.ts";
