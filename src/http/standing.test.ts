/** Rules of SPEC.md: sessions of people whose assignments end or change while they are signed in. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { applyDirectory, lookAtDirectory, readStaff } from "../clinical/index.ts";
import { counted, example, exampleText, keeper, membersOf } from "../clinical/testing/index.ts";
import { OURS, patient, THEIRS } from "../journal/testing/index.ts";
import { serverOfTest } from "./testing/index.ts";

const server = await serverOfTest({ after });
const ID = "TSTNMT2321009999";

async function apply(text: string): Promise<void> {
  const ask = { text, isComplete: true, mostEnded: 100 };
  const { value } = await lookAtDirectory(keeper(server), ask);
  assert.ok("look" in value);
  const applied = await applyDirectory(keeper(server), { ...ask, by: "Kim Katalog", token: value.look.token });
  assert.equal(applied.outcome, "applied");
}

/** A session of a person at a unit, as signing in opens it. */
async function signIn(person: string, unit: string): Promise<string> {
  const { value: staff } = await readStaff(keeper(server));
  const found = staff.find(({ hsaId }) => hsaId === `${ID}-${person}`);
  const assignment = found?.assignments.find(({ unitHsaId }) => unitHsaId === `${ID}-${unit}`);
  assert.ok(found !== undefined && assignment !== undefined, `${person} at ${unit}`);
  const { id, name, title, hsaId } = found;
  const { token } = await server.sessions.open({ kind: "person", id, name, title, hsaId, assignment });
  return `eira_session=${token}`;
}

async function reads(cookie: string): Promise<number> {
  return (await server.call("GET", "Patient/p1", { cookie })).status;
}

test("HTTP-SESSION-6 whoever loses an assignment, or is withdrawn, is refused within five seconds; the others go on", async () => {
  await server.put(patient("p1"));
  await apply(exampleText());
  const [chief, north, nurse, hidden] = [
    await signIn("P001", "0110"),
    await signIn("P001", "0120"),
    await signIn("P002", "0110"),
    await signIn("P004", "0110"),
  ];
  assert.deepEqual(await Promise.all([chief, north, nurse, hidden].map(reads)), [200, 200, 200, 200]);
  const file = example();
  file.commission.pop(); // P001 at 0120
  membersOf(file, 1).pop(); // P004, who is also withdrawn
  file.person.pop();
  Object.assign(membersOf(file, 1)[0] ?? {}, { endDate: "2026-11-20" }); // P002: yesterday was the last day
  file.commission.splice(3, 1); // P002's delegation too
  await apply(counted(file));
  server.clock.forward(5_001);
  assert.deepEqual(await Promise.all([chief, north, nurse, hidden].map(reads)), [200, 403, 403, 403]);
  const told = await server.call("GET", "/api/session", { cookie: north });
  assert.equal(told.status, 403);
  assert.match(told.text, /Medarbetaruppdraget gäller inte längre/);
  const log = await server.log();
  const refused = log.filter(({ outcome, actor }) => outcome === "refused" && actor === `${ID}-P004`);
  assert.ok(refused.some(({ ground }) => ground.includes("Medarbetaruppdraget gäller inte längre")));
  assert.equal((await server.call("POST", "/api/sign-out", { cookie: north, body: {} })).status, 204);
  await apply(exampleText());
  server.clock.forward(5_001);
  assert.deepEqual(await Promise.all([chief, nurse, hidden].map(reads)), [200, 200, 200]);
});

test("HTTP-SIGN-IN-3 staff with a protected identity stand in the list of people without their names", async (t) => {
  const demo = await serverOfTest(t, { demo: true });
  const ask = { text: exampleText(), isComplete: true, mostEnded: 100 };
  const { value } = await lookAtDirectory(keeper(demo), ask);
  assert.ok("look" in value);
  await applyDirectory(keeper(demo), { ...ask, by: "Kim", token: value.look.token });
  const { text } = await demo.call("GET", "/api/sign-in/people");
  assert.match(text, /Skyddad identitet/);
  assert.match(text, /Exempla Påhittsson/);
  assert.doesNotMatch(text, /Hemlig|Exempelsson/);
});

test("HTTP-SIGN-IN-4 a session of staff with a protected identity tells the HSA-id and not the name", async (t) => {
  const server = await serverOfTest(t);
  const hidden = { name: "Hemlig Exempelsson", protectedIdentity: true } as const;
  const told = await server.call("GET", "/api/session", { cookie: await server.cookie(OURS, {}, hidden) });
  assert.match(String(told.at("person.name")), /^Skyddad identitet \(SE/);
  assert.equal(told.at("person.isProtected"), true);
  assert.doesNotMatch(told.text, /Hemlig|Exempelsson/);
  const open = await server.call("GET", "/api/session", {
    cookie: await server.cookie(THEIRS, {}, { name: "Öppen Namnsson" }),
  });
  assert.deepEqual([open.at("person.name"), open.at("person.isProtected")], ["Öppen Namnsson", undefined]);
});
