import assert from "node:assert/strict";
import { after, test } from "node:test";
import { OURS, personActor, putInDirectory } from "../../journal/testing/index.ts";
import { BrowserOfTest } from "../testing/browser.ts";
import { issuerOfTest } from "../testing/issuer.ts";
import { serverOfTest, type Answer } from "../testing/index.ts";
import { DEMO_PATIENTS } from "./routes.ts";

const server = await serverOfTest({ after }, { demo: true });
const anna = { ...personActor(OURS), hsaId: "SE2321000131-P000000000001" };
await putInDirectory(server, anna);
await server.put(
  {
    resourceType: "Practitioner",
    id: anna.id,
    name: [{ text: `${anna.name} <b>` }],
    qualification: [{ code: { text: anna.title } }],
    identifier: [{ system: "urn:oid:1.2.752.29.4.19", value: anna.hsaId }],
  },
  null,
);
const tove = { subject: "191212121212", name: "Tove Test", aside: "191212121212", group: "Född på 1910-talet" };
await server.store.saveSetting(DEMO_PATIENTS, [tove]);

const isOutside = (path: string): boolean => !/^\/(?:demo-idp|api)\//.test(path);

/** At the page of a provider, where one chooses whom to be. */
async function choosing(browser: BrowserOfTest, provider: string): Promise<{ at: string; answer: Answer }> {
  const found = await browser.go(`/api/sign-in/start/${provider}?till=%2Fpatienter%2Fx`);
  assert.equal(found.answer.status, 200, found.at);
  assert.match(found.at, new RegExp(`^/demo-idp/${provider}/choose/`));
  assert.match(
    String(found.answer.headers["content-security-policy"]),
    /default-src 'none'; script-src 'self'; style-src 'self' 'sha256-/,
  );
  return found;
}

test("HTTP-DEMO-IDENTITY-1 staff sign in at providers shaped like SITHS and Freja, and are who they chose to be", async () => {
  for (const provider of ["siths", "freja"]) {
    const browser = new BrowserOfTest(server);
    const { at, answer } = await choosing(browser, provider);
    assert.match(answer.text, /Anna Ek &#60;b&#62;/);
    assert.doesNotMatch(answer.text, /<script|Tove/);
    assert.doesNotMatch((await browser.call("GET", `${at}?sok=ingen+alls`)).text, /Anna Ek/);
    const done = await browser.send(at, `person=${anna.hsaId}`, isOutside);
    assert.equal(done.at, "/patienter/x");
    const session = await server.call("GET", "/api/session", { cookie: browser.cookie("/") });
    assert.deepEqual([session.at("person.hsaId"), session.at("authenticated.method")], [anna.hsaId, provider]);
  }
});

test("HTTP-DEMO-IDENTITY-1 a patient signs in at a provider shaped like BankID, and goes on to the portal", async () => {
  const browser = new BrowserOfTest(server);
  const { at, answer } = await choosing(browser, "bankid");
  assert.match(answer.text, /Tove Test/);
  assert.doesNotMatch(answer.text, /Anna/);
  const done = await browser.send(at, `person=${tove.subject}`, isOutside);
  assert.match(done.at, /^\/portal\//);
  assert.equal(browser.has("eira_session"), false);
  const wrong = await choosing(browser, "bankid");
  assert.match((await browser.send(wrong.at, "person=191212121213", isOutside)).at, /^\/portal\/logga-in\?fel=avvisad/);
});

test("HTTP-DEMO-IDENTITY-1 whoever breaks off, comes in another browser or chooses twice is not signed in", async () => {
  const browser = new BrowserOfTest(server);
  const { at } = await choosing(browser, "siths");
  const form = `person=${anna.hsaId}`;
  for (const method of ["GET", "POST"])
    assert.equal((await new BrowserOfTest(server).call(method, at, method === "POST" ? form : undefined)).status, 404);
  assert.equal((await browser.send(at, "person=", isOutside)).at, "/logga-in?fel=avbruten&till=%2Fpatienter%2Fx");
  assert.equal((await browser.call("POST", at, form)).status, 404);
  const odd = await choosing(browser, "siths");
  const nobody = await browser.send(odd.at, `person=${"%C3%A5".repeat(30)}`, isOutside);
  assert.match(nobody.at, /^\/logga-in\?fel=okand/);
  assert.equal(browser.has("eira_session"), false);
});

const ADDRESSES = ["/.well-known/openid-configuration", "/jwks", "/auth?client_id=eira", "/auth/x", "/choose/x"];

test("HTTP-DEMO-IDENTITY-2 outside a demonstration nothing answers at the providers' addresses, and nobody is offered them", async (t) => {
  const issuer = await issuerOfTest(t);
  const real = await serverOfTest(t);
  const named = await serverOfTest(t, { demo: true, identityProviders: [issuer.provider] });
  for (const one of [real, named]) {
    for (const provider of ["siths", "freja", "bankid"]) {
      for (const path of ADDRESSES)
        assert.equal((await one.call("GET", `/demo-idp/${provider}${path}`)).status, 404, path);
      for (const path of ["/token", "/choose/x"])
        assert.equal((await one.call("POST", `/demo-idp/${provider}${path}`, { body: "person=x" })).status, 404, path);
      assert.equal((await one.call("GET", `/api/sign-in/start/${provider}`)).status, 404);
      assert.equal((await one.call("GET", `/api/sign-in/callback/${provider}?code=x&state=y`)).status, 404);
    }
  }
  const offered = async (one: typeof real): Promise<unknown> =>
    JSON.parse((await one.call("GET", "/api/sign-in/providers")).text);
  assert.deepEqual(await offered(real), { demonstration: false, providers: [] });
  assert.deepEqual(await offered(named), {
    demonstration: true,
    providers: [{ id: "issuer", name: "Utfärdaren", people: "staff" }],
  });
});

test("HTTP-DEMO-IDENTITY-2 in a demonstration they let people into Eira only, and nobody gets a token without its secret", async () => {
  const asks = new URLSearchParams({
    client_id: "eira",
    response_type: "code",
    scope: "openid",
    redirect_uri: "https://evil.test/back",
    code_challenge: "x".repeat(43),
    code_challenge_method: "S256",
  });
  const away = await server.call("GET", `/demo-idp/siths/auth?${String(asks)}`);
  assert.deepEqual([away.status, away.headers.location], [400, undefined]);
  const form = { "content-type": "application/x-www-form-urlencoded" };
  const basic = `Basic ${Buffer.from("eira:guess").toString("base64")}`;
  for (const headers of [form, { ...form, authorization: basic }]) {
    const body = "grant_type=authorization_code&code=x&client_id=eira";
    assert.equal((await server.call("POST", "/demo-idp/siths/token", { headers, body })).status, 401);
  }
});
