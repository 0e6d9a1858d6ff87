import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { after, test } from "node:test";
import fc from "fast-check";
import { OURS, patient } from "../../journal/testing/index.ts";
import { buildServer, Sessions } from "../index.ts";
import { assertionOf, formOfTest, keyOfTest, type KeyOfTest } from "../testing/oauth.ts";
import { serverOfTest, type Answer } from "../testing/index.ts";

const TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
const server = await serverOfTest({ after });
const ROOT = server.options.base.replace("/fhir/R4", "");
const TOKEN_URL = `${ROOT}/oauth/token`;
const key = keyOfTest();
let names = 0;

await server.put(patient("p1"));

/** Registers a client of its own, so that no test spends another's calls. */
async function register(
  scope = "system/*.rs",
  { introspects = false, keys = [key] as readonly KeyOfTest[] } = {},
): Promise<string> {
  const client = `client-${++names}`;
  const jwks = { keys: keys.map(({ jwk }) => jwk) };
  await server.store.oauth.addClient({ client, scope, jwks, ...OURS, introspects });
  return client;
}

type Fields = Readonly<Record<string, string>>;

const signed = (client: string, by = key): Fields => ({
  client_assertion_type: TYPE,
  client_assertion: assertionOf(by, { client, audience: TOKEN_URL }),
});
const post = (path: string, fields: Fields): Promise<Answer> =>
  server.call("POST", `/oauth/${path}`, formOfTest(fields));
const askFor = (fields: Fields): Promise<Answer> =>
  post("token", { grant_type: "client_credentials", scope: "system/Patient.rs", ...fields });
const read = async (token: string, path = "Patient/p1"): Promise<number> =>
  (await server.call("GET", path, { token })).status;

async function tokenOf(client: string, scope = "system/Patient.rs"): Promise<string> {
  const answer = await askFor({ ...signed(client), scope });
  assert.equal(answer.status, 200, answer.text);
  return String(answer.at("access_token"));
}

test("HTTP-OAUTH-1 what is announced is there, and nothing else is announced", async () => {
  const [atBase, atRoot] = [
    await server.call("GET", ".well-known/smart-configuration", { headers: { accept: "application/json" } }),
    await server.call("GET", "/.well-known/smart-configuration"),
  ];
  assert.deepEqual([atBase.status, atBase.text], [200, atRoot.text]);
  assert.match(String(atBase.headers["content-type"]), /^application\/json/);
  assert.equal(atBase.at("token_endpoint"), TOKEN_URL);
  assert.deepEqual(atBase.at("grant_types_supported"), ["authorization_code", "refresh_token", "client_credentials"]);
  assert.deepEqual(atBase.at("code_challenge_methods_supported"), ["S256"]);
  const capabilities = atBase.at("capabilities") as string[];
  for (const one of ["launch-ehr", "launch-standalone", "client-public", "permission-v2"])
    assert.ok(capabilities.includes(one));
  assert.ok(!capabilities.includes("permission-offline"));
  assert.equal(atBase.at("registration_endpoint"), undefined);
  for (const name of ["authorization_endpoint", "jwks_uri"]) {
    const path = String(atBase.at(name)).slice(ROOT.length);
    assert.notEqual((await server.call("GET", path)).status, 404, path);
  }
  for (const name of ["token_endpoint", "introspection_endpoint", "revocation_endpoint"]) {
    const path = String(atBase.at(name)).slice(ROOT.length);
    assert.equal((await server.call("POST", path, formOfTest({}))).status, 400, path);
    assert.equal((await server.call("GET", path)).status, 405);
  }
  for (const path of ["auth", "reg", "me", "session/end", "device"])
    assert.equal((await server.call("GET", `/oauth/${path}`)).status, 404, path);
  const metadata = await server.call("GET", "metadata");
  assert.equal(metadata.at("rest.0.security.service.0.coding.0.code"), "SMART-on-FHIR");
  const uris = metadata.at("rest.0.security.extension.0.extension") as { url: string; valueUri: string }[];
  assert.deepEqual(Object.fromEntries(uris.map(({ url, valueUri }) => [url, valueUri])), {
    authorize: atBase.at("authorization_endpoint"),
    token: atBase.at("token_endpoint"),
    introspect: atBase.at("introspection_endpoint"),
    revoke: atBase.at("revocation_endpoint"),
  });
});

test("HTTP-OAUTH-2 a signed assertion gives a token for five minutes that opens what its scope says", async () => {
  for (const by of [key, keyOfTest("RS384", "rsa")]) {
    const client = await register("system/*.rs system/Patient.cu", { keys: [by] });
    const answer = await askFor(signed(client, by));
    assert.equal(answer.status, 200, answer.text);
    assert.deepEqual(
      [answer.at("token_type"), answer.at("expires_in"), answer.at("scope"), answer.headers["cache-control"]],
      ["Bearer", 300, "system/Patient.rs", "no-store"],
    );
    const token = String(answer.at("access_token"));
    assert.match(token, /^[\w-]{43}$/);
    assert.deepEqual([await read(token), await read(token, "Observation")], [200, 403]);
    assert.equal((await server.call("PUT", "Patient/p1", { token, body: patient("p1") })).status, 403);
    const rows = await server.sql("SELECT o::text AS row FROM oauth_state o");
    assert.ok(rows.every(({ row }) => !String(row).includes(token)));
    const [logged] = (await server.log()).slice(-1);
    assert.match(JSON.stringify(logged), new RegExp(client));
  }
  const client = await register();
  const token = await tokenOf(client);
  assert.equal(await read(token), 200);
  server.clock.forward(301_000);
  assert.equal(await read(token), 401);
});

test("HTTP-OAUTH-3 an assertion is good for once, however many come at once, at whatever server", async () => {
  const client = await register();
  const other = buildServer({ ...server.http }, new Sessions(server.store, server.clock), () => undefined);
  const form = formOfTest({ grant_type: "client_credentials", scope: "system/*.rs", ...signed(client) });
  const elsewhere = { method: "POST", url: "/oauth/token", headers: form.headers, payload: form.body } as const;
  const statuses = await Promise.all([
    ...Array.from({ length: 6 }, () => server.call("POST", "/oauth/token", form).then(({ status }) => status)),
    ...Array.from({ length: 6 }, () => other.inject(elsewhere).then(({ statusCode }) => statusCode)),
  ]);
  assert.deepEqual(
    statuses.toSorted((one, other) => one - other),
    [200, ...Array.from({ length: 11 }, () => 401)],
  );
  const later = await server.call("POST", "/oauth/token", form);
  assert.deepEqual([later.status, later.at("error")], [401, "invalid_client"]);
  await other.close();
});

test("HTTP-OAUTH-4 an assertion that is not the client's, not for this server or not of this moment is refused in words", async () => {
  const client = await register();
  const stranger = keyOfTest("ES384", "key-1");
  const now = Math.floor(Date.now() / 1000);
  const to = { client, audience: TOKEN_URL };
  const headers = { alg: "HS256", kid: "key-1" };
  const shared = [headers, { iss: client, sub: client, aud: TOKEN_URL, exp: now + 60, jti: "x" }]
    .map((part) => Buffer.from(JSON.stringify(part)).toString("base64url"))
    .join(".");
  const hmac = createHmac("sha256", JSON.stringify(key.jwk)).update(shared).digest("base64url");
  const cases: [string, string, RegExp][] = [
    ["another's key", assertionOf(stranger, to), /not accepted/],
    ["a client that is not there", assertionOf(key, { ...to, client: "nobody" }), /not accepted/],
    ["no name of a client", assertionOf(key, { ...to, client: "a\u0000'; DROP" }), /not accepted/],
    ["another server", assertionOf(key, { ...to, audience: "https://other.example/token" }), /aud is to be http/],
    ["several", assertionOf(key, to, { claims: { aud: [TOKEN_URL, "https://other.example"] } }), /aud/],
    ["ended", assertionOf(key, to, { claims: { exp: now - 11 } }), /expired/],
    ["too long", assertionOf(key, to, { claims: { exp: now + 3600 } }), /five minutes/],
    ["endless", assertionOf(key, to, { claims: { exp: undefined } }), /exp/],
    ["end in words", assertionOf(key, to, { claims: { exp: "soon" } }), /exp/],
    ["no jti", assertionOf(key, to, { claims: { jti: undefined } }), /jti/],
    ["endless jti", assertionOf(key, to, { claims: { jti: "x".repeat(501) } }), /jti/],
    ["another's name", assertionOf(key, to, { claims: { iss: "client-1-other" } }), /iss and sub/],
    ["no kid", assertionOf(key, to, { header: { kid: undefined } }), /kid/],
    [
      "none",
      `${assertionOf(key, to, { header: { alg: "none" } })
        .split(".")
        .slice(0, 2)
        .join(".")}.`,
      /alg is to be/,
    ],
    ["RS256", assertionOf(key, to, { header: { alg: "RS256" } }), /alg is to be/],
    ["public key as secret", `${shared}.${hmac}`, /alg is to be/],
    ["a key of its own", assertionOf(stranger, to, { header: { jwk: stranger.jwk } }), /not accepted/],
    ["a key from elsewhere", assertionOf(stranger, to, { header: { jku: `${ROOT}/stranger.json` } }), /not accepted/],
    ["half", assertionOf(key, to).slice(0, -20), /not accepted/],
  ];
  for (const [why, assertion, words] of cases) {
    const answer = await askFor({ client_assertion_type: TYPE, client_assertion: assertion });
    assert.deepEqual([answer.status, answer.at("error")], [401, "invalid_client"], `${why}: ${answer.text}`);
    assert.match(String(answer.at("error_description")), words, why);
  }
  const form = formOfTest({ grant_type: "client_credentials", scope: "system/*.rs", client_assertion_type: TYPE });
  const elsewhere = assertionOf(key, { client, audience: "http://evil.example/oauth/token" });
  const body = `${form.body}&client_assertion=${elsewhere}`;
  const byHost = await server.call("POST", "/oauth/token", {
    body,
    headers: { ...form.headers, host: "evil.example" },
  });
  assert.equal(byHost.status, 401);
  assert.equal((await askFor(signed(client))).status, 200);
});

test("HTTP-OAUTH-5 the scope is what was asked for, when all of it is registered; otherwise there is no token", async () => {
  const client = await register("system/Patient.rs system/Observation.cruds system/Condition.read");
  for (const scope of [
    "system/Patient.r",
    "system/Observation.cd system/Patient.rs",
    "system/Condition.rs",
    "system/Observation.* system/Patient.read",
  ]) {
    const answer = await askFor({ ...signed(client), scope });
    assert.deepEqual([answer.status, answer.at("scope")], [200, scope], answer.text);
  }
  const refused: [string, RegExp][] = [
    ["", /no scope/],
    ["system/*.r", /not registered/],
    ["system/Patient.cruds", /not registered/],
    ["system/Patient.rs system/Encounter.r", /not registered/],
    ["system/Observation.rs?category=laboratory", /search parameters are not supported/],
    ["system/Observation.rs?", /not understood/],
    ["system/Observation.rs?nothing=1", /not understood/],
    ["system/Patient.sr", /cruds in that order/],
    ["system/Pasient.r", /does not have/],
    ["user/Patient.rs", /user\/ scopes/],
    ["patient/Patient.rs", /patient\/ scopes/],
    ["openid fhirUser", /the form/],
    ["system/Patient.rs system/", /the form/],
  ];
  for (const [scope, words] of refused) {
    const answer = await askFor({ ...signed(client), scope });
    assert.deepEqual([answer.status, answer.at("error")], [400, "invalid_scope"], `${scope}: ${answer.text}`);
    assert.match(String(answer.at("error_description")), words, scope);
  }
});

test("HTTP-OAUTH-6 a token is told of to its client and to clients that may ask about others'", async () => {
  const [client, other, asker] = [
    await register(),
    await register(),
    await register("system/*.rs", { introspects: true }),
  ];
  const token = await tokenOf(client);
  const introspect = async (by: string, what: string): Promise<unknown> => {
    const answer = await post("introspect", { ...signed(by), token: what });
    assert.equal(answer.status, 200, answer.text);
    return answer.json<never>();
  };
  for (const by of [client, asker]) {
    const told = (await introspect(by, token)) as Record<string, unknown>;
    assert.deepEqual([told["active"], told["client_id"], told["scope"]], [true, client, "system/Patient.rs"]);
    assert.equal(Number(told["exp"]) - Number(told["iat"]), 300);
  }
  assert.deepEqual(await introspect(other, token), { active: false });
  for (const none of ["x", "x".repeat(43), `${token.slice(0, -1)}-`])
    assert.deepEqual(await introspect(client, none), { active: false });
  const anybody = await post("introspect", { token });
  assert.equal(anybody.status, 400);
  assert.doesNotMatch(anybody.text, /active/);
});

test("HTTP-OAUTH-7 what is revoked, and what a client had that is no more, opens nothing in any server after two seconds", async () => {
  const [client, other] = [await register(), await register()];
  const sessions = new Sessions(server.store, server.clock);
  const elsewhere = buildServer({ ...server.http }, sessions, () => undefined);
  const statuses = async (token: string): Promise<number[]> => {
    const headers = { authorization: `Bearer ${token}` };
    return [await read(token), (await elsewhere.inject({ url: "/fhir/R4/Patient/p1", headers })).statusCode];
  };
  const token = await tokenOf(client);
  assert.deepEqual(await statuses(token), [200, 200]);
  assert.equal((await post("revoke", { ...signed(other), token })).status, 200); // as if it were not there
  server.clock.forward(2001);
  assert.deepEqual(await statuses(token), [200, 200]);
  for (const _click of [1, 2]) assert.equal((await post("revoke", { ...signed(client), token })).status, 200);
  server.clock.forward(2001);
  assert.deepEqual(await statuses(token), [401, 401]);
  const [mine, others] = [await tokenOf(client), await tokenOf(other)];
  assert.deepEqual(await statuses(mine), [200, 200]);
  assert.equal(await server.store.oauth.removeClient(client), true);
  server.clock.forward(2001);
  assert.deepEqual(
    [await statuses(mine), await statuses(others)],
    [
      [401, 401],
      [200, 200],
    ],
  );
  assert.equal((await askFor(signed(client))).status, 401);
  const fresh = keyOfTest("ES384", "key-2");
  assert.equal((await askFor(signed(other, fresh))).status, 401);
  await server.store.oauth.replaceKeys({ client: other, jwks: { keys: [fresh.jwk] } });
  const [byOld, byNew] = [await askFor(signed(other)), await askFor(signed(other, fresh))];
  assert.deepEqual([byOld.status, byNew.status], [401, 200]);
  assert.deepEqual(await server.store.scopesOfClient(client), []);
  assert.deepEqual(await server.store.scopesOfClient(other), ["system/*.rs"]);
  await elsewhere.close();
});

test("HTTP-OAUTH-8 whatever form comes, the answer is an error of OAuth and never a fault of ours; secrets are not logged", async () => {
  const client = await register();
  const seed = 20261122;
  console.log(`seed ${seed}`);
  const word = fc.oneof(
    fc.constantFrom(
      "",
      client,
      "client_credentials",
      "authorization_code",
      "implicit",
      "refresh_token",
      "__proto__",
      "a.b.c",
      "e30.e30.",
      "x".repeat(2000),
      "\u0000",
      "system/*.rs",
      "null",
      "[]",
    ),
    fc.string({ maxLength: 20 }),
    fc.constant(undefined).map(() => assertionOf(key, { client, audience: TOKEN_URL })),
  );
  const field = fc.constantFrom(
    "grant_type",
    "scope",
    "client_assertion",
    "client_assertion_type",
    "client_id",
    "client_secret",
    "token",
    "token_type_hint",
    "resource",
    "constructor",
    "__proto__",
    "code",
    "redirect_uri",
  );
  const type = fc.constantFrom(
    "application/x-www-form-urlencoded",
    "application/json",
    "text/plain",
    "multipart/form-data; boundary=x",
    "application/x-www-form-urlencoded; charset=latin1",
    "application/x-www-form-urlencoded; charset=nonsense",
  );
  const authorization = fc.constantFrom(undefined, "Basic YTpi", "Basic", "Bearer x", "Basic !!!", "DPoP x");
  let answers = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom("token", "introspect", "revoke"),
      fc.array(fc.tuple(field, word), { maxLength: 6 }),
      type,
      authorization,
      async (path, fields, sentAs, who) => {
        server.clock.forward(2000); // so that it is not the limit that answers
        const body = fields.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join("&");
        const headers = { "content-type": sentAs, ...(who === undefined ? {} : { authorization: who }) };
        const answer = await server.call("POST", `/oauth/${path}`, { body, headers });
        assert.ok(
          answer.status < 500,
          `${body} ${sentAs} ${who}: ${answer.status} ${answer.text} ${server.lines.at(-1)}`,
        );
        if (answer.status >= 400) assert.match(String(answer.at("error")), /^[a-z_]+$/, answer.text);
        answers++;
      },
    ),
    { seed, numRuns: 300, endOnFailure: true },
  );
  assert.ok(answers >= 300);
  const large = await server.call("POST", "/oauth/token", {
    body: "x".repeat(70_000),
    headers: { "content-type": "application/x-www-form-urlencoded" },
  });
  assert.equal(large.status, 413);
  const faults = (): string[] => server.lines.filter((line) => line.includes('"level":"error"'));
  assert.deepEqual(faults(), []);
  const form = signed(client);
  await server.sql("ALTER TABLE oauth_client RENAME TO oauth_client_away");
  const broken = await askFor(form);
  await server.sql("ALTER TABLE oauth_client_away RENAME TO oauth_client");
  assert.deepEqual([broken.status, broken.code()], [500, "INTERNAL"]);
  assert.equal(faults().length, 1);
  for (const told of [broken.text, server.lines.join("")])
    assert.ok(!told.includes(String(form["client_assertion"]).slice(0, 40)));
  assert.equal((await askFor(form)).status, 200); // the assertion was not spent
});

test("HTTP-OAUTH-9 one client calls at most sixty times a minute from one address, and others as before", async () => {
  const [client, other] = [await register(), await register()];
  const statuses = new Map<number, number>();
  for (let call = 0; call < 63; call++) {
    const { status } = await post("introspect", { client_id: client, token: "x" });
    statuses.set(status, (statuses.get(status) ?? 0) + 1);
  }
  assert.deepEqual(
    [...statuses],
    [
      [401, 60],
      [429, 3],
    ],
  );
  const refused = await askFor(signed(client));
  assert.deepEqual(
    [refused.status, refused.at("error"), refused.headers["retry-after"]],
    [429, "temporarily_unavailable", "60"],
  );
  assert.equal((await askFor(signed(other))).status, 200);
  server.clock.forward(60_000);
  assert.equal((await askFor(signed(client))).status, 200);
});
