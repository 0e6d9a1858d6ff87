/**
 * The decision on one record: grounds, or a refusal with what could open it. Deny overrides: what a closed clause holds is
 * refused, whatever opens it.
 *
 * SPEC ACC-GATE · PDL (2008:355) 4 kap., lag (2022:913)
 */
import { closingClause, isOwn, readRecord, type ClosedClause } from "./block.ts";
import type { PatientFacts, RecordFacts, Staff } from "./facts.ts";
import { closedBy, patientReach, type Asked, type Closed, type OpenClause, type PatientReach } from "./reach.ts";
import { CLOSES, type AccessRule } from "./rules.ts";

/** Either way with the facts that somebody has to look at: one that cannot be read raises an alarm and never opens anything. */
export type RecordDecision = ({ readonly grounds: AccessRule } | { readonly refusal: Closed }) & {
  readonly alarms: readonly string[];
};

/** Decides one record for one person under one assignment at one moment. */
export function decideRecord(
  staff: Staff,
  { patient, record }: { readonly patient: PatientFacts; readonly record: RecordFacts },
  asked: Asked,
): RecordDecision {
  return decideWithin(patientReach(staff, patient, asked), record);
}

/** The same with the reach already worked out, for many records of one patient. */
export function decideWithin(reach: PatientReach, value: RecordFacts): RecordDecision {
  const record = readRecord(value);
  const alarms = record === undefined ? [...reach.alarms, "record"] : reach.alarms;
  if (reach.refusal !== null) return { refusal: reach.refusal, alarms };
  if (record === undefined) return { refusal: closedBy(CLOSES.malformed), alarms };
  const closing = closingClause(reach.reader, reach.closed, record);
  if (closing !== undefined) return { refusal: blockedBy(closing), alarms };
  const open = openingClause(reach, record);
  if (open !== undefined) return { grounds: open.grounds, alarms };
  return { refusal: gateTo(reach, record), alarms };
}

/** What is said of a block, and what lifts it. One that cannot be read is put right, not lifted. */
export function blockedBy({ why }: Pick<ClosedClause, "why">): Closed {
  return closedBy(CLOSES[why], why === "unreadable" ? [] : ["lift-with-consent", "lift-in-emergency"]);
}

/** The clause that opens a source. */
export function openingClause(
  { open }: PatientReach,
  { careProvider, careUnit }: { readonly careProvider: string; readonly careUnit: string },
): OpenClause | undefined {
  return open.find(
    (clause) => clause.careProvider === careProvider && (clause.careUnit === null || clause.careUnit === careUnit),
  );
}

/** What is said of a source that nothing opens yet. */
export function gateTo(
  reach: PatientReach,
  source: { readonly careProvider: string; readonly careUnit: string },
): Closed {
  if (isOwn(reach.reader, source))
    return closedBy(CLOSES.need, ["register-relation", "give-reason", "emergency-access"]);
  return source.careProvider === reach.reader.careProvider ? reach.otherUnit : reach.otherProvider;
}
