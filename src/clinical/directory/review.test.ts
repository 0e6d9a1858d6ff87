import assert from "node:assert/strict";
import { test } from "node:test";
import { journalOfTest } from "../../journal/testing/index.ts";
import { applyDirectory, lookAtDirectory, readStaff, reviewDirectory, type Finding } from "../index.ts";
import { exampleText, keeper } from "../testing/index.ts";

const ID = "TSTNMT2321009999";

test("CLIN-REVIEW-1 old and missing analyses, assignments without end, many units and sessions that should have ended", async (t) => {
  const journal = await journalOfTest(t);
  const visit = keeper(journal);
  const ask = { text: exampleText(), isComplete: true, mostEnded: 5, by: "Kim" };
  const { value } = await lookAtDirectory(visit, ask);
  assert.ok("look" in value);
  await applyDirectory(visit, { ...ask, token: value.look.token });
  const found = async (months: number, units: number): Promise<readonly Finding[]> =>
    (await reviewDirectory(visit, { months, units })).value;
  const keys = (all: readonly Finding[], kind: Finding["kind"]): string[] =>
    all.filter((one) => one.kind === kind).map(({ key }) => key.replace(`${ID}-`, ""));
  const usual = await found(12, 3);
  assert.deepEqual(keys(usual, "old-analysis"), []);
  assert.deepEqual(keys(usual, "no-analysis"), ["forskare"]);
  assert.deepEqual(keys(usual, "no-end").toSorted(), ["P001", "P002", "P004"]);
  assert.deepEqual([keys(usual, "many-units"), keys(usual, "ended-session")], [[], []]);
  assert.doesNotMatch(JSON.stringify(usual), /Hemlig|Exempelsson/);
  const strict = await found(8, 1);
  assert.deepEqual(keys(strict, "old-analysis"), ["lakare", "sjukskoterska", "lakarstuderande"]);
  assert.match(strict[0]?.sv ?? "", /Läkare: analys BRA-2026-014 är från 2026-03-02 \(2 uppdrag\)/);
  assert.deepEqual(keys(strict, "many-units"), ["P001"]);

  const { value: staff } = await readStaff(visit);
  const chief = staff.find(({ hsaId }) => hsaId === `${ID}-P001`);
  const assignment = chief?.assignments.find(({ unitHsaId }) => unitHsaId === `${ID}-0120`);
  assert.ok(chief !== undefined && assignment !== undefined);
  const { id, name, title, hsaId } = chief;
  const actor = { kind: "person", id, name, title, hsaId, assignment };
  await journal.store.addSession("a-token-of-the-chief", actor, new Date(journal.clock().getTime() + 3_600_000));
  const role = await journal.sql<{ content: string }>("SELECT content FROM practitionerrole WHERE id = $1", [
    assignment.id,
  ]);
  const old = JSON.parse(role[0]?.content ?? "{}") as Record<string, never>;
  await journal.put({ ...old, active: false, code: [{ text: "Jourläkare" }] }, null);
  assert.deepEqual(keys(await found(12, 3), "ended-session"), ["P001"]);
  await journal.put({ ...old, code: [{ text: "Jourläkare" }] }, null);
  assert.deepEqual(keys(await found(12, 3), "no-analysis"), ["forskare", "Jourläkare"]);
});
