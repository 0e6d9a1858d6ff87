/**
 * Kinds of identity numbers: who gives them out in HL7 v2 (the OID of PID-3's assigning authority, with PID-3.5 of table 0203) and their
 * system in FHIR. SPEC EXCH-MAP-ID · HL7 Sweden base profiles
 */
import {
  NATIONELLT_RESERVNUMMER_SYSTEM,
  PERSONNUMMER_SYSTEM,
  REGIONAL_ISSUERS,
  SAMORDNINGSNUMMER_SYSTEM,
} from "../../../base/index.ts";
import { table, type Row } from "./table.ts";

const about = {
  owner: "Patientadministration",
  source: "HL7 Sverige basprofiler R4 1.1.0; RIV-TA; Inera, Lokala reservid:n",
} as const;

/** The OID that PID-3.4.2 names and Identifier.system. */
export const AUTHORITY = table("identity-authority", about, [
  ["1.2.752.129.2.1.3.1", PERSONNUMMER_SYSTEM],
  ["1.2.752.129.2.1.3.3", SAMORDNINGSNUMMER_SYSTEM],
  ["1.2.752.74.9.1", NATIONELLT_RESERVNUMMER_SYSTEM],
  ...Object.values(REGIONAL_ISSUERS).map(({ oid }): Row => [oid, `urn:oid:${oid}`]),
]);

/** PID-3.5 for each system; several systems share a type, so it is written and never read. */
export const NUMBER_TYPE = table("identity-type", about, [
  ["NNSWE", PERSONNUMMER_SYSTEM, "out"],
  ["NI", SAMORDNINGSNUMMER_SYSTEM, "out"],
  ["PI", NATIONELLT_RESERVNUMMER_SYSTEM, "out"],
  ...Object.values(REGIONAL_ISSUERS).map(({ oid }): Row => ["PI", `urn:oid:${oid}`, "out"]),
]);
