/** Rules of SPEC.md: what opens a patient's records, as the chart asks. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { observation, OURS, patient, THEIRS } from "../journal/testing/index.ts";
import { serverOfTest, type Answer, type ServerOfTest } from "./testing/index.ts";

const server: ServerOfTest = await serverOfTest({ after }, { isUnrelated: true });
server.clock.forward(Date.now() - server.clock().getTime());
await server.put(patient("p1"));
await server.put(observation("here"));
await server.put(observation("theirs"), THEIRS);
const cookie = await server.cookie();
const SITE = { "x-eira": "1" };
const PATH = "/api/patients/p1/care";

const get = (path: string): Promise<Answer> => server.call("GET", path, { cookie });
const post = (path: string, body: unknown): Promise<Answer> =>
  server.call("POST", path, { cookie, headers: SITE, body });

test("HTTP-API-CARE-1 whoever nothing opens the patient to is told so, in every way of asking for one patient's records", async () => {
  for (const path of [
    "/api/patients/p1/overview",
    "/api/patients/p1/timeline",
    "/api/patients/p1/vitals",
    "/api/patients/p1/readers",
    "/fhir/R4/Observation?patient=p1",
    "/fhir/R4/Observation?subject=Patient/p1&_summary=count",
    "/fhir/R4/Patient/p1/Observation",
    "/fhir/R4/Patient/p1/$everything",
  ]) {
    const answer = await get(path);
    assert.equal(answer.status, 403, path);
    assert.equal(answer.code(), "NO_CARE_RELATION", path);
    assert.match(String(answer.at("issue.0.details.text")), /ingen vårdrelation/);
  }
  assert.equal((await get("/fhir/R4/Observation/here")).status, 404);
  assert.deepEqual((await get("/fhir/R4/Observation?status=final")).names(), []);
});

test("HTTP-API-CARE-2 the chart sees what is hidden and why, opens it step by step, and closes it again", async () => {
  const before = (await get(PATH)).json<
    { refusal: { openings: string[] }; facts: unknown[] } & { resourceType: string }
  >();
  assert.deepEqual(before.refusal.openings, ["register-relation", "give-reason", "emergency-access"]);
  const opened = await post(PATH, { kind: "relation" });
  assert.equal(opened.status, 200);
  assert.deepEqual((await get("/fhir/R4/Observation?patient=p1")).names(), ["Observation/here"]);
  assert.equal(opened.at("hidden.0.rule"), "ACC-NEEDS-CONSENT");
  assert.deepEqual(opened.at("hidden.0.openings"), ["record-consent", "emergency-access", "choose"]);
  await post(PATH, { kind: "consent", days: 30, representedBy: "Dotter, Maja Ek" });
  const source = { careProvider: THEIRS.careProvider, careUnit: null };
  const chosen = await post(PATH, { kind: "choice", source });
  assert.equal(chosen.at("open.1.rule"), "ACC-COHESIVE-CONSENT");
  assert.deepEqual((await get("/fhir/R4/Observation?patient=p1")).names().toSorted(), [
    "Observation/here",
    "Observation/theirs",
  ]);
  // Another care provider's record is read, not written.
  const changed = { ...observation("theirs"), language: "sv" };
  assert.equal((await server.call("PUT", "Observation/theirs", { cookie, headers: SITE, body: changed })).status, 403);
  assert.equal((await server.call("DELETE", "Observation/theirs", { cookie, headers: SITE })).status, 403);
  const facts = chosen.at("facts") as { id: string; kind: string }[];
  for (const { id } of facts) assert.equal((await post(`${PATH}/${id}/end`, { reason: "withdrawn" })).status, 200);
  assert.equal((await get("/fhir/R4/Observation?patient=p1")).code(), "NO_CARE_RELATION");
});

test("HTTP-API-CARE-3 bad input is told where it is bad, a change needs the site's own header, and nobody else's door is opened", async () => {
  const wrong: readonly (readonly [unknown, string])[] = [
    [{}, "kind"],
    [{ kind: "everything" }, "kind"],
    [{ kind: "reason" }, "reason"],
    [{ kind: "reason", reason: "" }, "reason"],
    [{ kind: "reason", reason: "x".repeat(1001) }, "reason"],
    [{ kind: "emergency", reason: 7 }, "reason"],
    [{ kind: "choice" }, "source"],
    [{ kind: "choice", source: { careProvider: "a b" } }, "source"],
    [{ kind: "consent", days: 0 }, "days"],
    [{ kind: "consent", days: 366 }, "days"],
    [{ kind: "consent", days: 1.5 }, "days"],
    [{ kind: "consent", days: 3, representedBy: "" }, "representedBy"],
  ];
  for (const [body, place] of wrong) {
    const answer = await post(PATH, body);
    assert.equal(answer.status, 422, JSON.stringify(body));
    assert.equal(answer.at("issue.0.expression.0"), place);
  }
  assert.equal(
    (await server.call("POST", PATH, { cookie, headers: { "x-eira": "0" }, body: { kind: "relation" } })).status,
    403,
  );
  assert.equal((await post("/api/patients/nobody/care", { kind: "relation" })).status, 404);
  assert.equal((await post(`${PATH}/unknown/end`, { reason: "withdrawn" })).status, 404);
  assert.equal((await post(`${PATH}/unknown/end`, { reason: "why" })).status, 422);
  const token = await server.token();
  assert.equal((await server.call("GET", PATH, { token })).status, 403);
  assert.deepEqual(await server.sql("SELECT 1 FROM care_fact WHERE ended IS NULL"), []);
  const beside = await server.cookie({ ...OURS, careUnit: "SE2321000131-E000000000012" }, { id: "beside" });
  await post(PATH, { kind: "relation" });
  assert.equal((await server.call("GET", "/api/patients/p1/overview", { cookie: beside })).code(), "NO_CARE_RELATION");
});

test("HTTP-API-CARE-4 what answers with a list refuses alike: GraphQL, $lastn, the whole compartment, what refers back, and forms", async () => {
  const stranger = await server.cookie({ ...OURS, careUnit: "SE2321000131-E000000000013" }, { id: "stranger" });
  const ask = (path: string): Promise<Answer> => server.call("GET", path, { cookie: stranger });
  const asked = [
    "/fhir/R4/Observation/$lastn?patient=p1",
    "/fhir/R4/Patient/p1/*?_type=Patient,Observation,Condition",
    "/fhir/R4/?_type=Observation,Condition&patient=p1",
    "/fhir/R4/Appointment?patient=Patient/p1",
    "/fhir/R4/Observation?subject:Patient._id=p1",
    "/fhir/R4/Observation?_filter=patient%20eq%20p1",
    "/fhir/R4/Patient?_id=p1&_revinclude=Observation:patient",
    "/fhir/R4/Patient?_id=p1&_has:Observation:patient:status=final",
    "/fhir/R4/$graphql?query={ObservationList(patient:%22p1%22){id}}",
    "/fhir/R4/$graphql?query={ObservationConnection(patient:%22p1%22){count}}",
  ];
  for (const path of asked) {
    const answer = await ask(path);
    assert.equal(answer.code(), "NO_CARE_RELATION", `${path} ${answer.text}`);
    assert.equal(answer.status, 403, path);
  }
  // Of a patient who never was the answer is the same, so that it tells nothing of who is here.
  assert.equal((await ask("/fhir/R4/Observation/$lastn?patient=nobody")).code(), "NO_CARE_RELATION");
  const form = await server.call("POST", "Observation/_search", { cookie: stranger, headers: { ...SITE, "content-type": "application/x-www-form-urlencoded" }, body: "patient=p1" }); // prettier-ignore
  assert.equal(form.code(), "NO_CARE_RELATION");
  // What was given beside it is given, and the part that is closed says why.
  const part = await ask("/fhir/R4/Patient/p1/$graphql?query={id,ObservationList(_reference:patient){id}}");
  assert.equal(part.at("data.id"), "p1");
  assert.equal(part.at("errors.0.extensions.resource.issue.0.details.coding.0.code"), "NO_CARE_RELATION");
  // Whoever asks for the patients themselves opens no records.
  assert.deepEqual((await ask("/fhir/R4/Patient?_id=p1")).names(), ["Patient/p1"]);
  const client = await server.token();
  assert.equal((await server.call("GET", asked[0] ?? "", { token: client })).status, 200);
  assert.equal((await server.log()).filter(({ action }) => action === "care").length > asked.length, true);
});
