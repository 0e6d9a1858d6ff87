import assert from "node:assert/strict";
import { test } from "node:test";
import { ledgerOf } from "./index.ts";
import { loopJournal } from "./testing/index.ts";

test("LOOP-OF-1 each request is found with its loops and those of its answers; one that is not there has none", async (t) => {
  const journal = await loopJournal(t);
  const subject = { reference: "Patient/p1" };
  for (const id of ["a", "b"])
    await journal.write({
      resourceType: "ServiceRequest",
      id,
      status: "active",
      intent: "order",
      subject,
      performer: [{ reference: "Organization/asked" }],
    });
  await journal.write(
    {
      resourceType: "DiagnosticReport",
      id: "answer",
      status: "final",
      code: { text: "Hb" },
      subject,
      conclusion: "Ingen avvikelse.",
      basedOn: [{ reference: "ServiceRequest/a" }],
    },
    "asked",
  );
  const seen = await ledgerOf(journal.store, ["b", "gone", "a"]);
  assert.deepEqual(
    seen.map(({ id, orders, results }) => [id, orders.map(({ state }) => state), results.map(({ state }) => state)]),
    [
      ["b", ["received"], []],
      ["gone", [], []],
      ["a", ["answered"], ["received"]],
    ],
  );
});
