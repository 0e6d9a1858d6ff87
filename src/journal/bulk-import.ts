/**
 * Bulk import of NDJSON: a resource a line, written in groups through the same door as every other write. A line with an id
 * is put under it, one without gets an id that depends on the job and the line alone; a group has a key of its own. So an
 * import that is taken up again adds nothing twice.
 *
 * What refers to resources that come later in the file waits for them: lines that miss something are tried again as long
 * as anything moves, and only then refused.
 *
 * SPEC JRN-IMPORT · https://github.com/smart-on-fhir/bulk-import (draft)
 */
import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { homeOf, newId } from "../base/index.ts";
import {
  FhirError,
  fhirError,
  fhirErrorAt,
  isJsonObject,
  isResourceType,
  parseJson,
  writeJson,
  type Issue,
} from "../fhir/index.ts";
import { extractKeys } from "../search/index.ts";
import type { ClaimedJob } from "../store/index.ts";
import type { UpdateCommand } from "./commands.ts";
import { commit } from "./commit.ts";
import type { Visit } from "./context.ts";
import { grouped, linesOf, runsOf, segmentOf, type Line, type Segment } from "./import-lines.ts";
import { JobOutput, type OutputFile } from "./job-output.ts";
import { ownerNameOf } from "./job-actor.ts";
import { visitOfJob } from "./job-grounds.ts";
import { filesOf, type JobHands, type JobResult, type JobRunner } from "./jobs.ts";

export type ImportAsk = { readonly url: string; readonly bytes: number };

/** A line as the command that it asks for. */
type Item = { readonly line: Line; readonly command: UpdateCommand };

type Counts = { readonly created: number; readonly updated: number; readonly unchanged: number };

type Progress = {
  readonly pass: number;
  /** In the last pass nothing is waited for any more. */
  readonly isLast: boolean;
  /** In the first pass: how far the file is read. Later: what this pass has left. */
  readonly offset: number;
  readonly line: number;
  readonly queue: readonly Segment[];
  /** What waits for the next pass. */
  readonly waiting: readonly Segment[];
  /** Lines that this pass has settled. */
  readonly moved: number;
  readonly counts: Readonly<Record<string, Counts>>;
  readonly refused: number;
  readonly files: readonly OutputFile[];
  readonly told: string;
};

const UPLOAD = "upload";
const MOST_PASSES = 30;
const MOST_WAITING = 20_000;
const NO_COUNTS: Counts = { created: 0, updated: 0, unchanged: 0 };

/** An owner who keeps this much in files of long work sends no more until some of it has gone. */
const MOST_KEPT = 16 * 1024 ** 3;
const KEPT_RETRY_SECONDS = 3600;

/** Errors: TOO_MANY_REQUESTS when the actor's jobs keep as much as they may. */
export async function refuseWhenFull(visit: Visit, most = MOST_KEPT): Promise<void> {
  const ids = await visit.store.jobs.idsOf(ownerNameOf(visit.actor));
  if ((await filesOf(visit).bytesOf(ids)) >= most) throw fhirError("TOO_MANY_REQUESTS", KEPT_RETRY_SECONDS);
}

/** Keeps what is sent, and answers its size. Errors: BODY_EMPTY, BODY_TOO_LARGE; then nothing is kept. */
export async function keepUpload(visit: Visit, job: string, source: Readable, most: number): Promise<number> {
  const files = filesOf(visit);
  const file = await files.create(job, UPLOAD);
  try {
    for await (const chunk of source) {
      if (file.bytes + (chunk as Buffer).length > most) throw fhirError("BODY_TOO_LARGE", `${most / 1024 ** 2} MB`);
      await file.append(chunk as Buffer);
    }
    if (file.bytes === 0) throw fhirError("BODY_EMPTY");
    await file.settle();
    return file.bytes;
  } catch (error) {
    await files.remove(job);
    throw error;
  } finally {
    await file.close();
  }
}

/** Runs an import from where it stands. */
export const runImport: JobRunner = async (options, job, hands) => {
  const place = { files: filesOf(options), job: job.id, random: options.random };
  const ask = job.request as ImportAsk;
  if (((await place.files.size(job.id, UPLOAD)) ?? -1) < ask.bytes) throw fhirError("GONE");
  const saved = job.progress as Progress | null;
  const output = (saved === null ? undefined : await JobOutput.resume(place, saved.files)) ?? new JobOutput(place, []);
  try {
    return await new Import(await visitOfJob(options, job), job, hands, output).run(saved ?? START);
  } finally {
    await output.close();
  }
};

const START: Progress = {
  pass: 0,
  isLast: false,
  offset: 0,
  line: 1,
  queue: [],
  waiting: [],
  moved: 0,
  counts: {},
  refused: 0,
  files: [],
  told: "0",
};

class Import {
  private visit: Visit;
  private readonly job: ClaimedJob;
  private readonly hands: JobHands;
  private readonly output: JobOutput;
  private readonly bytes: number;
  private state: Progress = START;

  constructor(visit: Visit, job: ClaimedJob, hands: JobHands, output: JobOutput) {
    this.visit = visit;
    this.job = job;
    this.hands = hands;
    this.output = output;
    this.bytes = (job.request as ImportAsk).bytes;
  }

  async run(from: Progress): Promise<JobResult> {
    this.state = from;
    if (this.state.pass === 0) await this.readThrough();
    while (this.nextPass()) await this.goThroughWaiting();
    const { counts, refused } = this.state;
    const { files } = this.output;
    return { transactionTime: this.visit.clock().toISOString(), files, more: { counts, refused }, spent: [UPLOAD] };
  }

  /** The first pass: the file from its beginning, or from where it was left. */
  private async readThrough(): Promise<void> {
    const { offset, line } = this.state;
    for await (const group of grouped(this.lines({ offset, line, bytes: this.bytes - offset }))) {
      await this.settle(group);
      const segment = segmentOf(group);
      await this.save({ offset: segment.offset + segment.bytes, line: (group.at(-1)?.number ?? 0) + 1 });
    }
  }

  /** A later pass: what waits, group by group. */
  private async goThroughWaiting(): Promise<void> {
    for (let [next, ...queue] = this.state.queue; next !== undefined; [next, ...queue] = queue) {
      const group: Line[] = [];
      for await (const line of this.lines(next)) group.push(line);
      await this.settle(group);
      await this.save({ queue });
    }
  }

  /** Begins another pass when something waits; when this one moved nothing, it is the last. */
  private nextPass(): boolean {
    const { queue, waiting, moved, pass } = this.state;
    if (queue.length > 0) return true; // a pass that was left half way
    if (waiting.length === 0) return false;
    const isLast = moved === 0 || pass >= MOST_PASSES;
    this.state = { ...this.state, isLast, pass: pass + 1, queue: waiting, waiting: [], moved: 0 };
    return true;
  }

  private async save(place: Partial<Progress>): Promise<void> {
    const stored = Object.values(this.state.counts).reduce(
      (sum, { created, updated, unchanged }) => sum + created + updated + unchanged,
      0,
    );
    const told = `${stored} stored, ${this.state.refused} refused`;
    this.state = { ...this.state, ...place, files: this.output.files, told };
    await this.hands.save(this.state);
  }

  private lines({ offset, bytes, line }: Segment): AsyncGenerator<Line> {
    if (bytes <= 0) return linesOf(Readable.from([]), offset, line);
    return linesOf(filesOf(this.visit).read(this.job.id, UPLOAD, offset, offset + bytes), offset, line);
  }

  /** Settles every line: stored, refused, or waiting for what it refers to. */
  private async settle(lines: readonly Line[]): Promise<void> {
    this.hands.signal.throwIfAborted();
    this.visit = await visitOfJob(this.visit, this.job);
    let items: Item[] = [];
    let named = new Set<string>();
    for (const line of lines) {
      try {
        const command = commandOf(this.visit, this.job, line);
        const name = `${command.type}/${command.id ?? ""}`;
        if (named.has(name)) {
          await this.store(items); // one commit makes one version of a resource
          items = [];
          named = new Set();
        }
        named.add(name);
        items.push({ line, command });
      } catch (error) {
        await this.refuse(line, error);
      }
    }
    await this.store(items);
  }

  /**
   * Stores lines as one. Those that miss a reference are set aside and the others kept together, since they may refer to
   * each other; for any other fault the lines are parted where it is, in their order, since one may follow on another.
   */
  private async store(items: readonly Item[]): Promise<void> {
    for (let rest = items; rest.length > 0;) {
      this.hands.signal.throwIfAborted();
      const fault = await this.commitAll(rest);
      if (fault === undefined) return;
      const faulty = rest.filter(({ line }) => issuesOf(line, fault).length > 0);
      const [first] = faulty;
      if (fault.code === "REFERENCE_NOT_FOUND" && first !== undefined) {
        await this.setAside(faulty, fault);
        rest = rest.filter((item) => !faulty.includes(item));
      } else if (rest.length === 1) {
        return this.refuseAll(rest, fault);
      } else {
        const cut = first === undefined ? Math.ceil(rest.length / 2) : Math.max(1, rest.indexOf(first));
        await this.store(rest.slice(0, cut));
        rest = rest.slice(cut);
      }
    }
  }

  /** Answers why not, when the lines were refused. What is ours to mend is thrown, and the job is tried again. */
  private async commitAll(items: readonly Item[]): Promise<FhirError | undefined> {
    const names = createHash("sha256").update(items.map(({ line }) => line.number).join(" "));
    const idempotencyKey = `import ${this.job.id} ${names.digest("hex")}`;
    try {
      const { value } = await commit(
        this.visit,
        items.map(({ command }) => command),
        { idempotencyKey, isHistory: true },
      );
      const counts = { ...this.state.counts };
      for (const { type, outcome } of value) {
        const before = counts[type] ?? NO_COUNTS;
        const name = outcome === "created" || outcome === "unchanged" ? outcome : "updated";
        counts[type] = { ...before, [name]: before[name] + 1 };
      }
      this.state = { ...this.state, counts, moved: this.state.moved + items.length };
      return undefined;
    } catch (error) {
      if (!(error instanceof FhirError) || error.status >= 500) throw error;
      return error;
    }
  }

  /** Lets lines wait for what they refer to, or refuses them when there is nothing more to wait for. */
  private async setAside(items: readonly Item[], fault: FhirError): Promise<void> {
    const segments = this.state.isLast ? [] : runsOf(items.map(({ line }) => line)).map(segmentOf);
    if (segments.length === 0 || this.state.waiting.length + segments.length > MOST_WAITING)
      return this.refuseAll(items, fault);
    this.state = { ...this.state, waiting: [...this.state.waiting, ...segments] };
    return undefined;
  }

  private async refuseAll(items: readonly Item[], fault: FhirError): Promise<void> {
    for (const { line } of items) await this.refuse(line, fault);
  }

  /** The error file says which line, and what of it. */
  private async refuse(line: Line, error: unknown): Promise<void> {
    if (!(error instanceof FhirError)) throw error;
    const { number } = line;
    const own = issuesOf(line, error);
    const issues = (own.length > 0 ? own : error.issues).map((issue) => ({
      ...issue,
      sv: `Rad ${number}: ${issue.sv}`,
      en: `Line ${number}: ${issue.en}`,
      expression: issue.expression?.replace(/^line\d+\.?/, "") || undefined,
    }));
    const { resourceType, ...outcome } = new FhirError(error.code, issues).toOutcome();
    const extension = [{ url: "urn:x-eira:line", valueInteger: number }];
    const text = JSON.stringify(JSON.parse(writeJson({ resourceType, ...outcome })));
    const withLine = `${text.slice(0, -1)},"extension":${JSON.stringify(extension)}}`;
    await this.output.append("error", "OperationOutcome", [withLine]);
    this.state = { ...this.state, refused: this.state.refused + 1, moved: this.state.moved + 1 };
  }
}

/** What an error of a group says of one of its lines. */
function issuesOf({ number }: Line, { issues }: FhirError): readonly Issue[] {
  return issues.filter(({ expression }) => /^line(\d+)/.exec(expression ?? "")?.[1] === String(number));
}

/** Errors: BODY_TOO_LARGE, BODY_NOT_JSON, TYPE_MISMATCH, TYPE_UNKNOWN. */
function commandOf(visit: Visit, job: ClaimedJob, { number, text }: Line): UpdateCommand {
  const where = `line${number}`;
  if (text === undefined) throw fhirErrorAt("BODY_TOO_LARGE", where, "16 MB");
  const resource = parseJson(text);
  if (!isJsonObject(resource)) throw fhirErrorAt("TYPE_MISMATCH", where, "Resource");
  const { resourceType: type, id } = resource;
  if (typeof type !== "string" || !isResourceType(type))
    throw fhirErrorAt("TYPE_UNKNOWN", `${where}.resourceType`, typeof type === "string" ? type : "–");
  if (typeof id === "string") return { kind: "update", type, id, resource, where };
  const given = idOfLine(visit, job, { type, number, resource });
  return { kind: "update", type, id: given, resource: { ...resource, id: given }, where };
}

/** The same line of the same job gets the same id, which carries the patient's home. */
function idOfLine(
  { base }: Visit,
  job: ClaimedJob,
  {
    type,
    number,
    resource,
  }: { readonly type: string; readonly number: number; readonly resource: UpdateCommand["resource"] },
): string {
  const random = createHash("sha256").update(`${job.id} ${number}`).digest();
  const made = Date.parse(job.created);
  if (type === "Patient") return newId(1 + (random.readUInt32BE(20) % 0xfffff), made, random);
  const { patient } = extractKeys(type, { ...resource, id: "new" }, { base });
  return newId(patient === null ? 0 : homeOf(patient), made, random);
}
