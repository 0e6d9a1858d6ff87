/**
 * Whose a loop is after a step: its sender's while it is on its way or comes back, its receiver's when it has arrived, and after an end
 * whoever had it before.
 *
 * SPEC LOOP-LEDGER
 */
import { fhirError } from "../fhir/index.ts";
import type { Moved } from "./advance.ts";
import type { Happening } from "./intents.ts";
import { REQUESTS, type Session } from "./ledger-session.ts";
import type { Act, Writer } from "./ledger-tx.ts";
import type { EventName, Loop } from "./model.ts";

type After = Omit<Moved, "at">;
type Rule = (session: Session, loop: Loop, intent: Happening) => After | Promise<After>;

const atSender: Rule = (session, loop) =>
  session.holder({ owner: session.registry.staffed(loop.sender).owner, responsible: loop.sentBy }, loop.risk);
const atReceiver: Rule = ({ registry }, { receiver, sender }) => ({
  owner: registry.destination(receiver, sender).owner,
  responsible: null,
});
const whereItWas: Rule = ({ registry }, { receiver, sender }) => ({
  owner: registry.staffed(receiver ?? sender).owner,
  responsible: null,
});
const forwarded: Rule = async (session, loop, { to }) => {
  const place = session.placeIn(to);
  const receiver = place?.worklist ?? null;
  const { owner } = session.registry.destination(receiver, loop.sender);
  return { ...(await session.holder({ owner, responsible: place?.person ?? null }, loop.risk)), receiver };
};
const corrected: Rule = (session, loop) =>
  loop.owner === null
    ? session.holder({ owner: lastOwner(session, loop), responsible: loop.responsible }, loop.risk)
    : {};

const RULES: Readonly<Partial<Record<EventName, Rule>>> = {
  "ask-completion": atSender,
  return: atSender,
  fail: atSender,
  forward: forwarded,
  receive: atReceiver,
  complete: atReceiver,
  resend: atReceiver,
  reopen: whereItWas,
  unbook: whereItWas,
  correct: corrected,
};
/** A request is sent again from its sender's hands, and is taken over by whoever writes. */
const OF_REQUESTS: Readonly<Partial<Record<EventName, Rule>>> = {
  resend: atSender,
  reopen: atReceiver,
  "take-over": (session, loop) => ({
    owner: session.registry.destination(loop.receiver, loop.sender).owner,
    responsible: personIn(session.writer),
  }),
};

/** Whose it is after a step, as far as the step itself says it. A letter stays its sender's until it is read. */
export async function ownedAfter(
  session: Session,
  loop: Loop,
  { event, intent }: { readonly event: EventName; readonly intent: Happening },
): Promise<After> {
  const risk = intent.risk === undefined ? {} : { risk: intent.risk };
  if (loop.kind === "letter") return risk;
  // That it has left is no new time to arrive in.
  if (loop.kind === "specimen" && event === "transfer" && loop.deadline !== null)
    return { ...risk, due: loop.deadline };
  const rule = (REQUESTS.has(loop.kind) ? OF_REQUESTS[event] : undefined) ?? RULES[event];
  return { ...(await rule?.(session, loop, intent)), ...risk };
}

/** Whom somebody gives it to, which must be a list that there is. Errors: NOT_FOUND. */
export function givenTo({ registry }: Session, act: Act | undefined): After {
  const { worklist, person } = act?.to ?? {};
  const due = act?.due === undefined ? {} : { due: act.due };
  if (worklist === undefined) return person === undefined ? due : { responsible: person, ...due };
  if (registry.get(worklist) === undefined) throw fhirError("NOT_FOUND");
  const isPassedOn = act?.event === "forward" || act?.event === "move";
  return {
    owner: registry.staffed(worklist).owner,
    responsible: person ?? null,
    ...(isPassedOn ? { receiver: worklist } : {}),
    ...due,
  };
}

/** Who had it before it was done: whoever answers comes back to the question's sender, else to the list that it was meant for. */
export function lastOwner(session: Session, loop: Loop): string {
  const parent = loop.parent === null ? undefined : session.get(loop.parent)?.loop;
  return session.registry.staffed(parent?.sender ?? loop.receiver ?? loop.sender).owner;
}

/** The person who writes; an integration, a patient and the clock answer for nothing. */
function personIn({ by }: Writer): string | null {
  return by === "system" || by.includes(" ") ? null : by;
}
