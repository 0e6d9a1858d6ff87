import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { Bundle, Encounter, Parameters } from "fhir/r4";
import type { JsonObject } from "../../fhir/index.ts";
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
  type TopicAsk,
} from "../testing/index.ts";
import { commonScopes, parseScopes } from "../../access/index.ts";
import { parseHostList, systemLookup } from "../index.ts";

const freshExchange = sharedExchange();

async function becomes(exchange: ExchangeOfTest, id: string, status: string): Promise<string> {
  await eventually(async () => (await exchange.standing(id)).status === status, `${id} to be ${status}`);
  return (await exchange.standing(id)).error ?? "";
}

/** What the receiver's notifications were about: handshake, heartbeat, event-notification. */
function kinds({ got }: Receiver): (string | undefined)[] {
  return got.map(({ body }) => {
    const status = (JSON.parse(body) as Bundle).entry?.[0]?.resource as Parameters;
    return status.parameter?.find(({ name }) => name === "type")?.valueCode;
  });
}

function subscribeTo(exchange: ExchangeOfTest, id: string, topic: string, to: Receiver, ask: TopicAsk = {}) {
  return exchange.subscribe(topicSubscription(id, `${exchange.options.base}/SubscriptionTopic/${topic}`, to.url, ask));
}

const encounter = (id: string, status: Encounter["status"]): JsonObject => ({
  resourceType: "Encounter",
  id,
  status,
  class: { code: "IMP" },
  subject: { reference: "Patient/p1" },
});

test("EXCH-CHECK-1 a subscription becomes active when it can be done, and otherwise says why it is in error", async () => {
  const exchange = await freshExchange();
  exchange.start();
  await exchange.subscribe(searchSubscription("good", "Observation?code=x", "http://127.0.0.1:1/hook"));
  assert.equal(await becomes(exchange, "good", "active"), "");
  const bad: [string, string, string, RegExp][] = [
    ["host", "Observation", "https://elsewhere.example/", /not among those/],
    ["criteria", "Observation?colour=red", "http://127.0.0.1:1/", /The criteria: .*colour/],
    ["value", "Observation?date=yesterday", "http://127.0.0.1:1/", /The criteria/],
    ["type", "Nothing", "http://127.0.0.1:1/", /search of one type/],
  ];
  for (const [id, criteria, endpoint] of bad) await exchange.subscribe(searchSubscription(id, criteria, endpoint));
  for (const [id, , , why] of bad) assert.match(await becomes(exchange, id, "error"), why);
  await exchange.subscribe(searchSubscription("host", "Observation", "http://127.0.0.1:1/")); // mended
  assert.equal(await becomes(exchange, "host", "active"), "");
  await exchange.subscribe({ ...searchSubscription("good", "Observation", "http://127.0.0.1:1/"), status: "off" });
  await becomes(exchange, "good", "off");
});

test("EXCH-CHECK-2 an installation that lists no hosts sends to nobody and says so", async (t) => {
  const exchange = await freshExchange();
  const receiver = await receiverOfTest(t);
  exchange.start({ outbound: { hosts: parseHostList(""), lookup: systemLookup } });
  await exchange.subscribe(searchSubscription("s1", "Observation", receiver.url));
  assert.match(await becomes(exchange, "s1", "error"), /EIRA_SUBSCRIBER_HOSTS/);
  await exchange.put(observation("o1"));
  await sleep(100);
  assert.equal(receiver.got.length, 0);
});

test("EXCH-CHECK-3 a subscription ends by itself when its time has come, and a topic's subscriber must answer a handshake first", async (t) => {
  const exchange = await freshExchange();
  const receiver = await receiverOfTest(t);
  exchange.start();
  const end = new Date(exchange.clock().getTime() + 60_000).toISOString();
  await exchange.subscribe({ ...searchSubscription("short", "Observation", receiver.url), end });
  await becomes(exchange, "short", "active");
  exchange.clock.forward(61_000);
  await becomes(exchange, "short", "off");
  receiver.behaviour = (_got, response) => void response.writeHead(receiver.got.length < 3 ? 500 : 200).end();
  await subscribeTo(exchange, "topic", "Observation-change", receiver);
  await exchange.put(observation("o1")); // before it is active, after it was asked for
  await becomes(exchange, "topic", "active");
  await receiver.until(4);
  assert.deepEqual(kinds(receiver), ["handshake", "handshake", "handshake", "event-notification"]);
});

test("EXCH-MATCH-1 topics speak of transitions and deletions, and filters narrow them", async (t) => {
  const exchange = await freshExchange();
  const [starts, ends, changes] = [await receiverOfTest(t), await receiverOfTest(t), await receiverOfTest(t)];
  exchange.start();
  await subscribeTo(exchange, "starts", "encounter-start", starts);
  await subscribeTo(exchange, "ends", "encounter-end", ends, { content: "id-only" });
  await subscribeTo(exchange, "changes", "Encounter-change", changes, {
    filters: ["Encounter?patient=Patient/p1", "class=IMP"],
  });
  for (const id of ["starts", "ends", "changes"]) await becomes(exchange, id, "active");
  await exchange.put(patient("p1"));
  const statuses = ["planned", "in-progress", "in-progress", "onleave", "in-progress", "finished", "finished"] as const;
  for (const [at, status] of statuses.entries())
    await exchange.put({
      ...encounter("e1", status),
      text: { status: "generated", div: `<div xmlns="http://www.w3.org/1999/xhtml">${at}</div>` },
    });
  await exchange.put({ ...encounter("e2", "in-progress"), class: { code: "AMB" } });
  await commit(exchange.client(), [asDelete("Encounter/e1")]);
  await changes.until(9);
  await ends.until(2);
  await starts.until(4);
  await sleep(80);
  const about = (receiver: Receiver): string[] =>
    receiver.got.slice(1).flatMap(({ body }) => {
      const { entry = [] } = JSON.parse(body) as Bundle;
      return entry.slice(1).map(({ request, response }) => `${request?.method} ${request?.url} ${response?.etag}`);
    });
  assert.deepEqual(about(starts), ['PUT Encounter/e1 W/"2"', 'PUT Encounter/e1 W/"5"', 'POST Encounter W/"1"']);
  assert.deepEqual(about(ends), ['PUT Encounter/e1 W/"6"']);
  assert.deepEqual(about(changes).at(-1), 'DELETE Encounter/e1 W/"8"');
  assert.equal(about(changes).length, 8);
  assert.deepEqual(
    starts.events().map(({ number }) => number),
    [1, 2, 3],
  );
});

test("EXCH-MATCH-2 a version that was overtaken before anybody looked is judged as it was and sent as it was", async (t) => {
  const exchange = await freshExchange();
  const receiver = await receiverOfTest(t);
  await exchange.subscribe(searchSubscription("s1", "Observation?status=preliminary", receiver.url));
  await exchange.put(observation("o1", "Patient/p1", { status: "preliminary", note: [{ text: "first" }] }));
  await exchange.put(observation("o1", "Patient/p1", { status: "preliminary", note: [{ text: "second" }] }));
  await exchange.put(observation("o1", "Patient/p1", { status: "final" }));
  await commit(exchange.client(), [asDelete("Observation/o1")]);
  exchange.start(); // nobody looked until now
  await receiver.until(2);
  await sleep(80);
  assert.deepEqual(
    receiver.got.map(({ body }) => /first|second|final/.exec(body)?.[0]),
    ["first", "second"],
  );
});

test("EXCH-MATCH-3 many subscriptions and many changes: every number once and without a gap, whoever counts", async (t) => {
  const exchange = await freshExchange();
  const receiver = await receiverOfTest(t);
  receiver.behaviour = () => undefined; // only counting
  for (let n = 0; n < 4; n += 1)
    await exchange.subscribe(searchSubscription(`s${n}`, `Observation?category=c${n % 2}`, receiver.url));
  for (const name of ["a", "b"]) exchange.start({ worker: name }); // two servers at once
  for (let n = 0; n < 4; n += 1) await becomes(exchange, `s${n}`, "active");
  const write = (n: number): Promise<unknown> =>
    exchange.put(observation(`o${n}`, `Patient/p${n % 5}`, { category: [{ coding: [{ code: `c${n % 2}` }] }] }));
  await Promise.all(Array.from({ length: 60 }, (_, n) => write(n)));
  const counted = (): Promise<{ subscriber: string; n: number; last: number; least: number }[]> =>
    exchange.sql(`SELECT subscriber, count(*)::int AS n, max(number)::int AS last, min(number)::int AS least
                  FROM subscriber_event GROUP BY subscriber ORDER BY subscriber`);
  await eventually(
    async () => (await counted()).every(({ n }) => n === 30) && (await counted()).length === 4,
    "thirty each",
  );
  for (const { last, least } of await counted()) assert.deepEqual([least, last], [1, 30]);
});

test("EXCH-GROUNDS-1 the owner's grounds are those of the moment: withdrawn, nothing is sent and the status says why; given back, nothing is missing", async (t) => {
  const exchange = await freshExchange();
  const receiver = await receiverOfTest(t);
  exchange.start();
  await exchange.grant("lab", "system/Observation.rs");
  await exchange.subscribe(
    searchSubscription("s1", "Observation", receiver.url),
    exchange.owner("system/*.rs system/Subscription.cu"),
  );
  await becomes(exchange, "s1", "active");
  await exchange.put(observation("o1"));
  await receiver.until(1);
  await exchange.sql("UPDATE client_token SET revoked = now()");
  await exchange.put(observation("o2"));
  const why = (): Promise<{ why: string | null }[]> => exchange.sql("SELECT why FROM subscriber WHERE id = 's1'");
  await eventually(async () => (await why())[0]?.why !== null, "a reason");
  assert.match((await why())[0]?.why ?? "", /no valid access/);
  await sleep(80);
  assert.equal(receiver.got.length, 1);
  await exchange.grant("lab", "system/Observation.rs");
  await exchange.sql("UPDATE subscriber SET due = now()"); // instead of waiting
  await receiver.until(2);
  assert.ok(receiver.got[1]?.url.endsWith("/o2"));
  await eventually(async () => (await why())[0]?.why === null, "no reason any more");
});

test("EXCH-GROUNDS-2 what the owner may not see makes no event and no gap, in criteria neither", async (t) => {
  const exchange = await freshExchange();
  const receiver = await receiverOfTest(t);
  exchange.start();
  const narrow = exchange.owner("system/Subscription.cu system/Observation.rs");
  await exchange.subscribe(searchSubscription("forbidden", "Condition", receiver.url), narrow);
  assert.match(await becomes(exchange, "forbidden", "error"), /Condition/);
  await exchange.subscribe(searchSubscription("chain", "Observation?patient.name=Ek", receiver.url), narrow);
  await exchange.subscribe(searchSubscription("plain", "Observation", receiver.url), narrow);
  await becomes(exchange, "chain", "active");
  await becomes(exchange, "plain", "active");
  await exchange.put(patient("p1")); // its name is Ek, which the owner may not ask about
  await exchange.put(observation("o1"));
  await exchange.put({ resourceType: "Condition", id: "c1", subject: { reference: "Patient/p1" } });
  await exchange.put(observation("o2"));
  await receiver.until(2);
  await sleep(80);
  assert.deepEqual(
    receiver.got.map(({ key }) => key),
    ["plain:1", "plain:2"],
  );
});

test("EXCH-GROUNDS-3 each notification is in the access log, patient by patient, before it leaves; what cannot be logged is not sent", async (t) => {
  const exchange = await freshExchange();
  const receiver = await receiverOfTest(t);
  const logged: number[] = [];
  receiver.behaviour = async (_got, response) => {
    const lines = await exchange.log("subscription g3");
    logged.push(lines.filter(({ action, patient: whose }) => action === "notify" && whose === "p1").length);
    response.end();
  };
  exchange.start();
  await exchange.subscribe(searchSubscription("g3", "Observation", receiver.url));
  await becomes(exchange, "g3", "active");
  await exchange.put(observation("o1"));
  await receiver.until(1);
  await eventually(() => logged.length === 1, "the answer");
  assert.deepEqual(logged, [1]);
  const [line] = (await exchange.log("subscription g3")).toReversed().filter(({ action }) => action === "notify");
  assert.deepEqual(line?.what, ["Observation/o1/_history/1"]);
  assert.equal(line?.actor, "client lab");
  const isSettled = async (): Promise<boolean> => (await exchange.sql("SELECT FROM subscriber_line")).length === 0;
  await eventually(isSettled, "the end of the first delivery");
  await exchange.sql("REVOKE INSERT ON access_log FROM eira_app");
  await exchange.sql("INSERT INTO subscriber_line SELECT home, subscriber, line, 1 FROM subscriber_event");
  await exchange.sql("UPDATE subscriber_event SET delivered = NULL");
  await sleep(200);
  assert.equal(receiver.got.length, 1);
  await exchange.sql("GRANT INSERT ON access_log TO eira_app");
  await receiver.until(2);
});

test("EXCH-GROUNDS-4 the owner's scopes of today and those that the subscription was written with both hold", () => {
  const both = (some: string, others: string): string[] =>
    commonScopes(parseScopes(some) ?? [], parseScopes(others) ?? []).map(
      ({ type, verbs }) => `${type}.${[...verbs].toSorted().join("")}`,
    );
  assert.deepEqual(both("system/*.rs", "system/Observation.cruds"), ["Observation.rs"]);
  assert.deepEqual(both("system/Observation.rs", "system/*.r"), ["Observation.r"]);
  assert.deepEqual(both("system/Observation.rs", "system/Condition.rs"), []);
  assert.deepEqual(both("system/Observation.r", "system/Observation.s"), []);
});

test("EXCH-RUN-1 a quiet subscriber that asked for it gets heartbeats, and one server's at a time", async (t) => {
  const exchange = await freshExchange();
  const receiver = await receiverOfTest(t);
  for (const worker of ["a", "b"]) exchange.start({ worker });
  await subscribeTo(exchange, "s1", "Observation-change", receiver, { extension: [["heartbeat-period", 5]] });
  await becomes(exchange, "s1", "active");
  await sleep(60);
  const beats = (): number => kinds(receiver).filter((kind) => kind === "heartbeat").length;
  assert.equal(beats(), 0);
  await exchange.sql("UPDATE subscriber SET last_sent = now() - interval '6 seconds'");
  await eventually(() => beats() === 1, "a heartbeat");
  await sleep(100);
  assert.equal(beats(), 1);
});

test("EXCH-RUN-2 a subscription that is removed is told of nothing more", async (t) => {
  const exchange = await freshExchange();
  const receiver = await receiverOfTest(t);
  exchange.start();
  await exchange.subscribe(searchSubscription("s1", "Observation", receiver.url));
  await becomes(exchange, "s1", "active");
  await exchange.put(observation("o1"));
  await receiver.until(1);
  await commit(exchange.owner(), [asDelete("Subscription/s1")]);
  await exchange.put(observation("o2"));
  await sleep(100);
  assert.equal(receiver.got.length, 1);
  assert.deepEqual(await exchange.sql("SELECT 1 FROM subscriber UNION ALL SELECT 1 FROM subscriber_event"), []);
});

test("EXCH-MATCH-4 a referral's state: told when it changes, not when something else does", async (t) => {
  const exchange = await freshExchange();
  const receiver = await receiverOfTest(t);
  exchange.start();
  await subscribeTo(exchange, "s1", "referral-state", receiver, { content: "id-only" });
  await becomes(exchange, "s1", "active");
  const referral = (status: string, note: string): JsonObject => ({
    resourceType: "ServiceRequest",
    id: "r1",
    status,
    intent: "order",
    subject: { reference: "Patient/p1" },
    note: [{ text: note }],
  });
  const states = [referral("draft", "a"), referral("draft", "b"), referral("active", "b"), referral("active", "c")];
  for (const one of states) await exchange.put(one);
  await commit({ ...exchange.client(), referentialIntegrity: false }, [asDelete("ServiceRequest/r1")]);
  await receiver.until(4);
  await sleep(80);
  const etags = receiver.got.slice(1).map(({ body }) => (JSON.parse(body) as Bundle).entry?.[1]?.response?.etag);
  assert.deepEqual(etags, ['W/"1"', 'W/"3"', 'W/"5"']);
});

test("EXCH-CHECK-4 a subscription that its owner wrote as in error is left as it is, and not served", async (t) => {
  const exchange = await freshExchange();
  const receiver = await receiverOfTest(t);
  exchange.start();
  const given = {
    ...searchSubscription("s1", "Observation", receiver.url),
    status: "error",
    error: "Socket Error 10060",
  };
  await exchange.subscribe(given);
  await exchange.subscribe(searchSubscription("s2", "Observation", receiver.url));
  await becomes(exchange, "s2", "active");
  await exchange.put(observation("o1"));
  await receiver.until(1);
  assert.deepEqual(
    receiver.got.map(({ key }) => key),
    ["s2:1"],
  );
  const { status, error, meta } = await exchange.standing("s1");
  assert.deepEqual([status, error, meta?.versionId], ["error", "Socket Error 10060", "1"]);
});

test("EXCH-RUN-3 a subscription that breaks the server's own work holds nobody else up, and says so itself", async (t) => {
  const exchange = await freshExchange();
  const receiver = await receiverOfTest(t);
  for (const id of ["s1", "s2", "s3"]) await exchange.subscribe(searchSubscription(id, "Observation", receiver.url));
  await exchange.sql("UPDATE subscriber SET content = 'no JSON' WHERE id = 's1'");
  await exchange.sql(`UPDATE subscriber SET content = replace(content, '"reason"', '"unreasonable"') WHERE id = 's2'`);
  exchange.start();
  await becomes(exchange, "s3", "active");
  await exchange.put(observation("o1"));
  await receiver.until(1);
  assert.deepEqual(
    receiver.got.map(({ key }) => key),
    ["s3:1"],
  );
  const why = await exchange.sql<{ why: string }>("SELECT why FROM subscriber WHERE id <> 's3' ORDER BY id");
  for (const one of why) assert.match(one.why, /could not be looked at/);
});
