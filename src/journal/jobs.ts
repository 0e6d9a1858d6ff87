/**
 * Long work as its asker meets it: asked for, looked at, cancelled, and its files fetched. A job is its asker's own; to
 * everybody else it is not there.
 *
 * SPEC JRN-JOB · https://hl7.org/fhir/R4/async.html
 */
import type { Readable } from "node:stream";
import { FhirError, fhirError, outcomeOf, type JsonObject } from "../fhir/index.ts";
import type { ClaimedJob, JobFiles, StoredJob } from "../store/index.ts";
import { recordRefusal } from "./authorize.ts";
import { logEntry, OUT_OF_REACH, type JournalOptions, type Visit } from "./context.ts";
import { disclose, type Disclosed } from "./disclosed.ts";
import { ownerNameOf, storedActor } from "./job-actor.ts";
import { authorizeResult } from "./job-grounds.ts";
import type { OutputFile } from "./job-output.ts";

/** What a runner is given to work with. */
export type JobHands = {
  /** Keeps how far it has come. Rejects when the job has been cancelled, taken over, or is to be left for later. */
  readonly save: (progress: unknown) => Promise<void>;
  readonly signal: AbortSignal;
};

/** Does a job, from its beginning or from its progress on, and answers its result. */
export type JobRunner = (options: JournalOptions, job: ClaimedJob, hands: JobHands) => Promise<JobResult>;

export type JobResult = {
  readonly transactionTime: string;
  readonly files: readonly OutputFile[];
  /** What else the asker is told, as it stands in the answer. */
  readonly more?: JsonObject;
  /** Files that the job needs no more when this is saved. */
  readonly spent?: readonly string[];
};

export type JobFailure = { readonly status: number; readonly outcome: JsonObject };

export type JobView = {
  readonly id: string;
  readonly kind: string;
  readonly request: unknown;
  readonly state: StoredJob["state"];
  readonly progress: { readonly told?: string } | null;
  readonly result: JobResult | null;
  readonly error: JobFailure | null;
  readonly created: string;
  readonly expires: string;
};

/** How long a job and what it gave are kept. */
export const JOB_HOURS = 24;
const HOUR_MS = 3_600_000;
const LIMITS = { open: 5, kept: 100 };
const RETRY_SECONDS = 30;
const JOB_ID = /^[0-9a-f]{40}$/;

/** A name for a job that nobody can guess. */
export function newJobId({ random }: Pick<JournalOptions, "random">): string {
  return Buffer.concat([random(10), random(10)]).toString("hex");
}

/**
 * Asks for work. What was kept for it goes when there will be no job. Errors: TOO_MANY_REQUESTS when the actor has enough
 * under way; OUTCOME_UNKNOWN when the job may stand, and then what was kept stays until the sweep finds no job for it.
 */
export async function startJob(visit: Visit, kind: string, request: unknown, id = newJobId(visit)): Promise<string> {
  const created = visit.clock();
  const expires = new Date(created.getTime() + JOB_HOURS * HOUR_MS);
  const { actor } = visit;
  const job = { id, kind, owner: ownerNameOf(actor), actor: storedActor(actor), request, created, expires };
  try {
    if (!(await visit.store.jobs.add(job, LIMITS))) throw fhirError("TOO_MANY_REQUESTS", RETRY_SECONDS);
  } catch (error) {
    const mayStand = error instanceof FhirError && error.code === "OUTCOME_UNKNOWN";
    if (!mayStand) await visit.files?.remove(id);
    throw error;
  }
  visit.onJob?.(kind);
  return id;
}

/** The actor's own job, on the grounds of this moment. Errors: NOT_FOUND, FORBIDDEN. */
export async function readJob(visit: Visit, id: string): Promise<Disclosed<JobView>> {
  const found = JOB_ID.test(id) ? await visit.store.jobs.find(id, ownerNameOf(visit.actor)) : undefined;
  if (found === undefined || Date.parse(found.expires) <= visit.clock().getTime())
    return refuseUnknown(visit, "read job");
  await authorizeResult(visit, found);
  return disclose(found as unknown as JobView);
}

/** Cancels the actor's own job, whatever has become of it, and forgets what it gave. Errors: NOT_FOUND. */
export async function cancelJob(visit: Visit, id: string): Promise<void> {
  const isCancelled = JOB_ID.test(id) && (await visit.store.jobs.cancel(id, ownerNameOf(visit.actor), visit.clock()));
  if (!isCancelled) await refuseUnknown(visit, "cancel job");
}

export type OpenedFile = { readonly file: OutputFile; readonly open: () => Readable };

/** A file that the actor's own job gave. That it was fetched is logged. Errors: NOT_FOUND, FORBIDDEN, GONE when it is no longer there. */
export async function openJobFile(visit: Visit, id: string, name: string): Promise<Disclosed<OpenedFile>> {
  const { value: job } = await readJob(visit, id);
  const file = job.result?.files.find((one) => one.name === name);
  if (file === undefined) return refuseUnknown(visit, "fetch file");
  const files = filesOf(visit);
  if (((await files.size(id, name)) ?? -1) < file.bytes) throw fhirError("GONE");
  const ground = `Filen gjordes åt ${ownerNameOf(visit.actor)}; vad den innehåller loggades när den skrevs.`;
  const what = [`$${job.kind} ${file.type}: ${file.count}`];
  await visit.store.recordAccess([
    logEntry(visit, { action: "fetch file", outcome: "granted", ground }, { home: 0, patient: null, what }),
  ]);
  return disclose({ file, open: () => files.read(id, name, 0, file.bytes) });
}

/** Where jobs keep their files. Errors: NOT_SUPPORTED in an installation without such a place. */
export function filesOf({ files }: Pick<JournalOptions, "files">): JobFiles {
  if (files === undefined) throw fhirError("NOT_SUPPORTED", { sv: "långa jobb", en: "long work" });
  return files;
}

/** What the asker is told of a failure. */
export function failureOf(error: FhirError): JobFailure {
  return { status: error.status, outcome: outcomeOf(error.issues, "sv", error.code) };
}

async function refuseUnknown(visit: Visit, action: string): Promise<never> {
  await recordRefusal(visit, action, OUT_OF_REACH, ["job"]);
  throw fhirError("NOT_FOUND");
}
