/**
 * Conditions that only terminology can turn into codes: `:in`, `:not-in`, and `:below` and `:above` on codes. A plan
 * tells what it needs to know; with the answers it becomes a plan like any other.
 *
 * SPEC SEARCH-TERM · https://hl7.org/fhir/R4/search.html#modifiers
 */
import { impliedSystems } from "./bare-codes.ts";
import { invalidValue } from "./context.ts";
import { codeValue, systemCodeValue, tokenKey } from "./keys.ts";
import { NOTHING, type Condition, type SearchPlan, type TerminologyQuestion } from "./plan.ts";
import { parameterOf } from "./registry.ts";

/** A code that is meant; without a system it is one of any. */
export type MeantCode = { readonly system: string | undefined; readonly code: string };

type Unanswered = Extract<Condition, { kind: "terminology" }>;

/** What must be asked of terminology before the plan can be compiled. */
export function terminologyQuestions(plan: SearchPlan): readonly TerminologyQuestion[] {
  const questions = plan.types.flatMap(({ conditions }) => conditions.flatMap(questionsIn));
  return [...new Map(questions.map((question) => [JSON.stringify(question), question])).values()];
}

/**
 * The plan with codes for its questions.
 * @param answer the codes that a question means; undefined when the value set or code system is not known
 * @throws FhirError SEARCH_VALUE_INVALID for a question without an answer: guessing would leave rows out in silence
 */
export function withTerminology(
  plan: SearchPlan,
  answer: (question: TerminologyQuestion) => readonly MeantCode[] | undefined,
): SearchPlan {
  const answered = (condition: Condition): Condition =>
    transformed(condition, (asked) => keysOf(asked, answer(asked.question)));
  return { ...plan, types: plan.types.map(({ type, conditions }) => ({ type, conditions: conditions.map(answered) })) };
}

/** The types whose rows decide the answer: those that match, and those that a chain looks at. */
export function typesAsked(plan: SearchPlan): ReadonlySet<string> {
  const types = new Set(plan.types.map(({ type }) => type));
  for (const { conditions } of plan.types) for (const condition of conditions) addTypes(condition, types);
  return types;
}

function addTypes(condition: Condition, types: Set<string>): void {
  if (condition.kind === "has") types.add(condition.type);
  if (condition.kind === "chain") for (const { type } of condition.targets) types.add(type);
  for (const inner of innerOf(condition)) addTypes(inner, types);
}

function questionsIn(condition: Condition): TerminologyQuestion[] {
  return condition.kind === "terminology" ? [condition.question] : innerOf(condition).flatMap(questionsIn);
}

function innerOf(condition: Condition): readonly Condition[] {
  switch (condition.kind) {
    case "all":
    case "any":
      return condition.of;
    case "has":
      return [condition.condition];
    case "chain":
      return condition.targets.map((target) => target.condition);
    default:
      return [];
  }
}

function transformed(condition: Condition, answer: (asked: Unanswered) => Condition): Condition {
  const inner = (one: Condition): Condition => transformed(one, answer);
  switch (condition.kind) {
    case "terminology":
      return answer(condition);
    case "all":
    case "any":
      return { ...condition, of: condition.of.map(inner) };
    case "has":
      return { ...condition, condition: inner(condition.condition) };
    case "chain":
      return {
        ...condition,
        targets: condition.targets.map((target) => ({ ...target, condition: inner(target.condition) })),
      };
    default:
      return condition;
  }
}

function keysOf({ type, parameter: name, negated }: Unanswered, codes: readonly MeantCode[] | undefined): Condition {
  if (codes === undefined) throw invalidValue(name, "a value set or code that is known here");
  const parameter = parameterOf(type, name);
  const forms = codes.flatMap((code) => formOf(type, name, code) ?? []);
  const keys = (parameter?.sources ?? []).flatMap((source) => forms.map((form) => tokenKey(source.name, form)));
  if (keys.length === 0) return negated ? { kind: "all", of: [] } : NOTHING;
  return { kind: "keys", keys, negated };
}

/** A bare code is stored without the system that its definition implies. */
function formOf(type: string, parameter: string, { system, code }: MeantCode): string | undefined {
  const implied = impliedSystems(type, parameter);
  if (system === undefined) return codeValue(code);
  if (implied === undefined) return systemCodeValue(system, code);
  return implied.includes(system) ? codeValue(code) : undefined;
}
