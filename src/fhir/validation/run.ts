/** One validation in progress: where it is in the resource, and what it has found. SPEC FHIR-VALID */
import type { JsonObject, JsonValue } from "../json-value.ts";
import type { Issue, Phrase } from "../outcomes.ts";
import { FAULTS, type Fault } from "./faults.ts";

export interface Run {
  readonly issues: Issue[];
  /** Element names and indexes from the resource's type down; a check only trusts it up to its own depth. */
  readonly path: (string | number)[];
  /** The resource whose contained resources a `#` reference means. */
  container: JsonObject;
  isContained: boolean;
  /** The resource that conditions call %resource: the nearest one around. */
  resource: JsonObject;
  readonly hasWarnings: boolean;
}

/** Checks a value whose place is `run.path` up to and including index `at`. */
export type Check = (value: JsonValue, at: number, run: Run) => void;

const MOST_ISSUES = 100;
const SPEAKABLE = /^[A-Za-z_][A-Za-z0-9_-]{0,63}$/;

/** Notes a fault at the place `run.path[0..at]`. */
export function fail(run: Run, at: number, fault: Fault, about: string | Phrase = ""): void {
  if (run.issues.length > MOST_ISSUES) return;
  const { code, sv, en, severity = "error" }: Fault = run.issues.length === MOST_ISSUES ? FAULTS.more : fault;
  run.issues.push({
    severity,
    code,
    sv: sv.replace("{0}", typeof about === "string" ? about : about.sv),
    en: en.replace("{0}", typeof about === "string" ? about : about.en),
    expression: expressionOf(run.path, at),
  });
}

/** The same for a member of the place. A name that no definition knows may be anything, so it is shown only if it is like one. */
export function failMember(run: Run, at: number, name: string, fault: Fault): void {
  const isShown = SPEAKABLE.test(name);
  if (isShown) run.path[at + 1] = name;
  fail(run, isShown ? at + 1 : at, fault);
}

function expressionOf(path: readonly (string | number)[], at: number): string {
  let expression = String(path[0]);
  for (let i = 1; i <= at; i++) {
    const step = path[i];
    expression += typeof step === "number" ? `[${step}]` : `.${step}`;
  }
  return expression;
}
