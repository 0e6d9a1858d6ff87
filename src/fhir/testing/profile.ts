/** Small profiles for tests, and what is told of a resource by them. */
import assert from "node:assert/strict";
import { ProfileSet, writeJson, type JsonObject } from "../index.ts";

export const URL = "urn:test:profile";

/** A definition with a differential; `more` may say another type, url, base or kind. */
export function definition(element: readonly JsonObject[], more: JsonObject = {}): JsonObject {
  return {
    resourceType: "StructureDefinition",
    url: URL,
    type: "Observation",
    derivation: "constraint",
    baseDefinition: "http://hl7.org/fhir/StructureDefinition/Observation",
    differential: { element: element.map((one) => ({ id: one["id"] ?? one["path"], ...one })) },
    ...more,
  };
}

export function observation(more: JsonObject = {}): JsonObject {
  return { resourceType: "Observation", meta: { profile: [URL] }, status: "final", code: { text: "x" }, ...more };
}

/** What is told of a resource, as `expression code`. */
export function told(definitions: readonly JsonObject[], resource: JsonObject, severity = "error"): string[] {
  return new ProfileSet(definitions)
    .judge(resource)
    .issues.filter((one) => one.severity === severity)
    .map(({ expression, code }) => `${expression} ${code}`);
}

export function check(
  definitions: readonly JsonObject[],
  right: readonly JsonObject[],
  wrong: readonly [JsonObject, ...string[]][],
): void {
  for (const one of right) assert.deepEqual(told(definitions, one), [], writeJson(one));
  for (const [one, ...expected] of wrong) assert.deepEqual(told(definitions, one), expected, writeJson(one));
}
