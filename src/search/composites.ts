/**
 * How each composite parameter is answered. A composite over the whole resource is the conjunction of its parts. One over
 * a repeating element needs its parts together: of tokens and references alone as one key, else as tuples in `many`.
 *
 * SPEC SEARCH-COMPOSITE · https://hl7.org/fhir/R4/search.html#combining
 */
import { expressionText } from "./expression.ts";
import { parametersOf, type Component, type SearchParameter } from "./registry.ts";

export type Focus = {
  readonly parts: readonly Component[];
  /** `whole`: ask each part by itself; `keys`: one key for the parts together; `tuples`: look into `many`. */
  readonly way: "whole" | "keys" | "tuples";
  /** Whose keys or tuples: the parameter that this very focus is stored under. */
  readonly stored: string;
};

const KEYED: ReadonlySet<string> = new Set(["token", "reference"]);

/** The foci of a composite; a resource matches when it matches in any one of them. */
export function fociOf(type: string, composite: SearchParameter): readonly Focus[] {
  return composite.atoms.map((atom): Focus => {
    if (atom.path.op === "type") return { parts: wholeParts(composite), way: "whole", stored: composite.name };
    const way = composite.components.every((part) => KEYED.has(part.type)) ? "keys" : "tuples";
    return { parts: composite.components, way, stored: storedUnder(type, composite, atom.text) };
  });
}

/** `combo-code` over the whole resource means the resource's own `code`: the component's belong to the other focus. */
function wholeParts(composite: SearchParameter): readonly Component[] {
  return composite.components.map((part) => ({ ...part, name: part.name.replace(/^combo-/, "") }));
}

/** The same focus with the same parts is stored once, under the composite with the fewest foci. */
function storedUnder(type: string, composite: SearchParameter, focus: string): string {
  const shape = shapeOf(composite);
  const same = [...parametersOf(type).values()].filter(
    (other) => other.type === "composite" && other.atoms.some(({ text }) => text === focus) && shapeOf(other) === shape,
  );
  return same.reduce((best, other) => (other.atoms.length < best.atoms.length ? other : best), composite).name;
}

function shapeOf({ components }: SearchParameter): string {
  return components.map(({ type, path }) => `${type} ${expressionText(path)}`).join(", ");
}
