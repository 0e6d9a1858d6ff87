/**
 * Places in a resource as FHIRPath names them (`Patient.name[0].given[1]`, `Observation.value`), found in
 * the JSON that is to be changed: the object, the element, its member, and where in a list.
 *
 * SPEC FHIR-PATHPATCH · https://hl7.org/fhir/R4/json.html
 */
import { elementsOf, isPrimitiveType, memberName, type ElementDefinition, type ElementType } from "../elements.ts";
import { isJsonArray, isJsonObject, type JsonValue } from "../json-value.ts";
import { PathError } from "./path.ts";

export type Members = Record<string, JsonValue | undefined>;

export interface Place {
  /** The object that holds the element, and the objects around it, nearest last. */
  readonly holders: readonly Members[];
  /** The type or backbone element that the holder is of. */
  readonly holderType: string;
  readonly element: ElementDefinition;
  readonly type: ElementType;
  /** The member of the holder: `valueQuantity` for an element `value`. */
  readonly member: string;
  /** In a list. */
  readonly index: number | undefined;
}

const STEP = /([A-Za-z]\w*)(?:\[(\d+)\])?/y;
const LOST = { sv: "platsen finns inte i resursen", en: "the place is not in the resource" };

/** The place, or undefined for the resource itself. @throws PathError when it is not there */
export function findPlace(resource: Members, path: string): Place | undefined {
  const [, ...steps] = stepsIn(path);
  let place: Place | undefined;
  const holders = [resource];
  let holderType = typeOf(resource, "Resource");
  for (const { name, index } of steps) {
    place = placeIn(holders, holderType, name, index);
    const inside = insideOf(place);
    holders.push(inside.value);
    holderType = inside.type;
  }
  return place;
}

function stepsIn(path: string): { name: string; index: number | undefined }[] {
  return path.split(".").map((text) => {
    STEP.lastIndex = 0;
    const [whole, name = "", index] = STEP.exec(text) ?? [];
    if (whole !== text) throw new PathError(LOST);
    return { name, index: index === undefined ? undefined : Number(index) };
  });
}

function placeIn(holders: readonly Members[], holderType: string, name: string, index: number | undefined): Place {
  const holder = holders.at(-1) ?? {};
  const element = elementOf(holderType, name);
  const type = element.types.find((one) => {
    const member = memberName(element, one);
    return holder[member] !== undefined || holder[`_${member}`] !== undefined;
  });
  if (!type) throw new PathError(LOST);
  const at = element.max > 1 ? (index ?? 0) : undefined;
  return { holders: holders.slice(), holderType, element, type, member: memberName(element, type), index: at };
}

/** An element by its name, with or without [x]; also by the name of one form of a choice. @throws PathError */
export function elementOf(holderType: string, name: string): ElementDefinition {
  const plain = name.replace("[x]", "");
  const elements = elementsOf(holderType) ?? [];
  const element =
    elements.find((one) => one.name === plain) ??
    elements.find((one) => one.isChoice && one.types.some((type) => memberName(one, type) === plain));
  if (element) return element;
  throw new PathError({ sv: "elementet finns inte här i FHIR R4", en: "FHIR R4 has no such element here" });
}

/** What is inside a place: its value, or the object beside a plain value, which is made if it is not there. */
export function insideOf(place: Place): { value: Members; type: string } {
  const { holders, type, member, index } = place;
  const holder = holders.at(-1) ?? {};
  const isPrimitive = isPrimitiveType(type.code);
  const held = holder[isPrimitive ? `_${member}` : member];
  const value = index === undefined || !isJsonArray(held) ? held : held[index];
  if (isJsonObject(value)) return { value: value, type: typeOf(value, type.holder ?? type.code) };
  return { value: {}, type: isPrimitive ? "Period" : (type.holder ?? type.code) };
}

function typeOf(value: Readonly<Members>, type: string): string {
  if (type === "Resource" && typeof value["resourceType"] === "string") return value["resourceType"];
  // Beside a plain value there are an id and extensions, as in any type.
  return isPrimitiveType(type) ? "Period" : type;
}
