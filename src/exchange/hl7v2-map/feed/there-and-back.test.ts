/** Rule EXCH-FEED-ROUND-1: what one Eira tells of each event, another takes in as the same thing. Two databases, and the messages between them. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { HSA_SYSTEM, PERSONNUMMER_SYSTEM } from "../../../base/index.ts";
import { parseJson, type JsonObject } from "../../../fhir/index.ts";
import { journalOfTest, OURS, type JournalOfTest } from "../../../journal/testing/index.ts";
import { parseMessage, type Hl7Message } from "../../hl7v2/codec/index.ts";
import { edgeOfTest } from "../../hl7v2/testing.ts";
import { objectIn, objectsIn, textIn } from "../json.ts";
import type { Partner } from "../partner.ts";
import { takeIn, type TakenIn } from "../take-in.ts";
import { LAB, logIsOpen, NUMBER, OTHER_NUMBER, toldAll, visitOf } from "../testing/index.ts";
import { documentOfNote } from "./note.ts";
import { Feeds } from "./round.ts";
import { TOLD } from "./terms.ts";

type Owner = { readonly careProvider: string; readonly careUnit: string };
const KIR: Owner = { ...OURS, careUnit: "SE2321000131-E000000000012" };
const HERE = { application: "EIRA", facility: "REGION" };
const THERE = { application: "EIRA", facility: "GRANNEN" };

/** The one that is told, as the one that tells knows it; and the other way about. */
const TOLD_OF: Partner = {
  ...LAB,
  name: "grannen",
  kind: "other",
  owner: KIR,
  ours: HERE,
  theirs: THERE,
  channels: { in: undefined, out: "grannen-ut" },
  feed: { tells: new Set(TOLD), units: [], classes: [], basis: "care-provider", protected: "withhold" },
};
const TELLS: Partner = { ...LAB, name: "regionen", kind: "other", ours: THERE, theirs: HERE, owner: OURS };
/** Its laboratory, which may write answers and nothing else. */
const ANSWERS: Partner = { ...TELLS, name: "regionens-labb", kind: "laboratory" };

const here = await edgeOfTest();
const there = await journalOfTest({ after });
let feeds: Feeds;
const all: Hl7Message[] = [];

before(async () => {
  for (const journal of [here, there]) await directory(journal);
  await logIsOpen(here);
  feeds = new Feeds({ journal: here.options, partners: [TOLD_OF], faults: here.faults, onFault: (error) => assert.fail(String(error)) }); // prettier-ignore
  await feeds.round();
});

async function directory(journal: JournalOfTest): Promise<void> {
  const unit = (id: string, hsaId: string, name: string, more: JsonObject = {}): JsonObject => ({
    resourceType: "Organization",
    id,
    identifier: [{ system: HSA_SYSTEM, value: hsaId }],
    name,
    ...more,
  });
  const partOf = { partOf: { reference: "Organization/region" } };
  await journal.put(unit("region", OURS.careProvider, "Region Västmark"), null);
  await journal.put(unit("med", OURS.careUnit, "Medicinkliniken", partOf), null);
  await journal.put(unit("kir", KIR.careUnit, "Kirurgkliniken", partOf), null);
  await journal.put(unit("lab", "SE2321000131-E000000000019", "Klinisk kemi", partOf), null);
}

function takenIn(message: Hl7Message): Promise<TakenIn> {
  const partner = message.all("OBR").length > 0 ? ANSWERS : TELLS;
  return takeIn(visitOf(there, partner), message, partner);
}

/** What has been told since last, taken in at the other end: the events by their names. */
async function carried(): Promise<string> {
  here.clock.forward(60_000);
  await toldAll(here, feeds);
  const rows = await here.sql<{ raw: Buffer; type: string }>("SELECT raw, type FROM hl7_sent ORDER BY position");
  const events: string[] = [];
  for (const { raw, type } of rows.slice(all.length)) {
    const message = parseMessage(raw);
    const { outcome, exceptions } = await takenIn(message);
    assert.deepEqual([outcome, exceptions], ["applied", []], type);
    all.push(message);
    events.push(type.split("^")[1] ?? "");
  }
  return events.join(" ");
}

/** Writes here, and says what was told of it. */
async function tell(resource: JsonObject, owner: Owner = OURS): Promise<string> {
  await here.put(resource, owner);
  return carried();
}

type Row = { readonly content: string; readonly care_unit: string | null };

async function stored(journal: JournalOfTest, table: string): Promise<(JsonObject & { careUnit: string })[]> {
  const rows = await journal.sql<Row>(`SELECT content, care_unit FROM ${table}`);
  return rows.map(({ content, care_unit: careUnit }) => ({ ...(parseJson(content) as JsonObject), careUnit: careUnit ?? "" })); // prettier-ignore
}

/** The same of both: what each of a kind means, in an order of their own. */
async function same(table: string, meaning: (one: JsonObject & { careUnit: string }) => unknown): Promise<void> {
  const [mine, theirs] = await Promise.all([here, there].map(async (journal) => {
    const texts = (await stored(journal, table)).map((one) => JSON.stringify(meaning(one)));
    return texts.toSorted();
  })); // prettier-ignore
  assert.deepEqual(theirs, mine);
  assert.ok((mine ?? []).length > 0, `${table}: nothing was compared`);
}

const moment = (time: unknown): number | null => (typeof time === "string" ? Date.parse(time) : null);
const numbers = (one: JsonObject): string[] =>
  objectsIn(one["identifier"]).map(({ system, value }) => `${textIn(system)} ${textIn(value)}`).toSorted(); // prettier-ignore
const nameIn = (one: JsonObject[string]): unknown => objectIn(one)["text"] ?? objectsIn(objectIn(one)["coding"])[0]?.["display"]; // prettier-ignore

const person = (one: JsonObject): unknown => {
  const { active, name, gender, birthDate, link } = one;
  const [called] = objectsIn(name);
  const links = objectsIn(link).map(({ type }) => type);
  return [numbers(one), active ?? null, called?.["family"], called?.["given"], gender, birthDate, links];
};
const visitMeans = (one: JsonObject & { careUnit: string }): unknown => {
  const { careUnit, status, period, location } = one;
  const { start, end } = objectIn(period);
  const places = objectsIn(location).map((place) => objectIn(place["location"])["display"]);
  return [careUnit, numbers(one), status, objectIn(one["class"])["code"], moment(start), moment(end), places];
};
const bookingMeans = (one: JsonObject & { careUnit: string }): unknown => {
  const { careUnit, status, start, end, comment, reasonCode, cancelationReason } = one;
  const reasons = objectsIn(reasonCode).map((reason) => nameIn(reason));
  return [careUnit, numbers(one), status, moment(start), moment(end), comment, reasons, nameIn(cancelationReason)];
};
/** A note is told as a document of its words. */
const documentMeans = (one: JsonObject): unknown => {
  const { masterIdentifier, status, docStatus, type, date, author, content } =
    one["resourceType"] === "Composition" ? documentOfNote(one) : one;
  const words = objectsIn(content).map((part) => Buffer.from(textIn(objectIn(part["attachment"])["data"]) ?? "", "base64").toString()); // prettier-ignore
  const by = objectsIn(author).map(({ display }) => display);
  const { system, value } = objectIn(masterIdentifier);
  return [system, value, status, docStatus ?? null, nameIn(type), moment(date), by, words];
};

const patient = (id: string, number: string, more: JsonObject = {}): JsonObject => ({
  resourceType: "Patient",
  id,
  identifier: [{ system: PERSONNUMMER_SYSTEM, value: number }],
  name: [{ family: "Åkesson", given: ["Örjan"] }],
  gender: "male",
  birthDate: "1890-01-01",
  ...more,
});
const subject = { reference: "Patient/anna" };

test("EXCH-FEED-ROUND-1 patients: A28, A31, A40 and A37 mean the same at the other end", async () => {
  const steps: readonly (readonly [string, readonly JsonObject[]])[] = [
    ["A28", [patient("anna", NUMBER)]],
    ["A28", [patient("gammal", OTHER_NUMBER)]],
    ["A31", [patient("anna", NUMBER, { name: [{ family: "Ek", given: ["Anna"] }], gender: "female" })]],
    [
      "A40",
      [
        patient("gammal", OTHER_NUMBER, { active: false, link: [{ other: { reference: "Patient/anna" }, type: "replaced-by" }] }), // prettier-ignore
        patient("anna", NUMBER, { name: [{ family: "Ek", given: ["Anna"] }], gender: "female", link: [{ other: { reference: "Patient/gammal" }, type: "replaces" }] }), // prettier-ignore
      ],
    ],
    [
      "A37",
      [
        patient("gammal", OTHER_NUMBER),
        patient("anna", NUMBER, { name: [{ family: "Ek", given: ["Anna"] }], gender: "female" }),
      ],
    ],
  ];
  for (const [event, resources] of steps) {
    for (const one of resources) await here.put(one);
    assert.equal(await carried(), event);
    await same("patient", person);
  }
});

test("EXCH-FEED-ROUND-1 visits: A01 to A08, A11, A12 and A13 mean the same at the other end, at each unit that is passed", async () => {
  const visit = (id: string, status: string, more: JsonObject = {}): JsonObject => ({
    resourceType: "Encounter",
    id,
    status,
    identifier: [{ system: "urn:oid:1.2.752.99.1", value: "B-1" }],
    class: { system: "http://terminology.hl7.org/CodeSystem/v3-ActCode", code: "IMP" },
    subject,
    location: [{ location: { display: "Avd 51, sal 3" } }],
    ...more,
  });
  const time = (start: string, end?: string): JsonObject => {
    const at = (clock: string): string => `2026-11-21T${clock}:00+01:00`;
    return { period: { start: at(start), ...(end === undefined ? {} : { end: at(end) }) } };
  };
  const AMB = { class: { system: "http://terminology.hl7.org/CodeSystem/v3-ActCode", code: "AMB" } };
  const number = (value: string): JsonObject => ({ identifier: [{ system: "urn:oid:1.2.752.99.1", value }] });
  const at = (display: string): JsonObject => ({ location: [{ location: { display } }] });
  const steps: readonly (readonly [string, JsonObject, Owner?])[] = [
    ["A05", visit("v1", "planned", time("07:00"))],
    ["A01", visit("v1", "in-progress", time("07:00"))],
    ["A08", visit("v1", "in-progress", { ...time("07:00"), ...at("Avd 51, sal 3"), reasonCode: [{ text: "x" }] })],
    ["A02", visit("v2", "in-progress", { ...time("09:00"), ...at("Avd 62") }), KIR],
    ["", visit("v1", "finished", time("07:00", "09:00"))],
    ["A12", visit("v2", "cancelled", { ...time("09:00"), ...at("Avd 62") }), KIR],
    ["", visit("v1", "in-progress", time("07:00"))],
    ["A03", visit("v1", "finished", time("07:00", "12:00"))],
    ["A13", visit("v1", "in-progress", time("07:00"))],
    ["A07", visit("v1", "in-progress", { ...time("07:00"), ...AMB })],
    ["A06", visit("v1", "in-progress", time("07:00"))],
    ["A04", visit("v3", "in-progress", { ...number("B-2"), ...time("10:00"), ...AMB })],
    ["A11", visit("v3", "cancelled", { ...number("B-2"), ...time("10:00"), ...AMB })],
  ];
  for (const [event, resource, owner] of steps) {
    assert.equal(await tell(resource, owner), event, JSON.stringify(resource));
    // Between the two halves of a move the one that tells is ahead of its own record.
    if (event !== "A02" && event !== "A12") await same("encounter", visitMeans);
  }
});

test("EXCH-FEED-ROUND-1 bookings: S12 to S17 and S26 mean the same at the other end", async () => {
  const booking = (id: string, status: string, more: JsonObject = {}): JsonObject => ({
    resourceType: "Appointment",
    id,
    status,
    identifier: [{ type: { coding: [{ system: "http://terminology.hl7.org/CodeSystem/v2-0203", code: "FILL" }] }, system: "urn:oid:1.2.752.99.2", value: id }], // prettier-ignore
    start: "2026-12-01T10:00:00+01:00",
    end: "2026-12-01T10:30:00+01:00",
    reasonCode: [{ text: "Uppföljning" }],
    participant: [{ actor: subject, status: "accepted" }],
    ...more,
  });
  const later = { start: "2026-12-02T13:15:00+01:00", end: "2026-12-02T14:00:00+01:00" };
  const words = { ...later, comment: "Ta med | medicinlistan & ^ tolk" };
  const steps: readonly (readonly [string, JsonObject])[] = [
    ["S12", booking("t1", "booked")],
    ["S13", booking("t1", "booked", later)],
    ["S14", booking("t1", "booked", words)],
    ["S15", booking("t1", "cancelled", { ...words, cancelationReason: { text: "Patienten sjuk" } })],
    ["S12", booking("t2", "booked")],
    ["S26", booking("t2", "noshow")],
    ["S12", booking("t3", "booked")],
    ["S17", booking("t3", "entered-in-error")],
    ["S12", booking("t4", "booked")],
    ["", booking("t4", "arrived")],
    ["S16", booking("t4", "cancelled")],
  ];
  for (const [event, resource] of steps) {
    assert.equal(await tell(resource), event, JSON.stringify(resource));
    if (event !== "") await same("appointment", bookingMeans);
  }
});

test("EXCH-FEED-ROUND-1 documents and notes: T02, T08 and T11 have the same words at the other end", async () => {
  const words = (text: string): JsonObject => ({ content: [{ attachment: { contentType: "text/plain; charset=utf-8", data: Buffer.from(text).toString("base64") } }] }); // prettier-ignore
  const document = (status: string, text: string): JsonObject => ({
    resourceType: "DocumentReference",
    id: "d1",
    masterIdentifier: { system: "urn:oid:1.2.752.99.3", value: "D-1" },
    status,
    docStatus: "final",
    type: { text: "Remissvar" },
    subject,
    date: "2026-11-21T08:00:00+01:00",
    author: [{ display: "Anna Berg" }],
    ...words(text),
  });
  const note = (status: string, text: string): JsonObject => ({
    resourceType: "Composition",
    id: "n1",
    identifier: { system: "urn:oid:1.2.752.99.3", value: "N-1" },
    status,
    type: { text: "Epikris" },
    subject,
    date: "2026-11-21T09:00:00+01:00",
    author: [{ display: "Anna Berg" }],
    title: "Epikris",
    section: [{ title: "Bedömning", text: { status: "generated", div: `<div xmlns="http://www.w3.org/1999/xhtml"><p>${text}</p><p>Inga åtgärder | ^ ~ \\ µg ≥ 2</p></div>` } }], // prettier-ignore
  });
  const wordsOf = async (): Promise<void> => {
    const mine = [...(await stored(here, "documentreference")), ...(await stored(here, "composition"))];
    const finished = mine.filter(({ status }) => status !== "preliminary");
    const theirs = await stored(there, "documentreference");
    const texts = (some: readonly JsonObject[]): string[] => some.map((one) => JSON.stringify(documentMeans(one))).toSorted(); // prettier-ignore
    assert.deepEqual(texts(theirs), texts(finished));
  };
  const steps: readonly (readonly [string, JsonObject])[] = [
    ["T02", document("current", "Ej inlagd för hjärtsvikt.\n\nInga åtgärder")],
    ["T08", document("current", "Inlagd för hjärtsvikt.")],
    ["T11", document("entered-in-error", "Inlagd för hjärtsvikt.")],
    ["", note("preliminary", "utkast")],
    ["T02", note("final", "Ej smittsam.")],
    ["T08", note("amended", "Ej smittsam. Åter v 3.")],
    ["T11", note("entered-in-error", "Ej smittsam. Åter v 3.")],
  ];
  for (const [event, resource] of steps) {
    assert.equal(await tell(resource), event, JSON.stringify(resource));
    await wordsOf();
  }
});

test("EXCH-FEED-ROUND-1 answers: preliminary, final, corrected and cancelled have the same values and standing at the other end", async () => {
  const placed = { type: { coding: [{ system: "http://terminology.hl7.org/CodeSystem/v2-0203", code: "PLAC" }] }, system: "urn:oid:1.2.752.99.4", value: "R-1" }; // prettier-ignore
  const code = {
    coding: [{ system: "urn:oid:1.2.752.108.1", code: "NPU03230", display: "P-Kalium" }],
    text: "P-Kalium",
  };
  const order: JsonObject = {
    resourceType: "ServiceRequest",
    id: "bestallning",
    identifier: [placed],
    status: "active",
    intent: "order",
    code,
    subject,
    performer: [{ reference: "Organization/lab" }],
    authoredOn: "2026-11-19T08:00:00+01:00",
  };
  await here.put(order);
  const [known] = (await stored(there, "patient")).filter((one) => numbers(one).join().includes(NUMBER));
  await there.put({ ...order, id: "deras", subject: { reference: `Patient/${textIn(known?.["id"]) ?? ""}` } });
  const value = (status: string, text: string | null, flag: string): JsonObject => ({
    resourceType: "Observation",
    id: "o1",
    status,
    code,
    subject,
    basedOn: [{ reference: "ServiceRequest/bestallning" }],
    effectiveDateTime: "2026-11-20T09:15:00+01:00",
    ...(text === null ? {} : { valueQuantity: { value: Number(text), unit: "mmol/L", system: "http://unitsofmeasure.org", code: "mmol/L" } }), // prettier-ignore
    interpretation: [{ coding: [{ system: "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation", code: flag }] }], // prettier-ignore
  });
  const report = (status: string): JsonObject => ({
    resourceType: "DiagnosticReport",
    id: "svar",
    identifier: [{ type: { coding: [{ system: "http://terminology.hl7.org/CodeSystem/v2-0203", code: "FILL" }] }, system: "urn:oid:1.2.752.99.5", value: "S-1" }], // prettier-ignore
    status,
    category: [{ coding: [{ system: "http://terminology.hl7.org/CodeSystem/v2-0074", code: "LAB" }] }],
    code,
    subject,
    basedOn: [{ reference: "ServiceRequest/bestallning" }],
    effectiveDateTime: "2026-11-20T09:15:00+01:00",
    issued: "2026-11-20T10:00:00+01:00",
    result: [{ reference: "Observation/o1" }],
  });
  const valueMeans = (one: JsonObject): unknown => {
    const { status, valueQuantity, interpretation, effectiveDateTime } = one;
    const { value: number, unit } = objectIn(valueQuantity);
    const flags = objectsIn(interpretation).flatMap(({ coding }) => objectsIn(coding).map((each) => each["code"]));
    return [
      status,
      nameIn(one["code"]),
      JSON.stringify(number ?? null),
      unit ?? null,
      flags,
      moment(effectiveDateTime),
    ];
  };
  const reportMeans = (one: JsonObject): unknown => [one["status"], nameIn(one["code"]), moment(one["effectiveDateTime"])]; // prettier-ignore
  for (const [status, text, flag] of [
    ["preliminary", "4.1", "N"],
    ["final", "4.10", "N"],
    ["corrected", "6.3", "HH"],
    ["cancelled", null, "N"],
  ] as const) {
    await here.put(value(status, text, flag));
    assert.equal(await tell(report(status)), "R01", status);
    await same("diagnosticreport", reportMeans);
    await same("observation", valueMeans);
  }
});

test("EXCH-FEED-ROUND-1 everything told a second time, and in the wrong order, changes nothing", async () => {
  const stand = async (): Promise<string> => {
    const tables = ["patient", "encounter", "appointment", "documentreference", "diagnosticreport", "observation"];
    const rows: (readonly JsonObject[])[] = [];
    for (const table of tables) rows.push(await stored(there, table));
    return JSON.stringify(rows.map((some) => some.map((one) => JSON.stringify(one)).toSorted()));
  };
  const before_ = await stand();
  assert.ok(all.length > 30, String(all.length));
  for (const message of [...all, ...all.toReversed()]) {
    const { outcome, exceptions } = await takenIn(message);
    assert.deepEqual([outcome, exceptions], ["nothing", []], message.all("MSH")[0]?.fields.join("|") ?? "");
  }
  assert.equal(await stand(), before_);
});
