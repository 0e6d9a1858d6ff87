/**
 * Non-interference, generated: two databases that differ only in what the reader may not see answer alike. The first one holds another
 * care provider's records, other units' that nobody chose, strangers' and blocked ones; from the second they have been deleted. EIRA_INTERFERENCE asks more than usual.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { seededRandom, type SeededRandom } from "../base/index.ts";
import type { JsonObject } from "../fhir/index.ts";
import { OURS, patient, THEIRS } from "../journal/testing/index.ts";
import { serverOfToday, toldBy, type Call, type ServerOfTest } from "./testing/index.ts";

const SEED = Number(process.env["EIRA_SEED"] ?? 20_261_122);
const REQUESTS = Number(process.env["EIRA_INTERFERENCE"] ?? 200);
const LANES = 8;

const READER = OURS;
const BLOCKED = { ...OURS, careUnit: "SE2321000131-E000000000012" } as const;
const OPEN = { ...OURS, careUnit: "SE2321000131-E000000000013" } as const;
const OWNERS = { a: READER, b: BLOCKED, c: OPEN, t: THEIRS } as const;
type Owner = keyof typeof OWNERS;

const PATIENTS = ["p1", "p2", "p3", "p4", "p5", "p6"];
/** Those who have blocked what one unit has. */
const WITH_BLOCK = new Set(["p1", "p2", "p3"]);
const CODES = ["8867-4", "9279-1", "8480-6", "2708-6"];
const TYPES = ["Encounter", "Observation", "Condition", "DiagnosticReport", "MedicationRequest", "Procedure"] as const;
type Type = (typeof TYPES)[number];

type Kept = { readonly owner: Owner; readonly of: string; readonly type: Type; readonly id: string };

/** In whose care the reader is; of whom the other units are chosen; and of whom the other care provider, with the patient's consent. */
const RELATED = new Set(["p1", "p2", "p3", "p4", "p5"]);
const CHOSEN = new Set(["p1", "p2", "p3", "p4"]);
const AGREED = new Set(["p4"]);

const isHidden = ({ owner, of }: Pick<Kept, "owner" | "of">): boolean => {
  if (owner === "a") return !RELATED.has(of);
  if (owner === "t") return !AGREED.has(of);
  return !CHOSEN.has(of) || (owner === "b" && WITH_BLOCK.has(of));
};

/** One resource; it refers to others of the patient, whoever has them. */
function resourceOf({ type, id, of }: Kept, others: readonly Kept[], random: SeededRandom): JsonObject {
  const subject = { reference: `Patient/${of}` };
  const pick = (wanted: Type): JsonObject | undefined => {
    const some = others.filter((one) => one.type === wanted && one.of === of);
    return some.length === 0 ? undefined : { reference: `${wanted}/${random.pick(some).id}` };
  };
  const code = { coding: [{ system: "http://loinc.org", code: random.pick(CODES) }], text: `text ${id}` };
  const day = `2026-0${1 + random.int(9)}-1${random.int(9)}`;
  const encounter = pick("Encounter");
  const common = {
    resourceType: type,
    id,
    subject,
    ...(encounter === undefined || type === "Encounter" ? {} : { encounter }),
  };
  const clinical = { coding: [{ system: "http://terminology.hl7.org/CodeSystem/condition-clinical", code: "active" }] };
  const vital = {
    coding: [{ system: "http://terminology.hl7.org/CodeSystem/observation-category", code: "vital-signs" }],
  };
  const result = pick("Observation");
  switch (type) {
    case "Encounter":
      return {
        ...common,
        status: "finished",
        class: { system: "http://terminology.hl7.org/CodeSystem/v3-ActCode", code: random.pick(["AMB", "IMP"]) },
        period: { start: `${day}T08:00:00Z` },
      };
    case "Observation":
      return {
        ...common,
        status: random.pick(["final", "amended"]),
        category: [vital],
        code,
        effectiveDateTime: `${day}T08:00:00Z`,
        valueQuantity: { value: random.int(100), system: "http://unitsofmeasure.org", code: "/min" },
      };
    case "Condition":
      return { ...common, clinicalStatus: clinical, code, recordedDate: day };
    case "DiagnosticReport":
      return {
        ...common,
        status: "final",
        code,
        effectiveDateTime: day,
        ...(result === undefined ? {} : { result: [result] }),
      };
    case "MedicationRequest":
      return {
        ...common,
        status: random.pick(["active", "stopped"]),
        intent: "order",
        medicationCodeableConcept: code,
        authoredOn: day,
      };
    case "Procedure":
      return {
        ...common,
        status: "completed",
        code,
        performedDateTime: day,
        ...(result === undefined ? {} : { reasonReference: [result] }),
      };
  }
}

/** Who has something of whom, and of which type. A contact at the reader's own unit would open the one who is to be a stranger there. */
const ALL = PATIENTS.flatMap((of) =>
  (Object.keys(OWNERS) as Owner[])
    .filter((owner) => owner !== "a" || RELATED.has(of))
    .flatMap((owner) => TYPES.map((type) => ({ of, owner, type }))),
);

async function fill(server: ServerOfTest, random: SeededRandom): Promise<readonly Kept[]> {
  for (const of of PATIENTS) await server.put(patient(of));
  const kept: Kept[] = [];
  for (const { of, owner, type } of ALL)
    for (let n = 0; n < 1 + random.int(2); n += 1) {
      const one = { owner, of, type, id: `${type.toLowerCase().slice(0, 3)}-${of}-${owner}${n}` };
      await server.put(resourceOf(one, kept, random), OWNERS[owner]);
      if (random.next() < 0.3) await server.put({ ...resourceOf(one, kept, random), language: "sv" }, OWNERS[owner]);
      kept.push(one);
    }
  return kept;
}

type Asked = {
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
  readonly headers?: Call["headers"];
};

/** Makes questions of every kind that a person can ask, about what is open and what is not. */
class Questions {
  private readonly random: SeededRandom;
  private readonly kept: readonly Kept[];
  private readonly makers: readonly (() => Asked)[];

  constructor(random: SeededRandom, kept: readonly Kept[]) {
    this.random = random;
    this.kept = kept;
    this.makers = [
      ...Array.from({ length: 8 }, () => () => this.get(this.search())),
      () => this.get(this.name()),
      () => this.get(`${this.name()}/_history${random.pick(["", "/1", "/2", "?_count=1"])}`),
      () => this.get(`${random.pick(TYPES)}/_history?_count=${1 + random.int(30)}`),
      () => ({ method: "HEAD", path: random.pick([this.name(), this.search()]) }),
      () => ({ method: "GET", path: this.name(), headers: { "if-none-match": `W/"${1 + random.int(2)}"` } }),
      () => ({ method: "GET", path: this.search(), headers: { accept: "application/fhir+xml" } }),
      () => this.get(this.operation()),
      () => this.get(this.graphql()),
      () => this.get(this.own()),
      () => this.postedSearch(),
      () => this.batch(),
      () => this.refusedWrite(),
    ];
  }

  next(): Asked {
    return this.random.pick(this.makers)();
  }

  private get(path: string): Asked {
    return { method: "GET", path };
  }

  private name(): string {
    const { type, id } = this.random.pick(this.kept);
    return `${type}/${id}`;
  }

  private id(type?: Type): string {
    return this.random.pick(this.kept.filter((one) => type === undefined || one.type === type)).id;
  }

  private criterion(type: Type): string {
    const { random } = this;
    const of = random.pick(PATIENTS);
    const code = random.pick(CODES);
    return random.pick([
      `patient=${of}`,
      `subject=Patient/${of}`,
      `_id=${this.id(type)},${this.id(type)}`,
      `patient.name=Test`,
      `patient:missing=false`,
      `_lastUpdated=gt2020-01-01`,
      ...(type === "Encounter"
        ? [
            `class=IMP`,
            `date=ge2026-0${1 + random.int(9)}`,
            `_has:Observation:encounter:code=${code}`,
            `_has:Condition:encounter:_id=${this.id("Condition")}`,
          ]
        : [
            `code=${code}`,
            `code:not=${code}`,
            `encounter=${this.id("Encounter")}`,
            `encounter.class=IMP`,
            `encounter:missing=true`,
            `_content=text`,
          ]),
      ...(type === "DiagnosticReport" ? [`result=${this.id("Observation")}`, `result.code=${code}`] : []),
      ...(type === "Observation"
        ? [`value-quantity=gt${random.int(100)}`, `status=amended`, `_has:DiagnosticReport:result:patient=${of}`]
        : []),
    ]);
  }

  private search(): string {
    const { random } = this;
    if (random.next() < 0.12)
      return `Patient?${random.pick([`_has:${random.pick(["Observation", "Condition", "Procedure"])}:patient:code=${random.pick(CODES)}`, `_id=${random.pick(PATIENTS)}&_revinclude=${random.pick(TYPES)}:patient`, `_has:Encounter:patient:_has:Observation:encounter:code=${random.pick(CODES)}`])}`;
    const type = random.pick(TYPES);
    const parts = Array.from({ length: 1 + random.int(2) }, () => this.criterion(type));
    const shape = random.pick([
      "",
      `_count=${1 + random.int(4)}`,
      "_total=accurate&_count=1",
      "_summary=count",
      "_summary=true",
      "_elements=id",
      "_sort=-_lastUpdated",
      "_sort=-date&_count=3",
      "_include=*",
      `_include=${type}:encounter`,
      `_include=${type}:encounter&_revinclude=Observation:encounter`,
      "_include:iterate=*&_count=2",
    ]);
    const isDated = type !== "MedicationRequest" && type !== "Condition";
    return `${type}?${[...parts, ...(shape === "" || (shape.includes("date") && !isDated) ? [] : [shape])].join("&")}`;
  }

  private operation(): string {
    const { random } = this;
    const of = random.pick(PATIENTS);
    return random.pick([
      `Patient/${of}/$everything`,
      `Patient/${of}/$everything?_count=${1 + random.int(5)}`,
      `Patient/${of}/$everything?_type=${random.pick(TYPES)}`,
      `Encounter/${this.id("Encounter")}/$everything`,
      `Observation/$lastn?patient=${of}&category=vital-signs&max=${1 + random.int(3)}`,
      `Patient/${of}/${random.pick([...TYPES, "*"])}`,
      `Encounter/${this.id("Encounter")}/Observation`,
      `?_type=${random.pick(TYPES)},${random.pick(TYPES)}&patient=${of}`,
      `${random.pick(TYPES)}/$meta`,
      `${this.name()}/$meta`,
    ]);
  }

  private graphql(): string {
    const { random } = this;
    const query = random.pick([
      `{ObservationList(patient:"${random.pick(PATIENTS)}"){id code{text} encounter{resource{...on Encounter{id class{code}}}}}}`,
      `{Patient(id:"${random.pick(PATIENTS)}"){id ConditionList(_reference:patient){id}}}`,
      `{DiagnosticReport(id:"${this.id("DiagnosticReport")}"){id result{resource{...on Observation{id}}}}}`,
    ]);
    return `$graphql?query=${encodeURIComponent(query)}`;
  }

  private own(): string {
    const part = this.random.pick([
      "overview",
      "results",
      "notes",
      "contacts",
      "problems",
      "medications",
      "timeline",
      "blocks",
    ]);
    return `/api/patients/${this.random.pick(PATIENTS)}/${part}`;
  }

  private postedSearch(): Asked {
    const [path = "", query = ""] = this.search().split("?");
    return {
      method: "POST",
      path: `${path}/_search`,
      body: query,
      headers: { "content-type": "application/x-www-form-urlencoded" },
    };
  }

  private batch(): Asked {
    const entry = Array.from({ length: 3 }, () => ({
      request: { method: "GET", url: this.random.pick([this.search(), this.name()]) },
    }));
    return { method: "POST", path: "", body: { resourceType: "Bundle", type: "batch", entry } };
  }

  /** A write that cannot be done, for what it names is not there for the reader: it must not tell whether it is for others. */
  private refusedWrite(): Asked {
    const { random } = this;
    const { type, id, of } = random.pick(this.kept.filter(isHidden));
    const about = { code: { text: "ny" }, subject: { reference: `Patient/${of}` } };
    return random.pick([
      { method: "PUT", path: `${type}/${id}`, body: { resourceType: "Observation", id, status: "final", ...about } },
      { method: "DELETE", path: `${type}/${id}` },
      {
        method: "PATCH",
        path: `${type}/${id}`,
        body: [{ op: "add", path: "/language", value: "sv" }],
        headers: { "content-type": "application/json-patch+json" },
      },
      {
        method: "POST",
        path: "Observation",
        body: { resourceType: "Observation", status: "final", ...about, hasMember: [{ reference: `${type}/${id}` }] },
      },
      {
        method: "POST",
        path: "Observation",
        body: {
          resourceType: "Observation",
          status: "final",
          ...about,
          encounter: { reference: `Encounter?_id=${id}` },
        },
      },
    ]);
  }
}

async function askAll(server: ServerOfTest, cookie: string, asked: readonly Asked[]): Promise<string[]> {
  const answers: string[] = [];
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < asked.length) {
      const at = next++;
      const { method, path, body, headers } = asked[at]!;
      answers[at] = toldBy(
        await server.call(method, encodeURI(decodeURI(path)), {
          cookie,
          body,
          ...(headers === undefined ? {} : { headers }),
        }),
      );
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  return answers;
}

test(`HTTP-API-BLOCK-3 over ${REQUESTS} generated requests what the reader may not see changes no answer (seed ${SEED})`, async (t) => {
  const server = await serverOfToday(t, { isUnrelated: true });
  const random = seededRandom(SEED);
  const kept = await fill(server, random);
  const [reader, owner] = [await server.cookie(READER), await server.cookie(BLOCKED, { id: "assignment-b" })];
  const open = async (of: string, body: JsonObject): Promise<void> =>
    assert.equal((await server.call("POST", `/api/patients/${of}/care`, { cookie: reader, body })).status, 200);
  for (const of of RELATED) await open(of, { kind: "relation" });
  for (const of of CHOSEN)
    for (const { careProvider, careUnit } of [BLOCKED, OPEN])
      await open(of, { kind: "choice", source: { careProvider, careUnit } });
  for (const of of AGREED) {
    await open(of, { kind: "consent", days: 1 });
    await open(of, { kind: "choice", source: { careProvider: THEIRS.careProvider } });
  }
  for (const of of WITH_BLOCK)
    assert.equal(
      (await server.call("POST", `/api/patients/${of}/blocks`, { cookie: owner, body: { kind: "inner" } })).status,
      200,
    );
  const questions = new Questions(random, kept);
  const asked = Array.from({ length: REQUESTS }, () => questions.next());
  const before = await askAll(server, reader, asked);
  const names = kept.filter(isHidden).map(({ type, id }) => ({ type, id }));
  for (const { type, id } of names) {
    const rows = await server.sql(`SELECT 1 FROM ${type.toLowerCase()} WHERE id = $1`, [id]);
    assert.equal(rows.length, 1, `${type}/${id} is still there for those who have it`);
    await server.sql(`DELETE FROM ${type.toLowerCase()} WHERE id = $1`, [id]);
    for (const table of ["history", "change_log"])
      await server.sql(`DELETE FROM ${table} WHERE type = $1 AND id = $2`, [type, id]);
  }
  const after = await askAll(server, reader, asked);
  for (const [at, one] of asked.entries()) assert.equal(before[at], after[at], `${at}: ${JSON.stringify(one)}`);
  // It was not silence that was compared: much was answered, and of what is hidden nothing was.
  const answered = before.filter((one) => one.startsWith('{"status":200'));
  assert.ok(answered.length > REQUESTS / 2, `${answered.length} of ${REQUESTS} were answered`);
  for (const id of ["obs-p1-a0", "obs-p4-b0", "obs-p4-t0"])
    assert.ok(
      before.some((one) => one.includes(`text ${id}`)),
      id,
    );
  for (const { id } of names) assert.ok(!before.some((one) => one.includes(`text ${id}`)), id);
});

const PAIRS = Math.max(80, Math.ceil(REQUESTS / 20));
/** A difference of this many standard deviations comes by chance once in 150,000 times. */
const TELLING = 4.5;

/** How surely the first of each pair takes longer: the sign test, in standard deviations. */
async function slower(
  server: ServerOfTest,
  cookie: string,
  pairs: readonly (readonly [string, string])[],
  random: SeededRandom,
): Promise<number> {
  const time = async (path: string): Promise<number> => {
    const began = performance.now();
    await server.call("GET", path, { cookie });
    return performance.now() - began;
  };
  let longer = 0;
  for (const [one, other] of pairs) {
    const isFirst = random.next() < 0.5;
    const [first, second] = isFirst ? [one, other] : [other, one];
    const [a, b] = [await time(first), await time(second)];
    if (isFirst ? a > b : b > a) longer += 1;
  }
  return (longer - pairs.length / 2) / (Math.sqrt(pairs.length) / 2);
}

test(`HTTP-API-BLOCK-4 how long an answer takes does not tell what is hidden: ${PAIRS} pairs (seed ${SEED})`, async (t) => {
  const server = await serverOfToday(t);
  const random = seededRandom(SEED + 4);
  const [reader, owner] = [await server.cookie(READER), await server.cookie(BLOCKED, { id: "assignment-b" })];
  const observation = (id: string, of: string): JsonObject => ({
    resourceType: "Observation",
    id,
    status: "final",
    code: { text: "x" },
    subject: { reference: `Patient/${of}` },
  });
  for (const of of ["p1", "p2"]) {
    await server.put(patient(of));
    for (let n = 0; n < 40; n += 1) {
      if (of === "p1") await server.put(observation(`hidden${n}`, of), BLOCKED);
      else await server.put(observation(`open${n}`, of), READER);
    }
  }
  assert.equal(
    (await server.call("POST", "/api/patients/p1/blocks", { cookie: owner, body: { kind: "inner" } })).status,
    200,
  );
  const pairs = (one: (n: number) => string, other: (n: number) => string): (readonly [string, string])[] =>
    Array.from({ length: PAIRS }, () => [one(random.int(40)), other(random.int(40))] as const);
  const byName = pairs(
    (n) => `Observation/hidden${n}`,
    (n) => `Observation/absent${n}`,
  );
  await slower(server, reader, byName.slice(0, 100), random); // until the code is compiled
  assert.ok(Math.abs(await slower(server, reader, byName, random)) < TELLING, "by name");
  const byCriterion = pairs(
    (n) => `Observation?_id=hidden${n}`,
    (n) => `Observation?_id=absent${n}`,
  );
  assert.ok(Math.abs(await slower(server, reader, byCriterion, random)) < TELLING, "by criterion");
  // The test can tell: what is large takes another time than what is not there.
  await server.put({ ...observation("large", "p2"), note: [{ text: "lång ".repeat(100_000) }] }, READER);
  const large = pairs(
    () => "Observation/large",
    (n) => `Observation/absent${n}`,
  );
  const told = await slower(server, reader, large.slice(0, 60), random);
  assert.ok(told > TELLING, `${told}`);
});
