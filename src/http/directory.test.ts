/** Rules HTTP-API-DIRECTORY, CLIN-KEEP and CLIN-REVIEW-2: the directory on a screen. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { counted, example, exampleText, membersOf } from "../clinical/testing/index.ts";
import { OURS, patient, workActor } from "../journal/testing/index.ts";
import { serverOfTest, type Answer } from "./testing/index.ts";

const server = await serverOfTest({ after });
await server.put(patient("p1"));
const KEEPER = workActor("directory");
const [keeper, clinician, reviewer] = [
  await server.cookie(OURS, {}, KEEPER),
  await server.cookie(),
  await server.cookie(OURS, {}, workActor("log-review")),
];
const API = "/api/directory";
const get = (path: string, cookie = keeper): Promise<Answer> => server.call("GET", `${API}${path}`, { cookie });
const post = (path: string, body: unknown, cookie = keeper): Promise<Answer> =>
  server.call("POST", `${API}${path}`, { cookie, body, headers: { "content-type": "application/json" } });
const ID = "TSTNMT2321009999";
const file = { text: exampleText(), isComplete: false, mostEnded: 100 };
const versions = () =>
  server.sql("SELECT id, version FROM practitionerrole UNION ALL SELECT id, version FROM practitioner ORDER BY 1");

test("HTTP-API-DIRECTORY-1 a source file is previewed with who gets what, and applied once; a second click changes nothing", async () => {
  const before = await versions();
  const seen = await post("/preview", file);
  assert.deepEqual([seen.status, seen.at("outcome"), seen.at("counts.assignments.opened")], [200, "preview", 6]);
  assert.match(seen.text, /får: Exempla Påhittsson/);
  assert.doesNotMatch(seen.text, /Hemlig|Exempelsson/);
  assert.deepEqual(await versions(), before);
  const apply = { ...file, token: seen.at("token") };
  assert.deepEqual((await post("/apply", { ...apply, token: "0" })).at("outcome"), "refused");
  const both = await Promise.all([post("/apply", apply), post("/apply", apply)]);
  const outcomes = both.map((answer) => String(answer.at("outcome"))).toSorted();
  assert.equal(outcomes[0], "applied");
  const after_ = await versions();
  assert.equal((await post("/apply", apply)).at("outcome"), "nothing");
  assert.deepEqual(await versions(), after_);
  const [provenance] = await server.sql<{ content: string }>("SELECT content FROM provenance");
  assert.match(provenance?.content ?? "", new RegExp(`${KEEPER.name} \\(${KEEPER.hsaId}\\)`));
  const logged = (await server.log()).filter(({ action }) => action === "create");
  assert.deepEqual(
    [...new Set(logged.map(({ actor, purpose, ground }) => `${actor} ${purpose} ${ground.split(" ")[0]}`))].filter(
      (one) => one.startsWith(KEEPER.hsaId),
    ),
    [`${KEEPER.hsaId} Administration ACC-DIRECTORY-KEEPER`],
  );
});

test("CLIN-KEEP-1 people are found by any part, with all their assignments, and nobody protected by name", async () => {
  const find = async (q: string): Promise<{ hsaId: string; name: string; duties: unknown[] }[]> =>
    (await get(`/people?q=${encodeURIComponent(q)}`)).at("people") as never;
  assert.deepEqual(
    (await find("påhitts")).map(({ hsaId, duties }) => [hsaId, duties.length]),
    [[`${ID}-P001`, 2]],
  );
  assert.equal((await find(`${ID}-P002`)).length, 1);
  assert.ok((await find("medicinkliniken läkare")).length >= 1);
  assert.deepEqual(await find("Hemlig"), []);
  assert.deepEqual(
    (await find(`${ID}-P004`)).map(({ name }) => name),
    ["Skyddad identitet"],
  );
  // Nobody whom no word means is read: the log has those who were looked at, page by page, and no more.
  const before = (await server.log()).length;
  assert.equal((await find("påhitts")).length, 1);
  const read = (await server.log()).slice(before).flatMap(({ what }) => what);
  assert.ok(new Set(read.filter((one) => one.startsWith("Practitioner/"))).size <= 1, read.join());
  assert.deepEqual(await find("påhitts sköterska-som-inte-finns"), []);
  assert.deepEqual(await find("a,b|c$ \\"), []);
  assert.equal((await get("/people?q=l%C3%A4kare")).at("isMore"), false);
  assert.ok((await find("läkare")).length >= 1);
  assert.ok((await find("")).length > 2);
  const overview = await get("");
  assert.ok(
    (overview.at("roles") as { id: string; working: number }[]).some(
      ({ id, working }) => id === "lakare" && working === 2,
    ),
  );
  assert.equal((await get(`/people?unit=${ID}-0120`)).at("total"), 1);
});

test("HTTP-API-DIRECTORY-2 of two who keep the directory at once one is told that it has changed", async () => {
  const second = await server.cookie(
    OURS,
    { id: "second" },
    { ...KEEPER, id: "second", hsaId: "SE2321000131-P-second", assignment: { ...KEEPER.assignment, id: "second" } },
  );
  const changed = (title: string): string =>
    counted({ ...example(), person: example().person.map((one) => ({ ...one, title })) });
  const [mine, theirs] = [
    { ...file, text: changed("Chef") },
    { ...file, text: changed("Direktör") },
  ];
  const [one, other] = [await post("/preview", mine), await post("/preview", theirs, second)];
  assert.equal((await post("/apply", { ...mine, token: one.at("token") })).at("outcome"), "applied");
  const late = await post("/apply", { ...theirs, token: other.at("token") }, second);
  assert.equal(late.at("outcome"), "refused");
  assert.match(String(late.at("problems.0.sv")), /en annan än när den förhandsgranskades/);
});

test("CLIN-KEEP-2 nobody changes themselves", async () => {
  const own = {
    ...example(),
    person: [
      ...example().person,
      {
        personHsaId: `${ID}-P009`,
        givenName: "Kim",
        middleAndSurName: "Katalog",
        title: "Chef",
      },
    ],
  };
  const keeperAsPerson = {
    ...KEEPER,
    id: "kim9",
    hsaId: `${ID}-P009`,
    assignment: { ...KEEPER.assignment, id: "kim9" },
  };
  const cookie = await server.cookie(OURS, {}, keeperAsPerson);
  const seen = await post("/preview", { ...file, text: counted(own) }, cookie);
  assert.equal(seen.at("outcome"), "refused");
  assert.match(String(seen.at("problems.0.sv")), /Ändringen gäller dig själv/);
  assert.equal((await post("/preview", { ...file, text: counted(own) })).at("outcome"), "preview");
});

test("CLIN-KEEP-3 a preview tells whose session ends, and it does", async () => {
  const people = (await get(`/people?q=${ID}-P002`)).at("people") as { duties: { commission: string }[] }[];
  const [row] = await server.sql<{ id: string; content: string }>(
    "SELECT id, content FROM practitionerrole WHERE content LIKE $1",
    [`%"${people[0]?.duties[0]?.commission}"%`],
  );
  const role = JSON.parse(row?.content ?? "{}") as {
    practitioner: { reference: string };
    organization: { reference: string };
  };
  const [unit] = await server.sql<{ content: string }>("SELECT content FROM organization WHERE id = $1", [
    role.organization.reference.split("/")[1],
  ]);
  const { name } = JSON.parse(unit?.content ?? "{}") as { name: string };
  const { token } = await server.sessions.open({
    ...KEEPER,
    id: role.practitioner.reference.split("/")[1] ?? "",
    hsaId: `${ID}-P002`,
    assignment: {
      id: row?.id ?? "",
      unit: name,
      unitHsaId: `${ID}-0110`,
      provider: "Region Exempel",
      providerHsaId: `${ID}-0001`,
      role: "Sjuksköterska",
      from: null,
      until: null,
    },
  });
  const nurse = `eira_session=${token}`;
  assert.equal((await server.call("GET", "/api/session", { cookie: nurse })).status, 200);
  const ended = example();
  for (const commission of ended.commission)
    for (const member of commission["member"] as Record<string, unknown>[])
      if (member["personHsaId"] === `${ID}-P002`) Object.assign(member, { endDate: "2026-11-20" });
  const ask = { ...file, text: counted(ended) };
  const seen = await post("/preview", ask);
  assert.match(JSON.stringify(seen.at("sessions")), /P002/, seen.text);
  assert.equal((await post("/apply", { ...ask, token: seen.at("token") })).at("outcome"), "applied");
  server.clock.forward(6000);
  assert.equal((await server.call("GET", "Patient/p1", { cookie: nurse })).status, 403);
  assert.ok(membersOf(ended, 0).length > 0);
});

test("CLIN-REVIEW-2 and HTTP-API-DIRECTORY-3 what nobody has gone through is listed, and noted when somebody has, once a day and not by oneself", async () => {
  type Finding = { kind: string; key: string; sv: string; assignment?: string };
  const find = async (): Promise<Finding[]> =>
    ((await get("/review?months=1")).at("items") as Finding[]).filter(({ kind }) => kind === "not-reviewed");
  const listed = await find();
  assert.ok(listed.length >= 2 && listed.every(({ assignment }) => assignment !== undefined));
  const assignments = [listed[0]?.assignment, listed[0]?.assignment, "nobody's"];
  assert.equal((await post("/review", { assignments })).at("confirmed"), 1);
  assert.equal((await post("/review", { assignments })).at("confirmed"), 0);
  assert.equal((await find()).length, listed.length - 1);
  const own = await server.sql<{ id: string }>("SELECT id FROM practitionerrole WHERE id = $1", [KEEPER.assignment.id]);
  assert.equal((await post("/review", { assignments: own.map(({ id }) => id) })).at("confirmed"), 0);
});

test("HTTP-API-DIRECTORY-4 what cannot be read is refused, and so is everybody else", async () => {
  for (const bad of [{}, { text: 7, isComplete: true }, { ...file, isComplete: "yes" }, { ...file, mostEnded: 101 }])
    assert.equal((await post("/preview", bad)).status, 422, JSON.stringify(bad));
  assert.equal((await post("/apply", file)).status, 422);
  assert.equal((await post("/preview", { ...file, text: "{" })).at("outcome"), "refused");
  assert.equal((await post("/review", { assignments: "all" })).status, 422);
  assert.equal((await get("/review?months=x")).status, 400);
  const before = await versions();
  for (const cookie of [clinician, reviewer]) {
    for (const path of ["", "/people", "/review"]) assert.equal((await get(path, cookie)).status, 403, path);
    for (const path of ["/preview", "/apply"]) {
      const answer = await post(path, { ...file, token: "x" }, cookie);
      assert.equal(answer.status, 403, path);
      assert.doesNotMatch(answer.text, /Påhittsson/);
    }
    assert.equal((await post("/review", { assignments: ["x"] }, cookie)).status, 403);
  }
  const away = await server.call("POST", `${API}/preview`, { cookie: keeper, body: file, headers: { "x-eira": "0" } });
  assert.equal(away.status, 403);
  assert.deepEqual(await versions(), before);
});
