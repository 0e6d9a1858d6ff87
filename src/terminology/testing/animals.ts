/** A small code system with two parents for one concept, languages, an inactive and an abstract concept. */
import type { CodeSystem, ConceptMap, ValueSet } from "fhir/r4";

export const ANIMALS = "http://example.com/animals";

export const animals: CodeSystem = {
  resourceType: "CodeSystem",
  id: "animals",
  url: ANIMALS,
  version: "1",
  name: "Animals",
  status: "active",
  content: "complete",
  language: "sv",
  hierarchyMeaning: "is-a",
  property: [
    { code: "legs", type: "integer" },
    { code: "over", type: "code", uri: "http://hl7.org/fhir/concept-properties#parent" },
    { code: "inactive", type: "boolean" },
    { code: "notSelectable", type: "boolean" },
  ],
  concept: [
    {
      code: "animal",
      display: "Djur",
      property: [{ code: "notSelectable", valueBoolean: true }],
      concept: [
        {
          code: "dog",
          display: "Hund",
          definition: "Människans bästa vän",
          designation: [
            { language: "en", value: "Dog" },
            { language: "sv", use: { code: "synonym" }, value: "Jycke" },
          ],
          property: [{ code: "legs", valueInteger: 4 }],
          concept: [
            { code: "poodle", display: "Pudel", property: [{ code: "over", valueCode: "curly" }] },
            { code: "old-dog", display: "Urhund", property: [{ code: "inactive", valueBoolean: true }] },
          ],
        },
        { code: "cat", display: "Katt", property: [{ code: "legs", valueInteger: 4 }] },
        { code: "eagle", display: "Örn", property: [{ code: "legs", valueInteger: 2 }] },
      ],
    },
    { code: "curly", display: "Lockig" },
  ],
};

export function valueSet(id: string, compose: ValueSet["compose"]): ValueSet {
  return {
    resourceType: "ValueSet",
    id,
    url: `http://example.com/vs/${id}`,
    status: "active",
    ...(compose === undefined ? {} : { compose }),
  };
}

export const toPlants: ConceptMap = {
  resourceType: "ConceptMap",
  id: "map",
  url: "http://example.com/map",
  status: "active",
  sourceUri: "http://example.com/vs/all",
  targetUri: "http://example.com/vs/plants",
  group: [
    {
      source: ANIMALS,
      target: "http://example.com/plants",
      element: [
        { code: "dog", target: [{ code: "dogwood", display: "Kornell", equivalence: "wider" }] },
        { code: "cat", target: [{ equivalence: "unmatched", comment: "none" }] },
        { code: "eagle", target: [{ code: "eagle-fern", equivalence: "inexact" }] },
      ],
      unmapped: { mode: "fixed", code: "plant", display: "Växt" },
    },
  ],
};
