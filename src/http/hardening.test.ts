/** Cookies, limits and the events that a watch over the installation sees. */
import assert from "node:assert/strict";
import { connect } from "node:net";
import { after, test } from "node:test";
import { OURS, patient, personActor } from "../journal/testing/index.ts";
import { BrowserOfTest } from "./testing/browser.ts";
import { issuerOfTest } from "./testing/issuer.ts";
import { serverOfTest } from "./testing/index.ts";

const issuer = await issuerOfTest({ after });
const server = await serverOfTest({ after }, { identityProviders: [issuer.provider], callsAMinute: 20 });
await server.put(patient("p1"));

const events = (): readonly Record<string, unknown>[] =>
  server.lines.map((line) => JSON.parse(line) as Record<string, unknown>).filter(({ level }) => level === "info");

test("HTTP-COOKIE-1 where there is https a cookie is this host's alone, and one without a prefix is nobody's", async (t) => {
  const secure = await serverOfTest(t, { base: "https://eira.test/fhir/R4", demo: true });
  const out = await secure.call("POST", "/api/sign-out", { headers: { "x-eira": "1" } });
  assert.deepEqual(out.headers["set-cookie"], [
    "__Host-eira_session=; HttpOnly; SameSite=Strict; Max-Age=0; Secure; Path=/",
  ]);
  const cookie = `__Host-${await secure.cookie()}`;
  const isSignedIn = async (sent: string): Promise<number> =>
    (await secure.call("GET", "/api/session", { cookie: sent })).status;
  assert.equal(await isSignedIn(`a=b; ${cookie}`), 200);
  // Another host of the domain, or a page over http, can set this one.
  assert.equal(await isSignedIn(cookie.replace("__Host-", "")), 401);
  assert.equal(await isSignedIn(`${cookie.replace("__Host-", "").replace(/=.*/, "=x")}; ${cookie}`), 200);
  // The whole way by the demonstration's provider, whose cookies are for paths of their own.
  const browser = new BrowserOfTest(secure);
  const { at } = await browser.go("/api/sign-in/start/siths");
  assert.match(at, /^\/demo-idp\/siths\/choose\//);
  const isBack = (path: string): boolean => path.startsWith("/logga-in");
  assert.equal((await browser.send(at, "person=SE2321000131-PNOBODY", isBack)).at, "/logga-in?fel=okand");
  assert.ok(browser.lines.length > 3);
  for (const line of browser.lines) {
    assert.match(line, /^__Host-[\w.]+(?:~[\w-]+)?=/);
    assert.deepEqual(line.match(/path=[^;]*/gi), ["Path=/"]);
    for (const wanted of [/; httponly/i, /; samesite=(?:lax|strict)/i, /; secure/i]) assert.match(line, wanted);
  }
  // What is for one path is not shown to the code of another.
  const mine = `__Host-eira_session~${Buffer.from("/elsewhere").toString("base64url")}=${cookie.split("=")[1]}`;
  assert.equal(await isSignedIn(mine), 401);
});

test("HTTP-SESSION-8 a session's token is 256 random bits", async () => {
  const opened = await Promise.all(
    Array.from({ length: 200 }, async (_none, n) =>
      n % 2 === 0
        ? (await server.sessions.open(personActor(OURS))).token
        : server.sessions.patients.open({ id: "p1", name: "Test" } as Parameters<
            typeof server.sessions.patients.open
          >[0]),
    ),
  );
  assert.equal(new Set(opened).size, opened.length);
  const bytes = opened.map((token) => Buffer.from(token, "base64url"));
  assert.ok(bytes.every(({ length }) => length === 32));
  // Each of the 256 bits is set in some half of them: seven standard deviations of 200 tosses are 50.
  for (let bit = 0; bit < 256; bit += 1) {
    const set = bytes.filter((one) => ((one[bit >> 3] ?? 0) >> (bit & 7)) & 1).length;
    assert.ok(Math.abs(set - 100) <= 50, `bit ${bit} is set in ${set} of 200`);
  }
});

test("HTTP-LIMIT-1 a person makes so many calls a minute, by whatever sessions, and nobody else waits", async () => {
  const one = [await server.cookie(OURS, {}, { id: "many" }), await server.cookie(OURS, {}, { id: "many" })];
  const statuses = [];
  for (let n = 0; n < 22; n += 1)
    statuses.push((await server.call("GET", "/api/session", { cookie: one[n % 2] ?? "" })).status);
  assert.deepEqual(statuses, [...Array<number>(20).fill(200), 429, 429]);
  const refused = await server.call("GET", "Patient/p1", { cookie: one[0] ?? "" });
  assert.deepEqual([refused.status, refused.code()], [429, "TOO_MANY_REQUESTS"]);
  assert.ok(Number(refused.headers["retry-after"]) > 0);
  const other = await server.cookie(OURS, { id: "few-1" }, { id: "few" });
  assert.equal((await server.call("GET", "/api/session", { cookie: other })).status, 200);
  assert.equal((await server.call("GET", "Patient/p1", { token: await server.token() })).status, 200);
  server.clock.forward(61_000);
  assert.equal((await server.call("GET", "/api/session", { cookie: one[0] ?? "" })).status, 200);
});

test("HTTP-EVENT-1 what a watch needs to see is told without what was sent", async () => {
  server.clock.forward(61_000);
  const before = events().length;
  const secret = "hemlig-hemlig-hemlig-191212121212";
  await server.call("GET", "Patient/p1", { token: secret });
  await server.call("GET", "/api/sign-in/callback/issuer?state=191212121212&error_description=hemlig");
  await server.call("POST", "/oauth/token", {
    body: `grant_type=client_credentials&client_id=${secret}`,
    headers: { "content-type": "application/x-www-form-urlencoded" },
  });
  await server.call("POST", "/api/sign-out", { headers: { origin: "https://hemlig.test" }, body: {} });
  await server.call("GET", "Patient?nonsense=hemlig&x=191212121212", { token: await server.token() });
  const cookie = await server.cookie(OURS, { id: "again-1" }, { id: "many-again" });
  for (let n = 0; n < 21; n += 1) await server.call("GET", "/api/session", { cookie });
  const told = events().slice(before);
  assert.deepEqual(
    told.map(({ message, route, method }) => [message, method, route]),
    [
      ["credentials refused", "GET", "/fhir/R4/:type/:id"],
      ["sign-in failed", "GET", "/api/sign-in/callback/:provider"],
      ["client refused", "POST", "/oauth/token"],
      ["call from another site refused", "POST", "/api/sign-out"],
      ["request not understood", "GET", "/fhir/R4/:type"],
      ["too many calls", "GET", "/api/session"],
    ],
  );
  for (const one of told) assert.deepEqual([one["address"], typeof one["request"]], ["127.0.0.1", "string"]);
  assert.deepEqual([told[1]?.["provider"], told[1]?.["failure"]], ["issuer", "ogiltig"]);
  assert.doesNotMatch(JSON.stringify(told), /hemlig|1212/i);
  await new Promise((resolve) => {
    const socket = connect(server.port, "127.0.0.1", () => socket.end("hemlig 191212121212\r\n\r\n"));
    socket.resume().on("close", resolve);
  });
  const broken = events().at(-1);
  assert.deepEqual([broken?.["message"], broken?.["address"]], ["request not understood", "127.0.0.1"]);
  assert.doesNotMatch(JSON.stringify(broken), /hemlig|1212/);
  // Whoever has not tried anything is nobody to watch.
  await server.call("GET", "Patient/p1");
  assert.equal(events().length, before + told.length + 1);
});

test("HTTP-EVENT-2 a flood of refusals is no flood of lines", async () => {
  server.clock.forward(61_000);
  const before = events().length;
  const refuse = (): Promise<unknown> => server.call("GET", "Patient/p1", { token: "x".repeat(43) });
  for (let n = 0; n < 75; n += 1) await refuse();
  assert.equal(events().length - before, 60);
  server.clock.forward(61_000);
  await refuse();
  const [more, last] = events().slice(before + 60);
  assert.deepEqual([more?.["message"], more?.["more"]], ["credentials refused", 15]);
  assert.equal(last?.["route"], "/fhir/R4/:type/:id");
});
