/**
 * What the terminology service can do, and which code systems were taken in.
 *
 * SPEC HTTP-OP-5 · https://hl7.org/fhir/R4/terminologycapabilities.html
 */
import type { TerminologyCapabilities } from "fhir/r4";
import { hl7Systems } from "../../../terminology/index.ts";
import type { HttpOptions } from "../../options.ts";

/** The answer to `metadata?mode=terminology`. The list of code systems is no patient's and no secret. */
export async function terminologyCapabilities({ journal, version }: HttpOptions): Promise<TerminologyCapabilities> {
  const imported = await journal.store.read("", ({ terminology }) => terminology.allSystems());
  const known = new Set(imported.map(({ url }) => url));
  const own = hl7Systems().filter(({ url }) => !known.has(url));
  const systems = [...imported, ...own.map((one) => ({ ...one, language: "en" }))];
  return {
    resourceType: "TerminologyCapabilities",
    status: "active",
    date: journal.clock().toISOString(),
    publisher: "Eira",
    kind: "instance",
    software: { name: "Eira", version },
    implementation: { description: "Eira: one journal for a whole region", url: journal.base },
    codeSystem: [...new Set(systems.map(({ url }) => url))].map((url) => ({
      uri: url,
      version: systems.filter((one) => one.url === url).map((one) => ({ code: one.version, language: [one.language] })),
      subsumption: true,
    })),
    expansion: {
      hierarchical: true,
      paging: true,
      incomplete: false,
      parameter: EXPANSION_PARAMETERS.map((name) => ({ name })),
      textFilter: "Each word is the beginning of a word of a display or designation, or the beginning of the code.",
    },
    codeSearch: "all",
    validateCode: { translations: true },
    translation: { needsMap: false },
    closure: { translation: false },
  };
}

const EXPANSION_PARAMETERS = [
  "filter",
  "offset",
  "count",
  "includeDesignations",
  "includeDefinition",
  "activeOnly",
  "excludeNested",
  "displayLanguage",
  "property",
  "system-version",
];
