/**
 * The code systems, value sets and concept maps that one caller can reach. A resource is found anew for every question,
 * so that a change answers at once after its commit; only its parsed form is kept, under its version.
 *
 * SPEC TERM-LIBRARY · https://hl7.org/fhir/R4/references.html#canonical
 */
import type { CodeSystem, ConceptMap, ValueSet } from "fhir/r4";
import { parametersOf, tokenKey } from "../search/index.ts";
import type { CanonicalRow, CanonicalType, SystemRow, TerminologyTables } from "../store/index.ts";
import { memorySystem } from "./code-system.ts";
import type { ConceptSource } from "./concept.ts";
import { grammarSystem } from "./grammar.ts";
import { hl7MapsOf, hl7SystemsWith, hl7Text, parsedHl7 } from "./hl7.ts";
import { tooCostly, unknownCanonical } from "./refusals.ts";
import { tableSystem } from "./table-system.ts";
import type { TermCache } from "./term-cache.ts";

export type Canonical = { readonly url: string; readonly version: string | undefined };

type Resources = { readonly CodeSystem: CodeSystem; readonly ValueSet: ValueSet; readonly ConceptMap: ConceptMap };

type Parsed<T extends CanonicalType> = { readonly key: string; readonly size: number; readonly value: Resources[T] };

/** Versions of one canonical resource that are looked at. */
const MOST_VERSIONS = 50;
/** Code systems that are looked through for a code. */
const MOST_SYSTEMS = 500;
/** Concept maps that are tried when none is named. */
const MOST_MAPS = 50;

const CONTENT_RANK: Readonly<Record<string, number>> = { complete: 3, fragment: 1, example: 0 };
const IMPORTED_RANK = 2;

export class Library {
  readonly tables: TerminologyTables;
  private readonly cache: TermCache;

  constructor(tables: TerminologyTables, cache: TermCache) {
    this.tables = tables;
    this.cache = cache;
  }

  /** The code system, or nothing when its concepts are not known here. */
  async maybeSystem(canonical: Canonical): Promise<ConceptSource | undefined> {
    const [resources, imported] = [
      await this.all("CodeSystem", "url", canonical.url),
      await this.tables.systems(canonical.url),
    ];
    const best = bestOf(
      [
        ...resources
          .filter(({ value }) => value.content in CONTENT_RANK)
          .map((one) => ({
            rank: CONTENT_RANK[one.value.content] ?? 0,
            version: one.value.version,
            retired: one.value.status === "retired",
            take: () => this.memory(one),
          })),
        ...imported.map((row) => ({
          rank: IMPORTED_RANK,
          version: row.version as string | undefined,
          retired: false,
          take: () => this.table(row),
        })),
      ].filter(({ version }) => canonical.version === undefined || version === canonical.version),
    );
    return best?.take() ?? this.hl7System(canonical) ?? grammarSystem(canonical.url, canonical.version);
  }

  /** R4's own code system: for one that is neither stored nor imported. */
  private hl7System(canonical: Canonical): ConceptSource | undefined {
    const found = this.hl7("CodeSystem", canonical);
    return found === undefined ? undefined : this.memory(found);
  }

  /** Errors: TERMINOLOGY_UNKNOWN. */
  async system(canonical: Canonical): Promise<ConceptSource> {
    const found = await this.maybeSystem(canonical);
    if (found === undefined) throw unknownCanonical("CodeSystem", written(canonical));
    return found;
  }

  /** Errors: TERMINOLOGY_UNKNOWN. */
  async valueSet(canonical: Canonical): Promise<ValueSet> {
    const found = await this.maybeValueSet(canonical);
    if (found === undefined) throw unknownCanonical("ValueSet", written(canonical));
    return found;
  }

  async maybeValueSet(canonical: Canonical): Promise<ValueSet | undefined> {
    return (
      (await this.newest("ValueSet", canonical)) ??
      this.hl7("ValueSet", canonical)?.value ??
      implicitValueSet(canonical)
    );
  }

  /** Errors: TERMINOLOGY_UNKNOWN. */
  async conceptMap(canonical: Canonical): Promise<ConceptMap> {
    const found = (await this.newest("ConceptMap", canonical)) ?? this.hl7("ConceptMap", canonical)?.value;
    if (found === undefined) throw unknownCanonical("ConceptMap", written(canonical));
    return found;
  }

  /** The concept maps that have a group from (or, reversed, to) a code system, newest first, R4's own last. */
  async conceptMapsOf(system: string, reverse: boolean): Promise<readonly ConceptMap[]> {
    const name = reverse ? "target-system" : "source-system";
    const stored = (await this.all("ConceptMap", name, system, MOST_MAPS)).map(({ value }) => value);
    const known = new Set(stored.map(({ url }) => url));
    return [...stored, ...hl7MapsOf(system, reverse).filter(({ url }) => !known.has(url))];
  }

  /** The urls of the code systems that have a code, at whatever depth. Errors: TERMINOLOGY_TOO_COSTLY for very many systems. */
  async systemsWith(code: string): Promise<string[]> {
    const resources = await this.found("CodeSystem", undefined, MOST_SYSTEMS + 1);
    if (resources.length > MOST_SYSTEMS) throw tooCostly("concepts");
    const urls = new Set(await this.tables.systemsWith(code));
    for (const one of resources) {
      const { url, content } = one.value;
      if (url !== undefined && content in CONTENT_RANK && (await this.memory(one).find([code])).size > 0) urls.add(url);
    }
    for (const url of hl7SystemsWith(code)) {
      if (resources.some(({ value }) => value.url === url)) continue; // what is stored takes its place
      const source = this.hl7System({ url, version: undefined });
      if (source !== undefined && (await source.find([code])).size > 0) urls.add(url);
    }
    return [...urls];
  }

  private hl7<T extends CanonicalType>(type: T, { url, version }: Canonical): Parsed<T> | undefined {
    const text = hl7Text(type, url);
    if (text === undefined) return undefined;
    const key = `hl7/${type}/${url}`;
    const value = this.cache.take<Resources[T]>(key, text.length, () => parsedHl7<T>(text));
    return version === undefined || value.version === version ? { key, size: text.length, value } : undefined;
  }

  private async newest<T extends CanonicalType>(type: T, canonical: Canonical): Promise<Resources[T] | undefined> {
    const found = await this.all(type, "url", canonical.url);
    const fitting = found.filter(({ value }) => canonical.version === undefined || value.version === canonical.version);
    return bestOf(
      fitting.map((one) => ({
        rank: 0,
        version: one.value.version,
        retired: one.value.status === "retired",
        value: one.value,
      })),
    )?.value;
  }

  private all<T extends CanonicalType>(
    type: T,
    parameter: string,
    value: string,
    limit = MOST_VERSIONS,
  ): Promise<readonly Parsed<T>[]> {
    return this.found(type, tokenKey(storedName(type, parameter), value), limit);
  }

  private async found<T extends CanonicalType>(
    type: T,
    token: string | undefined,
    limit: number,
  ): Promise<readonly Parsed<T>[]> {
    const asked = `${type} ${token ?? "*"}`;
    const held = this.cache.held(asked);
    const rows = await this.tables.canonical(type, token, [...held.keys()], limit);
    this.cache.remember(asked, rows.map(keyOf));
    return rows.map((row) => {
      const key = keyOf(row);
      const known = held.get(key);
      const size = known?.size ?? row.content?.length ?? 0;
      const parsed = this.cache.take<unknown>(
        key,
        size,
        () => known?.value ?? (JSON.parse(row.content ?? "null") as unknown),
      );
      return { key, size, value: parsed as Resources[T] };
    });
  }

  private memory(one: Parsed<"CodeSystem">): ConceptSource {
    return this.cache.take(`${one.key}#concepts`, one.size, () => memorySystem(one.value));
  }

  private table(row: SystemRow): ConceptSource {
    return tableSystem(row, this.tables);
  }
}

/** The name under which a parameter's values are stored: parameters of the same element share one. */
function storedName(type: CanonicalType, parameter: string): string {
  return parametersOf(type).get(parameter)?.sources[0]?.name ?? parameter;
}

/** `url|version` as its parts. */
export function canonicalOf(text: string, version?: string): Canonical {
  const at = text.lastIndexOf("|");
  return at < 0 ? { url: text, version } : { url: text.slice(0, at), version: text.slice(at + 1) };
}

export function written({ url, version }: Canonical): string {
  return version === undefined ? url : `${url}|${version}`;
}

type Candidate = { readonly rank: number; readonly version: string | undefined; readonly retired: boolean };

/** The one in use before the retired one, the fuller before the less full, then the newest version. */
function bestOf<C extends Candidate>(candidates: readonly C[]): C | undefined {
  return candidates.toSorted(
    (a, b) =>
      Number(a.retired) - Number(b.retired) || b.rank - a.rank || compareVersions(b.version ?? "", a.version ?? ""),
  )[0];
}

/** Compares part by part, numbers as numbers, so that 10 comes after 9. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [partsOf(a), partsOf(b)];
  for (let at = 0; at < Math.max(left.length, right.length); at += 1) {
    const [one = "", other = ""] = [left[at], right[at]];
    if (one === other) continue;
    const difference = /^\d/.test(one) && /^\d/.test(other) ? Number(one) - Number(other) : 0;
    return difference !== 0 ? difference : one < other ? -1 : 1;
  }
  return 0;
}

function partsOf(version: string): string[] {
  return version.match(/\d+|[^\d.]+/g) ?? [];
}

function keyOf({ id, version, updated }: CanonicalRow): string {
  return `${id}/${version}/${updated}`;
}

/**
 * Value sets that a code system's own page defines by their address.
 * https://hl7.org/fhir/R4/snomedct.html#implicit · https://hl7.org/fhir/R4/loinc.html#implicit
 */
function implicitValueSet({ url, version }: Canonical): ValueSet | undefined {
  const set = (include: {
    system: string;
    version?: string;
    filter?: { property: string; op: "is-a"; value: string }[];
  }) => ({ resourceType: "ValueSet", status: "active", url, compose: { include: [include] } }) satisfies ValueSet;
  if (url === "http://loinc.org/vs")
    return set({ system: "http://loinc.org", ...(version === undefined ? {} : { version }) });
  const snomed = /^(http:\/\/snomed\.info\/sct)((?:\/\d+){0,1}(?:\/version\/\d+)?)\?fhir_vs(?:=isa\/(\d+))?$/.exec(url);
  if (snomed === null) return undefined;
  const [, system = "", edition = "", root] = snomed;
  const pinned = edition.includes("/version/") ? system + edition : version;
  return set({
    system,
    ...(pinned === undefined ? {} : { version: pinned }),
    ...(root === undefined ? {} : { filter: [{ property: "concept", op: "is-a", value: root }] }),
  });
}
