/**
 * A laboratory that takes any order of its catalogue and answers it with made-up values: preliminary, final, corrected, critical, cancelled,
 * or a specimen that cannot be used. Everything follows from the seed. SPEC EXCH-SIM-LAB
 */
import { seededRandom, type SeededRandom } from "../../base/index.ts";
import type { Analysis } from "../../demo/index.ts";
import type { NewField, NewSegment } from "../hl7v2/codec/index.ts";
import { hl7Time } from "../hl7v2/mllp/answers.ts";
import { CODE_SYSTEM } from "../hl7v2-map/tables/index.ts";
import { analysesOf, isBlood } from "./catalogue.ts";
import type { SimulatedOrder } from "./order.ts";
import {
  fillerOf,
  header,
  pidOf,
  specimenSegments,
  statusSegments,
  type Mark,
  type Sender,
  type Step,
} from "./steps.ts";

export const LABORATORY: Sender = { application: "LABSIM", facility: "KEMLAB" };

export const LAB_SCENARIOS = [
  "final",
  "preliminary",
  "corrected",
  "critical",
  "cancelled",
  "rejected",
  "missing",
] as const;
export type LabScenario = (typeof LAB_SCENARIOS)[number];

/** How often each comes when none is set, in hundredths. */
const SHARES: readonly (readonly [LabScenario, number])[] = [
  ["final", 60],
  ["preliminary", 12],
  ["corrected", 8],
  ["critical", 8],
  ["cancelled", 4],
  ["rejected", 5],
  ["missing", 3],
];

export type Behaviour = {
  readonly seed: number | string;
  /** From the order to its first answer. */
  readonly delayMs: number;
  readonly scenario: string | undefined;
};

type Value = { readonly analysis: Analysis; readonly text: string; readonly flag: string };

/** What the laboratory sends for an order. The `index` counts its orders, so that the same orders get the same answers. */
export function laboratorySteps(order: SimulatedOrder, index: number, behaviour: Behaviour): readonly Step[] {
  const random = seededRandom(`${behaviour.seed}|${index}`);
  const scenario = scenarioOf(behaviour.scenario, random);
  const { delayMs } = behaviour;
  const say = (afterMs: number, said: Parameters<typeof statusSegments>[3]): Step => ({
    afterMs,
    isAnswer: false,
    segments: (when, control) => statusSegments(LABORATORY, order, { when, control }, said),
  });
  // Blood is taken on at once and comes by hand: there is no answer to it.
  if (isBlood(order)) return [say(0, { control: "OK" })];
  const analyses = analysesOf(order);
  if (analyses.length === 0)
    return [say(0, { control: "UA", reason: ["okand", "Undersökningen finns inte i simulatorns katalog", "L"] })];
  const accepted = say(0, { control: "OK" });
  if (order.isAwaited) return [accepted];
  if (scenario === "missing")
    return [accepted, say(delayMs / 2, { control: "SC", status: "HD", reason: ["prov-saknas", "Provet saknas", "L"] })];
  const received: Step = {
    afterMs: delayMs / 3,
    isAnswer: false,
    segments: (when, control) =>
      statusSegments(
        LABORATORY,
        order,
        { when, control },
        { control: "SC", status: "IP", specimen: { 18: hl7Time(when) } },
      ),
  };
  if (scenario === "rejected") {
    const reason: NewField = ["hemolys", "Hemolyserat prov, kan inte analyseras", "L"];
    return [accepted, received, say(delayMs, { control: "UA", reason, specimen: { 21: reason } })];
  }
  return [accepted, received, ...answers(order, { scenario, analyses, random, delayMs })];
}

function scenarioOf(set: string | undefined, random: SeededRandom): LabScenario {
  const drawn = random.int(100);
  const named = LAB_SCENARIOS.find((one) => one === set);
  if (named !== undefined) return named;
  let upTo = 0;
  return SHARES.find(([, share]) => (upTo += share) > drawn)?.[0] ?? "final";
}

type Examined = {
  readonly scenario: LabScenario;
  readonly analyses: readonly Analysis[];
  readonly random: SeededRandom;
  readonly delayMs: number;
};

function answers(order: SimulatedOrder, { scenario, analyses, random, delayMs }: Examined): readonly Step[] {
  const values = analyses.map((one) => valueOf(one, order, random));
  const others = analyses.map((one) => valueOf(one, order, random));
  const answer = (afterMs: number, status: string, some: readonly Value[]): Step => ({
    afterMs,
    isAnswer: true,
    segments: (when, control) => answerSegments(order, { status, values: some }, { when, control }),
  });
  const final = answer(delayMs, "F", values);
  switch (scenario) {
    case "preliminary":
      return [answer(delayMs, "P", values), answer(delayMs * 2, "F", values)];
    case "corrected":
      return [final, answer(delayMs * 2, "C", [...others.slice(0, 1), ...values.slice(1)])];
    case "critical":
      return [answer(delayMs, "F", [criticalOf(analyses, order, random), ...values.slice(1)])];
    case "cancelled":
      return [
        answer(
          delayMs,
          "X",
          analyses.map((analysis) => ({ analysis, text: "", flag: "" })),
        ),
      ];
    default:
      return [final];
  }
}

/** A value within the interval as a rule, now and then a little outside. */
function valueOf(analysis: Analysis, order: SimulatedOrder, random: SeededRandom): Value {
  const { low, high } = rangeOf(analysis, order);
  const from = low ?? 0;
  const to = high ?? from * 1.5;
  const value = from + (to - from) * (random.next() * 1.2 - 0.05);
  return named(analysis, order, Math.max(value, 0));
}

/** Well outside the interval, and told to be critical. */
function criticalOf([analysis]: readonly Analysis[], order: SimulatedOrder, random: SeededRandom): Value {
  if (analysis === undefined) throw new RangeError("there is nothing to examine");
  const { low = 0, high } = rangeOf(analysis, order);
  const value = high === undefined ? low * 0.4 : high * (1.6 + random.next() * 0.4);
  return { ...named(analysis, order, value), flag: high === undefined ? "LL" : "HH" };
}

function named(analysis: Analysis, order: SimulatedOrder, value: number): Value {
  const text = value.toFixed(analysis.decimals);
  const { low, high } = rangeOf(analysis, order);
  const shown = Number(text);
  const flag = low !== undefined && shown < low ? "L" : high !== undefined && shown > high ? "H" : "N";
  return { analysis, text, flag };
}

const USUAL_AGE = 50;

function rangeOf(analysis: Analysis, { isWoman, born }: SimulatedOrder): ReturnType<Analysis["reference"]> {
  const year = Number(born.slice(0, 4));
  return analysis.reference({ woman: isWoman, age: year > 0 ? 2026 - year : USUAL_AGE });
}

function rangeText({ low, high }: ReturnType<Analysis["reference"]>): string | undefined {
  if (low === undefined) return high === undefined ? undefined : `<${high}`;
  return high === undefined ? `>${low}` : `${low}-${high}`;
}

type Answered = { readonly status: string; readonly values: readonly Value[] };

function answerSegments(order: SimulatedOrder, { status, values }: Answered, mark: Mark): readonly NewSegment[] {
  const filler = fillerOf(order, LABORATORY);
  const time = hl7Time(mark.when);
  return [
    header(LABORATORY, ["ORU", "R01", "ORU_R01"], mark),
    pidOf(order),
    ["ORC", { 1: "RE", 2: order.placer, 3: filler }],
    ["OBR", { 1: "1", 2: order.placer, 3: filler, 4: order.ordered, 22: time, 24: "LAB", 25: status }],
    ...values.map(({ analysis, text, flag }, at): NewSegment => {
      const system = CODE_SYSTEM.toHl7(analysis.system) ?? analysis.system;
      const code: NewField = [analysis.code, analysis.name, system];
      const unit: NewField = [analysis.ucum, undefined, "UCUM"];
      const range = rangeText(rangeOf(analysis, order));
      return [
        "OBX",
        { 1: String(at + 1), 2: "NM", 3: code, 5: text, 6: unit, 7: range, 8: flag, 11: status, 14: time },
      ];
    }),
    ...specimenSegments(order),
  ];
}
