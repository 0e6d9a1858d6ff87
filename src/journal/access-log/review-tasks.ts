/**
 * What a reviewer has to look at: accesses that samples have drawn, each with why it was chosen and what came of it. A care
 * provider reviews its own staff. Whose record it was is told by name and number, since that is what the reviewer asks
 * the unit about; of a patient whose identity is protected neither is. Every patient that is shown is logged.
 *
 * SPEC JRN-LOG-TASK · HSLF-FS 2016:40 4 kap. 9 §
 */
import { PROTECTED_STAFF, reachSetting, type Grounds } from "../../access/index.ts";
import { homeOf } from "../../base/index.ts";
import { fhirError, fhirErrorAt, protectionLabels, type JsonObject } from "../../fhir/index.ts";
import {
  memberText,
  type AccessLogEntry,
  type ReadTx,
  type ReviewOutcome,
  type ReviewTask,
  type SampleLine,
  type TaskAsk,
  type Verdict,
} from "../../store/index.ts";
import { recordRefusal } from "../authorize.ts";
import { groundText, logEntry, OUT_OF_REACH, type Visit } from "../context.ts";
import { disclose, type Disclosed } from "../disclosed.ts";
import { patientNumberIn } from "./export-log.ts";
import { isTaskId, REVIEW_OUTCOMES } from "./review.ts";
import { USUAL_CONFIG, type Access, type RiskFinding } from "./risk-rules.ts";
import { groundsForLog, ownProvider } from "./search-log.ts";

/** Whose record it was; nothing of it for somebody with a protected identity, or when the record is there no more. */
export type ShownPatient = {
  readonly id: string;
  readonly name: string | null;
  readonly number: string | null;
  readonly isProtected: boolean;
};

export type Task = {
  readonly access: string;
  readonly sample: string | null;
  readonly seed: string | null;
  readonly risk: number;
  readonly findings: readonly RiskFinding[];
  readonly day: string;
  readonly first: string;
  readonly actor: string;
  readonly person: string;
  readonly unit: string | null;
  readonly unitId: string | null;
  readonly rows: number;
  readonly patient: ShownPatient;
  readonly verdict: Verdict | null;
};

export type TaskWish = {
  readonly sample?: string | undefined;
  readonly state?: string | undefined;
  readonly outcome?: string | undefined;
  readonly rule?: string | undefined;
  readonly unit?: string | undefined;
  readonly after?: string | undefined;
  readonly count: number;
};

export type TaskPage = { readonly tasks: readonly Task[]; readonly next: string | null };

const LIST = "AuditEvent/$access-log review";
const MOST_SAMPLES = 200;

/** Samples that have something to review, newest first. Errors: FORBIDDEN. */
export async function reviewSamples(visit: Visit): Promise<Disclosed<readonly SampleLine[]>> {
  const grounds = await groundsForLog(visit, "search");
  const found = await visit.store.read(reachSetting(grounds.reach), (look) =>
    look.reviews.samples(ownProvider(visit), MOST_SAMPLES),
  );
  await recordShownTasks(visit, grounds, []);
  return disclose(found);
}

/** A page of what there is to review, the riskiest first. Errors: FORBIDDEN, SEARCH_VALUE_INVALID. */
export async function reviewTasks(visit: Visit, wish: TaskWish): Promise<Disclosed<TaskPage>> {
  const grounds = await groundsForLog(visit, "search");
  const ask = { ...criteriaOf(wish), provider: ownProvider(visit), limit: wish.count + 1 };
  const tasks = await visit.store.read(reachSetting(grounds.reach), async (look) =>
    tasksOf(look, await look.reviews.tasks(ask)),
  );
  const page = tasks.slice(0, wish.count);
  await recordShownTasks(visit, grounds, page);
  const last = tasks.length > wish.count ? page.at(-1) : undefined;
  return disclose({ tasks: page, next: last === undefined ? null : `${last.risk} ${last.access}` });
}

/** One of them, or a refusal that tells nothing. Errors: NOT_FOUND. */
export async function taskOf(visit: Visit, grounds: Grounds, access: string): Promise<Task> {
  const found = !isTaskId(access)
    ? []
    : await visit.store.read(reachSetting(grounds.reach), async (look) =>
        tasksOf(look, await look.reviews.tasks({ provider: ownProvider(visit), access, limit: 1 })),
      );
  const [task] = found;
  if (task !== undefined) return task;
  await recordRefusal(visit, "read access log", OUT_OF_REACH, [LIST]);
  throw fhirError("NOT_FOUND");
}

/** Makes durable whose accesses are about to be shown. */
export async function recordShownTasks(visit: Visit, grounds: Grounds, tasks: readonly Task[]): Promise<void> {
  const act = { action: "read access log", outcome: "granted", ground: groundText(grounds) } as const;
  const byPatient = new Map<string, string[]>();
  for (const { patient, access } of tasks)
    byPatient.set(patient.id, [...(byPatient.get(patient.id) ?? []), `AuditEvent/${access}`]);
  const entries = [...byPatient].map(([patient, what]) =>
    logEntry(visit, act, { home: homeOf(patient), patient, what }),
  );
  if (entries.length === 0) entries.push(logEntry(visit, act, { home: 0, patient: null, what: [LIST] }));
  await visit.store.recordAccess(entries);
}

function criteriaOf({ sample, state, outcome, rule, unit, after }: TaskWish): Omit<TaskAsk, "provider" | "limit"> {
  const known = <T extends string>(name: string, value: string | undefined, values: readonly T[]): T | undefined => {
    const found = values.find((one) => one === value);
    if (value !== undefined && found === undefined) throw fhirErrorAt("SEARCH_VALUE_INVALID", name, name);
    return found;
  };
  const rules = [...Object.keys(USUAL_CONFIG.weights), "none"];
  return {
    sample: printableIn("sample", sample),
    state: known("state", state, ["open", "done"] as const),
    outcome: known<ReviewOutcome>("outcome", outcome, REVIEW_OUTCOMES),
    rule: known("rule", rule, rules),
    unit: printableIn("unit", unit),
    after: cursorIn(after),
  };
}

function printableIn(name: string, value: string | undefined): string | undefined {
  if (value !== undefined && !/^[\x20-\x7e\u00a0-\u024f]{1,200}$/.test(value))
    throw fhirErrorAt("SEARCH_VALUE_INVALID", name, name);
  return value;
}

function cursorIn(text: string | undefined): TaskAsk["after"] {
  if (text === undefined) return undefined;
  const [, risk, access = ""] = /^(\d{1,6}) (.+)$/.exec(text) ?? [];
  if (risk === undefined || !isTaskId(access)) throw fhirErrorAt("SEARCH_VALUE_INVALID", "after", "after");
  return { risk: Number(risk), access };
}

async function tasksOf(look: ReadTx, found: readonly ReviewTask[]): Promise<Task[]> {
  const accesses = found.map(({ finding }) => finding as Access & { readonly findings: readonly RiskFinding[] });
  const rows = await look.readMany("Patient", [...new Set(accesses.map(({ patient }) => patient))]);
  const patients = new Map(rows.map(({ id, content }) => [id, shownPatient(id, content)]));
  const tasks: Task[] = [];
  for (const [at, { access, sample, seed, risk, verdict }] of found.entries()) {
    const drawn = accesses[at];
    if (drawn === undefined) continue;
    const {
      patient,
      findings,
      day,
      first,
      actor,
      person,
      unit,
      unitId,
      rows: lines,
    } = sample === null ? await namedInLog(look, drawn) : drawn;
    tasks.push({
      access,
      sample,
      seed,
      risk,
      findings,
      day,
      first,
      actor,
      person,
      unit,
      unitId,
      rows: lines,
      patient: patients.get(patient) ?? { id: patient, name: null, number: null, isProtected: false },
      verdict,
    });
  }
  return tasks;
}

/** Who an emergency access was, by name and unit, as the log's last line of theirs in the record has it. */
async function namedInLog<T extends Pick<Access, "patient" | "actor" | "person" | "unit">>(
  look: ReadTx,
  access: T,
): Promise<T> {
  const texts = [[memberText("actor", access.actor)]];
  const [row] = await look.log({ patient: access.patient, texts, limit: 1 });
  if (row === undefined) return access;
  const { person, careUnit, protectedIdentity } = JSON.parse(row.entry) as AccessLogEntry;
  return {
    ...access,
    person: protectedIdentity === true ? PROTECTED_STAFF : (person ?? access.person),
    unit: careUnit ?? access.unit,
  };
}

/** A patient as reviewers are told of it. */
export function shownPatient(id: string, content: string): ShownPatient {
  const resource = JSON.parse(content) as JsonObject & {
    readonly name?: readonly { readonly text?: string; readonly given?: readonly string[]; readonly family?: string }[];
  };
  if (protectionLabels(resource).length > 0) return { id, name: null, number: null, isProtected: true };
  const [name] = resource.name ?? []; // the first is the one that lists show
  const said = name?.text ?? [...(name?.given ?? []), name?.family ?? ""].join(" ").trim();
  return { id, name: said === "" ? null : said, number: patientNumberIn(content) ?? null, isProtected: false };
}
