/** Rule EXCH-MAP-TOGETHER. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { journalOfTest } from "../../journal/testing/index.ts";
import { takeInTogether } from "./take-in.ts";
import { answer, LAB, OTHER_NUMBER, putOrder, visitOf } from "./testing/index.ts";

const journal = await journalOfTest({ after });

test("EXCH-MAP-TOGETHER-1 answers to several orders are taken in with one look and one commit, each as it would be alone; where that cannot be, nothing is written", async () => {
  const orders = ["o1", "o2", "o3"];
  for (const id of orders) await putOrder(journal, id);
  const reports = async (): Promise<number> =>
    (await journal.sql<{ n: number }>("SELECT count(*)::int4 AS n FROM diagnosticreport"))[0]?.n ?? -1;
  const visit = visitOf(journal);
  const messages = orders.map((order) => answer({ order, control: order }));
  const same = [...messages, answer({ order: "o1", control: "again" })];
  assert.equal(await takeInTogether(visit, same, LAB), undefined, "two of one order");
  assert.equal(await reports(), 0);
  const strange = [messages[0], messages[1], answer({ order: "o3", number: OTHER_NUMBER })].filter(
    (one) => one !== undefined,
  );
  const taken = await takeInTogether(visit, strange, LAB);
  assert.deepEqual(
    taken?.map(({ outcome }) => outcome),
    ["applied", "applied", "quarantined"],
  );
  assert.ok(taken?.[0]?.written.some((name) => name.startsWith("DiagnosticReport/")));
  assert.equal(new Set(taken?.flatMap(({ written }) => written)).size, taken?.flatMap(({ written }) => written).length);
  assert.equal(await reports(), 2);
  const again = await takeInTogether(visit, messages, LAB);
  assert.deepEqual(
    again?.map(({ outcome }) => outcome),
    ["nothing", "nothing", "applied"],
  );
  assert.equal(await reports(), 3);
});
