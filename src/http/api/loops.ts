/**
 * The inbox, what was sent, and the steps of both, as the screens ask. Rows carry nobody's name or health and may be asked for again and
 * again; what they are about is asked for once, read by the journal and logged.
 *
 * SPEC HTTP-LOOP
 */
import { aboutLoops, namePeople } from "../../clinical/index.ts";
import {
  FhirError,
  fhirErrorAt,
  isJsonArray,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  type Language,
} from "../../fhir/index.ts";
import {
  actOnLoops,
  EVENTS,
  findLists,
  KINDS,
  loopsOf,
  loopsOfPatient,
  loopSteps,
  loopTotals,
  ownLists,
  stepsOpen,
  type Kind,
  type ListAsk,
  type Loop,
  type LoopAct,
  type LoopPage,
} from "../../loop/index.ts";
import type { Visit } from "../../journal/index.ts";
import { jsonOf } from "../body.ts";
import { piecesOf } from "../pieces.ts";
import { parameter, queryOf, type Parameters } from "../query.ts";
import { languageOf, toldAsOf } from "../reply.ts";
import { pathParameter, route } from "../route.ts";

const { wholeIn } = piecesOf("LOOP_INVALID");
const MOST = 200;
const USUAL = 50;
const DAY_MS = 86_400_000;
/** What was done is shown in the chart for so long. */
const DONE_DAYS = 30;

/** What is set in motion towards somebody else; an answer that came is in the inbox. */
const SENT_KINDS: readonly Kind[] = ["order", "referral", "specimen", "letter", "message", "task", "call"];

function listRoute(path: "/api/inbox" | "/api/sent", side: ListAsk["side"]) {
  return route({
    method: "GET",
    path,
    rule: "person",
    run: async ({ request, reply, visit }) => {
      const asked = queryOf(request);
      const kinds = kindsOf(asked) ?? (side === "sender" ? SENT_KINDS : null);
      const mine = oneOf(asked, "whose", ["all", "mine"]) === "mine";
      const late = oneOf(asked, "late", ["false", "true"]) === "true";
      const after = cursorOf(parameter(asked, "after"));
      const page = await loopsOf(visit, { side, mine, kinds, late, doneSince: null, after, limit: limitOf(asked) });
      const counts = await loopTotals(visit, { side, mine, kinds });
      return toldAsOf(reply, visit, {
        ...(await pageOf(visit, page.value)),
        counts: { ...counts, total: late ? counts.late : counts.open },
      });
    },
  });
}

export const inbox = listRoute("/api/inbox", "owner");
export const sent = listRoute("/api/sent", "sender");

export const patientLoops = route({
  method: "GET",
  path: "/api/patients/:id/loops",
  rule: "person",
  run: async ({ request, reply, visit }) => {
    const since = visit.clock().getTime() - DONE_DAYS * DAY_MS;
    const { value } = await loopsOfPatient(visit, pathParameter(request, "id"), since);
    return toldAsOf(reply, visit, await pageOf(visit, value));
  },
});

export const loopHistory = route({
  method: "GET",
  path: "/api/loops/:id",
  rule: "person",
  run: async ({ request, reply, visit }) => {
    const { loop, steps, worklists } = (await loopSteps(visit, pathParameter(request, "id"))).value;
    const { items, names } = await pageOf(visit, { loops: [loop], next: null, worklists });
    const people = steps.flatMap(({ by, responsible }) => [by, responsible]);
    return toldAsOf(reply, visit, {
      row: items[0], // the one that was asked for
      steps: steps.map((step) => stepOf(step)),
      names: { ...names, ...(await peopleOf(visit, people)) },
    });
  },
});

export const loopAbouts = route({
  method: "POST",
  path: "/api/loops/about",
  rule: "person",
  run: async ({ request, reply, visit }) => {
    const ids = listOf(jsonOf(request), "loops").map((one) => textOf(one, "loops"));
    return toldAsOf(reply, visit, { items: (await aboutLoops(visit, ids)).value });
  },
});

export const takeLoopSteps = route({
  method: "POST",
  path: "/api/loops/steps",
  rule: "person",
  run: async ({ request, reply, visit }) => {
    const acts = listOf(jsonOf(request), "steps").map(actOf);
    const done = await takeAll(visit, acts, languageOf(request));
    const mine = await ownOf(visit);
    return toldAsOf(reply, visit, {
      items: done.map(({ loop, refusal }, at) => ({
        loop: acts[at]?.loop,
        done: loop !== undefined,
        row: loop === undefined ? null : rowOf(loop, mine),
        refusal: refusal ?? null,
      })),
    });
  },
});

export const worklists = route({
  method: "GET",
  path: "/api/worklists",
  rule: "person",
  run: async ({ reply, visit }) => {
    const lists = await ownLists(visit);
    const { value: known } = await namePeople(
      visit,
      lists.flatMap(({ people }) => people),
    );
    return toldAsOf(reply, visit, {
      lists: lists.map((list) => ({ ...list, people: list.people.flatMap((id) => known.get(id) ?? []) })),
    });
  },
});

export const worklistsFound = route({
  method: "GET",
  path: "/api/worklists/find",
  rule: "person",
  run: async ({ request, reply, visit }) =>
    toldAsOf(reply, visit, await findLists(visit, parameter(queryOf(request), "words")?.slice(0, LONGEST_WORDS) ?? "")),
});

const LONGEST_WORDS = 200;

type HistoryStep = Awaited<ReturnType<typeof loopSteps>>["value"]["steps"][number];
type Taken = { readonly loop?: Loop; readonly refusal?: string };

/**
 * All as one when all can be; else each for itself, so that one row that somebody else has moved keeps no other back. What was done under
 * a key is not done again.
 */
async function takeAll(visit: Visit, acts: readonly LoopAct[], language: Language): Promise<readonly Taken[]> {
  try {
    return (await actOnLoops(visit, acts)).value.map((loop) => ({ loop }));
  } catch (error) {
    if (!(error instanceof FhirError) || error.status >= 500 || acts.length < 2) throw error;
  }
  const taken: Taken[] = [];
  for (const act of acts) taken.push(await takeOne(visit, act, language));
  return taken;
}

async function takeOne(visit: Visit, act: LoopAct, language: Language): Promise<Taken> {
  try {
    const [loop] = (await actOnLoops(visit, [act])).value; // one act has one answer
    return loop === undefined ? {} : { loop };
  } catch (error) {
    if (!(error instanceof FhirError) || error.status >= 500) throw error;
    return { refusal: error.issues.map((issue) => issue[language]).join(" ") };
  }
}

async function ownOf(visit: Visit): Promise<ReadonlySet<string>> {
  return new Set((await ownLists(visit)).map(({ id }) => id));
}

async function pageOf(
  visit: Visit,
  { loops, next, worklists: lists }: LoopPage,
): Promise<{
  readonly items: readonly object[];
  readonly next: string | null;
  readonly names: Record<string, string>;
}> {
  const mine = await ownOf(visit);
  const people = loops.flatMap(({ responsible, sentBy }) => [responsible, sentBy]);
  const titles = [...lists.values()].map(({ id, title }) => [id, title] as const);
  return {
    items: loops.map((loop) => rowOf(loop, mine)),
    next: next === null ? null : `${next.risk}.${next.deadline}.${next.id}`,
    names: { ...Object.fromEntries(titles), ...(await peopleOf(visit, people)) },
  };
}

async function peopleOf(visit: Visit, people: readonly (string | null)[]): Promise<Record<string, string>> {
  const { value } = await namePeople(
    visit,
    people.flatMap((one) => one ?? []),
  );
  return Object.fromEntries([...value.values()].map(({ id, name }) => [id, name]));
}

/** A row as it is told: nothing of the patient, and nothing of the matter but its kind. */
function rowOf(loop: Loop, mine: ReadonlySet<string>): object {
  const { id, kind, state, version, owner, responsible, sender, sentBy, receiver, risk, level } = loop;
  return {
    id,
    kind,
    state,
    version,
    owner,
    responsible,
    sender,
    sentBy,
    receiver,
    risk,
    level,
    opened: isoOf(loop.opened),
    since: isoOf(loop.since),
    deadline: isoOf(loop.deadline),
    closed: isoOf(loop.closed),
    can: stepsOpen(loop, mine),
  };
}

/** A step as it is told: the keys that make it one step are the callers' own. */
function stepOf({ version, event, state, at, by, unit, owner, responsible, note }: HistoryStep): object {
  return { version, event, state, at: isoOf(at), by, unit, owner, responsible, note };
}

function isoOf(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString();
}

function actOf(value: JsonValue): LoopAct {
  const body = isJsonObject(value) ? value : {};
  const event = EVENTS.find((one) => one === body["event"]);
  if (event === undefined) throw fhirErrorAt("LOOP_INVALID", "event", "event");
  const seen = wholeIn(body, "seen");
  const { note, person, list } = body;
  return {
    loop: textOf(body["loop"], "loop"),
    version: seen,
    event,
    key: textOf(body["key"], "key"),
    ...(note === undefined ? {} : { note: textOf(note, "note") }),
    ...(person === undefined && list === undefined && event !== "assign" ? {} : { to: toOf(person, list) }),
  };
}

/** Nobody named is the whole list. */
function toOf(person: JsonValue | undefined, list: JsonValue | undefined): NonNullable<LoopAct["to"]> {
  return {
    person: person === undefined ? null : textOf(person, "person"),
    ...(list === undefined ? {} : { worklist: textOf(list, "list") }),
  };
}

function textOf(value: JsonValue | undefined, name: string): string {
  if (typeof value !== "string" || value.length > 1000) throw fhirErrorAt("LOOP_INVALID", name, name);
  return value;
}

function listOf(body: JsonObject, name: string): readonly JsonValue[] {
  const value = body[name];
  if (!isJsonArray(value) || value.length === 0 || value.length > MOST)
    throw fhirErrorAt("LOOP_INVALID", name, `1-${MOST}`);
  return value;
}

function kindsOf(asked: Parameters): readonly Kind[] | null {
  const text = parameter(asked, "kind");
  if (text === undefined) return null;
  const kind = KINDS.find((one) => one === text);
  if (kind === undefined) throw fhirErrorAt("SEARCH_VALUE_INVALID", "kind", "kind");
  return [kind];
}

function oneOf<T extends string>(asked: Parameters, name: string, allowed: readonly [T, ...T[]]): T {
  const text = parameter(asked, name) ?? allowed[0];
  const found = allowed.find((one) => one === text);
  if (found === undefined) throw fhirErrorAt("SEARCH_VALUE_INVALID", name, name);
  return found;
}

function limitOf(asked: Parameters): number {
  const text = parameter(asked, "limit") ?? String(USUAL);
  if (!/^\d{1,3}$/.test(text) || Number(text) < 1 || Number(text) > MOST)
    throw fhirErrorAt("SEARCH_VALUE_INVALID", "limit", "limit");
  return Number(text);
}

const CURSOR = /^([0-3])\.(\d{1,16})(?:\.\d{1,6})?\.([A-Za-z0-9-]{1,64})$/;

function cursorOf(text: string | undefined): ListAsk["after"] {
  if (text === undefined) return null;
  const [, risk = "", deadline = "", id = ""] = CURSOR.exec(text) ?? [];
  if (id === "") throw fhirErrorAt("SEARCH_VALUE_INVALID", "after", "after");
  return { risk: Number(risk), deadline: Number(deadline), id };
}
