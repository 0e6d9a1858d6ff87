/** Rules of SPEC.md: blocks over HTTP, and that what is blocked changes no answer. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { JsonObject } from "../fhir/index.ts";
import { OURS, patient, THEIRS } from "../journal/testing/index.ts";
import { serverOfToday, toldBy, type Answer } from "./testing/index.ts";

const A = OURS;
const B = { ...OURS, careUnit: "SE2321000131-E000000000012" } as const;
const BODY = { kind: "inner" } as const;

test("HTTP-API-BLOCK-1 the chart registers, sees, lifts and ends blocks; bad input is told where it is bad", async (t) => {
  const server = await serverOfToday(t);
  await server.put(patient("p1"));
  const [a, b] = [await server.cookie(A), await server.cookie(B, { id: "assignment-b" })];
  const post = (cookie: string, path: string, body: unknown, headers = {}): Promise<Answer> =>
    server.call("POST", `/api/patients/p1/${path}`, { cookie, body, headers });
  const state = async (cookie: string): Promise<unknown> =>
    (await server.call("GET", "/api/patients/p1/blocks", { cookie })).json();
  const added = await post(a, "blocks", { ...BODY, until: "2026-12-01T00:00+01:00", exceptKinds: ["lak"] });
  assert.equal(added.status, 200);
  assert.equal(added.at("items.0.until"), "2026-11-30T23:00:00.000Z");
  assert.equal(
    (await post(a, "blocks", { ...BODY, until: "2026-11-30T23:00Z", exceptKinds: ["lak", "lak"] })).text,
    added.text,
  );
  assert.deepEqual(await state(b), { hidden: true, liftedUntil: null, items: [] });
  const lifted = await post(b, "lifts", { reason: "PatientsConsent", hours: 3, note: "Samtycke" });
  assert.equal(lifted.at("hidden"), false);
  assert.equal((await post(b, "lifts/end", {})).at("hidden"), true);
  const id = String(added.at("items.0.id"));
  assert.equal((await post(b, `blocks/${id}/end`, { reason: "lifted" })).status, 404);
  assert.equal((await post(a, `blocks/${id}/end`, { reason: "lifted" })).status, 200);
  assert.equal((await post(a, `blocks/${id}/end`, { reason: "lifted" })).status, 404);
  const bad: [string, unknown, string][] = [
    ["blocks", {}, "kind"],
    ["blocks", { kind: "INNER" }, "kind"],
    ["blocks", { ...BODY, since: "2026-13-01T00:00Z" }, "since"],
    ["blocks", { ...BODY, since: 5 }, "since"],
    ["blocks", { ...BODY, since: "2026-01-02T00:00Z", until: "2026-01-01T00:00Z" }, "until"],
    ["blocks", { ...BODY, exceptKinds: ["allt"] }, "exceptKinds"],
    ["lifts", { reason: "Curiosity", hours: 1, note: "x" }, "reason"],
    ["lifts", { reason: "Emergency", hours: "many", note: "x" }, "hours"],
    ["lifts", { reason: "Emergency", hours: 25, note: "x" }, "hours"],
    ["lifts", { reason: "Emergency", hours: 1, note: "" }, "note"],
  ];
  for (const [path, body, where] of bad) {
    const answer = await post(a, path, body);
    assert.equal(answer.status, 422, `${path} ${JSON.stringify(body)} ${answer.text}`);
    assert.equal(answer.at("issue.0.expression.0"), where);
  }
  assert.equal((await post(a, "blocks", [])).status, 400);
  assert.equal((await post(a, "blocks", BODY, { "x-eira": "0" })).status, 403);
  const token = await server.token();
  assert.equal((await server.call("POST", "/api/patients/p1/blocks", { token, body: BODY })).status, 403);
  assert.equal((await server.call("POST", "/api/patients/p1/blocks", { body: BODY })).status, 401);
  assert.deepEqual(await state(a), { hidden: false, liftedUntil: null, items: [] });
  // Days are the region's: from the first moment of one to the last of the other, also when the clocks are changed in between.
  const days = await post(a, "blocks", { ...BODY, since: "2026-03-29", until: "2026-10-25" });
  assert.equal(days.at("items.0.since"), "2026-03-28T23:00:00.000Z");
  assert.equal(days.at("items.0.until"), "2026-10-25T22:59:59.999Z");
});

const CODE = { coding: [{ system: "http://loinc.org", code: "8867-4" }], text: "synlig" };
const SECRET = { coding: [{ system: "http://loinc.org", code: "9279-1" }], text: "hemlighet" };
const who = (of: string): JsonObject => ({ reference: `Patient/${of}` });

/** What one unit has about one patient; each refers to others of the unit. */
function chart(of: string, unit: string, code: JsonObject): JsonObject[] {
  const id = (kind: string): string => `${kind}-${of}-${unit}`;
  const subject = who(of);
  const encounter = { reference: `Encounter/${id("e")}` };
  const active = { coding: [{ system: "http://terminology.hl7.org/CodeSystem/condition-clinical", code: "active" }] };
  const seen = { system: "http://terminology.hl7.org/CodeSystem/v3-ActCode", code: "AMB" };
  return [
    {
      resourceType: "Encounter",
      id: id("e"),
      status: "finished",
      class: seen,
      subject,
      period: { start: "2026-10-01T08:00:00Z" },
    },
    ...[1, 2, 3].map((n) => ({
      resourceType: "Observation",
      id: `${id("o")}-${n}`,
      status: "final",
      category: [
        { coding: [{ system: "http://terminology.hl7.org/CodeSystem/observation-category", code: "vital-signs" }] },
      ],
      code,
      subject,
      encounter,
      effectiveDateTime: `2026-10-0${n}T08:00:00Z`,
      valueQuantity: { value: n, system: "http://unitsofmeasure.org", code: "/min" },
      note: [{ text: `${code["text"] as string} ${of}` }],
    })),
    {
      resourceType: "Condition",
      id: id("c"),
      clinicalStatus: active,
      code,
      subject,
      encounter,
      recordedDate: "2026-10-02",
    },
    {
      resourceType: "DiagnosticReport",
      id: id("d"),
      status: "final",
      code,
      subject,
      result: [{ reference: `Observation/${id("o")}-1` }],
      effectiveDateTime: "2026-10-02",
    },
    {
      resourceType: "MedicationRequest",
      id: id("m"),
      status: "active",
      intent: "order",
      medicationCodeableConcept: code,
      subject,
      encounter,
      authoredOn: "2026-10-02",
    },
  ];
}

const TYPES = ["Encounter", "Observation", "Condition", "DiagnosticReport", "MedicationRequest"];

/** Questions over every path that reads, about what is open and what is blocked, by name and by criterion. */
function questions(): string[] {
  const ids = [A, B].flatMap(({ careUnit }) => {
    const names = ["e-p1", "o-p1", "c-p1", "d-p1", "m-p1"].map((name) => `${name}-${careUnit}`);
    return TYPES.map((type, at) => `${type}/${names[at] ?? ""}${type === "Observation" ? "-1" : ""}`);
  });
  const ofType = TYPES.flatMap((type) => [
    `${type}?patient=p1&_count=2`,
    `${type}?patient=p1&_total=accurate&_count=1`,
    `${type}?patient=p1&_summary=count`,
    `${type}?_summary=count`,
    `${type}?patient=p1&_sort=-_lastUpdated`,
    `${type}?patient=p1&_include=*`,
    `${type}?patient=p1&_elements=id`,
    `${type}?_id=${ids.map((name) => name.split("/")[1]).join(",")}`,
    `${type}?_content=hemlighet`,
    `${type}?patient:missing=false&_count=3`,
    `${type}?patient.name=Test`,
    `${type}?_lastUpdated=gt2020-01-01&_count=50`,
    `${type}/_history?_count=50`,
    `Patient?_has:${type}:patient:_id=${ids.find((name) => name.startsWith(`${type}/`) && name.includes(B.careUnit))?.split("/")[1] ?? ""}`,
    `Patient?_id=p1&_revinclude=${type}:patient`,
    `Patient/p1/${type}`,
  ]);
  return [
    ...ids.flatMap((name) => [name, `${name}/_history`, `${name}/_history/1`, `${name}?_summary=true`]),
    ...ofType,
    ...["8867-4", "9279-1"].flatMap((code) => [
      `Observation?code=http://loinc.org|${code}`,
      `Observation?patient=p1&code=http://loinc.org|${code}&_sort=-date&_count=1`,
      `Condition?code=${code}&_include=Condition:encounter`,
      `Encounter?_has:Observation:encounter:code=${code}`,
      `Observation?encounter.status=finished&code=${code}`,
      `DiagnosticReport?result.code=${code}&_include=DiagnosticReport:result`,
      `Patient?_has:Observation:patient:code=${code}`,
      `Patient?_has:Encounter:patient:_has:Observation:encounter:code=${code}`,
      `Observation?_filter=code eq ${code}`,
    ]),
    "Observation?value-quantity=gt1&_total=accurate",
    "Observation?patient=p1&date=2026-10-02",
    "Observation/$lastn?patient=Patient/p1&category=vital-signs&max=2",
    "Patient/p1/$everything",
    "Patient/p1/$everything?_count=3",
    "Patient/p1/$everything?_type=Observation,Condition",
    "Patient/p1/*",
    "?_type=Observation,Condition&patient=p1",
    `$graphql?query=${encodeURIComponent('{ObservationList(patient:"p1"){id note{text}}}')}`,
    `$graphql?query=${encodeURIComponent(`{Encounter(id:"e-p1-${B.careUnit}"){id status}}`)}`,
    "/api/patients/p1/overview",
    "/api/patients?q=Test",
    ...["results", "notes", "contacts", "problems", "medications", "timeline"].map(
      (name) => `/api/patients/p1/${name}`,
    ),
  ];
}

test("HTTP-API-BLOCK-2 what is blocked changes no answer: status, headers, counts, order, links, errors", async (t) => {
  const server = await serverOfToday(t);
  for (const of of ["p1", "p2"]) {
    await server.put(patient(of));
    for (const [unit, code] of [
      [A, CODE],
      [B, SECRET],
    ] as const)
      for (const resource of chart(of, unit.careUnit, code)) await server.put(resource, unit);
  }
  // Each is changed once, so that there are older versions to betray something.
  for (const resource of chart("p1", B.careUnit, SECRET)) await server.put({ ...resource, language: "sv" }, B);
  const [a, b] = [await server.cookie(A), await server.cookie(B, { id: "assignment-b" })];
  const asked = questions();
  const answers = async (): Promise<string[]> => {
    const all: string[] = [];
    for (const path of asked)
      all.push(toldBy(await server.call("GET", encodeURI(decodeURI(path)).replaceAll("+", "%20"), { cookie: a })));
    return all;
  };
  const open = await answers();
  assert.equal((await server.call("POST", "/api/patients/p1/blocks", { cookie: b, body: BODY })).status, 200);
  const blocked = await answers();
  const differing = asked.filter((_, at) => open[at] !== blocked[at]);
  assert.ok(
    differing.length > asked.length / 3,
    `only ${differing.length} of ${asked.length} questions ask about what is blocked`,
  );
  const betraying = asked.filter((_, at) => blocked[at]?.includes("hemlighet p1"));
  assert.deepEqual(betraying, []);
  for (const type of TYPES)
    await server.sql(`DELETE FROM ${type.toLowerCase()} WHERE patient = 'p1' AND care_unit = $1`, [B.careUnit]);
  for (const table of ["history", "change_log"])
    await server.sql(`DELETE FROM ${table} WHERE patient = 'p1' AND care_unit = $1`, [B.careUnit]);
  const never = await answers();
  for (const [at, path] of asked.entries()) assert.equal(blocked[at], never[at], path);
  // Whoever it is not blocked for sees it; another care provider sees neither.
  const theirs = await server.cookie(THEIRS);
  assert.equal((await server.call("GET", `Observation?patient=p2`, { cookie: theirs })).at("total") ?? 0, 0);
});
