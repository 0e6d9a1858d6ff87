import assert from "node:assert/strict";
import { after, test } from "node:test";
import type { CapabilityStatement, Meta, Parameters } from "fhir/r4";
import { observation, OURS, patient, THEIRS } from "../../../journal/testing/index.ts";
import { serverOfTest, type Answer } from "../../testing/index.ts";

const server = await serverOfTest({ after });
const token = await server.token();
const cookie = await server.cookie(OURS);
const get = (path: string): Promise<Answer> => server.call("GET", path, { token });
const asPerson = (path: string): Promise<Answer> => server.call("GET", path, { cookie });
const body = (...metas: readonly Meta[]): Parameters => ({
  resourceType: "Parameters",
  parameter: metas.map((valueMeta) => ({ name: "meta", valueMeta })),
});
const change = (kind: "add" | "delete", path: string, meta: Meta): Promise<Answer> =>
  server.call("POST", `${path}/$meta-${kind}`, { token, body: body(meta) });
const metaOf = (answer: Answer): Meta => {
  assert.equal(answer.status, 200, answer.text);
  return answer.json<Parameters>().parameter?.[0]?.valueMeta ?? {};
};

const RED = { system: "urn:tags", code: "red", display: "Röd" };
const SECRET = { system: "http://terminology.hl7.org/CodeSystem/v3-Confidentiality", code: "R" };
const PROFILE = "http://example.com/StructureDefinition/vital";

await server.put(patient("tove"));
await server.put(observation("one", "Patient/tove", { meta: { tag: [RED], profile: [PROFILE] } }));
await server.put(observation("two", "Patient/tove", { meta: { tag: [{ ...RED, display: "Rött" }], security: [SECRET] } })); // prettier-ignore
await server.put(observation("theirs", "Patient/tove", { meta: { tag: [{ system: "urn:tags", code: "theirs" }] } }), THEIRS); // prettier-ignore

test("HTTP-META-1 the labels of a resource, a version, a type and everything within reach", async () => {
  const meta = metaOf(await get("Observation/one/$meta"));
  assert.deepEqual([meta.tag, meta.profile, meta.versionId], [[RED], [PROFILE], "1"]);
  assert.deepEqual(metaOf(await get("Observation/one/_history/1/$meta")), meta);
  const byType = metaOf(await asPerson("Observation/$meta"));
  assert.deepEqual(
    [byType.profile, byType.security, byType.tag?.map(({ code }) => code)],
    [[PROFILE], [SECRET], ["red"]],
  );
  const codes = (answer: Answer): string[] => (metaOf(answer).tag ?? []).map(({ code }) => code ?? "");
  assert.deepEqual(codes(await get("Observation/$meta")), ["red", "theirs"]);
  assert.deepEqual(codes(await server.call("POST", "$meta", { token })), ["red", "theirs"]);
  assert.deepEqual((await get("Patient/$meta")).json(), { resourceType: "Parameters" });
  assert.equal((await asPerson("$meta")).code(), "FORBIDDEN");
});

test("HTTP-META-2 labels are changed in place: same version, same time, sets without duplicates", async () => {
  await server.put(observation("label", "Patient/tove", { valueQuantity: { value: 6.5 } }));
  const before = await get("Observation/label");
  const changes = await server.sql("SELECT count(*)::int AS n FROM change_log");
  const added = metaOf(
    await change("add", "Observation/label", { tag: [RED, RED], security: [SECRET], profile: [PROFILE] }),
  );
  assert.deepEqual([added.tag, added.security, added.profile], [[RED], [SECRET], [PROFILE]]);
  const again = metaOf(await change("add", "Observation/label", { tag: [{ ...RED, display: "Annat", version: "2" }], versionId: "7" })); // prettier-ignore
  assert.deepEqual(again, added);
  const now = await get("Observation/label");
  assert.deepEqual(
    [now.headers.etag, now.headers["last-modified"]],
    [before.headers.etag, before.headers["last-modified"]],
  );
  assert.deepEqual([now.at("meta.versionId"), now.at("meta.lastUpdated")], [before.at("meta.versionId"), before.at("meta.lastUpdated")]); // prettier-ignore
  assert.deepEqual(await server.sql("SELECT count(*)::int AS n FROM change_log"), changes);
  assert.equal((await get("Observation/label/_history")).at("total"), 1);
  const less = { tag: [RED], security: [{ ...SECRET, system: "urn:other" }], profile: [PROFILE] };
  const left = metaOf(await change("delete", "Observation/label", less));
  assert.deepEqual([left.tag, left.security, left.profile], [undefined, [SECRET], undefined]);
  await change("delete", "Observation/label", { security: [SECRET] });
  assert.equal((await get("Observation/label")).text, before.text);
});

test("HTTP-META-3 changes are logged, found by search at once, and none of many at once is lost", async () => {
  const logged = (await server.log()).length;
  await change("add", "Observation/one", { tag: [{ system: "urn:tags", code: "green" }] });
  const [row, ...more] = (await server.log()).slice(logged);
  assert.deepEqual([row?.action, row?.patient, row?.outcome, more], ["meta-add", "tove", "granted", []]);
  assert.deepEqual(row?.what, ["Observation/one/_history/1", "Observation/one/_history/1 +tag urn:tags|green"]);
  assert.deepEqual((await get("Observation?_tag=urn:tags|green")).names(), ["Observation/one"]);
  const codes = Array.from({ length: 12 }, (_, at) => `n${at}`);
  const answers = await Promise.all(
    codes.map((code) => change("add", "Observation/two", { tag: [{ system: "urn:n", code }] })),
  );
  assert.deepEqual([...new Set(answers.map(({ status }) => status))], [200]);
  const tags = metaOf(await get("Observation/two/$meta")).tag ?? [];
  assert.deepEqual(tags.filter(({ system }) => system === "urn:n").length, codes.length);
  const updated = await Promise.all([
    change("add", "Observation/two", { tag: [{ system: "urn:m", code: "x" }] }),
    server.put(observation("two", "Patient/tove", { status: "amended" })),
  ]);
  assert.ok(updated);
  assert.equal((await get("Observation/two")).at("status"), "amended");
  assert.equal((await get("Observation/two/_history")).at("total"), 2);
});

test("HTTP-META-4 labels need grounds to update; hidden is as never was; malformed is refused", async () => {
  const person = (path: string): Promise<Answer> =>
    server.call("POST", `${path}/$meta-add`, { cookie, body: body({ tag: [RED] }) });
  assert.equal((await person("Observation/one")).status, 200);
  const [hidden, never] = [await person("Observation/theirs"), await person("Observation/never")];
  assert.deepEqual([hidden.status, hidden.text], [404, never.text]);
  assert.equal((await server.log()).at(-1)?.outcome, "refused");
  const reader = await server.token("system/*.rs");
  const refused = await server.call("POST", "Observation/one/$meta-add", { token: reader, body: body({ tag: [RED] }) });
  assert.equal(refused.code(), "FORBIDDEN");
  const bad = [body(), body({}, {}), { resourceType: "Parameters", parameter: [{ name: "meta", valueString: "x" }] }, { resourceType: "Parameters", parameter: [{ name: "mata", valueMeta: { tag: [RED] } }] }, { resourceType: "Patient" }, "{", ""]; // prettier-ignore
  for (const one of bad) {
    const { status, text } = await server.call("POST", "Observation/one/$meta-add", { token, body: one });
    assert.ok(status >= 400 && status < 500, `${JSON.stringify(one)}: ${status} ${text}`);
  }
  assert.equal((await get("Observation/one/$meta?colour=red")).code(), "OPERATION_PARAMETER");
  assert.equal((await get("Nonsense/$meta")).status, 404);
  const rest = (await get("metadata")).json<CapabilityStatement>().rest?.[0];
  const names = rest?.resource?.find(({ type }) => type === "Flag")?.operation?.map(({ name }) => name) ?? [];
  assert.ok(["meta", "meta-add", "meta-delete"].every((name) => names.includes(name)));
  assert.ok(rest?.operation?.some(({ definition }) => definition.endsWith("/Resource-meta")));
});
