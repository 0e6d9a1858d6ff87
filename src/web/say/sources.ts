/**
 * Where a piece of information comes from: the care unit that owns it, who wrote it and that person's profession.
 * Every row on every screen shows it; what is not recorded is said to be unknown, never left blank.
 *
 * SPEC WEB-SOURCE · PDL 3 kap. 6 § 5 (who recorded it) · ux.md section 10
 */
import type { CodeableConcept, FhirResource, PractitionerRole, Reference, Resource } from "fhir/r4";
import { filled, sayConcept, sayReferenceTo, target, typeOf, type Beside } from "./concepts.ts";

export type Source = {
  readonly unit: string | undefined;
  readonly author: string | undefined;
  readonly profession: string | undefined;
};
type Loose = Readonly<Record<string, unknown>>;

/** Elements that point to the unit itself, best first; then those that point to people, who may carry their unit. */
const UNIT_ELEMENTS = [
  "custodian",
  "serviceProvider",
  "performer",
  "managingOrganization",
  "author",
  "recorder",
  "requester",
  "asserter",
  "informationSource",
  "participant",
] as const;
const PERSON_ELEMENTS = [
  "author",
  "recorder",
  "performer",
  "requester",
  "asserter",
  "participant",
  "resultsInterpreter",
  "informationSource",
] as const;
/** Titles and the profession they belong to, the more particular first. */
const PROFESSIONS: readonly (readonly [RegExp, string])[] = [
  [/undersköterska/, "undersköterska"],
  [/barnmorska/, "barnmorska"],
  [/läkare/, "läkare"],
  [/sköterska/, "sjuksköterska"],
  [/fysioterapeut|sjukgymnast/, "fysioterapeut"],
  [/arbetsterapeut/, "arbetsterapeut"],
  [/biomedicinsk/, "biomedicinsk analytiker"],
  [/sekreterare|vårdadministratör/, "medicinsk sekreterare"],
];
const OWNER_EXTENSION = /care-?unit|vardenhet/i;

/** The unit, author and profession of a resource, as far as they are recorded. */
export function sourceOf(resource: FhirResource, beside: Beside): Source {
  const people = referencesIn(resource, PERSON_ELEMENTS).filter(isPerson);
  const role = people.map((one) => roleBehind(one, beside)).find(Boolean);
  const author = people.map((one) => sayReferenceTo(one, beside)).find(Boolean);
  return {
    unit: unitOf(resource, beside),
    author,
    profession: (role && sayConcept(firstWords(role))) ?? professionIn(author),
  };
}

/** The care unit in words: the one the resource names itself, else its owner, else its author's or its contact's. */
export function unitOf(resource: FhirResource, beside: Beside): string | undefined {
  const references = referencesIn(resource, UNIT_ELEMENTS);
  const named = references.filter((one) => typeOf(one) === "Organization").map((one) => sayReferenceTo(one, beside));
  const roles = references.map((one) => roleBehind(one, beside));
  const authors = roles.map((role) => role && sayReferenceTo(role.organization, beside));
  return named.find(Boolean) ?? ownerUnit(resource, beside) ?? authors.find(Boolean) ?? contactUnit(resource, beside);
}

/** The owning care unit as the server says it, else as the resource carries it. */
function ownerUnit(resource: FhirResource, beside: Beside): string | undefined {
  const told = beside.units[`${resource.resourceType}/${resource.id}`];
  if (told !== undefined) return told;
  const owned = [...extensionsOf(resource.meta), ...extensionsOf(resource)].find((one) =>
    OWNER_EXTENSION.test(one.url),
  );
  return owned?.valueString ?? sayReferenceTo(owned?.valueReference, beside);
}

/** The unit of the contact that it was recorded in. */
function contactUnit(resource: FhirResource, beside: Beside): string | undefined {
  const reference = (resource as unknown as Loose)["encounter"] as Reference | undefined;
  const contact = target(reference, beside) as { readonly serviceProvider?: Reference } | undefined;
  return contact && sayReferenceTo(contact.serviceProvider, beside);
}

/** "Anna Ek, Överläkare, kirurgi" names the title; its profession is what one filters by. */
function professionIn(author: string | undefined): string | undefined {
  const title = author?.split(", ").slice(1).join(", ").toLowerCase();
  return title ? (PROFESSIONS.find(([words]) => words.test(title))?.[1] ?? filled(title)) : undefined;
}

function extensionsOf(
  holder: unknown,
): readonly { readonly url: string; readonly valueString?: string; readonly valueReference?: Reference }[] {
  return ((holder as Loose | undefined)?.["extension"] as ReturnType<typeof extensionsOf> | undefined) ?? [];
}

function referencesIn(resource: FhirResource, elements: readonly string[]): readonly Reference[] {
  // Who a request is for has not written it.
  const own = resource.resourceType === "ServiceRequest" ? elements.filter((one) => one !== "performer") : elements;
  return own.flatMap((element) => many((resource as unknown as Loose)[element]).flatMap(referencesOf));
}

/** A reference, or the references one step inside (Encounter.participant.individual, Immunization.performer.actor). */
function referencesOf(value: unknown): readonly Reference[] {
  const holder = (value ?? {}) as Loose;
  const inner = [holder["individual"], holder["actor"], holder["member"]].filter(Boolean) as Reference[];
  return "reference" in holder || "display" in holder ? [holder, ...inner] : inner;
}

function roleBehind(reference: Reference, beside: Beside): PractitionerRole | undefined {
  const found: Resource | undefined = target(reference, beside);
  if (found?.resourceType === "PractitionerRole") return found as PractitionerRole;
  if (found?.resourceType !== "Practitioner") return undefined;
  const own = `Practitioner/${found.id}`;
  return [...beside.resources.values()].find(
    (one): one is PractitionerRole =>
      one.resourceType === "PractitionerRole" && (one as PractitionerRole).practitioner?.reference === own,
  );
}

function isPerson(reference: Reference): boolean {
  const type = typeOf(reference);
  return (
    type === undefined ||
    type === "Practitioner" ||
    type === "PractitionerRole" ||
    type === "Patient" ||
    type === "RelatedPerson"
  );
}

function firstWords(role: PractitionerRole): CodeableConcept | undefined {
  return (role.code ?? []).find((one) => filled(sayConcept(one))) ?? role.specialty?.[0];
}

function many(value: unknown): readonly unknown[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}
