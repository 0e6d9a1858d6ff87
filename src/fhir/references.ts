/**
 * What a reference's text points at: a resource here or elsewhere, something contained, the answer to
 * a search, or anything else (a urn:uuid, a canonical url).
 *
 * SPEC FHIR-REF · https://hl7.org/fhir/R4/references.html#literal
 */
import { isResourceType, type ResourceType } from "./resource-types.ts";

export type ParsedReference =
  | {
      readonly kind: "resource";
      readonly type: ResourceType;
      readonly id: string;
      readonly version?: string;
      /** The service that has it, ending in "/"; absent for a reference relative to this one. */
      readonly base?: string;
    }
  | { readonly kind: "fragment"; readonly id: string }
  | { readonly kind: "conditional"; readonly type: ResourceType; readonly query: string }
  | { readonly kind: "other"; readonly uri: string };

const RESOURCE =
  /^(https?:\/\/[^\s?#]+\/)?([A-Z][A-Za-z]+)\/([A-Za-z0-9\-.]{1,64})(?:\/_history\/([A-Za-z0-9\-.]{1,64}))?$/;
const CONDITIONAL = /^([A-Z][A-Za-z]+)\?(.+)$/s;
const ID = /^[A-Za-z0-9\-.]{1,64}$/;

/** True for a text that may be a resource's id or version. */
export function isFhirId(text: unknown): text is string {
  return typeof text === "string" && ID.test(text);
}

/** Reads a reference; never fails, what is not understood is `other`. `#` alone has the id "". */
export function parseReference(text: string): ParsedReference {
  if (text.startsWith("#")) return { kind: "fragment", id: text.slice(1) };
  return resourceReference(text) ?? conditionalReference(text) ?? { kind: "other", uri: text };
}

function resourceReference(text: string): ParsedReference | undefined {
  const [, base, type, id, version] = RESOURCE.exec(text) ?? [];
  if (!isResourceType(type) || id === undefined) return undefined;
  return { kind: "resource", type, id, ...(version && { version }), ...(base && { base }) };
}

function conditionalReference(text: string): ParsedReference | undefined {
  const [, type, query] = CONDITIONAL.exec(text) ?? [];
  return isResourceType(type) && query ? { kind: "conditional", type, query } : undefined;
}
