/** Rules of ../SPEC.md: the waiting list is the open requests, counted anew from the resources. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { addDays, type LocalDate } from "../../base/index.ts";
import { parseJson, type JsonObject } from "../../fhir/index.ts";
import { loopJournal, UNITS } from "../../loop/testing/index.ts";
import { referenceIn } from "../said.ts";
import { CLOCKS, dayOf, daysBetween } from "./guarantee.ts";
import { assessmentIn, assessmentTask } from "./matter.ts";
import { waitingList } from "./waiting.ts";

const ref = (reference: string): JsonObject => ({ reference });

test("CLIN-WAIT-3 the list of a unit is its open requests and nothing else, as counted anew from the resources, and it changes as they do; others see it not", async (t) => {
  const journal = await loopJournal(t);
  const drawn = fc.sample(
    fc.record({
      days: fc.integer({ min: 0, max: 200 }),
      end: fc.constantFrom("open", "open", "open", "answered", "revoked", "elsewhere", "order"),
      isAssessed: fc.boolean(),
      pause: fc.option(fc.integer({ min: 1, max: 60 })),
    }),
    { numRuns: 28, seed: 5 },
  );
  const now = journal.clock().getTime();
  const at = (days: number): string => new Date(now - days * 86_400_000).toISOString();
  for (const [n, one] of drawn.entries()) {
    const id = `r${n}`;
    const request = {
      resourceType: "ServiceRequest",
      id,
      status: "active",
      intent: "order",
      authoredOn: at(one.days),
      ...(one.end === "order"
        ? {}
        : { category: [{ coding: [{ system: "http://snomed.info/sct", code: "3457005" }] }] }),
      code: { text: `Fråga ${n}` },
      subject: ref("Patient/p1"),
      requester: ref("PractitionerRole/role-sender1"),
      performer: [ref(`Organization/${one.end === "elsewhere" ? "beside" : "asked"}`)],
    };
    await journal.write(request);
    if (one.isAssessed && one.end !== "elsewhere") {
      const pauses = one.pause === null ? [] : [{ code: "patient-chosen" as const, reason: "Vill vänta", from: dayOf(at(one.days - 1))!, until: dayOf(at(one.days - 1 - one.pause))! }]; // prettier-ignore
      const task = assessmentTask(
        { request, loop: { subject: { type: "ServiceRequest", id, recipient: "" } } as never },
        {
          status: "accepted",
          code: "4",
          priority: "urgent",
          target: dayOf(at(one.days - 30))!,
          pauses,
          owner: ref("Organization/asked"),
          by: ref("PractitionerRole/role-asked1"),
          person: ref("Practitioner/asked1"),
          at: at(one.days),
        },
      );
      await journal.write({ ...task, id: `t${n}` }, "asked");
    }
    if (one.end === "answered")
      await journal.write({ resourceType: "DiagnosticReport", id: `d${n}`, status: "final", code: { text: "Svar" }, conclusion: "Klart.", subject: ref("Patient/p1"), basedOn: [ref(`ServiceRequest/${id}`)] }, "asked"); // prettier-ignore
    if (one.end === "revoked") await journal.write({ ...request, status: "revoked" });
  }
  const { value } = await waitingList(journal.at("asked"), "referral");
  const texts = async (type: string): Promise<JsonObject[]> =>
    (await journal.sql<{ content: string }>(`SELECT content FROM ${type}`)).map(
      ({ content }) => parseJson(content) as JsonObject,
    );
  const answered = new Set(
    (await texts("diagnosticreport")).flatMap((one) => referenceIn((one["basedOn"] as JsonObject[])[0])),
  );
  const tasks = new Map((await texts("task")).map((one) => [referenceIn(one["focus"]), assessmentIn(one)]));
  const expected = (await texts("servicerequest"))
    .filter(
      (one) =>
        one["status"] === "active" &&
        one["category"] !== undefined &&
        !answered.has(`ServiceRequest/${String(one["id"])}`) &&
        referenceIn((one["performer"] as JsonObject[])[0]) === "Organization/asked",
    )
    .map((one) => {
      const said = tasks.get(`ServiceRequest/${String(one["id"])}`);
      const start = dayOf(String(one["authoredOn"]))!;
      const today = dayOf(new Date(now).toISOString())!;
      const [pause] = said?.pauses ?? [];
      const stopped =
        pause === undefined ? 0 : daysBetween(pause.from, pause.until! < today ? pause.until! : addOne(today));
      const waited = daysBetween(start, today) - Math.max(0, stopped);
      return `${String(one["id"])} ${waited} ${waited > CLOCKS.visit} ${said?.target ?? "-"} ${said?.priority ?? "routine"}`;
    });
  const shown = value.items.map(
    ({ known, guarantee }) =>
      `${known?.request} ${guarantee.waited} ${guarantee.isOver} ${known?.target ?? "-"} ${known?.priority}`,
  );
  assert.ok(expected.length > 5);
  assert.deepEqual(shown.toSorted(), expected.toSorted());
  assert.equal(value.more, false);
  assert.deepEqual((await waitingList(journal.at("sender"), "referral")).value.items, []);
  assert.equal(
    (await waitingList(journal.at("asked"), "order")).value.items.length,
    drawn.filter(({ end }) => end === "order").length,
  );
  const [first] = value.items;
  await journal.write({
    ...(await texts("servicerequest")).find(({ id }) => id === first?.known?.request)!,
    status: "revoked",
  });
  assert.equal((await waitingList(journal.at("asked"), "referral")).value.items.length, shown.length - 1);
  await assert.rejects(waitingList(journal.client("system/*.rs", UNITS.asked), "referral"), { code: "FORBIDDEN" });
});

function addOne(day: LocalDate): LocalDate {
  return addDays(day, 1);
}
