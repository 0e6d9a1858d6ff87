import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { after, test } from "node:test";
import { strangerOfTest } from "../../exchange/testing/index.ts";
import { issuerOfTest, SECRET } from "../testing/issuer.ts";
import { SignInFailed } from "./failure.ts";
import { identityProvidersIn, STRONG } from "./identity-provider.ts";
import { RelyingParty } from "./relying-party.ts";

const BACK = "http://127.0.0.1:1/api/sign-in/callback/issuer";

async function failure(work: Promise<unknown>): Promise<string> {
  try {
    await work;
  } catch (error) {
    return error instanceof SignInFailed ? error.failure : String(error);
  }
  return "none";
}

test("HTTP-OIDC-6 a provider that is not there, hangs, fails or answers something else is told as such within seconds", async () => {
  const cases: [string, "hangs" | { status: number; body?: string }, string][] = [
    ["hangs", "hangs", "svarar-inte"],
    ["fails", { status: 503 }, "svarar-inte"],
    ["is another page", { status: 200, body: "<html>" }, "avvisad"],
    ["sends elsewhere", { status: 302 }, "avvisad"],
    ["is endless", { status: 200, body: `{"x":"${"y".repeat(1_100_000)}"}` }, "avvisad"],
  ];
  for (const [why, instead, wanted] of cases) {
    for (const path of ["/.well-known/openid-configuration", "/token", "/jwks"]) {
      const issuer = await issuerOfTest({ after });
      const party = new RelyingParty(issuer.provider, BACK, { timeout: 1 });
      const started = performance.now();
      issuer.instead.set(path, instead);
      const went = async (): Promise<void> => {
        const { url, secrets } = await party.begin({});
        const came = issuer.back(url, "x");
        await party.finish(came.slice(came.indexOf("?")), secrets);
      };
      assert.equal(await failure(went()), wanted, `${path} ${why}`);
      assert.ok(performance.now() - started < 4000, why);
    }
  }
  // Whose certificate nobody vouches for is not asked.
  const stranger = await strangerOfTest({ after });
  const unknown = { ...(await issuerOfTest({ after })).provider, issuer: `https://localhost:${stranger.port}` };
  assert.equal(await failure(new RelyingParty(unknown, BACK).begin({})), "svarar-inte");
  assert.equal(stranger.asked(), 0);
  const gone = { ...(await issuerOfTest({ after })).provider, issuer: "http://127.0.0.1:9" };
  assert.equal(await failure(new RelyingParty(gone, BACK).begin({})), "svarar-inte");
});

test("HTTP-OIDC-6 nothing is asked of other origins than the provider's own and those that are named", async () => {
  const [issuer, elsewhere] = [await issuerOfTest({ after }), await issuerOfTest({ after })];
  issuer.metadata = { token_endpoint: `${elsewhere.issuer}/token`, jwks_uri: `${elsewhere.issuer}/jwks` };
  const went = async (party: RelyingParty): Promise<void> => {
    const { url, secrets } = await party.begin({});
    const came = issuer.back(url, "x");
    await party.finish(came.slice(came.indexOf("?")), secrets);
  };
  assert.equal(await failure(went(new RelyingParty(issuer.provider, BACK))), "avvisad");
  assert.equal(elsewhere.asked.size, 0);
  const named = { ...issuer.provider, origins: [elsewhere.issuer] };
  await failure(went(new RelyingParty(named, BACK)));
  assert.equal(elsewhere.asked.get("/token"), 1);
  issuer.metadata = { issuer: elsewhere.issuer };
  assert.equal(await failure(new RelyingParty(issuer.provider, BACK).begin({})), "avvisad");
});

test("HTTP-OIDC-4 whoever is sent away is to prove who they are there and then, with PKCE, state and nonce of their own", async () => {
  const issuer = await issuerOfTest({ after });
  const party = new RelyingParty(issuer.provider, BACK);
  const urls = await Promise.all(
    [1, 2].map(async () => new URL((await party.begin({ hint: "SE1" })).url).searchParams),
  );
  const [one, other] = urls;
  assert.deepEqual(
    ["response_type", "code_challenge_method", "prompt", "max_age", "login_hint", "redirect_uri"].map((name) =>
      one?.get(name),
    ),
    ["code", "S256", "login", "0", "SE1", BACK],
  );
  for (const name of ["state", "nonce", "code_challenge"]) {
    assert.ok((one?.get(name) ?? "").length >= 43, name);
    assert.notEqual(one?.get(name), other?.get(name));
  }
});

test("HTTP-OIDC-7 the settings of providers are read strictly, and no secret is repeated", () => {
  const pem = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey.export({ type: "pkcs8", format: "pem" });
  const weak = generateKeyPairSync("rsa", { modulusLength: 1024 }).privateKey.export({ type: "pkcs8", format: "pem" });
  const files: Record<string, string> = { secret: `${SECRET}\n`, short: "sh", key: String(pem), weak: String(weak) };
  const read = (name: string): string => {
    const found = files[name];
    if (found === undefined) throw Object.assign(new Error("none"), { code: "ENOENT" });
    return found;
  };
  const given = {
    id: "siths",
    name: "SITHS eID",
    issuer: "https://idp.test",
    clientId: "eira",
    clientSecretFile: "secret",
    claim: "employeeHsaId",
    identifies: "hsa-id",
  };
  const text = (...some: readonly object[]): string => JSON.stringify({ providers: some });
  const [made] = identityProvidersIn(text(given), read);
  assert.deepEqual(
    [made?.people, made?.scope, made?.acr, made?.proof],
    ["staff", "openid", STRONG, { kind: "secret", secret: SECRET, way: "basic" }],
  );
  const { clientSecretFile: _none, ...keyed } = { ...given, clientKeyFile: "key", clientKeyId: "k1" };
  assert.deepEqual(
    identityProvidersIn(text(keyed), read).map(({ proof }) => proof.kind),
    ["key"],
  );
  assert.equal(identityProvidersIn(text({ ...given, issuer: "http://127.0.0.1:9000" }), read).length, 1);
  const bad: [object, RegExp][] = [
    [{ issuer: "http://idp.test" }, /https/],
    [{ issuer: "ftp://idp.test" }, /issuer/],
    [{ issuer: "https://idp.test?x=1" }, /issuer/],
    [{ id: "Siths/../x" }, /\.id /],
    [{ name: "" }, /name/],
    [{ identifies: "e-mail" }, /identifies/],
    [{ people: "everybody" }, /people/],
    [{ claim: undefined }, /claim/],
    [{ scope: "profile" }, /scope/],
    [{ acr: [] }, /acr/],
    [{ acr: "loa3" }, /acr/],
    [{ clientSecret: SECRET }, /not known: clientSecret/],
    [{ clientSecretFile: undefined }, /either/],
    [{ clientKeyFile: "key" }, /either/],
    [{ clientSecretFile: "none" }, /could not be read \(ENOENT\)/],
    [{ clientSecretFile: "short" }, /at least 16/],
    [{ clientSecretFile: undefined, clientKeyFile: "secret" }, /no private key/],
    [{ clientSecretFile: undefined, clientKeyFile: "weak" }, /at least 2048/],
    [{ secretBy: "url" }, /secretBy/],
  ];
  for (const [change, words] of bad) {
    const told = (): unknown => identityProvidersIn(text({ ...given, ...change }), read);
    assert.throws(told, words, JSON.stringify(change));
    assert.throws(told, (error: Error) => !error.message.includes(SECRET) && !error.message.includes("BEGIN"));
  }
  for (const whole of ["", "[]", "{}", '{"providers":[]}', '{"providers":[null]}', text(given, given)])
    assert.throws(() => identityProvidersIn(whole, read), Error, whole);
});
