/**
 * What went wrong and cannot mend itself has an owner in the ledger of responsibility, from the transaction on in which it was parked, until
 * it is settled.
 *
 * SPEC EXCH-HL7-FAULT · law 5 of the house
 */
import { FhirError } from "../../fhir/index.ts";
import { wasConnectionLost, type WriteTx } from "../../store/index.ts";

export type Fault = {
  /** What it is about: `Type/id`. */
  readonly about: string;
  /** The unit (HSA-id) that sees to it; nothing means the region's own list. */
  readonly owner: string | null;
  /** For a person; nothing of a patient. */
  readonly note: string;
};

/** Where faults find their owners. */
export type FaultLedger = {
  /** Gives each an owner and a deadline, anew when it had them: who has it is to know that it failed once more. */
  readonly open: (tx: WriteTx, faults: readonly Fault[], now: Date) => Promise<void>;
  /** They are over. */
  readonly close: (tx: WriteTx, abouts: readonly string[], now: Date) => Promise<void>;
};

export function aboutReceived(position: number): string {
  return `Hl7Received/${position}`;
}

export function aboutSent(position: number): string {
  return `Hl7Sent/${position}`;
}

export function aboutChannel(name: string, what: string): string {
  return `Hl7Channel/${name}-${what}`;
}

/** Database or network are away, or nobody knows what came of it: no fault of what was being done. */
export function isAway(error: unknown): boolean {
  return wasConnectionLost(error) || (error instanceof FhirError && AWAY.has(error.code));
}

const AWAY: ReadonlySet<string> = new Set(["UNAVAILABLE", "OUTCOME_UNKNOWN"]);
