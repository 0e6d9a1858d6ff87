/**
 * Referrals (remisser) as ServiceRequest with a Task that follows the national states: sent, received, forwarded,
 * assessed, completion asked, answered, answer received. The Task's owner is who has it now. SPEC DEMO-REF
 * ../shared/domain-sweden.md 1.3 (KV Status framställan)
 */
import type { Annotation, DiagnosticReport, ServiceRequest, Task } from "fhir/r4";
import { concept, local, LOCAL, SYSTEM } from "../codes/systems.ts";
import type { UnitKey } from "../directory/units.ts";
import { DAY, timeText, type Wall } from "../time.ts";
import { inEncounter, put, refTo, scene, type Scene } from "./chart.ts";

export const STATES = [
  "skickad",
  "mottagen",
  "vidareskickad",
  "bedömd",
  "komplettering begärd",
  "besvarad",
  "svar mottaget",
] as const;
export type ReferralState = (typeof STATES)[number];

export interface ReferralPlan {
  readonly to: UnitKey;
  /** What is asked for: "Bedömning av knäartros". */
  readonly title: string;
  readonly question: string;
  readonly background: string;
  readonly state: ReferralState;
  /** Where it was sent on to, for one that is forwarded. */
  readonly forwardedTo?: UnitKey;
  readonly answer?: string;
  readonly asked?: string;
  readonly urgent?: boolean;
  /** Why it was cancelled at the state it had reached; somebody must still see to the patient. */
  readonly cancelled?: string;
  /** Days from sending until each next step. */
  readonly pace?: number;
}

export interface Referral {
  readonly request: ServiceRequest;
  readonly task: Task;
  readonly answer?: DiagnosticReport;
}

const TASK_STATUS: Record<ReferralState, Task["status"]> = {
  skickad: "requested",
  mottagen: "received",
  vidareskickad: "requested",
  bedömd: "accepted",
  "komplettering begärd": "on-hold",
  besvarad: "completed",
  "svar mottaget": "completed",
};

/** The states a referral passes on its way to one of them. */
const PATH: Record<ReferralState, readonly ReferralState[]> = {
  skickad: ["skickad"],
  mottagen: ["skickad", "mottagen"],
  vidareskickad: ["skickad", "mottagen", "vidareskickad"],
  bedömd: ["skickad", "mottagen", "bedömd"],
  "komplettering begärd": ["skickad", "mottagen", "komplettering begärd"],
  besvarad: ["skickad", "mottagen", "bedömd", "besvarad"],
  "svar mottaget": ["skickad", "mottagen", "bedömd", "besvarad", "svar mottaget"],
};

/** Writes a referral in its present state, with how it came there. */
export function refer(where: Scene, plan: ReferralPlan): Referral {
  const { chart } = where;
  const answered = plan.state === "besvarad" || plan.state === "svar mottaget";
  const request = put(chart, where.unit, where.at, {
    resourceType: "ServiceRequest",
    status: plan.cancelled ? "revoked" : answered ? "completed" : "active",
    intent: "order",
    category: [concept(SYSTEM.snomed, "3457005", "Remiss")],
    priority: plan.urgent ? "urgent" : "routine",
    code: local(LOCAL.referral, plan.title),
    subject: chart.subject,
    ...inEncounter(where),
    authoredOn: timeText(where.at),
    requester: where.by.ref,
    performer: [chart.directory.unit(plan.forwardedTo ?? plan.to).ref],
    reasonCode: [{ text: plan.question }],
    note: [{ text: plan.background }],
  } satisfies ServiceRequest);
  const steps = stepsOf(where, plan);
  const answer = answered ? answerOf(where, plan, request, steps[PATH[plan.state].indexOf("besvarad")]!.at) : undefined;
  const task = taskOf(where, plan, { request, steps, answer });
  return { request, task, ...(answer ? { answer } : {}) };
}

interface Step {
  readonly state: ReferralState;
  readonly at: Wall;
}

function stepsOf(where: Scene, plan: ReferralPlan): Step[] {
  const path = PATH[plan.state];
  const pace = plan.pace ?? 4;
  const room = (where.chart.now - where.at) / Math.max(1, path.length);
  return path.map((state, index) => ({ state, at: where.at + index * Math.min(pace * DAY, room) }));
}

function answerOf(where: Scene, plan: ReferralPlan, request: ServiceRequest, at: Wall): DiagnosticReport {
  const receiver = scene(where.chart, plan.forwardedTo ?? plan.to, "läkare", at);
  return put(where.chart, receiver.unit, at, {
    resourceType: "DiagnosticReport",
    basedOn: [refTo(request)],
    status: "final",
    category: [local(LOCAL.referral, "Remissvar")],
    code: local(LOCAL.referral, `Svar: ${plan.title}`),
    subject: where.chart.subject,
    effectiveDateTime: timeText(at),
    issued: timeText(at),
    performer: [receiver.by.ref],
    conclusion: plan.answer ?? "Bedömning utförd. Patienten återremitteras för fortsatt uppföljning.",
  } satisfies DiagnosticReport);
}

interface TaskParts {
  readonly request: ServiceRequest;
  readonly steps: readonly Step[];
  readonly answer: DiagnosticReport | undefined;
}

function taskOf(where: Scene, plan: ReferralPlan, { request, steps, answer }: TaskParts): Task {
  const { chart } = where;
  const last = steps[steps.length - 1]!;
  const receiver = chart.directory.unit(plan.forwardedTo ?? plan.to);
  const withSender =
    plan.state === "komplettering begärd" || plan.state === "besvarad" || plan.state === "svar mottaget";
  const number = STATES.indexOf(plan.state) + 1;
  const why = plan.cancelled ?? plan.asked;
  return put(chart, where.unit, where.at, {
    resourceType: "Task",
    basedOn: [refTo(request)],
    status: plan.cancelled ? "cancelled" : TASK_STATUS[plan.state],
    businessStatus: concept(SYSTEM.requestStatus, String(number), plan.state),
    intent: "order",
    priority: plan.urgent ? "urgent" : "routine",
    code: local(LOCAL.task, "Remiss"),
    description: `${plan.title}: ${plan.state}.`,
    focus: refTo(request, plan.title),
    for: chart.subject,
    ...inEncounter(where),
    authoredOn: timeText(where.at),
    lastModified: timeText(last.at),
    requester: where.by.ref,
    owner: withSender ? where.by.ref : receiver.ref,
    ...(why ? { statusReason: { text: why } } : {}),
    restriction: { period: { end: timeText(last.at + (plan.urgent ? 7 : 30) * DAY) } },
    note: steps.map((step): Annotation => ({ time: timeText(step.at), text: stepText(where, plan, step.state) })),
    ...(answer ? { output: [{ type: { text: "Remissvar" }, valueReference: refTo(answer) }] } : {}),
  } satisfies Task);
}

function stepText(where: Scene, plan: ReferralPlan, state: ReferralState): string {
  const name = (key: UnitKey): string => where.chart.directory.unit(key).name;
  const texts: Record<ReferralState, string> = {
    skickad: `Remissen skickades från ${where.unit.name} till ${name(plan.to)}.`,
    mottagen: `Remissen mottogs av ${name(plan.to)}.`,
    vidareskickad: `Remissen skickades vidare till ${name(plan.forwardedTo ?? plan.to)}, som nu ansvarar för den.`,
    bedömd: `Remissen bedömdes och accepterades av ${name(plan.forwardedTo ?? plan.to)}.`,
    "komplettering begärd": `Komplettering begärdes: ${plan.asked ?? "uppgifter saknas"}.`,
    besvarad: `Remissen besvarades av ${name(plan.forwardedTo ?? plan.to)}.`,
    "svar mottaget": `Svaret lästes och vidimerades av ${where.by.name}.`,
  };
  return texts[state];
}
