import assert from "node:assert/strict";
import { after, test } from "node:test";
import { asUpdate, OURS, patient } from "../journal/testing/index.ts";
import { commit } from "../journal/index.ts";
import { ROUTES } from "./routes.ts";
import { serverOfTest, type Call } from "./testing/index.ts";

const server = await serverOfTest({ after }, { demo: true });
await server.put(patient("p1"));

const PUBLIC = [
  "GET /healthz",
  "GET /readyz",
  "GET /fhir/R4/metadata",
  "GET /fhir/R4/$versions",
  "POST /fhir/R4/$versions",
  "GET /oauth/.well-known/openid-configuration",
  "GET /oauth/jwks",
  "GET /oauth/authorize",
  "GET /oauth/authorize/:uid",
  "POST /oauth/token",
  "POST /oauth/introspect",
  "POST /oauth/revoke",
  "GET /.well-known/smart-configuration",
  "GET /fhir/R4/.well-known/smart-configuration",
  "GET /api/sign-in/providers",
  "GET /api/sign-in/start/:provider",
  "GET /api/sign-in/callback/:provider",
  "GET /api/sign-in/assignments",
  "POST /api/sign-in/assignment",
  "GET /demo-idp/:provider/.well-known/openid-configuration",
  "GET /demo-idp/:provider/jwks",
  "GET /demo-idp/:provider/auth",
  "GET /demo-idp/:provider/auth/:uid",
  "POST /demo-idp/:provider/token",
  "GET /demo-idp/:provider/choose/:uid",
  "POST /demo-idp/:provider/choose/:uid",
  "GET /api/sign-in/people",
  "POST /api/sign-in",
  "POST /api/sign-out",
  "POST /api/sign-in/patient",
  "POST /api/portal/sign-out",
];

const nameOf = ({ method, path }: (typeof ROUTES)[number]): string => `${method} ${path}`;

/** An address of the route, about the patient that is there. */
function addressOf(path: string): string {
  const names: Record<string, string> = {
    type: "Patient",
    id: "p1",
    version: "1",
    member: "Observation",
    section: "timeline",
  };
  return path.replaceAll(/:([a-z]+)/g, (_, name: string) => names[name] ?? "x");
}

async function withdrawn(): Promise<string> {
  const token = await server.token();
  await server.sql("UPDATE client_token SET revoked = now() WHERE token_hash = sha256($1::bytea)", [
    Buffer.from(token),
  ]);
  return token;
}

test("HTTP-ROUTE-1 what is open to anybody is listed and tells nothing of a patient", async () => {
  assert.deepEqual(ROUTES.filter(({ rule }) => rule === "public").map(nameOf), PUBLIC);
  for (const { method, path } of ROUTES.filter(({ rule }) => rule === "public")) {
    const { text } = await server.call(method, path, method === "POST" ? { body: {}, headers: { "x-eira": "1" } } : {});
    assert.doesNotMatch(text, /Tove|p1/);
  }
  assert.deepEqual(
    await server.log(),
    (await server.log()).filter(({ patient: whose }) => whose === null || whose === "p1"),
  );
});

test("HTTP-ROUTE-2 everything else needs credentials that hold", async () => {
  const expired = await server.token("system/*.cruds", OURS, -1);
  const gone = await server.cookie();
  await server.sql("DELETE FROM session");
  const calls: [string, Call][] = [
    ["nothing", {}],
    ["unknown token", { token: "x".repeat(43) }],
    ["expired token", { token: expired }],
    ["withdrawn token", { token: await withdrawn() }],
    ["malformed token", { token: "short" }],
    ["basic", { headers: { authorization: "Basic YTpi" } }],
    ["empty", { headers: { authorization: "" } }],
    ["ended session", { cookie: gone }],
    ["unknown session", { cookie: `eira_session=${"y".repeat(43)}` }],
    ["session and bad bearer", { cookie: await server.cookie(), headers: { authorization: "Bearer x" } }],
    ["SQL", { cookie: "eira_session=' OR 1=1 --xxxxxxxxxxxxxxxxxxxxx" }],
  ];
  const refuses = async (what: string, verb: string, path: string, call: Call): Promise<void> => {
    const body = ["POST", "PUT", "PATCH"].includes(verb) ? { body: "{ no JSON" } : {};
    const answer = await server.call(verb, addressOf(path), { ...call, ...body });
    assert.equal(answer.status, 401, what);
    assert.match(String(answer.headers["www-authenticate"]), /Bearer/);
    if (verb !== "HEAD") assert.equal(answer.code(), "UNAUTHENTICATED");
    assert.doesNotMatch(answer.text, /Tove/);
  };
  const before = await server.log();
  const closed = ROUTES.filter(({ rule }) => rule !== "public");
  assert.ok(closed.length > 15);
  for (const { method, path } of closed) {
    const verbs = method === "GET" ? ["GET", "HEAD"] : [method];
    // Together: each of these answers waits for its moment.
    await Promise.all(
      calls.flatMap(([why, call]) => verbs.map((verb) => refuses(`${verb} ${path} with ${why}`, verb, path, call))),
    );
  }
  assert.deepEqual(await server.log(), before);
});

test("HTTP-ROUTE-3 a route for people refuses machines", async () => {
  const token = await server.token();
  for (const { method, path } of ROUTES.filter(({ rule }) => rule === "person")) {
    const before = (await server.log()).length;
    const answer = await server.call(method, addressOf(path), { token });
    assert.deepEqual([answer.status, answer.code()], [403, "FORBIDDEN"], path);
    assert.match(String(answer.at("issue.0.details.text")), /Bara personer/);
    const [row] = (await server.log()).slice(before);
    assert.deepEqual([row?.outcome, row?.what], ["refused", [`${method} ${path}`]]);
  }
});

test("HTTP-SESSION-1 a person's changes come from our own page", async () => {
  const cookie = await server.cookie();
  const token = await server.token();
  for (const { method, path } of ROUTES.filter(
    ({ rule, method }) => rule !== "public" && rule !== "patient" && method !== "GET",
  )) {
    const before = (await server.log()).length;
    await Promise.all(
      [undefined, "0", ""].map(async (value) => {
        const headers = { cookie, ...(value === undefined ? {} : { "x-eira": value }) };
        const answer = await server.call(method, addressOf(path), { headers, body: patient("p1") });
        assert.deepEqual([answer.status, answer.code()], [403, "FORBIDDEN"], `${method} ${path}`);
      }),
    );
    assert.equal((await server.log()).slice(before).filter(({ outcome }) => outcome === "refused").length, 3);
  }
  assert.equal((await server.call("PUT", "Patient/p1", { cookie, body: patient("p1") })).status, 200);
  assert.equal((await server.call("PUT", "Patient/p1", { token, body: patient("p1") })).status, 200);
  assert.equal((await server.call("GET", "Patient/p1", { headers: { cookie } })).status, 200);
});

test("HTTP-SESSION-2 sessions and tokens end", async () => {
  const read = async (call: Call): Promise<number> => (await server.call("GET", "Patient/p1", call)).status;
  const cookie = await server.cookie();
  assert.equal(await read({ cookie }), 200);
  assert.equal((await server.call("POST", "/api/sign-out", { cookie, body: {} })).status, 204);
  assert.equal(await read({ cookie }), 401);

  const [lasting, token] = [await server.cookie(), await server.token()];
  for (const [call, statement] of [
    [{ cookie: lasting }, "DELETE FROM session"],
    [{ token }, "UPDATE client_token SET revoked = now()"],
  ] as const) {
    assert.equal(await read(call), 200);
    await server.sql(statement);
    server.clock.forward(2_001);
    assert.equal(await read(call), 401);
  }
  const [evening, month] = [await server.cookie(), await server.token("system/*.cruds", OURS, 1)];
  assert.deepEqual([await read({ cookie: evening }), await read({ token: month })], [200, 200]);
  server.clock.forward(10 * 3_600_000);
  assert.deepEqual([await read({ cookie: evening }), await read({ token: month })], [401, 200]);
  server.clock.forward(14 * 3_600_000);
  assert.equal(await read({ token: month }), 401);
});

test("HTTP-SESSION-3 one kind of token is not the other", async () => {
  const cookie = await server.cookie();
  const token = await server.token();
  assert.equal((await server.call("GET", "Patient/p1", { cookie })).status, 200); // in the cache now
  assert.equal((await server.call("GET", "Patient/p1", { token: cookie.slice("eira_session=".length) })).status, 401);
  assert.equal((await server.call("GET", "Patient/p1", { token })).status, 200);
  assert.equal((await server.call("GET", "Patient/p1", { cookie: `eira_session=${token}` })).status, 401);
  const odd = await server.token("system/Patient.rs nonsense");
  assert.equal((await server.call("GET", "Patient/p1", { token: odd })).status, 401);
});

test("HTTP-SIGN-IN-1 demonstration staff sign in by an assignment", async (t) => {
  const hsa = (value: string): object => ({ identifier: [{ system: "urn:oid:1.2.752.29.4.19", value }] });
  const resources = [
    { resourceType: "Organization", id: "region", name: "Region Västmark", ...hsa(OURS.careProvider) },
    {
      resourceType: "Organization",
      id: "clinic",
      name: "Medicinkliniken",
      partOf: { reference: "Organization/region" },
      ...hsa(OURS.careUnit),
    },
    {
      resourceType: "Practitioner",
      id: "anna",
      name: [{ text: "Anna Ek" }],
      qualification: [{ code: { text: "Överläkare" } }],
      ...hsa("SE2321000131-P1"),
    },
    {
      resourceType: "PractitionerRole",
      id: "role-1",
      active: true,
      practitioner: { reference: "Practitioner/anna" },
      organization: { reference: "Organization/clinic" },
      code: [{ text: "Läkare" }],
      period: { start: "2020-01-01" },
    },
    {
      resourceType: "PractitionerRole",
      id: "role-2",
      active: false,
      practitioner: { reference: "Practitioner/anna" },
      organization: { reference: "Organization/clinic" },
    },
    {
      resourceType: "PractitionerRole",
      id: "role-3",
      active: true,
      practitioner: { reference: "Practitioner/anna" },
      organization: { reference: "Organization/none" },
    },
  ];
  await commit(
    { ...server.client(), referentialIntegrity: false },
    resources.map((one) => asUpdate(one as never)),
  );
  // Those under which earlier tests' sessions were opened.
  await server.sql(
    "UPDATE practitionerrole SET content = replace(content, '\"active\":true', '\"active\":false') WHERE id = 'assignment-anna'",
  );
  const people = await server.call("GET", "/api/sign-in/people");
  assert.deepEqual(JSON.parse(people.text), {
    people: [
      {
        id: "anna",
        name: "Anna Ek",
        title: "Överläkare",
        profession: "Läkare",
        assignments: [{ id: "role-1", unit: "Medicinkliniken", provider: "Region Västmark", role: "Läkare" }],
      },
    ],
  });
  const headers = { "x-eira": "1" };
  const signedIn = await server.call("POST", "/api/sign-in", { headers, body: { assignment: "role-1" } });
  assert.equal(signedIn.status, 204);
  const left = signedIn.headers["set-cookie"]![0]!.split(";")[0]!;
  const again = await server.call("POST", "/api/sign-in", { cookie: left, body: { assignment: "role-1" } });
  const cookie = again.headers["set-cookie"]![0]!.split(";")[0]!;
  assert.equal((await server.call("GET", "/api/session", { cookie: left })).status, 401);
  const session = await server.call("GET", "/api/session", { cookie });
  const { person, assignment, expires } = JSON.parse(session.text) as {
    person: unknown;
    assignment: unknown;
    expires: string;
  };
  assert.deepEqual(person, { id: "anna", name: "Anna Ek", title: "Överläkare", hsaId: "SE2321000131-P1" });
  assert.deepEqual(assignment, {
    id: "role-1",
    unit: "Medicinkliniken",
    unitHsaId: OURS.careUnit,
    provider: "Region Västmark",
    providerHsaId: OURS.careProvider,
    role: "Läkare",
    from: "2020-01-01",
    until: null,
  });
  assert.ok(Date.parse(expires) > server.clock().getTime());
  assert.equal((await server.call("GET", "Patient/p1", { cookie })).status, 200);

  const real = await serverOfTest(t);
  assert.equal((await real.call("GET", "/api/sign-in/people")).status, 404);
  assert.equal((await real.call("POST", "/api/sign-in", { headers, body: { assignment: "role-1" } })).status, 404);
});

test("HTTP-SIGN-IN-2 what signing in takes, and its cookie", async (t) => {
  const headers = { "x-eira": "1" };
  for (const path of ["/api/sign-in", "/api/sign-out"])
    assert.equal((await server.call("POST", path, { body: { assignment: "role-1" } })).status, 403);
  for (const body of [
    { assignment: "none" },
    { assignment: "role-2" },
    { assignment: "role-3" },
    { assignment: null },
    { assignment: ["role-1"] },
    {},
    [],
    "x",
    "",
    "{",
  ]) {
    const answer = await server.call("POST", "/api/sign-in", { headers, body });
    assert.ok(answer.status >= 400 && answer.status < 500, JSON.stringify(body));
    assert.equal(answer.headers["set-cookie"], undefined);
  }
  const large = await server.call("POST", "/api/sign-in", {
    headers,
    body: JSON.stringify({ assignment: "x".repeat(70_000) }),
  });
  assert.equal(large.status, 413);
  const { headers: plain } = await server.call("POST", "/api/sign-in", { headers, body: { assignment: "role-1" } });
  assert.match(plain["set-cookie"]![0]!, /^eira_session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict; Max-Age=36000$/);
  const away = await server.call("POST", "/api/sign-out", { headers, body: {} });
  assert.match(away.headers["set-cookie"]![0]!, /^eira_session=; .*Max-Age=0/);
  const secure = await serverOfTest(t, { demo: true, base: "https://eira.test/fhir/R4" });
  assert.match(
    (await secure.call("POST", "/api/sign-out", { headers, body: {} })).headers["set-cookie"]![0]!,
    /^__Host-eira_session=; .*; Secure; Path=\/$/,
  );
});
