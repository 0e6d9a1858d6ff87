/**
 * What a commit takes along: whoever keeps a ledger of what is written does it in the same transaction, from what was really written, by
 * whichever way it came. The journal knows only that it must be asked; the wiring says whom.
 *
 * SPEC JRN-ALONG · laws 3 and 5 of the house
 */
import type { JsonObject } from "../fhir/index.ts";
import type { Change, Ending, WriteTx } from "../store/index.ts";
import type { Visit } from "./context.ts";
import { ownerNameOf } from "./job-actor.ts";

/**
 * A version as it was written: its text, what the text says, and the text of the version that it took the place of; null of none. What it
 * says is without what the server puts into its meta.
 */
export type WrittenVersion = Change & {
  readonly content: string | null;
  readonly resource: JsonObject | null;
  readonly before: string | null;
};

/** What one commit has written. */
export type WrittenTogether = {
  readonly written: readonly WrittenVersion[];
  /** All that was written, by `Type/id`, of whatever type. */
  readonly resources: ReadonlyMap<string, JsonObject>;
  /** What is written was done elsewhere before, and is no news. */
  readonly isHistory: boolean;
};

export type Along = {
  /** The types that it is asked about. */
  readonly types: ReadonlySet<string>;
  /** Does its part in the transaction, which stands or falls with it. */
  readonly write: (tx: WriteTx, visit: Visit, told: WrittenTogether) => Promise<void>;
  /** Does its part in the transaction that signs a version. */
  readonly signed?: (tx: WriteTx, visit: Visit, version: SignedVersion) => Promise<void>;
};

/** A version that somebody has signed. */
export type SignedVersion = Pick<Change, "home" | "type" | "id" | "version" | "patient">;

/** What goes along with commits that the same writer makes at the same time is done once for all of them. */
export function goingAlong(visit: Visit, along: Along): Ending<WrittenTogether> {
  return {
    name: `along ${ownerNameOf(visit.actor)} ${visit.actor.kind === "client" ? visit.actor.careUnit : visit.request}`,
    run: async (tx, told) => {
      for (const isHistory of [false, true]) {
        const some = told.filter((one) => one.isHistory === isHistory);
        if (some.length === 0) continue;
        const written = some.flatMap((one) => one.written);
        await along.write(tx, visit, {
          written,
          resources: new Map(some.flatMap(({ resources }) => [...resources])),
          isHistory,
        });
      }
    },
  };
}
