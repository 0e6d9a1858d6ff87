/**
 * A row of the access log as a FHIR AuditEvent, made on the way out and kept nowhere. It keeps to the national profile:
 * a person is named by HSA-id, `entity.what` only ever names the patient, and what was shown stands as text.
 *
 * SPEC JRN-LOG-EVENT · https://hl7.org/fhir/R4/auditevent.html · inera-ehds-audit-event (GetAccessLogForPatient)
 */
import { createHash } from "node:crypto";
import type { AuditEvent, AuditEventAgent, AuditEventEntity, CodeableConcept, Reference } from "fhir/r4";
import { PROTECTED_STAFF } from "../../access/index.ts";
import { HSA_SYSTEM } from "../../base/index.ts";
import type { AccessLogEntry, LogRow } from "../../store/index.ts";
import { isEmergency, PURPOSES, wordsOf } from "./actions.ts";

export const OWN_ACTIONS = "urn:eira:access-log-action";
const DCM = "http://dicom.nema.org/resources/ontology/DCM";
const ENTITY_TYPE = "http://terminology.hl7.org/CodeSystem/audit-entity-type";
const ENTITY_ROLE = "http://terminology.hl7.org/CodeSystem/object-role";
const REASON = "http://terminology.hl7.org/CodeSystem/v3-ActReason";
const INTERACTION = "http://hl7.org/fhir/restful-interaction";
const ROLE_CLASS = "http://terminology.hl7.org/CodeSystem/v3-RoleClass";
const SOURCE_TYPE = "http://terminology.hl7.org/CodeSystem/security-source-type";

const ID = /^log-([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})-([1-9]\d{0,17})$/;

/** The id of a row's AuditEvent. */
export function eventId({ chain, seq }: Pick<LogRow, "chain" | "seq">): string {
  return `log-${chain}-${seq}`;
}

/** The row that an id names, if it is such an id. */
export function rowOfId(id: string): { readonly chain: string; readonly seq: string } | undefined {
  const [, chain, seq] = ID.exec(id) ?? [];
  return chain === undefined || seq === undefined ? undefined : { chain, seq };
}

/** The row's name in the national log service, which takes 36 characters. */
export function logIdOf({ chain, seq }: Pick<LogRow, "chain" | "seq">): string {
  const hex = createHash("sha256").update(`${chain} ${seq}`).digest("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), `8${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)].join(
    "-",
  );
}

/** The AuditEvent of one row. Errors: an action that the table of words does not know. */
export function auditEventOf(row: LogRow): AuditEvent {
  const entry = JSON.parse(row.entry) as AccessLogEntry;
  const words = wordsOf(entry);
  const purpose = purposeOf(entry);
  return {
    resourceType: "AuditEvent",
    id: eventId(row),
    type: typeOf(entry),
    subtype: [
      ...(words.interaction === undefined ? [] : [{ system: INTERACTION, code: words.interaction }]),
      { system: OWN_ACTIONS, code: entry.action, display: words.activity },
    ],
    action: words.action,
    recorded: entry.recorded,
    outcome: entry.outcome === "granted" ? "0" : "4",
    ...(entry.outcome === "granted" ? {} : { outcomeDesc: entry.ground }),
    purposeOfEvent: purpose,
    agent: agentsOf(entry, purpose),
    source: {
      observer: { type: "Device", display: "Eira" },
      type: [{ system: SOURCE_TYPE, code: "4", display: "Application Server" }],
    },
    entity: entitiesOf(row, entry),
  };
}

function typeOf({ patient, action }: AccessLogEntry): AuditEvent["type"] {
  if (patient !== null) return { system: DCM, code: "110110", display: "Patient Record" };
  return action === "search"
    ? { system: DCM, code: "110112", display: "Query" }
    : { system: DCM, code: "110100", display: "Application Activity" };
}

function purposeOf(entry: AccessLogEntry): CodeableConcept[] {
  const code = isEmergency(entry) ? "BTG" : PURPOSES.get(entry.purpose);
  return [{ ...(code === undefined ? {} : { coding: [{ system: REASON, code }] }), text: entry.purpose }];
}

function agentsOf(entry: AccessLogEntry, purposeOfUse: CodeableConcept[]): AuditEventAgent[] {
  const { careUnit, careUnitId, careProvider, careProviderId, assignment } = entry;
  const unit = identified(careUnitId, careUnit);
  const provider = identified(careProviderId, careProvider);
  return [
    {
      ...actorOf(entry),
      ...(assignment === null ? {} : { altId: assignment }),
      requestor: true,
      ...(unit === undefined ? {} : { location: unit }),
      purposeOfUse,
    },
    ...organisation("SDLOC", unit),
    ...organisation("PROV", provider),
  ];
}

function actorOf({ actor, person, protectedIdentity }: AccessLogEntry): Pick<AuditEventAgent, "who" | "name" | "role"> {
  if (person === null) {
    const name = actor.replace(/^client /, "");
    return { who: { type: "Device", display: name }, name };
  }
  const { name, title } = nameAndTitle(person, protectedIdentity);
  const who: Reference = {
    type: "PractitionerRole",
    identifier: { system: HSA_SYSTEM, value: actor },
    display: name,
  };
  return { who, name, ...(title === "" ? {} : { role: [{ text: title }] }) };
}

/**
 * A person as the log names them: "Anna Ek, Överläkare". Staff with protected identity are known by HSA-id: the log itself has
 * the name, what is taken out of it has not.
 */
export function nameAndTitle(person: string, isProtected?: true): { readonly name: string; readonly title: string } {
  const at = person.lastIndexOf(", ");
  const [name, title] = at < 0 ? [person, ""] : [person.slice(0, at), person.slice(at + 2)];
  return { name: isProtected === true ? PROTECTED_STAFF : name, title };
}

/** A unit or care provider by HSA-id and name; what is missing is left out, and nothing when both are. */
function identified(id: string | null | undefined, name: string | null): Reference | undefined {
  const hasId = id !== null && id !== undefined && id !== "";
  if (!hasId && name === null) return undefined;
  return {
    ...(hasId ? { identifier: { system: HSA_SYSTEM, value: id } } : {}),
    ...(name === null || name === id ? {} : { display: name }),
  };
}

function organisation(code: "SDLOC" | "PROV", who: Reference | undefined): AuditEventAgent[] {
  return who === undefined ? [] : [{ type: { coding: [{ system: ROLE_CLASS, code }] }, who, requestor: false }];
}

function entitiesOf(row: LogRow, { patient, what, ground, request }: AccessLogEntry): AuditEventEntity[] {
  const system = { system: ENTITY_TYPE, code: "2" };
  const known: AuditEventEntity = {
    type: { system: ENTITY_TYPE, code: "1" },
    role: { system: ENTITY_ROLE, code: "1" },
    what: { reference: `Patient/${patient}` },
  };
  const line: AuditEventEntity = {
    type: system,
    role: { system: ENTITY_ROLE, code: "13" },
    what: { identifier: { system: "urn:ietf:rfc:3986", value: `urn:uuid:${logIdOf(row)}` } },
    detail: [
      { type: "ground", valueString: ground },
      ...(request === "" ? [] : [{ type: "request", valueString: request }]),
    ],
  };
  const shown = what.map((one) => ({ type: system, role: { system: ENTITY_ROLE, code: "4" }, description: one }));
  return [...(patient === null ? [] : [known]), line, ...shown];
}
