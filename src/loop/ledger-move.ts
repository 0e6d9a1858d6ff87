/**
 * A loop's next step, by what was written or by what somebody does to it, and what follows from it: the call of an accepted referral's patient,
 * the follow-up of what was taken back, and word to whoever was asked before.
 *
 * SPEC LOOP-LEDGER, LOOP-ACT · F13, F14
 */
import { fhirError } from "../fhir/index.ts";
import { allowance } from "./deadlines.ts";
import type { Happening } from "./intents.ts";
import { channelOf, dispatch, openChild, tellCancelled } from "./ledger-open.ts";
import { givenTo, ownedAfter } from "./ledger-owners.ts";
import { keyOf, REQUESTS, type Session } from "./ledger-session.ts";
import type { Act, Matter } from "./ledger-tx.ts";
import { isEnd, stepOf } from "./machine.ts";
import type { EventName, Loop, Risk, State } from "./model.ts";

/** What a written resource does to the loops that it is about; at the wrong time it does nothing, and is not refused. */
export async function happen(session: Session, matter: Matter, intent: Happening): Promise<void> {
  for (const { loop, taken } of session.about(intent.about, intent.kinds)) {
    if (isOfAnother(session, loop, intent)) continue;
    const event = intent.events.find((one) => stepOf(loop.kind, loop.state, one) !== undefined);
    const key = keyOf(matter, `${event ?? ""} ${intent.about}`);
    if (event !== undefined && !taken.has(key)) await take(session, loop, { event, intent, matter, key });
    if (event === undefined && loop.state === "answered" && intent.leaves === null && intent.events.includes("answer"))
      cameAfterAll(session, loop, matter);
  }
}

/** Whether an integration speaks that is not the one that the request asks any more, and so knows nothing of its way. */
function isOfAnother(session: Session, { kind, receiver }: Loop, { through }: Happening): boolean {
  return through !== undefined && REQUESTS.has(kind) && channelOf(session, receiver) !== through;
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
  if (intent.tells === "change") return tellChanged(session, loop, taking);
  const isRequest = REQUESTS.has(loop.kind);
  if (isRequest && (await wasAskedElsewhere(session, loop, taking))) return;
  const moved = { ...(await ownedAfter(session, loop, { event, intent })), ...givenTo(session, act) };
  const next = session.step(loop, event, moved, { key, note: intent.note });
  if (isRequest) callAfter(session, next, { event, matter, due: intent.due });
  if (event === "cancel" && intent.leaves === "follow-up") await followUp(session, loop, { matter, why: "cancel" });
  if (event === "answer") await answered(session, loop, { matter, leaves: intent.leaves });
  if (ENDS_ASKING.has(event) || isPassedOn(loop, next, taking)) await tellCancelled(session, loop, matter);
}

const ENDS_ASKING: ReadonlySet<EventName> = new Set(["cancel", "mistake"]);

function isPassedOn(loop: Loop, next: Loop, { event, intent }: Taking): boolean {
  return event === "forward" && next.receiver !== loop.receiver && intent.through === undefined;
}

/** Whether a request was asked again, or of somebody else, instead of taking the step itself. */
async function wasAskedElsewhere(session: Session, loop: Loop, taking: Taking): Promise<boolean> {
  const { event, intent } = taking;
  if (event === "resend") await askAgain(session, loop, taking);
  else if ((event === "forward" || event === "return") && isElsewhere(session, loop, taking))
    await sendElsewhere(session, loop, taking);
  else return event === "return" && intent.to.length > 0; // asked of the same, or of nobody who can be found
  return true;
}

/** Whether a request is passed on to a list that an integration reaches, or turned to another list before it had arrived at the first. */
function isElsewhere(session: Session, loop: Loop, { event, intent, act }: Taking): boolean {
  const isTurned = event === "return"; // by what was written; whoever sends it back sends it to its sender
  const list = session.placeIn(intent.to)?.worklist ?? (isTurned ? null : (act?.to?.worklist ?? null));
  if (list === null || list === loop.receiver) return false;
  return isTurned || channelOf(session, list) !== null;
}

/** It comes back to its sender and is asked anew from there: what is only sent is not received, and has the sender as its owner. */
async function sendElsewhere(session: Session, loop: Loop, taking: Taking): Promise<void> {
  const { intent, matter, key } = taking;
  const moved = await ownedAfter(session, loop, { event: "return", intent });
  const back = session.step(loop, "return", moved, { key: `${key} back`, note: intent.note });
  callAfter(session, back, { event: "return", matter, due: undefined });
  await askAgain(session, back, taking);
}

const WITH_RECEIVER: ReadonlySet<State> = new Set([
  "created",
  "transferred",
  "received",
  "taken-over",
  "completion-asked",
]);

/** Whoever was asked by an integration is told what is asked by now; others see it in the record. */
async function tellChanged(session: Session, loop: Loop, { intent, matter, key }: Taking): Promise<void> {
  const channel = channelOf(session, loop.receiver);
  if (channel === null || !WITH_RECEIVER.has(loop.state)) return;
  session.step(loop, "note", {}, { key, note: intent.note });
  const { id, home } = loop;
  await session.tx.send({ channel, loop: id, home, about: `${matter.type}/${matter.id}`, event: "change" });
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

/** Whoever asked sees to an answer that was said to be done and never came, unless they said so themselves (F11). */
async function answered(
  session: Session,
  loop: Loop,
  { matter, leaves }: { readonly matter: Matter; readonly leaves: Happening["leaves"] },
): Promise<void> {
  if (leaves === "unanswered" && session.writer.unit !== loop.sender)
    await followUp(session, loop, { matter, why: "answer" });
}

/** An answer that came after its request was said to be done: nobody has to ask for it any more. */
function cameAfterAll(session: Session, loop: Loop, matter: Matter): void {
  const open = session.about(`${loop.subject.type}/${loop.subject.id}`, ["task"]).map((one) => one.loop);
  for (const task of open.filter(({ state }) => !isEnd("task", state)))
    session.step(task, "act", {}, { key: keyOf(matter, "answer came"), note: "answer" });
}

type FollowUp = { readonly matter: Matter; readonly why: "cancel" | "answer" };

/** A request that is taken back, or ended without an answer, leaves somebody who sees to the patient (F14): each time, until it is done. */
async function followUp(session: Session, loop: Loop, { matter, why }: FollowUp): Promise<void> {
  const atSender = { owner: session.registry.staffed(loop.sender).owner, responsible: loop.sentBy };
  const holder = await session.holder(atSender, loop.risk);
  const known = session.about(`${loop.subject.type}/${loop.subject.id}`, ["task"])[0]?.loop; // a request has one
  const key = keyOf(matter, "follow up");
  if (known === undefined)
    return openChild(
      session,
      { of: loop, kind: "task", key },
      { ...holder, receiver: null, risk: Math.min(loop.risk, 2) as Risk },
      why,
    );
  const event = isEnd("task", known.state) ? "reopen" : "note";
  session.step(known, event, event === "reopen" ? holder : {}, { key, note: why });
}
