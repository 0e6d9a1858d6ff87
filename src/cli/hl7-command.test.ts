/** Rules CLI-HL7-3 and -4: what a person sees of channels and does about them, by the program on a real database. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { journalOfTest, type JournalOfTest } from "../journal/testing/index.ts";
import { run } from "./run.ts";
import { Installation } from "./testing/index.ts";

type Told = { readonly code: number; readonly last: Record<string, unknown>; readonly told: string };

function programOn(t: TestContext, { database }: JournalOfTest): (...args: string[]) => Promise<Told> {
  const installation = Installation.make(t);
  return async (...args) => {
    const [printed, told]: [string[], string[]] = [[], []];
    const terminal = {
      print: (line: string) => void printed.push(line),
      tell: (line: string) => void told.push(line),
      progress: () => undefined,
      onStop: () => undefined,
    };
    const invocation = installation.invocation(["hl7", ...args], terminal);
    const code = await run({ ...invocation, config: { ...invocation.config, databaseUrl: database.url } });
    return {
      code,
      last: JSON.parse(printed.at(-1) ?? "{}") as Record<string, unknown>,
      told: [...printed, ...told].join("\n"),
    };
  };
}

test("CLI-HL7-3, CLI-HL7-4 and CLI-HL7-5 channels are listed, held and let go on; messages are sent and worked on again, and set aside; lists are compared", async (t) => {
  const journal = await journalOfTest(t);
  const program = programOn(t, journal);
  const now = journal.clock().toISOString();
  const raw = Buffer.from("MSH|^~\\&|");
  await journal.store.write("*", async ({ hl7 }) => {
    await hl7.channels.declare(
      [
        { name: "lab", direction: "in", declared: {} },
        { name: "ris", direction: "out", declared: { acknowledgement: "accept" } },
      ],
      now,
    );
    const came = {
      channel: "lab",
      peer: "",
      sender: "",
      controlId: "1",
      type: "ORU",
      keys: [],
      raw,
      verdict: "error",
      why: "x",
      place: null,
      error: "x",
    } as const;
    await hl7.received.keep([{ ...came, hash: createHash("sha256").update("1").digest() }], now);
    await hl7.sent.append(
      ["a", "b"].map((controlId) => ({ channel: "ris", controlId, type: "ORM", line: controlId, about: null, raw })),
      now,
    );
    for (const place of await hl7.sent.waiting("ris", 9)) await hl7.sent.acknowledge(place, "CA", now);
  });
  const listed = await program("list");
  assert.deepEqual(listed.last, { channels: 2 });
  assert.match(listed.told, /"name":"lab".*"parked":1/);
  assert.match(listed.told, /"name":"ris".*"isBlind":true/);
  assert.deepEqual((await program("aside", "--channel", "lab", "--position", "1", "--by", "SE-A")).last, {
    channel: "lab",
    position: 1,
    aside: true,
  });
  assert.equal((await program("aside", "--channel", "lab", "--position", "1", "--by", "SE-A")).code, 1);
  assert.deepEqual((await program("replay", "--channel", "lab", "--from", "1", "--until", "1")).last, {
    channel: "lab",
    from: 1,
    until: 1,
    messages: 1,
  });
  await program("hold", "--channel", "lab", "--why", "it moves");
  assert.match((await program("list")).told, /"held":"it moves"/);
  await program("release", "--channel", "lab");
  assert.doesNotMatch((await program("list")).told, /it moves/);
  const folder = mkdtempSync(join(tmpdir(), "eira-list-"));
  t.after(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, "list"), "a\n");
  const compared = await program("compare", "--channel", "ris", "--list", join(folder, "list"));
  assert.deepEqual([compared.last["compared"], compared.last["missing"], compared.last["sent"]], [2, 1, 1]);
  assert.match(compared.told, /^b is not on the receiver's list/m);
  assert.deepEqual((await program("again", "--channel", "ris")).last, { channel: "ris", messages: 1 });
  assert.deepEqual((await program("replay", "--channel", "ris", "--from", "0")).last["messages"], 1);
  assert.deepEqual((await program("usual", "--channel", "lab")).last, { channel: "lab", usual: "learnt anew" });
  const tell = (since: string): Promise<Told> => program("tell", "--channel", "ris", "--since", since);
  assert.equal((await tell("2026-11-01T00:00:00Z")).code, 1, "it has no feed");
  await journal.put({ resourceType: "Patient", id: "p" });
  await journal.store.write("*", (tx) => tx.hl7.feeds.begin("hl7 feed ris"));
  await journal.sql(
    "UPDATE change_reader SET (xid, seq) = (SELECT xid, seq FROM change_log ORDER BY xid DESC, seq DESC LIMIT 1)",
  );
  assert.equal((await tell("2026-11-01T00:00:00Z")).last["since"], "2026-11-01T00:00:00.000Z");
  assert.equal((await tell("yesterday")).code, 1);
  for (const wrong of [
    ["list", "--channel"],
    ["x"],
    ["hold", "--channel", "lab"],
    ["again", "--channel", "nobody"],
  ].slice(1))
    assert.notEqual((await program(...wrong)).code, 0, wrong.join(" "));
});
