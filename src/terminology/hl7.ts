/**
 * The code systems, value sets and concept maps that R4 carries itself, which need not be stored: each a line of text
 * that is parsed when it is asked for.
 *
 * SPEC TERM-HL7 · https://hl7.org/fhir/R4/terminologies.html
 */
import type { CodeSystem, ConceptMap, ValueSet } from "fhir/r4";
import type { CanonicalType } from "../store/index.ts";
import { CODE_SYSTEMS, CONCEPT_MAPS, VALUE_SETS } from "./generated/hl7.ts";

type Resources = { readonly CodeSystem: CodeSystem; readonly ValueSet: ValueSet; readonly ConceptMap: ConceptMap };

const TEXTS = { CodeSystem: CODE_SYSTEMS, ValueSet: VALUE_SETS, ConceptMap: CONCEPT_MAPS } as const;
const URL_OF = /^\{"url":"([^"]+)"/;
const NESTED = '"concept":[';
const CHILD = '"code":"child","value';
const CODE = /"code":"([^"\\]+)"/g;

const lines = new Map<CanonicalType, ReadonlyMap<string, string>>();
let systemsByCode: ReadonlyMap<string, readonly string[]> | undefined;

/** The text of R4's own resource with the address, if there is one. */
export function hl7Text(type: CanonicalType, url: string): string | undefined {
  return linesOf(type).get(url);
}

/** R4's own resources of a type as texts, each with the id that its address ends with. */
export function hl7Texts(type: string): readonly (readonly [id: string, text: string])[] {
  if (!isCanonicalType(type)) return [];
  return [...linesOf(type)].map(([url, text]) => [(/[^/:]+$/.exec(url)?.[0] ?? "").replaceAll("|", "-"), text]);
}

function isCanonicalType(type: string): type is CanonicalType {
  return Object.hasOwn(TEXTS, type);
}

export function parsedHl7<T extends CanonicalType>(text: string): Resources[T] {
  return JSON.parse(text) as Resources[T];
}

/** R4's own code systems, with their versions. */
export function hl7Systems(): readonly { readonly url: string; readonly version: string }[] {
  return [...linesOf("CodeSystem")].map(([url, text]) => ({
    url,
    version: /"version":"([^"]*)"/.exec(text)?.[1] ?? "",
  }));
}

/** R4's own code systems that have a code, of those in which something lies below another: the rest have nothing to add. */
export function hl7SystemsWith(code: string): readonly string[] {
  systemsByCode ??= indexOfCodes();
  return systemsByCode.get(code) ?? [];
}

/** R4's own concept maps that have a group from (or, reversed, to) a code system. */
export function hl7MapsOf(system: string, reverse: boolean): readonly ConceptMap[] {
  const mark = `"${reverse ? "target" : "source"}":${JSON.stringify(system)}`;
  return [...linesOf("ConceptMap").values()].filter((text) => text.includes(mark)).map(parsedHl7<"ConceptMap">);
}

function linesOf(type: CanonicalType): ReadonlyMap<string, string> {
  let found = lines.get(type);
  if (found === undefined) {
    found = new Map(TEXTS[type].split("\n").map((line) => [URL_OF.exec(line)?.[1] ?? "", line]));
    lines.set(type, found);
  }
  return found;
}

/** Property definitions have codes too; whoever asks looks for the concept then, and finds none. */
function indexOfCodes(): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const [url, text] of linesOf("CodeSystem")) {
    const hasBelow = text.indexOf(NESTED) !== text.lastIndexOf(NESTED) || text.includes(CHILD);
    if (!hasBelow) continue;
    for (const code of new Set([...text.matchAll(CODE)].map(([, one]) => one ?? ""))) {
      const urls = found.get(code);
      if (urls === undefined) found.set(code, [url]);
      else urls.push(url);
    }
  }
  return found;
}
