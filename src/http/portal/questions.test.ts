/** Rules JRN-LOG-QUESTION of the log's own SPEC.md: what patients ask about an access reaches a reviewer, and the answer the patient. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { observation, OURS, THEIRS, workActor } from "../../journal/testing/index.ts";
import { serverOfTest, type Answer } from "../testing/index.ts";
import { doorOf, putPerson, type Door } from "./testing.ts";

const server = await serverOfTest({ after });
const DAY_MS = 86_400_000;
const API = "/api/log-review";
type Caller = { get(path: string): Promise<Answer>; post(path: string, body: unknown): Promise<Answer> };

/** A session of its own for each test, since the clock goes on. */
async function reviewing(
  owner: typeof OURS | typeof THEIRS = OURS,
  person = workActor("log-review", owner),
): Promise<Caller> {
  const cookie = await server.cookie(owner, {}, person);
  return {
    get: (path) => server.call("GET", `${API}/${path}`, { cookie }),
    post: (path, body) => server.call("POST", `${API}/${path}`, { cookie, body }),
  };
}

type Question = {
  id: string;
  version: number;
  words: string;
  state: string;
  unit: string;
  isLate: boolean;
  isOwnAccess: boolean;
  person: string | null;
  owner: { name: string; isMine: boolean } | null;
  patient: { name: string | null; number: string | null; isProtected: boolean };
  answers: { text: string; by: string | null; time: string | null }[];
};
const listed = async (caller: Caller, query = ""): Promise<Question[]> => (await caller.get(`questions${query}`)).at("items") as Question[]; // prettier-ignore
const seenAtDoor = async (door: Door): Promise<Question[]> => (await door.get("questions")).at("items") as Question[];

/** Somebody reads a patient's record, and the patient asks about it. */
async function asked(id: string, words: string, reader = server.cookie()): Promise<Door> {
  await putPerson(server, id, "1970-01-01");
  await server.put(observation(`${id}-o`, `Patient/${id}`));
  const cookie = await reader;
  assert.equal((await server.call("GET", `Observation/${id}-o`, { cookie })).status, 200);
  const door = await doorOf(server, id);
  const lines = (await door.get("log")).at("items") as { id: string; title: string; isAtDoor: boolean }[];
  const line = lines.find(({ isAtDoor, title }) => !isAtDoor && title !== "System")?.id;
  assert.equal((await door.post("questions", { line, words })).status, 200);
  return door;
}

test("JRN-LOG-QUESTION-1 a patient's question waits on the list of the care provider whose access it is about, the oldest first, with its day, until it is answered", async () => {
  const gun = await reviewing();
  await asked("q-one", "Varför läste ni?");
  server.clock.forward(1000);
  await asked("q-two", "");
  const all = await listed(gun);
  assert.deepEqual(
    all.map(({ words, state, unit, person, isLate, owner }) => [words, state, unit, person, isLate, owner]),
    [
      ["Varför läste ni?", "sent", "Medicinkliniken", "Anna Ek, Överläkare", false, null],
      ["", "sent", "Medicinkliniken", "Anna Ek, Överläkare", false, null],
    ],
  );
  assert.deepEqual((await gun.get("questions")).at("counts"), { open: 2, late: 0 });
  assert.deepEqual((await gun.get("accesses")).at("questions"), { open: 2, late: 0 });
  const one = await gun.get(`questions/${all[0]?.id}`);
  assert.deepEqual(
    [one.status, one.at("question.words"), one.at("line.types"), one.at("line.action")],
    [200, "Varför läste ni?", ["Observation"], "read"],
  );
  // Another care provider's reviewer has none of them, and is told of none.
  const theirs = await reviewing(THEIRS);
  assert.deepEqual(await listed(theirs), []);
  assert.deepEqual([(await theirs.get(`questions/${all[0]?.id}`)).status, (await theirs.get("questions/never")).status], [404, 404]); // prettier-ignore
  assert.equal((await theirs.post(`questions/${all[0]?.id}/answers`, { words: "Nej", seen: 1 })).status, 404);
  for (const bad of ["?state=x", "?after=x", "?after=2026-11-21T00:00:00.000Z%20a%2Fb"])
    assert.equal((await gun.get(`questions${bad}`)).status, 400, bad);
  // The day has been, and nobody has answered: it stays, and says so.
  server.clock.forward(31 * DAY_MS);
  const later = await reviewing();
  assert.deepEqual(
    (await listed(later)).map(({ isLate }) => isLate),
    [true, true],
  );
  assert.deepEqual((await later.get("questions")).at("counts"), { open: 2, late: 2 });
});

test("JRN-LOG-QUESTION-2 who takes a question owns it, the patient sees that and then the answer; a second answer is added and takes nothing away", async () => {
  const gun = await reviewing();
  const door = await asked("q-answer", "Vem är Anna?");
  const [question] = (await listed(gun)).filter(({ words }) => words === "Vem är Anna?");
  assert.ok(question);
  const path = `questions/${question.id}`;
  const taken = await gun.post(`${path}/owner`, { seen: question.version });
  assert.deepEqual([taken.status, taken.at("question.owner")], [200, { name: "Gun Logg, logggranskare", isMine: true }]); // prettier-ignore
  assert.deepEqual([(await seenAtDoor(door))[0]?.state, (await seenAtDoor(door))[0]?.unit], ["taken", "Medicinkliniken"]); // prettier-ignore
  const version = Number(taken.at("question.version"));
  assert.equal((await gun.post(`${path}/owner`, { seen: 1 })).at("question.version"), version); // mine already
  assert.equal((await gun.post(`${path}/answers`, { words: "För sent läst", seen: question.version })).status, 412);
  for (const words of ["", "  ", "x".repeat(4001)])
    assert.equal((await gun.post(`${path}/answers`, { words, seen: version })).status, 422, JSON.stringify(words));
  const both = await Promise.all([1, 2].map(() => gun.post(`${path}/answers`, { words: "Hon var jour.", seen: version }))); // prettier-ignore
  assert.ok(both.some(({ status }) => status === 200) && both.every(({ status }) => [200, 412].includes(status)));
  assert.equal((await gun.post(`${path}/answers`, { words: "Hon var jour.", seen: version })).status, 200); // done already
  const [told] = await seenAtDoor(door);
  assert.deepEqual([told?.state, told?.answers.map(({ text, by }) => [text, by])], ["answered", [["Hon var jour.", "Gun Logg, logggranskare"]]]); // prettier-ignore
  assert.ok(!(await listed(gun)).some(({ id }) => id === question.id));
  const [done] = await listed(gun, "?state=done");
  assert.equal(done?.id, question.id);
  assert.equal((await gun.post(`${path}/answers`, { words: "Hon ringer dig.", seen: done?.version })).status, 200);
  assert.deepEqual(
    (await seenAtDoor(door))[0]?.answers.map(({ text }) => text),
    ["Hon var jour.", "Hon ringer dig."],
  );
  const rows = (await server.log()).filter(({ patient, actor }) => patient === "q-answer" && actor === workActor("log-review").hsaId); // prettier-ignore
  for (const action of ["read questions", "take question", "answer question"])
    assert.ok(
      rows.some((row) => row.action === action && row.ground.startsWith("ACC-LOG-REVIEW")),
      action,
    );
});

test("JRN-LOG-QUESTION-3 nobody answers for their own access; who has protected identity is named neither to the reviewer nor to the patient", async () => {
  const gun = await reviewing();
  const own = workActor("log-review");
  // Who reviews has been at the patient too, in another assignment.
  await asked("q-own", "Var det du?", server.cookie(OURS, {}, { id: own.id, name: own.name, hsaId: own.hsaId }));
  const [mine] = (await listed(gun)).filter(({ words }) => words === "Var det du?");
  assert.equal(mine?.isOwnAccess, true);
  for (const [what, body] of [
    ["owner", {}],
    ["answers", { words: "Jag" }],
  ] as const) {
    const refused = await gun.post(`questions/${mine?.id}/${what}`, { ...body, seen: mine?.version });
    assert.deepEqual([refused.status, /ACC-LOG-REVIEW-OWN/.test(refused.text)], [403, true]);
  }
  const hidden = { id: "hidden", name: "Gömd Person", hsaId: "SE-GOMD-1", protectedIdentity: true } as const;
  const door = await asked("q-hidden", "Vem?", server.cookie(OURS, { id: "assignment-h" }, hidden));
  const other = await reviewing(OURS, { ...workActor("log-review"), id: "rev-h", hsaId: "SE-GOMD-2", name: "Lönn Lig", protectedIdentity: true }); // prettier-ignore
  const [asking] = (await listed(other)).filter(({ words }) => words === "Vem?");
  assert.equal(asking?.person, "Skyddad identitet");
  assert.equal((await other.post(`questions/${asking?.id}/answers`, { words: "En kollega.", seen: asking?.version })).status, 200); // prettier-ignore
  const said = JSON.stringify([await seenAtDoor(door), (await gun.get(`questions/${asking?.id}`)).text]);
  assert.doesNotMatch(said, /Gömd|SE-GOMD|Lönn/);
});

test("JRN-LOG-QUESTION-4 pages of questions leave none out, and those of a patient with protected identity name nobody", async () => {
  const gun = await reviewing();
  const security = [{ system: "http://hl7.se/fhir/ig/base/CodeSystem/SecurityLabel", code: "sekretessmarkering" }];
  await asked("q-secret", "Hur?");
  await putPerson(server, "q-secret", "1970-01-01", { meta: { security } });
  const [secret] = (await listed(gun)).filter(({ words }) => words === "Hur?");
  assert.deepEqual([secret?.patient.isProtected, secret?.patient.name, secret?.patient.number], [true, null, null]);
  const [template] = await server.sql<{ content: string }>("SELECT content FROM task WHERE patient = 'q-secret'");
  const task = JSON.parse(template?.content ?? "{}") as { authoredOn: string };
  for (let n = 0; n < 60; n += 1) await server.put({ ...task, resourceType: "Task", id: `q-many-${n}`, description: `många ${n}` }); // prettier-ignore
  const found: string[] = [];
  for (let after: string | null = ""; after !== null;) {
    const page: Answer = await gun.get(`questions?after=${encodeURIComponent(after)}`);
    found.push(...(page.at("items") as Question[]).map(({ id }) => id));
    after = page.at("next") as string | null;
  }
  assert.equal(new Set(found).size, found.length);
  assert.equal(found.filter((id) => id.startsWith("q-many-")).length, 60);
});
