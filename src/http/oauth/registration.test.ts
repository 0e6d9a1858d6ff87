import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { test } from "node:test";
import { keyOfTest } from "../testing/oauth.ts";
import { loadLibrary } from "./load.ts";
import { RateLimit } from "./rate-limit.ts";
import { clientOf, type Registration } from "./registration.ts";

const { jwk } = keyOfTest();
const set = (...keys: readonly unknown[]): string => JSON.stringify({ keys });
const registration = (other: Partial<Registration>): Registration => ({
  name: "lab-system",
  scope: "system/*.rs",
  jwks: set(jwk),
  careProvider: null,
  careUnit: null,
  introspects: false,
  ...other,
});

test("HTTP-OAUTH-10 what a client registers is public, strong and held to", () => {
  const made = clientOf(
    registration({
      scope: " system/*.rs  system/Patient.cu",
      jwks: set({ ...jwk, extra: "x", use: undefined, alg: undefined }),
    }),
  );
  assert.deepEqual([made.client, made.scope], ["lab-system", "system/*.rs system/Patient.cu"]);
  assert.deepEqual(made.jwks.keys, [{ ...jwk, alg: "ES384", use: "sig" }]);
  const secret = keyOfTest().privateKey.export({ format: "jwk" });
  const weak = generateKeyPairSync("rsa", { modulusLength: 1024 }).publicKey.export({ format: "jwk" });
  const small = generateKeyPairSync("ec", { namedCurve: "P-256" }).publicKey.export({ format: "jwk" });
  const cases: [Partial<Registration>, RegExp][] = [
    [{ jwks: "no JSON" }, /no JSON Web Key Set/],
    [{ jwks: "null" }, /no JSON Web Key Set/],
    [{ jwks: "{}" }, /"keys"/],
    [{ jwks: set() }, /"keys"/],
    [{ jwks: set(...Array.from({ length: 11 }, (_, at) => ({ ...jwk, kid: String(at) }))) }, /1 to 10/],
    [{ jwks: set(null) }, /is no key/],
    [{ jwks: set({ ...secret, kid: "a" }) }, /private or secret/],
    [{ jwks: set({ kty: "oct", k: "c2VjcmV0", kid: "a" }) }, /private or secret/],
    [{ jwks: set({ ...jwk, kid: undefined }) }, /needs a kid/],
    [{ jwks: set(jwk, jwk) }, /kid of its own/],
    [{ jwks: set({ ...jwk, use: "enc" }) }, /not for signatures/],
    [{ jwks: set({ ...jwk, alg: "RS384" }) }, /alg ES384/],
    [{ jwks: set({ ...jwk, x: "AAAA" }) }, /cannot be read/],
    [{ jwks: set({ kid: "a" }) }, /cannot be read/],
    [{ jwks: set({ ...weak, kid: "a" }) }, /at least 2048 bits/],
    [{ jwks: set({ ...small, kid: "a" }) }, /P-384/],
    [{ name: "" }, /name/],
    [{ name: "-x" }, /name/],
    [{ name: "å b" }, /name/],
    [{ name: "x".repeat(65) }, /name/],
    [{ scope: "" }, /no scope/],
    [
      { scope: "system/Observation.rs?category=laboratory" },
      /search parameters are not supported: they are refused so that nothing wider/,
    ],
    [{ scope: "system/*.rs?_tag=x" }, /search parameters are not supported/],
    [{ scope: "system/Observation.rs?no-such=x" }, /not understood/],
    [{ scope: "system/Observation.rs?category" }, /not understood/],
    [{ scope: "system/Nothing.rs" }, /does not have/],
    [{ scope: "patient/*.rs" }, /applications that a person uses/],
    [{ scope: "system/*.xyz" }, /cruds/],
    [{ scope: Array.from({ length: 201 }, () => "system/*.r").join(" ") }, /more than 200/],
  ];
  for (const [other, words] of cases) {
    assert.throws(() => clientOf(registration(other)), words, JSON.stringify(other).slice(0, 100));
    assert.throws(
      () => clientOf(registration(other)),
      (error: Error) => !error.message.includes(String(secret.d)) && !error.message.includes("c2VjcmV0"),
    );
  }
});

test("HTTP-OAUTH-9 who is counted is forgotten in the order of coming, so that memory stays bounded", () => {
  const limit = new RateLimit(2);
  const at = (seconds: number): Date => new Date(seconds * 1000);
  assert.deepEqual(
    [0, 1, 2].map((second) => limit.allows("a", at(second))),
    [true, true, false],
  );
  assert.equal(limit.allows("a", at(60)), true);
  for (let other = 0; other < 20_000; other++) limit.allows(`other ${other}`, at(61));
  assert.equal(limit.size, 10_000);
});

test("HTTP-OAUTH-11 of what is written while the library is loaded only its own remark is left out", async (t) => {
  const said: unknown[] = [];
  const before = console.warn;
  const listen = (...words: unknown[]): void => void said.push(words);
  console.warn = listen;
  t.after(() => (console.warn = before));
  const loading = loadLibrary();
  console.warn("somebody else's warning", 1);
  const { Provider } = await loading;
  assert.equal(typeof Provider, "function");
  assert.equal(console.warn, listen);
  assert.deepEqual(said, [["somebody else's warning", 1]]);
});
