import assert from "node:assert/strict";
import { test } from "node:test";
import type { Bundle, Parameters, Subscription } from "fhir/r4";
import { parseHostList, SubscriberEngine } from "../../../exchange/index.ts";
import { receiverOfTest, searchSubscription } from "../../../exchange/testing/index.ts";
import { observation, patient, type Cleanup } from "../../../journal/testing/index.ts";
import { serverOfTest, type Answer, type ServerOfTest } from "../../testing/index.ts";

const ID = "s1";

/** A server with a subscription that was told of two observations. */
async function told(t: Cleanup): Promise<{ server: ServerOfTest; token: string }> {
  const server = await serverOfTest(t);
  const receiver = await receiverOfTest(t);
  const token = await server.token();
  const hook = searchSubscription(ID, "Observation", receiver.url);
  assert.equal((await server.call("PUT", `Subscription/${ID}`, { token, body: hook })).status, 201);
  await server.call("PUT", "Patient/p1", { token, body: patient("p1") });
  for (const id of ["o1", "o2"]) await server.call("PUT", `Observation/${id}`, { token, body: observation(id) });
  const engine = new SubscriberEngine({
    journal: server.options,
    outbound: { hosts: parseHostList("http://127.0.0.1"), lookup: async () => [] },
    worker: "test",
  });
  const end = performance.now() + 8000;
  while (receiver.got.length < 2 && performance.now() < end) await engine.round();
  await new Promise((resolve) => setTimeout(resolve, 100));
  await engine.stop();
  return { server, token };
}

function values(parameters: Parameters | undefined): Record<string, unknown> {
  const pairs = parameters?.parameter?.map(({ name, ...value }) => [name, Object.values(value)[0]] as const) ?? [];
  return Object.fromEntries(pairs);
}

const statusOf = (answer: Answer): Record<string, unknown> =>
  values(answer.json<Bundle>().entry?.[0]?.resource as Parameters);

test("HTTP-SUBSCRIPTION-1 and HTTP-SUBSCRIPTION-2 $status, $events and $replay answer the owner, and nobody else", async (t) => {
  const { server, token } = await told(t);
  const ask = (path: string, method = "GET"): Promise<Answer> => server.call(method, path, { token });
  const status = await ask(`Subscription/${ID}/$status`);
  assert.equal(status.at("type"), "searchset");
  const { waiting, type, status: code } = statusOf(status);
  assert.deepEqual([waiting, type, code], ["0", "query-status", "active"]);
  assert.equal(statusOf(status)["events-since-subscription-start"], "2");
  assert.equal((await ask("Subscription/$status")).at("total"), 1);
  assert.equal((await ask("Subscription/$status?id=other")).at("total"), 0);
  assert.equal((await ask("Subscription/$status?status=active&id=s1")).at("total"), 1);

  const events = await ask(`Subscription/${ID}/$events?eventsSinceNumber=2`);
  assert.deepEqual(events.names().slice(1), ["Observation/o2"]);
  const idOnly = await ask(`Subscription/${ID}/$events?eventsUntilNumber=1&content=id-only`);
  assert.equal(idOnly.entries()[1]?.resource, undefined);
  assert.match(idOnly.entries()[1]?.fullUrl ?? "", /Observation\/o1$/);
  assert.equal((await ask(`Subscription/${ID}/$events?content=all`)).status, 400);
  assert.equal((await ask(`Subscription/${ID}/$events?eventsSinceNumber=x`)).status, 400);
  const shown = (await server.log()).filter(({ action, what }) => action === "notify" && what.length === 1);
  assert.ok(shown.length >= 4, "what was sent, and what was shown"); // two were sent, two were shown here

  assert.equal(
    (await ask(`Subscription/${ID}/$replay?eventsSinceNumber=2`, "POST")).at("parameter.0.valueUnsignedInt"),
    1,
  );
  assert.equal(statusOf(await ask(`Subscription/${ID}/$status`))["waiting"], "1");

  await server.sql("UPDATE subscriber SET owner = 'client somebody else'");
  for (const [method, path] of [
    ["GET", `Subscription/${ID}/$status`],
    ["GET", `Subscription/${ID}/$events`],
    ["POST", `Subscription/${ID}/$replay`],
  ] as const) {
    const there = await ask(path, method);
    const absent = await ask(path.replace(ID, "s2"), method);
    assert.deepEqual([there.status, there.text], [404, absent.text], path);
  }
  assert.equal((await ask("Subscription/$status")).at("total"), 0);
  const replaced = await server.call("PUT", `Subscription/${ID}`, {
    token,
    body: searchSubscription(ID, "Patient", "http://127.0.0.1:1/"),
  });
  assert.equal(replaced.status, 403);
  const said = (await ask("metadata")).text;
  assert.ok(said.includes(`"${server.options.base}/SubscriptionTopic/encounter-start"`));
  const person = await server.call("GET", `Subscription/${ID}/$status`, { cookie: await server.cookie() });
  assert.equal(person.status, 403);
});

test("HTTP-SUBSCRIPTION-3 $status tells how many lines are set aside and never whose they are", async (t) => {
  const { server, token } = await told(t);
  await server.call("POST", `Subscription/${ID}/$replay`, { token });
  assert.equal(await server.options.store.write("*", (tx) => tx.subscribers.park(ID, "Patient/p1", true)), true);
  for (const path of [`Subscription/${ID}/$status`, "Subscription/$status"]) {
    const status = await server.call("GET", path, { token });
    assert.equal(statusOf(status)["parked-lines"], "1");
    assert.ok(!status.text.includes("p1"), path);
  }
});

test("JRN-SUBSCRIPTION-4 what a receiver is called with is in no answer and no version, and is kept, changed and guessed at as the rule says", async (t) => {
  const server = await serverOfTest(t);
  const token = await server.token();
  const answers: string[] = [];
  const call = async (method: string, path: string, more: Record<string, unknown> = {}): Promise<Answer> => {
    const answer = await server.call(method, path, { token, ...more });
    answers.push(answer.text + JSON.stringify(answer.headers));
    return answer;
  };
  const path = `Subscription/${ID}`;
  const hook = (header: string[], more = {}) => ({
    ...searchSubscription(ID, "Observation", "https://a.example/", { header }),
    ...more,
  });
  const held = async (): Promise<string[]> => {
    const [row] = await server.sql<{ content: string }>("SELECT content FROM subscriber");
    return (JSON.parse(row?.content ?? "{}") as Subscription).channel.header ?? [];
  };
  const SHOWN = ["Authorization: ***", "X-Key: ***"];
  const first = ["Authorization: Bearer sesam-1", "X-Key:sesam-2"];
  const made = await call("PUT", path, { body: hook(first) });
  assert.deepEqual([made.status, made.at("channel.header.0")], [201, SHOWN[0]]);
  assert.deepEqual(await held(), first);
  const version = async (): Promise<unknown> => (await call("GET", path)).at("meta.versionId");

  assert.equal((await call("PUT", path, { body: hook(SHOWN) })).status, 200);
  assert.equal((await call("PUT", path, { body: hook(first) })).status, 200);
  assert.equal(await version(), "1", "the same is no new version");
  assert.equal((await call("PUT", path, { body: hook(SHOWN.toReversed(), { reason: "turned" }) })).status, 200);
  assert.deepEqual(await held(), first.toReversed());
  const next = ["X-Key: sesam-3", "Authorization: ***"];
  assert.equal((await call("PUT", path, { body: hook(next, { reason: "turned" }) })).status, 200);
  assert.deepEqual(await held(), ["X-Key: sesam-3", first[0]]);
  assert.equal(await version(), "3", "another value is a new version, although it shows the same");
  const stale = await call("PUT", path, { body: hook(["X-Key: sesam-4"]), headers: { "if-match": 'W/"2"' } });
  assert.equal(stale.status, 412);
  const patch = [{ op: "replace", path: "/channel/header/0", value: "X-Key: sesam-5" }];
  const type = "application/json-patch+json";
  assert.equal((await call("PATCH", path, { body: patch, headers: { "content-type": type } })).status, 200);
  assert.deepEqual(await held(), ["X-Key: sesam-5", first[0]]);

  const reading = ["", "/_history", "/_history/1", "/_history/3"].map((tail) => path + tail);
  for (const one of [...reading, "Subscription", "Subscription/_history", "_history", `${path}/$status`])
    assert.equal((await call("GET", one)).status, 200, one);
  const stored = await server.sql(
    "SELECT 1 FROM (SELECT content FROM subscription UNION ALL SELECT content FROM history) AS all_versions WHERE content LIKE '%sesam%'",
  );
  assert.equal(stored.length, 0, "what exports and histories are made of");
  assert.ok(answers.every((one) => !one.includes("sesam")));

  await server.sql("UPDATE subscriber SET owner = 'client somebody else'");
  for (const guess of [SHOWN.toReversed(), ["X-Key: sesam-5", first[0] ?? ""], ["X-Key: wrong", "Authorization: no"]])
    assert.equal((await call("PUT", path, { body: hook(guess, { reason: "turned" }) })).status, 403);
});
