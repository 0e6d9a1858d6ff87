import assert from "node:assert/strict";
import { after, test } from "node:test";
import type { Bundle, CapabilityStatement } from "fhir/r4";
import { observation, OURS, patient, THEIRS } from "../../../journal/testing/index.ts";
import { serverOfTest, type Answer } from "../../testing/index.ts";

const server = await serverOfTest({ after });
const token = await server.token();
const cookie = await server.cookie(OURS);
const get = (path: string): Promise<Answer> => server.call("GET", path, { token });
const asPerson = (path: string): Promise<Answer> => server.call("GET", path, { cookie });
const sortedNames = (answer: Answer): string[] => answer.names().toSorted();

await server.put({ resourceType: "Organization", id: "region", name: "Region Västmark" }, null);
await server.put({ resourceType: "Organization", id: "clinic", name: "Kliniken", partOf: { reference: "Organization/region" } }, null); // prettier-ignore
await server.put({ resourceType: "Practitioner", id: "anna", name: [{ family: "Ek" }] }, null);
await server.put({ resourceType: "PractitionerRole", id: "role", practitioner: { reference: "Practitioner/anna" }, organization: { reference: "Organization/clinic" } }, null); // prettier-ignore
await server.put({ resourceType: "Medication", id: "drug", code: { text: "Alvedon" } }, null);
await server.put({ resourceType: "Location", id: "ward", name: "Avdelning 51" }, null);
await server.put(patient("tove"));
await server.put(patient("otto", { link: [{ other: { reference: "Patient/tove" }, type: "seealso" }] }));
await server.put({ resourceType: "Binary", id: "scan", contentType: "text/plain", data: "aGVq" });
await server.put({ resourceType: "DocumentReference", id: "paper", status: "current", subject: { reference: "Patient/tove" }, content: [{ attachment: { url: "Binary/scan" } }] }); // prettier-ignore
await server.put({ resourceType: "Encounter", id: "visit", status: "finished", class: { code: "AMB" }, subject: { reference: "Patient/tove" }, period: { start: "2026-11-20T08:00:00+01:00", end: "2026-11-20T09:00:00+01:00" }, location: [{ location: { reference: "Location/ward" } }] }); // prettier-ignore
await server.put(observation("old", "Patient/tove", { effectiveDateTime: "2020-05-05" }));
await server.put(observation("new", "Patient/tove", { encounter: { reference: "Encounter/visit" }, performer: [{ reference: "PractitionerRole/role" }], note: [{ text: `"reference":"Organization/region"` }] })); // prettier-ignore
await server.put(observation("undated", "Patient/tove", { effectiveDateTime: undefined }));
await server.put({ resourceType: "MedicationRequest", id: "order", status: "active", intent: "order", subject: { reference: "Patient/tove" }, medicationReference: { reference: "Medication/drug" } }); // prettier-ignore
await server.put(observation("theirs", "Patient/tove", { performer: [{ reference: "Practitioner/bo" }] }), THEIRS);
await server.put({ resourceType: "Practitioner", id: "bo", name: [{ family: "Hägg" }] }, null);
await server.put(observation("ottos", "Patient/otto"));
await server.put({ resourceType: "Group", id: "ward-round", type: "person", actual: true, member: [{ entity: { reference: "Patient/tove" } }, { entity: { reference: "Patient/otto" }, inactive: true }] }); // prettier-ignore

const OWN = ["DocumentReference/paper", "Encounter/visit", "Group/ward-round", "MedicationRequest/order", "Observation/new", "Observation/old", "Observation/undated", "Patient/otto", "Patient/tove"]; // prettier-ignore
const ALONG = ["Binary/scan", "Location/ward", "Medication/drug", "Organization/clinic", "Practitioner/anna", "PractitionerRole/role"]; // prettier-ignore

test("HTTP-EVERYTHING-1 a patient's compartment comes with what it refers to that is nobody's record, each once", async () => {
  const answer = await asPerson("Patient/tove/$everything");
  assert.equal(answer.status, 200, answer.text);
  assert.deepEqual(sortedNames(answer), [...OWN, ...ALONG].toSorted());
  assert.deepEqual(
    [answer.at("type"), answer.at("total"), answer.at("link.0.relation"), answer.at("link.1")],
    ["searchset", OWN.length + ALONG.length, "self", undefined],
  );
  for (const { search, fullUrl = "" } of answer.entries()) {
    const isAlong = ALONG.some((name) => fullUrl.endsWith(`/${name}`));
    assert.equal(search?.mode, isAlong ? "include" : "match", fullUrl);
  }
  const byPost = await server.call("POST", "Patient/tove/$everything", { token, body: { resourceType: "Parameters" } });
  assert.deepEqual(sortedNames(byPost), [...OWN, ...ALONG, "Observation/theirs", "Practitioner/bo"].toSorted());
});

test("HTTP-EVERYTHING-2 pages of any size have everything once and in the same order, and end", async () => {
  const whole = (await get("Patient/tove/$everything")).names();
  for (const count of [1, 2, 3, 7, whole.length - 1, whole.length]) {
    const found: string[] = [];
    let next: string | undefined = `Patient/tove/$everything?_count=${count}`;
    for (let pages = 0; next !== undefined && pages < 50; pages += 1) {
      const page: Answer = await get(next);
      assert.equal(page.status, 200, page.text);
      assert.ok(page.entries().length <= count);
      found.push(...page.names());
      const link: string | undefined = page.json<Bundle>().link?.find(({ relation }) => relation === "next")?.url;
      next = link?.slice("http://eira.test/fhir/R4/".length);
    }
    assert.deepEqual(found, whole, `pages of ${count}`);
  }
});

test("HTTP-EVERYTHING-3 time of care, time of change and type narrow it; what tells no time of care stays", async () => {
  const recent = sortedNames(await get("Patient/tove/$everything?start=2026-11-01&end=2026-11-30"));
  assert.ok(recent.includes("Observation/new") && recent.includes("Observation/undated"));
  assert.ok(recent.includes("Patient/tove") && recent.includes("Practitioner/anna"));
  assert.ok(!recent.includes("Observation/old"));
  const early = sortedNames(await get("Patient/tove/$everything?end=2020-05-05"));
  assert.ok(
    early.includes("Observation/old") && !early.includes("Observation/new") && !early.includes("Encounter/visit"),
  );
  assert.ok(!early.includes("Practitioner/anna"));
  const typed = await get("Patient/tove/$everything?_type=Practitioner,Encounter&_type=Location");
  assert.deepEqual(sortedNames(typed), ["Encounter/visit", "Location/ward", "Practitioner/anna", "Practitioner/bo"]);
  server.clock.forward(60_000);
  const now = server.clock().toISOString();
  assert.deepEqual((await get(`Patient/tove/$everything?_since=${now}`)).names(), []);
  await server.put({ resourceType: "Location", id: "ward", name: "Avdelning 52" }, null);
  await server.put(observation("new", "Patient/tove", { encounter: { reference: "Encounter/visit" }, performer: [{ reference: "PractitionerRole/role" }] })); // prettier-ignore
  assert.deepEqual(sortedNames(await get(`Patient/tove/$everything?_since=${now}`)), [
    "Location/ward",
    "Observation/new",
  ]);
});

test("HTTP-EVERYTHING-4 an encounter comes with what refers to it, and a group's members with theirs", async () => {
  const visit = await asPerson("Encounter/visit/$everything");
  assert.deepEqual(visit.names(), ["Encounter/visit", "Observation/new", "Location/ward", "Organization/clinic", "Practitioner/anna", "PractitionerRole/role"]); // prettier-ignore
  const group = await asPerson("Group/ward-round/$everything?_type=Observation,Patient");
  assert.ok(!group.names().includes("Observation/ottos"));
  assert.ok(group.names().includes("Observation/old") && group.names().includes("Patient/tove"));
  assert.equal((await get("Encounter/visit/$everything?start=2020")).code(), "OPERATION_PARAMETER");
});

test("HTTP-EVERYTHING-5 a reader without grounds gets nothing, in the words of what never was, and the log has it", async () => {
  const narrow = await server.token("system/Patient.rs system/Observation.rs");
  const some = await server.call("GET", "Patient/tove/$everything", { token: narrow });
  assert.deepEqual([...new Set(some.names().map((name) => name.replace(/\/.*/, "")))].toSorted(), [
    "Observation",
    "Patient",
  ]);
  const none = await server.token("system/Observation.rs");
  assert.equal((await server.call("GET", "Patient/tove/$everything", { token: none })).code(), "FORBIDDEN");
  assert.equal((await server.call("GET", "Patient/tove/$everything?_type=AuditEvent", { cookie })).code(), "FORBIDDEN");
  const theirs = await server.cookie(THEIRS);
  const hidden = await server.call("GET", "Encounter/visit/$everything", { cookie: theirs });
  const never = await server.call("GET", "Encounter/never/$everything", { cookie: theirs });
  assert.deepEqual([hidden.status, hidden.text], [never.status, never.text]);
  assert.equal(hidden.status, 404);
  const row = (await server.log()).findLast(({ action }) => action === "everything");
  assert.deepEqual([row?.outcome, row?.what], ["refused", ["Encounter/never"]]);
});

test("HTTP-EVERYTHING-6 every record shown is in the access log of its patient before the answer", async () => {
  const before = (await server.log()).length;
  const answer = await asPerson("Patient/tove/$everything");
  const rows = (await server.log()).slice(before);
  assert.deepEqual(
    rows.flatMap(({ what }) => what.map((one) => one.replace(/\/_history.*/, ""))).toSorted(),
    sortedNames(answer),
  );
  assert.ok(rows.every(({ action, outcome }) => action === "everything" && outcome === "granted"));
  assert.ok(rows.some((row) => row.patient === "tove" && row.what.length > 5));
});

test("HTTP-EVERYTHING-7 what another care provider writes changes nothing of the own answer", async () => {
  const before = await asPerson("Patient/tove/$everything");
  await server.put(
    observation("theirs-2", "Patient/tove", { performer: [{ reference: "Organization/region" }] }),
    THEIRS,
  );
  assert.equal((await asPerson("Patient/tove/$everything")).text, before.text);
});

test("HTTP-EVERYTHING-8 malformed parameters are refused by name", async () => {
  const bad = ["_count=0", "_count=x", "start=yesterday", "_since=2026-13-01", "_type=Nonsense", "_cursor=own~Observation", "_cursor=own~Practitioner~x", "_cursor=%00", "colour=red", "_type=%00"]; // prettier-ignore
  for (const query of bad) {
    const answer = await get(`Patient/tove/$everything?${query}`);
    assert.equal(answer.status, query.includes("Nonsense") ? 404 : 400, `${query}: ${answer.text}`);
  }
  assert.equal((await get("Patient/to've;--/$everything")).status, 404);
  const body = await server.call("POST", "Patient/tove/$everything", { token, body: { resourceType: "Parameters", parameter: [{ name: "start", valueBoolean: true }] } }); // prettier-ignore
  assert.equal(body.status, 400, body.text);
});

test("HTTP-EVERYTHING-9 the first resource of a type is in the answer at once, on every connection", async () => {
  const asked = (): Promise<Answer[]> =>
    Promise.all(Array.from({ length: 12 }, () => asPerson("Patient/tove/$everything")));
  for (const answer of await asked()) assert.ok(!answer.names().includes("Flag/first"));
  await server.put({ resourceType: "Flag", id: "first", status: "active", code: { text: "x" }, subject: { reference: "Patient/tove" } }); // prettier-ignore
  for (const answer of await asked()) assert.ok(answer.names().includes("Flag/first"));
});

test("HTTP-EVERYTHING-9 where the tables themselves are empty, as on a distributed database, all of them are asked", async (t) => {
  const other = await serverOfTest(t);
  await other.put(patient("p1"));
  await other.put(observation("o1"));
  for (const table of ["patient", "observation"])
    await other.sql(
      `ALTER TABLE ${table} RENAME TO ${table}_shard; CREATE TABLE ${table} (LIKE ${table}_shard INCLUDING DEFAULTS);
       ALTER TABLE ${table}_shard INHERIT ${table}; GRANT SELECT ON ${table} TO eira_app`,
    );
  const call = { token: await other.token() };
  for (let times = 0; times < 3; times += 1)
    assert.deepEqual((await other.call("GET", "Patient/p1/$everything", call)).names(), [
      "Patient/p1",
      "Observation/o1",
    ]);
});

test("HTTP-OPERATION-1 the CapabilityStatement lists each operation once with R4's canonical address", async () => {
  const rest = (await get("metadata")).json<CapabilityStatement>().rest?.[0];
  const found = rest?.resource?.find(({ type }) => type === "Patient")?.operation ?? [];
  assert.ok(found.some(({ name, definition }) => name === "everything" && definition === "http://hl7.org/fhir/OperationDefinition/Patient-everything")); // prettier-ignore
});

test("HTTP-EVERYTHING-10 a system gets everything about all patients, a person does not", async () => {
  for (const [query, types] of [
    ["_count=2", ""],
    ["_count=1000", ""],
    ["_count=1&_type=Encounter,Observation", "_type=Encounter,Observation"],
  ] as const) {
    const found: string[] = [];
    let next: string | undefined = `Patient/$everything?${query}`;
    for (let pages = 0; next !== undefined && pages < 60; pages += 1) {
      const page: Answer = await get(next);
      assert.equal(page.status, 200, page.text);
      found.push(...page.names());
      const link: string | undefined = page.json<Bundle>().link?.find(({ relation }) => relation === "next")?.url;
      next = link?.slice("http://eira.test/fhir/R4/".length);
    }
    const patients = (await get("Patient?_sort=_id")).names();
    const each = await Promise.all(patients.map((name) => get(`${name}/$everything?${types}`)));
    assert.deepEqual(
      found,
      each.flatMap((one) => one.names()),
      query,
    );
  }
  const body = { resourceType: "Parameters", parameter: [{ name: "_count", valueInteger: 1 }] };
  assert.equal((await server.call("POST", "Patient/$everything", { token, body })).entries().length, 1);
  assert.equal((await asPerson("Patient/$everything")).code(), "FORBIDDEN");
  for (const cursor of ["x", "x!y", "x!y!z!", "tove!y!", "tove!!z"])
    assert.equal((await get(`Patient/$everything?_cursor=${cursor}`)).status, 400, cursor);
});

test("HTTP-EVERYTHING-11 parts and summaries", async () => {
  for (const path of ["Patient/tove/$everything", "Encounter/visit/$everything", "Patient/$everything"]) {
    const shaped = (await get(`${path}?_elements=status`)).entries();
    assert.ok(shaped.length > 2);
    for (const { resource } of shaped)
      assert.ok(
        resource?.meta?.tag?.some(({ code }) => code === "SUBSETTED"),
        JSON.stringify(resource),
      );
    assert.equal((await get(`${path}?_summary=true`)).status, 200);
    assert.equal((await get(`${path}?_summary=count`)).status, 400);
    assert.equal((await get(`${path}?_summary=much`)).status, 400);
  }
});
