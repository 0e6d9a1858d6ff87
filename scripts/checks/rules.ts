/** The gate of rules against tests, over every SPEC.md and every test of the checkout, and of the ASVS checklist against both. SPEC HOUSE-RULE, HOUSE-ASVS. */
import { filesUnder, textOf, type Check } from "./check.ts";
import { asvsBlindSpots, judgeAsvs } from "./rules/asvs.ts";
import { judgeRules } from "./rules/judge.ts";
import { blindSpots } from "./rules/plants.ts";

export const rules: Check = {
  name: "rules",
  async run() {
    const paths = filesUnder("src", "test", "scripts");
    const sourcesOf = (pattern: RegExp) =>
      paths.filter((path) => pattern.test(path)).map((path) => ({ path, text: textOf(path) }));
    const judged = judgeRules(sourcesOf(/(^|\/)SPEC\.md$/), sourcesOf(/\.test\.tsx?$/));
    const checklist = judgeAsvs(textOf("SECURITY.md"), (rule) => judged.tested.has(rule));
    const nothing = judged.rules === 0 || judged.tests === 0 ? ["no rule or no test was seen"] : [];
    return {
      findings: [...blindSpots(), ...asvsBlindSpots(), ...nothing, ...judged.findings, ...checklist],
      seen: `${judged.rules} rules, ${judged.tests} tests`,
    };
  },
};
