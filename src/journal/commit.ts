/**
 * Writing: all commands of a request in one transaction with their versions, the change log, the access log and the
 * answer to an idempotency key. Everything is decided and checked first; then all of it is written, or nothing.
 *
 * SPEC JRN-COMMIT · laws 3 and 4 of the house · https://hl7.org/fhir/R4/http.html#transaction
 */
import { createHash } from "node:crypto";
import { reachSetting, type Grounds, type Interaction } from "../access/index.ts";
import { FhirError, fhirError, fhirErrorAt, isJsonObject, loadFhirPath, writeJson } from "../fhir/index.ts";
import type { AccessLogEntry, WriteTx } from "../store/index.ts";
import { authorize, recordRefusal } from "./authorize.ts";
import { Batch } from "./batch.ts";
import type { Command, Remembered, Written } from "./commands.ts";
import { groundText, type Visit } from "./context.ts";
import { disclose, type Disclosed } from "./disclosed.ts";
import { entriesByPatient } from "./hits.ts";
import { locksOf } from "./locks.ts";

export type CommitOptions = {
  /** The client's Idempotency-Key: the same request under it is done once and answered alike. */
  readonly idempotencyKey?: string;
};

const KEY = /^[\x20-\x7e]{1,300}$/;

/**
 * Commits commands as one. Answers what came of each, in their order. What is refused once it has been compared with what
 * is here is logged as a refusal; what is malformed is refused before that and tells nothing of anybody. Errors: FORBIDDEN,
 * INVALID with every issue, VERSION_CONFLICT, MULTIPLE_MATCHES, REFERENCE_NOT_FOUND, NOT_FOUND (patch),
 * IDEMPOTENCY_KEY_REUSED, OUTCOME_UNKNOWN.
 */
export async function commit(
  visit: Visit,
  commands: readonly Command[],
  options: CommitOptions = {},
): Promise<Disclosed<readonly Written[]>> {
  const { idempotencyKey: key } = options;
  if (key !== undefined && !KEY.test(key)) throw fhirErrorAt("REQUEST_MALFORMED", "Idempotency-Key");
  const grounds = await authorizeAll(visit, commands);
  const batch = new Batch(visit, grounds, commands);
  const request = key === undefined ? "" : fingerprint(commands);
  // Before the transaction, which would hold its locks while the engine is loaded.
  if (commands.some(isFhirPathPatch)) await loadFhirPath();
  try {
    const written = await againWhenOvertaken(commands, () =>
      visit.store.write(reachSetting(grounds.reach), async (tx) => {
        await tx.lock(locksOf(commands));
        return key === undefined ? write(batch, tx) : writeOnce(batch, tx, { key, request });
      }),
    );
    return disclose(written.map(({ patient: _patient, ...one }) => one));
  } catch (error) {
    if (error instanceof FhirError && error.status < 500)
      await recordRefusal(visit, "write", error.code, batch.asked());
    throw error;
  }
}

const OVERTAKEN: ReadonlySet<string> = new Set(["VERSION_CONFLICT", "DUPLICATE"]);
const ATTEMPTS = 5;

/**
 * Begins a write again that somebody was quicker than, when it was asked for on no condition: the caller wants it made
 * whatever stands there. With a version condition the refusal is the answer.
 */
async function againWhenOvertaken<T>(commands: readonly Command[], work: () => Promise<T>): Promise<T> {
  const isConditional = commands.some((command) => command.kind !== "create" && command.ifMatch !== undefined);
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      const isOvertaken = error instanceof FhirError && OVERTAKEN.has(error.code);
      if (!isOvertaken || isConditional || attempt === ATTEMPTS) throw error;
    }
  }
}

/** A JSON Patch is a list, a FHIRPath Patch is Parameters. */
function isFhirPathPatch(command: Command): boolean {
  return command.kind === "patch" && isJsonObject(command.operations);
}

/** Under a key the same request is done once: the second one gets the first one's answer. */
async function writeOnce(
  batch: Batch,
  tx: WriteTx,
  { key, request }: { key: string; request: string },
): Promise<Remembered[]> {
  const home = batch.firstHome();
  const actor = actorName(batch.visit);
  const before = await tx.claimKey(home, actor, key, request);
  if (before !== undefined) return replay(batch, JSON.parse(before) as Remembered[], tx);
  const fresh = await write(batch, tx);
  await tx.storeReply(home, actor, key, JSON.stringify(fresh.map((one) => ({ ...one, content: null }))));
  return fresh;
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
    const name = command.kind === "create" ? command.type : `${command.type}/${command.id}`;
    const found = await authorize(visit, INTERACTION[command.kind], command.type, name);
    // An update may create; a patch and a conditional create show what is there already.
    if (command.kind === "update") await authorize(visit, "create", command.type, name);
    if (command.kind === "patch") await authorize(visit, "read", command.type, name);
    if (command.kind === "create" && command.ifNoneExist !== undefined) await authorize(visit, "search", command.type);
    grounds ??= found;
  }
  if (grounds === undefined) throw fhirError("BUNDLE_EMPTY");
  return grounds;
}

async function write(batch: Batch, tx: WriteTx): Promise<Remembered[]> {
  const { visit, grounds } = batch;
  const { written, changes, hits } = await batch.run(tx);
  await tx.recordChanges(changes);
  const act = { outcome: "granted", ground: groundText(grounds) } as const;
  const entries = (["create", "update", "delete", "read"] as const).flatMap((action) => {
    const some = hits.filter((hit) => hit.action === action);
    return some.length === 0 ? [] : entriesByPatient(visit, { ...act, action }, some, []);
  });
  await recordAccess(
    tx,
    visit,
    entries.length > 0 ? entries : entriesByPatient(visit, { ...act, action: "write" }, [], batch.asked()),
  );
  const patients = new Map(hits.map((hit) => [`${hit.type}/${hit.id}`, hit.patient]));
  return written.map((one) => ({ ...one, patient: patients.get(`${one.type}/${one.id}`) ?? null }));
}

/** The same answer as before: the versions that were written then, as they were written. */
async function replay({ visit, grounds }: Batch, before: readonly Remembered[], tx: WriteTx): Promise<Remembered[]> {
  const again: Remembered[] = [];
  for (const one of before) {
    const gone = one.outcome === "deleted" || one.outcome === "absent";
    again.push(gone ? one : { ...one, content: await tx.readVersion(one.type, one.id, one.version) });
  }
  const act = { action: "replay", outcome: "granted", ground: groundText(grounds) } as const;
  await recordAccess(tx, visit, entriesByPatient(visit, act, again, []));
  return again;
}

const MAY_BE_TRIED_AGAIN: ReadonlySet<string> = new Set(["40001", "40P01", "55P03"]);

/** No log, no change: whatever keeps the log from being written is not the caller's fault and nothing was done. */
async function recordAccess(tx: WriteTx, visit: Visit, entries: readonly AccessLogEntry[]): Promise<void> {
  try {
    await tx.recordAccess(entries, visit.clock().toISOString());
  } catch (error) {
    const code = (error as { code?: string }).code ?? "no code";
    if (error instanceof FhirError || MAY_BE_TRIED_AGAIN.has(code)) throw error;
    throw fhirError("UNAVAILABLE", `the access log could not be written (${code})`);
  }
}

function fingerprint(commands: readonly Command[]): string {
  return createHash("sha256").update(writeJson(commands)).digest("hex");
}

function actorName({ actor }: Visit): string {
  return actor.kind === "person" ? `person ${actor.id}` : `client ${actor.name}`;
}
