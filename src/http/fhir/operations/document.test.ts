import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, test } from "node:test";
import type { Bundle } from "fhir/r4";
import { homeOf } from "../../../base/index.ts";
import { observation, OURS, patient, THEIRS } from "../../../journal/testing/index.ts";
import { serverOfTest, type Answer } from "../../testing/index.ts";

const server = await serverOfTest({ after });
const token = await server.token();
const cookie = await server.cookie(OURS);
const get = (path: string): Promise<Answer> => server.call("GET", path, { token });
const asPerson = (path: string): Promise<Answer> => server.call("GET", path, { cookie });

await server.put({ resourceType: "Organization", id: "clinic", name: "Kliniken" }, null);
await server.put({ resourceType: "Practitioner", id: "anna", name: [{ family: "Ek" }] }, null);
await server.put({ resourceType: "PractitionerRole", id: "role", practitioner: { reference: "Practitioner/anna" }, organization: { reference: "Organization/clinic" } }, null); // prettier-ignore
await server.put(patient("tove"));
await server.put(patient("child", { name: [{ family: "Ek" }] }));
await server.put(observation("child-weight", "Patient/child"));
await server.put(observation("weight", "Patient/tove", { performer: [{ reference: "PractitionerRole/role" }] }));
await server.put(observation("theirs", "Patient/tove"), THEIRS);
await server.put(observation("panel", "Patient/tove", { hasMember: [{ reference: "Observation/weight" }, { reference: "Observation/child-weight" }] })); // prettier-ignore
const entries = ["Observation/panel", "Observation/theirs", "Observation/weight", "Observation/nowhere"];
const composition = (id: string, more = {}): Parameters<typeof server.put>[0] => ({
  resourceType: "Composition",
  id,
  status: "final",
  type: { coding: [{ system: "http://loinc.org", code: "11503-0" }] },
  subject: { reference: "Patient/tove" },
  date: "2026-11-20",
  author: [{ reference: "PractitionerRole/role" }],
  title: "Daganteckning",
  section: [{ title: "Mätvärden", entry: entries.map((reference) => ({ reference })) }],
  ...more,
});
await server.put(composition("note"));
await server.put(composition("theirs"), THEIRS);

const OURS_ONLY = ["Composition/note", "Patient/tove", "PractitionerRole/role", "Observation/panel", "Observation/weight", "Practitioner/anna", "Organization/clinic"]; // prettier-ignore

test("HTTP-DOCUMENT-1 the composition, then what it and those name, in order, each once", async () => {
  const answer = await asPerson("Composition/note/$document");
  assert.equal(answer.status, 200, answer.text);
  assert.deepEqual(answer.names(), OURS_ONLY);
  const bundle = answer.json<Bundle>();
  assert.equal(bundle.type, "document");
  assert.match(
    bundle.identifier?.value ?? "",
    /^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
  );
  assert.equal(bundle.timestamp?.slice(0, 10), "2026-11-21");
  assert.equal(bundle.entry?.[1]?.fullUrl, "http://eira.test/fhir/R4/Patient/tove");
  const parameter = [{ name: "id", valueUri: "http://eira.test/fhir/R4/Composition/note" }];
  const body = { resourceType: "Parameters", parameter };
  assert.deepEqual((await server.call("POST", "Composition/$document", { cookie, body })).names(), OURS_ONLY);
  assert.deepEqual((await asPerson("Composition/$document?id=note")).names(), OURS_ONLY);
});

test("HTTP-DOCUMENT-2 another patient's only where the composition names it; too large is refused", async () => {
  await server.put(
    composition("both", { section: [{ title: "x", entry: [{ reference: "Observation/child-weight" }] }] }),
  );
  const named = await get("Composition/both/$document");
  assert.ok(named.names().includes("Observation/child-weight") && !named.names().includes("Patient/child"));
  const commands = Array.from({ length: 1001 }, (_, at) => ({
    resource: observation(`many-${at}`, "Patient/tove"),
    request: { method: "PUT", url: `Observation/many-${at}` },
  }));
  const body = { resourceType: "Bundle", type: "transaction", entry: commands };
  assert.equal((await server.call("POST", "", { token, body })).status, 200);
  const entry = commands.map(({ request }) => ({ reference: request.url }));
  await server.put(composition("huge", { section: [{ title: "x", entry }] }));
  assert.equal((await get("Composition/huge/$document")).code(), "SEARCH_TOO_COSTLY");
});

test("HTTP-DOCUMENT-3 kept by POST as a Bundle of the composition's owner, where there are grounds for it", async () => {
  const persist = { resourceType: "Parameters", parameter: [{ name: "persist", valueBoolean: true }] };
  assert.equal((await get("Composition/note/$document?persist=true")).status, 405);
  assert.equal(
    (await server.call("POST", "Composition/note/$document", { cookie, body: persist })).code(),
    "FORBIDDEN",
  );
  const nobody = await server.token("system/*.cruds", null);
  const kept = await server.call("POST", "Composition/note/$document", { token: nobody, body: persist });
  assert.equal(kept.status, 200, kept.text);
  const location = String(kept.headers["location"]).replace("http://eira.test/fhir/R4/", "");
  assert.equal((await get(location)).text, kept.text);
  const [owner] = await server.sql(`SELECT care_provider, care_unit FROM "bundle"`);
  assert.deepEqual(owner, { care_provider: OURS.careProvider, care_unit: OURS.careUnit });
});

test("HTTP-DOCUMENT-6 a kept document is its patient's in the access log, whoever does what with it", async () => {
  await server.put(composition("whose"));
  const kept = await server.call("POST", "Composition/whose/$document?persist=true", { token });
  const path = String(kept.headers["location"])
    .replace("http://eira.test/fhir/R4/", "")
    .replace(/\/_history.*/, "");
  const id = path.replace("Bundle/", "");
  const before = (await server.log()).length;
  for (const [method, asked] of [
    ["GET", path],
    ["GET", `${path}/_history/1`],
    ["GET", `${path}/_history`],
    ["GET", `Bundle?_id=${id}`],
    ["DELETE", path],
    ["GET", `${path}/_history`],
  ] as const)
    assert.ok((await server.call(method, asked, { token })).status < 300, `${method} ${asked}`);
  const rows = (await server.log()).slice(before).filter(({ what }) => JSON.stringify(what).includes(id));
  assert.equal(rows.length, 6);
  assert.deepEqual([...new Set(rows.map(({ patient: whose }) => whose))], ["tove"]);
  const [row] = await server.sql(`SELECT DISTINCT patient, home FROM history WHERE type = 'Bundle' AND id = $1`, [id]);
  assert.deepEqual(row, { patient: "tove", home: homeOf("tove") });
  assert.ok(!(await server.call("GET", "Patient/tove/$everything", { token })).text.includes(`"Bundle/${id}"`));
});

test("HTTP-DOCUMENT-6 what was kept before it was the patient's becomes so by the migration, twice over", async () => {
  const body = {
    resourceType: "Binary",
    contentType: "text/plain",
    data: "YQ==",
    securityContext: { reference: "Patient/tove" },
  };
  const content = await server.call("POST", "Binary", { token, body });
  const kept = await server.call("POST", "Composition/note/$document?persist=true", { token });
  const from = String(kept.headers["location"]).split("/").at(-3);
  const elsewhere = { ...kept.json<Bundle>(), id: "elsewhere" };
  elsewhere.entry = [{ ...elsewhere.entry![0], fullUrl: "https://other.example/fhir/Composition/other" }];
  await server.put(elsewhere as never);
  const whose = (): Promise<unknown> =>
    server.sql(`SELECT id, patient FROM bundle WHERE id IN ($1, 'elsewhere') UNION ALL SELECT id, patient FROM "binary" WHERE id = $2 ORDER BY 1`, [from, content.at("id")]); // prettier-ignore
  const right = await whose();
  assert.match(JSON.stringify(right), /"patient":"tove".*"patient":"tove"/);
  assert.match(JSON.stringify(right), /"elsewhere","patient":null/);
  const file = new URL("../../../store/migrations/0008-documents-of-patients.sql", import.meta.url);
  for (const table of ["bundle", '"binary"']) await server.sql(`UPDATE ${table} SET patient = NULL, home = 0`);
  for (let times = 0; times < 2; times += 1) await server.sql(await readFile(file, "utf8"));
  assert.deepEqual(await whose(), right);
  assert.equal((await get(`Bundle/${from}`)).status, 200);
});

test("HTTP-DOCUMENT-5 under a key a document is kept once, whatever has changed since", async () => {
  await server.put(composition("keyed"));
  const keep = (id: string, key?: string): Promise<Answer> =>
    server.call("POST", `Composition/${id}/$document?persist=true`, {
      token,
      headers: key === undefined ? {} : { "idempotency-key": key },
    });
  const count = async (): Promise<unknown> => (await server.sql(`SELECT count(*)::int AS n FROM "bundle"`))[0]?.["n"];
  const before = Number(await count());
  const first = await keep("keyed", "keep-1");
  assert.equal(first.status, 200, first.text);
  await server.put(composition("keyed", { title: "Senare" }));
  const again = await Promise.all([keep("keyed", "keep-1"), keep("keyed", "keep-1")]);
  for (const one of again)
    assert.deepEqual([one.text, one.headers["location"]], [first.text, first.headers["location"]]);
  assert.equal(await count(), before + 1);
  assert.equal((await keep("note", "keep-1")).code(), "IDEMPOTENCY_KEY_REUSED");
  assert.equal((await keep("keyed", " ")).status, 400);
  await keep("keyed");
  assert.equal(await count(), before + 2);
});

test("HTTP-DOCUMENT-4 parts out of reach are not there, parts shown are logged, a hidden composition never was", async () => {
  assert.ok((await get("Composition/note/$document")).names().includes("Observation/theirs"));
  const logged = (await server.log()).length;
  const answer = await asPerson("Composition/note/$document");
  const rows = (await server.log()).slice(logged);
  const shown = rows.flatMap(({ what }) => what.map((one) => one.replace(/\/_history.*/, "")));
  const inOrder = (names: readonly string[]): string[] => names.toSorted((a, b) => a.localeCompare(b));
  assert.deepEqual(inOrder(shown), inOrder(answer.names()));
  const [hidden, never] = [
    await asPerson("Composition/theirs/$document"),
    await asPerson("Composition/never/$document"),
  ];
  assert.deepEqual([hidden.status, hidden.text], [404, never.text]);
  for (const query of [
    "",
    "?id=",
    "?id=a/b/c",
    "?id=http://other.example/Composition/note",
    "?colour=red",
    "?id=note&persist=maybe",
  ])
    assert.equal((await get(`Composition/$document${query}`)).code(), "OPERATION_PARAMETER", query);
  assert.equal((await get("Composition/a'b/$document")).status, 404);
});
