/**
 * What a `_filter` asks of a row. Each test means what the parameter of that name means with the operation as its prefix
 * or modifier; only the words that a filter has and a query string has not are made here.
 *
 * SPEC SEARCH-FILTER · https://hl7.org/fhir/R4/search_filter.html#ops
 */
import { FhirError, PERSON_TYPES } from "../fhir/index.ts";
import { invalidValue, type Asked } from "./context.ts";
import { conditionOf } from "./criteria.ts";
import { periodCondition } from "./date.ts";
import { parseFilter, type FilterNode, type FilterStep, type FilterTest } from "./filter.ts";
import { allOf, anyOf, type Condition } from "./plan.ts";
import { guarded } from "./protected.ts";
import { parameterOf, type SearchType } from "./registry.ts";
import { askedOf, chainCondition, hasCondition, hasParts, type Place } from "./steps.ts";
import { textCondition } from "./string.ts";

const FILTER = "_filter";

/** The condition of a filter on a type. Errors: SEARCH_VALUE_INVALID, SEARCH_MODIFIER_UNKNOWN, SEARCH_TOO_COSTLY. */
export function filterCondition(place: Place, text: string): Condition {
  return nodeCondition({ ...place, written: FILTER }, parseFilter(text));
}

function nodeCondition(place: Place, node: FilterNode): Condition {
  switch (node.op) {
    case "and":
      return allOf(node.of.map((one) => nodeCondition(place, one)));
    case "or":
      return anyOf(node.of.map((one) => nodeCondition(place, one)));
    case "not":
      return { kind: "not", of: nodeCondition(place, node.of) };
    case "test":
      return pathCondition(place, node.path, node);
  }
}

function pathCondition(place: Place, [step, ...more]: readonly FilterStep[], test: FilterTest): Condition {
  if (step === undefined) throw new Error("a path has a step");
  const [next] = more;
  if (next === undefined) return lastCondition(place, step.name, test);
  const grouped = groupCondition(place, step, next, test);
  if (grouped !== undefined) return grouped;
  return known(place, step.name, () =>
    chainCondition(place, step.name, (target) => {
      const rest = pathCondition(target, more, test);
      const all = step.filter === undefined ? rest : allOf([nodeCondition(target, step.filter), rest]);
      return PERSON_TYPES.has(target.type) ? guarded(target.type, "telling", all) : all;
    }),
  );
}

/** The last name of a path: a parameter, or what refers here by `_has`. */
function lastCondition(place: Place, name: string, test: FilterTest): Condition {
  return known(place, name, () => {
    if (!name.startsWith("_has:"))
      return testCondition(askedOf(place, ALIASES[name] ?? name, test.value), test.compare);
    const { step, rest } = hasParts(name, place.written);
    return hasCondition(place, step, (source) => {
      const condition = lastCondition(source, rest, test);
      return PERSON_TYPES.has(source.type) ? guarded(source.type, "telling", condition) : condition;
    });
  });
}

const ALIASES: Readonly<Record<string, string>> = { id: "_id" };

/** An unknown name inside a filter is a fault of its value: to leave out the filter would widen the answer. */
function known(place: Place, name: string, make: () => Condition): Condition {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof FhirError) || error.code !== "SEARCH_PARAM_UNKNOWN") throw error;
    const isName = /^[\w:-]{1,64}$/.test(name);
    throw invalidValue(FILTER, `${isName ? `${name}: ` : ""}a search parameter of ${place.type}`);
  }
}

/** The two groups of R4's own that are composite parameters: both halves must be of the same element. */
const GROUPS: Readonly<Record<string, { readonly composite: string; readonly parts: readonly string[] }>> = {
  "Group.characteristic": { composite: "characteristic-value", parts: ["code", "value"] },
  "DocumentReference.relatesTo": { composite: "relationship", parts: ["target", "code"] },
};

function groupCondition(place: Place, step: FilterStep, next: FilterStep, test: FilterTest): Condition | undefined {
  const group = GROUPS[`${place.type}.${step.name}`];
  if (group === undefined) return undefined;
  const inner = step.filter;
  const isWhole = inner?.op === "test" && inner.path.length === 1 && SAME.has(inner.compare) && SAME.has(test.compare);
  const parameter = parameterOf(place.type, group.composite);
  if (!isWhole || parameter === undefined) throw invalidValue(FILTER, `${step.name}[… eq …].${next.name} eq …`);
  const given = new Map([
    [inner.path[0]!.name, inner.value],
    [next.name, test.value],
  ]);
  const values = group.parts.map((part) => given.get(part));
  if (values.includes(undefined)) throw invalidValue(FILTER, group.parts.join(", "));
  const value = values.map((one) => escapedAs("token", one ?? "")).join("$");
  return conditionOf({ ...askedOf(place, group.composite, value), parameter });
}

const SAME: ReadonlySet<string> = new Set(["eq", "re"]);

function testCondition(asked: Asked, compare: string): Condition {
  const { parameter, value } = asked;
  if (compare === "pr") return presenceCondition(asked);
  if (parameter.name === "_text" || parameter.name === "_content")
    return plain(asked, compare, ["co", "eq"], undefined);
  if (compare === "ne" && !RANGED.has(parameter.type) && parameter.name !== "_id") return unequalCondition(asked);
  const escaped = { ...asked, value: escapedAs(parameter.type, value) };
  switch (parameter.type) {
    case "token":
      return tokenTest(escaped, compare);
    case "string":
      return stringTest(escaped, compare);
    case "reference":
      return plain(escaped, compare, ["eq", "re"], undefined);
    case "uri":
      return plain(escaped, compare, ["eq", "re"], undefined);
    case "date":
      return dateTest(escaped, compare);
    case "number":
    case "quantity":
      return conditionOf({ ...escaped, value: `${oneOf(compare, COMPARED)}${escaped.value}` });
    default:
      return plain({ ...asked }, compare, ["eq"], undefined);
  }
}

const RANGED: ReadonlySet<SearchType> = new Set(["date", "number", "quantity"]);
const COMPARED = ["eq", "ne", "gt", "lt", "ge", "le", "sa", "eb", "ap"];

/** `pr true` says that there is a value. */
function presenceCondition(asked: Asked): Condition {
  const { value } = asked;
  if (value !== "true" && value !== "false") throw invalidValue(FILTER, "pr true, pr false");
  return conditionOf({ ...asked, modifier: "missing", value: value === "true" ? "false" : "true" });
}

/** Of codes, texts and references: there is a value, and none that is equal. Keys tell no more. */
function unequalCondition(asked: Asked): Condition {
  const present = conditionOf({ ...asked, modifier: "missing", value: "false" });
  return allOf([present, { kind: "not", of: testCondition(asked, "eq") }]);
}

const CONCEPTS: Readonly<Record<string, string>> = { ss: "below", sb: "above", in: "in", ni: "not-in" };

function tokenTest(asked: Asked, compare: string): Condition {
  if (asked.parameter.name === "_id" && compare === "ne") return conditionOf({ ...asked, modifier: "not" });
  if (compare === "eq") return conditionOf(asked);
  const modifier = CONCEPTS[compare];
  if (modifier === undefined) throw invalidValue(FILTER, `eq, ne, pr, ${Object.keys(CONCEPTS).join(", ")}`);
  return conditionOf({ ...asked, modifier });
}

const TEXT_MATCHES = { eq: "equals", co: "contains", sw: "prefix", ew: "ends" } as const;

function stringTest(asked: Asked, compare: string): Condition {
  const match = Object.entries(TEXT_MATCHES).find(([name]) => name === compare)?.[1];
  if (match === undefined) throw invalidValue(FILTER, "eq, ne, co, sw, ew, pr");
  return textCondition(asked, match);
}

function dateTest(asked: Asked, compare: string): Condition {
  if (compare === "po" || compare === "co") return periodCondition(asked, compare);
  return conditionOf({ ...asked, value: `${oneOf(compare, COMPARED)}${asked.value}` });
}

function plain(asked: Asked, compare: string, allowed: readonly string[], modifier: string | undefined): Condition {
  oneOf(compare, allowed);
  return conditionOf({ ...asked, modifier });
}

function oneOf(compare: string, allowed: readonly string[]): string {
  if (!allowed.includes(compare)) throw invalidValue(FILTER, `${allowed.join(", ")}, pr`);
  return compare;
}

/** The code systems that R4 gives short names in filters. */
const SHORT_NAMES: Readonly<Record<string, string>> = {
  loinc: "http://loinc.org",
  snomed: "http://snomed.info/sct",
  rxnorm: "http://www.nlm.nih.gov/research/umls/rxnorm",
  ucum: "http://unitsofmeasure.org",
};

/** A filter has no alternatives, so commas are text; a bar separates only where R4 says that the value has parts. */
function escapedAs(type: SearchType, value: string): string {
  const hasParts = type === "token" || type === "quantity";
  if (!hasParts) return value.replace(/[\\,|$]/g, "\\$&");
  const long = value.replace(/(^|\|)(loinc|snomed|rxnorm|ucum)(?=\|)/, (_, before: string, name: string) => {
    return `${before}${SHORT_NAMES[name] ?? name}`;
  });
  return long.replace(/[\\,$]/g, "\\$&");
}
