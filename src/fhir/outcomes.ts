/**
 * Telling a caller what went wrong: issues, the one error class for expected refusals, and the FHIR
 * OperationOutcome made from them. Swedish first, English for whoever maintains the caller.
 *
 * SPEC FHIR-OUTCOME · https://hl7.org/fhir/R4/operationoutcome.html
 */
import type { JsonObject } from "./json-value.ts";
import { OUTCOMES, type IssueCode, type OutcomeCode, type OutcomeEntry } from "./outcome-catalogue.ts";

export type Severity = "fatal" | "error" | "warning" | "information";
export type Language = "sv" | "en";

/** One thing to tell. The texts never hold clinical content or identity numbers; `expression` says where. */
export interface Issue {
  readonly severity: Severity;
  readonly code: IssueCode;
  readonly sv: string;
  readonly en: string;
  readonly expression?: string;
}

/** What fills a place in a text: a caller's own word, or a phrase of ours in both languages. */
export type Word = string | number | Phrase;

export interface Phrase {
  readonly sv: string;
  readonly en: string;
}

/** Names the catalogue's codes in OperationOutcome.issue.details.coding. */
export const OUTCOME_SYSTEM = "urn:x-eira:outcome";

/** An expected no. Anything else that is thrown is a bug. */
export class FhirError extends Error {
  readonly code: OutcomeCode;
  readonly status: number;
  readonly issues: readonly Issue[];

  constructor(code: OutcomeCode, issues: readonly Issue[]) {
    super(`${code}: ${issues.map((issue) => issue.en).join(" ")}`);
    this.name = "FhirError";
    this.code = code;
    this.status = OUTCOMES[code].status;
    this.issues = issues;
  }

  toOutcome(language: Language = "sv"): JsonObject {
    return outcomeOf(this.issues, language, this.code);
  }
}

/**
 * An error from the catalogue.
 * @param about names and positions for the text's {0}, {1} …; anything like an identity number is masked
 */
export function fhirError(code: OutcomeCode, ...about: readonly Word[]): FhirError {
  return new FhirError(code, [issueOf(code, about)]);
}

/** The same, pointing at the element or entry at fault. */
export function fhirErrorAt(code: OutcomeCode, expression: string, ...about: readonly Word[]): FhirError {
  return new FhirError(code, [{ ...issueOf(code, about), expression }]);
}

/** A refusal that carries everything found, each issue with its own element. */
export function fhirErrorWith(code: OutcomeCode, issues: readonly Issue[]): FhirError {
  return new FhirError(code, issues.length > 0 ? issues : [issueOf(code, [])]);
}

/** An OperationOutcome: the person's language in details.text, English in diagnostics. */
export function outcomeOf(issues: readonly Issue[], language: Language = "sv", code?: OutcomeCode): JsonObject {
  return { resourceType: "OperationOutcome", issue: issues.map((issue) => issueJson(issue, language, code)) };
}

/** An outcome of one issue that says that all is well. */
export function informationOutcome(sv: string, en: string, language: Language = "sv"): JsonObject {
  return outcomeOf([{ severity: "information", code: "informational", sv, en }], language);
}

export function isError(issue: Issue): boolean {
  return issue.severity === "error" || issue.severity === "fatal";
}

function issueJson(issue: Issue, language: Language, code: OutcomeCode | undefined): JsonObject {
  return {
    severity: issue.severity,
    code: issue.code,
    details: {
      coding: code && [{ system: OUTCOME_SYSTEM, code }],
      text: language === "sv" ? issue.sv : issue.en,
    },
    diagnostics: issue.en,
    expression: issue.expression === undefined ? undefined : [issue.expression],
  };
}

function issueOf(code: OutcomeCode, about: readonly Word[]): Issue {
  const { issue, sv, en, status }: OutcomeEntry = OUTCOMES[code];
  const severity = status >= 500 ? "fatal" : "error";
  return { severity, code: issue, sv: fill(sv, about, "sv"), en: fill(en, about, "en") };
}

/** Fills a text's places. A later sentence whose place nothing fills is left out. */
function fill(template: string, about: readonly Word[], language: Language): string {
  const [first = "", ...rest] = template.split(/(?<=[.:]) (?=\p{Lu})/u);
  const isFilled = (sentence: string): boolean =>
    [...sentence.matchAll(PLACE)].every(([, place]) => about[Number(place)] !== undefined);
  return [first, ...rest.filter(isFilled)]
    .join(" ")
    .replace(PLACE, (_, place: string) => worded(about[Number(place)] ?? "–", language));
}

const PLACE = /\{(\d)\}/g;

function worded(word: Word, language: Language): string {
  return typeof word === "object" ? word[language] : safeWord(String(word));
}

// Ten or twelve digits that begin with a possible birth date, also that of a samordningsnummer.
const LIKE_IDENTITY_NUMBER =
  /(?<![\p{L}\d])(?:\d\d)?\d\d(?:0\d|1[0-2])(?:[0-3]|[6-9])\d[-+ ]?[\dA-Za-z]{3}\d(?![\p{L}\d])/gu;

/** A caller's word, fit to be shown and logged: short, printable, and without identity numbers. */
export function safeWord(word: string): string {
  const printable = word.replace(/[^\p{L}\p{N}\p{P}\p{S} ]/gu, "?").replace(LIKE_IDENTITY_NUMBER, "…");
  return printable.length <= 80 ? printable : `${printable.slice(0, 79).replace(/[\ud800-\udbff]$/, "")}…`;
}
