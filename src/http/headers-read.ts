/**
 * Conditional reads: whether the caller already has what would be answered. The tag decides when there is one; a date is
 * only as fine as a second, so it cannot tell two versions of the same second apart.
 *
 * SPEC HTTP-CONDITION · https://hl7.org/fhir/R4/http.html#cread · RFC 9110 section 13
 */
import type { FastifyRequest } from "fastify";
import { header } from "./headers.ts";

/** What a reading request, or entry of a bundle, is conditional on. */
export type ReadCondition = {
  /** The text of If-None-Match: `*`, or tags with commas between them. */
  readonly tags?: string;
  /** Milliseconds since 1970: what has not been changed after this is not sent again. */
  readonly since?: number;
};

const TAG = /(?:W\/)?"([^"]*)"/g;
const HTTP_DATE =
  /^(?:\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT|\w{6,9}, \d\d-\w{3}-\d\d \d\d:\d\d:\d\d GMT|\w{3} \w{3} [ \d]\d \d\d:\d\d:\d\d \d{4})$/;

/** The conditions in the headers. A date that is none is passed over, as HTTP says. */
export function readConditionOf(request: FastifyRequest): ReadCondition {
  const date = header(request, "if-modified-since")?.trim() ?? "";
  const second = HTTP_DATE.test(date) ? Date.parse(date.endsWith("GMT") ? date : `${date} GMT`) : Number.NaN;
  return {
    tags: header(request, "if-none-match"),
    since: Number.isNaN(second) ? undefined : second + 999, // all of the second that it names
  };
}

/** True when the version is one that the caller has; `lastUpdated` is an ISO instant. */
export function isNotModified({ tags, since }: ReadCondition, version: number, lastUpdated: string): boolean {
  if (tags !== undefined)
    return tags.trim() === "*" || [...tags.matchAll(TAG)].some(([, tag]) => tag === String(version));
  return since !== undefined && Date.parse(lastUpdated) <= since;
}
