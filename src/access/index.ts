/** The access decision: pure, closed by default, explained in Swedish. SPEC: SPEC.md in this folder. */
export {
  commonScopes,
  parseScopes,
  type Actor,
  type Assignment,
  type ClientActor,
  type PersonActor,
  type Scope,
  type Verb,
} from "./actor.ts";
export {
  decide,
  isDirectory,
  type CareReach,
  type Decision,
  type Grounds,
  type GroundsReach,
  type Interaction,
  type Question,
  type Refusal,
} from "./decide.ts";
export { predicateOf, reachSetting, type AccessPredicate } from "./predicate.ts";
