/** Rules of ../SPEC.md: malformed requests. The long run is a command; here is a short one. */
import assert from "node:assert/strict";
import { createServer } from "node:net";
import { once } from "node:events";
import { test } from "node:test";
import { seededRandom } from "../../base/index.ts";
import type { Invocation } from "../command.ts";
import { configOf } from "../config.ts";
import { MAIN } from "../testing/index.ts";
import { fuzzCommand } from "./fuzz.ts";
import { KINDS, malformedRequests } from "./malformed.ts";
import { exchange } from "./wire.ts";

const SEED = 7;

test(`CLI-FUZZ-1 malformed requests are refused without a fault, a hang, damage or growth (seed ${SEED})`, async () => {
  const printed: string[] = [];
  const told: string[] = [];
  const invocation: Invocation = {
    args: ["fuzz", "http", "--requests", "1500", "--seed", String(SEED)],
    config: configOf({}, { webRoot: "", version: "test" }),
    terminal: {
      print: (line) => printed.push(line),
      tell: (line) => told.push(line),
      progress: () => undefined,
      onStop: () => undefined,
    },
    clock: () => new Date(),
    self: { command: [process.execPath, ...MAIN], environment: process.env },
  };
  assert.equal(await fuzzCommand(invocation), 0, `${told.join("\n")}\n${printed.join("\n")}`);
  const seen = JSON.parse(printed.at(-1) ?? "") as Record<string, number>;
  assert.equal(seen["requests"], 1500);
  assert.ok((seen["refused"] ?? 0) > 700);
});

test("CLI-FUZZ-2 the same seed gives the same requests, and every kind comes", () => {
  const take = (seed: number) => {
    const source = malformedRequests(seededRandom(seed), "token");
    return Array.from({ length: 600 }, () => source.next().value as { kind: string; bytes: Buffer });
  };
  const texts = (seed: number) => take(seed).map(({ bytes }) => bytes.toString("latin1").slice(0, 2000));
  assert.deepEqual(texts(1), texts(1));
  assert.notDeepEqual(texts(1), texts(2));
  assert.deepEqual(new Set(take(1).map(({ kind }) => kind)), new Set(KINDS));
});

test("CLI-FUZZ-4 malformed values reach operations' own parameters, filters and queries", () => {
  const source = malformedRequests(seededRandom(SEED), "token");
  const text = Array.from({ length: 3000 }, () => (source.next().value as { bytes: Buffer }).bytes.toString("latin1"))
    .map((request) => request.slice(0, 500))
    .join("\n");
  for (const wanted of [
    /CodeSystem\/\$[^ ]*=%00/,
    /ValueSet\/\$[^ ]*=%00/,
    /_filter=[^ ]*%22%5cu0000%22/,
    /query=%7bPatient[^ ]*:%22%5cu0000%22/,
  ])
    assert.ok(wanted.test(text), String(wanted));
});

test("CLI-FUZZ-3 an answer, a closed connection and silence are told apart", async (t) => {
  const says = async (what: string | undefined): Promise<number> => {
    const server = createServer((socket) => {
      socket.on("error", () => undefined);
      socket.on("data", () => {
        if (what !== undefined) socket.end(what);
      });
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    t.after(() => server.close());
    return (server.address() as { port: number }).port;
  };
  const ask = async (what: string | undefined) => exchange(await says(what), Buffer.from("x"), 300);
  const answer = await ask("HTTP/1.1 422 No\r\nA: b\r\n\r\ntext");
  assert.deepEqual(answer, { kind: "answer", status: 422, head: "HTTP/1.1 422 No\r\nA: b", body: "text" });
  assert.deepEqual(await ask(""), { kind: "closed" });
  assert.deepEqual(await ask(undefined), { kind: "silent" });
});
