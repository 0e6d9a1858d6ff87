/**
 * The code tables between HL7 v2.5 and FHIR R4. What HL7's own tables have and these have not is refused when it comes, never guessed.
 * SPEC EXCH-MAP-TABLE · https://www.hl7.eu/HL7v2x/v25/hl7v25tab.htm · https://build.fhir.org/ig/HL7/v2-to-fhir
 */
import { table, type Row } from "./table.ts";

const INTEGRATION = "Integrationsförvaltningen";
const LABORATORY = "Laboratoriemedicin";
const hl7 = (number: string): string => `HL7 v2.5, tabell ${number}; HL7 v2-to-FHIR`;
const same = (...codes: readonly string[]): readonly Row[] => codes.map((code): Row => [code, code]);

/** PID-8 and Patient.gender. */
export const SEX = table("sex", { owner: INTEGRATION, source: hl7("0001") }, [
  ["M", "male"],
  ["F", "female"],
  ["O", "other"],
  ["U", "unknown"],
  ["A", "other", "in"],
]);

/** PV1-2 and Encounter.class (v3-ActCode). */
export const PATIENT_CLASS = table("patient-class", { owner: INTEGRATION, source: hl7("0004") }, [
  ["I", "IMP"],
  ["O", "AMB"],
  ["E", "EMER"],
  ["P", "PRENC"],
  ["R", "AMB", "in"],
  ["B", "IMP", "in"],
]);

/** OBR-25 and DiagnosticReport.status. */
export const REPORT_STATUS = table("report-status", { owner: LABORATORY, source: hl7("0123") }, [
  ["I", "registered"],
  ["A", "partial"],
  ["P", "preliminary"],
  ["F", "final"],
  ["C", "corrected"],
  ["X", "cancelled"],
  ["O", "registered", "in"],
  ["S", "registered", "in"],
  ["R", "preliminary", "in"],
  ["C", "amended", "out"],
  ["C", "appended", "out"],
  ["X", "entered-in-error", "out"],
]);

/** OBX-11 and Observation.status. `U`, final without its value being sent again, is no row: it is resolved against the earlier version. */
export const OBSERVATION_STATUS = table("observation-status", { owner: LABORATORY, source: hl7("0085") }, [
  ["I", "registered"],
  ["P", "preliminary"],
  ["F", "final"],
  ["C", "corrected"],
  ["X", "cancelled"],
  ["W", "entered-in-error"],
  ["D", "entered-in-error", "in"],
  ["R", "preliminary", "in"],
  ["S", "preliminary", "in"],
  ["C", "amended", "out"],
]);

/** OBX-8 and Observation.interpretation (v3-ObservationInterpretation), which took its codes over from v2. */
export const ABNORMAL_FLAG = table(
  "abnormal-flag",
  { owner: LABORATORY, source: hl7("0078") },
  same(..."L H LL HH < > N A AA U D B W S R I POS NEG IND DET ND".split(" ")),
);

/** TQ1-9 (or OBR-5) and ServiceRequest.priority. Table 0485 is each installation's own; `U` is ours. */
export const PRIORITY = table("priority", { owner: INTEGRATION, source: hl7("0485") }, [
  ["R", "routine"],
  ["A", "asap"],
  ["S", "stat"],
  ["U", "urgent"],
]);

/** What is sent in ORC-1 for what happened to the order here. */
export const ORDER_CONTROL_OUT = table("order-control-out", { owner: INTEGRATION, source: hl7("0119") }, [
  ["NW", "new"],
  ["XO", "change"],
  ["CA", "cancel"],
]);

/** What the laboratory says in ORC-1, as the status of the Task that follows the order. `SC` sends on to ORC-5. */
export const ORDER_CONTROL_IN = table("order-control-in", { owner: INTEGRATION, source: hl7("0119") }, [
  ["OK", "accepted"],
  ["UA", "rejected"],
  ["OC", "cancelled", "in"],
  ["CR", "cancelled"],
  ["XR", "accepted", "in"],
]);

/** ORC-5 and Task.status. */
export const ORDER_STATUS = table("order-status", { owner: INTEGRATION, source: hl7("0038") }, [
  ["SC", "accepted"],
  ["IP", "in-progress"],
  ["HD", "on-hold"],
  ["CM", "completed"],
  ["CA", "cancelled"],
  ["ER", "failed"],
  ["A", "in-progress", "in"],
  ["DC", "cancelled", "in"],
]);

/** OBR-24 and the code of DiagnosticReport.category (v2-0074). */
export const SECTION = table(
  "section",
  { owner: LABORATORY, source: hl7("0074") },
  same("LAB", "CH", "HM", "MB", "PAT", "RAD"),
);

/** OBR-24 and the code of ServiceRequest.category (SNOMED CT). */
export const ORDER_CATEGORY = table(
  "order-category",
  { owner: LABORATORY, source: "HL7 v2.5, tabell 0074; SNOMED CT" },
  [
    ["LAB", "108252007"],
    ["RAD", "363679005"],
  ],
);

/** The name in the third component of a coded value (table 0396 and our own) and Coding.system. */
export const CODE_SYSTEM = table(
  "code-system",
  { owner: INTEGRATION, source: "HL7 v2.5, tabell 0396, och egna namn" },
  [
    ["NPU", "urn:oid:1.2.752.108.1"],
    ["LN", "http://loinc.org"],
    ["SCT", "http://snomed.info/sct"],
    ["UCUM", "http://unitsofmeasure.org"],
    ["ICD10SE", "https://www.icd10.se/"],
    ["ICD10SE", "urn:oid:1.2.752.116.1.1.1", "out"],
    ["KVA", "urn:oid:1.2.752.116.1.3.2.3.6"],
    ["99EIRA-ANALYS", "urn:eira:demo:analys"],
    ["99EIRA-PROV", "urn:eira:demo:provmaterial"],
    ["99EIRA-DOK", "urn:eira:demo:dokumenttyp"],
  ],
);

/** A unit as laboratories print it, and its UCUM code. A unit that is not here is kept as text and gets no code. */
export const UNIT = table("unit", { owner: LABORATORY, source: "UCUM 2.1; enheter som svenska laboratorier skriver" }, [
  ["10⁹/L", "10*9/L"],
  ["µmol/L", "umol/L"],
  ["µg/L", "ug/L"],
  ["µkat/L", "ukat/L"],
  ["mE/L", "m[IU]/L"],
  ["INR", "{INR}"],
  ["mg/L FEU", "mg/L{FEU}"],
  ["mL/min/1,73 m²", "mL/min/{1.73_m2}"],
  ...same(..."g/L mg/L ng/L fL pg mm mmol/L pmol/L nmol/L mmol/mol mg/mmol %".split(" ")),
  ["10*9/L", "10*9/L", "in"],
  ["10^9/L", "10*9/L", "in"],
  ["umol/L", "umol/L", "in"],
  ["μmol/L", "umol/L", "in"],
]);

/** The trigger event of a booking message and Appointment.status. */
export const BOOKING = table("booking", { owner: INTEGRATION, source: "HL7 v2.5, tabell 0003 och kapitel 10" }, [
  ["S12", "booked"],
  ["S13", "booked", "in"],
  ["S14", "booked", "in"],
  ["S15", "cancelled"],
  ["S16", "cancelled", "in"],
  ["S17", "entered-in-error"],
  ["S26", "noshow"],
]);

/** TXA-17 and DocumentReference.docStatus. */
export const DOCUMENT_COMPLETION = table("document-completion", { owner: INTEGRATION, source: hl7("0271") }, [
  ["AU", "final"],
  ["IP", "preliminary"],
  ["LA", "final", "in"],
  ["DI", "preliminary", "in"],
  ["DO", "preliminary", "in"],
  ["PA", "preliminary", "in"],
  ["IN", "preliminary", "in"],
  ["AU", "amended", "out"],
]);

/** TXA-19 and DocumentReference.status. */
export const DOCUMENT_AVAILABILITY = table("document-availability", { owner: INTEGRATION, source: hl7("0273") }, [
  ["AV", "current"],
  ["OB", "superseded"],
  ["CA", "entered-in-error"],
]);

/** OBX-2 and what of FHIR the value becomes. */
export const VALUE_TYPE = table("value-type", { owner: LABORATORY, source: hl7("0125") }, [
  ["NM", "Quantity"],
  ["SN", "Structured", "in"],
  ["ST", "string"],
  ["TX", "text", "in"],
  ["FT", "text"],
  ["CWE", "CodeableConcept"],
  ["CE", "CodeableConcept", "in"],
  ["DTM", "dateTime"],
  ["TS", "dateTime", "in"],
  ["DT", "dateTime", "in"],
  ["TM", "time"],
  ["ED", "Attachment"],
]);

/** PID-5.7 and HumanName.use. */
export const NAME_USE = table("name-use", { owner: INTEGRATION, source: hl7("0200") }, [
  ["L", "official"],
  ["D", "usual"],
  ["N", "nickname"],
  ["M", "maiden"],
]);

/** PID-11.7 and Address.use. */
export const ADDRESS_USE = table("address-use", { owner: INTEGRATION, source: hl7("0190") }, [
  ["H", "home"],
  ["B", "work"],
  ["C", "temp"],
  ["BA", "old"],
  ["O", "work", "in"],
]);

/** PID-13.2 and 13.3 (use and equipment), and ContactPoint.system and use. */
export const TELECOM = table(
  "telecom",
  { owner: INTEGRATION, source: "HL7 v2.5, tabell 0201 och 0202; HL7 v2-to-FHIR" },
  [
    ["PRN^PH", "phone|home"],
    ["WPN^PH", "phone|work"],
    ["PRN^CP", "phone|mobile"],
    ["NET^Internet", "email|"],
    ["PRN^FX", "fax|home"],
    ["WPN^FX", "fax|work"],
    ["PRN^", "phone|home", "in"],
    ["^PH", "phone|home", "in"],
    ["^CP", "phone|mobile", "in"],
    ["^Internet", "email|", "in"],
  ],
);

/** What an event of ADT says of the visit, as Encounter.status; `A08` and the changes of class leave it as it is. */
export const VISIT_EVENT = table("visit-event", { owner: INTEGRATION, source: "HL7 v2.5, tabell 0003 och kapitel 3" }, [
  ["A01", "in-progress"],
  ["A03", "finished"],
  ["A05", "planned"],
  ["A11", "cancelled"],
  ["A02", "in-progress", "in"],
  ["A04", "in-progress", "in"],
  ["A06", "in-progress", "in"],
  ["A07", "in-progress", "in"],
  ["A12", "in-progress", "in"],
  ["A13", "in-progress", "in"],
]);
