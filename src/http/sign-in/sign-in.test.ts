import assert from "node:assert/strict";
import { after, test } from "node:test";
import type { PersonActor } from "../../access/index.ts";
import { OURS, personActor, putInDirectory, THEIRS } from "../../journal/testing/index.ts";
import { BrowserOfTest } from "../testing/browser.ts";
import { issuerOfTest, LOA3 } from "../testing/issuer.ts";
import { serverOfTest, type Answer } from "../testing/index.ts";

const issuer = await issuerOfTest({ after });
const other = await issuerOfTest({ after }, { id: "other", claim: "pnr", identifies: "personal-number" });
const server = await serverOfTest({ after }, { identityProviders: [issuer.provider, other.provider] });
const NUMBER = "195704289999";

/** Puts somebody in the directory with an HSA-id of their own. */
async function staff(id: string, assignments: readonly Partial<PersonActor["assignment"]>[]): Promise<string> {
  const hsaId = `SE2321000131-P${id}`;
  for (const one of assignments) {
    const owner = one.providerHsaId === THEIRS.careProvider ? THEIRS : OURS;
    await putInDirectory(server, { ...personActor(owner, one), id, name: `Person ${id}` });
  }
  const identifier = [
    { system: "urn:oid:1.2.752.29.4.19", value: hsaId },
    ...(id === "ett" ? [{ system: "http://electronichealth.se/identifier/personnummer", value: NUMBER }] : []),
  ];
  const qualification = [{ code: { text: "Överläkare" } }];
  const name = [{ text: `Person ${id}` }];
  await server.put({ resourceType: "Practitioner", id, name, identifier, qualification }, null);
  return hsaId;
}

const one = await staff("ett", [{ id: "ett-1" }]);
const two = await staff("tva", [
  { id: "tva-1" },
  { id: "tva-2", unitHsaId: "SE2321000131-E000000000012", unit: "Akuten" },
]);
const ended = await staff("slut", [{ id: "slut-1", until: "2026-11-20" }]);
const nobody = await staff("inget", []);

const START = "/api/sign-in/start/issuer";

type Went = { readonly browser: BrowserOfTest; readonly at: string; readonly answer: Answer };

/** Goes through a sign-in as somebody. */
async function signIn(
  subject: string,
  { till = "/", browser = new BrowserOfTest(server), start = START } = {},
): Promise<Went> {
  const sent = await browser.go(`${start}?till=${encodeURIComponent(till)}`, (path) => /^https?:/.test(path));
  const from = start.includes("other") ? other : issuer;
  return { browser, ...(await browser.go(from.back(sent.at, subject), (path) => !path.startsWith("/api/"))) };
}

const session = (browser: BrowserOfTest): Promise<Answer> =>
  server.call("GET", "/api/session", { headers: { cookie: browser.cookie("/") } });

test("HTTP-OIDC-1 whoever has one assignment today is signed in under it, with how and when they proved who they are", async () => {
  const before = (await server.log()).length;
  const { browser, at } = await signIn(one, { till: "/patienter/p1/oversikt?x=1" });
  assert.equal(at, "/patienter/p1/oversikt?x=1");
  const told = await session(browser);
  assert.deepEqual(
    [told.at("person.hsaId"), told.at("assignment.id"), told.at("authenticated.method"), told.at("authenticated.acr")],
    [one, "ett-1", "issuer", LOA3],
  );
  const age = server.clock().getTime() - Date.parse(String(told.at("authenticated.at")));
  assert.ok(age >= -1000 && age < 10_000, String(age));
  const rows = (await server.log()).slice(before).filter(({ action }) => action === "sign-in");
  assert.deepEqual(
    rows.map(({ outcome, actor }) => [outcome, actor]),
    [["granted", one]],
  );
  const [attempt] = await server.sql<{ n: number }>("SELECT count(*)::int AS n FROM oauth_state WHERE kind = 'SignIn'");
  assert.equal(attempt?.n, 0);
});

test("HTTP-OIDC-1 a claim may carry a personal identity number, and the address to go to is one of Eira's own", async () => {
  const { browser, at } = await signIn(NUMBER, { start: "/api/sign-in/start/other", till: "https://evil.test/" });
  assert.deepEqual([at, (await session(browser)).at("person.hsaId")], ["/", one]);
  for (const till of ["//evil.test", "/\\evil.test", "/api/session", "/logga-in?till=/", "evil", "/x\ny"])
    assert.equal((await signIn(one, { till })).at, "/", till);
});

test("HTTP-OIDC-2 whoever has several assignments chooses one, once, in the browser that they signed in with", async () => {
  const { browser, at } = await signIn(two, { till: "/patienter/p1" });
  assert.equal(at, "/logga-in/uppdrag?till=%2Fpatienter%2Fp1");
  assert.equal(browser.has("eira_session"), false);
  const choices = await browser.call("GET", "/api/sign-in/assignments");
  assert.deepEqual(
    (JSON.parse(choices.text) as { assignments: { id: string; unit: string }[] }).assignments.map(({ id, unit }) => [
      id,
      unit,
    ]),
    [
      ["tva-1", "Medicinkliniken"],
      ["tva-2", "Akuten"],
    ],
  );
  const choose = (who: BrowserOfTest, assignment: string): Promise<Answer> =>
    who.call("POST", "/api/sign-in/assignment", JSON.stringify({ assignment }), { "x-eira": "1" });
  assert.equal((await choose(new BrowserOfTest(server), "tva-2")).status, 401);
  assert.equal((await choose(browser, "ett-1")).status, 404);
  assert.equal((await browser.call("POST", "/api/sign-in/assignment", '{"assignment":"tva-2"}')).status, 403);
  const [first, second] = await Promise.all([choose(browser, "tva-2"), choose(browser, "tva-1")]);
  assert.deepEqual(new Set([first?.status, second?.status]), new Set([204, 401]));
  assert.match(String((await session(browser)).at("assignment.id")), /^tva-[12]$/);
  assert.equal((await browser.call("GET", "/api/sign-in/assignments")).status, 401);
  // Whoever comes back to a computer gets the assignment that they had there.
  const again = new BrowserOfTest(server);
  const sent = await again.go(`${START}?assignment=tva-2`, (path) => /^https?:/.test(path));
  assert.equal((await again.go(issuer.back(sent.at, two), (path) => !path.startsWith("/api/"))).at, "/");
  assert.equal((await session(again)).at("assignment.unit"), "Akuten");
});

test("HTTP-OIDC-3 whoever the directory does not know, or who has no assignment today, is turned away, and it is in the log", async () => {
  for (const [subject, failure, who] of [
    ["SE2321000131-PNOBODY", "okand", "$sign-in"],
    ["no HSA-id", "okand", "$sign-in"],
    [`${one}|x,y`, "okand", "$sign-in"],
    [ended, "inget-uppdrag", `$sign-in ${ended}`],
    [nobody, "inget-uppdrag", `$sign-in ${nobody}`],
  ] as const) {
    const before = (await server.log()).length;
    const { browser, at } = await signIn(subject, { till: "/patienter/x" });
    assert.equal(at, `/logga-in?fel=${failure}&till=%2Fpatienter%2Fx`, subject);
    assert.equal(browser.has("eira_session"), false);
    const rows = (await server.log()).slice(before).filter(({ action }) => action === "sign-in");
    assert.deepEqual(
      rows.map(({ outcome, what }) => [outcome, what]),
      [["refused", [who]]],
    );
  }
});

test("HTTP-OIDC-4 an identity token that is not for this sign-in, not by this provider, too old or too weak signs nobody in", async () => {
  const now = Math.floor(Date.now() / 1000);
  const cases: [string, object, object, string][] = [
    ["issuer", { iss: "https://evil.test" }, {}, "avvisad"],
    ["audience", { aud: "somebody else" }, {}, "avvisad"],
    ["several audiences without azp", { aud: ["eira", "other"] }, {}, "avvisad"],
    ["nonce", { nonce: "another" }, {}, "avvisad"],
    ["no nonce", { nonce: undefined }, {}, "avvisad"],
    ["expired", { exp: now - 120, iat: now - 400 }, {}, "avvisad"],
    ["an old authentication", { auth_time: now - 3600 }, {}, "avvisad"],
    ["no time of authentication", { auth_time: undefined }, {}, "avvisad"],
    ["no claim", { employeeHsaId: undefined }, {}, "avvisad"],
    ["a claim that is a list", { employeeHsaId: [one] }, {}, "avvisad"],
    ["a weak level", { acr: "http://id.sambi.se/loa/loa2" }, {}, "svag"],
    ["no level", { acr: undefined }, {}, "svag"],
    ["no signature", {}, { alg: "none" }, "avvisad"],
    ["another algorithm", {}, { alg: "HS256" }, "avvisad"],
    ["an unknown key", {}, { kid: "three" }, "avvisad"],
    ["a key from elsewhere", {}, { kid: "three", jku: `${other.provider.issuer}/jwks` }, "avvisad"],
  ];
  for (const [why, claims, header, failure] of cases) {
    Object.assign(issuer, { claims, header });
    const { browser, at } = await signIn(one);
    assert.deepEqual([at, browser.has("eira_session")], [`/logga-in?fel=${failure}`, false], why);
  }
  Object.assign(issuer, { claims: { exp: now - 5 }, header: {} });
  assert.equal((await signIn(one)).at, "/"); // clocks may differ a little
  issuer.claims = {};
  issuer.changeKey(false);
  assert.equal((await signIn(one)).at, "/logga-in?fel=avvisad"); // a thief's key under the right name
  issuer.changeKey();
  await signIn(one);
  assert.equal((await signIn(one)).at, "/"); // a provider's new key
});

test("HTTP-OIDC-5 what comes back without an attempt of this browser, twice, late or for another provider signs nobody in", async () => {
  const go = (browser: BrowserOfTest, path: string): Promise<{ at: string }> =>
    browser.go(path, (to) => !to.startsWith("/api/"));
  const away = async (browser: BrowserOfTest): Promise<string> =>
    issuer.back((await browser.go(START, (path) => /^https?:/.test(path))).at, one);
  const mine = new BrowserOfTest(server);
  const came = await away(mine);
  assert.equal((await go(new BrowserOfTest(server), came)).at, "/logga-in?fel=ogiltig");
  assert.equal((await go(mine, came.replace("callback/issuer", "callback/other"))).at, "/logga-in?fel=ogiltig");
  assert.equal((await go(mine, came)).at, "/logga-in?fel=ogiltig"); // it was used by the one before
  assert.equal(mine.has("eira_session"), false);
  for (const query of ["", "?", "?state=", "?code=x", "?state=%00", "?code=x&state=y", "?error=access_denied"])
    assert.equal((await go(mine, `/api/sign-in/callback/issuer${query}`)).at, "/logga-in?fel=ogiltig", query);
  const late = await away(mine);
  server.clock.forward(601_000);
  assert.equal((await go(mine, late)).at, "/logga-in?fel=ogiltig");
  const broken = await away(mine);
  const refused = broken.replace(/code=[^&]+/, "error=access_denied");
  assert.equal((await go(mine, refused)).at, "/logga-in?fel=avbruten");
  const twice = await away(mine);
  const answers = await Promise.all([go(mine, twice), go(mine, twice)]);
  assert.deepEqual(answers.map(({ at }) => at).toSorted(), ["/", "/logga-in?fel=ogiltig"]);
  for (const path of ["/api/sign-in/start/none", "/api/sign-in/callback/none", "/api/sign-in/start/..%2fissuer"])
    assert.equal((await server.call("GET", path)).status, 404, path);
});

test("HTTP-OIDC-10 somebody signed in proves again that it is they, and nobody else does it for them", async () => {
  const { browser } = await signIn(one);
  const at = async (): Promise<number> => Date.parse(String((await session(browser)).at("authenticated.at")));
  const first = await at();
  server.clock.forward(600_000);
  const again = async (subject: string, who = browser): Promise<string> => {
    const sent = await who.go(`${START}?again=1&till=/patienter/x`, (path) => !path.startsWith("/api/"));
    if (!/^https?:/.test(sent.at)) return sent.at;
    assert.match(sent.at, /prompt=login/);
    return (await who.go(issuer.back(sent.at, subject), (path) => !path.startsWith("/api/"))).at;
  };
  const cookie = browser.cookie("/");
  assert.equal(await again(two), "/logga-in?fel=annan-person&till=%2Fpatienter%2Fx");
  assert.equal(await at(), first);
  assert.equal(await again(one), "/patienter/x");
  const renewed = browser.cookie("/");
  assert.notEqual(renewed, cookie);
  server.clock.forward(2001);
  assert.equal((await server.call("GET", "/api/session", { cookie })).status, 401);
  assert.equal((await server.call("GET", "/api/session", { cookie: renewed })).status, 200);
  const second = await at();
  assert.ok(second - first > 590_000, String(second - first));
  assert.equal(await again(one, new BrowserOfTest(server)), "/logga-in?fel=ogiltig&till=%2Fpatienter%2Fx");
  const within = async (minutes: number): Promise<string | undefined> => {
    const request = { headers: { cookie: renewed }, routeOptions: { url: "/" } } as never;
    return (await server.sessions.authenticatedWithin(request, minutes))?.method;
  };
  assert.equal(await within(5), "issuer");
  server.clock.forward(6 * 60_000);
  assert.deepEqual([await within(5), await within(10)], [undefined, "issuer"]);
});

test("HTTP-SESSION-9 whoever signs in at a provider where somebody is signed in ends that session", async () => {
  const { browser } = await signIn(one);
  const before = browser.cookie("/");
  const again = await signIn(one, { browser });
  assert.equal(again.at, "/");
  assert.notEqual(browser.cookie("/"), before);
  assert.equal((await server.call("GET", "/api/session", { cookie: before })).status, 401);
  assert.equal((await server.call("GET", "/api/session", { cookie: browser.cookie("/") })).status, 200);
});

test("HTTP-OIDC-11 attempts from one address are limited, and the answer says when to try again", async (t) => {
  const own = await serverOfTest(t, { identityProviders: [issuer.provider] });
  const ask = (): Promise<Answer> => own.call("GET", "/api/sign-in/callback/issuer");
  const answers = await Promise.all(Array.from({ length: 301 }, ask));
  assert.equal(answers.filter(({ status }) => status === 302).length, 300);
  const last = await ask();
  assert.deepEqual([last.status, last.code()], [429, "TOO_MANY_REQUESTS"]);
  own.clock.forward(60_000);
  assert.equal((await ask()).status, 302);
});
