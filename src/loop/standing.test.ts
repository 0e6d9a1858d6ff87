import assert from "node:assert/strict";
import { test } from "node:test";
import { ledgerStanding, lookAtLedger } from "./index.ts";
import { loopJournal } from "./testing/index.ts";

test("LOOP-STANDING-1 the whole ledger is looked at once a minute, kept for a day, and told to staff alone", async (t) => {
  const journal = await loopJournal(t);
  const request = { resourceType: "ServiceRequest", id: "r", status: "active", intent: "order", priority: "stat" };
  await journal.write({ ...request, subject: { reference: "Patient/p1" } });
  const first = await lookAtLedger(journal.options);
  assert.deepEqual([first.ownerless, first.failed, first.critical, first.overdue], [0, 1, 1, 0]);
  assert.deepEqual(await lookAtLedger(journal.options), first); // within the minute it is not asked again
  for (let minute = 0; minute < 400 * 5; minute += 5) {
    journal.clock.forward(300_000);
    await lookAtLedger(journal.options);
  }
  const { now, past } = (await ledgerStanding(journal.at("asked"))).value;
  assert.equal(past.length, 288);
  assert.equal(now.overdue, 1);
  assert.ok(past.every(({ at }, index) => index === 0 || at > (past[index - 1]?.at ?? 0)));
  assert.ok(!JSON.stringify({ now, past }).includes("p1"));
  await assert.rejects(ledgerStanding(journal.client()), (error: { code?: string }) => error.code === "FORBIDDEN");
});
