/** Names in FHIR of what the directory adds to it. SPEC CLIN-DIRECTORY-4 */

/** Roles that access is given in; each is a concept of one CodeSystem, with its need-and-risk analysis. */
export const ROLE_SYSTEM = "urn:eira:roll";
export const UNIT_TYPE = "urn:eira:enhetstyp";

/** HL7's own extension for from when to when an organization is there. */
export const ORGANIZATION_PERIOD = "http://hl7.org/fhir/StructureDefinition/organization-period";
/** From when to when a person works here. */
export const PERSON_PERIOD = "urn:eira:anstallningstid";
/** Name, purpose and rights of the commission that an assignment is a membership of. */
export const COMMISSION = "urn:eira:uppdrag";
/** Student, deputy or delegation, and who answers for it. */
export const FOOTING = "urn:eira:grund-for-uppdrag";

/** The day on which somebody went through an assignment and found that it is to go on. */
export const REVIEWED = "urn:eira:genomgang";

export const ORG_NUMBER = "urn:oid:2.5.4.97";
export const SECURITY_LABEL = "http://hl7.se/fhir/ig/base/CodeSystem/SecurityLabel";
export const PROTECTED = "sekretessmarkering";

export const PROVIDER_TYPE = { code: "vardgivare", text: "Vårdgivare" } as const;
export const CARE_UNIT_TYPE = { code: "vardenhet", text: "Vårdenhet" } as const;
export const OTHER_UNIT_TYPE = { code: "organisatorisk-enhet", text: "Organisatorisk enhet" } as const;

/** What stands in place of a protected person's name. */
export const PROTECTED_NAME = "Skyddad identitet";
