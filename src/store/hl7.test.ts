import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import type { NewReceived, Hl7Settlement, WaitingReceived } from "./hl7-received.ts";
import type { NewSent } from "./hl7-sent.ts";
import type { Position } from "./change-log.ts";
import type { Store } from "./store.ts";
import { onEveryPostgres } from "./testing/contract.ts";

const NOW = "2026-11-22T12:00:00.000Z";
const LATER = "2026-11-22T12:20:00.000Z";
const ALL = { from: 0, until: Number.MAX_SAFE_INTEGER };

function received(controlId: string, keys: readonly string[], more: Partial<NewReceived> = {}): NewReceived {
  const raw = Buffer.from(`MSH|${controlId}\r\u0000å`, "latin1");
  const hash = createHash("sha256").update(raw).digest();
  const told = { channel: "lab", peer: "127.0.0.1", sender: "LAB|HUS", type: "ORU^R01", verdict: "accept" } as const;
  return { ...told, controlId, keys, hash, raw, why: null, place: null, error: null, ...more };
}

const sent = (controlId: string, line: string): NewSent => ({
  channel: "ris",
  controlId,
  type: "OMI^O23",
  line,
  about: `ServiceRequest/${controlId}`,
  raw: Buffer.from(controlId),
});
const keep = (store: Store, ...messages: readonly NewReceived[]) =>
  store.write("*", (tx) => tx.hl7.received.keep(messages, NOW));
const waiting = (store: Store, limit = 100, bytes = 1e9): Promise<WaitingReceived[]> =>
  store.read("*", (look) => look.hl7.received.waiting("lab", limit, bytes));
const ids = async (store: Store): Promise<string> => (await waiting(store)).map(({ controlId }) => controlId).join(" ");
const settle = (store: Store, one: Pick<WaitingReceived, "position" | "home">, settlement: Hl7Settlement) =>
  store.write("*", (tx) => tx.hl7.received.settle([{ position: one.position, home: one.home, settlement }], NOW));
const given = async (store: Store): Promise<string> =>
  (await store.read("*", (look) => look.hl7.sent.waiting("ris", 100))).map(({ controlId }) => controlId).join(" ");

onEveryPostgres((postgres) => {
  const { name } = postgres;

  test(`STORE-HL7-1 a message is kept once with its bytes and its answer, in its order (${name})`, async (t) => {
    const { store } = await postgres.store(t);
    const refused = received("2", [], { verdict: "error", why: "no", place: "PID-3", error: "no" });
    const first = await keep(store, received("1", ["a"]), refused, received("3", ["b"]));
    assert.deepEqual(
      first.map(({ isNew, verdict, place }) => [isNew, verdict, place]),
      [
        [true, "accept", null],
        [true, "error", "PID-3"],
        [true, "accept", null],
      ],
    );
    assert.ok(first.every(({ position }, at) => at === 0 || position > (first[at - 1]?.position ?? 0)));
    const again = await keep(
      store,
      received("3", ["b"]),
      received("2", [], { hash: refused.hash }),
      received("4", ["a"]),
    );
    assert.deepEqual(again.map(({ isNew, verdict, position }) => [isNew, verdict, position]).slice(0, 2), [
      [false, "accept", first[2]?.position],
      [false, "error", first[1]?.position],
    ]);
    assert.equal(await ids(store), "1 3 4");
    const [one] = await waiting(store);
    assert.deepEqual(one?.raw, received("1", []).raw);
    assert.deepEqual(await store.read("*", (look) => look.hl7.received.raw(first[1]?.position ?? 0)), refused.raw);
    const other = await keep(store, { ...received("1", ["a"]), channel: "other" });
    assert.equal(other[0]?.isNew, true, "another channel's is another message");
    assert.equal((await waiting(store, 100, 1)).length, 1, "at least one, however large");
    assert.deepEqual(
      await store.read("SE-1", (look) => look.hl7.received.waiting("lab", 9, 9)),
      [],
      "only the region's own work reaches it",
    );
  });

  test(`STORE-HL7-2 what fails or is parked holds those of its keys that came later, and nothing else (${name})`, async (t) => {
    const { store } = await postgres.store(t);
    await keep(
      store,
      received("1", ["a"]),
      received("2", ["a", "b"]),
      received("3", ["b"]),
      received("4", ["c"]),
      received("5", ["a"]),
    );
    const [one, two, , four] = await waiting(store);
    assert.ok(one && two && four);
    await settle(store, one, { state: "waiting", error: "away", delaySeconds: 60 });
    assert.equal(await ids(store), "3 4");
    await store.write("*", (tx) => tx.hl7.received.replay("lab", { from: one.position, until: one.position })); // it waits already
    assert.equal(await ids(store), "3 4");
    assert.deepEqual([...(await settle(store, one, { state: "done", outcome: { n: 1 } }))], [one.position]);
    assert.deepEqual(
      [...(await settle(store, one, { state: "parked", error: "late", holds: true }))],
      [],
      "it is settled once",
    );
    assert.equal(await ids(store), "2 3 4 5");
    await settle(store, two, { state: "parked", error: "poison", holds: true });
    assert.equal(await ids(store), "4");
    await settle(store, four, { state: "parked", error: "poison", holds: false });
    await keep(store, received("6", ["c"]));
    assert.equal(await ids(store), "6", "one that is let pass holds nothing");
    const [load] = await store.read("*", (look) => look.hl7.received.loads());
    assert.deepEqual([load?.waiting, load?.parked, load?.oldest], [3, 2, NOW]);
    assert.deepEqual(
      (await store.read("*", (look) => look.hl7.received.parked(9))).map(
        ({ controlId, error }) => `${controlId} ${error}`,
      ),
      ["2 poison", "4 poison"],
    );
  });

  test(`STORE-HL7-3 any stretch is worked on again, and one message; what is set aside holds nothing (${name})`, async (t) => {
    const { store } = await postgres.store(t);
    await keep(store, ...["1", "2", "3"].map((id) => received(id, ["a"])));
    const [one, two, three] = await waiting(store);
    assert.ok(one && two && three);
    await settle(store, one, { state: "done", outcome: null });
    await settle(store, two, { state: "parked", error: "poison", holds: true });
    assert.equal(await ids(store), "");
    const replay = (from: number, until: number) =>
      store.write("*", (tx) => tx.hl7.received.replay("lab", { from, until }));
    assert.equal(await replay(two.position, two.position), 1);
    assert.deepEqual(
      (await waiting(store)).map(({ controlId, runs }) => [controlId, runs]),
      [["2", 1]],
      "it goes first",
    );
    await settle(store, two, { state: "parked", error: "still", holds: true });
    const aside = (position: number) => store.write("*", (tx) => tx.hl7.received.setAside(position, "SE-A", NOW));
    assert.deepEqual(
      [await aside(two.position), await aside(two.position), await aside(three.position)],
      [true, false, false],
    );
    assert.equal(await ids(store), "3");
    assert.equal(await replay(0, ALL.until), 2);
    assert.equal(await ids(store), "1 2 3");
  });

  test(`STORE-HL7-4 the server's role cannot take a message away nor change it (${name})`, async (t) => {
    const { store, sql } = await postgres.store(t);
    await keep(store, received("1", ["a"]));
    for (const statement of [
      "DELETE FROM hl7_received",
      "DELETE FROM hl7_sent",
      "DELETE FROM hl7_volume",
      "TRUNCATE hl7_received",
      "UPDATE hl7_received SET raw = ''",
      "UPDATE hl7_received SET hash = ''",
      "UPDATE hl7_sent SET raw = ''",
    ]) {
      await sql("BEGIN");
      await sql("SET LOCAL ROLE eira_app");
      await assert.rejects(sql(statement), /permission denied/, statement);
      await sql("ROLLBACK");
    }
  });

  test(`STORE-HL7-5 what is to be sent is given out line by line until it is acknowledged (${name})`, async (t) => {
    const { store } = await postgres.store(t);
    const append = (...messages: readonly NewSent[]) => store.write("*", (tx) => tx.hl7.sent.append(messages, NOW));
    await append(sent("1", "a"), sent("2", "a"), sent("3", "b"));
    await append(sent("3", "b"));
    assert.equal(await given(store), "1 3");
    const [one, three] = await store.read("*", (look) => look.hl7.sent.waiting("ris", 9));
    assert.ok(one && three);
    const acknowledge = (place: { position: number; home: number }) =>
      store.write("*", (tx) => tx.hl7.sent.acknowledge(place, "AA", LATER));
    assert.deepEqual([await acknowledge(one), await acknowledge(one)], [true, false]);
    assert.equal(await given(store), "2 3");
    const since = (time: string) => store.read("*", (look) => look.hl7.sent.acknowledgedSince("ris", time));
    assert.deepEqual([await since(NOW), await since("2026-11-23T00:00:00Z")], [["1"], []]);
    const fail = (isParked: boolean) =>
      store.write("*", (tx) =>
        tx.hl7.sent.fail(three, { error: "no", answer: "AR", delaySeconds: isParked ? 0 : 60, isParked }, NOW),
      );
    await fail(false);
    assert.equal(await given(store), "2");
    assert.equal(await store.write("*", (tx) => tx.hl7.sent.again("ris", three.position)), 1);
    await append(sent("4", "b"));
    await fail(true);
    assert.equal(await given(store), "2", "what is parked holds its line");
    assert.deepEqual(
      (await store.read("*", (look) => look.hl7.sent.parked(9))).map(({ controlId }) => controlId),
      ["3"],
    );
    assert.deepEqual(
      (await store.read("*", (look) => look.hl7.sent.about("ServiceRequest/3"))).map(({ state, answer }) => [
        state,
        answer,
      ]),
      [["parked", "AR"]],
    );
    assert.equal(await store.write("*", (tx) => tx.hl7.sent.setAside(three.position, "SE-A", NOW)), true);
    assert.equal(await given(store), "2 4");
    assert.equal(await store.write("*", (tx) => tx.hl7.sent.replay("ris", ALL)), 2);
    assert.equal(await given(store), "1 3");
    assert.deepEqual(
      (await store.read("*", (look) => look.hl7.sent.loads())).map(({ channel, waiting: count }) => [channel, count]),
      [["ris", 4]],
    );
  });

  test(`STORE-HL7-10 the newest answers of a channel are found, and nothing else (${name})`, async (t) => {
    const { store } = await postgres.store(t);
    const other = { channel: "rtg" };
    await keep(store, received("1", ["a"]), received("2", ["a"], other), received("3", ["a"], { type: "ADT^A08" }));
    await keep(
      store,
      received("4", ["a"], { verdict: "error", error: "x" }),
      received("5", ["a"]),
      received("6", ["a"]),
    );
    const after = async (position: number, limit: number): Promise<number[]> =>
      (await store.read("*", (look) => look.hl7.texts.answersAfter("lab", position, limit))).map((one) => one.position);
    const [first = 0, second = 0, third = 0, ...others] = await after(0, 9);
    assert.deepEqual(others, []);
    assert.deepEqual(await after(0, 2), [second, third]);
    assert.deepEqual(await after(second, 9), [third]);
    assert.ok(first < second && second < third);
  });

  test(`STORE-HL7-9 a feed begins now, moves from where it was and nowhere else, and can be set back (${name})`, async (t) => {
    const { store } = await postgres.store(t);
    const begin = () => store.write("*", (tx) => tx.hl7.feeds.begin("feed"));
    const start = await begin();
    assert.deepEqual(await begin(), start);
    assert.deepEqual(await store.changes(start, 10), []);
    const [one, two] = [
      { xid: start.xid, seq: "9223372036854775807" },
      { xid: String(BigInt(start.xid) + 5n), seq: "3" },
    ];
    const move = (from: Position, to: Position) => store.write("*", (tx) => tx.hl7.feeds.move("feed", from, to));
    assert.equal(await move(one, two), true);
    assert.equal(await move(one, two), false, "another server was there first");
    assert.deepEqual(await begin(), two);
    assert.equal(await store.write("*", (tx) => tx.hl7.feeds.setBack("feed", "2026-01-01T00:00:00Z")), false);
  });

  test(`STORE-HL7-6 what fails for too long is given out once (${name})`, async (t) => {
    const { store } = await postgres.store(t);
    await keep(store, received("1", ["a"]), received("2", ["b"]));
    const [one] = await waiting(store);
    assert.ok(one);
    const overdue = async (before: string) =>
      (await store.write("*", (tx) => tx.hl7.received.overdue(before, LATER, 10))).map(({ controlId }) => controlId);
    await settle(store, one, { state: "waiting", error: "away", delaySeconds: 0 });
    assert.deepEqual(await overdue(NOW), []);
    assert.deepEqual(await overdue(LATER), ["1"]);
    await settle(store, one, { state: "waiting", error: "away", delaySeconds: 0 });
    assert.deepEqual(await overdue(LATER), []);
    assert.deepEqual(
      (await waiting(store)).map(({ controlId, attempts }) => [controlId, attempts]),
      [
        ["1", 2],
        ["2", 0],
      ],
    );
    await store.write("*", (tx) => tx.hl7.sent.append([sent("1", "a"), sent("2", "b")], NOW));
    for (const place of await store.read("*", (look) => look.hl7.sent.waiting("ris", 9)))
      await store.write("*", (tx) =>
        tx.hl7.sent.fail(place, { error: "no", answer: null, delaySeconds: 0, isParked: false }, NOW),
      );
    const failing = () => store.read("*", (look) => look.hl7.sent.failing());
    assert.deepEqual(await failing(), [{ channel: "ris", count: 2, since: NOW }]);
    for (const place of await store.read("*", (look) => look.hl7.sent.waiting("ris", 9)))
      await store.write("*", (tx) => tx.hl7.sent.acknowledge(place, "AA", LATER));
    assert.deepEqual(await failing(), []);
  });

  test(`STORE-HL7-8 the lists that channels reach are those that were said last (${name})`, async (t) => {
    const { store } = await postgres.store(t);
    const route = (...routes: { worklist: string; channel: string }[]) =>
      store.write("*", (tx) => tx.hl7.channels.route(routes));
    const reached = async () =>
      (await store.read("*", (look) => look.loops.worklists())).flatMap(({ channel }) => channel ?? []);
    await route({ worklist: "region", channel: "ris" }, { worklist: "nobody", channel: "lab" });
    assert.deepEqual(await reached(), ["ris"]);
    await route({ worklist: "region", channel: "lab" });
    assert.deepEqual(await reached(), ["lab"]);
    await route();
    assert.deepEqual(await reached(), []);
  });

  test(`STORE-HL7-7 what passes is counted by channel and hour, and channels are declared (${name})`, async (t) => {
    const { store } = await postgres.store(t);
    await keep(store, received("1", ["a"]), received("2", ["b"]));
    await keep(store, received("2", ["b"]));
    await store.write("*", (tx) => tx.hl7.sent.append([sent("1", "a")], NOW));
    const [place] = await store.read("*", (look) => look.hl7.sent.waiting("ris", 9));
    assert.ok(place);
    await store.write("*", (tx) => tx.hl7.sent.acknowledge(place, "AA", LATER));
    const volumes = await store.read("*", (look) => look.hl7.channels.volumes(NOW));
    assert.deepEqual(
      volumes.map(({ channel, hour, messages, last }) => [channel, hour, messages, last]),
      [
        ["lab", NOW, 2, NOW],
        ["ris", NOW, 1, LATER],
      ],
    );
    assert.deepEqual(
      await store.read("*", (look) => look.hl7.channels.lastPassed()),
      new Map([
        ["lab", NOW],
        ["ris", LATER],
      ]),
    );
    const declare = (declared: unknown, now: string) =>
      store.write("*", (tx) => tx.hl7.channels.declare([{ name: "lab", direction: "in", declared }], now));
    await declare({ port: 1 }, NOW);
    await declare({ port: 2 }, LATER);
    assert.equal(await store.write("*", (tx) => tx.hl7.channels.hold("lab", "the laboratory moves")), true);
    assert.equal(await store.write("*", (tx) => tx.hl7.channels.hold("nobody", null)), false);
    assert.deepEqual(await store.read("*", (look) => look.hl7.channels.all()), [
      { name: "lab", direction: "in", declared: { port: 2 }, since: NOW, held: "the laboratory moves" },
    ]);
  });
});
