import assert from "node:assert/strict";
import { after, test } from "node:test";
import { BASE, patient } from "../journal/testing/index.ts";
import { serverOfTest, type Answer, type Call } from "./testing/index.ts";

const server = await serverOfTest({ after });
const token = await server.token();

const call = (method: string, path: string, more: Call = {}): Promise<Answer> =>
  server.call(method, path, { token, ...more });

type Link = { readonly relation: string; readonly url: string };

/** The query of a link, or nothing when there is none. */
function link({ at }: Answer, relation: string): string | undefined {
  return (at("link") as Link[])
    .find((one) => one.relation === relation)
    ?.url.slice(BASE.length)
    .replace(/^\//, "");
}

const relations = ({ at }: Answer): string => (at("link") as Link[]).map(({ relation }) => relation).join();

/** Goes on by a relation until there is none: what each page names, and the last answer. */
async function walk(begin: Answer, relation: string): Promise<{ pages: string[]; last: Answer }> {
  const pages = [begin.names().join()];
  let last = begin;
  for (let to = link(last, relation); to !== undefined; to = link(last, relation)) {
    last = await call("GET", to);
    assert.equal(last.status, 200, last.text);
    pages.push(last.names().join());
    assert.ok(pages.length < 20, "no end");
  }
  return { pages, last };
}

const tag = [{ system: "urn:test", code: "paging" }];
for (let n = 0; n < 8; n += 1)
  await server.put(
    patient(`pg${n}`, { meta: { tag }, ...(n % 3 === 0 ? {} : { birthDate: `19${60 + (n % 2)}-01-01` }) }),
  );

test("HTTP-SEARCH-2 the pages of a search lead on, back and to the first", async () => {
  for (const query of ["", "&_sort=birthdate", "&_sort=-birthdate,_id", "&_sort=-_lastUpdated"]) {
    const begin = await call("GET", `Patient?_tag=paging&_count=3${query}`);
    assert.equal(relations(begin), "self,first,next", query);
    const { pages, last } = await walk(begin, "next");
    assert.equal(pages.length, 3);
    assert.equal(relations(last), "self,first,previous");
    const back = await walk(last, "previous");
    assert.deepEqual(back.pages.toReversed(), pages, query);
    assert.equal(relations(back.last), "self,first,next");
    assert.deepEqual((await call("GET", String(link(last, "first")))).names().join(), pages[0]);
    const middle = await call("GET", String(link(last, "previous")));
    assert.equal((await call("GET", String(link(middle, "next")))).text.length > 0, true);
    assert.equal(middle.at("total"), undefined);
  }
  assert.equal(relations(await call("GET", "Patient?_tag=paging")), "self");
  const several = await call("GET", "?_type=Patient,Person&_tag=paging&_count=5");
  const { pages, last } = await walk(several, "next");
  assert.deepEqual((await walk(last, "previous")).pages.toReversed(), pages);
});

test("HTTP-SEARCH-2 the way back is that of one question, and nobody else's", async () => {
  const second = await call("GET", String(link(await call("GET", "Patient?_tag=paging&_count=3"), "next")));
  const back = new URLSearchParams(String(link(second, "previous")).split("?")[1]).get("_cursor");
  for (const query of ["_tag=other&_count=3", `_tag=paging&_sort=birthdate`, "_count=3"])
    assert.equal((await call("GET", `Patient?${query}&_cursor=${back}`)).status, 400, query);
  assert.equal((await call("GET", `Patient?_tag=paging&_count=3&_cursor=${back}x`)).status, 400);
});

test("HTTP-HISTORY-4 the pages of a resource's history lead on, back and to the first", async () => {
  for (let n = 1; n <= 7; n += 1) await server.put(patient("pgh", { multipleBirthInteger: n }));
  const versions = (answer: Answer): unknown => answer.entries().map((one) => one.response?.etag);
  const [w1, w2, w3] = [['W/"7"', 'W/"6"', 'W/"5"'], ['W/"4"', 'W/"3"', 'W/"2"'], ['W/"1"']];
  const first = await call("GET", "Patient/pgh/_history?_count=3");
  const second = await call("GET", String(link(first, "next")));
  const third = await call("GET", String(link(second, "next")));
  assert.deepEqual([first, second, third].map(versions), [w1, w2, w3]);
  assert.deepEqual([first, second, third].map(relations), [
    "self,first,next",
    "self,first,previous,next",
    "self,first,previous",
  ]);
  const back = await call("GET", String(link(third, "previous")));
  assert.deepEqual(versions(back), w2);
  assert.deepEqual(versions(await call("GET", String(link(back, "previous")))), w1);
  assert.deepEqual(versions(await call("GET", String(link(third, "first")))), w1);
  const offset = await call("GET", "Patient/pgh/_history?_count=3&_cursor=7");
  assert.deepEqual(versions(await call("GET", String(link(offset, "previous")))), w1);
  assert.equal(relations(await call("GET", "Patient/_history?_count=3")), "self,first,next");
  assert.equal(relations(await call("GET", "Patient/pgh/_history")), "self");
});

test("HTTP-FHIR-METADATA-4 the statement is told whole, or what of it is settled", async () => {
  const [whole, full, settled] = await Promise.all(
    ["metadata", "metadata?mode=full", "metadata?mode=normative"].map((path) => call("GET", path)),
  );
  assert.equal(whole?.text, full?.text);
  assert.deepEqual(
    [whole, settled].map((one) => one?.at("rest.0.resource.0.versioning")),
    ["versioned-update", undefined],
  );
  assert.deepEqual(
    [whole, settled].map((one) => typeof one?.at("rest.0.security")),
    ["object", "undefined"],
  );
  for (const name of ["type", "profile", "interaction", "searchParam"])
    assert.deepEqual(settled?.at(`rest.0.resource.0.${name}`), whole?.at(`rest.0.resource.0.${name}`), name);
  assert.equal((await call("GET", "metadata?mode=terminology")).at("resourceType"), "TerminologyCapabilities");
  const wrong = await call("GET", "metadata?mode=nonsense");
  assert.deepEqual([wrong.status, wrong.at("issue.0.expression.0")], [400, "mode"]);
});

test("HTTP-ENTRY-7 reading entries are understood as the caller wants it, criteria of changes always strictly", async () => {
  const urls = ["Patient?_tag=paging&nonsense=1", "Patient/pg1/_history?nonsense=1", "Observation/$lastn?nonsense=1"];
  const entry = urls.map((url) => ({ request: { method: "GET", url } }));
  const ask = (type: string, headers: Record<string, string>, entries: readonly object[] = entry): Promise<Answer> =>
    call("POST", "", { body: { resourceType: "Bundle", type, entry: entries }, headers });
  const statuses = (answer: Answer): unknown => answer.entries().map((one) => one.response?.status.slice(0, 3));
  const lenient = { prefer: "handling=lenient" };
  assert.deepEqual(statuses(await ask("batch", {})), ["400", "400", "400"]);
  assert.deepEqual(statuses(await ask("batch", { prefer: "handling=strict" })), ["400", "400", "400"]);
  const answer = await ask("batch", lenient);
  assert.deepEqual((statuses(answer) as string[]).slice(0, 2), ["200", "200"]);
  const self = (answer.at("entry.0.resource.link") as Link[])[0]?.url ?? "";
  assert.ok(self.includes("_tag=paging") && !self.includes("nonsense"), self);
  assert.ok(answer.text.includes('"mode":"outcome"'));
  assert.equal((await ask("transaction", {}, entry.slice(0, 2))).status, 400);
  assert.deepEqual(statuses(await ask("transaction", lenient, entry.slice(0, 2))), ["200", "200"]);
  const remove = [{ request: { method: "DELETE", url: "Patient?_tag=paging&nonsense=1" } }];
  assert.deepEqual(statuses(await ask("batch", lenient, remove)), ["400"]);
  assert.equal((await ask("transaction", lenient, remove)).status, 400);
  assert.equal((await call("GET", "Patient?_tag=paging&_summary=count")).at("total"), 8);
});
