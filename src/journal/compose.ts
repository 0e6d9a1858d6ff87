/**
 * The text of a version: the resource as it came, its numbers as written, with the server's id, version and time in it.
 *
 * SPEC JRN-TEXT · https://hl7.org/fhir/R4/resource.html#Meta
 */
import { isoLocal } from "../base/index.ts";
import { isJsonObject, writeJson, type JsonObject } from "../fhir/index.ts";

/** The stored text of one version. `lastUpdated` is an ISO instant. */
export function composeVersion(resource: JsonObject, id: string, version: number, lastUpdated: string): string {
  return writeJson(withServerMeta(resource, id, version, lastUpdated));
}

/** The resource with id and meta of the server first, as people expect to read it. */
export function withServerMeta(resource: JsonObject, id: string, version: number, lastUpdated: string): JsonObject {
  const { resourceType, id: _id, meta, ...rest } = resource;
  const given = isJsonObject(meta) ? meta : {};
  const { versionId: _v, lastUpdated: _l, ...keptMeta } = given;
  return { resourceType, id, meta: { versionId: String(version), lastUpdated, ...keptMeta }, ...rest };
}

/** A moment as the database takes it, and as a resource's text shows it. */
export function momentOf(now: Date): { readonly changed: string; readonly lastUpdated: string } {
  return { changed: now.toISOString(), lastUpdated: isoLocal(now.getTime()) };
}

const LAST_UPDATED = /"lastUpdated":"([^"]+)"/;

/** The server's time in a stored text; it stands first in the text's meta. */
export function lastUpdatedOf(content: string): string {
  return LAST_UPDATED.exec(content)?.[1] ?? "";
}

/** True when the resource says what the stored version says already. */
export function isUnchanged(
  resource: JsonObject,
  id: string,
  current: { readonly version: number; readonly content: string },
): boolean {
  return composeVersion(resource, id, current.version, lastUpdatedOf(current.content)) === current.content;
}
