/**
 * Writing: all commands of a request in one transaction with their versions, the change log, the access log and the
 * answer to an idempotency key. Everything is decided and checked first; then all of it is written, or nothing.
 *
 * SPEC JRN-COMMIT · laws 3 and 4 of the house · https://hl7.org/fhir/R4/http.html#transaction
 */
import { createHash } from "node:crypto";
import { reachSetting, type Grounds, type Interaction } from "../access/index.ts";
import {
  FhirError,
  fhirError,
  fhirErrorAt,
  isJsonObject,
  loadFhirPath,
  writeJson,
  type JsonObject,
  type JsonValue,
} from "../fhir/index.ts";
import { NotAsDemanded, type AccessLogEntry, type Needs, type WriteTx } from "../store/index.ts";
import { authorize, recordRefusal } from "./authorize.ts";
import { goingAlong } from "./along.ts";
import { Batch, type Ready } from "./batch.ts";
import {
  ANY_VERSION,
  criteriaOf,
  isConditional,
  nameOf,
  type Command,
  type Remembered,
  type Written,
} from "./commands.ts";
import { openAmong, requireNeed, withGrounds } from "./care/grounds.ts";
import { groundText, type Visit } from "./context.ts";
import { disclose, type Disclosed } from "./disclosed.ts";
import { entriesByPatient } from "./hits.ts";
import { ownerNameOf } from "./job-actor.ts";
import { locksOf } from "./locks.ts";
import { activeProfiles, forgetChanged, mayClaim } from "./profiles.ts";
import { forgetIfProtected, showingFor } from "./protected.ts";
import { forgetJoined, rejoined } from "./same-person.ts";
import { recordSubscriptions } from "./subscriptions.ts";

export type CommitOptions = {
  /** The client's Idempotency-Key: the same request under it is done once and answered alike. */
  readonly idempotencyKey?: string;
  /** What the key stands for, where the commands are made here and are never twice the same; else the commands. */
  readonly keyFor?: JsonValue;
  /** What is written was done elsewhere before: it is kept, and no news to anybody. */
  readonly isHistory?: boolean;
  /** A Provenance without targets: it is written along, and tells of all that was. */
  readonly provenance?: JsonObject;
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
  const { idempotencyKey: key, provenance, keyFor } = options;
  if (key !== undefined && !KEY.test(key)) throw fhirErrorAt("REQUEST_MALFORMED", "Idempotency-Key");
  const grounds = await authorizeAll(visit, commands);
  if (provenance !== undefined) await authorize(visit, "create", "Provenance");
  const batch = new Batch(visit, grounds, commands, provenance);
  batch.isHistory = options.isHistory === true;
  const asked = keyFor ?? (provenance === undefined ? commands : [commands, provenance]);
  const request = key === undefined ? "" : fingerprint(asked);
  // Before the transaction, which would hold its locks while the engine is loaded.
  if (commands.some(isFhirPathPatch)) await loadFhirPath();
  if (mayClaim(commands, provenance)) batch.profiles = await activeProfiles(visit.store);
  batch.showing = await showingFor(visit);
  const reach = reachSetting(grounds.reach);
  const work = async (tx: WriteTx): Promise<Remembered[]> => {
    await tx.lock(locksOf(commands));
    const ready = await orRefusal(batch.find(tx));
    return key === undefined ? write(batch, tx, ready) : writeOnce(batch, tx, { key, request, ready });
  };
  const mayShare = key === undefined && isSmall(visit, commands);
  try {
    const written = await againWhenOvertaken(batch, () =>
      mayShare && !batch.isClose
        ? visit.store.writeTogether(reach, work, needsOf(commands))
        : visit.store.write(reach, work),
    );
    forgetChanged(visit.store, commands);
    forgetIfProtected(
      visit.store,
      written.map((one) => ({ ...one, content: one.content ?? "" })),
    );
    forgetJoined(visit.store, written);
    const showing = await showingFor(visit);
    return disclose(
      written.slice(0, commands.length).map(({ patient, taken: _taken, content, ...one }) => ({
        ...one,
        content: content === null ? null : showing.text({ ...one, patient, content }, "chart"),
      })),
    );
  } catch (error) {
    if (error instanceof FhirError && error.status < 500)
      await recordRefusal(visit, "write", error.code, batch.asked());
    throw error;
  }
}

const FEW = 10;

/** What asks nothing of the database, or little, goes with others; a large one has nothing to gain, and others would wait. */
function isSmall({ actor }: Visit, commands: readonly Command[]): boolean {
  if (actor.kind === "person" || commands.length > FEW) return false; // a person is asked of each patient that is written about
  return commands.every((one) => criteriaOf(one) === undefined);
}

/** What unconditional commands look at; nothing when they only create. */
function needsOf(commands: readonly Command[]): Needs | undefined {
  const rows = new Map<string, Set<string>>();
  for (const command of commands) {
    if (command.kind === "create" || isConditional(command)) continue;
    const ids = rows.get(command.type) ?? new Set();
    rows.set(command.type, ids.add(command.id));
  }
  return rows.size === 0 ? undefined : { locks: locksOf(commands), rows };
}

const OVERTAKEN: ReadonlySet<string> = new Set(["VERSION_CONFLICT", "DUPLICATE"]);
const ATTEMPTS = 5;

/**
 * Begins a write again that somebody was quicker than, when it was asked for on no condition: the caller wants it made
 * whatever stands there. With a version condition the refusal is the answer. What was refused for its references is begun
 * again with a closer look, which tells which of them is broken.
 */
async function againWhenOvertaken<T>(batch: Batch, work: () => Promise<T>): Promise<T> {
  const isVersioned = batch.commands.some(
    (command) => command.kind !== "create" && command.ifMatch !== undefined && command.ifMatch !== ANY_VERSION,
  );
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (error instanceof NotAsDemanded && !batch.isClose) {
        batch.isClose = true;
        continue;
      }
      const isOvertaken = error instanceof FhirError && OVERTAKEN.has(error.code);
      if (!isOvertaken || isVersioned || attempt === ATTEMPTS) throw error;
    }
  }
}

/** A JSON Patch is a list, a FHIRPath Patch is Parameters. */
function isFhirPathPatch(command: Command): boolean {
  return command.kind === "patch" && isJsonObject(command.operations);
}

/** What refuses a request is kept until it is known that the request was not done before. */
async function orRefusal<T>(work: Promise<T>): Promise<T | FhirError> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof FhirError) return error;
    throw error;
  }
}

/** Under a key the same request is done once: the second one gets the first one's answer. */
async function writeOnce(
  batch: Batch,
  tx: WriteTx,
  { key, request, ready }: { key: string; request: string; ready: Ready | FhirError },
): Promise<Remembered[]> {
  const home = batch.firstHome();
  const actor = ownerNameOf(batch.visit.actor);
  const before = await tx.claimKey(home, actor, key, request);
  if (before !== undefined) return replay(batch, JSON.parse(before) as Remembered[], tx);
  const fresh = await write(batch, tx, ready);
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
    const isSearching = criteriaOf(command) !== undefined;
    const question = `${command.kind} ${command.type} ${isSearching}`;
    if (asked.has(question)) continue;
    asked.add(question);
    const name = nameOf(command) ?? command.type;
    const found = await authorize(visit, INTERACTION[command.kind], command.type, name);
    // An update may create; a patch shows what is there already, and a condition whether something is.
    if (command.kind === "update") await authorize(visit, "create", command.type, name);
    if (command.kind === "patch") await authorize(visit, "read", command.type, name);
    if (isSearching) await authorize(visit, "search", command.type);
    grounds ??= found;
  }
  if (grounds === undefined) throw fhirError("BUNDLE_EMPTY");
  return grounds;
}

async function write(batch: Batch, tx: WriteTx, ready: Ready | FhirError): Promise<Remembered[]> {
  if (ready instanceof FhirError) throw ready;
  const { visit, grounds } = batch;
  // As it stands before: joining two records opens each by what opens the other.
  const open = await openAmong(visit, patientsIn(ready), tx);
  const { written, changes, hits, taken, versions, resources } = await batch.run(tx, ready);
  if (visit.actor.kind === "person" && rejoined(resources, ready.current).some((patient) => !open.has(patient)))
    throw fhirError("NO_CARE_RELATION");
  await tx.recordChanges(changes);
  await recordSubscriptions(tx, batch, written, changes);
  if (visit.along !== undefined && versions.length > 0)
    await tx.atEnd(goingAlong(visit, visit.along), { written: versions, resources, isHistory: batch.isHistory });
  for (const patient of openedBy(hits)) await requireNeed(visit, patient, "", tx);
  const act = { outcome: "granted", ground: groundText(grounds) } as const;
  const entries = (["create", "update", "delete", "read"] as const).flatMap((action) => {
    const some = hits.filter((hit) => hit.action === action);
    return some.length === 0 ? [] : entriesByPatient(visit, { ...act, action }, some, []);
  });
  await recordAccess(
    tx,
    visit,
    entries.length > 0
      ? await withGrounds(visit, entries, tx)
      : entriesByPatient(visit, { ...act, action: "write" }, [], batch.asked()),
  );
  const patients = new Map(hits.map((hit) => [`${hit.type}/${hit.id}`, hit.patient]));
  return written.map((one, at) => ({
    ...one,
    patient: patients.get(`${one.type}/${one.id}`) ?? null,
    taken: one.count === undefined ? undefined : taken.get(at),
  }));
}

/** The patients that are there already and that a write is about to change. */
function patientsIn({ settled }: Ready): readonly string[] {
  return settled.flatMap(({ command }) => (command.type === "Patient" && "id" in command ? [command.id] : []));
}

/** What a care contact is: whoever registers one makes the unit's relation to the patient, and needs none before it. */
const CONTACTS: ReadonlySet<string> = new Set(["Patient", "Encounter", "EpisodeOfCare", "Appointment"]);

/** The patients about whom something was written that somebody without a care relation may not write. */
function openedBy(
  hits: readonly { readonly type: string; readonly action: string; readonly patient: string | null }[],
): Set<string> {
  const written = hits.filter(({ action, type }) => action !== "read" && !CONTACTS.has(type));
  return new Set(written.flatMap(({ patient }) => (patient === null ? [] : [patient])));
}

/** The same answer as before: the versions that were written then, as they were written. */
async function replay(batch: Batch, before: readonly Remembered[], tx: WriteTx): Promise<Remembered[]> {
  const { visit, grounds } = batch;
  const again: Remembered[] = [];
  for (const one of before) {
    const gone = one.outcome === "deleted" || one.outcome === "absent";
    again.push(gone ? one : { ...one, content: await tx.readVersion(one.type, one.id, one.version) });
  }
  const act = { action: "replay", outcome: "granted", ground: groundText(grounds) } as const;
  const shown = again.flatMap((one) => (one.count === undefined ? one : (one.taken ?? [])));
  await recordAccess(tx, visit, entriesByPatient(visit, act, shown, batch.asked()));
  return again;
}

const MAY_BE_TRIED_AGAIN: ReadonlySet<string> = new Set(["40001", "40P01", "55P03"]);

/** No log, no change: whatever keeps the log from being written is not the caller's fault and nothing was done. */
export async function recordAccess(tx: WriteTx, visit: Visit, entries: readonly AccessLogEntry[]): Promise<void> {
  try {
    await tx.recordAccess(entries, visit.clock().toISOString());
  } catch (error) {
    const code = (error as { code?: string }).code ?? "no code";
    if (error instanceof FhirError || MAY_BE_TRIED_AGAIN.has(code)) throw error;
    throw fhirError("UNAVAILABLE", `the access log could not be written (${code})`);
  }
}

function fingerprint(request: JsonValue): string {
  return createHash("sha256").update(writeJson(request)).digest("hex");
}
