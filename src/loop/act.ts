/**
 * What people do to loops: take over, delegate, read, act, send back. Whoever works at the list that has a loop moves it; whoever set it
 * in motion may remind, resend and close what came back. Each step is in the access log with its patient, in the transaction of the step.
 *
 * SPEC LOOP-ACT · F3, F10, F16, F34
 */
import { reachSetting, type PersonActor } from "../access/index.ts";
import { fhirError, fhirErrorAt } from "../fhir/index.ts";
import {
  authorize,
  disclosedAfter,
  groundText,
  logEntry,
  orLogged,
  recordAccess,
  refuseVisit,
  type Disclosed,
  type Visit,
} from "../journal/index.ts";
import type { WriteTx } from "../store/index.ts";
import { writerOf } from "./along.ts";
import { actOn } from "./ledger.ts";
import type { Act } from "./ledger-tx.ts";
import { mayTake, OWNERS } from "./may.ts";
import type { EventName, Loop } from "./model.ts";
import { ledgerTx, loopOf } from "./stored.ts";

/** One step that somebody asks for. */
export type LoopAct = Omit<Act, "note"> & { readonly note?: string | null };

/** What must be said why. */
const SAYS_WHY: ReadonlySet<EventName> = new Set(["return", "close", "ask-completion", "complete"]);
/** A student sees and notes; what is answered for is somebody else's to do. */
const STUDENTS: ReadonlySet<EventName> = new Set(["note"]);
const LONGEST_NOTE = 1000;
const LONGEST_KEY = 200;
/** As many as stand on a page of the inbox. */
const MOST = 200;

/**
 * Takes steps, all or none; the same keys a second time are the same steps. Answers the loops as they stand. Errors: FORBIDDEN, NOT_FOUND
 * (also of what is on nobody's list here), LOOP_INVALID, LOOP_STEP, LOOP_CHANGED.
 */
export async function actOnLoops(visit: Visit, acts: readonly LoopAct[]): Promise<Disclosed<readonly Loop[]>> {
  const { actor } = visit;
  const asked = "loops";
  if (actor.kind !== "person" || actor.app !== undefined)
    return refuseVisit(visit, asked, "Ärenden flyttas av en person med medarbetaruppdrag, i Eira.");
  const grounds = await authorize(visit, "update", "Task", asked);
  for (const [at, act] of acts.entries()) refuseBadAct(act, `acts[${at}]`);
  if (acts.length === 0 || acts.length > MOST) throw fhirErrorAt("LOOP_INVALID", "acts", `1-${MOST}`);
  const work = async (tx: WriteTx): Promise<readonly Loop[]> => {
    const seen = (await tx.loops.byIds(acts.map(({ loop }) => loop))).map(loopOf);
    const mine = new Set(await tx.loops.own());
    for (const act of acts)
      refuseOthers(
        act,
        seen.find(({ id }) => id === act.loop),
        { actor, mine },
      );
    const writer = { ...writerOf(visit), isHistory: false };
    const ledger = ledgerTx(tx, visit);
    const done = await actOn(
      ledger,
      writer,
      acts.map((act) => ({ ...act, note: act.note ?? null })),
    );
    const granted = { outcome: "granted", ground: groundText(grounds) } as const;
    const lines = done.map((loop, at) =>
      logEntry(
        visit,
        { action: `loop ${acts[at]?.event ?? ""}`, ...granted },
        {
          home: loop.home,
          patient: loop.patient,
          what: [`${loop.subject.type}/${loop.subject.id}`, `loop ${loop.id}`],
        },
      ),
    );
    await recordAccess(tx, visit, lines);
    return done;
  };
  return disclosedAfter(
    visit,
    [],
    await orLogged(visit, "loop", asked, visit.store.write(reachSetting(grounds.reach), work)),
  );
}

function refuseBadAct({ event, note, key, loop }: LoopAct, where: string): void {
  const isWhy = typeof note === "string" && note.trim() !== "";
  if (!OWNERS.has(event)) throw fhirErrorAt("LOOP_INVALID", `${where}.event`, event);
  if (SAYS_WHY.has(event) && !isWhy)
    throw fhirErrorAt("LOOP_INVALID", `${where}.note`, { sv: "säg varför", en: "say why" });
  if ((note?.length ?? 0) > LONGEST_NOTE) throw fhirErrorAt("LOOP_INVALID", `${where}.note`, `> ${LONGEST_NOTE}`);
  if (key === "" || key.length > LONGEST_KEY) throw fhirErrorAt("LOOP_INVALID", `${where}.key`, `1-${LONGEST_KEY}`);
  if (loop === "") throw fhirErrorAt("LOOP_INVALID", `${where}.loop`, "");
}

/** What cannot be seen is not there; what is somebody else's to do is refused. */
function refuseOthers(
  { event }: LoopAct,
  loop: Loop | undefined,
  { actor, mine }: { readonly actor: PersonActor; readonly mine: ReadonlySet<string> },
): void {
  if (loop === undefined) throw fhirError("NOT_FOUND");
  const isStudent = actor.assignment.footing?.kind === "student";
  if (isStudent && !STUDENTS.has(event)) throw fhirError("FORBIDDEN", "a student answers for no loop");
  if (!mayTake(loop, event, mine)) throw fhirError("FORBIDDEN", "another list has it");
}
