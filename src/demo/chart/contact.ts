/** Contacts (vårdkontakter): visits, calls, home visits, emergency visits and admissions, with their diagnoses. SPEC DEMO-CODE, DEMO-TIME */
import type { Condition, Encounter, EncounterLocation, Reference } from "fhir/r4";
import { coding, concept, hl7, local, LOCAL, SYSTEM } from "../codes/systems.ts";
import type { Assignment, Bed } from "../directory/directory.ts";
import type { Profession } from "../directory/staff-table.ts";
import type { UnitKey } from "../directory/units.ts";
import { dayText, MINUTE, timeText, type Wall } from "../time.ts";
import { icd, type IcdCode } from "../codes/icd.ts";
import { inEncounter, put, refTo, scene, type Chart, type Scene } from "./chart.ts";

export type ContactKind = "besök" | "telefonkontakt" | "digitalt besök" | "hembesök" | "akutbesök" | "vårdtillfälle";

const CLASS: Record<ContactKind, readonly [code: string, display: string]> = {
  besök: ["AMB", "ambulatory"],
  telefonkontakt: ["VR", "virtual"],
  "digitalt besök": ["VR", "virtual"],
  hembesök: ["HH", "home health"],
  akutbesök: ["EMER", "emergency"],
  vårdtillfälle: ["IMP", "inpatient encounter"],
};

export interface ContactPlan {
  readonly unit: UnitKey;
  readonly profession: Profession;
  readonly at: Wall;
  readonly kind?: ContactKind;
  readonly reason: string;
  readonly minutes?: number;
  readonly by?: Assignment;
}

/** A finished contact of some minutes; one that would end after now is still going on. */
export function contact(chart: Chart, plan: ContactPlan): Scene {
  const end = plan.at + (plan.minutes ?? 30) * MINUTE;
  return openContact(chart, plan, end <= chart.now ? end : undefined);
}

export interface AdmissionPlan extends ContactPlan {
  /** When the patient went home; absent for somebody who is still there. */
  readonly until?: Wall;
  /** The bed, for somebody who is still there. */
  readonly bed?: Bed | undefined;
  /** The contact that the admission came from. */
  readonly from?: Scene;
  /** Where the patient went. */
  readonly to?: "hemmet" | "särskilt boende" | "annan avdelning" | "avliden";
}

const DISPOSITION: Record<NonNullable<AdmissionPlan["to"]>, string> = {
  hemmet: "home",
  "särskilt boende": "long",
  "annan avdelning": "oth",
  avliden: "exp",
};

/** An admission; its encounter is in progress while `until` is absent. */
export function admission(chart: Chart, plan: AdmissionPlan): Scene {
  const where = openContact(chart, { ...plan, kind: "vårdtillfälle" }, plan.until);
  const encounter = where.encounter!;
  const ward = plan.bed?.ward ?? where.unit.beds[0]?.ward;
  encounter.location = placesOf(plan, ward);
  encounter.hospitalization = {
    admitSource: plan.from
      ? hl7("admit-source", "emd", "Från akutmottagningen")
      : hl7("admit-source", "outp", "Planerad inskrivning"),
    ...(plan.to ? { dischargeDisposition: hl7("discharge-disposition", DISPOSITION[plan.to], `Till ${plan.to}`) } : {}),
  };
  if (plan.from?.encounter) encounter.partOf = refTo(plan.from.encounter);
  return where;
}

function placesOf(plan: AdmissionPlan, ward: Reference | undefined): EncounterLocation[] {
  const period = { start: timeText(plan.at), ...(plan.until === undefined ? {} : { end: timeText(plan.until) }) };
  const status = plan.until === undefined ? "active" : "completed";
  const places: EncounterLocation[] = ward
    ? [{ location: ward, status, period, physicalType: hl7("location-physical-type", "wa") }]
    : [];
  if (plan.bed)
    places.push({ location: plan.bed.ref, status, period, physicalType: hl7("location-physical-type", "bd") });
  return places;
}

function openContact(chart: Chart, plan: ContactPlan, end: Wall | undefined): Scene {
  const where = scene(chart, plan.unit, plan.profession, plan.at);
  const by = plan.by ?? where.by;
  const [code, display] = CLASS[plan.kind ?? "besök"];
  const encounter = put(chart, where.unit, plan.at, {
    resourceType: "Encounter",
    status: end === undefined ? "in-progress" : "finished",
    class: coding(SYSTEM.actCode, code, display),
    type: [local(LOCAL.contact, sentenceCase(plan.kind ?? "besök"))],
    subject: chart.subject,
    participant: [{ type: [hl7("v3-ParticipationType", "PPRF")], individual: by.ref }],
    period: { start: timeText(plan.at), ...(end === undefined ? {} : { end: timeText(end) }) },
    reasonCode: [{ text: plan.reason }],
    serviceProvider: where.unit.ref,
  } satisfies Encounter);
  return { ...where, by, encounter, span: [plan.at, end] };
}

function sentenceCase(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** The diagnosis of a contact; the first is its main diagnosis. */
export function diagnose(where: Scene, code: IcdCode): Condition {
  const condition = put(where.chart, where.unit, where.at, {
    resourceType: "Condition",
    clinicalStatus: hl7("condition-clinical", "active"),
    verificationStatus: hl7("condition-ver-status", "confirmed"),
    category: [hl7("condition-category", "encounter-diagnosis", "Kontaktdiagnos")],
    code: icd(code),
    subject: where.chart.subject,
    ...inEncounter(where),
    recordedDate: timeText(where.at),
    recorder: where.by.ref,
  } satisfies Condition);
  const rank = (where.encounter?.diagnosis?.length ?? 0) + 1;
  where.encounter?.diagnosis?.push({ condition: refTo(condition), use: hl7("diagnosis-role", "CM"), rank });
  if (where.encounter && rank === 1) {
    where.encounter.diagnosis = [
      { condition: refTo(condition), use: hl7("diagnosis-role", "DD", "Huvuddiagnos"), rank },
    ];
  }
  return condition;
}

export interface ProblemPlan {
  readonly onset: Wall;
  /** When it was over; absent while it lasts. */
  readonly resolved?: Wall;
  readonly severity?: "lindrig" | "måttlig" | "svår";
  readonly note?: string;
}

const SEVERITY: Record<NonNullable<ProblemPlan["severity"]>, string> = {
  lindrig: "255604002",
  måttlig: "6736007",
  svår: "24484000",
};

/** An entry on the problem list; it is added to the chart's facts while it lasts. */
export function problem(where: Scene, code: IcdCode, plan: ProblemPlan): Condition {
  const { chart } = where;
  const text = icd(code).text!;
  if (plan.resolved === undefined) chart.facts.problems.push(text);
  return put(chart, where.unit, where.at, {
    resourceType: "Condition",
    clinicalStatus: hl7("condition-clinical", plan.resolved === undefined ? "active" : "resolved"),
    verificationStatus: hl7("condition-ver-status", "confirmed"),
    category: [hl7("condition-category", "problem-list-item", "Problemlista")],
    ...(plan.severity ? { severity: concept(SYSTEM.snomed, SEVERITY[plan.severity], plan.severity) } : {}),
    code: icd(code),
    subject: chart.subject,
    ...inEncounter(where),
    onsetDateTime: dayText(plan.onset),
    ...(plan.resolved === undefined ? {} : { abatementDateTime: dayText(plan.resolved) }),
    recordedDate: timeText(where.at),
    recorder: where.by.ref,
    ...(plan.note ? { note: [{ text: plan.note }] } : {}),
  } satisfies Condition);
}
