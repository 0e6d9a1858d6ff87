/**
 * Whose what R4's patient compartment leaves out is: a document is about the subject of its Composition, and content that is
 * kept on a patient's terms (Binary.securityContext) is that patient's. They stay outside the compartment, and belong to the
 * patient all the same: in the access log, under blocks, on the patient's shard.
 *
 * SPEC SEARCH-PAT-4 · https://hl7.org/fhir/R4/documents.html · https://hl7.org/fhir/R4/binary.html#security
 */
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from "../fhir/index.ts";
import { localTarget } from "./references.ts";

/** How a resource of a type that is outside the compartment names its patient. */
const BESIDE: Readonly<Record<string, (resource: JsonObject, base: string | undefined) => JsonValue | undefined>> = {
  Bundle: subjectOfDocument,
  Binary: ({ securityContext }) => referenceOf(securityContext),
};

/** True for a type outside the compartment whose resources may be a patient's. */
export function mayBeBeside(type: string): boolean {
  return Object.hasOwn(BESIDE, type);
}

/** The patient here that such a resource belongs to. */
export function patientBeside(type: string, resource: JsonObject, base: string | undefined): string | undefined {
  const reference = BESIDE[type]?.(resource, base);
  const target = typeof reference === "string" ? localTarget(reference, base) : undefined;
  return target?.startsWith("Patient/") === true ? target.slice("Patient/".length) : undefined;
}

/**
 * The subject of the Composition that a document begins with. A name of one of its entries (`urn:uuid:…`) is no patient here,
 * nor is anything in a document that was put together elsewhere.
 */
function subjectOfDocument({ type, entry }: JsonObject, base: string | undefined): JsonValue | undefined {
  const first = type === "document" && isJsonArray(entry) ? entry[0] : undefined;
  if (!isJsonObject(first) || isElsewhere(first["fullUrl"], base)) return undefined;
  const { resource } = first;
  return isJsonObject(resource) && resource["resourceType"] === "Composition"
    ? referenceOf(resource["subject"])
    : undefined;
}

function isElsewhere(fullUrl: JsonValue | undefined, base: string | undefined): boolean {
  return typeof fullUrl === "string" && /^https?:/i.test(fullUrl) && localTarget(fullUrl, base) === undefined;
}

function referenceOf(value: JsonValue | undefined): JsonValue | undefined {
  return isJsonObject(value) ? value["reference"] : undefined;
}
