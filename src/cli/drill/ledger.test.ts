import assert from "node:assert/strict";
import { test } from "node:test";
import { judge, type Found, type FoundVersion, type Verdict, type Write } from "./ledger.ts";

const WRITES: readonly Write[] = [
  { key: "k1", made: [{ name: "Patient/p", version: 1, value: 1 }] },
  {
    key: "k2",
    made: [
      { name: "Patient/p", version: 2, value: 2 },
      { name: "Observation/o", version: 1, value: 2 },
    ],
  },
  { key: "k3", made: [{ name: "Observation/o", version: 2, value: null }] },
];

const VERSIONS: readonly (readonly [string, FoundVersion])[] = [
  ["Patient/p/1", { key: "k1", value: 1 }],
  ["Patient/p/2", { key: "k2", value: 2 }],
  ["Observation/o/1", { key: "k2", value: 2 }],
  ["Observation/o/2", { key: null, value: null }],
];

/** Everything as it should be, but for what a test changes. */
function found(
  change: Partial<{ without: string; and: readonly [string, FoundVersion] }> = {},
  more: Partial<Found> = {},
): Found {
  const versions = new Map(VERSIONS.filter(([name]) => name !== change.without));
  if (change.and !== undefined) versions.set(...change.and);
  const lines = [...versions.keys()];
  return { versions, changes: lines, logged: lines, replayed: 0, ...more };
}

const counts = ({ lost, half, double }: Verdict): readonly number[] => [lost, half, double];
const judged = (one: Found): readonly number[] => counts(judge(WRITES, WRITES, one));
const lines = VERSIONS.map(([name]) => name);

test("DRILL-JUDGE-1 what was acknowledged and is not there, or is another, is lost", () => {
  assert.deepEqual(judged(found()), [0, 0, 0]);
  assert.deepEqual(judged(found({ without: "Patient/p/1" })), [1, 0, 0]);
  assert.deepEqual(judged(found({ and: ["Patient/p/1", { key: "k1", value: 9 }] })), [1, 0, 0]);
  assert.deepEqual(judged(found({ and: ["Patient/p/1", { key: "k9", value: 1 }] })), [1, 0, 0]);
  assert.deepEqual(judged(found({ and: ["Observation/o/2", { key: "k3", value: 3 }] })), [1, 0, 0]); // not deleted
  assert.deepEqual(judged({ versions: new Map(), changes: [], logged: [], replayed: 0 }), [4, 0, 0]);
});

test("DRILL-JUDGE-2 a part of a request, or of what belongs to a version, is half", () => {
  assert.deepEqual(judged(found({ without: "Observation/o/1" })), [1, 1, 0]);
  const [, ...withoutFirst] = lines;
  assert.deepEqual(judged(found({}, { changes: withoutFirst })), [0, 1, 0]);
  assert.deepEqual(judged(found({}, { logged: withoutFirst })), [0, 1, 0]);
  assert.deepEqual(judged(found({}, { changes: [...lines, "Patient/q/1"] })), [0, 1, 0]);
  assert.deepEqual(judged(found({}, { logged: [...lines, "Patient/q/1"] })), [0, 1, 0]);
  assert.deepEqual(judged(found({}, { changes: lines.toReversed() })), [0, 2, 0]);
});

test("DRILL-JUDGE-3 what nobody was told of, or is there twice, is double", () => {
  assert.deepEqual(judged(found({ and: ["Patient/p/3", { key: "k2", value: 2 }] })), [0, 0, 1]);
  assert.deepEqual(judged(found({ and: ["Patient/q/1", { key: "k1", value: 1 }] })), [0, 0, 1]);
  assert.deepEqual(judged(found({}, { changes: [...lines, "Observation/o/2"] })), [0, 1, 1]); // and out of order
  assert.deepEqual(judged(found({}, { logged: [...lines, "Observation/o/2"] })), [0, 0, 1]);
});

test("DRILL-JUDGE-4 what was not acknowledged before the fault may be there whole, or not at all", () => {
  const [first] = WRITES;
  const must = first === undefined ? [] : [first];
  const some = (...names: string[]): Found => {
    const versions = new Map(VERSIONS.filter(([name]) => names.includes(name)));
    return { versions, changes: [...versions.keys()], logged: [...versions.keys()], replayed: 0 };
  };
  assert.deepEqual(counts(judge(must, WRITES, found())), [0, 0, 0]);
  assert.deepEqual(counts(judge(must, WRITES, some("Patient/p/1"))), [0, 0, 0]);
  assert.deepEqual(counts(judge(must, WRITES, some("Patient/p/1", "Patient/p/2", "Observation/o/1"))), [0, 0, 0]);
  assert.deepEqual(counts(judge(must, WRITES, some("Patient/p/1", "Patient/p/2"))), [0, 1, 0]);
  assert.deepEqual(counts(judge(must, WRITES, some())), [1, 0, 0]);
});
