/**
 * The codes of a value set, listed. Where a value set is one code system with filters, only the page asked for is read.
 *
 * SPEC TERM-EXPAND · https://hl7.org/fhir/R4/valueset.html#compositions
 */
import type {
  ValueSet,
  ValueSetComposeInclude,
  ValueSetComposeIncludeConcept,
  ValueSetExpansionContains,
} from "fhir/r4";
import type { Concept, ConceptSource, Selection, Slice } from "./concept.ts";
import type { Canonical } from "./library.ts";
import { enter, filtersOf, isMember, nestedIn, type Path } from "./membership.ts";
import { tooCostly } from "./refusals.ts";
import { maybeSystem, oneSystem, type Scope } from "./scope.ts";
import { answers, wordsOf, type TextQuery } from "./words.ts";

export type Member = {
  readonly system: string;
  readonly version: string | undefined;
  readonly concept: Concept;
  /** Language of the display. */
  readonly language: string | undefined;
};

export type Wanted = {
  readonly text: TextQuery | undefined;
  readonly activeOnly: boolean;
  /** Only codes that may be chosen. */
  readonly selectableOnly?: boolean;
  /** Code systems, or versions of them, that are left out. */
  readonly excludeSystems?: readonly Canonical[] | undefined;
};

export type Members = { readonly total: number; readonly members: readonly Member[] };

/** Few enough codes that each is looked up in the value sets that it must also be in. */
const FEW = 50;

/** A page of the value set's codes, and how many there are in all. Errors: as isMember. */
export async function pageOfMembers(scope: Scope, valueSet: ValueSet, wanted: Wanted, slice: Slice): Promise<Members> {
  const isNarrowed = wanted.selectableOnly === true || wanted.excludeSystems !== undefined;
  const alone = isNarrowed ? undefined : await onlySystem(scope, valueSet, []);
  if (alone === undefined) {
    const all = await allMembers(scope, valueSet, wanted);
    const members = isNarrowed ? all.filter((member) => isLeft(member, wanted)) : all;
    return { total: members.length, members: members.slice(slice.offset, slice.offset + slice.limit) };
  }
  const selection = selectionOf(alone.include, wanted);
  const total = await alone.source.count(selection);
  const concepts = slice.limit === 0 ? [] : await alone.source.select(selection, slice);
  scope.budget.spend(concepts.length);
  return { total, members: concepts.map((concept) => memberOf(alone.source, concept)) };
}

/** Whether a code stands when those that only group others, and those of some code systems, are left out. */
function isLeft({ system, version, concept }: Member, { selectableOnly, excludeSystems = [] }: Wanted): boolean {
  if (selectableOnly === true && concept.abstract) return false;
  return !excludeSystems.some((one) => one.url === system && (one.version === undefined || one.version === version));
}

/** Every code of the value set, each once, in the order of its includes. Errors: as isMember. */
export async function allMembers(scope: Scope, valueSet: ValueSet, wanted: Wanted, path: Path = []): Promise<Member[]> {
  const { compose, expansion } = valueSet;
  if (compose === undefined) return listed(scope, expansion?.contains ?? [], wanted);
  const within = enter(path, valueSet.url);
  const found = new Map<string, Member>();
  for (const include of compose.include) {
    for (const member of await includedMembers(scope, include, wanted, within)) {
      const key = keyOf(member);
      if (!found.has(key)) found.set(key, member);
    }
  }
  for (const exclude of compose.exclude ?? []) {
    const everything = { text: undefined, activeOnly: false };
    for (const member of await includedMembers(scope, exclude, everything, within)) found.delete(keyOf(member));
  }
  return [...found.values()];
}

/** The one code system that the value set is a selection of, also when it says so by way of other value sets. */
async function onlySystem(
  scope: Scope,
  { compose, url }: ValueSet,
  path: Path,
): Promise<{ readonly include: ValueSetComposeInclude; readonly source: ConceptSource } | undefined> {
  const [include, ...others] = compose?.include ?? [];
  if (include === undefined || others.length > 0 || (compose?.exclude ?? []).length > 0) return undefined;
  const within = enter(path, url);
  const nested = include.valueSet ?? [];
  if (include.system === undefined && nested.length === 1) {
    const [only] = await nestedIn(scope, include);
    return only === undefined ? undefined : onlySystem(scope, only, within);
  }
  if (include.system === undefined || nested.length > 0 || include.concept !== undefined) return undefined;
  return { include, source: await oneSystem(scope, include.system, include.version) };
}

async function includedMembers(
  scope: Scope,
  include: ValueSetComposeInclude,
  wanted: Wanted,
  path: Path,
): Promise<readonly Member[]> {
  const [first, ...others] = await nestedIn(scope, include);
  if (include.system !== undefined) {
    const members = await systemMembers(scope, include, wanted);
    return keepCommon(scope, members, first === undefined ? [] : [first, ...others], path);
  }
  if (first === undefined) return [];
  return keepCommon(scope, await allMembers(scope, first, wanted, path), others, path);
}

async function systemMembers(scope: Scope, include: ValueSetComposeInclude, wanted: Wanted): Promise<Member[]> {
  const { system = "", version, concept } = include;
  if (concept !== undefined) return enumerated(scope, include, concept, wanted);
  const source = await oneSystem(scope, system, version);
  const selection = selectionOf(include, wanted);
  const { budget } = scope;
  if ((await source.count(selection)) > budget.rest) throw tooCostly("concepts");
  const concepts = await source.select(selection, { offset: 0, limit: budget.rest });
  budget.spend(concepts.length);
  return concepts.map((one) => memberOf(source, one));
}

/** Codes that a value set lists. Where the code system is known whole, a code that it has not is none. */
async function enumerated(
  scope: Scope,
  { system = "", version }: ValueSetComposeInclude,
  concepts: readonly ValueSetComposeIncludeConcept[],
  wanted: Wanted,
): Promise<Member[]> {
  scope.budget.spend(concepts.length);
  const source = await maybeSystem(scope, system, version);
  const known = await source?.find(concepts.map(({ code }) => code));
  return concepts
    .filter(({ code }) => source?.isComplete !== true || known?.has(code) === true)
    .map((one) => ({
      system,
      version: source?.version ?? version,
      concept: withOwnTexts(known?.get(one.code), one),
      language: one.display === undefined ? source?.language : undefined,
    }))
    .filter(({ concept }) => isWanted(concept, wanted));
}

/** A value set may name its codes in its own words. */
function withOwnTexts(known: Concept | undefined, listedConcept: ValueSetComposeIncludeConcept): Concept {
  const own = (listedConcept.designation ?? []).map(({ language, value }) =>
    language === undefined ? { value } : { language, value },
  );
  return {
    definition: known?.definition,
    active: known?.active ?? true,
    abstract: known?.abstract ?? false,
    parents: known?.parents ?? [],
    properties: known?.properties ?? [],
    code: listedConcept.code,
    display: listedConcept.display ?? known?.display,
    designations: [...own, ...(known?.designations ?? [])],
  };
}

/** The members that are also in each of the value sets. */
async function keepCommon(
  scope: Scope,
  members: readonly Member[],
  valueSets: readonly ValueSet[],
  path: Path,
): Promise<readonly Member[]> {
  let kept = members;
  for (const valueSet of valueSets) {
    if (kept.length > FEW) {
      const everything = { text: undefined, activeOnly: false };
      const keys = new Set((await allMembers(scope, valueSet, everything, path)).map(keyOf));
      kept = kept.filter((member) => keys.has(keyOf(member)));
      continue;
    }
    const common: Member[] = [];
    for (const member of kept) {
      const coding = { system: member.system, code: member.concept.code };
      if (await isMember(scope, valueSet, coding, path)) common.push(member);
    }
    kept = common;
  }
  return kept;
}

function selectionOf(include: ValueSetComposeInclude, { text, activeOnly }: Wanted): Selection {
  const filters = filtersOf(include);
  return text === undefined ? { filters, activeOnly } : { filters, activeOnly, text };
}

function memberOf({ url, version, language }: ConceptSource, concept: Concept): Member {
  return { system: url, version, concept, language };
}

export function keyOf({ system, concept }: Member): string {
  return `${system}|${concept.code}`;
}

function isWanted(concept: Concept, { text, activeOnly }: Wanted): boolean {
  if (activeOnly && !concept.active) return false;
  if (text === undefined) return true;
  return answers(
    wordsOf(concept.code, [concept.display ?? "", ...concept.designations.map(({ value }) => value)]),
    text,
  );
}

/** The codes of a value set that came expanded, and without its definition. */
function listed(scope: Scope, contains: readonly ValueSetExpansionContains[], wanted: Wanted): Member[] {
  return contains.flatMap((one) => {
    scope.budget.spend(1);
    const nested = listed(scope, one.contains ?? [], wanted);
    if (one.system === undefined || one.code === undefined || one.abstract === true) return nested;
    const concept: Concept = {
      code: one.code,
      display: one.display,
      definition: undefined,
      active: one.inactive !== true,
      abstract: false,
      parents: [],
      designations: (one.designation ?? []).map(({ language, value }) =>
        language === undefined ? { value } : { language, value },
      ),
      properties: [],
    };
    const own = isWanted(concept, wanted)
      ? [{ system: one.system, version: one.version, concept, language: undefined }]
      : [];
    return [...own, ...nested];
  });
}
