/**
 * Whether a coding is right: its code in the code system or value set, and its display one of the code's.
 *
 * SPEC TERM-VALIDATE · https://hl7.org/fhir/R4/valueset-operation-validate-code.html
 */
import type { CodeSystem, Parameters, ValueSet } from "fhir/r4";
import { memorySystem } from "./code-system.ts";
import type { Concept } from "./concept.ts";
import { isMember } from "./membership.ts";
import { displayOf, displaysOf, maybeSystem, oneSystem, type Coding, type Scope } from "./scope.ts";

type Verdict = { readonly result: boolean; readonly message?: string; readonly display?: string | undefined };

/** A code that may lack its system, when the value set is to tell it. */
export type AskedCoding = Omit<Coding, "system"> & { readonly system: string | undefined };

/** Codes in the code system `sent`, else in the one that each names. Errors: TERMINOLOGY_UNKNOWN. */
export async function validateInSystem(
  scope: Scope,
  codings: readonly Coding[],
  sent?: CodeSystem,
): Promise<Parameters> {
  const own = sent === undefined ? undefined : memorySystem(sent);
  return firstRight(codings, async (coding) => {
    const source = own ?? (await oneSystem(scope, coding.system, coding.version));
    const concept = (await source.find([coding.code])).get(coding.code);
    if (concept === undefined) {
      const why = source.isComplete ? "finns inte i" : "är inte känd här i";
      return { result: false, message: `Koden ${coding.code} ${why} ${coding.system}.` };
    }
    return judgeDisplay(scope, coding, concept, source.language);
  });
}

/** `mayBeAbstract` false: a code that only groups others is wrong. Errors: as isMember. */
export async function validateInValueSet(
  scope: Scope,
  valueSet: ValueSet,
  codings: readonly AskedCoding[],
  mayBeAbstract: boolean | undefined,
): Promise<Parameters> {
  const name = valueSet.title ?? valueSet.name ?? valueSet.url ?? "ValueSet";
  return firstRight(codings, async (asked) => {
    const coding = await findMember(scope, valueSet, asked);
    if (coding === undefined) return { result: false, message: `Koden ${asked.code} finns inte i urvalet ${name}.` };
    const source = await maybeSystem(scope, coding.system, coding.version);
    const concept = (await source?.find([coding.code]))?.get(coding.code) ?? listedConcept(valueSet, coding);
    if (concept?.abstract === true && mayBeAbstract === false)
      return { result: false, message: `Koden ${coding.code} är en grupp och kan inte väljas.` };
    return judgeDisplay(scope, coding, concept, source?.language);
  });
}

/** The coding if it is in the value set; without a system, that of the value set's systems in which it is. */
async function findMember(scope: Scope, valueSet: ValueSet, asked: AskedCoding): Promise<Coding | undefined> {
  const systems = asked.system === undefined ? systemsOf(valueSet) : [asked.system];
  for (const system of systems) {
    const coding = { ...asked, system };
    if (await isMember(scope, valueSet, coding)) return coding;
  }
  return undefined;
}

function systemsOf({ compose, expansion }: ValueSet): string[] {
  const systems = [...(compose?.include ?? []), ...(expansion?.contains ?? [])].flatMap(({ system }) => system ?? []);
  return [...new Set(systems)];
}

/** What the value set itself says of a code whose code system is not known here. */
function listedConcept({ compose }: ValueSet, { system, code }: Coding): Concept | undefined {
  for (const include of compose?.include ?? []) {
    const listed = include.system === system ? include.concept?.find((one) => one.code === code) : undefined;
    if (listed === undefined) continue;
    return {
      code,
      display: listed.display,
      definition: undefined,
      active: true,
      abstract: false,
      parents: [],
      designations: (listed.designation ?? []).map(({ language, value }) =>
        language === undefined ? { value } : { language, value },
      ),
      properties: [],
    };
  }
  return undefined;
}

function judgeDisplay(
  scope: Scope,
  coding: Coding,
  concept: Concept | undefined,
  language: string | undefined,
): Verdict {
  const display = concept === undefined ? undefined : displayOf(concept, language, scope.languages);
  const displays = concept === undefined ? [] : displaysOf(concept);
  if (coding.display === undefined || displays.length === 0) return { result: true, display };
  const isRight = displays.some((one) => plain(one) === plain(coding.display ?? ""));
  return isRight
    ? { result: true, display }
    : { result: false, display, message: `Texten hör inte till koden ${coding.code}.` };
}

function plain(text: string): string {
  return text.normalize("NFC").toLowerCase().replace(/\s+/gu, " ").trim();
}

/** A codeable concept is right when one of its codings is. */
async function firstRight<C>(codings: readonly C[], judge: (coding: C) => Promise<Verdict>): Promise<Parameters> {
  let verdict: Verdict = { result: false, message: "Ingen kod." };
  for (const coding of codings) {
    verdict = await judge(coding);
    if (verdict.result) break;
  }
  const { result, message, display } = verdict;
  return {
    resourceType: "Parameters",
    parameter: [
      { name: "result", valueBoolean: result },
      ...(message === undefined ? [] : [{ name: "message", valueString: message }]),
      ...(display === undefined ? [] : [{ name: "display", valueString: display }]),
    ],
  };
}
