/**
 * Correcting a round: a value that was wrong gets the right one, one that was never so is marked as entered in error, one that was left out
 * comes in, and the score is counted anew. What stood is told beside what stands; a score that asks for more opens a task of its own, and
 * the task of one that was too high is told, and stays somebody's until they have seen to it.
 *
 * SPEC CLIN-OBS-8, CLIN-OBS-9 · F37 · https://hl7.org/fhir/R4/valueset-observation-status.html
 */
import type { PersonActor } from "../../access/index.ts";
import { fhirError, fhirErrorAt, FhirError, isNumber, listOf, numberText, objectOf, type JsonObject, type JsonValue } from "../../fhir/index.ts"; // prettier-ignore
import { commit, disclosedAfter, requireNeed, searchResources, type Command, type Disclosed, type Visit } from "../../journal/index.ts"; // prettier-ignore
import { neededText, onceUnder, roleReference, unitReference } from "../acting.ts";
import { refuseOtherIdentity } from "../orders/sign.ts";
import { objectIn, textIn } from "../said.ts";
import { OBSERVATION_URL } from "./codes.ts";
import { ESCALATION_CODE, escalationOf } from "./escalation.ts";
import { EARLY_WARNING } from "./knowledge/index.ts";
import { measuring } from "./may.ts";
import { askedIn, roundOf, type StandingRound } from "./round.ts";
import { scoreOf } from "./score.ts";
import { observationOf, PART_NAMES, scoreObservation, type How, type PartName, type Round, type Scoring } from "./to-fhir.ts"; // prettier-ignore
import type { Measured } from "./values.ts";
import { isAsShown, NEVER, refuseFaults, scoreRefusal, URLS, writtenIn, type ShownScore, type WrittenRound } from "./write.ts"; // prettier-ignore

export type CorrectWish = {
  readonly key: string;
  readonly shown: string | null;
  /** The version of the round that was seen. */
  readonly version: number;
  /** What it should have been; nothing at all takes the whole round back. */
  readonly measured: Measured;
  readonly sure: ReadonlySet<string>;
  readonly score: ShownScore;
  readonly why: string;
};

const LONGEST_WHY = 500;
const UNSAID: How = { position: null, thermometer: null, device: null };

/** Errors: OBSERVATION_*, NO_CARE_RELATION, NOT_FOUND, FORBIDDEN, and those of `commit`. */
export async function correctMeasured(
  visit: Visit,
  patient: string,
  { id, wish }: { readonly id: string; readonly wish: CorrectWish },
): Promise<Disclosed<WrittenRound>> {
  const person = await measuring(visit, "update");
  await requireNeed(visit, patient, `Patient/${patient} observations`);
  await refuseOtherIdentity(visit, patient, wish.shown, "OBSERVATION_OTHER_PATIENT");
  refuseFaults(wish.measured, wish.sure);
  const why = reasonIn(wish.why);
  const { value: standing } = await roundOf(visit, patient, id);
  const commands = await correctionsFor(visit, standing, { patient, wish, why, person });
  const { key, sure, ...rest } = wish;
  const once = onceUnder(`observations correct ${person.hsaId} ${key}`, { patient, id, ...rest, sure: [...sure].toSorted() }); // prettier-ignore
  const { value } = await commit(visit, commands, once).catch((error: unknown) => {
    if (!(error instanceof FhirError)) throw error;
    const isAt = (place: string): boolean => error.issues.some(({ expression }) => expression === place);
    if (isAt("unchanged")) throw fhirErrorAt("OBSERVATION_INVALID", "values", { sv: "inget värde är ändrat", en: "no value has changed" }); // prettier-ignore
    throw error.code === "VERSION_CONFLICT" && !isAt("score") ? fhirError("OBSERVATION_CHANGED") : scoreRefusal(error);
  });
  return disclosedAfter(visit, [], { ...writtenIn(value), panel: id });
}

function reasonIn(why: string): string {
  if (why.trim() === "") throw fhirErrorAt("OBSERVATION_INVALID", "why", { sv: "ange varför det rättas", en: "say why it is corrected" }); // prettier-ignore
  return neededText(why, "why", LONGEST_WHY);
}

type Correcting = { readonly patient: string; readonly wish: CorrectWish; readonly why: string; readonly person: PersonActor }; // prettier-ignore

async function correctionsFor(visit: Visit, standing: StandingRound, given: Correcting): Promise<Command[]> {
  const { patient, wish, why, person } = given;
  const now = visit.clock();
  const by = roleReference(person);
  const mark: Mark = {
    at: now.toISOString(),
    author: { reference: `Practitioner/${person.id}` },
    name: textIn(by["display"]) ?? "en medarbetare",
    why,
  };
  const round: Round = { patient, measured: wish.measured, how: UNSAID, at: textIn(standing.panel["effectiveDateTime"]) ?? mark.at, issued: mark.at, by }; // prettier-ignore
  const values = PART_NAMES.flatMap((name) => changeOf(name, { standing, round, mark }));
  const isGone = Object.keys(wish.measured).length === 0;
  const scored = standing.score === null ? null : rescored(standing, { round, mark, isGone });
  const added = values.flatMap((one) => (one.kind === "create" ? [{ reference: one.fullUrl ?? "" }] : []));
  const panel = { ...marked(standing.panel, { ...mark, was: null }), status: isGone ? "entered-in-error" : "corrected", hasMember: [...listOf(standing.panel["hasMember"]), ...added] }; // prettier-ignore
  const commands: Command[] = [...values, ...(scored === null ? [] : [scored.command]), updateOf(panel, "panel", wish.version)]; // prettier-ignore
  if (scored !== null) commands.push(...(await tasksFor(visit, standing.score, { ...given, scored, mark, by, now })));
  // Nothing to change is refused by the commit, so that the same correction sent again is answered.
  if (values.length === 0) commands.push({ ...NEVER, where: "unchanged" });
  else if (!isGone && !isAsShown(scored?.scoring ?? null, wish.score)) commands.push(NEVER);
  return commands;
}

type Tasking = Correcting & {
  readonly scored: Rescored;
  readonly mark: Mark;
  readonly by: JsonObject;
  readonly now: Date;
};

/** A task for what is graver than before; what was asked before is told what it is now. */
async function tasksFor(visit: Visit, score: JsonObject | null, given: Tasking): Promise<readonly Command[]> {
  const { patient, person, scored, mark, by, now } = given;
  const about = `Observation/${textIn(score?.["id"]) ?? ""}`;
  const [before, after] = [askedIn(score), askingIn(scored.scoring)];
  const told = before === null || after === before ? [] : await toldTasks(visit, patient, { about, mark, now: scored.words }); // prettier-ignore
  if (scored.scoring === null || !isGraver(after, before)) return told;
  const unit = await unitReference(visit, person.assignment.unitHsaId);
  const task = escalationOf(scored.scoring, { patient, about, unit, by, now });
  return task === undefined ? told : [{ kind: "create", type: "Task", where: "Task", resource: task }, ...told];
}

/** The response that asks for somebody, by its id. */
function askingIn(scoring: Scoring | null): string | null {
  const response = scoring?.score.response ?? null;
  return response === null || response.loop === null ? null : response.id;
}

/** What stands at the head of the list of responses is graver. */
function isGraver(after: string | null, before: string | null): boolean {
  const place = (id: string | null): number => (id === null ? Infinity : EARLY_WARNING.responses.findIndex((one) => one.id === id)); // prettier-ignore
  return place(after) < place(before);
}

type Mark = { readonly at: string; readonly author: JsonObject; readonly name: string; readonly why: string };
type Changing = { readonly standing: StandingRound; readonly round: Round; readonly mark: Mark };
type Writing = Extract<Command, { kind: "create" | "update" }>;

/** A value that is another, gone or new; nothing when it is as it was. */
function changeOf(name: PartName, { standing, round, mark }: Changing): readonly Writing[] {
  const before = standing.parts.get(name);
  const [was, is] = [textsOf(standing.measured, name), textsOf(round.measured, name)];
  if (was === is) return [];
  const written = observationOf(round, name);
  if (before === undefined) return written === undefined ? [] : [{ kind: "create", type: "Observation", where: name, fullUrl: URLS[name], resource: written }]; // prettier-ignore
  const told = marked(before, { ...mark, was: was === "" ? null : was });
  if (written === undefined) return [updateOf({ ...told, status: "entered-in-error" }, name)];
  const { valueQuantity, valueCodeableConcept, component } = written;
  const value = {
    ...(valueQuantity === undefined ? {} : { valueQuantity }),
    ...(valueCodeableConcept === undefined ? {} : { valueCodeableConcept }),
    ...(component === undefined ? {} : { component }),
  };
  return [updateOf({ ...told, status: "corrected", ...value }, name)];
}

/** A value as people read it, for what it was. */
function textsOf(measured: Measured, name: PartName): string {
  const texts = name === "pressure" ? [measured.systolic, measured.diastolic] : [measured[name]];
  return texts.filter((one) => one !== undefined).join("/").replaceAll(".", ","); // prettier-ignore
}

/** The observation with what it was before, by whom it was corrected and why: in words, and in parts. */
function marked(
  observation: JsonObject,
  { at, author, name, why, was }: Mark & { readonly was: string | null },
): JsonObject {
  // prettier-ignore
  const part = (url: string, valueString: string): JsonObject => ({ url, valueString });
  const extension: JsonObject = { url: `${OBSERVATION_URL}:rattad`, extension: [...(was === null ? [] : [part("varde", was)]), { url: "nar", valueDateTime: at }, part("av", name), part("varfor", why)] }; // prettier-ignore
  const text = was === null ? `Rättad. ${why}` : `Rättad, var ${was}. ${why}`;
  return {
    ...observation,
    extension: [...listOf(observation["extension"]), extension],
    note: [...listOf(observation["note"]), { authorReference: author, time: at, text }],
  };
}

function updateOf(
  resource: JsonObject,
  where: string,
  version = Number(objectOf(resource["meta"])["versionId"]),
): Writing {
  // prettier-ignore
  return { kind: "update", type: "Observation", where, id: textIn(resource["id"]) ?? "", resource, ifMatch: String(version) }; // prettier-ignore
}

type Rescored = { readonly command: Command; readonly scoring: Scoring | null; readonly words: string };

/** The score of what stands now, by the scale that it was made by. */
function rescored(
  { score: before, scale, parts }: StandingRound,
  { round, mark, isGone }: { readonly round: Round; readonly mark: Mark; readonly isGone: boolean },
): Rescored {
  // prettier-ignore
  const was = sumIn(before ?? {});
  const told = marked(before ?? {}, { ...mark, was });
  if (isGone) return { command: updateOf({ ...told, status: "entered-in-error" }, "rescored"), scoring: null, words: "tillbakadragen" }; // prettier-ignore
  const scoring: Scoring = { set: EARLY_WARNING, score: scoreOf(EARLY_WARNING, round.measured, scale), scale, holds: "yes" }; // prettier-ignore
  const from = PART_NAMES.flatMap((name): JsonValue[] => {
    if (textsOf(round.measured, name) === "") return [];
    const id = textIn(parts.get(name)?.["id"]);
    return [{ reference: id === undefined ? URLS[name] : `Observation/${id}` }];
  });
  const { note, ...written } = scoreObservation(round, scoring, from);
  const { valueInteger: _sum, dataAbsentReason: _why, interpretation: _meaning, ...kept } = told;
  const { status: _status, effectiveDateTime: _when, performer: _who, ...counted } = written;
  // What was said of the sum before is not so now; what was corrected stays.
  const corrections = listOf(told["note"]).filter((one) => objectOf(one)["time"] !== undefined);
  const resource = { ...kept, ...counted, status: "corrected", note: [...corrections, ...listOf(note)] };

  return { command: updateOf(resource, "rescored"), scoring, words: sumIn(resource) };
}

function sumIn({ valueInteger }: JsonObject): string {
  return isNumber(valueInteger) ? numberText(valueInteger) : "ofullständig";
}

type Telling = { readonly about: string; readonly mark: Mark; readonly now: string };

/** The tasks that the score has opened say what it is now; whose they are does not change. */
async function toldTasks(visit: Visit, patient: string, { about, mark, now }: Telling): Promise<readonly Command[]> {
  const { value } = await searchResources(visit, "Task", [["patient", patient], ["focus", about], ["code", `${OBSERVATION_URL}|${ESCALATION_CODE}`]]); // prettier-ignore
  return value.rows.map(({ id, content, version }): Command => {
    const task = objectIn(content);
    const code = objectOf(task["code"]);
    const resource: JsonObject = {
      ...task,
      code: { ...code, text: `${textIn(code["text"]) ?? ""} – rättad till ${now}` },
      note: [...listOf(task["note"]), { authorReference: mark.author, time: mark.at, text: `${EARLY_WARNING.name} är rättad till ${now}. ${mark.why}` }], // prettier-ignore
    };
    return { kind: "update", type: "Task", where: "Task", id, resource, ifMatch: String(version) };
  });
}
