/**
 * Conditions that only terminology can answer (`:in`, `:not-in`, `:below`, `:above`): the questions of a plan, and the
 * plan with the codes that the answers mean put in their place.
 *
 * SPEC SEARCH-TERM · https://hl7.org/fhir/R4/search.html#modifiers
 */
import { FhirError } from "../fhir/index.ts";
import { impliedSystems } from "./bare-codes.ts";
import { codeValue, presentValue, systemCodeValue, systemValue } from "./keys.ts";
import type { Condition, SearchPlan, TerminologyQuestion } from "./plan.ts";
import { parameterOf } from "./registry.ts";
import { keyed } from "./token.ts";

type TerminologyCondition = Extract<Condition, { kind: "terminology" }>;

/** Codes, and code systems of which every code is meant. */
export type CodesMeant = {
  readonly codings: readonly { readonly system: string; readonly code: string }[];
  readonly systems: readonly string[];
};

/**
 * The plan with every question answered by `answer`, each question asked once. Errors: SEARCH_TOO_COSTLY when there are
 * too many codes, and those of `answer`.
 */
export async function resolveTerminology(
  plan: SearchPlan,
  answer: (question: TerminologyQuestion) => Promise<CodesMeant>,
): Promise<SearchPlan> {
  const open = plan.types.flatMap(({ conditions }) => conditions.flatMap(questionsIn));
  if (open.length === 0) return plan;
  const answers = new Map<string, CodesMeant>();
  for (const condition of open) {
    const question = questionOf(condition);
    const name = JSON.stringify(question);
    if (answers.has(name)) continue;
    answers.set(
      name,
      await answer(question).catch((error: unknown) => {
        throw placed(error, condition.parameter);
      }),
    );
  }
  const meaning = (condition: TerminologyCondition): CodesMeant =>
    answers.get(JSON.stringify(questionOf(condition))) ?? { codings: [], systems: [] };
  const types = plan.types.map(({ type, conditions }) => ({
    type,
    conditions: conditions.map((condition) => answered(condition, meaning)),
  }));
  return { ...plan, types };
}

/** What terminology refuses knows no parameter; whoever asked is told which one it was. */
function placed(error: unknown, parameter: string): unknown {
  if (!(error instanceof FhirError) || error.status === 403) return error;
  return new FhirError(
    error.code,
    error.issues.map((issue) => ({ expression: parameter, ...issue })),
  );
}

function questionsIn(condition: Condition): TerminologyCondition[] {
  switch (condition.kind) {
    case "terminology":
      return [condition];
    case "all":
    case "any":
      return condition.of.flatMap(questionsIn);
    case "not":
      return questionsIn(condition.of);
    case "has":
      return questionsIn(condition.condition);
    case "chain":
      return condition.targets.flatMap((target) => questionsIn(target.condition));
    default:
      return [];
  }
}

function answered(condition: Condition, meaning: (condition: TerminologyCondition) => CodesMeant): Condition {
  switch (condition.kind) {
    case "terminology":
      return codesCondition(condition, meaning(condition));
    case "all":
    case "any":
      return { ...condition, of: condition.of.map((one) => answered(one, meaning)) };
    case "not":
      return { ...condition, of: answered(condition.of, meaning) };
    case "has":
      return { ...condition, condition: answered(condition.condition, meaning) };
    case "chain":
      return {
        ...condition,
        targets: condition.targets.map((one) => ({ ...one, condition: answered(one.condition, meaning) })),
      };
    default:
      return condition;
  }
}

/** A code without its system is one of the system that the element's definition implies, where it does. */
function questionOf({ type, parameter, question }: TerminologyCondition): TerminologyQuestion {
  if (question.ask === "value-set" || question.system !== undefined) return question;
  const [implied, ...others] = impliedSystems(type, parameter) ?? [];
  return implied === undefined || others.length > 0 ? question : { ...question, system: implied };
}

function codesCondition({ type, parameter: name, negated }: TerminologyCondition, meant: CodesMeant): Condition {
  const parameter = parameterOf(type, name);
  if (parameter === undefined) throw new Error(`${type} has no parameter ${name}`);
  const implied = impliedSystems(type, name);
  const forms = [
    ...meant.codings.flatMap(({ system, code }) => codeForm(implied, system, code)),
    ...meant.systems.flatMap((system) => systemForm(implied, system)),
  ];
  if (forms.length === 0) return { kind: negated ? "all" : "any", of: [] };
  return keyed(parameter, forms, negated, name);
}

function codeForm(implied: readonly string[] | undefined, system: string, code: string): string[] {
  if (implied === undefined) return [systemCodeValue(system, code)];
  return implied.includes(system) ? [codeValue(code)] : [];
}

function systemForm(implied: readonly string[] | undefined, system: string): string[] {
  if (implied === undefined) return [systemValue(system)];
  return implied.includes(system) ? [presentValue] : [];
}
