import assert from "node:assert/strict";
import { test } from "node:test";
import { seededRandom } from "../../base/index.ts";
import { REGION, type EventName, type Loop, type State } from "../model.ts";
import { nextHolder, type Roster } from "../escalation.ts";
import { opened } from "../advance.ts";
import { Database } from "./database.ts";
import { Journal } from "./journal.ts";
import { Program } from "./program.ts";
import { Scheduler } from "./scheduler.ts";
import { restaff } from "./sweeps.ts";

const FINE = { crash: 0, slow: 0, unknown: 0 };

/** A region in memory with three units and two laboratories, and the ledger's own code. */
class Region {
  readonly database = new Database();
  private readonly journal = new Journal(this.database, () => 0);
  private readonly program = new Program("test", {
    scheduler: new Scheduler(0),
    random: seededRandom(1),
    weather: () => FINE,
  });
  private keys = 0;

  constructor() {
    const { directory } = this.database;
    for (const [at, unit] of ["u1", "u2", "u3"].entries()) {
      directory.addList({ id: unit, parent: REGION });
      directory.join(`p${at + 1}`, unit);
    }
    for (const channel of ["lab", "rad"]) directory.addList({ id: channel, parent: REGION, channel });
    restaff(this.database, 0);
  }

  write(by: string, type: string, id: string, resource: object): Promise<void> {
    const changes = [{ type, id, resource: { resourceType: type, ...resource } as never }];
    return this.journal.commit(this.program, { key: null, by, unit: "u1", changes });
  }

  ask(to: string, more: object = {}): Promise<void> {
    const requester = { reference: "PractitionerRole/p1-u1" };
    const performer = [{ reference: `Organization/${to}` }];
    return this.write("p1", "ServiceRequest", "s", {
      status: "active",
      intent: "order",
      requester,
      performer,
      ...more,
    });
  }

  say(by: string, status: string, more: object = {}): Promise<void> {
    return this.write(by, "Task", `t${(this.keys += 1)}`, {
      status,
      focus: { reference: "ServiceRequest/s" },
      ...more,
    });
  }

  async act(loop: Loop, event: EventName): Promise<Loop> {
    await this.journal.act(this.program, { by: "p1", unit: "u1" }, [
      { loop: loop.id, version: loop.version, event, note: "x", key: `k${(this.keys += 1)}` },
    ]);
    return this.database.loops.get(loop.id)!.loop;
  }

  /** An integration says of the order's way what its message met with. */
  async hears(through: string, event: "transfer" | "fail"): Promise<Loop> {
    const about = "ServiceRequest/s";
    const said = { do: "event", about, kinds: ["order"], events: [event], to: [], note: null, leaves: null, through } as const; // prettier-ignore
    const matter = { type: "ServiceRequest", id: "s", home: 0, patient: null, careUnit: null, intents: [said] };
    const tx = this.database.begin(this.program);
    const writer = { at: 0, by: "system", unit: null, isHistory: false };
    await this.journal.keep(tx, writer, [{ ...matter, key: `${through} ${(this.keys += 1)}` }]);
    await tx.commit();
    return this.request;
  }

  one(name: string, kind: Loop["kind"]): Loop {
    return this.database.about(name).find((loop) => loop.kind === kind)!;
  }

  get request(): Loop {
    return this.database.about("ServiceRequest/s").find(({ kind }) => kind === "order" || kind === "referral")!;
  }

  left(channel: string): string[] {
    return (this.database.outbox.channels.get(channel) ?? []).map(({ event }) => event);
  }
}

const REFERRAL = { category: [{ coding: [{ code: "3457005" }] }] };
const standing = ({ state, owner, receiver }: Loop): [State, string | null, string | null] => [state, owner, receiver];

test("LOOP-AGAIN-1 what came back is asked again of the same, or of another, and then the first is told not to", async () => {
  const region = new Region();
  await region.ask("u2");
  await region.say("p2", "rejected");
  assert.deepEqual(standing(region.request), ["returned", "u1", "u2"]);
  assert.deepEqual(standing(await region.act(region.request, "resend")), ["received", "u2", "u2"]);

  const other = new Region();
  await other.ask("lab");
  await other.act(other.request, "fail");
  await other.ask("rad");
  assert.deepEqual(standing(other.request), ["created", "u1", "rad"]);
  assert.deepEqual([other.left("lab"), other.left("rad")], [["order", "cancel"], ["order"]]);
  await other.ask("rad", { status: "revoked" });
  assert.deepEqual(other.left("rad"), ["order", "cancel"], "whoever has it is told");
});

test("LOOP-AGAIN-2 a message that is sent again comes to whom it was meant for", async () => {
  const region = new Region();
  const sender = { reference: "PractitionerRole/p1-u1" };
  await region.write("p1", "Communication", "c", {
    status: "completed",
    sender,
    recipient: [{ reference: "Organization/u2" }],
  });
  const message = region.one("Communication/c", "message");
  const returned = await region.act(message, "return");
  assert.deepEqual([returned.state, returned.owner], ["returned", "u1"]);
  const again = await region.act(returned, "resend");
  assert.deepEqual([again.state, again.owner], ["received", "u2"]);
});

test("LOOP-AGAIN-3 a referral that is accepted elsewhere has its call opened again", async () => {
  const region = new Region();
  await region.ask("u2", REFERRAL);
  await region.say("p2", "accepted");
  assert.equal(region.one("ServiceRequest/s", "call").owner, "u2");
  await region.say("p2", "requested", {
    businessStatus: { coding: [{ code: "3" }] },
    owner: { reference: "Organization/u3" },
  });
  assert.equal(region.one("ServiceRequest/s", "call").state, "closed");
  await region.say("p3", "accepted");
  const call = region.one("ServiceRequest/s", "call");
  assert.deepEqual([call.state, call.owner], ["created", "u3"]);
});

test("LOOP-AGAIN-4 an integration answers for nothing", async () => {
  const region = new Region();
  await region.ask("lab");
  await region.say("client lab", "accepted");
  assert.deepEqual([region.request.state, region.request.responsible], ["taken-over", null]);
});

test("LOOP-AGAIN-5 who was asked before says nothing of who is asked now", async () => {
  const region = new Region();
  await region.ask("lab");
  await region.hears("lab", "fail");
  await region.ask("rad");
  assert.deepEqual(standing(await region.hears("lab", "transfer")), ["created", "u1", "rad"]);
  assert.deepEqual(standing(await region.hears("lab", "fail")), ["created", "u1", "rad"]);
  assert.deepEqual(standing(await region.hears("rad", "transfer")), ["transferred", "u1", "rad"]);
  assert.deepEqual(standing(await region.hears("lab", "fail")), ["transferred", "u1", "rad"]);
  assert.deepEqual(standing(await region.hears("rad", "fail")), ["failed", "u1", "rad"]);
});

test("LOOP-ESCALATE-4 lists where nobody is on duty are passed over, and from the top it begins again below", () => {
  const { database } = new Region();
  const { directory } = database;
  directory.addList({ id: "above", parent: REGION });
  directory.addList({ id: "under", parent: "above" });
  directory.join("p8", "above");
  directory.join("p9", "under");
  restaff(database, 0);
  const registry = directory.registryAbove(["under"]);
  const subject = { type: "DiagnosticReport", id: "d", recipient: "" };
  const shared = { home: 0, kind: "result", patient: null, sentBy: null, receiver: null, parent: null } as const;
  const loop = opened({ ...shared, id: "l", subject, owner: "under", responsible: "p9", sender: "under", risk: 0 }, 0);
  const roster = (duty: Readonly<Record<string, readonly string[]>>): Roster => ({
    isPresent: (person) => person !== "ill",
    deputyOf: () => null,
    onDuty: (list) => duty[list] ?? [],
  });
  const next = (from: Partial<Loop>, duty: Readonly<Record<string, readonly string[]>>): object =>
    nextHolder({ ...loop, ...from }, { registry, roster: roster(duty) });
  assert.deepEqual(next({}, { under: ["p9"], [REGION]: ["r1"] }), { owner: REGION, responsible: "r1" });
  assert.deepEqual(next({ owner: REGION, responsible: null }, { under: ["p9"], [REGION]: ["ill"] }), {
    owner: "under",
    responsible: "p9",
  });
  assert.deepEqual(next({ owner: REGION, responsible: null }, { above: ["p8"] }), {
    owner: "above",
    responsible: "p8",
  });
  assert.deepEqual(next({}, {}), { owner: REGION, responsible: null });
});

test("LOOP-AGAIN-6 what is passed on to a list that an integration reaches is sent there, and is its sender's until it is taken over; the one before is told", async () => {
  const region = new Region();
  await region.ask("u2", REFERRAL);
  await region.say("p2", "accepted");
  assert.equal(region.one("ServiceRequest/s", "call").state, "created");
  await region.say("p2", "requested", {
    businessStatus: { coding: [{ code: "3" }] },
    owner: { reference: "Organization/lab" },
  });
  assert.deepEqual(standing(region.request), ["created", "u1", "lab"]);
  assert.deepEqual(region.left("lab"), ["order"]);
  assert.equal(region.one("ServiceRequest/s", "call").state, "closed");
  await region.say("client lab", "accepted");
  assert.deepEqual(
    standing(region.request),
    ["taken-over", "region", "lab"],
    "a list that nobody works through is the region's",
  );
  await region.ask("rad", REFERRAL);
  assert.deepEqual([region.left("lab"), region.left("rad")], [["order", "cancel"], ["order"]]);
  await region.ask("u3", REFERRAL);
  assert.deepEqual(standing(region.request), ["received", "u3", "u3"], "also before the one before had it");
  assert.deepEqual(region.left("rad"), ["order", "cancel"]);
});

test("LOOP-AGAIN-7 whoever was asked by an integration is told when what is asked has changed, once; others are not, nor of what is no change", async () => {
  const region = new Region();
  await region.ask("lab", { priority: "routine" });
  await region.ask("lab", { priority: "stat" });
  await region.ask("lab", { priority: "stat", meta: { source: "x" } });
  assert.deepEqual(region.left("lab"), ["order", "change"]);
  assert.deepEqual(standing(region.request), ["created", "u1", "lab"]);
  await region.act(region.request, "fail");
  await region.ask("lab", { priority: "asap" });
  assert.deepEqual(region.left("lab"), ["order", "change"], "what came back is asked anew as it stands then");
  const inside = new Region();
  await inside.ask("u2", { priority: "routine" });
  const { version } = inside.request;
  await inside.ask("u2", { priority: "stat" });
  assert.equal(inside.request.version, version);
});
