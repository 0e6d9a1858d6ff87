import assert from "node:assert/strict";
import { test } from "node:test";
import { withSeal } from "../base/index.ts";
import { OURS, patient } from "../journal/testing/index.ts";
import { serverOfTest } from "./testing/index.ts";

test("HTTP-API-WORDS-1 words that are not as sealed are told on the technical log as an error, without the words", async (t) => {
  const server = await serverOfTest(t);
  await server.put(patient("p1"));
  const told = (): readonly Record<string, unknown>[] =>
    server.lines
      .map((line) => JSON.parse(line) as Record<string, unknown>)
      .filter(({ message }) => message === "words not as sealed");
  const cookie = await server.cookie(OURS);
  const tell = async (body: unknown, headers = {}): Promise<number> =>
    (await server.call("POST", "/api/words", { cookie, body, headers })).status;
  assert.equal(await tell({ where: "received", version: "Composition/c1/_history/2" }), 204);
  assert.equal(await tell({ where: "shown" }), 204);
  assert.deepEqual(
    told().map(({ level, where, version }) => [level, where, version]),
    [
      ["error", "received", "Composition/c1/_history/2"],
      ["error", "shown", undefined],
    ],
  );
  for (const bad of [{}, { where: "Ingen fraktur" }, { where: "shown", version: "Ingen fraktur" }, [], "x"])
    assert.equal(await tell(bad), 400);
  assert.equal((await server.call("POST", "/api/words", { body: { where: "shown" } })).status, 401);
  assert.equal(await tell({ where: "shown" }, { "x-eira": "0" }), 403);
  assert.equal(told().length, 2);
  const report = {
    resourceType: "DiagnosticReport",
    status: "final",
    code: { text: "Röntgen" },
    subject: { reference: "Patient/p1" },
    conclusion: "Ingen hemlig fraktur.",
  };
  const token = await server.token();
  const body = { ...withSeal(report), conclusion: "hemlig fraktur." };
  const refused = await server.call("POST", "DiagnosticReport", { token, body });
  assert.deepEqual([refused.status, refused.code()], [422, "WORDS_DIFFER"]);
  assert.match(refused.text, /Orden är inte de som förseglades/);
  assert.deepEqual([told().at(-1)?.["level"], told().at(-1)?.["code"]], ["error", "WORDS_DIFFER"]);
  assert.equal((await server.call("POST", "DiagnosticReport", { token, body: report })).status, 201);
  assert.doesNotMatch(JSON.stringify(server.lines), /hemlig|fraktur/);
});
