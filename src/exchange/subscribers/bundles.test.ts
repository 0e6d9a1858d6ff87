import assert from "node:assert/strict";
import { test } from "node:test";
import type { Bundle, Parameters } from "fhir/r4";
import { isError, parseJson, validateResource, type JsonObject } from "../../fhir/index.ts";
import { notificationText, statusCode, type Notification, type ToldEvent } from "./bundles.ts";
import type { Content } from "./wanted.ts";

const BASE = "https://eira.example/fhir/R4";
const ROW = { id: "s1", state: "active", why: null, parked: null, lastNumber: 7 } as const;
const TEXT =
  '{"resourceType":"Observation","id":"o1","status":"final","code":{"text":"x"},"valueQuantity":{"value":6.0}}';

const EVENTS: readonly ToldEvent[] = [
  {
    number: 8,
    line: "Patient/p1",
    type: "Observation",
    id: "o1",
    version: 2,
    method: "update",
    recorded: "2026-11-21T08:00:00.000Z",
    patient: "p1",
    content: TEXT,
  },
  {
    number: 9,
    line: "Patient/p1",
    type: "Observation",
    id: "o2",
    version: 3,
    method: "delete",
    recorded: "2026-11-21T08:00:01.000Z",
    patient: "p1",
    content: undefined,
  },
];

function notification(content: Content, more: Partial<Notification> = {}): Notification {
  return {
    type: "event-notification",
    base: BASE,
    topic: `${BASE}/SubscriptionTopic/Observation-change`,
    uuid: "b21e4fae-ce73-45cb-8e37-1e203362b2ae",
    now: "2026-11-21T08:00:02.000Z",
    content,
    events: EVENTS,
    ...more,
  };
}

function statusOf(text: string): Parameters {
  return (JSON.parse(text) as Bundle).entry?.[0]?.resource as Parameters;
}

test("EXCH-BUNDLE-1 a notification is a valid history Bundle whose first entry is the status; resources stand in it to the byte", () => {
  for (const content of ["empty", "id-only", "full-resource"] as const) {
    const text = notificationText(ROW, notification(content));
    assert.deepEqual(validateResource(parseJson(text) as JsonObject).filter(isError), [], content);
    const bundle = JSON.parse(text) as Bundle;
    assert.equal(bundle.type, "history");
    assert.equal(bundle.entry?.length, content === "empty" ? 1 : 3);
    assert.equal(text.includes(TEXT), content === "full-resource");
    assert.equal(text.includes("Observation/o1"), content !== "empty");
    assert.equal(bundle.entry?.[0]?.request?.url, `${BASE}/Subscription/s1/$status`);
    const named = statusOf(text).parameter?.map(({ name }) => name) ?? [];
    const events = ["notification-event", "notification-event"];
    assert.deepEqual(named, ["subscription", "topic", "status", "type", "events-since-subscription-start", ...events]);
  }
});

test("EXCH-BUNDLE-2 a notification counts itself among the events since the start; handshakes and heartbeats have none", () => {
  const since = (text: string): string | undefined =>
    statusOf(text).parameter?.find(({ name }) => name === "events-since-subscription-start")?.valueString;
  assert.equal(since(notificationText(ROW, notification("empty"))), "9");
  const heartbeat = notificationText(ROW, notification("full-resource", { type: "heartbeat", events: [] }));
  assert.equal(since(heartbeat), "7");
  assert.equal((JSON.parse(heartbeat) as Bundle).entry?.length, 1);
});

test("EXCH-BUNDLE-3 a subscription that cannot be served says error and why", () => {
  assert.equal(statusCode(ROW), "active");
  assert.equal(statusCode({ ...ROW, why: "no grounds" }), "error");
  assert.equal(statusCode({ ...ROW, parked: "2026-11-21T08:00:00Z" }), "error");
  assert.equal(statusCode({ ...ROW, state: "off", parked: "2026-11-21T08:00:00Z" }), "off");
  const told = statusOf(notificationText({ ...ROW, why: "no grounds" }, notification("empty")));
  assert.equal(told.parameter?.at(-1)?.valueCodeableConcept?.text, "no grounds");
});
