/**
 * The date, number and quantity parameters that can have more than one value in one resource. Only for these does a
 * search look beyond the two columns. A test compares this table with the definitions.
 *
 * SPEC SEARCH-LAYOUT-5
 */
const REPEATING: ReadonlySet<string> = new Set([
  "AllergyIntolerance.onset",
  "CarePlan.activity-date",
  "Composition.period",
  "Encounter.location-period",
  "Goal.target-date",
  "Immunization.reaction-date",
  "MedicationRequest.date",
  "MolecularSequence.variant-end",
  "MolecularSequence.variant-start",
  "NamingSystem.period",
  "Observation.combo-value-quantity",
  "Observation.component-value-quantity",
  "RiskAssessment.probability",
  "Substance.expiry",
  "Substance.quantity",
]);

/** True when a resource may hold several values of this parameter. */
export function isRepeating(type: string, parameter: string): boolean {
  return parameter === "context-quantity" || REPEATING.has(`${type}.${parameter}`);
}
