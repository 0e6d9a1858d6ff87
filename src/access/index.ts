/** The access decision: pure, closed by default, explained in Swedish. SPEC: SPEC.md in this folder. */
export {
  commonScopes,
  parseScopes,
  type Actor,
  type Assignment,
  type ClientActor,
  type PatientActor,
  type PersonActor,
  type Scope,
  type Verb,
} from "./actor.ts";
export { narrowingOf, parseAppScope, type AppGrant, type AppScope, type Narrowing } from "./app.ts";
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
export { workOf, WORKS, type Work } from "./work.ts";
export { predicateOf, reachSetting, type AccessPredicate } from "./predicate.ts";
export { refusalOnFooting, type Footing, type FootingAct } from "./footing.ts";
export { SENT_TYPES } from "./opened.ts";
export {
  checkBlocks,
  type BlockCheck,
  type BlockReader,
  type BlockStatus,
  type ClosedClause,
} from "./patient/block.ts";
export { openingsOf, type Opened, type OpeningFacts } from "./patient/openings.ts";
export { decideRecord, decideWithin, type RecordDecision } from "./patient/decide-record.ts";
export { decideAtDoor, refuseBlockRequest, type AskedAtDoor, type BlockRequest } from "./patient/door.ts";
export { ageRuleNow, refuseDoorDuty, type DoorDuty } from "./patient/door-duty.ts";
export { doorRulesIn } from "./patient/door-settings.ts";
export {
  accessAtDoor,
  DOOR_TYPES,
  NOT_FOR_PATIENT,
  type DoorAccess,
  type DoorKeys,
  type DoorReach,
} from "./patient/door-reach.ts";
export {
  USUAL_DOOR_RULES,
  type AgeRule,
  type AgeRules,
  type DoorFacts,
  type DoorRules,
  type Reader,
  type Representation,
  type UnitGrant,
} from "./patient/door-facts.ts";
export {
  PURPOSES,
  USUAL_LIMITS,
  type AccessLimits,
  type ActiveChoice,
  type Block,
  type CareRelation,
  type Consent,
  type EmergencyAccess,
  type Moment,
  type PatientFacts,
  type Protection,
  type Purpose,
  type ReasonGiven,
  type RecordFacts,
  type Staff,
  type TemporaryRevoke,
} from "./patient/facts.ts";
export { refusePopulationSearch, type SearchedTerm, type SensitiveTerms } from "./patient/population-search.ts";
export {
  PROTECTED_TEXT,
  ProtectedIdentity,
  shownFor,
  TELLING,
  withheldOf,
  type Telling,
  type Use,
} from "./patient/protected-identity.ts";
export { changesProtected, isSelf, seesProtected } from "./patient/sees-protected.ts";
export { keptDisplays, withoutDisplays, type IsHidden } from "./patient/protected-display.ts";
export {
  changesTelling,
  keptTelling,
  PROTECTED_STAFF,
  protectionIn,
  withoutStaffName,
  withoutTelling,
} from "./patient/protected-resource.ts";
export { patientReach, type Asked, type Closed, type OpenClause, type PatientReach } from "./patient/reach.ts";
export { CLOSES, OPENS, type AccessRule, type Opening } from "./patient/rules.ts";
export { refuseUse, type View } from "./patient/secondary-use.ts";
export { surveySources, type HiddenNotice, type OpenSource, type Source, type Survey } from "./patient/survey.ts";
