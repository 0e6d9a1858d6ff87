/** Everything that answers on the network. SPEC HTTP-ROUTE */
import { addBlock, blocks, lift, removeBlock, unlift } from "./api/blocks.ts";
import {
  drawLogSample,
  answerLogQuestion,
  judgeLogTask,
  logExtract,
  logSampleJob,
  logSamples,
  logStatistics,
  logQuestion,
  logQuestions,
  logTask,
  logTasks,
  takeLogQuestion,
} from "./api/log-review.ts";
import {
  applyToDirectory,
  confirmDirectory,
  directory,
  directoryFindings,
  directoryStaff,
  previewDirectory,
} from "./api/directory.ts";
import { addCare, care, removeCare } from "./api/care.ts";
import { operations, replay } from "./api/operations.ts";
import { addAbsence, addTurn, removeAbsence, removeTurn, roster } from "./api/duty.ts";
import {
  inbox,
  loopAbouts,
  loopHistory,
  patientLoops,
  sent,
  takeLoopSteps,
  worklists,
  worklistsFound,
} from "./api/loops.ts";
import {
  decideDoor,
  registerRepresentative,
  removeRepresentative,
  representatives,
  undecideDoor,
} from "./api/representatives.ts";
import {
  judgeTemplate,
  letterChoices,
  letterPreview,
  letters,
  lettersQueue,
  letterStep,
  newTemplate,
  printLetter,
  sendLetters,
  templates,
} from "./api/letters.ts";
import { NOTE_ROUTES } from "./api/notes.ts";
import { MEDICATION_ROUTES } from "./api/medication.ts";
import { OBSERVATION_ROUTES } from "./api/observations.ts";
import { ORDER_ROUTES } from "./api/orders.ts";
import { overview, patients, readers, section, words } from "./api/patients.ts";
import { CRITICAL_ROUTES } from "./api/critical.ts";
import { REFERRAL_ROUTES } from "./api/referrals.ts";
import { REGISTRATION_ROUTES } from "./api/registration.ts";
import { SPECIMEN_ROUTES } from "./api/specimens.ts";
import { signing, unsigned } from "./api/signing.ts";
import { toldOfWords, toldOfWordsAtDoor } from "./api/words.ts";
import { session, signIn, signInPeople, signOut } from "./api/sign-in.ts";
import { endOwnSessions, ownSessions } from "./api/sessions.ts";
import { DEMO_IDENTITY_ROUTES } from "./demo-identity/routes.ts";
import { create } from "./fhir/create.ts";
import { conditionalRemove, remove } from "./fhir/delete.ts";
import { historyInstance, historySystem, historyType } from "./fhir/history.ts";
import { metadataOf } from "./fhir/metadata.ts";
import { OPERATION_ROUTES } from "./fhir/operations/index.ts";
import { conditionalPatch, patch } from "./fhir/patch.ts";
import { read } from "./fhir/read.ts";
import { searchCompartment, searchCompartmentByPost } from "./fhir/search-compartment.ts";
import { searchSystem, searchSystemByPost } from "./fhir/search-system.ts";
import { searchType, searchTypeByPost } from "./fhir/search-type.ts";
import { TERMINOLOGY_ROUTES } from "./fhir/terminology/index.ts";
import { transaction } from "./fhir/transaction.ts";
import { conditionalUpdate, update } from "./fhir/update.ts";
import { versionsRoutes } from "./fhir/versions.ts";
import { vread } from "./fhir/vread.ts";
import { healthz, readyz } from "./health.ts";
import { CONSENT_ROUTES } from "./oauth/consent.ts";
import { OAUTH_ROUTES } from "./oauth/routes.ts";
import { PORTAL_ROUTES } from "./portal/index.ts";
import type { Route } from "./route.ts";
import { SIGN_IN_ROUTES } from "./sign-in/routes.ts";

/** The FHIR interactions, for the server and for the CapabilityStatement. */
export const FHIR_ROUTES: readonly Route[] = [
  ...versionsRoutes,
  read,
  vread,
  update,
  conditionalUpdate,
  patch,
  conditionalPatch,
  remove,
  conditionalRemove,
  create,
  historyInstance,
  historyType,
  historySystem,
  searchType,
  searchTypeByPost,
  searchSystem,
  searchSystemByPost,
  searchCompartment,
  searchCompartmentByPost,
  transaction,
  ...TERMINOLOGY_ROUTES,
  ...OPERATION_ROUTES,
];

export const ROUTES: readonly Route[] = [
  healthz,
  readyz,
  metadataOf(FHIR_ROUTES),
  ...FHIR_ROUTES,
  ...OAUTH_ROUTES,
  ...CONSENT_ROUTES,
  ...SIGN_IN_ROUTES,
  ...DEMO_IDENTITY_ROUTES,
  signInPeople,
  signIn,
  signOut,
  session,
  ownSessions,
  endOwnSessions,
  patients,
  overview,
  readers,
  care,
  addCare,
  removeCare,
  blocks,
  addBlock,
  removeBlock,
  lift,
  unlift,
  representatives,
  registerRepresentative,
  removeRepresentative,
  decideDoor,
  undecideDoor,
  signing,
  unsigned,
  inbox,
  sent,
  patientLoops,
  loopHistory,
  loopAbouts,
  takeLoopSteps,
  worklists,
  worklistsFound,
  ...REFERRAL_ROUTES,
  ...SPECIMEN_ROUTES,
  ...CRITICAL_ROUTES,
  ...NOTE_ROUTES,
  ...ORDER_ROUTES,
  ...MEDICATION_ROUTES,
  ...OBSERVATION_ROUTES,
  ...REGISTRATION_ROUTES,
  roster,
  addAbsence,
  removeAbsence,
  addTurn,
  operations,
  replay,
  removeTurn,
  toldOfWords,
  letters,
  letterChoices,
  letterPreview,
  sendLetters,
  lettersQueue,
  printLetter,
  letterStep,
  templates,
  newTemplate,
  judgeTemplate,
  toldOfWordsAtDoor,
  section,
  words,
  ...PORTAL_ROUTES,
  logSamples,
  drawLogSample,
  logSampleJob,
  logTasks,
  logTask,
  judgeLogTask,
  logQuestions,
  logQuestion,
  takeLogQuestion,
  answerLogQuestion,
  logStatistics,
  logExtract,
  directory,
  directoryStaff,
  directoryFindings,
  confirmDirectory,
  previewDirectory,
  applyToDirectory,
];
