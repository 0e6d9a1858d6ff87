/**
 * Non-interference, generated: two databases that differ only in what the reader may not see answer alike. The first one holds another
 * care provider's records, other units' that nobody chose, strangers' and blocked ones, or types outside a system's scopes; from the
 * second they have been deleted. EIRA_INTERFERENCE asks more than usual.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { seededRandom } from "../base/index.ts";
import { askAll, hiddenRegion, isHidden, Questions, serverOfToday, unmake } from "./testing/index.ts";

const SEED = Number(process.env["EIRA_SEED"] ?? 20_261_122);
const REQUESTS = Number(process.env["EIRA_INTERFERENCE"] ?? 200);

test(`HTTP-API-BLOCK-3 over ${REQUESTS} generated requests what the reader may not see changes no answer (seed ${SEED})`, async (t) => {
  const server = await serverOfToday(t, { isUnrelated: true });
  const random = seededRandom(SEED);
  const { kept, reader } = await hiddenRegion(server, random);
  const questions = new Questions(random, kept);
  const asked = Array.from({ length: REQUESTS }, () => questions.next());
  const before = await askAll(server, { cookie: reader }, asked);
  const hidden = kept.filter(isHidden);
  await unmake(server, hidden);
  const after = await askAll(server, { cookie: reader }, asked);
  for (const [at, one] of asked.entries()) assert.equal(before[at], after[at], `${at}: ${JSON.stringify(one)}`);
  // It was not silence that was compared: much was answered, and of what is hidden nothing was.
  const answered = before.filter((one) => one.startsWith('{"status":200'));
  assert.ok(answered.length > REQUESTS / 2, `${answered.length} of ${REQUESTS} were answered`);
  for (const id of ["obs-p1-a0", "obs-p4-b0", "obs-p4-t0"])
    assert.ok(
      before.some((one) => one.includes(`text ${id}`)),
      id,
    );
  for (const { id } of hidden) assert.ok(!before.some((one) => one.includes(`text ${id}`)), id);
});
