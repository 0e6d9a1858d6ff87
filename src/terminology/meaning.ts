/**
 * What a search means by `:in`, `:not-in`, `:below` and `:above`: codes, and code systems of which every code is meant.
 *
 * SPEC TERM-MEANING · https://hl7.org/fhir/R4/search.html#modifiers
 */
import type { ValueSet } from "fhir/r4";
import { fhirError } from "../fhir/index.ts";
import type { Selection } from "./concept.ts";
import { canonicalOf } from "./library.ts";
import { allMembers } from "./members.ts";
import { tooCostly } from "./refusals.ts";
import { maybeSystem, type Scope } from "./scope.ts";

export type Question =
  | { readonly ask: "value-set"; readonly url: string }
  | { readonly ask: "below" | "above"; readonly system: string | undefined; readonly code: string };

export type Meaning = {
  readonly codings: readonly { readonly system: string; readonly code: string }[];
  /** Code systems of which every code is meant. */
  readonly systems: readonly string[];
};

/** Codes that one question may mean. */
const MOST_MEANT = 20_000;

/** Errors: SEARCH_TERMINOLOGY_UNKNOWN, TERMINOLOGY_TOO_COSTLY, VALUE_SET_LOOP, FILTER_NOT_SUPPORTED. */
export async function meaningOf(scope: Scope, question: Question): Promise<Meaning> {
  return question.ask === "value-set"
    ? meaningOfValueSet(scope, question.url)
    : meaningOfHierarchy(scope, question.ask, question.system, question.code);
}

async function meaningOfValueSet(scope: Scope, canonical: string): Promise<Meaning> {
  const valueSet = await scope.library.maybeValueSet(canonicalOf(canonical));
  if (valueSet === undefined) throw fhirError("SEARCH_TERMINOLOGY_UNKNOWN", canonical);
  const { systems, rest } = await wholeSystems(scope, valueSet);
  const members = await allMembers(scope, rest, { text: undefined, activeOnly: false });
  if (members.length > MOST_MEANT) throw tooCostly("concepts");
  return { codings: members.map(({ system, concept }) => ({ system, code: concept.code })), systems };
}

/**
 * Takes out the includes that mean all of a code system that is large or not known here: whatever codes it has, they are
 * meant. With excludes nothing can be taken out.
 */
async function wholeSystems(scope: Scope, valueSet: ValueSet): Promise<{ systems: string[]; rest: ValueSet }> {
  const { compose } = valueSet;
  if (compose === undefined || (compose.exclude ?? []).length > 0) return { systems: [], rest: valueSet };
  const systems: string[] = [];
  const include: typeof compose.include = [];
  for (const one of compose.include) {
    const isWhole = one.system !== undefined && one.concept === undefined && one.filter === undefined;
    const isAlone = one.valueSet === undefined && one.version === undefined;
    if (isWhole && isAlone && (await isBeyondListing(scope, one.system ?? ""))) systems.push(one.system ?? "");
    else include.push(one);
  }
  return { systems, rest: { ...valueSet, compose: { ...compose, include } } };
}

async function isBeyondListing(scope: Scope, url: string): Promise<boolean> {
  const source = await maybeSystem(scope, url, undefined);
  return source?.isComplete !== true || (await source.count({ filters: [], activeOnly: false })) > MOST_MEANT;
}

/** A code that the system does not have has nothing above or below it but itself. */
async function meaningOfHierarchy(
  scope: Scope,
  ask: "below" | "above",
  system: string | undefined,
  code: string,
): Promise<Meaning> {
  const urls = system === undefined ? await scope.library.systemsWith(code) : [system];
  if (urls.length === 0) throw fhirError("SEARCH_TERMINOLOGY_UNKNOWN", code);
  const codings: { system: string; code: string }[] = [];
  for (const url of urls) {
    const source = await maybeSystem(scope, url, undefined);
    if (source === undefined) throw fhirError("SEARCH_TERMINOLOGY_UNKNOWN", url);
    const op = ask === "below" ? "is-a" : "generalizes";
    const selection: Selection = { filters: [{ property: "concept", op, value: code }], activeOnly: false };
    const codes = source.isSubsumptive ? await source.codes(selection, MOST_MEANT + 1) : [];
    if (codings.length + codes.length > MOST_MEANT) throw tooCostly("concepts");
    scope.budget.spend(codes.length);
    codings.push(...[...new Set([code, ...codes])].map((one) => ({ system: url, code: one })));
  }
  return { codings, systems: [] };
}
