import assert from "node:assert/strict";
import { test } from "node:test";
import { onEveryPostgres } from "./testing/contract.ts";

const OURS = "SE2321000131-E000000000001";
const at = "2026-11-21T08:00:00.000Z";
const row = { home: 7, id: "c1", patient: "p1", care_provider: OURS, care_unit: "unit" };
const seal = { type: "Composition", id: "c1", version: 1, sha256: "0".repeat(64), signed: at, signer: { id: "anna" } };
const remark = { type: "Composition", id: "c1", version: 1, words: "x", recorded: at, author: {} } as const;

onEveryPostgres((postgres) => {
  test(`STORE-SIGN-1 seals and remarks are kept once, within the owner's reach, and told as they were written (${postgres.name})`, async (t) => {
    const { store, sql } = await postgres.store(t, { connections: 2 });
    const reach = "*"; // people need what opens the patient: STORE-CARE
    await store.write(reach, (tx) => tx.signing.addSeal(row, seal));
    await assert.rejects(
      store.write(reach, (tx) => tx.signing.addSeal(row, seal)),
      { code: "DUPLICATE" },
    );
    await store.write(reach, (tx) => tx.signing.addRemark(row, "r1", { ...remark, kind: "correction" }));
    for (const other of ["", "SE2321000131-E000000000002 unit person"])
      await assert.rejects(store.write(other, (tx) => tx.signing.addSeal(row, { ...seal, version: 2 })));
    for (const other of ["", `${OURS} unit person`]) {
      assert.deepEqual(await store.read(other, (look) => look.signing.sealsOf("Composition", row)), []);
      assert.deepEqual(await store.read(other, (look) => look.signing.remarksOf("Composition", row)), []);
    }
    assert.deepEqual(await store.read(reach, (look) => look.signing.sealsOf("Composition", row)), [seal]);
    assert.deepEqual(await store.read(reach, (look) => look.signing.remarksOf("Composition", row)), [
      { ...remark, kind: "correction" },
    ]);
    assert.deepEqual(await sql("SELECT count(*)::int AS n FROM seal"), [{ n: 1 }]);
  });
});
