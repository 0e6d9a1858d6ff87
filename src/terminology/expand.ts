/** A value set with its codes listed, as a picker shows them. SPEC TERM-EXPAND · https://hl7.org/fhir/R4/valueset-operation-expand.html */
import type { ValueSet, ValueSetExpansionContains, ValueSetExpansionParameter } from "fhir/r4";
import { pageOfMembers, type Member } from "./members.ts";
import { tooCostly } from "./refusals.ts";
import { valuesOf } from "./select.ts";
import { displayOf, type Scope } from "./scope.ts";
import { textQuery } from "./words.ts";

export type ExpandOptions = {
  readonly filter?: string | undefined;
  readonly offset?: number | undefined;
  readonly count?: number | undefined;
  readonly includeDesignations?: boolean | undefined;
  readonly includeDefinition?: boolean | undefined;
  readonly activeOnly?: boolean | undefined;
  /** False: narrower codes lie within the wider ones. */
  readonly excludeNested?: boolean | undefined;
  /** Properties of the concepts to bring along. */
  readonly properties?: readonly string[];
  /** When the answer is made (ISO 8601). */
  readonly now: string;
  /** A name for this expansion (a URI). */
  readonly identifier?: string;
};

/** Codes in one answer. */
const MOST_CODES = 10_000;

const PROPERTY = "http://hl7.org/fhir/5.0/StructureDefinition/extension-ValueSet.expansion.contains.property";

/** Errors: TERMINOLOGY_UNKNOWN, TERMINOLOGY_TOO_COSTLY, VALUE_SET_LOOP, FILTER_NOT_SUPPORTED. */
export async function expand(scope: Scope, valueSet: ValueSet, options: ExpandOptions): Promise<ValueSet> {
  const { offset = 0, count, excludeNested = true } = options;
  const wanted = {
    text: textQuery(options.filter ?? ""),
    activeOnly: options.activeOnly ?? valueSet.compose?.inactive === false,
  };
  const slice = { offset, limit: Math.min(count ?? MOST_CODES, MOST_CODES) };
  const { total, members } = await pageOfMembers(scope, valueSet, wanted, slice);
  if (count === undefined && total - offset > MOST_CODES) throw tooCostly("size");
  const shown = members.map((member) => ({ member, contains: shownAs(scope, member, options) }));
  const isWhole = offset === 0 && members.length === total;
  const { compose, expansion: _, text: __, ...described } = valueSet;
  return {
    ...described,
    ...(options.includeDefinition === true && compose !== undefined ? { compose } : {}),
    expansion: {
      ...madeAs(options),
      total,
      ...(offset === 0 && count === undefined ? {} : { offset }),
      parameter: parametersOf(scope, options, members),
      contains: !excludeNested && isWhole ? nested(shown) : shown.map(({ contains }) => contains),
    },
  };
}

function madeAs({ identifier, now }: ExpandOptions): { identifier?: string; timestamp: string } {
  return { ...(identifier === undefined ? {} : { identifier }), timestamp: now };
}

type Shown = { readonly member: Member; readonly contains: ValueSetExpansionContains };

function shownAs(
  scope: Scope,
  { system, version, concept, language }: Member,
  options: ExpandOptions,
): ValueSetExpansionContains {
  const display = displayOf(concept, language, scope.languages);
  const designations = concept.designations.map(({ language: tag, use, value }) => ({
    ...(tag === undefined ? {} : { language: tag }),
    ...(use === undefined ? {} : { use: { code: use } }),
    value,
  }));
  const own =
    concept.display !== undefined && concept.display !== display ? [ownDesignation(concept.display, language)] : [];
  const all = options.includeDesignations === true ? [...own, ...designations] : [];
  const properties = (options.properties ?? []).flatMap((code) =>
    valuesOf(concept, code).map((value) => ({
      url: PROPERTY,
      extension: [
        { url: "code", valueCode: code },
        { url: "value", valueString: value },
      ],
    })),
  );
  return {
    ...(properties.length === 0 ? {} : { extension: properties }),
    system,
    ...(concept.abstract ? { abstract: true } : {}),
    ...(concept.active ? {} : { inactive: true }),
    ...(version === undefined ? {} : { version }),
    code: concept.code,
    ...(display === undefined ? {} : { display }),
    ...(all.length === 0 ? {} : { designation: all }),
  };
}

function ownDesignation(value: string, language: string | undefined): { value: string; language?: string } {
  return language === undefined ? { value } : { language, value };
}

/** Each code within the first of its parents that is in the value set. */
function nested(shown: readonly Shown[]): ValueSetExpansionContains[] {
  const byKey = new Map(shown.map(({ member, contains }) => [`${member.system}|${member.concept.code}`, contains]));
  const placed = new Map<ValueSetExpansionContains, ValueSetExpansionContains>();
  const roots: ValueSetExpansionContains[] = [];
  for (const { member, contains } of shown) {
    const parent = member.concept.parents
      .map((code) => byKey.get(`${member.system}|${code}`))
      .find((one) => one !== undefined && !isWithin(placed, one, contains));
    if (parent === undefined) {
      roots.push(contains);
      continue;
    }
    placed.set(contains, parent);
    parent.contains = [...(parent.contains ?? []), contains];
  }
  return roots;
}

/** A code system with a loop must not become an answer without end. */
function isWithin(
  placed: ReadonlyMap<ValueSetExpansionContains, ValueSetExpansionContains>,
  inner: ValueSetExpansionContains,
  outer: ValueSetExpansionContains,
): boolean {
  for (let at: ValueSetExpansionContains | undefined = inner; at !== undefined; at = placed.get(at))
    if (at === outer) return true;
  return false;
}

/** What the answer depends on, so that it can be judged later. */
function parametersOf(scope: Scope, options: ExpandOptions, members: readonly Member[]): ValueSetExpansionParameter[] {
  const { filter, offset, count, activeOnly, excludeNested } = options;
  const versions = new Set(
    members.map(({ system, version }) => (version === undefined ? system : `${system}|${version}`)),
  );
  const [language] = scope.languages;
  return [
    ...(filter === undefined ? [] : [{ name: "filter", valueString: filter }]),
    ...(offset === undefined ? [] : [{ name: "offset", valueInteger: offset }]),
    ...(count === undefined ? [] : [{ name: "count", valueInteger: count }]),
    ...(activeOnly === undefined ? [] : [{ name: "activeOnly", valueBoolean: activeOnly }]),
    ...(excludeNested === undefined ? [] : [{ name: "excludeNested", valueBoolean: excludeNested }]),
    ...(language === undefined ? [] : [{ name: "displayLanguage", valueCode: language }]),
    ...[...versions].map((version) => ({ name: "version", valueUri: version })),
  ];
}
