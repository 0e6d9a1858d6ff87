/**
 * The part of FHIRPath that R4's own conditions are written in, as a tree. What is outside it is refused
 * loudly when a condition is compiled, never skipped.
 *
 * SPEC FHIR-INVARIANT · http://hl7.org/fhirpath/N1/
 */

export type Tree =
  | { readonly op: "focus" }
  | { readonly op: "nothing" }
  | { readonly op: "environment"; readonly name: string }
  | { readonly op: "literal"; readonly value: string | number | boolean }
  | { readonly op: "name"; readonly of: Tree; readonly name: string }
  | { readonly op: "call"; readonly of: Tree; readonly name: string; readonly given: readonly Tree[] }
  | { readonly op: "type"; readonly of: Tree; readonly operator: "is" | "as"; readonly type: string }
  | { readonly op: "binary"; readonly operator: string; readonly left: Tree; readonly right: Tree };

const TOKEN = /\s*(?:(%?[A-Za-z_$][A-Za-z0-9_]*)|`([^`]+)`|'((?:[^'\\]|\\.)*)'|(\d+)|(!=|<=|>=|[-()&|.,=<>+{}]))/y;
const BINDING: Readonly<Record<string, number>> = {
  implies: 1,
  or: 2,
  xor: 2,
  and: 3,
  in: 4,
  contains: 4,
  "=": 5,
  "!=": 5,
  "<": 6,
  ">": 6,
  "<=": 6,
  ">=": 6,
  "|": 7,
  is: 8,
  as: 8,
  "+": 9,
  "&": 9,
};
const FOCUS: Tree = { op: "focus" };

interface Token {
  readonly kind: "word" | "name" | "text" | "number" | "mark";
  readonly text: string;
}

/** @throws SyntaxError with the expression when it is outside this part of FHIRPath */
export function parseCondition(source: string): Tree {
  const parser = new Parser(source);
  const tree = parser.binary(0);
  parser.end();
  return tree;
}

class Parser {
  private readonly source: string;
  private readonly tokens: readonly Token[];
  private at = 0;

  constructor(source: string) {
    this.source = source;
    this.tokens = tokensOf(source);
  }

  end(): void {
    if (this.at < this.tokens.length) throw this.refuse();
  }

  binary(least: number): Tree {
    let left = this.path();
    for (;;) {
      const operator = this.operator();
      const binding = BINDING[operator] ?? 0;
      if (binding <= least) return left;
      this.at++;
      if (operator === "is" || operator === "as") left = { op: "type", of: left, operator, type: this.word() };
      else left = { op: "binary", operator, left, right: this.binary(binding) };
    }
  }

  private operator(): string {
    const token = this.tokens[this.at];
    return token?.kind === "mark" || token?.kind === "word" ? token.text : "";
  }

  private path(): Tree {
    let tree = this.first();
    while (this.take(".")) tree = this.step(tree, this.word());
    return tree;
  }

  private first(): Tree {
    if (this.take("(")) {
      const tree = this.binary(0);
      this.expect(")");
      return tree;
    }
    if (this.take("{")) {
      this.expect("}");
      return { op: "nothing" };
    }
    const token = this.next();
    if (token.kind === "text") return { op: "literal", value: unescape(token.text) };
    if (token.kind === "number") return { op: "literal", value: Number(token.text) };
    if (token.kind === "mark") throw this.refuse();
    if (token.text === "true" || token.text === "false") return { op: "literal", value: token.text === "true" };
    if (token.text === "$this") return FOCUS;
    if (token.text.startsWith("%")) return { op: "environment", name: token.text.slice(1) };
    return this.step(FOCUS, token.text);
  }

  private step(of: Tree, name: string): Tree {
    if (!this.take("(")) return { op: "name", of, name };
    const given: Tree[] = [];
    if (!this.take(")")) {
      do given.push(this.binary(0));
      while (this.take(","));
      this.expect(")");
    }
    return { op: "call", of, name, given };
  }

  private next(): Token {
    const token = this.tokens[this.at++];
    if (token === undefined) throw this.refuse();
    return token;
  }

  private word(): string {
    const { kind, text } = this.next();
    if (kind !== "word" && kind !== "name") throw this.refuse();
    return text;
  }

  private take(mark: string): boolean {
    const token = this.tokens[this.at];
    if (token?.kind !== "mark" || token.text !== mark) return false;
    this.at++;
    return true;
  }

  private expect(mark: string): void {
    if (!this.take(mark)) throw this.refuse();
  }

  private refuse(): SyntaxError {
    return new SyntaxError(`cannot read the condition ${this.source}`);
  }
}

function tokensOf(source: string): Token[] {
  const tokens: Token[] = [];
  const end = source.trimEnd().length;
  for (TOKEN.lastIndex = 0; TOKEN.lastIndex < end;) {
    const found = TOKEN.exec(source);
    if (found === null) throw new SyntaxError(`cannot read the condition ${source}`);
    const [, word, name, text, number, mark] = found;
    if (word !== undefined) tokens.push({ kind: "word", text: word });
    else if (name !== undefined) tokens.push({ kind: "name", text: name });
    else if (text !== undefined) tokens.push({ kind: "text", text });
    else if (number !== undefined) tokens.push({ kind: "number", text: number });
    else tokens.push({ kind: "mark", text: mark ?? "" });
  }
  return tokens;
}

function unescape(text: string): string {
  return text.replace(/\\(.)/g, "$1");
}
