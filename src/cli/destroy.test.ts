/** Rules CLI-DESTROY of SPEC.md: the commands, on an installation of the test's own. */
import assert from "node:assert/strict";
import { mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { HSA_SYSTEM } from "../base/index.ts";
import { commit } from "../journal/index.ts";
import { asUpdate, clientActor, OURS, patient, personActor } from "../journal/testing/index.ts";
import { journalOptions, withStore } from "./installation.ts";
import { Installation } from "./testing/index.ts";

const PEOPLE = [`${OURS.careUnit}-A`, `${OURS.careUnit}-B`] as const;
const CANARY = "Kanariefågel";

test("CLI-DESTROY-1, CLI-DESTROY-2, JRN-DESTROY-4 two people have a record destroyed, and restoring an older backup does not bring it back", async (t) => {
  const installation = await Installation.lent(t);
  const data = join(installation.folder, "data");
  const invocation = installation.invocation([], { print: () => 0, tell: () => 0, progress: () => 0, onStop: () => 0 });
  await withStore(invocation, async (store) => {
    const options = journalOptions(invocation.config, store, invocation.clock);
    const visit = { ...options, actor: clientActor("system/*.cruds", OURS), request: "test" };
    const staff = PEOPLE.map((value) => ({
      resourceType: "Practitioner",
      id: value,
      identifier: [{ system: HSA_SYSTEM, value }],
    }));
    const two = [patient("p1", { name: [{ family: CANARY }] }), patient("p2", { name: [{ family: "Ek" }] })];
    await commit(visit, [...staff, ...two].map((resource) => asUpdate(resource))); // prettier-ignore
    for (const hsaId of PEOPLE)
      await store.addSession(
        `token-${hsaId}`,
        { ...personActor(OURS), hsaId },
        new Date(invocation.clock().getTime() + 3_600_000),
      );
  });
  const run = async (...args: string[]): Promise<{ code: number; last: Record<string, unknown> }> => {
    const { code, printed } = await installation.run(...args);
    return { code, last: JSON.parse(printed.at(-1) ?? "{}") as Record<string, unknown> };
  };
  assert.equal((await run("backup", join(installation.folder, "before"))).code, 0);
  mkdirSync(join(data, "jobs", "export-1"), { recursive: true });
  writeFileSync(
    join(data, "jobs", "export-1", "Patient-1"),
    `{"resourceType":"Patient","id":"p1","name":[{"family":"${CANARY}"}]}`,
  );

  const decision = ["--decision", "3.2.1-1/2026", "--authority", "IVO", "--decided", "2026-01-02"];
  for (const bad of [
    ["destroy"],
    ["destroy", "propose", ...decision],
    ["destroy", "run"],
    ["destroy", "approve", "--id", "x"],
  ])
    assert.equal((await run(...bad)).code, 1, bad.join(" "));
  const { last: proposed } = await run("destroy", "propose", ...decision, "--patient", "p1", "--by", PEOPLE[0]);
  const id = String(proposed["id"]);
  assert.equal((await run("destroy", "approve", "--id", id, "--by", PEOPLE[0])).code, 1);
  assert.equal((await run("destroy", "approve", "--id", id, "--by", PEOPLE[1])).code, 0);
  const done = { id, decision: "3.2.1-1/2026", records: 1 };
  assert.deepEqual(await run("destroy", "run", "--id", id, "--rewrite"), { code: 0, last: { ...done, jobs: 1 } });
  assert.throws(() => statSync(join(data, "jobs", "export-1")), { code: "ENOENT" });
  assert.deepEqual(await run("destroy", "run", "--id", id), { code: 0, last: { ...done, jobs: 0 } });
  const [line, ...more] = readFileSync(join(data, "destroyed.ndjson"), "utf8").trim().split("\n");
  assert.deepEqual([more, line?.includes(CANARY)], [[], false]);
  const { last: listed } = await run("destroy", "list");
  assert.deepEqual([listed["proposedBy"], listed["approvedBy"], JSON.stringify(listed["line"])], [...PEOPLE, line]);

  const exported = async (of: Installation): Promise<string> => {
    assert.equal((await of.run("export", join(of.folder, "out"))).code, 0);
    return readFileSync(join(of.folder, "out", "Patient.ndjson"), "utf8");
  };
  const here = await exported(installation);
  assert.deepEqual([here.includes(CANARY), here.includes('"p2"')], [false, true]);
  const other = Installation.make(t);
  const list = join(data, "destroyed.ndjson");
  assert.equal(
    (await other.run("restore", join(installation.folder, "before"), "--destroyed", join(data, "no-such"))).code,
    1,
  );
  assert.equal((await other.run("restore", join(installation.folder, "before"), "--destroyed", list)).code, 0);
  assert.equal(await exported(other), here);
});
