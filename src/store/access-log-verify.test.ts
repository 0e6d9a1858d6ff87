import assert from "node:assert/strict";
import { createPublicKey, generateKeyPairSync } from "node:crypto";
import { test, type TestContext } from "node:test";
import { seededRandom } from "../base/index.ts";
import { verifyAccessLog, type Anchor, type LogReport } from "./access-log-verify.ts";
import type { Connection, Sql } from "./connection.ts";
import type { Store } from "./store.ts";
import {
  auditKey,
  onEveryPostgres,
  ownerOf,
  storeOn,
  type ContractPostgres,
  type StoreOfTest,
} from "./testing/contract.ts";
import { entry } from "./testing/rows.ts";
import { copyLog, rewritten, TAMPERINGS } from "./testing/tampering.ts";

const SEED = 20261121;
const TIMES = 18;
const publicKey = createPublicKey(auditKey);

/** A log as a few processes with a few connections write it. */
async function writtenLog(
  t: TestContext,
  postgres: ContractPostgres,
): Promise<StoreOfTest & { readonly owner: Connection }> {
  const first = await postgres.store(t, { connections: 3 });
  await writeSome(first.store, "first");
  const second = await storeOn(t, first.database, { connections: 3 });
  await writeSome(second.store, "second");
  const third = await storeOn(t, first.database, { connections: 1 });
  await third.store.recordAccess([entry("third")]);
  return { ...first, owner: await ownerOf(t, first.database) };
}

async function writeSome(store: Store, who: string): Promise<void> {
  for (let round = 0; round < 3; round += 1) {
    await Promise.all(
      [1, 2, 3].map((n) =>
        store.write("*", async (tx) => {
          await tx.search({ text: "SELECT pg_sleep(0.02)" }); // all three connections are used
          await tx.recordAccess(
            [entry(`${who} ${round} ${n}`), entry(`${who} ${round} ${n} b`, { patient: `p${n}`, home: n })],
            new Date().toISOString(),
          );
        }),
      ),
    );
    await store.recordAccess([entry(`${who} read ${round}`)]);
  }
}

/** Verifies what the statements make of the log, and undoes them. */
async function tampered(
  owner: Connection,
  statements: readonly Sql[],
  anchors: readonly Anchor[] = [],
  key = publicKey,
): Promise<LogReport> {
  await owner.begin();
  try {
    for (const statement of statements) await owner.many(statement);
    return await verifyAccessLog(owner, key, anchors);
  } finally {
    await owner.rollback();
  }
}

onEveryPostgres((postgres) => {
  const { name } = postgres;

  test(`STORE-LOG-VERIFY-1 a log that nobody touched has no fault, also while others write to it (${name})`, async (t) => {
    const { store, sql } = await writtenLog(t, postgres);
    const before = await store.verifyAccessLog(await store.accessLogHeads());
    assert.deepEqual(before.faults, []);
    assert.deepEqual(await sql("SELECT count(*)::int AS rows FROM access_log"), [{ rows: before.rows }]);
    assert.ok(before.chains >= 6 && before.rows > 40);
    let writing = true;
    const writer = (async (): Promise<void> => {
      while (writing) await writeSome(store, "meanwhile");
    })();
    let told = 0;
    const tell = (): void => void (told += 1);
    for (let look = 0; look < 5; look += 1) assert.deepEqual((await store.verifyAccessLog([], tell)).faults, []);
    writing = false;
    await writer;
    assert.ok(told > before.rows);
  });

  test(`STORE-LOG-VERIFY-2 every kind of tampering is found (${name})`, { timeout: 120_000 }, async (t) => {
    const { owner } = await writtenLog(t, postgres);
    const log = await copyLog(owner);
    const missed: string[] = [];
    let tried = 0;
    for (const [kind, tamper] of Object.entries(TAMPERINGS)) {
      for (let time = 0; time < TIMES; time += 1) {
        const statements = tamper(log, seededRandom(`${SEED} ${kind} ${time}`));
        const { faults } = await tampered(owner, statements);
        if (faults.length === 0) missed.push(`${kind} (${time}): ${JSON.stringify(statements)}`);
        tried += 1;
      }
    }
    t.diagnostic(
      `seed ${SEED}: ${tried} tamperings of ${Object.keys(TAMPERINGS).length} kinds, ${tried - missed.length} found`,
    );
    assert.deepEqual(missed, []);
    assert.ok(tried >= 400);
    assert.deepEqual((await verifyAccessLog(owner, publicKey)).faults, []); // and each was undone
  });

  test(`STORE-LOG-VERIFY-3 with the key stolen as well, the anchors kept outside show what was rewritten or cut off (${name})`, async (t) => {
    const { store, owner } = await writtenLog(t, postgres);
    const anchors = await store.accessLogHeads();
    await store.recordAccess([entry("after the anchors")]);
    const log = await copyLog(owner);
    assert.deepEqual((await verifyAccessLog(owner, publicKey, anchors)).faults, []);
    // Pins vouch for all but the newest chains; whoever holds the key writes those anew too. Here: everything is.
    const forged = log.heads.flatMap(({ chain }) =>
      rewritten(
        log,
        chain,
        (row) => (row.entry.includes('"pin"') ? undefined : row.entry.replace("läkare", "ingen")),
        auditKey,
      ),
    );
    assert.deepEqual((await tampered(owner, forged)).faults, [], "the forgery is perfect, seen from inside");
    assert.ok((await tampered(owner, forged, anchors)).faults.length >= anchors.length - 1);
    const emptied = [{ text: "DELETE FROM access_log" }, { text: "DELETE FROM access_log_head" }];
    assert.deepEqual((await tampered(owner, emptied)).faults, []);
    assert.equal((await tampered(owner, emptied, anchors)).faults.length, anchors.length);
    const cut = log.heads.flatMap(({ chain }) =>
      rewritten(log, chain, (row) => (row.seq > 1 || row.entry.includes('"pin"') ? undefined : row.entry), auditKey),
    );
    assert.ok((await tampered(owner, cut, anchors)).faults.length > 0);
  });

  test(`STORE-LOG-VERIFY-4 a second row with the same number does not hide between two pages (${name})`, async (t) => {
    const { store, database } = await postgres.store(t);
    await store.recordAccess(Array.from({ length: 5002 }, (_, n) => entry(n)));
    const owner = await ownerOf(t, database);
    for (const seq of [4999, 5000, 5001]) {
      const doubled = {
        text: "INSERT INTO access_log SELECT home + 1, chain, seq, recorded, patient, entry, hash FROM access_log WHERE seq = $1",
        values: [seq],
      };
      assert.ok((await tampered(owner, [doubled])).faults.length > 0, `row ${seq}`);
    }
    const report = await verifyAccessLog(owner, publicKey);
    assert.deepEqual([report.rows, report.faults.length], [5002, 0]);
  });

  test(`STORE-LOG-VERIFY-5 another key, or an anchor of another installation, does not fit (${name})`, async (t) => {
    const { owner } = await writtenLog(t, postgres);
    const other = createPublicKey(generateKeyPairSync("ed25519").privateKey);
    const { heads } = await copyLog(owner);
    assert.equal((await tampered(owner, [], [], other)).faults.length, heads.length);
    const strange: Anchor = { chain: "00000000-0000-4000-8000-000000000000", seq: 3, hash: "00" };
    assert.deepEqual((await tampered(owner, [], [strange])).faults, [
      { chain: strange.chain, seq: 3, fault: "the row that is anchored is gone" },
    ]);
  });
});
