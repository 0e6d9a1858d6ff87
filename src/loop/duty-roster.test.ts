/** Rules of SPEC.md: what is offered to whom, and who is away or on duty. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { PersonActor } from "../access/index.ts";
import type { Visit } from "../journal/index.ts";
import {
  actOnLoops,
  dutyRoster,
  endAbsence,
  endTurn,
  EVENTS,
  findLists,
  loopsOf,
  loopTotals,
  ownLists,
  registerAbsence,
  registerTurn,
  stepsOpen,
  watchLoops,
  type ListAsk,
  type Loop,
} from "./index.ts";
import { loopJournalOfFile, personOf, UNITS, type UnitName } from "./testing/index.ts";

const journal = await loopJournalOfFile();

const DAY = 86_400_000;
const unit = (name: UnitName): string => UNITS[name].careUnit;
const isCode = (code: string) => (error: { code?: string }) => error.code === code;
const ALL: ListAsk = {
  side: "owner",
  mine: false,
  kinds: null,
  late: false,
  doneSince: null,
  after: null,
  limit: 200,
};

let made = 0;
async function requested(): Promise<void> {
  await journal.write({
    resourceType: "ServiceRequest",
    id: `roster-${(made += 1)}`,
    status: "active",
    intent: "order",
    subject: { reference: "Patient/p1" },
    requester: { reference: "PractitionerRole/role-sender1" },
    performer: [{ reference: "Organization/asked" }],
  });
}

const listed = async (who: UnitName, side: ListAsk["side"] = "owner"): Promise<readonly Loop[]> =>
  (await loopsOf(journal.at(who), { ...ALL, side })).value.loops;

function student(visit: Visit & { readonly actor: PersonActor }): Visit {
  const footing = { kind: "student", by: null, task: null } as const;
  return { ...visit, actor: { ...visit.actor, assignment: { ...visit.actor.assignment, footing } } };
}

test("LOOP-LIST-2 the steps that are offered are exactly those that are taken, for whoever has a loop, sent it, or only sees it", async () => {
  for (let count = 0; count < 3; count += 1) await requested();
  for (const [who, side] of [
    ["asked", "owner"],
    ["sender", "sender"],
  ] as const) {
    const mine = new Set((await ownLists(journal.at(who))).map(({ id }) => id));
    assert.deepEqual([...mine], [unit(who)]);
    const [loop] = await listed(who, side); // any of them
    if (loop === undefined) throw new Error("there is no loop to ask about");
    const offered = stepsOpen(loop, mine);
    assert.ok(offered.length > 0);
    const refused = EVENTS.filter((event) => !offered.includes(event));
    for (const event of refused)
      await assert.rejects(
        actOnLoops(journal.at(who), [
          { loop: loop.id, version: loop.version, event, note: "x", key: `no ${who} ${event}` },
        ]),
        (error: { status?: number }) => (error.status ?? 500) < 500,
      );
    for (const [at, event] of offered.entries()) {
      await requested();
      const fresh: Loop | undefined = (await listed(who, side)).findLast(({ state }) => state === loop.state);
      assert.ok(fresh);
      const act = { loop: fresh.id, version: fresh.version, event, note: "x", key: `yes ${who} ${at}` };
      const to = { worklist: unit("beside"), person: null };
      await actOnLoops(journal.at(who), [event === "forward" || event === "move" ? { ...act, to } : act]);
    }
  }
  assert.deepEqual(stepsOpen((await listed("asked"))[0] ?? ({} as Loop), new Set(["elsewhere"])), []);
});

test("LOOP-LIST-3 a list says how much it holds, late and life-threatening, and the region's lists are found by words", async () => {
  const totals = await loopTotals(journal.at("asked"), { side: "owner", mine: false, kinds: null });
  assert.equal(totals.open, (await listed("asked")).length);
  assert.deepEqual(
    [totals.late, (await loopTotals(journal.at("asked"), { side: "owner", mine: false, kinds: ["letter"] })).open],
    [0, 0],
  );
  assert.deepEqual(
    (await findLists(journal.at("asked"), " BESIDE ")).items.map(({ id }) => id),
    [unit("beside")],
  );
  assert.deepEqual((await findLists(journal.at("asked"), "beside nowhere")).items, []);
  assert.deepEqual((await findLists(journal.at("asked"), "%")).items, []);
  await assert.rejects(findLists(journal.client(), "beside"), isCode("FORBIDDEN"));
});

test("LOOP-ROSTER-1 whoever works through a list registers absence with a deputy, who then has what the absent answered for, and ends it again", async () => {
  const at = journal.clock().getTime();
  const [one, two] = [personOf("beside"), personOf("beside", "2")];
  const absence = { person: two, since: at - 1, until: at + 3 * DAY, deputy: one };
  await registerAbsence(journal.at("beside"), absence);
  const [known] = (await dutyRoster(journal.at("beside", "2"))).absences; // there is one
  assert.deepEqual({ ...known, id: "" }, { ...absence, id: "" });
  const facts = await journal.store.read("*", (look) => look.loops.roster([two], [], at));
  assert.deepEqual(facts.people, [{ person: two, isPresent: false, deputy: one }]);
  assert.deepEqual((await dutyRoster(journal.at("theirs"))).absences, []);
  await assert.rejects(endAbsence(journal.at("theirs"), known?.id ?? ""), isCode("NOT_FOUND"));
  await endAbsence(journal.at("beside", "2"), known?.id ?? "");
  await assert.rejects(endAbsence(journal.at("beside"), known?.id ?? ""), isCode("NOT_FOUND"));
  assert.deepEqual((await dutyRoster(journal.at("beside"))).absences, []);
  const [kept] = await journal.sql("SELECT registered_by FROM absence WHERE id = $1", [known?.id]); // it is not taken away
  assert.equal(kept?.["registered_by"], one);
});

test("LOOP-ROSTER-2 those on duty are asked in the order that is registered; a turn is of a list of one's own and of somebody on it", async () => {
  const at = journal.clock().getTime();
  const turn = { worklist: unit("asked"), since: at - 1, until: at + DAY };
  await registerTurn(journal.at("asked"), { ...turn, person: personOf("asked", "2"), rank: 1 });
  await registerTurn(journal.at("asked"), { ...turn, person: personOf("asked"), rank: 2 });
  const facts = await journal.store.read("*", (look) => look.loops.roster([], [unit("asked")], at));
  assert.deepEqual(
    facts.duty.map(({ person }) => person),
    [personOf("asked", "2"), personOf("asked")],
  );
  const { turns } = await dutyRoster(journal.at("asked"));
  assert.equal(turns.length, 2);
  await endTurn(journal.at("asked"), turns[0]?.id ?? "");
  assert.equal((await dutyRoster(journal.at("asked"))).turns.length, 1);
  await assert.rejects(endTurn(journal.at("sender"), turns[1]?.id ?? ""), isCode("NOT_FOUND"));
});

test("LOOP-ROSTER-3 what cannot be is refused: a stranger, oneself as deputy, a time that ends before it begins or lasts too long, a student, a system", async () => {
  const at = journal.clock().getTime();
  const good = { person: personOf("asked"), since: at, until: at + DAY, deputy: null };
  const bad = [
    { ...good, person: personOf("theirs") },
    { ...good, deputy: good.person },
    { ...good, deputy: personOf("theirs") },
    { ...good, until: at },
    { ...good, until: at + 500 * DAY },
    { ...good, since: Number.NaN },
    { ...good, until: Number.POSITIVE_INFINITY },
  ];
  for (const one of bad) await assert.rejects(registerAbsence(journal.at("asked"), one), isCode("LOOP_INVALID"));
  const turn = { worklist: unit("asked"), person: personOf("asked"), since: at, until: at + DAY, rank: 1 };
  for (const one of [
    { ...turn, worklist: unit("beside") },
    { ...turn, person: personOf("beside") },
    { ...turn, rank: 0 },
    { ...turn, rank: 1.5 },
    { ...turn, until: at + 8 * DAY },
  ])
    await assert.rejects(registerTurn(journal.at("asked"), one), isCode("LOOP_INVALID"));
  await assert.rejects(registerAbsence(student(journal.at("asked")), good), isCode("FORBIDDEN"));
  await assert.rejects(registerAbsence(journal.client(), good), isCode("FORBIDDEN"));
  assert.deepEqual((await dutyRoster(journal.at("asked"))).absences, []);
  await watchLoops(journal.options);
});
