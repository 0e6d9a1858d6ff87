import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { loopJournal, UNITS, type LoopJournal } from "../../loop/testing/index.ts";
import { faultLedger } from "./fault-ledger.ts";
import { aboutReceived } from "./faults.ts";
import { replayMessages, trafficFor } from "./operate.ts";

const NOW = "2026-11-22T12:00:00.000Z";
const isCode = (code: string) => (error: { code?: string }) => error.code === code;

/** Two channels, of `asked` and of nobody, each with one message that nobody could take in. */
async function parked(journal: LoopJournal): Promise<number[]> {
  const { store } = journal;
  const raw = Buffer.from("MSH|^~\\&|LAB|Tolvan Tolvansson 191212121212\r");
  await store.write("*", async (tx) => {
    await tx.hl7.channels.declare(
      [
        { name: "lab", direction: "in", declared: { purpose: "Svar", owner: UNITS.asked.careUnit } },
        { name: "ris", direction: "in", declared: { purpose: "Bilder", owner: null } },
      ],
      NOW,
    );
    for (const channel of ["lab", "ris"])
      await tx.hl7.received.keep(
        [
          {
            channel,
            peer: "127.0.0.1",
            sender: "LAB",
            type: "ORU^R01",
            verdict: "accept",
            controlId: channel,
            keys: ["p1"],
            hash: createHash("sha256").update(channel).digest(),
            raw,
            why: null,
            place: null,
            error: null,
          },
        ],
        NOW,
      );
  });
  const positions: number[] = [];
  for (const channel of ["lab", "ris"]) {
    const [one] = await store.read("*", (look) => look.hl7.received.waiting(channel, 1, 1e6)); // there is one
    if (one === undefined) throw new Error("no message was kept");
    positions.push(one.position);
    const settlement = { state: "parked", error: "OBX-5 kan inte läsas", holds: false } as const;
    const fault = { about: aboutReceived(one.position), owner: UNITS.sender.careUnit, note: "x" };
    await store.write("*", async (tx) => {
      await tx.hl7.received.settle([{ position: one.position, home: one.home, settlement }], NOW);
      if (channel === "lab") await faultLedger(journal.options.random).open(tx, [fault], new Date(NOW));
    });
  }
  return positions;
}

test("EXCH-HL7-OPERATE-1 staff see how each channel stands, who owns it and what is parked; nobody else does, and nothing of a patient is told", async (t) => {
  const journal = await loopJournal(t);
  await parked(journal);
  const { value } = await trafficFor(journal.at("asked"));
  assert.deepEqual(
    value.channels.map(({ name, ownerName, isMine, parked: count }) => [name, ownerName, isMine, count]),
    [
      ["lab", "asked", true, 1],
      ["ris", "Regionens lista", false, 1],
    ],
  );
  assert.deepEqual(
    value.parked.map(({ channel, error, owners }) => [channel, error, ...owners]),
    [
      ["lab", "OBX-5 kan inte läsas", "sender"],
      ["ris", "OBX-5 kan inte läsas"],
    ],
  );
  assert.ok(!/Tolvan|1912121/.test(JSON.stringify(value)));
  await assert.rejects(trafficFor(journal.client()), isCode("FORBIDDEN"));
});

test("EXCH-HL7-OPERATE-2 messages are asked for again by the unit that owns the channel, once each, and it stands in the access log", async (t) => {
  const journal = await loopJournal(t);
  const [lab = 0, ris = 0] = await parked(journal);
  const at = (position: number): { from: number; until: number } => ({ from: position, until: position });
  await assert.rejects(replayMessages(journal.at("asked"), { channel: "ris", ...at(ris) }), isCode("FORBIDDEN"));
  await assert.rejects(replayMessages(journal.at("sender"), { channel: "lab", ...at(lab) }), isCode("FORBIDDEN"));
  await assert.rejects(replayMessages(journal.at("asked"), { channel: "gone", ...at(lab) }), isCode("NOT_FOUND"));
  await assert.rejects(
    replayMessages(journal.at("asked"), { channel: "lab", from: Number.NaN, until: 1 }),
    isCode("LOOP_INVALID"),
  );
  assert.equal((await replayMessages(journal.at("asked"), { channel: "lab", ...at(lab) })).value, 1);
  assert.equal((await replayMessages(journal.at("asked"), { channel: "lab", ...at(lab) })).value, 0); // the second click
  const lines = (await journal.log()).filter(({ action }) => action === "replay messages");
  assert.equal(lines.length, 2);
});
