/** Rules of SPEC.md: what a source file does to the stored directory. Real PostgreSQL. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import fc from "fast-check";
import type { JsonObject } from "../../fhir/index.ts";
import { ROLE_SYSTEM_ID } from "../../journal/index.ts";
import { journalOfTest } from "../../journal/testing/index.ts";
import { counted, directories, example, exampleText, keeper, membersOf, type SourceFile } from "../testing/index.ts";
import { applyDirectory, batchesOf, type Applied, type ApplyAsk } from "./apply.ts";
import { readHere } from "./here.ts";
import { lookAtDirectory, type Look } from "./look.ts";
import { EMPTY, type Directory } from "./model.ts";
import { countsOf, previewChanges, previewLines } from "./preview.ts";
import { readSource } from "./source.ts";
import { targetOf } from "./target.ts";
import { directoryId, workOf } from "./write.ts";

const journal = await journalOfTest({ after });
const visit = keeper(journal);
const ID = "TSTNMT2321009999";
const SEED = 20261122;
const TABLES = ["organization", "location", "practitioner", "practitionerrole", "codesystem", "provenance", "history"];

/** An empty directory again. */
async function clear(): Promise<void> {
  for (const table of TABLES) await journal.sql(`DELETE FROM ${table}`);
}

async function look(text: string, more: Partial<ApplyAsk> = {}): Promise<Look> {
  const { value } = await lookAtDirectory(visit, { text, isComplete: true, mostEnded: 100, ...more });
  assert.ok(
    "look" in value,
    "problems" in value ? value.problems.map(({ path, sv }) => `${path} ${sv}`).join("\n") : "",
  );
  return value.look;
}

async function apply(text: string, more: Partial<ApplyAsk> = {}): Promise<Applied> {
  const ask = { text, isComplete: true, mostEnded: 100, by: "Kim Katalog", ...more };
  const token = more.token ?? (await look(text, more)).token;
  return applyDirectory(visit, { ...ask, token });
}

async function refusal(text: string, more: Partial<ApplyAsk>): Promise<string> {
  const applied = await applyDirectory(visit, { text, isComplete: true, mostEnded: 5, by: "Kim", token: "", ...more });
  assert.equal(applied.outcome, "refused");
  return applied.problems.map(({ path, sv }) => `${path} ${sv}`).join("\n");
}

async function stored(): Promise<Directory> {
  return (await readHere(visit)).value.directory;
}

/** What a whole file means, by itself. */
function meaning(text: string): Directory {
  const read = readSource(text);
  assert.ok("source" in read);
  const judged = targetOf(read.source, EMPTY, "2026-11-21");
  assert.ok("target" in judged);
  return judged.target;
}

/** In an order that does not depend on where it came from. */
function plain(directory: Directory): unknown {
  const ordered = (value: unknown): unknown =>
    typeof value === "object" && value !== null && !Array.isArray(value)
      ? Object.fromEntries(
          Object.entries(value)
            .toSorted(([a], [b]) => (a < b ? -1 : 1))
            .map(([k, v]) => [k, ordered(v)]),
        )
      : value;
  return Object.fromEntries(
    Object.entries(directory).map(([kind, map]) => [kind, ordered(Object.fromEntries(map as Map<string, unknown>))]),
  );
}

async function versions(): Promise<unknown> {
  const tables = TABLES.map((table) => `SELECT '${table}' AS type, id, version FROM ${table}`);
  return journal.sql(`${tables.join(" UNION ALL ")} ORDER BY 1, 2, 3`);
}

async function resource(type: string, hsaId: string): Promise<JsonObject[]> {
  const rows = await journal.sql<{ content: string }>(`SELECT content FROM ${type} WHERE content LIKE $1 ORDER BY id`, [
    `%"${hsaId}"%`,
  ]);
  return rows.map(({ content }) => JSON.parse(content) as JsonObject);
}

test("CLIN-DIRECTORY-4 and CLIN-DIRECTORY-5 preview tells what changes and writes nothing, and what is stored means what the file means", async () => {
  await clear();
  const before = await versions();
  const first = await look(exampleText());
  assert.deepEqual(await versions(), before);
  const { providers, units, roles, people, assignments } = countsOf(first.plan);
  const opened = [providers, units, roles, people, assignments].map((one) => one["opened"]);
  assert.deepEqual(opened, [1, 3, 4, 4, 6]);
  const text = previewLines(first).join("\n");
  assert.match(
    text,
    /Uppdrag vid Medicinkliniken, Region Exempel \(.*0110\)\n {2}får: Exempla Påhittsson \(.*P001\), Läkare, Vård och behandling, 2024-01-01 till tills vidare/,
  );
  assert.match(text, /får: Testa Låtsas .*, Läkarstuderande, studerande \(.*P001\)/);
  assert.match(text, /Skyddad identitet \(.*P004\)/);
  assert.doesNotMatch(text + JSON.stringify(previewChanges(first)), /Hemlig|Exempelsson/);
  assert.deepEqual(await apply(exampleText()), { outcome: "applied", resources: 17, transactions: 1 });
  assert.deepEqual(plain(await stored()), plain(meaning(exampleText())));
  const again = await look(exampleText());
  assert.deepEqual([countsOf(again.plan).assignments["kept"], again.plan.current, again.plan.losing], [6, 6, 0]);
});

test("CLIN-DIRECTORY-5 who gets, keeps, changes and loses is told by unit, and moves are told as moves", async () => {
  await clear();
  await apply(exampleText());
  const file = example();
  Object.assign(file.commission[4] ?? {}, { healthCareUnitHsaId: `${ID}-0110` });
  Object.assign(membersOf(file, 1)[0] ?? {}, { endDate: "2027-12-31" });
  membersOf(file, 1).pop();
  file.healthCareUnit.pop();
  file.healthCareUnit[1] = { ...file.healthCareUnit[1], parentHsaId: undefined };
  const next = await look(counted(file));
  const text = previewLines(next).join("\n");
  assert.match(text, /flyttar: Medicinkliniken.*del av: Exempelsjukhuset.* → Region Exempel/);
  assert.match(text, /stänger: Vårdcentralen Norr/);
  assert.match(text, /får \(flyttar hit\): Exempla/);
  assert.match(text, /mister \(flyttar härifrån\): Exempla/);
  assert.match(text, /ändras: Fiktor Provberg .*tid: 2024-01-01 till tills vidare → 2024-01-01 till 2027-12-31/);
  assert.match(text, /mister: Skyddad identitet/);
  assert.match(text, /behåller: 3 uppdrag/);
  assert.deepEqual([next.plan.current, next.plan.losing], [6, 1]);
  await apply(counted(file));
  assert.deepEqual(plain(await stored()), plain(meaning(counted(file))));
});

test("CLIN-DIRECTORY-6 what a file does not name ends only when the file is whole, counted, and not more ends than may", async () => {
  await clear();
  await apply(exampleText());
  const part = counted({
    ...example(),
    healthCareProvider: [],
    healthCareUnit: [],
    role: [],
    commission: [],
    person: [{ ...example().person[0], title: "Chefläkare" }],
  });
  const looked = await look(part, { isComplete: false });
  assert.deepEqual(countsOf(looked.plan).people, { opened: 0, changed: 1, closed: 0 });
  assert.equal(looked.plan.kept.length, 6);
  const { count: _count, ...uncounted } = JSON.parse(exampleText()) as Record<string, unknown>;
  assert.match(await refusal(JSON.stringify(uncounted), {}), /^count en hel katalog ska säga hur många/);
  const fewer = example();
  membersOf(fewer, 1).pop();
  const before = await versions();
  assert.match(await refusal(counted(fewer), {}), /1 av 6 uppdrag .*16,7 %, högst 5 %.*--most-ended 17/);
  assert.match(await refusal(counted(fewer), { mostEnded: 16 }), /1 av 6/);
  const ended = { ...example(), commission: [], person: [{ ...example().person[0], personEndDate: "2026-11-20" }] };
  assert.match(await refusal(counted(ended), { isComplete: false }), /av 6 uppdrag/);
  const { token } = await look(counted(fewer), { mostEnded: 17 });
  assert.match(await refusal(counted(fewer), { token }), /1 av 6/); // the guard stands at apply too
  assert.deepEqual(await versions(), before);
  assert.equal((await apply(counted(fewer), { mostEnded: 17 })).outcome, "applied");
});

test("CLIN-DIRECTORY-7 nothing is deleted, what the directory has no word for is kept, and a new protection takes the name out of every assignment", async () => {
  await clear();
  await apply(exampleText());
  const [unit = {}] = await resource("organization", `${ID}-0110`);
  await journal.put({ ...unit, telecom: [{ system: "phone", value: "010-123" }] }, null);
  const [before] = await resource("practitionerrole", `${ID}-U020`);
  assert.match(JSON.stringify(before), /Exempla/);
  const file = example();
  Object.assign(file.healthCareUnit[1] ?? {}, { healthCareUnitName: "Medicin Norr" });
  Object.assign(file.person[0] ?? {}, { protectedPerson: true });
  file.commission.pop();
  await apply(counted(file));
  const [renamed] = await resource("organization", `${ID}-0110`);
  assert.deepEqual(
    [renamed?.["name"], renamed?.["telecom"]],
    ["Medicin Norr", [{ system: "phone", value: "010-123" }]],
  );
  const [ended] = await resource("practitionerrole", `${ID}-U020`);
  assert.deepEqual([ended?.["active"], ended?.["period"]], [false, { start: "2026-01-01", end: "2026-11-21" }]);
  const [{ n } = { n: 0 }] = await journal.sql<{ n: number }>(
    "SELECT count(*)::int AS n FROM practitionerrole WHERE content ~ 'Exempla'",
  );
  assert.equal(n, 0);
  assert.equal((await journal.sql("SELECT 1 FROM history WHERE content IS NULL")).length, 0);
  await apply(exampleText());
  const [returned] = await resource("practitionerrole", `${ID}-U020`);
  assert.deepEqual([returned?.["active"], returned?.["id"]], [true, before?.["id"]]);
});

test("CLIN-DIRECTORY-7 an assignment without a commission is taken over by the one that says the same, and keeps its id", async () => {
  await clear();
  await apply(exampleText());
  const [role = {}] = await resource("practitionerrole", `${ID}-U010`);
  const { identifier: _identifier, extension: _extension, ...old } = role;
  await journal.put({ ...old, code: [{ text: "Läkare" }] }, null);
  const next = await look(exampleText());
  assert.deepEqual(
    [countsOf(next.plan).assignments, next.plan.losing],
    [{ opened: 0, changed: 1, closed: 0, kept: 5 }, 0],
  );
  await apply(exampleText());
  assert.equal((await resource("practitionerrole", `${ID}-U010`))[0]?.["id"], role["id"]);
  assert.deepEqual(plain(await stored()), plain(meaning(exampleText())));
});

test("CLIN-DIRECTORY-8 only what was previewed is applied, and applied again it changes nothing", async () => {
  await clear();
  const { token } = await look(exampleText());
  assert.match(await refusal(exampleText(), { token: "0".repeat(24) }), /--confirm filen eller katalogen är en annan/);
  assert.match(await refusal(exampleText(), { token, isComplete: false }), /--confirm/);
  assert.match(await refusal(exampleText().replace("Testa", "Prova"), { token }), /--confirm/);
  assert.equal((await apply(exampleText(), { token })).outcome, "applied");
  const after = await versions();
  assert.deepEqual(await apply(exampleText(), { token }), { outcome: "nothing" });
  assert.deepEqual(await versions(), after);
  const file = counted({ ...example(), person: example().person.map((one) => ({ ...one, title: "Chef" })) });
  const seen = await look(file);
  const [person = {}] = await resource("practitioner", `${ID}-P002`);
  await journal.put({ ...person, gender: "other" }, null);
  assert.match(await refusal(file, { token: seen.token }), /--confirm/);
});

test("CLIN-DIRECTORY-8 and CLIN-DIRECTORY-9 of two who apply at once one does it, the other is told, and nothing is there twice", async () => {
  await clear();
  const file = counted({ ...example(), person: example().person.map((one) => ({ ...one, title: "Chef" })) });
  const [one, other] = [await look(exampleText()), await look(file)];
  const outcomes = await Promise.all([apply(exampleText(), { token: one.token }), apply(file, { token: other.token })]);
  assert.deepEqual(outcomes.map(({ outcome }) => outcome).toSorted(), ["applied", "refused"]);
  const winner = outcomes[0]?.outcome === "applied" ? exampleText() : file;
  assert.deepEqual(plain(await stored()), plain(meaning(winner)));
});

test("CLIN-DIRECTORY-4 the roles lie where it is looked whether one of them rests on an analysis", () => {
  assert.equal(directoryId("roles", ""), ROLE_SYSTEM_ID);
});

test("CLIN-DIRECTORY-9 who, from what and what is told by a Provenance of the same transaction, and the access log has it", async () => {
  await clear();
  await apply(exampleText());
  const [provenance] = await journal.sql<{ content: string }>("SELECT content FROM provenance");
  const { agent, target, entity } = JSON.parse(provenance?.content ?? "{}") as {
    agent: { who: { display: string } }[];
    target: unknown[];
    entity: unknown[];
  };
  assert.deepEqual([agent[0]?.who.display, target.length, entity.length], ["Kim Katalog", 17, 1]);
  const log = await journal.log(visit.request);
  assert.ok(log.some(({ action, outcome }) => action === "create" && outcome === "granted"));
  assert.ok(log.some(({ action }) => action === "search"));
});

test("CLIN-DIRECTORY-9 what is too large for a transaction keeps each person whole, and is taken up again where it stopped", async () => {
  await clear();
  const { here, plan, today } = await look(exampleText());
  const work = workOf(here, plan, today);
  const batches = batchesOf(work, 4);
  assert.equal(batches.flat().length, 17);
  assert.ok(batches.length > 4 && batches.every((batch) => batch.length <= 4));
  for (const group of work.people)
    assert.equal(batches.filter((batch) => group.some((one) => batch.includes(one))).length, 1);
  let calls = 0;
  const stop = new Error("the power went");
  const broken = apply(exampleText(), {
    atOnce: 4,
    onProgress: () => {
      calls += 1;
      if (calls === 3) throw stop;
    },
  });
  await assert.rejects(broken, stop);
  const half = await stored();
  assert.ok(half.duties.size < 6);
  const left = await look(exampleText());
  assert.ok(left.plan.losing === 0 && countsOf(left.plan).providers["opened"] === 0);
  const { outcome } = await apply(exampleText(), { atOnce: 4 });
  assert.equal(outcome, "applied");
  assert.deepEqual(plain(await stored()), plain(meaning(exampleText())));
});

test("CLIN-DIRECTORY-9 a transaction that is refused leaves nothing of itself", async () => {
  await clear();
  const { token } = await look(exampleText());
  await journal.sql(
    "CREATE FUNCTION stop_now() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'stop'; END $$",
  );
  await journal.sql("CREATE TRIGGER stop_now BEFORE INSERT ON provenance FOR EACH ROW EXECUTE FUNCTION stop_now()");
  await assert.rejects(apply(exampleText(), { token }));
  await journal.sql("DROP TRIGGER stop_now ON provenance");
  assert.deepEqual(await versions(), []);
  assert.equal((await apply(exampleText(), { token })).outcome, "applied");
});

test("CLIN-DIRECTORY-4 and CLIN-DIRECTORY-8 of generated directories, A and then B is B, and B again is nothing", async () => {
  await fc.assert(
    fc.asyncProperty(directories, directories, fc.integer({ min: 3, max: 60 }), async (one, other, atOnce) => {
      await clear();
      for (const file of [one, other] satisfies SourceFile[]) {
        const text = usable(file);
        const applied = await apply(text, { atOnce });
        assert.notEqual(applied.outcome, "refused");
        assert.deepEqual(plain(await stored()), plain(meaning(text)));
        const before = await versions();
        assert.deepEqual(await apply(text), { outcome: "nothing" });
        assert.deepEqual(await apply(text, { isComplete: false }), { outcome: "nothing" });
        assert.deepEqual(await versions(), before);
      }
    }),
    { seed: SEED, numRuns: 12 },
  );
});

/** Without the members whose assignment would hold on no day: the file is refused for those. */
function usable(file: SourceFile): string {
  for (let rest = file; ;) {
    const read = readSource(counted(rest));
    assert.ok("source" in read);
    const judged = targetOf(read.source, EMPTY, "2026-11-21");
    if ("target" in judged) return counted(rest);
    const [, at = "", of = ""] = /^commission\[(\d+)\]\.member\[(\d+)\]/.exec(judged.problems[0]?.path ?? "") ?? [];
    assert.match(judged.problems[0]?.sv ?? "", /gäller ingen dag/);
    const commission = rest.commission.map((one, n) =>
      n === Number(at) ? { ...one, member: (one["member"] as unknown[]).filter((_, m) => m !== Number(of)) } : one,
    );
    rest = { ...rest, commission };
  }
}
