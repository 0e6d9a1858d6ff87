/** Rules CLIN-SPECIMEN of ../SPEC.md: from an open order to a tube that the laboratory has, on a real database. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import fc from "fast-check";
import type { PersonActor } from "../../access/index.ts";
import type { JsonObject } from "../../fhir/index.ts";
import { watchLoops } from "../../loop/index.ts";
import { loopJournal, UNITS, type LoopJournal, type UnitName } from "../../loop/testing/index.ts";
import { readResource, type Visit } from "../../journal/index.ts";
import { collectTubes, labelTubes, notDrawn, refuseWrongIdentity } from "./collect.ts";
import { collectionList, collectionOf, type Collection } from "./collection.ts";
import { readSpecimenNumber, specimenNumber } from "./number.ts";
import { planTubes, type KnownSpecimen, type PlannedOrder } from "./plan.ts";
import { beginPrint, endPrint } from "./print.ts";
import { moveSpecimen, trackSpecimen } from "./track.ts";
import { tubesFor, type TubeCatalogue, type TubeFor } from "./tubes.ts";

let journal: LoopJournal;
const endings: (() => Promise<unknown>)[] = [];
before(async () => {
  journal = await loopJournal({ after: (listener) => void endings.push(listener) });
  for (const tube of TUBES) await journal.put(tube, null);
});
after(async () => {
  for (const ending of endings.toReversed()) await ending();
});

const isCode = (code: string) => (error: { code?: string }) => error.code === code;
const MINUTE = 60_000;
const CODES = "http://npu.example";

const tube = (code: string, rank: number, analyses: readonly (readonly [string, number?])[]): JsonObject => ({
  resourceType: "SpecimenDefinition",
  id: `tube-${code}`,
  extension: [
    { url: "urn:eira:provtagning:ordning", valueInteger: rank },
    { url: "urn:eira:provtagning:inom", valueInteger: 120 },
    ...analyses.map(([one, within]) => ({
      url: "urn:eira:provtagning:analys",
      extension: [
        { url: "kod", valueCodeableConcept: { coding: [{ system: CODES, code: one }] } },
        ...(within === undefined ? [] : [{ url: "inom", valueInteger: within }]),
      ],
    })),
  ],
  typeCollected: { text: "Venöst blod" },
  typeTested: [
    {
      preference: "preferred",
      container: {
        type: { coding: [{ system: "urn:eira:provtagning:ror", code, display: `Rör ${code}` }] },
        cap: { text: code },
      },
    },
  ],
});
const TUBES = [tube("edta", 4, [["hb"], ["lpk"]]), tube("heparin", 3, [["k", 45], ["krea"], ["panel"]]), tube("serum", 2, [["panel"]])]; // prettier-ignore

/** Somebody of the unit, under the assignment that the directory has. */
function at(unit: UnitName = "sender", person = "1"): Visit & { readonly actor: PersonActor } {
  const visit = journal.at(unit, person);
  const assignment = { ...visit.actor.assignment, id: `role-${unit}${person}`, unitHsaId: UNITS[unit].careUnit };
  return { ...visit, actor: { ...visit.actor, assignment } };
}

let made = 0;
const fresh = (name: string): string => `${name}-${(made += 1)}`;

/** A patient of the unit's own with a number on the arm, and open orders. */
async function ordered(
  codes: readonly string[],
  more: JsonObject = {},
): Promise<{ readonly id: string; readonly orders: readonly string[] }> {
  // prettier-ignore
  const id = fresh("patient");
  await journal.put({
    resourceType: "Patient",
    id,
    identifier: [{ system: "http://electronichealth.se/identifier/personnummer", value: "191212121212" }],
    name: [{ family: "Tolvan", given: ["Tolvan"] }],
  });
  const orders: string[] = [];
  for (const code of codes) {
    const order = fresh("order");
    await journal.write({
      resourceType: "ServiceRequest",
      id: order,
      status: "active",
      intent: "order",
      category: [{ coding: [{ system: "http://snomed.info/sct", code: "108252007" }] }],
      code: { coding: [{ system: CODES, code }], text: `Analys ${code}` },
      subject: { reference: `Patient/${id}` },
      requester: { reference: "PractitionerRole/role-sender1" },
      performer: [{ reference: "Organization/asked" }],
      authoredOn: journal.clock().toISOString(),
      ...more,
    });
    orders.push(order);
  }
  return { id, orders };
}

const shown = async (patient: string, who = at()): Promise<Collection> => (await collectionOf(who, patient)).value;
const numbersOf = ({ tubes }: Collection): string[] => tubes.map(({ specimen }) => specimen?.number ?? "");
const SCAN = { how: "scan", said: "19121212-1212" } as const;

async function labelled(patient: string): Promise<readonly string[]> {
  await labelTubes(at(), patient, { key: fresh("key") });
  return numbersOf(await shown(patient));
}

async function drawn(
  codes: readonly string[],
  more: JsonObject = {},
): Promise<{ readonly id: string; readonly orders: readonly string[]; readonly numbers: readonly string[] }> {
  // prettier-ignore
  const one = await ordered(codes, more);
  const numbers = await labelled(one.id);
  await collectTubes(at(), one.id, { identity: SCAN, numbers, place: "Expedition 3", key: fresh("key") });
  return { ...one, numbers };
}

const loopOf = async (patient: string): Promise<{ state: string; owner: string | null }[]> =>
  journal.sql("SELECT state, owner FROM loop WHERE kind = 'specimen' AND patient = $1 ORDER BY opened, id", [patient]);

test("CLIN-SPECIMEN-1 orders of one patient share tubes, each tube once, in the order of drawing; what the catalogue does not know says so, and what is drawn is wanted no more", () => {
  const catalogue: TubeCatalogue = new Map(
    ["a", "b", "c"].map((code, at) => [
      `${CODES}|${code}`,
      [{ tube: { code: `t${at % 2}`, title: "", cap: null, material: null, how: null, rank: 9 - at }, within: 60 }],
    ]),
  );
  const order = (id: string, code: string): PlannedOrder => ({
    id,
    version: "1",
    title: id,
    isUrgent: false,
    resource: { code: { coding: [{ system: CODES, code }] } },
  });
  const states = fc.constantFrom("labelled", "collected", "sent", "received", "lost", "unusable", "mistaken" as const);
  const orders = fc.array(fc.constantFrom("a", "b", "c", "unknown"), { minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(orders, fc.array(fc.record({ of: fc.nat(5), state: states }), { maxLength: 6 }), (codes, given) => {
      const all = codes.map((code, n) => order(`o${n}`, code));
      const specimens = given.flatMap(({ of, state }, n): KnownSpecimen[] => {
        const one = all[of];
        const own = one === undefined ? undefined : planTubes([one], [], catalogue)[0];
        if (one === undefined || own === undefined) return [];
        return [{ id: `s${n}`, version: "1", resource: {}, number: `${n}`, tube: own.tube.code, requests: [one.id], state }]; // prettier-ignore
      });
      const plan = planTubes(all, specimens, catalogue);
      const wanted = all.filter(
        ({ id }) =>
          !specimens.some((one) => one.requests.includes(id) && ["collected", "sent", "received"].includes(one.state)),
      );
      assert.deepEqual(new Set(plan.flatMap(({ requests }) => requests)), new Set(wanted.map(({ id }) => id)));
      const bare = plan.filter(({ specimen }) => specimen === null).map((one) => one.tube.code);
      assert.equal(new Set(bare).size, bare.length);
      const ranks = plan.map((one) => one.tube.rank);
      assert.deepEqual(
        ranks,
        ranks.toSorted((a, b) => a - b),
      );
    }),
    { numRuns: 200, seed: 1 },
  );
});

test("CLIN-SPECIMEN-1 a panel has the tubes of what the order says it consists of, each with the shortest time; a part that nobody knows has the tube that says so", () => {
  const made = (code: string, within: number): TubeFor => ({ tube: { code, title: "", cap: null, material: null, how: null, rank: 1 }, within }); // prettier-ignore
  const catalogue: TubeCatalogue = new Map([
    [`${CODES}|hb`, [made("edta", 240)]],
    [`${CODES}|k`, [made("heparin", 45)]],
    [`${CODES}|panel`, [made("heparin", 240)]],
    ["text Enbart ord", [made("urin", 60)]],
  ]);
  const concept = (code: string): JsonObject => ({ coding: [{ system: CODES, code }] });
  const of = (code: string, parts: readonly JsonObject[]): (readonly [string, number])[] =>
    tubesFor(catalogue, { code: concept(code), orderDetail: [...parts] }).map(({ tube, within }) => [
      tube.code,
      within,
    ]);
  assert.deepEqual(of("egen", [concept("hb"), concept("k")]), [["edta", 240], ["heparin", 45]]); // prettier-ignore
  assert.deepEqual(of("egen", [concept("hb"), { text: "Enbart ord" }]), [["edta", 240], ["urin", 60]]); // prettier-ignore
  assert.deepEqual(of("egen", [concept("hb"), concept("?")]), [["edta", 240], ["okant", 240]]); // prettier-ignore
  assert.deepEqual(of("panel", [concept("hb"), concept("k"), concept("?")]), [["heparin", 45], ["edta", 240]]); // prettier-ignore
  assert.deepEqual(of("panel", []), [["heparin", 240]]);
  for (const broken of [[], [null, "x", {}], { text: "hb" }])
    assert.deepEqual(tubesFor(catalogue, { code: concept("?"), orderDetail: broken }).map(({ tube }) => tube.code), ["okant"]); // prettier-ignore
});

test("CLIN-SPECIMEN-2 a number is read only as it was made: no slip of one digit or of two neighbours is another tube", () => {
  fc.assert(
    fc.property(
      fc.nat(4_000_000),
      fc.uint8Array({ minLength: 8, maxLength: 8 }),
      fc.nat(15),
      fc.nat(9),
      (minute, random, place, digit) => {
        // prettier-ignore
        const number = specimenNumber(Date.UTC(2026, 0, 1) + minute * MINUTE, random);
        assert.match(number, /^\d{16}$/);
        assert.equal(readSpecimenNumber(`${number.slice(0, 4)} ${number.slice(4)}`), number);
        const other = number.slice(0, place) + String(digit) + number.slice(place + 1);
        if (other !== number) assert.equal(readSpecimenNumber(other), undefined);
        const [a = "", b = ""] = [number[place], number[place + 1]];
        const turned = number.slice(0, place) + b + a + number.slice(place + 2);
        if (b !== "" && a !== b) assert.equal(readSpecimenNumber(turned), undefined);
      },
    ),
    { numRuns: 300, seed: 2 },
  );
  for (const bad of ["", "x", "1".repeat(15), "1".repeat(17)]) assert.equal(readSpecimenNumber(bad), undefined);
});

test("CLIN-SPECIMEN-3 nothing is drawn from whoever the band or the digits do not belong to", async () => {
  const { id } = await ordered(["hb"]);
  const numbers = await labelled(id);
  const { person } = await shown(id);
  for (const said of ["191212121212", "19121212-1212", "1212121212"])
    refuseWrongIdentity(person, { how: "scan", said });
  refuseWrongIdentity(person, { how: "digits", said: "1212" });
  for (const identity of [
    { how: "scan", said: "19121212-1213" },
    { how: "scan", said: "201212121212" },
    { how: "digits", said: "1213" },
  ] as const)
    await assert.rejects(
      collectTubes(at(), id, { identity, numbers, place: null, key: fresh("key") }),
      isCode("SPECIMEN_IDENTITY"),
    );
  for (const identity of [
    { how: "digits", said: "212" },
    { how: "scan", said: "1212" },
    { how: "scan", said: "" },
  ] as const)
    await assert.rejects(
      collectTubes(at(), id, { identity, numbers, place: null, key: fresh("key") }),
      isCode("SPECIMEN_INVALID"),
    );
  assert.deepEqual(await loopOf(id), []);
});

test("CLIN-SPECIMEN-4 tubes get numbers once, are drawn once however often they are scanned, name their orders, and are somebody's until they arrive", async () => {
  const { id, orders } = await ordered(["hb", "lpk", "k", "okänd"]);
  const before = await shown(id);
  assert.deepEqual(
    before.tubes.map((one) => [one.tube.code, one.requests.length, one.within, one.specimen]),
    [["heparin", 1, 45, null], ["edta", 2, 120, null], ["okant", 1, 240, null]], // prettier-ignore
  );
  const key = fresh("key");
  await labelTubes(at(), id, { key });
  await labelTubes(at(), id, { key });
  await labelTubes(at("sender", "2"), id, { key: fresh("key") });
  const numbers = numbersOf(await shown(id));
  assert.equal(new Set(numbers).size, 3);
  for (const one of numbers) assert.equal(readSpecimenNumber(one), one);
  const other = await ordered(["hb"]);
  const [stranger = ""] = await labelled(other.id);
  const wish = { identity: SCAN, numbers, place: "Expedition 3", key: fresh("key") };
  for (const wrong of [stranger, "0000000000000000", "abc"])
    await assert.rejects(collectTubes(at(), id, { ...wish, numbers: [...numbers, wrong] }), isCode("SPECIMEN_WRONG"));
  await assert.rejects(collectTubes(at("theirs"), id, wish), isCode("SPECIMEN_WRONG"));
  assert.deepEqual(await loopOf(id), []);
  await Promise.all([collectTubes(at(), id, wish), collectTubes(at(), id, wish)]);
  await collectTubes(at(), id, { ...wish, key: fresh("key") });
  const owner = UNITS.sender.careUnit;
  assert.deepEqual(
    await loopOf(id),
    Array.from({ length: 3 }, () => ({ state: "created", owner })),
  );
  const after_ = await shown(id);
  assert.deepEqual([after_.tubes, after_.drawn.length], [[], 3]);
  for (const order of orders) {
    const { specimen } = JSON.parse((await readResource(at(), "ServiceRequest", order)).value.content) as { specimen: unknown[] }; // prettier-ignore
    assert.equal(specimen.length, 1);
  }
  const kept = JSON.parse(
    (await readResource(at(), "Specimen", after_.drawn[0]?.id ?? "")).value.content,
  ) as JsonObject;
  assert.match(JSON.stringify(kept["collection"]), /role-sender1.*collectedDateTime/);
  assert.match(JSON.stringify(kept["extension"]), /received-by.*identity.*scan.*Expedition 3/);
  const listed = (await collectionList(at())).value.items.map(({ patient }) => patient);
  assert.ok(listed.includes(other.id) && !listed.includes(id));
});

test("CLIN-SPECIMEN-5 what could not be drawn is whoever ordered it's to see to, once, and stays to be drawn; drawn after all it is over", async () => {
  const { id, orders } = await ordered(["hb"]);
  const wish = { requests: orders, reason: "refused", note: "Vill tala med läkaren.", key: fresh("key") } as const;
  await notDrawn(at("sender", "2"), id, wish);
  await notDrawn(at("sender", "2"), id, wish);
  const tasks = (): Promise<{ state: string; responsible: string | null }[]> =>
    journal.sql("SELECT state, responsible FROM loop WHERE kind = 'task' AND patient = $1", [id]);
  assert.deepEqual(await tasks(), [{ state: "created", responsible: `${UNITS.sender.careUnit}-P1` }]);
  assert.equal((await shown(id)).attempts.length, 1);
  await assert.rejects(notDrawn(at(), id, { ...wish, reason: "other", note: " ", key: fresh("key") }), isCode("LOOP_INVALID")); // prettier-ignore
  await assert.rejects(notDrawn(at(), id, { ...wish, requests: ["nobody"], key: fresh("key") }), isCode("SPECIMEN_INVALID")); // prettier-ignore
  const [number = ""] = await labelled(id);
  await collectTubes(at(), id, { identity: SCAN, numbers: [number], place: null, key: fresh("key") });
  assert.deepEqual((await tasks()).map(({ state }) => state), ["acted-on"]); // prettier-ignore
  await moveSpecimen(at(), number, { did: "lost", note: "Föll i golvet", seen: await versionOf(number), key: fresh("key") }); // prettier-ignore
  const again = await shown(id);
  assert.deepEqual(again.tubes.map(({ instead }) => instead?.number), [number]); // prettier-ignore
  const second = await labelled(id);
  await collectTubes(at(), id, { identity: SCAN, numbers: second, place: null, key: fresh("key") });
  assert.deepEqual((await loopOf(id)).map(({ state }) => state), ["acted-on", "created"]); // prettier-ignore
});

const versionOf = async (number: string): Promise<string> => (await trackSpecimen(at(), number)).value.version;

test("CLIN-SPECIMEN-6 a tube tells where it is and who answers for it; each step once, in its order; one that is late by its analysis' own time is in the inbox", async () => {
  const { id, numbers } = await drawn(["k"]);
  const [number = ""] = numbers;
  const move = async (did: "sent" | "received" | "lost" | "unusable" | "discarded", note = ""): Promise<void> =>
    moveSpecimen(at(), number, { did, note, seen: await versionOf(number), key: fresh("key") });
  const track = async () => (await trackSpecimen(at(), `${number.slice(0, 8)} ${number.slice(8)}`)).value;
  assert.deepEqual((await track()).can, ["sent", "received", "lost", "unusable"]);
  await move("sent");
  await move("sent");
  await assert.rejects(move("discarded"), isCode("SPECIMEN_STATE"));
  await assert.rejects(move("lost"), isCode("LOOP_INVALID"));
  journal.clock.forward(44 * MINUTE);
  await watchLoops(journal.options);
  assert.equal((await track()).loop?.level, 0);
  journal.clock.forward(2 * MINUTE);
  await watchLoops(journal.options);
  assert.deepEqual([(await track()).loop?.level, (await track()).loop?.owner], [1, UNITS.sender.careUnit]);
  await assert.rejects(
    moveSpecimen(at(), number, { did: "received", note: "", seen: "1", key: fresh("key") }),
    isCode("VERSION_CONFLICT"),
  );
  await move("received");
  await move("discarded");
  const { steps, state, loop, person } = await track();
  assert.deepEqual(
    [state, loop?.owner, steps.map(({ what }) => what)],
    ["received", null, ["ordered", "collected", "sent", "received", "discarded"]],
  );
  assert.ok(person !== null);
  assert.deepEqual(await loopOf(id), [{ state: "received", owner: null }]);
  for (const nobodys of ["0000000000000000", "x"])
    await assert.rejects(trackSpecimen(at(), nobodys), isCode("NOT_FOUND"));
});

test("CLIN-SPECIMEN-8 whom an order asks has it on the list too, others take it along when the patient is before them; drawn once it is drawn for all, and what was not drawn is whoever ordered it's", async () => {
  const { id, orders } = await ordered(["hb"]);
  const [asked, beside] = [at("asked"), at("beside")];
  const isListed = async (who: Visit): Promise<boolean> =>
    (await collectionList(who)).value.items.some(({ patient }) => patient === id);
  assert.deepEqual([await isListed(at()), await isListed(asked), await isListed(beside)], [true, true, false]);
  assert.equal((await shown(id, asked)).tubes.length, 1);
  // The unit beside has an order of its own that shares a tube with it, and one that does not.
  const own = await besides(id, ["lpk", "k"]);
  const before = await shown(id, beside);
  assert.deepEqual([before.tubes.map(({ tube, requests }) => [tube.code, requests.length]), before.others], [[["heparin", 1], ["edta", 1]], 1]); // prettier-ignore
  await labelTubes(beside, id, { withOthers: true, key: fresh("key") });
  const along = (await collectionOf(beside, id, { withOthers: true })).value;
  assert.deepEqual([along.tubes.map(({ tube, requests }) => [tube.code, requests.length]), along.others], [[["heparin", 1], ["edta", 2]], 0]); // prettier-ignore
  const after_ = await shown(id, beside); // the label says what the tube is for, also to whoever looks without asking
  assert.deepEqual([after_.tubes.map(({ requests }) => requests.length), after_.others], [[1, 2], 0]);
  const wish = { requests: orders, reason: "refused", note: "", key: fresh("key") } as const;
  await notDrawn(beside, id, { ...wish, withOthers: true });
  const tasks = await journal.sql("SELECT responsible FROM loop WHERE kind = 'task' AND patient = $1", [id]);
  assert.deepEqual(tasks, [{ responsible: `${UNITS.sender.careUnit}-P1` }]);
  await collectTubes(beside, id, { identity: SCAN, numbers: numbersOf(after_), place: null, key: fresh("key") });
  for (const order of [...orders, ...own]) {
    const { specimen } = JSON.parse((await readResource(at(), "ServiceRequest", order)).value.content) as { specimen: unknown[] }; // prettier-ignore
    assert.equal(specimen.length, 1);
  }
  assert.deepEqual([await isListed(at()), await isListed(asked), await isListed(beside)], [false, false, false]);
  assert.deepEqual([(await shown(id)).tubes, (await shown(id)).attempts], [[], []]);
  assert.deepEqual((await loopOf(id)).map(({ owner }) => owner), [UNITS.beside.careUnit, UNITS.beside.careUnit]); // prettier-ignore
  const other = await ordered(["hb"]);
  assert.equal((await shown(other.id, beside)).others, 1);
  await assert.rejects(notDrawn(beside, other.id, { ...wish, requests: other.orders, key: fresh("key") }), isCode("SPECIMEN_INVALID")); // prettier-ignore
});

/** Orders of the unit beside for somebody who has been ordered for before. */
async function besides(patient: string, codes: readonly string[]): Promise<readonly string[]> {
  const ids = codes.map(() => fresh("beside"));
  for (const [n, code] of codes.entries())
    await journal.write(
      {
        resourceType: "ServiceRequest",
        id: ids[n] ?? "",
        status: "active",
        intent: "order",
        category: [{ coding: [{ system: "http://snomed.info/sct", code: "108252007" }] }],
        code: { coding: [{ system: CODES, code }], text: `Analys ${code}` },
        subject: { reference: `Patient/${patient}` },
        requester: { reference: "PractitionerRole/role-beside1" },
        performer: [{ reference: "Organization/theirs" }],
        authoredOn: journal.clock().toISOString(),
      },
      "beside",
    );
  return ids;
}

test("CLIN-SPECIMEN-7 each print is kept with who, where and what; one that failed or that nobody knows of is the unit's until its labels came out, and twice is once", async () => {
  const { id } = await ordered(["hb", "k"]);
  const numbers = await labelled(id);
  const wish = { numbers, place: "Expedition 3", printer: "Zebra", key: fresh("key") };
  const first = await beginPrint(at(), id, wish);
  assert.deepEqual([first.isNew, first.status, first.labels.length], [true, "requested", 2]);
  assert.deepEqual(first.labels.map((one) => [one.name, one.identity, one.tube]), [["Tolvan, Tolvan", "19121212-1212", "Rör heparin"], ["Tolvan, Tolvan", "19121212-1212", "Rör edta"]]); // prettier-ignore
  assert.equal((await beginPrint(at(), id, wish)).isNew, false);
  const owners = (): Promise<{ state: string; owner: string | null }[]> =>
    journal.sql("SELECT state, owner FROM loop WHERE kind = 'task' AND patient = $1 ORDER BY opened, id", [id]);
  const owner = UNITS.sender.careUnit;
  assert.deepEqual(await owners(), [{ state: "created", owner }]); // a server that dies here leaves it so
  await endPrint(at(), id, { task: first.task, why: "out-of-paper" });
  assert.deepEqual(await owners(), [{ state: "returned", owner }]);
  const second = await beginPrint(at(), id, { ...wish, key: fresh("key") });
  await endPrint(at(), id, { task: second.task, why: null });
  assert.deepEqual((await owners()).map(({ state }) => state), ["cancelled", "acted-on"]); // prettier-ignore
  const browser = await beginPrint(at(), id, { ...wish, printer: null, key: fresh("key") });
  assert.equal(browser.status, "completed");
  assert.equal((await owners()).length, 2);
  await assert.rejects(beginPrint(at(), id, { ...wish, numbers: ["1"], key: fresh("key") }), isCode("SPECIMEN_WRONG"));
  // Whoever nothing opens the record to is told nothing of it, and does nothing to it.
  await journal.sql("DELETE FROM opening WHERE patient = $1", [id]);
  await journal.sql("DELETE FROM relation_of_test");
  const [number = ""] = numbers;
  for (const who of [at("theirs"), at("beside"), at()]) {
    await assert.rejects(trackSpecimen(who, number), isCode("NOT_FOUND"));
    await assert.rejects(collectionOf(who, id), isCode("NO_CARE_RELATION"));
    const wish = { did: "sent", note: "", seen: "1", key: fresh("key") } as const;
    await assert.rejects(moveSpecimen(who, number, wish), isCode("NOT_FOUND"));
    const listed = (await collectionList(who)).value.items;
    assert.ok(listed.every(({ patient }) => patient !== id));
  }
});
