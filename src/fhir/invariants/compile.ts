/**
 * Turns R4's conditions into closures. Those that only ask whether elements are there, which is most of
 * them and nearly all that ordinary resources meet, look at the object's members and make nothing.
 *
 * SPEC FHIR-INVARIANT · https://hl7.org/fhir/R4/conformance-rules.html#constraints
 */
import { elementsOf } from "../elements.ts";
import { isJsonObject } from "../json-value.ts";
import { mayHold } from "./compare.ts";
import { FUNCTIONS, joined, made, NONE, truth, truthOf, type Evaluate } from "./functions.ts";
import { childrenNamed, keysOf, keyOf, spend, stepsOf, type Node, type Nodes, type Scope } from "./nodes.ts";
import { parseCondition, type Tree } from "./parse.ts";

/** True, false, or undefined when the condition says nothing. */
export type Truth = (node: Node, scope: Scope) => boolean | undefined;

/**
 * Compiles a condition on values of a type or backbone element.
 * @throws SyntaxError when it is outside the part of FHIRPath that R4's conditions use
 */
export function compileCondition(source: string, holder: string): Truth {
  return truthTest(parseCondition(source), holder);
}

function truthTest(tree: Tree, holder: string): Truth {
  const short = presenceTest(tree, holder) ?? logicTest(tree, holder);
  if (short) return short;
  const evaluate = compile(tree);
  return (node, scope) => truthOf(evaluate([node], scope));
}

/** `name.exists()` and `name.empty()`: is one of the element's members there? */
function presenceTest(tree: Tree, holder: string): Truth | undefined {
  if (tree.op !== "call" || tree.given.length > 0 || tree.of.op !== "name" || tree.of.of.op !== "focus")
    return undefined;
  if (tree.name !== "exists" && tree.name !== "empty") return undefined;
  const steps = stepsOf(holder).get(tree.of.name);
  if (!steps) return undefined;
  const members = steps.flatMap(({ member, beside }) => (beside === undefined ? [member] : [member, beside]));
  const wanted = tree.name === "exists";
  return ({ value }) => {
    if (!isJsonObject(value)) return !wanted;
    for (const member of members) if (value[member] !== undefined) return wanted;
    return !wanted;
  };
}

function logicTest(tree: Tree, holder: string): Truth | undefined {
  if (tree.op === "call" && tree.name === "not") {
    const test = truthTest(tree.of, holder);
    return tree.given.length > 0 ? undefined : (node, scope) => negated(test(node, scope));
  }
  if (tree.op !== "binary" || !Object.hasOwn(LOGIC, tree.operator)) return undefined;
  return LOGIC[tree.operator]?.(truthTest(tree.left, holder), truthTest(tree.right, holder));
}

function negated(is: boolean | undefined): boolean | undefined {
  return is === undefined ? undefined : !is;
}

/** Three-valued, and the right side is only asked when the left does not decide. */
const LOGIC: Readonly<Record<string, (left: Truth, right: Truth) => Truth>> = {
  and: (left, right) => (node, scope) => {
    const a = left(node, scope);
    if (a === false) return false;
    const b = right(node, scope);
    return b === false ? false : a === undefined ? undefined : b;
  },
  or: (left, right) => (node, scope) => {
    const a = left(node, scope);
    if (a === true) return true;
    const b = right(node, scope);
    return b === true ? true : a === undefined ? undefined : b;
  },
  implies: (left, right) => (node, scope) => {
    const a = left(node, scope);
    if (a === false) return true;
    const b = right(node, scope);
    return b === true ? true : a === undefined ? undefined : b;
  },
  xor: (left, right) => (node, scope) => {
    const a = left(node, scope);
    const b = right(node, scope);
    return a === undefined || b === undefined ? undefined : a !== b;
  },
};

function compile(tree: Tree): Evaluate {
  switch (tree.op) {
    case "focus":
      return (focus) => focus;
    case "nothing":
      return () => NONE;
    case "literal": {
      const nodes = typeof tree.value === "boolean" ? truth(tree.value) : made(tree.value);
      return () => nodes;
    }
    case "environment":
      return environment(tree.name);
    case "name":
      return walk(tree);
    case "call":
      return call(tree);
    case "type":
      return typeTest(compile(tree.of), tree.operator, tree.type);
    case "binary":
      return binary(tree);
  }
}

function environment(name: string): Evaluate {
  switch (name) {
    case "resource":
    case "rootResource":
      return (_, { resource }) => [resource];
    case "context":
      return (_, { context }) => [context];
    case "ucum": {
      const nodes = made("http://unitsofmeasure.org");
      return () => nodes;
    }
    default:
      throw new SyntaxError(`conditions have no %${name}`);
  }
}

function walk(tree: Tree & { op: "name" }): Evaluate {
  const of = compile(tree.of);
  if (!isFromEnvironment(tree)) return (focus, scope) => spend(scope, childrenNamed(of(focus, scope), tree.name));
  return (focus, scope) => {
    const walked = (scope.walked ??= new Map<object, Nodes>());
    const known = walked.get(tree) ?? childrenNamed(of(focus, scope), tree.name);
    walked.set(tree, known);
    return known;
  };
}

/** A path that begins at the resource means the same wherever in the condition it is asked. */
function isFromEnvironment(tree: Tree): boolean {
  if (tree.op === "environment") return true;
  if (tree.op === "name") return isFromEnvironment(tree.of);
  return tree.op === "call" && tree.given.length === 0 && isFromEnvironment(tree.of);
}

function call({ of, name, given }: Tree & { op: "call" }): Evaluate {
  const on = compile(of);
  const [type] = given;
  if (name === "is" || name === "as" || name === "ofType") {
    if (type?.op !== "name") throw new SyntaxError(`${name} needs a type`);
    return typeTest(on, name, type.name);
  }
  const use = Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : undefined;
  if (!use) throw new SyntaxError(`conditions have no function ${name}`);
  const compiled = given.map(compile);
  return (focus, scope) => spend(scope, use(on(focus, scope), compiled, { focus, scope }));
}

/** FHIRPath writes Boolean for what FHIR calls boolean. */
function typeTest(of: Evaluate, operator: "is" | "as" | "ofType", name: string): Evaluate {
  if (!elementsOf(name) && !/^[A-Za-z]+$/.test(name)) throw new SyntaxError(`no type ${name}`);
  const isOfType = ({ type }: Node): boolean => type === name || (name === "Boolean" && type === "boolean");
  if (operator !== "is") return (focus, scope) => of(focus, scope).filter(isOfType);
  return (focus, scope) => {
    const [node] = of(focus, scope);
    return node === undefined ? NONE : truth(isOfType(node));
  };
}

type Operation = (left: Nodes, right: Nodes) => Nodes;

const compared =
  (operator: string): Operation =>
  ([left], [right]) =>
    left && right ? truth(mayHold(left, operator, right)) : NONE;

const OPERATIONS: Readonly<Record<string, Operation>> = {
  "=": (left, right) => (left.length === 0 || right.length === 0 ? NONE : truth(isSame(left, right))),
  "!=": (left, right) => (left.length === 0 || right.length === 0 ? NONE : truth(!isSame(left, right))),
  "<": compared("<"),
  ">": compared(">"),
  "<=": compared("<="),
  ">=": compared(">="),
  in: ([left], right) => (left ? truth(keysOf(right).has(keyOf(left))) : NONE),
  contains: (left, [right]) => (right ? truth(keysOf(left).has(keyOf(right))) : NONE),
  "|": (left, right) => [...new Map([...left, ...right].map((node) => [keyOf(node), node])).values()],
  "&": joined,
  "+": (left, right) => {
    const [a, b] = [left[0]?.value, right[0]?.value];
    if (typeof a === "number" && typeof b === "number") return made(a + b);
    return left.length === 0 || right.length === 0 ? NONE : joined(left, right);
  },
};

function isSame(left: Nodes, right: Nodes): boolean {
  return left.length === right.length && left.every((node, i) => keyOf(node) === keyOf(right[i]!));
}

function binary({ operator, left, right }: Tree & { op: "binary" }): Evaluate {
  const [a, b] = [compile(left), compile(right)];
  const logic = Object.hasOwn(LOGIC, operator) ? LOGIC[operator] : undefined;
  if (logic) return logical(logic, a, b);
  const operation = Object.hasOwn(OPERATIONS, operator) ? OPERATIONS[operator] : undefined;
  if (!operation) throw new SyntaxError(`conditions have no operator ${operator}`);
  return (focus, scope) => operation(a(focus, scope), b(focus, scope));
}

/** Logic inside where, select and all, whose focus may be any list. */
function logical(logic: (left: Truth, right: Truth) => Truth, a: Evaluate, b: Evaluate): Evaluate {
  return (focus, scope) => {
    const test = logic(
      () => truthOf(a(focus, scope)),
      () => truthOf(b(focus, scope)),
    );
    const is = test(scope.context, scope);
    return is === undefined ? NONE : truth(is);
  };
}
