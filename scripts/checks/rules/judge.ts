/**
 * Rules against tests: every rule `- **ID-n** …` of a SPEC.md has a test whose title begins with its id, every test
 * title begins with the id of a rule, and no id is given twice.
 *
 * SPEC HOUSE-RULE
 */
import { parseSync, Visitor, type ESTree } from "vite";

/** A file's path and text. */
export interface Source {
  readonly path: string;
  readonly text: string;
}

const RULE_LINE = /^\s*-\s+\*\*([A-Z][A-Z0-9]*(?:-[A-Z0-9]+)*-\d+[a-z]?)\*\*\s+\S/;
const TITLE_IDS =
  /^([A-Z][A-Z0-9]*(?:-[A-Z0-9]+)*-\d+[a-z]?(?:(?:, | and )[A-Z][A-Z0-9]*(?:-[A-Z0-9]+)*-\d+[a-z]?)*)(?![\w-])/;

/** What does not hold, and how much was seen. */
export interface Judgement {
  readonly findings: readonly string[];
  readonly rules: number;
  readonly tests: number;
  /** The rules that exist and have a test. */
  readonly tested: ReadonlySet<string>;
}

/** Compares the rules of the SPEC.md files with the titles in the test files. */
export function judgeRules(specs: readonly Source[], tests: readonly Source[]): Judgement {
  const findings: string[] = [];
  const rules = readRules(specs, findings);
  const found = tests.flatMap((source) =>
    testsIn(source).map((test) => ({ ...test, place: `${source.path}:${test.line}` })),
  );
  const tested = new Set(found.flatMap((test) => idsOf(test, rules, findings)));
  for (const [id, place] of rules) if (!tested.has(id)) findings.push(`${place} ${id} has no test`);
  return { findings, rules: rules.size, tests: found.length, tested };
}

/** Rule id to the place where it is given. */
function readRules(specs: readonly Source[], findings: string[]): Map<string, string> {
  const rules = new Map<string, string>();
  for (const { path, text } of specs) {
    for (const [index, line] of text.split("\n").entries()) {
      const id = RULE_LINE.exec(line)?.[1];
      if (id === undefined) continue;
      const place = `${path}:${index + 1}`;
      const first = rules.get(id);
      if (first === undefined) rules.set(id, place);
      else findings.push(`${place} ${id} is already given at ${first}`);
    }
  }
  return rules;
}

/** The rules that a test's title names. */
function idsOf(
  { place, title, manner }: FoundTest & { place: string },
  rules: ReadonlyMap<string, string>,
  findings: string[],
): string[] {
  if (manner !== undefined) findings.push(`${place} test.${manner} must not be left in: the rule is not tested`);
  const ids = TITLE_IDS.exec(title ?? "")?.[1]?.split(/, | and /) ?? [];
  if (ids.length === 0) findings.push(`${place} the title does not begin with a rule id: ${title ?? "(no literal)"}`);
  findings.push(...ids.filter((id) => !rules.has(id)).map((id) => `${place} ${id} is in no SPEC.md`));
  return ids;
}

interface FoundTest {
  readonly line: number;
  /** The literal beginning of the title; undefined when it is not written out. */
  readonly title: string | undefined;
  readonly manner: "only" | "skip" | "todo" | undefined;
}

/** The calls of `test` and `it` in a file; subtests (`t.test`) belong to the rule of the test they are in. */
function testsIn({ path, text }: Source): FoundTest[] {
  const found: FoundTest[] = [];
  const { program, errors } = parseSync(path, text);
  if (errors.length > 0) return [{ line: 1, title: "(the file does not parse)", manner: undefined }];
  new Visitor({
    CallExpression(node) {
      const manner = mannerOf(node.callee);
      if (manner === null) return;
      const line = text.slice(0, node.start).split("\n").length;
      found.push({ line, title: literalStart(node.arguments[0]), manner });
    },
  }).visit(program);
  return found;
}

/** How a test is called: undefined plainly, null when it is no call of a test at all. */
function mannerOf(callee: ESTree.Expression): FoundTest["manner"] | null {
  if (callee.type === "Identifier") return callee.name === "test" || callee.name === "it" ? undefined : null;
  if (callee.type !== "MemberExpression" || callee.object.type !== "Identifier") return null;
  if (callee.object.name !== "test" && callee.object.name !== "it") return null;
  if (callee.computed || callee.property.type !== "Identifier") return null;
  const { name } = callee.property;
  return name === "only" || name === "skip" || name === "todo" ? name : null;
}

function literalStart(node: ESTree.Argument | undefined): string | undefined {
  if (node?.type === "Literal" && typeof node.value === "string") return node.value;
  if (node?.type === "TemplateLiteral") return node.quasis[0]?.value.cooked ?? undefined;
  if (node?.type === "BinaryExpression" && node.left.type !== "PrivateIdentifier") return literalStart(node.left);
  return undefined;
}
