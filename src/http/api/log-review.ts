/**
 * The log reviewers' own calls: samples, accesses to review with their reasons, what came of them, statistics, and the extract
 * that a patient asks for. Each is work of its own in the access engine: a session for care gets nothing here.
 *
 * SPEC HTTP-API-REVIEW
 */
import type { FastifyReply } from "fastify";
import { addDays, addMonths, localDate, parseLocalDate, startOfDate } from "../../base/index.ts";
import { fhirErrorAt } from "../../fhir/index.ts";
import {
  answerQuestion,
  extractCsv,
  extractLog,
  findForExtract,
  questionCounts,
  readJob,
  recordReview,
  reviewDetail,
  reviewQuestion,
  reviewQuestions,
  reviewSamples,
  reviewStatistics,
  reviewTasks,
  REVIEW_OUTCOMES,
  startSample,
  statisticsCsv,
  takeQuestion,
  today,
  type Visit,
} from "../../journal/index.ts";
import { jsonOf } from "../body.ts";
import { parameter, queryOf, soughtIn, type Parameters } from "../query.ts";
import { toldAsOf } from "../reply.ts";
import { pathParameter, route } from "../route.ts";

const PATH = "/api/log-review";
const PAGE = 50;
/** How long somebody waits for a sample before it is told that it will come. */
const PATIENCE_MS = 8_000;
const ROUND_MS = 150;
const SHOWN_MONTHS = 12;

export const logSamples = route({
  method: "GET",
  path: `${PATH}/samples`,
  rule: "person",
  run: async ({ reply, visit }) => toldAsOf(reply, visit, { items: (await reviewSamples(reviewing(visit))).value }),
});

export const drawLogSample = route({
  method: "POST",
  path: `${PATH}/samples`,
  rule: "person",
  run: async ({ request, reply, visit }) => {
    const { from, to, size, seed } = jsonOf(request);
    const wish = { period: periodOf(from, to), size: Number(size), seed: typeof seed === "string" ? seed.trim() : "" };
    const asked = await startSample(reviewing(visit), wish);
    const patience = parameter(queryOf(request), "wait") === "0" ? 0 : PATIENCE_MS;
    for (const until = performance.now() + patience; performance.now() < until;) {
      const state = await jobState(visit, asked.job);
      if (state.state === "done" || state.state === "failed") return toldAsOf(reply, visit, { ...asked, ...state });
      await new Promise((resolve) => setTimeout(resolve, ROUND_MS));
    }
    return toldAsOf(reply, visit, { ...asked, state: "queued" });
  },
});

export const logSampleJob = route({
  method: "GET",
  path: `${PATH}/jobs/:id`,
  rule: "person",
  run: async ({ request, reply, visit }) => toldAsOf(reply, visit, await jobState(visit, pathParameter(request, "id"))),
});

export const logTasks = route({
  method: "GET",
  path: `${PATH}/accesses`,
  rule: "person",
  run: async ({ request, reply, visit }) => {
    const parameters = queryOf(request);
    const [sample, state, outcome, rule, unit, after] = ["sample", "state", "outcome", "rule", "unit", "after"].map(
      (name) => parameter(parameters, name),
    );
    const wish = { sample, state, outcome, rule, unit, after, count: PAGE };
    const { value } = await reviewTasks(reviewing(visit), wish);
    // How many patients wait for an answer stands where reviewers come in.
    const questions = after === undefined ? (await questionCounts(reviewing(visit))).value : undefined;
    return toldAsOf(reply, visit, { items: value.tasks, next: value.next, questions });
  },
});

export const logTask = route({
  method: "GET",
  path: `${PATH}/accesses/:access`,
  rule: "person",
  run: async ({ request, reply, visit }) =>
    toldAsOf(reply, visit, (await reviewDetail(reviewing(visit), pathParameter(request, "access"))).value),
});

export const judgeLogTask = route({
  method: "POST",
  path: `${PATH}/accesses/:access/outcome`,
  rule: "person",
  run: async ({ request, reply, visit }) => {
    const { outcome, note, seen } = jsonOf(request);
    const access = pathParameter(request, "access");
    const known = REVIEW_OUTCOMES.find((one) => one === outcome);
    if (known === undefined) throw fhirErrorAt("REVIEW_INVALID", "outcome", "outcome");
    const text = typeof note === "string" ? note.trim() : "";
    await recordReview(reviewing(visit), { access, outcome: known, note: text, seen: Number(seen ?? 0) });
    return toldAsOf(reply, visit, (await reviewDetail(reviewing(visit), access)).value);
  },
});

export const logQuestions = route({
  method: "GET",
  path: `${PATH}/questions`,
  rule: "person",
  run: async ({ request, reply, visit }) => {
    const [state, after] = ["state", "after"].map((name) => parameter(queryOf(request), name));
    return toldAsOf(reply, visit, (await reviewQuestions(reviewing(visit), { state, after, count: PAGE })).value);
  },
});

export const logQuestion = route({
  method: "GET",
  path: `${PATH}/questions/:question`,
  rule: "person",
  run: async ({ request, reply, visit }) =>
    toldAsOf(reply, visit, (await reviewQuestion(reviewing(visit), pathParameter(request, "question"))).value),
});

export const takeLogQuestion = route({
  method: "POST",
  path: `${PATH}/questions/:question/owner`,
  rule: "person",
  run: async ({ request, reply, visit }) => {
    const { seen } = jsonOf(request);
    const { value } = await takeQuestion(reviewing(visit), pathParameter(request, "question"), Number(seen));
    return toldAsOf(reply, visit, value);
  },
});

export const answerLogQuestion = route({
  method: "POST",
  path: `${PATH}/questions/:question/answers`,
  rule: "person",
  run: async ({ request, reply, visit }) => {
    const { words, seen } = jsonOf(request);
    const answer = { words: typeof words === "string" ? words : "", seen: Number(seen) };
    return toldAsOf(
      reply,
      visit,
      (await answerQuestion(reviewing(visit), pathParameter(request, "question"), answer)).value,
    );
  },
});

export const logStatistics = route({
  method: "GET",
  path: `${PATH}/statistics`,
  rule: "person",
  run: async ({ request, reply, visit }) => {
    const parameters = queryOf(request);
    const day = parseLocalDate(today(visit)) ?? localDate(1970, 1, 1);
    const first = monthOf(parameters, "from") ?? addMonths(day, 1 - SHOWN_MONTHS).slice(0, 7);
    const last = monthOf(parameters, "to") ?? day.slice(0, 7);
    const { value } = await reviewStatistics(reviewing(visit), { first, last });
    if (parameter(parameters, "format") === "csv")
      return sendCsv(reply, `logggranskning-${first}-${last}.csv`, statisticsCsv(value.counts));
    return toldAsOf(reply, visit, { first, last, ...value });
  },
});

export const logExtract = route({
  method: "GET",
  path: `${PATH}/extract`,
  rule: "person",
  run: async ({ request, reply, visit }) => {
    const parameters = queryOf(request);
    const own = reviewing(visit);
    const period = periodOf(parameter(parameters, "from") ?? "2000-01-01", parameter(parameters, "to") ?? today(visit));
    const patient = await findForExtract(own, soughtIn(request) ?? parameter(parameters, "patient") ?? "");
    const { value } = await extractLog(own, patient.value.id, period);
    if (parameter(parameters, "format") === "csv") return sendCsv(reply, "loggutdrag.csv", extractCsv(value));
    return toldAsOf(reply, visit, { patient: patient.value, lines: value });
  },
});

/** The same visit as the work that this is. */
function reviewing(visit: Visit): Visit {
  return { ...visit, work: "log-review" };
}

async function jobState(visit: Visit, job: string): Promise<{ readonly state: string; readonly told?: unknown }> {
  const { state, progress, result, error } = (await readJob(reviewing(visit), job)).value;
  if (state === "failed") return { state: "failed", told: error?.outcome };
  if (state === "done") return { state: "done", told: result?.more };
  return { state: "queued", told: progress?.told };
}

function sendCsv(reply: FastifyReply, name: string, text: string): FastifyReply {
  return reply
    .code(200)
    .header("content-type", "text/csv; charset=utf-8")
    .header("content-disposition", `attachment; filename="${name}"`)
    .header("cache-control", "no-store")
    .send(text);
}

/** From the first moment of a day to the last of another, in the region. */
function periodOf(from: unknown, to: unknown): { readonly low: string; readonly high: string } {
  const dayOf = (name: string, value: unknown): string => {
    const day = typeof value === "string" ? parseLocalDate(value) : undefined;
    if (day === undefined || day > "9998") throw fhirErrorAt("REVIEW_INVALID", name, name);
    return new Date(startOfDate(name === "to" ? addDays(day, 1) : day)).toISOString();
  };
  return { low: dayOf("from", from), high: dayOf("to", to) };
}

function monthOf(parameters: Parameters, name: string): string | undefined {
  const text = parameter(parameters, name);
  if (text !== undefined && !/^\d{4}-(?:0[1-9]|1[0-2])$/.test(text))
    throw fhirErrorAt("SEARCH_VALUE_INVALID", name, name);
  return text;
}
