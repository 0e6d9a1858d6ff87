import assert from "node:assert/strict";
import { createPublicKey, verify } from "node:crypto";
import { after, test } from "node:test";
import type { JsonObject } from "../../fhir/index.ts";
import { observation, OURS, patient, personActor, THEIRS } from "../../journal/testing/index.ts";
import { sessionName } from "../../store/index.ts";
import { allow, appOfTest, REDIRECT } from "../testing/app.ts";
import { BrowserOfTest } from "../testing/browser.ts";
import { serverOfTest, type Answer } from "../testing/index.ts";
import { formOfTest } from "../testing/oauth.ts";
import { appOf } from "./registration.ts";

const server = await serverOfTest({ after });
const ALL = "openid fhirUser launch launch/patient online_access user/*.cruds";
const category = (code: string): JsonObject => ({
  category: [{ coding: [{ system: "http://terminology.hl7.org/CodeSystem/observation-category", code }] }],
});
for (const id of ["p1", "p2"]) {
  await server.put(patient(id));
  await server.put({ ...observation(`${id}-lab`, `Patient/${id}`), ...category("laboratory") });
  await server.put({ ...observation(`${id}-vital`, `Patient/${id}`), ...category("vital-signs") });
}
await server.put(observation("theirs", "Patient/p1"), THEIRS);

const get = (token: string, path: string): Promise<Answer> => server.call("GET", path, { token });
const decoded = (jwt: string): Record<string, unknown> =>
  JSON.parse(Buffer.from(jwt.split(".")[1] ?? "", "base64url").toString()) as Record<string, unknown>;

test("HTTP-APP-1 an application gets, for a person who allows it, a token that opens what the person may and the scopes say", async () => {
  const app = await appOfTest(server, ALL);
  const cookie = await server.cookie();
  const tokens = await app.open(cookie, "openid fhirUser user/Observation.rs user/Patient.r offline_access");
  assert.deepEqual([tokens.status, tokens.scope], [200, "openid fhirUser user/Observation.rs user/Patient.r"]);
  const found = await get(tokens.access_token, "Observation?_count=50");
  assert.deepEqual(
    found.names().toSorted(),
    ["p1-lab", "p1-vital", "p2-lab", "p2-vital"].map((id) => `Observation/${id}`),
  );
  assert.equal((await get(tokens.access_token, "Patient/p1")).status, 200);
  for (const path of ["Patient?name=x", "Condition", "Observation/theirs"])
    assert.notEqual((await get(tokens.access_token, path)).status, 200, path);
  const write = await server.call("PUT", "Patient/p1", { token: tokens.access_token, body: patient("p1") });
  assert.equal(write.status, 403);
  const [row] = (await server.log()).toReversed().filter(({ what }) => what.includes("Patient/p1/_history/1"));
  assert.match(String(row?.ground), /Genom appen Appen \d/);
  assert.equal(row?.actor, personActor(OURS).hsaId);
});

test("HTTP-APP-2 the identity token tells who the person is, signed with a key that is published", async () => {
  const app = await appOfTest(server, ALL);
  const { id_token: token = "" } = await app.open(await server.cookie(), "openid fhirUser user/Patient.r");
  const { iss, aud, sub, fhirUser, exp, iat } = decoded(token) as Record<string, unknown> & {
    exp: number;
    iat: number;
  };
  assert.equal((await get(token, "Patient/p1")).status, 401); // it tells who somebody is and opens nothing
  const root = server.options.base.replace("/fhir/R4", "");
  assert.deepEqual(
    [iss, aud, sub, fhirUser],
    [`${root}/oauth`, app.client, "anna", `${server.options.base}/Practitioner/anna`],
  );
  assert.ok(exp - iat <= 300);
  const jwks = JSON.parse((await server.call("GET", "/oauth/jwks")).text) as { keys: Record<string, unknown>[] };
  assert.ok(jwks.keys.every((key) => !("d" in key)));
  const key = createPublicKey({ key: jwks.keys[0] ?? {}, format: "jwk" });
  const [header, claims, signature = ""] = token.split(".");
  assert.ok(verify("sha256", Buffer.from(`${header}.${claims}`), key, Buffer.from(signature, "base64url")));
});

test("HTTP-APP-3 a token dies with the session in which it was allowed, and with the assignment; so do refreshing and asking about it", async () => {
  const app = await appOfTest(server, ALL);
  const cookie = await server.cookie();
  const tokens = await app.open(cookie, "online_access user/Patient.r");
  const refreshed = await app.token({ grant_type: "refresh_token", refresh_token: tokens.refresh_token ?? "" });
  assert.deepEqual([refreshed.status, refreshed.scope], [200, tokens.scope]);
  const again = await app.token({ grant_type: "refresh_token", refresh_token: tokens.refresh_token ?? "" });
  assert.equal(again.error, "invalid_grant"); // a refresh token is good once, and with the second use all is over
  assert.equal(
    await server.sql("SELECT 1 FROM oauth_state WHERE kind = 'RefreshToken'").then((rows) => rows.length),
    0,
  );
  const fresh = await app.open(cookie, "online_access user/Patient.r");
  const introspect = async (): Promise<unknown> =>
    JSON.parse(
      (await server.call("POST", "/oauth/introspect", formOfTest({ client_id: app.client, token: fresh.access_token })))
        .text,
    );
  const active = (await introspect()) as Record<string, unknown>;
  assert.deepEqual([active["active"], active["sub"], active["client_id"]], [true, "anna", app.client]);
  assert.equal((await get(fresh.access_token, "Patient/p1")).status, 200);
  const proof = { method: "siths", name: "SITHS", acr: "loa3", at: server.clock().toISOString() };
  const renewed = await server.sessions.renew(sessionName(cookie.slice("eira_session=".length)), proof);
  server.clock.forward(2001);
  assert.equal((await get(fresh.access_token, "Patient/p1")).status, 200);
  const own = `eira_session=${renewed}`;
  assert.equal((await server.call("POST", "/api/sign-out", { cookie: own, body: {} })).status, 204);
  server.clock.forward(2001);
  assert.equal((await get(fresh.access_token, "Patient/p1")).status, 401);
  assert.deepEqual(await introspect(), { active: false });
  const late = await app.token({ grant_type: "refresh_token", refresh_token: fresh.refresh_token ?? "" });
  assert.equal(late.error, "invalid_grant");
  const idle = await app.open(await server.cookie(), "user/Patient.r");
  server.clock.forward(31 * 60_000);
  assert.equal((await get(idle.access_token, "Patient/p1")).status, 401);
});

test("HTTP-APP-4 a patient scope opens the one patient that was chosen, by every way to read", async () => {
  const app = await appOfTest(server, `${ALL} patient/*.rs`);
  const tokens = await app.open(await server.cookie(), "launch/patient patient/*.rs", { patient: "p1" });
  assert.equal(tokens.patient, "p1");
  const { access_token: token } = tokens;
  const own = ["Observation/p1-lab", "Observation/p1-vital"];
  assert.deepEqual((await get(token, "Observation?_count=50")).names().toSorted(), own);
  assert.deepEqual((await get(token, "Patient?_count=50")).names(), ["Patient/p1"]);
  assert.deepEqual((await get(token, "Patient/p1/Observation")).names().toSorted(), own);
  assert.equal((await get(token, "Observation/p1-lab")).status, 200);
  for (const path of ["Observation/p2-lab", "Patient/p2"]) assert.equal((await get(token, path)).status, 404, path);
  assert.equal((await get(token, "Patient/p2/$everything")).status, 404);
  const everything = (await get(token, "Patient/p1/$everything")).names();
  assert.ok(everything.includes("Observation/p1-lab") && everything.every((name) => !name.includes("p2")));
  for (const path of [
    "Observation/p1-lab/_history",
    "Observation/p1-lab/_history/1",
    "Observation/_history",
    "_history",
  ])
    assert.equal((await get(token, path)).status, 403, path);
});

test("HTTP-APP-5 and JRN-APP-1 a scope with search parameters narrows every answer: what it does not open is as what never was", async () => {
  const app = await appOfTest(server, "user/*.cruds patient/*.rs launch/patient openid");
  const scope = "user/Observation.rs?category=laboratory user/Patient.rs";
  const { access_token: token } = await app.open(await server.cookie(), scope);
  const paths = [
    "Observation?_count=50&_total=accurate",
    "Observation?_summary=count",
    "Observation?category=vital-signs",
    "Observation?subject=Patient/p1&_sort=-date",
    "Observation?_include=Observation:subject",
    "Patient?_id=p1&_revinclude=Observation:subject",
    "Patient?_has:Observation:subject:category=vital-signs",
    "Observation?subject:Patient._id=p1",
    "Patient/p1/Observation",
    "Patient/p1/*?_type=Observation",
    "?_type=Observation,Patient",
    "Observation/p1-vital",
    "Observation/p1-lab",
    "Observation/p3-vital",
    "Observation?_id=p1-vital,p1-lab",
    "Observation/$lastn?patient=p1",
    `$graphql?query=${encodeURIComponent('{ ObservationList(subject: "Patient/p1") { id } }')}`,
    `$graphql?query=${encodeURIComponent('{ Observation(id: "p1-vital") { id } }')}`,
    "Observation?category:not=laboratory",
    "Observation?_filter=category%20eq%20vital-signs",
  ];
  const answers = async (): Promise<string[]> => {
    const all = await Promise.all(paths.map((path) => get(token, path)));
    return all.map(
      ({ status, text }) =>
        `${status} ${text.replaceAll(/"(timestamp|lastUpdated)":"[^"]+"|"id":"[0-9a-f-]{36}"|[0-9a-f]{8}-[0-9a-f-]{27}/g, "…")}`,
    );
  };
  const before = await answers();
  for (const [at, text] of before.entries())
    assert.ok(!/p\d-vital"/.test(text) || /Observation\/p1-vital/.test(paths[at] ?? ""), `${paths[at]} ${text}`);
  assert.match(before[0] ?? "", /"total":2/, server.lines.join("\n"));
  assert.match(before[1] ?? "", /"total":2/);
  assert.match(before[11] ?? "", /^404/);
  assert.match(before[12] ?? "", /^200/);
  // The same again where what the scope does not open never was.
  await server.sql("DELETE FROM observation WHERE id LIKE '%-vital'");
  assert.deepEqual(await answers(), before);
  for (const id of ["p1", "p2"])
    await server.put({ ...observation(`${id}-vital`, `Patient/${id}`), ...category("vital-signs") });
});

test("HTTP-APP-6 what is not registered, not understood or cannot be held to gets no token", async () => {
  const app = await appOfTest(
    server,
    "openid user/Condition.rs patient/Observation.rs?category=laboratory launch/patient",
  );
  const refused = async (scope: string, other: Record<string, string | undefined> = {}): Promise<string> => {
    const { at, answer } = await new BrowserOfTest(server).go(app.authorize(scope, other).url, (path) =>
      /^(?:https:|\/app\/)/.test(path),
    );
    return at.startsWith("https:")
      ? (new URL(at).searchParams.get("error") ?? "none")
      : at.startsWith("/app/")
        ? "asked"
        : String(answer.status);
  };
  for (const scope of [
    "user/Condition.rs",
    "user/Condition.r",
    "patient/Condition.s",
    "patient/Observation.rs?category=laboratory",
  ])
    assert.equal(await refused(scope), "asked", scope);
  for (const scope of [
    "user/Patient.rs",
    "user/Observation.rs",
    "user/Observation.rs?category=laboratory",
    "user/Condition.cruds",
    "user/*.rs",
    "user/Condition.rs user/Patient.r",
    "patient/Observation.rs",
    "patient/Observation.rs?category=vital-signs",
    "patient/Observation.cu?category=laboratory",
    "user/Observation.rs?subject.name=x",
    "user/Observation.rs?category:not=x",
    "user/Observation.rs?date=2020",
    "user/Observation.rs?nonsense=x",
    "user/*.rs?category=x",
    "system/*.rs",
    "user/Nothing.rs",
    "nonsense",
  ])
    assert.equal(await refused(scope), "invalid_scope", scope);
  assert.equal(await refused("user/Condition.rs", { code_challenge: undefined }), "invalid_request");
  assert.equal(await refused("user/Condition.rs", { code_challenge_method: "plain" }), "invalid_request");
  for (const other of [
    { redirect_uri: "https://evil.test/" },
    { client_id: "nobody" },
    { redirect_uri: `${REDIRECT}/x` },
  ])
    assert.equal(await refused("user/Condition.rs", other), "400", JSON.stringify(other));
  const cookie = await server.cookie();
  for (const aud of [undefined, "https://other.test/fhir"]) {
    const { url } = app.authorize("user/Condition.rs", { aud });
    assert.match(await allow(server, { url, cookie, answer: { allow: true } }), /error=invalid_request/);
  }
  const { url } = app.authorize("user/Condition.rs");
  assert.match(await allow(server, { url, cookie, answer: { allow: false } }), /error=access_denied/);
});

test("HTTP-APP-7 a code is good once, for the one who asked, with the verifier; no token lies in the database", async () => {
  const app = await appOfTest(server, ALL);
  const other = await appOfTest(server, ALL);
  const cookie = await server.cookie();
  const code = async (): Promise<{ code: string; verifier: string }> => {
    const { url, verifier } = app.authorize("user/Patient.r");
    const back = new URL(await allow(server, { url, cookie, answer: { allow: true } }));
    assert.equal(back.searchParams.get("state"), "state-of-the-app");
    return { code: back.searchParams.get("code") ?? "", verifier };
  };
  const fields = { grant_type: "authorization_code", redirect_uri: REDIRECT };
  const one = await code();
  assert.equal((await other.token({ ...fields, code: one.code, code_verifier: one.verifier })).error, "invalid_grant");
  const two = await code();
  assert.equal((await app.token({ ...fields, code: two.code, code_verifier: "x".repeat(43) })).error, "invalid_grant");
  const three = await code();
  const both = await Promise.all(
    [1, 2].map(() => app.token({ ...fields, code: three.code, code_verifier: three.verifier })),
  );
  assert.equal(both.filter(({ status }) => status === 200).length, 1);
  const four = await code();
  const got = await app.token({ ...fields, code: four.code, code_verifier: four.verifier });
  const kept = JSON.stringify(await server.sql("SELECT content FROM oauth_state"));
  for (const secret of [got.access_token, four.code]) assert.ok(!kept.includes(secret));
  await server.call("POST", "/oauth/revoke", formOfTest({ client_id: app.client, token: got.access_token }));
  server.clock.forward(2001);
  assert.equal((await get(got.access_token, "Patient/p1")).status, 401);
  // Whoever comes with a code that was used may have stolen it, or have been stolen from: what was given for it is taken back.
  const five = await code();
  const given = await app.token({ ...fields, code: five.code, code_verifier: five.verifier });
  assert.equal((await get(given.access_token, "Patient/p1")).status, 200);
  assert.equal((await app.token({ ...fields, code: five.code, code_verifier: five.verifier })).error, "invalid_grant");
  server.clock.forward(2001);
  assert.equal((await get(given.access_token, "Patient/p1")).status, 401);
});

test("HTTP-APP-8 an application is opened from a chart for its patient, once, by the one who opened it", async () => {
  const app = await appOfTest(server, ALL);
  const cookie = await server.cookie();
  const launch = async (): Promise<string> => {
    const answer = await server.call("POST", "/api/patients/p1/launch", { cookie, body: { client: app.client } });
    assert.equal(answer.status, 200);
    const address = new URL(String(answer.at("address")));
    assert.deepEqual(
      [address.origin + address.pathname, address.searchParams.get("iss")],
      ["https://app.test/launch", server.options.base],
    );
    return address.searchParams.get("launch") ?? "";
  };
  const key = await launch();
  const tokens = await app.open(cookie, "launch user/Patient.r", { launch: key });
  assert.deepEqual([tokens.status, tokens.patient], [200, "p1"]);
  const asks = (given: string, who: string): Promise<string> =>
    allow(server, {
      url: app.authorize("launch user/Patient.r", { launch: given }).url,
      cookie: who,
      answer: { allow: true },
    });
  assert.match(await asks(key, cookie), /error=invalid_request/);
  assert.match(await asks(await launch(), await server.cookie()), /error=invalid_request/);
  assert.match(await asks("x".repeat(43), cookie), /error=invalid_request/);
  assert.equal(
    (await server.call("POST", "/api/patients/none/launch", { cookie, body: { client: app.client } })).status,
    404,
  );
  assert.equal(
    (await server.call("POST", "/api/patients/p1/launch", { cookie, body: { client: "nobody" } })).status,
    404,
  );
});

test("HTTP-APP-9 an application reaches care's data through FHIR and nothing else in the person's name", async () => {
  const app = await appOfTest(server, ALL);
  const { access_token: token } = await app.open(await server.cookie(), "user/*.cruds");
  for (const [method, path] of [
    ["GET", "/api/session"],
    ["POST", "/api/sessions/end"],
    ["GET", "/api/patients/p1/overview"],
    ["GET", "Composition/x/$document"],
    ["POST", "Composition/x/$sign"],
    ["GET", "$jobs/x"],
    ["GET", "$meta"],
  ] as const)
    assert.equal(
      (await server.call(method, path, { token, body: method === "POST" ? {} : undefined })).status,
      403,
      path,
    );
  const at = await server.call("GET", "Patient/p1", { token, headers: { prefer: "respond-async" } });
  assert.equal(at.status, 200);
});

test("HTTP-APP-10 an application is registered with safe addresses and scopes that are held to", () => {
  const given = {
    client: "app-x",
    name: "Appen",
    scope: "openid user/*.rs",
    redirectUris: [REDIRECT],
    launchUri: null,
    jwks: null,
  };
  assert.deepEqual(appOf(given).app, { name: "Appen", redirectUris: [REDIRECT], launchUri: null });
  for (const [change, words] of [
    [{ client: "x" }, /client id/],
    [{ name: "" }, /name/],
    [{ scope: "" }, /no scope/],
    [{ scope: "system/*.rs" }, /form/],
    [{ scope: "patient/*.cruds" }, /reading and searching/],
    [{ redirectUris: [] }, /1 to 10/],
    [{ redirectUris: ["http://app.test/"] }, /not https/],
    [{ redirectUris: ["https://app.test/#x"] }, /not https/],
    [{ redirectUris: ["javascript:alert(1)"] }, /not https/],
    [{ launchUri: "http://app.test/launch" }, /not https/],
    [{ jwks: "{}" }, /keys/],
  ] as const)
    assert.throws(() => appOf({ ...given, ...change }), words, JSON.stringify(change));
  assert.equal(appOf({ ...given, redirectUris: ["http://127.0.0.1:3000/"] }).app?.redirectUris.length, 1);
});
