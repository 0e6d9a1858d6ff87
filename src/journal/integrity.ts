/**
 * Referential integrity: no reference to what does not exist (or cannot be reached), and no deletion of what others
 * refer to. Checked inside the transaction, after everything is written.
 *
 * SPEC JRN-INTEGRITY · https://hl7.org/fhir/R4/http.html#integrity
 */
import { fhirError, fhirErrorAt, fhirErrorWith } from "../fhir/index.ts";
import { referenceToken } from "../search/index.ts";
import type { CurrentRow, WriteTx } from "../store/index.ts";

export type Referrer = { readonly targets: readonly string[]; readonly where: string };

/**
 * Has the transaction refused (NotAsDemanded) unless everything that is referred to is there: one answer for everything.
 * Which one is missing, and whether it only is being changed, `refuseDanglingReferences` finds out.
 */
export async function demandReferences(tx: WriteTx, referrers: readonly Referrer[]): Promise<void> {
  for (const [type, ids] of wantedBy(referrers)) await tx.demand(type, [...ids]);
}

/** Errors: REFERENCE_NOT_FOUND naming, for every entry that refers to what is missing, the entry and a target. */
export async function refuseDanglingReferences(tx: WriteTx, referrers: readonly Referrer[]): Promise<void> {
  const missing = new Set(referrers.flatMap(({ targets }) => targets).filter(isUnresolved));
  for (const [type, ids] of wantedBy(referrers)) {
    for (const id of await absent(tx, type, ids)) missing.add(`${type}/${id}`);
  }
  const issues = referrers.flatMap(({ targets, where }) => {
    const dangling = targets.find((target) => missing.has(target));
    return dangling === undefined ? [] : fhirErrorAt("REFERENCE_NOT_FOUND", where, dangling).issues;
  });
  if (issues.length > 0) throw fhirErrorWith("REFERENCE_NOT_FOUND", issues);
}

/** True when a target names an entry of the bundle that is not there. */
export function isUnresolved(target: string): boolean {
  return target.startsWith("urn:");
}

/** The ids that are referred to, by type, in one order for all writers. */
function wantedBy(referrers: readonly Referrer[]): ReadonlyMap<string, ReadonlySet<string>> {
  const wanted = new Map<string, Set<string>>();
  for (const target of referrers.flatMap(({ targets }) => targets)) {
    if (isUnresolved(target)) continue;
    const [type = "", id = ""] = target.split("/");
    const ids = wanted.get(type);
    if (ids === undefined) wanted.set(type, new Set([id]));
    else ids.add(id);
  }
  return new Map([...wanted].toSorted(([one], [other]) => (one < other ? -1 : 1)));
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
