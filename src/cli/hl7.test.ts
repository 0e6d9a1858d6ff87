/** Rules CLI-HL7: the edge beside a server, on real sockets and a real PostgreSQL. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test, type TestContext } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { buildMessage, channelStatuses, MllpClient } from "../exchange/index.ts";
import { journalOfTest } from "../journal/testing/index.ts";
import { freePort } from "./free-port.ts";
import { hl7OfSettings } from "./hl7.ts";

const journal = await journalOfTest({ after });
const folder = mkdtempSync(join(tmpdir(), "eira-hl7-"));
after(() => rmSync(folder, { recursive: true, force: true }));

function settings(content: unknown): string {
  const file = join(folder, "hl7.json");
  writeFileSync(file, typeof content === "string" ? content : JSON.stringify(content));
  return file;
}

const lab = (port: number) => ({
  channels: [{ name: "lab", direction: "in", purpose: "results", port, parked: "pass" }],
});

async function start(t: TestContext, port: number, told: string[] = []): Promise<void> {
  const edge = await hl7OfSettings(settings(lab(port)), journal.options, (what) => told.push(what));
  t.after(() => edge?.stop());
}

const message = (id: string): Buffer =>
  buildMessage([
    ["MSH", { 3: "LAB", 9: ["ORU", "R01"], 10: id }],
    ["PID", { 3: "p1" }],
  ]).bytes();

test("CLI-HL7-1 what the settings file declares is listened for, kept, acknowledged and worked on by one server; without a file there is nothing", async (t) => {
  assert.equal(await hl7OfSettings(undefined, journal.options, () => assert.fail()), undefined);
  const told: string[] = [];
  const [first, second] = [await freePort(), await freePort()];
  await start(t, first, told);
  await start(t, second, told);
  assert.deepEqual(told, [`hl7: lab listens on port ${first}`, `hl7: lab listens on port ${second}`]);
  for (const port of [first, second]) {
    const client = new MllpClient({ host: "127.0.0.1", port, connectMs: 1000, answerMs: 5000 });
    t.after(() => client.close());
    assert.equal((await client.send(message("1"), "1")).kind, "answered");
    assert.equal((await client.send(message(String(port)), String(port))).kind, "answered");
  }
  for (let tries = 0; tries < 500; tries += 1) {
    const [status] = await channelStatuses(journal.store, journal.clock());
    if (status?.parked === 3) break;
    await sleep(20);
  }
  const [status] = await channelStatuses(journal.store, journal.clock());
  assert.deepEqual(
    [status?.parked, status?.lastDay],
    [3, 3],
    "nobody is set up to take them in, so somebody owns them",
  );
});

test("CLI-HL7-2 a file that cannot be used, and a port that is taken, end the start with what is wrong", async (t) => {
  const start2 = (content: unknown) => hl7OfSettings(settings(content), journal.options, () => undefined);
  await assert.rejects(start2("{"), /EIRA_HL7: .*hl7\.json cannot be used/);
  await assert.rejects(start2({ channels: [{ name: "x" }] }), /x: direction is to be in or out/);
  const out = { name: "ris", direction: "out", purpose: "orders", host: "h", port: 1, acknowledgement: "accept" };
  await assert.rejects(start2({ channels: [out] }), /ris: .*blind/);
  const port = await freePort();
  await start(t, port);
  await assert.rejects(start2(lab(port)), /EADDRINUSE/);
});
