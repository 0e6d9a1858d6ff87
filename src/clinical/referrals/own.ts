/**
 * The own referrals and orders, at the patient's own door: what was asked, who has it now and since when, in the words that staff read, and
 * by when. What the door keeps back is not here, and nobody of the staff is named.
 *
 * SPEC CLIN-REFERRAL-10 · law 5 of the house
 */
import { reachSetting } from "../../access/index.ts";
import { isoUtc } from "../../base/index.ts";
import { listOf, objectOf, parseJson, type JsonObject } from "../../fhir/index.ts";
import {
  authorize,
  disclosedTogether,
  refuseVisit,
  searchResources,
  type Disclosed,
  type Visit,
} from "../../journal/index.ts";
import type { OwnLoop } from "../../store/index.ts";
import { isEnd, type State } from "../../loop/index.ts";
import { nameIn, textIn } from "../said.ts";
import { kindsOf } from "./kinds.ts";
import { assessmentsOf, type Assessment } from "./matter.ts";
import { judgeAddition, nationalStatus, type NationalStatus } from "./national.ts";

export type OwnRequest = {
  readonly id: string;
  readonly title: string | null;
  readonly question: string | null;
  readonly notes: readonly string[];
  readonly written: string | null;
  readonly isReferral: boolean;
  readonly status: string;
  readonly sender: string | null;
  /** Who has it now; null of what nobody has to do anything with. */
  readonly owner: string | null;
  readonly since: string | null;
  readonly state: State | null;
  readonly national: NationalStatus | null;
  readonly target: string | null;
  readonly isBooked: boolean;
  /** Written here, by the patient. */
  readonly isOwn: boolean;
  /** Words can be added: they were asked for, or nobody has assessed it yet. */
  readonly canAdd: boolean;
  readonly canWithdraw: boolean;
};

const MOST = 200;

/** The own requests, newest first. Errors: FORBIDDEN for others than readers at the door. */
export async function ownRequests(visit: Visit): Promise<Disclosed<readonly OwnRequest[]>> {
  const { actor } = visit;
  if (actor.kind !== "patient") return refuseVisit(visit, "ServiceRequest", "Det här är patientens egen dörr.");
  const found = await searchResources(visit, "ServiceRequest", [
    ["patient", actor.patient],
    ["_sort", "-authored"],
    ["_count", String(MOST)],
  ]);
  const ids = found.value.rows.map(({ id }) => id);
  const grounds = await authorize(visit, "search", "ServiceRequest", "ServiceRequest");
  const [loops, assessed] = await Promise.all([
    visit.store.read(reachSetting(grounds.reach), (look) => look.loops.atDoor(actor.patient)),
    assessmentsOf(visit, ids),
  ]);
  return disclosedTogether([found], ([page]) =>
    (page?.rows ?? []).map(({ id, content }) =>
      ownRequest(parseJson(content) as JsonObject, {
        loops: loops.filter(({ request }) => request === id),
        assessed: assessed.get(id) ?? [],
      }),
    ),
  );
}

type Beside = { readonly loops: readonly OwnLoop[]; readonly assessed: readonly Assessment[] };

function ownRequest(request: JsonObject, { loops, assessed }: Beside): OwnRequest {
  const isOwn = kindsOf(request).includes("own");
  return {
    id: textIn(request["id"]) ?? "",
    ...saidOf(request),
    ...stoodOf(loops, isOwn),
    ...changedBy(loops, isOwn),
    isOwn,
    target: assessed.find(({ target }) => target !== undefined)?.target ?? null,
    isBooked: loops.some(({ kind, state: stands }) => kind === "call" && stands === "booked"),
  };
}

/** What it says of itself. */
function saidOf(request: JsonObject): Pick<OwnRequest, "title" | "question" | "notes" | "written" | "status"> {
  return {
    title: nameIn(request["code"]) ?? nameIn(request["category"]) ?? null,
    question: nameIn(request["reasonCode"]) ?? null,
    notes: listOf(request["note"]).flatMap((one) => textIn(objectOf(one)["text"]) ?? []),
    written: textIn(request["authoredOn"]) ?? null,
    status: textIn(request["status"]) ?? "",
  };
}

const UNREAD = { state: "received" } as const;

/** What the patient may still do with what was written here. */
function changedBy(loops: readonly OwnLoop[], isOwn: boolean): Pick<OwnRequest, "canAdd" | "canWithdraw"> {
  const loop = isOwn ? loops.find(({ kind }) => kind === "referral") : undefined;
  if (loop === undefined) return { canAdd: false, canWithdraw: false };
  const state = loop.state as State;
  const judged = judgeAddition({ kind: "referral", state, sender: "" }, loop.steps.map((event) => ({ event })), ""); // prettier-ignore
  return { canAdd: "step" in judged, canWithdraw: !isEnd("referral", state) };
}

/** What the ledger says of it; nothing of what was never asked for here. */
function stoodOf(
  loops: readonly OwnLoop[],
  isOwn: boolean,
): Pick<OwnRequest, "isReferral" | "sender" | "owner" | "since" | "state" | "national"> {
  const loop = loops.find(({ kind }) => kind === "referral" || kind === "order");
  if (loop === undefined)
    return { isReferral: false, sender: null, owner: null, since: null, state: null, national: null };
  // The answer to an own referral is a letter, which says itself whether it has been read.
  const answer = isOwn ? UNREAD : loops.findLast(({ kind }) => kind === "result");
  const state = loop.state as State;
  const steps = loop.steps.map((event) => ({ event }));
  return {
    isReferral: loop.kind === "referral",
    sender: loop.sender,
    owner: loop.owner,
    since: isoUtc(loop.since),
    state,
    national: nationalStatus({ state }, steps, answer === undefined ? undefined : { state: answer.state as State }),
  };
}
