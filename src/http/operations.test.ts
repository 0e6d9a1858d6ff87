import assert from "node:assert/strict";
import { test } from "node:test";
import { ledgerAlong } from "../loop/index.ts";
import { serverOfTest } from "./testing/index.ts";

type Told = {
  readonly ledger: { readonly now: { readonly ownerless: number } };
  readonly channels: readonly unknown[];
};

test("HTTP-OPERATIONS-1 how ledger and integrations stand is for staff; other sites ask for nothing again", async (t) => {
  const server = await serverOfTest(t, { referentialIntegrity: false });
  Object.assign(server.options, { along: ledgerAlong });
  const cookie = await server.cookie();
  const told = await server.call("GET", "/api/operations", { cookie });
  assert.equal(told.status, 200);
  const { ledger, channels } = told.json<Told>();
  assert.equal(ledger.now.ownerless, 0);
  assert.deepEqual(channels, []);
  assert.equal((await server.call("GET", "/api/operations", {})).status, 401);
  const replay = (more: object) =>
    server.call("POST", "/api/operations/replay", { cookie, body: { channel: "lab", from: 1, until: 1 }, ...more });
  assert.equal((await replay({ headers: { "x-eira": "0" } })).status, 403);
  assert.equal((await replay({})).status, 404);
});
