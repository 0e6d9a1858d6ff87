/** Rules of ../SPEC.md and of the journal: two records of one person joined and parted, on a real database with the ledger along. */
import assert from "node:assert/strict";
import { randomInt } from "node:crypto";
import { after, before, test } from "node:test";
import { seededRandom } from "../../base/index.ts";
import { objectOf, parseJson, writeJson, type JsonObject } from "../../fhir/index.ts";
import {
  blocksOf,
  careOf,
  commit,
  extractLog,
  openCare,
  readersOf,
  readResource,
  registerBlock,
  requireNeed,
  searchResources,
  type Visit,
} from "../../journal/index.ts";
import { observation, patient } from "../../journal/testing/index.ts";
import { loopJournal, UNITS, type LoopJournal, type UnitName } from "../../loop/testing/index.ts";
import { readOverview } from "../chart/overview.ts";
import { mergePatients, sameAs, unmergePatients, type MergeWish } from "./merge.ts";

let journal: LoopJournal;
const endings: (() => Promise<unknown>)[] = [];

before(async () => {
  journal = await loopJournal({ after: (listener) => void endings.push(listener) });
  journal.clock.forward(Date.now() - journal.clock().getTime()); // choices end by the database's clock
  await journal.sql("DELETE FROM relation_of_test");
  await journal.sql("DELETE FROM opening");
});
after(async () => {
  for (const ending of endings.toReversed()) await ending();
});

function at(unit: UnitName, person = "1"): Visit {
  const visit = journal.at(unit, person);
  const assignment = { ...visit.actor.assignment, id: `role-${unit}${person}` };
  return { ...visit, referentialIntegrity: false, actor: { ...visit.actor, assignment } };
}

let made = 0;
/** A patient in the care of some units, each with a contact. */
async function someone(units: readonly UnitName[] = ["sender"], more: JsonObject = {}): Promise<string> {
  const id = `m${(made += 1)}`;
  await journal.put(patient(id, { active: true, identifier: [{ system: "urn:test", value: `N${made}` }], ...more }));
  for (const unit of units)
    await journal.write({ resourceType: "Encounter", id: `e-${id}-${unit}`, status: "in-progress", class: { code: "EMER" }, subject: { reference: `Patient/${id}` } }, unit); // prettier-ignore
  return id;
}
const note = async (whose: string, unit: UnitName = "sender", id = `o${(made += 1)}`): Promise<string> => {
  await journal.write(observation(id, `Patient/${whose}`), unit);
  return id;
};
const versionOf = async (id: string): Promise<string> => {
  const [row] = await journal.sql<{ version: number }>("SELECT version FROM patient WHERE id = $1", [id]);
  return String(row?.version);
};
const wished = async (survivor: string, replaced: string, more: Partial<MergeWish> = {}): Promise<MergeWish> => ({
  survivor: { id: survivor, version: await versionOf(survivor) },
  replaced: { id: replaced, version: await versionOf(replaced) },
  reason: "Identifierad av anhörig",
  key: `merge-key-${(made += 1)}`,
  ...more,
});
const merge = async (survivor: string, replaced: string, visit = at("sender")) => mergePatients(visit, await wished(survivor, replaced)); // prettier-ignore
const unmerge = async (survivor: string, replaced: string, visit = at("sender")) => unmergePatients(visit, await wished(survivor, replaced)); // prettier-ignore
const seen = async (whose: string, visit = at("sender")): Promise<string[]> =>
  (await searchResources(visit, "Observation", [["patient", whose], ["_count", "500"]])).value.rows.map(({ id }) => id).toSorted(); // prettier-ignore
const isCode = (code: string) => (error: unknown) => (error as { code?: string }).code === code;
/** Everything that is stored, but what the server counts in the two who are joined. */
async function everything(): Promise<string> {
  const tables = await journal.sql<{ name: string }>("SELECT tablename::text AS name FROM pg_policies WHERE policyname = 'need' AND tablename NOT IN ('history', 'change_log', 'provenance', 'seal', 'remark', 'destroyed') ORDER BY 1"); // prettier-ignore
  const texts: string[] = [];
  for (const { name } of [...tables, { name: "patient" }]) {
    const rows = await journal.sql<{ id: string; content: string }>(`SELECT id, content FROM "${name}" ORDER BY id`);
    texts.push(...rows.map(({ id, content }) => `${name} ${id} ${name === "patient" ? bare(content) : content}`));
  }
  return texts.join("\n");
}
/** A patient's text without number and time of its version. */
function bare(content: string): string {
  const { meta, ...others } = parseJson(content) as JsonObject;
  const { versionId: _v, lastUpdated: _l, ...kept } = objectOf(meta);
  return writeJson({ ...others, meta: kept });
}

test("CLIN-MERGE-PERSON-1, JRN-SAME-1 the chart of either shows the records of both, each as it was written; what is written to either afterwards is seen from the other", async () => {
  const [known, unknown] = [await someone(), await someone()];
  const [one, other] = [await note(known), await note(unknown)];
  const before = await journal.sql<{ content: string }>("SELECT content FROM observation WHERE id = $1", [other]);
  await merge(known, unknown);
  assert.deepEqual(await seen(known), [one, other].toSorted());
  assert.deepEqual(await seen(unknown), [one, other].toSorted());
  const late = await note(unknown); // a window that was open, an answer on its way
  assert.deepEqual(await seen(known), [one, other, late].toSorted());
  const { sections } = (await readOverview(at("sender"), known)).value;
  assert.equal(sections.contacts.items.length, 2);
  assert.deepEqual(await journal.sql("SELECT content FROM observation WHERE id = $1", [other]), before);
  const [late2] = await journal.sql<{ patient: string }>("SELECT patient FROM observation WHERE id = $1", [late]);
  assert.equal(late2?.patient, unknown);
  await unmerge(known, unknown);
  assert.deepEqual([await seen(known), await seen(unknown)], [[one], [other, late].toSorted()]);
});

test("CLIN-MERGE-PERSON-2, JRN-JOIN-1 parted again every byte of every record is as it was, in whatever order the members stood", async () => {
  const [a, b] = [await someone(["sender"], { link: [{ other: { reference: "RelatedPerson/x" }, type: "seealso" }], gender: "female" }), await someone(["sender"], { multipleBirthInteger: 2 })]; // prettier-ignore
  const [c] = [await someone(["sender"], { active: false })];
  await note(a);
  await note(b);
  const before = await everything();
  for (const other of [b, c]) await merge(a, other);
  assert.notEqual(await everything(), before);
  for (const other of [b, c]) await unmerge(a, other);
  assert.equal(await everything(), before);
  assert.deepEqual(await journal.sql("SELECT * FROM same_person"), []);
});

test("CLIN-MERGE-PERSON-3 who did it, when and why stands beside the two, and so does the way back; the second click does nothing more", async () => {
  const [known, unknown] = [await someone(), await someone()];
  const wish = await wished(known, unknown);
  const { value } = await mergePatients(at("sender"), wish);
  const [other] = value.others;
  assert.deepEqual([other?.id, other?.how, other?.reason], [unknown, "replaced", "Identifierad av anhörig"]);
  assert.match(other?.by ?? "", /Anna Ek/);
  const version = await versionOf(known);
  assert.deepEqual((await mergePatients(at("sender"), wish)).value.others.length, 1);
  assert.equal(await versionOf(known), version);
  assert.equal((await sameAs(at("sender"), unknown)).value.others[0]?.how, "survivor");
  const back = await wished(known, unknown, { reason: "Fel person" });
  assert.deepEqual((await unmergePatients(at("sender"), back)).value.others, []);
  assert.deepEqual((await unmergePatients(at("sender"), back)).value.others, []);
  const told = await journal.sql<{ content: string }>("SELECT content FROM provenance ORDER BY id");
  assert.ok(told.some(({ content }) => content.includes("Fel person") && content.includes(unknown)));
});

test("CLIN-MERGE-PERSON-4 into itself, a chain in the middle, a circle, a version that was not seen, no reason: refused, and nothing is written", async () => {
  const [a, b, c] = [await someone(), await someone(), await someone()];
  await assert.rejects(merge(a, a), isCode("JOIN_SAME"));
  await merge(b, a);
  await assert.rejects(merge(a, b), isCode("JOIN_REPLACED")); // a circle
  await assert.rejects(merge(c, a), isCode("JOIN_REPLACED")); // it is taken already
  await assert.rejects(merge(a, c), isCode("JOIN_REPLACED")); // it stands for nobody
  await merge(c, b); // a chain, from its end
  assert.equal((await sameAs(at("sender"), a)).value.others.length, 2);
  await assert.rejects(merge(a, c), isCode("JOIN_REPLACED")); // a circle of three
  await assert.rejects(unmerge(c, a), isCode("JOIN_NOT")); // they are joined by another
  const [d, e] = [await someone(), await someone()];
  const old = await wished(d, e);
  await journal.put(patient(d, { active: true, gender: "male" }));
  const before = await everything();
  await assert.rejects(mergePatients(at("sender"), old), isCode("VERSION_CONFLICT"));
  await assert.rejects(
    mergePatients(at("sender"), { ...(await wished(d, e)), reason: " " }),
    isCode("REGISTER_INVALID"),
  );
  assert.equal(await everything(), before);
  await unmerge(b, a); // a chain is taken apart from any end
  assert.deepEqual((await sameAs(at("sender"), a)).value.others, []);
  assert.equal((await sameAs(at("sender"), b)).value.others.length, 1);
});

test("CLIN-MERGE-PERSON-4 of two at once that cannot both be, one is done", async () => {
  for (let round = 0; round < 5; round += 1) {
    const [a, b, c] = [await someone(), await someone(), await someone()];
    const pairs = await Promise.all(round % 2 === 0 ? [wished(a, b), wished(b, a)] : [wished(a, b), wished(c, b)]);
    const ended = await Promise.allSettled(pairs.map((one) => mergePatients(at("sender"), one)));
    assert.equal(ended.filter(({ status }) => status === "fulfilled").length, 1);
    const [row] = await journal.sql<{ n: number }>("SELECT count(*)::int AS n FROM same_person WHERE patient = ANY ($1)", [[a, b, c]]); // prettier-ignore
    assert.equal(row?.n, 2);
  }
});

test("CLIN-MERGE-PERSON-5, JRN-SAME-3 whoever has only one of them joins nothing, by this way or by writing links; whoever has neither reads neither", async () => {
  const [own, foreign] = [await someone(["sender"]), await someone(["beside"])];
  const hidden = await note(foreign, "beside");
  await assert.rejects(merge(own, foreign), isCode("NO_CARE_RELATION"));
  await assert.rejects(merge(foreign, own), isCode("NO_CARE_RELATION"));
  const link = (to: string, type: string): JsonObject => ({ link: [{ other: { reference: `Patient/${to}` }, type }] });
  const written = async (id: string, more: JsonObject) => {
    const content = parseJson((await readResource(at("sender"), "Patient", id)).value.content) as JsonObject;
    return { kind: "update", type: "Patient", id, where: "Patient", resource: { ...content, ...more } } as const;
  };
  const both = [await written(own, link(foreign, "replaces")), await written(foreign, link(own, "replaced-by"))];
  await assert.rejects(commit(at("sender"), both), isCode("NO_CARE_RELATION"));
  await commit(at("sender"), both.slice(0, 1)); // what one side says alone joins nobody
  await assert.rejects(seen(foreign), isCode("NO_CARE_RELATION"));
  assert.ok(!(await seen(own).catch((): string[] => [])).includes(hidden));
});

test("CLIN-MERGE-PERSON-5, ACC-SAME-1 what opens one opens the other by the same rules: each unit its own, another unit's by an active choice, and nothing of it after they are parted", async () => {
  const [known, unknown] = [await someone(["sender", "beside"]), await someone(["sender"])];
  const emergency = await note(unknown, "sender");
  const ward = await note(known, "beside");
  await assert.rejects(requireNeed(at("beside"), unknown, "x"), isCode("NO_CARE_RELATION"));
  await merge(known, unknown);
  await requireNeed(at("beside"), unknown, "x"); // it is the ward's own patient
  assert.deepEqual(await seen(known, at("beside")), [ward]); // another unit's needs a choice, as ever
  const { hidden } = (await careOf(at("beside"), known)).value;
  assert.ok(hidden.some(({ place }) => place?.careUnit === UNITS.sender.careUnit));
  await openCare(at("beside"), known, { kind: "choice", source: UNITS.sender });
  assert.deepEqual(await seen(known, at("beside")), [emergency, ward].toSorted());
  const [row] = (await searchResources(at("beside"), "Observation", [["_id", emergency]])).value.rows;
  assert.equal(row?.id, emergency);
  await unmerge(known, unknown);
  assert.deepEqual(await seen(known, at("beside")), [ward]);
  await assert.rejects(seen(unknown, at("beside")), isCode("NO_CARE_RELATION"));
});

test("CLIN-MERGE-PERSON-6, JRN-SAME-2 a block of either holds for the records of both, whichever it was registered on, and one that comes later too", async () => {
  for (const which of ["survivor", "replaced"] as const) {
    const [known, unknown] = [await someone(["sender", "beside"]), await someone(["sender", "beside"])];
    const [one, other] = [await note(known, "sender"), await note(unknown, "sender")];
    await openCare(at("beside"), known, { kind: "choice", source: UNITS.sender });
    await openCare(at("beside"), unknown, { kind: "choice", source: UNITS.sender });
    const block = { kind: "inner", since: null, until: null, exceptKinds: [] } as const;
    if (which === "replaced") await registerBlock(at("sender"), unknown, block);
    await merge(known, unknown);
    assert.deepEqual(await seen(known, at("beside")), which === "replaced" ? [] : [one, other].toSorted());
    if (which === "survivor") await registerBlock(at("sender"), known, block);
    assert.deepEqual(await seen(known, at("beside")), []);
    assert.deepEqual(await seen(unknown, at("beside")), []);
    assert.equal((await blocksOf(at("beside"), known)).value.hidden, true);
    await unmerge(known, unknown);
    assert.deepEqual(await seen(known, at("beside")), which === "replaced" ? [one] : []);
    assert.deepEqual(await seen(unknown, at("beside")), which === "replaced" ? [] : [other]);
  }
});

test("CLIN-MERGE-PERSON-7, JRN-SAME-2 the protection of either holds for both: neither is named or found by a name, and parted each is as it was, to the byte", async () => {
  const security = [{ system: "http://electronichealth.se/fhir/CodeSystem/securityLabel", code: "sekretessmarkering" }, { system: "http://terminology.hl7.org/CodeSystem/v3-Confidentiality", code: "R" }]; // prettier-ignore
  const hidden = await someone(["sender"], { meta: { security }, name: [{ family: "Dold", given: ["Vera"] }], telecom: [{ system: "phone", value: "0701740605" }] }); // prettier-ignore
  const open = await someone(["sender"], { name: [{ family: "Synlig", given: ["Vera"] }], address: [{ city: "Sundåker" }] }); // prettier-ignore
  const found = async (): Promise<number> => (await searchResources(at("sender"), "Patient", [["family", "Synlig"]])).value.rows.length; // prettier-ignore
  const before = await everything();
  assert.equal(await found(), 1);
  await merge(open, hidden);
  assert.equal(await found(), 0);
  const shown = (await readResource(at("sender"), "Patient", open)).value.content;
  assert.ok(!shown.includes("Sundåker"), "no address of either");
  const { others } = (await sameAs(at("sender"), open)).value;
  assert.ok(!JSON.stringify(others).includes("0701740605"));
  await unmerge(open, hidden);
  assert.equal(await found(), 1);
  assert.ok((await readResource(at("sender"), "Patient", open)).value.content.includes("Sundåker"));
  assert.equal(await everything(), before);
});

test("CLIN-MERGE-PERSON-8, JRN-SAME-4 readers and the extract of either tell who has read both; nothing of the log is changed", async () => {
  const [known, unknown] = [await someone(), await someone()];
  await note(unknown);
  await seen(unknown, at("sender", "2"));
  const rows = await journal.sql("SELECT entry FROM access_log WHERE patient = $1", [unknown]);
  await merge(known, unknown);
  const readers = (await readersOf(at("sender"), known, { count: 100 })).value.items;
  assert.ok(readers.some(({ actor, action }) => actor.endsWith("-P2") && action === "search"));
  const page = (await readersOf(at("sender"), known, { count: 3 })).value;
  const next = (await readersOf(at("sender"), known, { count: 100, before: page.next ?? "" })).value;
  assert.ok(page.items.length === 3 && next.items.every(({ recorded }) => recorded <= (page.items[2]?.recorded ?? "")));
  const year = { low: "2026-01-01T00:00:00Z", high: "2027-01-01T00:00:00Z" };
  const lines = (await extractLog(journal.client(), known, year)).value;
  assert.ok(lines.length >= rows.length + 2);
  const after = await journal.sql<{ entry: string }>("SELECT entry FROM access_log WHERE patient = $1", [unknown]);
  for (const row of rows) assert.ok(after.some(({ entry }) => entry === (row as { entry: string }).entry));
});

const SEED = Number(process.env["EIRA_SEED"] ?? randomInt(1, 2 ** 31));
const SEQUENCES = process.env["EIRA_LONG"] === "1" ? 10_000 : 200;

test(`CLIN-MERGE-PERSON-9 random joining, parting and writing among several records: at each step each chart shows its group, and at the end, all parted, every byte is as if nothing had been joined (seed ${SEED})`, async () => {
  const dice = seededRandom(SEED);
  const pick = (n: number): number => dice.int(n);
  const people = [await someone(), await someone(), await someone(), await someone(["sender"], { active: false })];
  const written = new Map(people.map((id) => [id, new Set<string>()]));
  const bodies = new Map<string, string>();
  const texts = async (): Promise<Map<string, string>> => {
    const rows = await journal.sql<{ id: string; content: string }>("SELECT id, content FROM patient WHERE id = ANY ($1)", [people]); // prettier-ignore
    return new Map(rows.map(({ id, content }) => [id, bare(content)]));
  };
  const start = await texts();
  const by = new Map<string, string>(); // replaced to survivor
  const groupOf = (id: string): string[] => {
    const end = (one: string): string => (by.has(one) ? end(by.get(one) ?? "") : one);
    return people.filter((one) => end(one) === end(id));
  };
  let [joins, parts] = [0, 0];
  for (let round = 0; round < SEQUENCES; round += 1) {
    for (let step = 1 + pick(3); step > 0; step -= 1) {
      const [one, other] = [people[pick(4)] ?? "", people[pick(4)] ?? ""];
      const what = pick(5);
      if (what < 2) {
        const may = one !== other && !by.has(one) && !by.has(other);
        const isSo = by.get(other) === one;
        const ended = await merge(one, other).then(() => true, () => false); // prettier-ignore
        assert.equal(ended, may || isSo, `round ${round}: ${other} into ${one}`);
        if (may) by.set(other, one);
        joins += may ? 1 : 0;
      } else if (what < 4) {
        const survivor = by.get(other);
        if (survivor === undefined) continue;
        await unmerge(survivor, other);
        by.delete(other);
        parts += 1;
      } else {
        const id = await note(one);
        written.get(one)?.add(id);
        const [row] = await journal.sql<{ content: string }>("SELECT content FROM observation WHERE id = $1", [id]);
        bodies.set(id, row?.content ?? "");
      }
    }
    const whose = people[pick(4)] ?? "";
    const expected = groupOf(whose).flatMap((id) => [...(written.get(id) ?? [])]);
    const chart = await journal.sql<{ n: number }>("SELECT count(*)::int AS n FROM same_person WHERE patient = $1", [whose]); // prettier-ignore
    assert.equal(chart[0]?.n, groupOf(whose).length - 1, `round ${round}`);
    if (expected.length < 400) assert.deepEqual(await seen(whose), expected.toSorted(), `round ${round}`);
    if (round % 10 === 9) {
      while (by.size > 0) {
        const [replaced = "", survivor = ""] = [...by][pick(by.size)] ?? [];
        await unmerge(survivor, replaced);
        by.delete(replaced);
      }
      assert.deepEqual(await texts(), start, `round ${round}`);
    }
  }
  const rows = await journal.sql<{ id: string; content: string }>("SELECT id, content FROM observation WHERE id = ANY ($1)", [[...bodies.keys()]]); // prettier-ignore
  assert.ok(rows.length === bodies.size && rows.every(({ id, content }) => bodies.get(id) === content));
  assert.ok(joins > SEQUENCES / 10 && parts > SEQUENCES / 10, `${joins} joined, ${parts} parted`);
});
