/** Rules EXCH-HL7-OUT: real sockets, a real PostgreSQL, the real ledger. */
import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { OURS } from "../../journal/testing/index.ts";
import { parseMessage } from "./codec/index.ts";
import type { OutChannel } from "./channels.ts";
import { dispatchRound, type Compose } from "./dispatch.ts";
import { answerTo, headerOf, type Verdict } from "./mllp/answers.ts";
import { startMllpServer } from "./mllp/server.ts";
import { Hl7Sender } from "./sender.ts";
import { edgeOfTest, outChannel, result } from "./testing.ts";

const edge = await edgeOfTest();
const never = new AbortController().signal;

/** A receiver that answers as it is told, and remembers what it got. */
async function receiver(
  t: TestContext,
  verdict: (id: string) => Verdict | "nothing" = () => "accept",
): Promise<{ port: number; got: string[] }> {
  const got: string[] = [];
  const server = await startMllpServer({
    port: 0,
    host: "127.0.0.1",
    most: 1e6,
    idleMs: 0,
    onFault: () => undefined,
    onMessage: async (bytes) => {
      const message = parseMessage(bytes);
      const { controlId } = headerOf(message);
      got.push(controlId);
      const told = verdict(controlId);
      if (told === "nothing") throw new Error("gone");
      return answerTo(message, { verdict: told, why: told }, { controlId: "x", time: "2026" }).bytes();
    },
  });
  t.after(() => server.close());
  return { port: server.port, got };
}

function sender(t: TestContext, channel: OutChannel, heard: string[] = []): Hl7Sender {
  const { store, clock, faults } = edge;
  const made = new Hl7Sender(channel, {
    store,
    clock,
    faults,
    onSettled: async (_tx, { about }, { event }) => void heard.push(`${event} ${about}`),
    onFault: (error) => assert.fail(String(error)),
  });
  t.after(() => made.close());
  return made;
}

async function queue(...messages: readonly (readonly [string, string])[]): Promise<void> {
  const sent = messages.map(([controlId, line]) => ({
    channel: "ris",
    controlId,
    type: "ORM^O01",
    line,
    about: `ServiceRequest/${controlId}`,
    raw: result(controlId, line),
  }));
  await edge.store.write("*", (tx) => tx.hl7.sent.append(sent, edge.clock().toISOString()));
}

const dueNow = () => edge.sql("UPDATE hl7_sent SET due = now()");
const states = async (): Promise<string> =>
  (
    await edge.sql<{ told: string }>(
      "SELECT control_id || ' ' || state || coalesce(' ' || answer, '') AS told FROM hl7_sent ORDER BY position",
    )
  )
    .map(({ told }) => told)
    .join(", ");

test("EXCH-HL7-OUT-1 each patient's messages are sent in order until they are acknowledged, which is heard in the same transaction", async (t) => {
  await edge.reset();
  const { port, got } = await receiver(t);
  await queue(["1", "a"], ["2", "b"], ["3", "a"], ["4", "a"], ["5", "b"]);
  const heard: string[] = [];
  const one = sender(t, outChannel({ port, connections: 2 }), heard);
  while (await one.round(never));
  assert.deepEqual(
    got.filter((id) => "134".includes(id)),
    ["1", "3", "4"],
  );
  assert.deepEqual(
    got.filter((id) => "25".includes(id)),
    ["2", "5"],
  );
  assert.equal(
    await states(),
    "1 acknowledged AA, 2 acknowledged AA, 3 acknowledged AA, 4 acknowledged AA, 5 acknowledged AA",
  );
  assert.deepEqual(heard.toSorted(), ["1", "2", "3", "4", "5"].map((id) => `transfer ServiceRequest/${id}`)); // prettier-ignore
});

test("EXCH-HL7-OUT-2 what is lost, refused for now or undeliverable is sent again without end, and holds its own patient only", async (t) => {
  await edge.reset();
  let isWell = false;
  const { port, got } = await receiver(t, (id) => (isWell || id === "2" ? "accept" : id === "1" ? "nothing" : "error"));
  await queue(["1", "a"], ["2", "b"], ["3", "a"], ["4", "c"]);
  const one = sender(t, outChannel({ port }));
  for (let n = 0; n < 12; n += 1) {
    await one.round(never);
    await dueNow();
  }
  assert.equal(await states(), "1 waiting, 2 acknowledged AA, 3 waiting, 4 waiting AE");
  assert.ok(got.filter((id) => id === "1").length >= 12 && !got.includes("3"));
  isWell = true;
  while (await one.round(never)) await dueNow();
  assert.equal(await states(), "1 acknowledged AA, 2 acknowledged AA, 3 acknowledged AA, 4 acknowledged AA");
  await queue(["5", "a"], ["6", "b"]);
  const nobody = sender(t, outChannel({ port: 1 }));
  assert.equal(await nobody.round(never), false);
  const [waits] = await edge.sql<{ count: number; tries: number }>(
    "SELECT count(*)::int4 AS count, sum(attempts)::int4 AS tries FROM hl7_sent WHERE state = 'waiting' AND due > now() AND failing IS NOT NULL",
  );
  assert.deepEqual(waits, { count: 2, tries: 2 }, "who finds nobody there does not try one after the other");
});

test("EXCH-HL7-OUT-3 what the receiver rejects is parked with an owner; it is sent again when somebody asks, and over when it is acknowledged", async (t) => {
  await edge.reset();
  let isWell = false;
  const { port, got } = await receiver(t, (id) => (isWell || id !== "1" ? "accept" : "reject"));
  await queue(["1", "a"], ["2", "a"], ["3", "b"]);
  const heard: string[] = [];
  const one = sender(t, outChannel({ port, owner: OURS.careUnit }), heard);
  for (let n = 0; n < 3; n += 1) {
    while (await one.round(never));
    assert.equal(await states(), "1 parked AR, 2 waiting, 3 acknowledged AA");
    assert.deepEqual(
      (await edge.owned()).map((told) => told.split(" ")[0]),
      ["Hl7Sent/1"],
    );
    assert.ok((await edge.store.write("*", (tx) => tx.hl7.sent.again("ris", 1))) > 0);
  }
  isWell = true;
  while (await one.round(never));
  assert.equal(await states(), "1 acknowledged AA, 2 acknowledged AA, 3 acknowledged AA");
  assert.deepEqual(heard, ["fail 1", "transfer 3", "fail 1", "fail 1", "transfer 1", "transfer 2"].map((told) => told.replace(" ", " ServiceRequest/"))); // prettier-ignore
  assert.deepEqual(await edge.owned(), []);
  assert.deepEqual(
    got.filter((id) => id === "2"),
    ["2"],
  );
});

test("EXCH-HL7-OUT-4 what a commit left to be carried becomes one message, however often it is begun; what cannot be written has an owner while it is tried on", async () => {
  await edge.reset();
  const { store, clock, faults } = edge;
  const carry = (about: string) =>
    store.write("*", (tx) => tx.enqueue([{ home: 1, topic: "channel ris", payload: { about } }]));
  await carry("ServiceRequest/1");
  await store.write("*", (tx) => tx.enqueue([{ home: 1, topic: "something else", payload: {} }]));
  const bugs: unknown[] = [];
  let isBroken = true;
  const compose: Compose = async ({ channel, payload, controlId }) => {
    const { about } = payload as { about: string };
    if (isBroken && about === "ServiceRequest/2") throw new TypeError("it cannot be written");
    return [{ channel: channel.name, controlId, type: "ORM^O01", line: "a", about, raw: result(controlId, "a") }];
  };
  const round = () =>
    dispatchRound({
      store,
      clock,
      faults,
      compose,
      channels: [outChannel({ port: 9 })],
      onFault: (error) => bugs.push(error),
    });
  await round();
  await edge.sql(
    "INSERT INTO outbox (home, id, topic, payload) SELECT 1, (left(control_id, 8) || '-' || substr(control_id, 9, 4) || '-' || substr(control_id, 13, 4) || '-' || substr(control_id, 17, 4) || '-000000000000')::uuid, 'channel ris', '{\"about\": \"ServiceRequest/1\"}' FROM hl7_sent",
  );
  await round(); // the server died before it could say that the first was done
  assert.match(await states(), /^\w{20} waiting$/);
  await carry("ServiceRequest/2");
  for (let n = 0; n < 8; n += 1) {
    await round();
    await edge.sql("UPDATE outbox SET due = now()");
  }
  assert.equal(bugs.length, 8);
  assert.equal((await edge.owned()).length, 1);
  isBroken = false;
  await round();
  const left = await edge.sql<{ topic: string }>("SELECT topic FROM outbox");
  assert.deepEqual(left, [{ topic: "something else" }]);
  assert.match(await states(), /^\w{20} waiting, \w{20} waiting$/);
});
