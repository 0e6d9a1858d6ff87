/**
 * Makes closures of a profile's rules. What R4 itself says of an element is judged elsewhere, so a rule that says no more
 * than that makes nothing, and of a snapshot of hundreds of elements a handful of checks is left.
 *
 * SPEC FHIR-PROFILE · https://hl7.org/fhir/R4/profiling.html
 */
import type { ElementDefinition } from "../elements.ts";
import { isJsonObject, type JsonObject } from "../json-value.ts";
import { bindingJudge, typesJudge, valueJudges } from "./aspects.ts";
import { constraintsJudge } from "./constraints.ts";
import type { Compiling, Definitions, Judge } from "./definition.ts";
import { PROFILE_FAULTS } from "./faults.ts";
import { enter, itemsIn, noteAt, placeOf, type Place } from "./items.ts";
import { maybeRuleAt, type Rule } from "./rule.ts";
import { note, spend, type ProfileRun } from "./run.ts";
import { slicingJudge } from "./slicing.ts";

/** The judge of whole values of a profile's type. */
export function compileTree(tree: Rule, definitions: Definitions): Judge {
  const compiling: Compiling = {
    definitions,
    tree,
    judgeOf: (rule, element) => judgeOf(rule, element, compiling),
  };
  // The type is judged by whoever asks.
  return judgeOf({ ...tree, types: undefined }, undefined, compiling) ?? (() => {});
}

function judgeOf(rule: Rule, element: ElementDefinition | undefined, compiling: Compiling): Judge | undefined {
  return together([
    ...valueJudges(rule),
    typesJudge(rule, element, compiling.definitions),
    bindingJudge(rule, element),
    constraintsJudge(rule),
    childrenJudge(rule, compiling),
    contentJudge(rule, compiling),
  ]);
}

function together(judges: readonly (Judge | undefined)[]): Judge | undefined {
  const found = judges.filter((one) => one !== undefined);
  const [only] = found;
  if (found.length < 2) return only;
  return (item, at, run) => {
    for (const judge of found) judge(item, at, run);
  };
}

type ObjectJudge = (value: JsonObject, at: number, run: ProfileRun) => void;

/** Judges the elements of a value. They are compiled when a value of their holder is first met, as choices have several. */
function childrenJudge(rule: Rule, compiling: Compiling): Judge | undefined {
  if (rule.children.size === 0) return undefined;
  const byHolder = new Map<string, readonly ObjectJudge[]>();
  const judgesOf = (holder: string): readonly ObjectJudge[] => {
    const made = [...rule.children.values()].flatMap((child) => {
      const place = placeOf(holder, child.name);
      return (place && childJudge(child, place, compiling)) ?? [];
    });
    byHolder.set(holder, made);
    return made;
  };
  return ({ value, type, member }, at, run) => {
    if (!isJsonObject(value)) return;
    const { container, resource } = run;
    if (type === value["resourceType"]) run.resource = value;
    // A resource in a bundle has contained resources of its own.
    if (member === "resource") run.container = value;
    for (const judge of byHolder.get(type) ?? judgesOf(type)) judge(value, at, run);
    run.container = container;
    run.resource = resource;
  };
}

/** Judges an element in an object: how many there are, each of them, and its slices. */
function childJudge(rule: Rule, place: Place, compiling: Compiling): ObjectJudge | undefined {
  const { element, forms } = place;
  const min = rule.min !== undefined && rule.min > element.min ? rule.min : 0;
  const max = rule.max !== undefined && rule.max < element.max ? rule.max : Infinity;
  const judge = judgeOf(rule, element, compiling);
  const slices = slicingJudge(rule, place, compiling);
  if (min === 0 && max === Infinity && judge === undefined && slices === undefined) return undefined;
  return (value, at, run) => {
    if (!spend(run)) return;
    const items = itemsIn(value, forms);
    if (items.length < min) noteAt(run, at, place, () => note(run, at + 1, PROFILE_FAULTS.few, min));
    if (items.length > max) noteAt(run, at, place, () => note(run, at + 1, PROFILE_FAULTS.many, max));
    if (judge !== undefined) for (const item of items) judge(item, enter(run, at, item), run);
    slices?.(items, at, run);
  };
}

/** What stands at another place in the same profile holds here too; R4's own places are judged elsewhere. */
function contentJudge({ content }: Rule, compiling: Compiling): Judge | undefined {
  if (content?.startsWith("#") !== true) return undefined;
  let judge: Judge | undefined | null = null;
  return (item, at, run) => {
    // Made when it is needed: it may lie around this very rule.
    if (judge === null) {
      const meant = maybeRuleAt(compiling.tree, content.slice(1));
      judge = meant && together([constraintsJudge(meant), childrenJudge(meant, compiling)]);
    }
    judge?.(item, at, run);
  };
}
