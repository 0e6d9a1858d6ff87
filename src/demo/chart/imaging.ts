/** Radiology, pathology and microbiology: an order with its question, and a report in words. SPEC DEMO-LAB */
import type { DiagnosticReport, ServiceRequest } from "fhir/r4";
import { HOUR, type Wall } from "../time.ts";
import type { Scene } from "./chart.ts";
import { acknowledgement, orderOf, reportOf, specimenOf } from "./lab.ts";

export interface WordsPlan {
  readonly title: string;
  readonly question: string;
  /** The report; absent while nobody has answered. */
  readonly report?: string;
  readonly hours?: number;
  readonly urgent?: boolean;
  readonly status?: DiagnosticReport["status"];
  readonly unread?: boolean;
  readonly specimen?: string;
}

export interface WordsAnswer {
  readonly order: ServiceRequest;
  readonly report?: DiagnosticReport;
}

/** An imaging examination. */
export function imaging(where: Scene, plan: WordsPlan): WordsAnswer {
  return inWords(where, plan, { unit: "rtg", category: "imaging", code: "RAD" });
}

/** Mammography and ultrasound of the breast, read at the breast clinic. */
export function breastImaging(where: Scene, plan: WordsPlan): WordsAnswer {
  return inWords(where, plan, { unit: "brost", category: "imaging", code: "RAD" });
}

/** A pathologist's answer (PAD). */
export function pathology(where: Scene, plan: WordsPlan): WordsAnswer {
  return inWords(where, plan, { unit: "pat", category: "pathology", code: "PAT" });
}

/** A culture or another microbiological examination. */
export function microbiology(where: Scene, plan: WordsPlan): WordsAnswer {
  return inWords(where, plan, { unit: "mikro", category: "lab", code: "MB" });
}

interface Reader {
  readonly unit: "rtg" | "brost" | "pat" | "mikro";
  readonly category: "imaging" | "pathology" | "lab";
  readonly code: string;
}

function inWords(where: Scene, plan: WordsPlan, reader: Reader): WordsAnswer {
  const { chart } = where;
  const to = chart.directory.unit(reader.unit);
  const answered: Wall = where.at + (plan.hours ?? 24) * HOUR;
  const ready = plan.report !== undefined && answered <= chart.now;
  const order = orderOf(where, {
    title: plan.title,
    urgent: plan.urgent ?? false,
    status: ready ? "completed" : "active",
    to,
    category: reader.category,
    question: plan.question,
  });
  const specimen = plan.specimen ? specimenOf(where, order, plan.specimen) : undefined;
  if (!ready) return { order };
  const report = reportOf(where, {
    title: plan.title,
    order,
    ...(specimen ? { specimen } : {}),
    results: [],
    answered,
    lab: to,
    status: plan.status ?? "final",
    comment: plan.report,
    category: reader.code,
  });
  const reading = chart.directory.at(reader.unit, "läkare", chart.dice);
  report.resultsInterpreter = [reading.ref];
  acknowledgement(where, report, { unread: plan.unread ?? false, answered });
  return { order, report };
}
