/**
 * What is known when somebody wants to see a patient's records: who asks, and what has been registered about the patient.
 * Plain facts, as the store keeps them and the national services (blocks, consents, patient relations) exchange them; what
 * they lead to is decided beside this file.
 *
 * SPEC ACC-FACTS · PDL (2008:355) 4 kap., lag (2022:913), service contracts ehr:blocking 3.2.1 and ehr:patientconsent 1.0
 */

/** An instant (`2026-11-22T05:30:00.000Z`, any offset) or a Swedish calendar day, which lasts from its first to its last moment. */
export type Moment = string;

/** For what somebody works, in the words of the national log. */
export const PURPOSES = [
  "Vård och behandling",
  "Kvalitetssäkring",
  "Annan dokumentation enligt lag",
  "Statistik",
  "Administration",
  "Kvalitetsregister",
] as const;
export type Purpose = (typeof PURPOSES)[number];

/** A person on the staff under the assignment that has been chosen. */
export type Staff = {
  readonly employee: string;
  readonly careProvider: string;
  readonly careUnit: string;
  /** When the assignment holds; null is open. */
  readonly from: Moment | null;
  readonly until: Moment | null;
  readonly purpose: Purpose;
  /** Whether the role takes part in care. */
  readonly isClinical: boolean;
  /** The need-and-risk analysis of the role; without one the role is not active. */
  readonly analysis: string | null;
  /** When somebody works as a student or by delegation: the time it holds, within the assignment. */
  readonly term: { readonly from: Moment; readonly until: Moment } | null;
};

/** What was registered, and whether it was taken back (cancelled) or registered by mistake (deleted, makulerad). */
type Registered = {
  readonly id: string;
  readonly registered: Moment;
  readonly cancelled: Moment | null;
  readonly deleted: Moment | null;
};

/** A care relation: of one employee, or of everybody at a care unit. */
export type CareRelation = Registered & {
  readonly careProvider: string;
  readonly careUnit: string;
  readonly employee: string | null;
  readonly start: Moment;
  readonly end: Moment | null;
};

/** Why somebody at a care unit opened a patient without a care relation. */
export type ReasonGiven = {
  readonly id: string;
  readonly employee: string;
  readonly careUnit: string;
  readonly reason: string;
  readonly start: Moment;
  readonly end: Moment;
};

/** That somebody chose to see one source: a care unit, or (of another care provider) all of it. */
export type ActiveChoice = {
  readonly id: string;
  readonly employee: string;
  readonly careProvider: string;
  readonly careUnit: string | null;
  readonly chosen: Moment;
  readonly expires: Moment;
};

export const REVOKE_REASONS = ["PatientsConsent", "Emergency"] as const;

/** A block lifted for a time, for a care unit or one employee there. */
export type TemporaryRevoke = {
  readonly id: string;
  readonly careUnit: string;
  readonly employee: string | null;
  readonly end: Moment;
  readonly reason: (typeof REVOKE_REASONS)[number];
  readonly cancelled: Moment | null;
};

/** The only types of information that a block may leave out: prescribed medication and alerts. */
export const EXCLUDABLE = ["lak", "upp"] as const;

/** A block: inner keeps a care unit's records from all other units, outer a care provider's from all other providers. */
export type Block = {
  readonly id: string;
  readonly kind: "inner" | "outer";
  readonly careProvider: string;
  readonly careUnit: string | null;
  /** The period of the information that it covers; both null covers all of it. */
  readonly start: Moment | null;
  readonly end: Moment | null;
  readonly excluded: readonly string[];
  /** Registered by mistake, from this moment without effect. */
  readonly cancelled: Moment | null;
  /** Lifted for good at the patient's request. */
  readonly lifted: Moment | null;
  readonly revokes: readonly TemporaryRevoke[];
};

export const CONSENT_TYPES = ["Consent", "Emergency"] as const;

/** The patient's consent to cohesive care for a care unit or one employee, or the statement that there was an emergency. */
export type Consent = Registered & {
  readonly careProvider: string;
  readonly careUnit: string;
  readonly employee: string | null;
  readonly start: Moment;
  readonly end: Moment | null;
  readonly type: (typeof CONSENT_TYPES)[number];
  readonly representedBy: string | null;
};

/** Emergency access that one employee has taken. */
export type EmergencyAccess = {
  readonly id: string;
  readonly employee: string;
  readonly reason: string;
  readonly start: Moment;
  readonly end: Moment;
};

/** How the population register protects a person. */
export type Protection = { readonly sekretessmarkering: boolean; readonly skyddadFolkbokforing: boolean };

/** Everything registered about one patient that decides who of the staff may see what. */
export type PatientFacts = {
  readonly relations: readonly CareRelation[];
  readonly reasons: readonly ReasonGiven[];
  readonly choices: readonly ActiveChoice[];
  readonly blocks: readonly Block[];
  readonly consents: readonly Consent[];
  readonly emergencies: readonly EmergencyAccess[];
  readonly protection: Protection;
};

/** What decides about one record: its owner, which never changes, and the time and type of its information. */
export type RecordFacts = {
  readonly careProvider: string;
  readonly careUnit: string;
  /** Null is unknown, and unknown may be any time. */
  readonly start: Moment | null;
  readonly end: Moment | null;
  /** `lak`, `upp` or another type; null and what is not known count as unspecified. */
  readonly type: string | null;
  /** Not approved for the patient (NOPATIENT). */
  readonly isNotForPatient: boolean;
  /** Classes of information that have their own rules at the patient's door, such as `youth-clinic`. */
  readonly classes: readonly string[];
};

/** How long what opens without the patient's word may last. Configuration. */
export type AccessLimits = {
  readonly emergencyHours: number;
  readonly choiceHours: number;
  readonly reasonHours: number;
};

export const USUAL_LIMITS: AccessLimits = { emergencyHours: 4, choiceHours: 24, reasonHours: 24 };
