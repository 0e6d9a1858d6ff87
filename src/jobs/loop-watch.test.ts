import assert from "node:assert/strict";
import { test } from "node:test";
import { ledgerAlong } from "../loop/index.ts";
import { loopJournal } from "../loop/testing/index.ts";
import { startLoopWatch } from "./loop-watch.ts";

test("JOBS-LEDGER-1 the clock moves what stands too long, in one of several servers, and goes on after a fault", async (t) => {
  const journal = await loopJournal(t);
  const id = "late";
  const request = {
    resourceType: "ServiceRequest",
    id,
    status: "active",
    intent: "order",
    subject: { reference: "Patient/p1" },
  };
  await journal.write({ ...request, performer: [{ reference: "Organization/asked" }] });
  journal.clock.forward(3 * 86_400_000);
  const faults: unknown[] = [];
  let isBroken = true;
  const breaking = (): Date => {
    if (!isBroken) return journal.clock();
    isBroken = false;
    throw new Error("planted");
  };
  const watches = [breaking, journal.clock].map((clock) =>
    startLoopWatch({ ...journal.options, clock, along: ledgerAlong }, (error) => faults.push(error)),
  );
  t.after(() => Promise.all(watches.map((watch) => watch.stop())));
  for (let n = 0; n < 200; n += 1) {
    const [loop] = await journal.loops(`ServiceRequest/${id}`); // it has one
    if (loop?.level === 1) break;
    for (const watch of watches) watch.wake();
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const [loop] = await journal.loops(`ServiceRequest/${id}`);
  assert.equal(loop?.level, 1); // once, by whichever server
  assert.equal(faults.length <= 1, true);
});
