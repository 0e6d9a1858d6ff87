/**
 * The part of FHIRPath that R4's search parameters are written in, as a tree. It is parsed once when the registry
 * is built; what a definition says outside this part is refused loudly, never skipped.
 *
 * SPEC SEARCH-EXPR · http://hl7.org/fhirpath/N1/ · https://hl7.org/fhir/R4/searchparameter-registry.html
 */

export type Expression =
  | { readonly op: "type"; readonly name: string }
  | { readonly op: "resource" }
  | { readonly op: "this" }
  | { readonly op: "literal"; readonly value: string | number | boolean }
  | { readonly op: "field"; readonly of: Expression; readonly name: string }
  | { readonly op: "index"; readonly of: Expression; readonly at: number }
  | { readonly op: "ofType"; readonly of: Expression; readonly name: string }
  | { readonly op: "is"; readonly of: Expression; readonly name: string }
  | { readonly op: "extension"; readonly of: Expression; readonly url: string }
  | { readonly op: "where"; readonly of: Expression; readonly criteria: Expression }
  | { readonly op: "resolve" | "exists" | "not"; readonly of: Expression }
  | { readonly op: "union"; readonly parts: readonly Expression[] }
  | { readonly op: "and" | "or" | "=" | "!="; readonly left: Expression; readonly right: Expression };

const TOKEN = /\s*(?:(%resource)|([A-Za-z_][A-Za-z0-9_]*)|'((?:[^'\\]|\\.)*)'|(\d+)|(!=|[().|=[\]]))/y;

type Token = { readonly kind: "name" | "text" | "number" | "mark"; readonly text: string };

/** Parses an expression. @throws SyntaxError naming the expression when it is outside the supported part. */
export function parseExpression(source: string): Expression {
  const parser = new Parser(source);
  const tree = parser.conjunction();
  parser.end();
  return tree;
}

/** The tree as text in one canonical form, so that two spellings of the same path compare equal. */
export function expressionText(tree: Expression): string {
  switch (tree.op) {
    case "type":
      return tree.name;
    case "resource":
      return "%resource";
    case "this":
      return "$this";
    case "literal":
      return typeof tree.value === "string" ? `'${tree.value}'` : String(tree.value);
    case "field":
      return `${expressionText(tree.of)}.${tree.name}`;
    case "index":
      return `${expressionText(tree.of)}[${tree.at}]`;
    case "ofType":
      return `${expressionText(tree.of)}.ofType(${tree.name})`;
    case "is":
      return `${expressionText(tree.of)} is ${tree.name}`;
    case "extension":
      return `${expressionText(tree.of)}.extension('${tree.url}')`;
    case "where":
      return `${expressionText(tree.of)}.where(${expressionText(tree.criteria)})`;
    case "union":
      return tree.parts.map(expressionText).join(" | ");
    case "resolve":
    case "exists":
    case "not":
      return `${expressionText(tree.of)}.${tree.op}()`;
    default:
      return `${expressionText(tree.left)} ${tree.op} ${expressionText(tree.right)}`;
  }
}

/** The leftmost step of a path: a type's name, the resource, `$this` or a literal. */
export function rootOf(tree: Expression): Expression {
  if ("of" in tree) return rootOf(tree.of);
  if ("left" in tree) return rootOf(tree.left);
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

  conjunction(): Expression {
    let left = this.equality();
    for (let word = this.peek(); word === "and" || word === "or"; word = this.peek()) {
      this.at++;
      left = { op: word, left, right: this.equality() };
    }
    return left;
  }

  end(): void {
    if (this.at < this.tokens.length) throw this.refusal();
  }

  private equality(): Expression {
    const left = this.union();
    const mark = this.peek();
    if (mark !== "=" && mark !== "!=") return left;
    this.at++;
    return { op: mark, left, right: this.union() };
  }

  private union(): Expression {
    const parts = [this.typed()];
    while (this.take("|")) parts.push(this.typed());
    const flat = parts.flatMap((part) => (part.op === "union" ? part.parts : [part]));
    return flat.length === 1 ? flat[0]! : { op: "union", parts: flat };
  }

  private typed(): Expression {
    const of = this.path();
    if (this.take("is")) return { op: "is", of, name: this.name() };
    if (this.take("as")) return { op: "ofType", of, name: this.name() };
    return of;
  }

  private path(): Expression {
    let tree = this.start();
    for (;;) {
      if (this.take(".")) tree = this.step(tree);
      else if (this.take("[")) {
        tree = { op: "index", of: tree, at: Number(this.expect("number")) };
        this.must("]");
      } else return tree;
    }
  }

  private start(): Expression {
    if (this.take("(")) {
      const inner = this.conjunction();
      this.must(")");
      return inner;
    }
    const token = this.tokens[this.at++];
    if (token === undefined) throw this.refusal();
    if (token.kind === "text") return { op: "literal", value: token.text };
    if (token.kind === "number") return { op: "literal", value: Number(token.text) };
    if (token.kind === "mark") throw this.refusal();
    if (token.text === "%resource") return { op: "resource" };
    if (token.text === "true" || token.text === "false") return { op: "literal", value: token.text === "true" };
    if (/^[A-Z]/.test(token.text)) return { op: "type", name: token.text };
    this.at--;
    return this.step({ op: "this" });
  }

  private step(of: Expression): Expression {
    const name = this.name();
    return this.take("(") ? this.call(of, name) : { op: "field", of, name };
  }

  private call(of: Expression, name: string): Expression {
    const tree = this.callee(of, name);
    this.must(")");
    return tree;
  }

  private callee(of: Expression, name: string): Expression {
    switch (name) {
      case "ofType":
      case "as":
        return { op: "ofType", of, name: this.name() };
      case "is":
        return { op: "is", of, name: this.name() };
      case "where":
        return { op: "where", of, criteria: this.conjunction() };
      case "extension":
        return { op: "extension", of, url: this.expect("text") };
      case "resolve":
      case "exists":
      case "not":
        return { op: name, of };
      default:
        throw this.refusal();
    }
  }

  private name(): string {
    return this.expect("name");
  }

  private expect(kind: Token["kind"]): string {
    const token = this.tokens[this.at++];
    if (token?.kind !== kind) throw this.refusal();
    return token.text;
  }

  private peek(): string | undefined {
    const token = this.tokens[this.at];
    return token?.kind === "text" ? undefined : token?.text;
  }

  private take(text: string): boolean {
    if (this.peek() !== text) return false;
    this.at++;
    return true;
  }

  private must(text: string): void {
    if (!this.take(text)) throw this.refusal();
  }

  private refusal(): SyntaxError {
    return new SyntaxError(`not a supported search expression: ${this.source}`);
  }
}

function tokensOf(source: string): Token[] {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  while (source.slice(TOKEN.lastIndex).trim() !== "") {
    const match = TOKEN.exec(source);
    if (match === null) throw new SyntaxError(`not a supported search expression: ${source}`);
    const [, variable, name, text, number, mark] = match;
    if (text !== undefined) tokens.push({ kind: "text", text: text.replace(/\\(.)/g, "$1") });
    else if (number !== undefined) tokens.push({ kind: "number", text: number });
    else if (mark !== undefined) tokens.push({ kind: "mark", text: mark });
    else tokens.push({ kind: "name", text: (variable ?? name)! });
  }
  return tokens;
}
