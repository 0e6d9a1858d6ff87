import assert from "node:assert/strict";
import { test } from "node:test";
import { RESOURCE_TYPES, type JsonObject } from "../../fhir/index.ts";
import { searchSubscription, topicSubscription, type TopicAsk } from "../testing/index.ts";
import { topicCanonicals, triggersOf } from "./topics.ts";
import { wantedOf, type Wanted } from "./wanted.ts";

const BASE = "https://eira.example/fhir/R4";
const HOOK = "https://a.example/hook";

const wanted = (subscription: JsonObject): Wanted | string => wantedOf(JSON.stringify(subscription), BASE);
const ofTopic = (topic: string, ask: TopicAsk = {}): Wanted | string =>
  wanted(topicSubscription("s", `${BASE}/SubscriptionTopic/${topic}`, HOOK, ask));

function understood(one: Wanted | string): Wanted {
  assert.ok(typeof one !== "string", String(one));
  return one;
}

test("EXCH-WANTED-1 R4's subscription: a search of one type, the whole resource or nothing", () => {
  const whole = understood(wanted(searchSubscription("s", "Observation?code=a%7Cb&status=final", HOOK)));
  assert.deepEqual(whole.triggers, [
    {
      type: "Observation",
      methods: ["create", "update"],
      current: [
        ["code", "a|b"],
        ["status", "final"],
      ],
    },
  ]);
  assert.equal(whole.content, "full-resource");
  const { payload: _payload, ...channel } = searchSubscription("s", "", HOOK)["channel"] as JsonObject;
  assert.equal(understood(wanted({ ...searchSubscription("s", "Patient", HOOK), channel })).content, "empty");
  assert.equal(understood(wanted({ ...searchSubscription("s", "Patient", HOOK), status: "off" })).isOff, true);
});

test("EXCH-WANTED-2 the backport's subscription: topic, filters of one or each of its types, content, heartbeat, timeout", () => {
  const ask: TopicAsk = {
    filters: ["Observation?code=x", "patient=Patient/p1"],
    content: "id-only",
    extension: [
      ["heartbeat-period", 60],
      ["timeout", 5],
    ],
  };
  const found = understood(ofTopic("patient-results", ask));
  assert.deepEqual(
    found.triggers.map(({ type, current }) => [type, current]),
    [
      [
        "Observation",
        [
          ["code", "x"],
          ["patient", "Patient/p1"],
        ],
      ],
      ["DiagnosticReport", [["patient", "Patient/p1"]]],
    ],
  );
  const { content, heartbeatSeconds, timeoutSeconds } = found;
  assert.deepEqual(
    { content, heartbeatSeconds, timeoutSeconds },
    { content: "id-only", heartbeatSeconds: 60, timeoutSeconds: 5 },
  );
  const usual = understood(
    ofTopic("encounter-end", {
      extension: [
        ["timeout", 4_000_000],
        ["heartbeat-period", 1],
      ],
    }),
  );
  assert.deepEqual([usual.timeoutSeconds, usual.heartbeatSeconds], [60, 5]);
});

test("EXCH-WANTED-3 what cannot be understood is told in words and never guessed", () => {
  const bad: (Wanted | string)[] = [
    wanted(searchSubscription("s", "Nothing?code=1", HOOK)),
    wanted(searchSubscription("s", "?code=1", HOOK)),
    wanted(searchSubscription("s", "Observation?code=%E5", HOOK)),
    wanted(searchSubscription("s", "Observation", HOOK, { type: "websocket" })),
    wanted(searchSubscription("s", "Observation", HOOK, { payload: "application/fhir+xml" })),
    wanted(searchSubscription("s", "Observation", HOOK, { header: ["Host: x"] })),
    wanted(topicSubscription("s", "http://hl7.org/SubscriptionTopic/admission", HOOK)),
    ofTopic("constructor"),
    ofTopic("Nothing-change"),
    ofTopic("Observation-change", { filters: ["Encounter?status=finished"] }),
    ofTopic("Observation-change", { filters: [""] }),
    ofTopic("Observation-change", { filters: Array.from({ length: 21 }, () => "code=x") }),
    ofTopic("Observation-change", { content: "everything" }),
    ofTopic("Observation-change", { channel: { payload: "text/plain" } }),
  ];
  for (const [at, one] of bad.entries()) assert.equal(typeof one, "string", `${at}: ${JSON.stringify(one)}`);
});

test("EXCH-TOPIC-1 every type has a topic, every topic that is told of exists, and other servers' topics do not", () => {
  const all = topicCanonicals(BASE);
  assert.ok(all.length > RESOURCE_TYPES.length);
  for (const one of all) assert.ok((triggersOf(one, BASE) ?? []).length > 0, one);
  assert.equal(triggersOf("https://other.example/fhir/R4/SubscriptionTopic/Observation-change", BASE), undefined);
  assert.ok(triggersOf(`${BASE}/SubscriptionTopic/encounter-start|1.0`, BASE));
});
