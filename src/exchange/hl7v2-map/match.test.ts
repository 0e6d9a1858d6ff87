import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { JsonObject } from "../../fhir/index.ts";
import { OURS } from "../../journal/testing/index.ts";
import { NotMapped } from "./exceptions.ts";
import type { OrderFacts } from "./match.ts";
import { orderOf } from "./order-status.ts";
import { planResult } from "./results.ts";
import { groupsOf } from "./segments.ts";
import { answer, LAB, NUMBER, orderResource, OTHER_NUMBER, patientResource } from "./testing/index.ts";

const SPECIMEN: JsonObject = {
  resourceType: "Specimen",
  id: "prov-order1",
  accessionIdentifier: { system: "urn:eira:demo:provnummer", value: "P-order1" },
};
const FACTS: OrderFacts = {
  order: orderResource("order1"),
  patients: [patientResource("anna", NUMBER)],
  specimens: [SPECIMEN],
  others: new Map(),
  owner: OURS,
};

/** A number with one character changed, dropped, doubled or swapped with the next one. */
const slip = (right: string): fc.Arbitrary<string> =>
  fc
    .tuple(fc.nat(right.length - 1), fc.constantFrom("change", "drop", "double", "swap"), fc.nat(9))
    .map(([at, how, digit]) => {
      const [before, one, after] = [right.slice(0, at), right.charAt(at), right.slice(at + 1)];
      if (how === "change") return `${before}${digit}${after}`;
      if (how === "drop") return before + after;
      return how === "double" ? before + one + one + after : `${before}${after.charAt(0)}${one}${after.slice(1)}`;
    });

const maybe = (right: string, ...wrong: readonly string[]): fc.Arbitrary<string> =>
  fc.oneof({ weight: 2, arbitrary: fc.constant(right) }, slip(right), fc.constantFrom(...wrong));

test("EXCH-MAP-MATCH-4 of made-up slips in order, identity and specimen numbers none is written into a record", () => {
  const seen = { right: 0, wrong: 0 };
  fc.assert(
    fc.property(
      maybe("order1", "order2", ""),
      maybe(NUMBER, OTHER_NUMBER, ""),
      maybe("P-order1", "P-order2", ""),
      (order, number, specimen) => {
        const message = answer({ order, number, specimen });
        const [group] = groupsOf(message).groups;
        assert.ok(group !== undefined);
        const facts = order === "order1" ? FACTS : { ...FACTS, order: undefined };
        const context = {
          partner: LAB,
          facts,
          pid: message.all("PID")[0],
          source: "urn:x",
          sent: "2026-11-21T10:31:00+01:00",
        };
        const isRight = order === "order1" && number.replace("-", "") === NUMBER && specimen === "P-order1";
        seen[isRight ? "right" : "wrong"] += 1;
        if (isRight) assert.ok(planResult(group, context, orderOf(group, context)).length > 0);
        else assert.throws(() => planResult(group, context, orderOf(group, context)), NotMapped);
      },
    ),
    { numRuns: 1000 },
  );
  assert.ok(seen.right > 20 && seen.wrong > 500, JSON.stringify(seen));
});
