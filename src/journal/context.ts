/**
 * What every interaction of the journal works with: the store, the clock, and the actor whose request it is.
 *
 * SPEC JRN-CONTEXT
 */
import type { Actor, DoorRules, Grounds, Work } from "../access/index.ts";
import { homeOf, maskIdentityNumbers } from "../base/index.ts";
import { isFhirId } from "../fhir/index.ts";
import type { AccessLogEntry, JobFiles, Store } from "../store/index.ts";
import type { Along } from "./along.ts";
import type { Check } from "./checks.ts";

export type JournalOptions = {
  readonly store: Store;
  readonly clock: () => Date;
  /** Random bytes for ids: 10 at a time. */
  readonly random: (bytes: number) => Uint8Array;
  /** Refuse references to resources that do not exist, and deletions of what others refer to. */
  readonly referentialIntegrity: boolean;
  /** Absolute FHIR base of this server, such as http://127.0.0.1:8080/fhir/R4. */
  readonly base: string;
  /** After how many days a record that can be signed is locked, signed or not; 14 when nothing is said. */
  readonly lockDays?: number;
  /** Where long work keeps its files; without it there is no long work. */
  readonly files?: JobFiles;
  /** Who reads at the patient's own door at which age; the usual rules unless told. */
  readonly doorRules?: DoorRules;
  /** Ids and identity numbers of well-known people, for samples of the access log. */
  readonly knownPersons?: () => ReadonlySet<string>;
  /** One ground that permits everything, and no predicate: for `eira bench`, which measures what access costs. No command or setting gives it. */
  readonly isUnguarded?: boolean;
  /** What belongs to each commit besides the records: the ledger of responsibility. */
  readonly along?: Along;
  /** What must hold of what is written beyond its form. */
  readonly check?: Check;
  /** Called when a job of a kind has been asked for here, so that it need not wait for the next round. */
  readonly onJob?: (kind: string) => void;
};

export type Visit = JournalOptions & {
  readonly actor: Actor;
  /** Names the request in the log. */
  readonly request: string;
  /** Work that reads no chart, when the request is part of that. */
  readonly work?: Work;
};

/** The purpose of direct access for the patient (PDL 5 kap. 5 §), in the words of the national log. */
const OWN_ACCESS = "Annan dokumentation enligt lag";

const STOCKHOLM_DATE = new Intl.DateTimeFormat("sv-SE", { timeZone: "Europe/Stockholm", dateStyle: "short" });

/** Whom or what a row of the access log is about. */
export type About = { readonly home: number; readonly patient: string | null; readonly what: readonly string[] };

/** A row of the access log about this visit; `what` names versions, `patient` whose they are. */
export function logEntry(
  visit: Visit,
  act: { readonly action: string; readonly outcome: "granted" | "refused"; readonly ground: string },
  about: About,
): AccessLogEntry {
  const { actor } = visit;
  const person = actor.kind === "person" ? actor : undefined;
  return {
    recorded: visit.clock().toISOString(),
    // A line about a patient lies at the patient's home, wherever the resource does: there it is looked for.
    home: about.patient === null ? about.home : homeOf(about.patient),
    patient: about.patient,
    action: act.action,
    outcome: act.outcome,
    ground: act.ground,
    ...whoIs(actor),
    assignment: person?.assignment.id ?? null,
    ...placeOf(actor),
    ...(person?.protectedIdentity === true ? { protectedIdentity: true } : {}),
    purpose: purposeOf(actor),
    request: visit.request,
    what: about.what.map(printable),
  };
}

/** Who it was. Of somebody at the patient's own door the log has no name: it is shown to others of the family. */
function whoIs(actor: Actor): Pick<AccessLogEntry, "actor" | "person"> {
  if (actor.kind === "client") return { actor: `client ${actor.name}`, person: null };
  if (actor.kind === "patient") return { actor: `patient ${actor.id}`, person: AT_DOOR[actor.reader.kind] };
  return { actor: actor.hsaId, person: `${actor.name}, ${actor.title}` };
}

function purposeOf(actor: Actor): string {
  if (actor.kind === "patient") return OWN_ACCESS;
  return actor.kind === "client" ? "Administration" : (actor.assignment.purpose ?? "Vård och behandling");
}

const AT_DOOR = { patient: "Patienten", guardian: "Vårdnadshavare", proxy: "Ombud" } as const;

/** From where: the unit and the care provider, by name and HSA-id. A client's names are their HSA-ids. */
function placeOf(actor: Actor): Pick<AccessLogEntry, "careUnit" | "careProvider" | "careUnitId" | "careProviderId"> {
  if (actor.kind === "client") {
    const { careUnit, careProvider } = actor;
    return { careUnit, careProvider, careUnitId: careUnit, careProviderId: careProvider };
  }
  if (actor.kind === "patient") return { careUnit: null, careProvider: null, careUnitId: null, careProviderId: null };
  const { unit, provider, unitHsaId, providerHsaId } = actor.assignment;
  return { careUnit: unit, careProvider: provider, careUnitId: unitHsaId, careProviderId: providerHsaId };
}

/**
 * What the log says was asked for when nothing was disclosed: the caller's words, so identity numbers are masked, and a
 * patient is named only by what can be an id.
 */
export function aboutAsked(asked: readonly string[]): About {
  const [, id] = /^Patient\/([^/?]+)/.exec(asked.length === 1 ? (asked[0] ?? "") : "") ?? [];
  const patient = isFhirId(id) && maskIdentityNumbers(id) === id ? id : null;
  return { home: patient === null ? 0 : homeOf(patient), patient, what: asked.map(maskIdentityNumbers) };
}

/** The ground of a refusal that must not tell whether there is something. */
export const OUT_OF_REACH = "finns inte inom räckhåll";

const LONGEST = 300;
const PRINTABLE = /^[\x20-\x7e]*$/;

/** PostgreSQL takes neither NUL nor half characters, and one bad row would take a whole group of log rows with it. */
function printable(text: string): string {
  if (text.length <= LONGEST && PRINTABLE.test(text)) return text;
  return text.slice(0, LONGEST).replaceAll(/[\p{Cc}\p{Cs}]/gu, "?");
}

/** The grounds as they stand in the log: rule, law, sentence. */
export function groundText({ rule, law, sentence }: Pick<Grounds, "rule" | "law" | "sentence">): string {
  return `${rule} · ${law} · ${sentence}`;
}

const MINUTE_MS = 60_000;
let newest = { minute: Number.NaN, date: "" };

/** Today's date in the region (YYYY-MM-DD). Every request asks for it, so it is worked out once a minute. */
export function today({ clock }: Pick<Visit, "clock">): string {
  const now = clock();
  const minute = Math.floor(now.getTime() / MINUTE_MS);
  if (minute !== newest.minute) newest = { minute, date: STOCKHOLM_DATE.format(now) };
  return newest.date;
}
