import assert from "node:assert/strict";
import { test } from "node:test";
import type { JsonObject } from "../../fhir/index.ts";
import { parseJson } from "../../fhir/index.ts";
import { journalOfTest, type Cleanup, type JournalOfTest } from "../../journal/testing/index.ts";
import { buildMessage, parseMessage } from "../hl7v2/codec/index.ts";
import { answerTo } from "../hl7v2/mllp/answers.ts";
import { MllpClient } from "../hl7v2/mllp/client.ts";
import { startMllpServer } from "../hl7v2/mllp/server.ts";
import { objectIn, objectsIn } from "../hl7v2-map/json.ts";
import { orderSegments, type OrderAction } from "../hl7v2-map/orders.ts";
import { messageOf } from "../hl7v2-map/outgoing.ts";
import type { Partner } from "../hl7v2-map/partner.ts";
import { takeIn, type TakenIn } from "../hl7v2-map/take-in.ts";
import {
  LAB as LAB_PARTNER,
  NUMBER,
  orderResource,
  patientResource,
  putOrder,
  RADIOLOGY as RAD_PARTNER,
  visitOf,
} from "../hl7v2-map/testing/index.ts";
import { faultsIn, isAway, NO_FAULTS, withFaults } from "./faults.ts";
import { LAB_SCENARIOS, laboratorySteps } from "./laboratory.ts";
import { orderIn, type SimulatedOrder } from "./order.ts";
import { RAD_SCENARIOS, radiologySteps } from "./radiology.ts";
import { startSimulator, type SimulatorOptions } from "./simulator.ts";
import type { Step } from "./steps.ts";

const LAB: Partner = { ...LAB_PARTNER, theirs: { application: "LABSIM", facility: "KEMLAB" } };
const NOON = new Date("2026-11-21T12:00:00Z");

async function stored(journal: JournalOfTest, table: string): Promise<JsonObject[]> {
  const rows = await journal.sql<{ content: string }>(`SELECT content FROM ${table} ORDER BY id`);
  return rows.map(({ content }) => parseJson(content) as JsonObject);
}

/** The order as Eira sends it. */
async function sentOrder(
  journal: JournalOfTest,
  partner: Partner,
  given: { id?: string; action?: OrderAction } = {},
): Promise<Buffer> {
  const { id = "order1", action = "new" } = given;
  const [order, patients, specimens] = [
    await stored(journal, "servicerequest"),
    await stored(journal, "patient"),
    await stored(journal, "specimen"),
  ];
  const one = order.find((each) => each["id"] === id) ?? {};
  const outgoing = { partner, control: `${id}-${action}`, now: NOON };
  const own = specimens.filter((each) => each["id"] === `prov-${id}`);
  const out = { action, order: one, patient: patients[0] ?? {}, specimens: own, unit: { hsaId: "SE1", name: "Med" } };
  return messageOf(orderSegments(out, outgoing), outgoing).bytes();
}

function textsOf(steps: readonly Step[]): string[] {
  return steps.map((step, at) => buildMessage(step.segments(new Date(NOON.getTime() + step.afterMs), `c${at}`)).text());
}

async function ordered(t: Cleanup, partner = LAB): Promise<{ journal: JournalOfTest; order: SimulatedOrder }> {
  const journal = await journalOfTest(t);
  await putOrder(
    journal,
    "order1",
    partner.kind === "radiology" ? { performer: [{ reference: "Organization/rtg" }], specimen: undefined } : {},
  );
  const order = orderIn(parseMessage(await sentOrder(journal, partner)));
  assert.ok(order !== undefined);
  return { journal, order };
}

/** An order that stands in no database. */
function plainOrder(): SimulatedOrder {
  const outgoing = { partner: LAB, control: "1", now: NOON };
  const patient = patientResource("anna", NUMBER);
  const out = {
    action: "new",
    order: orderResource("order1"),
    patient,
    specimens: [],
    unit: { hsaId: "SE1", name: "Med" },
  } as const;
  const order = orderIn(parseMessage(messageOf(orderSegments(out, outgoing), outgoing).bytes()));
  assert.ok(order !== undefined);
  return order;
}

async function takeAll(journal: JournalOfTest, partner: Partner, texts: readonly string[]): Promise<TakenIn[]> {
  const taken: TakenIn[] = [];
  for (const text of texts)
    taken.push(await takeIn(visitOf(journal, partner), parseMessage(Buffer.from(text)), partner));
  return taken;
}

test("EXCH-SIM-LAB-1 the same orders and the same seed give the same answers, another seed others", () => {
  const order = plainOrder();
  const run = (seed: number): string[] =>
    Array.from({ length: 40 }, (_, at) =>
      textsOf(laboratorySteps(order, at, { seed, delayMs: 900, scenario: undefined })),
    ).flat();
  assert.deepEqual(run(1), run(1));
  assert.notDeepEqual(run(1), run(2));
  assert.ok(new Set(run(1).map((text) => /\|(OK|SC|UA|F|P|C|X)\r/.exec(text)?.[1])).size > 2);
});

test("EXCH-SIM-LAB-2 every way in which an order can be answered is understood", async (t) => {
  const expected: Record<string, [report: unknown, order: unknown, task: unknown]> = {
    final: ["final", "completed", "completed"],
    preliminary: ["final", "completed", "completed"],
    corrected: ["corrected", "completed", "completed"],
    critical: ["final", "completed", "completed"],
    cancelled: ["cancelled", "active", "failed"],
    rejected: [undefined, "active", "rejected"],
    missing: [undefined, "active", "on-hold"],
  };
  const { journal } = await ordered(t);
  for (const scenario of LAB_SCENARIOS) {
    await putOrder(journal, scenario);
    const order = orderIn(parseMessage(await sentOrder(journal, LAB, { id: scenario })));
    assert.ok(order !== undefined);
    const taken = await takeAll(journal, LAB, textsOf(laboratorySteps(order, 3, { seed: 1, delayMs: 900, scenario })));
    assert.ok(
      taken.every(({ outcome }) => outcome === "applied"),
      `${scenario} ${JSON.stringify(taken)}`,
    );
    const about = (one: JsonObject): boolean => JSON.stringify(one["basedOn"]).includes(`ServiceRequest/${scenario}"`);
    const status = (all: readonly JsonObject[]): unknown => all.find(about)?.["status"];
    const request = (await stored(journal, "servicerequest")).find(({ id }) => id === scenario);
    const found = [
      status(await stored(journal, "diagnosticreport")),
      request?.["status"],
      status(await stored(journal, "task")),
    ];
    assert.deepEqual(found, expected[scenario], scenario);
    if (scenario !== "critical") continue;
    const value = (await stored(journal, "observation")).find(about);
    assert.equal(objectsIn(objectIn(objectsIn(value?.["interpretation"])[0])["coding"])[0]?.["code"], "HH");
    assert.equal(typeof objectIn(objectsIn(value?.["referenceRange"])[0]?.["high"])["value"], "number");
  }
});

test("EXCH-SIM-CATALOGUE-1 what the laboratory does not examine it refuses, with its reason", async (t) => {
  const { journal, order } = await ordered(t);
  const steps = laboratorySteps({ ...order, code: "x", name: "Något helt annat" }, 0, {
    seed: 1,
    delayMs: 9,
    scenario: undefined,
  });
  const [taken] = await takeAll(journal, LAB, textsOf(steps));
  assert.equal(taken?.outcome, "applied");
  assert.match(
    JSON.stringify((await stored(journal, "task"))[0]?.["statusReason"]),
    /finns inte i simulatorns katalog/,
  );
  const set = laboratorySteps({ ...order, code: "x", name: "Blodstatus" }, 0, {
    seed: 1,
    delayMs: 9,
    scenario: "final",
  });
  assert.equal(textsOf(set).at(-1)?.match(/\rOBX/g)?.length, 3);
});

test("EXCH-SIM-RAD-1 a radiology order is accepted, booked, performed and answered in words, with an addendum too", async (t) => {
  const { journal, order } = await ordered(t, RAD_PARTNER);
  for (const scenario of RAD_SCENARIOS) {
    const texts = textsOf(radiologySteps(order, 0, { seed: 1, delayMs: 900, scenario }));
    const taken = await takeAll(journal, RAD_PARTNER, texts);
    assert.deepEqual(
      taken.flatMap(({ exceptions }) => exceptions),
      [],
    );
  }
  const [report, ...others] = await stored(journal, "diagnosticreport");
  assert.equal(others.length, 0);
  assert.equal(report?.["status"], "appended");
  assert.match(
    String(report?.["conclusion"]),
    /^Demonstrationssvar, inget riktigt utlåtande\.\n\n[^\n]+\n[^\n]+\n\nTillägg/,
  );
});

test("EXCH-SIM-FAULT-1 faults follow from the seed; what was wrong comes right; an unknown fault is an error", () => {
  const order = plainOrder();
  const steps = laboratorySteps(order, 0, { seed: 1, delayMs: 900, scenario: "final" });
  const faults = faultsIn("duplicate=0.3,reorder=0.3,wrongNumber=0.3,emptyAnswer=0.3");
  const run = (seed: string): string[] => textsOf(withFaults(steps, faults, seed));
  assert.deepEqual(run("a"), run("a"));
  assert.equal(new Set(Array.from({ length: 20 }, (_, at) => run(`${at}`).join())).size > 5, true);
  assert.deepEqual(textsOf(withFaults(steps, NO_FAULTS, "a")), textsOf(steps));
  const wrong = withFaults(steps, { ...NO_FAULTS, wrongNumber: 1 }, "a");
  assert.equal(wrong.length, steps.length * 2);
  assert.equal(textsOf(wrong)[0]?.includes("189001059808"), true);
  for (const text of ["typo=1", "duplicate=2", "duplicate=", "duplicate=-1"])
    assert.throws(() => faultsIn(text), RangeError);
  const away = faultsIn("outageMs=100,outageEveryMs=1000");
  assert.deepEqual(
    [0, 899, 900, 999, 1000].map((at) => isAway(away, at)),
    [false, false, true, true, false],
  );
});

type Eira = { readonly port: number; readonly taken: TakenIn[]; readonly close: () => Promise<void> };

/** Eira's listening side in the smallest form: what came is taken in, then acknowledged. */
async function startEira(journal: JournalOfTest): Promise<Eira> {
  const taken: TakenIn[] = [];
  const server = await startMllpServer({
    port: 0,
    host: "127.0.0.1",
    most: 1_000_000,
    idleMs: 0,
    onMessage: async (bytes) => {
      const message = parseMessage(bytes);
      taken.push(await takeIn(visitOf(journal, LAB), message, LAB));
      return answerTo(message, { verdict: "accept" }, { controlId: "1", time: "20261121120000" }).bytes();
    },
    onFault: () => undefined,
  });
  return { port: server.port, taken, close: server.close };
}

async function simulated(
  t: Cleanup,
  more: Partial<SimulatorOptions>,
): Promise<{ journal: JournalOfTest; eira: Eira; client: MllpClient }> {
  const journal = await journalOfTest(t);
  const eira = await startEira(journal);
  t.after(() => eira.close());
  const simulator = await startSimulator({
    kind: "laboratory",
    host: "127.0.0.1",
    port: 0,
    to: { host: "127.0.0.1", port: eira.port },
    charset: "utf-8",
    seed: 7,
    delayMs: 60,
    scenario: "final",
    faults: NO_FAULTS,
    clock: () => new Date(),
    tell: () => undefined,
    ...more,
  });
  t.after(() => simulator.close());
  const client = new MllpClient({ host: "127.0.0.1", port: simulator.port, connectMs: 2000, answerMs: 2000 });
  t.after(async () => client.close());
  return { journal, eira, client };
}

/** Sends until it is acknowledged, as a sender does. */
async function send(client: MllpClient, bytes: Buffer, control: string): Promise<number> {
  for (let times = 1; ; times += 1) {
    const outcome = await client.send(bytes, control);
    if (outcome.kind === "answered") return times;
    assert.ok(times < 50);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 8000; !(await holds()); await new Promise((resolve) => setTimeout(resolve, 25)))
    assert.ok(Date.now() < end, "it did not come about in time");
}

test("EXCH-SIM-RUN-1 through every fault each order is answered once, and what was wrong has an owner", async (t) => {
  const faults = faultsIn(
    "lostAck=0.6,duplicate=0.4,reorder=0.4,wrongNumber=0.3,emptyAnswer=0.3,outageMs=80,outageEveryMs=400",
  );
  const { journal, eira, client } = await simulated(t, { faults });
  const ids = Array.from({ length: 8 }, (_, at) => `order${at}`);
  let times = 0;
  for (const id of ids) {
    await putOrder(journal, id);
    times += await send(client, await sentOrder(journal, LAB, { id }), `${id}-new`);
  }
  assert.ok(times > ids.length, "no acknowledgement was lost");
  await until(async () => (await stored(journal, "servicerequest")).every(({ status }) => status === "completed"));
  const reports = await stored(journal, "diagnosticreport");
  assert.deepEqual(
    reports.map(({ status }) => status),
    ids.map(() => "final"),
  );
  assert.equal((await stored(journal, "observation")).length, ids.length);
  const exceptions = eira.taken.flatMap((one) => one.exceptions);
  assert.ok(exceptions.length > 0);
  for (const { owner, reason } of exceptions) assert.ok(owner.careUnit !== null, reason);
  assert.ok(
    exceptions.every(({ reason }) => reason === "number-mismatch" || reason === "answer-empty"),
    JSON.stringify(exceptions),
  );
});

test("EXCH-SIM-RUN-2 an order that comes twice is one; a cancelled one is answered no more, an answered one cannot be cancelled", async (t) => {
  const { journal, eira, client } = await simulated(t, { delayMs: 1000 });
  for (const id of ["order1", "order2"]) await putOrder(journal, id);
  const bytes = (id: string, action: OrderAction): Promise<Buffer> => sentOrder(journal, LAB, { id, action });
  const cancel = await bytes("order1", "cancel"); // written before the order goes: it is to come well before the answer
  for (const id of ["order1", "order2"]) {
    const order = await bytes(id, "new");
    for (let times = 0; times < 2; times += 1) await send(client, order, `${id}-new`);
    if (id === "order1") await send(client, cancel, "order1-cancel");
  }
  await until(async () => (await stored(journal, "diagnosticreport")).length > 0);
  await send(client, await sentOrder(journal, LAB, { id: "order2", action: "cancel" }), "order2-cancel");
  await until(async () => eira.taken.some(({ exceptions }) => exceptions[0]?.reason === "order-not-cancelled"));
  const reports = await stored(journal, "diagnosticreport");
  assert.deepEqual(
    reports.map(({ basedOn }) => objectsIn(basedOn)[0]?.["reference"]),
    ["ServiceRequest/order2"],
  );
});

test("EXCH-SIM-LAB-3 what the ward collects is accepted, and answered when every specimen has been collected; called off before that it is never answered", async (t) => {
  const { journal, client } = await simulated(t, { delayMs: 60 });
  const specimen = (time?: string): JsonObject => ({
    resourceType: "Specimen",
    id: "prov-order1",
    accessionIdentifier: { system: "urn:oid:1.2.752.99", value: "LID-order1" },
    subject: { reference: "Patient/anna" },
    ...(time === undefined ? {} : { collection: { collectedDateTime: time } }),
  });
  const others = async (id: string, action: OrderAction = "new"): Promise<Buffer> => {
    const text = (await sentOrder(journal, LAB, { id, action })).toString("utf8");
    return Buffer.from(text.replace(/(\rOBR(?:\|[^|\r]*){4})([^\r]*)/, (_, four: string, rest: string) => withAction(four, rest))); // prettier-ignore
  };
  await putOrder(journal, "order1");
  await journal.put(specimen());
  await putOrder(journal, "order2", { specimen: undefined });
  await putOrder(journal, "order3", { specimen: undefined });
  for (const id of ["order1", "order2", "order3"]) await send(client, await others(id), `${id}-new`);
  const accepted = async (): Promise<number> =>
    (await stored(journal, "task")).filter(({ status }) => status === "accepted").length;
  await until(async () => (await accepted()) === 3);
  await send(client, await others("order2", "cancel"), "order2-cancel");
  await send(client, await others("order3", "change"), "order3-change"); // changed, and still not collected
  await new Promise((resolve) => setTimeout(resolve, 300));
  assert.deepEqual(await stored(journal, "diagnosticreport"), []);
  await journal.put(specimen("2026-11-21T11:50:00Z"));
  await send(client, await others("order1", "change"), "order1-change");
  await until(async () => (await stored(journal, "diagnosticreport")).length > 0);
  const about = (await stored(journal, "diagnosticreport")).map(({ basedOn }) => objectsIn(basedOn)[0]?.["reference"]);
  assert.deepEqual(about, ["ServiceRequest/order1"]);
});

/** OBR-11 says that others than the laboratory collect. */
function withAction(four: string, rest: string): string {
  const fields = rest.split("|"); // from OBR-5 on, after an empty piece
  while (fields.length < 8) fields.push("");
  fields[7] = "O";
  return four + fields.join("|");
}

test("EXCH-SIM-RUN-3 a changed order is answered as it was changed; an answered and a cancelled one are not changed, and that is said", async (t) => {
  const { journal, eira, client } = await simulated(t, { delayMs: 1000 });
  for (const id of ["order1", "order2"]) {
    await putOrder(journal, id);
    await send(client, await sentOrder(journal, LAB, { id }), `${id}-new`);
  }
  const code = { coding: [{ system: "urn:oid:1.2.752.108.1", code: "NPU19748", display: "P-CRP" }], text: "P-CRP" };
  await journal.put(orderResource("order1", { code }));
  const change = await sentOrder(journal, LAB, { id: "order1", action: "change" });
  await send(client, change, "order1-change");
  await send(client, await sentOrder(journal, LAB, { id: "order2", action: "cancel" }), "order2-cancel");
  await until(async () => (await stored(journal, "diagnosticreport")).length > 0);
  const reports = await stored(journal, "diagnosticreport");
  assert.deepEqual(reports.map(({ code: what }) => objectsIn(objectIn(what)["coding"])[0]?.["display"]), ["P-CRP"]); // prettier-ignore
  await send(client, change, "order1-change");
  await send(client, await sentOrder(journal, LAB, { id: "order2", action: "change" }), "order2-change");
  const refused = (): number =>
    eira.taken.filter(({ exceptions }) => exceptions[0]?.reason === "order-not-changed").length;
  await until(async () => refused() === 2);
});
