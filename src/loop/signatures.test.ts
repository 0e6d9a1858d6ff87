/** Rules of SPEC.md: what is written and unsigned is somebody's, on a real database. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { JsonObject } from "../fhir/index.ts";
import { commit, correctRecord, signRecord } from "../journal/index.ts";
import { actOnLoops, ledgerAlong, loopsOf, stepsOpen, watchLoops } from "./index.ts";
import { loopJournalOfFile, personOf, UNITS, type LoopRow } from "./testing/index.ts";

const journal = await loopJournalOfFile();

let made = 0;
const fresh = (): string => `note-${(made += 1)}`;
const PROOF = { method: "siths", name: "SITHS", acr: "loa3", at: "2026-11-21T07:30:00.000Z" };
const note = (id: string, more: JsonObject = {}): JsonObject => ({
  resourceType: "Composition",
  id,
  status: "final",
  type: { text: "Anteckning" },
  subject: { reference: "Patient/p1" },
  date: "2020-11-20T09:00:00+01:00",
  author: [{ reference: "PractitionerRole/role-sender1" }],
  title: "Besök",
  section: [{ title: "Bedömning", text: { status: "generated", div: '<div xmlns="http://www.w3.org/1999/xhtml">Puls 72.</div>' } }], // prettier-ignore
  ...more,
});
async function loopOf(id: string): Promise<LoopRow> {
  const [found, ...more] = await journal.loops(`Composition/${id}`);
  assert.ok(found !== undefined && more.length === 0, `${id} has one loop`);
  return found;
}
const stand = async (id: string): Promise<unknown[]> => {
  const { kind, state, owner, responsible } = await loopOf(id);
  return [kind, state, owner, responsible];
};
const sign = async (id: string, version: string): Promise<unknown> =>
  signRecord(journal.at("sender"), { type: "Composition", id, version, proof: PROOF });
const OPEN = ["signature", "created", UNITS.sender.careUnit, personOf("sender")];

test("LOOP-SIGNATURE-1 a note is its author's to sign from when it is written until that version is signed; a correction begins it again, a mistake ends it", async () => {
  const id = fresh();
  await journal.write(note(id));
  assert.deepEqual(await stand(id), OPEN);
  await journal.write(note(id, { title: "Besök 2" }));
  assert.deepEqual(await stand(id), OPEN); // once, however often it is written
  await assert.rejects(sign(id, "1"));
  assert.deepEqual(await stand(id), OPEN); // another version than the one that stands signs nothing
  await sign(id, "2");
  await sign(id, "2");
  assert.deepEqual(pick(await loopOf(id)), ["acted-on", null]);
  const changed = { title: "Besök 3" };
  const correction = {
    type: "Composition" as const,
    id,
    reason: "Fel rubrik.",
    resource: note(id, changed),
    version: "2",
  };
  await correctRecord(journal.at("sender"), correction);
  assert.deepEqual(await stand(id), OPEN);
  await journal.write(note(id, { ...changed, status: "entered-in-error" })).catch(() => undefined);
  const mistaken = fresh();
  await journal.write(note(mistaken));
  await journal.write(note(mistaken, { status: "entered-in-error" }));
  assert.deepEqual(pick(await loopOf(mistaken)), ["mistaken", null]);
});
const pick = ({ state, owner }: LoopRow): unknown[] => [state, owner];

test("LOOP-SIGNATURE-2 what another system has signed, what nobody here has written, and other records wait for nobody; a student's note is the supervisor's; history that is unsigned is unsigned", async () => {
  const [signed, strangers, students, old] = [fresh(), fresh(), fresh(), fresh()];
  await journal.write(note(signed, { attester: [{ mode: "legal", time: "2026-01-01T00:00:00Z" }] }));
  await journal.write(note(strangers, { author: [{ display: "Någon" }, { reference: "Practitioner/unknown" }] }));
  for (const id of [signed, strangers]) assert.deepEqual(await journal.loops(`Composition/${id}`), []);
  const tag = [{ system: "urn:eira:handledare", code: personOf("sender", "2") }];
  await journal.write(note(students, { meta: { tag } }));
  assert.deepEqual(await stand(students), [...OPEN.slice(0, 3), personOf("sender", "2")]);
  const command = { kind: "update", type: "Composition", id: old, resource: note(old), where: "x" } as const;
  const visit = { ...journal.client("system/*.cruds", UNITS.sender), along: ledgerAlong, referentialIntegrity: false };
  await commit(visit, [command], { isHistory: true });
  assert.deepEqual(await stand(old), OPEN);
});

test("LOOP-SIGNATURE-3 it stands in the inbox among the others and is ended by signing alone; when its time is over it is the list's, then of the list above", async () => {
  const id = fresh();
  await journal.write(note(id));
  const loop = await loopOf(id);
  const inbox = async (): Promise<readonly string[]> =>
    (await loopsOf(journal.at("sender"), { side: "owner", mine: false, kinds: null, late: false, doneSince: null, after: null, limit: 200 })).value.loops.map((one) => one.id); // prettier-ignore
  assert.ok((await inbox()).includes(loop.id));
  for (const event of ["act", "assign", "move", "return", "close"] as const)
    await assert.rejects(
      actOnLoops(journal.at("sender"), [{ loop: loop.id, version: null, event, note: "x", key: `${id} ${event}` }]),
    );
  const { value } = await loopsOf(journal.at("sender"), { side: "owner", mine: false, kinds: ["signature"], late: false, doneSince: null, after: null, limit: 200 }); // prettier-ignore
  const seen = value.loops.find((one) => one.id === loop.id);
  assert.deepEqual(seen === undefined ? [] : stepsOpen(seen, new Set([UNITS.sender.careUnit])), ["note"]);
  const later = (days: number) => ({ ...journal.options, along: ledgerAlong, clock: () => new Date(journal.clock().getTime() + days * 86_400_000) }); // prettier-ignore
  await watchLoops(later(8));
  assert.deepEqual(await stand(id), [...OPEN.slice(0, 3), null]);
  await watchLoops(later(12));
  assert.notEqual((await loopOf(id)).owner, UNITS.sender.careUnit);
  await sign(id, "1");
  assert.deepEqual(pick(await loopOf(id)), ["acted-on", null]);
});
