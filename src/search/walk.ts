/**
 * Search expressions compiled to closures over plain JSON. A walk calls `visit` with each value it reaches, without
 * building lists on the way: this runs for every parameter of every write.
 *
 * SPEC SEARCH-EXPR · https://hl7.org/fhir/R4/fhirpath.html
 */
import {
  isJsonArray,
  isJsonObject,
  isNumber,
  numberOf,
  parseReference,
  type JsonObject,
  type JsonValue,
} from "../fhir/index.ts";
import { CHOICES } from "./choices.ts";
import { expressionText, type Expression } from "./expression.ts";

export type Visit = (value: JsonValue) => void;
export type Walk = (focus: JsonValue, resource: JsonObject, visit: Visit) => void;

/**
 * Compiles a path.
 * @param within the path that `$this` stands for, so that elements of choice type are known in a composite's parts
 */
export function compileWalk(path: Expression, within = ""): Walk {
  switch (path.op) {
    case "type":
    case "resource":
      return (_, resource, visit) => visit(resource);
    case "this":
      return (focus, _, visit) => visit(focus);
    case "literal":
      return (_focus, _, visit) => visit(path.value);
    case "field":
      return fieldWalk(path.of, namesOf(path, within), within);
    case "ofType":
      return ofTypeWalk(path.of, path.name, within);
    case "index":
      return indexWalk(compileWalk(path.of, within), path.at);
    case "where":
      return whereWalk(compileWalk(path.of, within), compileTest(path.criteria));
    case "extension":
      return whereWalk(
        fieldWalk(path.of, ["extension"], within),
        (focus) => isJsonObject(focus) && focus["url"] === path.url,
      );
    case "union":
      return unionWalk(path.parts.map((part) => compileWalk(part, within)));
    case "resolve":
      throw new SyntaxError("resolve() is understood only before is");
    default: {
      const test = compileTest(path);
      return (focus, resource, visit) => visit(test(focus, resource));
    }
  }
}

/** True when a reference points to a resource of the type: here, elsewhere, contained, or by what it says of itself. */
export function refersTo(type: string, reference: JsonValue, resource: JsonObject): boolean {
  if (!isJsonObject(reference)) return typeof reference === "string" && typeOfReference(reference, resource) === type;
  const { reference: text, type: said } = reference;
  if (typeof text === "string") return (typeOfReference(text, resource) ?? said) === type;
  return said === type;
}

function typeOfReference(text: string, resource: JsonObject): string | undefined {
  const parsed = parseReference(text);
  if (parsed.kind === "resource" || parsed.kind === "conditional") return parsed.type;
  return parsed.kind === "fragment" ? typeOfContained(parsed.id, resource) : undefined;
}

function typeOfContained(id: string, resource: JsonObject): string | undefined {
  const { contained } = resource;
  const found = isJsonArray(contained) ? contained.find((one) => isJsonObject(one) && one["id"] === id) : undefined;
  return isJsonObject(found) && typeof found["resourceType"] === "string" ? found["resourceType"] : undefined;
}

/** The names that an element has in JSON: one, or for an element of choice type one for each type it may have. */
/**
 * The elements of the resource without which an expression finds nothing: when none of them is there, it need not be
 * walked. Nothing is answered when that cannot be told.
 */
export function rootsOf(path: Expression, within = ""): readonly string[] | undefined {
  switch (path.op) {
    case "field":
      return isWhole(path.of) ? namesOf(path, within) : rootsOf(path.of, within);
    case "ofType":
      if (path.of.op !== "field") return undefined;
      return isWhole(path.of.of) ? [path.of.name + capital(path.name)] : rootsOf(path.of.of, within);
    case "extension":
      return isWhole(path.of) ? ["extension"] : rootsOf(path.of, within);
    case "index":
    case "where":
      return rootsOf(path.of, within);
    case "union": {
      const parts = path.parts.map((part) => rootsOf(part, within));
      return parts.every((part) => part !== undefined) ? parts.flat() : undefined;
    }
    default:
      return undefined;
  }
}

function isWhole({ op }: Expression): boolean {
  return op === "type" || op === "resource";
}

function namesOf(path: Expression & { op: "field" }, within: string): readonly string[] {
  const types = CHOICES[expressionText(path).replace(/^\$this/, within)];
  return types === undefined ? [path.name] : types.map((type) => path.name + capital(type));
}

function fieldWalk(of: Expression, names: readonly string[], within: string): Walk {
  const from = compileWalk(of, within);
  const [name] = names;
  if (names.length > 1 || name === undefined) return unionWalk(names.map((one) => fieldWalk(of, [one], within)));
  return (focus, resource, visit) =>
    from(focus, resource, (value) => {
      if (isJsonObject(value)) visitEach(value[name], visit);
    });
}

function visitEach(value: JsonValue | undefined, visit: Visit): void {
  if (value === undefined || value === null) return;
  if (!Array.isArray(value)) return visit(value);
  for (const item of value as readonly JsonValue[]) if (item !== null) visit(item);
}

function ofTypeWalk(of: Expression, type: string, within: string): Walk {
  if (of.op !== "field") throw new SyntaxError(`ofType(${type}) is understood only after an element`);
  return fieldWalk(of.of, [of.name + capital(type)], within);
}

function indexWalk(from: Walk, at: number): Walk {
  return (focus, resource, visit) => {
    let seen = 0;
    from(focus, resource, (value) => {
      if (seen++ === at) visit(value);
    });
  };
}

function whereWalk(from: Walk, test: Test): Walk {
  return (focus, resource, visit) =>
    from(focus, resource, (value) => {
      if (test(value, resource)) visit(value);
    });
}

function unionWalk(walks: readonly Walk[]): Walk {
  return (focus, resource, visit) => {
    for (const walk of walks) walk(focus, resource, visit);
  };
}

type Test = (focus: JsonValue, resource: JsonObject) => boolean;

/** A condition. Comparing what is not there gives neither true nor false in FHIRPath; both uses of it here mean no. */
function compileTest(tree: Expression): Test {
  if (tree.op === "and" || tree.op === "or") return jointTest(tree.op, compileTest(tree.left), compileTest(tree.right));
  if (tree.op === "=" || tree.op === "!=")
    return equalTest(tree.op === "=", compileWalk(tree.left), compileWalk(tree.right));
  if (tree.op === "exists") return existsTest(compileWalk(tree.of));
  if (tree.op === "not") return negated(compileTest(tree.of));
  if (tree.op === "is" && tree.of.op === "resolve") return typeTest(compileWalk(tree.of.of), tree.name);
  throw new SyntaxError(`not a supported condition: ${expressionText(tree)}`);
}

function jointTest(op: "and" | "or", left: Test, right: Test): Test {
  if (op === "and") return (focus, resource) => left(focus, resource) && right(focus, resource);
  return (focus, resource) => left(focus, resource) || right(focus, resource);
}

function negated(test: Test): Test {
  return (focus, resource) => !test(focus, resource);
}

function existsTest(walk: Walk): Test {
  return (focus, resource) => {
    let found = false;
    walk(focus, resource, () => (found = true));
    return found;
  };
}

function equalTest(wanted: boolean, left: Walk, right: Walk): Test {
  return (focus, resource) => {
    const lefts = collected(left, focus, resource);
    const rights = collected(right, focus, resource);
    if (lefts.length === 0 || rights.length === 0) return false;
    return (lefts.length === rights.length && lefts.every((value, at) => isSame(value, rights[at]!))) === wanted;
  };
}

function typeTest(walk: Walk, type: string): Test {
  return (focus, resource) => collected(walk, focus, resource).some((reference) => refersTo(type, reference, resource));
}

function collected(walk: Walk, focus: JsonValue, resource: JsonObject): JsonValue[] {
  const values: JsonValue[] = [];
  walk(focus, resource, (value) => values.push(value));
  return values;
}

function isSame(left: JsonValue, right: JsonValue): boolean {
  return isNumber(left) && isNumber(right) ? numberOf(left) === numberOf(right) : left === right;
}

function capital(type: string): string {
  return type.charAt(0).toUpperCase() + type.slice(1);
}
