/**
 * Names of criteria: a parameter, a chain through references (`subject:Patient.name`), or the same backwards
 * (`_has:Observation:subject:code`), in any mixture up to a few steps.
 *
 * SPEC SEARCH-CHAIN · https://hl7.org/fhir/R4/search.html#chaining
 */
import { FhirError, isResourceType } from "../fhir/index.ts";
import {
  invalidValue,
  tooCostly,
  unknownModifier,
  unknownParameter,
  type Asked,
  type ParseContext,
} from "./context.ts";
import { conditionOf } from "./criteria.ts";
import { LIMITS } from "./limits.ts";
import { isOwnPatient } from "./patient.ts";
import type { Condition } from "./plan.ts";
import { mayReferTo } from "./reference.ts";
import { parameterOf, type SearchParameter } from "./registry.ts";

type Criterion = {
  readonly type: string;
  readonly name: string;
  readonly value: string;
  readonly written: string;
  readonly context: ParseContext;
  readonly depth: number;
};

/** The condition that one name and value of a query string put on resources of a type. */
export function criterionOf(type: string, name: string, value: string, context: ParseContext): Condition {
  return conditionFor({ type, name, value, written: name, context, depth: 0 });
}

function conditionFor(criterion: Criterion): Condition {
  const { name, written, depth } = criterion;
  if (depth > LIMITS.chain) throw tooCostly(written, `> ${LIMITS.chain}`);
  if (name.startsWith("_has:")) return hasCondition(criterion);
  const dot = name.indexOf(".");
  return dot < 0
    ? conditionOf(askedOf(criterion, name))
    : chainCondition(criterion, name.slice(0, dot), name.slice(dot + 1));
}

/** A parameter's name with its modifier, on the criterion's type. Errors: SEARCH_PARAM_UNKNOWN. */
function askedOf({ type, value, written, context }: Criterion, name: string): Asked {
  const colon = name.indexOf(":");
  const plain = colon < 0 ? name : name.slice(0, colon);
  const parameter = parameterOf(type, plain);
  if (parameter === undefined) throw unknownParameter(written, type);
  return { type, parameter, modifier: colon < 0 ? undefined : name.slice(colon + 1), value, written, context };
}

function chainCondition(criterion: Criterion, link: string, rest: string): Condition {
  const asked = askedOf(criterion, link);
  const { parameter } = asked;
  if (parameter.type !== "reference") throw unknownParameter(criterion.written, criterion.type);
  const types = chainTypes(asked);
  const targets = types.flatMap((type) =>
    targetOf({ ...criterion, type, name: rest, depth: criterion.depth + 1 }, types.length > 1),
  );
  if (targets.length === 0) throw unknownParameter(criterion.written, criterion.type);
  return {
    kind: "chain",
    references: namesOf(parameter),
    ownPatient: isOwnPatient(criterion.type, parameter),
    targets,
  };
}

/** The types that a link may lead to: the one it names, or those that its definition allows. */
function chainTypes(asked: Asked): readonly string[] {
  const { parameter, modifier, written } = asked;
  if (modifier !== undefined) {
    if (!isResourceType(modifier) || !mayReferTo(parameter, modifier)) throw unknownModifier(asked);
    return [modifier];
  }
  const limited = [...new Set(parameter.sources.map(({ only }) => only))];
  const types = limited.every((type) => type !== undefined) ? limited : parameter.targets;
  if (types.length === 0 || types.length > LIMITS.chainTypes) throw invalidValue(written, `${parameter.name}:Patient`);
  return types;
}

/** A type without such a parameter is passed over when others may have it. */
function targetOf(criterion: Criterion, isOneOfMany: boolean): { type: string; condition: Condition }[] {
  try {
    return [{ type: criterion.type, condition: conditionFor(criterion) }];
  } catch (error) {
    if (isOneOfMany && error instanceof FhirError && error.code !== "SEARCH_TOO_COSTLY") return [];
    throw error;
  }
}

function hasCondition(criterion: Criterion): Condition {
  const { type, name, written, depth } = criterion;
  const [, source, link, ...rest] = name.split(":");
  if (!isResourceType(source) || link === undefined || rest.length === 0 || rest[0] === "")
    throw invalidValue(written, "_has:Observation:subject:code");
  const parameter = parameterOf(source, link);
  if (parameter?.type !== "reference" || !mayReferTo(parameter, type)) throw unknownParameter(written, source);
  const condition = conditionFor({ ...criterion, type: source, name: rest.join(":"), depth: depth + 1 });
  return {
    kind: "has",
    type: source,
    references: namesOf(parameter),
    ownPatient: type === "Patient" && isOwnPatient(source, parameter),
    condition,
  };
}

function namesOf(parameter: SearchParameter): string[] {
  return [...new Set(parameter.sources.map(({ name }) => name))];
}
