/** Rules EXCH-HL7-IN, -WORK and -FAULT: real sockets, a real PostgreSQL, the real ledger. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import fc from "fast-check";
import { fhirError } from "../../fhir/index.ts";
import { Store } from "../../store/index.ts";
import { OURS } from "../../journal/testing/index.ts";
import { parseMessage } from "./codec/index.ts";
import { contentHash, Intake, keysOf } from "./intake.ts";
import { done, edgeOfTest, inChannel, result } from "./testing.ts";
import { Hl7Worker, type ReceivedMessage, type WorkOutcome, type WorkStep, type WorkTogether } from "./worker.ts";

const edge = await edgeOfTest();
const PEER = { address: "127.0.0.1", commonName: undefined, fingerprint: undefined };
const idOf = ({ message }: ReceivedMessage): string => String(message.maybeOne("MSH-10"));
const answered = async (
  sent: Promise<{ kind: string; answer?: { code: string; why: string | undefined } }>,
): Promise<string> => {
  const { kind, answer } = await sent;
  return answer === undefined ? kind : `${answer.code} ${answer.why ?? ""}`.trim();
};
const poison =
  (ids: string): WorkStep =>
  async (received) =>
    ids.includes(idOf(received))
      ? { kind: "parked", faults: [{ owner: null, note: "it cannot be read" }] }
      : { kind: "done" };

test("EXCH-HL7-IN-1 a message is durable before it is acknowledged; what cannot be made durable is not", async (t) => {
  await edge.reset();
  const client = (await edge.listen(t, [inChannel()]))();
  assert.equal(await answered(client.send(result("1", "a"), "1")), "AA");
  const [row] = await edge.sql<{ raw: Buffer; peer: string }>("SELECT raw, peer FROM hl7_received");
  assert.deepEqual([row?.raw, row?.peer], [result("1", "a"), "127.0.0.1"]);
  await edge.sql("ALTER TABLE hl7_received RENAME TO away");
  assert.equal(await answered(client.send(result("2", "a"), "2")), "unknown");
  await edge.sql("ALTER TABLE away RENAME TO hl7_received");
  assert.equal(await answered(client.send(result("2", "a"), "2")), "AA");
  assert.equal(await edge.states(), "1 waiting, 2 waiting");
});

test("EXCH-HL7-IN-2 the same message again is absorbed with the same answer; another under the same control id is not", async (t) => {
  await edge.reset();
  const client = (await edge.listen(t, [inChannel()]))();
  const send = (bytes: Buffer, id: string): Promise<string> => answered(client.send(bytes, id));
  const broken = Buffer.concat([result("3", "a"), Buffer.from("words that went on\r")]);
  for (let n = 0; n < 2; n += 1) {
    assert.equal(await send(result("1", "a"), "1"), "AA");
    assert.match(await send(broken, "3"), /^AE the line is no segment/);
  }
  assert.equal(await send(result("1", "a", { time: "20261123" }), "1"), "AA", "sent again with a new time");
  assert.equal(await edge.states(), "1 waiting, 3 parked");
  await edge.work(done);
  assert.equal(await send(result("1", "a"), "1"), "AA");
  assert.equal(await edge.states(), "1 done, 3 parked", "and is not worked on again");
  assert.equal(await send(result("1", "a", { text: "riklig växt" }), "1"), "AA", "another message");
  assert.equal(await edge.states(), "1 done, 3 parked, 1 waiting");
  const hash = (bytes: Buffer): string => contentHash(parseMessage(bytes)).toString("hex");
  assert.notEqual(
    hash(result("", "a", { time: "1" })),
    hash(result("", "a", { time: "2" })),
    "without control id the time counts",
  );
  const [counted] = await edge.sql<{ messages: string }>("SELECT messages::text FROM hl7_volume");
  assert.equal(counted?.messages, "3");
});

test("EXCH-HL7-IN-3 what cannot be read is kept, refused to its sender with the place, and somebody owns it", async (t) => {
  await edge.reset();
  const client = (await edge.listen(t, [inChannel({ owner: OURS.careUnit })]))();
  const latin = Buffer.from(result("1", "a", { text: "\u00e5" }).toString("utf8"), "latin1");
  assert.match(await answered(client.send(latin, "1")), /^AE a byte is no character of UNICODE UTF-8/);
  assert.equal(await answered(client.send(Buffer.from("no HL7 at all"), "")), "AE the message does not begin with MSH");
  assert.equal(await edge.states(), "1 parked,  parked");
  const owned = await edge.owned();
  assert.equal(owned.length, 2);
  assert.match(owned[0] ?? "", /^Hl7Received\/1 \S+ lab: ORU\^R01 1 OBX\[1\]-5: a byte/);
  const [{ staffed } = { staffed: false }] = await edge.sql<{ staffed: boolean }>(
    "SELECT bool_and(w.staffed) AS staffed FROM loop l JOIN worklist w ON w.id = l.owner",
  );
  assert.equal(staffed, true);
});

test("EXCH-HL7-IN-4 channels of one port are told apart by sender and peer; who is of none is rejected and nothing is kept", async (t) => {
  await edge.reset();
  const port = 20_000 + (process.pid % 20_000);
  const lab = inChannel({ port, senders: ["LAB|HUS"] });
  const rad = inChannel({ name: "rad", port, senders: ["RIS|HUS"], charset: "8859/1" });
  const shut = inChannel({ name: "shut", port, senders: ["PAT|HUS"], peers: { addresses: ["10.0.0.1"] } });
  const client = (await edge.listen(t, [lab, rad, shut]))();
  assert.equal(await answered(client.send(result("1", "a"), "1")), "AA");
  const from = (name: string, id: string): Buffer =>
    Buffer.from(result(id, "a", { text: "\u00e5" }).toString("utf8").replace("LAB", name), "latin1");
  assert.equal(await answered(client.send(from("RIS", "2"), "2")), "AA");
  assert.equal(await answered(client.send(from("XYZ", "3"), "3")), "AR the sender is not known here");
  assert.equal(await answered(client.send(from("PAT", "4"), "4")), "AR the sender is not known here");
  assert.deepEqual(
    [await edge.states(), await edge.states("rad"), await edge.states("shut")],
    ["1 waiting", "2 waiting", ""],
  );
});

test("EXCH-HL7-IN-5 what comes at once becomes durable together, in order on each connection; what one message does to the database is not the others' fault", async (t) => {
  await edge.reset();
  const connect = await edge.listen(t, [inChannel()]);
  const strange = "x".repeat(9000);
  const ids = ["1", "\\X00\\2", strange, ...Array.from({ length: 197 }, (_, n) => `n${n}`)];
  const clients = [connect(), connect(), connect(), connect()];
  const intake = new Intake({ store: edge.store, clock: edge.clock, faults: edge.faults });
  const answers = await Promise.all(ids.map((id) => intake.receive(result(id, `p${id.length}`), PEER, [inChannel()])));
  assert.ok(answers.every((answer) => answer?.includes("MSA|AA|")));
  const [{ commits } = { commits: 200 }] = await edge.sql<{ commits: number }>(
    "SELECT count(DISTINCT xmin::text)::int AS commits FROM hl7_received",
  );
  assert.ok(commits < 20, `${commits} commits`);
  const rows = await edge.sql<{ control_id: string }>("SELECT control_id FROM hl7_received ORDER BY position");
  assert.deepEqual(
    rows.map(({ control_id: id }) => id),
    ids.map((id) => id.replace("\\X00\\", "").slice(0, 200)),
  );
  const sent = clients.flatMap((client, at) =>
    ["1", "2", "3"].map((n) => client.send(result(`${at}-${n}`, "z"), `${at}-${n}`)),
  );
  assert.ok((await Promise.all(sent)).every(({ kind }) => kind === "answered"));
  const order = await edge.sql<{ id: string }>(
    "SELECT control_id AS id FROM hl7_received WHERE control_id LIKE '%-_' ORDER BY position",
  );
  for (const at of [0, 1, 2, 3])
    assert.deepEqual(
      order.filter(({ id }) => id.startsWith(`${at}-`)).map(({ id }) => id.slice(2)),
      ["1", "2", "3"],
    );
});

test("EXCH-HL7-WORK-1 messages of a patient are worked on in their order, also where identities meet, those of others beside them", async () => {
  const patients = fc.constantFrom("a", "b", "c", "a^^^SKV~b", "d");
  await fc.assert(
    fc.asyncProperty(fc.array(patients, { minLength: 1, maxLength: 24 }), async (list) => {
      await edge.reset();
      const intake = new Intake({ store: edge.store, clock: edge.clock, faults: edge.faults });
      await Promise.all(list.map((patient, at) => intake.receive(result(String(at), patient), PEER, [inChannel()])));
      const seen: string[] = [];
      await edge.work(async (received) => {
        seen.push(`begins ${idOf(received)}`);
        await sleep(Number(idOf(received)) % 3);
        seen.push(`ends ${idOf(received)}`);
        return { kind: "done" };
      });
      const keys = list.map((patient, at) => keysOf(parseMessage(result(String(at), patient))));
      for (let late = 0; late < list.length; late += 1)
        for (let early = 0; early < late; early += 1)
          if (keys[early]?.some((key) => keys[late]?.includes(key)) === true)
            assert.ok(seen.indexOf(`ends ${early}`) < seen.indexOf(`begins ${late}`), seen.join());
      assert.equal(seen.length, 2 * list.length);
    }),
    { numRuns: 12 },
  );
  const merged = parseMessage(Buffer.from("MSH|^~\\&|\rPID|1||19-1^^^SKV~r^^^LAB\rMRG|old^^^SKV\r"));
  assert.deepEqual(keysOf(merged), ["191 SKV", "r LAB", "old SKV"]);
});

test("EXCH-HL7-WORK-2 poison is parked with its error and an owner while all others go on; it holds its own patient back, or lets it pass where the channel says so", async () => {
  for (const parked of ["hold", "pass"]) {
    await edge.reset();
    const channel = inChannel({ parked, owner: OURS.careUnit });
    const intake = new Intake({ store: edge.store, clock: edge.clock, faults: edge.faults });
    for (const [id, patient] of [
      ["1", "a"],
      ["2", "b"],
      ["3", "a"],
      ["4", "c"],
    ] as const)
      await intake.receive(result(id, patient), PEER, [channel]);
    await edge.work(poison("1"), channel);
    assert.equal(await edge.states(), `1 parked, 2 done, 3 ${parked === "hold" ? "waiting" : "done"}, 4 done`);
    assert.deepEqual(
      (await edge.owned()).map((told) => told.replace(/ \S+/, "")),
      ["Hl7Received/1 lab: ORU^R01 1 it cannot be read"],
    );
  }
  await edge.reset();
  const intake = new Intake({ store: edge.store, clock: edge.clock, faults: edge.faults });
  await intake.receive(result("1", "a"), PEER, [inChannel()]);
  await intake.receive(result("2", "b"), PEER, [inChannel()]);
  await edge.work(async (received) => {
    if (idOf(received) === "2") throw new TypeError("a fault of ours");
    throw fhirError("INVALID", "no");
  });
  assert.equal(await edge.states(), "1 parked, 2 parked");
  assert.equal((await edge.owned()).length, 2);
});

test("EXCH-HL7-WORK-3 a passing fault is tried again without end, later and later; when the database is away the round ends and nothing is blamed", async () => {
  await edge.reset();
  const intake = new Intake({ store: edge.store, clock: edge.clock, faults: edge.faults });
  for (const [id, patient] of [
    ["1", "a"],
    ["2", "a"],
    ["3", "b"],
  ] as const)
    await intake.receive(result(id, patient), PEER, [inChannel()]);
  let tries = 0;
  const failing: WorkStep = async (received): Promise<WorkOutcome> => {
    if (idOf(received) !== "1") return { kind: "done" };
    tries += 1;
    if (tries % 2 === 0) throw fhirError("INTERNAL", "x");
    return { kind: "later", why: "its order is not here" };
  };
  for (let n = 0; n < 40; n += 1) {
    await edge.work(failing);
    await edge.sql("UPDATE hl7_received SET due = now() WHERE due < now() + interval '301 s'");
  }
  assert.ok(tries >= 40);
  assert.equal(await edge.states(), "1 waiting, 2 waiting, 3 done");
  const worker = new Hl7Worker({
    store: edge.store,
    clock: edge.clock,
    faults: edge.faults,
    onFault: () => assert.fail("nothing is wrong with the message"),
    step: async () => {
      throw fhirError("UNAVAILABLE");
    },
  });
  await assert.rejects(worker.round(inChannel(), new AbortController().signal), { code: "UNAVAILABLE" });
  assert.equal(await edge.states(), "1 waiting, 2 waiting, 3 done");
  await edge.work(done);
  assert.equal(await edge.states(), "1 done, 2 done, 3 done");
});

test("EXCH-HL7-WORK-4 two servers at once, and one that dies between the work and writing it down, settle each message once and lose none", async () => {
  await edge.reset();
  const intake = new Intake({ store: edge.store, clock: edge.clock, faults: edge.faults });
  await Promise.all(
    Array.from({ length: 40 }, (_, n) => intake.receive(result(String(n), `p${n % 7}`), PEER, [inChannel()])),
  );
  const worked = new Map<string, number>();
  const step: WorkStep = async (received) => {
    worked.set(idOf(received), (worked.get(idOf(received)) ?? 0) + 1);
    await sleep(1);
    return { kind: "done" };
  };
  const dying = await Store.open({
    config: edge.database.config,
    auditKey: (await import("node:crypto")).generateKeyPairSync("ed25519").privateKey,
    clock: edge.clock,
    connections: 2,
  });
  const first = new Hl7Worker({ store: dying, clock: edge.clock, faults: edge.faults, step, onFault: () => undefined });
  const dead = first.round(inChannel(), new AbortController().signal).catch(() => undefined);
  await sleep(8);
  await dying.close();
  await dead;
  await Promise.all([edge.work(step), edge.work(step)]);
  const [{ left } = { left: -1 }] = await edge.sql<{ left: number }>(
    "SELECT count(*) FILTER (WHERE state <> 'done')::int4 AS left FROM hl7_received",
  );
  assert.equal(left, 0);
  assert.equal(worked.size, 40);
});

test("EXCH-HL7-WORK-5 messages that share no patient are worked on together, in the order of each patient; what one cannot stand is not the others' fault", async () => {
  await edge.reset();
  const intake = new Intake({ store: edge.store, clock: edge.clock, faults: edge.faults });
  const patients = Array.from({ length: 90 }, (_, n) => `p${n % 37}`);
  await Promise.all(patients.map((patient, n) => intake.receive(result(String(n), patient), PEER, [inChannel()])));
  const seen: string[] = [];
  const sizes: number[] = [];
  const step: WorkStep = async (received) => {
    seen.push(idOf(received));
    return ["7", "60"].includes(idOf(received))
      ? { kind: "parked", faults: [{ owner: null, note: "poison" }] }
      : { kind: "done" };
  };
  const together: WorkTogether = async (group) => {
    const keys = group.flatMap(({ message }) => keysOf(message));
    assert.equal(new Set(keys).size, keys.length, "no patient twice");
    await sleep(1);
    if (group.some((one) => idOf(one) === "7")) return undefined;
    if (group.some((one) => idOf(one) === "60")) throw new TypeError("a fault of ours");
    sizes.push(group.length);
    seen.push(...group.map(idOf));
    return group.map(() => ({ kind: "done" }));
  };
  const { store, clock, faults } = edge;
  const worker = new Hl7Worker({ store, clock, faults, step, together, onFault: () => undefined });
  while (await worker.round(inChannel(), new AbortController().signal));
  for (let n = 37; n < 90; n += 1)
    if (n % 37 !== 7) assert.ok(seen.indexOf(String(n - 37)) < seen.indexOf(String(n)), `${n} of ${seen.join()}`);
  const [counts] = await edge.sql(
    "SELECT count(*) FILTER (WHERE state = 'done')::int4 AS done, count(*) FILTER (WHERE state = 'parked')::int4 AS parked, count(*) FILTER (WHERE state = 'waiting')::int4 AS waiting FROM hl7_received",
  );
  assert.deepEqual(counts, { done: 86, parked: 2, waiting: 2 }, "those of the patients of the two wait");
  assert.ok(sizes.some((size) => size > 8));
  assert.equal(new Set(seen).size, seen.length, "each once");
});

test("EXCH-HL7-FAULT-1 a fault is owned until the message is worked on, asked for again or set aside; each time it fails it is somebody's anew", async () => {
  await edge.reset();
  const intake = new Intake({ store: edge.store, clock: edge.clock, faults: edge.faults });
  for (const [id, patient] of [
    ["1", "a"],
    ["2", "b"],
  ] as const)
    await intake.receive(result(id, patient), PEER, [inChannel()]);
  await edge.work(poison("12"));
  assert.equal((await edge.owned()).length, 2);
  const replay = (): Promise<number> =>
    edge.store.write("*", (tx) => tx.hl7.received.replay("lab", { from: 1, until: 1 }));
  for (let n = 0; n < 3; n += 1) {
    assert.equal(await replay(), 1);
    await edge.work(poison("1"));
    assert.equal(await edge.states(), "1 parked, 2 parked");
    assert.equal((await edge.owned()).length, 2, "one for each, however often it fails");
  }
  await replay();
  await edge.work(done);
  assert.equal(await edge.states(), "1 done, 2 parked");
  assert.deepEqual(
    (await edge.owned()).map((told) => told.split(" ")[0]),
    ["Hl7Received/2"],
  );
  await replay();
  await edge.work(poison("1"));
  assert.equal((await edge.owned()).length, 2, "owned again after it had been over");
});
