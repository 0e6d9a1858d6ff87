/** Rules EXCH-HL7-FRAME, -ACK, -PEER, -SERVER and -CLIENT, on real sockets. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Socket } from "node:net";
import { test, type TestContext } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import fc from "fast-check";
import { certificateFor } from "../../testing/certificate.ts";
import { parseMessage } from "../codec/index.ts";
import { acknowledgementIn, answerTo, headerAlone, headerOf, hl7Time, isWanted, type Answer } from "./answers.ts";
import { MllpClient, type MllpClientOptions } from "./client.ts";
import { framed, Framer } from "./framing.ts";
import { daysLeft, isAllowed } from "./peers.ts";
import { startMllpServer, type MllpServer, type MllpServerOptions } from "./server.ts";

const MARK = { controlId: "E1", time: "20261122120000+0000" };
const message = (id: string, more = ""): Buffer =>
  Buffer.from(`MSH|^~\\&|LAB|HUS|EIRA|REG|20261122||ORU^R01^ORU_R01|${id}|P|2.5.1${more}\rPID|1||${id}\r`);
const accepted = (bytes: Uint8Array): Buffer => answerTo(parseMessage(bytes), { verdict: "accept" }, MARK).bytes();

type Listening = MllpServer & { readonly got: Buffer[]; readonly faults: string[] };

async function listening(t: TestContext, options: Partial<MllpServerOptions> = {}): Promise<Listening> {
  const got: Buffer[] = [];
  const faults: string[] = [];
  const server = await startMllpServer({
    port: 0,
    host: "127.0.0.1",
    most: 100_000,
    idleMs: 0,
    onMessage: async (bytes) => {
      got.push(bytes);
      return accepted(bytes);
    },
    onFault: (what) => faults.push(what),
    ...options,
  });
  t.after(() => server.close());
  return { ...server, got, faults };
}

/** A socket that remembers what came. */
async function raw(
  t: TestContext,
  port: number,
): Promise<{ socket: Socket; heard: () => string; closed: Promise<unknown> }> {
  const socket = connect({ port, host: "127.0.0.1" });
  t.after(() => void socket.destroy());
  let text = "";
  socket.on("data", (chunk: Buffer) => (text += chunk.toString("latin1")));
  socket.on("error", () => undefined);
  const closed = once(socket, "close");
  await once(socket, "connect");
  return { socket, heard: () => text, closed };
}

async function until(isSo: () => boolean): Promise<void> {
  for (let tries = 0; tries < 800 && !isSo(); tries += 1) await sleep(5);
  assert.ok(isSo(), "it did not happen");
}

function client(t: TestContext, port: number, more: Partial<MllpClientOptions> = {}): MllpClient {
  const made = new MllpClient({ host: "127.0.0.1", port, connectMs: 1000, answerMs: 300, ...more });
  t.after(() => made.close());
  return made;
}

test("EXCH-HL7-FRAME-1 frames are put together wherever they are cut, with what stands between them left", () => {
  const content = fc
    .uint8Array({ maxLength: 20 })
    .map((bytes) => Buffer.from(bytes.filter((one) => one !== 0x0b && one !== 0x1c)));
  const garbage = fc.uint8Array({ maxLength: 5 }).map((bytes) => Buffer.from(bytes.filter((one) => one !== 0x0b)));
  const stream = fc.array(fc.tuple(garbage, content), { maxLength: 6 });
  fc.assert(
    fc.property(stream, fc.array(fc.nat(200), { maxLength: 12 }), (parts, cuts) => {
      const bytes = Buffer.concat(parts.flatMap(([noise, one]) => [noise, framed(one)]));
      const places = [0, ...cuts.filter((at) => at < bytes.length).toSorted((a, b) => a - b), bytes.length];
      const framer = new Framer(100);
      const heard = places.slice(1).map((to, at) => framer.push(bytes.subarray(places[at], to)));
      assert.deepEqual(
        heard.flatMap(({ messages }) => messages),
        parts.map(([, one]) => one),
      );
      assert.equal(
        heard.reduce((sum, one) => sum + one.garbage, 0),
        parts.reduce((sum, [noise]) => sum + noise.length, 0),
      );
      assert.equal(framer.isOpen, false);
    }),
    { numRuns: 500 },
  );
});

test("EXCH-HL7-FRAME-2 a frame that begins in another takes its place; one that is too large ends the connection unanswered", async (t) => {
  const framer = new Framer(50);
  const cut = Buffer.concat([framed(Buffer.from("abc")).subarray(0, 3), framed(Buffer.from("x\x1cy"))]);
  const heard = framer.push(cut);
  assert.deepEqual([heard.messages.map(String), heard.garbage], [["x\x1cy"], 3]);
  assert.equal(framer.push(Buffer.concat([Buffer.of(0x0b), Buffer.alloc(60)])).isTooLarge, true);
  const server = await listening(t, { most: 200 });
  const { socket, heard: answers, closed } = await raw(t, server.port);
  socket.write(Buffer.concat([framed(message("1")), framed(Buffer.alloc(201, "a"))]));
  await closed;
  assert.match(answers(), /MSA\|AA\|1/);
  assert.equal(server.got.length, 1);
  assert.deepEqual(server.faults, ["a message is larger than it may be"]);
});

test("EXCH-HL7-ACK-1 answers name what they answer, in original and in enhanced mode, with the place of what is wrong", () => {
  const told = (more: string, answer: Answer): string =>
    answerTo(parseMessage(message("7", more)), answer, MARK).text();
  const error: Answer = { verdict: "error", why: "not understood", place: "OBX[2]-5" };
  assert.equal(
    told("", { verdict: "accept" }),
    "MSH|^~\\&|EIRA|REG|LAB|HUS|20261122120000+0000||ACK^R01^ACK|E1|P|2.5.1||||||UNICODE UTF-8\rMSA|AA|7\r",
  );
  assert.match(told("", error), /MSA\|AE\|7\|not understood\rERR\|\|OBX\^2\^5\|207\^/);
  assert.match(told("", { verdict: "reject" }), /MSA\|AR\|7\r/);
  assert.match(told("|||AL", { verdict: "accept" }), /MSA\|CA\|7\r/);
  assert.match(told("|||AL", error), /MSA\|CE\|7/);
  assert.match(told("|||AL", { verdict: "reject" }), /MSA\|CR\|7/);
  assert.match(told("|||AL|AL", { verdict: "accept", isOfApplication: true }), /MSA\|AA\|7/);
  assert.match(answerTo(undefined, { verdict: "reject" }, MARK).text(), /\rMSA\|AR\r/);
  const header = headerAlone(Buffer.from("MSH|^~\\&|å|||||||9|\rnot a segment", "latin1"), {});
  assert.equal(header && headerOf(header).controlId, "9");
  assert.equal(headerAlone(Buffer.from("nothing"), {}), undefined);
  assert.deepEqual(acknowledgementIn(answerTo(parseMessage(message("8")), error, MARK)), {
    code: "AE",
    controlId: "8",
    why: "not understood",
  });
  assert.equal(acknowledgementIn(parseMessage(message("8"))), undefined);
  assert.equal(hl7Time(new Date("2026-11-22T12:00:00.5Z")), "20261122120000.500+0000");
});

test("EXCH-HL7-ACK-2 only the answers that MSH-15 and MSH-16 ask for are given", () => {
  const wanted = (more: string): string => {
    const header = headerOf(parseMessage(message("1", more)));
    return (
      [
        ["accept", false],
        ["error", false],
        ["accept", true],
        ["error", true],
      ] as const
    )
      .map(([verdict, isOfApplication]) => (isWanted(header, { verdict, isOfApplication }) ? "y" : "-"))
      .join("");
  };
  assert.equal(wanted(""), "yy--");
  assert.equal(wanted("|||AL|NE"), "yy--");
  assert.equal(wanted("|||AL|AL"), "yyyy");
  assert.equal(wanted("|||ER|ER"), "-y-y");
  assert.equal(wanted("|||SU|SU"), "y-y-");
  assert.equal(wanted("|||NE|NE"), "----");
  assert.equal(wanted("|||NE|AL"), "yy--");
  assert.equal(wanted("|||NE|ER"), "-y--");
});

test("EXCH-HL7-SERVER-1 several messages in a packet are answered in their order, however long each takes; who has ended its side is still answered", async (t) => {
  const server = await listening(t, {
    onMessage: async (bytes) => {
      const id = headerOf(parseMessage(bytes)).controlId;
      await sleep(id === "1" ? 60 : 1);
      return accepted(bytes);
    },
  });
  const { socket, heard, closed } = await raw(t, server.port);
  socket.end(Buffer.concat(["1", "2", "3"].flatMap((id) => [Buffer.from("\r\nnoise"), framed(message(id))])));
  await closed;
  assert.deepEqual(
    [...heard().matchAll(/MSA\|AA\|(\d)/g)].map(([, id]) => id),
    ["1", "2", "3"],
  );
  assert.deepEqual(server.faults, ["bytes outside a frame were left"]);
});

test("EXCH-HL7-SERVER-2 what could not be kept is not answered, and neither is what came after it; the connection ends", async (t) => {
  const server = await listening(t, {
    onMessage: async (bytes) => {
      if (headerOf(parseMessage(bytes)).controlId === "2") throw new Error("no database");
      return accepted(bytes);
    },
  });
  const { socket, heard, closed } = await raw(t, server.port);
  socket.write(Buffer.concat(["1", "2", "3"].map((id) => framed(message(id)))));
  await closed;
  assert.deepEqual(
    [...heard().matchAll(/MSA\|AA\|(\d)/g)].map(([, id]) => id),
    ["1"],
  );
  assert.deepEqual(server.faults, ["a message could not be kept and was not acknowledged"]);
});

test("EXCH-HL7-SERVER-3 a connection on which nothing happens is closed, also in the middle of a message; a port that is taken is an error", async (t) => {
  const server = await listening(t, { idleMs: 60 });
  const { socket, closed } = await raw(t, server.port);
  socket.write(framed(message("1")).subarray(0, 20));
  await closed;
  assert.deepEqual(server.faults, ["a message was begun and not ended"]);
  assert.equal(server.got.length, 0);
  await assert.rejects(listening(t, { port: server.port }), /EADDRINUSE/);
});

test("EXCH-HL7-SERVER-4 who sends faster than messages are kept is read no further, and loses nothing", async (t) => {
  let open = 0;
  let most = 0;
  const server = await listening(t, {
    onMessage: async (bytes) => {
      open += 1;
      most = Math.max(most, open);
      await sleep(2);
      open -= 1;
      return accepted(bytes);
    },
  });
  const { socket, heard } = await raw(t, server.port);
  for (let n = 0; n < 3000; n += 1) socket.write(framed(message(String(n))));
  await until(() => (heard().match(/MSA\|AA/g) ?? []).length === 3000);
  assert.deepEqual(
    [...heard().matchAll(/MSA\|AA\|(\d+)/g)].map(([, id]) => Number(id)),
    Array.from({ length: 3000 }, (_, n) => n),
  );
  assert.ok(most < 1200, String(most)); // what one packet of 64 kB holds, on top of those that wait
});

test("EXCH-HL7-PEER-1 only listed addresses and certificates that the authority vouches for get as far as sending", async (t) => {
  const [own, lab, stranger] = [
    certificateFor("localhost", "491231000000Z"),
    certificateFor("lab", "491231000000Z"),
    certificateFor("lab", "491231000000Z"),
  ];
  const server = await listening(t, {
    tls: { ...own, ca: lab.cert },
    isAllowed: (peer) => isAllowed({ certificates: ["lab"] }, peer),
  });
  const secure = { host: "localhost", connectMs: 3000, answerMs: 3000 };
  const sent = await client(t, server.port, { ...secure, tls: { ...lab, ca: own.cert } }).send(message("1"), "1");
  assert.equal(sent.kind, "answered");
  for (const shown of [stranger, certificateFor("other", "491231000000Z")]) {
    const { kind } = await client(t, server.port, { ...secure, tls: { ...shown, ca: own.cert } }).send(
      message("2"),
      "2",
    );
    assert.notEqual(kind, "answered");
  }
  const unlisted = await listening(t, {
    tls: { ...own, ca: lab.cert },
    isAllowed: (peer) => isAllowed({ certificates: ["radiology"] }, peer),
  });
  assert.notEqual(
    (await client(t, unlisted.port, { ...secure, tls: { ...lab, ca: own.cert } }).send(message("3"), "3")).kind,
    "answered",
  );
  assert.deepEqual(unlisted.faults, ["a peer that is not listed was refused"]);
  const doubted = await client(t, server.port, { ...secure, tls: { ...lab, ca: stranger.cert } }).send(
    message("4"),
    "4",
  );
  assert.equal(doubted.kind, "unsent"); // nobody vouches for the receiver
  assert.equal(server.got.length, 1);
  const elsewhere = await listening(t, { isAllowed: (peer) => isAllowed({ addresses: ["10.1.0.0/16", "::1"] }, peer) });
  assert.equal((await client(t, elsewhere.port).send(message("5"), "5")).kind, "unknown");
  assert.equal(elsewhere.got.length, 0);
  const peer = { address: "10.1.2.3", commonName: "lab", fingerprint: "AB:CD" };
  assert.equal(isAllowed({ addresses: ["10.1.0.0/16"], certificates: ["ab:cd"] }, peer), true);
  assert.equal(isAllowed({ addresses: ["10.1.0.0/16"], certificates: ["x"] }, peer), false);
  assert.equal(isAllowed({}, peer), true);
  assert.throws(() => isAllowed({ addresses: ["somewhere"] }, peer), RangeError);
  assert.equal(daysLeft(own.cert, new Date("2049-12-21T00:00:00Z")), 10);
  assert.ok(daysLeft(own.cert, new Date("2050-12-21T00:00:00Z")) < 0);
});

test("EXCH-HL7-CLIENT-1 messages of a connection are sent one at a time, in order; the connection is made again after it was lost", async (t) => {
  const server = await listening(t);
  const sender = client(t, server.port);
  const outcomes = await Promise.all(["1", "2", "3", "4"].map((id) => sender.send(message(id), id)));
  assert.ok(outcomes.every((one) => one.kind === "answered" && one.answer.code === "AA"));
  assert.deepEqual(
    server.got.map((bytes) => headerOf(parseMessage(bytes)).controlId),
    ["1", "2", "3", "4"],
  );
  await server.close();
  await until(() => true);
  const gone = await sender.send(message("5"), "5");
  assert.notEqual(gone.kind, "answered");
  const again = await listening(t, { port: server.port });
  assert.equal((await sender.send(message("5"), "5")).kind, "answered");
  assert.equal(again.got.length, 1);
});

test("EXCH-HL7-CLIENT-2 a lost, late, foreign or unreadable acknowledgement is told as unknown, and is not taken for the next one's", async (t) => {
  const answers: (readonly [number, Buffer])[] = [];
  const server = createServer((socket) => {
    socket.on("error", () => undefined);
    socket.on("data", () => {
      const [pause = 0, bytes] = answers.shift() ?? [];
      if (bytes === undefined) return void socket.destroy();
      setTimeout(() => socket.writable && socket.write(bytes), pause);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const sender = client(t, port, { answerMs: 120 });
  answers.push([200, framed(accepted(message("1")))]); // late
  assert.equal((await sender.send(message("1"), "1")).kind, "unknown");
  answers.push([0, Buffer.concat([framed(accepted(message("1"))), framed(Buffer.from("noise"))])]); // another one's
  assert.equal((await sender.send(message("2"), "2")).kind, "unknown");
  assert.equal((await sender.send(message("3"), "3")).kind, "unknown"); // the connection breaks
  answers.push([0, Buffer.concat([framed(accepted(message("1"))), framed(accepted(message("4")))])]);
  assert.equal((await sender.send(message("4"), "4")).kind, "answered");
  server.close();
  sender.close();
  const { port: free } = await listening(t);
  assert.ok(free > 0);
  assert.equal((await client(t, 1).send(message("5"), "5")).kind, "unsent");
});
