import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import fc from "fast-check";
import type { Observation } from "fhir/r4";
import { fhirError } from "../../fhir/index.ts";
import { commit } from "../../journal/index.ts";
import { asDelete, observation, patient } from "../../journal/testing/index.ts";
import {
  eventually,
  receiverOfTest,
  searchSubscription,
  sharedExchange,
  topicSubscription,
  type ExchangeOfTest,
  type Receiver,
} from "../testing/index.ts";
import { startEngine } from "../testing/child.ts";
import { delayAfter } from "./deliver.ts";

const freshExchange = sharedExchange();

/** Numbers of the delivered observations' versions, by the observation. */
function versionsOf(receiver: Receiver): Map<string, number[]> {
  const found = new Map<string, number[]>();
  for (const { body, url } of receiver.got) {
    const { id = "", meta } = JSON.parse(body) as Observation;
    assert.ok(url.endsWith(`/Observation/${id}`));
    const versions = found.get(id) ?? [];
    found.set(id, [...versions, Number(meta?.versionId)]);
  }
  return found;
}

async function isActive(exchange: ExchangeOfTest, id: string): Promise<void> {
  await eventually(async () => (await exchange.standing(id)).status === "active", `${id} to be active`);
}

test("EXCH-DELIVER-1 R4: each version that meets the criteria is put to the receiver, whole and as it was stored", async (t) => {
  const exchange = await freshExchange();
  const receiver = await receiverOfTest(t);
  await exchange.subscribe(
    searchSubscription("s1", "Observation?code=http://loinc.org|29463-7&status=final", receiver.url, {
      header: ["Authorization: Bearer hook"],
    }),
  );
  exchange.start();
  await isActive(exchange, "s1");
  await exchange.put(patient("p1"));
  await exchange.put(observation("o1"));
  await exchange.put(observation("o1", "Patient/p1", { status: "preliminary" })); // no longer meets them
  await exchange.put(observation("o2", "Patient/p1", { code: { text: "something else" } }));
  await exchange.put(observation("o1", "Patient/p1", { status: "final", note: [{ text: "again" }] }));
  await commit(exchange.client(), [asDelete("Observation/o1")]);
  await exchange.put(observation("o3"));
  await receiver.until(3);
  await sleep(100);
  assert.deepEqual(
    [...versionsOf(receiver)],
    [
      ["o1", [1, 3]],
      ["o3", [1]],
    ],
  );
  const [first] = receiver.got;
  assert.equal(first?.method, "PUT");
  assert.equal(first?.headers["authorization"], "Bearer hook");
  assert.match(String(first?.headers["content-type"]), /^application\/fhir\+json/);
  assert.deepEqual(
    receiver.got.map(({ key }) => key),
    ["s1:1", "s1:2", "s1:3"],
  );
});

test("EXCH-DELIVER-2 whatever happens to several patients, each receiver gets each patient's versions complete, in order, at least once", async (t) => {
  const exchange = await freshExchange();
  exchange.start();
  let round = 0;
  const step = fc.record({
    patient: fc.nat(3),
    resource: fc.nat(2),
    fails: fc.constantFrom("no", "no", "500", "close", "late"),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 25 }), async (steps) => {
      round += 1;
      const receivers = [await receiverOfTest(t), await receiverOfTest(t)];
      const faults = steps.map(({ fails }) => fails);
      for (const receiver of receivers) {
        let asked = 0;
        receiver.behaviour = async (_received, response) => {
          const fault = faults[asked++ % (faults.length * 2)] ?? "no"; // half of the time none
          if (fault === "late") await sleep(15);
          if (fault === "close") response.socket?.destroy();
          else response.writeHead(fault === "500" ? 500 : 200).end();
        };
      }
      const type = "Observation";
      for (const [at, receiver] of receivers.entries())
        await exchange.subscribe(searchSubscription(`r${round}-${at}`, `${type}?category=r${round}`, receiver.url));
      await isActive(exchange, `r${round}-0`);
      await isActive(exchange, `r${round}-1`);
      const written: string[] = [];
      for (const { patient: p, resource } of steps) {
        const id = `o-${round}-${p}-${resource}`;
        const more = { category: [{ coding: [{ code: `r${round}` }] }], note: [{ text: `${written.length}` }] };
        const { version } = await exchange.put(observation(id, `Patient/p${p}`, more));
        written.push(`p${p} ${id} ${version}`);
      }
      for (const receiver of receivers) {
        const acknowledged = (): string[] => {
          const seen = receiver.got.map(({ body }) => {
            const { id, meta, subject } = JSON.parse(body) as Observation;
            return `${subject?.reference?.replace("Patient/", "")} ${id} ${meta?.versionId}`;
          });
          return [...new Set(seen)];
        };
        await eventually(() => acknowledged().length === written.length, `all of ${written.length}`);
        for (const p of new Set(steps.map((one) => one.patient))) {
          const ofPatient = (lines: readonly string[]): string[] => lines.filter((line) => line.startsWith(`p${p} `));
          assert.deepEqual(ofPatient(acknowledged()), ofPatient(written));
        }
      }
      const waiting = (): Promise<unknown[]> => exchange.sql("SELECT 1 FROM subscriber_line");
      await eventually(async () => (await waiting()).length === 0, "nothing to wait");
    }),
    { seed: 20261121, numRuns: 6 },
  );
});

test("EXCH-DELIVER-3 whatever is no whole answer of success is tried again, under the same key, later and later", async (t) => {
  const exchange = await freshExchange();
  const receiver = await receiverOfTest(t);
  await exchange.subscribe(searchSubscription("s1", "Observation", receiver.url));
  exchange.start();
  await isActive(exchange, "s1");
  let asked = 0;
  receiver.behaviour = (_received, response) => {
    const faults: (() => unknown)[] = [
      () => response.writeHead(500).end(),
      () => response.writeHead(410).end(),
      () => response.writeHead(307, { location: `${receiver.url}/elsewhere` }).end(),
      () => response.socket?.destroy(),
      () => response.writeHead(200, { "content-length": "10" }).write("half", () => response.socket?.destroy()),
      () => response.writeHead(204).end(),
    ];
    faults[asked++]?.();
  };
  await exchange.put(observation("o1"));
  await receiver.until(6);
  await sleep(200);
  assert.equal(receiver.got.length, 6);
  assert.deepEqual([...new Set(receiver.got.map(({ key, url }) => `${key} ${url}`))], ["s1:1 /hook/Observation/o1"]);
  const later = { ...exchange.subscribers, firstDelay: 1, longestDelay: 300 };
  const delays = [1, 2, 3, 5, 9, 30, 4000].map((attempts) => delayAfter(attempts, later));
  for (const [at, whole] of [1, 2, 4, 16, 256, 300, 300].entries()) {
    const delay = delays[at] ?? 0;
    assert.ok(delay >= whole / 2 && delay <= whole, `${delay} of ${whole}`);
  }
});

test("EXCH-DELIVER-4 an event that the receiver cannot take holds only its own patient's line, until a person has it go on", async (t) => {
  const exchange = await freshExchange();
  const receiver = await receiverOfTest(t);
  await exchange.subscribe(searchSubscription("s1", "Observation", receiver.url));
  exchange.start();
  await isActive(exchange, "s1");
  let isMended = false;
  receiver.behaviour = ({ url }, response) =>
    void response.writeHead(url.endsWith("/poison") && !isMended ? 422 : 200).end();
  await exchange.put(observation("poison", "Patient/p1"));
  await exchange.put(observation("behind", "Patient/p1"));
  for (let n = 0; n < 5; n += 1) await exchange.put(observation(`o${n}`, "Patient/p2"));
  const got = (id: string): number => receiver.got.filter(({ url }) => url.endsWith(`/${id}`)).length;
  await eventually(() => got("o4") === 1 && got("poison") > 2, "the other patient's");
  assert.equal(got("behind"), 0);
  const { store } = exchange.options;
  assert.equal(await store.write("*", (tx) => tx.subscribers.park("s1", "Patient/p1", true)), true);
  await sleep(150);
  const before = got("poison");
  await sleep(150);
  assert.equal(got("poison"), before, "what is set aside is not sent");
  isMended = true;
  await store.write("*", (tx) => tx.subscribers.park("s1", "Patient/p1", false));
  await eventually(() => got("behind") === 1, "the line to go on");
});

test("EXCH-DELIVER-5 a receiver that does not answer holds nobody else up, and is asked a few lines at a time", async (t) => {
  const exchange = await freshExchange();
  const [slow, quick] = [await receiverOfTest(t), await receiverOfTest(t)];
  slow.behaviour = () => undefined;
  await exchange.subscribe(searchSubscription("slow", "Observation", slow.url));
  await exchange.subscribe(searchSubscription("quick", "Observation", quick.url));
  exchange.start();
  await isActive(exchange, "slow");
  await isActive(exchange, "quick");
  for (let n = 0; n < 12; n += 1) await exchange.put(observation(`o${n}`, `Patient/p${n}`));
  await quick.until(12); // sooner than a request of the slow one ends, on however busy a machine
  assert.ok(slow.got.length <= 4, `${slow.got.length} at once`);
});

test("EXCH-DELIVER-6 a server that is killed loses nothing, and only what was not acknowledged comes again", async (t) => {
  const exchange = await freshExchange();
  const receiver = await receiverOfTest(t);
  const acknowledged: string[] = [];
  receiver.behaviour = async ({ key }, response) => {
    await sleep(20);
    if (response.socket?.destroyed === true) return;
    acknowledged.push(key);
    response.end();
  };
  const endpoint = topicSubscription(
    "s1",
    `${exchange.options.base}/SubscriptionTopic/Observation-change`,
    receiver.url,
    {
      extension: [["timeout", 1]],
    },
  );
  await exchange.subscribe(endpoint);
  const first = await startEngine(exchange);
  await isActive(exchange, "s1");
  const numbers = (): number[] => receiver.events().map(({ number }) => number);
  for (let n = 0; n < 30; n += 1)
    await exchange.put(observation(`o${n % 6}`, `Patient/p${n % 3}`, { note: [{ text: `${n}` }] }));
  await eventually(() => numbers().length >= 7, "the first few");
  await first.kill();
  const seen = numbers().length;
  const second = await startEngine(exchange);
  await eventually(() => new Set(numbers()).size === 30, "every number", 15_000);
  await second.kill();
  const again = numbers()
    .slice(seen)
    .filter((number) => numbers().slice(0, seen).includes(number));
  assert.ok(again.length <= 4, `${again.length} came again`);
  for (let p = 0; p < 3; p += 1) {
    const order = receiver
      .events()
      .filter(({ resource }) => (resource as Observation).subject?.reference === `Patient/p${p}`);
    const once = [...new Set(order.map(({ number }) => number))];
    assert.deepEqual(
      once,
      once.toSorted((a, b) => a - b),
    );
    assert.equal(once.length, 10);
  }
});

test("EXCH-DELIVER-7 a worker that stalls past its claim while it reads and logs sends nothing, when another one was quicker", async (t) => {
  const exchange = await freshExchange();
  const receiver = await receiverOfTest(t);
  await exchange.subscribe(searchSubscription("s1", "Observation", receiver.url));
  const { stop } = exchange.start();
  await isActive(exchange, "s1");
  await stop();
  for (const note of ["first", "second"])
    await exchange.put(observation("o1", "Patient/p1", { note: [{ text: note }] }));
  const { journal } = exchange.subscribers;
  let goOn = (): void => undefined;
  const gate = new Promise<void>((resolve) => (goOn = resolve));
  let calls = 0;
  // The real store, but for the access log, which takes its time once.
  const slow = new Proxy(journal.store, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target);
      if (name !== "recordAccess") return typeof value === "function" ? (value.bind(target) as unknown) : value;
      return async (...entries: Parameters<typeof target.recordAccess>) => {
        await target.recordAccess(...entries);
        if (calls++ === 0) await gate;
      };
    },
  });
  exchange.start({ journal: { ...journal, store: slow } });
  await eventually(() => calls === 1, "the slow one to have logged");
  const waiting = async (): Promise<unknown> =>
    (await exchange.sql("SELECT count(*)::int AS all, count(delivered)::int AS done FROM subscriber_event"))[0];
  await eventually(async () => JSON.stringify(await waiting()) === '{"all":2,"done":0}', "both events");
  await exchange.sql("UPDATE subscriber_line SET lease_until = now() - interval '1 second'");
  const quick = exchange.start();
  await eventually(async () => JSON.stringify(await waiting()) === '{"all":2,"done":2}', "the quicker one");
  await quick.stop();
  goOn();
  await sleep(200);
  assert.deepEqual([...versionsOf(receiver)], [["o1", [1, 2]]]);
});

/** Ends the database session that waits for a lock, then gives the lock free. */
async function endWaiting(exchange: ExchangeOfTest): Promise<void> {
  const waiting =
    "SELECT pid FROM pg_stat_activity WHERE application_name = 'eira' AND datname = current_database() AND wait_event_type = 'Lock'";
  await eventually(async () => (await exchange.sql(waiting)).length > 0, "a session that waits");
  await exchange.sql(`SELECT pg_terminate_backend(pid) FROM (${waiting}) AS w`);
  await exchange.sql("COMMIT");
}

test("EXCH-DELIVER-8 what breaks under a claim lets go of it at once: after the receiver answered, and when nobody knows whether it was made", async (t) => {
  const exchange = await freshExchange();
  const receiver = await receiverOfTest(t);
  await exchange.subscribe(searchSubscription("s1", "Observation", receiver.url));
  const { stop } = exchange.start();
  await isActive(exchange, "s1");
  const isDone = async (): Promise<boolean> => (await exchange.sql("SELECT 1 FROM subscriber_line")).length === 0;
  const isTold = async (count: number): Promise<boolean> => receiver.got.length >= count && (await isDone());
  let isFirst = true;
  receiver.behaviour = async (_got, response) => {
    if (isFirst) await exchange.sql("BEGIN; LOCK TABLE subscriber_event IN ACCESS EXCLUSIVE MODE");
    response.end();
    if (isFirst) await endWaiting(exchange);
    isFirst = false;
  };
  await exchange.put(observation("o1"));
  await eventually(() => isTold(2), "the second time, long before the claim would have run out", 6000);
  await stop();
  const { journal } = exchange.subscribers;
  let isBroken = false;
  const unsure = new Proxy(journal.store, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target);
      if (name !== "write") return typeof value === "function" ? (value.bind(target) as unknown) : value;
      return async (...given: Parameters<typeof target.write>) => {
        const done = await target.write(...given);
        const isClaim = Array.isArray(done) && done.length > 0;
        if (!isClaim || isBroken) return done;
        isBroken = true;
        throw fhirError("OUTCOME_UNKNOWN", "the answer to the commit was lost");
      };
    },
  });
  exchange.start({ journal: { ...journal, store: unsure } });
  await exchange.put(observation("o2"));
  await eventually(() => isTold(3), "what nobody knew to be claimed");
  assert.equal(isBroken, true);
});

test("EXCH-MATCH-5 a database session that ends while changes are looked at holds no subscription back, and is not blamed on its criteria", async (t) => {
  const exchange = await freshExchange();
  const receiver = await receiverOfTest(t);
  await exchange.subscribe(searchSubscription("s1", "Observation?subject.name=Ek", receiver.url));
  const { stop } = exchange.start();
  await isActive(exchange, "s1");
  await stop();
  await exchange.put(patient("p1", { name: [{ family: "Ek" }] }));
  await exchange.put(observation("o1", "Patient/p1"));
  await exchange.sql("BEGIN; LOCK TABLE patient, observation IN ACCESS EXCLUSIVE MODE");
  exchange.start();
  await endWaiting(exchange);
  await receiver.until(1, 6000);
  const [row] = await exchange.sql("SELECT why, attempts FROM subscriber");
  assert.deepEqual(row, { why: null, attempts: 0 });
});
