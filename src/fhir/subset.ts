/**
 * Answers with only a part of a resource: `_summary` and `_elements`. What is mandatory, or changes the
 * meaning of the rest, is always kept, and the part says that it is one.
 *
 * SPEC FHIR-SUBSET · https://hl7.org/fhir/R4/search.html#summary · https://hl7.org/fhir/R4/search.html#elements
 */
import { elementsOf, isPrimitiveType, memberName, type ElementDefinition } from "./elements.ts";
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from "./json-value.ts";

/** What `_summary` or `_elements` asks for. */
export type Subset = { readonly summary: "true" | "text" | "data" } | { readonly elements: readonly string[] };

const SUBSETTED: JsonObject = {
  system: "http://terminology.hl7.org/CodeSystem/v3-ObservationValue",
  code: "SUBSETTED",
};

/** The part of a resource that was asked for, tagged SUBSETTED. The resource itself is not changed. */
export function subsetResource(resource: JsonObject, subset: Subset): JsonObject {
  const type = typeof resource["resourceType"] === "string" ? resource["resourceType"] : "";
  const part = partOf(resource, type, subset);
  const whole = mentionsFragment(part) ? withContained(part, resource) : part;
  return {
    resourceType: type,
    ...(resource["id"] !== undefined && { id: resource["id"] }),
    meta: taggedMeta(resource),
    ...whole,
  };
}

function partOf(resource: JsonObject, type: string, subset: Subset): JsonObject {
  if ("elements" in subset) return chosenOf(resource, type, wantedNames(subset.elements, type), hasMeaning);
  switch (subset.summary) {
    case "true":
      return withoutEnvelope(summaryOf(resource, type));
    case "data":
      return withoutEnvelope(only(resource, (name) => name !== "text"));
    case "text":
      return chosenOf(resource, type, (name) => name === "text", isMandatory);
  }
}

const isMandatory = ({ min }: ElementDefinition): boolean => min > 0;

/** Without these, what was chosen could be read wrongly: a status of entered-in-error, a negation. */
const hasMeaning = ({ min, isModifier }: ElementDefinition): boolean => min > 0 || isModifier;

function chosenOf(
  resource: JsonObject,
  type: string,
  isWanted: (name: string) => boolean,
  isKept: (element: ElementDefinition) => boolean,
): JsonObject {
  const elements = (elementsOf(type) ?? []).filter((element) => isWanted(element.name) || isKept(element));
  const names = new Set(elements.flatMap(namesOf));
  return withoutEnvelope(only(resource, (name) => names.has(name) || isWanted(name)));
}

/** Names as callers write them: `value`, `value[x]`, `valueQuantity`, `Observation.value`. */
function wantedNames(elements: readonly string[], type: string): (name: string) => boolean {
  const wanted = new Set(elements.map((name) => name.trim().replace(`${type}.`, "").replace("[x]", "")));
  return (name) => wanted.has(name.replace(/^_/, ""));
}

function withoutEnvelope(part: JsonObject): JsonObject {
  return only(part, (name) => name !== "resourceType" && name !== "id" && name !== "meta");
}

function only(members: JsonObject, isKept: (name: string) => boolean): JsonObject {
  return Object.fromEntries(Object.entries(members).filter(([name]) => isKept(name)));
}

function namesOf(element: ElementDefinition): string[] {
  return element.types.flatMap((type) => {
    const name = memberName(element, type);
    return isPrimitiveType(type.code) ? [name, `_${name}`] : [name];
  });
}

const summaries = new Map<string, ReadonlyMap<string, string | undefined>>();

/** The members of a type that a summary has, each with the type that its value is summarised as, if it is. */
function summaryMembers(holder: string): ReadonlyMap<string, string | undefined> {
  const known = summaries.get(holder);
  if (known) return known;
  const members = new Map<string, string | undefined>();
  for (const element of elementsOf(holder) ?? []) {
    if (!element.isSummary && element.min === 0) continue;
    for (const type of element.types) {
      const isWhole = isPrimitiveType(type.code) || type.code === "Resource" || type.code === "Extension";
      members.set(memberName(element, type), isWhole ? undefined : (type.holder ?? type.code));
      if (isWhole) members.set(`_${memberName(element, type)}`, undefined);
    }
  }
  summaries.set(holder, members);
  return members;
}

function summaryOf(value: JsonObject, holder: string): JsonObject {
  const members = summaryMembers(holder);
  const summary: Record<string, JsonValue> = {};
  for (const [name, child] of Object.entries(value)) {
    if (child === undefined || !members.has(name)) continue;
    summary[name] = summaryOfValue(child, members.get(name));
  }
  return summary;
}

/** A value that would lose everything is kept whole: it is there because it is in the summary. */
function summaryOfValue(value: JsonValue, holder: string | undefined): JsonValue {
  if (holder === undefined) return value;
  if (isJsonArray(value)) return value.map((item) => summaryOfValue(item, holder));
  if (!isJsonObject(value)) return value;
  const summary = summaryOf(value, holder);
  return Object.keys(summary).length > 0 ? summary : value;
}

function taggedMeta(resource: JsonObject): JsonObject {
  const meta = isJsonObject(resource["meta"]) ? resource["meta"] : {};
  const tags = isJsonArray(meta["tag"]) ? meta["tag"] : [];
  const isTagged = tags.some((tag) => isJsonObject(tag) && tag["code"] === "SUBSETTED");
  return isTagged ? meta : { ...meta, tag: [...tags, SUBSETTED] };
}

/** Whether a resource says that it is only a part. */
export function isSubset({ meta }: JsonObject): boolean {
  const tags = isJsonObject(meta) && isJsonArray(meta["tag"]) ? meta["tag"] : [];
  return tags.some((tag) => isJsonObject(tag) && tag["code"] === "SUBSETTED" && tag["system"] === SUBSETTED["system"]);
}

function mentionsFragment(value: JsonValue | undefined): boolean {
  if (isJsonArray(value)) return value.some(mentionsFragment);
  if (!isJsonObject(value)) return false;
  const { reference } = value;
  return (typeof reference === "string" && reference.startsWith("#")) || Object.values(value).some(mentionsFragment);
}

/** A reference to something contained means nothing without it. */
function withContained(part: JsonObject, resource: JsonObject): JsonObject {
  return resource["contained"] === undefined ? part : { ...part, contained: resource["contained"] };
}
