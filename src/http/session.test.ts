import assert from "node:assert/strict";
import { after, test } from "node:test";
import { OURS, patient, personActor } from "../journal/testing/index.ts";
import { buildServer, Sessions } from "./index.ts";
import { serverOfTest } from "./testing/index.ts";

const MINUTE = 60_000;
const server = await serverOfTest({ after });
await server.put(patient("p1"));
const anna = { id: "anna-of-sessions" };
const bo = { id: "bo", name: "Bo Lind" };

const read = async (cookie: string): Promise<number> => (await server.call("GET", "Patient/p1", { cookie })).status;

test("HTTP-SESSION-4 a session ends when nobody uses it, and in any case; its use is written at most once a minute", async () => {
  const [used, left] = [await server.cookie(OURS, {}, anna), await server.cookie(OURS, {}, anna)];
  const versions = async (): Promise<unknown[]> =>
    server.sql("SELECT xmin::text FROM session ORDER BY created, token_hash");
  const before = await versions();
  for (let call = 0; call < 20; call++) {
    assert.equal(await read(used), 200);
    server.clock.forward(2900); // each call looks it up again, 58 s in all
  }
  assert.deepEqual(await versions(), before);
  server.clock.forward(2001);
  await Promise.all(Array.from({ length: 8 }, () => read(used)));
  const touched = await versions();
  assert.equal(touched.filter((one, at) => JSON.stringify(one) !== JSON.stringify(before[at])).length, 1);
  server.clock.forward(2900);
  assert.equal(await read(used), 200);
  assert.deepEqual(await versions(), touched);

  server.clock.forward(28 * MINUTE);
  assert.equal(await read(used), 200);
  server.clock.forward(5 * MINUTE);
  assert.deepEqual([await read(left), await read(used)], [401, 200]); // 34 minutes without use, and five
  for (let half = 0; half < 20; half++) {
    server.clock.forward(28 * MINUTE);
    assert.equal(await read(used), 200, `after ${half} times 28 minutes`);
  }
  server.clock.forward(20 * MINUTE); // ten hours since it was opened
  assert.equal(await read(used), 401);
  const shorter = new Sessions(server.store, server.clock, { hours: 1, idleMinutes: 5 });
  const other = buildServer({ ...server.http }, shorter, () => undefined);
  const cookie = `eira_session=${(await shorter.open({ ...personActor(OURS), ...anna })).token}`;
  const ask = async (): Promise<number> =>
    (await other.inject({ url: "/fhir/R4/Patient/p1", headers: { cookie } })).statusCode;
  assert.equal(await ask(), 200);
  server.clock.forward(5 * MINUTE);
  assert.equal(await ask(), 401);
  await other.close();
});

test("HTTP-SESSION-5 a person sees where they are signed in, and ends all of it at once, and nobody else's", async () => {
  await server.sql("DELETE FROM session");
  const elsewhere = buildServer({ ...server.http }, new Sessions(server.store, server.clock), () => undefined);
  const there = async (cookie: string): Promise<number> =>
    (await elsewhere.inject({ url: "/fhir/R4/Patient/p1", headers: { cookie } })).statusCode;
  const first = await server.cookie(OURS, {}, anna);
  server.clock.forward(MINUTE);
  const akuten = { id: "other", unit: "Akuten", unitHsaId: "SE2321000131-U9" };
  const second = await server.cookie(OURS, akuten, anna);
  const bos = await server.cookie(OURS, { id: "of-bo" }, bo);
  for (const cookie of [first, second, bos]) assert.deepEqual([await read(cookie), await there(cookie)], [200, 200]);
  const listed = await server.call("GET", "/api/sessions", { cookie: first });
  const told = (JSON.parse(listed.text) as { sessions: Record<string, string>[] }).sessions;
  assert.deepEqual(
    told.map(({ unit }) => unit),
    ["Akuten", personActor(OURS).assignment.unit],
  );
  const length = Date.parse(told[0]?.["ends"] ?? "") - Date.parse(told[0]?.["opened"] ?? "");
  assert.ok(Math.abs(length - 10 * 60 * MINUTE) < 1000, `${length} ms`); // the clock goes on between the two
  assert.ok(Date.parse(told[1]?.["lastUsed"] ?? "") > Date.parse(told[1]?.["opened"] ?? ""));
  for (const cookie of [first, second, bos]) assert.ok(!listed.text.includes(cookie.slice("eira_session=".length)));

  const fromElsewhere = await server.call("POST", "/api/sessions/end", { headers: { cookie: first }, body: {} });
  assert.equal(fromElsewhere.status, 403);
  assert.equal((await server.call("POST", "/api/sessions/end", { token: await server.token(), body: {} })).status, 403);
  const ended = await server.call("POST", "/api/sessions/end", { cookie: first, body: {} });
  assert.deepEqual([ended.status, ended.text], [200, '{"ended":2}']);
  assert.match(String(ended.headers["set-cookie"]), /^eira_session=; Path=\/; HttpOnly; SameSite=Strict; Max-Age=0/);
  assert.deepEqual([await read(first), await read(second), await read(bos)], [401, 401, 200]); // at once
  server.clock.forward(2001);
  assert.deepEqual([await there(first), await there(second), await there(bos)], [401, 401, 200]);
  assert.equal((await server.call("POST", "/api/sessions/end", { cookie: first, body: {} })).status, 401); // the second click
  await elsewhere.close();
});

test("HTTP-SESSION-7 asking for the session is no use of it, and tells when it ends", async () => {
  const cookie = await server.cookie(OURS, {}, anna);
  const ends = async (): Promise<number> => {
    const answer = await server.call("GET", "/api/session", { cookie });
    return answer.status === 200 ? Date.parse(String(answer.at("expires"))) - server.clock().getTime() : answer.status;
  };
  const isAbout = (told: number, minutes: number): void =>
    assert.ok(Math.abs(told - minutes * MINUTE) < 5000, `${told / MINUTE} for ${minutes}`);
  isAbout(await ends(), 30);
  for (const minute of [10, 20, 29]) {
    server.clock.forward(minute === 29 ? 9 * MINUTE : 10 * MINUTE);
    isAbout(await ends(), 30 - minute);
  }
  assert.equal(await read(cookie), 200); // what is in the memory for two seconds is no use either
  server.clock.forward(2001);
  assert.equal(await read(cookie), 200);
  server.clock.forward(2001);
  isAbout(await ends(), 30);
  server.clock.forward(30 * MINUTE);
  assert.equal(await ends(), 401);
});
