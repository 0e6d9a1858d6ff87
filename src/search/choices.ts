/**
 * Elements of choice type that R4's search expressions name without saying which type, with the types they may have.
 * JSON writes the type into the name (`effectivePeriod`). A test compares this table with the definitions.
 *
 * SPEC SEARCH-EXPR-4 · https://hl7.org/fhir/R4/formats.html#choice
 */
export const CHOICES: Readonly<Record<string, readonly string[]>> = {
  "CarePlan.activity.detail.scheduled": ["Timing", "Period", "string"],
  "ChargeItem.occurrence": ["dateTime", "Period", "Timing"],
  "Consent.source": ["Attachment", "Reference"],
  "DetectedIssue.identified": ["dateTime", "Period"],
  "DiagnosticReport.effective": ["dateTime", "Period"],
  "Group.characteristic.value": ["CodeableConcept", "boolean", "Quantity", "Range", "Reference"],
  "Immunization.occurrence": ["dateTime", "string"],
  "Media.created": ["dateTime", "Period"],
  "MedicationAdministration.effective": ["dateTime", "Period"],
  "MedicationStatement.effective": ["dateTime", "Period"],
  "MessageDefinition.event": ["Coding", "uri"],
  "MessageHeader.event": ["Coding", "uri"],
  "Observation.effective": ["dateTime", "Period", "Timing", "instant"],
  "Patient.deceased": ["boolean", "dateTime"],
  "PlanDefinition.action.definition": ["canonical", "uri"],
  "Procedure.performed": ["dateTime", "Period", "string", "Age", "Range"],
  "RiskAssessment.prediction.probability": ["decimal", "Range"],
  "ServiceRequest.occurrence": ["dateTime", "Period", "Timing"],
  "Specimen.collection.collected": ["dateTime", "Period"],
};
