/**
 * Non-interference, generated: two databases that differ only in what the reader may not see answer alike. The first one holds another
 * care provider's records, other units' that nobody chose, strangers' and blocked ones, or types outside a system's scopes; from the
 * second they have been deleted. EIRA_INTERFERENCE asks more than usual.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { seededRandom } from "../base/index.ts";
import { THEIRS } from "../journal/testing/index.ts";
import { BLOCKED, PATIENTS, WITH_BLOCK, type Kept } from "./testing/hidden-region.ts";
import {
  askAll,
  hiddenRegion,
  isHidden,
  Questions,
  READER,
  serverOfToday,
  toldBy,
  unmake,
  type ServerOfTest,
} from "./testing/index.ts";

const SEED = Number(process.env["EIRA_SEED"] ?? 20_261_122);
const REQUESTS = Number(process.env["EIRA_INTERFERENCE"] ?? 200);

test(`HTTP-API-BLOCK-3 and HTTP-SAME-7 over ${REQUESTS} generated requests what the reader may not see changes no answer, and neither how much of it there is (seed ${SEED})`, async (t) => {
  const server = await serverOfToday(t, { isUnrelated: true });
  const random = seededRandom(SEED);
  const { kept, reader } = await hiddenRegion(server, random);
  const questions = new Questions(random, kept);
  const asked = Array.from({ length: REQUESTS }, () => questions.next());
  const before = await askAll(server, { cookie: reader }, asked);
  const hidden = kept.filter(isHidden);
  await assertSourcesSame(server, reader, hidden);
  const left = await server.sql<{ id: string }>("SELECT DISTINCT id FROM change_log");
  const isLeft = new Set(left.map(({ id }) => id));
  await unmake(
    server,
    hidden.filter(({ id }) => isLeft.has(id)),
  );
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

/**
 * A patient's sources tell that something is there at a unit, which the reader may choose, and not how much: of each one resource is left.
 * Who has read is told without the readers of blocked units and of other care providers, whose lines are taken away.
 */
async function assertSourcesSame(server: ServerOfTest, reader: string, hidden: readonly Kept[]): Promise<void> {
  for (const cookie of [await server.cookie(BLOCKED, { id: "assignment-b" }), await server.cookie(THEIRS)]) {
    for (const of of PATIENTS)
      await server.call("POST", `/api/patients/${of}/care`, { cookie, body: { kind: "relation" } });
    for (const { type, id } of hidden.filter((_, at) => at % 4 === 0))
      await server.call("GET", `${type}/${id}`, { cookie });
  }
  const before = await sourcesTold(server, reader);
  const first = new Set<string>();
  const isFirst = ({ of, owner }: Kept): boolean =>
    !first.has(`${of} ${owner}`) && first.add(`${of} ${owner}`) !== null;
  const gone = hidden.filter((one) => !isFirst(one));
  assert.ok(gone.length > 60);
  await unmake(server, gone);
  const shut = "patient = ANY($1) AND entry::jsonb ->> 'careUnitId' = $2 OR entry::jsonb ->> 'careUnitId' = $3";
  const whose = [[...WITH_BLOCK], BLOCKED.careUnit, THEIRS.careUnit];
  const removed = await server.sql(`DELETE FROM access_log WHERE ${shut} RETURNING 1`, whose);
  assert.ok(removed.length > 30, `${removed.length} lines of readers`);
  const after = await sourcesTold(server, reader);
  for (const [at, one] of before.entries()) assert.equal(after[at], one);
  // It was not silence: other units' looks are told where nothing is blocked, and sources that could be chosen.
  assert.ok(before.some((one) => one.includes(`"actor":"${BLOCKED.careUnit}-P"`)));
  assert.ok(before.some((one) => /"hidden\\":\[\{/.test(one)));
}

/** Without the reader's own looks, which are new with each asking. */
async function sourcesTold(server: ServerOfTest, reader: string): Promise<string[]> {
  const told: string[] = [];
  await server.sql("DELETE FROM access_log WHERE entry LIKE $1", [`%"actor":"${READER.careUnit}-P"%`]);
  for (const of of PATIENTS) {
    told.push(toldBy(await server.call("GET", `/api/patients/${of}/care`, { cookie: reader })));
    const { status, text } = await server.call("GET", `/api/patients/${of}/readers?limit=500`, { cookie: reader });
    const { items = [], ...rest } = JSON.parse(text) as { items?: readonly { actor: string }[]; asOf?: string };
    const seen = { ...rest, asOf: "", items: items.filter(({ actor }) => actor !== `${READER.careUnit}-P`) };
    told.push(JSON.stringify({ status, seen }));
  }
  return told;
}
