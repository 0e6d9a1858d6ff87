/** Planted faults for the gate of rules against tests. */
import { judgeRules } from "./judge.ts";

const SPEC = "# Rules\n- **A-B-1** one\n- **A-B-2** two\n";
const TESTS = 'test("A-B-1 is one", () => {});\ntest(`A-B-2 is ${x}`, () => {});\n';

const PLANTS: readonly {
  readonly why: string;
  readonly spec: string;
  readonly tests: string;
  readonly says: string;
}[] = [
  { why: "a rule without a test", spec: `${SPEC}- **A-B-3** three\n`, tests: TESTS, says: "A-B-3 has no test" },
  {
    why: "a test without a rule",
    spec: SPEC,
    tests: `${TESTS}test("A-B-9 nine", () => {});`,
    says: "A-B-9 is in no SPEC.md",
  },
  {
    why: "a title without an id",
    spec: SPEC,
    tests: `${TESTS}it("works", () => {});`,
    says: "does not begin with a rule id",
  },
  {
    why: "a longer id is another rule",
    spec: SPEC,
    tests: TESTS.replace("A-B-1", "A-B-11"),
    says: "A-B-1 has no test",
  },
  { why: "a title that is not written out", spec: SPEC, tests: `${TESTS}test(name, () => {});`, says: "(no literal)" },
  { why: "an id given twice", spec: `${SPEC}- **A-B-1** again\n`, tests: TESTS, says: "already given" },
  { why: "a skipped test", spec: SPEC, tests: TESTS.replace("test(", "test.skip("), says: "test.skip" },
  { why: "a test run alone", spec: SPEC, tests: TESTS.replace("test(", "test.only("), says: "test.only" },
  { why: "a title in a comment", spec: SPEC, tests: `// ${TESTS}`, says: "A-B-1 has no test" },
];

/** What the gate failed to catch; empty when it sees. */
export function blindSpots(): string[] {
  const judged = (spec: string, tests: string): readonly string[] =>
    judgeRules([{ path: "SPEC.md", text: spec }], [{ path: "a.test.ts", text: tests }]).findings;
  const wrong = judged(SPEC, TESTS).map((finding) => `sound rules were refused: ${finding}`);
  const missed = PLANTS.filter(
    ({ spec, tests, says }) => !judged(spec, tests).some((finding) => finding.includes(says)),
  );
  return [...wrong, ...missed.map(({ why }) => `planted and not caught: ${why}`)];
}
