import assert from "node:assert/strict";
import { test } from "node:test";
import { HSA_SYSTEM } from "../../base/index.ts";
import { parseJson, type JsonObject } from "../../fhir/index.ts";
import { commit } from "../../journal/index.ts";
import { asUpdate, OURS } from "../../journal/testing/index.ts";
import { ledgerAlong } from "../../loop/index.ts";
import { dispatchRound } from "../hl7v2/dispatch.ts";
import { Intake } from "../hl7v2/intake.ts";
import { listenFor } from "../hl7v2/listeners.ts";
import { MllpClient } from "../hl7v2/mllp/client.ts";
import { Hl7Sender } from "../hl7v2/sender.ts";
import { edgeOfTest, inChannel, outChannel } from "../hl7v2/testing.ts";
import { settled } from "../hl7v2/settled.ts";
import { NO_FAULTS } from "../simulators/faults.ts";
import { startSimulator } from "../simulators/simulator.ts";
import { mappingStep, orderComposer, routeOrders } from "./edge.ts";
import { inDirectory, partnersIn } from "./partner.ts";
import { NUMBER, orderResource, patientResource, visitOf } from "./testing/index.ts";

const edge = await edgeOfTest();
const fail = (error: unknown): never => assert.fail(String(error));
const LAB_UNIT = "SE2321000131-E000000000012";
const AGREED = {
  name: "labb",
  kind: "laboratory",
  unit: LAB_UNIT,
  in: "lab",
  out: "ris",
  theirs: "LABSIM|KEMLAB",
  ours: "EIRA|REGION",
};

const organization = (id: string, hsaId: string, name: string, partOf?: string): JsonObject => ({
  resourceType: "Organization",
  id,
  identifier: [{ system: HSA_SYSTEM, value: hsaId }],
  name,
  ...(partOf === undefined ? {} : { partOf: { reference: `Organization/${partOf}` } }),
});

async function stored(table: string): Promise<JsonObject[]> {
  const rows = await edge.sql<{ content: string }>(`SELECT content FROM ${table} ORDER BY id`);
  return rows.map(({ content }) => parseJson(content) as JsonObject);
}

/** A region with a laboratory, somebody who orders, and a patient. */
async function region(): Promise<void> {
  await edge.put(organization("region", OURS.careProvider, "Region Västmark"), null);
  await edge.put(organization("med", OURS.careUnit, "Medicinkliniken", "region"), null);
  await edge.put(organization("lab", LAB_UNIT, "Klinisk kemi", "region"), null);
  const identifier = [{ system: HSA_SYSTEM, value: "SE2321000131-P1" }];
  await edge.put(
    { resourceType: "Practitioner", id: "anna-ek", identifier, name: [{ family: "Ek", given: ["Åsa"] }] },
    null,
  );
  const role = { practitioner: { reference: "Practitioner/anna-ek" }, organization: { reference: "Organization/med" } };
  await edge.put(
    { resourceType: "PractitionerRole", id: "uppdrag", active: true, ...role, code: [{ text: "Läkare" }] },
    null,
  );
  await edge.put(patientResource("anna", NUMBER));
}

test("EXCH-MAP-PARTNER-1 partners are declared and found in the directory; what is missing or unknown is named", async () => {
  await region();
  const [agreed] = partnersIn({ partners: [AGREED] });
  assert.ok(agreed !== undefined);
  const partner = await inDirectory(edge.client(), agreed);
  assert.deepEqual(partner.organization, { reference: "Organization/lab", display: "Klinisk kemi" });
  assert.deepEqual(partner.owner, { careProvider: OURS.careProvider, careUnit: LAB_UNIT });
  await assert.rejects(
    inDirectory(edge.client(), { ...agreed, owner: "SE2321000131-X" }),
    /labb: the directory has no unit/,
  );
  assert.deepEqual(partnersIn({ channels: [] }), []);
  for (const [more, why] of [
    [{ kind: "pharmacy" }, /labb: kind is to be laboratory or radiology or other/],
    [{ unit: undefined }, /labb: unit is missing/],
    [{ charset: "x" }, /charset/],
    [{ orders: "FAX" }, /orders/],
    [{ name: "A B" }, /name/],
  ] as const)
    assert.throws(() => partnersIn({ partners: [{ ...AGREED, ...more }] }), why);
  assert.throws(() => partnersIn({ partners: [AGREED, AGREED] }), /twice/);
});

test("EXCH-MAP-EDGE-1 an order goes to its laboratory over real sockets and its answer comes back to the unit that ordered; a strange one is parked with its owner", async (t) => {
  const { store, clock, options, faults } = edge;
  const [agreed] = partnersIn({ partners: [AGREED] });
  assert.ok(agreed !== undefined);
  const partner = await inDirectory(edge.client(), agreed);
  const mapping = { journal: { ...options, along: ledgerAlong }, partners: [partner] };
  await routeOrders(mapping);
  const channel = inChannel({ name: "lab", owner: LAB_UNIT, parked: "pass" });
  const listening = await listenFor([channel], { intake: new Intake({ store, clock, faults }), onFault: fail });
  t.after(() => listening.close());
  const to = { host: "127.0.0.1", port: listening.ports.get("lab") ?? 0 };
  const port = new MllpClient({ ...to, connectMs: 3000, answerMs: 8000 });
  t.after(async () => port.close());
  const told: string[] = [];
  const simulator = await startSimulator({
    kind: "laboratory",
    host: "127.0.0.1",
    port: 0,
    to,
    charset: "utf-8",
    seed: 1,
    delayMs: 90,
    scenario: "corrected",
    faults: NO_FAULTS,
    clock: () => new Date(),
    tell: (line) => told.push(line),
  });
  t.after(() => simulator.close());
  const out = outChannel({ port: simulator.port });
  const sender = new Hl7Sender(out, {
    store,
    clock,
    faults,
    onSettled: settled(options.random),
    onFault: fail,
  });
  t.after(async () => sender.close());

  const order = orderResource("bestallning", {
    specimen: undefined,
    authoredOn: clock().toISOString(),
    requester: { reference: "PractitionerRole/uppdrag" },
    note: [{ text: "Patienten äter ej kaliumtillägg" }],
  });
  await commit({ ...edge.client(), along: ledgerAlong }, [asUpdate(order)]);
  const compose = orderComposer(mapping);
  for (let times = 0; times < 2; times += 1)
    await dispatchRound({ store, clock, channels: [out], compose, faults, onFault: fail });
  const [sent] = await edge.sql<{ raw: Buffer }>("SELECT raw FROM hl7_sent");
  const text = sent?.raw.toString() ?? "";
  assert.match(text, /\rORC\|NW\|bestallning\^EIRA\|.*SE2321000131-P1\^Ek\^Åsa/);
  assert.match(text, new RegExp(`Medicinkliniken.*${OURS.careUnit}`));
  assert.match(text, /\rNTE\|1\|\|Patienten äter ej kaliumtillägg/);
  const stand = async (): Promise<unknown> => {
    const [loop] = await edge.sql<{ state: string }>("SELECT state FROM loop WHERE kind = 'order'");
    return loop?.state;
  };
  assert.equal(await stand(), "created");
  const raw = sent?.raw ?? Buffer.of();
  const hears = async (
    event: "transfer" | "fail",
    more: { channel?: string; raw?: Buffer; attempts?: number } = {},
  ): Promise<unknown> => {
    const row = { channel: out.name, controlId: "x", about: "ServiceRequest/bestallning", raw, attempts: 1, ...more };
    await store.write("*", (tx) =>
      settled(options.random)(tx, row, { event, why: event === "fail" ? "AR" : null, now: clock() }),
    );
    return stand();
  };
  const change = Buffer.from(text.replace("\rORC|NW|", "\rORC|XO|"));
  assert.equal(
    await hears("transfer", { channel: "lab-before" }),
    "created",
    "word of a channel that is not asked any more",
  );
  assert.equal(await hears("fail", { raw: change }), "created", "a change that was refused says nothing of the order");
  assert.equal(await hears("fail"), "failed");
  const [back] = await edge.sql<{ owner: string; note: string }>(
    "SELECT owner, (SELECT note FROM loop_event WHERE loop = loop.id AND event = 'fail') AS note FROM loop WHERE kind = 'order'",
  );
  assert.deepEqual(back, { owner: OURS.careUnit, note: `${out.name} x: AR` });
  await sender.round(new AbortController().signal);
  assert.equal(await stand(), "transferred"); // which is not taken over
  const step = mappingStep(mapping);
  const seen = new Set<unknown>();
  for (
    const end = Date.now() + 8000;
    (await stored("diagnosticreport"))[0]?.["status"] !== "corrected";
    await new Promise((resolve) => setTimeout(resolve, 20))
  ) {
    assert.ok(
      Date.now() < end,
      `no answer came: ${told.join("; ")} ${await edge.states()} ${(await edge.owned()).join()}`,
    );
    await edge.work(step, channel);
    seen.add(await stand());
  }
  assert.ok(seen.has("taken-over") || seen.has("answered"), [...seen].join());
  assert.equal(await stand(), "answered");
  const [result] = await edge.sql<{ owner: string; closed: Date | null }>(
    "SELECT owner, closed FROM loop WHERE kind = 'result'",
  );
  assert.equal(result?.closed, null); // somebody is to read it
  const [report] = await edge.sql<{ care_unit: string }>("SELECT care_unit FROM diagnosticreport");
  assert.equal(report?.care_unit, OURS.careUnit);

  await port.send(
    Buffer.from(
      `MSH|^~\\&|LABSIM|KEMLAB|EIRA|REGION|20261121100000||ORU^R01|fel|P|2.5.1\rPID|1||189001029819^^^&1.2.752.129.2.1.3.1&ISO\rORC|RE|bestallning^EIRA\rOBR|1|bestallning^EIRA||NPU03230|||||||||||||||||||||F\rOBX|1|NM|NPU03230||4.1|||||||F\r`,
    ),
    "fel",
  );
  await edge.work(step, channel);
  assert.match(await edge.states(), /fel parked$/);
  const owned = await edge.owned();
  assert.ok(
    owned.some((one) => one.includes("Id-numret är inte beställningens patients")),
    owned.join(),
  );
  assert.equal((await stored("diagnosticreport")).length, 1);
  assert.equal(visitOf(edge, partner).actor.kind, "client");
});
