/** One judgement in progress: where it is in the resource, by which profile, and what it has found. SPEC FHIR-PROFILE */
import type { JsonObject, JsonValue } from "../json-value.ts";
import { isError, type Issue } from "../outcomes.ts";
import { PROFILE_FAULTS, type ProfileFault } from "./faults.ts";

export interface AskedCode {
  readonly system: string | undefined;
  readonly version: string | undefined;
  readonly code: string;
}

/** Whether one of the codes is in the value set: for terminology to answer. */
export interface CodeQuestion {
  readonly valueSet: string;
  readonly strength: "required" | "extensible";
  /** None when there is only text. */
  readonly codes: readonly AskedCode[];
  readonly profile: string;
  readonly expression: string;
}

/** A value in the resource: with what stands beside it, and its type or the path of its backbone element. */
export interface Item {
  readonly value: JsonValue | undefined;
  readonly beside: JsonValue | undefined;
  readonly type: string;
  /** The member that holds it, and its place in the list. */
  readonly member: string;
  readonly index: number | undefined;
}

/** "unknown" when terminology must be asked; "open" while it is being judged. */
export type Verdict = boolean | "unknown" | "open";

export interface ProfileRun {
  issues: Issue[];
  questions: CodeQuestion[];
  readonly path: (string | number)[];
  /** The profile that is being asked, as texts name it. */
  profile: string;
  /** What conditions call %resource, and the one whose contained resources `#` means. */
  resource: JsonObject;
  container: JsonObject;
  /** The resources of the bundle around, by their addresses. */
  readonly inBundle: ReadonlyMap<string, JsonObject>;
  /** What each object was found to be by each profile. */
  readonly verdicts: Map<JsonObject, Map<string, Verdict>>;
  room: number;
}

export const MOST_ISSUES = 100;
const MOST_WORK = 400_000;

/** Begins with a resource, whose path is its type. */
export function beginRun(resource: JsonObject, root: string, inBundle: ReadonlyMap<string, JsonObject>): ProfileRun {
  return {
    issues: [],
    questions: [],
    path: [root],
    profile: "",
    resource,
    container: resource,
    inBundle,
    verdicts: new Map(),
    room: MOST_WORK,
  };
}

/** Notes a fault at the place `run.path[0..at]`. */
export function note(run: ProfileRun, at: number, fault: ProfileFault, ...about: readonly (string | number)[]): void {
  const { severity = "error" } = fault;
  const told = run.issues.filter((one) => (one.severity === "error") === (severity === "error")).length;
  if (told > MOST_ISSUES) return;
  const what = told === MOST_ISSUES ? moreOf(severity) : fault;
  run.issues.push(issueOf(what, expressionOf(run.path, at), [run.profile, ...about]));
}

/** That there is more of a kind. Many remarks are no error: what only says that a definition is not here refuses nothing. */
export function moreOf(severity: NonNullable<ProfileFault["severity"]>): ProfileFault {
  return { ...PROFILE_FAULTS.more, severity: severity === "error" ? "error" : "information" };
}

export function issueOf(fault: ProfileFault, expression: string, about: readonly (string | number)[]): Issue {
  const fill = (text: string): string =>
    text.replace(/\{(\d)\}/g, (_, place: string) => shown(String(about[Number(place)] ?? "")));
  return { severity: fault.severity ?? "error", code: fault.code, sv: fill(fault.sv), en: fill(fault.en), expression };
}

const LONGEST = 300;

/** The definitions' own words, which may be long; those of the resource are made safe by who notes them. */
function shown(word: string): string {
  return word.slice(0, LONGEST).replaceAll(/[\p{Cc}\p{Cs}]/gu, "?");
}

export function expressionOf(path: readonly (string | number)[], at: number): string {
  let expression = String(path[0]);
  for (let i = 1; i <= at; i++) {
    const step = path[i];
    expression += typeof step === "number" ? `[${step}]` : `.${step}`;
  }
  return expression;
}

/** Counts work. False when there has been too much: then nothing more is judged, and the outcome says so. */
export function spend(run: ProfileRun): boolean {
  if (run.room > 0) {
    run.room -= 1;
    return true;
  }
  run.room = -1;
  return false;
}

/** Judges without telling: whether no error was found, and what terminology would still have to say. */
export function triedWith(
  run: ProfileRun,
  judge: () => void,
): { readonly isRight: boolean; readonly questions: readonly CodeQuestion[] } {
  const { issues, questions, path, profile, container, resource } = run;
  const before = [...path];
  run.issues = [];
  run.questions = [];
  judge();
  const found = { isRight: !run.issues.some(isError), questions: run.questions };
  Object.assign(run, { issues, questions, profile, container, resource });
  path.splice(0, path.length, ...before);
  return found;
}

/** The same, when terminology's part does not matter. */
export function tried(run: ProfileRun, judge: () => void): boolean {
  return triedWith(run, judge).isRight;
}
