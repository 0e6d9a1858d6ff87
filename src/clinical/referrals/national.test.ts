/** Rules of ../SPEC.md: the national states of requests, modelled with loss, duplicates and reordering. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { JsonObject } from "../../fhir/index.ts";
import { intentsOf, possible, type Loop } from "../../loop/index.ts";
import { MemoryLedger } from "../testing/memory-ledger.ts";
import { judgeMessage, NATIONAL, nationalStatus, type Judgement, type NationalMessage } from "./national.ts";

const UNITS = ["sender", "asked", "further"] as const;
type Sent = NationalMessage & { readonly to?: string };

/** A referral between units, as both sides keep it. */
class Model {
  readonly ledger = new MemoryLedger(UNITS, "asked");
  private answers = 0;

  async send(): Promise<void> {
    await this.ledger.keep("sender", {
      type: "ServiceRequest",
      id: "r",
      key: "ServiceRequest/r/1",
      careUnit: "sender",
      intents: [
        {
          do: "open",
          kind: "referral",
          recipient: "",
          to: ["Organization/asked"],
          from: [],
          risk: 3,
          due: null,
          answers: [],
          told: null,
        },
      ],
    });
  }

  get request(): Loop {
    return this.only("referral");
  }

  /** The one that stands: an answer is made anew when the request was asked again. */
  get answer(): Loop | undefined {
    return [...this.ledger.loops.values()].findLast(({ kind }) => kind === "result");
  }

  get status(): ReturnType<typeof nationalStatus> {
    return nationalStatus(this.request, this.ledger.stepsOf(this.request.id), this.answer);
  }

  async deliver(message: Sent): Promise<Judgement> {
    const judged = judgeMessage(this.request, this.ledger.stepsOf(this.request.id), message);
    if (!("step" in judged)) return judged;
    if (judged.step === "answer") await this.reply(message);
    else
      await this.ledger.act(message.from, {
        loop: this.request.id,
        version: null,
        event: judged.step,
        note: "because",
        key: message.key,
        ...(message.to === undefined ? {} : { to: { worklist: message.to } }),
      });
    return judged;
  }

  async read(): Promise<void> {
    const { answer } = this;
    if (answer !== undefined && possible("result", answer.state).includes("read"))
      await this.ledger.act("sender", { loop: answer.id, version: null, event: "read", note: null, key: "read" });
  }

  /** Everything stands on exactly one list, or is done: received in the end, or withdrawn. */
  check(): void {
    const open = [...this.ledger.loops.values()].filter(
      ({ kind, closed }) => closed === null && (kind === "referral" || kind === "result"),
    );
    const { code, isWithdrawn } = this.status;
    if (code === "7" || isWithdrawn) return assert.equal(open.filter(({ state }) => state !== "read").length, 0);
    assert.equal(open.length, 1, `on one list at ${code}`);
    assert.ok(open[0]?.owner !== null && open[0]?.deadline !== null);
  }

  private async reply({ from, key }: Sent): Promise<void> {
    const id = `a${(this.answers += 1)}`;
    const resource: JsonObject = {
      resourceType: "DiagnosticReport",
      id,
      status: "final",
      code: { text: "Svar" },
      conclusion: "Åter.",
      basedOn: [{ reference: "ServiceRequest/r" }],
    };
    const intents = intentsOf({ type: "DiagnosticReport", id, resource, before: null });
    await this.ledger.keep(from, { type: "DiagnosticReport", id, key, careUnit: from, intents });
  }

  private only(kind: Loop["kind"]): Loop {
    const [one, ...others] = [...this.ledger.loops.values()].filter((loop) => loop.kind === kind);
    assert.ok(one !== undefined && others.length === 0);
    return one;
  }
}

const KINDS = ["receive", "assess", "forward", "ask-completion", "complete", "answer", "return"] as const;
const messages = fc.array(
  fc.record({
    kind: fc.constantFrom(...KINDS, "assess" as const, "complete" as const),
    isLost: fc.boolean(),
    isTwice: fc.boolean(),
    late: fc.integer({ min: 0, max: 12 }),
    from: fc.constantFrom(...UNITS),
  }),
  { maxLength: 12 },
);

test("CLIN-REFERRAL-1 whatever is lost, comes twice or in another order: a referral that was sent reaches 7, or stands on exactly one list", async () => {
  const seen = new Set<string>();
  await fc.assert(
    fc.asyncProperty(messages, async (drawn) => {
      const model = new Model();
      await model.send();
      seen.add(model.status.code);
      const sent = drawn.map((one, at): Sent & { at: number; isLost: boolean; isTwice: boolean } => ({
        kind: one.kind,
        key: `m${at}`,
        isLost: one.isLost,
        isTwice: one.isTwice,
        at: at + one.late,
        from: one.kind === "complete" ? one.from : "asked",
        ...(one.kind === "forward" ? { to: "further" } : {}),
      }));
      const arriving = sent.filter(({ isLost }) => !isLost).flatMap((one) => (one.isTwice ? [one, one] : [one]));
      for (const message of arriving.toSorted((a, b) => a.at - b.at)) {
        await model.deliver(message);
        model.check();
        seen.add(model.status.code);
      }
      // A technical fault is tried again until it succeeds, and whoever has it does the next thing.
      for (const message of sent.filter(({ isLost }) => isLost)) {
        await model.deliver(message);
        model.check();
      }
      for (let turn = 0; turn < 8 && model.status.code !== "7"; turn += 1) {
        const { state, owner } = model.request;
        const from = owner ?? "asked";
        if (state === "completion-asked") await model.deliver({ kind: "complete", from: "sender", key: `c${turn}` });
        else if (state === "answered") await model.read();
        else
          await model.deliver({
            kind: state === "received" || state === "created" ? "assess" : "answer",
            from,
            key: `d${turn}`,
          });
        model.check();
      }
      assert.equal(model.status.code, "7");
      seen.add("7");
    }),
    { numRuns: 200 },
  );
  assert.deepEqual([...seen].toSorted(), Object.keys(NATIONAL), "the check has seen every state");
});

test("CLIN-REFERRAL-2 words are added by the original sender alone: asked for, or before anybody has assessed or forwarded it; later ones are an error, at the wrong time information", async () => {
  const model = new Model();
  await model.send();
  const say = (kind: NationalMessage["kind"], from: string, key: string): Promise<Judgement> =>
    model.deliver({ kind, from, key, ...(kind === "forward" ? { to: "further" } : {}) });
  assert.deepEqual(await say("complete", "sender", "1"), { step: "note" });
  assert.deepEqual(await say("complete", "asked", "2"), { error: "not-the-sender" });
  assert.deepEqual(await say("ask-completion", "asked", "0"), { tolerated: "wrong-time" });
  assert.deepEqual(await say("receive", "asked", "r"), { step: "receive" });
  assert.deepEqual(await say("ask-completion", "asked", "3"), { step: "ask-completion" });
  assert.equal(model.status.code, "5");
  assert.deepEqual(await say("complete", "further", "4"), { error: "not-the-sender" });
  assert.deepEqual(await say("complete", "sender", "5"), { step: "complete" });
  assert.deepEqual(await say("complete", "sender", "5"), { tolerated: "duplicate" });
  assert.deepEqual(await say("forward", "asked", "6"), { step: "forward" });
  assert.deepEqual([model.status.code, model.request.owner], ["3", "further"]);
  assert.deepEqual(await say("complete", "sender", "7"), { error: "after-assessment" });
  assert.deepEqual(await say("assess", "further", "8"), { step: "take-over" });
  assert.deepEqual(await say("complete", "sender", "9"), { error: "after-assessment" });
  assert.deepEqual(await say("receive", "further", "10"), { tolerated: "wrong-time" });
  assert.deepEqual(await say("answer", "further", "11"), { step: "answer" });
  assert.deepEqual(await say("answer", "further", "12"), { tolerated: "wrong-time" });
  assert.equal(model.status.code, "6");
  await model.read();
  assert.equal(model.status.code, "7");
});
