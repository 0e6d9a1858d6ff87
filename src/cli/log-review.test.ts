/** Rules of src/http/SPEC.md and src/journal/access-log/SPEC.md about reviewing the log from screens, on a server with its long work. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { PERSONNUMMER_SYSTEM } from "../base/index.ts";
import { observation, OURS, patient, THEIRS, workActor } from "../journal/testing/index.ts";
import { ROUTES, type Answer } from "../http/testing/index.ts";
import { workingServer } from "./testing/long-work.ts";

const server = await workingServer({ after });
Object.assign(server.options, { knownPersons: () => new Set(["hidden"]) });
const HIDDEN = "Hemligsson";
const NUMBER = "191212121212";
const number = (value: string) => ({ identifier: [{ system: PERSONNUMMER_SYSTEM, value }] });
await server.put(patient("tove", number(NUMBER)));
await server.put(observation("o1", "Patient/tove"));
await server.put(
  patient("hidden", {
    ...number("200001252386"),
    name: [{ family: HIDDEN, given: ["Test"] }],
    meta: { security: [{ system: "http://hl7.se/fhir/ig/base/CodeSystem/SecurityLabel", code: "sekretessmarkering" }] },
  }),
);
const anna = await server.cookie();
const bo = await server.cookie(THEIRS);
for (const cookie of [anna, bo])
  for (const path of ["Patient/tove", "Observation/o1", "Patient/hidden", "Observation?patient=tove"])
    await server.call("GET", path, { cookie });
const reviewer = await server.cookie(OURS, {}, workActor("log-review"));
const theirs = await server.cookie(THEIRS, {}, workActor("log-review", THEIRS));
const keeper = await server.cookie(OURS, {}, workActor("directory"));

const API = "/api/log-review";
const get = (path: string, cookie = reviewer): Promise<Answer> => server.call("GET", `${API}/${path}`, { cookie });
const post = (path: string, body: unknown, cookie = reviewer): Promise<Answer> =>
  server.call("POST", `${API}/${path}`, { cookie, body, headers: { "content-type": "application/json" } });
const DAY = { from: "2026-11-20", to: "2026-11-21" };
const draw = (seed: string, cookie = reviewer): Promise<Answer> => post("samples", { ...DAY, size: 100, seed }, cookie);

type Task = {
  access: string;
  person: string;
  risk: number;
  findings: { rule: string; explanation: string }[];
  patient: { id: string; name: string | null; number: string | null; isProtected: boolean };
  verdict: { outcome: string; turn: number } | null;
};
const tasks = async (query = "", cookie = reviewer): Promise<Task[]> =>
  (await get(`accesses${query}`, cookie)).at("items") as Task[];

test("HTTP-API-REVIEW-1 and JRN-LOG-DRAW-1 a sample is drawn once however often it is asked for, and lists what is to be reviewed with its reasons", async () => {
  const [first, second] = [await draw("höst 1"), await draw("höst 1")];
  assert.deepEqual([first.status, first.at("state"), second.at("state")], [200, "done", "done"], first.text);
  assert.equal(first.at("sample"), second.at("sample"));
  const samples = (await get("samples")).at("items") as { id: string; seed: string; items: number }[];
  assert.deepEqual(
    samples.map(({ seed, id }) => [seed, id]),
    [["höst 1", first.at("sample")]],
  );
  const all = await tasks();
  assert.equal(all.length, samples[0]?.items);
  assert.deepEqual([...new Set(all.map(({ person }) => person))], ["Anna Ek, Överläkare"]);
  assert.deepEqual(
    all.map(({ risk }) => risk),
    all.map(({ risk }) => risk).toSorted((a, b) => b - a),
  );
  const tove = all.find((one) => one.patient.id === "tove");
  assert.deepEqual(tove?.patient, { id: "tove", name: "Tove Ek", number: NUMBER, isProtected: false });
  assert.ok(tove?.findings.some(({ rule, explanation }) => rule === "same-surname" && explanation.endsWith(".")));
  assert.deepEqual(
    (await tasks("?rule=same-surname")).map((one) => one.patient.id),
    ["tove"],
  );
  assert.equal((await tasks("?state=done")).length, 0);
  for (const bad of ["?rule=nonsense", "?state=maybe", "?after=x", "?outcome=x"])
    assert.equal((await get(`accesses${bad}`)).status, 400, bad);
  for (const bad of [
    { size: 0 },
    { size: 1001 },
    { seed: "" },
    { seed: "a\u0000" },
    { from: "2026-13-01" },
    { to: "2020-01-01" },
  ])
    assert.match(String((await post("samples", { ...DAY, size: 10, seed: "x", ...bad })).status), /^4(?:00|22)$/);
});

test("JRN-LOG-DRAW-2 well-known people weigh in a sample from a screen", async () => {
  const known = (await tasks("?rule=known-person")).map((one) => one.patient.id);
  assert.deepEqual(known, ["hidden"]);
});

test("HTTP-API-REVIEW-2 and JRN-LOG-DETAIL-1 and JRN-LOG-REVIEW-1 an access opens to what was read; outcomes are added, one of two at once, and never changed", async () => {
  const access = (await tasks()).find((one) => one.patient.id === "tove")?.access ?? "";
  const detail = await get(`accesses/${access}`);
  const lines = detail.at("lines") as { action: string; what: string[]; ground: string; time: string }[];
  assert.ok(lines.some(({ what }) => what.includes("Observation/o1/_history/1") || what.includes("Observation/o1")));
  assert.ok(lines.every(({ ground, time }) => ground.length > 5 && time.startsWith("2026-11-21")));
  assert.deepEqual(detail.at("verdicts"), []);
  const judge = (body: unknown): Promise<Answer> => post(`accesses/${access}/outcome`, body);
  const done = await judge({ outcome: "unclear", note: "Frågar enheten.", seen: 0 });
  assert.deepEqual([done.status, done.at("verdicts.0.outcome"), done.at("verdicts.0.turn")], [200, "unclear", 1]);
  assert.equal((await judge({ outcome: "unclear", note: "Frågar enheten.", seen: 0 })).status, 200); // a second click
  const raced = await Promise.all(
    ["justified", "unjustified"].map((outcome) => judge({ outcome, note: "Svar från enheten.", seen: 1 })),
  );
  assert.deepEqual(
    raced.map(({ status }) => status).toSorted((a, b) => a - b),
    [200, 409],
  );
  assert.equal(((await get(`accesses/${access}`)).at("verdicts") as unknown[]).length, 2);
  for (const bad of [{ outcome: "x" }, { note: " " }, { seen: -1 }, { seen: 0.5 }, { seen: "a" }])
    assert.equal((await judge({ outcome: "justified", note: "n", seen: 2, ...bad })).status, 422, JSON.stringify(bad));
  const rows = await server.sql("SELECT outcome, reviewer FROM access_review ORDER BY turn");
  assert.equal(rows.length, 2);
  assert.ok(rows.every(({ reviewer: who }) => who === workActor("log-review").hsaId));
  const logged = (await server.log()).filter(({ action }) => action === "review access");
  assert.deepEqual(
    [...new Set(logged.map(({ patient: whose, purpose, ground }) => `${whose} ${purpose} ${ground.split(" ")[0]}`))],
    ["tove Kvalitetssäkring ACC-LOG-REVIEW", "null Kvalitetssäkring redan"],
  );
});

test("JRN-LOG-TASK-1 and JRN-LOG-TASK-2 and HTTP-API-REVIEW-3 whose records were listed is in the log, protected people are told by nothing, and others' staff are not there", async () => {
  const before = (await server.log()).length;
  const list = await get("accesses");
  const rows = (await server.log()).slice(before);
  assert.deepEqual(rows.map(({ patient: whose }) => `${whose}`).toSorted(), ["hidden", "tove"]);
  const hidden = (await tasks()).find((one) => one.patient.id === "hidden");
  assert.deepEqual(hidden?.patient, { id: "hidden", name: null, number: null, isProtected: true });
  const detail = await get(`accesses/${hidden?.access}`);
  const extract = await get("extract?patient=20000125-2386");
  assert.equal(extract.status, 200);
  for (const { text } of [list, detail, extract, await get("statistics"), await get("samples")])
    assert.doesNotMatch(text, /Hemligsson|2386/);
  assert.deepEqual(await tasks("", theirs), []);
  assert.equal((await get(`accesses/${hidden?.access}`, theirs)).status, 404);
  const judged = await post(`accesses/${hidden?.access}/outcome`, { outcome: "justified", note: "n", seen: 0 }, theirs);
  assert.equal(judged.status, 404);
  assert.equal((await draw("deras", theirs)).at("state"), "done");
  const own = await tasks("", theirs);
  assert.deepEqual([...new Set(own.map(({ person }) => person))], ["Bo Hägglund, Sjuksköterska"]);
  assert.ok((await tasks()).every(({ person }) => person.startsWith("Anna")));
});

test("JRN-LOG-TASK-3 every emergency access is reviewed, exactly once, with the reason that was given", async () => {
  const { careProvider, careUnit } = OURS;
  const employee = (await server.log()).find(({ person }) => person?.startsWith("Anna"))?.actor ?? "";
  await server.sql(
    `INSERT INTO care_fact (id, patient, kind, care_provider, care_unit, employee, reason, since, until, registered, registered_by)
     VALUES ('nod1', 'tove', 'emergency', $1, $2, $3, 'Medvetslös.', '2026-11-21T09:00:00Z', '2026-11-21T21:00:00Z', '2026-11-21T09:00:00Z', $3)`,
    [careProvider, careUnit, employee],
  );
  await server.sql("INSERT INTO emergency_review VALUES ('nod1', 'tove', $1, $2, $3, '2026-11-21T09:00:00Z')", [
    careProvider,
    careUnit,
    employee,
  ]);
  const before = await tasks("?rule=emergency");
  assert.deepEqual(
    before.map(({ access, person, findings }) => [access, person, findings[0]?.explanation]),
    [["emergency-nod1", "Anna Ek, Överläkare", "Nödöppning: Medvetslös."]],
  );
  assert.equal((await tasks())[0]?.access, "emergency-nod1");
  assert.deepEqual(await tasks("?rule=emergency", theirs), []);
  const lines = (await get("accesses/emergency-nod1")).at("lines") as unknown[];
  assert.ok(lines.length > 0);
  const judged = await post("accesses/emergency-nod1/outcome", { outcome: "justified", note: "Akut.", seen: 0 });
  assert.equal(judged.status, 200);
  assert.deepEqual(
    (await tasks("?rule=emergency&state=done")).map(({ verdict }) => verdict?.outcome),
    ["justified"],
  );
  assert.equal((await draw("efter nöd")).at("state"), "done");
  assert.equal((await tasks("?rule=emergency")).length, 1);
});

test("HTTP-API-REVIEW-4 and JRN-LOG-FILE-1 and JRN-LOG-EXTRACT-5 statistics and a patient's extract, as answers and as files", async () => {
  const statistics = await get("statistics?from=2026-11&to=2026-11");
  const [month] = statistics.at("months") as { sampled: number; unjustified: number; justified: number }[];
  assert.deepEqual([month?.sampled, (month?.justified ?? 0) + (month?.unjustified ?? 0)], [(await tasks()).length, 2]);
  const csv = await get("statistics?from=2026-11&to=2026-11&format=csv");
  assert.match(csv.text, /^\ufeffMånad;Vårdenhet;Regel;[^]*\r\n2026-11;/);
  assert.match(
    String(csv.headers["content-disposition"]),
    /attachment; filename="logggranskning-2026-11-2026-11\.csv"/,
  );
  assert.equal((await get("statistics?from=2026-13")).status, 400);
  const extract = await get(`extract?patient=${NUMBER}`);
  assert.deepEqual([extract.status, extract.at("patient.name")], [200, "Tove Ek"]);
  assert.ok((extract.at("lines") as unknown[]).length > 3);
  assert.match((await get("extract?patient=19121212-1212&format=csv")).text, /^\ufeffTid;Namn;/);
  assert.equal((await get("extract?patient=tove")).status, 200);
  for (const unknown of ["", "Tove", "19121212-1213", "never"])
    assert.equal((await get(`extract?patient=${unknown}`)).status, 404, unknown);
});

test("HTTP-API-REVIEW-5 whoever may not wait is told that the sample will come, and a lost server loses none", async () => {
  await server.work.stop();
  const asked = await server.call("POST", `${API}/samples?wait=0`, {
    cookie: reviewer,
    body: { ...DAY, size: 5, seed: "sen" },
    headers: { "content-type": "application/json" },
  });
  assert.deepEqual([asked.status, asked.at("state")], [200, "queued"]);
  assert.equal((await get(`jobs/${String(asked.at("job"))}`)).at("state"), "queued");
  for (const cookie of [anna, theirs, keeper])
    assert.ok([403, 404].includes((await get(`jobs/${String(asked.at("job"))}`, cookie)).status));
});

test("ACC-WORK-2 and HTTP-API-REVIEW-6 sessions for care review nothing, and those for other work get no route but their own", async () => {
  const own = { [reviewer]: "/api/log-review/", [keeper]: "/api/directory" };
  const ofAnybody =
    /^\/api\/(?:session|sessions|sign-|auth|apps)|^\/fhir\/R4\/metadata$|^\/(?:healthz|readyz|oauth|auth)/;
  let refused = 0;
  for (const { method, path, rule } of ROUTES) {
    if (rule === "public" || ofAnybody.test(path)) continue;
    const called = path
      .replace(":type", "Patient")
      .replace(":id", "tove")
      .replace(":section", "timeline")
      .replace(/:\w+/g, "x")
      .replace(/^\/api\/patients$/, "/api/patients?q=Tove");
    const body = method === "GET" || method === "DELETE" ? {} : { body: { resourceType: "Patient" } };
    for (const cookie of [reviewer, keeper, anna]) {
      if (cookie === anna ? !path.startsWith("/api/log-review/") : path.startsWith(own[cookie] ?? "/")) continue;
      const answer = await server.call(method, called, { cookie, ...body });
      const isTerminology = /\$(?:lookup|validate-code|expand|translate|subsumes|closure|versions|find-matches)/.test(
        path,
      );
      assert.ok(
        answer.status >= 400 || isTerminology,
        `${method} ${called} → ${answer.status} ${answer.text.slice(0, 200)}`,
      );
      assert.doesNotMatch(answer.text, /Tove|Hemligsson/);
      if (answer.status === 403) refused += 1;
    }
  }
  assert.ok(refused > 100, String(refused));
});
