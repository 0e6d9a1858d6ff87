/**
 * What can be wrong with a resource, in words. `{0}` is a name from the definitions, never a value.
 *
 * SPEC FHIR-VALID · https://hl7.org/fhir/R4/validation.html
 */
import type { IssueCode } from "../outcome-catalogue.ts";

export interface Fault {
  readonly code: IssueCode;
  /** An error unless told. */
  readonly severity?: "error" | "warning";
  readonly sv: string;
  readonly en: string;
}

export const FAULTS = {
  typeMissing: { code: "required", sv: "resourceType saknas.", en: "resourceType is missing." },
  typeUnknown: {
    code: "structure",
    sv: "Resurstypen finns inte i FHIR R4.",
    en: "There is no such resource type in FHIR R4.",
  },
  unknown: { code: "structure", sv: "Elementet finns inte här i FHIR R4.", en: "FHIR R4 has no such element here." },
  notObject: { code: "structure", sv: "Här ska stå ett objekt.", en: "Expected an object here." },
  notList: { code: "structure", sv: "Här ska stå en lista.", en: "Expected a list here." },
  notSingle: {
    code: "structure",
    sv: "Här får bara stå ett värde, inte en lista.",
    en: "Only one value may stand here, not a list.",
  },
  notPrimitive: {
    code: "structure",
    sv: "Här ska stå ett enkelt värde av typen {0}.",
    en: "Expected a plain value of type {0} here.",
  },
  empty: {
    code: "structure",
    sv: "Elementet får inte vara tomt. Utelämna det i stället.",
    en: "An element may not be empty. Leave it out instead.",
  },
  misaligned: {
    code: "structure",
    sv: "Listan med värden och listan med deras tillägg ska vara lika långa.",
    en: "The list of values and the list of their extensions must be equally long.",
  },
  missing: { code: "required", sv: "Elementet är obligatoriskt.", en: "This element is mandatory." },
  choice: {
    code: "structure",
    sv: "Bara en av varianterna av {0} får anges.",
    en: "Only one of the forms of {0} may be given.",
  },
  format: { code: "value", sv: "Värdet är inte ett giltigt {0}.", en: "The value is not a valid {0}." },
  code: {
    code: "code-invalid",
    sv: "Koden finns inte i värdemängden {0}.",
    en: "The code is not in the value set {0}.",
  },
  target: { code: "value", sv: "Hänvisningen får bara gå till {0}.", en: "The reference may only point at {0}." },
  reference: { code: "value", sv: "Hänvisningen går inte att tolka.", en: "The reference cannot be understood." },
  fragment: {
    code: "invariant",
    sv: "Hänvisningen går till en inbäddad resurs som inte finns (ref-1).",
    en: "The reference points at a contained resource that is not there (ref-1).",
  },
  nested: {
    code: "invariant",
    sv: "En inbäddad resurs får inte själv ha inbäddade resurser (dom-2).",
    en: "A contained resource may not contain resources itself (dom-2).",
  },
  unused: {
    code: "invariant",
    sv: "En inbäddad resurs ska hänvisas till, eller själv hänvisa till resursen som den ligger i (dom-3).",
    en: "A contained resource is referred to, or refers to the resource that it lies in (dom-3).",
  },
  extension: {
    code: "invariant",
    sv: "Ett tillägg (extension) ska ha antingen ett värde eller egna tillägg (ext-1).",
    en: "An extension has either a value or extensions of its own (ext-1).",
  },
  narrative: {
    code: "invariant",
    sv: "Texten är inte tillåten XHTML: {0}.",
    en: "The narrative is not permitted XHTML: {0}.",
  },
  more: {
    code: "incomplete",
    sv: "Det finns fler fel än de som räknas upp här.",
    en: "There are more faults than are listed here.",
  },
} as const satisfies Record<string, Fault>;
