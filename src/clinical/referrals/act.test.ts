/** Rules of ../SPEC.md: what receivers and senders do with referrals, on a real database. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { parseJson, type JsonObject } from "../../fhir/index.ts";
import { actOnLoops, loopSteps } from "../../loop/index.ts";
import { fresh, loopJournalOfFile, personOf, UNITS, type LoopRow, type UnitName } from "../../loop/testing/index.ts";
import { readResource, type Visit } from "../../journal/index.ts";
import type { PersonActor } from "../../access/index.ts";
import { addToReferral, answerReferral, askSecondOpinion, assessReferral, cancelRequest, pauseWaiting } from "./act.ts";
import type { Seen } from "./matter.ts";

type Assignment = PersonActor["assignment"];
const journal = await loopJournalOfFile();

/** Somebody of the unit, under the assignment that the directory has. */
function at(unit: UnitName, footing?: Assignment["footing"]): Visit {
  const visit = journal.at(unit);
  const assignment = { ...visit.actor.assignment, id: `role-${unit}1`, ...(footing === undefined ? {} : { footing }) };
  return { ...visit, actor: { ...visit.actor, assignment } };
}

const isCode = (code: string) => (error: { code?: string }) => error.code === code;
const ref = (reference: string): JsonObject => ({ reference });
const PROOF = { method: "none", name: "Utan legitimation", acr: "", at: "2026-01-01T00:00:00Z" };

async function referred(): Promise<{ readonly id: string; readonly loop: () => Promise<LoopRow> }> {
  const id = fresh("referral");
  await journal.write({
    resourceType: "ServiceRequest",
    id,
    status: "active",
    intent: "order",
    authoredOn: "2026-01-01T08:00:00Z",
    category: [{ coding: [{ system: "http://snomed.info/sct", code: "3457005" }] }],
    code: { text: "Bedömning av knäartros" },
    subject: ref("Patient/p1"),
    requester: ref("PractitionerRole/role-sender1"),
    performer: [ref("Organization/asked")],
    reasonCode: [{ text: "Protes?" }],
  });
  const loop = async (): Promise<LoopRow> => {
    const found = (await journal.loops(`ServiceRequest/${id}`)).find(({ kind }) => kind === "referral");
    assert.ok(found !== undefined);
    return found;
  };
  return { id, loop };
}

const seen = ({ id, version }: LoopRow, key = fresh("key")): Seen => ({ loop: id, seen: version, key });
const day = (days: number): string =>
  new Date(journal.clock().getTime() + days * 86_400_000).toISOString().slice(0, 10);
const stored = async (unit: UnitName, type: string, id: string): Promise<JsonObject> =>
  parseJson((await readResource(at(unit), type, id)).value.content) as JsonObject;

test("CLIN-REFERRAL-3, LOOP-HELD-1, LOOP-LEDGER-9 whoever has a referral accepts it with priority and target date, in a resource of its own; the call has the day; twice is once, and nobody else can", async () => {
  const one = await referred();
  const said = { priority: "urgent", target: day(1), note: "Ring om knät." } as const;
  const wish = seen(await one.loop());
  await assert.rejects(assessReferral(at("sender"), wish, said), isCode("FORBIDDEN"));
  await assert.rejects(assessReferral(at("beside"), wish, said), isCode("NOT_FOUND"));
  await assert.rejects(assessReferral(at("asked"), { ...wish, seen: 1, key: "old" }, said), isCode("LOOP_CHANGED"));
  for (const target of ["2020-01-01", "snart", "2026-02-30"])
    await assert.rejects(assessReferral(at("asked"), wish, { ...said, target }), isCode("LOOP_INVALID"));
  const before = await journal.sql("SELECT count(*)::int AS n FROM task");
  const task = (await assessReferral(at("asked"), wish, said)).value;
  const again = (await assessReferral(at("asked"), wish, said)).value;
  assert.equal(again.id, task.id);
  assert.deepEqual(await journal.sql("SELECT count(*)::int - 1 AS n FROM task"), before);
  const loop = await one.loop();
  assert.deepEqual([loop.state, loop.responsible, loop.risk], ["taken-over", personOf("asked"), 1]);
  const [call] = await journal.sql<{ deadline: Date; owner: string }>(
    "SELECT deadline, owner FROM loop WHERE parent = $1 AND kind = 'call'",
    [loop.id],
  );
  assert.equal(call?.owner, UNITS.asked.careUnit);
  assert.equal(call?.deadline.toISOString(), new Date(Date.parse(`${day(2)}T00:00:00+01:00`) - 1).toISOString());
  assert.deepEqual(await journal.sql("SELECT version, care_unit FROM servicerequest WHERE id = $1", [one.id]), [
    { version: 1, care_unit: UNITS.sender.careUnit },
  ]);
  await assert.rejects(assessReferral(at("asked"), seen(loop), said), isCode("LOOP_STEP"));
});

test("CLIN-REFERRAL-4 the sender completes what was asked for; the words stand in the request and on the receiver's list; too late is refused", async () => {
  const one = await referred();
  const ask = async (): Promise<unknown> =>
    actOnLoops(at("asked"), [
      {
        loop: (await one.loop()).id,
        version: null,
        event: "ask-completion",
        note: "Läkemedel?",
        key: fresh("k"),
      },
    ]);
  await ask();
  const wish = seen(await one.loop());
  const said = { text: "Naproxen 500 mg vid behov, inga andra." };
  await assert.rejects(addToReferral(at("asked"), wish, said), isCode("FORBIDDEN"));
  await assert.rejects(addToReferral(at("sender"), wish, { text: " " }), isCode("LOOP_INVALID"));
  await addToReferral(at("sender"), wish, said);
  await addToReferral(at("sender"), wish, said);
  const loop = await one.loop();
  assert.deepEqual([loop.state, loop.owner], ["received", UNITS.asked.careUnit]);
  const { note } = (await stored("asked", "ServiceRequest", one.id)) as { note: { text: string }[] };
  assert.deepEqual(
    note.map(({ text }) => text),
    [said.text],
  );
  const { steps } = (await loopSteps(at("asked"), loop.id)).value;
  assert.deepEqual([steps.at(-1)?.event, steps.at(-1)?.note], ["complete", said.text]);
  await addToReferral(at("sender"), seen(loop), { text: "Också: allergi mot jod." }); // nobody has assessed it
  await assessReferral(at("asked"), seen(await one.loop()), { priority: "routine", target: day(30), note: "" });
  await assert.rejects(addToReferral(at("sender"), seen(await one.loop()), { text: "Mer." }), isCode("LOOP_STEP"));
});

test("CLIN-REFERRAL-5 an answer is written, sealed, signed and with whoever asked in one commit; it is nobody else's to give, and a crash leaves nothing", async () => {
  const one = await referred();
  const wish = seen(await one.loop());
  const said = { text: "Ingen indikation för protes. Sjukgymnastik.", proof: PROOF };
  await assert.rejects(answerReferral(at("sender"), wish, said), isCode("FORBIDDEN"));
  await assert.rejects(answerReferral(at("asked"), wish, { ...said, text: "" }), isCode("LOOP_INVALID"));
  const learning = at("asked", { kind: "student", by: personOf("asked", "2"), task: null });
  await assert.rejects(answerReferral(learning, wish, said), isCode("FORBIDDEN"));
  await journal.sql("ALTER TABLE seal ADD CONSTRAINT broken CHECK (type <> 'DiagnosticReport')");
  await assert.rejects(answerReferral(at("asked"), wish, said));
  await journal.sql("ALTER TABLE seal DROP CONSTRAINT broken");
  assert.equal((await one.loop()).state, "received");
  assert.deepEqual(await journal.sql("SELECT count(*)::int AS n FROM diagnosticreport"), [{ n: 0 }]);
  const { id } = (await answerReferral(at("asked"), wish, said)).value;
  await answerReferral(at("asked"), wish, said);
  assert.equal((await one.loop()).state, "answered");
  const [result] = await journal.loops(`DiagnosticReport/${id}`);
  assert.deepEqual(
    [result?.state, result?.owner, result?.responsible],
    ["received", UNITS.sender.careUnit, personOf("sender")],
  );
  const [sealed] = await journal.sql<{ sha256: string; hash: string; who: string }>(
    `SELECT s.sha256, encode(sha256(convert_to(d.content, 'UTF8')), 'hex') AS hash, s.signer ->> 'hsaId' AS who
     FROM seal AS s JOIN diagnosticreport AS d ON d.id = s.id WHERE s.id = $1`,
    [id],
  );
  assert.equal(sealed?.sha256, sealed?.hash);
  assert.equal(sealed?.who, personOf("asked"));
  assert.ok((await journal.log()).some(({ action }) => action === "sign"));
  const report = await stored("asked", "DiagnosticReport", id);
  assert.match(JSON.stringify(report["meta"]), /seal|sigill|urn:/);
});

test("CLIN-REFERRAL-6 its sender takes a request back with a reason: the receiver is rid of it, and somebody sees to the patient", async () => {
  const one = await referred();
  const wish = seen(await one.loop());
  await assert.rejects(cancelRequest(at("asked"), wish, { reason: "Nej" }), isCode("FORBIDDEN"));
  await assert.rejects(cancelRequest(at("sender"), wish, { reason: "" }), isCode("LOOP_INVALID"));
  await cancelRequest(at("sender"), wish, { reason: "Sökte akut i går." });
  await cancelRequest(at("sender"), wish, { reason: "Sökte akut i går." });
  const loop = await one.loop();
  assert.deepEqual([loop.state, loop.owner], ["cancelled", null]);
  const { steps } = (await loopSteps(at("asked"), loop.id)).value;
  assert.deepEqual([steps.at(-1)?.event, steps.at(-1)?.note], ["cancel", "Sökte akut i går."]);
  const task = (await journal.loops(`ServiceRequest/${one.id}`)).find(({ kind }) => kind === "task");
  assert.deepEqual([task?.owner, task?.state], [UNITS.sender.careUnit, "created"]);
});

test("CLIN-REFERRAL-7 another unit is asked too and the first one keeps its own; waiting is paused with code, reason and days, each in a version", async () => {
  const one = await referred();
  const wish = seen(await one.loop());
  const second = (
    await askSecondOpinion(at("asked"), wish, { unit: UNITS.beside.careUnit, question: "Kan ni se honom?" })
  ).value;
  const [other] = await journal.loops(`ServiceRequest/${second.id}`);
  assert.deepEqual([other?.owner, other?.sender], [UNITS.beside.careUnit, UNITS.asked.careUnit]);
  assert.equal((await one.loop()).owner, UNITS.asked.careUnit);
  const chosen = {
    code: "patient-chosen",
    reason: "Vill vänta till hösten.",
    from: "2026-02-01",
    until: null,
  } as const;
  const pausing = await pauseWaiting(at("asked"), seen(await one.loop()), chosen);
  const ended = await pauseWaiting(at("asked"), seen(await one.loop()), { ...chosen, until: "2026-03-01" });
  assert.deepEqual([ended.value.id, ended.value.version], [pausing.value.id, 2]);
  assert.equal((await one.loop()).state, "received");
  for (const bad of [{ until: "2026-01-01" }, { from: "igår" }, { reason: "" }, { code: "none" as "medical" }])
    await assert.rejects(pauseWaiting(at("asked"), wish, { ...chosen, ...bad }), isCode("LOOP_INVALID"));
});
