import assert from "node:assert/strict";
import { test } from "node:test";
import { sessionName } from "./sessions.ts";
import { onEveryPostgres } from "./testing/contract.ts";

const HOUR = 3_600_000;

onEveryPostgres((postgres) => {
  const { name } = postgres;

  test(`STORE-SESSION-1 a session is found by its token until it ends or is removed, and never by another (${name})`, async (t) => {
    let now = new Date("2026-11-21T08:00:00Z");
    const { store } = await postgres.store(t, { clock: () => now });
    const actor = { id: "a", name: "Åsa Öberg", units: [1, 2] };
    await store.addSession("token-1", actor, new Date(now.getTime() + HOUR));
    await store.addSession("token-2", { id: "b" }, new Date(now.getTime() + 2 * HOUR));
    const found = await store.findSession("token-1");
    assert.deepEqual(found?.actor, actor);
    assert.equal(Date.parse(found?.expires ?? ""), now.getTime() + HOUR);
    for (const other of ["", "token-", "token-3", "TOKEN-1", "token-1 "])
      assert.equal(await store.findSession(other), undefined);
    now = new Date(now.getTime() + HOUR); // ended to the millisecond
    assert.equal(await store.findSession("token-1"), undefined);
    assert.ok(await store.findSession("token-2"));
    await store.removeSession("token-2");
    assert.equal(await store.findSession("token-2"), undefined);
    await store.removeSession("token-2"); // the second click
  });

  test(`STORE-SESSION-7 whose sessions hold is told, each person and assignment once (${name})`, async (t) => {
    const now = new Date("2026-11-21T08:00:00Z");
    const { store } = await postgres.store(t, { clock: () => now });
    const actor = (id: string, assignment: string): object => ({
      kind: "person",
      id,
      assignment: { id: assignment },
    });
    const lasting = new Date(now.getTime() + HOUR);
    await store.addSession("token-1", actor("a", "x"), lasting);
    await store.addSession("token-2", actor("a", "x"), lasting);
    await store.addSession("token-3", actor("a", "y"), lasting);
    await store.addSession("token-4", actor("b", "x"), now); // ended
    await store.addSession("token-5", { kind: "patient", id: "p1" }, lasting); // has no assignment
    assert.deepEqual(await store.openSessions(), [actor("a", "x"), actor("a", "y")]);
  });

  test(`STORE-SESSION-2 a client is found by its token until it ends or is revoked; only the owner makes one (${name})`, async (t) => {
    let now = new Date("2026-11-21T08:00:00Z");
    const { store, sql } = await postgres.store(t, { clock: () => now });
    const client = { client: "lab", scope: "system/*.rs", careProvider: null, careUnit: "u1" };
    await store.addClient("secret", client, new Date(now.getTime() + HOUR));
    const { expires: _expires, ...found } = (await store.findClient("secret")) ?? {};
    assert.deepEqual(found, client);
    assert.equal(await store.findClient("other"), undefined);
    assert.equal(await store.findSession("secret"), undefined); // a client's token opens no session
    await sql("UPDATE client_token SET revoked = now()");
    assert.equal(await store.findClient("secret"), undefined);
    await sql("UPDATE client_token SET revoked = NULL");
    now = new Date(now.getTime() + HOUR);
    assert.equal(await store.findClient("secret"), undefined);
  });

  test(`STORE-SESSION-4 what a client's tokens open is withdrawn at once, and nobody else's (${name})`, async (t) => {
    const { store } = await postgres.store(t);
    const until = new Date(Date.now() + HOUR);
    for (const [token, client] of [
      ["one", "lab"],
      ["two", "lab"],
      ["three", "other"],
    ] as const)
      await store.addClient(token, { client, scope: "system/*.rs", careProvider: null, careUnit: null }, until);
    await store.addClient(
      "ended",
      { client: "lab", scope: "system/*.rs", careProvider: null, careUnit: null },
      new Date(0),
    );
    assert.deepEqual(
      [await store.revokeClient("lab"), await store.revokeClient("lab"), await store.revokeClient("no")],
      [2, 0, 0],
    );
    assert.deepEqual([await store.findClient("one"), await store.findClient("two")], [undefined, undefined]);
    assert.equal((await store.findClient("three"))?.client, "other");
  });

  test(`STORE-SESSION-5 a session that is not used is not found; its use is noted by one of many (${name})`, async (t) => {
    let now = new Date("2026-11-22T08:00:00Z");
    const { store, sql } = await postgres.store(t, { clock: () => now });
    const forward = (minutes: number): void => void (now = new Date(now.getTime() + minutes * 60_000));
    await store.addSession("token", { id: "a" }, new Date(now.getTime() + 10 * HOUR));
    const idle = HOUR / 2;
    forward(29);
    assert.equal(Date.parse((await store.findSession("token", idle))?.used ?? ""), now.getTime() - 29 * 60_000);
    const version = async (): Promise<unknown> => (await sql("SELECT xmin::text FROM session"))[0]?.["xmin"];
    await Promise.all(Array.from({ length: 8 }, () => store.touchSession("token", 60_000)));
    const touched = await version();
    forward(0.5);
    await store.touchSession("token", 60_000);
    assert.equal(await version(), touched);
    forward(29);
    assert.ok(await store.findSession("token", idle));
    forward(0.5);
    assert.equal(await store.findSession("token", idle), undefined);
    assert.ok(await store.findSession("token")); // long work goes on until the session has ended
  });

  test(`STORE-SESSION-6 a person's sessions are told and ended together, and nobody else's (${name})`, async (t) => {
    let now = new Date("2026-11-22T08:00:00Z");
    const { store } = await postgres.store(t, { clock: () => now });
    const until = new Date(now.getTime() + 10 * HOUR);
    await store.addSession("one", { id: "a", hsaId: "SE-A" }, until);
    now = new Date(now.getTime() + HOUR);
    await store.addSession("two", { id: "a", hsaId: "SE-A", unit: "other" }, until);
    await store.addSession("three", { id: "b", hsaId: "SE-B" }, until);
    const units = (found: readonly { readonly actor: unknown }[]): unknown[] =>
      found.map(({ actor }) => (actor as { unit?: string }).unit);
    assert.deepEqual(units(await store.sessionsOf({ id: "a" })), ["other", undefined]);
    assert.deepEqual(units(await store.sessionsOf({ hsaId: "SE-A" }, HOUR / 2)), ["other"]);
    for (const nobody of [{ id: "SE-A" }, { hsaId: "a" }, { hsaId: "" }, { id: "a' OR true --" }])
      assert.deepEqual([await store.sessionsOf(nobody), await store.endSessionsOf(nobody)], [[], 0]);
    assert.deepEqual([await store.endSessionsOf({ hsaId: "SE-A" }), await store.endSessionsOf({ id: "a" })], [2, 0]);
    assert.deepEqual([await store.findSession("one"), await store.findSession("two")], [undefined, undefined]);
    assert.ok(await store.findSession("three"));
  });

  test(`STORE-SESSION-8 a session gets another token, once of many, and what stands on it goes on (${name})`, async (t) => {
    const { store, sql } = await postgres.store(t);
    const until = new Date(Date.now() + HOUR);
    await store.addSession("old", { id: "a", unit: 1 }, until);
    await store.addSession("other", { id: "b" }, until);
    for (const [key, token] of [
      ["of-old", "old"],
      ["of-other", "other"],
    ] as const)
      await store.oauth.save({ kind: "AppConsent", key }, { session: sessionName(token), scope: "s" }, 600);
    const renew = (token: string): Promise<boolean> =>
      store.renewSession(sessionName("old"), { authenticated: { method: "m" }, token });
    const tokens = ["new-1", "new-2", "new-3"];
    const done = await Promise.all(tokens.map(renew));
    assert.equal(done.filter(Boolean).length, 1);
    const token = tokens[done.indexOf(true)] ?? "";
    assert.equal(await store.findSession("old"), undefined);
    const found = await store.findSession(token);
    assert.deepEqual(found?.actor, { id: "a", unit: 1, authenticated: { method: "m" } });
    assert.equal(Date.parse(found?.expires ?? ""), until.getTime());
    assert.ok(await store.findSession("other"));
    const rows = await sql("SELECT content ->> 'session' AS session FROM oauth_state WHERE kind = 'AppConsent'");
    assert.deepEqual(new Set(rows.map(({ session }) => session)), new Set([sessionName(token), sessionName("other")]));
    assert.equal(await renew("new-4"), false); // it goes by another name
  });

  test(`STORE-SESSION-3 no token lies in the database, only its hash (${name})`, async (t) => {
    const { store, sql } = await postgres.store(t);
    await store.addSession("a-token-of-a-person", { id: "a" }, new Date(Date.now() + HOUR));
    await store.addClient(
      "a-token-of-a-client",
      { client: "lab", scope: "system/*.rs", careProvider: null, careUnit: null },
      new Date(Date.now() + HOUR),
    );
    const rows = await sql("SELECT s::text AS row FROM session s UNION ALL SELECT c::text FROM client_token c");
    assert.equal(rows.length, 2);
    const hex = Buffer.from("a-token-of").toString("hex");
    for (const { row } of rows)
      assert.ok(!String(row).includes("a-token-of") && !String(row).includes(hex), String(row));
  });
});
