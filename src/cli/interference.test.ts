/**
 * Non-interference where something goes on by itself: long work that a person left for later, bulk export, and what systems are told.
 * Two databases that differ only in what the asker may not see give the same statuses, manifests, files and notifications.
 */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { seededRandom } from "../base/index.ts";
import { ownSubscriptionStatus, subscriptionEvents, subscriptionStatus } from "../exchange/index.ts";
import { eventually, exchangeOfTest, receiverOfTest, searchSubscription } from "../exchange/testing/index.ts";
import type { JsonObject } from "../fhir/index.ts";
import {
  askAll,
  hiddenRegion,
  isHidden,
  Questions,
  READER,
  toldBy,
  TYPES,
  unmake,
  type Asked,
  type Call,
} from "../http/testing/index.ts";
import { filesOf, startJob, type JobView, type Visit } from "../journal/index.ts";
import { observation, patient, personActor } from "../journal/testing/index.ts";
import { workingServer, type Manifest } from "./testing/long-work.ts";

const SEED = Number(process.env["EIRA_SEED"] ?? 20_261_122);
const REQUESTS = Math.max(16, Math.ceil(Number(process.env["EIRA_INTERFERENCE"] ?? 0) / 50));

const server = await workingServer({ after }, { isUnrelated: true });
server.clock.forward(Date.now() - server.clock().getTime());
const random = seededRandom(SEED);
const { kept, reader } = await hiddenRegion(server, random);

/** Without names that are made for each job, and the moments of it. */
function plain(text: string): string {
  return text
    .replaceAll(/[$]jobs\/[0-9a-f]{40}(?:\/[0-9a-f]{40})?/g, "$$jobs/…")
    .replaceAll(/(transactionTime|asOf|timestamp|expires)(\\?":\\?")[^"\\]+/g, "$1$2…")
    .replaceAll(/(\{\\*"resourceType\\*":\\*"Bundle\\*",\\*"id\\*":\\*")[^"\\]+/g, "$1…")
    .replaceAll(/(\\*"resourceType\\*":\\*"Bundle\\*"[^[]{0,120}\\*"lastUpdated\\*":\\*")[^"\\]+/g, "$1…");
}

/** Everything that is told of a job from its beginning to its last file. */
async function jobTold(by: Call, { method, path, body, headers }: Asked): Promise<string> {
  const call = { ...by, ...(body === undefined ? {} : { body }), headers: { ...headers, prefer: "respond-async" } };
  const begun = await server.call(method, encodeURI(decodeURI(path)), call);
  if (begun.status !== 202) return toldBy(begun);
  const at = (begun.headers["content-location"] ?? "").replace("http://eira.test/fhir/R4/", "");
  const ended = await server.ended(at, by);
  const told = [toldBy(begun), toldBy(ended)];
  const manifest =
    ended.status === 200 && ended.text.startsWith('{"transactionTime"') ? ended.json<Manifest>() : undefined;
  for (const { url } of [...(manifest?.output ?? []), ...(manifest?.deleted ?? [])])
    told.push(toldBy(await server.call("GET", url.replace("http://eira.test/fhir/R4/", ""), by)));
  await server.call("DELETE", at, by);
  return plain(told.join("\n"));
}

/** Four at once: an actor has at most five under way. */
async function allTold(by: Call, asked: readonly Asked[]): Promise<string[]> {
  const told: string[] = [];
  const waiting = [...asked.entries()];
  const lane = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift())
      told[next[0]] = await jobTold(by, next[1]);
  };
  await Promise.all([lane(), lane(), lane(), lane()]);
  return told;
}

function assertSame(before: readonly string[], after: readonly string[], asked: readonly Asked[]): void {
  for (const [at, one] of asked.entries()) assert.equal(after[at], before[at], `${at}: ${JSON.stringify(one)}`);
}

/** What a bulk export in a person's name would have written, by the journal itself: the network refuses it. */
async function personsExport(visit: Visit): Promise<string> {
  const ask = { url: "", types: [...TYPES, "Patient"], elements: [], filters: {} };
  const id = await startJob(visit, "export", ask);
  for (let tries = 0; tries < 1000; tries += 1) {
    const [job] = await server.sql<Pick<JobView, "state" | "result">>("SELECT state, result FROM job WHERE id = $1", [
      id,
    ]);
    if (job?.state === "done") {
      const files = job.result?.files ?? [];
      const texts = files.map(
        async ({ type, count, name }) => `${type} ${count} ${String(await filesOf(visit).bytes(id, name))}`,
      );
      return (await Promise.all(texts)).join("\n");
    }
    assert.notEqual(job?.state, "failed");
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return assert.fail("the job did not end");
}

const LATER = (one: Asked): boolean => one.method !== "HEAD" && !one.path.startsWith("/api/");

test(`HTTP-SAME-4 over ${REQUESTS} calls that a person leaves for later, and a bulk export in the person's name, what is hidden changes nothing (seed ${SEED})`, async () => {
  const questions = new Questions(random, kept);
  const asked = Array.from({ length: REQUESTS * 3 }, () => questions.next())
    .filter(LATER)
    .slice(0, REQUESTS);
  const visit = { ...server.options, actor: personActor(READER), request: "export" };
  const exported = await personsExport(visit);
  const before = await allTold({ cookie: reader }, asked);
  const hidden = kept.filter(isHidden);
  await unmake(server, hidden);
  assertSame(before, await allTold({ cookie: reader }, asked), asked);
  assert.equal(await personsExport(visit), exported);
  // It was not silence that was compared, and nothing hidden was told.
  assert.ok(before.filter((one) => one.startsWith('{"status":202')).length > REQUESTS / 4);
  assert.ok(exported.includes("text obs-p1-a0") && exported.includes("text obs-p4-t0"));
  for (const { id } of hidden) assert.ok(!`${exported}${before.join("")}`.includes(`text ${id}`), id);
  assert.deepEqual(server.faults, []);
});

/** A system with scopes by type: what it may not see are all resources of other types. */
const SCOPE = "system/Patient.rs system/Encounter.rs system/Procedure.rs system/Subscription.cruds";
const OPEN_TYPES: ReadonlySet<string> = new Set(["Encounter", "Procedure"]);

test(`HTTP-SAME-5 over ${REQUESTS * 4} calls of a system, its exports with their manifests and files, and calls for later, types outside its scopes change nothing (seed ${SEED})`, async () => {
  const by = { token: await server.token(SCOPE) };
  const questions = new Questions(random, kept);
  const asked = Array.from({ length: REQUESTS * 4 }, () => questions.next());
  const get = (path: string): Asked => ({ method: "GET", path });
  const long = [
    ...["$export", "Patient/$export", "$export?_type=Patient,Encounter", "$export?_type=Observation"].map(get),
    get(`$export?_since=2020-01-01T00:00:00Z&_type=Encounter,Procedure`),
    get(`$export?_typeFilter=${encodeURIComponent("Encounter?_has:Observation:encounter:code=8867-4")}`),
    get(`$export?_typeFilter=${encodeURIComponent("Procedure?reason-reference=Observation/obs-p1-a0")}`),
    ...asked.filter(LATER).slice(0, REQUESTS),
  ];
  const [before, longBefore] = [await askAll(server, by, asked), await allTold(by, long)];
  // What was hidden from the person of the test before is gone.
  const hidden = kept.filter((one) => !OPEN_TYPES.has(one.type) && !isHidden(one));
  await unmake(server, hidden);
  const after = await askAll(server, by, asked);
  for (const [at, one] of asked.entries()) assert.equal(after[at], before[at], `${at}: ${JSON.stringify(one)}`);
  assertSame(longBefore, await allTold(by, long), long);
  const exported = longBefore[0] ?? "";
  assert.match(exported, /enc-p1-a0/);
  for (const { type, id } of hidden)
    for (const told of [...before, ...longBefore])
      assert.ok(!told.includes(`\\"resourceType\\":\\"${type}\\",\\"id\\":\\"${id}`), id);
  assert.deepEqual(server.faults, []);
});

test("HTTP-SAME-6 a system's subscription, its status, its events and what is delivered are the same whatever is written of types outside its scopes", async (t) => {
  const exchange = await exchangeOfTest(t);
  const receiver = await receiverOfTest(t);
  const encounter = (n: number): JsonObject => ({
    resourceType: "Encounter",
    id: `e${n}`,
    status: "finished",
    class: { system: "http://terminology.hl7.org/CodeSystem/v3-ActCode", code: "AMB" },
    subject: { reference: "Patient/p1" },
  });
  const world = async (isFull: boolean): Promise<string> => {
    await exchange.reset();
    receiver.got.length = 0;
    const visit = exchange.owner(SCOPE);
    const { stop } = exchange.start();
    await exchange.put(patient("p1"));
    await exchange.subscribe(searchSubscription("s1", "Encounter", receiver.url), visit);
    await exchange.subscribe(
      searchSubscription("s2", "Encounter?status=finished", receiver.url, { payload: undefined }),
      visit,
    );
    const refused = await exchange.subscribe(searchSubscription("s3", "Observation", receiver.url), visit).then(({ content }) => content, String); // prettier-ignore
    const active = (id: string): Promise<boolean> => exchange.standing(id).then(({ status }) => status === "active");
    await eventually(async () => (await active("s1")) && (await active("s2")), "both subscriptions");
    for (let n = 0; n < 4; n += 1) {
      await exchange.put(encounter(n));
      if (isFull) for (const id of ["a", "b"]) await exchange.put(observation(`${id}${n}`, "Patient/p1", { encounter: { reference: `Encounter/e${n}` } })); // prettier-ignore
    }
    await receiver.until(8);
    await eventually(async () => (await exchange.sql("SELECT 1 FROM subscriber_line")).length === 0, "nothing to wait");
    const got = receiver.got.map(({ method, url, body }) => `${method} ${url} ${body}`).toSorted();
    const told = [refused, ...got];
    for (const id of ["s1", "s2"]) {
      told.push((await subscriptionStatus(visit, id)).value);
      told.push(
        (await subscriptionEvents(visit, id, { since: undefined, until: undefined, content: undefined })).value,
      );
    }
    told.push((await ownSubscriptionStatus(visit, { ids: [], statuses: [] })).value);
    await stop();
    return told.join("\n").replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)/g, "…").replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, "…"); // prettier-ignore
  };
  const full = await world(true);
  assert.equal(await world(false), full);
  assert.match(full, /"id":"e3"/);
  assert.doesNotMatch(full, /"id":"a0"/);
});
