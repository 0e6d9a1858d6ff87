/**
 * A radiology department: an order is accepted, booked, performed and answered in words, sometimes with an addendum. The words are of the
 * demonstration and say so. SPEC EXCH-SIM-RAD
 */
import { seededRandom } from "../../base/index.ts";
import type { NewSegment } from "../hl7v2/codec/index.ts";
import { hl7Time } from "../hl7v2/mllp/answers.ts";
import type { Behaviour } from "./laboratory.ts";
import type { SimulatedOrder } from "./order.ts";
import { fillerOf, header, pidOf, statusSegments, type Mark, type Sender, type Step } from "./steps.ts";

export const RADIOLOGY: Sender = { application: "RISSIM", facility: "RTG" };

export const RAD_SCENARIOS = ["final", "addendum"] as const;
const ADDENDA_OF_TEN = 2;

const REPORTS: readonly (readonly string[])[] = [
  [
    "Demonstrationssvar, inget riktigt utlåtande.",
    "",
    "Ingen fraktur påvisas. Ej heller någon luxation.",
    "Inga tecken till infiltrat.",
  ],
  [
    "Demonstrationssvar, inget riktigt utlåtande.",
    "",
    "Normala förhållanden utan avvikelser.",
    "Jämförelse med tidigare undersökning saknas.",
  ],
  [
    "Demonstrationssvar, inget riktigt utlåtande.",
    "",
    "Hö sida u a. Vä sida: inga säkra förändringar.",
    "Kontroll behövs inte.",
  ],
];
const ADDENDUM = "Tillägg till demonstrationssvar: eftergranskat, ingen ändring av bedömningen.";

/** What the department sends for an order. */
export function radiologySteps(order: SimulatedOrder, index: number, behaviour: Behaviour): readonly Step[] {
  const random = seededRandom(`${behaviour.seed}|${index}`);
  const drawn = random.int(10) < ADDENDA_OF_TEN;
  const hasAddendum = behaviour.scenario === undefined ? drawn : behaviour.scenario === "addendum";
  const words = random.pick(REPORTS);
  const { delayMs } = behaviour;
  const say = (afterMs: number, control: string, status?: string): Step => ({
    afterMs,
    isAnswer: false,
    segments: (when, id) =>
      statusSegments(RADIOLOGY, order, { when, control: id }, { control, ...(status === undefined ? {} : { status }) }),
  });
  const answer = (afterMs: number, addendum?: string): Step => ({
    afterMs,
    isAnswer: true,
    segments: (when, control) => reportSegments(order, { words, addendum }, { when, control }),
  });
  const steps = [say(0, "OK"), say(delayMs / 3, "SC", "SC"), say((delayMs * 2) / 3, "SC", "IP"), answer(delayMs)];
  return hasAddendum ? [...steps, answer(delayMs * 2, ADDENDUM)] : steps;
}

type Report = { readonly words: readonly string[]; readonly addendum: string | undefined };

function reportSegments(order: SimulatedOrder, { words, addendum }: Report, mark: Mark): readonly NewSegment[] {
  const filler = fillerOf(order, RADIOLOGY);
  const time = hl7Time(mark.when);
  const status = addendum === undefined ? "F" : "C";
  const lines = words.map((text) => ({ code: ["GDT", "Utlåtande", "L"], text }));
  const added = addendum === undefined ? [] : [{ code: ["ADT", "Tillägg", "L"], text: addendum }];
  return [
    header(RADIOLOGY, ["ORU", "R01", "ORU_R01"], mark),
    pidOf(order),
    ["ORC", { 1: "RE", 2: order.placer, 3: filler }],
    ["OBR", { 1: "1", 2: order.placer, 3: filler, 4: order.ordered, 22: time, 24: "RAD", 25: status }],
    ...[...lines, ...added].map(({ code, text }, at): NewSegment => [
      "OBX",
      { 1: String(at + 1), 2: "TX", 3: code, 5: text, 11: status },
    ]),
  ];
}
