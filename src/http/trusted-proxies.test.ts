import assert from "node:assert/strict";
import { test } from "node:test";
import { serverOfTest, type ServerOfTest } from "./testing/index.ts";
import { proxiesIn } from "./trusted-proxies.ts";

const FORGED = {
  "x-forwarded-host": "evil.test",
  "x-forwarded-proto": "http",
  "x-forwarded-port": "1",
  forwarded: "for=9.9.9.9;host=evil.test;proto=https",
};

/** How many of 302 attempts that each claim to come from elsewhere are taken. */
async function taken(server: ServerOfTest, from: (at: number) => string): Promise<number> {
  const answers = await Promise.all(
    Array.from({ length: 302 }, (_, at) =>
      server.call("GET", "/api/sign-in/callback/siths", { headers: { ...FORGED, "x-forwarded-for": from(at) } }),
    ),
  );
  assert.deepEqual(
    answers.filter(({ status }) => status !== 302 && status !== 429),
    [],
  );
  return answers.filter(({ status }) => status === 302).length;
}

const another = (at: number): string => `10.9.${at % 250}.${Math.floor(at / 250)}`;

test("HTTP-PROXY-1 what headers say of where a call came from is believed of named proxies only", async (t) => {
  const alone = await serverOfTest(t, { demo: true });
  assert.equal(await taken(alone, another), 300);
  const behind = await serverOfTest(t, { demo: true, trustedProxies: ["127.0.0.1"] });
  assert.equal(await taken(behind, another), 302);
  // A caller may write what it likes before the proxy writes where it really comes from.
  assert.equal(await taken(behind, (at) => `${another(at)}, 10.0.0.1`), 300);
});

test("HTTP-PROXY-1 such headers change neither the installation's address nor its cookies", async (t) => {
  const server = await serverOfTest(t, {
    demo: true,
    trustedProxies: ["127.0.0.1"],
    base: "https://eira.test/fhir/R4",
  });
  const headers = { ...FORGED, host: "evil.test", "x-forwarded-for": "9.9.9.9" };
  const sent = await server.call("GET", "/api/sign-in/start/siths", { headers });
  assert.match(String(sent.headers.location), /^https:\/\/eira\.test\/demo-idp\/siths\/auth\?/);
  assert.match(String(sent.headers["set-cookie"]), /; Secure(?:;|$)/);
  const smart = await server.call("GET", "/.well-known/smart-configuration", { headers });
  assert.doesNotMatch(smart.text, /evil/);
});

test("HTTP-PROXY-1 proxies are named by address or range, and everybody is none", () => {
  assert.deepEqual(proxiesIn(" 10.0.0.5, 10.1.0.0/16 ,::1,"), ["10.0.0.5", "10.1.0.0/16", "::1"]);
  assert.deepEqual(proxiesIn(""), []);
  for (const bad of ["true", "*", "0.0.0.0/0", "::/0", "10.0.0.0/33", "proxy.test", "10.0.0.0/4", "1", "loopback"])
    assert.throws(() => proxiesIn(bad), /EIRA_TRUSTED_PROXIES/, bad);
});
