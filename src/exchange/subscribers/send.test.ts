import assert from "node:assert/strict";
import { request } from "node:https";
import { test } from "node:test";
import type { JsonObject } from "../../fhir/index.ts";
import { observation } from "../../journal/testing/index.ts";
import { eventually, receiverOfTest, searchSubscription, sharedExchange, strangerOfTest } from "../testing/index.ts";
import { parseHostList } from "./addresses.ts";
import { channelHeaders } from "./channel-headers.ts";
import { send, type Address, type Message, type Outbound, type Sent } from "./send.ts";

const freshExchange = sharedExchange();
const GOING = new AbortController().signal;

function message(url: string, more: Partial<Message> = {}): Message {
  return { method: "POST", url, headers: {}, body: "{}", timeoutMs: 2000, ...more };
}

function outbound(hosts: string, ...answers: readonly (readonly Address[])[]): Outbound & { asked: () => number } {
  let asked = 0;
  const lookup = async (): Promise<readonly Address[]> => answers[Math.min(asked++, answers.length - 1)] ?? [];
  return { hosts: parseHostList(hosts), lookup, asked: () => asked };
}

const LOOPBACK = [{ address: "127.0.0.1", family: 4 }];

test("EXCH-SEND-1 the connection goes to the very address that was judged, however the name is answered afterwards", async (t) => {
  const receiver = await receiverOfTest(t);
  const named = receiver.url.replace("127.0.0.1", "receiver.test");
  const rebinding = outbound("http://receiver.test 127.0.0.1", LOOPBACK, [{ address: "10.0.0.1", family: 4 }]);
  assert.deepEqual(await send(rebinding, message(named), GOING), { fault: undefined });
  assert.equal(rebinding.asked(), 1);
  assert.match(receiver.got[0]?.headers.host ?? "", /^receiver\.test:\d+$/);
});

test("EXCH-SEND-2 one bad address among those that a name means is enough to refuse, and then nothing is connected to", async (t) => {
  const receiver = await receiverOfTest(t);
  const named = receiver.url.replace("127.0.0.1", "receiver.test");
  const some = outbound("http://receiver.test", LOOPBACK);
  assert.match((await send(some, message(named), GOING)).fault ?? "", /not public/);
  const mixed = [
    { address: "193.10.0.1", family: 4 },
    { address: "169.254.169.254", family: 4 },
  ];
  const secure = named.replace("http:", "https:");
  assert.match((await send(outbound("receiver.test", mixed), message(secure), GOING)).fault ?? "", /not public/);
  assert.match((await send(outbound("receiver.test", []), message(secure), GOING)).fault ?? "", /does not lead/);
  assert.match((await send(outbound("other.test", LOOPBACK), message(secure), GOING)).fault ?? "", /not among those/);
  const failing: Outbound = {
    hosts: parseHostList("receiver.test"),
    lookup: () => Promise.reject(Object.assign(new Error("no"), { code: "ENOTFOUND" })),
  };
  assert.match((await send(failing, message(secure), GOING)).fault ?? "", /not known/);
  assert.equal(receiver.got.length, 0);
});

test("EXCH-SEND-4 a receiver whose certificate nobody vouches for, or which is another's, gets nothing", async (t) => {
  const until = { now: "491231000000Z", before: "201231000000Z" };
  for (const [name, end] of [
    ["receiver.test", until.now],
    ["other.test", until.now],
    ["receiver.test", until.before],
  ] as const) {
    const stranger = await strangerOfTest(t, name, end);
    const to = outbound("receiver.test 127.0.0.1", LOOPBACK);
    const { fault = "" } = await send(to, message(`https://receiver.test:${stranger.port}/hook`), GOING);
    assert.match(
      fault,
      /could not be spoken with \((?:DEPTH_ZERO_SELF_SIGNED_CERT|CERT_HAS_EXPIRED|ERR_TLS_CERT_ALTNAME_INVALID)\)/,
    );
    assert.equal(stranger.asked(), 0);
  }
  // The server is a sound one: whoever trusts its certificate is answered.
  const known = await strangerOfTest(t, "receiver.test");
  const status = await new Promise<number | undefined>((resolve, reject) => {
    const to = { host: "127.0.0.1", port: known.port, servername: "receiver.test", ca: known.cert };
    request(to, (response) => resolve(response.resume().statusCode))
      .on("error", reject)
      .end();
  });
  assert.deepEqual([status, known.asked()], [200, 1]);
});

test("EXCH-SEND-3 redirects are not followed; time and what is read are limited; half an answer is none", async (t) => {
  const receiver = await receiverOfTest(t);
  const to = outbound("http://127.0.0.1", LOOPBACK);
  const sent = (more: Partial<Message> = {}): Promise<Sent> => send(to, message(receiver.url, more), GOING);
  receiver.behaviour = (_got, response) => void response.writeHead(302, { location: `${receiver.url}/x` }).end();
  assert.match((await sent()).fault ?? "", /302.*not followed/);
  assert.equal(receiver.got.length, 1);
  receiver.behaviour = () => undefined;
  assert.match((await sent({ timeoutMs: 100 })).fault ?? "", /within 0\.1 s/);
  receiver.behaviour = (_got, response) => {
    const more = (): void => {
      while (!response.destroyed && response.write("x".repeat(16_384)));
    };
    response.writeHead(200).on("drain", more);
    more();
  };
  assert.deepEqual(await sent(), { fault: undefined }); // an endless answer is read no further than it must be
  receiver.behaviour = (_got, response) =>
    void response.writeHead(200, { "content-length": "9" }).write("half", () => response.socket?.destroy());
  assert.match((await sent()).fault ?? "", /before its answer was whole/);
  receiver.behaviour = (_got, response) => void response.writeHead(503, { "retry-after": "7" }).end();
  assert.deepEqual(await sent(), { fault: "The receiver answered 503.", retryAfterSeconds: 7 });
  assert.match((await send(to, message("http://127.0.0.1:1/"), GOING)).fault ?? "", /does not accept|could not/);
  assert.match((await send(to, message(receiver.url), AbortSignal.abort())).fault ?? "", /./);
});

test("EXCH-HEADER-1 a subscription's headers go along, but for those that steer the connection or speak for the server", () => {
  assert.deepEqual(channelHeaders(["Authorization: Bearer a:b", "X-Ward: 4 "]), {
    authorization: "Bearer a:b",
    "x-ward": "4",
  });
  const bad = [
    "Host: evil.example",
    "host : evil.example",
    "Content-Length: 3",
    "Transfer-Encoding: chunked",
    "Connection: close",
    "Idempotency-Key: mine",
    "Proxy-Authorization: x",
    "X-Forwarded-For: 1.2.3.4",
    "Eira-Anything: x",
    "no colon",
    ": empty",
    "Bad Name: x",
    "X: a\r\nHost: evil",
    "X: \u0000",
  ];
  for (const one of bad) assert.equal(typeof channelHeaders([one]), "string", one);
  assert.equal(typeof channelHeaders(Array.from({ length: 21 }, (_, n) => `X-${n}: 1`)), "string");
  assert.equal(typeof channelHeaders([`X: ${"a".repeat(4000)}`]), "string");
});

test("EXCH-HEADER-2 the headers are sent whole although no version shows them, also after the mask was sent back; a mask for nothing is an error", async (t) => {
  const exchange = await freshExchange();
  const receiver = await receiverOfTest(t);
  const hook = searchSubscription("s1", "Observation", receiver.url, { header: ["Authorization: Bearer hook-1"] });
  await exchange.subscribe(hook);
  exchange.start();
  const isActive = async (): Promise<boolean> => (await exchange.standing("s1")).status === "active";
  await eventually(isActive, "the subscription");
  const shown = await exchange.standing("s1");
  assert.deepEqual(shown.channel.header, ["Authorization: ***"]);
  await exchange.subscribe({ ...(shown as unknown as JsonObject), status: "requested", reason: "another" });
  await eventually(isActive, "the subscription again");
  await exchange.put(observation("o1"));
  await receiver.until(1);
  assert.equal(receiver.got[0]?.headers["authorization"], "Bearer hook-1");
  await exchange.subscribe({ ...hook, id: "s2", channel: shown.channel as unknown as JsonObject });
  await eventually(async () => (await exchange.standing("s2")).status === "error", "the one with nothing held");
  assert.match((await exchange.standing("s2")).error ?? "", /authorization.*sent whole/);
});
