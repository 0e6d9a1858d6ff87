/**
 * Referential integrity: no reference to what does not exist (or cannot be reached), and no deletion of what others
 * refer to. Checked inside the transaction, after everything is written.
 *
 * SPEC JRN-INTEGRITY · https://hl7.org/fhir/R4/http.html#integrity
 */
import { fhirError, fhirErrorAt } from "../fhir/index.ts";
import { referenceToken } from "../search/index.ts";
import type { CurrentRow, WriteTx } from "../store/index.ts";

export type Referrer = { readonly targets: readonly string[]; readonly where: string };

/** Errors: REFERENCE_NOT_FOUND naming the target and the entry that refers to it. */
export async function refuseDanglingReferences(tx: WriteTx, referrers: readonly Referrer[]): Promise<void> {
  const wanted = new Map<string, Set<string>>();
  for (const target of referrers.flatMap(({ targets }) => targets)) {
    const [type = "", id = ""] = target.split("/");
    const ids = wanted.get(type);
    if (ids === undefined) wanted.set(type, new Set([id]));
    else ids.add(id);
  }
  const missing = new Set<string>();
  for (const [type, ids] of wanted) {
    const found = new Set(await tx.existing(type, [...ids]));
    for (const id of ids) if (!found.has(id)) missing.add(`${type}/${id}`);
  }
  for (const { targets, where } of referrers) {
    const dangling = targets.find((target) => missing.has(target));
    if (dangling !== undefined) throw fhirErrorAt("REFERENCE_NOT_FOUND", where, dangling);
  }
}

/** Errors: REFERENCE_IN_USE when a current resource refers to one that is being deleted. */
export async function refuseReferencedDeletions(
  tx: WriteTx,
  deleted: readonly { readonly type: string; readonly row: CurrentRow }[],
): Promise<void> {
  for (const { type, row } of deleted) {
    const token = referenceToken(type, row.id);
    const referring = await tx.firstWithToken(token);
    if (referring !== undefined) throw fhirError("REFERENCE_IN_USE", `${type}/${row.id}`);
  }
}
