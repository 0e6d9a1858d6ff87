/**
 * Bulk export: every resource of some types as of one moment, slice by slice into files. A slice's rows of the access log
 * are durable before any of it is in a file, and its place is saved after it is, so that a server that dies leaves nothing
 * out and nothing twice.
 *
 * SPEC JRN-EXPORT · https://hl7.org/fhir/uv/bulkdata/STU2/export.html
 */
import { decide, reachSetting, type Grounds } from "../access/index.ts";
import { fhirErrorAt, isJsonObject, parseJson, RESOURCE_TYPES, subsetResource, writeJson } from "../fhir/index.ts";
import {
  compileDeletions,
  compileSlice,
  parseSearch,
  type Condition,
  type SliceAsk,
  type SliceRow,
} from "../search/index.ts";
import type { ClaimedJob } from "../store/index.ts";
import { authorize } from "./authorize.ts";
import { settledMoment } from "./bulk-moment.ts";
import { groundText, today, type Visit } from "./context.ts";
import { entriesByPatient } from "./hits.ts";
import { JobOutput, type OutputFile } from "./job-output.ts";
import { visitOfJob } from "./job-grounds.ts";
import { filesOf, type JobHands, type JobResult, type JobRunner } from "./jobs.ts";
import { predicateFor } from "./predicate.ts";
import { showingFor, shownRow } from "./protected.ts";
import { parametersOf } from "./query-text.ts";
import { withMeanings } from "./terminology.ts";

export type ExportAsk = {
  /** The address that was asked, for the manifest. */
  readonly url: string;
  readonly types: readonly string[];
  readonly since?: string;
  readonly before?: string;
  /** Elements as they were named: `status`, `Patient.name`. */
  readonly elements: readonly string[];
  /** Searches (query strings) by type; a resource comes when it meets one of its type's. */
  readonly filters: Readonly<Record<string, readonly string[]>>;
  readonly patients?: readonly string[] | "any";
};

/** What has been done: of step `step`, everything up to and with the id `after`. */
type Progress = {
  readonly transactionTime: string;
  readonly step: number;
  readonly after: string;
  readonly files: readonly OutputFile[];
  readonly count: number;
  readonly told: string;
};

type Step = { readonly list: "output" | "deleted"; readonly type: string };

const SLICE_ROWS = 1000;
/** Of stored, compressed text: some tens of megabytes when it is opened up. */
const SLICE_BYTES = 4 * 1024 * 1024;
const DELETIONS_IN_BUNDLE = 100;

/** The types that the actor may take out, of those named or of all. Errors: FORBIDDEN for a named one, or when none is left. */
export async function exportableTypes(visit: Visit, named: readonly string[]): Promise<readonly string[]> {
  for (const type of named) await authorize(visit, "search", type, `${type}/$export`);
  if (named.length > 0) return named;
  const question = { interaction: "search", today: today(visit) } as const;
  const types = RESOURCE_TYPES.filter((type) => "grounds" in decide(visit.actor, { ...question, type }));
  if (types.length === 0) await authorize(visit, "search", "*", "$export");
  return types;
}

/** The conditions of a filter. Errors: those of the search, OPERATION_PARAMETER for what is about an answer's form. */
async function conditionOf(visit: Visit, type: string, query: string): Promise<Condition> {
  const options = { base: visit.base, now: visit.clock().getTime() };
  const plan = parseSearch(type, parametersOf(query), options);
  const { sort, includes, revincludes, elements, countOnly, cursor, contained } = plan;
  const isOfForm = sort.length + includes.length + revincludes.length + elements.length > 0 || countOnly;
  if (isOfForm || cursor !== undefined || contained.search !== "false")
    throw fhirErrorAt("OPERATION_PARAMETER", "_typeFilter", "_typeFilter");
  const grounds = await authorize(visit, "search", type);
  const meant = await visit.store.read(reachSetting(grounds.reach), (look) => withMeanings(visit, plan, look));
  return { kind: "all", of: meant.types.flatMap(({ conditions }) => conditions) };
}

/** Refuses filters that the export would stumble over. Errors: as of the search that each is. */
export async function refuseBadFilters(visit: Visit, filters: ExportAsk["filters"]): Promise<void> {
  for (const [type, queries] of Object.entries(filters)) {
    for (const query of queries) await conditionOf(visit, type, query);
  }
}

/** Runs an export from where it stands. */
export const runExport: JobRunner = async (options, job, hands) => {
  const visit = await visitOfJob(options, job);
  const place = { files: filesOf(options), job: job.id, random: options.random };
  const saved = job.progress as Progress | null;
  const resumed = saved === null ? undefined : await JobOutput.resume(place, saved.files);
  const output = resumed ?? new JobOutput(place, []);
  const fresh = async (): Promise<Progress> => ({
    transactionTime: await settledMoment(visit, hands.signal),
    step: 0,
    after: "",
    files: [],
    count: 0,
    told: "0",
  });
  const isNew = saved === null || resumed === undefined;
  const progress = isNew ? await fresh() : saved;
  try {
    if (isNew) await hands.save(progress);
    return await new Export(visit, job, hands, output).run(progress);
  } finally {
    await output.close();
  }
};

class Export {
  private visit: Visit;
  private readonly job: ClaimedJob;
  private readonly ask: ExportAsk;
  private readonly hands: JobHands;
  private readonly output: JobOutput;
  private readonly steps: readonly Step[];

  constructor(visit: Visit, job: ClaimedJob, hands: JobHands, output: JobOutput) {
    const ask = job.request as ExportAsk;
    this.visit = visit;
    this.job = job;
    this.ask = ask;
    this.hands = hands;
    this.output = output;
    const stepsOf = (list: Step["list"]): Step[] => ask.types.map((type) => ({ list, type }));
    this.steps = [...stepsOf("output"), ...(ask.since === undefined ? [] : stepsOf("deleted"))];
  }

  async run(from: Progress): Promise<JobResult> {
    let { after, count } = from;
    for (const [at, step] of this.steps.entries()) {
      if (at < from.step) continue;
      count = (await this.takeOut(step, { ...from, step: at, after, count })).count;
      after = "";
    }
    return { transactionTime: from.transactionTime, files: this.output.files };
  }

  /** All slices of a type. The next is read while one is written. */
  private async takeOut(step: Step, from: Progress): Promise<Progress> {
    const { type } = step;
    let grounds = await this.groundsNow(type);
    const queries = step.list === "deleted" ? [] : (this.ask.filters[type] ?? []);
    const filters: Condition[] = [];
    for (const query of queries) filters.push(await conditionOf(this.visit, type, query));
    const ask = this.sliceAsk(type, from, filters);
    let progress = from;
    for (let slice = await this.read(step, ask, grounds); slice.length > 0;) {
      this.hands.signal.throwIfAborted();
      const last = slice.at(-1);
      const next =
        last?.more === true ? this.read(step, { ...ask, after: last.id }, grounds) : Promise.resolve<SliceRow[]>([]);
      next.catch(() => undefined); // it is asked for below, unless this slice fails first
      await this.write(step, slice, grounds);
      progress = this.after(step, slice, progress);
      await this.hands.save(progress);
      slice = await next;
      if (slice.length > 0) grounds = await this.groundsNow(type);
    }
    return progress;
  }

  /** What may have been withdrawn since the last slice is asked for again. Errors: FORBIDDEN. */
  private async groundsNow(type: string): Promise<Grounds> {
    this.visit = await visitOfJob(this.visit, this.job);
    return authorize(this.visit, "search", type, `${type}/$export`);
  }

  /** Where the export stands when a slice is written. */
  private after({ list, type }: Step, slice: readonly SliceRow[], progress: Progress): Progress {
    const count = progress.count + slice.length;
    const told = `${list === "deleted" ? "deleted " : ""}${type}: ${count}`;
    return { ...progress, after: slice.at(-1)?.id ?? "", files: this.output.files, count, told };
  }

  private async read({ list }: Step, ask: SliceAsk, grounds: Grounds): Promise<SliceRow[]> {
    const predicate = predicateFor(this.visit, grounds);
    const statement = list === "output" ? compileSlice(ask, predicate) : compileDeletions(ask, predicate);
    const rows = await this.visit.store.read(reachSetting(grounds.reach), (look) => look.rarely(statement));
    return rows as unknown as SliceRow[];
  }

  private async write({ list, type }: Step, slice: readonly SliceRow[], grounds: Grounds): Promise<void> {
    const act = { action: "export", outcome: "granted", ground: groundText(grounds) } as const;
    await this.visit.store.recordAccess(entriesByPatient(this.visit, act, slice, []));
    const showing = await showingFor(this.visit);
    const shown = slice.map((row) => shownRow(row, showing, "list"));
    if (list === "output") await this.output.append(list, type, shown.map(this.shapeOf(type)));
    else await this.output.append(list, "Bundle", deletionBundles(slice));
  }

  private sliceAsk(type: string, { transactionTime, after }: Progress, filters: readonly Condition[]): SliceAsk {
    const { since, before, patients } = this.ask;
    return {
      type,
      after,
      rows: SLICE_ROWS,
      bytes: SLICE_BYTES,
      moment: transactionTime,
      since,
      before,
      patients,
      filters,
    };
  }

  /** The whole text as it is stored, or the elements that were asked for of this type. */
  private shapeOf(type: string): (row: SliceRow) => string {
    const elements = this.ask.elements.filter((name) => !/^[A-Z]/.test(name) || name.startsWith(`${type}.`));
    if (elements.length === 0) return ({ content }) => content;
    return ({ content }) => {
      const resource = parseJson(content);
      return isJsonObject(resource) ? writeJson(subsetResource(resource, { elements })) : content;
    };
  }
}

/** Bundles whose entries say what is gone. */
function deletionBundles(rows: readonly SliceRow[]): string[] {
  const bundles: string[] = [];
  for (let at = 0; at < rows.length; at += DELETIONS_IN_BUNDLE) {
    const entry = rows
      .slice(at, at + DELETIONS_IN_BUNDLE)
      .map(({ type, id }) => ({ request: { method: "DELETE", url: `${type}/${id}` } }));
    bundles.push(JSON.stringify({ resourceType: "Bundle", type: "transaction", entry }));
  }
  return bundles;
}
