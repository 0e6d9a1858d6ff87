/** Rules of ../SPEC.md: ordaining from the chart on a real database: looking, signing, stopping, changing, renewing, favourites. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { PersonActor } from "../../access/index.ts";
import { parseJson, type JsonObject } from "../../fhir/index.ts";
import { readResource, type Visit } from "../../journal/index.ts";
import { patient } from "../../journal/testing/index.ts";
import { loopJournal, UNITS, type LoopJournal, type UnitName } from "../../loop/testing/index.ts";
import { medicationCheck } from "./check.ts";
import { ordainingDesk } from "./desk.ts";
import { lineDraftOf, saveLineDraft, type TypedLine } from "./draft.ts";
import { medicationFavourites, retireFavourite, saveFavourite } from "./favourites.ts";
import { lookAtLine } from "./look.ts";
import { overridesIn } from "./override.ts";
import { renewOrdinations, signOrdinations, stopOrdination, type SignWish } from "./sign.ts";

const NUMBER = "191212121212";
const ALVEDON = "alvedon 1 g 4 mot smärta";
let journal: LoopJournal;
const endings: (() => Promise<unknown>)[] = [];
after(async () => {
  for (const ending of endings.toReversed()) await ending();
});
before(async () => {
  journal = await loopJournal({ after: (listener) => void endings.push(listener) });
  const number = { system: "http://electronichealth.se/identifier/personnummer", value: NUMBER };
  await journal.put(patient("p1", { identifier: [number], birthDate: "1960-01-01", gender: "male" }));
  await journal.put(patient("p2", { birthDate: "1960-01-01" }));
});

function at(unit: UnitName = "sender", person = "1", footing?: PersonActor["assignment"]["footing"]): Visit {
  const visit = journal.at(unit, person);
  const assignment = { ...visit.actor.assignment, id: `role-${unit}${person}`, ...(footing === undefined ? {} : { footing }) }; // prettier-ignore
  return { ...visit, referentialIntegrity: false, check: medicationCheck, actor: { ...visit.actor, assignment } };
}
let keys = 0;
const wish = (lines: readonly string[], more: Partial<SignWish> = {}): SignWish => ({ key: `key-${(keys += 1)}`, shown: NUMBER, isInpatient: false, lines: lines.map((line) => ({ line, reasons: {}, replaces: null })), ...more }); // prettier-ignore
const sign = async (given: SignWish, visit = at()): Promise<readonly string[]> => (await signOrdinations(visit, "p1", given)).value; // prettier-ignore
const stored = async (id: string): Promise<JsonObject> => parseJson((await readResource(at(), "MedicationRequest", id)).value.content) as JsonObject; // prettier-ignore
const versionOf = async (id: string): Promise<number> => (await readResource(at(), "MedicationRequest", id)).value.version; // prettier-ignore
const isCode = (code: string, place?: string) => (error: unknown) => {
  const { code: said, issues } = error as { code?: string; issues?: readonly { expression?: string }[] };
  assert.equal(said, code, String(error));
  return place === undefined || issues?.[0]?.expression === place;
};
const count = async (): Promise<number> => Number((await journal.sql<{ n: number }>("SELECT count(*)::int AS n FROM medicationrequest"))[0]?.n); // prettier-ignore
const end = async (id: string): Promise<unknown> => stopOrdination(at(), "p1", { key: `end-${id}`, shown: NUMBER, id, version: await versionOf(id), why: "testet är klart" }); // prettier-ignore

test("CLIN-MED-9 a line is told as it was understood with what is known and not known of this patient, and nothing is written", async () => {
  const before = await count();
  const look = async (line: string): Promise<object> => (await lookAtLine(at(), "p1", { line, instead: null })).value;
  const good = await look("alv 1g 4");
  assert.match(JSON.stringify(good), /"substance":"Paracetamol".*Överkänslighet: ingen uppgift finns/);
  assert.match(JSON.stringify(await look("metotrexat 15 mg 1")), /"level":"stop".*en gång i veckan/);
  assert.match(JSON.stringify(await look("alv 1g")), /"kind":"when".*Paracetamol tablett 500/);
  await assert.rejects(lookAtLine(at("theirs"), "p3", { line: "alv 1g 4", instead: null }), isCode("NO_CARE_RELATION"));
  assert.equal(await count(), before);
});

test("CLIN-MED-10, CLIN-MED-11 signed lines are requests in one commit, once however often; what is changed takes the place of the old; what is stopped says why", async () => {
  const given = wish([ALVEDON, "omeprazol 20 mg 1 mot sura uppstötningar"]);
  const first = await sign(given);
  const again = await Promise.all([1, 2].map(() => sign(given)));
  assert.deepEqual(again, [first, first]);
  await assert.rejects(sign({ ...given, lines: given.lines.slice(1) }), isCode("IDEMPOTENCY_KEY_REUSED"));
  const [alvedon = "", omeprazol = ""] = first;
  const request = await stored(alvedon);
  assert.deepEqual([request["status"], request["intent"], request["reasonCode"]], ["active", "order", [{ text: "Smärta" }]]); // prettier-ignore
  assert.match(JSON.stringify(request["requester"]), /role-sender1/);
  const changed = { line: "alvedon 500 mg 4 mot smärta", reasons: {}, replaces: { id: alvedon, version: 1, why: "sänkt dos" } }; // prettier-ignore
  const [newer = ""] = await sign(wish([], { lines: [changed] }));
  const old = await stored(alvedon);
  assert.deepEqual([old["status"], old["statusReason"]], ["stopped", { text: "sänkt dos" }]);
  assert.deepEqual((await stored(newer))["priorPrescription"], { reference: `MedicationRequest/${alvedon}` });
  await assert.rejects(sign(wish([], { lines: [changed] })), isCode("VERSION_CONFLICT"));
  const stop = { key: "stop-key-1", shown: NUMBER, id: omeprazol, version: 1, why: "besvärsfri" };
  await stopOrdination(at(), "p1", stop);
  await stopOrdination(at(), "p1", stop);
  await assert.rejects(stopOrdination(at(), "p1", { ...stop, key: "stop-key-4", version: 2 }), isCode("MEDICATION_CHANGED", "stop")); // prettier-ignore
  assert.deepEqual([(await stored(omeprazol))["status"], await versionOf(omeprazol)], ["stopped", 2]);
  await assert.rejects(stopOrdination(at(), "p1", { ...stop, key: "stop-key-2", id: newer, why: "." }), isCode("MEDICATION_INVALID")); // prettier-ignore
  await assert.rejects(stopOrdination(at(), "p2", { ...stop, key: "stop-key-3", shown: null, id: newer }), isCode("NOT_FOUND")); // prettier-ignore
  await end(newer);
});

test("CLIN-MED-10 without a reason for the drug, with another identity, with what is not understood or with what interrupts nothing of it is signed; students and systems ordain nothing", async () => {
  const before = await count();
  const student = at("sender", "1", { kind: "student", supervisor: "sender2" } as unknown as PersonActor["assignment"]["footing"]); // prettier-ignore
  await assert.rejects(sign(wish([ALVEDON, "omeprazol 20 mg 1"])), isCode("MEDICATION_INVALID", "lines[1].line"));
  await assert.rejects(sign(wish(["alv 1g mot smärta"])), isCode("MEDICATION_INVALID", "lines[0].line"));
  await assert.rejects(sign(wish([])), isCode("MEDICATION_INVALID", "lines"));
  await assert.rejects(sign(wish([ALVEDON], { shown: null })), isCode("MEDICATION_OTHER_PATIENT", "shown"));
  await assert.rejects(sign(wish([ALVEDON], { shown: "198112189876" })), isCode("MEDICATION_OTHER_PATIENT"));
  await assert.rejects(
    sign(wish(["alvedon 10 g 4 mot smärta"])),
    isCode("MEDICATION_STOPPED", "lines[0].dosageInstruction"),
  );
  await assert.rejects(sign(wish(["warfarin 5 mg 1 mot flimmer", "ibuprofen 400 mg 3 mot värk"])), isCode("MEDICATION_STOPPED", "lines[0].medication")); // prettier-ignore
  await assert.rejects(sign(wish([ALVEDON]), student), isCode("FORBIDDEN"));
  await assert.rejects(sign(wish([ALVEDON]), { ...journal.client("system/*.cruds", UNITS.sender), check: medicationCheck }), isCode("FORBIDDEN")); // prettier-ignore
  await assert.rejects(signOrdinations(at("theirs"), "p3", wish([ALVEDON], { shown: null })), isCode("NO_CARE_RELATION")); // prettier-ignore
  assert.equal(await count(), before);
});

test("CLIN-MED-7, CLIN-MED-12 several are renewed at once, the old ones are over; a reason that was given is taken along and not asked for again; what interrupts without one stops the whole renewal", async () => {
  const high = "prednisolon 200 mg 1 i 3 d mot skov av MS";
  const key = "dose-H02AB06-day/200mg";
  const lines: SignWish["lines"] = [{ line: high, reasons: { [key]: "enligt neurolog" }, replaces: null }, { line: ALVEDON, reasons: {}, replaces: null }]; // prettier-ignore
  const ids = await sign(wish([], { lines }));
  assert.deepEqual(overridesIn(await stored(ids[0] ?? "")).map(({ key: about, reason }) => [about, reason]), [[key, "enligt neurolog"]]); // prettier-ignore
  const items = ids.map((id) => ({ id, version: 1, reasons: {} }));
  const renewal = { key: "renew-key-1", shown: NUMBER, items };
  const { value: renewed } = await renewOrdinations(at(), "p1", renewal);
  assert.equal(renewed.length, 2);
  assert.deepEqual(overridesIn(await stored(renewed[0] ?? ""))[0]?.reason, "enligt neurolog");
  for (const id of ids) assert.equal((await stored(id))["status"], "completed");
  await end(renewed[1] ?? "");
  const wrong: JsonObject = { ...(await stored(renewed[1] ?? "")), id: "slip", status: "active" };
  const text = JSON.stringify(wrong).replaceAll('"value":1,"unit":"g"', '"value":10,"unit":"g"');
  await journal.write(parseJson(text) as JsonObject);
  const before = await count();
  const both = [...renewed.slice(0, 1).map((id) => ({ id, version: 1, reasons: {} })), { id: "slip", version: 1, reasons: {} }]; // prettier-ignore
  await assert.rejects(renewOrdinations(at(), "p1", { key: "renew-key-2", shown: NUMBER, items: both }), isCode("MEDICATION_STOPPED", "items[1].dosageInstruction")); // prettier-ignore
  assert.equal(await count(), before);
  assert.equal((await stored(renewed[0] ?? ""))["status"], "active");
});

test("CLIN-MED-13 favourites are the unit's or one's own, told to nobody else, and taken out of use by those whose they are", async () => {
  await saveFavourite(at(), { line: ALVEDON, whose: "unit", key: "fav-key-1" });
  const { value } = await saveFavourite(at(), {
    line: "oxynorm 5 mg vb max 4 mot smärta",
    whose: "own",
    key: "fav-key-2",
  });
  assert.deepEqual(value.map(({ whose, line }) => [line.substance, whose]), [["Oxikodon", "own"], ["Paracetamol", "unit"]]); // prettier-ignore
  assert.deepEqual((await medicationFavourites(at("sender", "2"))).value.map(({ whose }) => whose), ["unit"]); // prettier-ignore
  assert.deepEqual((await medicationFavourites(at("beside"))).value, []);
  const [own, unit] = value;
  await assert.rejects(retireFavourite(at("sender", "2"), own?.id ?? ""), isCode("NOT_FOUND"));
  await assert.rejects(retireFavourite(at("beside"), unit?.id ?? ""), isCode("NOT_FOUND"));
  assert.deepEqual((await retireFavourite(at("sender", "2"), unit?.id ?? "")).value, []);
  await assert.rejects(saveFavourite(at(), { line: "alv 1g", whose: "own", key: "fav-key-3" }), isCode("MEDICATION_INVALID")); // prettier-ignore
});

test("CLIN-MED-16 the desk tells of each ordination that stands what the checks say beside the others and which reasons it carries, of what has ended, of drafts and of other people's nothing", async () => {
  for (const { id } of (await ordainingDesk(at(), "p1")).value.standing) await end(id);
  const high = "prednisolon 200 mg 1 i 3 d mot skov av MS";
  const key = "dose-H02AB06-day/200mg";
  const lines = [{ line: high, reasons: { [key]: "enligt neurolog" }, replaces: null }];
  const [reasoned = ""] = await sign(wish([], { lines }));
  const [over = ""] = await sign(wish([ALVEDON]));
  await end(over);
  await journal.write({ ...(await stored(reasoned)), id: "plan-1", intent: "plan" });
  const { medicationCodeableConcept: _concept, ...rest } = await stored(over);
  const drug = { resourceType: "Medication", id: "ipren", code: { coding: [{ system: "http://www.whocc.no/atc", code: "M01AE01" }], text: "Ibuprofen" } }; // prettier-ignore
  await journal.write(drug);
  const named: JsonObject = { ...rest, id: "named-1", status: "active", medicationReference: { reference: "Medication/ipren" } }; // prettier-ignore
  await journal.write(named);
  const before = await count();
  const { value } = await ordainingDesk(at(), "p1");
  const ids = value.standing.map(({ id }) => id);
  assert.ok(
    ids.includes(reasoned) && ids.includes("named-1") && !ids.includes(over) && !ids.includes("plan-1"),
    ids.join(),
  );
  const told = value.standing.find(({ id }) => id === reasoned)?.findings.find((one) => one.key === key);
  assert.deepEqual([told?.level, told?.override?.reason], ["stop", "enligt neurolog"]);
  const ibuprofen = value.standing.find(({ id }) => id === "named-1")?.findings ?? [];
  assert.ok(
    ibuprofen.some(({ sv }) => sv.startsWith("Ibuprofen")),
    JSON.stringify(ibuprofen),
  );
  assert.ok(value.standing.every(({ version }) => Number.isInteger(version)) && value.knowledge.version !== "");
  assert.equal(await count(), before);
  await assert.rejects(ordainingDesk(at("theirs"), "p3"), isCode("NO_CARE_RELATION"));
  await assert.rejects(ordainingDesk({ ...journal.client("system/*.cruds", UNITS.sender), check: medicationCheck }, "p1"), isCode("FORBIDDEN")); // prettier-ignore
  await end("named-1");
});

test("CLIN-MED-17 what is typed comes back word for word to whoever typed it, orders nothing, is not overwritten by a window that had not seen it, and goes with what is signed; another's is neither shown nor taken away", async () => {
  for (const { id } of (await ordainingDesk(at(), "p1")).value.standing) await end(id);
  const before = await count();
  const typed: TypedLine = { line: "alv 1g 4 mot «värk»", replaces: null, why: "", isInpatient: true };
  const { value: first } = await saveLineDraft(at(), "p1", { seen: null, typed });
  assert.ok(first !== null);
  assert.deepEqual((await lineDraftOf(at(), "p1")).value, first);
  assert.deepEqual([first.line, first.isInpatient], [typed.line, true]);
  assert.equal((await lineDraftOf(at("sender", "2"), "p1")).value, null);
  assert.equal((await lineDraftOf(at(), "p2")).value, null);
  await assert.rejects(saveLineDraft(at(), "p1", { seen: null, typed: { ...typed, line: "annat" } }), isCode("VERSION_CONFLICT")); // prettier-ignore
  const { value: second } = await saveLineDraft(at(), "p1", { seen: first, typed: { ...typed, line: "alv 500 mg 4" } });
  await assert.rejects(saveLineDraft(at(), "p1", { seen: first, typed }), isCode("VERSION_CONFLICT"));
  assert.equal(await count(), before);
  const others = await saveLineDraft(at("sender", "2"), "p1", { seen: null, typed });
  const id = second?.id ?? "";
  await sign(wish(["alvedon 500 mg 4 mot värk"], { draft: others.value?.id ?? "" }));
  assert.notEqual((await lineDraftOf(at("sender", "2"), "p1")).value, null, "another's draft stands");
  assert.equal((await lineDraftOf(at(), "p1")).value?.id, id);
  const given = wish(["omeprazol 20 mg 1 mot sura uppstötningar"], { draft: id });
  assert.deepEqual(await sign(given), await sign(given));
  assert.equal((await lineDraftOf(at(), "p1")).value, null);
  const { value: third } = await saveLineDraft(at(), "p1", { seen: null, typed });
  assert.equal((await saveLineDraft(at(), "p1", { seen: third, typed: { ...typed, line: " " } })).value, null);
  const student = at("sender", "1", { kind: "student", supervisor: "sender2" } as unknown as PersonActor["assignment"]["footing"]); // prettier-ignore
  await assert.rejects(saveLineDraft(student, "p1", { seen: null, typed }), isCode("FORBIDDEN"));
});
