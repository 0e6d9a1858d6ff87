/** The gate of rules against tests, over every SPEC.md and every test of the checkout. SPEC HOUSE-RULE. */
import { filesUnder, textOf, type Check } from "./check.ts";
import { judgeRules } from "./rules/judge.ts";
import { blindSpots } from "./rules/plants.ts";

export const rules: Check = {
  name: "rules",
  async run() {
    const paths = filesUnder("src", "test", "scripts");
    const sourcesOf = (pattern: RegExp) =>
      paths.filter((path) => pattern.test(path)).map((path) => ({ path, text: textOf(path) }));
    const judged = judgeRules(sourcesOf(/(^|\/)SPEC\.md$/), sourcesOf(/\.test\.tsx?$/));
    const nothing = judged.rules === 0 || judged.tests === 0 ? ["no rule or no test was seen"] : [];
    return {
      findings: [...blindSpots(), ...nothing, ...judged.findings],
      seen: `${judged.rules} rules, ${judged.tests} tests`,
    };
  },
};
