/**
 * The lock of a note: from when it was signed, and by itself some days after it was first written. Then nobody changes or removes it, in
 * whatever way; it can be corrected. The clock is looked at when somebody writes, so nothing has to run for a note to be locked.
 *
 * SPEC JRN-LOCKED · PDL (2008:355) 3 kap. 10 och 14 §§, HSLF-FS 2016:40 5 kap.
 */
import { newId } from "../../base/index.ts";
import { fhirErrorAt, type FhirError } from "../../fhir/index.ts";
import type { CurrentRow, WriteTx } from "../../store/index.ts";
import type { Command, Written } from "../commands.ts";
import { lastUpdatedOf } from "../compose.ts";
import type { Visit } from "../context.ts";
import { authorOf } from "./author.ts";
import { isSignable, locksAt } from "./signable.ts";

/** What a batch has done, before it is committed. */
export type Done = {
  readonly tx: WriteTx;
  readonly drafts: readonly {
    readonly at: number;
    readonly command: Command;
    readonly id: string;
    readonly current: CurrentRow | undefined;
  }[];
  readonly deleted: readonly { readonly type: string; readonly row: CurrentRow }[];
  readonly result: { readonly written: readonly (Written | undefined)[] };
};

/**
 * Refuses what was done to locked notes and to what has been destroyed, and writes down why others were corrected. After the changes, so
 * that of a change and a signature at the same time one sees the other. Errors: RECORD_LOCKED, DESTROYED.
 */
export async function keepLocks(visit: Visit, { tx, drafts, deleted, result }: Done): Promise<void> {
  for (const { type, row } of deleted)
    if (isSignable(type)) await refuseLocked(visit, tx, { type, row, where: `${type}/${row.id}` });
  for (const { at, command, id, current } of drafts) {
    const written = result.written[at];
    const { type, where } = command;
    if (written?.outcome === "created" && written.version > 1) await refuseDestroyed(tx, type, id);
    if (written?.outcome !== "updated" || current === undefined || !isSignable(type)) continue;
    const reason = command.kind === "update" ? command.correction : undefined;
    if (reason === undefined) await refuseLocked(visit, tx, { type, row: current, where });
    else await recordCorrection(visit, tx, { type, row: current, version: written.version, reason });
  }
}

type Locking = { readonly type: string; readonly row: CurrentRow; readonly where: string };

/** Errors: RECORD_LOCKED when the record has been signed, or is older than notes are left open. */
export async function refuseLocked(visit: Visit, tx: WriteTx, { type, row, where }: Locking): Promise<void> {
  const { isSealed, created } = await tx.signing.lockFacts(type, row.id);
  if (isSealed) throw locked(where, SIGNED);
  const first = row.version === 1 ? lastUpdatedOf(row.content) : created;
  if (first === null || visit.clock() >= locksAt(visit, first)) throw locked(where, OLD);
}

const SIGNED = { sv: "den är signerad", en: "it has been signed" };
const OLD = { sv: "tiden för ändringar har gått ut", en: "the time for changes has passed" };

function locked(where: string, why: typeof SIGNED): FhirError {
  return fhirErrorAt("RECORD_LOCKED", where, why);
}

/** What was destroyed by decision is not written again under its id. Errors: DESTROYED. */
async function refuseDestroyed(tx: WriteTx, type: string, id: string): Promise<void> {
  const destroyed = await tx.signing.destroyed(type, id);
  if (destroyed === undefined) return;
  const { decision, authority, destroyed: at } = destroyed;
  throw fhirErrorAt("DESTROYED", type, decision, authority, at.slice(0, 10));
}

type Corrected = {
  readonly type: string;
  readonly row: CurrentRow;
  readonly version: number;
  readonly reason: string;
};

/** Writes down, in the transaction of the correction, why the version was made. */
async function recordCorrection(visit: Visit, tx: WriteTx, { type, row, version, reason }: Corrected): Promise<void> {
  const now = visit.clock();
  await tx.signing.addRemark(row, newId(row.home, now.getTime(), visit.random(10)), {
    type,
    id: row.id,
    version,
    kind: "correction",
    words: reason,
    recorded: now.toISOString(),
    author: authorOf(visit),
  });
}
