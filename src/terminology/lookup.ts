/** What is known of one code. SPEC TERM-LOOKUP · https://hl7.org/fhir/R4/codesystem-operation-lookup.html */
import type { Parameters, ParametersParameter } from "fhir/r4";
import type { Concept, ConceptSource, Property } from "./concept.ts";
import { unknownCode } from "./refusals.ts";
import { displayOf, oneSystem, type Coding, type Scope } from "./scope.ts";

/** Children that are listed. */
const MOST_CHILDREN = 1_000;

/** Properties to answer; none named means all but the children. Errors: TERMINOLOGY_UNKNOWN, CODE_UNKNOWN. */
export async function lookup(scope: Scope, coding: Coding, properties: readonly string[]): Promise<Parameters> {
  const source = await oneSystem(scope, coding.system, coding.version);
  const concept = (await source.find([coding.code])).get(coding.code);
  if (concept === undefined) throw unknownCode(coding.code, coding.system);
  const display = displayOf(concept, source.language, scope.languages) ?? concept.code;
  const children = properties.includes("child") ? await childrenOf(scope, source, concept.code) : [];
  return {
    resourceType: "Parameters",
    parameter: [
      { name: "name", valueString: source.name },
      ...(source.version === undefined ? [] : [{ name: "version", valueString: source.version }]),
      { name: "display", valueString: display },
      ...designationsOf(concept, source),
      ...propertiesOf(concept, children)
        .filter(({ code }) => properties.length === 0 || properties.includes(code))
        .map(propertyParameter),
    ],
  };
}

async function childrenOf({ budget }: Scope, source: ConceptSource, code: string): Promise<readonly string[]> {
  const filter = { property: "parent", op: "=", value: code } as const;
  const children = await source.codes({ filters: [filter], activeOnly: false }, MOST_CHILDREN);
  budget.spend(children.length);
  return children;
}

function designationsOf({ display, designations }: Concept, { language }: ConceptSource): ParametersParameter[] {
  const own = display === undefined ? [] : [{ value: display, ...(language === undefined ? {} : { language }) }];
  return [...own, ...designations].map((one) => ({
    name: "designation",
    part: [
      ...(one.language === undefined ? [] : [{ name: "language", valueCode: one.language }]),
      ...("use" in one && one.use !== undefined ? [{ name: "use", valueCoding: { code: one.use } }] : []),
      { name: "value", valueString: one.value },
    ],
  }));
}

function propertiesOf(concept: Concept, children: readonly string[]): Property[] {
  const own = concept.properties.filter(({ code }) => !["parent", "child", "inactive", "notSelectable"].includes(code));
  return [
    { code: "inactive", type: "boolean", value: String(!concept.active) },
    ...(concept.abstract ? [{ code: "abstract", type: "boolean", value: "true" } as const] : []),
    ...(concept.definition === undefined
      ? []
      : [{ code: "definition", type: "string", value: concept.definition } as const]),
    ...concept.parents.map((value): Property => ({ code: "parent", type: "code", value })),
    ...children.map((value): Property => ({ code: "child", type: "code", value })),
    ...own,
  ];
}

function propertyParameter({ code, type, value }: Property): ParametersParameter {
  return {
    name: "property",
    part: [
      { name: "code", valueCode: code },
      { name: "value", ...valueOf(type, value) },
    ],
  };
}

function valueOf(type: Property["type"], value: string): Partial<ParametersParameter> {
  switch (type) {
    case "boolean":
      return { valueBoolean: value === "true" };
    case "integer":
      return { valueInteger: Number(value) };
    case "decimal":
      return { valueDecimal: Number(value) };
    case "dateTime":
      return { valueDateTime: value };
    case "code":
    case "Coding":
      return { valueCode: value };
    case "string":
      return { valueString: value };
  }
}
