/**
 * How a referral stands, for whoever has it or has sent it: the national state, what its receivers have said, the guarantee's days, and
 * what the reader may do with it beyond the inbox's steps.
 *
 * SPEC CLIN-REFERRAL-8
 */
import { zonedDate, type LocalDate } from "../../base/index.ts";
import { isEnd, isOwnReferral, loopsOutOf, loopSteps, ownLists, type Loop } from "../../loop/index.ts";
import { disclosedAfter, type Disclosed, type Visit } from "../../journal/index.ts";
import { actingPerson } from "../acting.ts";
import { textIn } from "../said.ts";
import { kindsOf, type ReferralKind } from "./kinds.ts";
import { dayOf, guaranteeOf, type Guarantee } from "./guarantee.ts";
import { assessmentsOf, matterOf, type KeptPause } from "./matter.ts";
import { judgeAddition, nationalStatus, type NationalStatus } from "./national.ts";
import { clockOf } from "./waiting.ts";

export const WISHES = ["assess", "answer", "add", "pause", "second-opinion", "cancel", "ask-patient"] as const;
export type WishName = (typeof WISHES)[number];

export type ReferralLook = {
  readonly loop: string;
  readonly version: number;
  readonly kinds: readonly ReferralKind[];
  readonly national: NationalStatus;
  readonly priority: string;
  readonly target: LocalDate | null;
  readonly pauses: readonly KeptPause[];
  /** While somebody still waits. */
  readonly guarantee: Guarantee | null;
  readonly can: readonly WishName[];
};

/** Errors: NOT_FOUND, FORBIDDEN. */
export async function lookAtReferral(visit: Visit, id: string): Promise<Disclosed<ReferralLook>> {
  actingPerson(visit);
  const { loop, request } = await matterOf(visit, id);
  const [{ value: history }, { value: children }, lists, known] = await Promise.all([
    loopSteps(visit, id),
    loopsOutOf(visit, loop),
    ownLists(visit),
    assessmentsOf(visit, [loop.subject.id]),
  ]);
  const own = known.get(loop.subject.id) ?? [];
  const pauses = own[0]?.pauses ?? []; // the newest is how it stands
  const now = visit.clock().getTime();
  const start = dayOf(textIn(request["authoredOn"]) ?? "") ?? zonedDate(loop.opened);
  const answer = answerIn(children, loop);
  return disclosedAfter(visit, [], {
    loop: id,
    version: loop.version,
    kinds: kindsOf(request),
    pauses,
    national: nationalStatus(loop, history.steps, answer),
    priority: own.find(({ priority }) => priority !== undefined)?.priority ?? textIn(request["priority"]) ?? "routine",
    target: own.find(({ target }) => target !== undefined)?.target ?? null,
    guarantee: isEnd(loop.kind, loop.state) ? null : guaranteeOf(clockOf(request), start, { pauses, now }),
    can: wishesOf(visit, loop, { steps: history.steps, mine: new Set(lists.map((one) => one.id)) }),
  });
}

/** The answer; of an own referral the letters to the patient, and of one that ended without an answer what its sender has to see to. */
function answerIn(children: readonly Loop[], loop: Loop): Loop | undefined {
  const of = (kind: Loop["kind"]): readonly Loop[] => children.filter((one) => one.kind === kind);
  const letters = of("letter");
  const isUnread = ({ state }: Loop): number => Number(state !== "read");
  if (isOwnReferral(loop)) return letters.toSorted((a, b) => b.opened - a.opened || isUnread(b) - isUnread(a))[0]; // the newest
  return of("result").at(-1) ?? of("task").at(-1);
}

type Standing = { readonly steps: readonly { readonly event: string }[]; readonly mine: ReadonlySet<string> };

/** What can be done now: of the receiver's what is the receiver's, of the sender's what is the sender's. */
function wishesOf(visit: Visit, loop: Loop, { steps, mine }: Standing): readonly WishName[] {
  const person = actingPerson(visit);
  if (person.assignment.footing?.kind === "student" || isEnd(loop.kind, loop.state)) return [];
  const has = mine.has(loop.owner ?? loop.receiver ?? loop.sender);
  const may = loop.kind === "referral" ? referralWishes(loop, has) : NO_WISHES;
  const isOwn = isOwnReferral(loop);
  return WISHES.filter((one) => {
    if (one === "cancel") return mine.has(loop.sender) && !isOwn; // the patient's to take back
    if (one === "add") return may.add && "step" in judgeAddition(loop, steps, person.assignment.unitHsaId);
    return may[one];
  });
}

type Wishes = Readonly<Record<Exclude<WishName, "cancel">, boolean>>;
const NO_WISHES: Wishes = { assess: false, answer: false, "ask-patient": false, add: false, pause: false, "second-opinion": false }; // prettier-ignore

/** What the kind of referral and its state leave to do for whoever has it. */
function referralWishes(loop: Loop, has: boolean): Wishes {
  const isOwn = isOwnReferral(loop);
  const isHere = has && (loop.state === "received" || loop.state === "taken-over");
  return {
    assess: isHere && loop.state === "received",
    answer: isHere || (isOwn && has && loop.state === "returned"),
    "ask-patient": isOwn && isHere,
    add: !isOwn,
    pause: isHere,
    "second-opinion": isHere,
  };
}
