/**
 * Holds the access engine against the reference, cell by cell, and keeps what differs and which answers have come.
 *
 * SPEC ACC-ORACLE
 */
import { decideAtDoor, decideRecord, type RecordDecision } from "../../../access/index.ts";
import { OUTCOMES, type Cell, type Verdict } from "./cells.ts";
import { judgeDoor } from "./reference-door.ts";
import { judgeStaff } from "./reference.ts";

type Outcome = Verdict["outcome"];

/** What the engine's rules are called in the comparison. A rule that is not here makes a difference of every cell it decides. */
const OUTCOME_OF: Readonly<Record<string, Outcome>> = {
  "ACC-NEED-RELATION": "open: need",
  "ACC-NEED-REASON": "open: need",
  "ACC-NEED-EMERGENCY": "open: need",
  "ACC-CHOICE": "open: choice",
  "ACC-COHESIVE-CONSENT": "open: consent",
  "ACC-COHESIVE-EMERGENCY": "open: emergency",
  "ACC-DOOR-PATIENT": "open: patient",
  "ACC-DOOR-GUARDIAN": "open: guardian",
  "ACC-DOOR-PROXY": "open: proxy",
  "ACC-MALFORMED": "malformed",
  "ACC-ASSIGNMENT": "no assignment",
  "ACC-PURPOSE": "no purpose",
  "ACC-ANALYSIS": "no analysis",
  "ACC-NO-NEED": "no need",
  "ACC-BLOCK-INNER": "blocked",
  "ACC-BLOCK-OUTER": "blocked",
  "ACC-BLOCK-UNREADABLE": "blocked",
  "ACC-NEEDS-RELATION": "needs relation",
  "ACC-NEEDS-CONSENT": "needs consent",
  "ACC-NEEDS-CHOICE": "needs choice",
  "ACC-DOOR-RIGHT": "no right",
  "ACC-DOOR-PROTECTED": "protected",
  "ACC-DOOR-AGE-UNKNOWN": "age unknown",
  "ACC-DOOR-AGE": "age",
  "ACC-DOOR-NOT-FOR-PATIENT": "not for the patient",
  "ACC-DOOR-NOT-FOR-OTHERS": "not for others",
};

/** The reference's answer. */
export function referenceOf(cell: Cell): Verdict {
  return cell.kind === "staff" ? judgeStaff(cell) : judgeDoor(cell);
}

/** The engine's answer in the reference's words; undefined for a rule that the comparison does not know. */
export function verdictOf(cell: Cell): { readonly outcome: Outcome | undefined; readonly alarm: boolean } {
  const decision = decisionOn(cell);
  const { rule } = "grounds" in decision ? decision.grounds : decision.refusal;
  const outcome = OUTCOME_OF[rule];
  const isOpen = outcome?.startsWith("open") === true;
  return { outcome: isOpen === "grounds" in decision ? outcome : undefined, alarm: decision.alarms.length > 0 };
}

function decisionOn(cell: Cell): RecordDecision {
  const { record, at } = cell;
  if (cell.kind === "staff")
    return decideRecord(cell.staff, { patient: cell.patient, record }, { at, limits: cell.limits });
  return decideAtDoor(cell.reader, { person: cell.person, record }, { at, rules: cell.rules });
}

/** What a run has seen. */
export type Comparison = {
  cells: number;
  differences: number;
  alarms: number;
  readonly seen: Map<Outcome, number>;
};

export function emptyComparison(): Comparison {
  return { cells: 0, differences: 0, alarms: 0, seen: new Map() };
}

/** Adds one cell. Answers what differs, in one line, or nothing. `judge` is another engine when the comparison itself is tried. */
export function compare(comparison: Comparison, cell: Cell, judge = verdictOf): string | undefined {
  const expected = referenceOf(cell);
  const found = judge(cell);
  comparison.cells += 1;
  comparison.alarms += expected.alarm ? 1 : 0;
  comparison.seen.set(expected.outcome, (comparison.seen.get(expected.outcome) ?? 0) + 1);
  if (found.outcome === expected.outcome && found.alarm === expected.alarm) return undefined;
  comparison.differences += 1;
  return `the reference says ${JSON.stringify(expected)}, the engine ${JSON.stringify(found)}: ${JSON.stringify(cell)}`;
}

/** The classes of answers that never came: of those the run has shown nothing. */
export function unseen({ seen, alarms }: Comparison): readonly string[] {
  return [...OUTCOMES.filter((outcome) => !seen.has(outcome)), ...(alarms === 0 ? ["alarm"] : [])];
}
