/**
 * The search keys of a resource: what its row is found by. Each type's extractor is compiled once, on first use.
 *
 * SPEC SEARCH-EXTRACT · https://hl7.org/fhir/R4/search.html
 */
import { isJsonArray, isJsonObject, isResourceType, type JsonObject, type JsonValue } from "../fhir/index.ts";
import { fociOf, type Focus } from "./composites.ts";
import { bounds, Harvest, manyQuantity, tokenForms } from "./harvest.ts";
import {
  ANY_REFERENCE,
  commonKey,
  compositeValue,
  CONTAINED,
  NO_CODE_KEY,
  ownKey,
  presentValue,
  systemCodeValue,
  tokenKey,
} from "./keys.ts";
import { codeParameterOf } from "./layout.ts";
import { mayBeBeside, patientBeside } from "./patient-beside.ts";
import { patientPathsOf } from "./patient.ts";
import { localReferences, localTarget, referenceTexts } from "./references.ts";
import { parametersOf, type Atom, type Component, type SearchParameter, type SearchType } from "./registry.ts";
import { dateRangeOf, numberRangeOf, quantityRangeOf, textsOf, tokensOf } from "./values.ts";
import { compileWalk, refersTo, rootsOf, type Walk } from "./walk.ts";

/** What the store writes beside a resource's text. */
export type SearchKeys = {
  readonly key: string;
  readonly tokens: readonly string[];
  readonly strings: string | null;
  readonly many: JsonObject | null;
  readonly ranges: Readonly<Record<string, string | number | null>>;
  readonly patient: string | null;
  readonly otherPatients: readonly string[];
  /** The key of its one code, "0" when it has none or several; null for a type whose rows do not keep it. */
  readonly codeKey: string | null;
};

export type ExtractOptions = {
  /** This server's own FHIR address; an absolute reference below it is one to a resource here. */
  readonly base?: string;
};

/** The keys of a resource of this type. Its `id` must be the one it is stored under. */
export function extractKeys(type: string, resource: JsonObject, options: ExtractOptions = {}): SearchKeys {
  const harvest = harvestOf(type, resource, options.base);
  for (const target of localReferences(resource, options.base)) harvest.tokens.add(tokenKey(ANY_REFERENCE, target));
  for (const contained of containedTypes(resource)) harvest.common(CONTAINED, contained);
  const patients = patientsOf(type, resource, options.base);
  return {
    key: ownKey(type, idOf(resource)),
    tokens: [...harvest.tokens],
    strings: harvest.tsvector(),
    many: Object.keys(harvest.many).length === 0 ? null : harvest.many,
    ranges: harvest.ranges,
    patient: patients[0] ?? null,
    otherPatients: patients.slice(1),
    codeKey: codeKeyOf(type, resource),
  };
}

/** A resource with several codings is found by each of them: the column can hold one, so it holds none. */
function codeKeyOf(type: string, { code }: JsonObject): string | null {
  const parameter = codeParameterOf(type);
  if (parameter === undefined) return null;
  const codings = isJsonObject(code) && isJsonArray(code["coding"]) ? code["coding"] : [];
  const [only] = codings;
  if (codings.length !== 1 || !isJsonObject(only)) return NO_CODE_KEY;
  const { system, code: symbol } = only;
  const isWhole = typeof system === "string" && typeof symbol === "string" && system !== "" && symbol !== "";
  return isWhole ? commonKey(parameter, systemCodeValue(system, symbol)) : NO_CODE_KEY;
}

/** The patients in whose compartment a resource is, its own first. */
export function patientsOf(type: string, resource: JsonObject, base?: string): string[] {
  const paths = patientPathsOf(type);
  if (paths === undefined) {
    const beside = mayBeBeside(type) ? patientBeside(type, resource, base) : undefined;
    return beside === undefined ? [] : [beside];
  }
  const found = new Set<string>();
  if (type === "Patient") found.add(idOf(resource));
  for (const walk of patientWalksOf(type)) {
    walk(resource, resource, (reference) => {
      const target = referenceTexts(reference, base)[0] ?? "";
      if (target.startsWith("Patient/") && localTarget(target) === target) found.add(target.slice("Patient/".length));
    });
  }
  return [...found];
}

function containedTypes({ contained }: JsonObject): string[] {
  if (!isJsonArray(contained)) return [];
  const types = contained.map((one) => (isJsonObject(one) ? one["resourceType"] : undefined));
  return types.filter((type) => isResourceType(type));
}

function idOf({ id }: JsonObject): string {
  if (typeof id !== "string") throw new TypeError("a resource is extracted under the id that it is stored under");
  return id;
}

type Extract = (resource: JsonObject, harvest: Harvest) => void;
/** What one parameter extracts, and the last resource (by its number) that it has looked at. */
type Extractor = { readonly extract: Extract; seen: number };
/** Most resources have few of the elements that their type's parameters look at: what cannot be there is not looked for. */
type TypeExtractor = {
  readonly always: readonly Extract[];
  readonly byRoot: ReadonlyMap<string, readonly Extractor[]>;
};

const extractors = new Map<string, TypeExtractor>();
const patientWalks = new Map<string, readonly Walk[]>();
let resourcesSeen = 0;

/** What the parameters of a type find in a resource. */
export function harvestOf(type: string, resource: JsonObject, base: string | undefined): Harvest {
  const harvest = new Harvest(base);
  const { always, byRoot } = extractorOf(type);
  for (const extract of always) extract(resource, harvest);
  resourcesSeen += 1;
  for (const name of Object.keys(resource)) {
    for (const extractor of byRoot.get(name) ?? NONE) {
      if (extractor.seen === resourcesSeen) continue; // another of its elements is there too
      extractor.seen = resourcesSeen;
      extractor.extract(resource, harvest);
    }
  }
  return harvest;
}

const NONE: readonly Extractor[] = [];

/** Compiles, once, everything that is extracted from a type. */
export function extractorOf(type: string): TypeExtractor {
  let extractor = extractors.get(type);
  if (extractor === undefined) {
    extractor = compileExtractor(type);
    extractors.set(type, extractor);
  }
  return extractor;
}

function compileExtractor(type: string): TypeExtractor {
  const always: Extract[] = [];
  const byRoot = new Map<string, Extractor[]>();
  for (const parameter of parametersOf(type).values()) {
    const extract = parameterExtract(type, parameter);
    if (extract === undefined) continue;
    const extractor = { extract, seen: 0 };
    const roots = rootsOfParameter(parameter);
    if (roots === undefined) always.push(extract);
    for (const root of roots ?? []) byRoot.set(root, [...(byRoot.get(root) ?? []), extractor]);
  }
  return { always, byRoot };
}

/** The elements of the resource without which a parameter has no value, or nothing when that cannot be told. */
export function rootsOfParameter({ atoms, stored }: SearchParameter): readonly string[] | undefined {
  const roots = [...atoms, ...stored].map(({ path }) => rootsOf(path));
  return roots.every((some) => some !== undefined) ? [...new Set(roots.flat())] : undefined;
}

function patientWalksOf(type: string): readonly Walk[] {
  let walks = patientWalks.get(type);
  if (walks === undefined) {
    walks = (patientPathsOf(type)?.all ?? []).flatMap((parameter) =>
      parameter.atoms.map(({ path }) => compileWalk(path)),
    );
    patientWalks.set(type, walks);
  }
  return walks;
}

function parameterExtract(type: string, parameter: SearchParameter): Extract | undefined {
  if (parameter.atoms.length === 0 || parameter.type === "special") return undefined;
  if (parameter.type === "composite") return compositeExtract(type, parameter);
  if (parameter.stored.length === 0) return limitedPresence(parameter);
  const walks = parameter.stored.map(({ path }) => compileWalk(path));
  const only = parameter.stored[0]?.only;
  const hold = HOLD[parameter.type];
  return (resource, harvest) => {
    const values: JsonValue[] = [];
    for (const walk of walks) walk(resource, resource, (value) => values.push(value));
    const kept = only === undefined ? values : values.filter((value) => refersTo(only, value, resource));
    if (kept.length > 0) hold(harvest, parameter.name, kept);
  };
}

/** How the values of each type are held, together with the mark that there is one. */
const HOLD: Readonly<
  Record<
    Exclude<SearchType, "composite" | "special">,
    (harvest: Harvest, name: string, values: readonly JsonValue[]) => void
  >
> = {
  token: (harvest, name, values) => {
    harvest.present(name);
    for (const value of values) harvest.token(name, value);
  },
  string: (harvest, name, values) => {
    harvest.present(name);
    for (const value of values) harvest.string(name, value);
  },
  reference: (harvest, name, values) => {
    harvest.present(name);
    for (const value of values) harvest.reference(name, value);
  },
  uri: (harvest, name, values) => {
    harvest.present(name);
    for (const value of values) harvest.uri(name, value);
  },
  date: (harvest, name, values) => harvest.dates(name, values),
  number: (harvest, name, values) => harvest.numbers(name, values),
  quantity: (harvest, name, values) => harvest.quantities(name, values),
};

/** A parameter stored as another limited to one type needs its own mark that there is a value: `patient:missing`. */
function limitedPresence(parameter: SearchParameter): Extract | undefined {
  if (parameter.sources.every(({ only }) => only === undefined)) return undefined;
  const walks = parameter.atoms.map((atom) => [atom, compileWalk(atom.path)] as const);
  return (resource, harvest) => {
    for (const [atom, walk] of walks) {
      walk(resource, resource, (value) => {
        if (isKept(atom, value, resource)) harvest.present(parameter.name);
      });
    }
  };
}

function isKept({ only }: Atom, value: JsonValue, resource: JsonObject): boolean {
  return only === undefined || refersTo(only, value, resource);
}

function compositeExtract(type: string, composite: SearchParameter): Extract {
  const foci = fociOf(type, composite);
  const extracts = composite.atoms.flatMap((atom, at) => {
    const focus = foci[at]!;
    return focus.way === "whole" || focus.stored !== composite.name ? [] : [focusExtract(atom, focus)];
  });
  return (resource, harvest) => {
    for (const extract of extracts) extract(resource, harvest);
  };
}

function focusExtract(atom: Atom, focus: Focus): Extract {
  const walk = compileWalk(atom.path);
  const parts = focus.parts.map((part) => ({ part, walk: compileWalk(part.path, atom.text) }));
  return (resource, harvest) => {
    const tuples: JsonValue[] = [];
    walk(resource, resource, (value) => {
      const entries = parts.map((part) => partEntries(part, value, { resource, base: harvest.base }));
      if (entries.some((some) => some.length === 0)) return;
      if (focus.way === "tuples") tuples.push(entries);
      else for (const keyed of combinations(entries as string[][])) harvest.key(focus.stored, compositeValue(keyed));
    });
    if (tuples.length > 0) harvest.many[focus.stored] = tuples;
  };
}

/** What one part of a composite holds in one focus: spellings of a token, or ranges, as `many` keeps them. */
function partEntries({ part, walk }: CompiledPart, focus: JsonValue, scope: Scope): readonly JsonValue[] {
  const entries: JsonValue[] = [];
  walk(focus, scope.resource, (value) => entries.push(...entriesOf(part.type, value, scope.base)));
  return entries;
}

type CompiledPart = { readonly part: Component; readonly walk: Walk };
type Scope = { readonly resource: JsonObject; readonly base: string | undefined };

function entriesOf(type: SearchType, value: JsonValue, base: string | undefined): readonly JsonValue[] {
  switch (type) {
    case "token":
      return tokensOf(value).flatMap((token) =>
        token.bare ? [...tokenForms(token), presentValue] : tokenForms(token),
      );
    case "reference":
      return isJsonObject(value) || typeof value === "string" ? referenceTexts(value, base) : [];
    case "string":
      return textsOf(value);
    case "quantity":
      return listed(quantityRangeOf(value), manyQuantity);
    case "number":
      return listed(numberRangeOf(value), bounds);
    case "date":
      return listed(dateRangeOf(value), bounds);
    default:
      return [];
  }
}

function listed<R>(range: R | undefined, entry: (range: R) => JsonValue): readonly JsonValue[] {
  return range === undefined ? [] : [entry(range)];
}

/** Every way of taking one of each list. */
function combinations(lists: readonly (readonly string[])[]): string[][] {
  return lists.reduce<string[][]>((some, list) => some.flatMap((one) => list.map((next) => [...one, next])), [[]]);
}
