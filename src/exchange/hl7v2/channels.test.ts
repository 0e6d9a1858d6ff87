/** Rules EXCH-HL7-CHANNEL, -WATCH and -STATUS. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { parseJson } from "../../fhir/index.ts";
import { OURS, sorted } from "../../journal/testing/index.ts";
import type { NewReceived } from "../../store/index.ts";
import { certificateFor } from "../testing/certificate.ts";
import { channelsIn, declarationOf, type Hl7Channel } from "./channels.ts";
import { Intake } from "./intake.ts";
import { channelStatuses } from "./status.ts";
import { edgeOfTest, inChannel, outChannel, result } from "./testing.ts";
import { forgetTexts } from "./texts.ts";
import { certificateFault, isDay, longestSilence, reconciledSetting, trafficFault, watchChannels } from "./watch.ts";

const edge = await edgeOfTest();
const LAB = { name: "lab", direction: "in", port: 2575, purpose: "results" };
const RIS = {
  name: "ris",
  direction: "out",
  host: "ris",
  port: 2576,
  purpose: "orders",
  acknowledgement: "application",
};
const FILES: Readonly<Record<string, string>> = { k: "KEY", c: "CERT", a: "CA" };

const read = (...channels: readonly Record<string, unknown>[]): readonly Hl7Channel[] =>
  channelsIn(parseJson(JSON.stringify({ channels })), (path) => FILES[path] ?? assert.fail(path));

test("EXCH-HL7-CHANNEL-1 channels are declared with peer, acknowledgement, owner and what is expected; what cannot be understood is refused by name", () => {
  const [lab, ris] = read(
    {
      ...LAB,
      senders: ["LAB|HUS"],
      peers: { addresses: ["10.0.0.0/8"], certificates: ["lab"] },
      tls: { key: "k", cert: "c", ca: "a" },
      charset: "8859/1",
      expected: { day: 400, night: 40 },
      owner: "SE-1",
    },
    RIS,
  );
  assert.ok(lab?.direction === "in" && ris?.direction === "out");
  assert.deepEqual(
    [lab.charset, lab.expected, lab.tls, lab.parked],
    ["iso-8859-1", { day: 400, night: 40 }, { key: "KEY", cert: "CERT", ca: "CA" }, "hold"],
  );
  assert.deepEqual([ris.answerSeconds, ris.ownerAfterMinutes, ris.connections], [30, 15, 1]);
  const refused: readonly (readonly [Record<string, unknown>, RegExp])[] = [
    [{ ...LAB, port: undefined }, /^lab: port is missing/],
    [{ ...LAB, port: "2575" }, /^lab: port is to be a whole number/],
    [{ ...LAB, name: "Lab 1" }, /the name is to be/],
    [{ ...LAB, charset: "klingon" }, /^lab: the charset is not known/],
    [{ ...LAB, purpose: undefined }, /^lab: purpose is missing/],
    [{ ...LAB, prot: 1 }, /^lab: prot is not known/],
    [{ ...LAB, tls: { key: "k", cert: "c" } }, /^lab: tls is to have/],
    [{ ...LAB, peers: { certificates: ["x"] } }, /^lab: certificates are shown by TLS only/],
    [{ ...LAB, peers: { addresses: ["here"] } }, /^lab: here is neither/],
    [{ ...LAB, expected: { day: 1 } }, /^lab: night is missing/],
  ];
  for (const [channel, told] of refused)
    assert.throws(
      () => read(channel),
      (error: Error) => told.test(error.message),
      String(told),
    );
  assert.throws(() => read(LAB, LAB), /there twice/);
  assert.throws(() => read(LAB, { ...LAB, name: "rad" }), /told apart by different senders/);
  assert.throws(() => channelsIn(parseJson("[]"), () => ""), /channels/);
  assert.equal(read({ ...LAB, senders: ["A|B"] }, { ...LAB, name: "rad", senders: ["C|D"] }).length, 2);
});

test("EXCH-HL7-CHANNEL-2 a channel that no application acknowledges is refused unless it says that it is blind and how often lists are compared", () => {
  const accept = { ...RIS, acknowledgement: "accept" };
  for (const one of [
    accept,
    { ...accept, blind: true },
    { ...accept, reconciliationHours: 24 },
    { ...accept, blind: true, reconciliationHours: 1000 },
    { ...RIS, blind: true },
    { ...RIS, acknowledgement: "none" },
  ])
    assert.throws(() => read(one), { name: "ChannelRefused" });
  const [blind] = read({ ...accept, blind: true, reconciliationHours: 24 });
  assert.ok(blind?.direction === "out" && blind.reconciliationHours === 24);
});

const DAY = new Date("2026-11-22T12:00:00Z");
const NIGHT = new Date("2026-11-22T01:00:00Z");
const before = (now: Date, minutes: number): string => new Date(now.getTime() - minutes * 60_000).toISOString();

test("EXCH-HL7-WATCH-1 traffic that should come and does not is told of after 15 minutes by day and 60 by night, later where little is expected", () => {
  assert.deepEqual(
    [isDay(DAY), isDay(NIGHT), isDay(new Date("2026-07-01T04:00:00Z")), isDay(new Date("2026-11-22T21:00:00Z"))],
    [true, false, true, false],
  );
  const much = inChannel({ expected: { day: 400, night: 40 } });
  const little = inChannel({ expected: { day: 7, night: 0 } });
  const seen = (now: Date, minutes: number) => ({
    last: before(now, minutes),
    since: before(now, 10_000),
    lastHour: 400,
  });
  assert.equal(trafficFault(much, seen(DAY, 13.9), DAY), undefined);
  assert.match(trafficFault(much, seen(DAY, 14), DAY) ?? "", /silent for 14 minutes/);
  assert.equal(trafficFault(much, seen(NIGHT, 58.9), NIGHT), undefined);
  assert.match(trafficFault(much, seen(NIGHT, 59), NIGHT) ?? "", /silent/);
  assert.equal(longestSilence(little, DAY), 3_600_000);
  assert.equal(trafficFault(little, seen(NIGHT, 9999), NIGHT), undefined);
  assert.equal(trafficFault(inChannel(), seen(DAY, 9999), DAY), undefined);
  assert.match(
    trafficFault(much, { last: undefined, since: before(DAY, 20), lastHour: 0 }, DAY) ?? "",
    /silent for 20/,
    "what never came",
  );
  assert.match(
    trafficFault(much, { ...seen(DAY, 1), lastHour: 200 }, DAY) ?? "",
    /200 messages in an hour that usually has 400/,
  );
  assert.equal(
    trafficFault(much, { ...seen(DAY, 1), since: before(DAY, 30), lastHour: 0 }, DAY),
    undefined,
    "it has not stood an hour",
  );
});

test("EXCH-HL7-WATCH-1 looked at once a minute by a set clock, a channel that falls silent by day has an alarm and an owner within 15 minutes", async () => {
  await edge.reset();
  const { store, clock, faults } = edge;
  clock.forward(Date.parse("2026-11-23T09:00:00Z") - clock().getTime());
  const lab = inChannel({ expected: { day: 400, night: 40 }, owner: OURS.careUnit });
  const told = [{ name: "lab", direction: "in" as const, declared: declarationOf(lab) }];
  await store.write("*", (tx) => tx.hl7.channels.declare(told, clock().toISOString()));
  const intake = new Intake({ store, clock, faults });
  await intake.receive(result("w", "a"), { address: "::1", commonName: undefined, fingerprint: undefined }, [lab]);
  let minutes = 0;
  while (Object.keys(await watchChannels({ store, clock, faults, channels: [lab] })).length === 0 && minutes < 60) {
    clock.forward(60_000);
    minutes += 1;
  }
  assert.equal(minutes, 14);
  assert.match((await edge.owned()).join(), /Hl7Channel\/lab-traffic .*silent for 14 minutes/);
});

test("EXCH-HL7-WATCH-4 a sender whose answers become empty or lose most of their words is told of as long as it goes on; one that always sends short ones is not", async () => {
  await edge.reset();
  const { store, clock, faults, sql } = edge;
  const channels = [inChannel()];
  let made = 0;
  const keep = async (sender: string, texts: readonly string[]): Promise<readonly string[]> => {
    const messages = texts.map((text): NewReceived => {
      const raw = result(`t${(made += 1)}`, "a", { text });
      const kept = { channel: "lab", peer: "::1", sender, controlId: `t${made}`, type: "ORU^R01", keys: [], raw };
      return { ...kept, hash: createHash("sha256").update(raw).digest(), verdict: "accept", why: null, place: null, error: null }; // prettier-ignore
    });
    await store.write("*", (tx) => tx.hl7.received.keep(messages, clock().toISOString()));
    return Object.keys(await watchChannels({ store, clock, faults, channels }));
  };
  const long = Array.from({ length: 120 }, () => "Ingen fraktur. ".repeat(30));
  const short = Array.from({ length: 12 }, () => "Se bilaga.");
  assert.deepEqual(
    await keep(
      "TERSE|X",
      Array.from({ length: 100 }, () => "Neg"),
    ),
    [],
  );
  assert.deepEqual(await keep("RTG|HUS", long), []);
  assert.deepEqual(await keep("RTG|HUS", [...short, ...short]), ["lab texts"]);
  assert.match(
    (await edge.owned()).join(),
    /Hl7Channel\/lab-texts .*answers of RTG\|HUS are at most 9 characters|lab-texts .*RTG/,
  );
  assert.deepEqual(await keep("TERSE|X", ["Neg"]), ["lab texts"]);
  const kept = JSON.stringify(await sql("SELECT value FROM setting WHERE name = 'hl7 texts'"));
  assert.ok(!kept.includes("fraktur") && kept.length < 1000);
  assert.deepEqual(await keep("RTG|HUS", long.slice(0, 40)), [], "it is over when it is");
  assert.deepEqual(
    await keep(
      "RTG|HUS",
      Array.from({ length: 9 }, () => " "),
    ),
    ["lab texts"],
  );
  await forgetTexts(store, "lab");
  assert.deepEqual(await keep("RTG|HUS", [" "]), [], "somebody has said that it is to be so");
});

test("EXCH-HL7-WATCH-2 certificates are told of at 60, 30, 7 and 1 days", () => {
  const tls = { ...certificateFor("lab", "270122120000Z"), ca: certificateFor("ca", "491231000000Z").cert };
  const steps = ["2026-11-22", "2026-11-23", "2026-12-24", "2027-01-16", "2027-01-22T00:00:00Z", "2027-02-01"].map(
    (day) => certificateFault({ tls }, new Date(day))?.step,
  );
  assert.deepEqual(steps, [undefined, 60, 30, 7, 1, 1]);
  assert.equal(certificateFault({ tls: undefined }, DAY), undefined);
});

test("EXCH-HL7-WATCH-3 each alarm has an owner once, and is over when it is; what waits in vain has one too", async () => {
  await edge.reset();
  const { store, clock, faults } = edge;
  const lab = inChannel({ expected: { day: 4000, night: 4000 }, owner: OURS.careUnit });
  const ris = outChannel({ port: 9, acknowledgement: "accept", blind: true, reconciliationHours: 24 });
  const channels = [lab, ris];
  const declare = () =>
    store.write("*", (tx) =>
      tx.hl7.channels.declare(
        channels.map((one) => ({ name: one.name, direction: one.direction, declared: declarationOf(one) })),
        clock().toISOString(),
      ),
    );
  await declare();
  const look = async (): Promise<readonly string[]> =>
    Object.keys(await watchChannels({ store, clock, faults, channels })).toSorted();
  assert.deepEqual(await look(), []);
  clock.forward(25 * 3_600_000);
  assert.deepEqual(await look(), ["lab traffic", "ris blind"]);
  assert.deepEqual(await look(), ["lab traffic", "ris blind"]);
  assert.deepEqual(
    (await edge.owned()).map((told) => told.split(" ")[0]),
    ["Hl7Channel/lab-traffic", "Hl7Channel/ris-blind"],
  );
  const intake = new Intake({ store, clock, faults });
  await intake.receive(result("1", "a"), { address: "::1", commonName: undefined, fingerprint: undefined }, [lab]);
  await store.saveSetting(reconciledSetting("ris"), clock().toISOString());
  await store.write("*", (tx) =>
    tx.hl7.sent.append(
      [{ channel: "ris", controlId: "1", type: "x", line: "a", about: null, raw: result("1", "a") }],
      clock().toISOString(),
    ),
  );
  const [place] = await store.read("*", (tx) => tx.hl7.sent.waiting("ris", 1));
  const [came] = await store.read("*", (tx) => tx.hl7.received.waiting("lab", 1, 1));
  assert.ok(place && came);
  await store.write("*", async (tx) => {
    await tx.hl7.sent.fail(
      place,
      { error: "nobody there", answer: null, delaySeconds: 0, isParked: false },
      clock().toISOString(),
    );
    await tx.hl7.received.settle(
      [
        {
          position: came.position,
          home: came.home,
          settlement: { state: "waiting", error: "its order is not here", delaySeconds: 0 },
        },
      ],
      clock().toISOString(),
    );
  });
  assert.deepEqual(
    (await look()).filter((one) => one !== "lab traffic"),
    [],
    "half of what is usual is another matter",
  );
  clock.forward(16 * 60_000);
  assert.deepEqual(await look(), ["lab traffic", "ris delivery"]);
  await look();
  const owned = (await edge.owned()).map((told) => told.split(" ")[0]);
  assert.deepEqual(sorted(owned), ["Hl7Channel/lab-traffic", "Hl7Channel/ris-delivery", "Hl7Received/1"]);
});

test("EXCH-HL7-STATUS-1 people see each channel with acknowledgement, certificate's days, what waits, what is parked, what passed and what is wrong", async () => {
  const tls = { ...certificateFor("lab", "491231000000Z"), ca: "" };
  const now = edge.clock();
  const declared = declarationOf({ ...outChannel({ name: "old", port: 9 }), tls });
  assert.ok(!JSON.stringify(declared).includes("PRIVATE KEY"));
  await edge.store.write("*", (tx) =>
    tx.hl7.channels.declare([{ name: "old", direction: "out", declared }], now.toISOString()),
  );
  await edge.store.write("*", (tx) => tx.hl7.channels.hold("old", "moved"));
  const [lab, old, ris] = await channelStatuses(edge.store, now);
  assert.deepEqual([lab?.name, lab?.waiting, lab?.parked, lab?.lastDay, lab?.alarms], ["lab", 1, 0, 1, ["traffic"]]);
  assert.deepEqual([old?.held, (old?.certificateDays ?? 0) > 8000], ["moved", true]);
  assert.deepEqual([ris?.isBlind, ris?.waiting, ris?.alarms], [true, 1, ["delivery"]]);
});
