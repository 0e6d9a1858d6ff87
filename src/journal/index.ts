/** The one door to patient data: actor, grounds, predicate, read or commit, access log. SPEC: SPEC.md in this folder. */
export { extractLog, type ExtractLine } from "./access-log/extract.ts";
export { extractCsv, statisticsCsv } from "./access-log/files.ts";
export { findForExtract } from "./access-log/find-for-extract.ts";
export { exportLog } from "./access-log/export-log.ts";
export { STORE_LOG_BEGIN, STORE_LOG_END } from "./access-log/store-log.ts";
export { patientLogOf } from "./access-log/patient-log.ts";
export {
  answerQuestion,
  questionCounts,
  reviewQuestion,
  reviewQuestions,
  takeQuestion,
  type QuestionDetail,
} from "./access-log/questions.ts";
export { recordReview, REVIEW_OUTCOMES, reviewStatistics } from "./access-log/review.ts";
export { riskConfigIn, USUAL_CONFIG } from "./access-log/risk-rules.ts";
export { drawSample, type SampledAccess } from "./access-log/sample.ts";
export { reviewDetail, type ReviewDetail } from "./access-log/review-detail.ts";
export { reviewSamples, reviewTasks, type Task, type TaskWish } from "./access-log/review-tasks.ts";
export { MOST_SAMPLED, runSample, startSample } from "./access-log/sample-job.ts";
export { readLogEvent, searchLog, type LogPage } from "./access-log/search-log.ts";
export { assignmentOf, ROLE_SYSTEM_ID, Standings } from "./assignments.ts";
export type { Along, WrittenTogether, WrittenVersion } from "./along.ts";
export type { Check, CheckedVersion, Look } from "./checks.ts";
export { authorize, orLogged, refuseVisit } from "./authorize.ts";
export { careOf, endCare, LONGEST_CONSENT_DAYS, openCare, rewriteOpenings, type CareWish } from "./care/care.ts";
export { recordShown, requireNeed } from "./care/grounds.ts";
export { placeNames } from "./care/place-names.ts";
export type { CareState, Place } from "./care/state.ts";
export { blocksOf, endBlock, endLifts, liftBlocks, registerBlock, type BlockState } from "./blocks.ts";
export { exportableTypes, refuseBadFilters, runExport, type ExportAsk } from "./bulk-export.ts";
export { keepUpload, refuseWhenFull, runImport, type ImportAsk } from "./bulk-import.ts";
export {
  approveDestruction,
  destroyRecords,
  destructions,
  finishDestruction,
  proposeDestruction,
  type Proposal,
} from "./destruction.ts";
export { patientsOfGroup } from "./bulk-group.ts";
export { commit, recordAccess, type CommitOptions } from "./commit.ts";
export {
  versionOf,
  type Command,
  type CreateCommand,
  type DeleteCommand,
  type Owner,
  type PatchCommand,
  type UpdateCommand,
  type Written,
} from "./commands.ts";
export {
  cancelJob,
  failureOf,
  filesOf,
  newJobId,
  openJobFile,
  readJob,
  startJob,
  type JobFailure,
  type JobHands,
  type JobResult,
  type JobRunner,
  type JobView,
  type OpenedFile,
} from "./jobs.ts";
export { refuseUnlessWriter, visitOfJob } from "./job-grounds.ts";
export { JobOutput, type OutputFile } from "./job-output.ts";
export { groundText, logEntry, today, type JournalOptions, type Visit } from "./context.ts";
export { disclosedAfter, disclosedTogether, type Disclosed } from "./disclosed.ts";
export { actorAtDoor, type AtDoor } from "./door/facts.ts";
export { giveConsent, ownConsents, withdrawConsent } from "./door/consents.ts";
export { blockAtDoor, liftAtDoor, ownBlocks } from "./door/own-blocks.ts";
export { ownLog } from "./door/own-log.ts";
export { hasNumber, numbersIn, reachedPatient, shownAtDoor, type Reached } from "./door/reached.ts";
export { peopleAtDoor } from "./door/people.ts";
export {
  endGuardian,
  grantAtUnit,
  grantProxy,
  mayWriteAtDoor,
  ownProxies,
  registerGuardian,
  withdrawProxy,
} from "./door/proxies.ts";
export {
  addGuardian,
  decideAtUnit,
  endDecision,
  endRepresentative,
  representativesOf,
  type Representatives,
} from "./door/representatives.ts";
export { askAboutAccess, ownQuestions } from "./door/questions.ts";
export { patientWithNumber, PORTAL } from "./door/sign-in.ts";
export {
  changedVersions,
  discloseVersions,
  matchVersions,
  mayBeTold,
  planCriteria,
  type VersionName,
} from "./notify.ts";
export { readEverything, type EverythingAsk, type EverythingPage } from "./everything.ts";
export { everythingOfAll } from "./everything-of-all.ts";
export { readLastN } from "./last-n.ts";
export { readDocument, type DocumentParts } from "./document.ts";
export { changeMeta, readLabels, type MetaChange } from "./meta.ts";
export { gatherResources, type Gatherer } from "./gathering.ts";
export { parametersOf, type QueryParameters } from "./query-text.ts";
export { readHistory, type HistoryAsk, type HistoryPage } from "./history.ts";
export { readResource, readVersion, type Version } from "./read.ts";
export { drawReserveNumber, type DrawWish } from "./reserve-number.ts";
export {
  joinCommands,
  joinedPair,
  partCommands,
  partedPair,
  replacedBy,
  replacesIn,
  seeAlsoCommand,
  type JoinWish,
} from "./join.ts";
export { samePersonAs } from "./same-person.ts";
export { readersOf, type Reader, type ReaderPage } from "./readers.ts";
export { refuseBadSearch, searchResources, type Found, type FoundRow, type SearchOptions } from "./search.ts";
export { askTerminology, changeTerminology, type TerminologyAsk } from "./terminology.ts";
export { isNarrowable } from "./narrowed.ts";
export { recordSignIn } from "./sign-in.ts";
export type { Author, Person, Proof, Signer } from "./signing/author.ts";
export { correctRecord, noteDisagreement } from "./signing/remarks.ts";
export { isSignable, SIGNABLE, type SignableType } from "./signing/signable.ts";
export { sealWritten, signRecord, type Seal } from "./signing/sign.ts";
export { besideOf, provenanceOf } from "./signing/show.ts";
export { signingOf, signingOfRecord, type Remark, type SigningState } from "./signing/state.ts";
export { unsignedOf, type UnsignedNote } from "./signing/unsigned.ts";
export { stored } from "./stored.ts";
export { activeProfiles } from "./profiles.ts";
export { handOut, handOutName, type HandedOut, type HandOutAsk, type Receiver } from "./hand-out.ts";
export { ownersOf } from "./owner-of.ts";
export { validateFor, type ValidateAsk, type ValidateMode } from "./validate.ts";
export { askSubscription, askSubscriptions } from "./subscriptions.ts";
