/** Rule CLIN-REFERRAL-10 of the clinical SPEC.md: what patients see of their referrals at their own door. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import type { JsonObject } from "../../fhir/index.ts";
import { OURS } from "../../journal/testing/index.ts";
import { ledgerAlong } from "../../loop/index.ts";
import { serverOfTest } from "../testing/index.ts";
import { doorOf, putPerson } from "./testing.ts";

const server = await serverOfTest({ after }, { referentialIntegrity: false });
Object.assign(server.options, { along: ledgerAlong });
const SENDER = { ...OURS, careUnit: "SE2321000131-E000000000012" } as const;
const HSA = "urn:oid:1.2.752.29.4.19";

test("CLIN-REFERRAL-10 the patient sees the own referrals with who has each, since when, its words and its day; nothing that the door keeps back, nothing of others, and nobody's name", async () => {
  for (const [id, name, { careUnit }] of [
    ["asked", "Ortopeden", OURS],
    ["sender", "Vårdcentralen", SENDER],
  ] as const) {
    await server.put({ resourceType: "Organization", id, name, identifier: [{ system: HSA, value: careUnit }] }, null);
    await server.put({ resourceType: "Practitioner", id, identifier: [{ system: HSA, value: `${careUnit}-P` }] }, null);
    const works = {
      practitioner: { reference: `Practitioner/${id}` },
      organization: { reference: `Organization/${id}` },
    };
    await server.put({ resourceType: "PractitionerRole", id, active: true, ...works }, null);
  }
  await putPerson(server, "own", "1970-01-01");
  await putPerson(server, "other", "1980-01-01");
  const refer = (id: string, of: string, more: JsonObject = {}): Promise<unknown> =>
    server.put(
      {
        resourceType: "ServiceRequest",
        id,
        status: "active",
        intent: "order",
        authoredOn: "2026-01-01T08:00:00Z",
        category: [{ coding: [{ system: "http://snomed.info/sct", code: "3457005" }] }],
        code: { text: "Bedömning av knä" },
        subject: { reference: `Patient/${of}` },
        performer: [{ reference: "Organization/asked" }],
        reasonCode: [{ text: "Protes?" }],
        ...more,
      },
      SENDER,
    );
  await refer("r-own", "own");
  await refer("r-other", "other");
  await refer("r-closed", "own", { meta: { security: [{ system: "urn:eira:class", code: "NOPATIENT" }] } });
  await server.put({
    resourceType: "Task",
    id: "t1",
    status: "accepted",
    intent: "order",
    businessStatus: { coding: [{ code: "4" }] },
    code: { coding: [{ system: "urn:eira:remiss", code: "bedomning" }] },
    focus: { reference: "ServiceRequest/r-own" },
    for: { reference: "Patient/own" },
    restriction: { period: { end: "2026-12-24" } },
    note: [{ text: "Intern anteckning" }],
  });
  const door = await doorOf(server, "own");
  const answer = await door.get("requests");
  assert.equal(answer.status, 200, answer.text);
  const { items } = answer.json<{ items: Record<string, unknown>[] }>();
  assert.equal(items.length, 1, answer.text);
  const [one] = items;
  assert.deepEqual(
    [one?.["id"], one?.["title"], one?.["question"], one?.["owner"], one?.["sender"], one?.["state"], one?.["target"]],
    ["r-own", "Bedömning av knä", "Protes?", "Ortopeden", "Vårdcentralen", "taken-over", "2026-12-24"],
  );
  assert.deepEqual(one?.["national"], { code: "4", isReturned: false, isWithdrawn: false });
  assert.doesNotMatch(answer.text, /Intern anteckning|r-other|r-closed|-P"/);
  const seen = (await server.log()).filter(({ actor }) => actor === "patient own").flatMap(({ what }) => what);
  assert.ok(seen.some((name) => name.startsWith("ServiceRequest/r-own")));
});
