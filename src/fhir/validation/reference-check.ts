/**
 * References: the text can be understood, what it names is of a type that may stand there, and a
 * fragment finds its contained resource. Whether the target exists is the journal's question.
 *
 * SPEC FHIR-TARGET · https://hl7.org/fhir/R4/references.html
 */
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from "../json-value.ts";
import { parseReference } from "../references.ts";
import { isResourceType } from "../resource-types.ts";
import { FAULTS } from "./faults.ts";
import { fail, type Check, type Run } from "./run.ts";

/** Checks what a Reference points at; without targets it may be anything. */
export function referenceCheck(targets: readonly string[] | undefined): Check {
  const isTarget = targets ? new Set(targets) : undefined;
  const wanted = targets?.join(", ") ?? "";
  const checkType = (type: JsonValue | undefined, member: string, at: number, run: Run): void => {
    if (!isTarget || typeof type !== "string" || isTarget.has(type)) return;
    run.path[at + 1] = member;
    fail(run, at + 1, FAULTS.target, wanted);
  };
  return (value, at, run) => {
    if (!isJsonObject(value)) return;
    const { reference, type } = value;
    if (typeof reference === "string") checkType(typeOfTarget(reference, at, run), "reference", at, run);
    if (isResourceType(type)) checkType(type, "type", at, run);
  };
}

/** The type that a reference names, where it can be known. */
function typeOfTarget(text: string, at: number, run: Run): JsonValue | undefined {
  const reference = parseReference(text);
  if (reference.kind === "resource" || reference.kind === "conditional") return reference.type;
  run.path[at + 1] = "reference";
  if (reference.kind === "other") {
    if (!text.includes(":")) fail(run, at + 1, FAULTS.reference);
    return undefined;
  }
  const contained = containedAs(reference.id, run.container);
  if (!contained) fail(run, at + 1, FAULTS.fragment);
  return contained?.["resourceType"];
}

/** What `#id` means: a contained resource, or with `#` alone the resource that contains. */
function containedAs(id: string, container: JsonObject): JsonObject | undefined {
  if (id === "") return container;
  const { contained } = container;
  if (!isJsonArray(contained)) return undefined;
  return contained.filter(isJsonObject).find((resource) => resource["id"] === id);
}
