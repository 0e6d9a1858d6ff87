/** Rules LOOP-SPECIMEN and LOOP-CRITICAL: who answers for a tube between the vein and the laboratory, and for a life-threatening answer. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { JsonObject } from "../fhir/index.ts";
import { criticalStanding, loopsOf, registerTurn, watchLoops } from "./index.ts";
import { loopJournal, personOf, UNITS, type LoopJournal } from "./testing/index.ts";

const MINUTE = 60_000;

const order = (more: JsonObject = {}): JsonObject => ({
  resourceType: "ServiceRequest",
  id: "order",
  status: "active",
  intent: "order",
  code: { text: "P-Kalium" },
  subject: { reference: "Patient/p1" },
  requester: { reference: "PractitionerRole/role-sender1" },
  performer: [{ reference: "Organization/asked" }],
  ...more,
});

const specimen = (more: JsonObject = {}): JsonObject => ({
  resourceType: "Specimen",
  id: "tube",
  accessionIdentifier: { system: "urn:eira:provnummer", value: "1" },
  status: "available",
  subject: { reference: "Patient/p1" },
  request: [{ reference: "ServiceRequest/order" }],
  ...more,
});

const collected = (journal: LoopJournal, minutes: number): JsonObject => {
  const at = journal.clock().getTime();
  return {
    collection: {
      collector: { reference: "PractitionerRole/role-sender1" },
      collectedDateTime: new Date(at).toISOString(),
    },
    extension: [{ url: "urn:eira:specimen:received-by", valueDateTime: new Date(at + minutes * MINUTE).toISOString() }],
  };
};

const SENT = {
  processing: [{ procedure: { coding: [{ system: "urn:eira:provtagning", code: "sent" }] } }],
};

async function stands(journal: LoopJournal, id = "tube"): Promise<string[]> {
  return (await journal.loops(`Specimen/${id}`)).map(({ state, owner }) => `${state} ${owner ?? "-"}`);
}

const inInbox = async (journal: LoopJournal): Promise<string[]> => {
  const ask = { side: "owner", mine: false, kinds: ["specimen"], late: false, doneSince: null, after: null, limit: 9 } as const; // prettier-ignore
  return (await loopsOf(journal.at("sender"), ask)).value.loops.map(({ state }) => state);
};

test("LOOP-SPECIMEN-1 a tube has an owner from when it was collected until it is received, and nothing else of a specimen has", async (t) => {
  const journal = await loopJournal(t);
  const mine = UNITS.sender.careUnit;
  await journal.write(order());
  await journal.write(specimen());
  assert.deepEqual(await stands(journal), []); // a label
  const taken = collected(journal, 60);
  await journal.write(specimen(taken));
  await journal.write(specimen(taken)); // the same again
  assert.deepEqual(await stands(journal), [`created ${mine}`]);
  const [loop] = await journal.loops("Specimen/tube");
  assert.equal(loop?.receiver, UNITS.asked.careUnit);
  assert.deepEqual(await inInbox(journal), []);
  await journal.write(specimen({ ...taken, ...SENT }));
  assert.deepEqual(await stands(journal), [`transferred ${mine}`]);
  await journal.write(specimen({ ...taken, ...SENT, receivedTime: journal.clock().toISOString() }));
  assert.deepEqual(await stands(journal), ["received -"]);
  await journal.write(specimen({ ...taken, id: "other" }));
  const { request: _request, ...unasked } = specimen({ ...taken, id: "unasked" });
  await journal.write(unasked);
  assert.deepEqual(await stands(journal, "unasked"), []);
  await journal.write({
    resourceType: "DiagnosticReport",
    id: "report",
    status: "final",
    code: { text: "P-Kalium" },
    subject: { reference: "Patient/p1" },
    basedOn: [{ reference: "ServiceRequest/order" }],
    specimen: [{ reference: "Specimen/other" }],
    conclusion: "Kalium 4,1 mmol/L, utan anmärkning.",
    issued: journal.clock().toISOString(),
  });
  assert.deepEqual(await stands(journal, "other"), ["received -"]);
  await journal.write(specimen({ ...taken, id: "late" }));
  assert.deepEqual(await stands(journal, "late"), []); // the question has been answered
});

test("LOOP-SPECIMEN-2 what has not arrived in its time comes to the inbox and climbs; that it was sent gives no more time", async (t) => {
  const journal = await loopJournal(t);
  await journal.write(order());
  const taken = collected(journal, 30);
  await journal.write(specimen(taken));
  journal.clock.forward(20 * MINUTE);
  await journal.write(specimen({ ...taken, ...SENT }));
  await watchLoops(journal.options);
  assert.deepEqual(await inInbox(journal), []);
  journal.clock.forward(11 * MINUTE);
  await watchLoops(journal.options);
  assert.deepEqual(await inInbox(journal), ["transferred"]);
  const levels: number[] = [];
  const owners = new Set<string | null>();
  for (let round = 0; round < 3; round++) {
    const [loop] = await journal.loops("Specimen/tube");
    levels.push(loop?.level ?? 0);
    owners.add(loop?.owner ?? null);
    journal.clock.forward(25 * 60 * MINUTE);
    await watchLoops(journal.options);
  }
  assert.deepEqual(levels, [1, 2, 3]);
  assert.ok(owners.has(UNITS.sender.careUnit) && owners.size > 1, "it goes to the list above");
});

test("LOOP-SPECIMEN-3 what is lost or cannot be used is the collector's with its reason until it is seen to, replaced or found", async (t) => {
  const journal = await loopJournal(t);
  const mine = UNITS.sender.careUnit;
  await journal.write(order());
  const taken = collected(journal, 60);
  const received = { receivedTime: journal.clock().toISOString() };
  await journal.write(specimen(taken));
  await journal.write(specimen({ ...taken, ...received }));
  await journal.write(
    specimen({ ...taken, ...received, status: "unsatisfactory", condition: [{ text: "Hemolyserat" }] }),
  );
  assert.deepEqual(await stands(journal), [`failed ${mine}`]);
  const [loop] = await journal.loops("Specimen/tube");
  const [step] = await journal.sql<{ note: string }>("SELECT note FROM loop_event WHERE loop = $1 AND event = 'fail'", [
    loop?.id,
  ]);
  assert.equal(step?.note, "Hemolyserat");
  assert.deepEqual(await inInbox(journal), ["failed"]);
  const replaces = {
    url: "urn:eira:specimen:replaces",
    valueReference: { reference: "Specimen/tube" },
  };
  const again = collected(journal, 60);
  await journal.write(
    specimen({ ...again, id: "second", extension: [...(again["extension"] as JsonObject[]), replaces] }),
  );
  assert.deepEqual(await stands(journal), ["acted-on -"]);
  await journal.write(specimen({ ...again, id: "second", status: "unavailable", condition: [{ text: "Förlorat" }] }));
  assert.deepEqual(await stands(journal, "second"), [`failed ${mine}`]);
  await journal.write(specimen({ ...again, id: "second", ...received }));
  assert.deepEqual(await stands(journal, "second"), ["received -"]);
});

test("LOOP-CRITICAL-1 whoever must act on a life-threatening answer is told until when, who has been asked, and who is next by the roster", async (t) => {
  const journal = await loopJournal(t);
  const start = journal.clock().getTime();
  for (const [rank, person] of [
    [1, "1"],
    [2, "2"],
  ] as const)
    await registerTurn(journal.at("sender"), {
      worklist: UNITS.sender.careUnit,
      person: personOf("sender", person),
      since: start - MINUTE,
      until: start + 8 * 60 * MINUTE,
      rank,
    });
  await journal.write({
    resourceType: "Observation",
    id: "k",
    status: "final",
    code: { text: "P-Kalium" },
    subject: { reference: "Patient/p1" },
    valueQuantity: { value: 7 },
    interpretation: [
      { coding: [{ system: "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation", code: "HH" }] },
    ],
  });
  await journal.write({
    resourceType: "DiagnosticReport",
    id: "critical",
    status: "final",
    code: { text: "P-Kalium" },
    subject: { reference: "Patient/p1" },
    performer: [{ reference: "PractitionerRole/role-sender1" }],
    result: [{ reference: "Observation/k" }],
    issued: journal.clock().toISOString(),
  });
  const [loop] = await journal.loops("DiagnosticReport/critical");
  const look = async () => (await criticalStanding(journal.at("sender"), loop?.id ?? "")).value;
  const first = await look();
  assert.equal(first.mustBy - first.loop.since, 30 * MINUTE);
  assert.deepEqual(first.asked.map(({ responsible }) => responsible), [personOf("sender", "1")]); // prettier-ignore
  assert.equal(first.next.responsible, personOf("sender", "2"));
  journal.clock.forward(8 * MINUTE);
  await watchLoops(journal.options);
  const second = await look();
  assert.deepEqual(second.asked.map(({ responsible }) => responsible), [personOf("sender", "1"), personOf("sender", "2")]); // prettier-ignore
  assert.equal(second.loop.responsible, personOf("sender", "2"));
  assert.equal(second.mustBy, first.mustBy);
  const isMissing = (error: { code?: string }): boolean => error.code === "NOT_FOUND";
  await assert.rejects(criticalStanding(journal.at("theirs"), loop?.id ?? ""), isMissing);
  await assert.rejects(criticalStanding(journal.at("sender"), "nobody"), isMissing);
});
