/**
 * The grammar of `_filter`: tests (`birthdate ge 2014-10-10`), joined by `and` and `or` from left to right without
 * precedence, negated by `not (…)`, on paths that may carry a filter of their own (`subject[name co "pet"].birthdate`).
 *
 * SPEC SEARCH-FILTER · https://hl7.org/fhir/R4/search_filter.html
 */
import { invalidValue, tooCostly } from "./context.ts";
import { LIMITS } from "./limits.ts";

export type FilterStep = { readonly name: string; readonly filter: FilterNode | undefined };
export type FilterTest = {
  readonly op: "test";
  readonly path: readonly FilterStep[];
  readonly compare: string;
  readonly value: string;
};
export type FilterNode =
  | FilterTest
  | { readonly op: "not"; readonly of: FilterNode }
  | { readonly op: "and" | "or"; readonly of: readonly FilterNode[] };

const FILTER = "_filter";
/** What an escape can say and no stored text has: NUL and half characters. */
const NOT_STORED = /[\0\p{Cs}]/u;

/** The filter that a text says. Errors: SEARCH_VALUE_INVALID, SEARCH_TOO_COSTLY. */
export function parseFilter(text: string): FilterNode {
  if (text.length > LIMITS.filterLength) throw tooCostly(FILTER, `${text.length} > ${LIMITS.filterLength}`);
  const reader = new FilterReader(text);
  const node = reader.filter(0);
  reader.end();
  return node;
}

class FilterReader {
  private readonly text: string;
  private at = 0;
  private tests = 0;

  constructor(text: string) {
    this.text = text;
  }

  filter(depth: number): FilterNode {
    if (depth > LIMITS.filterDepth) throw tooCostly(FILTER, `> ${LIMITS.filterDepth}`);
    let node = this.operand(depth);
    for (let joined = this.word(/(and|or)(?=[\s(])/y); joined !== undefined; joined = this.word(/(and|or)(?=[\s(])/y)) {
      const op = joined === "and" ? "and" : "or";
      const next = this.operand(depth);
      node = node.op === op ? { op, of: [...node.of, next] } : { op, of: [node, next] };
    }
    return node;
  }

  end(): void {
    this.word(/\s*/y);
    if (this.at < this.text.length) throw refusal();
  }

  private operand(depth: number): FilterNode {
    if (this.word(/not(?=\s*\()/y) !== undefined) return { op: "not", of: this.parenthesis(depth) };
    return this.looksAt("(") ? this.parenthesis(depth) : this.test(depth);
  }

  private parenthesis(depth: number): FilterNode {
    this.must(/\(/y);
    const inner = this.filter(depth + 1);
    this.must(/\)/y);
    return inner;
  }

  private test(depth: number): FilterTest {
    if (++this.tests > LIMITS.filterTests) throw tooCostly(FILTER, `> ${LIMITS.filterTests}`);
    const path = [this.step(depth)];
    while (this.text[this.at] === ".") {
      this.at += 1;
      path.push(this.step(depth));
    }
    if (path.at(-1)?.filter !== undefined) throw refusal();
    const compare = this.must(/[a-z]{2}(?=\s)/y);
    return { op: "test", path, compare, value: this.value() };
  }

  /** Colons are R5's: they name a type (`subject:Patient`) or a reverse chain. */
  private step(depth: number): FilterStep {
    const name = this.must(/[_A-Za-z][\w:-]*/y);
    if (this.text[this.at] !== "[") return { name, filter: undefined };
    this.at += 1;
    const filter = this.filter(depth + 1);
    this.must(/\]/y);
    return { name, filter };
  }

  private value(): string {
    const quoted = this.word(/"(?:[^"\\]|\\.)*"/y);
    if (quoted === undefined) return this.must(/[^\s\])"][^\s\])]*/y);
    const said = unescaped(quoted);
    if (said === undefined || NOT_STORED.test(said)) throw refusal();
    return said;
  }

  private must(pattern: RegExp): string {
    const found = this.word(pattern);
    if (found === undefined) throw refusal();
    return found;
  }

  /** What the pattern finds after white space, or nothing. */
  private word(pattern: RegExp): string | undefined {
    const start = this.at + (/^\s*/.exec(this.text.slice(this.at, this.at + 200))?.[0].length ?? 0);
    pattern.lastIndex = start;
    const found = pattern.exec(this.text)?.[0];
    if (found !== undefined) this.at = start + found.length;
    return found;
  }

  private looksAt(sign: string): boolean {
    return this.text.slice(this.at).trimStart().startsWith(sign);
  }
}

function unescaped(quoted: string): string | undefined {
  try {
    return JSON.parse(quoted) as string;
  } catch {
    return undefined; // an escape that JSON does not have
  }
}

function refusal(): Error {
  return invalidValue(FILTER, 'given eq "peter" and not (birthdate lt 2014-10-10)');
}
