/** Rules JRN-HANDOUT: what another system is told of unasked. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { handOut, type HandOutAsk, type Receiver } from "./index.ts";
import { journalOfTest, observation, OURS, patient, THEIRS } from "./testing/index.ts";

const WARD: Receiver = { ...OURS, careUnit: "SE2321000131-E000000000012", units: [], use: "message" };
const ask = (type: string, ...ids: readonly string[]): HandOutAsk[] => ids.map((id) => ({ type, id }));

test("JRN-HANDOUT-1 a system is given records of its own care provider and of agreed units, and none that a block keeps from its unit", async (t) => {
  const journal = await journalOfTest(t);
  await journal.put(patient("p1"));
  await journal.put(observation("o1"));
  await journal.put(observation("o1"));
  await journal.put(observation("o2"), THEIRS);
  await journal.put(observation("o3"), { ...OURS, careUnit: WARD.careUnit });
  const given = async (receiver: Receiver, asks = ask("Observation", "o1", "o2", "o3", "none")): Promise<string> =>
    [...(await handOut(journal.client("system/*.rs"), receiver, asks)).value.keys()].join(" ");
  assert.equal(await given(WARD), "Observation/o1/ Observation/o3/");
  assert.equal(await given(WARD, [{ type: "Observation", id: "o1", version: 1 }]), "Observation/o1/1");
  assert.equal(await given({ ...WARD, units: [OURS.careUnit] }), "Observation/o1/");
  await journal.sql(
    `INSERT INTO block (id, patient, kind, care_provider, care_unit, since, until, registered, registered_by)
     VALUES ('b1', 'p1', 'inner', $1, $2, '2001-01-01', '2001-02-01', now(), 'SE-A')`,
    [OURS.careProvider, OURS.careUnit],
  );
  assert.equal(await given(WARD), "Observation/o3/", "nobody is there to judge a period");
  assert.equal(await given({ ...WARD, careUnit: OURS.careUnit }), "Observation/o1/ Observation/o3/");
  assert.equal(await given(WARD, ask("Patient", "p1")), "Patient/p1/");
});

test("JRN-HANDOUT-2 of the protected it is given what is agreed on, each thing is logged before, and without a scope it is refused", async (t) => {
  const journal = await journalOfTest(t);
  const security = [{ system: "http://terminology.hl7.org/CodeSystem/v3-Confidentiality", code: "R" }];
  const identifier = [{ system: "http://electronichealth.se/identifier/personnummer", value: "189001019802" }];
  const name = [{ family: "Gömd" }];
  await journal.put({ resourceType: "Patient", id: "p1", meta: { security }, identifier, name });
  const shown = async (use: Receiver["use"], scope = "system/Patient.rs"): Promise<string> => {
    const { value } = await handOut(journal.client(scope), { ...WARD, use }, ask("Patient", "p1", "p2"));
    const text = JSON.stringify(value.get("Patient/p1/")?.resource);
    return [text.includes("189001019802"), text.includes("Gömd")].map(Number).join("");
  };
  assert.deepEqual([await shown("message"), await shown("search")], ["00", "10"]);
  assert.equal(await shown("message", "system/Patient.rs system/ProtectedIdentity.r"), "11");
  const lines = (await journal.log()).filter(({ action }) => action === "notify");
  assert.deepEqual(lines.map(({ patient: whose }) => whose), ["p1", "p1", "p1"]); // prettier-ignore
  assert.ok(!JSON.stringify(lines).includes("p2"));
  await assert.rejects(shown("message", "system/Observation.rs"), { code: "FORBIDDEN" });
});
