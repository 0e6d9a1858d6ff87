/**
 * Compartments: what belongs to a patient is told by the row's own columns, what belongs to a practitioner, device,
 * encounter or related person by the references that R4's definitions name.
 *
 * SPEC SEARCH-COMPARTMENT · https://hl7.org/fhir/R4/compartmentdefinition.html
 */
import { OTHER_COMPARTMENTS } from "../fhir/index.ts";
import { tokenKey } from "./keys.ts";
import { patientPathsOf } from "./patient.ts";
import { anyOf, type Compartment, type Condition } from "./plan.ts";
import { parameterOf } from "./registry.ts";

/** What R4 writes where a resource is in its own compartment. */
const ITSELF = "{def}";

/** True for a type that R4 defines a compartment of. */
export function hasCompartment(type: string): boolean {
  return type === "Patient" || OTHER_COMPARTMENTS[type] !== undefined;
}

/** The types that may have resources in a type's compartment. */
export function compartmentTypes(type: string, among: readonly string[]): readonly string[] {
  const members = OTHER_COMPARTMENTS[type];
  return among.filter((one) =>
    members === undefined ? patientPathsOf(one) !== undefined : members[one] !== undefined,
  );
}

/** The condition that resources of a type are in the compartment. */
export function compartmentCondition(type: string, { type: focus, id }: Compartment): Condition {
  if (focus === "Patient") return { kind: "compartment", patient: id };
  const names = OTHER_COMPARTMENTS[focus]?.[type] ?? [];
  const keys = names.flatMap((name) =>
    (parameterOf(type, name)?.sources ?? [])
      .filter(({ only }) => (only ?? focus) === focus)
      .map((source) => tokenKey(source.name, `${focus}/${id}`)),
  );
  const referring: Condition[] = keys.length === 0 ? [] : [{ kind: "keys", keys, negated: false }];
  return anyOf(names.includes(ITSELF) ? [...referring, { kind: "id", ids: [id], negated: false }] : referring);
}
