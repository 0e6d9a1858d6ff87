/** FHIR XML in and out. SPEC FHIR-XML · https://hl7.org/fhir/R4/xml.html */
export { parseXml, type XmlLimits } from "./parse.ts";
export { writeXml } from "./write.ts";
