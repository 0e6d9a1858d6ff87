/**
 * Whether a code is in a value set, answered without listing the value set, so that it costs the same however large the
 * value set is.
 *
 * SPEC TERM-MEMBER · https://hl7.org/fhir/R4/valueset.html#compositions
 */
import type { ValueSet, ValueSetComposeInclude, ValueSetExpansionContains } from "fhir/r4";
import type { Filter, FilterOperator } from "./concept.ts";
import { canonicalOf } from "./library.ts";
import { tooCostly, unsupportedFilter, valueSetLoop } from "./refusals.ts";
import { maybeSystem, oneSystem, type Coding, type Scope } from "./scope.ts";

const DEEPEST = 20;
const OPERATORS: ReadonlySet<string> = new Set<FilterOperator>([
  "=",
  "is-a",
  "descendent-of",
  "is-not-a",
  "regex",
  "in",
  "not-in",
  "generalizes",
  "exists",
]);

/** The value sets that are being looked into, from the outermost. */
export type Path = readonly string[];

/** Errors: TERMINOLOGY_UNKNOWN, VALUE_SET_LOOP, FILTER_NOT_SUPPORTED, TERMINOLOGY_TOO_COSTLY. */
export async function isMember(scope: Scope, valueSet: ValueSet, coding: Coding, path: Path = []): Promise<boolean> {
  scope.budget.spend(1);
  const { compose, expansion } = valueSet;
  if (compose === undefined) return listedIn(expansion?.contains ?? [], coding);
  const within = enter(path, valueSet.url);
  for (const include of compose.include) {
    if (!(await isIncluded(scope, include, coding, within))) continue;
    return !(await isExcluded(scope, compose.exclude ?? [], coding, within));
  }
  return false;
}

/** The path one step further in. Errors: VALUE_SET_LOOP, TERMINOLOGY_TOO_COSTLY. */
export function enter(path: Path, url: string | undefined): Path {
  if (url !== undefined && path.includes(url)) throw valueSetLoop(url);
  if (path.length >= DEEPEST) throw tooCostly("depth");
  return [...path, url ?? ""];
}

/** The value sets that an include names. Errors: TERMINOLOGY_UNKNOWN. */
export async function nestedIn({ library }: Scope, include: ValueSetComposeInclude): Promise<ValueSet[]> {
  const found: ValueSet[] = [];
  for (const canonical of include.valueSet ?? []) found.push(await library.valueSet(canonicalOf(canonical)));
  return found;
}

/** The filters of an include. Errors: FILTER_NOT_SUPPORTED. */
export function filtersOf({ filter }: ValueSetComposeInclude): Filter[] {
  return (filter ?? []).map(({ property, op, value }) => {
    if (!OPERATORS.has(op)) throw unsupportedFilter(`${property} ${op}`);
    return { property, op, value };
  });
}

async function isExcluded(
  scope: Scope,
  excludes: readonly ValueSetComposeInclude[],
  coding: Coding,
  path: Path,
): Promise<boolean> {
  for (const exclude of excludes) if (await isIncluded(scope, exclude, coding, path)) return true;
  return false;
}

async function isIncluded(scope: Scope, include: ValueSetComposeInclude, coding: Coding, path: Path): Promise<boolean> {
  if (include.system !== undefined && !(await isInSystem(scope, include, coding))) return false;
  for (const nested of await nestedIn(scope, include)) {
    if (!(await isMember(scope, nested, coding, path))) return false;
  }
  return include.system !== undefined || (include.valueSet ?? []).length > 0;
}

async function isInSystem(scope: Scope, include: ValueSetComposeInclude, coding: Coding): Promise<boolean> {
  const { system = "", version, concept } = include;
  if (system !== coding.system) return false;
  if (version !== undefined && coding.version !== undefined && version !== coding.version) return false;
  if (concept !== undefined) {
    if (!concept.some(({ code }) => code === coding.code)) return false;
    const source = await maybeSystem(scope, system, version);
    return source?.isComplete !== true || (await source.find([coding.code])).has(coding.code);
  }
  const source = await oneSystem(scope, system, version ?? coding.version);
  const selection = { codes: [coding.code], filters: filtersOf(include), activeOnly: false };
  return (await source.codes(selection, 1)).length > 0;
}

function listedIn(contains: readonly ValueSetExpansionContains[], coding: Coding): boolean {
  return contains.some(
    (one) =>
      (one.system === coding.system && one.code === coding.code && one.abstract !== true) ||
      listedIn(one.contains ?? [], coding),
  );
}
