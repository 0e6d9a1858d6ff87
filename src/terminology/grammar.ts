/**
 * Code systems that nobody lists whole: language tags and media types are a grammar, units of measure are put together,
 * and of countries R4 carries the two-letter codes. What cannot be told from grammar or list is not known here.
 *
 * SPEC TERM-GRAMMAR · https://hl7.org/fhir/R4/terminologies-systems.html · RFC 5646 · RFC 6838 · https://ucum.org/ucum
 */
import type { ValueSet } from "fhir/r4";
import { unitOf } from "../search/index.ts";
import type { Concept, ConceptSource, Designation, Selection, Slice } from "./concept.ts";
import { hl7Text, parsedHl7 } from "./hl7.ts";
import { tooCostly } from "./refusals.ts";
import { selector } from "./select.ts";
import { wordsOf } from "./words.ts";

/** What is known of a code that the grammar or list has; `code` is as the system spells it. */
type Known = { readonly code: string; readonly display?: string | undefined; readonly swedish?: string | undefined };

type Grammar = { readonly name: string; readonly knows: (code: string) => Known | undefined };

const VALUE_SET = "http://hl7.org/fhir/ValueSet/";
const LONGEST = 100;

const TAG =
  /^(?<language>[a-z]{2,3})(?:-[a-z]{3}){0,3}(?:-(?<script>[a-z]{4}))?(?:-(?<region>[a-z]{2}|\d{3}))?(?:-(?:[a-z\d]{5,8}|\d[a-z\d]{3}))*(?:-[\da-wy-z](?:-[a-z\d]{2,8})+)*(?:-x(?:-[a-z\d]{1,8})+)?$/i;
const MEDIA_TYPE =
  /^[a-z\d][\w!#$&^.+-]{0,126}\/[a-z\d][\w!#$&^.+-]{0,126}(?:;\s*[\w!#$&^.+-]+=(?:[\w!#$&^.+-]+|"[^"]*"))*$/i;

const GRAMMARS: Readonly<Record<string, Grammar>> = {
  "urn:ietf:bcp:47": { name: "BCP 47", knows: tagOf },
  "urn:ietf:bcp:13": { name: "BCP 13", knows: (code) => (MEDIA_TYPE.test(code) ? { code } : undefined) },
  "http://unitsofmeasure.org": { name: "UCUM", knows: unitKnown },
  "urn:iso:std:iso:3166": { name: "ISO 3166", knows: countryOf },
};

/** The code system with the address, if it is one of these. It has no version of its own. */
export function grammarSystem(url: string, version: string | undefined): ConceptSource | undefined {
  const grammar = Object.hasOwn(GRAMMARS, url) ? GRAMMARS[url] : undefined;
  return grammar === undefined || version !== undefined ? undefined : new GrammarSystem(url, grammar);
}

class GrammarSystem implements ConceptSource {
  readonly url: string;
  readonly name: string;
  readonly version = undefined;
  readonly language = "en";
  readonly isComplete = false;
  readonly isSubsumptive = false;
  private readonly knows: Grammar["knows"];

  constructor(url: string, { name, knows }: Grammar) {
    this.url = url;
    this.name = name;
    this.knows = knows;
  }

  async find(codes: readonly string[]): Promise<ReadonlyMap<string, Concept>> {
    return new Map(codes.flatMap((code) => this.one(code).map((concept) => [code, concept] as const)));
  }

  /** Errors: TERMINOLOGY_TOO_COSTLY when the codes are not named: there is no end to them. */
  async select({ codes, ...selection }: Selection, { offset, limit }: Slice): Promise<readonly Concept[]> {
    if (codes === undefined) throw tooCostly("concepts");
    const isMeant = selector(selection, {
      above: () => new Set(),
      spelled: (code) => this.one(code)[0]?.code ?? code,
      words: ({ code, display, designations }) =>
        wordsOf(code, [display ?? "", ...designations.map(({ value }) => value)]),
    });
    const found = codes.flatMap((code) => this.one(code)).filter(isMeant);
    return found.slice(offset, offset + limit);
  }

  async count(selection: Selection): Promise<number> {
    return (await this.select(selection, { offset: 0, limit: Number.POSITIVE_INFINITY })).length;
  }

  async codes(selection: Selection, limit: number): Promise<readonly string[]> {
    return (await this.select(selection, { offset: 0, limit })).map(({ code }) => code);
  }

  async ancestors(codes: readonly string[]): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
    return new Map([...(await this.find(codes)).keys()].map((code) => [code, new Set<string>()]));
  }

  private one(code: string): Concept[] {
    const known = code.length > LONGEST ? undefined : this.knows(code);
    if (known === undefined) return [];
    const { display, swedish } = known;
    const designations: Designation[] =
      swedish === undefined || swedish === display ? [] : [{ language: "sv", value: swedish }];
    const said = { code: known.code, display, designations, definition: undefined };
    return [{ ...said, active: true, abstract: false, parents: [], properties: [] }];
  }
}

/**
 * A well-formed tag. That its two-letter language, script and region exist is known to the runtime; of the thousands of
 * three-letter languages it names but some.
 */
function tagOf(code: string): Known | undefined {
  const { language, script, region } = TAG.exec(code)?.groups ?? {};
  if (language === undefined) return undefined;
  const [canonical = code] = canonicalTags(code);
  if (language.length === 2 && named("language", language) === undefined) return undefined;
  if (script !== undefined && named("script", script) === undefined) return undefined;
  if (region !== undefined && named("region", region.toUpperCase()) === undefined) return undefined;
  return { code: canonical, display: named("language", canonical), swedish: named("language", canonical, "sv") };
}

/** The tag with its letters as they are written, which is how it is compared. */
function canonicalTags(code: string): readonly string[] {
  try {
    return Intl.getCanonicalLocales(code).filter((one) => one.toLowerCase() === code.toLowerCase());
  } catch {
    return []; // well-formed, but no locale: it stays as it came
  }
}

const names = new Map<string, Intl.DisplayNames>();

function named(type: "language" | "script" | "region", code: string, language = "en"): string | undefined {
  const key = `${language} ${type}`;
  const known = names.get(key) ?? new Intl.DisplayNames([language], { type, fallback: "none" });
  names.set(key, known);
  try {
    return known.of(code);
  } catch {
    return undefined;
  }
}

const lists = new Map<string, ReadonlyMap<string, string | undefined>>();

/** The codes that one of R4's value sets lists, with their displays. */
function listed(name: string): ReadonlyMap<string, string | undefined> {
  let known = lists.get(name);
  if (known === undefined) {
    const text = hl7Text("ValueSet", VALUE_SET + name);
    const { compose } = text === undefined ? ({} as Partial<ValueSet>) : parsedHl7<"ValueSet">(text);
    const concepts = compose?.include.flatMap(({ concept }) => concept ?? []) ?? [];
    known = new Map(concepts.map(({ code, display }) => [code, display]));
    lists.set(name, known);
  }
  return known;
}

function unitKnown(code: string): Known | undefined {
  const common = listed("ucum-common");
  return common.has(code) || unitOf(code) !== undefined ? { code, display: common.get(code) } : undefined;
}

function countryOf(code: string): Known | undefined {
  const countries = listed("iso3166-1-2");
  return countries.has(code) ? { code, display: countries.get(code), swedish: named("region", code, "sv") } : undefined;
}
