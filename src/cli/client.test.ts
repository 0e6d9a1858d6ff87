import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { Terminal } from "./command.ts";
import { withStore } from "./installation.ts";
import { SIGNING_KEY, signingKey } from "./signing-key.ts";
import { Installation } from "./testing/index.ts";

const SILENT: Terminal = {
  print: () => undefined,
  tell: () => undefined,
  progress: () => undefined,
  onStop: () => undefined,
};
const pair = generateKeyPairSync("ec", { namedCurve: "P-384" });
const publicKey = { ...pair.publicKey.export({ format: "jwk" }), kid: "key-1" };
const privateKey = { ...pair.privateKey.export({ format: "jwk" }), kid: "key-1" };

test("CLI-CLIENT-1 a client is registered, told of and taken away", async (t) => {
  const installation = await Installation.lent(t);
  const file = join(installation.folder, "jwks.json");
  writeFileSync(file, JSON.stringify({ keys: [publicKey] }));
  const added = await installation.run(
    "client",
    "add",
    "--name",
    "lab",
    "--jwks",
    file,
    "--scope",
    "system/Patient.rs",
    "--care-provider",
    "P1",
  );
  assert.equal(added.code, 0, added.told);
  const told = JSON.parse(added.printed.at(-1) ?? "") as Record<string, string>;
  assert.deepEqual([told["client_id"], told["scope"]], ["lab", "system/Patient.rs"]);
  assert.equal(told["token_endpoint"], told["fhir"]?.replace("/fhir/R4", "/oauth/token"));
  const inline = JSON.stringify({ keys: [publicKey] });
  assert.equal(
    (
      await installation.run(
        "client",
        "add",
        "--name",
        "asker",
        "--jwks",
        inline,
        "--scope",
        "system/*.r",
        "--introspect",
      )
    ).code,
    0,
  );
  const listed = await installation.run("client", "list");
  assert.deepEqual(JSON.parse(listed.printed.at(-1) ?? ""), [
    { client: "asker", scope: "system/*.r", careProvider: null, careUnit: null, introspects: true },
    { client: "lab", scope: "system/Patient.rs", careProvider: "P1", careUnit: null, introspects: false },
  ]);
  const removed = await installation.run("client", "remove", "--name", "lab");
  assert.deepEqual([removed.code, removed.printed], [0, ['{"client":"lab","removed":true}']]);
  const again = await installation.run("client", "remove", "--name", "lab");
  assert.deepEqual([again.code, again.printed], [1, ['{"client":"lab","removed":false}']]);
});

test("CLI-CLIENT-2 what cannot be a client is not registered", async (t) => {
  const installation = await Installation.lent(t);
  const good = JSON.stringify({ keys: [publicKey] });
  const secret = JSON.stringify({ keys: [privateKey] });
  assert.equal(
    (await installation.run("client", "add", "--name", "lab", "--jwks", good, "--scope", "system/*.rs")).code,
    0,
  );
  const bad: [string[], RegExp][] = [
    [[], /Usage/],
    [["add"], /Usage/],
    [["nonsense"], /Usage/],
    [["remove"], /Usage/],
    [["add", "--name", "x1", "--jwks", good], /Usage/],
    [["add", "--name", "lab", "--jwks", good, "--scope", "system/*.rs"], /There is a client lab/],
    [["add", "--name", "x1", "--jwks", "/no/such/file", "--scope", "system/*.rs"], /could not be read \(ENOENT\)/],
    [["add", "--name", "x1", "--jwks", secret, "--scope", "system/*.rs"], /private or secret/],
    [
      ["add", "--name", "x1", "--jwks", good, "--scope", "system/Observation.rs?category=laboratory"],
      /search parameters are not supported/,
    ],
  ];
  for (const [args, words] of bad) {
    const { code, printed, told } = await installation.run("client", ...args);
    assert.deepEqual([code, printed], [1, []], args.join(" "));
    assert.match(told, words);
    assert.ok(!told.includes(String(privateKey.d)));
  }
  const listed = await installation.run("client", "list");
  assert.equal((JSON.parse(listed.printed.at(-1) ?? "") as unknown[]).length, 1);
});

test("CLI-CLIENT-3 a client changes its keys", async (t) => {
  const installation = await Installation.lent(t);
  const next = {
    ...generateKeyPairSync("ec", { namedCurve: "P-384" }).publicKey.export({ format: "jwk" }),
    kid: "key-2",
  };
  const set = (...keys: readonly object[]): string => JSON.stringify({ keys });
  const kids = (): Promise<unknown> =>
    withStore(installation.invocation([], SILENT), async (store) =>
      (await store.oauth.client("lab"))?.jwks.keys.map((key) => (key as { kid?: string }).kid),
    );
  await installation.run("client", "add", "--name", "lab", "--jwks", set(publicKey), "--scope", "system/*.rs");
  for (const keys of [set(publicKey, next), set(next)]) {
    const { code, printed } = await installation.run("client", "keys", "--name", "lab", "--jwks", keys);
    const { length } = (JSON.parse(keys) as { keys: unknown[] }).keys;
    assert.deepEqual([code, printed], [0, [`{"client":"lab","keys":${length}}`]]);
  }
  assert.deepEqual(await kids(), ["key-2"]);
  for (const args of [
    ["--name", "nobody", "--jwks", set(next)],
    ["--name", "lab"],
    ["--name", "lab", "--jwks", set(privateKey)],
  ]) {
    const { code, printed } = await installation.run("client", "keys", ...args);
    assert.deepEqual([code, printed], [1, []]);
  }
  assert.deepEqual(await kids(), ["key-2"]);
});

test("CLI-CLIENT-4 and CLI-INSTALL-2 an application is registered with safe addresses; one key signs for all servers", async (t) => {
  const installation = await Installation.lent(t);
  const app = (...more: string[]): ReturnType<Installation["run"]> =>
    installation.run(
      "client",
      "app",
      "--id",
      "graph",
      "--name",
      "Grafen",
      "--scope",
      "openid user/Observation.rs",
      ...more,
    );
  for (const [more, words] of [
    [[], /Usage/],
    [["--redirect", "http://app.test/back"], /not https/],
    [["--redirect", "https://app.test/back", "--launch", "ftp://x"], /not https/],
  ] as const)
    assert.match((await app(...more)).told, words);
  const added = await app("--redirect", "https://app.test/back", "--launch", "https://app.test/launch");
  assert.equal(added.code, 0, added.told);
  assert.match(added.printed.at(-1) ?? "", /"client_id":"graph","scope":"openid user\/Observation.rs","iss":"http/);
  const folder = join(installation.folder, "keys");
  const pems = [1, 2, 3].map(() => signingKey(folder).export({ type: "pkcs8", format: "pem" }));
  assert.equal(new Set(pems).size, 1);
  assert.equal(statSync(join(folder, SIGNING_KEY)).mode & 0o777, 0o600);
  assert.deepEqual(readdirSync(folder), [SIGNING_KEY]);
});
