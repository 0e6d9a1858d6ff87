/**
 * Writing: all commands of a request in one transaction with their versions, the change log, the access log and the
 * answer to an idempotency key. Everything is decided and checked first; then all of it is written, or nothing.
 *
 * SPEC JRN-COMMIT · laws 3 and 4 of the house · https://hl7.org/fhir/R4/http.html#transaction
 */
import { createHash } from "node:crypto";
import { reachSetting, type Grounds, type Interaction } from "../access/index.ts";
import { fhirError } from "../fhir/index.ts";
import type { WriteTx } from "../store/index.ts";
import { authorize } from "./authorize.ts";
import { Batch } from "./batch.ts";
import type { Command, Written } from "./commands.ts";
import { conditionLock } from "./conditional.ts";
import { groundText, type Visit } from "./context.ts";
import { disclose, type Disclosed } from "./disclosed.ts";
import { entriesByPatient } from "./hits.ts";

export type CommitOptions = {
  /** The client's Idempotency-Key: the same request under it is done once and answered alike. */
  readonly idempotencyKey?: string;
};

/**
 * Commits commands as one. Answers what came of each, in their order. Errors: FORBIDDEN, INVALID with every issue,
 * VERSION_CONFLICT, MULTIPLE_MATCHES, REFERENCE_NOT_FOUND, NOT_FOUND (patch), IDEMPOTENCY_KEY_REUSED, OUTCOME_UNKNOWN.
 */
export async function commit(
  visit: Visit,
  commands: readonly Command[],
  options: CommitOptions = {},
): Promise<Disclosed<readonly Written[]>> {
  const grounds = await authorizeAll(visit, commands);
  const batch = new Batch(visit, grounds, commands);
  const request = options.idempotencyKey === undefined ? "" : fingerprint(commands);
  const written = await visit.store.write(reachSetting(grounds.reach), async (tx) => {
    await tx.lock(locksOf(commands));
    const key = options.idempotencyKey;
    if (key === undefined) return write(visit, grounds, batch, tx);
    const home = batch.firstHome();
    const before = await tx.claimKey(home, actorName(visit), key, request);
    if (before !== undefined) return replay(visit, grounds, JSON.parse(before) as Written[], tx);
    const fresh = await write(visit, grounds, batch, tx);
    await tx.storeReply(home, actorName(visit), key, JSON.stringify(fresh.map((one) => ({ ...one, content: null }))));
    return fresh;
  });
  return disclose(written);
}

const INTERACTION: Readonly<Record<Command["kind"], Interaction>> = {
  create: "create",
  update: "update",
  patch: "patch",
  delete: "delete",
};

async function authorizeAll(visit: Visit, commands: readonly Command[]): Promise<Grounds> {
  let grounds: Grounds | undefined;
  const asked = new Set<string>();
  for (const command of commands) {
    const question = `${command.kind} ${command.type}`;
    if (asked.has(question)) continue;
    asked.add(question);
    const found = await authorize(visit, INTERACTION[command.kind], command.type);
    // An update or a conditional create may create, and may show what is there already.
    if (command.kind === "update") await authorize(visit, "create", command.type);
    if (command.kind === "create" && command.ifNoneExist !== undefined) await authorize(visit, "search", command.type);
    grounds ??= found;
  }
  if (grounds === undefined) throw fhirError("BUNDLE_EMPTY");
  return grounds;
}

async function write(visit: Visit, grounds: Grounds, batch: Batch, tx: WriteTx): Promise<Written[]> {
  const result = await batch.run(tx);
  await tx.recordChanges(result.changes);
  const now = visit.clock().toISOString();
  const act = { outcome: "granted", ground: groundText(grounds) } as const;
  const entries = (["create", "update", "delete", "read"] as const).flatMap((action) => {
    const hits = result.hits.filter((hit) => hit.action === action);
    return hits.length === 0 ? [] : entriesByPatient(visit, { ...act, action }, hits, "");
  });
  await tx.recordAccess(
    entries.length > 0 ? entries : entriesByPatient(visit, { ...act, action: "write" }, [], batch.asked()),
    now,
  );
  return result.written;
}

/** The same answer as before: the versions that were written then, as they were written. */
async function replay(visit: Visit, grounds: Grounds, before: readonly Written[], tx: WriteTx): Promise<Written[]> {
  const again: Written[] = [];
  for (const one of before) {
    const gone = one.outcome === "deleted" || one.outcome === "absent";
    again.push(gone ? one : { ...one, content: await tx.readVersion(one.type, one.id, one.version) });
  }
  const hits = again.map((one) => ({ ...one, patient: one.type === "Patient" ? one.id : null }));
  await tx.recordAccess(
    entriesByPatient(visit, { action: "replay", outcome: "granted", ground: groundText(grounds) }, hits, ""),
    visit.clock().toISOString(),
  );
  return again;
}

function locksOf(commands: readonly Command[]): string[] {
  return commands.flatMap((command) => {
    if (command.kind !== "create") return [`${command.type}/${command.id}`];
    return command.ifNoneExist === undefined ? [] : [conditionLock(command.type, command.ifNoneExist)];
  });
}

function fingerprint(commands: readonly Command[]): string {
  return createHash("sha256").update(JSON.stringify(commands)).digest("hex");
}

function actorName({ actor }: Visit): string {
  return actor.kind === "person" ? `person ${actor.id}` : `client ${actor.name}`;
}
