/**
 * A loop's next step, by what was written or by what somebody does to it, and what follows from it: the call of an accepted referral's patient,
 * the follow-up of what was taken back, and word to whoever was asked before.
 *
 * SPEC LOOP-LEDGER, LOOP-ACT · F13, F14
 */
import { fhirError } from "../fhir/index.ts";
import { allowance } from "./deadlines.ts";
import type { Happening } from "./intents.ts";
import { dispatch, openChild, tellCancelled } from "./ledger-open.ts";
import { givenTo, ownedAfter } from "./ledger-owners.ts";
import { keyOf, REQUESTS, type Session } from "./ledger-session.ts";
import type { Act, Matter } from "./ledger-tx.ts";
import { isEnd, stepOf } from "./machine.ts";
import type { EventName, Loop, Risk } from "./model.ts";

/** What a written resource does to the loops that it is about; at the wrong time it does nothing, and is not refused. */
export async function happen(session: Session, matter: Matter, intent: Happening): Promise<void> {
  for (const { loop, taken } of session.about(intent.about, intent.kinds)) {
    const event = intent.events.find((one) => stepOf(loop.kind, loop.state, one) !== undefined);
    const key = keyOf(matter, `${event ?? ""} ${intent.about}`);
    if (event !== undefined && !taken.has(key)) await take(session, loop, { event, intent, matter, key });
  }
}

/** What somebody does to a loop by its id; answers it as it stands then. Errors: NOT_FOUND, LOOP_CHANGED, LOOP_STEP. */
export async function actOnLoop(session: Session, act: Act): Promise<Loop> {
  const found = session.get(act.loop);
  if (found === undefined) throw fhirError("NOT_FOUND");
  const { loop, taken } = found;
  if (taken.has(act.key)) return loop;
  if (act.version !== null && act.version !== loop.version) throw fhirError("LOOP_CHANGED");
  if (stepOf(loop.kind, loop.state, act.event) === undefined) throw fhirError("LOOP_STEP", loop.state, act.event);
  const { home, patient } = loop;
  const { type, id } = loop.subject;
  const matter: Matter = { type, id, key: act.key, home, patient, careUnit: null, intents: [] };
  const intent = { do: "event", about: `${type}/${id}`, kinds: [loop.kind], events: [act.event], to: [], note: act.note, leaves: null } as const; // prettier-ignore
  await take(session, loop, { event: act.event, intent, matter, key: act.key, act });
  return session.get(loop.id)?.loop ?? loop;
}

type Taking = {
  readonly event: EventName;
  readonly intent: Happening;
  readonly matter: Matter;
  readonly key: string;
  readonly act?: Act;
};

async function take(session: Session, loop: Loop, taking: Taking): Promise<void> {
  const { event, intent, matter, key, act } = taking;
  const isRequest = REQUESTS.has(loop.kind);
  if (event === "resend" && isRequest) return askAgain(session, loop, taking);
  const moved = { ...(await ownedAfter(session, loop, { event, intent })), ...givenTo(session, act) };
  const next = session.step(loop, event, moved, { key, note: intent.note });
  if (isRequest) callAfter(session, next, { event, matter, due: intent.due });
  if (event === "cancel" && intent.leaves === "follow-up") await followUp(session, loop, matter);
  if (event === "cancel" || event === "mistake") await tellCancelled(session, loop, matter);
}

/** What came back is asked again: of whom it was meant for before, or of somebody else; then the first one is told not to do it. */
async function askAgain(session: Session, loop: Loop, { intent, matter, key, act }: Taking): Promise<void> {
  const meant = session.placeIn(intent.to) ?? { worklist: act?.to?.worklist ?? loop.receiver, person: null };
  const moved = { ...(await ownedAfter(session, loop, { event: "resend", intent })), receiver: meant.worklist };
  const next = session.step(loop, "resend", moved, { key, note: intent.note });
  if (loop.receiver !== meant.worklist) await tellCancelled(session, loop, matter);
  await dispatch(session, next, { matter, meant, event: "order" });
}

const ENDS_CALL: ReadonlySet<EventName> = new Set(["answer", "return", "cancel", "mistake", "forward"]);

type Calling = { readonly event: EventName; readonly matter: Matter; readonly due: number | undefined };

/** An accepted referral opens the call of the patient; one that goes elsewhere or is done needs none (F13). */
function callAfter(session: Session, loop: Loop, { event, matter, due }: Calling): void {
  if (loop.kind !== "referral") return;
  const call = session.about(`${loop.subject.type}/${loop.subject.id}`, ["call"])[0]?.loop; // a request has one call
  if (event === "take-over" && loop.owner !== null) return callOf(session, loop, { call, matter, due });
  if (call === undefined || isEnd("call", call.state) || !ENDS_CALL.has(event)) return;
  session.step(call, "close", {}, { key: keyOf(matter, "close call"), note: event });
}

function callOf(
  session: Session,
  loop: Loop,
  { call, matter, due }: { readonly call: Loop | undefined; readonly matter: Matter; readonly due: number | undefined },
): void {
  const owner = loop.owner ?? loop.sender;
  const by = callBy(session, loop, due);
  if (call === undefined)
    openChild(
      session,
      { of: loop, kind: "call", key: keyOf(matter, "open call") },
      { owner, responsible: null, receiver: owner, risk: loop.risk, ...by },
    );
  else if (stepOf("call", call.state, "reopen") !== undefined)
    session.step(call, "reopen", { owner, ...by }, { key: keyOf(matter, "call again"), note: null });
}

/** The medical target date of an assessment, no later than a call may stand without it. */
function callBy({ writer: { at } }: Session, { risk }: Loop, due: number | undefined): { readonly due?: number } {
  return due === undefined ? {} : { due: Math.min(Math.max(due, at), at + allowance("call", "created", risk)) };
}

/** A request that is taken back leaves somebody who sees to the patient (F14). */
async function followUp(session: Session, loop: Loop, matter: Matter): Promise<void> {
  if (session.about(`${loop.subject.type}/${loop.subject.id}`, ["task"]).length > 0) return;
  const atSender = { owner: session.registry.staffed(loop.sender).owner, responsible: loop.sentBy };
  const holder = await session.holder(atSender, loop.risk);
  openChild(
    session,
    { of: loop, kind: "task", key: keyOf(matter, "follow up") },
    { ...holder, receiver: null, risk: Math.min(loop.risk, 2) as Risk },
    "cancel",
  );
}
