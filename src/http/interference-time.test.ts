/**
 * Whether time tells what is hidden: pairs of calls, one about what the reader may not see and one about what is not there, in an
 * order that is drawn, and the tests that a simple statistician would try on them. EIRA_TIME_PAIRS asks more pairs than usual.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { seededRandom, type SeededRandom } from "../base/index.ts";
import type { JsonObject } from "../fhir/index.ts";
import { OURS, patient, THEIRS } from "../journal/testing/index.ts";
import { setMoment } from "./set-moments.ts";
import { surest, verdictOn, type Pair } from "./testing/pairs.ts";
import { serverOfToday, type Call, type ServerOfTest } from "./testing/index.ts";

const SEED = Number(process.env["EIRA_SEED"] ?? 20_261_122);
const PAIRS = Number(process.env["EIRA_TIME_PAIRS"] ?? 3);
/** With so many pairs each kind is judged by itself, otherwise all of them together. */
const IS_LONG = PAIRS >= 100;
/** Calls until code is compiled and statements are prepared. */
const WARM = IS_LONG ? 40 : 1;
/** A difference of this many standard deviations comes by chance once in 150,000 times; some hundred tests are made. */
const TELLING = 4.5;
/** Pairs are taken so many times at most: chance makes one of them all tell once in thousands of runs. */
const MOST_ROUNDS = 6;
/** A delay that must be found, in milliseconds. */
const PLANTED = IS_LONG ? 1 : 3;

const READER = OURS;
const OTHER_UNIT = { ...OURS, careUnit: "SE2321000131-E000000000012" } as const;
/** How much is hidden of each patient. */
const HIDDEN = IS_LONG ? 60 : 6;

/** Whose records are whose: hidden ones are behind a block, at another care provider without consent, of a patient in nobody's care there. */
const OWNER = { blocked: OTHER_UNIT, foreign: THEIRS, stranger: OTHER_UNIT } as const;
type Of = keyof typeof OWNER;
const CODE: Readonly<Record<Of, string>> = { blocked: "1111-1", foreign: "2222-2", stranger: "3333-3" };
/** Of each there is one who differs in nothing else and of whom there is nothing. */
const BESIDE: Readonly<Record<Of, string>> = {
  blocked: "blocked-bare",
  foreign: "foreign-bare",
  stranger: "stranger-bare",
};
const NOWHERE = "9999-9";
const KINDS_OF = Object.keys(OWNER) as readonly Of[];

const observation = (id: string, of: string, code: string): JsonObject => ({
  resourceType: "Observation",
  id,
  status: "final",
  category: [
    { coding: [{ system: "http://terminology.hl7.org/CodeSystem/observation-category", code: "vital-signs" }] },
  ],
  code: { coding: [{ system: "http://loinc.org", code }], text: "hemligt" },
  subject: { reference: `Patient/${of}` },
  effectiveDateTime: "2026-11-01T08:00:00Z",
});

/** Puts both kinds of patients there, and answers the reader's cookie. */
async function fill(server: ServerOfTest): Promise<string> {
  const [reader, owner] = [await server.cookie(READER), await server.cookie(OTHER_UNIT, { id: "assignment-b" })];
  const post = async (of: string, cookie: string, name: string, body: JsonObject): Promise<void> =>
    assert.equal((await server.call("POST", `/api/patients/${of}/${name}`, { cookie, body })).status, 200);
  const { careProvider, careUnit } = OTHER_UNIT;
  for (const of of KINDS_OF)
    for (const one of [of, BESIDE[of]]) {
      await server.put(patient(one));
      if (of === "stranger") continue;
      await post(one, reader, "care", { kind: "relation" });
      if (of === "foreign") continue;
      await post(one, reader, "care", { kind: "choice", source: { careProvider, careUnit } });
      await post(one, owner, "care", { kind: "relation" });
      await post(one, owner, "blocks", { kind: "inner" });
    }
  for (const of of KINDS_OF)
    for (let n = 0; n < HIDDEN; n += 1) await server.put(observation(`${of}-${n}`, of, CODE[of]), OWNER[of]);
  for (let n = 0; n < HIDDEN; n += 1) await server.call("GET", `Observation/blocked-${n}`, { cookie: owner });
  await server.put(patient("own"));
  await post("own", reader, "care", { kind: "relation" });
  await server.put(observation("shown", "own", "4444-4"), READER);
  // Statistics of tables are there in the long run, and make some statements quicker.
  await server.sql("ANALYZE");
  return reader;
}

type Asked = Pick<Call, "body" | "headers"> & { readonly method?: string; readonly path: string };
type Kind = { readonly name: string; readonly hidden: (n: number) => Asked; readonly absent: (n: number) => Asked };

const FORM = { "content-type": "application/x-www-form-urlencoded" };
const get = (path: string): Asked => ({ path: encodeURI(path) });
const graphql = (of: string): Asked => ({
  path: `$graphql?query=${encodeURIComponent(`{ObservationList(patient:"${of}"){id code{text}}}`)}`,
});

/** The same call about what is hidden and about what is not there; a # is one of the numbers. */
const both = (name: string, of: (what: string) => Asked, [hidden, absent]: readonly [string, string]): Kind => ({
  name,
  hidden: (n) => of(hidden.replace("#", String(n))),
  absent: (n) => of(absent.replace("#", String(n))),
});
const patch = (id: string): Asked => ({
  method: "PATCH",
  path: `Observation/${id}`,
  body: [{ op: "add", path: "/language", value: "sv" }],
  headers: { "content-type": "application/json-patch+json" },
});
const named = (of: Of): readonly [string, string] => [`${of}-#`, "absent-#"];
const coded = (of: Of): readonly [string, string] => [CODE[of], NOWHERE];
const whose = (of: Of): readonly [string, string] => [of, BESIDE[of]];

const KINDS: readonly Kind[] = [
  ...KINDS_OF.flatMap((of) => [
    both(`read, ${of}`, (id) => get(`Observation/${id}`), named(of)),
    both(`search by id, ${of}`, (id) => get(`Observation?_id=${id}`), named(of)),
    both(`search by code, ${of}`, (code) => get(`Observation?code=${code}`), coded(of)),
    both(`search of a patient, ${of}`, (who) => get(`Observation?patient=${who}`), whose(of)),
    both(`$everything, ${of}`, (who) => get(`Patient/${who}/$everything`), whose(of)),
    both(`the chart's overview, ${of}`, (who) => get(`/api/patients/${who}/overview`), whose(of)),
  ]),
  both("older version", (id) => get(`Observation/${id}/_history/1`), named("blocked")),
  both("history", (id) => get(`Observation/${id}/_history`), named("blocked")),
  both("change that cannot be", patch, named("blocked")),
  both("count", (who) => get(`Observation?patient=${who}&_summary=count`), whose("blocked")),
  both("total", (code) => get(`Observation?code=${code}&_total=accurate`), coded("foreign")),
  both("_has", (code) => get(`Patient?_has:Observation:patient:code=${code}`), coded("blocked")),
  both("posted search", (code) => ({ method: "POST", path: "Observation/_search", body: `code=${code}`, headers: FORM }), coded("blocked")), // prettier-ignore
  both("GraphQL", graphql, whose("blocked")),
  both("$lastn", (who) => get(`Observation/$lastn?patient=${who}&category=vital-signs`), whose("blocked")),
  both("the chart's timeline", (who) => get(`/api/patients/${who}/timeline`), whose("blocked")),
  both("who has read", (who) => get(`/api/patients/${who}/readers`), whose("blocked")),
];

/** Takes pairs in turns: which of the two comes first is drawn, so that nothing but the kind differs. */
class Stopwatch {
  private readonly server: ServerOfTest;
  private readonly cookie: string;
  private readonly random: SeededRandom;

  constructor(server: ServerOfTest, cookie: string, random: SeededRandom) {
    this.server = server;
    this.cookie = cookie;
    this.random = random;
  }

  async pairs(kind: Kind, count: number): Promise<readonly Pair[]> {
    const { random } = this;
    const taken: Pair[] = [];
    for (let n = 0; n < count; n += 1) {
      const hidden = (): Promise<number> => this.time(kind.hidden(random.int(HIDDEN)));
      const absent = (): Promise<number> => this.time(kind.absent(random.int(HIDDEN)));
      const isFirst = random.next() < 0.5;
      const first = await (isFirst ? hidden : absent)();
      const second = await (isFirst ? absent : hidden)();
      taken.push(isFirst ? [first, second] : [second, first]);
    }
    return taken;
  }

  private async time({ method = "GET", path, ...call }: Asked): Promise<number> {
    const began = performance.now();
    const { status } = await this.server.call(method, path, { ...call, cookie: this.cookie });
    const took = performance.now() - began;
    assert.ok(status < 500 && status !== 400, `${status} ${path}`);
    return took;
  }
}

test(`HTTP-API-BLOCK-4 how long an answer takes does not tell what is hidden: ${PAIRS} pairs of each of ${KINDS.length} kinds (seed ${SEED})`, async (t) => {
  const server = await serverOfToday(t, { isUnrelated: true });
  const random = seededRandom(SEED + 4);
  const watch = new Stopwatch(server, await fill(server), random);
  const isFound = (pairs: readonly Pair[]): boolean => surest(verdictOn(pairs, random)) > TELLING;
  const telling: string[] = [];
  const judge = (name: string, pairs: readonly Pair[]): void => {
    const verdict = verdictOn(pairs, random);
    const told = Object.entries(verdict).map(([test, one]) => `${test} ${one.toFixed(1)}`);
    t.diagnostic(`${name}, ${pairs.length} pairs: ${told.join(", ")}`);
    if (surest(verdict) > TELLING) telling.push(`${name}: ${told.join(", ")}`);
  };
  // As many pairs as it takes until a delay on one side of them would be found, whatever else the machine does.
  const taken = new Map<Kind, readonly Pair[]>();
  const all = (): Pair[] => [...taken.values()].flat();
  const delayed = (): Pair[] => all().map(([one, other]) => [one + PLANTED, other]);
  for (let round = 0; round < MOST_ROUNDS && !(round > 0 && isFound(delayed())); round += 1)
    for (const kind of KINDS) {
      if (round === 0) await watch.pairs(kind, WARM);
      taken.set(kind, [...(taken.get(kind) ?? []), ...(await watch.pairs(kind, PAIRS))]);
    }
  if (IS_LONG) for (const [{ name }, pairs] of taken) judge(name, pairs);
  judge("all together", all());
  assert.deepEqual(telling, []);
  assert.ok(isFound(delayed()), `a delay of ${PLANTED} ms is not found among ${all().length} pairs`);
  // An answer that is not held is found too.
  const shown = both("shown", (id) => get(`Observation/${id}`), ["shown", "absent-#"]);
  const looks: Pair[] = [];
  for (let round = 0; round < MOST_ROUNDS && !(round > 0 && isFound(looks)); round += 1)
    looks.push(...(await watch.pairs(shown, Math.min(60, PAIRS * 12))));
  assert.ok(isFound(looks), `an answer that is not held is not found among ${looks.length} pairs`);
});

test("HTTP-API-BLOCK-4 what is ready before the same set moment leaves at the same, and no answer waits for more than as long again", () => {
  const moments = Array.from({ length: 40_000 }, (_, n) => setMoment(n / 10));
  for (const [n, moment] of moments.entries()) {
    assert.ok(moment >= n / 10 && moment >= (moments[n - 1] ?? 0), `${n / 10}: ${moment}`);
    assert.ok(moment <= Math.max(12, (n / 10) * 2) && moment - n / 10 <= 64, `${n / 10}: ${moment}`);
  }
  assert.deepEqual([...new Set(moments)].slice(0, 6), [12, 24, 48, 96, 160, 224]);
});
