/**
 * The lowest module: ids, hashes, identity numbers and time. Pure: no clock, no entropy, no environment; they are arguments.
 * Everything others may use is named here. SPEC: SPEC.md in this folder.
 */
export { code128 } from "./code128.ts";
export { qrMatrix } from "./qr.ts";
export { assertNever, type Brand, type ResourceId } from "./brand.ts";
export { csvOf, type Cell } from "./csv.ts";
export { hitsIn, soughtWith, standsIn, swedishStem, textsOf, type Hit, type Sought } from "./find/index.ts";
export { hash64, hash64Text, xorKeys } from "./hash.ts";
export { HOME_COUNT, homeOf, homeOfId, newId, newPatientId, timeOfId } from "./ids.ts";
export { HSA_RIV_OID, HSA_SYSTEM, isHsaId, isHsaSystem, isTestHsaId, type HsaId } from "./identity/hsa-id.ts";
export { identityNumberIn, identityNumberReadings, parseIdentityNumber } from "./identity/identity-number.ts";
export { hashIdentityNumbers, MASK, maskedForLog, maskIdentityNumbers } from "./identity/mask.ts";
export { NATIONELLT_RESERVNUMMER_SYSTEM } from "./identity/nationellt-reservnummer.ts";
export type { IdentityKind, IdentityNumber } from "./identity/personal-id.ts";
export { PERSONNUMMER_SYSTEM } from "./identity/personnummer.ts";
export {
  REGIONAL_ISSUERS,
  USUAL_ISSUERS,
  vgrReserveNumbers,
  type RegionalIssuer,
  type ReserveSex,
} from "./identity/regionalt-reservnummer.ts";
export { SAMORDNINGSNUMMER_SYSTEM } from "./identity/samordningsnummer.ts";
export { seededRandom, type SeededRandom } from "./random.ts";
export {
  addDays,
  addMonths,
  ageInMonths,
  ageInYears,
  birthdayOf,
  dateFields,
  daysInMonth,
  isRealDate,
  localDate,
  parseLocalDate,
  type LocalDate,
} from "./time/calendar.ts";
export { isoUtc, type Clock } from "./time/clock.ts";
export {
  answerFault,
  attachedText,
  canonicalWords,
  carriesWords,
  compareWords,
  CRITICAL,
  endsWord,
  isCritical,
  judgeWords,
  lengthAlarm,
  lengthClass,
  narrativeWords,
  NO_LENGTHS,
  paperWords,
  sealOf,
  sealOfWords,
  shortSeal,
  singleBlanks,
  statedSeal,
  withSeal,
  wordsOf,
  type AnswerFault,
  type Critical,
  type LengthAlarm,
  type Lengths,
  type Piece,
} from "./words/index.ts";
export { isoLocal, startOfDate, STOCKHOLM, zonedDate, zonedStart, zoneOffset } from "./time/zone.ts";
