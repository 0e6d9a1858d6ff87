import assert from "node:assert/strict";
import { test } from "node:test";
import { ownersOf } from "./index.ts";
import { journalOfTest, observation, OURS, patient, THEIRS } from "./testing/index.ts";

test("JRN-OWNER-3 a system is told whose a resource is, a person is not", async (t) => {
  const journal = await journalOfTest(t);
  await journal.put(patient("p1"));
  await journal.put(observation("o1"));
  await journal.put(observation("o2"), THEIRS);
  const owners = await ownersOf(journal.client(), "Observation", ["o1", "o2", "none"]);
  assert.deepEqual([...owners], [["o1", OURS], ["o2", THEIRS]]); // prettier-ignore
  await assert.rejects(ownersOf(journal.person(), "Observation", ["o1"]), { code: "FORBIDDEN" });
  await assert.rejects(ownersOf(journal.client("system/Patient.rs"), "Observation", ["o1"]), { code: "FORBIDDEN" });
});
