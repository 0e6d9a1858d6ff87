import assert from "node:assert/strict";
import { test } from "node:test";
import { onEveryPostgres } from "./testing/contract.ts";
import { CONSENT, sessionName, type OauthClient } from "./index.ts";

const client = (name: string): OauthClient => ({
  client: name,
  scope: "system/*.rs",
  jwks: { keys: [{ kty: "EC", kid: "å" }] },
  careProvider: "P1",
  careUnit: null,
  introspects: name === "asker",
});

onEveryPostgres((postgres) => {
  const { name } = postgres;

  test(`STORE-OAUTH-1 a client is registered once and goes with its tokens (${name})`, async (t) => {
    const { store, sql } = await postgres.store(t);
    const { oauth } = store;
    assert.deepEqual(
      await Promise.all(["lab", "lab", "asker"].map((one) => oauth.addClient(client(one)))).then(
        (made) => made.filter(Boolean).length,
      ),
      2,
    );
    assert.equal(await oauth.addClient({ ...client("lab"), scope: "system/*.cruds" }), false);
    assert.deepEqual([await oauth.client("lab"), await oauth.client("asker")], [client("lab"), client("asker")]);
    assert.deepEqual(
      (await oauth.clients()).map((one) => one.client),
      ["asker", "lab"],
    );
    const other = { keys: [{ kty: "RSA", kid: "b" }] };
    assert.equal(await oauth.replaceKeys({ client: "nobody", jwks: other }), false);
    assert.equal(await oauth.replaceKeys({ client: "lab", jwks: other }), true);
    assert.deepEqual(
      [await oauth.client("lab"), await oauth.client("asker")],
      [{ ...client("lab"), jwks: other }, client("asker")],
    );
    for (const owner of ["lab", "asker"])
      await oauth.keep(
        { kind: "ClientCredentials", key: `token of ${owner}` },
        { clientId: owner, scope: "system/Patient.r" },
        300,
      );
    assert.deepEqual([await oauth.removeClient("lab"), await oauth.removeClient("lab")], [true, false]);
    assert.deepEqual([await oauth.client("lab"), (await oauth.clients()).length], [undefined, 1]);
    assert.deepEqual(await sql("SELECT content ->> 'clientId' AS owner FROM oauth_state"), [{ owner: "asker" }]);
    await assert.rejects(
      sql(
        "SET ROLE eira_app; INSERT INTO oauth_client SELECT 'x', scope, jwks, NULL, NULL, true, now() FROM oauth_client",
      ),
      /permission denied/,
    );
    await sql("RESET ROLE");
  });

  test(`STORE-OAUTH-2 what is kept is found by its kind and name until it expires, and kept once (${name})`, async (t) => {
    let now = new Date("2026-11-22T08:00:00Z");
    const { store, sql } = await postgres.store(t, { clock: () => now });
    const { oauth } = store;
    const one = { kind: "ReplayDetection", key: "a-secret-name" };
    const kept = await Promise.all(Array.from({ length: 8 }, (_, at) => oauth.keep(one, { at }, 60)));
    assert.equal(kept.filter(Boolean).length, 1);
    assert.deepEqual(await oauth.find(one), { at: kept.indexOf(true) });
    for (const other of [
      { ...one, kind: "AccessToken" },
      { ...one, key: "a-secret-nam" },
      { ...one, key: "" },
    ])
      assert.equal(await oauth.find(other), undefined);
    const [row] = await sql("SELECT o::text AS row FROM oauth_state o");
    assert.ok(
      !String(row?.["row"]).includes("secret") &&
        !String(row?.["row"]).includes(Buffer.from("a-secret").toString("hex")),
    );
    now = new Date(now.getTime() + 60_000);
    assert.equal(await oauth.find(one), undefined);
    assert.equal(await oauth.keep(one, { again: true }, 60), true); // what has expired is in nobody's way
    await oauth.forget(one);
    await oauth.forget(one); // the second click
    assert.equal(await oauth.find(one), undefined);
    await oauth.keep(one, {}, 60);
    await oauth.keep({ ...one, key: "lasting" }, {}, 600);
    now = new Date(now.getTime() + 61_000);
    await store.tidy(30);
    assert.deepEqual(await sql("SELECT count(*)::int AS n FROM oauth_state"), [{ n: 1 }]);
  });

  test(`STORE-OAUTH-4 of many at once one takes or uses up what is kept, and it goes with its grant (${name})`, async (t) => {
    const { store } = await postgres.store(t);
    const { oauth } = store;
    const one = { kind: "AuthorizationCode", key: "code" };
    await oauth.save(one, { grantId: "g", step: 1 }, 60);
    await oauth.save(one, { grantId: "g", step: 2 }, 60);
    const used = await Promise.all([1, 2, 3].map(() => oauth.consume(one)));
    assert.equal(used.filter(Boolean).length, 1);
    const { consumed, ...rest } = (await oauth.find(one)) as { consumed: number };
    assert.deepEqual([typeof consumed, rest], ["number", { grantId: "g", step: 2 }]);
    await oauth.save({ kind: "AuthorizationCode", key: "other" }, { grantId: "h" }, 60);
    await oauth.forgetGrant("AuthorizationCode", "g");
    assert.equal(await oauth.find(one), undefined);
    const taken = await Promise.all([1, 2, 3].map(() => oauth.take({ kind: "AuthorizationCode", key: "other" })));
    assert.deepEqual(
      taken.filter((found) => found !== undefined),
      [{ grantId: "h" }],
    );
    assert.equal(await oauth.consume(one), false);
  });

  test(`STORE-OAUTH-5 an application's token leads to its person's session, and goes with it (${name})`, async (t) => {
    let now = new Date("2026-11-22T08:00:00Z");
    const { store } = await postgres.store(t, { clock: () => now });
    const { oauth } = store;
    const app = { name: "Grafen", redirectUris: ["https://app.test/"], launchUri: "https://app.test/launch" };
    await oauth.addClient({ ...client("graph"), app });
    await oauth.addClient(client("lab"));
    assert.deepEqual([(await oauth.client("graph"))?.app, (await oauth.client("lab"))?.app], [app, undefined]);
    assert.deepEqual(await oauth.launchable(), [{ client: "graph", app }]);
    await store.addSession("session", { id: "anna" }, new Date("2026-11-22T18:00:00Z"));
    const consent = { session: sessionName("session"), patient: "p", scope: "user/*.r" };
    await oauth.save({ kind: CONSENT, key: "grant" }, consent, 3600);
    await oauth.save(
      { kind: "AccessToken", key: "token" },
      { clientId: "graph", grantId: "grant", scope: "user/*.r" },
      300,
    );
    const early = new Date("2026-11-22T07:30:00Z");
    const found = await oauth.appToken("token", early);
    assert.deepEqual(
      [found?.client, found?.scope, found?.consent, found?.actor],
      ["graph", "user/*.r", consent, { id: "anna" }],
    );
    assert.deepEqual(await oauth.sessionNamed(consent.session, early), { id: "anna" });
    assert.equal(await oauth.appToken("token", new Date("2026-11-22T08:00:01Z")), undefined);
    assert.equal(await oauth.appToken("other", early), undefined);
    await store.removeSession("session");
    assert.equal(await oauth.appToken("token", early), undefined);
    now = new Date("2026-11-22T08:06:00Z");
    await store.addSession("session", { id: "anna" }, new Date("2026-11-22T18:00:00Z"));
    assert.equal(await oauth.appToken("token", early), undefined);
  });

  test(`STORE-OAUTH-3 a token leads to its client while that is registered (${name})`, async (t) => {
    let now = new Date("2026-11-22T08:00:00Z");
    const { store } = await postgres.store(t, { clock: () => now });
    const { oauth } = store;
    await oauth.addClient(client("lab"));
    const content = { clientId: "lab", scope: "system/Patient.r" };
    await oauth.keep({ kind: "ClientCredentials", key: "token" }, content, 300);
    await oauth.keep({ kind: "ReplayDetection", key: "no-token" }, content, 300);
    const { expires, ...found } = (await store.findClient("token")) ?? { expires: "" };
    assert.deepEqual(found, { client: "lab", scope: "system/Patient.r", careProvider: "P1", careUnit: null });
    assert.equal(Date.parse(expires), now.getTime() + 300_000);
    assert.equal(await store.findClient("no-token"), undefined);
    assert.deepEqual(await store.scopesOfClient("lab"), ["system/*.rs"]);
    now = new Date(now.getTime() + 300_000);
    assert.equal(await store.findClient("token"), undefined);
    now = new Date(now.getTime() - 1000);
    await oauth.removeClient("lab");
    assert.deepEqual([await store.findClient("token"), await store.scopesOfClient("lab")], [undefined, []]);
  });
});
