/**
 * A sample that a reviewer asks for from a screen: drawn as long work, so that nobody waits for a long log and a server that
 * ends does not lose it. The same asking is the same sample, however often it is sent.
 *
 * SPEC JRN-LOG-DRAW
 */
import { createHash } from "node:crypto";
import { newId } from "../../base/index.ts";
import { fhirErrorAt } from "../../fhir/index.ts";
import type { Visit } from "../context.ts";
import { visitOfJob } from "../job-grounds.ts";
import { startJob, type JobRunner } from "../jobs.ts";
import { USUAL_CONFIG } from "./risk-rules.ts";
import { drawSample } from "./sample.ts";
import { groundsForLog, ownProvider } from "./search-log.ts";

export type SampleWish = {
  readonly period: { readonly low: string; readonly high: string };
  readonly size: number;
  readonly seed: string;
};

export const MOST_SAMPLED = 1000;
const LONGEST_MS = 400 * 86_400_000;

/** Asks for a sample; answers the job's id. Errors: REVIEW_INVALID, FORBIDDEN, TOO_MANY_REQUESTS. */
export async function startSample(
  visit: Visit,
  wish: SampleWish,
): Promise<{ readonly job: string; readonly sample: string }> {
  await groundsForLog(visit, "search");
  const { period, size, seed } = wish;
  const length = Date.parse(period.high) - Date.parse(period.low);
  if (!(length > 0 && length <= LONGEST_MS)) throw fhirErrorAt("REVIEW_INVALID", "period", "period");
  if (!Number.isInteger(size) || size < 1 || size > MOST_SAMPLED) throw fhirErrorAt("REVIEW_INVALID", "size", "size");
  if (!/^[\p{L}\p{N} ._-]{1,60}$/u.test(seed)) throw fhirErrorAt("REVIEW_INVALID", "seed", "seed");
  return { job: await startJob(visit, "sample", wish), sample: sampleId(visit, wish) };
}

/** Draws it, in the reviewer's name and on the grounds of the moment. */
export const runSample: JobRunner = async (options, job, hands) => {
  const wish = job.request as SampleWish;
  const visit: Visit = { ...(await visitOfJob(options, job)), work: "log-review" };
  const { value } = await drawSample(visit, {
    ...wish,
    config: USUAL_CONFIG,
    known: options.knownPersons?.() ?? new Set(),
    id: sampleId(visit, wish),
    onProgress: (rows) => hands.save({ told: `${rows}` }),
  });
  const more = { sample: value.id, accesses: value.accesses, rows: value.rows, drawn: value.drawn.length };
  return { transactionTime: options.clock().toISOString(), files: [], more };
};

/** The same for the same asking. */
function sampleId(visit: Visit, { period, size, seed }: SampleWish): string {
  const asked = JSON.stringify([ownProvider(visit), period.low, period.high, size, seed]);
  return newId(0, 0, createHash("sha256").update(`eira sample ${asked}`).digest());
}
