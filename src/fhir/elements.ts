/**
 * The element tables of R4 in a form for code: what a type or a backbone element may hold.
 *
 * A line of the generated table reads `status 1..1 SM code =observation-status`: name, cardinality,
 * flags (S in summaries, M changes the meaning of others, - neither), types, required value set.
 * `Reference(Patient,Group)` names the targets; `@Patient.contact` is a backbone element.
 *
 * SPEC FHIR-ELEMENT · https://hl7.org/fhir/R4/elementdefinition.html
 */
import { ELEMENTS } from "./generated/elements.ts";

export interface ElementType {
  /** The type's name; "BackboneElement" when `holder` says which one. */
  readonly code: string;
  /** Of a backbone element: its path in the table. */
  readonly holder?: string;
  /** Of a reference: what it may point at; absent when it may point at anything. */
  readonly targets?: readonly string[];
}

export interface ElementDefinition {
  /** Without [x]. */
  readonly name: string;
  readonly min: number;
  /** Infinity when unbounded. */
  readonly max: number;
  readonly isChoice: boolean;
  readonly isSummary: boolean;
  readonly isModifier: boolean;
  readonly types: readonly ElementType[];
  /** A value set of the generated table, when only its codes are allowed. */
  readonly valueSet?: string;
}

const known = new Map<string, readonly ElementDefinition[] | undefined>();

/** The elements of a type (`Patient`, `HumanName`) or backbone element (`Patient.contact`), in R4's order. */
export function elementsOf(holder: string): readonly ElementDefinition[] | undefined {
  if (!known.has(holder) && Object.hasOwn(ELEMENTS, holder)) known.set(holder, ELEMENTS[holder]?.map(parseElement));
  return known.get(holder);
}

/** The member of a JSON object that holds an element when it has this type: `valueQuantity`, `status`. */
export function memberName(element: ElementDefinition, type: ElementType): string {
  return element.isChoice ? element.name + type.code.charAt(0).toUpperCase() + type.code.slice(1) : element.name;
}

/** R4 writes the primitive types, and only those, in lower case. */
export function isPrimitiveType(code: string): boolean {
  return code.charAt(0) !== code.charAt(0).toUpperCase();
}

function parseElement(line: string): ElementDefinition {
  const [name = "", cardinality = "", flags = "", types = "", binding] = line.split(" ");
  const [min = "0", max = "1"] = cardinality.split("..");
  return {
    name: name.replace("[x]", ""),
    min: Number(min),
    max: max === "*" ? Infinity : Number(max),
    isChoice: name.endsWith("[x]"),
    isSummary: flags.includes("S"),
    isModifier: flags.includes("M"),
    types: types.split("|").map(parseType),
    ...(binding && { valueSet: binding.slice(1) }),
  };
}

function parseType(text: string): ElementType {
  if (text.startsWith("@")) return { code: "BackboneElement", holder: text.slice(1) };
  const [code = "", targets] = text.split(/[()]/);
  return { code, ...(targets && { targets: targets.split(",") }) };
}
