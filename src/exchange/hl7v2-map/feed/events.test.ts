/** Rules EXCH-FEED-EVENT, EXCH-FEED-TERMS and EXCH-FEED-NOTE: pure. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { JsonObject } from "../../../fhir/index.ts";
import { partnersIn } from "../partner.ts";
import { bookingEvent, documentEvent, isToldAnswer, patientEvent, visitEvent } from "./events.ts";
import { documentOfNote } from "./note.ts";

const visit = (status: string, code = "IMP", more: JsonObject = {}): JsonObject => ({
  id: "v",
  status,
  class: { code },
  identifier: [{ system: "urn:x", value: "1" }],
  ...more,
});
const part = (status: string): JsonObject => ({ ...visit(status), id: "annan" });
const until10 = { period: { start: "2026-11-21T08:00:00+01:00", end: "2026-11-21T10:00:00+01:00" } };
const until17 = { period: { end: "2026-11-21T17:00:00+01:00" } };
const from10 = { period: { start: "2026-11-21T09:00:00Z" } };
const at = (display: string): JsonObject => ({ location: [{ location: { display } }] });

test("EXCH-FEED-EVENT-1 each change of a visit is its event, a move is one event, and each step can be taken back", () => {
  const rows: readonly (readonly [string, JsonObject | undefined, JsonObject, readonly JsonObject[]])[] = [
    ["A05", undefined, visit("planned"), []],
    ["A01", undefined, visit("in-progress"), []],
    ["A01", visit("planned"), visit("arrived"), []],
    ["A04", undefined, visit("in-progress", "AMB"), []],
    ["A02", visit("in-progress", "IMP", at("1")), visit("in-progress", "IMP", at("2")), []],
    ["A02", undefined, visit("in-progress"), [part("finished")]],
    ["", visit("in-progress"), visit("finished"), [part("in-progress")]],
    ["A03", visit("in-progress"), visit("finished"), []],
    ["A06", visit("in-progress", "AMB"), visit("in-progress"), []],
    ["A07", visit("in-progress"), visit("in-progress", "AMB"), []],
    ["A08", visit("in-progress"), visit("in-progress", "IMP", { period: { start: "2026" } }), []],
    ["", visit("in-progress"), visit("in-progress", "IMP", { meta: { versionId: "2" } }), []],
    ["A11", visit("in-progress"), visit("cancelled"), []],
    ["A11", visit("planned"), visit("entered-in-error"), []],
    ["A12", visit("in-progress"), visit("cancelled"), [part("in-progress")]],
    ["", visit("finished", "IMP", until10), visit("in-progress"), [{ ...part("cancelled"), ...from10 }]],
    ["A13", visit("finished", "IMP", until17), visit("in-progress"), [{ ...part("cancelled"), ...from10 }]],
    ["A13", visit("finished"), visit("in-progress"), []],
    ["", undefined, visit("cancelled"), []],
    ["", undefined, visit("unknown"), []],
    // A feed that is late sees what has become of the other part since.
    ["", visit("in-progress"), visit("finished", "IMP", until10), [{ ...part("finished"), ...from10 }]],
    ["", visit("in-progress"), visit("finished", "IMP", until10), [{ ...part("cancelled"), ...from10 }]],
    ["A12", visit("in-progress"), visit("cancelled", "IMP", from10), [{ ...part("finished"), ...until10 }]],
  ];
  for (const [event, before, now, parts] of rows)
    assert.equal(visitEvent({ now, before }, parts)?.event ?? "", event, JSON.stringify([before, now]));
});

test("EXCH-FEED-EVENT-2 patients, bookings, notes and answers: what is new, changed, taken back, and what is no news", () => {
  const linked = (type: string): JsonObject => ({ link: [{ other: { reference: "Patient/b" }, type }] });
  assert.deepEqual(patientEvent({ now: {}, before: undefined }), { event: "A28" });
  assert.deepEqual(patientEvent({ now: { gender: "male" }, before: {} }), { event: "A31" });
  assert.deepEqual(patientEvent({ now: linked("replaced-by"), before: {} }), { event: "A40", other: "Patient/b" });
  assert.deepEqual(patientEvent({ now: {}, before: linked("replaced-by") }), { event: "A37", other: "Patient/b" });
  assert.equal(patientEvent({ now: linked("replaces"), before: {} }), undefined);
  const booked = { status: "booked", start: "1" };
  const bookings: readonly (readonly [string | undefined, JsonObject | undefined, JsonObject])[] = [
    ["S12", undefined, booked],
    ["S12", { status: "proposed" }, booked],
    ["S13", booked, { ...booked, start: "2" }],
    ["S14", booked, { ...booked, comment: "x" }],
    ["S15", booked, { ...booked, status: "cancelled" }],
    ["S16", { ...booked, status: "arrived" }, { ...booked, status: "cancelled" }],
    ["S17", booked, { ...booked, status: "entered-in-error" }],
    ["S26", booked, { ...booked, status: "noshow" }],
    [undefined, booked, { ...booked, status: "fulfilled" }],
    [undefined, undefined, { status: "cancelled" }],
    [undefined, booked, booked],
  ];
  for (const [event, before, now] of bookings) assert.equal(bookingEvent({ now, before }), event, JSON.stringify(now));
  const [draft, done] = [{ status: "current", docStatus: "preliminary" }, { status: "final" }];
  assert.equal(documentEvent({ now: draft, before: undefined }), undefined);
  assert.equal(documentEvent({ now: done, before: draft }), "T02");
  assert.equal(documentEvent({ now: { status: "amended" }, before: done }), "T08");
  assert.equal(documentEvent({ now: { status: "entered-in-error" }, before: done }), "T11");
  assert.equal(documentEvent({ now: { status: "entered-in-error" }, before: draft }), undefined);
  assert.equal(isToldAnswer({ now: { status: "registered" }, before: undefined }), false);
  assert.equal(isToldAnswer({ now: { status: "cancelled" }, before: undefined }), false);
  for (const status of ["preliminary", "final", "corrected"])
    assert.equal(isToldAnswer({ now: { status }, before: undefined }), true);
  assert.equal(isToldAnswer({ now: { status: "cancelled" }, before: { status: "final" } }), true);
});

test("EXCH-FEED-TERMS-1 what somebody is told of unasked is agreed: of what, whose, and on which basis; anything else is refused by name", () => {
  const unit = "SE2321000131-E000000000012";
  const agreed = { name: "vard", kind: "other", unit, theirs: "V|V", ours: "E|E", out: "vard-ut" };
  const feed = { tells: ["results"], basis: "own-unit" };
  const [partner] = partnersIn({ partners: [{ ...agreed, feed }] });
  assert.deepEqual(
    { ...partner?.feed, tells: [...(partner?.feed?.tells ?? [])] },
    { tells: ["results"], units: [unit], classes: [], basis: "own-unit", protected: "withhold" },
  );
  assert.equal(partnersIn({ partners: [agreed] })[0]?.feed, undefined);
  for (const [more, why] of [
    [{ tells: ["everything"] }, /vard: feed\.tells/],
    [{ tells: [] }, /feed\.tells/],
    [{ basis: undefined }, /feed\.basis/],
    [{ basis: "consent" }, /feed\.basis/],
    [{ units: ["x"] }, /feed\.units/],
    [{ units: ["SE2321000131-E000000000013"] }, /own-unit/],
    [{ protected: "yes" }, /feed\.protected/],
    [{ since: "1" }, /feed\.since is not known/],
  ] as const)
    assert.throws(() => partnersIn({ partners: [{ ...agreed, feed: { ...feed, ...more } }] }), why);
  assert.throws(() => partnersIn({ partners: [{ ...agreed, feed: "all" }] }), /feed is to be an object/);
  assert.throws(() => partnersIn({ partners: [{ ...agreed, out: undefined, feed }] }), /channel out/);
});

test("EXCH-FEED-NOTE-1 a note goes with the words of its sections line by line; words that read in two ways do not leave", () => {
  const section = (div: string): JsonObject => ({ title: "Bedömning", text: { div: `<div>${div}</div>` } });
  const textOf = (div: string): string => {
    const { content } = documentOfNote({ status: "final", title: "Epikris", section: [section(div)] });
    const [{ attachment }] = content as unknown as [{ attachment: { data: string } }];
    return Buffer.from(attachment.data, "base64").toString();
  };
  assert.equal(
    textOf("<p>Ej <b>in</b>lagd &lt;3 d.</p><ul><li>Inga åtgärder</li><li>µg ≥ 2</li></ul>slut"),
    "Epikris\n\nBedömning\nEj inlagd <3 d.\nInga åtgärder\nµg ≥ 2\nslut",
  );
  assert.throws(() => textOf("<p>a<style>b</p>c</style></p>"), /cannot be read as lines/);
  assert.throws(() => documentOfNote({ status: "final", section: [] }), /no words/);
});
