/** A value set with its codes listed, as a picker shows them. SPEC TERM-EXPAND · https://hl7.org/fhir/R4/valueset-operation-expand.html */
import type {
  ValueSet,
  ValueSetComposeIncludeConceptDesignation,
  ValueSetExpansionContains,
  ValueSetExpansionParameter,
} from "fhir/r4";
import { pageOfMembers, type Member, type Wanted } from "./members.ts";
import { canonicalOf, written } from "./library.ts";
import { tooCostly, unknownCanonical } from "./refusals.ts";
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
  /** True: only codes that can be chosen, without those that group them. */
  readonly excludeNotForUI?: boolean | undefined;
  /** Code systems (`url`, or `url|version`) whose codes are left out. */
  readonly excludeSystems?: readonly string[];
  /** Versions (`url|version`) that must be those of the code systems that are used. */
  readonly checkVersions?: readonly string[];
  /** Which designations to bring along: by language (`urn:ietf:bcp:47|sv`) or use. All of them when none is named. */
  readonly designations?: readonly string[];
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
  const wanted = wantedOf(valueSet, options);
  const slice = { offset, limit: Math.min(count ?? MOST_CODES, MOST_CODES) };
  const { total, members } = await pageOfMembers(scope, valueSet, wanted, slice);
  if (count === undefined && total - offset > MOST_CODES) throw tooCostly("size");
  const shown = members.map((member) => ({ member, contains: shownAs(scope, member, options) }));
  refuseOtherVersions(members, options.checkVersions ?? []);
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

function wantedOf({ compose }: ValueSet, options: ExpandOptions): Wanted {
  const {
    filter = "",
    activeOnly = compose?.inactive === false,
    excludeNotForUI = false,
    excludeSystems = [],
  } = options;
  const left = excludeSystems.length === 0 ? {} : { excludeSystems: excludeSystems.map((one) => canonicalOf(one)) };
  return { text: textQuery(filter), activeOnly, selectableOnly: excludeNotForUI, ...left };
}

function madeAs({ identifier, now }: ExpandOptions): { identifier?: string; timestamp: string } {
  return { ...(identifier === undefined ? {} : { identifier }), timestamp: now };
}

/** Errors: TERMINOLOGY_UNKNOWN when a code system was used in another version than it was to be. */
function refuseOtherVersions(members: readonly Member[], versions: readonly string[]): void {
  for (const { url, version } of versions.map((one) => canonicalOf(one))) {
    const other = members.find((one) => one.system === url && one.version !== undefined && one.version !== version);
    if (other !== undefined) throw unknownCanonical("CodeSystem", written({ url, version }));
  }
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
  const asked = options.designations ?? [];
  const isAsked =
    options.includeDesignations === true || (options.includeDesignations === undefined && asked.length > 0);
  const all = isAsked ? [...own, ...designations].filter((one) => isDesignated(one, asked)) : [];
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

const LANGUAGES = "urn:ietf:bcp:47";

/** Whether a designation is one of those that were asked for, by its language or its use. */
function isDesignated({ language, use }: ValueSetComposeIncludeConceptDesignation, asked: readonly string[]): boolean {
  return (
    asked.length === 0 ||
    asked.some((one) => {
      const { system, code } = codeOf(one);
      if (system === LANGUAGES || system === undefined)
        if (language !== undefined && language.toLowerCase() === code.toLowerCase()) return true;
      return system !== LANGUAGES && use?.code === code;
    })
  );
}

function codeOf(text: string): { readonly system: string | undefined; readonly code: string } {
  const bar = text.indexOf("|");
  return bar < 0 ? { system: undefined, code: text } : { system: text.slice(0, bar), code: text.slice(bar + 1) };
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
  const { filter, offset, count, activeOnly, excludeNested, excludeNotForUI, excludeSystems = [] } = options;
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
    ...(excludeNotForUI === undefined ? [] : [{ name: "excludeNotForUI", valueBoolean: excludeNotForUI }]),
    ...excludeSystems.map((one) => ({ name: "exclude-system", valueUri: one })),
    ...(language === undefined ? [] : [{ name: "displayLanguage", valueCode: language }]),
    ...[...versions].map((version) => ({ name: "version", valueUri: version })),
  ];
}
