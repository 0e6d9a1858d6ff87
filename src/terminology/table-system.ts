/**
 * A large code system whose concepts lie in tables: what a selection means as a query, and the patterns that no query
 * can bound, which are matched here on what the rest of the selection leaves.
 *
 * SPEC TERM-TABLE
 */
import type { ConceptQuery, ConceptRow, SystemRow, TerminologyTables } from "../store/index.ts";
import type { Concept, ConceptSource, Filter, Selection, Slice } from "./concept.ts";
import { pattern } from "./pattern.ts";
import { tooCostly, unsupportedFilter } from "./refusals.ts";
import { listOf, refuseUnlessSelf, valuesOf, wantedOf } from "./select.ts";
import { tsquery } from "./words.ts";

/** Concepts that a pattern is tried on. */
const MOST_TRIED = 20_000;
const AT_A_TIME = 2_000;

export function tableSystem(row: SystemRow, tables: TerminologyTables): ConceptSource {
  return new TableSystem(row, tables);
}

class TableSystem implements ConceptSource {
  readonly url: string;
  readonly version: string;
  readonly name: string;
  readonly language: string;
  readonly isComplete = true;
  readonly isSubsumptive = true;
  private readonly id: number;
  private readonly tables: TerminologyTables;

  constructor(row: SystemRow, tables: TerminologyTables) {
    this.id = row.id;
    this.url = row.url;
    this.version = row.version;
    this.name = row.title;
    this.language = row.language;
    this.tables = tables;
  }

  async find(codes: readonly string[]): Promise<ReadonlyMap<string, Concept>> {
    const rows = await this.tables.select(this.id, { codes }, { offset: 0, limit: codes.length });
    return new Map(rows.map((row) => [row.code, conceptOf(row)]));
  }

  async select(selection: Selection, slice: Slice): Promise<readonly Concept[]> {
    const patterns = selection.filters.filter(({ op }) => op === "regex");
    const query = queryOf(selection);
    if (patterns.length === 0) return (await this.tables.select(this.id, query, slice)).map(conceptOf);
    return (await this.tried(query, patterns)).slice(slice.offset, slice.offset + slice.limit);
  }

  async count(selection: Selection): Promise<number> {
    const patterns = selection.filters.filter(({ op }) => op === "regex");
    const query = queryOf(selection);
    return patterns.length === 0 ? this.tables.count(this.id, query) : (await this.tried(query, patterns)).length;
  }

  async codes(selection: Selection, limit: number): Promise<readonly string[]> {
    if (!selection.filters.some(({ op }) => op === "regex"))
      return this.tables.codes(this.id, queryOf(selection), limit);
    return (await this.select(selection, { offset: 0, limit })).map(({ code }) => code);
  }

  ancestors(codes: readonly string[]): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
    return this.tables.ancestors(this.id, codes);
  }

  /** Errors: TERMINOLOGY_TOO_COSTLY when the pattern would have to be tried on too many. */
  private async tried(query: ConceptQuery, patterns: readonly Filter[]): Promise<Concept[]> {
    const tests = patterns.map(({ property, value }) => ({ property, matches: pattern(value) }));
    if ((await this.tables.count(this.id, query)) > MOST_TRIED) throw tooCostly("concepts");
    const found: Concept[] = [];
    for (let offset = 0; ; offset += AT_A_TIME) {
      const rows = await this.tables.select(this.id, query, { offset, limit: AT_A_TIME });
      for (const concept of rows.map(conceptOf))
        if (tests.every(({ property, matches }) => valuesOf(concept, property).some(matches))) found.push(concept);
      if (rows.length < AT_A_TIME) return found;
    }
  }
}

function conceptOf(row: ConceptRow): Concept {
  return { ...row, definition: row.definition ?? undefined };
}

type Draft = {
  -readonly [K in keyof ConceptQuery]: ConceptQuery[K] extends readonly (infer T)[] | undefined ? T[] : ConceptQuery[K];
};

/** Everything of a selection but its patterns. Errors: FILTER_NOT_SUPPORTED. */
function queryOf({ codes, filters, text, activeOnly }: Selection): ConceptQuery {
  const query: Draft = {};
  for (const filter of filters) addFilter(query, filter);
  return {
    ...query,
    ...(codes === undefined ? {} : { codes: query.codes === undefined ? codes : codes.filter(among(query.codes)) }),
    ...(text === undefined ? {} : { words: tsquery(text) }),
    ...(activeOnly && query.active !== false ? { active: true } : {}),
    ...(activeOnly && query.active === false ? { codes: [] } : {}), // inactive and active at once
  };
}

function addFilter(query: Draft, filter: Filter): void {
  const { op, value, property } = filter;
  switch (op) {
    case "is-a":
    case "descendent-of":
    case "is-not-a":
    case "generalizes":
      addPlace(query, filter);
      break;
    case "=":
      addValues(query, filter, [value]);
      break;
    case "in":
      addValues(query, filter, [...listOf(value)]);
      break;
    case "not-in":
      if (property !== "code" && property !== "concept") throw unsupportedFilter(`${property} ${op}`);
      query.notCodes = [...(query.notCodes ?? []), ...listOf(value)];
      break;
    case "exists":
      query.present = [...(query.present ?? []), { code: property, present: wantedOf(filter) }];
      break;
    case "regex": // tried on what the query finds
  }
}

/** Where in the hierarchy. */
function addPlace(query: Draft, filter: Filter): void {
  const { op, value } = filter;
  refuseUnlessSelf(filter);
  if (op === "is-not-a") query.notBelow = [...(query.notBelow ?? []), value];
  else if (op === "generalizes") query.above = [...(query.above ?? []), value];
  else query.below = [...(query.below ?? []), { code: value, self: op === "is-a" }];
}

function addValues(query: Draft, filter: Filter, values: string[]): void {
  const { property } = filter;
  switch (property) {
    case "code":
    case "concept":
      query.codes = query.codes === undefined ? values : query.codes.filter(among(values));
      break;
    case "parent":
      query.childOf = [...(query.childOf ?? []), only(filter, values)];
      break;
    case "display":
      query.display = [...(query.display ?? []), only(filter, values)];
      break;
    case "inactive":
      addActive(query, wantedOf({ ...filter, value: only(filter, values) }));
      break;
    default:
      query.properties = [...(query.properties ?? []), { code: property, values }];
  }
}

function addActive(query: Draft, isInactive: boolean): void {
  if (query.active === isInactive) query.codes = []; // active and inactive at once
  query.active = !isInactive;
}

/** The one value of what has only one. Errors: FILTER_NOT_SUPPORTED. */
function only({ property, op }: Filter, [value = "", ...others]: readonly string[]): string {
  if (others.length > 0) throw unsupportedFilter(`${property} ${op}`);
  return value;
}

function among(codes: readonly string[]): (code: string) => boolean {
  const known = new Set(codes);
  return (code) => known.has(code);
}
