/** Allergies, warnings (uppmärksamhetsinformation), care teams, plans and documents. SPEC DEMO-ALERT */
import type { AllergyIntolerance, CarePlan, CareTeam, DocumentReference, Flag } from "fhir/r4";
import { concept, hl7, local, LOCAL, SYSTEM } from "../codes/systems.ts";
import type { Assignment } from "../directory/directory.ts";
import { dayText, timeText, type Wall } from "../time.ts";
import { inEncounter, put, refTo, type Scene } from "./chart.ts";

export interface AllergyPlan {
  readonly substance: string;
  /** ATC code of a drug or drug group. */
  readonly atc?: string;
  readonly category: "medication" | "food" | "environment";
  readonly criticality: "low" | "high";
  readonly reaction: string;
  readonly severity: "mild" | "moderate" | "severe";
  readonly happened: Wall;
  readonly certain?: boolean;
  readonly type?: "allergy" | "intolerance";
}

/** An allergy or intolerance; a dangerous one is also a warning that every view shows. */
export function allergy(where: Scene, plan: AllergyPlan): AllergyIntolerance {
  const { chart } = where;
  chart.facts.allergies.push(plan.substance.toLowerCase());
  const made = put(chart, where.unit, where.at, {
    resourceType: "AllergyIntolerance",
    clinicalStatus: hl7("allergyintolerance-clinical", "active"),
    verificationStatus: hl7("allergyintolerance-verification", plan.certain === false ? "unconfirmed" : "confirmed"),
    type: plan.type ?? "allergy",
    category: [plan.category],
    criticality: plan.criticality,
    code: plan.atc ? concept(SYSTEM.atc, plan.atc, plan.substance) : { text: plan.substance },
    patient: chart.subject,
    ...inEncounter(where),
    onsetDateTime: dayText(plan.happened),
    recordedDate: timeText(where.at),
    recorder: where.by.ref,
    reaction: [{ manifestation: [{ text: plan.reaction }], severity: plan.severity }],
  } satisfies AllergyIntolerance);
  if (plan.criticality === "high") {
    warn(where, { kind: "Överkänslighet", text: `${plan.substance}: ${plan.reaction.toLowerCase()}`, detail: made });
  }
  return made;
}

/** The recorded statement that no drug allergy is known, which is something else than an empty list. */
export function noKnownDrugAllergy(where: Scene): AllergyIntolerance {
  return put(where.chart, where.unit, where.at, {
    resourceType: "AllergyIntolerance",
    clinicalStatus: hl7("allergyintolerance-clinical", "active"),
    verificationStatus: hl7("allergyintolerance-verification", "confirmed"),
    category: ["medication"],
    code: concept(SYSTEM.snomed, "409137002", "Ingen känd läkemedelsallergi"),
    patient: where.chart.subject,
    ...inEncounter(where),
    recordedDate: timeText(where.at),
    recorder: where.by.ref,
  } satisfies AllergyIntolerance);
}

export interface WarningPlan {
  readonly kind:
    | "Överkänslighet"
    | "Allvarlig sjukdom"
    | "Pågående behandling"
    | "Smitta"
    | "Vårdbegränsning"
    | "Uppmärksamma";
  readonly text: string;
  readonly detail?: AllergyIntolerance;
  readonly until?: Wall;
}

/** A warning (uppmärksamhetsinformation). */
export function warn(where: Scene, plan: WarningPlan): Flag {
  return put(where.chart, where.unit, where.at, {
    resourceType: "Flag",
    ...(plan.detail
      ? {
          extension: [
            { url: "http://hl7.org/fhir/StructureDefinition/flag-detail", valueReference: refTo(plan.detail) },
          ],
        }
      : {}),
    status: plan.until !== undefined && plan.until < where.chart.now ? "inactive" : "active",
    category: [local(LOCAL.flag, plan.kind)],
    code: { text: plan.text },
    subject: where.chart.subject,
    period: { start: dayText(where.at), ...(plan.until === undefined ? {} : { end: dayText(plan.until) }) },
    ...inEncounter(where),
    author: where.by.ref,
  } satisfies Flag);
}

/** The people around a patient; the first is responsible. */
export function careTeam(where: Scene, name: string, members: readonly (readonly [Assignment, string])[]): CareTeam {
  return put(where.chart, where.unit, where.at, {
    resourceType: "CareTeam",
    status: "active",
    name,
    subject: where.chart.subject,
    period: { start: dayText(where.at) },
    participant: members.map(([member, role]) => ({ role: [{ text: role }], member: member.ref })),
    managingOrganization: [where.unit.ref],
  } satisfies CareTeam);
}

export interface PlanOfCare {
  readonly title: string;
  readonly text: string;
  readonly kind:
    | "Vårdplan"
    | "Rehabiliteringsplan"
    | "Standardiserat vårdförlopp"
    | "Samordnad individuell plan"
    | "Min vårdplan cancer";
  readonly until?: Wall;
  readonly done?: boolean;
  readonly activities: readonly (readonly [
    text: string,
    status: "not-started" | "scheduled" | "in-progress" | "completed",
    at?: Wall,
  ])[];
}

export function carePlan(where: Scene, plan: PlanOfCare): CarePlan {
  return put(where.chart, where.unit, where.at, {
    resourceType: "CarePlan",
    status: plan.done ? "completed" : "active",
    intent: "plan",
    category: [local(LOCAL.plan, plan.kind)],
    title: plan.title,
    description: plan.text,
    subject: where.chart.subject,
    ...inEncounter(where),
    period: { start: dayText(where.at), ...(plan.until === undefined ? {} : { end: dayText(plan.until) }) },
    created: timeText(where.at),
    author: where.by.ref,
    activity: plan.activities.map(([text, status, at]) => ({
      detail: { status, description: text, ...(at === undefined ? {} : { scheduledPeriod: { start: dayText(at) } }) },
    })),
  } satisfies CarePlan);
}

/** A document of its own, such as a letter or a form, kept as text. */
export function document(where: Scene, title: string, kind: string, text: string): DocumentReference {
  return put(where.chart, where.unit, where.at, {
    resourceType: "DocumentReference",
    status: "current",
    docStatus: "final",
    type: local(LOCAL.document, kind),
    subject: where.chart.subject,
    date: timeText(where.at),
    author: [where.by.ref],
    custodian: where.unit.ref,
    description: title,
    content: [
      {
        attachment: {
          contentType: "text/plain; charset=utf-8",
          language: "sv-SE",
          title,
          data: base64(text),
          creation: timeText(where.at),
        },
      },
    ],
    ...(where.encounter ? { context: { encounter: [refTo(where.encounter)] } } : {}),
  } satisfies DocumentReference);
}

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** Base64 of the UTF-8 bytes; pure, because this module also runs where there is no Buffer. */
function base64(text: string): string {
  const bytes = new TextEncoder().encode(text);
  let out = "";
  for (let i = 0; i < bytes.length; i += 3) {
    const group = (bytes[i]! << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
    out += ALPHABET[group >> 18]! + ALPHABET[(group >> 12) & 63]!;
    out += i + 1 < bytes.length ? ALPHABET[(group >> 6) & 63]! : "=";
    out += i + 2 < bytes.length ? ALPHABET[group & 63]! : "=";
  }
  return out;
}
