import assert from "node:assert/strict";
import { after, test } from "node:test";
import { identified, observation, OURS, patient, THEIRS } from "../journal/testing/index.ts";
import { serverOfTest, type Answer, type Call } from "./testing/index.ts";

const server = await serverOfTest({ after });
const cookie = await server.cookie(OURS);
const call = (method: string, path: string, more: Call = {}): Promise<Answer> =>
  server.call(method, path, { cookie, ...more });

/** Everything of an answer but times and its own request's name; the two names are made alike. */
function told({ status, headers, text }: Answer, names: readonly [string, string]): string {
  const { date: _date, "content-length": _length, ...kept } = headers;
  const alike = (words: string): string => words.replaceAll(names[0], "NAME").replaceAll(names[1], "NAME");
  const times = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[.\d]*(?:Z|[+-]\d\d:\d\d)|\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT/g;
  const fresh = /e[0-9a-z]{25}\b/g; // ids that the server has just given
  return alike(JSON.stringify([status, kept, text]).replaceAll(times, "TIME").replaceAll(fresh, "FRESH"));
}

// Two resources that the caller cannot see: one that another care provider has, one that nobody has.
const NAMES = ["theirs-resource", "nobody-resource"] as const;
const PATIENTS = ["theirs-patient", "nobody-patient"] as const;

const LABELS = { resourceType: "Parameters", parameter: [{ name: "meta", valueMeta: { tag: [{ code: "x" }] } }] };

test("HTTP-SAME-1 what another care provider has is as what nobody has", { timeout: 120_000 }, async () => {
  for (const id of PATIENTS) await server.put(patient(id, identified("p", id)));
  await server.put(patient("shared"));
  const [theirs] = NAMES;
  const theirPatient = `Patient/${PATIENTS[0]}`;
  const more = { ...identified("o", theirs), valueQuantity: { value: 7, unit: "kg" }, note: [{ text: "hemligt" }] };
  await server.put(observation(theirs, theirPatient, more), THEIRS);
  await server.put(observation(theirs, theirPatient, { ...more, valueQuantity: { value: 8, unit: "kg" } }), THEIRS);
  await server.put(
    {
      resourceType: "Condition",
      id: "their-condition",
      subject: { reference: theirPatient },
      recordedDate: "2026-11-01",
      code: { text: "hemligt" },
      category: [{ coding: [{ code: "problem-list-item" }] }],
    },
    THEIRS,
  );
  // Own resources that refer to them, and own ones that they refer to.
  for (const id of NAMES)
    await server.put(
      observation(`refers-to-${id}`, "Patient/shared", { hasMember: [{ reference: `Observation/${id}` }] }),
    );
  for (const id of NAMES) await server.put(observation(`referred-by-${id}`, "Patient/shared"));
  await server.put(
    observation("their-referrer", theirPatient, { hasMember: [{ reference: `Observation/referred-by-${theirs}` }] }),
    THEIRS,
  );

  const resource = (id: string): [string, string, Call?][] => [
    ["GET", `Observation/${id}`],
    ["HEAD", `Observation/${id}`],
    ["GET", `Observation/${id}/$meta`],
    ["GET", `Observation/${id}/_history/1/$meta`],
    ["POST", `Observation/${id}/$meta-add`, { body: LABELS }],
    ["POST", `Observation/${id}/$meta-delete`, { body: LABELS }],
    ["GET", `Observation/${id}/$graphql?query={id}`],
    ["GET", `$graphql?query={ObservationList(_id:"${id}"){id}}`],
    ["GET", `$graphql?query={Observation(id:"refers-to-${id}"){hasMember{resource{id}}}}`],
    ["GET", `Observation/$lastn?subject=Patient/shared&has-member=Observation/${id}`],
    ["GET", `Observation/${id}/_history/1`],
    ["GET", `Observation/${id}/_history/2`],
    ["GET", `Observation/${id}/_history/3`],
    ["GET", `Observation/${id}/_history`],
    ["GET", `Observation/${id}/_history?_since=2020`],
    ["GET", `Observation?_id=${id}`],
    ["GET", `Observation?_id=${id}&_total=accurate`],
    ["GET", `Observation?_id=${id}&_summary=count`],
    ["GET", `Observation?_id:not=${id}&_total=accurate`],
    ["GET", `Observation?identifier=urn:test:o|${id}`],
    ["GET", `Observation?identifier=urn:test:o|${id}&_summary=count`],
    ["GET", `Observation?has-member=Observation/${id}`],
    ["GET", `Observation?has-member.identifier=urn:test:o|${id}`],
    ["GET", `Observation?has-member:Observation.value-quantity=8&_id=refers-to-${id}`],
    ["GET", `Observation?_has:Observation:has-member:status=final&_id=referred-by-${id}`],
    ["GET", `Observation?_has:Observation:has-member:_id=their-referrer&_id=referred-by-${id}`],
    ["GET", `Observation?_id=refers-to-${id}&_include=Observation:has-member`],
    ["GET", `Observation?_id=refers-to-${id}&_include=*&_include:iterate=Observation:subject`],
    ["GET", `Observation?_id=referred-by-${id}&_revinclude=Observation:has-member`],
    ["GET", `Observation?_id=referred-by-${id}&_revinclude=Observation:*&_revinclude:iterate=Observation:has-member`],
    ["GET", `Patient?_has:Observation:patient:identifier=urn:test:o|${id}`],
    ["GET", `?_type=Observation,Condition&_id=${id}`],
    ["PUT", `Observation/${id}`, { body: observation(id, "Patient/shared") }],
    ["PUT", `Observation/${id}`, { body: observation(id, "Patient/shared"), headers: { "if-match": 'W/"2"' } }],
    ["PUT", `Observation/${id}`, { body: observation(id, "Patient/shared"), headers: { "if-none-match": "*" } }],
    [
      "PATCH",
      `Observation/${id}`,
      {
        body: [{ op: "test", path: "/status", value: "final" }],
        headers: { "content-type": "application/json-patch+json" },
      },
    ],
    ["DELETE", `Observation/${id}`],
    ["DELETE", `Observation/${id}`, { headers: { "if-match": 'W/"2"' } }],
    [
      "POST",
      "Observation",
      { body: observation(undefined, "Patient/shared", { hasMember: [{ reference: `Observation/${id}` }] }) },
    ],
    [
      "POST",
      "Observation",
      {
        body: observation(undefined, "Patient/shared", {
          hasMember: [{ reference: `Observation?identifier=urn:test:o|${id}` }],
        }),
      },
    ],
    [
      "POST",
      "Observation",
      { body: observation(undefined, "Patient/shared"), headers: { "if-none-exist": `identifier=urn:test:o|${id}` } },
    ],
    [
      "POST",
      "",
      {
        body: {
          resourceType: "Bundle",
          type: "transaction",
          entry: [
            {
              resource: observation(id, "Patient/shared"),
              request: { method: "PUT", url: `Observation/${id}`, ifMatch: 'W/"2"' },
            },
          ],
        },
      },
    ],
    [
      "POST",
      "",
      {
        body: {
          resourceType: "Bundle",
          type: "batch",
          entry: [
            { request: { method: "GET", url: `Observation/${id}` } },
            { request: { method: "DELETE", url: `Observation/${id}` } },
            { request: { method: "GET", url: `Observation?_id=${id}` } },
          ],
        },
      },
    ],
  ];
  const whose = (id: string): [string, string, Call?][] => [
    ["GET", `Observation?patient=${id}`],
    ["GET", `Observation?patient=Patient/${id}&_total=accurate`],
    ["GET", `Observation?subject:Patient.identifier=urn:test:p|${id}`],
    ["GET", `Observation?patient=${id}&_summary=count`],
    ["GET", `Observation?patient=${id}&_sort=-date&_count=1`],
    ["GET", `Condition?patient=${id}`],
    ["GET", `Patient?_has:Observation:patient:status=final&_id=${id}`],
    ["GET", `Patient?_has:Condition:subject:code:text=hemligt&_id=${id}`],
    ["GET", `Patient?_id=${id}&_revinclude=Observation:subject&_revinclude=Condition:*`],
    ["GET", `Patient/${id}/Observation`],
    ["GET", `Patient/${id}/Observation?_summary=count`],
    ["GET", `Patient/${id}/$everything`],
    ["GET", `Patient/${id}/$everything?_count=1`],
    ["GET", `Patient/${id}/$everything?_type=Observation`],
    ["GET", `Observation/$lastn?patient=${id}`],
    ["GET", `Patient/${id}/$graphql?query={ObservationConnection(_reference:patient){count,edges{resource{id}}}}`],
    ["GET", `?_type=Observation,Condition&patient=${id}`],
    ["GET", `/api/patients/${id}/overview`],
    ["GET", `/api/patients/${id}/timeline`],
    ["GET", `/api/patients/${id}/problems`],
    ["GET", `/api/patients/${id}/vitals`],
  ];
  for (const [names, calls] of [
    [NAMES, resource],
    [PATIENTS, whose],
  ] as const) {
    const [seen, unseen] = names.map(calls);
    for (const [at, [method, path, more]] of seen!.entries()) {
      const [, other, otherMore] = unseen![at]!;
      // Asked in both orders: what the first call leaves behind must not show in the second one either.
      const [one, two] = [await call(method, path, more), await call(method, other, otherMore)];
      assert.equal(told(one, names), told(two, names), `${method} ${path}`);
      const [three, four] = [await call(method, other, otherMore), await call(method, path, more)];
      assert.equal(told(three, names), told(four, names), `${method} ${path}, again`);
      assert.doesNotMatch(one.text, /"text":"hemligt"|"id":"(theirs-resource|their-)/, `${method} ${path}`);
    }
  }
  // The owner sees all of it still there, in the version that was.
  const owner = await server.cookie(THEIRS);
  assert.equal((await server.call("GET", `Observation/${theirs}`, { cookie: owner })).headers.etag, 'W/"2"');
  // And the comparison itself sees a difference where there is one.
  const [there, notThere] = await Promise.all(
    NAMES.map((id) => server.call("GET", `Observation?_id=${id}`, { cookie: owner })),
  );
  assert.notEqual(told(there!, NAMES), told(notThere!, NAMES));
});

test("HTTP-SAME-2 what another care provider writes changes no answer", async () => {
  await server.put(patient("two"));
  for (let n = 0; n < 9; n += 1)
    await server.put(
      observation(`two${n}`, "Patient/two", {
        effectiveDateTime: `2026-10-${10 + n}`,
        valueInteger: n,
        component: [{ code: { text: "x" }, valueInteger: n }],
      }),
    );
  const queries = [
    "patient=two&_count=4",
    "patient=two&_sort=-date&_count=4",
    "patient=two&_sort=code,-_id&_count=4&_total=accurate",
    "patient=two&_summary=count",
    "subject:Patient.family=Ek&_count=4",
    "status=final&_count=4&_sort=date",
    "patient=two&_include=*&_count=4",
    "_has:Observation:has-member:status=final",
    "patient=two&component-code:text=x",
  ];
  const everything = async (): Promise<string[]> => {
    const answers: string[] = [];
    for (const query of queries) {
      for (let path: string | undefined = `Observation?${query}`; path !== undefined;) {
        const page: Answer = await call("GET", path);
        answers.push(`${path} → ${page.status} ${page.text}`);
        const links = page.at("link") as { relation: string; url: string }[];
        path = links.find(({ relation }) => relation === "next")?.url.slice("http://eira.test".length);
      }
    }
    for (const path of [
      "Observation/_history?_count=5",
      "Patient/two/Observation",
      "Patient?_id=two&_revinclude=Observation:subject",
      "/api/patients/two/vitals",
    ])
      answers.push((await call("GET", path)).text.replace(/"asOf":"[^"]*"/, ""));
    return answers;
  };
  const before = await everything();
  assert.ok(before.length > 20);
  for (let n = 0; n < 12; n += 1) {
    await server.put(
      observation(`a-their${n}`, "Patient/two", {
        effectiveDateTime: `2026-10-${10 + n}`,
        hasMember: [{ reference: `Observation/two${n % 9}` }],
        component: [{ code: { text: "x" } }],
      }),
      THEIRS,
    );
  }
  const owner = await server.cookie(THEIRS);
  for (let n = 0; n < 12; n += 2) await server.call("DELETE", `Observation/a-their${n}`, { cookie: owner });
  assert.deepEqual(await everything(), before);
});
