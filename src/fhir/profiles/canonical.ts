/** Addresses of definitions: `url|version`, and R4's own. SPEC FHIR-PROFILE · https://hl7.org/fhir/R4/references.html#canonical */
import { elementsOf } from "../elements.ts";
import { primitiveOf } from "../validation/primitives.ts";

const CORE = "http://hl7.org/fhir/StructureDefinition/";

/** `url|version` as its parts. */
export function partsOf(canonical: string): { readonly url: string; readonly version: string | undefined } {
  const at = canonical.indexOf("|");
  return at < 0
    ? { url: canonical, version: undefined }
    : { url: canonical.slice(0, at), version: canonical.slice(at + 1) };
}

/** The type that an address of R4 itself means (`Patient`, `Quantity`), or nothing. */
export function coreType(canonical: string): string | undefined {
  if (!canonical.startsWith(CORE)) return undefined;
  const name = partsOf(canonical).url.slice(CORE.length);
  if (QUANTITIES.has(name)) return "Quantity";
  const isType = ABSTRACT.has(name) || elementsOf(name) !== undefined || primitiveOf(name) !== undefined;
  return isType ? name : undefined;
}

/** Types that only others are. */
export const ABSTRACT: ReadonlySet<string> = new Set(["Resource", "DomainResource", "Element", "BackboneElement"]);

/** R4's own profiles of Quantity, which it uses like types. */
const QUANTITIES: ReadonlySet<string> = new Set(["SimpleQuantity", "MoneyQuantity"]);
