/**
 * Where the values of a query come from: elements from the resource in hand, everything else through the journal, which
 * asks in rounds.
 *
 * SPEC HTTP-GRAPHQL · https://hl7.org/fhir/R4/graphql.html
 */
import { Kind, type FieldNode, type GraphQLResolveInfo } from "graphql";
import {
  fhirError,
  fhirErrorAt,
  isJsonArray,
  isJsonObject,
  isNumber,
  numberText,
  parseReference,
  type JsonObject,
  type JsonValue,
} from "../../../fhir/index.ts";
import type { Gatherer, QueryParameters } from "../../../journal/index.ts";
import { parametersOf } from "../../../search/index.ts";

export type Source = JsonObject;

/** What the resolvers of one query share. */
export type Scope = {
  readonly gatherer: Gatherer;
  /** This server's own FHIR address. */
  readonly base: string;
  /** The resource that an element is in, for references to what it contains. */
  readonly within: WeakMap<object, JsonObject>;
  /** How the items of a list with @slice are called, by the list's place in the answer. */
  readonly slices: Map<string, readonly string[]>;
  /** How many fields have been given. */
  fields: number;
};

export type ListAsk = {
  readonly type: string;
  readonly source: Source | undefined;
  readonly given: Readonly<Record<string, unknown>>;
};

const MOST_FIELDS = 100_000;
const LARGEST_LIST = 1000;

/** One resource by its id. Errors: NOT_FOUND, FORBIDDEN. */
export async function resolveOne({ gatherer }: Scope, type: string, id: string): Promise<JsonObject> {
  const found = await gatherer.read(type, id);
  if (found === undefined) throw fhirError("NOT_FOUND");
  return found;
}

/** An element of the resource in hand; of a list, the items that the arguments let through. */
export function resolveElement(
  source: Source,
  given: Readonly<Record<string, unknown>>,
  scope: Scope,
  info: GraphQLResolveInfo,
): unknown {
  const value = source[info.fieldName];
  spend(scope, isJsonArray(value) ? value.length : 1);
  const root = typeof source["resourceType"] === "string" ? source : scope.within.get(source);
  const shown = isJsonArray(value) ? narrowed(value, given) : value;
  for (const item of isJsonArray(shown) ? shown : [shown])
    if (isJsonObject(item) && root !== undefined && typeof item["resourceType"] !== "string")
      scope.within.set(item, root);
  const path = slicePath(info.fieldNodes[0]);
  if (path !== undefined && isJsonArray(shown))
    scope.slices.set(
      placeOf(info),
      shown.map((item, at) => sliceName(item, at, path)),
    );
  return shown;
}

/** What a reference points at: here, or contained. Errors: NOT_FOUND unless it is optional, FORBIDDEN. */
export async function resolveReference(
  source: Source,
  given: Readonly<Record<string, unknown>>,
  scope: Scope,
): Promise<JsonObject | null> {
  spend(scope, 1);
  const { reference } = source;
  const parsed = parseReference(typeof reference === "string" ? reference : "");
  const wanted = given["type"];
  if (parsed.kind === "fragment") {
    const found = containedIn(scope.within.get(source), parsed.id);
    return found === undefined ? missing(given) : ofType(found, wanted);
  }
  const isHere = parsed.kind === "resource" && (parsed.base === undefined || parsed.base === `${scope.base}/`);
  if (!isHere) return missing(given);
  if (wanted !== undefined && wanted !== parsed.type) return null;
  return (await scope.gatherer.read(parsed.type, parsed.id, false)) ?? missing(given);
}

/** The resources that meet the criteria. All of them, or as many as `_count` says; never silently fewer. */
export async function resolveList(scope: Scope, ask: ListAsk): Promise<readonly JsonObject[]> {
  const counted = ask.given["_count"] !== undefined && ask.given["_count"] !== null;
  const parameters = counted ? parametersFor(ask) : [...parametersFor(ask), ["_count", String(LARGEST_LIST)] as const];
  const { resources, cursor } = await scope.gatherer.search(ask.type, parameters);
  spend(scope, resources.length);
  if (!counted && cursor !== null) throw fhirErrorAt("SEARCH_TOO_COSTLY", `${ask.type}List`, `> ${LARGEST_LIST}`);
  return resources;
}

/** A page of the resources that meet the criteria, with the position of the next. */
export async function resolveConnection(scope: Scope, ask: ListAsk, nodes: readonly FieldNode[]): Promise<object> {
  const isCounted = nodes.some(({ selectionSet }) =>
    selectionSet?.selections.some((one) => one.kind !== Kind.FIELD || one.name.value === "count"),
  );
  const parameters = isCounted ? [...parametersFor(ask), ["_total", "accurate"] as const] : parametersFor(ask);
  const { resources, total, cursor } = await scope.gatherer.search(ask.type, parameters);
  spend(scope, resources.length);
  return {
    count: total,
    pagesize: resources.length,
    edges: resources.map((resource) => ({ mode: "match", resource })),
    next: cursor,
  };
}

/** Arguments as search parameters: GraphQL knows no hyphen. Errors: SEARCH_PARAM_UNKNOWN. */
function parametersFor({ type, source, given }: ListAsk): QueryParameters {
  const names = new Map([...parametersOf(type).keys()].map((name) => [name.replaceAll("-", "_"), name]));
  return Object.entries(given).flatMap(([name, value]) => {
    const values = textsOf(value);
    if (name !== "_reference") return values.map((one) => [names.get(name) ?? name, one] as const);
    return values.map((one) => {
      const parameter = names.get(one.replaceAll("-", "_"));
      if (parameter === undefined || parametersOf(type).get(parameter)?.type !== "reference")
        throw fhirErrorAt("SEARCH_PARAM_UNKNOWN", "_reference", one, type);
      return [parameter, source === undefined ? "" : nameOf(source)] as const;
    });
  });
}

/** The values of an argument, which the schema has made texts and whole numbers. */
function textsOf(value: unknown): readonly string[] {
  const values: readonly unknown[] = Array.isArray(value) ? value : [value];
  return values.flatMap((one) => (typeof one === "string" || typeof one === "number" ? [String(one)] : []));
}

function nameOf({ resourceType, id }: Source): string {
  return typeof resourceType === "string" && typeof id === "string" ? `${resourceType}/${id}` : "";
}

/** The response's path to a field: where the items of its list are. */
export function placeOf({ path }: Pick<GraphQLResolveInfo, "path">): string {
  const keys: (string | number)[] = [];
  for (let at: GraphQLResolveInfo["path"] | undefined = path; at !== undefined; at = at.prev) keys.unshift(at.key);
  return keys.join("/");
}

function spend(scope: Scope, fields: number): void {
  scope.fields += fields;
  if (scope.fields > MOST_FIELDS) throw fhirErrorAt("SEARCH_TOO_COSTLY", "query", `> ${MOST_FIELDS}`);
}

function narrowed(items: readonly JsonValue[], given: Readonly<Record<string, unknown>>): readonly JsonValue[] {
  const { _count: count, _offset: offset, ...criteria } = given;
  const meets = items.filter((item) =>
    Object.entries(criteria).every(([name, text]) => isJsonObject(item) && textOf(item[name]) === text),
  );
  const from = typeof offset === "number" ? Math.max(offset, 0) : 0;
  return meets.slice(from, typeof count === "number" ? from + Math.max(count, 0) : undefined);
}

function textOf(value: JsonValue | undefined): string | undefined {
  if (isNumber(value)) return numberText(value);
  return typeof value === "string" || typeof value === "boolean" ? String(value) : undefined;
}

function slicePath(node: FieldNode | undefined): string | undefined {
  const slice = node?.directives?.find(({ name }) => name.value === "slice")?.arguments?.[0]?.value;
  return slice?.kind === Kind.STRING ? slice.value : undefined;
}

/** An item is called by its position or by one of its own simple elements. */
function sliceName(item: JsonValue, at: number, path: string): string {
  if (path === "$index") return String(at);
  if (!/^[A-Za-z]+$/.test(path)) throw fhirErrorAt("NOT_SUPPORTED", "@slice", path);
  return (isJsonObject(item) ? textOf(item[path]) : undefined) ?? "";
}

function containedIn(root: JsonObject | undefined, id: string): JsonObject | undefined {
  const contained = root?.["contained"];
  const found = isJsonArray(contained) ? contained.find((one) => isJsonObject(one) && one["id"] === id) : undefined;
  return isJsonObject(found) ? found : undefined;
}

function ofType(found: JsonObject, wanted: unknown): JsonObject | null {
  return wanted === undefined || wanted === null || found["resourceType"] === wanted ? found : null;
}

function missing(given: Readonly<Record<string, unknown>>): null {
  if (given["optional"] === true) return null;
  throw fhirError("NOT_FOUND");
}
