/**
 * Patients' questions about accesses, as the log's reviewers work with them: each waits on the list of the care provider whose access it
 * is about, with its age and the day by which it is to be answered, until somebody has answered it. Who takes one owns it; whose
 * access it is neither takes nor answers it.
 *
 * SPEC JRN-LOG-QUESTION · PDL 8 kap. 5 § · https://hl7.org/fhir/R4/task.html
 */
import type { Task } from "fhir/r4";
import { PROTECTED_STAFF, reachSetting, type ClientActor, type Grounds, type PersonActor } from "../../access/index.ts";
import { homeOf, HSA_SYSTEM } from "../../base/index.ts";
import { fhirError, fhirErrorAt, isFhirId, parseJson, type JsonObject } from "../../fhir/index.ts";
import { systemCodeValue, tokenKey } from "../../search/index.ts";
import type { AccessLogEntry, LogRow, QuestionAsk, ReadTx, StoredQuestion } from "../../store/index.ts";
import { authorize, recordRefusal, refuseByRule, refuseVisit } from "../authorize.ts";
import { commit } from "../commit.ts";
import { groundText, logEntry, OUT_OF_REACH, type Visit } from "../context.ts";
import { disclose, type Disclosed } from "../disclosed.ts";
import { QUESTION_CODE } from "../door/facts.ts";
import { ASKED_UNIT, askedUnitOf, DONE_STATES, questionOf, QUESTION_SYSTEM, type Question } from "../door/questions.ts";
import { PORTAL } from "../door/sign-in.ts";
import { rowOfId } from "./audit-event.ts";
import { reviewLineOf, type ReviewLine } from "./review-detail.ts";
import { shownPatient, type ShownPatient } from "./review-tasks.ts";
import { groundsForLog, ownProvider } from "./search-log.ts";

/** A question as a reviewer sees it. */
export type ReviewQuestion = Omit<Question, "line"> & {
  /** What the reviewer has seen, to be named when changing it. */
  readonly version: number;
  /** The day by which it was to be answered has been. */
  readonly isLate: boolean;
  /** Who has taken it; until then it is the unit's. */
  readonly owner: { readonly name: string; readonly isMine: boolean } | null;
  readonly patient: ShownPatient;
  /** Whose access it is about, by name; staff with protected identity are not named. */
  readonly person: string | null;
  /** The access is the reader's own: somebody else answers. */
  readonly isOwnAccess: boolean;
};
export type QuestionDetail = { readonly question: ReviewQuestion; readonly line: ReviewLine | null };
export type QuestionPage = { readonly items: readonly ReviewQuestion[]; readonly next: string | null };
export type QuestionCounts = { readonly open: number; readonly late: number };

type Found = { readonly row: StoredQuestion; readonly task: Task; readonly question: ReviewQuestion; readonly line: LogRow | undefined }; // prettier-ignore

const LIST = "Task?code=access-log-question";
const LONGEST = 4000;
const KEYS = {
  code: tokenKey("code", systemCodeValue(QUESTION_SYSTEM, QUESTION_CODE)),
  done: DONE_STATES.map((state) => tokenKey("status", state)),
};

/** A page of the questions: those that wait, the oldest first; or those that are answered, the newest first. Errors: FORBIDDEN, SEARCH_VALUE_INVALID. */
export async function reviewQuestions(
  visit: Visit,
  wish: { readonly state?: string | undefined; readonly after?: string | undefined; readonly count: number },
): Promise<Disclosed<QuestionPage & { readonly counts: QuestionCounts }>> {
  const grounds = await groundsFor(visit, "search");
  const state = (["open", "done"] as const).find((one) => one === (wish.state ?? "open"));
  if (state === undefined) throw fhirErrorAt("SEARCH_VALUE_INVALID", "state", "state");
  const after = cursorIn(wish.after);
  const found = await visit.store.read(reachSetting(grounds.reach), async (look) => ({
    all: await foundBy(look, visit, { state, after, limit: wish.count + 1 }),
    counts: await countsOf(look, visit),
  }));
  const page = found.all.slice(0, wish.count);
  await recordShown(visit, grounds, page);
  const last = found.all.length > wish.count ? page.at(-1) : undefined;
  const next = last === undefined ? null : `${last.row.asked} ${last.row.id}`;
  return disclose({ items: page.map(({ question }) => question), next, counts: found.counts });
}

/** How many questions wait for an answer; it tells of no patient. Errors: FORBIDDEN. */
export async function questionCounts(visit: Visit): Promise<Disclosed<QuestionCounts>> {
  const grounds = await groundsFor(visit, "search");
  return disclose(await visit.store.read(reachSetting(grounds.reach), (look) => countsOf(look, visit)));
}

/** One question with the line that it is about. Errors: NOT_FOUND, FORBIDDEN. */
export async function reviewQuestion(visit: Visit, id: string): Promise<Disclosed<QuestionDetail>> {
  const grounds = await groundsFor(visit, "read");
  const found = await oneOf(visit, grounds, id);
  await recordShown(visit, grounds, [found]);
  return disclose(detailOf(found));
}

/** Makes the reviewer the owner of a question that waits. The same again is done already. Errors: NOT_FOUND, VERSION_CONFLICT, FORBIDDEN. */
export async function takeQuestion(visit: Visit, id: string, seen: number): Promise<Disclosed<QuestionDetail>> {
  const { grounds, found, actor } = await reviewerOf(visit, id, "take question");
  const { owner, state } = found.question;
  if (owner?.isMine === true || state === "answered" || state === "closed") return shown(visit, grounds, found);
  const task = { ...found.task, status: "in-progress" as const, ...takenBy(found.task, actor) };
  return changed(visit, grounds, { found, task, seen, action: "take question" });
}

/**
 * Answers a question, or adds to its answer; nothing that was said is changed. The same words again are done already. Errors:
 * NOT_FOUND, VERSION_CONFLICT when somebody else has changed it since it was seen, REVIEW_INVALID, FORBIDDEN.
 */
export async function answerQuestion(
  visit: Visit,
  id: string,
  { words, seen }: { readonly words: string; readonly seen: number },
): Promise<Disclosed<QuestionDetail>> {
  const { grounds, found, actor } = await reviewerOf(visit, id, "answer question");
  const text = words.trim();
  if (text === "" || text.length > LONGEST || /[^\P{Cc}\n\r\t]|\p{Cs}/u.test(text))
    throw fhirErrorAt("REVIEW_INVALID", "words", "words");
  const newest = found.question.answers.at(-1);
  const by = nameOf(actor);
  if (newest?.text === text && newest.by === by) return shown(visit, grounds, found); // a second click
  const said = { authorString: by, time: visit.clock().toISOString(), text };
  const output = [...(found.task.output ?? []), { type: { text: "Svar" }, valueAnnotation: said }];
  const task = { ...found.task, status: "completed" as const, ...takenBy(found.task, actor), output };
  return changed(visit, grounds, { found, task, seen, action: "answer question" });
}

/** Grounds of the work for the log and for the Tasks that are about it. */
async function groundsFor(visit: Visit, interaction: "search" | "read" | "update"): Promise<Grounds> {
  await groundsForLog(visit, interaction === "search" ? "search" : "read");
  return authorize(visit, interaction, "Task", LIST);
}

async function reviewerOf(visit: Visit, id: string, action: string) {
  const grounds = await groundsFor(visit, "update");
  const { actor } = visit;
  if (actor.kind !== "person") return refuseVisit(visit, LIST, "En fråga besvaras av en person.");
  const found = await oneOf(visit, grounds, id);
  if (!found.question.isOwnAccess) return { grounds, found, actor };
  return refuseByRule(visit, OWN_ACCESS, { action, asked: `Patient/${found.row.patient}` });
}

const OWN_ACCESS = {
  rule: "ACC-LOG-REVIEW-OWN",
  law: "HSLF-FS 2016:40 4 kap. 9 §",
  sentence: "Frågan gäller din egen åtkomst och besvaras av någon annan.",
} as const;

/** One of the questions of the reviewer's care provider, or a refusal that tells nothing. */
async function oneOf(visit: Visit, grounds: Grounds, id: string): Promise<Found> {
  const [found] = !isFhirId(id)
    ? []
    : await visit.store.read(reachSetting(grounds.reach), (look) => foundBy(look, visit, { id, limit: 1 }));
  if (found !== undefined) return found;
  await recordRefusal(visit, "read questions", OUT_OF_REACH, [LIST]);
  throw fhirError("NOT_FOUND");
}

type Changing = { readonly found: Found; readonly task: Task; readonly seen: number; readonly action: string };

/** The reviewer's line in the log first, then the change in the name of the portal, as the question itself was written (decision 0034). */
async function changed(
  visit: Visit,
  grounds: Grounds,
  { found, task, seen, action }: Changing,
): Promise<Disclosed<QuestionDetail>> {
  const { id, patient, version } = found.row;
  if (version !== seen) {
    await recordRefusal(visit, action, "ändrad sedan den lästes", [`Patient/${patient}`]);
    throw fhirError("VERSION_CONFLICT");
  }
  await visit.store.recordAccess([
    entryOf(visit, grounds, { action, patient, what: [`Task/${id}/_history/${version}`] }),
  ]);
  const resource = { ...task, lastModified: visit.clock().toISOString() } as unknown as JsonObject;
  const actor: ClientActor = { kind: "client", name: PORTAL, scopes: [{ type: "Task", verbs: new Set(["c", "u"]) }], careProvider: null, careUnit: null }; // prettier-ignore
  const asPortal = { ...visit, actor, work: undefined, referentialIntegrity: false };
  const command = { kind: "update", type: "Task", id, resource, where: "Task", ifMatch: String(seen) } as const;
  await commit(asPortal, [command]);
  return shown(visit, grounds, await oneOf(visit, grounds, id));
}

async function shown(visit: Visit, grounds: Grounds, found: Found): Promise<Disclosed<QuestionDetail>> {
  await recordShown(visit, grounds, [found]);
  return disclose(detailOf(found));
}

function detailOf({ question, line }: Found): QuestionDetail {
  return { question, line: line === undefined ? null : reviewLineOf(line, JSON.parse(line.entry) as AccessLogEntry) };
}

/** Who takes a question owns it; the unit whose access it was stays named. */
function takenBy(task: Task, actor: PersonActor): Pick<Task, "owner" | "input"> {
  const unit = askedUnitOf(task);
  return {
    owner: { type: "Practitioner", identifier: { system: HSA_SYSTEM, value: actor.hsaId }, display: nameOf(actor) },
    ...(unit === undefined
      ? {}
      : {
          input: [{ type: { coding: [{ system: QUESTION_SYSTEM, code: ASKED_UNIT }] }, valueReference: unit }],
        }),
  };
}

function nameOf({ name, title, protectedIdentity }: PersonActor): string {
  return protectedIdentity === true ? PROTECTED_STAFF : `${name}, ${title}`;
}

function countsOf(look: ReadTx, visit: Visit): Promise<QuestionCounts> {
  return look.door.waitingQuestions({ provider: ownProvider(visit), ...KEYS }, visit.clock().toISOString());
}

async function foundBy(
  look: ReadTx,
  visit: Visit,
  ask: Pick<QuestionAsk, "id" | "state" | "after" | "limit">,
): Promise<Found[]> {
  const rows = await look.door.questions({ provider: ownProvider(visit), ...KEYS, ...ask });
  const tasks = rows.map(({ content }) => parseJson(content) as unknown as Task);
  const patients = await look.readMany("Patient", [...new Set(rows.map(({ patient }) => patient))]);
  const named = new Map(patients.map(({ id, content }) => [id, shownPatient(id, content)]));
  const asked = tasks.map((task) => rowOfId(task.focus?.identifier?.value ?? ""));
  const wanted = asked.filter((one) => one !== undefined);
  const log = wanted.length === 0 ? [] : await look.log({ rows: wanted, limit: wanted.length });
  const now = visit.clock().toISOString();
  const me = visit.actor.kind === "person" ? visit.actor.hsaId : undefined;
  return rows.flatMap((row, at) => {
    const [task, place] = [tasks[at], asked[at]];
    if (task === undefined) return [];
    const line = log.find(({ chain, seq }) => chain === place?.chain && seq === place.seq);
    const entry = line === undefined ? undefined : (JSON.parse(line.entry) as AccessLogEntry);
    const { line: _line, ...question } = questionOf(task);
    const isDone = question.state === "answered" || question.state === "closed";
    const ownerId = task.owner?.type === "Practitioner" ? task.owner.identifier?.value : undefined;
    return [
      {
        row,
        task,
        line,
        question: {
          ...question,
          id: row.id,
          version: row.version,
          isLate: !isDone && question.answerBy !== null && question.answerBy < now,
          owner: ownerId === undefined ? null : { name: task.owner?.display ?? ownerId, isMine: ownerId === me },
          patient: named.get(row.patient) ?? { id: row.patient, name: null, number: null, isProtected: false },
          person: entry === undefined ? null : entry.protectedIdentity === true ? PROTECTED_STAFF : entry.person,
          isOwnAccess: entry !== undefined && entry.actor === me,
        },
      },
    ];
  });
}

/** Makes durable which questions are about to be shown. */
async function recordShown(visit: Visit, grounds: Grounds, found: readonly Found[]): Promise<void> {
  const byPatient = new Map<string, string[]>();
  for (const { row } of found) {
    const { id, version, patient } = row;
    byPatient.set(patient, [...(byPatient.get(patient) ?? []), `Task/${id}/_history/${version}`]);
  }
  const entries = [...byPatient].map(([patient, what]) =>
    entryOf(visit, grounds, { action: "read questions", patient, what }),
  );
  if (entries.length === 0) entries.push(entryOf(visit, grounds, { action: "read questions", patient: null, what: [LIST] })); // prettier-ignore
  await visit.store.recordAccess(entries);
}

function entryOf(
  visit: Visit,
  grounds: Grounds,
  { action, patient, what }: { readonly action: string; readonly patient: string | null; readonly what: readonly string[] }, // prettier-ignore
): AccessLogEntry {
  const act = { action, outcome: "granted", ground: groundText(grounds) } as const;
  return logEntry(visit, act, { home: patient === null ? 0 : homeOf(patient), patient, what });
}

function cursorIn(text: string | undefined): QuestionAsk["after"] {
  if (text === undefined || text === "") return undefined;
  const [, asked, id] = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z) (\S{1,64})$/.exec(text) ?? [];
  if (asked === undefined || !isFhirId(id) || Number.isNaN(Date.parse(asked)))
    throw fhirErrorAt("SEARCH_VALUE_INVALID", "after", "after");
  return { asked, id };
}
