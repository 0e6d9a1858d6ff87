/**
 * Laboratory: an order, its specimen, results with reference intervals and interpretation, the report, and the task to
 * read and acknowledge it, which is open until somebody has. A result belongs to the unit that asked for it. SPEC DEMO-LAB
 */
import type {
  CodeableConcept,
  DiagnosticReport,
  FhirResource,
  Observation,
  ServiceRequest,
  Specimen,
  Task,
} from "fhir/r4";
import { ANALYSES, type Analysis, type AnalysisKey } from "../codes/analyses.ts";
import { coding, concept, hl7, local, LOCAL, SYSTEM } from "../codes/systems.ts";
import { rounded } from "../dice.ts";
import type { Unit } from "../directory/directory.ts";
import { DAY, HOUR, timeText, type Wall } from "../time.ts";
import { ageOf, inEncounter, isWoman, put, refTo, type Chart, type Scene } from "./chart.ts";

export type Values = Partial<Record<AnalysisKey, number>>;

export interface LabPlan {
  readonly title?: string;
  readonly urgent?: boolean;
  /** Hours from collection to answer. */
  readonly hours?: number;
  readonly status?: "final" | "preliminary" | "corrected";
  /** Said in the report, such as why a result was corrected. */
  readonly comment?: string;
  /** Left unread; otherwise the orderer has acknowledged it. */
  readonly unread?: boolean;
  /** The method's name, where a change of method matters to the trend. */
  readonly method?: Partial<Record<AnalysisKey, string>>;
  /** Analyses whose value is dangerous, so that it must be taken over at once. */
  readonly critical?: readonly AnalysisKey[];
  /** Values that a correction replaced. */
  readonly was?: Values;
}

export interface LabAnswer {
  readonly report: DiagnosticReport;
  readonly results: Observation[];
}

/** Orders and answers a set of analyses. What is not ready by now is left as an open order. */
export function laboratory(where: Scene, values: Values, plan: LabPlan = {}): LabAnswer | undefined {
  const { chart } = where;
  const lab = chart.directory.unit("lab");
  const title = plan.title ?? "Klinisk kemi";
  const answered = where.at + (plan.hours ?? (plan.urgent ? 1 : 20)) * HOUR;
  const ready = answered <= chart.now;
  const order = orderOf(where, {
    title,
    urgent: plan.urgent ?? false,
    status: ready ? "completed" : "active",
    to: lab,
    category: "lab",
  });
  const specimen = specimenOf(where, order, "Venöst blod");
  if (!ready) return undefined;
  const keys = Object.keys(values) as AnalysisKey[];
  const results = keys.map((key) => resultOf(where, { key, value: values[key]!, order, specimen, answered, plan }));
  const report = reportOf(where, {
    title,
    order,
    specimen,
    results,
    answered,
    lab,
    status: plan.status ?? "final",
    comment: plan.comment,
  });
  acknowledgement(where, report, { unread: plan.unread ?? false, answered, results });
  return { report, results };
}

interface OrderPlan {
  readonly title: string;
  readonly urgent: boolean;
  readonly status: ServiceRequest["status"];
  readonly to: Unit;
  readonly category: "lab" | "imaging" | "pathology";
  readonly question?: string;
}

const CATEGORY: Record<OrderPlan["category"], readonly [string, string]> = {
  lab: ["108252007", "Laboratorieundersökning"],
  imaging: ["363679005", "Bilddiagnostik"],
  pathology: ["108252007", "Laboratorieundersökning"],
};

/** The order to a laboratory, radiology or pathology. */
export function orderOf(where: Scene, plan: OrderPlan): ServiceRequest {
  return put(where.chart, where.unit, where.at, {
    resourceType: "ServiceRequest",
    status: plan.status,
    intent: "order",
    category: [concept(SYSTEM.snomed, ...CATEGORY[plan.category])],
    priority: plan.urgent ? "urgent" : "routine",
    code: local(LOCAL.analysis, plan.title),
    subject: where.chart.subject,
    ...inEncounter(where),
    occurrenceDateTime: timeText(where.at),
    authoredOn: timeText(where.at),
    requester: where.by.ref,
    performer: [plan.to.ref],
    ...(plan.question ? { reasonCode: [{ text: plan.question }] } : {}),
  } satisfies ServiceRequest);
}

export function specimenOf(where: Scene, order: ServiceRequest, type: string): Specimen {
  const specimen = put(where.chart, where.unit, where.at, {
    resourceType: "Specimen",
    accessionIdentifier: { system: "urn:eira:demo:provnummer", value: specimenNumber(where.chart) },
    status: "available",
    type: local(LOCAL.specimen, type),
    subject: where.chart.subject,
    receivedTime: timeText(where.at + HOUR <= where.chart.now ? where.at + HOUR : where.at),
    request: [refTo(order)],
    collection: { collector: where.by.ref, collectedDateTime: timeText(where.at) },
  } satisfies Specimen);
  order.specimen = [refTo(specimen)];
  return specimen;
}

function specimenNumber(chart: Chart): string {
  return `P${String(chart.dice.int(1_000_000_000)).padStart(9, "0")}`;
}

interface ResultPlan {
  readonly key: AnalysisKey;
  readonly value: number;
  readonly order: ServiceRequest;
  readonly specimen: Specimen;
  readonly answered: Wall;
  readonly plan: LabPlan;
}

function resultOf(where: Scene, { key, value, order, specimen, answered, plan }: ResultPlan): Observation {
  const { chart } = where;
  const analysis: Analysis = ANALYSES[key];
  const range = analysis.reference({ woman: isWoman(chart), age: ageOf(chart, where.at) });
  const shown = rounded(value, analysis.decimals);
  const unit = { unit: analysis.unit, system: SYSTEM.ucum, code: analysis.ucum };
  const was = plan.was?.[key];
  const method = plan.method?.[key];
  return put(chart, where.unit, answered, {
    resourceType: "Observation",
    basedOn: [refTo(order)],
    status: was === undefined ? (plan.status === "preliminary" ? "preliminary" : "final") : "corrected",
    category: [hl7("observation-category", "laboratory")],
    code: concept(analysis.system, analysis.code, analysis.name),
    subject: chart.subject,
    ...inEncounter(where),
    effectiveDateTime: timeText(where.at),
    issued: timeText(answered),
    performer: [chart.directory.unit("lab").ref],
    valueQuantity: { value: shown, ...unit },
    interpretation: [interpretationOf(shown, range, plan.critical?.includes(key) ?? false)],
    ...(was === undefined
      ? {}
      : { note: [{ text: `Rättat svar. Tidigare utlämnat värde ${was} ${analysis.unit} gäller inte.` }] }),
    ...(method ? { method: { text: method } } : {}),
    specimen: refTo(specimen),
    ...rangeOf(range, unit),
  } satisfies Observation);
}

function rangeOf(
  range: { low?: number; high?: number },
  unit: { unit: string; system: string; code: string },
): Pick<Observation, "referenceRange"> {
  const { low, high } = range;
  if (low === undefined && high === undefined) return {};
  const text =
    low === undefined
      ? `<${swedish(high!)}`
      : high === undefined
        ? `>${swedish(low)}`
        : `${swedish(low)}–${swedish(high)}`;
  return {
    referenceRange: [
      {
        ...(low === undefined ? {} : { low: { value: low, ...unit } }),
        ...(high === undefined ? {} : { high: { value: high, ...unit } }),
        text,
      },
    ],
  };
}

function interpretationOf(value: number, range: { low?: number; high?: number }, critical: boolean): CodeableConcept {
  const name = "v3-ObservationInterpretation";
  if (range.low !== undefined && value < range.low)
    return critical ? hl7(name, "LL", "Kritiskt lågt") : hl7(name, "L", "Lågt");
  if (range.high !== undefined && value > range.high)
    return critical ? hl7(name, "HH", "Kritiskt högt") : hl7(name, "H", "Högt");
  return hl7("v3-ObservationInterpretation", "N", "Normalt");
}

/** A number as Swedish writes it: decimal comma. */
export function swedish(value: number): string {
  return String(value).replace(".", ",");
}

interface ReportPlan {
  readonly title: string;
  readonly order: ServiceRequest;
  readonly specimen?: Specimen;
  readonly results: readonly FhirResource[];
  readonly answered: Wall;
  readonly lab: Unit;
  readonly status: DiagnosticReport["status"];
  readonly comment?: string | undefined;
  readonly category?: string;
}

/** The laboratory's report over its results. */
export function reportOf(where: Scene, plan: ReportPlan): DiagnosticReport {
  return put(where.chart, where.unit, plan.answered, {
    resourceType: "DiagnosticReport",
    basedOn: [refTo(plan.order)],
    status: plan.status,
    category: [hl7("v2-0074", plan.category ?? "LAB")],
    code: local(LOCAL.analysis, plan.title),
    subject: where.chart.subject,
    ...inEncounter(where),
    effectiveDateTime: timeText(where.at),
    issued: timeText(plan.answered),
    performer: [plan.lab.ref],
    ...(plan.specimen ? { specimen: [refTo(plan.specimen)] } : {}),
    ...(plan.results.length > 0 ? { result: plan.results.map((one) => refTo(one)) } : {}),
    ...(plan.comment ? { conclusion: plan.comment } : {}),
  } satisfies DiagnosticReport);
}

interface AcknowledgementPlan {
  readonly unread: boolean;
  readonly answered: Wall;
  readonly results?: readonly Observation[];
}

/** The task to read a report (vidimering): its owner is the person who ordered; completed once read. */
export function acknowledgement(where: Scene, report: DiagnosticReport, plan: AcknowledgementPlan): Task {
  const { chart } = where;
  const deviates = (plan.results ?? []).some((one) => one.interpretation?.[0]?.coding?.[0]?.code !== "N");
  const read = Math.min(plan.answered + chart.dice.between(1, 30) * HOUR, chart.now);
  return put(chart, where.unit, plan.answered, {
    resourceType: "Task",
    status: plan.unread ? "requested" : "completed",
    intent: "order",
    priority: deviates ? "urgent" : "routine",
    code: { coding: [coding(LOCAL.task, "vidimera-svar", "Vidimera svar")], text: "Vidimera svar" },
    description: `Svar att läsa och ta ställning till: ${report.code.text}.`,
    focus: refTo(report, report.code.text),
    for: chart.subject,
    ...inEncounter(where),
    authoredOn: timeText(plan.answered),
    lastModified: timeText(plan.unread ? plan.answered : read),
    requester: report.performer![0]!,
    owner: where.by.ref,
    restriction: { period: { end: timeText(plan.answered + (deviates ? 1 : 7) * DAY) } },
  } satisfies Task);
}
