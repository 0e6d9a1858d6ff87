/**
 * One step of a chain: along a reference to what it points to, or backwards to what points here (`_has`).
 *
 * SPEC SEARCH-CHAIN · https://hl7.org/fhir/R4/search.html#chaining
 */
import { FhirError, isResourceType, type ResourceType } from "../fhir/index.ts";
import {
  invalidValue,
  tooCostly,
  unknownModifier,
  unknownParameter,
  type Asked,
  type ParseContext,
} from "./context.ts";
import { LIMITS } from "./limits.ts";
import { isOwnPatient } from "./patient.ts";
import type { Condition } from "./plan.ts";
import { mayReferTo } from "./reference-forms.ts";
import { parameterOf, type SearchParameter } from "./registry.ts";

/** Where in a chain a criterion stands: on a type, so many steps from the type that is searched. */
export type Place = {
  readonly type: string;
  readonly written: string;
  readonly context: ParseContext;
  readonly depth: number;
};
/** The condition on the type at the end of a step. */
type Inner = (place: Place) => Condition;

/** Refuses a chain that has gone on for too long. Errors: SEARCH_TOO_COSTLY. */
export function refuseDepth({ depth, written }: Place): void {
  if (depth > LIMITS.chain) throw tooCostly(written, `> ${LIMITS.chain}`);
}

/** A parameter's name with its modifier, on the place's type. Errors: SEARCH_PARAM_UNKNOWN. */
export function askedOf({ type, written, context }: Place, name: string, value: string): Asked {
  const colon = name.indexOf(":");
  const plain = colon < 0 ? name : name.slice(0, colon);
  const parameter = parameterOf(type, plain);
  if (parameter === undefined) throw unknownParameter(written, type);
  return { type, parameter, modifier: colon < 0 ? undefined : name.slice(colon + 1), value, written, context };
}

/** What a step along a reference leads to. Errors: SEARCH_PARAM_UNKNOWN, SEARCH_TOO_COSTLY. */
export function chainCondition(place: Place, link: string, inner: Inner): Condition {
  const asked = askedOf(place, link, "");
  const { parameter } = asked;
  if (parameter.type !== "reference") throw unknownParameter(place.written, place.type);
  const types = chainTypes(asked);
  const targets = types.flatMap((type) =>
    targetOf({ ...place, type, depth: place.depth + 1 }, inner, types.length > 1),
  );
  if (targets.length === 0) throw unknownParameter(place.written, place.type);
  return { kind: "chain", references: namesOf(parameter), ownPatient: isOwnPatient(place.type, parameter), targets };
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
function targetOf(place: Place, inner: Inner, isOneOfMany: boolean): { type: string; condition: Condition }[] {
  refuseDepth(place);
  try {
    return [{ type: place.type, condition: inner(place) }];
  } catch (error) {
    if (isOneOfMany && error instanceof FhirError && error.code !== "SEARCH_TOO_COSTLY") return [];
    throw error;
  }
}

type Backwards = { readonly source: ResourceType; readonly link: string };

/** `_has:Observation:subject:code` in its parts; the rest may be another `_has`. */
export function hasParts(name: string, written: string): { readonly step: Backwards; readonly rest: string } {
  const [, source, link, ...rest] = name.split(":");
  if (!isResourceType(source) || link === undefined || rest.length === 0 || rest[0] === "")
    throw invalidValue(written, "_has:Observation:subject:code");
  return { step: { source, link }, rest: rest.join(":") };
}

/** What a step backwards along a reference leads to. Errors: SEARCH_PARAM_UNKNOWN, SEARCH_TOO_COSTLY. */
export function hasCondition(place: Place, { source, link }: Backwards, inner: Inner): Condition {
  const { type, written, depth } = place;
  const parameter = parameterOf(source, link);
  if (parameter?.type !== "reference" || !mayReferTo(parameter, type)) throw unknownParameter(written, source);
  const next = { ...place, type: source, depth: depth + 1 };
  refuseDepth(next);
  return {
    kind: "has",
    type: source,
    references: namesOf(parameter),
    ownPatient: type === "Patient" && isOwnPatient(source, parameter),
    condition: inner(next),
  };
}

function namesOf(parameter: SearchParameter): string[] {
  return [...new Set(parameter.sources.map(({ name }) => name))];
}
