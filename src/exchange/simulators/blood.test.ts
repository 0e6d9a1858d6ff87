/** Rules of SPEC.md: blood at the simulated laboratory. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { laboratorySteps } from "./laboratory.ts";
import type { SimulatedOrder } from "./order.ts";

const ORDER: SimulatedOrder = { control: "NW", key: "1", placer: ["1"], number: ["1"], code: "x", name: "", ordered: [], specimens: [], isAwaited: false, isWoman: true, born: "" }; // prettier-ignore

test("EXCH-SIM-BLOOD-1 blood is taken on at once in every scenario and is not answered; what the laboratory does not know is refused as ever", () => {
  const said = (name: string, index: number): readonly string[] =>
    laboratorySteps({ ...ORDER, name }, index, { seed: 1, delayMs: 9, scenario: undefined }).map((step) => JSON.stringify(step.segments(new Date(0), "1"))); // prettier-ignore
  for (const name of ["Nödblod O RhD-negativt, 2 enheter", "Blodgruppering och BAS-test"])
    for (let index = 0; index < 40; index += 1) {
      const steps = said(name, index);
      assert.equal(steps.length, 1);
      assert.match(steps[0] ?? "", /"OK"/);
    }
  assert.match(said("Något annat", 0)[0] ?? "", /"UA"/);
});
