/**
 * Ordinations: what, why, how much and when, as FHIR Timing with the same in Swedish; stops and changes with their reason;
 * doses given on a ward; and what patients say they take of their own. SPEC DEMO-MED · HSLF-FS 2017:37
 */
import type {
  CodeableConcept,
  Dosage,
  MedicationAdministration,
  MedicationRequest,
  MedicationStatement,
  TimingRepeat,
} from "fhir/r4";
import { DRUGS, drugText, type Drug, type DrugKey, type Route } from "../codes/drugs.ts";
import { concept, hl7, SYSTEM } from "../codes/systems.ts";
import { rounded } from "../dice.ts";
import { dayText, timeText, type Wall } from "../time.ts";
import { inEncounter, later, put, refTo, type Chart, type Scene } from "./chart.ts";
import { swedish } from "./lab.ts";

type Part = "morgon" | "middag" | "kväll" | "natt";

export interface DosePlan {
  /** How many units at a time. */
  readonly units: number;
  /** At which parts of the day; or so many times in a period. */
  readonly at?: readonly Part[];
  readonly times?: number;
  /** Days (or weeks) between, when not every day. */
  readonly every?: readonly [count: number, unit: "d" | "wk" | "h"];
  /** As needed, with the most that may be taken in a day. */
  readonly asNeeded?: { readonly maxPerDay?: number };
  /** For so many days. */
  readonly days?: number;
}

export interface OrdinationPlan extends DosePlan {
  readonly drug: DrugKey;
  /** Ordinationsorsak as a phrase that ends the dosage: "mot högt blodtryck", "för hjärtats kraft". */
  readonly reason: string;
  readonly category?: "community" | "outpatient" | "inpatient" | "discharge";
  readonly start?: Wall;
  readonly stopped?: { readonly at: Wall; readonly why: string };
  /** The ordination that this one replaces with another dose or drug. */
  readonly replaces?: MedicationRequest;
  readonly refills?: number;
  readonly note?: string;
}

const WHEN: Record<Part, "MORN" | "NOON" | "EVE" | "NIGHT"> = {
  morgon: "MORN",
  middag: "NOON",
  kväll: "EVE",
  natt: "NIGHT",
};
const WHEN_TEXT: Record<Part, string> = {
  morgon: "på morgonen",
  middag: "mitt på dagen",
  kväll: "på kvällen",
  natt: "till natten",
};
const ROUTE: Record<Route, string> = {
  oralt: "26643006",
  inhalation: "447694001",
  subkutant: "34206005",
  intravenöst: "47625008",
  intramuskulärt: "78421000",
  "på huden": "6064005",
  "under tungan": "37839007",
  "i näsan": "46713006",
  vaginalt: "16857009",
};

/** Orders a drug. A drug that is already ordered for continuous use is not ordered twice: the newer ordination replaces the older. */
export function ordain(where: Scene, plan: OrdinationPlan): MedicationRequest {
  const made = order(where, plan);
  if (made.status !== "active" || !isContinuous(made)) return made;
  const same = where.chart.entries
    .map((entry) => entry.resource)
    .find(
      (one): one is MedicationRequest =>
        one !== made && one.resourceType === "MedicationRequest" && isSameActive(one, made),
    );
  if (!same) return made;
  const [older, newer] = same.authoredOn! <= made.authoredOn! ? [same, made] : [made, same];
  const at = newer === made ? where : later(where, Math.min(parseTime(newer.authoredOn!), where.chart.now));
  stop(older, at, "Ersatt av ny ordination");
  newer.priorPrescription ??= refTo(older);
  return made;
}

/** The ordination by which the patient takes a drug now, if there is one; a ward goes on with it instead of ordering again. */
export function activeOrdination(chart: Chart, drug: DrugKey): MedicationRequest | undefined {
  return chart.entries
    .map((entry) => entry.resource)
    .find(
      (one): one is MedicationRequest =>
        one.resourceType === "MedicationRequest" &&
        one.status === "active" &&
        one.medicationCodeableConcept?.coding?.[0]?.code === DRUGS[drug].atc,
    );
}

function isContinuous(request: MedicationRequest): boolean {
  return (
    request.category?.[0]?.coding?.[0]?.code !== "inpatient" &&
    request.courseOfTherapyType?.coding?.[0]?.code === "continuous"
  );
}

function isSameActive(one: MedicationRequest, made: MedicationRequest): boolean {
  const atc = (request: MedicationRequest): string | undefined => request.medicationCodeableConcept?.coding?.[0]?.code;
  return one.status === "active" && isContinuous(one) && atc(one) === atc(made);
}

function parseTime(text: string): Wall {
  return Date.parse(`${text.slice(0, 19)}Z`);
}

function order(where: Scene, plan: OrdinationPlan): MedicationRequest {
  const { chart } = where;
  const start = plan.start ?? where.at;
  const over = plan.days === undefined ? undefined : start + plan.days * 86_400_000;
  const status = plan.stopped ? "stopped" : over !== undefined && over <= chart.now ? "completed" : "active";
  if (status === "active") chart.facts.drugs.push(`${drugText(plan.drug)}, ${doseText(plan).replace(/\.$/, "")}`);
  return put(chart, where.unit, where.at, {
    resourceType: "MedicationRequest",
    status,
    ...(plan.stopped ? { statusReason: { text: plan.stopped.why } } : {}),
    intent: "order",
    category: [hl7("medicationrequest-category", plan.category ?? "community")],
    medicationCodeableConcept: drugConcept(plan.drug),
    subject: chart.subject,
    ...inEncounter(where),
    authoredOn: timeText(where.at),
    requester: where.by.ref,
    reasonCode: [{ text: reasonText(plan.reason) }],
    courseOfTherapyType: hl7("medicationrequest-course-of-therapy", plan.days === undefined ? "continuous" : "acute"),
    dosageInstruction: [dosage(plan, start, plan.stopped?.at ?? over)],
    ...(plan.refills === undefined ? {} : { dispenseRequest: { numberOfRepeatsAllowed: plan.refills } }),
    ...(plan.replaces ? { priorPrescription: refTo(plan.replaces) } : {}),
    ...(plan.note ? { note: [{ text: plan.note }] } : {}),
  } satisfies MedicationRequest);
}

/** Stops an ordination written earlier in the story. */
export function stop(request: MedicationRequest, where: Scene, why: string): void {
  request.status = "stopped";
  request.statusReason = { text: why };
  const repeat = request.dosageInstruction?.[0]?.timing?.repeat;
  if (repeat?.boundsPeriod) repeat.boundsPeriod.end = dayText(where.at);
  const drugs = where.chart.facts.drugs;
  const text = request.medicationCodeableConcept!.text!;
  const at = drugs.findIndex((one) => one.startsWith(text));
  if (at >= 0) drugs.splice(at, 1);
}

export function drugConcept(key: DrugKey): CodeableConcept {
  const drug: Drug = DRUGS[key];
  return { coding: [{ system: SYSTEM.atc, code: drug.atc, display: drug.substance }], text: drugText(key) };
}

function dosage(plan: OrdinationPlan, start: Wall, end: Wall | undefined): Dosage {
  const drug: Drug = DRUGS[plan.drug];
  const [amount, code] = drug.strength;
  const unit = code === "ug" ? "mikrogram" : code === "[iU]" ? "E" : code.replace(/[{}]/g, "");
  const amountOf = (units: number) => ({
    value: rounded(units * amount, 3),
    unit,
    system: SYSTEM.ucum,
    code: asciiCode(code),
  });
  return {
    text: doseText(plan),
    timing: {
      repeat: {
        boundsPeriod: { start: dayText(start), ...(end === undefined ? {} : { end: dayText(end) }) },
        ...repeatOf(plan),
      },
    },
    ...(plan.asNeeded ? { asNeededBoolean: true } : {}),
    route: concept(SYSTEM.snomed, ROUTE[drug.route], drug.route),
    doseAndRate: [{ type: hl7("dose-rate-type", "ordered"), doseQuantity: amountOf(plan.units) }],
    ...(plan.asNeeded?.maxPerDay === undefined
      ? {}
      : {
          maxDosePerPeriod: {
            numerator: amountOf(plan.asNeeded.maxPerDay),
            denominator: { value: 1, unit: "dygn", system: SYSTEM.ucum, code: "d" },
          },
        }),
  };
}

function asciiCode(code: string): string {
  return code.replace(/å|ä/g, "a").replace(/ö/g, "o");
}

function repeatOf(plan: DosePlan): TimingRepeat {
  const [period, periodUnit] = plan.every ?? [1, "d" as const];
  if (plan.at) return { frequency: plan.at.length, period, periodUnit, when: plan.at.map((part) => WHEN[part]) };
  return { frequency: plan.times ?? 1, period, periodUnit };
}

/** The dosage in Swedish, as the patient reads it. */
export function doseText(plan: DosePlan & { readonly drug: DrugKey; readonly reason: string }): string {
  const drug: Drug = DRUGS[plan.drug];
  const amount = `${swedish(plan.units)} ${plan.units === 1 ? drug.unit[0] : drug.unit[1]}`;
  const need = plan.asNeeded ? "vid behov" : "";
  const most = plan.asNeeded?.maxPerDay === undefined ? "" : `, högst ${swedish(plan.asNeeded.maxPerDay)} per dygn`;
  const days = plan.days === undefined ? "" : plan.days === 1 ? ", en dag" : ` i ${plan.days} dagar`;
  return `${[amount, frequencyText(plan), need].filter((one) => one !== "").join(" ")}${most}${days} ${plan.reason}.`;
}

/** "mot högt blodtryck" as a heading: "Högt blodtryck". */
function reasonText(reason: string): string {
  const bare = reason.replace(/^(mot|för|vid|efter|inför) /, "");
  return bare.charAt(0).toUpperCase() + bare.slice(1);
}

function frequencyText(plan: DosePlan): string {
  if (plan.every && plan.at === undefined) {
    const [count, unit] = plan.every;
    if (unit === "wk") return count === 1 ? "en gång i veckan" : `var ${count}:e vecka`;
    if (unit === "h") return `var ${count}:e timme`;
    return count === 1 ? timesText(plan.times ?? 1) : `var ${count}:e dag`;
  }
  if (!plan.at) return plan.asNeeded ? "" : timesText(plan.times ?? 1);
  const parts = plan.at.map((part) => WHEN_TEXT[part]);
  return parts.length === 1 ? parts[0]! : `${parts.slice(0, -1).join(", ")} och ${parts[parts.length - 1]}`;
}

function timesText(times: number): string {
  return times === 1 ? "1 gång dagligen" : `${times} gånger dagligen`;
}

export interface GivenPlan {
  readonly request: MedicationRequest;
  readonly drug: DrugKey;
  readonly units: number;
  readonly status?: "completed" | "not-done";
  readonly why?: string;
}

/** One dose on a ward: given, or not given with a reason. */
export function give(where: Scene, plan: GivenPlan): MedicationAdministration {
  const drug: Drug = DRUGS[plan.drug];
  const [amount, code] = drug.strength;
  const given = (plan.status ?? "completed") === "completed";
  return put(where.chart, where.unit, where.at, {
    resourceType: "MedicationAdministration",
    status: plan.status ?? "completed",
    ...(plan.why ? { statusReason: [{ text: plan.why }] } : {}),
    category: hl7("medication-admin-category", "inpatient"),
    medicationCodeableConcept: drugConcept(plan.drug),
    subject: where.chart.subject,
    ...(where.encounter ? { context: refTo(where.encounter) } : {}),
    effectiveDateTime: timeText(where.at),
    performer: [{ actor: where.by.ref }],
    request: refTo(plan.request),
    ...(given
      ? {
          dosage: {
            route: concept(SYSTEM.snomed, ROUTE[drug.route], drug.route),
            dose: {
              value: rounded(plan.units * amount, 3),
              unit: code === "ug" ? "mikrogram" : code,
              system: SYSTEM.ucum,
              code: asciiCode(code),
            },
          },
        }
      : {}),
  } satisfies MedicationAdministration);
}

/** What the patient says to take without an ordination: a drug of the list, or a product in words. */
export function ownMedicine(
  where: Scene,
  product: { readonly drug: DrugKey } | { readonly name: string },
  text: string,
): MedicationStatement {
  return put(where.chart, where.unit, where.at, {
    resourceType: "MedicationStatement",
    status: "active",
    category: hl7("medication-statement-category", "patientspecified"),
    medicationCodeableConcept: "drug" in product ? drugConcept(product.drug) : { text: product.name },
    subject: where.chart.subject,
    ...(where.encounter ? { context: refTo(where.encounter) } : {}),
    effectivePeriod: { start: dayText(where.at) },
    dateAsserted: timeText(where.at),
    informationSource: where.chart.subject,
    dosage: [{ text }],
  } satisfies MedicationStatement);
}
