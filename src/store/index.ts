/**
 * PostgreSQL: versions, change log, outbox, access log, sessions, migrations, and the embedded server. The only module
 * with SQL and a driver. SPEC: SPEC.md in this folder.
 */
export type { AccessLogEntry } from "./access-log.ts";
export type {
  ReviewCount,
  ReviewMonth,
  ReviewOutcome,
  ReviewTask,
  SampleItem,
  SampleLine,
  TaskAsk,
  UnitVisit,
  Verdict,
} from "./access-review.ts";
export { memberText, type LogAsk, type LogPeriod, type LogPosition, type LogRow } from "./access-log-rows.ts";
export type { Anchor, LogFault, LogReport } from "./access-log-verify.ts";
export { backup, restore, tableCopies, type Manifest, type TableCopy } from "./backup.ts";
export { analyzeDatabase, Baseline, settleDatabase, type BaselineRow } from "./baseline.ts";
export type { CareFact, CareKind, CareLook, CareSource, StandingOpening } from "./care.ts";
export type { BlockKind, NewBlock, NewLift } from "./blocks.ts";
export type {
  NewDoorGrant,
  PatientsBlock,
  QuestionAsk,
  StoredDoorGrant,
  StoredQuestion,
  StoredRepresentation,
} from "./door.ts";
export { LayoutRefusal } from "./citus/index.ts";
export { START, type LoggedChange, type Position } from "./change-log.ts";
export type { ConnectionConfig, Reach, Row, Sql } from "./connection.ts";
export { wasConnectionLost } from "./connection.ts";
export { partsOf, STAYING, type DestroyedLine, type NewDestruction, type StoredDestruction } from "./destruction.ts";
export { startEmbedded, type EmbeddedServer } from "./embedded/index.ts";
export type { DurabilityProblem, DurabilityProfile } from "./durability.ts";
export { examine, type Health } from "./health.ts";
export type { Hl7Direction, HourVolume, StoredChannel } from "./hl7-channels.ts";
export type {
  ChannelLoad,
  Hl7Verdict,
  KeptReceived,
  NewReceived,
  ParkedReceived,
  Hl7Settlement,
  WaitingReceived,
} from "./hl7-received.ts";
export type { NewSent, ParkedSent, SentLoad, WaitingSent } from "./hl7-sent.ts";
export type { Needs } from "./gathered-write.ts";
export type { OpenTransaction } from "./in-flight.ts";
export { JobFiles, type JobFile } from "./job-files.ts";
export type { ClaimedJob, JobEnd, JobLimits, JobState, NewJob, StoredJob } from "./jobs-table.ts";
export type { NewTemplate, StoredDelivery, StoredTemplate, TemplateState } from "./letters.ts";
export type {
  LedgerAsk,
  LedgerLook,
  LedgerStanding,
  LoopAsk,
  LoopToWrite,
  OwnLoop,
  RosterFacts,
  StoredLoop,
  StoredLoopEvent,
  StoredWorklist,
} from "./loops.ts";
export type { FoundList, LoopTotals, StoredAbsence, StoredTurn } from "./worklists.ts";
export { migrate, migrateSpread, type Migration } from "./migrate.ts";
export { CONSENT, type AppConsent, type OauthApp, type OauthClient } from "./oauth.ts";
export type { ClaimedMessage } from "./outbox.ts";
export type { ChangeHistoryQuery, HistoryRow, InstanceHistoryQuery, ReadTx } from "./reading.ts";
export { recordsOf, type CurrentRow, type Method, type NewRow, type Standing, type VersionRow } from "./resources.ts";
export { sessionName, type StoredClient, type StoredSession, type UsedSession } from "./sessions.ts";
export {
  sealOf,
  unsealedSql,
  type Destroyed,
  type StoredRemark,
  type StoredSeal,
  type Written as WrittenRecord,
} from "./signing.ts";
export { Store, type StoreOptions } from "./store.ts";
export { MOST_SUBSCRIPTIONS } from "./subscriptions.ts";
export type {
  ClaimedLine,
  Settlement,
  SubscriberEvent,
  SubscriberLoad,
  SubscriberRow,
  SubscriberState,
} from "./subscriptions.ts";
export type {
  CanonicalRow,
  CanonicalType,
  ClosureTables,
  ConceptQuery,
  ConceptRow,
  NewConcept,
  NewSystem,
  SystemRow,
  TerminologyTables,
} from "./terminology.ts";
export type { Change, Ending, OutboxMessage, WriteTx } from "./transaction.ts";
export { NotAsDemanded } from "./not-as-demanded.ts";
