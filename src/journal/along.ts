/**
 * What a commit takes along: whoever keeps a ledger of what is written does it in the same transaction, from what was really written, by
 * whichever way it came. The journal knows only that it must be asked; the wiring says whom.
 *
 * SPEC JRN-ALONG · laws 3 and 5 of the house
 */
import type { Change, WriteTx } from "../store/index.ts";
import type { Visit } from "./context.ts";

/** A version as it was written: its text, and the text of the version that it took the place of; null of none. */
export type WrittenVersion = Change & { readonly content: string | null; readonly before: string | null };

export type Along = {
  /** The types that it is asked about. */
  readonly types: ReadonlySet<string>;
  /**
   * Does its part in the transaction, which stands or falls with it. `isHistory`: what is written was done elsewhere before, and is no news.
   */
  readonly write: (
    tx: WriteTx,
    visit: Visit,
    told: { readonly written: readonly WrittenVersion[]; readonly isHistory: boolean },
  ) => Promise<void>;
};
