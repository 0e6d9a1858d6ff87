/**
 * Destroying records (förstöring) that an authority has decided about: proposed by one person, approved by another, and carried out as
 * one commit with its rows of the access log. What is left says that it was done, when, and by which decision.
 *
 * SPEC JRN-DESTROY · PDL (2008:355) 8 kap. 4 §
 */
import { homeOf, HSA_SYSTEM, newId } from "../base/index.ts";
import { fhirError } from "../fhir/index.ts";
import { partsOf, type DestroyedLine, type StoredDestruction, type WriteTx } from "../store/index.ts";
import { recordAccess } from "./commit.ts";
import { logEntry, type Visit } from "./context.ts";
import { searchResources } from "./search.ts";

export type Proposal = {
  readonly decision: string;
  readonly authority: string;
  /** The day of the decision, YYYY-MM-DD. */
  readonly decided: string;
  readonly whole: string | null;
  readonly records: readonly string[];
  /** The HSA-id of the person who proposes. */
  readonly by: string;
};

const LAW = "Beslut om förstöring enligt PDL 8 kap. 4 §";
/** A session that was not used for so long tells nothing of who is here. */
const PRESENT_MS = 30 * 60_000;

/** Writes down a decision that is to be carried out; nothing is destroyed. Answers its id. Errors: DESTRUCTION_INVALID. */
export async function proposeDestruction(visit: Visit, proposal: Proposal): Promise<string> {
  const { decision, authority, decided, whole, records, by } = proposal;
  if (decision.trim() === "" || authority.trim() === "")
    throw invalid("beslutets nummer och myndighet", "number and authority");
  if (!/^\d{4}-\d\d-\d\d$/.test(decided) || decided > visit.clock().toISOString().slice(0, 10))
    throw invalid("beslutets dag", "the day of the decision");
  if ((whole === null) === (records.length === 0))
    throw invalid("antingen en patient eller poster", "a patient or records");
  await refuseUnlessPresent(visit, by);
  const now = visit.clock();
  const id = newId(0, now.getTime(), visit.random(10));
  await visit.store.writeAsOwner(async (tx) => {
    await refuseUnknown(tx, proposal);
    const { by: proposedBy, ...what } = proposal;
    await tx.destruction.add({ ...what, destruction: id, proposed: now.toISOString(), proposedBy });
    await log(visit, tx, "propose destruction", {
      patient: whole,
      what: [`destruction ${id}`, `decision ${decision}`, `person ${by}`],
    });
  });
  return id;
}

/** Errors: DESTRUCTION_INVALID when it is not there, has been approved, or is approved by who proposed it. */
export async function approveDestruction(visit: Visit, destruction: string, by: string): Promise<void> {
  await refuseUnlessPresent(visit, by);
  await visit.store.writeAsOwner(async (tx) => {
    const isDone = await tx.destruction.approve(destruction, { at: visit.clock().toISOString(), by });
    if (!isDone)
      throw invalid(
        "ett förslag som någon annan har lagt och ingen har godkänt",
        "a proposal by somebody else that nobody has approved",
      );
    await log(visit, tx, "approve destruction", {
      patient: null,
      what: [`destruction ${destruction}`, `person ${by}`],
    });
  });
}

/**
 * Destroys in the database what was approved, once; again it only tells what was destroyed. `keep` makes the list of what is destroyed
 * durable outside the database before anything goes. Errors: DESTRUCTION_INVALID unless two people stand behind it.
 */
export async function destroyRecords(
  visit: Visit,
  destruction: string,
  keep: (line: DestroyedLine) => void,
): Promise<DestroyedLine> {
  return visit.store.writeAsOwner(async (tx) => {
    const found = await tx.destruction.held(destruction);
    if (found === undefined || found.approvedBy === null)
      throw invalid("ett förslag som två personer står bakom", "a proposal that two people stand behind");
    if ((await tx.destruction.openJobs()) > 0)
      throw invalid("inget massuttag eller annat långt arbete på gång", "no export or other long work under way");
    if (found.destroyed !== null)
      return lineOf(found, found.destroyed, await tx.destruction.destroyedUnder(destruction));
    const at = visit.clock().toISOString();
    const scope = await tx.destruction.scopeOf(found);
    const names = [...scope].flatMap(([type, ids]) => [...ids].map((id) => `${type}/${id}`));
    const line = lineOf(found, at, names);
    keep(line);
    await remove(visit, tx, { found, line, scope });
    await tx.destruction.mark(destruction, "destroyed", at);
    return line;
  });
}

type Removal = {
  readonly found: StoredDestruction;
  readonly line: DestroyedLine;
  readonly scope: ReadonlyMap<string, ReadonlySet<string>>;
};

async function remove(visit: Visit, tx: WriteTx, { found, line, scope }: Removal): Promise<void> {
  for (const [type, ids] of scope) {
    const gone = await tx.destruction.remove(type, [...ids], line);
    await tx.recordChanges(
      gone.map((row) => ({
        home: row.home,
        type,
        id: row.id,
        version: row.version + 1,
        method: "delete",
        recorded: line.at,
        patient: row.patient,
        careProvider: row.care_provider,
        careUnit: row.care_unit,
      })),
    );
    for (const [patient, some] of byPatient(gone))
      await log(visit, tx, "destroy", {
        patient,
        what: [`decision ${found.decision}`, `persons ${found.proposedBy} ${found.approvedBy}`, ...some],
      });
  }
  if (found.whole !== null) await tx.destruction.removeBeside(found.whole);
}

/** That everything outside the database has gone, too. */
export function finishDestruction(visit: Visit, destruction: string): Promise<void> {
  return visit.store.writeAsOwner((tx) => tx.destruction.mark(destruction, "finished", visit.clock().toISOString()));
}

/** All decisions, oldest first, and for those that were carried out what is to be kept outside. */
export async function destructions(
  visit: Visit,
): Promise<readonly (StoredDestruction & { readonly line: DestroyedLine | undefined })[]> {
  return visit.store.writeAsOwner(async (tx) => {
    const all = await tx.destruction.all();
    const told: (StoredDestruction & { line: DestroyedLine | undefined })[] = [];
    for (const one of all) {
      const { destroyed } = one;
      const names = await tx.destruction.destroyedUnder(one.destruction);
      told.push({ ...one, line: destroyed === null ? undefined : lineOf(one, destroyed, names) });
    }
    return told;
  });
}

function lineOf(
  { destruction, decision, authority, whole }: StoredDestruction,
  at: string,
  names: readonly string[],
): DestroyedLine {
  return { destruction, decision, authority, whole, at, records: names.toSorted() };
}

function byPatient(
  gone: readonly { type: string; id: string; patient: string | null }[],
): Map<string | null, string[]> {
  const found = new Map<string | null, string[]>();
  for (const { type, id, patient } of gone) found.set(patient, [...(found.get(patient) ?? []), `${type}/${id}`]);
  return found;
}

type Told = { readonly patient: string | null; readonly what: readonly string[] };

function log(visit: Visit, tx: WriteTx, action: string, { patient, what }: Told): Promise<void> {
  const home = patient === null ? 0 : homeOf(patient);
  return recordAccess(tx, visit, [
    logEntry(visit, { action, outcome: "granted", ground: LAW }, { home, patient, what }),
  ]);
}

/** Both people are in the directory and signed in at this moment: a name alone could be anybody's. */
async function refuseUnlessPresent(visit: Visit, hsaId: string): Promise<void> {
  const { value } = await searchResources(visit, "Practitioner", [["identifier", `${HSA_SYSTEM}|${hsaId}`]]);
  const sessions = await visit.store.sessionsOf({ hsaId }, PRESENT_MS);
  if (value.rows.length === 0 || sessions.length === 0)
    throw invalid(
      "en person i katalogen som är inloggad just nu",
      "a person in the directory who is signed in at this moment",
    );
}

/** A misspelt record would be destroyed by nobody, and thought to be. */
async function refuseUnknown(tx: WriteTx, { whole, records }: Proposal): Promise<void> {
  const names = whole === null ? records : [`Patient/${whole}`];
  for (const name of names) {
    const [type, id] = partsOf(name);
    if ((await tx.read(type, id)) === undefined && (await tx.readLastVersion(type, id)) === undefined)
      throw invalid(`en post som finns (${name})`, `a record that is here (${name})`);
  }
}

function invalid(sv: string, en: string): Error {
  return fhirError("DESTRUCTION_INVALID", { sv, en });
}
