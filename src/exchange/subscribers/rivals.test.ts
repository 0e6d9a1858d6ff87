/** Faults that other systems have had with their subscriptions. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { Observation } from "fhir/r4";
import { observation } from "../../journal/testing/index.ts";
import { eventually, receiverOfTest, searchSubscription, sharedExchange } from "../testing/index.ts";

const freshExchange = sharedExchange();

test("EXCH-RIVAL-1 nobody is given up: after thousands of attempts the next one counts like the first (HAPI 6002, Medplum)", async (t) => {
  const exchange = await freshExchange();
  const receiver = await receiverOfTest(t);
  let isUp = false;
  receiver.behaviour = (_got, response) => void (isUp ? response.end() : response.socket?.destroy());
  exchange.start();
  await exchange.subscribe(searchSubscription("s1", "Observation", receiver.url));
  await exchange.put(observation("o1"));
  await receiver.until(2);
  const between = "UPDATE subscriber_line SET attempts = 100000 WHERE claimed_by IS NULL RETURNING 1"; // not under a claim
  await eventually(async () => (await exchange.sql(between)).length === 1, "a moment between two attempts");
  isUp = true;
  await eventually(async () => (await exchange.sql("SELECT 1 FROM subscriber_line")).length === 0, "the delivery");
});

test("EXCH-RIVAL-2 whatever breaks between the commit and the receiver, no change is lost (HAPI 4504 and 4733, Medplum)", async (t) => {
  const exchange = await freshExchange();
  const receiver = await receiverOfTest(t);
  exchange.start({ spareSeconds: 0.2 });
  await exchange.subscribe(searchSubscription("s1", "Observation", receiver.url));
  await eventually(async () => (await exchange.standing("s1")).status === "active", "the subscription");
  const sessions =
    "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = 'eira' AND datname = current_database() AND pid <> pg_backend_pid()";
  const written: string[] = [];
  for (let n = 0; n < 24; n += 1) {
    try {
      const { id, version } = await exchange.put(
        observation(`o${n % 4}`, `Patient/p${n % 2}`, { note: [{ text: `${n}` }] }),
      );
      written.push(`${id}/${version}`);
    } catch {
      // Nobody was told that it is there; it may be, and then it comes too.
    }
    if (n % 8 === 5) await exchange.sql(sessions);
    await sleep(10);
  }
  const told = (): Set<string> =>
    new Set(
      receiver.got.map(({ body }) => {
        const { id, meta } = JSON.parse(body) as Observation;
        return `${id}/${meta?.versionId}`;
      }),
    );
  await eventually(() => written.every((one) => told().has(one)), "everything that was acknowledged");
  const [counted] = await exchange.sql<{ whole: boolean }>(
    "SELECT max(number) = count(*) AS whole FROM subscriber_event",
  );
  assert.equal(counted?.whole, true);
});
