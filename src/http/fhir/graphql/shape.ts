/**
 * FHIR's directives on the shape of an answer: @flatten gives the fields of an element to its parent, @first takes the
 * first item of a list, @singleton says that there is only one value, @slice puts what tells the items apart in the name.
 *
 * SPEC HTTP-GRAPHQL-3 · https://hl7.org/fhir/R4/graphql.html
 */
import {
  Kind,
  visit,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from "graphql";
import { fhirErrorAt } from "../../../fhir/index.ts";

const OURS: ReadonlySet<string> = new Set(["flatten", "first", "singleton", "slice"]);

type Shaped = Record<string, unknown>;
/** Without a prototype, so that no name of a caller's can be more than a name. */
function emptyShape(): Shaped {
  return Object.create(null) as Shaped;
}

type Inherited = { readonly inList: boolean; readonly suffix: string; readonly place: string };

/** True when a query asks for another shape than its own. */
export function isShaped(document: DocumentNode): boolean {
  let found = false;
  visit(document, { Directive: ({ name }) => void (found ||= OURS.has(name.value)) });
  return found;
}

/** The data of an answer in the shape that the operation's directives say. Errors: NOT_SUPPORTED when what is said to be one is several. */
export function shapeData(
  document: DocumentNode,
  operation: OperationDefinitionNode,
  data: Readonly<Shaped>,
  slices: ReadonlyMap<string, readonly string[]>,
): Shaped {
  const fragments = new Map(
    document.definitions.flatMap((one) =>
      one.kind === Kind.FRAGMENT_DEFINITION ? [[one.name.value, one] as const] : [],
    ),
  );
  const shaped = emptyShape();
  new Shaper(fragments, slices).shape(data, [operation.selectionSet], shaped, { inList: false, suffix: "", place: "" });
  return shaped;
}

class Shaper {
  private readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  private readonly slices: ReadonlyMap<string, readonly string[]>;

  constructor(fragments: ReadonlyMap<string, FragmentDefinitionNode>, slices: ReadonlyMap<string, readonly string[]>) {
    this.fragments = fragments;
    this.slices = slices;
  }

  shape(data: Readonly<Shaped>, sets: readonly SelectionSetNode[], into: Shaped, inherited: Inherited): void {
    for (const [key, nodes] of this.fieldsOf(sets))
      if (key in data) this.shapeField(data[key], { key, nodes }, into, inherited);
  }

  private shapeField(value: unknown, field: Field, into: Shaped, inherited: Inherited): void {
    const has = directivesOf(field);
    const isList = Array.isArray(value) && !has.has("first");
    const items = itemsOf(value).slice(0, has.has("first") ? 1 : undefined);
    if (items.length === 0 && !has.has("flatten") && !inherited.inList)
      into[`${field.key}${inherited.suffix}`] = isList ? [] : null;
    for (const item of items) {
      const here = this.placeOf(item.at, field.key, inherited);
      const within = { ...here, inList: isList || inherited.inList };
      if (has.has("flatten") && isObject(item.value)) this.shape(item.value, setsOf(field.nodes), into, within);
      else {
        const shown = this.shapeItem(item.value, field.nodes, here.place);
        add(into, `${field.key}${here.suffix}`, shown, has.has("singleton") ? "one" : within.inList ? "list" : "value");
      }
    }
  }

  /** Where an item is, and what is put behind the names of what is in it. */
  private placeOf(at: number | undefined, key: string, { place, suffix }: Inherited): Omit<Inherited, "inList"> {
    const field = place === "" ? key : `${place}/${key}`;
    if (at === undefined) return { place: field, suffix };
    const slice = this.slices.get(field)?.[at];
    return { place: `${field}/${at}`, suffix: slice === undefined ? suffix : `${suffix}.${slice}` };
  }

  private shapeItem(item: unknown, nodes: readonly FieldNode[], place: string): unknown {
    const sets = setsOf(nodes);
    if (!isObject(item) || sets.length === 0) return item;
    const shaped = emptyShape();
    this.shape(item, sets, shaped, { inList: false, suffix: "", place });
    return shaped;
  }

  /** The fields of selections by their name in the answer; which type a fragment is for has been decided already. */
  private fieldsOf(
    sets: readonly SelectionSetNode[],
    found = new Map<string, FieldNode[]>(),
  ): Map<string, FieldNode[]> {
    for (const selection of sets.flatMap((set) => set.selections)) {
      if (selection.kind === Kind.FIELD) {
        const key = selection.alias?.value ?? selection.name.value;
        found.set(key, [...(found.get(key) ?? []), selection]);
      } else if (selection.kind === Kind.INLINE_FRAGMENT) this.fieldsOf([selection.selectionSet], found);
      else {
        const fragment = this.fragments.get(selection.name.value);
        if (fragment !== undefined) this.fieldsOf([fragment.selectionSet], found);
      }
    }
    return found;
  }
}

type Field = { readonly key: string; readonly nodes: readonly FieldNode[] };

function directivesOf({ nodes }: Field): ReadonlySet<string> {
  return new Set(nodes.flatMap(({ directives = [] }) => directives.map(({ name }) => name.value)));
}

type Item = { readonly value: unknown; readonly at: number | undefined };

/** What there is: the items of a list with their positions, or the one value. */
function itemsOf(value: unknown): readonly Item[] {
  const all: readonly Item[] = Array.isArray(value)
    ? value.map((one: unknown, at) => ({ value: one, at }))
    : [{ value, at: undefined }];
  return all.filter((one) => one.value !== null && one.value !== undefined);
}

function setsOf(nodes: readonly FieldNode[]): SelectionSetNode[] {
  return nodes.flatMap(({ selectionSet }) => selectionSet ?? []);
}

/** What is put together from several places is a list; what is said to be one must be one. */
function add(into: Shaped, name: string, value: unknown, as: "one" | "list" | "value"): void {
  if (as === "list") {
    const list = into[name];
    if (Array.isArray(list)) list.push(value);
    else into[name] = [value];
    return;
  }
  if (as === "one" && into[name] !== undefined && into[name] !== null)
    throw fhirErrorAt("NOT_SUPPORTED", name, `@singleton ${name}`);
  into[name] = value;
}

function isObject(value: unknown): value is Readonly<Shaped> {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === null;
}
