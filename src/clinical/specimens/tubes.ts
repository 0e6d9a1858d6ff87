/**
 * Which tubes the laboratory wants for what: the region's SpecimenDefinitions, each a tube with its cap, its place in the order of drawing,
 * and the analyses and panels that are made from it. Data, not code: a laboratory that changes a tube changes a resource.
 *
 * SPEC CLIN-SPECIMEN-1 · https://hl7.org/fhir/R4/specimendefinition.html
 */
import { listOf, objectOf, parseJson, type JsonObject, type JsonValue } from "../../fhir/index.ts";
import { searchResources, type Visit } from "../../journal/index.ts";
import { nameIn, textIn } from "../said.ts";

export const TUBE_SYSTEM = "urn:eira:provtagning:ror";
const FOR_URL = "urn:eira:provtagning:analys";
const RANK_URL = "urn:eira:provtagning:ordning";
const WITHIN_URL = "urn:eira:provtagning:inom";

export type Tube = {
  readonly code: string;
  readonly title: string;
  /** The colour of its cap in words. */
  readonly cap: string | null;
  readonly material: string | null;
  readonly how: string | null;
  /** The lower the earlier it is drawn. */
  readonly rank: number;
};
/** One that an analysis or panel is made from, and within how many minutes the laboratory is to have it. */
export type TubeFor = { readonly tube: Tube; readonly within: number };
/** The tubes by `system|code` of what is ordered, and by its name. */
export type TubeCatalogue = ReadonlyMap<string, readonly TubeFor[]>;

/** What the catalogue does not know is collected as its laboratory says, and is missed after four hours. */
export const UNKNOWN_TUBE: Tube = {
  code: "okant",
  title: "Rör enligt laboratoriets anvisning",
  cap: null,
  material: null,
  how: "Röret finns inte i katalogen. Fråga laboratoriet.",
  rank: 99,
};
export const USUAL_WITHIN = 240;
const UNKNOWN: TubeFor = { tube: UNKNOWN_TUBE, within: USUAL_WITHIN };
const MOST = "500";

/** The region's tubes. */
export async function tubeCatalogue(visit: Visit): Promise<TubeCatalogue> {
  const { value } = await searchResources(visit, "SpecimenDefinition", [["_count", MOST]]);
  const found = new Map<string, TubeFor[]>();
  for (const { content } of value.rows) addTo(found, parseJson(content) as JsonObject);
  return found;
}

function addTo(found: Map<string, TubeFor[]>, definition: JsonObject): void {
  const tube = tubeIn(definition);
  if (tube === undefined) return;
  const usual = numberIn(extensionsOf(definition, WITHIN_URL)[0]) ?? USUAL_WITHIN; // a tube has one
  for (const analysis of extensionsOf(definition, FOR_URL)) {
    const concept = objectOf(extensionsOf(analysis, "kod")[0])["valueCodeableConcept"];
    const within = numberIn(extensionsOf(analysis, "inom")[0]) ?? usual;
    for (const key of keysOf(concept)) found.set(key, [...(found.get(key) ?? []), { tube, within }]);
  }
}

function tubeIn(definition: JsonObject): Tube | undefined {
  const container = objectOf(objectOf(listOf(definition["typeTested"])[0])["container"]); // one for what is tested
  const coding = listOf(objectOf(container["type"])["coding"]).map(objectOf).find(({ system }) => system === TUBE_SYSTEM); // prettier-ignore
  const code = textIn(coding?.["code"]);
  if (code === undefined) return undefined;
  return {
    code,
    title: textIn(coding?.["display"]) ?? code,
    cap: nameIn(container["cap"]) ?? null,
    material: nameIn(definition["typeCollected"]) ?? null,
    how: textIn(container["description"]) ?? null,
    rank: numberIn(extensionsOf(definition, RANK_URL)[0]) ?? UNKNOWN_TUBE.rank,
  };
}

/**
 * The tubes of what a request asks for: of its code, and of each analysis that the order says the panel consists of. The unknown one where
 * the catalogue has none for the whole, nor for every part of it.
 */
export function tubesFor(catalogue: TubeCatalogue, { code, orderDetail }: JsonObject): readonly TubeFor[] {
  const known = (concept: JsonValue | undefined): readonly TubeFor[] =>
    keysOf(concept).flatMap((key) => catalogue.get(key) ?? []);
  const [whole, parts] = [known(code), listOf(orderDetail).map(known)];
  const isUnknown = whole.length === 0 && (parts.length === 0 || parts.some((tubes) => tubes.length === 0));
  const once = new Map<string, TubeFor>();
  for (const { tube, within } of [...whole, ...parts.flat(), ...(isUnknown ? [UNKNOWN] : [])])
    once.set(tube.code, { tube, within: Math.min(within, once.get(tube.code)?.within ?? within) });
  return [...once.values()];
}

function keysOf(concept: JsonValue | undefined): readonly string[] {
  const { coding, text } = objectOf(concept);
  const codes = listOf(coding)
    .map(objectOf)
    .flatMap(({ system, code }) => (typeof code === "string" ? [`${textIn(system) ?? ""}|${code}`] : []));
  return [...codes, ...(codes.length === 0 && typeof text === "string" ? [`text ${text}`] : [])];
}

function extensionsOf({ extension }: JsonObject, url: string): readonly JsonObject[] {
  return listOf(extension)
    .map(objectOf)
    .filter((one) => one["url"] === url);
}

function numberIn(extension: JsonObject | undefined): number | undefined {
  const value = extension?.["valueInteger"] ?? extension?.["valuePositiveInt"];
  const number = Number(value);
  return Number.isInteger(number) && number > 0 ? number : undefined;
}
