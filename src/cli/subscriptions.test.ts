/** Rules of SPEC.md in this folder: what a person sees of subscriptions and does about them, and who serves them. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Cleanup } from "../journal/testing/index.ts";
import { observation } from "../journal/testing/index.ts";
import {
  eventually,
  exchangeOfTest,
  receiverOfTest,
  searchSubscription,
  type ExchangeOfTest,
} from "../exchange/testing/index.ts";
import { run } from "./run.ts";
import { startSubscribers } from "./subscribers.ts";
import { Installation, type Ran } from "./testing/index.ts";

type Program = (...args: string[]) => Promise<Ran>;

/** The program on the test's own database. */
function programOn(t: Parameters<typeof Installation.make>[0], { database }: ExchangeOfTest): Program {
  const installation = Installation.make(t);
  return async (...args) => {
    const [printed, told]: [string[], string[]] = [[], []];
    const terminal = {
      print: (line: string) => void printed.push(line),
      tell: (line: string) => void told.push(line),
      progress: () => undefined,
      onStop: () => undefined,
    };
    const invocation = installation.invocation(args, terminal);
    const config = { ...invocation.config, databaseUrl: database.url };
    return { code: await run({ ...invocation, config }), printed, told: told.join("\n") };
  };
}

test("CLI-SUBSCRIPTIONS-1 and CLI-SUBSCRIPTIONS-2 what stands is listed, and a person sets aside, lets go on and sends again", async (t) => {
  const exchange = await exchangeOfTest(t);
  const receiver = await receiverOfTest(t);
  const program = programOn(t, exchange);
  let isBroken = true;
  receiver.behaviour = ({ url }, response) =>
    void response.writeHead(isBroken && url.endsWith("/o1") ? 500 : 200).end();
  exchange.start();
  await exchange.subscribe(searchSubscription("s1", "Observation", receiver.url));
  await exchange.put(observation("o1", "Patient/p1"));
  await exchange.put(observation("o2", "Patient/p2"));
  const both = "SELECT 1 FROM subscriber WHERE last_number = 2 AND last_error IS NOT NULL AND last_success IS NOT NULL";
  await eventually(async () => (await exchange.sql(both)).length === 1, "one failure and one success");
  assert.equal((await program("subscriptions", "park", "--id", "s1", "--line", "Patient/p1")).code, 0);
  const listed = await program("subscriptions", "list");
  const [standing, count] = listed.printed.map((line) => JSON.parse(line) as Record<string, unknown>);
  assert.deepEqual(count, { subscriptions: 1 });
  const { id, owner, state, lastNumber, lastError, waiting, parkedLines } = standing ?? {};
  assert.deepEqual(
    { id, owner, state, lastNumber, lastError, waiting, parkedLines },
    {
      id: "s1",
      owner: "client lab",
      state: "active",
      lastNumber: 2,
      lastError: "The receiver answered 500.",
      waiting: 1,
      parkedLines: ["Patient/p1"],
    },
  );
  assert.ok(typeof standing?.["lastSuccess"] === "string");
  isBroken = false;
  assert.equal((await program("subscriptions", "unpark", "--id", "s1", "--line", "Patient/p1")).code, 0);
  const keys = (): string[] => receiver.got.map(({ key }) => key);
  await eventually(async () => (await exchange.sql("SELECT 1 FROM subscriber_line")).length === 0, "nothing to wait");
  const before = keys().length;
  const again = await program("subscriptions", "replay", "--id", "s1", "--from", "1");
  assert.deepEqual(JSON.parse(again.printed[0] ?? ""), { id: "s1", from: 1, events: 2 });
  await receiver.until(before + 2);
  assert.deepEqual(keys().slice(before).toSorted(), ["s1:1", "s1:2"]);
  for (const args of [
    ["park", "--id", "nobody"],
    ["unpark", "--id", "s1", "--line", "Patient/none"],
    ["replay", "--id", "nobody", "--from", "1"],
    ["replay", "--id", "s1"],
    ["park"],
    [],
  ])
    assert.equal((await program("subscriptions", ...args)).code, 1, args.join(" "));
});

test("CLI-SUBSCRIPTIONS-3 one server at a time serves, and the next one goes on", async (t) => {
  const stops: (() => Promise<void>)[] = [];
  const ending: Cleanup = { after: (work) => t.after(work) };
  t.after(async () => {
    for (const stop of stops) await stop();
  });
  const exchange = await exchangeOfTest(ending);
  const receiver = await receiverOfTest(t);
  const faults: unknown[] = [];
  const hands = {
    journal: exchange.options,
    hosts: "http://127.0.0.1",
    onFault: (error: unknown) => faults.push(error),
  };
  const first = startSubscribers(hands);
  stops.push(first);
  await exchange.subscribe(searchSubscription("s1", "Observation", receiver.url));
  await exchange.put(observation("o1"));
  await receiver.until(1);
  stops.push(startSubscribers(hands));
  const leases = await exchange.sql<{ n: number }>("SELECT count(*)::int AS n FROM lease WHERE name = 'subscribers'");
  assert.equal(leases[0]?.n, 1);
  await first();
  await exchange.put(observation("o2"));
  await receiver.until(2);
  assert.deepEqual(
    receiver.got.map(({ key }) => key),
    ["s1:1", "s1:2"],
  );
  assert.deepEqual(faults, []);
});
