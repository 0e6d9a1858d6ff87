/**
 * From a code to the codes that concept maps give for it, or, reversed, to those that lead to it.
 *
 * SPEC TERM-TRANSLATE · https://hl7.org/fhir/R4/conceptmap-operation-translate.html
 */
import type {
  ConceptMap,
  ConceptMapGroup,
  ConceptMapGroupElement,
  ConceptMapGroupElementTarget,
  Parameters,
  ParametersParameter,
} from "fhir/r4";
import { canonicalOf } from "./library.ts";
import { enter, type Path } from "./membership.ts";
import type { Coding, Scope } from "./scope.ts";

type Equivalence = ConceptMapGroupElementTarget["equivalence"];

export type TranslateOptions = {
  readonly reverse: boolean;
  /** Only into this code system (reversed: from it). */
  readonly targetSystem?: string | undefined;
  /** Only concept maps between these value sets. */
  readonly source?: string | undefined;
  readonly target?: string | undefined;
};

type Match = {
  readonly equivalence: Equivalence;
  readonly system: string | undefined;
  readonly version: string | undefined;
  readonly code: string | undefined;
  readonly display: string | undefined;
  readonly map: string | undefined;
  readonly products: readonly { readonly property: string; readonly system?: string; readonly value: string }[];
};

/** Read the other way, what was wider is narrower. */
const REVERSED: Readonly<Partial<Record<Equivalence, Equivalence>>> = {
  wider: "narrower",
  narrower: "wider",
  subsumes: "specializes",
  specializes: "subsumes",
};
const NO_MATCH: ReadonlySet<Equivalence> = new Set<Equivalence>(["unmatched", "disjoint"]);
const MOST_MATCHES = 1_000;

/** Uses the map given, else every map from the codings' systems that the caller can reach. Errors: TERMINOLOGY_UNKNOWN. */
export async function translate(
  scope: Scope,
  given: ConceptMap | undefined,
  codings: readonly Coding[],
  options: TranslateOptions,
): Promise<Parameters> {
  const matches: Match[] = [];
  for (const coding of codings) {
    const maps = given === undefined ? await scope.library.conceptMapsOf(coding.system, options.reverse) : [given];
    for (const map of maps.filter((one) => isBetween(one, options)))
      matches.push(...(await matchesIn(scope, { map, coding, options, path: [] })));
  }
  return answerOf(matches.slice(0, MOST_MATCHES));
}

function isBetween(map: ConceptMap, { source, target, reverse }: TranslateOptions): boolean {
  const from = map.sourceUri ?? map.sourceCanonical;
  const to = map.targetUri ?? map.targetCanonical;
  const [asked, wanted] = reverse ? [target, source] : [source, target];
  return (asked === undefined || sameCanonical(from, asked)) && (wanted === undefined || sameCanonical(to, wanted));
}

function sameCanonical(one: string | undefined, other: string): boolean {
  return one !== undefined && (one === other || canonicalOf(one).url === other);
}

type Way = {
  readonly map: ConceptMap;
  readonly coding: Coding;
  readonly options: TranslateOptions;
  readonly path: Path;
};

async function matchesIn(scope: Scope, way: Way): Promise<Match[]> {
  const found: Match[] = [];
  for (const group of way.map.group ?? []) {
    scope.budget.spend(1 + Math.floor(group.element.length / 100));
    if (way.options.reverse) found.push(...backwards(way, group));
    else found.push(...(await forwards(scope, way, group)));
  }
  return found;
}

async function forwards(scope: Scope, way: Way, group: ConceptMapGroup): Promise<Match[]> {
  const { map, coding, options } = way;
  if (group.source !== undefined && group.source !== coding.system) return [];
  if (options.targetSystem !== undefined && group.target !== options.targetSystem) return [];
  const elements = group.element.filter(({ code }) => code === coding.code);
  if (elements.length === 0) return unmapped(scope, way, group);
  return elements.flatMap((element) =>
    (element.target ?? []).map((target) => ({
      ...place(map, target),
      equivalence: target.equivalence,
      system: group.target,
      version: group.targetVersion,
      code: target.code,
      display: target.display,
    })),
  );
}

/** What the group says of codes that it does not name. Errors: VALUE_SET_LOOP when maps send a code round in a ring. */
async function unmapped(scope: Scope, { map, coding, options, path }: Way, group: ConceptMapGroup): Promise<Match[]> {
  const { unmapped: rule } = group;
  if (rule === undefined) return [];
  if (rule.mode === "other-map") {
    if (rule.url === undefined) return [];
    const other = await scope.library.conceptMap(canonicalOf(rule.url));
    return matchesIn(scope, { map: other, coding, options, path: enter(path, other.url) });
  }
  const isFixed = rule.mode === "fixed";
  return [
    {
      map: map.url,
      products: [],
      equivalence: isFixed ? "wider" : "equal",
      system: group.target,
      version: group.targetVersion,
      code: isFixed ? rule.code : coding.code,
      display: isFixed ? rule.display : coding.display,
    },
  ];
}

function backwards({ map, coding, options: { targetSystem } }: Way, group: ConceptMapGroup): Match[] {
  if (group.target !== undefined && group.target !== coding.system) return [];
  if (targetSystem !== undefined && group.source !== targetSystem) return [];
  return group.element.flatMap((element: ConceptMapGroupElement) =>
    (element.target ?? [])
      .filter(({ code }) => code === coding.code)
      .map((target) => ({
        ...place(map, target),
        equivalence: REVERSED[target.equivalence] ?? target.equivalence,
        system: group.source,
        version: group.sourceVersion,
        code: element.code,
        display: element.display,
      })),
  );
}

function place({ url }: ConceptMap, { product }: ConceptMapGroupElementTarget): Pick<Match, "map" | "products"> {
  return { map: url, products: product ?? [] };
}

function answerOf(matches: readonly Match[]): Parameters {
  const result = matches.some(({ equivalence, code }) => code !== undefined && !NO_MATCH.has(equivalence));
  return {
    resourceType: "Parameters",
    parameter: [
      { name: "result", valueBoolean: result },
      ...(result ? [] : [{ name: "message", valueString: "Ingen motsvarighet hittades." }]),
      ...matches.map(matchParameter),
    ],
  };
}

function matchParameter({ equivalence, system, version, code, display, map, products }: Match): ParametersParameter {
  return {
    name: "match",
    part: [
      { name: "equivalence", valueCode: equivalence },
      ...(code === undefined ? [] : [{ name: "concept", valueCoding: codingOf({ system, version, code, display }) }]),
      ...products.map((product) => ({
        name: "product",
        part: [
          { name: "element", valueUri: product.property },
          { name: "concept", valueCoding: codingOf({ system: product.system, code: product.value }) },
        ],
      })),
      ...(map === undefined ? [] : [{ name: "source", valueUri: map }]),
    ],
  };
}

/** Leaves out what is not known. */
function codingOf(parts: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(parts).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}
