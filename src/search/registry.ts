/**
 * Every search parameter of every resource type, resolved: its own paths, and the parameters under whose name its keys
 * are stored. `patient` is `subject` limited to patients and `combo-code` is `code` or `component-code`, so neither is
 * stored twice; that is a tenth of the disk of an Observation.
 *
 * SPEC SEARCH-REG · https://hl7.org/fhir/R4/searchparameter-registry.html
 */
import {
  searchParametersOf,
  type SearchComponent,
  type SearchParameterDefinition,
  type SearchParameterType,
} from "../fhir/index.ts";
import { expressionText, parseExpression, rootOf, type Expression } from "./expression.ts";

export type SearchType = SearchParameterType;

/** One path of a parameter. `only` keeps references to one type (`where(resolve() is Patient)`). */
export type Atom = { readonly path: Expression; readonly text: string; readonly only: string | undefined };

/** A parameter under whose name keys are stored, and the one reference type of them that is asked for. */
export type Source = { readonly name: string; readonly only: string | undefined };

export type Component = { readonly name: string; readonly type: SearchType; readonly path: Expression };

export type SearchParameter = {
  readonly name: string;
  readonly type: SearchType;
  /** The types that a reference may point to; empty means any. */
  readonly targets: readonly string[];
  readonly atoms: readonly Atom[];
  /** The atoms stored under this parameter's own name; the others are stored under another's. */
  readonly stored: readonly Atom[];
  readonly sources: readonly Source[];
  readonly components: readonly Component[];
  /** Which of the definition's expressions it was read from. */
  readonly expression: string;
};

/** Not stored as keys: the id and the time of change are columns, and these three have no expression. */
const OF_THE_ROW: ReadonlySet<string> = new Set(["_id", "_lastUpdated", "_text", "_content", "_query"]);

const registries = new Map<string, ReadonlyMap<string, SearchParameter>>();

/** The parameters of a resource type by name, those of every resource included. */
export function parametersOf(type: string): ReadonlyMap<string, SearchParameter> {
  let registry = registries.get(type);
  if (registry === undefined) {
    registry = registryOf(type);
    registries.set(type, registry);
  }
  return registry;
}

/** One parameter of a type, or undefined when the type has none of that name. */
export function parameterOf(type: string, name: string): SearchParameter | undefined {
  return parametersOf(type).get(name);
}

/** True for a parameter that is answered from a column of the row rather than from extracted keys. */
export function isOfTheRow(name: string): boolean {
  return OF_THE_ROW.has(name);
}

function registryOf(type: string): ReadonlyMap<string, SearchParameter> {
  const drafts = searchParametersOf(type).map((definition) => ({ definition, atoms: atomsOf(type, definition) }));
  const owners = ownersOf(drafts);
  return new Map(drafts.map((draft) => [draft.definition.name, resolve(draft, owners)]));
}

type Draft = { readonly definition: SearchParameterDefinition; readonly atoms: readonly Atom[] };

function resolve({ definition, atoms }: Draft, owners: Owners): SearchParameter {
  const { name, type, expression } = definition;
  const ownerOf = (atom: Atom): string => ownerWithin(atoms, owners.get(ownerKey(type, atom)))?.definition.name ?? name;
  return {
    name,
    type,
    targets: definition.target ?? [],
    expression,
    atoms,
    stored: atoms.filter((atom) => ownerOf(atom) === name),
    sources: unique(
      atoms.map((atom) => ({ name: ownerOf(atom), only: ownerOf(atom) === name ? undefined : atom.only })),
    ),
    components: (definition.components ?? []).map(componentOf),
  };
}

/** Another's keys may be used only if that one stores nothing that this parameter does not have. */
function ownerWithin(atoms: readonly Atom[], owner: Draft | undefined): Draft | undefined {
  const texts = new Set(atoms.map(({ text }) => text));
  return owner?.atoms.every(({ text }) => texts.has(text)) === true ? owner : undefined;
}

function atomsOf(type: string, { expression, name }: SearchParameterDefinition): Atom[] {
  if (expression === "" || isOfTheRow(name)) return [];
  const tree = parseExpression(expression);
  const parts = tree.op === "union" ? tree.parts : [tree];
  return parts
    .map((part) => rooted(type, part))
    .filter((part) => isOf(type, part))
    .map(atomOf);
}

/** R4 writes the paths of InsurancePlan.name without the type in front. */
function rooted(type: string, path: Expression): Expression {
  if (path.op === "this") return { op: "type", name: type };
  return path.op === "field" ? { ...path, of: rooted(type, path.of) } : path;
}

/** A definition shared by many types has a path for each of them. */
function isOf(type: string, path: Expression): boolean {
  const root = rootOf(path);
  return root.op === "type" && (root.name === type || root.name === "Resource" || root.name === "DomainResource");
}

function atomOf(path: Expression): Atom {
  if (path.op !== "where" || path.criteria.op !== "is" || path.criteria.of.op !== "resolve") {
    return { path, text: expressionText(path), only: undefined };
  }
  return { path: path.of, text: expressionText(path.of), only: path.criteria.name };
}

function ownerKey(type: SearchType, atom: Atom): string {
  return `${type} ${atom.text}`;
}

type Owners = ReadonlyMap<string, Draft>;

/** A path belongs to the parameter that has fewest paths beside it; the first by name when there are several. */
function ownersOf(drafts: readonly Draft[]): Owners {
  const owners = new Map<string, Draft>();
  for (const draft of drafts) {
    if (draft.definition.type === "composite" || draft.atoms.some(({ only }) => only !== undefined)) continue;
    for (const atom of draft.atoms) {
      const key = ownerKey(draft.definition.type, atom);
      if (isBefore(draft, owners.get(key))) owners.set(key, draft);
    }
  }
  return owners;
}

function isBefore(draft: Draft, other: Draft | undefined): boolean {
  if (other === undefined || draft.atoms.length !== other.atoms.length)
    return draft.atoms.length < (other?.atoms.length ?? Infinity);
  return draft.definition.name < other.definition.name;
}

/**
 * R4 defines DocumentReference.relationship with its two expressions exchanged: a reference read from `code`.
 * The part's own type says what was meant. R4 also writes one type name with a capital letter too many.
 */
function componentOf(component: SearchComponent): Component {
  return { name: component.name, type: component.type, path: parseExpression(mended(component)) };
}

function mended({ name, expression }: SearchComponent): string {
  if (name === "relatesto") return "target";
  if (name === "relation") return "code";
  return expression.replaceAll("DateTime", "dateTime");
}

function unique(sources: readonly Source[]): Source[] {
  const seen = new Map(sources.map((source) => [`${source.name} ${source.only ?? ""}`, source]));
  return [...seen.values()];
}
