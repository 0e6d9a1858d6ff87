/**
 * Slices: each value of an element is held against the slice that it belongs to, and the slices are counted.
 *
 * SPEC FHIR-PROFILE-SLICE · https://hl7.org/fhir/R4/profiling.html#slicing
 */
import type { Compiling, Judge } from "./definition.ts";
import { PROFILE_FAULTS } from "./faults.ts";
import { enter, noteAt, type Place } from "./items.ts";
import { matchOf, type Match } from "./match.ts";
import type { Rule, Slicing } from "./rule.ts";
import { note, tried, type Item, type ProfileRun } from "./run.ts";

export type ItemsJudge = (items: readonly Item[], at: number, run: ProfileRun) => void;

interface Slice {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  readonly match: Match | undefined;
  readonly judge: Judge | undefined;
  /** The slices within the slice. */
  readonly inner: ItemsJudge | undefined;
}

/** The judge of an element's slices; nothing when it has none. */
export function slicingJudge(rule: Rule, place: Place, compiling: Compiling): ItemsJudge | undefined {
  const slicing = rule.slicing ?? impliedSlicing(rule, place);
  const isClosed = slicing?.rules === "closed";
  if (slicing === undefined || (rule.slices.size === 0 && !isClosed)) return undefined;
  const slices = [...rule.slices.values()].map((slice) => sliceOf(slice, slicing, { place, compiling }));
  if (slices.some(({ match }) => match === undefined)) return unknownSlicing(slices, place);
  return (items, at, run) => {
    const assigned = items.map((item) => sliceFor(item, slices, at, run));
    for (const [index, slice] of slices.entries()) {
      const own = items.filter((_, i) => assigned[i] === index);
      const isDoubtful = assigned.includes(undefined);
      countSlice(run, at, { slice, place, count: own.length, isDoubtful });
      for (const item of own) slice.judge?.(item, enter(run, at, item), run);
      slice.inner?.(own, at, run);
    }
    judgeOthers(slicing, { items, assigned, slices }, at, run);
  };
}

/** Extensions are told by url and choices by type, also where nobody says so. */
function impliedSlicing({ slices, name }: Rule, { element }: Place): Slicing | undefined {
  if (slices.size === 0) return undefined;
  const by = (type: string, path: string): Slicing => ({
    discriminators: [{ type, path }],
    rules: "open",
    ordered: false,
  });
  if (name === "extension" || name === "modifierExtension") return by("value", "url");
  return element.isChoice ? by("type", "$this") : { discriminators: [], rules: "open", ordered: false };
}

function sliceOf(
  rule: Rule,
  { discriminators }: Slicing,
  { place, compiling }: { readonly place: Place; readonly compiling: Compiling },
): Slice {
  const { min = 0, max = Infinity } = rule;
  const judge = compiling.judgeOf(rule, place.element);
  // Without discriminators a value belongs to the slice that it conforms to.
  const match: Match | undefined =
    discriminators.length > 0
      ? matchOf(discriminators, rule, compiling.definitions)
      : (item, run) => tried(run, () => judge?.(item, 0, run));
  const inner = rule.slices.size === 0 ? undefined : slicingJudge(rule, place, compiling);
  return { name: rule.slice ?? rule.name, min, max, match, judge, inner };
}

const NONE = -1;

/** The slice that a value belongs to; undefined when it cannot be told whether it is of any. */
function sliceFor(item: Item, slices: readonly Slice[], at: number, run: ProfileRun): number | undefined {
  let isDoubtful = false;
  for (const [index, { match }] of slices.entries()) {
    enter(run, at, item);
    const is = match?.(item, run);
    if (is === true) return index;
    if (is === undefined) isDoubtful = true;
  }
  return isDoubtful ? undefined : NONE;
}

interface Counted {
  readonly slice: Slice;
  readonly place: Place;
  readonly count: number;
  readonly isDoubtful: boolean;
}

function countSlice(run: ProfileRun, at: number, { slice, place, count, isDoubtful }: Counted): void {
  const { name, min, max } = slice;
  if (count > max) noteAt(run, at, place, () => note(run, at + 1, PROFILE_FAULTS.sliceMany, name, max));
  // What cannot be told may be what is looked for.
  if (count < min && !isDoubtful) noteAt(run, at, place, () => note(run, at + 1, PROFILE_FAULTS.sliceFew, name, min));
}

interface Assigned {
  readonly items: readonly Item[];
  readonly assigned: readonly (number | undefined)[];
  readonly slices: readonly Slice[];
}

/** What belongs to no slice, and the order of what does. */
function judgeOthers({ rules, ordered }: Slicing, of: Assigned, at: number, run: ProfileRun): void {
  const { items, assigned, slices } = of;
  const lastSliced = assigned.findLastIndex((index) => index !== undefined && index !== NONE);
  let highest = NONE;
  for (const [i, item] of items.entries()) {
    const index = assigned[i];
    if (index === undefined) continue;
    const end = (): number => enter(run, at, item);
    if (index === NONE && rules === "closed") note(run, end(), PROFILE_FAULTS.sliceClosed);
    else if (index === NONE && rules === "openAtEnd" && i < lastSliced) note(run, end(), PROFILE_FAULTS.sliceEnd);
    else if (ordered && index !== NONE && index < highest)
      note(run, end(), PROFILE_FAULTS.sliceOrder, slices[index]?.name ?? "");
    highest = Math.max(highest, index);
  }
}

/** Says that slices cannot be told from each other, where it could matter. */
function unknownSlicing(slices: readonly Slice[], place: Place): ItemsJudge | undefined {
  const isDemanding = slices.some(({ min, max, judge }) => min > 0 || max < Infinity || judge !== undefined);
  if (!isDemanding) return undefined;
  return (items, at, run) => {
    if (items.length > 0) noteAt(run, at, place, () => note(run, at + 1, PROFILE_FAULTS.slicingUnknown));
  };
}
