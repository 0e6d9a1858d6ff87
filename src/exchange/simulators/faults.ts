/**
 * What goes wrong on purpose: each message of a simulator may come twice, in the wrong order, for another patient's number or without its
 * words; acknowledgements are lost and the whole system is away for a while. All of it follows from the seed. SPEC EXCH-SIM-FAULT
 */
import { seededRandom } from "../../base/index.ts";
import type { NewSegment } from "../hl7v2/codec/index.ts";
import type { Step } from "./steps.ts";

/** Each is how often it happens, from 0 to 1; an outage is so many milliseconds of each so many. */
export type Faults = {
  readonly lostAck: number;
  readonly duplicate: number;
  readonly reorder: number;
  readonly wrongNumber: number;
  readonly emptyAnswer: number;
  readonly outageMs: number;
  readonly outageEveryMs: number;
};

export const NO_FAULTS: Faults = {
  lostAck: 0,
  duplicate: 0,
  reorder: 0,
  wrongNumber: 0,
  emptyAnswer: 0,
  outageMs: 0,
  outageEveryMs: 0,
};

/** Reads `duplicate=0.1,reorder=0.05`. @throws RangeError for a fault that is not known, or a share that is none. */
export function faultsIn(text: string): Faults {
  const found: Record<string, number> = { ...NO_FAULTS };
  for (const one of text.split(",").filter((part) => part !== "")) {
    const [name = "", value = ""] = one.split("=");
    const share = Number(value);
    const most = name.endsWith("Ms") ? Number.MAX_SAFE_INTEGER : 1;
    if (!(name in NO_FAULTS) || value === "" || !(share >= 0 && share <= most))
      throw new RangeError(`"${one}" is no fault; there are ${Object.keys(NO_FAULTS).join(", ")}`);
    found[name] = share;
  }
  return { ...NO_FAULTS, ...found };
}

/** An official test number that no patient of a test has. */
const NOBODY: NewSegment[1] = {
  3: ["189001059808", undefined, undefined, { parts: [undefined, "1.2.752.129.2.1.3.1", "ISO"] }],
};

/**
 * The steps with what goes wrong in them. What was sent for another number, or empty, is noticed and comes right later, so that an order
 * is answered in the end.
 */
export function withFaults(steps: readonly Step[], faults: Faults, seed: string): readonly Step[] {
  const random = seededRandom(`${seed}|faults`);
  const happens = (share: number): boolean => random.next() < share;
  const last = steps.at(-1)?.afterMs ?? 0;
  return steps.flatMap((step) => {
    const [isTwice, isLate, isWrong, isEmpty] = [
      faults.duplicate,
      faults.reorder,
      faults.wrongNumber,
      faults.emptyAnswer,
    ].map(happens);
    const afterMs = isLate === true ? last + step.afterMs + 1 : step.afterMs;
    const right = { ...step, afterMs, saidMs: step.afterMs, isTwice: isTwice === true };
    const late = { ...right, afterMs: afterMs + last + 1 };
    if (isWrong === true) return [{ ...right, segments: altered(right, wrongNumber) }, late];
    if (isEmpty === true && step.isAnswer) return [{ ...right, segments: altered(right, emptied) }, late];
    return [right];
  });
}

function altered(step: Step, change: (segment: NewSegment) => NewSegment): Step["segments"] {
  return (when, control) => step.segments(when, control).map(change);
}

function wrongNumber(segment: NewSegment): NewSegment {
  const [name, fields] = segment;
  return name === "PID" ? [name, { ...fields, ...NOBODY }] : segment;
}

function emptied(segment: NewSegment): NewSegment {
  const [name, fields] = segment;
  return name === "OBX" ? [name, { ...fields, 5: undefined }] : segment;
}

/** Whether the system is away at a moment (ms since it started). */
export function isAway({ outageMs, outageEveryMs }: Faults, runningMs: number): boolean {
  return outageMs > 0 && outageEveryMs > 0 && runningMs % outageEveryMs >= outageEveryMs - outageMs;
}
