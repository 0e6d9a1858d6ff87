/** Rules of SPEC.md: what written resources mean for the ledger, on a real database. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { JsonObject, JsonValue } from "../fhir/index.ts";
import { commit, type Command } from "../journal/index.ts";
import { actOnLoops, allStates, allSteps, ledgerAlong, watchLoops } from "./index.ts";
import {
  addPerson,
  fresh,
  loopJournal,
  loopJournalOfFile,
  personOf,
  UNITS,
  type LoopJournal,
  type LoopRow,
  type UnitName,
} from "./testing/index.ts";

const journal = await loopJournalOfFile();

const ref = (reference: string): JsonObject => ({ reference });
const REFERRAL: JsonValue = [{ coding: [{ system: "http://snomed.info/sct", code: "3457005" }] }];

const request = (id: string, more: JsonObject = {}): JsonObject => ({
  resourceType: "ServiceRequest",
  id,
  status: "active",
  intent: "order",
  subject: ref("Patient/p1"),
  requester: ref("PractitionerRole/role-sender1"),
  performer: [ref("Organization/asked")],
  ...more,
});
const report = (id: string, requestId: string | null, more: JsonObject = {}): JsonObject => ({
  resourceType: "DiagnosticReport",
  id,
  status: "final",
  code: { text: "Hb" },
  subject: ref("Patient/p1"),
  conclusion: "Ingen avvikelse.",
  ...(requestId === null ? {} : { basedOn: [ref(`ServiceRequest/${requestId}`)] }),
  ...more,
});
const byText = (a: unknown, b: unknown): number => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1);
const unit = (name: UnitName): string => UNITS[name].careUnit;
const pick = (loop: LoopRow | undefined): unknown[] => [loop?.state, loop?.owner, loop?.responsible];
const one = async (name: string): Promise<Awaited<ReturnType<LoopJournal["loops"]>>[number]> => {
  const [found, ...more] = await journal.loops(name);
  assert.deepEqual(more, []);
  assert.ok(found !== undefined, `${name} has no loop`);
  return found;
};

test("STORE-LOOP-1 the database has the steps and states of the machine, no more and no fewer", async () => {
  const steps = await journal.sql("SELECT kind, from_state AS from, event, state AS to FROM loop_step");
  const states = await journal.sql("SELECT kind, state, ends FROM loop_state");
  const inOrder = (rows: readonly unknown[]): string[] => rows.map((row) => JSON.stringify(row)).toSorted();
  assert.deepEqual(inOrder(steps), inOrder(allSteps()));
  assert.deepEqual(inOrder(states), inOrder(allStates()));
});

test("STORE-LOOP-2 no open loop without a staffed owner and a deadline, no step that is none: the keys refuse, whoever writes", async () => {
  const id = fresh("request");
  await journal.write(request(id));
  const loop = await one(`ServiceRequest/${id}`);
  const refused = async (sql: string, code: string): Promise<void> => {
    await journal.sql("BEGIN");
    await assert.rejects(
      journal.sql(sql, [loop.id]).then(() => journal.sql("COMMIT")),
      (error: { code?: string }) => error.code === code,
      sql,
    );
    await journal.sql("ROLLBACK");
  };
  await journal.sql(
    "INSERT INTO worklist (id, title, parent) VALUES ('empty', 'empty', 'region') ON CONFLICT DO NOTHING",
  );
  await refused("UPDATE loop SET owner = 'empty' WHERE id = $1", "23503");
  await refused("UPDATE loop SET owner = 'nowhere' WHERE id = $1", "23503");
  await refused("UPDATE loop SET owner = NULL WHERE id = $1", "23514");
  await refused("UPDATE loop SET deadline = NULL WHERE id = $1", "23514");
  await refused("UPDATE loop SET closed = now(), owner = NULL, deadline = NULL WHERE id = $1", "23503"); // at no end
  await refused("UPDATE loop SET state = 'taken-over' WHERE id = $1", "23503"); // no step brought it there
  await refused("UPDATE loop SET version = version + 1 WHERE id = $1", "23503");
  const step = (from: string, event: string, to: string): string =>
    `INSERT INTO loop_event (home, loop, version, kind, from_state, event, state, at, by, level)
     SELECT home, id, version + 1, kind, '${from}', '${event}', '${to}', now(), 'x', 0 FROM loop WHERE id = $1`;
  await refused(step("received", "act", "acted-on"), "23503"); // not a step of an order
  await refused(step("created", "receive", "received"), "23503"); // not from where it is
  await refused("UPDATE worklist SET staffed = false WHERE id = (SELECT owner FROM loop WHERE id = $1)", "23503");
  await refused("UPDATE worklist SET staffed = false WHERE id = 'region' AND $1 <> ''", "23514");
});

test("LOOP-LEDGER-1 a request is its receiver's from the moment it is written; one that leads nowhere is the sender's own, and says so", async () => {
  const known = fresh("request");
  await journal.write(request(known));
  const there = await one(`ServiceRequest/${known}`);
  assert.equal(there.state, "received");
  assert.equal(there.owner, unit("asked"));
  assert.equal(there.sender, unit("sender"));
  for (const performer of [[], [ref("Organization/nowhere")], [ref("Practitioner/unknown")]]) {
    const id = fresh("request");
    const { performer: _none, ...without } = request(id);
    await journal.write(performer.length === 0 ? without : request(id, { performer }));
    const here = await one(`ServiceRequest/${id}`);
    assert.deepEqual([here.state, here.owner, here.responsible], ["failed", unit("sender"), personOf("sender")]);
  }
  const draft = fresh("request");
  await journal.write(request(draft, { status: "draft" }));
  assert.deepEqual(await journal.loops(`ServiceRequest/${draft}`), []);
  await journal.write(request(draft));
  assert.equal((await one(`ServiceRequest/${draft}`)).kind, "order");
});

test("LOOP-LEDGER-2 an answer ends the request and is owned by whoever asked; a correction comes back to them", async () => {
  const [asked, answer] = [fresh("request"), fresh("report")];
  await journal.write(request(asked));
  await journal.write(report(answer, asked, { status: "preliminary" }), "asked");
  assert.equal((await one(`ServiceRequest/${asked}`)).state, "received");
  await journal.write(report(answer, asked), "asked");
  const question = await one(`ServiceRequest/${asked}`);
  assert.deepEqual([question.state, question.owner], ["answered", null]);
  const result = await one(`DiagnosticReport/${answer}`);
  assert.deepEqual(
    [result.kind, result.state, result.owner, result.responsible, result.parent],
    ["result", "received", unit("sender"), personOf("sender"), question.id],
  );
  await journal.sql("SELECT eira_loops_write($1, $2)", ["[]", "[]"]);
  await journal.write(report(answer, asked, { status: "corrected", conclusion: "Avvikelse." }), "asked");
  const again = await one(`DiagnosticReport/${answer}`);
  assert.equal(again.state, "received");
  assert.ok(again.version > result.version);
  await journal.write(report(answer, asked, { status: "entered-in-error" }), "asked");
  assert.equal((await one(`ServiceRequest/${asked}`)).state, "received"); // it is waited for again
});

test("LOOP-LEDGER-3 an answer without a known request is somebody's, and a life-threatening one is the most urgent", async () => {
  const [unasked, critical] = [fresh("report"), fresh("report")];
  await journal.write(report(unasked, null), "asked");
  assert.equal((await one(`DiagnosticReport/${unasked}`)).owner, unit("asked"));
  const value = fresh("value");
  const interpretation = [
    { coding: [{ system: "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation", code: "HH" }] },
  ];
  await journal.write(
    {
      resourceType: "Observation",
      id: value,
      status: "final",
      code: { text: "Kalium" },
      subject: ref("Patient/p1"),
      interpretation,
    },
    "asked",
  );
  const asked = fresh("request");
  await journal.write(request(asked));
  await journal.write(report(critical, asked, { result: [ref(`Observation/${value}`)] }), "asked");
  assert.equal((await one(`DiagnosticReport/${critical}`)).risk, 0);
});

test("LOOP-LEDGER-4 a request that is taken back leaves somebody who sees to the patient", async () => {
  const id = fresh("request");
  await journal.write(request(id, { category: REFERRAL }));
  await journal.write(request(id, { category: REFERRAL, status: "revoked" }));
  const loops = await journal.loops(`ServiceRequest/${id}`);
  assert.deepEqual(loops.map(({ kind, state, owner }) => [kind, state, owner]).toSorted(byText), [
    ["referral", "cancelled", null],
    ["task", "created", unit("sender")],
  ]);
});

test("LOOP-LEDGER-5 an accepted referral opens the call of the patient; a booking that falls opens it again, and a follow-up", async () => {
  const [id, task, booking] = [fresh("request"), fresh("task"), fresh("booking")];
  await journal.write(request(id, { category: REFERRAL }));
  const follows: JsonObject = { resourceType: "Task", id: task, intent: "order", focus: ref(`ServiceRequest/${id}`) };
  await journal.write({ ...follows, status: "accepted", owner: ref("Organization/asked") }, "asked");
  const stand = async (): Promise<unknown> =>
    Object.fromEntries(
      (await journal.loops(`ServiceRequest/${id}`)).map(({ kind, state, owner }) => [kind, [state, owner]]),
    );
  assert.deepEqual(await stand(), { referral: ["taken-over", unit("asked")], call: ["created", unit("asked")] });
  const appointment = (status: string): JsonObject => ({
    resourceType: "Appointment",
    id: booking,
    status,
    start: "2026-12-01T09:00:00+01:00",
    end: "2026-12-01T09:30:00+01:00",
    basedOn: [ref(`ServiceRequest/${id}`)],
    participant: [{ actor: ref("Patient/p1"), status: "accepted" }],
  });
  await journal.write(appointment("booked"), "asked");
  assert.deepEqual(await stand(), { referral: ["taken-over", unit("asked")], call: ["booked", null] });
  await journal.write(appointment("noshow"), "asked");
  assert.deepEqual(await stand(), { referral: ["taken-over", unit("asked")], call: ["created", unit("asked")] });
  const followUp = await one(`Appointment/${booking}`);
  assert.deepEqual([followUp.kind, followUp.owner], ["task", unit("asked")]);
  assert.deepEqual(await journal.loops(`Task/${task}`), []); // it is the face of the referral's loop
});

test("LOOP-LEDGER-5 a task about an answer says, when it is done, that the answer has been seen to", async () => {
  const [report, task] = [fresh("report"), fresh("task")];
  await journal.write({
    resourceType: "DiagnosticReport",
    id: report,
    status: "final",
    code: { text: "Hb" },
    subject: ref("Patient/p1"),
    conclusion: "Ingen avvikelse.",
  });
  const about: JsonObject = {
    resourceType: "Task",
    id: task,
    intent: "order",
    focus: ref(`DiagnosticReport/${report}`),
  };
  await journal.write({ ...about, id: `${task}-b`, status: "requested", owner: ref("Organization/beside") });
  assert.equal((await one(`Task/${task}-b`)).owner, unit("beside")); // another list is asked, which has not got the answer
  await journal.write({ ...about, status: "requested", owner: ref("Organization/sender") });
  assert.equal((await one(`DiagnosticReport/${report}`)).state, "received");
  assert.deepEqual(await journal.loops(`Task/${task}`), []); // who has the answer has one row of it
  await journal.write({ ...about, status: "completed", owner: ref("Organization/sender") });
  assert.equal((await one(`DiagnosticReport/${report}`)).state, "acted-on");
});

test("LOOP-LEDGER-4 each time a request is taken back somebody sees to the patient, also when that was done before", async () => {
  const id = fresh("request");
  const followUp = async (): Promise<LoopRow | undefined> =>
    (await journal.loops(`ServiceRequest/${id}`)).find(({ kind }) => kind === "task");
  const act = async (event: "act" | "return" | "close"): Promise<unknown> =>
    actOnLoops(journal.at("sender"), [
      { loop: (await followUp())?.id ?? "", version: null, event, note: "Ringt.", key: fresh("key") },
    ]);
  for (const ending of [["act"], ["return", "close"], []] as const) {
    await journal.write(request(id));
    await journal.write(request(id, { status: "revoked" }));
    assert.deepEqual(pick(await followUp()), ["created", unit("sender"), personOf("sender")]);
    for (const event of ending) await act(event);
  }
  await journal.write(request(id));
  await journal.write(request(id, { status: "revoked" }));
  assert.deepEqual(pick(await followUp()), ["created", unit("sender"), personOf("sender")]); // one, while it is open
});

test("LOOP-LEDGER-10 a request that its receiver says is done without an answer is its sender's to see to, until the answer comes; the sender's own word is enough", async () => {
  const [id, own] = [fresh("request"), fresh("request")];
  const done = (about: string): JsonObject => ({ resourceType: "Task", id: fresh("task"), status: "completed", intent: "order", focus: ref(`ServiceRequest/${about}`) }); // prettier-ignore
  const followUp = async (about: string): Promise<LoopRow | undefined> =>
    (await journal.loops(`ServiceRequest/${about}`)).find(({ kind }) => kind === "task");
  await journal.write(request(id));
  await journal.write(done(id), "asked");
  assert.deepEqual(pick(await followUp(id)), ["created", unit("sender"), personOf("sender")]);
  await journal.write(done(id), "asked");
  await journal.write(report(fresh("report"), id, { status: "preliminary" }), "asked");
  assert.equal((await followUp(id))?.state, "created");
  await journal.write(report(fresh("report"), id), "asked");
  assert.equal((await followUp(id))?.state, "acted-on");
  await journal.write(request(own));
  await journal.write(request(own, { status: "completed" }));
  assert.deepEqual(await followUp(own), undefined);
  const [asked, answer, task] = [fresh("request"), fresh("report"), done("")];
  const command = (resource: JsonObject): Command => ({ kind: "update", type: String(resource["resourceType"]), id: String(resource["id"]), resource, where: "x" }); // prettier-ignore
  await journal.write(request(asked));
  await journal.writeAll([command({ ...task, focus: ref(`ServiceRequest/${asked}`) }), command(report(answer, asked))], "asked"); // prettier-ignore
  const open = (await journal.loops(`ServiceRequest/${asked}`)).filter(({ owner }) => owner !== null);
  assert.deepEqual(open, []); // both at once is an answer
});

test("LOOP-LEDGER-6 what is taken in as history is no news: old answers open nothing, what is still asked for does", async () => {
  const [asked, old, recent] = [fresh("request"), fresh("report"), fresh("report")];
  const day = (days: number): string => new Date(journal.clock().getTime() + days * 86_400_000).toISOString();
  const update = (resource: JsonObject) =>
    ({
      kind: "update",
      type: resource["resourceType"] as string,
      id: resource["id"] as string,
      resource,
      where: "x",
    }) as const;
  await commit(
    { ...journal.client(), along: ledgerAlong, referentialIntegrity: false },
    [
      update(request(asked, { authoredOn: "2020-01-01" })),
      update(report(old, null, { issued: day(-40) })),
      update(report(recent, null, { issued: day(-2) })),
    ],
    { isHistory: true },
  );
  assert.equal((await one(`ServiceRequest/${asked}`)).state, "received");
  assert.deepEqual(await journal.loops(`DiagnosticReport/${old}`), []);
  assert.equal((await one(`DiagnosticReport/${recent}`)).state, "received");
});

test("LOOP-LEDGER-7 each unit that a message is sent to has a delivery of its own", async () => {
  const id = fresh("message");
  await journal.write({
    resourceType: "Communication",
    id,
    status: "completed",
    subject: ref("Patient/p1"),
    recipient: [ref("Organization/asked"), ref("PractitionerRole/role-beside2"), ref("Patient/p1")],
    payload: [{ contentString: "Ring mig." }],
  });
  const loops = await journal.loops(`Communication/${id}`);
  const inside = loops.filter(({ kind }) => kind === "message"); // the patient's is a letter
  assert.equal(loops.length - inside.length, 1);
  assert.deepEqual(inside.map(({ state, owner, responsible }) => [state, owner, responsible]).toSorted(byText), [
    ["received", unit("asked"), null],
    ["received", unit("beside"), personOf("beside", "2")],
  ]);
});

test("JRN-ALONG-1 what goes along stands or falls with the commit: a ledger that refuses leaves nothing written, and nothing written leaves no loop", async () => {
  const id = fresh("request");
  const broken = { types: ledgerAlong.types, write: () => Promise.reject(new Error("planted")) };
  const resource = request(id);
  const command = { kind: "update", type: "ServiceRequest", id, resource, where: "ServiceRequest" } as const;
  const visit = { ...journal.client(), referentialIntegrity: false };
  await assert.rejects(commit({ ...visit, along: broken }, [command]), /planted/);
  assert.deepEqual(await journal.sql("SELECT 1 FROM servicerequest WHERE id = $1", [id]), []);
  const bad = { ...command, resource: { ...resource, resourceType: "ServiceRequest", status: "nonsense" } };
  await assert.rejects(commit({ ...visit, along: ledgerAlong }, [command, { ...bad, id: fresh("request") }]));
  assert.deepEqual(await journal.loops(`ServiceRequest/${id}`), []);
});

test("JRN-ALONG-2 requests and answers that come at the same time share a transaction, and each has its loop; whoever is refused takes nobody along", async () => {
  const asked = Array.from({ length: 12 }, () => fresh("request"));
  const write = (resource: JsonObject, where: string): Promise<unknown> =>
    commit({ ...journal.client(), along: ledgerAlong }, [
      { kind: "update", type: where, id: String(resource["id"]), resource, where },
    ]);
  const nowhere = { subject: ref("Patient/nobody") };
  const told = await Promise.allSettled(
    asked.map((id, at) => write(request(id, at === 5 ? nowhere : {}), "ServiceRequest")),
  );
  assert.deepEqual(
    told.flatMap(({ status }, at) => (status === "rejected" ? [at] : [])),
    [5],
  );
  const good = asked.filter((_, at) => at !== 5);
  const answers = good.map((id) => ({ id: fresh("report"), asked: id }));
  await Promise.all(answers.map((one) => write(report(one.id, one.asked), "DiagnosticReport")));
  for (const { id, asked: about } of answers) {
    const [question, result] = [await one(`ServiceRequest/${about}`), await one(`DiagnosticReport/${id}`)];
    assert.deepEqual([question.state, result.state, result.parent], ["answered", "received", question.id]);
  }
  assert.deepEqual(await journal.loops(`ServiceRequest/${asked[5]}`), []);
  const [log] = await journal.sql<{ n: number }>(
    "SELECT count(DISTINCT xid)::int AS n FROM change_log WHERE id = ANY ($1)",
    [[...good, ...answers.map(({ id }) => id)]],
  );
  assert.ok((log?.n ?? 22) < 22, `22 writes went in ${log?.n} transactions`);
});

test("LOOP-LEDGER-10 an answer and its request's end in one commit are one answer, whatever their order: nothing is left to be followed up", async () => {
  const [asked, answer] = [fresh("request"), fresh("report")];
  const command = (resource: JsonObject): Command => ({ kind: "update", type: String(resource["resourceType"]), id: String(resource["id"]), resource, where: "x" }); // prettier-ignore
  await journal.write(request(asked));
  await journal.writeAll([command(request(asked, { status: "completed" })), command(report(answer, asked))], "asked");
  assert.deepEqual(
    (await journal.loops(`ServiceRequest/${asked}`)).map(({ kind, state }) => [kind, state]),
    [["order", "answered"]],
  );
});

test("STORE-LOOP-3 lists follow the directory: whoever stops working leaves nothing behind, and a unit that became another one brings all along", async (t) => {
  const more = await loopJournal(t);
  const id = "moving";
  await more.write(request(id, { performer: [ref("PractitionerRole/role-asked1")] }));
  const owner = async (): Promise<unknown[]> => {
    const [loop] = await more.loops(`ServiceRequest/${id}`); // a request has one loop here
    return [loop?.owner, loop?.responsible];
  };
  assert.deepEqual(await owner(), [unit("asked"), personOf("asked")]);
  await addPerson(more, "asked", "1", "2020-01-01");
  await watchLoops({ ...more.options, along: ledgerAlong });
  assert.deepEqual(await owner(), [unit("asked"), null]); // the whole list has it
  await addPerson(more, "asked", "2", "2020-01-01");
  assert.deepEqual(await owner(), ["region", null]); // at once: nobody works there nor above
  const became = [{ url: "urn:eira:ersatt-av", valueReference: ref("Organization/beside") }];
  const identifier = [{ system: "urn:oid:1.2.752.29.4.19", value: unit("asked") }];
  await more.put(
    { resourceType: "Organization", id: "asked", name: "asked", active: false, identifier, extension: became },
    null,
  );
  await more.write(request("later", { performer: [ref("Organization/asked")] }));
  const [later] = await more.loops("ServiceRequest/later"); // one loop
  assert.deepEqual([later?.owner, later?.state], [unit("beside"), "received"]);
  const steps = await more.sql(
    "SELECT event FROM loop_event JOIN loop ON loop.id = loop_event.loop WHERE subject_id = $1 ORDER BY loop_event.version",
    [id],
  );
  assert.deepEqual(
    steps.map(({ event }) => event),
    ["open", "receive", "restaff", "restaff"],
  );
});
