/**
 * Doing the jobs that the actors have asked for, one of each lane at a time in each server. What fails for a passing reason
 * is tried again from where it stood; what is refused, or fails again and again without moving, ends as failed.
 *
 * SPEC JOBS-WORK
 */
import { FhirError, fhirError } from "../fhir/index.ts";
import { failureOf, filesOf, type JobHands, type JobRunner, type JournalOptions } from "../journal/index.ts";
import type { ClaimedJob } from "../store/index.ts";
import { startLoop, whileRenewed, type Loop } from "./loop.ts";

export type WorkOptions = {
  readonly journal: JournalOptions;
  /** What does a job of each kind. */
  readonly runners: Readonly<Record<string, JobRunner>>;
  readonly onFault: (error: unknown) => void;
  readonly every?: number;
  readonly leaseSeconds?: number;
};

const EVERY_MS = 2_000;
const LEASE_SECONDS = 10;
const MOST_ATTEMPTS = 8;
const LONGEST_DELAY_SECONDS = 60;
const HOUR_MS = 3_600_000;
const KEPT_MS = 24 * HOUR_MS;
const SWEEP_MS = 10 * 60_000;
const SWEPT = 100;

/** Takes jobs of the runners' kinds until it is stopped; what was under way is then left to the next server. */
export function startWork(options: WorkOptions): Loop {
  const kinds = Object.keys(options.runners);
  const { journal, onFault, every = EVERY_MS, leaseSeconds = LEASE_SECONDS } = options;
  let swept = 0;
  const round = async (signal: AbortSignal): Promise<boolean> => {
    const now = journal.clock().getTime();
    if (now - swept >= SWEEP_MS) {
      swept = now;
      await sweep(journal);
    }
    const job = await journal.store.jobs.claim(kinds, leaseSeconds);
    if (job === undefined) return false;
    // Each attempt may have taken its server with it, and then nothing was left to count it.
    if (job.attempts > MOST_ATTEMPTS + 1) await giveUp(journal, job, undefined);
    else await work(options, job, signal);
    return true;
  };
  return startLoop({ round, every, onFault });
}

/** Why a job was left: it is no longer this server's, or the server is stopping. Nobody has failed. */
class Left extends Error {}

async function work(options: WorkOptions, job: ClaimedJob, signal: AbortSignal): Promise<void> {
  const { journal, runners, onFault, leaseSeconds = LEASE_SECONDS } = options;
  const { jobs } = journal.store;
  const renew = (): Promise<boolean> => jobs.renew(job, leaseSeconds);
  try {
    const result = await whileRenewed({ renew, leaseSeconds, signal }, async (left) => {
      const save: JobHands["save"] = async (progress) => {
        if (left.aborted || !(await jobs.save(job, progress, leaseSeconds))) throw new Left();
      };
      const runner = runners[job.kind];
      if (runner === undefined) throw new Error(`nothing does jobs of the kind ${job.kind}`);
      return runner(journal, job, { save, signal: left });
    });
    const isEnded = await end(journal, job, { state: "done", result, error: undefined });
    for (const name of (isEnded && result.spent) || []) await filesOf(journal).remove(job.id, name);
  } catch (error) {
    if (signal.aborted) await jobs.release(job, 0);
    else if (!(await renew())) await forgetCancelled(journal, job);
    else if (error instanceof FhirError && error.status < 500)
      await end(journal, job, { state: "failed", result: undefined, error: failureOf(error) });
    else await tryAgain(options, job, error);
    if (!(error instanceof FhirError) && !(error instanceof Left) && !isAbort(error)) onFault(error);
  }
}

/** Later and later, and then no more. */
async function tryAgain({ journal }: WorkOptions, job: ClaimedJob, error: unknown): Promise<void> {
  if (job.attempts < MOST_ATTEMPTS) {
    await journal.store.jobs.release(job, Math.min(2 ** (job.attempts - 1), LONGEST_DELAY_SECONDS));
    return;
  }
  await giveUp(journal, job, error);
}

async function giveUp(journal: JournalOptions, job: ClaimedJob, error: unknown): Promise<void> {
  const told = error instanceof FhirError ? error : fhirError("INTERNAL", `job ${job.id.slice(0, 12)}`);
  await end(journal, job, { state: "failed", result: undefined, error: failureOf(told) });
}

type End = { readonly state: "done" | "failed"; readonly result: unknown; readonly error: unknown };

/** Answers false when the job is no longer this server's. A job that has failed keeps no files. */
async function end(journal: JournalOptions, job: ClaimedJob, how: End): Promise<boolean> {
  const ended = journal.clock();
  const expires = new Date(ended.getTime() + KEPT_MS);
  const isEnded = await journal.store.jobs.finish(job, { ...how, ended, expires });
  if (!isEnded) await forgetCancelled(journal, job);
  else if (how.state === "failed") await filesOf(journal).remove(job.id);
  return isEnded;
}

/** What a cancelled job has written is removed by whoever was at work on it; what is somebody else's now is left alone. */
async function forgetCancelled(journal: JournalOptions, { id }: ClaimedJob): Promise<void> {
  const expired = await journal.store.jobs.expired(journal.clock(), SWEPT);
  if (expired.includes(id)) await forget(journal, id);
}

/** Forgets jobs whose time is over, and files whose job is not there (an upload that was never finished). */
async function sweep(journal: JournalOptions): Promise<void> {
  for (const id of await journal.store.jobs.expired(journal.clock(), SWEPT)) await forget(journal, id);
  const files = filesOf(journal);
  const old = await files.olderThan(new Date(journal.clock().getTime() - KEPT_MS));
  const known = await journal.store.jobs.known(old);
  for (const id of old.filter((one) => !known.has(one))) await files.remove(id);
}

/** The files first: what is left of a sweep that was interrupted is found again by its row. */
async function forget(journal: JournalOptions, id: string): Promise<void> {
  await filesOf(journal).remove(id);
  await journal.store.jobs.remove(id);
}

function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === "AbortError";
}
