/** Procedures (åtgärder), vaccinations and appointments. SPEC DEMO-CODE, DEMO-NOW */
import type { Appointment, Immunization, Procedure, Reference } from "fhir/r4";
import { concept, hl7, local, LOCAL, SYSTEM } from "../codes/systems.ts";
import type { Assignment } from "../directory/directory.ts";
import type { Profession } from "../directory/staff-table.ts";
import type { UnitKey } from "../directory/units.ts";
import { DAY, MINUTE, timeText, type Wall } from "../time.ts";
import { inEncounter, put, refTo, scene, type Chart, type Scene } from "./chart.ts";

/** KVÅ codes that we are sure of; any other procedure carries a local code made from its text. */
const KVA: Readonly<Record<string, string>> = {
  Koronarangiografi: "AF037",
  "Perkutan koronarintervention med stent": "FNG05",
  "Cementerad halvprotes i höftled": "NFB19",
  "Laparoskopisk appendektomi": "JEA01",
  "Laparoskopisk kolecystektomi": "JKA21",
  "Cementerad total knäprotes": "NGB49",
  "Partiell mastektomi": "HAB40",
  Koloskopi: "UJF32",
  Gastroskopi: "UJD02",
};

export interface ProcedurePlan {
  readonly name: string;
  readonly side?: "höger" | "vänster";
  readonly minutes?: number;
  readonly performers?: readonly Assignment[];
  readonly reason?: Reference;
  readonly basedOn?: Reference;
  readonly outcome?: string;
  readonly category?: "surgical" | "diagnostic" | "therapy";
}

const CATEGORY = {
  surgical: ["387713003", "Kirurgisk åtgärd"],
  diagnostic: ["103693007", "Diagnostisk åtgärd"],
  therapy: ["277132007", "Terapeutisk åtgärd"],
} as const;

export function procedure(where: Scene, plan: ProcedurePlan): Procedure {
  const kva = KVA[plan.name];
  const [code, text] = CATEGORY[plan.category ?? "therapy"];
  const performers = plan.performers ?? [where.by];
  return put(where.chart, where.unit, where.at, {
    resourceType: "Procedure",
    ...(plan.basedOn ? { basedOn: [plan.basedOn] } : {}),
    status: "completed",
    category: concept(SYSTEM.snomed, code, text),
    code: kva ? concept(SYSTEM.kva, kva, plan.name) : local(LOCAL.procedure, plan.name),
    subject: where.chart.subject,
    ...inEncounter(where),
    performedPeriod: {
      start: timeText(where.at),
      end: timeText(Math.min(where.at + (plan.minutes ?? 15) * MINUTE, where.chart.now)),
    },
    recorder: where.by.ref,
    performer: performers.map((one) => ({ actor: one.ref })),
    ...(plan.reason ? { reasonReference: [plan.reason] } : {}),
    ...(plan.side
      ? { bodySite: [concept(SYSTEM.snomed, plan.side === "höger" ? "24028007" : "7771000", plan.side)] }
      : {}),
    ...(plan.outcome ? { outcome: { text: plan.outcome } } : {}),
  } satisfies Procedure);
}

export interface VaccinePlan {
  readonly vaccine: string;
  readonly atc: string;
  readonly dose?: number;
  readonly series?: string;
  readonly site?: string;
}

export function vaccinate(where: Scene, plan: VaccinePlan): Immunization {
  const { chart } = where;
  return put(chart, where.unit, where.at, {
    resourceType: "Immunization",
    status: "completed",
    vaccineCode: concept(SYSTEM.atc, plan.atc, plan.vaccine),
    patient: chart.subject,
    ...inEncounter(where),
    occurrenceDateTime: timeText(where.at),
    recorded: timeText(where.at),
    primarySource: true,
    lotNumber: `EX${String(chart.dice.int(100_000)).padStart(5, "0")}`,
    ...(plan.site ? { site: { text: plan.site } } : {}),
    performer: [{ function: hl7("v2-0443", "AP"), actor: where.by.ref }],
    ...(plan.dose === undefined
      ? {}
      : { protocolApplied: [{ ...(plan.series ? { series: plan.series } : {}), doseNumberPositiveInt: plan.dose }] }),
  } satisfies Immunization);
}

export interface AppointmentPlan {
  readonly unit: UnitKey;
  readonly profession: Profession;
  readonly at: Wall;
  readonly minutes?: number;
  readonly reason: string;
  readonly kind?:
    | "besök"
    | "telefonkontakt"
    | "digitalt besök"
    | "provtagning"
    | "operation"
    | "undersökning"
    | "hembesök";
  readonly by?: Assignment;
  readonly status?: Appointment["status"];
  readonly cancelled?: string;
  readonly basedOn?: Reference;
  readonly booked?: Wall;
  readonly comment?: string;
}

/** A booked time. One that has passed is fulfilled unless said otherwise. */
export function book(chart: Chart, plan: AppointmentPlan): Appointment {
  const where = scene(chart, plan.unit, plan.profession, plan.at);
  const by = plan.by ?? where.by;
  const end = plan.at + (plan.minutes ?? 30) * MINUTE;
  const status = plan.status ?? (end <= chart.now ? "fulfilled" : plan.at <= chart.now ? "checked-in" : "booked");
  const before = chart.dice.between(7, 40) * DAY;
  const wished = plan.booked ?? Math.min(plan.at - before, chart.now - before / 2);
  const created = Math.max(wished, Math.min((chart.person.birth ?? wished) + DAY, chart.now));
  return put(chart, where.unit, created, {
    resourceType: "Appointment",
    status,
    ...(plan.cancelled ? { cancelationReason: { text: plan.cancelled } } : {}),
    appointmentType: local(LOCAL.contact, plan.kind ?? "besök"),
    reasonCode: [{ text: plan.reason }],
    description: plan.reason,
    start: timeText(plan.at),
    end: timeText(end),
    minutesDuration: plan.minutes ?? 30,
    created: timeText(created),
    ...(plan.comment ? { comment: plan.comment } : {}),
    ...(plan.basedOn ? { basedOn: [plan.basedOn] } : {}),
    participant: [
      { actor: chart.subject, status: status === "noshow" ? "needs-action" : "accepted", required: "required" },
      { actor: by.ref, status: "accepted", required: "required" },
      { actor: where.unit.place, status: "accepted", required: "required" },
    ],
  } satisfies Appointment);
}

/** The appointment of a contact that took place. */
export function bookedAs(where: Scene, reason: string, kind: AppointmentPlan["kind"] = "besök"): Appointment {
  const made = book(where.chart, {
    unit: where.unit.key,
    profession: where.by.profession,
    at: where.at,
    reason,
    kind,
    by: where.by,
  });
  if (where.encounter) where.encounter.appointment = [refTo(made)];
  return made;
}
