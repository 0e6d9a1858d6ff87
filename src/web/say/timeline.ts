/**
 * One line of the timeline for any kind of resource: when, what kind, what it says in short, who and which unit,
 * and the words that free-text search looks in. A kind that is not known here is still shown, by its type's name.
 *
 * SPEC WEB-TIME · ux.md section 10, screen 4
 */
import type { CodeableConcept, DocumentReference, FhirResource, Period } from "fhir/r4";
import { sayReactions, saySubstance } from "./allergies.ts";
import { partsOf, sayParts } from "./analyses.ts";
import { sayConcept, sayConcepts, type Beside } from "./concepts.ts";
import { millis } from "./dates.ts";
import { medicationLine, type Prescribed } from "./medication.ts";
import { plainText } from "./plain-text.ts";
import { sourceOf, type Source } from "./sources.ts";

export type TimelineEntry = Source & {
  readonly id: string;
  readonly type: string;
  readonly when: string | undefined;
  readonly ms: number;
  readonly title: string | undefined;
  readonly summary: string | undefined;
  readonly status: string | undefined;
  readonly resource: FhirResource;
  /** Everything shown, folded, for free-text search. */
  readonly words: string;
};
type Loose = Readonly<Record<string, unknown>>;

const WHEN_ELEMENTS = [
  "effectiveDateTime",
  "effectivePeriod",
  "effectiveInstant",
  "performedDateTime",
  "performedPeriod",
  "occurrenceDateTime",
  "occurrencePeriod",
  "period",
  "start",
  "authoredOn",
  "date",
  "dateAsserted",
  "recordedDate",
  "onsetDateTime",
  "created",
  "issued",
  "sent",
  "recorded",
] as const;
const TITLE_ELEMENTS = [
  "title",
  "code",
  "vaccineCode",
  "type",
  "serviceType",
  "description",
  "reasonCode",
  "category",
] as const;
/** Elements whose plain text is a title; in others a plain text is a code, which is nothing to read. */
const WORDED: readonly string[] = ["title", "description"];

/** The line for one resource. */
export function timelineEntry(resource: FhirResource, beside: Beside): TimelineEntry {
  const loose = resource as unknown as Loose;
  const when = whenOf(loose);
  const said = say(resource, beside);
  const source = sourceOf(resource, beside);
  const words = [said.title, said.summary, source.unit, source.author, source.profession, when]
    .filter(Boolean)
    .join(" ")
    .toLowerCase();
  return {
    ...source,
    ...said,
    id: `${resource.resourceType}/${resource.id}`,
    type: resource.resourceType,
    when,
    ms: millis(when) ?? 0,
    status: typeof loose["status"] === "string" ? loose["status"] : undefined,
    resource,
    words,
  };
}

/** When it happened for the patient: the clinical time before the time of writing. */
export function whenOf(loose: Loose): string | undefined {
  for (const element of WHEN_ELEMENTS) {
    const value = loose[element];
    if (typeof value === "string") return value;
    const period = value as Period | undefined;
    if (period?.start ?? period?.end) return period?.start ?? period?.end;
  }
  return (loose["meta"] as { readonly lastUpdated?: string } | undefined)?.lastUpdated;
}

type Said = { readonly title: string | undefined; readonly summary: string | undefined };

function say(resource: FhirResource, beside: Beside): Said {
  switch (resource.resourceType) {
    case "Observation":
      return { title: sayConcept(resource.code), summary: sayObserved(resource) };
    case "MedicationRequest":
    case "MedicationStatement":
      return sayPrescribed(resource, beside);
    case "Composition":
      return {
        title: resource.title,
        summary: plainText(
          (resource.section ?? []).map((one) => `${one.title ?? ""} ${one.text?.div ?? ""}`).join(" "),
        ),
      };
    case "DiagnosticReport":
      return {
        title: sayConcept(resource.code),
        summary:
          resource.conclusion ??
          resource.result
            ?.map((one) => one.display)
            .filter(Boolean)
            .join(", "),
      };
    case "DocumentReference":
      return sayDocument(resource);
    case "Encounter":
      return { title: sayConcepts(resource.type) ?? resource.class.display, summary: sayConcepts(resource.reasonCode) };
    case "AllergyIntolerance":
      return { title: saySubstance(resource), summary: sayReactions(resource) };
    case "ServiceRequest":
      return {
        title: sayConcept(resource.code) ?? sayConcepts(resource.category),
        summary: sayConcepts(resource.reasonCode),
      };
    default:
      return { title: titleOf(resource as unknown as Loose), summary: notes(resource as unknown as Loose) };
  }
}

function sayObserved(observation: Extract<FhirResource, { resourceType: "Observation" }>): string | undefined {
  const parts = partsOf(observation);
  return (
    [sayParts(parts), parts.map((part) => part.value.unit).find(Boolean)].filter(Boolean).join("\u00a0") || undefined
  );
}

function sayDocument({ description, type, content }: DocumentReference): Said {
  const title = description ?? sayConcept(type);
  const attached = content.map((one) => one.attachment.title).filter((name) => name !== undefined && name !== title);
  return { title, summary: attached.join(", ") || undefined };
}

function sayPrescribed(prescribed: Prescribed, beside: Beside): Said {
  const line = medicationLine(prescribed, beside);
  const summary = [line.brand, line.strength, line.form, ...line.dosages, line.indication].filter(Boolean).join(" – ");
  return { title: line.substance, summary: summary || undefined };
}

function titleOf(loose: Loose): string | undefined {
  for (const element of TITLE_ELEMENTS) {
    const value = loose[element];
    const first = Array.isArray(value) ? (value[0] as unknown) : value; // a title only: the whole is on its own screen
    const words =
      typeof first === "string"
        ? WORDED.includes(element)
          ? first
          : undefined
        : sayConcept(first as CodeableConcept | undefined);
    if (words) return words;
  }
  return undefined;
}

function notes(loose: Loose): string | undefined {
  const written = (loose["note"] as readonly { readonly text?: string }[] | undefined) ?? [];
  return (
    written
      .map((one) => one.text)
      .filter(Boolean)
      .join(" ") || undefined
  );
}
