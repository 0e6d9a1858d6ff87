/**
 * Writing a round of measuring: each value, the score, what holds them together, and the task when the score asks for somebody, in one
 * commit under a key. What was shown is what is written: the identity, and the score.
 *
 * SPEC CLIN-OBS-1 to CLIN-OBS-7 · laws 3 and 5 of the house · F24, F30
 */
import { dateFields, zonedDate, zonedStart } from "../../base/index.ts";
import { fhirError, fhirErrorAt, FhirError, objectOf, type JsonObject } from "../../fhir/index.ts";
import { commit, disclosedAfter, requireNeed, type Command, type Disclosed, type Visit, type Written } from "../../journal/index.ts"; // prettier-ignore
import { onceUnder, roleReference, unitReference } from "../acting.ts";
import { refuseOtherIdentity } from "../orders/sign.ts";
import { objectIn, textIn } from "../said.ts";
import { escalationOf } from "./escalation.ts";
import { EARLY_WARNING } from "./knowledge/index.ts";
import { measuring } from "./may.ts";
import { scoreOf } from "./score.ts";
import { DEVICES, observationOf, panelOf, PART_NAMES, POSITIONS, scoreObservation, THERMOMETERS, type How, type PartName, type Round, type Scoring } from "./to-fhir.ts"; // prettier-ignore
import { faultsOf, type Measured } from "./values.ts";
import { whomOf } from "./whom.ts";

/** The sum that stood on the screen, null when it was incomplete; null for the whole when no score holds. */
export type ShownScore = { readonly total: number | null } | null;
export type MeasureWish = {
  /** One round however often it is sent. */
  readonly key: string;
  /** The identity that stood above the values: the number in the banner, null when the patient has none. */
  readonly shown: string | null;
  /** When, as a Swedish clock showed it within the last day (HH:MM); null is now. */
  readonly time: string | null;
  readonly measured: Measured;
  readonly how: How;
  /** Values outside the usual that somebody has said are right. */
  readonly sure: ReadonlySet<string>;
  readonly score: ShownScore;
};
export type WrittenRound = {
  readonly panel: string;
  readonly task: string | null;
  /** By when somebody must have taken the task over. */
  readonly due: string | null;
};

/** Errors: OBSERVATION_*, NO_CARE_RELATION, NOT_FOUND, FORBIDDEN, and those of `commit`. */
export async function writeMeasured(
  visit: Visit,
  patient: string,
  wish: MeasureWish,
): Promise<Disclosed<WrittenRound>> {
  const person = await measuring(visit, "create");
  await requireNeed(visit, patient, `Patient/${patient} observations`);
  await refuseOtherIdentity(visit, patient, wish.shown, "OBSERVATION_OTHER_PATIENT");
  refuseFaults(wish.measured, wish.sure);
  if (Object.keys(wish.measured).length === 0) throw fhirErrorAt("OBSERVATION_INVALID", "values", { sv: "inget värde är ifyllt", en: "no value is filled in" }); // prettier-ignore
  refuseUnknownHow(wish.how);
  const now = visit.clock();
  const round: Round = { patient, measured: wish.measured, how: wish.how, at: momentOf(wish.time, now).toISOString(), issued: now.toISOString(), by: roleReference(person) }; // prettier-ignore
  const scoring = await scoringOf(visit, patient, wish.measured);
  const commands = commandsFor(round, scoring);
  const task = scoring === null ? undefined : escalationOf(scoring, { patient, about: URLS.score, unit: await unitReference(visit, person.assignment.unitHsaId), by: round.by, now }); // prettier-ignore
  if (task !== undefined) commands.push({ kind: "create", type: "Task", where: "Task", resource: task });
  if (!isAsShown(scoring, wish.score)) commands.push(NEVER);
  const { key, sure, ...rest } = wish;
  const once = onceUnder(`observations ${person.hsaId} ${key}`, { patient, ...rest, sure: [...sure].toSorted() });
  const { value } = await commit(visit, commands, once).catch((error: unknown) => {
    throw scoreRefusal(error);
  });
  return disclosedAfter(visit, [], writtenIn(value));
}

/** The panel is the last of the observations; the task says by when. Read from what was written, which may have been the first time. */
export function writtenIn(written: readonly Written[]): WrittenRound {
  const panel = written.filter(({ type }) => type === "Observation").at(-1);
  const task = written.find(({ type, outcome }) => type === "Task" && outcome === "created");
  const period = objectOf(objectOf(objectIn(task?.content ?? "{}")["restriction"])["period"]);
  return { panel: panel?.id ?? "", task: task?.id ?? null, due: textIn(period["end"]) ?? null };
}

/** What each is called within the commit. */
export const URLS: Readonly<Record<PartName | "score" | "panel", string>> = {
  breaths: "urn:uuid:0d0d6f60-3a2f-4c50-8d5e-0a1f4f1c0001",
  saturation: "urn:uuid:0d0d6f60-3a2f-4c50-8d5e-0a1f4f1c0002",
  oxygen: "urn:uuid:0d0d6f60-3a2f-4c50-8d5e-0a1f4f1c0003",
  pressure: "urn:uuid:0d0d6f60-3a2f-4c50-8d5e-0a1f4f1c0004",
  pulse: "urn:uuid:0d0d6f60-3a2f-4c50-8d5e-0a1f4f1c0005",
  consciousness: "urn:uuid:0d0d6f60-3a2f-4c50-8d5e-0a1f4f1c0006",
  temperature: "urn:uuid:0d0d6f60-3a2f-4c50-8d5e-0a1f4f1c0007",
  score: "urn:uuid:0d0d6f60-3a2f-4c50-8d5e-0a1f4f1c0008",
  panel: "urn:uuid:0d0d6f60-3a2f-4c50-8d5e-0a1f4f1c0009",
};

/** What is refused whatever stands there, so that only the answer that was kept under the key can come of it. */
export const NEVER: Command = { kind: "delete", type: "Observation", where: "score", id: "none", ifMatch: "0" };

/** That the score is not the one that was shown is told as such. */
export function scoreRefusal(error: unknown): unknown {
  const isScore = error instanceof FhirError && error.issues.some(({ expression }) => expression === "score");
  return isScore ? fhirError("OBSERVATION_SCORE") : error;
}

function commandsFor(round: Round, scoring: Scoring | null): Command[] {
  const made = PART_NAMES.flatMap((name) => {
    const resource = observationOf(round, name);
    return resource === undefined ? [] : [createOf(name, resource)];
  });
  const values = made.map(({ fullUrl }) => ({ reference: fullUrl ?? "" }));
  const score = scoring === null ? [] : [createOf("score", scoreObservation(round, scoring, values))];
  const members = [...values, ...score.map(({ fullUrl }) => ({ reference: fullUrl ?? "" }))];
  return [...made, ...score, createOf("panel", panelOf(round, members))];
}

function createOf(name: keyof typeof URLS, resource: JsonObject): Extract<Command, { kind: "create" }> {
  return { kind: "create", type: "Observation", where: name, fullUrl: URLS[name], resource };
}

/** The score of what was measured; null when it does not hold for the patient. */
async function scoringOf(visit: Visit, patient: string, measured: Measured): Promise<Scoring | null> {
  const { holds, scale } = (await whomOf(visit, patient, EARLY_WARNING)).value;
  if (holds === "child" || holds === "pregnant") return null;
  return { set: EARLY_WARNING, score: scoreOf(EARLY_WARNING, measured, scale), scale, holds };
}

export function isAsShown(scoring: Scoring | null, shown: ShownScore): boolean {
  return scoring === null ? shown === null : shown !== null && shown.total === scoring.score.total;
}

/** Errors: OBSERVATION_INVALID and OBSERVATION_UNSURE, at the value. */
export function refuseFaults(measured: Measured, sure: ReadonlySet<string>): void {
  const [fault] = faultsOf(measured, sure); // one at a time: the gravest first
  if (fault === undefined) return;
  const { value, kind, sv, en } = fault;
  throw fhirErrorAt(kind === "impossible" ? "OBSERVATION_INVALID" : "OBSERVATION_UNSURE", `values.${value}`, {
    sv,
    en,
  });
}

function refuseUnknownHow({ position, thermometer, device }: How): void {
  const isKnown = (said: string | null, words: object): boolean => said === null || Object.hasOwn(words, said);
  if (!isKnown(position, POSITIONS)) throw fhirErrorAt("OBSERVATION_INVALID", "how.position", Object.keys(POSITIONS).join(", ")); // prettier-ignore
  if (!isKnown(thermometer, THERMOMETERS)) throw fhirErrorAt("OBSERVATION_INVALID", "how.thermometer", Object.keys(THERMOMETERS).join(", ")); // prettier-ignore
  if (!isKnown(device, DEVICES)) throw fhirErrorAt("OBSERVATION_INVALID", "how.device", Object.keys(DEVICES).join(", ")); // prettier-ignore
}

const DAY_MS = 86_400_000;
/** Clocks differ a little. */
const AHEAD_MS = 120_000;

/** The latest moment at which the clocks on the wall showed the time. Errors: OBSERVATION_INVALID. */
export function momentOf(time: string | null, now: Date): Date {
  if (time === null) return now;
  const [, hour, minute] = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(time) ?? [];
  if (hour === undefined || minute === undefined) throw fhirErrorAt("OBSERVATION_INVALID", "time", { sv: "tiden skrivs som 08:15", en: "the time is written like 08:15" }); // prettier-ignore
  const shownOn = (ms: number): number => {
    const { year, month, day } = dateFields(zonedDate(ms));
    return zonedStart(year, month, day, Number(hour), Number(minute));
  };
  const today = shownOn(now.getTime());
  return new Date(today > now.getTime() + AHEAD_MS ? shownOn(now.getTime() - DAY_MS) : Math.min(today, now.getTime()));
}
