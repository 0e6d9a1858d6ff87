/**
 * Who waits at a unit: a view of open requests that is made from the ledger and the record each time it is asked for, and kept nowhere. What
 * nothing opens to the reader stands there as somebody who waits, and no more.
 *
 * SPEC CLIN-WAIT · F15 · hälso- och sjukvårdslagen (2017:30) 9 kap. 1 §
 */
import { zonedDate, type LocalDate } from "../../base/index.ts";
import type { JsonObject } from "../../fhir/index.ts";
import { waitingLoops, type State } from "../../loop/index.ts";
import { disclosedTogether, searchResources, type Disclosed, type Visit } from "../../journal/index.ts";
import { codesIn, inParts, nameIn, resourcesIn, tellingPart, textIn } from "../said.ts";
import { dayOf, guaranteeOf, type ClockName, type Guarantee } from "./guarantee.ts";
import { assessmentsOf, type Assessment, type KeptPause } from "./matter.ts";

export type WaitingKind = "referral" | "order";

export type Waiting = {
  readonly loop: string;
  readonly version: number;
  readonly state: State;
  readonly responsible: string | null;
  readonly sender: string;
  readonly callState: State | null;
  /** Null of what nothing opens to the reader: only that somebody waits. */
  readonly known: {
    readonly request: string;
    readonly patient: string | null;
    readonly person: JsonObject | null;
    readonly title: string | null;
    readonly question: string | null;
    readonly priority: string;
    readonly target: LocalDate | null;
    readonly isPastTarget: boolean;
    readonly pauses: readonly KeptPause[];
  } | null;
  readonly guarantee: Guarantee;
};

export type WaitingList = { readonly items: readonly Waiting[]; readonly more: boolean };

/** As many as are shown, drawn and written out at once. */
const MOST = 1000;
const AT_ONCE = 200;

/** Who waits at the reader's lists, the longest first. Errors: FORBIDDEN. */
export async function waitingList(visit: Visit, kind: WaitingKind): Promise<Disclosed<WaitingList>> {
  const { value: found } = await waitingLoops(visit, [kind], MOST);
  const ids = found.waiting.map(({ loop }) => loop.subject.id);
  const [requests, patients, assessments] = await Promise.all([
    readNamed(visit, "ServiceRequest", ids),
    readNamed(visit, "Patient", [...new Set(found.waiting.flatMap(({ loop }) => loop.patient ?? []))]),
    assessedOf(visit, ids),
  ]);
  const now = visit.clock().getTime();
  return disclosedTogether([requests, patients], ([asked, people]) => ({
    more: found.more,
    items: found.waiting.map(({ loop, callState }): Waiting => {
      const request = asked?.get(`ServiceRequest/${loop.subject.id}`);
      const own = assessments.get(loop.subject.id) ?? [];
      const pauses = request === undefined ? [] : (own[0]?.pauses ?? []); // the newest is how it stands
      const { id, version, state, responsible, sender } = loop;
      return {
        loop: id,
        version,
        state,
        responsible,
        sender,
        callState,
        known: request === undefined ? null : knownOf(request, { loop, people, own, pauses, now }),
        guarantee: guaranteeOf(clockOf(request), startOf(request, loop.opened), { pauses, now }),
      };
    }),
  }));
}

type Beside = {
  readonly loop: { readonly subject: { readonly id: string }; readonly patient: string | null };
  readonly people: ReadonlyMap<string, JsonObject> | undefined;
  readonly own: readonly Assessment[];
  readonly pauses: readonly KeptPause[];
  readonly now: number;
};

function knownOf(request: JsonObject, { loop, people, own, pauses, now }: Beside): NonNullable<Waiting["known"]> {
  const target = own.find((one) => one.target !== undefined)?.target ?? null;
  const priority = own.find((one) => one.priority !== undefined)?.priority ?? textIn(request["priority"]) ?? "routine";
  const person = people?.get(`Patient/${loop.patient ?? ""}`);
  return {
    request: loop.subject.id,
    patient: loop.patient,
    person: person === undefined ? null : tellingPart(person),
    title: nameIn(request["code"]) ?? nameIn(request["category"]) ?? null,
    question: nameIn(request["reasonCode"]) ?? null,
    priority,
    target,
    pauses,
    isPastTarget: target !== null && target < zonedDate(now),
  };
}

const TREATMENT: ReadonlySet<string> = new Set(["387713003", "277132007"]);
const ASSESSMENT: ReadonlySet<string> = new Set(["medicinsk-bedomning"]);
const CONTACT: ReadonlySet<string> = new Set(["kontakt-primarvard"]);

/** Which of the guarantee's clocks a request is under, by its category: what says nothing else is a first visit. */
export function clockOf(request: JsonObject | undefined): ClockName {
  const codes = codesIn(request?.["category"]);
  if (codes.some((code) => TREATMENT.has(code))) return "treatment";
  if (codes.some((code) => ASSESSMENT.has(code))) return "assessment";
  return codes.some((code) => CONTACT.has(code)) ? "contact" : "visit";
}

/** The day that the request was written; of one that does not say, the day that it was sent here. */
function startOf(request: JsonObject | undefined, opened: number): LocalDate {
  return dayOf(textIn(request?.["authoredOn"]) ?? "") ?? zonedDate(opened);
}

async function readNamed(
  visit: Visit,
  type: string,
  ids: readonly string[],
): Promise<Disclosed<ReadonlyMap<string, JsonObject>>> {
  const pages = await Promise.all(
    inParts(ids, AT_ONCE).map((part) =>
      searchResources(visit, type, [
        ["_id", part.join(",")],
        ["_count", String(part.length)],
      ]),
    ),
  );
  return disclosedTogether(pages, resourcesIn);
}

async function assessedOf(visit: Visit, ids: readonly string[]): Promise<ReadonlyMap<string, readonly Assessment[]>> {
  const parts = await Promise.all(inParts(ids, AT_ONCE).map((part) => assessmentsOf(visit, part)));
  return new Map(parts.flatMap((part) => [...part]));
}
