/**
 * A loop's beginning: whose it is, for whom it is meant, and its way there; inside the journal at once, by an integration's queue outside it.
 *
 * SPEC LOOP-LEDGER, LOOP-LETTER · F2, F8
 */
import { opened, type NewLoop } from "./advance.ts";
import type { Opening } from "./intents.ts";
import { keyOf, REQUESTS, type Held, type Session } from "./ledger-session.ts";
import type { Matter, Outgoing, Place } from "./ledger-tx.ts";
import { stepOf } from "./machine.ts";
import { PATIENT, REGION, type Kind, type Loop, type Risk } from "./model.ts";
import { lastOwner } from "./ledger-owners.ts";

/** Older than this is no news when history is taken in. */
const NEWS_MS = 14 * 86_400_000;

/** Opens what a resource sets in motion; what stands already is opened again when it can be. */
export async function openLoop(session: Session, matter: Matter, intent: Opening): Promise<void> {
  const { kind, recipient } = intent;
  const standing = session
    .about(`${matter.type}/${matter.id}`, [kind])
    .find(({ loop }) => loop.subject.recipient === recipient);
  if (standing !== undefined) return openAgain(session, { matter, intent }, standing);
  if (isNobodys(session, intent)) return;
  if (isOld(session, intent) || isAnswered(session, intent)) return;
  const { risk, due, ...parties } = partiesOf(session, matter, intent);
  const { owner, responsible, ...others } = parties;
  if (isFace(session, intent, owner)) return;
  const loop = opened(
    {
      id: session.tx.newId(matter.home),
      home: matter.home,
      kind,
      subject: { type: matter.type, id: matter.id, recipient },
      patient: matter.patient,
      ...(await session.holder({ owner, responsible }, risk)),
      ...others,
      risk,
      ...(due === undefined ? {} : { due }),
    },
    session.writer.at,
  );
  const way = kind === "letter" ? (intent.transport ?? null) : null;
  session.keep(null, loop, { event: "open", key: keyOf(matter, `open ${kind}`), note: way });
  if (kind === "letter") return post(session, loop, { matter, intent });
  if (REQUESTS.has(kind)) await dispatch(session, loop, { matter, meant: session.placeIn(intent.to), event: "order" });
}

/** What was done elsewhere long ago is no news, and letters that were sent elsewhere arrived elsewhere. */
function isOld({ writer }: Session, { kind, told }: Opening): boolean {
  return writer.isHistory && (kind === "letter" || (told !== null && told < writer.at - NEWS_MS));
}

/** What was written by nobody who works here is nobody's here to sign. */
function isNobodys(session: Session, { kind, from, person }: Opening): boolean {
  return kind === "signature" && (person ?? session.personIn(from)) === null;
}

/** Somebody who is asked to see to what stands on their own list already is asked once. */
function isFace(session: Session, { faceOf = [] }: Opening, owner: string): boolean {
  return faceOf.some((name) => session.about(name).some(({ loop }) => loop.owner === owner));
}

/** Nobody waits for a specimen of what has been answered or taken back. */
function isAnswered(session: Session, { kind, answers }: Opening): boolean {
  const asked = kind === "specimen" ? answers.flatMap((name) => session.about(name, [...REQUESTS])) : [];
  return asked.length > 0 && asked.every(({ loop }) => loop.closed !== null);
}

type Parties = Pick<NewLoop, "owner" | "responsible" | "sender" | "sentBy" | "receiver" | "risk" | "parent" | "due">;

/** Who sends, who is meant, and whose it is until then. */
function partiesOf(session: Session, matter: Matter, intent: Opening): Parties {
  const answered = intent.answers.flatMap((name) => session.about(name, [...REQUESTS]));
  const question = answered[0]?.loop; // the first that is known: a report of several requests has one reader
  const sender = session.listOf(matter.careUnit) ?? session.placeIn(intent.from)?.worklist ?? REGION;
  const common = {
    sender,
    sentBy: session.personIn(intent.from) ?? (REQUESTS.has(intent.kind) ? patientIn(intent.from) : null),
    risk: question === undefined ? intent.risk : (Math.min(intent.risk, question.risk === 3 ? 3 : 1) as Risk),
    parent: question?.id ?? null,
    ...(intent.due === null ? {} : { due: Math.max(intent.due, session.writer.at) }),
  };
  return { ...common, ...holderFor(session, intent, { question, sender, sentBy: common.sentBy }) };
}

/** Of an own referral: the patient, whom the answer goes to. */
function patientIn(from: readonly string[]): string | null {
  const [patient] = from.filter((one) => one.startsWith("Patient/")); // a request has one requester
  return patient === undefined ? null : `${PATIENT}${patient.slice("Patient/".length)}`;
}

type From = { readonly question: Loop | undefined; readonly sender: string; readonly sentBy: string | null };

const STAYS_AT_SENDER: ReadonlySet<Kind> = new Set([...REQUESTS, "signature", "letter", "specimen"]);

/** Whom it is meant for that its sender still has; who gets a letter is outside the lists. */
function receiverOf(
  { kind }: Opening,
  { meant, question }: { readonly meant: Place | undefined; readonly question: Loop | undefined },
): string | null {
  if (REQUESTS.has(kind)) return meant?.worklist ?? null;
  return kind === "specimen" ? (question?.receiver ?? null) : null;
}

/** A request, a letter and a specimen are the sender's until they have arrived; an answer is meant for whoever asked. */
function holderFor(
  session: Session,
  intent: Opening,
  { question, sender, sentBy }: From,
): Pick<Parties, "owner" | "responsible" | "receiver"> {
  const meant = session.placeIn(intent.to);
  if (STAYS_AT_SENDER.has(intent.kind)) {
    const atSender = { owner: session.registry.staffed(sender).owner, responsible: intent.person ?? sentBy };
    return { ...atSender, receiver: receiverOf(intent, { meant, question }) };
  }
  const asker = askerOf(session, intent, question);
  const receiver = asker?.worklist ?? meant?.worklist ?? sender;
  const responsible = asker?.person ?? meant?.person ?? null;
  return { owner: session.registry.staffed(receiver).owner, responsible, receiver };
}

/** Who asked what is answered: by the loop of the request, or by the request itself when the ledger has no loop of it. */
function askerOf(session: Session, { answers }: Opening, question: Loop | undefined): Place | undefined {
  if (question === undefined) return session.placeIn(answers);
  return { worklist: question.sender, person: question.sentBy };
}

/** The patient's page has a letter as soon as it is written; paper has yet to be printed; what no way leads to comes back at once. */
function post(
  session: Session,
  loop: Loop,
  { matter, intent }: { readonly matter: Matter; readonly intent: Opening },
): void {
  const { unsendable, transport } = intent;
  const { recipient } = loop.subject;
  if (unsendable !== undefined)
    session.step(loop, "fail", {}, { key: keyOf(matter, `fail ${recipient}`), note: unsendable });
  else if (transport === "page")
    session.step(loop, "receive", {}, { key: keyOf(matter, `receive ${recipient}`), note: transport });
}

/** What was set in motion before is set in motion again: a request that was taken back and is asked anew. */
async function openAgain(
  session: Session,
  { matter, intent }: { readonly matter: Matter; readonly intent: Opening },
  { loop, taken }: Held,
): Promise<void> {
  const key = keyOf(matter, "again");
  if (taken.has(key) || stepOf(loop.kind, loop.state, "reopen") === undefined) return;
  const isRequest = REQUESTS.has(loop.kind);
  const owner = isRequest ? session.registry.staffed(loop.sender).owner : lastOwner(session, loop);
  const holder = await session.holder({ owner, responsible: loop.sentBy }, loop.risk);
  const next = session.step(loop, "reopen", holder, { key, note: null });
  if (isRequest) await dispatch(session, next, { matter, meant: session.placeIn(intent.to), event: "order" });
}

type Dispatch = { readonly matter: Matter; readonly meant: Place | undefined; readonly event: Outgoing["event"] };

/** From the sender's hands to whom it is meant for; back to the sender, as failed, when that leads nowhere. */
export async function dispatch(session: Session, loop: Loop, { matter, meant, event }: Dispatch): Promise<void> {
  const list = meant?.worklist ?? null;
  const { owner, detour, isException } = session.registry.destination(list, loop.sender);
  if (isException) {
    const note = `no receiver: ${detour ?? "unknown"}`;
    session.step(loop, "fail", { owner }, { key: keyOf(matter, "fail"), note });
    return;
  }
  const channel = channelOf(session, list);
  if (channel !== null) {
    await session.tx.send({ channel, loop: loop.id, home: loop.home, about: `${matter.type}/${matter.id}`, event });
    return;
  }
  const holder = await session.holder({ owner, responsible: meant?.person ?? null }, loop.risk);
  session.step(loop, "receive", { ...holder, receiver: list }, { key: keyOf(matter, "receive"), note: detour });
}

/** Whoever was asked by an integration is told that it is not wanted any more. */
export async function tellCancelled(session: Session, loop: Loop, matter: Matter): Promise<void> {
  const channel = channelOf(session, loop.receiver);
  if (channel === null) return;
  const { id, home } = loop;
  await session.tx.send({ channel, loop: id, home, about: `${matter.type}/${matter.id}`, event: "cancel" });
}

/** The integration by which a list is reached; null when people work there in this journal. */
export function channelOf({ registry }: Session, id: string | null): string | null {
  const list = id === null ? undefined : registry.get(id);
  return list === undefined ? null : registry.current(list).channel;
}

/** A loop of a kind that comes out of another one, about the same resource. */
export function openChild(
  session: Session,
  { of, kind, key }: { readonly of: Loop; readonly kind: Kind; readonly key: string },
  parties: Pick<NewLoop, "owner" | "responsible" | "receiver" | "risk" | "due">,
  note: string | null = null,
): void {
  const { id, home, subject, patient, sender, sentBy } = of;
  const child = opened(
    {
      id: session.tx.newId(home),
      home,
      kind,
      subject: { ...subject, recipient: "" },
      patient,
      sender,
      sentBy,
      parent: id,
      ...parties,
    },
    session.writer.at,
  );
  session.keep(null, child, { event: "open", key, note });
}
