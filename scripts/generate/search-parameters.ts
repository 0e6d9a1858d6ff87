/** Makes src/fhir/generated/search-parameters.ts: the 1,709 pairs of a resource type and a search parameter. */
import type { SearchParameter } from "fhir/r4";
import type { SearchParameterDefinition } from "../../src/fhir/search-parameters.ts";
import { concreteResourceTypes, searchParameters } from "./definitions.ts";
import { header, jsonTable } from "./emit.ts";

const TYPE_COUNT = concreteResourceTypes().length;

// R4 prints this one expression without the name of its resource.
const CORRECTED: Readonly<Record<string, string>> = {
  "InsurancePlan-name": "InsurancePlan.name | InsurancePlan.alias",
};

export function searchParametersFile(): string {
  const table = searchParameterTable();
  return [
    header("The search parameters of R4 by the type that defines them, Resource and DomainResource included."),
    `import type { SearchParameterDefinition } from "../search-parameters.ts";\n\n`,
    `export const SEARCH_PARAMETERS = ${jsonTable(table)} as Readonly<Record<string, readonly SearchParameterDefinition[]>>;\n`,
  ].join("");
}

function searchParameterTable(): Record<string, SearchParameterDefinition[]> {
  const all = searchParameters();
  const byUrl = new Map(all.map((parameter) => [parameter.url, parameter]));
  const table: Record<string, SearchParameterDefinition[]> = {};
  for (const parameter of all) {
    for (const base of parameter.base) (table[base] ??= []).push(definitionFor(parameter, base, byUrl));
  }
  for (const list of Object.values(table)) list.sort((a, b) => (a.name < b.name ? -1 : 1));
  return table;
}

function definitionFor(
  parameter: SearchParameter,
  base: string,
  byUrl: ReadonlyMap<string, SearchParameter>,
): SearchParameterDefinition {
  const { code, type, id = "", target, component } = parameter;
  return {
    name: code,
    type,
    id,
    expression: expressionFor(CORRECTED[id] ?? parameter.expression ?? "", base),
    ...(target && !isAnyType(target) && { target: target.toSorted() }),
    ...(component && { components: component.map((part) => componentFor(part, byUrl)) }),
  };
}

/** R4 says "any type" by listing all of them except Parameters, which has no address of its own. */
function isAnyType(target: readonly string[]): boolean {
  return target.length >= TYPE_COUNT - 1;
}

function componentFor(part: { definition: string; expression: string }, byUrl: ReadonlyMap<string, SearchParameter>) {
  const definition = byUrl.get(part.definition);
  if (!definition) throw new Error(`no search parameter ${part.definition}`);
  return { name: definition.code, type: definition.type, expression: part.expression };
}

/** The alternatives of a shared expression that belong to one resource type. */
function expressionFor(expression: string, base: string): string {
  if (expression === "") return "";
  const own = alternatives(expression).filter((part) => /^\(*([A-Za-z]+)/.exec(part)?.[1] === base);
  if (own.length === 0) throw new Error(`no part of "${expression}" is about ${base}`);
  return own.join(" | ");
}

/** Splits at each | that stands outside parentheses. */
function alternatives(expression: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let from = 0;
  for (let i = 0; i < expression.length; i++) {
    const c = expression[i];
    if (c === "(") depth++;
    if (c === ")") depth--;
    if (c === "|" && depth === 0) {
      parts.push(expression.slice(from, i).trim());
      from = i + 1;
    }
  }
  return [...parts, expression.slice(from).trim()];
}
