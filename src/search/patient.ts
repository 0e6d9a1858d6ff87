/**
 * How a resource belongs to patients: by which reference to its own patient (the row's `patient`), and by which others
 * to further patients in whose compartment it also is (`other_patients`).
 *
 * SPEC SEARCH-PAT · https://hl7.org/fhir/R4/compartmentdefinition-patient.html
 */
import { homeOf } from "../base/index.ts";
import { PATIENT_COMPARTMENT } from "../fhir/index.ts";
import { mayBeBeside } from "./patient-beside.ts";
import { parameterOf, type SearchParameter } from "./registry.ts";

/** Which reference is the resource's own patient, where a type has several: the first of these that it has. */
const OWN_PATIENT = ["patient", "subject", "beneficiary", "individual", "actor", "member", "for"];

/** Types whose reference to their own patient may repeat, or be of someone else than a patient first. */
const REPEATING: ReadonlySet<string> = new Set([
  "Account",
  "Appointment",
  "AuditEvent",
  "Group",
  "Person",
  "Provenance",
  "Schedule",
]);

export type PatientPaths = {
  /** The parameter that names the resource's own patient; undefined for Patient itself. */
  readonly own: SearchParameter | undefined;
  /** Every parameter of the compartment, the own first. */
  readonly all: readonly SearchParameter[];
  /** True when a resource has at most one own patient, so that the column alone answers for that parameter. */
  readonly single: boolean;
};

const known = new Map<string, PatientPaths | undefined>();

/**
 * The home at which a resource of this type and id must lie, or nothing when that is its patient's: of a patient its own,
 * of what no patient can have 0 (decision 0004).
 */
export function sureHomeOf(type: string, id: string): number | undefined {
  if (type === "Patient") return homeOf(id);
  return liesAtNone(type) ? 0 : undefined;
}

/** True for a type of which no resource can be a patient's: all of them lie at home 0. */
export function liesAtNone(type: string): boolean {
  return patientPathsOf(type) === undefined && !mayBeBeside(type);
}

/** How resources of a type belong to patients, or undefined for a type outside the compartment. */
export function patientPathsOf(type: string): PatientPaths | undefined {
  if (!known.has(type)) known.set(type, pathsOf(type));
  return known.get(type);
}

/** True when a resource of this type can be in more than one patient's compartment. */
export function mayHaveOtherPatients(type: string): boolean {
  const paths = patientPathsOf(type);
  if (paths === undefined) return false;
  return (
    !paths.single ||
    new Set(paths.all.flatMap((parameter) => parameter.sources.map(({ name }) => name))).size > 1 ||
    type === "Patient"
  );
}

/** True when asking this parameter for a patient is the same as asking for the rows of that patient. */
export function isOwnPatient(type: string, parameter: SearchParameter): boolean {
  const own = patientPathsOf(type);
  if (own?.own === undefined || !own.single) return false;
  const names = new Set(own.own.sources.map(({ name }) => name));
  return (
    parameter.type === "reference" &&
    parameter.sources.every(({ name, only }) => names.has(name) && (only ?? "Patient") === "Patient")
  );
}

/** True when asking this parameter for a patient is asking for rows in that patient's compartment. */
export function isOfPatients(type: string, { sources }: SearchParameter): boolean {
  const within = new Set(patientPathsOf(type)?.all.flatMap((one) => one.sources.map(({ name }) => name)));
  return sources.length > 0 && sources.every(({ name }) => within.has(name));
}

function pathsOf(type: string): PatientPaths | undefined {
  const names = PATIENT_COMPARTMENT[type] ?? [];
  const parameters = names.map((name) => parameterOf(type, name)).filter((one) => one !== undefined);
  if (parameters.length === 0) return undefined;
  if (type === "Patient") return { own: undefined, all: parameters, single: true };
  const ownName = OWN_PATIENT.find((name) => names.includes(name)) ?? parameters[0]!.name;
  const own = parameters.find(({ name }) => name === ownName)!;
  return { own, all: [own, ...parameters.filter((one) => one !== own)], single: !REPEATING.has(type) };
}
