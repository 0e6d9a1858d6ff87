/**
 * How each type is laid out in XML, from the element tables: its members in R4's order, which of them are
 * attributes, and what each one holds.
 *
 * SPEC FHIR-XML · https://hl7.org/fhir/R4/xml.html
 */
import { elementsOf, isPrimitiveType, memberName, type ElementDefinition, type ElementType } from "../elements.ts";
import { isResourceType } from "../resource-types.ts";

export const FHIR_NAMESPACE = "http://hl7.org/fhir";

export interface Slot {
  /** The name in XML, which is also the member's name in JSON. */
  readonly name: string;
  /** The member's name of what stands beside a plain value. */
  readonly beside: string | undefined;
  readonly kind: "primitive" | "xhtml" | "resource" | "complex";
  /** The primitive type, or the type or backbone element that holds the value's own members. */
  readonly type: string;
  readonly isList: boolean;
  readonly isAttribute: boolean;
  /** Its place in R4's order; the forms of a choice share one. */
  readonly order: number;
}

export interface Plan {
  readonly slots: readonly Slot[];
  readonly byName: ReadonlyMap<string, Slot>;
}

/** What may stand inside a primitive value: its id and its extensions. */
export const BESIDE = "(primitive)";

const plans = new Map<string, Plan>();

/** The plan of a type, a backbone element or BESIDE. */
export function planOf(holder: string): Plan {
  const known = plans.get(holder);
  if (known) return known;
  const slots = elementsFor(holder).flatMap((element, order) =>
    element.types.map((type) => slotOf(element, type, holder, order)),
  );
  const plan = { slots, byName: new Map(slots.map((slot) => [slot.name, slot])) };
  plans.set(holder, plan);
  return plan;
}

function elementsFor(holder: string): readonly ElementDefinition[] {
  const elements = elementsOf(holder === BESIDE ? "Period" : holder);
  if (!elements) throw new TypeError(`no elements of ${holder}`);
  return holder === BESIDE ? elements.filter(({ name }) => name === "id" || name === "extension") : elements;
}

function slotOf(element: ElementDefinition, type: ElementType, holder: string, order: number): Slot {
  const name = memberName(element, type);
  return {
    name,
    beside: ["primitive", "xhtml"].includes(kindOf(type.code)) ? `_${name}` : undefined,
    kind: kindOf(type.code),
    type: type.holder ?? type.code,
    isList: element.max > 1,
    isAttribute: isAttribute(name, holder),
    order,
  };
}

function kindOf(type: string): Slot["kind"] {
  if (type === "xhtml") return "xhtml";
  if (type === "Resource") return "resource";
  return isPrimitiveType(type) ? "primitive" : "complex";
}

function isAttribute(name: string, holder: string): boolean {
  return name === "id" ? !isResourceType(holder) : name === "url" && holder === "Extension";
}
