import assert from "node:assert/strict";
import { after, test } from "node:test";
import pg from "pg";
import type { AccessLogEntry } from "../store/index.ts";
import { identified, observation, OURS, patient, THEIRS } from "../journal/testing/index.ts";
import { portalCookie } from "./portal/testing.ts";
import { ROUTES } from "./routes.ts";
import { serverOfTest, serverOfToday, type Call } from "./testing/index.ts";
const server = await serverOfToday({ after }); // what opens records ends by the database's clock
const NEXT_MONTH = new Date(server.clock().getTime() + 30 * 86_400_000).toISOString().slice(0, 10);
const CANARY = "19121212-1212";
const SHORT = "121212-1212";
/** Looks from a session of its own, as soon as an answer is there: what it does not see is not durable. */
async function rowsAfter(before: number): Promise<AccessLogEntry[]> {
  const client = new pg.Client(server.database.config);
  await client.connect();
  try {
    const { rows } = await client.query<{ entry: string }>(
      "SELECT entry FROM access_log ORDER BY recorded, chain, seq",
    );
    const entries = rows.map(({ entry }) => JSON.parse(entry) as AccessLogEntry);
    return entries.filter(({ action }) => action !== "pin").slice(before); // where other chains stand is no access
  } finally {
    await client.end();
  }
}

const URN = "urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0";

/** Work that reads no chart, asked for by somebody who is there for care: refused, and logged as that. */
const REVIEWING: readonly (readonly [method: string, path: string, action: string])[] = [
  ["GET", "/api/log-review/samples", "search"],
  ["POST", "/api/log-review/samples", "search"],
  ["GET", "/api/log-review/jobs/:id", "read job"],
  ["GET", "/api/log-review/accesses", "search"],
  ["GET", "/api/log-review/accesses/:access", "read"],
  ["POST", "/api/log-review/accesses/:access/outcome", "create"],
  ["GET", "/api/log-review/questions", "search"],
  ["GET", "/api/log-review/questions/:question", "read"],
  ["POST", "/api/log-review/questions/:question/owner", "read"],
  ["POST", "/api/log-review/questions/:question/answers", "read"],
  ["GET", "/api/log-review/statistics", "search"],
  ["GET", "/api/log-review/extract", "search"],
  ["GET", "/api/directory", "search"],
  ["GET", "/api/directory/people", "search"],
  ["GET", "/api/directory/review", "search"],
  ["POST", "/api/directory/review", "search"],
  ["POST", "/api/directory/preview", "search"],
  ["POST", "/api/directory/apply", "search"],
];
/** Who reads for a patient, of a patient of unknown age, for whom nobody is registered. */
const REPRESENTING: readonly (readonly [method: string, path: string, action: string, body?: unknown])[] = [
  ["GET", "representatives", "read representatives"],
  ["POST", "representatives", "register guardian", { number: "19121212-1212", since: "2020-01-01", reason: "Utdrag" }],
  ["POST", "representatives/:representative/end", "representatives", { reason: "Ändrat" }],
  ["POST", "door-decisions", "grant door", { kind: "child", until: NEXT_MONTH, reason: "Mogen" }],
  ["POST", "door-decisions/:decision/end", "representatives", { reason: "Ändrat" }],
];
const WORK_BODY = {
  from: "2026-11-20",
  to: "2026-11-21",
  size: 1,
  seed: "x",
  outcome: "justified",
  note: "n",
  seen: 0,
  assignments: [],
  text: "{}",
  isComplete: false,
  token: "x",
};

type Case = [route: string, method: string, path: string, Call, actions: string[], whose: (string | null)[]];

test("HTTP-LOG-1 the rows are there when the answer is", { timeout: 120_000 }, async () => {
  await server.put(patient("p1"));
  await server.put(observation("o1"));
  await server.put(observation("theirs"), THEIRS);
  const cookie = await server.cookie();
  const narrow = await server.token("system/Basic.r");
  const json = { "content-type": "application/json-patch+json" };
  const ndjson = { "content-type": "application/fhir+ndjson" };
  const form = { "content-type": "application/x-www-form-urlencoded" };
  const entry = [
    { fullUrl: URN, resource: patient(undefined), request: { method: "POST", url: "Patient" } },
    { resource: observation(undefined, URN), request: { method: "POST", url: "Observation" } },
    { request: { method: "GET", url: "Patient/p1" } },
  ];
  const parameters = { body: { resourceType: "Parameters" } };
  const meta = {
    body: { resourceType: "Parameters", parameter: [{ name: "meta", valueMeta: { tag: [{ code: "x" }] } }] },
  };
  /** An operation by GET and by POST. */
  const both = (route: string, path: string, action: string, whose: string | null): Case[] =>
    (["GET", "POST"] as const).map((method) => [
      `${method} /fhir/R4/${route}`,
      method,
      path,
      method === "GET" ? {} : parameters,
      [action],
      [whose],
    ]);
  /** Route, call, actions that are to be logged, and whose records. */
  const cases: Case[] = [
    ["GET /fhir/R4/:type/:id", "GET", "Observation/o1", {}, ["read"], ["p1"]],
    ["GET /fhir/R4/:type/:id", "HEAD", "Observation/o1", {}, ["read"], ["p1"]],
    ["GET /fhir/R4/:type/:id", "GET", "Observation/theirs", {}, ["read"], [null]],
    ["GET /fhir/R4/:type/:id/_history/:version", "GET", "Observation/o1/_history/1", {}, ["vread"], ["p1"]],
    ["GET /fhir/R4/:type/:id/_history/:version", "GET", "Observation/o1/_history/7", {}, ["vread"], [null]],
    [
      "PUT /fhir/R4/:type",
      "PUT",
      "Observation?_id=o1",
      { body: observation(undefined, "Patient/p1", { valueInteger: 0 }) },
      ["update"],
      ["p1"],
    ],
    ["PUT /fhir/R4/:type", "PUT", "Observation?_id=theirs", { body: observation("theirs") }, ["write"], [null]],
    ["PATCH /fhir/R4/:type", "PATCH", "Observation?_id=o1", { body: [], headers: json }, ["read"], ["p1"]],
    ["PATCH /fhir/R4/:type", "PATCH", "Observation?_id=theirs", { body: [], headers: json }, ["write"], [null]],
    ["DELETE /fhir/R4/:type", "DELETE", "Observation?_id=theirs", {}, ["write"], [null]],
    [
      "PUT /fhir/R4/:type/:id",
      "PUT",
      "Observation/o1",
      { body: observation("o1", "Patient/p1", { valueInteger: 1 }) },
      ["update"],
      ["p1"],
    ],
    [
      "PUT /fhir/R4/:type/:id",
      "PUT",
      "Patient/p1",
      { body: patient("p1"), headers: { "if-match": 'W/"9"' } },
      ["write"],
      ["p1"],
    ],
    [
      "PATCH /fhir/R4/:type/:id",
      "PATCH",
      "Observation/o1",
      { body: [{ op: "replace", path: "/status", value: "amended" }], headers: json },
      ["update"],
      ["p1"],
    ],
    ["POST /fhir/R4/:type", "POST", "Observation", { body: observation(undefined) }, ["create"], ["p1"]],
    [
      "POST /fhir/R4/:type",
      "POST",
      "Patient",
      { body: patient(undefined), headers: { "if-none-exist": "_id=p1" } },
      ["read"],
      ["p1"],
    ],
    ["POST /fhir/R4/:type", "POST", "Observation", { body: observation(undefined, "Patient/none") }, ["write"], [null]],
    ["DELETE /fhir/R4/:type/:id", "DELETE", "Observation/o1", {}, ["delete"], ["p1"]],
    ["DELETE /fhir/R4/:type/:id", "DELETE", "Observation/never", {}, ["write"], [null]],
    ["GET /fhir/R4/:type/:id/_history", "GET", "Observation/o1/_history", {}, ["history"], ["p1"]],
    ["GET /fhir/R4/:type/:id/_history", "GET", "Observation/never/_history", {}, ["history"], [null]],
    ["GET /fhir/R4/:type/_history", "GET", "Observation/_history", {}, ["history"], ["p1"]],
    ["GET /fhir/R4/_history", "GET", "_history", {}, ["history"], [null]],
    ["GET /fhir/R4/:type", "GET", "Patient?_id=p1", {}, ["search"], ["p1"]],
    ["GET /fhir/R4/:type", "GET", "Patient?_id=never", {}, ["search"], [null]],
    ["GET /fhir/R4/:type", "GET", "Patient?_summary=count", {}, ["search"], [null]],
    ["POST /fhir/R4/:type/_search", "POST", "Patient/_search", { body: "_id=p1", headers: form }, ["search"], ["p1"]],
    ["GET /fhir/R4", "GET", "?_type=Patient&_id=p1", {}, ["search"], ["p1"]],
    ["POST /fhir/R4/_search", "POST", "_search", { body: "_type=Patient&_id=p1", headers: form }, ["search"], ["p1"]],
    ["GET /fhir/R4/:type/:id/:member", "GET", "Patient/p1/Patient", {}, ["search"], ["p1"]],
    [
      "POST /fhir/R4/:type/:id/:member/_search",
      "POST",
      "Patient/p1/Patient/_search",
      { body: "_id=p1", headers: form },
      ["search"],
      ["p1"],
    ],
    [
      "POST /fhir/R4",
      "POST",
      "",
      { body: { resourceType: "Bundle", type: "transaction", entry } },
      ["create", "read"],
      ["*", "p1"],
    ],
    [
      "POST /fhir/R4",
      "POST",
      "",
      { body: { resourceType: "Bundle", type: "batch", entry: entry.slice(2) } },
      ["read"],
      ["p1"],
    ],
    ["GET /api/patients", "GET", "/api/patients?q=Tove", {}, ["search"], ["p1", "*"]],
    ["GET /api/patients/:id/overview", "GET", "/api/patients/p1/overview", {}, ["read", "search"], ["p1", null]],
    ["GET /api/patients/:id/readers", "GET", "/api/patients/p1/readers", {}, ["read access log"], ["p1"]],
    ["GET /api/patients/:id/:section", "GET", "/api/patients/p1/timeline", {}, ["search"], ["p1", null]],
    ...both("Patient/:id/$everything", "Patient/p1/$everything?_type=Patient", "everything", "p1"),
    ...both("Patient/$everything", "Patient/$everything", "call", null),
    ...both("Encounter/:id/$everything", "Encounter/never/$everything", "everything", null),
    ...both("Group/:id/$everything", "Group/never/$everything", "everything", null),
    ...both("$meta", "$meta", "search", null),
    ...both(":type/$meta", "Patient/$meta", "search", null),
    ...both(":type/:id/$meta", "Patient/p1/$meta", "read", "p1"),
    ["POST /fhir/R4/:type/$validate", "POST", "Patient/$validate", { body: patient(undefined) }, ["operation"], [null]],
    ...both(":type/:id/$validate", "Patient/p1/$validate", "read", "p1"),
    ...both(":type/:id/_history/:version/$meta", "Patient/p1/_history/1/$meta", "vread", "p1"),
    ["POST /fhir/R4/:type/:id/$meta-add", "POST", "Patient/p1/$meta-add", meta, ["meta-add"], ["p1"]],
    ["POST /fhir/R4/:type/:id/$meta-delete", "POST", "Patient/p1/$meta-delete", meta, ["meta-delete"], ["p1"]],
    ...both("Composition/$document", "Composition/$document?id=never", "document", null),
    ...both("Composition/:id/$document", "Composition/never/$document", "document", null),
    ...both("$graphql", `$graphql?query=${encodeURIComponent('{Patient(id:"p1"){id}}')}`, "graphql", "p1"),
    ...both(":type/:id/$graphql", "Patient/p1/$graphql?query={id}", "graphql", "p1"),
    ...both("$export", "$export", "call", null),
    ...both("Patient/$export", "Patient/$export", "call", null),
    ...both("Group/:id/$export", "Group/never/$export", "call", null),
    ["POST /fhir/R4/$import", "POST", "$import", { body: "{}", headers: ndjson }, ["call"], [null]],
    ["GET /fhir/R4/$jobs/:id", "GET", "$jobs/never", {}, ["read job"], [null]],
    ["DELETE /fhir/R4/$jobs/:id", "DELETE", "$jobs/never", {}, ["cancel job"], [null]],
    ["GET /fhir/R4/$jobs/:id/:file", "GET", "$jobs/never/never", {}, ["read job"], [null]],
    ...both("Subscription/$status", "Subscription/$status", "search", null),
    ...both("Subscription/:id/$status", "Subscription/never/$status", "read", null),
    ...both("Subscription/:id/$events", "Subscription/never/$events", "read", null),
    ["POST /fhir/R4/Subscription/:id/$replay", "POST", "Subscription/never/$replay", {}, ["read"], [null]],
    ...both("Observation/$lastn", "Observation/$lastn?patient=never", "care", null),
    ["GET /api/patients/:id/care", "GET", "/api/patients/p1/care", {}, ["read care"], ["p1"]],
    [
      "POST /api/patients/:id/care",
      "POST",
      "/api/patients/p1/care",
      { body: { kind: "relation" } },
      // What is open then is named by the directory, which is asked like by anybody.
      ["register relation", "search"],
      ["p1", null],
    ],
    [
      "POST /api/patients/:id/care/:fact/end",
      "POST",
      "/api/patients/p1/care/never/end",
      { body: { reason: "withdrawn" } },
      ["care"],
      ["p1"],
    ],
    ["GET /api/patients/:id/blocks", "GET", "/api/patients/p1/blocks", {}, ["read blocks"], ["p1"]],
    ["POST /api/patients/:id/blocks", "POST", "/api/patients/p1/blocks", { body: { kind: "inner" } }, ["block"], ["p1"]], // prettier-ignore
    [
      "POST /api/patients/:id/blocks/:block/end",
      "POST",
      "/api/patients/p1/blocks/never/end",
      { body: { reason: "lifted" } },
      ["blocks"],
      ["p1"],
    ],
    [
      "POST /api/patients/:id/lifts",
      "POST",
      "/api/patients/p1/lifts",
      { body: { reason: "Emergency", hours: 1, note: "Medvetslös." } },
      ["emergency lift"],
      ["p1"],
    ],
    ...REPRESENTING.map(([method, path, action, body]): Case => {
      const called = `/api/patients/p1/${path.replace(/:\w+/, "never")}`;
      return [
        `${method} /api/patients/:id/${path}`,
        method,
        called,
        body === undefined ? {} : { body },
        [action],
        ["p1"],
      ];
    }),
    ["POST /api/patients/:id/lifts/end", "POST", "/api/patients/p1/lifts/end", { body: {} }, ["end lift"], ["p1"]],
    ...["Composition", "DocumentReference", "ClinicalImpression"].flatMap((type): Case[] => {
      const seen = { headers: { "if-match": 'W/"1"' } };
      const resource = { resourceType: type };
      const correction = [
        { name: "reason", valueString: "x" },
        { name: "resource", resource },
      ];
      const text = [{ name: "text", valueString: "x" }];
      const given = (parameter: unknown): Call => ({ ...seen, body: { resourceType: "Parameters", parameter } });
      const route = `/fhir/R4/${type}/:id/`;
      return [
        [`POST ${route}$sign`, "POST", `${type}/never/$sign`, seen, ["sign"], [null]],
        [`POST ${route}$correct`, "POST", `${type}/never/$correct`, given(correction), ["read"], [null]],
        [`POST ${route}$disagree`, "POST", `${type}/never/$disagree`, given(text), ["note disagreement"], [null]],
        [`GET ${route}$signatures`, "GET", `${type}/never/$signatures`, {}, ["read"], [null]],
      ];
    }),
    ["GET /api/patients/:id/signing", "GET", "/api/patients/p1/signing", {}, ["read signing"], ["p1"]],
    ["GET /api/unsigned", "GET", "/api/unsigned", {}, ["search"], [null]],
    ...REVIEWING.map(([method, path, action]): Case => {
      const body = method === "GET" ? {} : { body: WORK_BODY };
      return [`${method} ${path}`, method, path.replace(/:\w+/g, "never"), body, [action], [null]];
    }),
    ...both("AuditEvent/$access-log", "AuditEvent/$access-log?patient=p1", "search", null),
    ["GET /fhir/R4/AuditEvent/:id/$access-log", "GET", "AuditEvent/never/$access-log", {}, ["read"], [null]],
  ];
  for (const [, method, path, call, actions, whose] of cases) {
    const before = (await rowsAfter(0)).length;
    const answer = await server.call(method, path, { ...call, cookie });
    const rows = await rowsAfter(before);
    const title = `${method} ${path} → ${answer.status}`;
    assert.ok(rows.length > 0, title);
    assert.deepEqual([...new Set(rows.map(({ action }) => action))].toSorted(), actions.toSorted(), title);
    const patients = new Set(rows.map(({ patient: one }) => one));
    assert.ok(
      [...patients].every((one) => whose.includes(one) || whose.includes("*")),
      `${title}: ${[...patients].join()}`,
    );
    for (const one of whose) assert.ok(one === "*" || patients.has(one), `${title} for ${one}`);
    for (const row of rows) {
      const { person, careUnit, careProvider, ground, what, outcome, request, purpose } = row;
      assert.deepEqual(
        [person, careUnit, careProvider, purpose],
        ["Anna Ek, Överläkare", "Medicinkliniken", "Region Västmark", "Vård och behandling"],
        title,
      );
      assert.ok(ground.length > 5 && what.length > 0 && request.length === 36, title);
      assert.equal(outcome, answer.status < 400 ? "granted" : "refused", title);
    }
  }
  const covered = new Set(cases.map(([route]) => route));
  const terminology = /^\/fhir\/R4\/(?:(?:CodeSystem|ValueSet|ConceptMap)\/.*\$[a-z-]+|\$closure)$/; // is nobody's; JRN-TERM has its log
  const ofStaff = ROUTES.filter(({ rule }) => rule === "person" || rule === "actor");
  const uncovered = ofStaff
    .filter(({ path }) => !terminology.test(path))
    .map(({ method, path }) => `${method} ${path}`)
    .filter((one) => !covered.has(one));
  // These tell the caller only of the caller, or let an application begin: what that reads has rows of its own.
  const ofTheCaller = ["GET /api/session", "GET /api/sessions", "POST /api/sessions/end"];
  const ofApps = ["GET /api/app/:uid", "POST /api/app/:uid", "GET /api/apps", "POST /api/patients/:id/launch"];
  // What these show is read through the journal, whose rows HTTP-LOOP, HTTP-LETTER, HTTP-REFERRAL, HTTP-ORDER, HTTP-NOTE and HTTP-OPERATIONS hold; lists alone have nothing of a patient.
  const ofTheLedger = /^(?:GET|POST) \/api\/(?:inbox|sent|loops|worklists|roster|operations|waiting|referrals|specimens|label-places|letters|letter-templates|order-catalogue|order-sets|medication-favourites|note-templates|note-phrases|registrations|same-person|words|patients\/:id\/(?:band|children|same-person|loops|letters|medication|notes|observations|orders|specimens|words))(?:[/.]|$)/; // prettier-ignore
  const others = uncovered.filter((one) => !ofTheLedger.test(one));
  assert.ok(others.length < uncovered.length);
  assert.deepEqual(others.toSorted(), [...ofTheCaller, ...ofApps].toSorted());

  // The same calls by someone without grounds: each leaves its refusal, and no patient's data.
  for (const [, method, path, call] of cases.filter(([, , one]) => !one.startsWith("/api") && one !== "")) {
    const before = (await rowsAfter(0)).length;
    const answer = await server.call(method, path, { ...call, token: narrow });
    // A job is its asker's own: to others it is not there, whatever their scopes.
    assert.equal(answer.status, path.startsWith("$jobs/") ? 404 : 403, `${method} ${path}`);
    const rows = await rowsAfter(before);
    assert.deepEqual(
      rows.map(({ outcome }) => outcome),
      ["refused"],
      `${method} ${path}`,
    );
    assert.doesNotMatch(answer.text, /Tove/);
  }
});

test("HTTP-LOG-4 at the patient's own door too, the row of what is read is there when the answer is", async () => {
  await server.put({ ...patient("at-the-door"), birthDate: "1980-05-17" }, null);
  const cookie = await portalCookie(server, "at-the-door");
  const reading = ROUTES.filter(
    ({ rule, method, path }) => rule === "patient" && method === "GET" && path.includes(":patient"),
  );
  assert.ok(reading.length > 3);
  for (const { path } of reading) {
    const before = (await rowsAfter(0)).length;
    const answer = await server.call("GET", path.replace(":patient", "at-the-door"), { cookie });
    assert.equal(answer.status, 200, path);
    const rows = await rowsAfter(before);
    assert.ok(rows.length > 0, path);
    for (const { patient: whose, ground } of rows) {
      assert.ok(whose === null || whose === "at-the-door", path);
      assert.match(ground, /^ACC-DOOR-PATIENT · /);
    }
    const stranger = await server.call("GET", path.replace(":patient", "p1"), { cookie });
    assert.ok(stranger.status >= 400, path);
  }
});

test("HTTP-LOG-2 no log, no data", async (t) => {
  const mute = await serverOfTest(t);
  await mute.put(patient("p1"));
  await mute.put(observation("o1"));
  const cookie = await mute.cookie();
  const revoked: [string, string][] = [
    ["REVOKE INSERT ON access_log FROM eira_app", "GRANT INSERT ON access_log TO eira_app"],
    ["REVOKE UPDATE ON access_log_head FROM eira_app", "GRANT UPDATE ON access_log_head TO eira_app"],
  ];
  for (const [take, give] of revoked) {
    await mute.sql(take);
    const before = await mute.sql(
      "SELECT (SELECT count(*) FROM patient) AS p, (SELECT count(*) FROM observation) AS o, (SELECT count(*) FROM history) AS h, (SELECT count(*) FROM change_log) AS c",
    );
    const calls: [string, string, unknown?][] = [
      ["GET", "Patient/p1"],
      ["GET", "Patient/none"],
      ["GET", "Patient/p1/_history/1"],
      ["GET", "Patient/p1/_history"],
      ["GET", "Patient"],
      ["GET", "Patient?_id=none"],
      ["GET", "Patient/p1/Observation"],
      ["POST", "Patient", patient(undefined)],
      ["PUT", "Patient/p1", patient("p1", { active: true })],
      ["DELETE", "Observation/o1"],
      [
        "POST",
        "",
        {
          resourceType: "Bundle",
          type: "transaction",
          entry: [{ resource: patient(undefined), request: { method: "POST", url: "Patient" } }],
        },
      ],
      ["GET", "/api/patients?q=Tove"],
      ["GET", "/api/patients/p1/overview"],
      ["GET", "/api/patients/p1/timeline"],
      ["GET", "/api/patients/p1/readers"],
    ];
    for (const [method, path, body] of calls) {
      const answer = await mute.call(method, path, { cookie, ...(body === undefined ? {} : { body }) });
      assert.deepEqual([answer.status, answer.code()], [503, "UNAVAILABLE"], `${take}: ${method} ${path}`);
      assert.equal(answer.headers["retry-after"], "2");
      assert.doesNotMatch(answer.text, /Tove|Ek"/);
    }
    assert.deepEqual(
      await mute.sql(
        "SELECT (SELECT count(*) FROM patient) AS p, (SELECT count(*) FROM observation) AS o, (SELECT count(*) FROM history) AS h, (SELECT count(*) FROM change_log) AS c",
      ),
      before,
    );
    await mute.sql(give);
    assert.equal((await mute.call("GET", "Patient/p1", { cookie })).status, 200);
  }
});

test("HTTP-LOG-3 identity numbers are in no log", async () => {
  await server.put(patient("c1", identified("pnr", CANARY)));
  const cookie = await server.cookie(OURS);
  const token = await server.token();
  const form = { "content-type": "application/x-www-form-urlencoded" };
  const calls: [string, string, Call][] = [
    ["GET", `Patient?identifier=urn:test:pnr|${CANARY}`, {}],
    ["GET", `Patient?identifier=${CANARY}&_summary=count`, {}],
    ["GET", `Patient?${CANARY}=1`, { headers: { prefer: "handling=lenient" } }],
    ["GET", `Patient?name=${CANARY}&_sort=${CANARY}`, {}],
    ["GET", `Patient?birthdate=${CANARY}`, {}],
    ["GET", `Patient?_cursor=${CANARY}`, {}],
    ["GET", `Observation?patient.identifier=${CANARY}`, {}],
    ["POST", "Patient/_search", { body: `identifier=${CANARY}`, headers: form }],
    [
      "POST",
      "Patient",
      { body: patient(undefined), headers: { "if-none-exist": `identifier=urn:test:pnr|${CANARY}` } },
    ],
    ["POST", "Observation", { body: observation(undefined, `Patient?identifier=urn:test:pnr|${CANARY}`) }],
    ["POST", "Observation", { body: observation(undefined, `Patient?identifier=none|${CANARY}`) }],
    ["PUT", `Patient?identifier=${CANARY}`, { body: patient(undefined) }],
    ["PUT", `Patient?${CANARY}=1`, { body: patient(undefined) }],
    ["PATCH", `Patient?identifier=${CANARY}`, { body: [], headers: { "content-type": "application/json-patch+json" } }],
    ["DELETE", `Patient?identifier=${CANARY}&birthdate=${CANARY}`, {}],
    ["POST", "Patient", { body: patient(undefined), headers: { "x-provenance": `{"${CANARY}":"${CANARY}"}` } }],
    ["GET", "Patient/c1", { headers: { "if-none-match": `"${CANARY}"` } }],
    [
      "POST",
      "",
      {
        body: {
          resourceType: "Bundle",
          type: "batch",
          entry: [
            { request: { method: "GET", url: `Patient?identifier=${CANARY}` } },
            { request: { method: "GET", url: `Patient/${CANARY}` } },
          ],
        },
      },
    ],
    ["GET", `Patient/${CANARY}`, {}],
    ["GET", `Patient/${CANARY}/_history/${CANARY}`, {}],
    ["GET", `Patient/${CANARY}/_history`, {}],
    ["GET", `Patient/${CANARY}/Observation`, {}],
    ["DELETE", `Patient/${CANARY}`, {}],
    ["GET", `/api/patients?q=${CANARY}`, {}],
    ["GET", `/api/patients?q=${SHORT}`, {}],
    ["GET", `/api/patients/${CANARY}/overview`, {}],
    ["GET", `/api/patients/${CANARY}/timeline?before=${CANARY}`, {}],
    ["GET", `/api/patients/${CANARY}/readers`, {}],
    ["GET", `/${CANARY}?${CANARY}`, {}],
  ];
  for (const [method, path, call] of calls) {
    for (const who of [{ cookie }, { token }]) {
      const answer = await server.call(method, path, { ...call, ...who });
      assert.ok(answer.status < 500, `${method} ${path}: ${answer.text}`);
    }
  }
  // A statement that fails must not bring its values along either.
  await server.sql("ALTER TABLE patient RENAME COLUMN strings TO other");
  const broken = await server.call("GET", `Patient?name=${CANARY}&identifier=${CANARY}`, { token });
  await server.sql("ALTER TABLE patient RENAME COLUMN other TO strings");
  assert.equal(broken.status, 500);
  const log = JSON.stringify(await rowsAfter(0));
  assert.ok(log.includes("Patient?identifier") && server.lines.length > 0);
  for (const told of [log, JSON.stringify(server.lines)]) assert.doesNotMatch(told, /121212-?1212/);
});
