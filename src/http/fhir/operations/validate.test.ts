/** $validate from the network's side. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import type { OperationOutcome } from "fhir/r4";
import { observation, OURS, patient, THEIRS } from "../../../journal/testing/index.ts";
import { serverOfTest, type Answer } from "../../testing/index.ts";

const server = await serverOfTest({ after });
const token = await server.token();
const cookie = await server.cookie(OURS);
const PROFILE = "http://example.com/StructureDefinition/issued";
const DIV = { text: { status: "generated", div: '<div xmlns="http://www.w3.org/1999/xhtml">a</div>' } } as const;

await server.put({
  resourceType: "StructureDefinition",
  id: "issued",
  url: PROFILE,
  name: "Issued",
  status: "active",
  kind: "resource",
  abstract: false,
  type: "Observation",
  derivation: "constraint",
  baseDefinition: "http://hl7.org/fhir/StructureDefinition/Observation",
  differential: { element: [{ id: "Observation.issued", path: "Observation.issued", min: 1 }] },
});
await server.put(patient("tove", DIV));
await server.put(observation("one", "Patient/tove", DIV));
await server.put(observation("theirs", "Patient/tove", DIV), THEIRS);

const right = {
  ...observation(undefined, "Patient/tove"),
  ...DIV,
  performer: [{ reference: "Patient/tove" }],
  category: undefined,
};
const parameters = (resource: object | undefined, ...more: readonly object[]): object => ({
  resourceType: "Parameters",
  parameter: [...(resource === undefined ? [] : [{ name: "resource", resource }]), ...more],
});
const post = (path: string, body: object): Promise<Answer> => server.call("POST", path, { token, body });
const issuesOf = (answer: Answer): OperationOutcome["issue"] => {
  assert.equal(answer.status, 200, answer.text);
  return answer.json<OperationOutcome>().issue;
};
const told = (answer: Answer): string[] =>
  issuesOf(answer).map(({ severity, code, expression }) => `${severity} ${code} ${expression?.join(" ")}`);
const errors = (answer: Answer): string[] => told(answer).filter((one) => one.startsWith("error"));

test("HTTP-VALIDATE-1 every issue is told, whichever way the call is made; All OK when there is none", async () => {
  const [ok, ...others] = issuesOf(await post("Patient/$validate", patient(undefined, DIV)));
  assert.deepEqual([ok?.severity, ok?.code, ok?.diagnostics, others], ["information", "informational", "All OK", []]);
  const wrong = { ...right, status: "banana", subject: { reference: "Practitioner/1" } };
  const expected = ["error code-invalid Observation.status", "error value Observation.subject.reference"];
  assert.deepEqual(errors(await post("Observation/$validate", wrong)), expected);
  assert.deepEqual(errors(await post("Observation/$validate", parameters(wrong))), expected);
  assert.deepEqual(errors(await post("Observation/$validate", parameters({ ...wrong, id: "new" }, { name: "mode", valueCode: "create" }))), expected); // prettier-ignore
  const [issue] = issuesOf(await post("Observation/$validate", wrong));
  assert.ok(
    issue?.details?.text !== undefined && issue.diagnostics !== undefined && issue.details.text !== issue.diagnostics,
  );
  assert.deepEqual(errors(await post(`Observation/$validate?profile=${PROFILE}`, right)), [
    "error required Observation.issued",
  ]);
  const profile = { name: "profile", valueUri: PROFILE };
  assert.deepEqual(errors(await post("Observation/$validate", parameters(right, profile))), [
    "error required Observation.issued",
  ]);
  assert.deepEqual(errors(await server.call("GET", `Observation/one/$validate?profile=${PROFILE}`, { cookie })), ["error required Observation.issued"]); // prettier-ignore
  assert.deepEqual(errors(await server.call("GET", "Observation/one/$validate", { token })), []);
  assert.deepEqual(errors(await post("Observation/one/$validate", { ...right, id: "two" })), [
    "error invalid Observation.id",
  ]);
  const inXml = await server.call("GET", "Patient/tove/$validate?_format=xml", { token });
  assert.match(inXml.text, /<OperationOutcome .*All OK/s);
  assert.deepEqual(errors(await post("Parameters/$validate", { resourceType: "Parameters", parameter: [{ name: "x" }] })), ["error invariant Parameters.parameter[0]"]); // prettier-ignore
});

test("HTTP-VALIDATE-2 an asked profile that is not here is an error, a claimed one a warning, another type an error", async () => {
  assert.deepEqual(errors(await post("Observation/$validate?profile=urn:not:here", right)), [
    "error not-found Observation",
  ]);
  const claiming = { ...right, meta: { profile: ["urn:not:here"] } };
  assert.ok(
    told(await post("Observation/$validate", claiming)).includes("warning not-found Observation.meta.profile[0]"),
  );
  assert.deepEqual(errors(await post("Observation/$validate", claiming)), []);
  assert.ok(
    errors(await post("Observation/$validate", patient(undefined))).some((one) =>
      one.endsWith("Observation.resourceType"),
    ),
  );
  assert.ok(errors(await post("Observation/$validate", { resourceType: "Nothing" })).length > 0);
  const refused = await post("Observation", { ...right, meta: { profile: [PROFILE] } });
  assert.equal(refused.status, 422, refused.text);
  assert.deepEqual(refused.at("issue.0.expression"), ["Observation.issued"]);
  assert.match(String(refused.at("issue.0.details.text")), /profilen http:\/\/example\.com/);
});

test("HTTP-VALIDATE-3 calls that make no sense are refused, and what is out of reach is as what never was", async () => {
  const refused = async (call: Promise<Answer>, status: number): Promise<void> => {
    const answer = await call;
    assert.equal(answer.status, status, answer.text);
  };
  await refused(server.call("GET", "Observation/$validate", { token }), 404);
  await refused(server.call("POST", "Observation/$validate", { token }), 400);
  await refused(post("Observation/$validate", parameters(undefined)), 400);
  await refused(post("Observation/$validate?mode=banana", right), 400);
  await refused(post("Observation/$validate?mode=delete", right), 400);
  await refused(post("Observation/$validate?other=1", right), 400);
  await refused(post("Observation/$validate", parameters("x" as unknown as object)), 400);
  await refused(post("Nothing/$validate", right), 404);
  const theirs = await server.call("GET", "Observation/theirs/$validate", { cookie });
  const none = await server.call("GET", "Observation/none/$validate", { cookie });
  assert.deepEqual([theirs.status, theirs.text], [none.status, none.text]);
  assert.equal(theirs.status, 404);
});
