/**
 * What must hold of what is written beyond its form, by whichever way it comes: whoever knows it (the checks of drugs) is asked inside the
 * transaction about what was written, and may look at what the writer may see of the same patient. What it refuses is not written.
 *
 * SPEC JRN-CHECK · law 3 of the house · docs/decisions/0045
 */
import { parseJson, type JsonObject } from "../fhir/index.ts";
import { compileSearch, parseSearch } from "../search/index.ts";
import type { WriteTx } from "../store/index.ts";
import type { Asker } from "./conditional.ts";
import { predicateFor } from "./predicate.ts";
import type { QueryParameters } from "./query-text.ts";
import { searchRows } from "./rows.ts";

/** A version that was written, and what it took the place of. */
export type CheckedVersion = {
  readonly type: string;
  readonly id: string;
  /** Where it stands in the request. */
  readonly where: string;
  readonly resource: JsonObject;
  readonly before: JsonObject | null;
};

/** Looks for resources in the transaction, within what the writer may see; of a type that the writer may not search there are none. */
export type Look = (type: string, parameters: QueryParameters) => Promise<readonly JsonObject[]>;

export type Check = {
  /** The types that it is asked about. */
  readonly types: ReadonlySet<string>;
  /** Errors: whatever it refuses with. */
  readonly check: (
    written: readonly CheckedVersion[],
    told: { readonly look: Look; readonly now: number },
  ) => Promise<void>;
};

/** Errors: those of the check. What was done elsewhere before is kept as it is. */
export async function refuseUnchecked(
  tx: WriteTx,
  asker: Asker,
  { check, written }: { readonly check: Check; readonly written: readonly CheckedVersion[] },
): Promise<void> {
  if (written.length === 0) return;
  const { visit, grounds } = asker;
  const now = visit.clock().getTime();
  const predicate = predicateFor(visit, grounds);
  const look: Look = async (type, parameters) => {
    const plan = parseSearch(type, parameters, { base: visit.base, now });
    const rows = searchRows(await tx.search(compileSearch({ ...plan, cursor: undefined }, predicate)));
    return rows.map(({ content }) => parseJson(content) as JsonObject);
  };
  await check.check(written, { look, now });
}
