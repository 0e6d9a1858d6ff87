import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { FhirError } from "../fhir/index.ts";
import { advanced, opened, type NewLoop } from "./advance.ts";
import { allowance, nextAllowance } from "./deadlines.ts";
import { allStates, allSteps, FIRST, isEnd, possible, stepOf } from "./machine.ts";
import { EVENTS, KINDS, STATES, type Kind, type Loop, type Risk, type State } from "./model.ts";

const loopOf = (kind: Kind, risk: Risk = 3): NewLoop => ({
  id: "l",
  home: 1,
  kind,
  subject: { type: "ServiceRequest", id: "s", recipient: "" },
  patient: "p",
  owner: "a",
  responsible: null,
  sender: "a",
  sentBy: null,
  receiver: "b",
  risk,
  parent: null,
});

/** The states of a kind from which an end can be reached, worked out backwards. */
function reaching(kind: Kind): Set<State> {
  const found = new Set(allStates().flatMap((one) => (one.kind === kind && one.ends ? [one.state] : [])));
  for (let before = -1; before !== found.size;) {
    before = found.size;
    for (const step of allSteps())
      if (step.kind === kind && step.from !== "" && found.has(step.to)) found.add(step.from);
  }
  return found;
}

test("LOOP-MACHINE-1 every open state can come to an end, and no step leaves the states of its kind", () => {
  const states = allStates();
  assert.ok(states.length > 40);
  for (const { kind, state } of states) assert.ok(reaching(kind).has(state), `${kind} ${state} never ends`);
  for (const { kind, from, event, to } of allSteps()) {
    assert.ok(
      states.some((one) => one.kind === kind && one.state === to),
      `${kind} ${event} to ${to}`,
    );
    if (event !== "open")
      assert.ok(
        states.some((one) => one.kind === kind && one.state === from),
        `${kind} ${event} from ${from}`,
      );
  }
  for (const kind of KINDS) assert.ok(!isEnd(kind, FIRST[kind]), kind);
});

test("LOOP-MACHINE-2 what is no step is refused; out of an end an owner is said", () => {
  for (const kind of KINDS)
    for (const { state } of allStates().filter((one) => one.kind === kind))
      for (const event of EVENTS) {
        const ended = isEnd(kind, state);
        const loop: Loop = {
          ...opened(loopOf(kind), 0),
          state,
          ...(ended ? { owner: null, deadline: null, closed: 1 } : {}),
        };
        const to = stepOf(kind, state, event);
        const work = () => advanced(loop, event, { at: 5 });
        if (to === undefined || (ended && !isEnd(kind, to)))
          assert.throws(
            work,
            (error) => error instanceof FhirError && error.code === "LOOP_STEP",
            `${kind} ${state} ${event}`,
          );
        else assert.equal(work().state, to);
        if (to !== undefined && ended) assert.equal(advanced(loop, event, { at: 5, owner: "c" }).state, to);
      }
});

test("LOOP-MACHINE-3 an answer or acceptance at the wrong time is taken as long as it is waited for", () => {
  const waiting = [
    "created",
    "transferred",
    "received",
    "taken-over",
    "completion-asked",
    "returned",
    "failed",
  ] as const;
  for (const kind of ["order", "referral"] as const)
    for (const state of waiting) {
      assert.equal(stepOf(kind, state, "answer"), "answered");
      assert.ok(state === "taken-over" || stepOf(kind, state, "take-over") === "taken-over", state);
    }
});

test("LOOP-ADVANCE-1 whatever happens, an open loop has owner and deadline, and an ended one neither", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...KINDS),
      fc.constantFrom<Risk>(0, 1, 2, 3),
      fc.array(
        fc.tuple(fc.nat(), fc.integer({ min: -10_000_000, max: 4_000_000_000 }), fc.constantFrom("x", "y", undefined)),
        { maxLength: 40 },
      ),
      (kind, risk, steps) => {
        let loop = opened(loopOf(kind, risk), 1_000_000_000);
        let latest = loop.since;
        for (const [pick, later, owner] of steps) {
          const events = possible(kind, loop.state);
          if (events.length === 0) break;
          const event = events[pick % events.length]!;
          const at = loop.since + later;
          latest = Math.max(latest, at);
          const next = advanced(loop, event, { at, owner: owner ?? "z" });
          assert.equal(next.version, loop.version + 1);
          assert.equal(next.closed === null, next.owner !== null && next.deadline !== null);
          assert.equal(isEnd(kind, next.state), next.closed !== null);
          const most = Math.max(allowance(kind, next.state, risk), nextAllowance(risk));
          if (next.deadline !== null) assert.ok(next.deadline <= latest + most);
          loop = next;
        }
      },
    ),
  );
  assert.equal(STATES.length, new Set(STATES).size);
});

test("LOOP-ADVANCE-2 a clock that is set back moves nothing away", () => {
  const loop = advanced(opened(loopOf("order", 1), 1_000), "receive", { at: 500 });
  assert.equal(loop.since, 1_000);
  assert.equal(loop.deadline, 1_000 + allowance("order", "received", 1));
  const noted = advanced(loop, "note", { at: 0 });
  assert.equal(noted.deadline, loop.deadline);
});
