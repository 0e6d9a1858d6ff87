import assert from "node:assert/strict";
import { after, test } from "node:test";
import fc from "fast-check";
import type { CapabilityStatement } from "fhir/r4";
import { identified, observation, OURS, patient, THEIRS } from "../../../journal/testing/index.ts";
import { serverOfTest, type Answer, type Call } from "../../testing/index.ts";

const server = await serverOfTest({ after });
const token = await server.token();
const cookie = await server.cookie(OURS);
type Told = { readonly data?: Record<string, unknown> | null; readonly errors?: readonly { readonly message: string; readonly path?: readonly unknown[] }[] }; // prettier-ignore

const asked = (query: string, call: Call = { token }, path = "$graphql"): Promise<Answer> =>
  server.call("GET", `${path}?query=${encodeURIComponent(query)}`, call);
const ask = async (query: string, call: Call = { token }, path = "$graphql"): Promise<Told["data"]> => {
  const answer = await asked(query, call, path);
  assert.equal(answer.status, 200, answer.text);
  const { data, errors } = answer.json<never>() as Told;
  assert.equal(errors, undefined, answer.text);
  return data;
};
const errorsOf = (answer: Answer): readonly string[] =>
  ((answer.json<never>() as Told).errors ?? []).map(({ message }) => message);

await server.put({ resourceType: "Organization", id: "clinic", name: "Kliniken" }, null);
await server.put(
  { resourceType: "Practitioner", id: "anna", name: [{ family: "Ek", given: ["Anna", "Maria"] }] },
  null,
);
const names = [
  { use: "official", family: "Ek", given: ["Tove", "Maj"] },
  { use: "nickname", given: ["Totte"] },
];
await server.put(patient("tove", { name: names, active: true, birthDate: "1990-02-01", _birthDate: { id: "b" }, managingOrganization: { reference: "Organization/clinic" }, contact: [{ name: { family: "Ek" } }], ...identified("pnr", "1") })); // prettier-ignore
await server.put(patient("otto", { name: [{ family: "Oja" }] }));
for (const at of [1, 2, 3, 4, 5])
  await server.put(observation(`o${at}`, "Patient/tove", { effectiveDateTime: `2026-11-0${at}`, performer: [{ reference: "Practitioner/anna" }], valueQuantity: { value: 6.5, unit: "kg" } })); // prettier-ignore
await server.put(observation("text", "Patient/otto", { valueString: "ord", contained: [{ resourceType: "Practitioner", id: "in", name: [{ family: "Inne" }] }], performer: [{ reference: "#in" }] })); // prettier-ignore
await server.sql(`UPDATE observation SET content = replace(content, '"value":6.5', '"value":6.50') WHERE id = 'o1'`);
await server.put(observation("theirs", "Patient/tove", { effectiveDateTime: "2026-11-09" }), THEIRS);

/** More resources than a list may give. */
async function putManyBasics(): Promise<void> {
  const entry = Array.from({ length: 1001 }, (_, at) => ({ resource: { resourceType: "Basic", code: { text: String(at) } }, request: { method: "POST", url: "Basic" } })); // prettier-ignore
  assert.equal((await server.call("POST", "", { token, body: { resourceType: "Bundle", type: "transaction", entry } })).status, 200); // prettier-ignore
}
await putManyBasics();

test("HTTP-GRAPHQL-1 the schema is R4's, and what is not in it is refused before anything is read", async () => {
  const type = await asked(`{__type(name:"Patient"){kind fields{name type{kind name ofType{name}}}}}`);
  const fields = (type.at("data.__type.fields") as { name: string }[]).map(({ name }) => name);
  for (const one of [
    "resourceType",
    "id",
    "name",
    "deceasedBoolean",
    "deceasedDateTime",
    "birthDate",
    "_birthDate",
    "ObservationList",
    "ObservationConnection",
  ])
    // prettier-ignore
    assert.ok(fields.includes(one), one);
  assert.ok(!fields.includes("deceased") && !fields.includes("PractitionerList"));
  const logged = (await server.log()).length;
  const bad = ["{", "", "{Patient(id:\"tove\"){colour}}", "{Patient{id}}", "mutation{PatientCreate(resource:\"x\"){id}}", "subscription{x}", "{PatientList(colour:\"red\"){id}}", "{Patient(id:\"tove\"){name}}", "{Patient(id:\"tove\"){id{x}}}", "{a:Patient(id:1){id} ...F} fragment F on Query{...F}", "query A{Patient(id:1){id}} query B{Patient(id:1){id}}", "{Patient(id:\"tove\"){id @nothing}}", "{Nonsense{id}}", "{__proto__}", "{constructor}"]; // prettier-ignore
  for (const query of bad) {
    const answer = await asked(query);
    assert.equal(answer.status, 400, `${query}: ${answer.text}`);
  }
  assert.equal((await server.log()).length, logged);
  const rest = (await server.call("GET", "metadata", {})).json<CapabilityStatement>().rest?.[0];
  assert.ok(rest?.operation?.some(({ definition }) => definition.endsWith("/Resource-graphql")));
});

test("HTTP-GRAPHQL-2 by id, lists, connections, references both ways, items of lists, numbers as written", async () => {
  const one = await ask(`{Patient(id:"tove"){resourceType id active birthDate _birthDate{id} n:name(use:official){family given} name(_offset:1 _count:1){given} managingOrganization{resource{... on Organization{name}}} contact{name{family}}}}`); // prettier-ignore
  assert.deepEqual(one?.["Patient"], { resourceType: "Patient", id: "tove", active: true, birthDate: "1990-02-01", _birthDate: { id: "b" }, n: [{ family: "Ek", given: ["Tove", "Maj"] }], name: [{ given: ["Totte"] }], managingOrganization: { resource: { name: "Kliniken" } }, contact: [{ name: { family: "Ek" } }] }); // prettier-ignore
  assert.match((await asked(`{Observation(id:"o1"){valueQuantity{value}}}`)).text, /"value":6\.50\}/);
  const lists = await ask(`{PatientList(name:"ek" active:true){id ObservationList(_reference:patient date:["ge2026-11-02","lt2026-11-05"] _sort:"-date"){id performer{resource(type:Practitioner){id}}}}}`); // prettier-ignore
  const practitioner = { resource: { id: "anna" } };
  assert.deepEqual(lists?.["PatientList"], [{ id: "tove", ObservationList: ["o4", "o3", "o2"].map((id) => ({ id, performer: [practitioner] })) }]); // prettier-ignore
  const seen: string[] = [];
  let cursor = "";
  for (let pages = 0; pages < 9; pages += 1) {
    const data = await ask(`{ObservationConnection(patient:"tove" _sort:"date" _count:2 ${cursor}){count pagesize next previous edges{mode resource{id}}}}`); // prettier-ignore
    const page = data?.["ObservationConnection"] as { count: number; next: string | null; edges: { resource: { id: string } }[] }; // prettier-ignore
    assert.equal(page.count, 6);
    seen.push(...page.edges.map(({ resource }) => resource.id));
    if (page.next === null) break;
    cursor = `_cursor:"${page.next}"`;
  }
  assert.deepEqual(seen, ["o1", "o2", "o3", "o4", "o5", "theirs"]);
  const contained = await ask(`{Observation(id:"text"){valueString valueQuantity{value} performer{reference resource{resourceType ... on Practitioner{name{family}}}}}}`); // prettier-ignore
  assert.deepEqual(contained?.["Observation"], { valueString: "ord", valueQuantity: null, performer: [{ reference: "#in", resource: { resourceType: "Practitioner", name: [{ family: "Inne" }] } }] }); // prettier-ignore
  assert.deepEqual(await ask("{id name @first{family}}", { token }, "Patient/tove/$graphql"), { id: "tove", name: { family: "Ek" } }); // prettier-ignore
  const variables = { query: `query Q($id: ID!){Patient(id:$id){id}}`, variables: { id: "otto" }, operationName: "Q" };
  const byPost = [
    { body: variables, headers: { "content-type": "application/json" } },
    { body: `{Patient(id:"otto"){id}}`, headers: { "content-type": "application/graphql" } },
    { body: { resourceType: "Parameters", parameter: [{ name: "query", valueString: `{Patient(id:"otto"){id}}` }] } },
  ];
  for (const call of byPost)
    assert.equal(
      (await server.call("POST", "$graphql", { token, ...call })).text,
      `{"data":{"Patient":{"id":"otto"}}}`,
    );
  for (const call of [
    { body: "x", headers: { "content-type": "text/plain" } },
    { body: "[]", headers: { "content-type": "application/json" } },
    { body: { query: 1 }, headers: { "content-type": "application/json" } },
    { body: { query: "{x}", variables: [] }, headers: { "content-type": "application/json" } },
  ]) {
    // prettier-ignore
    const { status } = await server.call("POST", "$graphql", { token, ...call });
    assert.ok(status >= 400 && status < 500);
  }
});

test("HTTP-GRAPHQL-3 flatten, first, singleton and slice", async () => {
  const shape = async (fields: string): Promise<unknown> => (await ask(`{Patient(id:"tove"){${fields}}}`))?.["Patient"];
  assert.deepEqual(await shape("name @first{given}"), { name: { given: ["Tove", "Maj"] } });
  assert.deepEqual(await shape("name @flatten{family given}"), { family: ["Ek"], given: ["Tove", "Maj", "Totte"] });
  assert.deepEqual(await shape("name @flatten @first{family given @first}"), { family: "Ek", given: "Tove" });
  assert.deepEqual(await shape("name(use:official) @flatten{family @singleton}"), { family: "Ek" });
  assert.deepEqual(await shape(`name @slice(path:"use"){given}`), { "name.official": [{ given: ["Tove", "Maj"] }], "name.nickname": [{ given: ["Totte"] }] }); // prettier-ignore
  assert.deepEqual(await shape(`name @slice(path:"$index") @flatten{given @first}`), { "given.0": ["Tove"], "given.1": ["Totte"] }); // prettier-ignore
  assert.deepEqual(await shape("managingOrganization @flatten{resource @flatten{... on Organization{name}}}"), { name: "Kliniken" }); // prettier-ignore
  const many = await asked(`{Patient(id:"tove"){name @flatten{given @singleton}}}`);
  assert.equal(many.status, 400, many.text);
  assert.equal((await asked(`{Patient(id:"tove"){name @slice(path:"a.b()"){given}}}`)).status, 200);
});

test("HTTP-GRAPHQL-4 a level is one round, however many ask", async (t) => {
  const reads = t.mock.method(server.store, "read");
  await ask(`{PatientList(_sort:"_id"){id managingOrganization{resource(optional:true){id}} ObservationList(_reference:subject){id performer{resource(optional:true){id}}}}}`); // prettier-ignore
  assert.equal(reads.mock.callCount(), 3);
});

test("HTTP-GRAPHQL-5 length, depth, fields, questions and resources are limited", async () => {
  const deep = "{PatientList{ObservationList(_reference:patient){subject{resource{... on Patient ".repeat(7);
  const wide = Array.from({ length: 2100 }, (_, at) => `a${at}:id`).join(" ");
  const bomb = ["fragment F0 on Patient{id}", ...Array.from({ length: 25 }, (_, at) => `fragment F${at + 1} on Patient{${Array.from({ length: 4 }, (_one, n) => `n${n}:link{other{resource{...F${at}}}}`).join(" ")}}`)].join(" "); // prettier-ignore
  const many = Array.from({ length: 600 }, (_, at) => `a${at}:PatientList(_id:"${at}"){id}`).join(" ");
  const costly = [`{Patient(id:"tove"){${wide}}}`, `${deep}{id}${"}".repeat(35)}`, `{Patient(id:"tove"){...F25}} ${bomb}`, `{Patient(id:"${"x".repeat(21_000)}"){id}}`, "{__schema{types{name fields{name}}}}", "{__schema{...T}} fragment T on __Schema{types{fields{name}}}", `{${"a{".repeat(1400)}`, `{${many}}`]; // prettier-ignore
  for (const query of costly) {
    const began = performance.now();
    const call = { token, body: { query }, headers: { "content-type": "application/json" } };
    const answer = await server.call("POST", "$graphql", call);
    assert.equal(answer.status, 400, `${query.slice(0, 60)}: ${answer.text.slice(0, 300)}`);
    assert.ok(performance.now() - began < 5000, query.slice(0, 60));
  }
  const schema = (await asked("{__schema{queryType{name} types{name kind}}}")).at("data.__schema.types");
  assert.ok(Array.isArray(schema) && schema.length > 700);
  const cut = await asked("{BasicList{id}}");
  assert.deepEqual([cut.status, cut.at("data.BasicList"), cut.at("errors.0.extensions.resource.issue.0.code")], [200, null, "too-costly"]); // prettier-ignore
  const some = (await asked("{BasicList(_count:3){id}}")).at("data.BasicList");
  assert.ok(Array.isArray(some) && some.length === 3);
});

test("HTTP-GRAPHQL-8 a resource counts as often as it is shown, and nothing is asked after the limit", async (t) => {
  let asked = 0;
  const read = server.store.read.bind(server.store);
  t.mock.method(server.store, "read", ((reach, work) =>
    read(reach, (look) => {
      const search = look.search.bind(look);
      look.search = (sql, ...more) => {
        asked += 1;
        return search(sql, ...more);
      };
      return work(look);
    })) satisfies typeof read);
  const aliases = Array.from({ length: 60 }, (_, at) => `a${at}:BasicList(_count:1000 _lastUpdated:"ge${1900 + at}"){id}`); // prettier-ignore
  const call = (some: readonly string[]): Promise<Answer> => server.call("POST", "$graphql", { token, body: { query: `{${some.join(" ")}}` }, headers: { "content-type": "application/json" } }); // prettier-ignore
  const few = await call(aliases.slice(0, 5));
  assert.deepEqual([few.status, few.at("errors")], [200, undefined], few.text.slice(0, 300));
  assert.equal(asked, 5);
  const much = await call(aliases);
  assert.deepEqual([much.status, much.code()], [400, "SEARCH_TOO_COSTLY"], much.text.slice(0, 300));
  assert.equal(asked, 5 + 6);
});

test("HTTP-GRAPHQL-6 the same as REST, for a person and for a client, and nothing of what is out of reach", async () => {
  await server.put(observation("link", "Patient/tove", { hasMember: [{ reference: "Observation/theirs" }] }));
  for (const call of [{ token }, { cookie }]) {
    const questions = ["patient=tove&_sort=date", "patient=tove&_sort=-date", "status=final&_sort=_id", "performer=Practitioner/anna", "_id=theirs", "date=ge2026-11-04&_sort=date"]; // prettier-ignore
    for (const query of questions) {
      const rest = await server.call("GET", `Observation?${query}&_total=accurate&_count=1000`, call);
      const args = query.split("&").map((one) => one.replace("=", `:"`) + `"`);
      const data = await ask(`{ObservationList(${args.join(" ")}){id} c:ObservationConnection(${args.join(" ")} _count:1000){count edges{resource{id}}}}`, call); // prettier-ignore
      const ids = rest.names().map((name) => ({ id: name.split("/")[1] }));
      assert.deepEqual(data?.["ObservationList"], ids, query);
      assert.deepEqual(data["c"], { count: rest.at("total"), edges: ids.map((resource) => ({ resource })) }, query);
    }
    const whole = await server.call("GET", "Patient/tove", call);
    const told = await ask(`{Patient(id:"tove"){name{use family given} meta{versionId lastUpdated}}}`, call);
    const present: unknown = JSON.parse(JSON.stringify(told), (_, value: unknown) => value ?? undefined);
    assert.deepEqual(present, { Patient: { name: whole.at("name"), meta: whole.at("meta") } });
  }
  const differs = async (query: (id: string) => string): Promise<void> => {
    const [hidden, never] = [await asked(query("theirs"), { cookie }), await asked(query("never"), { cookie })];
    assert.equal(hidden.text.replaceAll("theirs", "never"), never.text);
    assert.equal(hidden.status, never.status);
  };
  await differs((id) => `{Observation(id:"${id}"){id}}`);
  await differs((id) => `{ObservationList(_id:"${id}"){id}}`);
  await differs((id) => `{ObservationConnection(_id:"${id}"){count edges{resource{id}}}}`);
  const link = await asked(`{Observation(id:"link"){hasMember{reference resource{id}}}}`, { cookie });
  assert.deepEqual([link.at("data.Observation.hasMember.0.resource"), link.at("errors.0.extensions.resource.issue.0.code")], [null, "not-found"]); // prettier-ignore
  const [hidden, never] = [await asked("{id}", { cookie }, "Observation/theirs/$graphql"), await asked("{id}", { cookie }, "Observation/never/$graphql")]; // prettier-ignore
  assert.deepEqual([hidden.status, hidden.text.replaceAll("theirs", "never")], [404, never.text]);
  const narrow = await server.token("system/Patient.rs");
  const mixed = await asked(`{Patient(id:"tove"){id ObservationList(_reference:patient){id}}}`, { token: narrow });
  assert.deepEqual([mixed.at("data.Patient.id"), mixed.at("data.Patient.ObservationList"), errorsOf(mixed).length], ["tove", null, 1]); // prettier-ignore
  assert.equal((await asked(`{AuditEventList{id}}`, { cookie })).code(), "FORBIDDEN");
});

test("HTTP-GRAPHQL-7 what was looked into is logged, and what was refused", async () => {
  const logged = (await server.log()).length;
  await asked(`{PatientList(_id:"tove"){ObservationList(_reference:patient _id:["o1"]){id}} Observation(id:"theirs"){id} Practitioner(id:"anna"){id}}`, { cookie }); // prettier-ignore
  const rows = (await server.log()).slice(logged).map(({ action, outcome, patient: whose, what }) => [action, outcome, whose, what.join(" ")]); // prettier-ignore
  const inOrder = rows.toSorted((a, b) => String(a[3]).localeCompare(String(b[3])));
  assert.deepEqual(inOrder, [
    ["graphql", "refused", null, "Observation/theirs"],
    ["graphql", "granted", "tove", "Patient/tove/_history/1 Observation/o1/_history/1"],
    ["graphql", "granted", null, "Practitioner/anna/_history/2"],
  ].toSorted((a, b) => String(a[3]).localeCompare(String(b[3])))); // prettier-ignore
  await asked(`{ObservationList(_id:"never"){id}}`, { cookie });
  assert.deepEqual((await server.log()).at(-1)?.what, ["$graphql"]);
});

test("HTTP-GRAPHQL-1 no text, however strange, is answered with a fault of ours", { timeout: 60_000 }, async () => {
  const word = fc.constantFrom("{", "}", "(", ")", "Patient", "PatientList", "id", ":", `"tove"`, "...", "on", "@first", "@slice", "name", "[", "]", "$x", "fragment", "F", "_count", "-1", "1e999", "null", "#", '"""', "resource", "_reference", "patient", "ObservationList", "\u0000", "é"); // prettier-ignore
  await fc.assert(
    fc.asyncProperty(fc.array(word, { maxLength: 24 }), async (words) => {
      const call = { token, body: { query: words.join(" ") }, headers: { "content-type": "application/json" } };
      const { status, text } = await server.call("POST", "$graphql", call);
      assert.ok(status === 200 || status === 400, `${status} ${text}`);
    }),
    { seed: 5, numRuns: 150 },
  );
});
