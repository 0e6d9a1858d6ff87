/**
 * A note (Composition) or document (DocumentReference) as the list and the reader need it, and whether it is signed.
 * Unsigned is anything that has not been attested, and it is marked wherever it is shown.
 *
 * SPEC WEB-NOTE · PDL 3 kap. 10 § (signering)
 */
import type { Composition, CompositionSection, DocumentReference } from "fhir/r4";
import { sayConcept, type Beside } from "./concepts.ts";
import { millis } from "./dates.ts";
import { plainText } from "./plain-text.ts";
import { sourceOf, type Source } from "./sources.ts";

export type Signing = "signed" | "unsigned" | "amended" | "mistaken";
export type Note = Source & {
  readonly id: string;
  readonly title: string | undefined;
  readonly type: string | undefined;
  readonly when: string | undefined;
  readonly ms: number;
  readonly signing: Signing;
  readonly words: string;
  readonly resource: Composition | DocumentReference;
};

/** The note in the list; its words are everything that can be searched. */
export function noteOf(resource: Composition | DocumentReference, beside: Beside): Note {
  const source = sourceOf(resource, beside);
  const type = sayConcept(resource.type);
  const title =
    resource.resourceType === "Composition"
      ? resource.title
      : (resource.description ?? resource.content[0]?.attachment.title); // a name for the list; all attachments are in the reader
  const body =
    resource.resourceType === "Composition"
      ? allSections(resource.section)
          .map((one) => `${one.title ?? ""} ${plainText(one.text?.div ?? "")}`)
          .join(" ")
      : "";
  return {
    ...source,
    id: `${resource.resourceType}/${resource.id}`,
    title: title ?? type,
    type,
    when: resource.date,
    ms: millis(resource.date) ?? 0,
    signing: signingOf(resource),
    words: [title, type, source.unit, source.author, body].filter(Boolean).join(" ").toLowerCase(),
    resource,
  };
}

/** The number of the version that is shown. */
export function versionOf({ resource }: Note): number {
  return Number(resource.meta?.versionId ?? 0);
}

/** Signed means attested by a person in a professional or legal capacity, or a document marked final. */
export function signingOf(resource: Composition | DocumentReference): Signing {
  const status = resource.resourceType === "Composition" ? resource.status : (resource.docStatus ?? "final");
  if (status === "entered-in-error" || resource.status === "entered-in-error") return "mistaken";
  if (status === "preliminary") return "unsigned";
  if (resource.resourceType === "DocumentReference") return status === "amended" ? "amended" : "signed";
  const isAttested = (resource.attester ?? []).some(
    (one) =>
      (one.mode === "legal" || one.mode === "professional") && (one.time !== undefined || one.party !== undefined),
  );
  if (!isAttested) return "unsigned";
  return status === "amended" ? "amended" : "signed";
}

/** Sections with their subsections, in reading order. */
export function allSections(sections: readonly CompositionSection[] | undefined): readonly CompositionSection[] {
  return (sections ?? []).flatMap((section) => [section, ...allSections(section.section)]);
}
