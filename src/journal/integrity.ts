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
  const missing = new Set<string>();
  for (const target of referrers.flatMap(({ targets }) => targets)) {
    const [type = "", id = ""] = target.split("/");
    if (target.startsWith("urn:")) {
      missing.add(target);
      continue;
    }
    const ids = wanted.get(type);
    if (ids === undefined) wanted.set(type, new Set([id]));
    else ids.add(id);
  }
  for (const [type, ids] of wanted) {
    for (const id of await absent(tx, type, ids)) missing.add(`${type}/${id}`);
  }
  for (const { targets, where } of referrers) {
    const dangling = targets.find((target) => missing.has(target));
    if (dangling !== undefined) throw fhirErrorAt("REFERENCE_NOT_FOUND", where, dangling);
  }
}

const MOST_LOOKS = 200;

/**
 * The ids that are not there. One that is updated at the same time is not seen by the statement that waited for it: its
 * old row is gone and the new one too young. A statement that does not wait sees one of the two, so what it sees is looked
 * for again, and only what it does not see is absent. Errors: CONFLICT when others never leave room to hold it.
 */
async function absent(tx: WriteTx, type: string, ids: ReadonlySet<string>): Promise<ReadonlySet<string>> {
  const missing = new Set(ids);
  for (let look = 0; look < MOST_LOOKS; look += 1) {
    for (const id of await tx.existing(type, [...missing])) missing.delete(id);
    if (missing.size === 0) return missing;
    const visible = await tx.visible(type, [...missing]);
    if (visible.length === 0) return missing;
  }
  throw fhirError("CONFLICT", "a referenced resource is being changed all the time");
}

/** What tells of versions that were: it does not keep what it tells of from being deleted, and would be false without it. */
const TELLS_OF_THE_PAST: ReadonlySet<string> = new Set(["AuditEvent", "Provenance"]);

/** Errors: REFERENCE_IN_USE when a current resource refers to one that is being deleted. */
export async function refuseReferencedDeletions(
  tx: WriteTx,
  deleted: readonly { readonly type: string; readonly row: CurrentRow }[],
): Promise<void> {
  for (const { type, row } of deleted) {
    const token = referenceToken(type, row.id);
    const referring = await tx.firstWithToken(token, TELLS_OF_THE_PAST);
    if (referring !== undefined) throw fhirError("REFERENCE_IN_USE", `${type}/${row.id}`);
  }
}
