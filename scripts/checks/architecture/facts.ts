/**
 * What the rules need to know about one source file: its imports, and the places where it touches something that
 * not every module may touch. Read from the syntax tree, so that strings and comments never count.
 */
import { parseSync, Visitor, type ESTree } from "vite";

/** Something that a rule may forbid. */
export type Touch =
  | "any"
  | "clock"
  | "default-export"
  | "environment"
  | "randomness"
  | "runtime"
  | "unreadable-import"
  | "unreadable-file";

/** An import, export-from, dynamic import, type import or require. */
export interface Import {
  readonly specifier: string;
  readonly typeOnly: boolean;
  readonly line: number;
}

/** The facts of one file. */
export interface Facts {
  readonly imports: readonly Import[];
  readonly touches: readonly { readonly what: Touch; readonly line: number; readonly text: string }[];
}

/** Objects whose members reach the world outside the program, by what they give. */
const OBJECTS: Readonly<Record<string, Touch>> = {
  process: "runtime",
  performance: "clock",
  crypto: "randomness",
  globalThis: "runtime",
  window: "runtime",
  document: "runtime",
  navigator: "runtime",
  localStorage: "runtime",
  sessionStorage: "runtime",
  console: "runtime",
};

/** Functions and constructors that do. */
const CALLS: Readonly<Record<string, Touch>> = {
  fetch: "runtime",
  setTimeout: "clock",
  setInterval: "clock",
  setImmediate: "clock",
  eval: "runtime",
  Function: "runtime",
  WebSocket: "runtime",
  XMLHttpRequest: "runtime",
  Worker: "runtime",
};

/** Reads the facts of a TypeScript file. A file that does not parse has one touch: `unreadable-file`. */
export function factsOf(path: string, text: string): Facts {
  const { program, module, errors } = parseSync(path, text);
  const lineAt = lineCounter(text);
  const imports: Import[] = [];
  const touches: { what: Touch; line: number; text: string }[] = [];
  const add = (specifier: string, typeOnly: boolean, at: number): unknown =>
    imports.push({ specifier, typeOnly, line: lineAt(at) });
  const touch = (what: Touch, node: ESTree.Span): unknown =>
    touches.push({ what, line: lineAt(node.start), text: text.slice(node.start, Math.min(node.end, node.start + 60)) });

  if (errors.length > 0) touch("unreadable-file", { start: 0, end: 0 });
  for (const { moduleRequest, entries, start } of module.staticImports) {
    add(moduleRequest.value, entries.length > 0 && entries.every((entry) => entry.isType), start);
  }
  for (const { start, end, entries } of module.staticExports) {
    for (const entry of entries) {
      if (entry.moduleRequest) add(entry.moduleRequest.value, entry.isType, start);
      if (entry.exportName.kind === "Default" || entry.exportName.name === "default")
        touch("default-export", { start, end });
    }
  }
  new Visitor(visitorFor(add, touch)).visit(program);
  return { imports, touches };
}

type Add = (specifier: string, typeOnly: boolean, at: number) => unknown;
type Mark = (what: Touch, node: ESTree.Span) => unknown;

function visitorFor(add: Add, touch: Mark): ConstructorParameters<typeof Visitor>[0] {
  const load = (source: ESTree.Node | undefined, typeOnly: boolean, node: ESTree.Span): void => {
    if (source?.type === "Literal" && typeof source.value === "string") add(source.value, typeOnly, node.start);
    else touch("unreadable-import", node);
  };
  return {
    TSAnyKeyword: (node) => touch("any", node),
    ImportExpression: (node) => load(node.source, false, node),
    TSImportType: (node) => load(node.source, true, node),
    CallExpression(node) {
      if (node.callee.type !== "Identifier") return;
      const { name } = node.callee;
      if (name === "require") load(node.arguments[0], false, node);
      if (name === "Date") touch("clock", node);
      const what = own(CALLS, name);
      if (what) touch(what, node);
    },
    NewExpression(node) {
      if (node.callee.type !== "Identifier") return;
      const { name } = node.callee;
      if (name === "Date" && node.arguments.length === 0) touch("clock", node);
      const what = own(CALLS, name);
      if (what) touch(what, node);
    },
    MemberExpression(node) {
      if (node.object.type !== "Identifier") return;
      const { name } = node.object;
      const member = memberName(node);
      if (name === "Date" && member === "now") touch("clock", node);
      if (name === "Math" && member === "random") touch("randomness", node);
      if (name === "process" && (member === "env" || member === undefined)) touch("environment", node);
      const what = own(OBJECTS, name);
      if (what) touch(what, node);
    },
    VariableDeclarator(node) {
      // const { env } = process
      if (node.init?.type === "Identifier" && node.init.name === "process") touch("environment", node);
    },
  };
}

const own = (table: Readonly<Record<string, Touch>>, name: string): Touch | undefined =>
  Object.hasOwn(table, name) ? table[name] : undefined;

function memberName(node: ESTree.MemberExpression): string | undefined {
  if (!node.computed && node.property.type === "Identifier") return node.property.name;
  return node.property.type === "Literal" && typeof node.property.value === "string" ? node.property.value : undefined;
}

function lineCounter(text: string): (offset: number) => number {
  const starts = [0];
  for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return (offset) => {
    let [low, high] = [0, starts.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return low + 1;
  };
}
