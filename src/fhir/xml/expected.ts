/** What was expected where XML could not be read, in words. SPEC FHIR-XML-6 */
import type { Phrase } from "../outcomes.ts";

export const EXPECTED = {
  characters: { sv: "tecken som XML tillåter", en: "characters that XML permits" },
  utf8: { sv: "teckenkodningen UTF-8", en: "the encoding UTF-8" },
  closed: { sv: "att det som påbörjats avslutas", en: "an end to what was begun" },
  noDeclaration: {
    sv: "varken dokumenttyp, CDATA eller andra deklarationer",
    en: "no document type, CDATA or other declaration",
  },
  element: { sv: "ett element; värden står i attributet value", en: "an element; values stand in the attribute value" },
  name: { sv: "ett namn", en: "a name" },
  attribute: { sv: "ett attribut eller slutet av taggen", en: "an attribute or the end of the tag" },
  quoted: { sv: "ett värde inom citattecken", en: "a value in quotes" },
  once: { sv: "varje attribut bara en gång", en: "each attribute only once" },
  reference: { sv: "ett känt tecken efter &", en: "a known character after &" },
  end: { sv: "elementets sluttagg", en: "the end tag of the element" },
  documentEnd: { sv: "ingenting mer efter resursen", en: "nothing more after the resource" },
  resource: { sv: "en resurs", en: "a resource" },
  namespace: {
    sv: "namnrymden http://hl7.org/fhir, utan prefix",
    en: "the namespace http://hl7.org/fhir, without a prefix",
  },
  known: { sv: "ett element som FHIR R4 har här", en: "an element that FHIR R4 has here" },
  order: {
    sv: "elementen i den ordning som FHIR R4 anger",
    en: "the elements in the order that FHIR R4 gives",
  },
  single: { sv: "elementet bara en gång", en: "this element only once" },
  knownAttribute: { sv: "bara attribut som FHIR R4 har här", en: "only attributes that FHIR R4 has here" },
  shallow: { sv: "färre nivåer", en: "less nesting" },
} as const satisfies Record<string, Phrase>;
