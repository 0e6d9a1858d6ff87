/**
 * What the ledger needs of the transaction that it is part of, what it is told, and what it keeps. PostgreSQL gives such a transaction, and
 * so does the simulation.
 *
 * SPEC LOOP-LEDGER
 */
import type { Roster } from "./escalation.ts";
import type { Intent } from "./intents.ts";
import type { EventName, Loop, LoopEvent } from "./model.ts";
import type { Registry } from "./routing.ts";

/** Where a reference leads: the list, and the person if it means one. */
export type Place = { readonly worklist: string | null; readonly person: string | null };

/** A step with what it made of the loop. */
export type KeptStep = LoopEvent & { readonly before: Loop | null; readonly after: Loop; readonly unit: string | null };

/** The transaction: what is asked of it, and what it is given. */
export type LedgerTx = {
  /** Some lists, with what they became and all above them. */
  readonly registry: (lists: readonly string[]) => Promise<Registry>;
  readonly places: (references: readonly string[]) => Promise<ReadonlyMap<string, Place>>;
  /** Loops about resources (`Type/id`) and by id, and those that they came out of, held until the end; and which of the keys each has taken already. */
  readonly hold: (
    subjects: readonly string[],
    ids: readonly string[],
    keys: readonly string[],
  ) => Promise<readonly { readonly loop: Loop; readonly taken: ReadonlySet<string> }[]>;
  readonly roster: (people: readonly string[], lists: readonly string[], at: number) => Promise<Roster>;
  /** Writes the steps in their order; refuses when a loop is not as it was held. */
  readonly write: (steps: readonly KeptStep[]) => Promise<void>;
  /** What must leave by an integration after the commit. */
  readonly send: (message: Outgoing) => Promise<void>;
  readonly newId: (home: number) => string;
};

/** Something that an integration is to carry. */
export type Outgoing = {
  readonly channel: string;
  readonly loop: string;
  readonly home: number;
  readonly about: string;
  readonly event: "order" | "cancel" | "change";
};

/** Who writes, and when. */
export type Writer = {
  readonly at: number;
  readonly by: string;
  readonly unit: string | null;
  /** What is written was done elsewhere before. */
  readonly isHistory: boolean;
};

/** What was written of one resource. */
export type Matter = {
  readonly type: string;
  readonly id: string;
  /** Names what was done, so that it is done once: the version that was written, or the key of an act. */
  readonly key: string;
  readonly home: number;
  readonly patient: string | null;
  readonly careUnit: string | null;
  readonly intents: readonly Intent[];
};

/** What somebody does to a loop by its id. */
export type Act = {
  readonly loop: string;
  /** The version that was seen; a newer one is not moved unread. Null when that does not matter. */
  readonly version: number | null;
  readonly event: EventName;
  /** Whose it is to be, where the step gives it to somebody. */
  readonly to?: { readonly worklist?: string; readonly person?: string | null };
  readonly note: string | null;
  /** The same key twice is one step. */
  readonly key: string;
  readonly due?: number;
};
