import assert from "node:assert/strict";
import { after, test } from "node:test";
import type {
  CapabilityStatement,
  CapabilityStatementRestResourceOperation,
  Parameters,
  TerminologyCapabilities,
  ValueSet,
} from "fhir/r4";
import { OURS } from "../journal/testing/index.ts";
import { serverOfTest, type Answer } from "./testing/index.ts";

const SYSTEM = "http://example.com/animals";
const VALUE_SET = "http://example.com/vs/dogs";
const MAP = "http://example.com/map";

const server = await serverOfTest({ after });
const token = await server.token();
const compose = { include: [{ system: SYSTEM, filter: [{ property: "concept", op: "is-a", value: "dog" }] }] };
const concept = [
  {
    code: "animal",
    display: "Djur",
    concept: [
      { code: "dog", display: "Hund", designation: [{ language: "en", value: "Dog" }], concept: [{ code: "poodle", display: "Pudel" }] },
      { code: "cat", display: "Katt" },
    ],
  },
]; // prettier-ignore
const group = [{ source: SYSTEM, target: "http://example.com/plants", element: [{ code: "dog", target: [{ code: "dogwood", equivalence: "wider" }] }] }]; // prettier-ignore
await put({ resourceType: "CodeSystem", id: "cs", url: SYSTEM, version: "1", status: "active", content: "complete", language: "sv", concept }); // prettier-ignore
await put({ resourceType: "ValueSet", id: "vs", url: VALUE_SET, status: "active", compose });
await put({ resourceType: "ConceptMap", id: "cm", url: MAP, status: "active", group });

async function put(resource: Record<string, unknown>): Promise<void> {
  const { status, text } = await server.call("PUT", `${String(resource["resourceType"])}/${String(resource["id"])}`, { token, body: resource }); // prettier-ignore
  assert.equal(status, 201, text);
}

const get = (path: string, headers: Record<string, string> = {}): Promise<Answer> =>
  server.call("GET", path, { token, headers });
const post = (path: string, ...parameter: NonNullable<Parameters["parameter"]>): Promise<Answer> =>
  server.call("POST", path, { token, body: { resourceType: "Parameters", parameter } });
const valueOf = (answer: Answer, name: string): unknown => {
  assert.equal(answer.status, 200, answer.text);
  const found = answer.json<Parameters>().parameter?.find((one) => one.name === name);
  return found?.valueBoolean ?? found?.valueString ?? found?.valueCode;
};
const codes = (answer: Answer): string => {
  assert.equal(answer.status, 200, answer.text);
  return (answer.json<ValueSet>().expansion?.contains ?? []).map(({ code }) => code).join(" ");
};

test("HTTP-OP-1 every operation answers by GET and by POST, on the type and on the instance", async () => {
  const coding = { name: "coding", valueCoding: { system: SYSTEM, code: "dog" } };
  assert.equal(valueOf(await get(`CodeSystem/$lookup?system=${SYSTEM}&code=dog`), "display"), "Hund");
  assert.equal(valueOf(await post("CodeSystem/$lookup", coding), "display"), "Hund");
  assert.equal(valueOf(await get(`CodeSystem/$validate-code?url=${SYSTEM}&code=dog`), "result"), true);
  assert.equal(valueOf(await get("CodeSystem/cs/$validate-code?code=horse"), "result"), false);
  assert.equal(valueOf(await post("CodeSystem/cs/$validate-code", coding), "result"), true);
  assert.equal(
    valueOf(await get(`CodeSystem/$subsumes?system=${SYSTEM}&codeA=animal&codeB=dog`), "outcome"),
    "subsumes",
  );
  assert.equal(valueOf(await get("CodeSystem/cs/$subsumes?codeA=dog&codeB=animal"), "outcome"), "subsumed-by");
  const sides = ["A", "B"].map((side) => ({ ...coding, name: `coding${side}` }));
  assert.equal(valueOf(await post("CodeSystem/$subsumes", ...sides), "outcome"), "equivalent");
  assert.equal(codes(await get(`ValueSet/$expand?url=${VALUE_SET}`)), "dog poodle");
  assert.equal(codes(await get("ValueSet/vs/$expand?filter=pu")), "poodle");
  const valueSet: ValueSet = { resourceType: "ValueSet", status: "active", compose: { include: [{ system: SYSTEM }] } };
  assert.equal(codes(await post("ValueSet/$expand", { name: "valueSet", resource: valueSet }, { name: "count", valueInteger: 1 })), "animal"); // prettier-ignore
  assert.equal(valueOf(await get(`ValueSet/vs/$validate-code?system=${SYSTEM}&code=cat`), "result"), false);
  const concepts = { name: "codeableConcept", valueCodeableConcept: { coding: [{ system: SYSTEM, code: "cat" }, { system: SYSTEM, code: "dog" }] } }; // prettier-ignore
  assert.equal(
    valueOf(await post("ValueSet/$validate-code", { name: "url", valueUri: VALUE_SET }, concepts), "result"),
    true,
  );
  assert.equal(valueOf(await get(`ConceptMap/$translate?system=${SYSTEM}&code=dog`), "result"), true);
  assert.equal(valueOf(await get(`ConceptMap/cm/$translate?system=${SYSTEM}&code=cat`), "result"), false);
  assert.equal(valueOf(await post("ConceptMap/$translate", { name: "url", valueUri: MAP }, coding, { name: "reverse", valueBoolean: true }), "result"), false); // prettier-ignore
  const closed = await post("$closure", { name: "name", valueString: "mine" });
  assert.deepEqual([closed.status, closed.at("version")], [200, "0"]);
  const added = ["dog", "animal"].map((code) => ({ name: "concept", valueCoding: { system: SYSTEM, code } }));
  assert.equal(
    (await post("$closure", { name: "name", valueString: "mine" }, ...added)).at("group.0.element.0.target.0.code"),
    "animal",
  );
});

test("HTTP-OP-2 the caller's language chooses the display; displayLanguage goes before Accept-Language", async () => {
  const path = `CodeSystem/$lookup?system=${SYSTEM}&code=dog`;
  assert.equal(valueOf(await get(path, { "accept-language": "en" }), "display"), "Dog");
  assert.equal(valueOf(await get(`${path}&displayLanguage=sv`, { "accept-language": "en" }), "display"), "Hund");
});

test("HTTP-OP-3 what is missing, strange or unknown is refused with its name, never passed over and never an error of the server", async () => {
  const expected: readonly (readonly [path: string, status: number, code: string])[] = [
    ["CodeSystem/$lookup", 400, "OPERATION_PARAMETER"],
    ["CodeSystem/$lookup?code=dog", 400, "OPERATION_PARAMETER"],
    [`CodeSystem/$lookup?system=${SYSTEM}&code=x`, 404, "CODE_UNKNOWN"],
    ["CodeSystem/$lookup?system=http://none&code=x", 404, "TERMINOLOGY_UNKNOWN"],
    ["CodeSystem/cs/$validate-code?coding=http://other|dog", 400, "OPERATION_PARAMETER"],
    [`CodeSystem/$subsumes?system=${SYSTEM}&codeA=dog`, 400, "OPERATION_PARAMETER"],
    ["ValueSet/$expand", 400, "OPERATION_PARAMETER"],
    ["ValueSet/vs/$expand?count=-1", 400, "OPERATION_PARAMETER"],
    ["ValueSet/vs/$expand?activeOnly=perhaps", 400, "OPERATION_PARAMETER"],
    ["ValueSet/vs/$expand?context=x", 400, "OPERATION_PARAMETER"],
    ["ValueSet/none/$expand", 404, "NOT_FOUND"],
    ["ValueSet/$expand?url=http://none", 404, "TERMINOLOGY_UNKNOWN"],
    ["ConceptMap/$translate?code=x", 400, "OPERATION_PARAMETER"],
  ];
  for (const [path, status, code] of expected) {
    const answer = await get(path);
    assert.deepEqual([answer.status, answer.code()], [status, code], path);
  }
  const wrong = [
    await post("ValueSet/$expand", { name: "valueSet", resource: { resourceType: "Patient" } }),
    await post("CodeSystem/$lookup", { name: "coding", valueString: "dog" }),
    await server.call("POST", "CodeSystem/$lookup", { token, body: { resourceType: "Patient" } }),
    await server.call("POST", "CodeSystem/$lookup", { token, body: "{" }),
    await post("$closure", { name: "name", valueString: "never begun" }, { name: "concept", valueCoding: { system: SYSTEM, code: "dog" } }),
  ]; // prettier-ignore
  for (const { status, text } of wrong) assert.ok(status >= 400 && status < 500, text);
});

test("HTTP-OP-8 answers of operations are shaped as others are", async () => {
  const whole = await get("ValueSet/vs/$expand");
  const part = await get("ValueSet/vs/$expand?_elements=expansion");
  assert.deepEqual(
    [whole.at("url"), part.at("url"), part.at("status"), part.at("meta.tag.0.code")],
    [VALUE_SET, undefined, "active", "SUBSETTED"],
  );
  assert.equal(codes(part), codes(whole));
  assert.equal((await get("ValueSet/vs/$expand?_summary=true")).at("expansion"), undefined);
  const posted = await post("ValueSet/vs/$expand", { name: "_elements", valueString: "expansion" });
  assert.deepEqual([posted.at("url"), codes(posted)], [undefined, codes(whole)]);
  const pretty = await get(`CodeSystem/$lookup?system=${SYSTEM}&code=dog&_pretty=true`);
  assert.match(pretty.text, /\n {2}"/);
  assert.equal(valueOf(pretty, "display"), "Hund");
  for (const path of ["ValueSet/vs/$expand", `CodeSystem/$lookup?system=${SYSTEM}&code=dog`])
    assert.equal((await get(`${path}${path.includes("?") ? "&" : "?"}_summary=nonsense`)).status, 400, path);
});

test("HTTP-OP-9 every parameter of $expand that R4 names is understood, or refused by name", async () => {
  const known = [
    ["excludeNotForUI=true", "dog poodle"],
    ["excludePostCoordinated=true", "dog poodle"],
    [`exclude-system=${SYSTEM}`, ""],
    [`check-system-version=${SYSTEM}|1`, "dog poodle"],
    [`force-system-version=${SYSTEM}|1`, "dog poodle"],
    ["designation=en", "dog poodle"],
  ] as const;
  for (const [query, expected] of known)
    assert.equal(codes(await get(`ValueSet/vs/$expand?${query}`)), expected, query);
  for (const name of ["check-system-version", "force-system-version"])
    assert.equal((await get(`ValueSet/vs/$expand?${name}=${SYSTEM}|2`)).code(), "TERMINOLOGY_UNKNOWN", name);
  for (const [name, value] of [
    ["context", "http://x"],
    ["contextDirection", "incoming"],
    ["date", "2020-01-01"],
    ["excludeNotForUI", "yes"],
  ]) {
    const answer = await get(`ValueSet/vs/$expand?${name}=${value}`);
    assert.deepEqual([answer.status, answer.at("issue.0.expression.0")], [400, name]);
  }
});

test("HTTP-OP-7 a parameter with NUL is refused with its name, whatever the operation", async () => {
  const asked = [
    ["CodeSystem/$lookup?code=x&system=%00", "system"],
    [`CodeSystem/$lookup?system=${SYSTEM}&code=d%00g`, "code"],
    [`CodeSystem/$subsumes?system=${SYSTEM}&codeA=dog&codeB=%00`, "codeB"],
    ["CodeSystem/$validate-code?code=x&url=%00", "url"],
    ["ValueSet/$expand?url=%00", "url"],
    ["ValueSet/vs/$expand?filter=%00", "filter"],
    ["ValueSet/vs/$validate-code?code=%00", "code"],
    ["ConceptMap/$translate?code=x&system=%00", "system"],
    ["Observation/$lastn?patient=%00", "patient"],
    ["Observation/x/$validate?profile=%00", "profile"],
    ["Patient/x/$everything?_cursor=%00", "_cursor"],
    ["Composition/$document?id=%00", "id"],
    ["Subscription/$status?id=%00", "id"],
    ["CodeSystem/$lookup?a%00b=1", "a?b"],
  ] as const;
  for (const [path, name] of asked) {
    const answer = await get(path);
    assert.deepEqual([answer.status, answer.code(), answer.at("issue.0.expression.0")], [400, "OPERATION_PARAMETER", name], path);
  } // prettier-ignore
  const headers = { prefer: "respond-async, handling=lenient" };
  for (const query of ["_elements=%00", "_type=Patient&_typeFilter=Patient?name=%00"])
    assert.equal((await get(`Patient/$export?${query}`, headers)).status, 400, query);
  for (const path of ["Group/%00/$export", "$job/%00", "Patient/%00/$meta", "Patient/%00/$everything"])
    assert.ok((await get(path, headers)).status < 500, path);
  for (const name of ["_text", "_content", "name"])
    assert.equal((await get(`Patient?_filter=${encodeURIComponent(`${name} co "\\u0000"`)}`)).status, 400);
  const query = encodeURIComponent('{PatientList(name:"\\u0000"){id}}');
  assert.ok((await get(`$graphql?query=${query}`)).status < 500);
  const body = String.raw`{"resourceType":"Parameters","parameter":[{"name":"system","valueUri":"\u0000"}]}`;
  assert.equal((await server.call("POST", "CodeSystem/$lookup", { token, body })).status, 400);
});

test("HTTP-OP-4 a person with an assignment may ask, and a client without the scope may not", async () => {
  const path = `ValueSet/$expand?url=${VALUE_SET}`;
  const person = await server.call("GET", path, { cookie: await server.cookie(OURS) });
  assert.equal(person.status, 200, person.text);
  const client = await server.call("GET", path, { token: await server.token("system/Observation.rs") });
  assert.equal(client.status, 403);
});

test("HTTP-OP-5 the server tells which operations it has, and what its terminology can do", async () => {
  const statement = (await get("metadata")).json<CapabilityStatement>();
  const rest = statement.rest?.[0];
  const ownTo = (type: string, operations: CapabilityStatementRestResourceOperation[] = []): string[] =>
    operations.filter(({ definition }) => definition.includes(`/${type}-`)).map(({ name }) => name);
  const names = (type: string): string[] => ownTo(type, rest?.resource?.find((one) => one.type === type)?.operation);
  assert.deepEqual(names("CodeSystem"), ["lookup", "validate-code", "subsumes"]);
  assert.deepEqual(names("ValueSet"), ["expand", "validate-code"]);
  assert.deepEqual(names("ConceptMap"), ["translate"]);
  assert.deepEqual(ownTo("ConceptMap", rest?.operation), ["closure"]);
  await server.store.replaceSystem(
    { url: "http://loinc.org", version: "2.80", name: "LOINC", title: "LOINC", language: "en" },
    [],
  );
  const capabilities = (await server.call("GET", "metadata?mode=terminology")).json<TerminologyCapabilities>();
  assert.equal(capabilities.resourceType, "TerminologyCapabilities");
  const told = new Map(capabilities.codeSystem?.map(({ uri, version }) => [uri, version?.[0]?.code]));
  assert.equal(told.get("http://loinc.org"), "2.80");
  assert.equal(told.get("http://hl7.org/fhir/administrative-gender"), "4.0.1");
});

test("HTTP-OP-6 a changed value set answers at once, and a search by it finds at once", async () => {
  for (const code of ["dog", "cat"])
    await put({ resourceType: "Observation", id: code, status: "final", code: { coding: [{ system: SYSTEM, code }] } });
  const found = async (): Promise<string[]> => (await get(`Observation?code:in=${VALUE_SET}`)).names();
  assert.deepEqual(await found(), ["Observation/dog"]);
  const changed = { resourceType: "ValueSet", id: "vs", url: VALUE_SET, status: "active", compose: { include: [{ system: SYSTEM, concept: [{ code: "cat" }] }] } }; // prettier-ignore
  assert.equal((await server.call("PUT", "ValueSet/vs", { token, body: changed })).status, 200);
  assert.deepEqual(await found(), ["Observation/cat"]);
  assert.equal(codes(await get("ValueSet/vs/$expand")), "cat");
});
