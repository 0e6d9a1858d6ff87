import assert from "node:assert/strict";
import { after, test } from "node:test";
import fc from "fast-check";
import type { Observation } from "fhir/r4";
import { observation, OURS, patient, THEIRS } from "../../../journal/testing/index.ts";
import { serverOfTest, type Answer } from "../../testing/index.ts";

const server = await serverOfTest({ after });
const token = await server.token();
const cookie = await server.cookie(OURS);
const get = (query: string): Promise<Answer> => server.call("GET", `Observation/$lastn?${query}`, { token });
const ids = (answer: Answer): string[] => {
  assert.equal(answer.status, 200, answer.text);
  return answer.entries().map(({ resource }) => resource?.id ?? "");
};

const LOINC = "http://loinc.org";
const LOCAL = "urn:local";

/** An observation of a patient with codings `system|code`, at a day of November. */
async function put(
  id: string,
  subject: string,
  codes: readonly string[],
  day: string | undefined,
  more = {},
): Promise<void> {
  const coding = codes.map((one) => ({ system: one.split("|")[0], code: one.split("|")[1] }));
  const effectiveDateTime = day === undefined ? undefined : `2026-11-${day}`;
  await server.put(observation(id, `Patient/${subject}`, { code: { coding }, effectiveDateTime, ...more }));
}

for (const id of ["tove", "otto", "ada", "linn"]) await server.put(patient(id));
await put("w1", "tove", [`${LOINC}|weight`], "01");
await put("w2", "tove", [`${LOINC}|weight`], "03");
await put("w3", "tove", [`${LOINC}|weight`], "02");
await put("w0", "tove", [`${LOINC}|weight`], undefined);
await put("h1", "tove", [`${LOINC}|height`], "05");
await put("h2", "tove", [`${LOINC}|height`], "05");
await put("h3", "tove", [`${LOINC}|height`], "04");
await put("ow", "otto", [`${LOINC}|weight`], "09");

test("HTTP-LASTN-1 the newest of each kind, the newest max, and all that are as new as the last", async () => {
  assert.deepEqual(ids(await get("patient=tove")), ["h1", "h2", "w2"]);
  assert.deepEqual(ids(await get("patient=Patient/tove&max=2")), ["h1", "h2", "w2", "w3"]);
  assert.deepEqual(ids(await get("subject=Patient/tove&max=4&code=http://loinc.org|weight")), ["w2", "w3", "w1", "w0"]);
  assert.deepEqual(ids(await get("patient=tove,otto&code=weight")), ["ow", "w2"]);
  const parameter = [
    { name: "max", valuePositiveInt: 2 },
    { name: "patient", valueString: "tove" },
  ];
  const body = { resourceType: "Parameters", parameter };
  assert.deepEqual(ids(await server.call("POST", "Observation/$lastn", { token, body })), ["h1", "h2", "w2", "w3"]);
});

test("HTTP-LASTN-2 a shared coding makes one kind, also by way of a third; words where there are no codings", async () => {
  await put("a1", "ada", [`${LOINC}|x`], "01");
  await put("a2", "ada", [`${LOINC}|x`, `${LOCAL}|y`], "02");
  await put("a3", "ada", [`${LOCAL}|y`, `${LOCAL}|z`], "03");
  await put("a4", "ada", [`${LOCAL}|z`], "04");
  await put("b1", "ada", [], "05", { code: { text: "Mår bra" } });
  await put("b2", "ada", [], "06", { code: { text: "mår bra" } });
  await put("c1", "ada", [`${LOCAL}|x`], "07");
  assert.deepEqual(
    ids(await get("patient=ada")).toSorted((a, b) => a.localeCompare(b)),
    ["a4", "b2", "c1"],
  );
});

test("HTTP-LASTN-3 a search's criteria hold, one of them says whose, and pages are refused", async () => {
  assert.deepEqual(ids(await get("patient=tove&date=lt2026-11-03")), ["w3"]);
  assert.deepEqual(ids(await get("patient.family=Ek&patient=tove&code:not=weight")), ["h1", "h2"]);
  assert.equal((await get("patient=tove&_elements=id")).status, 200);
  for (const query of [
    "",
    "code=weight",
    "patient=",
    "patient:missing=false",
    "max=0&patient=tove",
    "max=x&patient=tove",
  ])
    assert.equal((await get(query)).code(), "OPERATION_PARAMETER", query);
  for (const query of ["_sort=date", "_count=1", "_include=*", "_cursor=x", "colour=red"])
    assert.equal((await get(`patient=tove&${query}`)).code(), "SEARCH_PARAM_UNKNOWN", query);
  assert.equal((await get("patient=tove&date=x")).status, 400);
});

test("HTTP-LASTN-4 the newest within reach, logged; a reader without grounds is refused", async () => {
  const asPerson = (): Promise<Answer> => server.call("GET", "Observation/$lastn?patient=tove", { cookie });
  const before = await asPerson();
  await server.put(observation("theirs", "Patient/tove", { code: { coding: [{ system: LOINC, code: "weight" }, { system: LOINC, code: "height" }] }, effectiveDateTime: "2026-11-20" }), THEIRS); // prettier-ignore
  const logged = (await server.log()).length;
  assert.equal((await asPerson()).text, before.text);
  const rows = (await server.log()).slice(logged);
  assert.deepEqual(
    rows.map(({ patient: whose, what }) => [whose, what.length]),
    [["tove", 3]],
  );
  assert.deepEqual(ids(await get("patient=tove")), ["theirs"]);
  const narrow = await server.token("system/Patient.rs");
  const refused = await server.call("GET", "Observation/$lastn?patient=tove", { token: narrow });
  assert.equal(refused.code(), "FORBIDDEN");
  assert.deepEqual((await server.log()).at(-1)?.outcome, "refused");
});

test("HTTP-LASTN-1 generated observations: the same as grouping and taking the newest by hand", async () => {
  const many = fc.array(fc.record({ code: fc.constantFrom("p", "q", "r"), day: fc.integer({ min: 10, max: 14 }) }), { minLength: 12, maxLength: 12 }); // prettier-ignore
  const [sample = []] = fc.sample(many, { seed: 11, numRuns: 1 });
  for (const [at, { code, day }] of sample.entries()) await put(`g${at}`, "linn", [`${LOCAL}|${code}`], String(day));
  for (const max of [1, 2, 3]) {
    const answer = await get(`patient=linn&max=${max}`);
    const expected = sample.flatMap(({ code, day }, at) => {
      const newer = sample.filter((other) => other.code === code && other.day > day).length;
      return newer < max ? [{ id: `g${at}`, code, day }] : [];
    });
    const order = expected.toSorted(
      (a, b) => a.code.localeCompare(b.code) || b.day - a.day || a.id.localeCompare(b.id),
    );
    assert.deepEqual(answer.entries<Observation>().map(({ resource }) => resource?.id), order.map(({ id }) => id), `max ${max}`); // prettier-ignore
  }
});
