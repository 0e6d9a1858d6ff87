/** In whose name messages are taken in: a machine client for each integration, with no more than it needs. SPEC EXCH-MAP-ACTOR */
import { parseScopes, type ClientActor, type Scope } from "../../access/index.ts";
import type { Partner } from "./partner.ts";

const ORDERS = ["ServiceRequest", "DiagnosticReport", "Observation", "Specimen", "Task"];
const PATIENTS = ["Encounter", "Appointment", "DocumentReference"];

const READ = ["Organization", "Practitioner", "PractitionerRole", "ServiceRequest"];

/** An answering system changes no patients; one that tells of patients and bookings writes no answers. Nobody deletes. */
export function actorOf({ name, kind, owner }: Partner): ClientActor {
  const written = kind === "other" ? PATIENTS : ORDERS;
  const patients = kind === "other" ? "system/Patient.crus" : "system/Patient.rs";
  const read = READ.filter((type) => !written.includes(type));
  return {
    kind: "client",
    name: `hl7v2 ${name}`,
    scopes: scopesOf([
      patients,
      ...read.map((type) => `system/${type}.rs`),
      ...written.map((type) => `system/${type}.crus`),
    ]),
    careProvider: owner.careProvider,
    careUnit: owner.careUnit,
  };
}

function scopesOf(texts: readonly string[]): readonly Scope[] {
  const scopes = parseScopes(texts.join(" "));
  if (scopes === undefined) throw new RangeError("the scopes of an integration are malformed");
  return scopes;
}
