import assert from "node:assert/strict";
import { test } from "node:test";
import { isError, parseJson, validateResource, writeJson, type JsonObject } from "../../fhir/index.ts";
import { HSA_SYSTEM } from "../../base/index.ts";
import { journalOfTest, OURS, THEIRS, type Cleanup, type JournalOfTest } from "../../journal/testing/index.ts";
import { buildMessage, parseMessage, type Hl7Message, type NewField, type NewSegment } from "../hl7v2/codec/index.ts";
import { adtSegments, mergeSegments } from "./adt-out.ts";
import { bookingSegments } from "./bookings.ts";
import { documentSegments } from "./documents.ts";
import { objectIn, objectsIn, referenceIn } from "./json.ts";
import { messageOf } from "./outgoing.ts";
import type { Partner } from "./partner.ts";
import { resultSegments } from "./results-out.ts";
import { takeIn, type TakenIn } from "./take-in.ts";
import { answer, LAB, NUMBER, OTHER_NUMBER, patientResource, potassium, putOrder, visitOf } from "./testing/index.ts";

const PAS: Partner = {
  ...LAB,
  name: "pas",
  kind: "other",
  owner: OURS,
  organization: { reference: "Organization/med", display: "Medicinkliniken" },
};
const THIRD = "189001039800";

const pidOf = (number: string, more: Readonly<Record<number, NewField>> = {}): NewSegment => [
  "PID",
  {
    3: [number, undefined, undefined, { parts: [undefined, "1.2.752.129.2.1.3.1", "ISO"] }],
    5: ["Åkesson", "Örjan"],
    ...more,
  },
];

let controls = 0;

function event(kind: string, trigger: string, at: string, segments: readonly NewSegment[]): Hl7Message {
  const head: NewSegment = [
    "MSH",
    { 3: "PAS", 4: "REGION", 7: at, 9: [kind, trigger], 10: `e${++controls}`, 11: "P", 12: "2.5" },
  ];
  return parseMessage(buildMessage([head, ["EVN", { 2: at }], ...segments], { charset: "iso-8859-1" }).bytes());
}

const take = (journal: JournalOfTest, message: Hl7Message): Promise<TakenIn> =>
  takeIn(visitOf(journal, PAS), message, PAS);
const reasons = ({ exceptions }: TakenIn): string[] => exceptions.map(({ reason }) => reason);

async function stored(journal: JournalOfTest, table: string): Promise<JsonObject[]> {
  const rows = await journal.sql<{ content: string }>(`SELECT content FROM ${table} ORDER BY id`);
  const found = rows.map(({ content }) => parseJson(content) as JsonObject);
  for (const one of found) assert.deepEqual(validateResource(one).filter(isError), []);
  return found;
}

/** Two units of the region and one of another care provider, as the directory has them. */
async function region(t: Cleanup): Promise<JournalOfTest> {
  const journal = await journalOfTest(t);
  const organization = (id: string, hsaId: string, name: string, partOf?: string): JsonObject => ({
    resourceType: "Organization",
    id,
    identifier: [{ system: HSA_SYSTEM, value: hsaId }],
    name,
    ...(partOf === undefined ? {} : { partOf: { reference: `Organization/${partOf}` } }),
  });
  await journal.put(organization("region", OURS.careProvider, "Region Västmark"), null);
  await journal.put(organization("med", OURS.careUnit, "Medicinkliniken", "region"), null);
  await journal.put(organization("kir", "SE2321000131-E000000000012", "Kirurgkliniken", "region"), null);
  await journal.put(organization("ek", THEIRS.careProvider, "Ek Vård AB"), null);
  return journal;
}

test("EXCH-MAP-ADT-1 a patient is registered once, changed, and found by number; several are the sender's to look at", async (t) => {
  const journal = await region(t);
  const registered = event("ADT", "A28", "20261121080000", [pidOf(NUMBER, { 7: "18900101", 8: "M" })]);
  assert.equal((await take(journal, registered)).outcome, "applied");
  assert.equal((await take(journal, registered)).outcome, "nothing");
  const changed = event("ADT", "A31", "20261121090000", [pidOf(NUMBER, { 5: ["Öberg", "Örjan"], 11: ["Gatan 1"] })]);
  assert.equal((await take(journal, changed)).outcome, "applied");
  for (const late of [registered, changed]) assert.equal((await take(journal, late)).outcome, "nothing");
  const [patient, ...others] = await stored(journal, "patient");
  assert.equal(others.length, 0);
  assert.deepEqual([objectsIn(patient?.["name"])[0]?.["family"], patient?.["gender"]], ["Öberg", "male"]);
  await take(journal, event("ADT", "A28", "20261121080000", [pidOf(OTHER_NUMBER)]));
  const both: NewField = { repeats: [NUMBER, OTHER_NUMBER].map((number) => [number]) };
  assert.deepEqual(reasons(await take(journal, event("ADT", "A31", "20261121100000", [pidOf(NUMBER, { 3: both })]))), [
    "patient-several",
  ]);
  assert.deepEqual(reasons(await take(journal, event("ADT", "A31", "20261121100000", [pidOf("x")]))), [
    "number-missing",
  ]);
  assert.deepEqual(reasons(await take(journal, event("ADT", "A31", "20261121100000", [pidOf(NUMBER, { 8: "?" })]))), [
    "code-unknown",
  ]);
  assert.equal((await stored(journal, "patient")).length, 2);
  const atOnce = ["A28", "A31", "A08", "A28"].map((trigger, n) =>
    event("ADT", trigger, `2026112111000${n}`, [pidOf(THIRD)]),
  );
  for (const { exceptions } of await Promise.all(atOnce.map((one) => take(journal, one))))
    assert.deepEqual(exceptions, []);
  assert.equal((await stored(journal, "patient")).length, 3);
});

test("EXCH-MAP-ADT-2 two who are joined are both kept and linked; parted again, both are as they were", async (t) => {
  const journal = await region(t);
  await journal.put(patientResource("gammal", OTHER_NUMBER));
  await journal.put(patientResource("ny", NUMBER));
  const before = (await stored(journal, "patient")).map(({ id, identifier }) => ({ id, identifier }));
  const mrg: NewSegment = ["MRG", { 1: [OTHER_NUMBER] }];
  const joined = event("ADT", "A40", "20261121080000", [pidOf(NUMBER), mrg]);
  assert.deepEqual((await take(journal, joined)).exceptions, []);
  assert.equal((await take(journal, joined)).outcome, "nothing");
  const [old, survivor] = await stored(journal, "patient");
  assert.deepEqual(
    [old?.["active"], old?.["link"]],
    [false, [{ other: { reference: "Patient/ny" }, type: "replaced-by" }]],
  );
  assert.deepEqual(survivor?.["link"], [{ other: { reference: "Patient/gammal" }, type: "replaces" }]);
  // What is told of the old number is told of who stays.
  await take(journal, event("ADT", "A31", "20261121090000", [pidOf(OTHER_NUMBER, { 8: "M" })]));
  assert.equal((await stored(journal, "patient")).find(({ id }) => id === "ny")?.["gender"], "male");
  const apart = event("ADT", "A37", "20261121100000", [pidOf(NUMBER), pidOf(OTHER_NUMBER)]);
  assert.deepEqual((await take(journal, apart)).exceptions, []);
  const parted = await stored(journal, "patient");
  assert.deepEqual(parted.map(({ link, active }) => [link, active]), [[undefined, undefined], [undefined, undefined]]); // prettier-ignore
  const numbers = parted.map(({ identifier }) => objectsIn(identifier).map(({ value }) => value));
  assert.deepEqual(numbers[0], [OTHER_NUMBER]);
  assert.ok(numbers[1]?.includes(NUMBER));
  assert.equal(before.length, 2);
  await take(journal, event("ADT", "A40", "20261121110000", [pidOf(NUMBER), ["MRG", { 1: [THIRD] }]]));
  const found = (await stored(journal, "patient")).find(({ id }) => id === "ny");
  assert.ok(objectsIn(found?.["identifier"]).some(({ value, use }) => value === THIRD && use === "old"));
  const nobody = event("ADT", "A40", "20261121110000", [pidOf("189001049817"), ["MRG", { 1: ["189001059808"] }]]);
  assert.deepEqual(reasons(await take(journal, nobody)), ["patient-unknown"]);
});

const pv1 = (hsaId: string, more: Readonly<Record<number, NewField>> = {}): NewSegment => [
  "PV1",
  { 2: "I", 3: ["Avd 51", "3", "2", hsaId], 19: ["B-1", "PAS"], ...more },
];

test("EXCH-MAP-VISIT-1 a visit passes from unit to unit, each step can be taken back, and late words change nothing", async (t) => {
  const journal = await region(t);
  const [med, kir] = [OURS.careUnit, "SE2321000131-E000000000012"];
  const tell = async (trigger: string, at: string, unit: string, more = {}): Promise<TakenIn> =>
    take(journal, event("ADT", trigger, `20261121${at}00`, [pidOf(NUMBER), pv1(unit, more)]));
  const stand = async (): Promise<Record<string, unknown>> => {
    const rows = await journal.sql<{ care_unit: string; content: string }>("SELECT care_unit, content FROM encounter");
    return Object.fromEntries(
      rows.map(({ care_unit, content }) => [
        care_unit === med ? "med" : "kir",
        (parseJson(content) as JsonObject)["status"],
      ]),
    );
  };
  assert.equal((await tell("A01", "0800", med)).outcome, "applied");
  assert.deepEqual(await stand(), { med: "in-progress" });
  await tell("A02", "0900", kir);
  assert.deepEqual(await stand(), { med: "finished", kir: "in-progress" });
  assert.equal((await tell("A08", "0830", med)).outcome, "nothing"); // late
  await tell("A12", "0930", med);
  assert.deepEqual(await stand(), { med: "in-progress", kir: "cancelled" });
  await tell("A03", "1200", med, { 45: "20261121115500" });
  assert.deepEqual(await stand(), { med: "finished", kir: "cancelled" });
  const ended = (await stored(journal, "encounter")).find(({ status }) => status === "finished");
  assert.deepEqual(ended?.["period"], { start: "2026-11-21T08:00:00+01:00", end: "2026-11-21T11:55:00+01:00" });
  await tell("A13", "1210", med);
  assert.equal((await stand())["med"], "in-progress");
  await tell("A11", "1220", med);
  assert.deepEqual(await stand(), { med: "cancelled", kir: "cancelled" });
  assert.deepEqual(reasons(await tell("A01", "1300", "SE2321000131-E000000009999")), ["unit-unknown"]);
  assert.deepEqual(reasons(await tell("A01", "1300", med, { 19: undefined })), ["code-missing"]);
  assert.deepEqual(reasons(await tell("A01", "1300", med, { 2: "?" })), ["code-unknown"]);
  assert.equal((await stored(journal, "patient")).length, 1);
});

test("EXCH-MAP-BOOKING-1 a booking is made, moved, cancelled, not kept; what is not said stays", async (t) => {
  const journal = await region(t);
  await journal.put(patientResource("anna", NUMBER));
  const tell = async (trigger: string, at: string, sch: Readonly<Record<number, NewField>> = {}): Promise<TakenIn> =>
    take(
      journal,
      event("SIU", trigger, `20261121${at}00`, [
        ["SCH", { 2: ["T-1", "PAS"], ...sch }],
        pidOf(NUMBER),
        ["AIL", { 1: "1", 3: ["Mott 1", undefined, undefined, OURS.careUnit] }],
      ]),
    );
  const booked = { 7: [undefined, "Uppföljning"], 9: "30", 11: [undefined, undefined, undefined, "20261201100000"] };
  assert.equal((await tell("S12", "0800", booked)).outcome, "applied");
  assert.equal((await tell("S12", "0800", booked)).outcome, "nothing");
  await tell("S13", "0900", { 11: [undefined, undefined, undefined, "20261202100000"], 9: "30" });
  const [moved] = await stored(journal, "appointment");
  assert.deepEqual([moved?.["start"], moved?.["end"]], ["2026-12-02T10:00:00+01:00", "2026-12-02T09:30:00.000Z"]);
  assert.deepEqual(moved?.["reasonCode"], [{ text: "Uppföljning" }]);
  for (const [trigger, at, status] of [
    ["S15", "1000", "cancelled"],
    ["S26", "1100", "noshow"],
    ["S17", "1200", "entered-in-error"],
  ] as const) {
    await tell(trigger, at);
    assert.equal((await stored(journal, "appointment"))[0]?.["status"], status);
  }
  assert.equal((await tell("S12", "0800", booked)).outcome, "nothing");
  assert.deepEqual(reasons(await tell("S99", "1300")), ["message-unknown"]);
  assert.deepEqual(reasons(await tell("S12", "1300", { 26: ["nobody", "EIRA"] })), ["order-unknown"]);
  const strange = event("SIU", "S12", "20261121130000", [["SCH", { 2: ["T-2"] }], pidOf(OTHER_NUMBER)]);
  assert.deepEqual(reasons(await take(journal, strange)), ["patient-unknown"]);
});

test("EXCH-MAP-DOCUMENT-1 a document comes to the letter, is replaced, and stays when it is cancelled", async (t) => {
  const journal = await region(t);
  await journal.put(patientResource("anna", NUMBER));
  const words = "Epikris: ej inlagd för hjärtsvikt.\n\nInga åtgärder | ^ & ~ \\ µg";
  const tell = (trigger: string, at: string, text: string | undefined, number = "D-1"): Promise<TakenIn> =>
    take(
      journal,
      event("MDM", trigger, `20261121${at}00`, [
        pidOf(NUMBER),
        [
          "TXA",
          {
            1: "1",
            2: "DS",
            6: "20261121070000",
            9: [undefined, "Berg", "Anna"],
            12: [number, "PAS"],
            17: "AU",
            19: "AV",
          },
        ],
        ...(text === undefined ? [] : [["OBX", { 1: "1", 2: "TX", 3: ["DOC"], 5: text, 11: "F" }] as const]),
      ]),
    );
  const wordsOf = async (): Promise<string[]> =>
    (await stored(journal, "documentreference")).flatMap(({ content }) =>
      objectsIn(content).map((one) => Buffer.from(String(objectIn(one["attachment"])["data"]), "base64").toString()),
    );
  assert.deepEqual((await tell("T02", "0800", words)).exceptions, []);
  assert.equal((await tell("T02", "0800", words)).outcome, "nothing");
  assert.deepEqual(await wordsOf(), [words]);
  await tell("T08", "0900", `${words} Tillägg.`);
  assert.deepEqual(await wordsOf(), [`${words} Tillägg.`]);
  assert.equal((await tell("T02", "0800", words)).outcome, "nothing");
  await tell("T11", "1000", undefined);
  assert.equal((await stored(journal, "documentreference"))[0]?.["status"], "entered-in-error");
  assert.deepEqual(await wordsOf(), [`${words} Tillägg.`]);
  assert.deepEqual(reasons(await tell("T02", "1100", " ", "D-2")), ["answer-empty"]);
  assert.deepEqual(reasons(await tell("T02", "1100", undefined, "D-2")), ["answer-empty"]);
  assert.deepEqual(reasons(await tell("T11", "1100", undefined, "D-3")), ["document-unknown"]);
});

test("EXCH-MAP-IN-1 what is no known message is refused, what is our own fault is thrown", async (t) => {
  const journal = await region(t);
  assert.deepEqual(reasons(await take(journal, event("XYZ", "Z01", "20261121080000", []))), ["message-unknown"]);
  assert.deepEqual(reasons(await take(journal, event("ADT", "A99", "20261121080000", [pidOf(NUMBER)]))), [
    "message-unknown",
  ]);
  assert.deepEqual(reasons(await take(journal, event("ADT", "A28", "nyss", [pidOf(NUMBER)]))), ["time-unreadable"]);
  const repeated: NewField = { repeats: ["M", "F"] };
  assert.deepEqual(
    reasons(await take(journal, event("ADT", "A28", "20261121080000", [pidOf(NUMBER, { 8: repeated })]))),
    ["message-unreadable"],
  );
  await journal.sql("REVOKE INSERT ON access_log FROM eira_app");
  await assert.rejects(take(journal, event("ADT", "A28", "20261121080000", [pidOf(NUMBER)])));
});

/** A message of ours as the other end would send it back. */
function returned(segments: readonly NewSegment[]): Hl7Message {
  const outgoing = {
    partner: { ...PAS, charset: "iso-8859-1" } as const,
    control: `o${++controls}`,
    now: new Date("2026-11-22T10:00:00Z"),
  };
  return parseMessage(messageOf(segments, outgoing).bytes());
}
const outgoing = { partner: PAS, control: "1", now: new Date("2026-11-22T10:00:00Z") };
const bare = ({ meta: _meta, id: _id, ...rest }: JsonObject): unknown => JSON.parse(writeJson(rest));

test("EXCH-MAP-OUT-1 an answer goes out and comes back the same", async (t) => {
  const [here, there] = [await journalOfTest(t), await journalOfTest(t)];
  for (const journal of [here, there]) await putOrder(journal);
  const texts = {
    2: "FT",
    3: ["odling", "Odling", "L"],
    5: "Ingen växt,\nej heller svamp | & ^",
    6: undefined,
    7: undefined,
    11: "F",
  };
  const first = answer({
    observations: [
      potassium("4.10", { 8: "H", 14: "20261121090000" }),
      texts,
      { ...potassium("1"), 2: "SN", 3: ["NPU19748", "P-CRP", "NPU"], 5: ["<", "5"], 7: "<5" },
    ],
    more: [["NTE", { 1: "1", 3: "Inga fler prover" }]],
  });
  assert.equal((await takeIn(visitOf(here), first, LAB)).outcome, "applied");
  const [report] = await stored(here, "diagnosticreport");
  const observations = await stored(here, "observation");
  const [order, patient, specimens] = [
    (await stored(here, "servicerequest"))[0] ?? {},
    (await stored(here, "patient"))[0] ?? {},
    await stored(here, "specimen"),
  ];
  const back = returned(resultSegments({ report: report ?? {}, observations, order, patient, specimens }, outgoing));
  const taken = await takeIn(visitOf(there), back, LAB);
  assert.deepEqual([taken.outcome, taken.exceptions], ["applied", []]);
  const sorted = (all: readonly JsonObject[]): unknown[] =>
    all.map(bare).toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  assert.deepEqual(sorted(await stored(there, "observation")), sorted(observations));
  assert.equal((await stored(there, "diagnosticreport"))[0]?.["status"], "final");
});

test("EXCH-MAP-OUT-2 patients, visits, bookings and documents go out and come back the same", async (t) => {
  const [here, there] = [await region(t), await region(t)];
  await take(
    here,
    event("ADT", "A01", "20261121080000", [pidOf(NUMBER, { 7: "18900101", 8: "F" }), pv1(OURS.careUnit)]),
  );
  await take(
    here,
    event("SIU", "S12", "20261121080000", [
      ["SCH", { 2: ["T-1", "PAS"], 9: "30", 11: [undefined, undefined, undefined, "20261201100000"] }],
      pidOf(NUMBER),
      ["AIL", { 3: [undefined, undefined, undefined, OURS.careUnit] }],
    ]),
  );
  await take(
    here,
    event("MDM", "T02", "20261121080000", [
      pidOf(NUMBER),
      ["TXA", { 2: "DS", 6: "20261121070000", 12: ["D-1", "PAS"], 17: "AU" }],
      ["OBX", { 2: "TX", 3: ["DOC"], 5: "Åtgärd: ingen.", 11: "F" }],
    ]),
  );
  const [patient = {}] = await stored(here, "patient");
  const [encounter = {}] = await stored(here, "encounter");
  const [appointment = {}] = await stored(here, "appointment");
  const [document = {}] = await stored(here, "documentreference");
  const unit = { hsaId: OURS.careUnit };
  const told = [
    adtSegments({ event: "A28", patient }, outgoing),
    adtSegments({ event: "A01", patient, visit: { encounter, at: { ...unit, encounter } } }, outgoing),
    bookingSegments({ event: "S12", appointment, patient, unit }, outgoing),
    documentSegments({ event: "T02", document, patient }, outgoing),
  ];
  for (const segments of told) assert.deepEqual((await take(there, returned(segments))).exceptions, []);
  const same: [string, JsonObject][] = [["patient", patient], ["encounter", encounter], ["appointment", appointment], ["documentreference", document]]; // prettier-ignore
  for (const [table, one] of same) {
    const [found = {}, ...others] = await stored(there, table);
    assert.equal(others.length, 0, table);
    const plain = (each: JsonObject): unknown =>
      JSON.parse(
        JSON.stringify(bare(each))
          .replaceAll(/Patient\/[a-z0-9]+/g, "Patient/x")
          .replaceAll(/"2026-12-01T[^"]+"/g, (text) => `"${new Date(text.slice(1, -1)).toISOString()}"`),
      );
    const { participant: _p, ...rest } = plain(found) as JsonObject;
    const { participant: _q, ...wanted } = plain(one) as JsonObject;
    assert.deepEqual(rest, wanted, table);
  }
  const merged = await take(there, returned(mergeSegments(patient, patientResource("x", OTHER_NUMBER), outgoing)));
  assert.equal(merged.outcome, "applied");
  assert.equal(referenceIn((await stored(there, "appointment"))[0]?.["participant"]), undefined);
});
