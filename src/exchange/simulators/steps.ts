/** What a simulator will send for an order, and when: pure, from the order, a seed and what is set. SPEC EXCH-SIM */
import type { NewField, NewSegment } from "../hl7v2/codec/index.ts";
import { hl7Time } from "../hl7v2/mllp/answers.ts";
import type { SimulatedOrder } from "./order.ts";

/** A message that is to be sent so long after the order came. */
export type Step = {
  readonly afterMs: number;
  /** When what it says came about, where that is earlier. */
  readonly saidMs?: number;
  /** It is sent twice, to the byte. */
  readonly isTwice?: boolean;
  readonly isAnswer: boolean;
  /** `when` is the moment that what it says came about, whenever it leaves. */
  readonly segments: (when: Date, control: string) => readonly NewSegment[];
};

export type Sender = { readonly application: string; readonly facility: string };

/** MSH-3 to MSH-6 of what a simulator sends. */
export const RECEIVER: Sender = { application: "EIRA", facility: "REGION" };

export function header(sender: Sender, kind: readonly [string, string, string], { when, control }: Mark): NewSegment {
  return [
    "MSH",
    {
      3: sender.application,
      4: sender.facility,
      5: RECEIVER.application,
      6: RECEIVER.facility,
      7: hl7Time(when),
      9: [...kind],
      10: control,
      11: "P",
      12: "2.5.1",
    },
  ];
}

export type Mark = { readonly when: Date; readonly control: string };

/** PID has the number alone: whoever receives it matches by nothing else. */
export function pidOf({ number }: SimulatedOrder): NewSegment {
  return ["PID", { 1: "1", 3: number }];
}

/** The number that a simulator gives the order: from what it was called by the one who placed it. */
export function fillerOf({ key }: SimulatedOrder, { application }: Sender): NewField {
  return [`F-${key.replaceAll(/[^0-9A-Za-z-]/g, "-")}`.slice(0, 60), application];
}

export type Said = {
  readonly control: string;
  readonly status?: string;
  readonly reason?: NewField;
  readonly specimen?: Readonly<Record<number, NewField>>;
};

/** A message that says something of an order before it is answered. */
export function statusSegments(sender: Sender, order: SimulatedOrder, mark: Mark, said: Said): readonly NewSegment[] {
  const filler = fillerOf(order, sender);
  const { control, status, reason, specimen } = said;
  return [
    header(sender, ["ORL", "O22", "ORL_O22"], mark),
    pidOf(order),
    ["ORC", { 1: control, 2: order.placer, 3: filler, 5: status, 9: hl7Time(mark.when), 16: reason }],
    ["OBR", { 1: "1", 2: order.placer, 3: filler, 4: order.ordered }],
    ...specimenSegments(order, specimen),
  ];
}

export function specimenSegments(order: SimulatedOrder, more: Readonly<Record<number, NewField>> = {}): NewSegment[] {
  return order.specimens.map(({ number, kind }, at) => ["SPM", { 1: String(at + 1), 2: number, 4: kind, ...more }]);
}
