import assert from "node:assert/strict";
import { test } from "node:test";
import { seededRandom } from "../../base/index.ts";
import { isError, parseJson, validateResource, type JsonObject } from "../../fhir/index.ts";
import { journalOfTest, OURS, type JournalOfTest } from "../../journal/testing/index.ts";
import type { Hl7Message } from "../hl7v2/codec/index.ts";
import { objectIn, objectsIn } from "./json.ts";
import { takeIn, type TakenIn } from "./take-in.ts";
import {
  answer,
  LAB,
  OTHER_NUMBER,
  patientResource,
  potassium,
  putOrder,
  RADIOLOGY,
  spm,
  status,
  visitOf,
} from "./testing/index.ts";

type Stored = { readonly id: string; readonly version: number; readonly care_unit: string; readonly content: string };

async function rows({ sql }: JournalOfTest, table: string): Promise<Stored[]> {
  return sql<Stored>(`SELECT id, version, care_unit, content FROM ${table} ORDER BY id`);
}

async function resources(journal: JournalOfTest, table: string): Promise<JsonObject[]> {
  return (await rows(journal, table)).map(({ content }) => parseJson(content) as JsonObject);
}

async function one(journal: JournalOfTest, table: string): Promise<JsonObject> {
  const [first, ...others] = await resources(journal, table);
  assert.equal(others.length, 0, table);
  assert.ok(first !== undefined, table);
  return first;
}

async function labTest(t: { after: (f: () => Promise<unknown>) => void }): Promise<JournalOfTest> {
  const journal = await journalOfTest(t);
  await putOrder(journal);
  return journal;
}

const take = async (journal: JournalOfTest, message: Hl7Message): Promise<TakenIn> =>
  takeIn(visitOf(journal), message, LAB);
const reasons = ({ exceptions }: TakenIn): string[] => exceptions.map(({ reason }) => reason);
/** What nothing may change: every version of what belongs to patients. */
const versions = async ({ sql }: JournalOfTest): Promise<unknown> =>
  sql(
    "SELECT count(*)::int AS n, (SELECT count(*)::int FROM observation) AS o, (SELECT count(*)::int FROM diagnosticreport) AS d, (SELECT count(*)::int FROM task) AS t FROM change_log",
  );

test("EXCH-MAP-RESULT-1 an answer becomes report and results of the order's patient, owned by the unit that ordered, with everything that they must tell", async (t) => {
  const journal = await labTest(t);
  const taken = await take(journal, answer({ observations: [potassium("4.10", { 8: "N", 14: "20260701101500" })] }));
  assert.deepEqual([taken.outcome, taken.exceptions], ["applied", []]);
  const [observation, report] = [await one(journal, "observation"), await one(journal, "diagnosticreport")];
  for (const found of [observation, report]) assert.deepEqual(validateResource(found).filter(isError), []);
  const { content } = (await rows(journal, "observation"))[0] ?? { content: "" };
  assert.match(content, /"value":4\.10,/); // as it was written
  assert.deepEqual(observation["basedOn"], [{ reference: "ServiceRequest/order1" }]);
  assert.deepEqual(objectIn(observation["subject"])["reference"], "Patient/anna");
  assert.deepEqual(observation["specimen"], { reference: "Specimen/prov-order1" });
  assert.deepEqual(observation["performer"], [{ reference: "Organization/lab", display: "Klinisk kemi" }]);
  assert.equal(observation["effectiveDateTime"], "2026-07-01T10:15:00+02:00"); // Swedish summer
  assert.equal(observation["issued"], "2026-11-21T10:30:00+01:00");
  assert.deepEqual(report["effectiveDateTime"], "2026-11-21T09:15:00+01:00");
  assert.deepEqual(report["result"], [{ reference: `Observation/${String(observation["id"])}` }]);
  assert.deepEqual([observation["status"], report["status"]], ["final", "final"]);
  assert.equal(objectIn(observation["meta"])["source"], "urn:eira:hl7v2:labb#1");
  for (const table of ["observation", "diagnosticreport"])
    assert.deepEqual(
      (await rows(journal, table)).map((row) => row.care_unit),
      [OURS.careUnit],
      table,
    );
  assert.equal((await one(journal, "servicerequest"))["status"], "completed");
  const logged = (await journal.log()).filter(({ actor }) => actor === "client hl7v2 labb");
  assert.ok(logged.some(({ action, patient }) => action === "create" && patient === "anna"));
});

test("EXCH-MAP-VERSION-1 the same message twice, in turn and at once, makes one effect; also under a new control id", async (t) => {
  const journal = await labTest(t);
  const outcomes = await Promise.all(Array.from({ length: 4 }, () => take(journal, answer())));
  assert.deepEqual(outcomes.map(({ outcome }) => outcome).toSorted(), ["applied", "nothing", "nothing", "nothing"]);
  const before = await versions(journal);
  assert.equal((await take(journal, answer({ control: "2", sent: "20261121120000" }))).outcome, "nothing");
  assert.equal((await take(journal, answer({ control: "3", sent: "20261121120100", at: null }))).outcome, "nothing");
  assert.deepEqual(await versions(journal), before);
});

test("EXCH-MAP-VERSION-2 a correction makes a new version and leaves the old one readable; an older one that comes late changes nothing", async (t) => {
  const journal = await labTest(t);
  const preliminary = answer({
    status: "P",
    at: "20261121100000",
    observations: [potassium("7.1", { 8: "HH", 11: "P" })],
  });
  const final = answer({ at: "20261121103000", observations: [potassium("4.1")] });
  const corrected = answer({ status: "C", at: "20261121110000", observations: [potassium("4.4", { 11: "C" })] });
  for (const message of [preliminary, final, corrected])
    assert.equal((await take(journal, message)).outcome, "applied");
  const before = await versions(journal);
  for (const late of [preliminary, final, corrected]) assert.equal((await take(journal, late)).outcome, "nothing");
  assert.deepEqual(await versions(journal), before);
  const observation = await one(journal, "observation");
  assert.deepEqual([observation["status"], objectIn(observation["meta"])["versionId"]], ["corrected", "3"]);
  assert.equal(objectIn(observation["valueQuantity"])["value"], 4.4);
  const history = await journal.sql<Stored>("SELECT content FROM history WHERE type = 'Observation' ORDER BY version");
  assert.deepEqual(
    history.map(({ content }) => /"value":([\d.]+)/.exec(content)?.[1]),
    ["7.1", "4.1"],
  );
});

test("EXCH-MAP-VERSION-3 results that come in two messages in the wrong order are both kept", async (t) => {
  const journal = await labTest(t);
  const sodium = { ...potassium("140"), 3: ["NPU03429", "P-Natrium", "NPU"] };
  await take(journal, answer({ at: "20261121110000", observations: [sodium] }));
  assert.equal(
    (await take(journal, answer({ at: "20261121103000", observations: [potassium("4.1")] }))).outcome,
    "applied",
  );
  assert.equal((await resources(journal, "observation")).length, 2);
  const report = await one(journal, "diagnosticreport");
  assert.equal(objectsIn(report["result"]).length, 2);
  assert.equal(report["issued"], "2026-11-21T11:00:00+01:00");
});

test("EXCH-MAP-VERSION-4 what cannot be told apart, or would make a final answer preliminary, is for the laboratory to look at", async (t) => {
  const journal = await labTest(t);
  await take(journal, answer());
  const before = await versions(journal);
  const different = await take(journal, answer({ observations: [potassium("5.1")] }));
  assert.deepEqual([different.outcome, reasons(different)], ["quarantined", ["same-version"]]);
  const backwards = await take(
    journal,
    answer({ status: "P", at: "20261121120000", observations: [potassium("4.2", { 11: "P" })] }),
  );
  assert.deepEqual(reasons(backwards), ["status-backwards"]);
  assert.deepEqual(await versions(journal), before);
});

test("EXCH-MAP-VERSION-5 in whatever order versions come, and however often, the newest stands in the end", async (t) => {
  const journal = await journalOfTest(t);
  const seed = 20261122;
  const random = seededRandom(seed);
  for (let run = 0; run < 8; run += 1) {
    const order = `order${run}`;
    await putOrder(journal, order);
    const told = ["P", "F", "C", "C"].map((status, at) =>
      answer({ order, status, at: `2026112110${at}000`, observations: [potassium(`4.${at}`, { 11: status })] }),
    );
    const twice = [...told, ...told].map((message) => ({ message, at: random.next() }));
    for (const { message } of twice.toSorted((a, b) => a.at - b.at)) {
      const taken = await take(journal, message);
      assert.deepEqual(taken.exceptions, [], `seed ${seed}, run ${run}`);
    }
    const about = (one: JsonObject): boolean => JSON.stringify(one["basedOn"]).includes(`ServiceRequest/${order}"`);
    const [value, ...others] = (await resources(journal, "observation")).filter(about);
    assert.equal(others.length, 0);
    assert.deepEqual(
      [objectIn(value?.["valueQuantity"])["value"], value?.["status"]],
      [4.3, "corrected"],
      `seed ${seed}, run ${run}`,
    );
    assert.equal((await resources(journal, "diagnosticreport")).find(about)?.["issued"], "2026-11-21T10:30:00+01:00");
  }
});

test("EXCH-MAP-MATCH-1 an answer whose order, number or specimen does not hold is not written and is the laboratory's to look at", async (t) => {
  const journal = await labTest(t);
  await journal.put(patientResource("bo", OTHER_NUMBER));
  const before = await versions(journal);
  const told: [string, Hl7Message][] = [
    ["order-unknown", answer({ order: "nobody" })],
    ["order-unknown", answer({ order: "a,b|c" })],
    ["number-mismatch", answer({ number: OTHER_NUMBER })],
    ["number-missing", answer({ number: "189001019803" })],
    ["number-missing", answer({ number: "" })],
    ["specimen-mismatch", answer({ specimen: "P-other" })],
    ["specimen-missing", answer({ specimen: null })],
    ["specimen-missing", answer({ specimen: "" })],
    ["order-missing", answer({ obr: { 2: ["another", "EIRA"] } })],
  ];
  for (const [reason, message] of told) {
    const taken = await take(journal, message);
    assert.deepEqual([taken.outcome, reasons(taken), taken.written], ["quarantined", [reason], []], reason);
    assert.deepEqual(taken.exceptions[0]?.owner, LAB.owner, reason);
    assert.notEqual(taken.exceptions[0]?.text, "");
  }
  assert.deepEqual(reasons(await takeIn(visitOf(journal, RADIOLOGY), answer(), RADIOLOGY)), ["order-not-yours"]);
  assert.deepEqual(await versions(journal), before);
});

test("EXCH-MAP-MATCH-2 the patient is matched by number, also a new one of the same person, whatever the name says", async (t) => {
  const journal = await labTest(t);
  assert.equal((await take(journal, answer())).outcome, "applied"); // PID-5 is somebody quite different
  await journal.put({
    ...patientResource("ny", OTHER_NUMBER),
    link: [{ type: "replaces", other: { reference: "Patient/anna" } }],
  });
  await journal.put({
    ...patientResource("anna", "189001019802"),
    link: [{ type: "replaced-by", other: { reference: "Patient/ny" } }],
  });
  const again = answer({
    number: OTHER_NUMBER,
    at: "20261121120000",
    status: "C",
    observations: [potassium("4.3", { 11: "C" })],
  });
  assert.equal((await take(journal, again)).outcome, "applied");
});

test("EXCH-MAP-MATCH-3 one order of a message that does not match holds no other back", async (t) => {
  const journal = await labTest(t);
  const both = answer({
    more: [
      ["ORC", { 1: "RE", 2: ["nobody", "EIRA"] }],
      ["OBR", { 2: ["nobody", "EIRA"], 4: ["X"], 25: "F" }],
      ["OBX", { 1: "1", ...potassium("1") }],
      spm("P-x"),
    ],
  });
  const taken = await take(journal, both);
  assert.deepEqual([taken.outcome, reasons(taken), taken.written.length], ["quarantined", ["order-unknown"], 3]);
  assert.equal((await resources(journal, "observation")).length, 1);
});

test("EXCH-MAP-EMPTY-1 an answer without content is refused and owned", async (t) => {
  const journal = await labTest(t);
  const before = await versions(journal);
  const blank = (value: string, more = {}): Hl7Message => answer({ observations: [potassium(value, more)] });
  const text = { 2: "TX", 6: undefined, 7: undefined };
  for (const message of [
    answer({ observations: [] }),
    blank(""),
    blank("   ", text),
    blank("\n \n", text),
    answer({ observations: [potassium("4.1"), { ...potassium(""), 3: ["NPU03429"] }] }),
    answer({ status: "P", observations: [] }),
  ]) {
    const taken = await take(journal, message);
    assert.deepEqual([taken.outcome, reasons(taken)], ["quarantined", ["answer-empty"]]);
    assert.deepEqual(taken.exceptions[0]?.owner, LAB.owner);
  }
  assert.deepEqual(await versions(journal), before);
});

test("EXCH-MAP-EMPTY-2 a value that does not follow its type, and a code that no table has, are refused and owned", async (t) => {
  const journal = await labTest(t);
  for (const [reason, more] of [
    ["value-unreadable", { 5: "4,1" }],
    ["value-unreadable", { 2: "XX" }],
    ["value-unreadable", { 2: "DTM", 5: "20261341" }],
    ["value-unreadable", { 5: { repeats: ["4.1", "4.2"] } }],
    ["code-unknown", { 11: "?" }],
    ["code-unknown", { 11: "U" }],
    ["code-unknown", { 8: "OJ" }],
    ["code-missing", { 3: undefined }],
    ["time-unreadable", { 14: "i går" }],
  ] as const)
    assert.deepEqual(
      reasons(await take(journal, answer({ observations: [potassium("4.1", more)] }))),
      [reason],
      JSON.stringify(more),
    );
  assert.deepEqual(reasons(await take(journal, answer({ status: "Q" }))), ["code-unknown"]);
  assert.deepEqual(reasons(await take(journal, answer({ at: "nyss" }))), ["time-unreadable"]);
  assert.equal((await resources(journal, "observation")).length, 0);
});

test("EXCH-MAP-CANCEL-1 what was cancelled is told in a new version; an answer to a cancelled order is the ordering unit's, and of a mistaken one it is nobody's record", async (t) => {
  const journal = await labTest(t);
  await take(journal, answer());
  const cancelled = answer({ status: "X", at: "20261121130000", observations: [potassium("", { 11: "X" })] });
  assert.equal((await take(journal, cancelled)).outcome, "applied");
  const observation = await one(journal, "observation");
  assert.deepEqual([observation["status"], observation["valueQuantity"]], ["cancelled", undefined]);
  assert.equal((await one(journal, "diagnosticreport"))["status"], "cancelled");
  assert.equal((await one(journal, "task"))["status"], "failed"); // nobody had asked for it
  await putOrder(journal, "order2", { status: "revoked" });
  assert.equal((await take(journal, answer({ order: "order2" }))).outcome, "applied");
  const reports = await rows(journal, "diagnosticreport");
  assert.deepEqual(
    reports.map((row) => row.care_unit),
    [OURS.careUnit, OURS.careUnit],
  );
  await putOrder(journal, "order3", { status: "entered-in-error" });
  const mistaken = await take(journal, answer({ order: "order3" }));
  assert.deepEqual([reasons(mistaken), mistaken.exceptions[0]?.owner], [["order-mistaken"], OURS]);
});

test("EXCH-MAP-TEXT-1 words come out as they were sent, line by line, in results, comments and reports", async (t) => {
  const journal = await labTest(t);
  const words = ["Ingen växt av bakterier.", "", "Inga | ^ & ~ \\ <b> µmol ≥ 5; ej påvisat, utan anmärkning. NA null"];
  const lines = words.map((line): Record<number, string> => ({ 2: "TX", 5: line, 11: "F" }));
  const observations = lines.map((fields) => ({ ...fields, 3: ["odling", "Odling", "L"] }));
  const more = [["NTE", { 1: "1", 3: { repeats: ["Rad ett", "ej två"] } }]] as const;
  assert.equal((await take(journal, answer({ observations, more }))).outcome, "applied");
  const observation = await one(journal, "observation");
  assert.equal(observation["valueString"], words.join("\n"));
  assert.deepEqual(observation["note"], [{ text: "Rad ett\nej två" }]);
  // A radiologist's words are the report itself.
  await putOrder(journal, "order2", { performer: [{ reference: "Organization/rtg" }], specimen: undefined });
  const report = answer({
    order: "order2",
    observations: lines.map((fields) => ({ ...fields, 3: ["GDT", "Utlåtande", "L"] })),
  });
  assert.equal((await takeIn(visitOf(journal, RADIOLOGY), report, RADIOLOGY)).outcome, "applied");
  const [found] = (await resources(journal, "diagnosticreport")).filter(({ basedOn }) =>
    JSON.stringify(basedOn).includes("order2"),
  );
  assert.equal(found?.["conclusion"], words.join("\n"));
});

test("EXCH-MAP-STATUS-1 what the laboratory says of an order follows it as a Task of the unit that ordered; late words change nothing", async (t) => {
  const journal = await labTest(t);
  const said: [Hl7Message, string][] = [
    [status("OK", { 9: "20261121092000" }), "accepted"],
    [
      status("SC", { 5: "IP", 9: "20261121093000" }, { more: [spm("P-order1", { 18: "20261121092900" })] }),
      "in-progress",
    ],
    [status("SC", { 5: "HD", 9: "20261121094000", 16: ["prov-saknas", "Provet saknas", "L"] }), "on-hold"],
    [status("UA", { 9: "20261121095000", 16: ["hemolys", "Hemolyserat prov", "L"] }), "rejected"],
  ];
  for (const [message, expected] of said) {
    assert.equal((await take(journal, message)).outcome, "applied", expected);
    const task = await one(journal, "task");
    assert.deepEqual(validateResource(task).filter(isError), []);
    assert.deepEqual([task["status"], task["owner"]], [expected, LAB.organization]);
  }
  assert.equal(
    objectsIn(objectIn((await one(journal, "task"))["statusReason"])["coding"])[0]?.["display"],
    "Hemolyserat prov",
  );
  for (const [message] of said) assert.equal((await take(journal, message)).outcome, "nothing");
  const specimen = await one(journal, "specimen");
  assert.equal(specimen["receivedTime"], "2026-11-21T09:29:00+01:00");
  const unable = await take(journal, status("UC", { 9: "20261121100000" }));
  assert.deepEqual([reasons(unable), unable.exceptions[0]?.owner], [["order-not-cancelled"], OURS]);
  assert.deepEqual(reasons(await take(journal, status("ZZ"))), ["code-unknown"]);
  assert.deepEqual(reasons(await take(journal, status("OK", {}, { number: OTHER_NUMBER }))), ["number-mismatch"]);
});

test("EXCH-MAP-STATUS-2 a laboratory whose clock is behind is understood, and its own times order what it says", async (t) => {
  const journal = await labTest(t);
  const [before, later] = ["20261120070000", "20261120070100"]; // the order was written on the 21st
  assert.equal((await take(journal, status("OK", { 9: before }))).outcome, "applied");
  const task = await one(journal, "task");
  assert.deepEqual([task["status"], task["lastModified"]], ["accepted", task["authoredOn"]]);
  assert.deepEqual(validateResource(task).filter(isError), []);
  assert.equal((await take(journal, status("SC", { 5: "IP", 9: later }))).outcome, "applied");
  assert.equal((await take(journal, status("OK", { 9: before }))).outcome, "nothing");
  assert.equal((await one(journal, "task"))["status"], "in-progress");
  assert.equal((await take(journal, answer({ at: later }))).outcome, "applied");
  assert.deepEqual([(await one(journal, "task"))["status"], (await one(journal, "diagnosticreport"))["status"]], ["completed", "final"]); // prettier-ignore
});
