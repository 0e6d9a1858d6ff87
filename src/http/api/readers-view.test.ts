/** Rules of ../SPEC.md. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Reader } from "../../journal/index.ts";
import { readersInWords } from "./readers-view.ts";

function reader(changes: Partial<Reader>): Reader {
  return {
    recorded: "2026-11-21T10:00:00.000Z",
    person: "Anna Ek, Överläkare",
    actor: "H1",
    unit: "Akutmottagningen",
    provider: "Region Västmark",
    action: "search",
    ground: "ACC-NEED · PDL 4 kap. 1 § · Överläkare deltar i vården.",
    refused: false,
    count: 1,
    types: ["Observation"],
    ...changes,
  };
}

test("HTTP-READERS-1 one person's moment is one line with everything in it", () => {
  const [line, ...more] = readersInWords([
    reader({ recorded: "2026-11-21T10:00:02.000Z", count: 5 }),
    reader({ types: ["Encounter"], count: 2 }),
    reader({ types: ["Encounter", "Composition"], count: 3 }),
  ]);
  assert.deepEqual(more, []);
  assert.equal(line?.count, 10);
  assert.deepEqual(line?.types, ["Observation", "Encounter", "Composition"]);
  assert.equal(line?.recorded, "2026-11-21T10:00:02.000Z");
});

test("HTTP-READERS-2 another person, unit, act, moment or outcome is a line of its own", () => {
  const others: Partial<Reader>[] = [
    { actor: "H2" },
    { unit: "Medicinkliniken" },
    { action: "read" },
    { refused: true },
    { recorded: "2026-11-21T09:59:54.000Z" },
    { ground: "ACC-SCOPE · PDL 4 kap. 2 § · Systemet lab har behörigheten." },
  ];
  for (const other of others)
    assert.equal(readersInWords([reader({}), reader(other)]).length, 2, JSON.stringify(other));
});

test("HTTP-READERS-3 acts and grounds are told in Swedish, and a refusal is told as one", () => {
  const [shown, refused] = readersInWords([reader({}), reader({ action: "read", refused: true })]);
  assert.equal(shown?.action, "Visat");
  assert.equal(shown?.ground, "PDL 4 kap. 1 § · Överläkare deltar i vården.");
  assert.equal(refused?.action, "Nekad: läst");
  assert.equal(readersInWords([reader({ person: null, actor: "client lab" })])[0]?.person, "System: lab");
});
