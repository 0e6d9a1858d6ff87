/** Rules of SPEC.md: what people do to loops, what they see, and what the clock does. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { JsonObject } from "../fhir/index.ts";
import {
  actOnLoops,
  loopCounts,
  loopsOf,
  loopsOfPatient,
  loopSteps,
  watchLoops,
  type ListAsk,
  type Loop,
  type LoopAct,
} from "./index.ts";
import { fresh, loopJournalOfFile, personOf, UNITS, type UnitName } from "./testing/index.ts";

const journal = await loopJournalOfFile();

const ref = (reference: string): JsonObject => ({ reference });
const unit = (name: UnitName): string => UNITS[name].careUnit;
const isCode = (code: string) => (error: { code?: string }) => error.code === code;

/** A request from `sender` that stands with `asked`, and its loop. */
async function requested(more: JsonObject = {}): Promise<{ loop: string; name: string }> {
  const id = fresh("request");
  await journal.write({
    resourceType: "ServiceRequest",
    id,
    status: "active",
    intent: "order",
    subject: ref("Patient/p1"),
    requester: ref("PractitionerRole/role-sender1"),
    performer: [ref("Organization/asked")],
    ...more,
  });
  const [loop] = await journal.loops(`ServiceRequest/${id}`); // a request has one
  return { loop: loop?.id ?? "", name: `ServiceRequest/${id}` };
}

/** An answer that waits for `sender`. */
async function answered(more: JsonObject = {}): Promise<string> {
  const { name } = await requested();
  const id = fresh("report");
  await journal.write(
    {
      resourceType: "DiagnosticReport",
      id,
      status: "final",
      code: { text: "Hb" },
      subject: ref("Patient/p1"),
      conclusion: "Ingen avvikelse.",
      basedOn: [ref(name)],
      ...more,
    },
    "asked",
  );
  const [loop] = await journal.loops(`DiagnosticReport/${id}`); // an answer has one
  return loop?.id ?? "";
}

const act = (loop: string, event: LoopAct["event"], more: Partial<LoopAct> = {}): LoopAct => ({
  loop,
  event,
  version: null,
  key: fresh("key"),
  ...more,
});
const did = async (who: UnitName, ...acts: LoopAct[]): Promise<Loop> => {
  const { value } = await actOnLoops(journal.at(who), acts);
  const last = value.at(-1);
  assert.ok(last !== undefined);
  return last;
};
const ALL: ListAsk = { side: "owner", mine: false, kinds: null, late: false, doneSince: null, after: null, limit: 200 };

test("LOOP-ACT-1 who has a loop takes it over, passes it on and ends it; each step tells who, and stands in the access log with its patient", async () => {
  const { loop } = await requested();
  const taken = await did("asked", act(loop, "take-over"));
  assert.deepEqual([taken.state, taken.responsible], ["taken-over", personOf("asked")]);
  const passed = await did("asked", act(loop, "forward", { to: { worklist: unit("beside") } }));
  assert.deepEqual([passed.state, passed.owner, passed.responsible], ["received", unit("beside"), null]);
  const back = await did("beside", act(loop, "return", { note: "Saknar frågeställning." }));
  assert.deepEqual([back.state, back.owner, back.responsible], ["returned", unit("sender"), personOf("sender")]);
  const { value } = await loopSteps(journal.at("sender"), loop);
  assert.deepEqual(
    value.steps.map(({ event, by, note }) => [event, by, note]),
    [
      ["open", "client lab", null],
      ["receive", "client lab", null],
      ["take-over", personOf("asked"), null],
      ["forward", personOf("asked"), null],
      ["return", personOf("beside"), "Saknar frågeställning."],
    ],
  );
  const lines = (await journal.log()).filter(({ action }) => action.startsWith("loop "));
  assert.ok(lines.length >= 3 && lines.every(({ patient, outcome }) => patient === "p1" && outcome === "granted"));
});

test("LOOP-ACT-2 the same key twice is one step; a version that is no longer so, a step that cannot be, and one refused of many change nothing", async () => {
  const { loop } = await requested();
  const once = act(loop, "take-over", { version: 2 });
  const [first, second] = [await did("asked", once), await did("asked", once)];
  assert.deepEqual(second, first);
  await assert.rejects(did("asked", act(loop, "note", { version: 2, note: "x" })), isCode("LOOP_CHANGED"));
  await assert.rejects(did("asked", act(loop, "book")), isCode("LOOP_STEP"));
  const other = await requested();
  await assert.rejects(did("asked", act(other.loop, "take-over"), act(loop, "book")), isCode("LOOP_STEP"));
  assert.equal((await journal.loops(other.name))[0]?.state, "received");
  const clicks = await Promise.allSettled(
    [1, 2, 3, 4].map(() => did("asked", act(other.loop, "take-over", { version: 2 }))),
  );
  assert.equal(clicks.filter(({ status }) => status === "fulfilled").length, 1); // the second click is told
});

test("LOOP-ACT-3 what is on nobody's list here is not there; what another has is not moved; a student answers for nothing; why is said where it must be", async () => {
  const { loop } = await requested();
  await assert.rejects(did("theirs", act(loop, "take-over")), isCode("NOT_FOUND"));
  await assert.rejects(loopSteps(journal.at("theirs"), loop), isCode("NOT_FOUND"));
  await assert.rejects(did("sender", act(loop, "take-over")), isCode("FORBIDDEN"));
  assert.equal((await did("sender", act(loop, "note", { note: "Bråttom." }))).state, "received");
  await assert.rejects(did("asked", act(loop, "return")), isCode("LOOP_INVALID"));
  await assert.rejects(did("asked", act(loop, "cancel")), isCode("LOOP_INVALID"));
  await assert.rejects(did("asked"), isCode("LOOP_INVALID"));
  await assert.rejects(did("asked", act(loop, "move", { to: { worklist: "nowhere" } })), isCode("NOT_FOUND"));
  const visit = journal.at("asked");
  const student = {
    ...visit.actor,
    assignment: { ...visit.actor.assignment, footing: { kind: "student", by: null, task: null } as const },
  };
  await assert.rejects(actOnLoops({ ...visit, actor: student }, [act(loop, "take-over")]), isCode("FORBIDDEN"));
  await assert.rejects(actOnLoops(journal.client(), [act(loop, "take-over")]), isCode("FORBIDDEN"));
  assert.ok((await journal.log()).some(({ action, outcome }) => action === "loop" && outcome === "refused"));
});

test("LOOP-ACT-4 many answers are handled at once, and one that was handled by mistake is opened again by its owner", async () => {
  const results = await Promise.all([answered(), answered(), answered()]);
  const { value } = await actOnLoops(
    journal.at("sender"),
    results.map((loop) => act(loop, "act")),
  );
  assert.deepEqual(
    value.map(({ state, owner }) => [state, owner]),
    results.map(() => ["acted-on", null]),
  );
  const again = await did("sender", act(results[0] ?? "", "reopen"));
  assert.deepEqual([again.state, again.owner], ["received", unit("sender")]);
});

test("LOOP-LIST-1 a list shows what its unit has or has sent, the most harmful first, each once over all pages, and nothing of others", async () => {
  const risks = ["routine", "stat", "urgent", "asap"];
  const mine = new Set<string>();
  for (const priority of risks) mine.add((await requested({ priority })).loop);
  const seen: Loop[] = [];
  let after: ListAsk["after"] = null;
  do {
    const { value }: Awaited<ReturnType<typeof loopsOf>> = await loopsOf(journal.at("asked"), {
      ...ALL,
      limit: 2,
      after,
    });
    seen.push(...value.loops);
    after = value.next;
  } while (after !== null);
  assert.equal(new Set(seen.map(({ id }) => id)).size, seen.length);
  for (const id of mine) assert.ok(seen.some((loop) => loop.id === id));
  assert.ok(seen.every(({ owner }) => owner === unit("asked")));
  const order = seen.map(({ risk, deadline, id }) => [risk, deadline ?? 0, id] as const);
  assert.deepEqual(
    order,
    order.toSorted((a, b) => a[0] - b[0] || a[1] - b[1] || (a[2] < b[2] ? -1 : 1)),
  );
  const sent = (await loopsOf(journal.at("sender"), { ...ALL, side: "sender", mine: true })).value.loops;
  for (const id of mine) assert.ok(sent.some((loop) => loop.id === id));
  assert.deepEqual((await loopsOf(journal.at("theirs"), ALL)).value.loops, []);
  assert.deepEqual((await loopsOfPatient(journal.at("theirs"), "p1", 0)).value.loops, []);
  assert.ok((await loopsOfPatient(journal.at("sender"), "p1", 0)).value.loops.length >= 4);
  const counts = (await loopCounts(journal.at("asked"))).value;
  assert.equal(
    counts.reduce((sum, { open }) => sum + open, 0),
    seen.length,
  );
});

test("LOOP-WATCH-1 what stands too long goes to the next, again and again, and each step is kept; who is away answers for nothing", async () => {
  const loop = await answered();
  const stand = async (): Promise<unknown[]> => {
    const [row] = await journal.sql("SELECT owner, responsible, level FROM loop WHERE id = $1", [loop]); // by its key
    return [row?.["owner"], row?.["responsible"], row?.["level"]];
  };
  assert.deepEqual(await stand(), [unit("sender"), personOf("sender"), 0]);
  await journal.sql(
    "INSERT INTO absence (id, person, since, until, deputy, registered, registered_by) VALUES ('a1', $1, $2, $3, $4, $2, 'x')",
    [personOf("sender"), new Date(journal.clock().getTime() - 1000), "2027-06-01", personOf("sender", "2")],
  );
  await watchLoops(journal.options);
  assert.deepEqual(await stand(), [unit("sender"), personOf("sender", "2"), 0]);
  for (const [days, expected] of [
    [7, [unit("sender"), null, 1]],
    [2, ["region", null, 2]],
    [2, ["region", null, 3]],
  ] as const) {
    journal.clock.forward(days * 86_400_000);
    while (await watchLoops(journal.options));
    assert.deepEqual(await stand(), expected);
  }
  const steps = await journal.sql("SELECT event FROM loop_event WHERE loop = $1 ORDER BY version", [loop]);
  assert.deepEqual(
    steps.map(({ event }) => event),
    ["open", "restaff", "escalate", "escalate", "escalate"],
  );
});

test("LOOP-WATCH-2 the ledger as a whole: nobody's loop is none, and what is late, failed and at the region's list is counted", async () => {
  const { loop } = await requested({ performer: [ref("Organization/nowhere")] });
  const standing = await journal.store.read("*", (look) => look.loops.standing(journal.clock().getTime()));
  assert.equal(standing.ownerless, 0);
  assert.ok(standing.failed >= 1);
  const far = await journal.store.read("*", (look) =>
    look.loops.standing(journal.clock().getTime() + 400 * 86_400_000),
  );
  assert.ok(far.overdue > standing.overdue);
  assert.ok(loop !== "");
});

test("LOOP-LEDGER-8 any steps by anybody at any time leave every open loop owned by a staffed list", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.constantFrom<UnitName>("sender", "asked", "beside"), fc.constantFrom<LoopAct["event"]>("take-over", "forward", "return", "resend", "read", "act", "reopen", "move", "assign", "ask-completion", "complete", "close", "note"), fc.constantFrom<UnitName>("asked", "beside", "theirs")), { minLength: 1, maxLength: 8 }), // prettier-ignore
      async (steps) => {
        const { loop } = await requested();
        for (const [who, event, to] of steps)
          await actOnLoops(journal.at(who), [act(loop, event, { note: "x", to: { worklist: unit(to) } })]).catch(
            (error: { status?: number }) => assert.ok((error.status ?? 500) < 500),
          );
        const bad = await journal.sql(
          `SELECT 1 FROM loop AS l LEFT JOIN worklist AS w ON w.id = l.owner
           WHERE l.closed IS NULL AND (w.id IS NULL OR NOT w.staffed OR l.deadline IS NULL)`,
        );
        assert.deepEqual(bad, []);
      },
    ),
    { numRuns: 25 },
  );
});
