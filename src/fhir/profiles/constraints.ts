/**
 * A profile's own conditions, in FHIRPath. R4's, which every snapshot repeats, are judged elsewhere. Unlike those, these
 * are written by anybody, so their work is counted and their patterns are matched in bounded time; what is outside the
 * part of FHIRPath that conditions are read in is said to be so, and breaks nothing.
 *
 * SPEC FHIR-PROFILE-CONSTRAINT · https://hl7.org/fhir/R4/conformance-rules.html#constraints
 */
import { INVARIANTS } from "../generated/invariants.ts";
import { compileCondition, CostError, type Scope, type Truth } from "../invariants/index.ts";
import { isJsonObject } from "../json-value.ts";
import { coreType } from "./canonical.ts";
import type { Judge } from "./definition.ts";
import { PROFILE_FAULTS } from "./faults.ts";
import type { Constraint, Rule } from "./rule.ts";
import { note, type Item, type ProfileRun } from "./run.ts";

const LONGEST = 2_000;
const MOST_WORK = 100_000;
/** Those of R4 that are judged by hand. */
const BY_HAND = /^(?:ele-1|ext-1|dom-[2-6]|ref-1|bdl-3\w?|bdl-4\w?)$/;

const OF_CORE: ReadonlySet<string> = new Set(
  Object.values(INVARIANTS).flatMap((rows) => rows.map(([key, , expression]) => `${key} ${expression}`)),
);

/** The judge of the conditions on a rule; nothing when they are all R4's. */
export function constraintsJudge({ constraints }: Rule): Judge | undefined {
  const judges = [...constraints.values()].filter(isOwn).map(constraintJudge);
  if (judges.length === 0) return undefined;
  return (item, at, run) => {
    for (const judge of judges) judge(item, at, run);
  };
}

function isOwn({ key, expression, source }: Constraint): boolean {
  return coreType(source) === undefined && !BY_HAND.test(key) && !OF_CORE.has(`${key} ${expression}`);
}

function constraintJudge({ key, expression, human, isWarning }: Constraint): Judge {
  const byHolder = new Map<string, Truth | undefined>();
  const fault = isWarning ? PROFILE_FAULTS.invariantWarning : PROFILE_FAULTS.invariant;
  return (item, at, run) => {
    if (!byHolder.has(item.type)) byHolder.set(item.type, compiled(expression, item.type));
    const answer = judged(byHolder.get(item.type), item, run);
    if (answer === "unknown") note(run, at, PROFILE_FAULTS.invariantUnknown, key);
    else if (!answer) note(run, at, fault, key, human);
  };
}

function compiled(expression: string, holder: string): Truth | undefined {
  if (expression.length > LONGEST) return undefined;
  try {
    return compileCondition(expression, holder);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function judged(test: Truth | undefined, item: Item, run: ProfileRun): boolean | "unknown" {
  if (test === undefined) return "unknown";
  const isResource = isJsonObject(item.value) && item.value["resourceType"] === item.type;
  const resource = isResource && isJsonObject(item.value) ? item.value : run.resource;
  const type = typeof resource["resourceType"] === "string" ? resource["resourceType"] : "";
  const work = { room: MOST_WORK };
  const scope: Scope = {
    resource: { value: resource, beside: undefined, type },
    context: item,
    walked: undefined,
    work,
  };
  try {
    return test(item, scope) === true;
  } catch (error) {
    if (error instanceof CostError) return "unknown";
    throw error;
  }
}
