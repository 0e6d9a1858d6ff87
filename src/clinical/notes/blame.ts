/**
 * Who wrote which line of a note: what changed from each version to the next, and of each line that stands the version that brought it. Pure.
 *
 * SPEC CLIN-NOTE-HISTORY-1 · PDL (2008:355) 3 kap. 6 och 14 §§
 */
/** A line of a note, and the search word that it stands under. */
export type Line = { readonly section: string; readonly text: string };
export type Step = { readonly kind: "same" | "out" | "in"; readonly line: Line };

/** More pairs than this are not compared: what lies between the common ends is told as taken out and put in. */
const MOST_PAIRS = 4_000_000;

/** The steps that make the one version of the other, in reading order; what was taken out stands before what came. */
export function changesBetween(before: readonly Line[], after: readonly Line[]): readonly Step[] {
  let from = 0;
  while (from < before.length && from < after.length && isSame(before[from], after[from])) from += 1;
  let behind = 0;
  while (
    behind < Math.min(before.length, after.length) - from &&
    isSame(before[before.length - 1 - behind], after[after.length - 1 - behind])
  )
    behind += 1;
  const [old, now] = [before.slice(from, before.length - behind), after.slice(from, after.length - behind)];
  const step = (kind: Step["kind"]) => (line: Line): Step => ({ kind, line }); // prettier-ignore
  const between = old.length * now.length > MOST_PAIRS ? [...old.map(step("out")), ...now.map(step("in"))] : leastSteps(old, now); // prettier-ignore
  return [
    ...before.slice(0, from).map(step("same")),
    ...between,
    ...before.slice(before.length - behind).map(step("same")),
  ];
}

/** The version that the steps lead to from `before`; nothing when they begin with another one. */
export function applyChanges(before: readonly Line[], steps: readonly Step[]): readonly Line[] | undefined {
  const old = steps.filter(({ kind }) => kind !== "in");
  const fits = old.length === before.length && old.every(({ line }, at) => isSame(line, before[at]));
  return fits ? steps.flatMap(({ kind, line }) => (kind === "out" ? [] : [line])) : undefined;
}

/** Of each line of the last version the place of the version that brought it. */
export function blameOf(versions: readonly (readonly Line[])[]): readonly (Line & { readonly from: number })[] {
  let known: readonly (Line & { readonly from: number })[] = [];
  versions.forEach((version, from) => {
    let at = 0;
    known = changesBetween(known, version).flatMap(({ kind, line }) => {
      if (kind === "in") return [{ section: line.section, text: line.text, from }];
      const was = known[at];
      at += 1;
      return kind === "out" || was === undefined ? [] : [was];
    });
  });
  return known;
}

/** By the longest common subsequence of lines. */
function leastSteps(old: readonly Line[], now: readonly Line[]): readonly Step[] {
  const width = now.length + 1;
  const common = new Uint32Array((old.length + 1) * width);
  const at = (i: number, j: number): number => common[i * width + j] ?? 0;
  for (let i = old.length - 1; i >= 0; i -= 1)
    for (let j = now.length - 1; j >= 0; j -= 1)
      common[i * width + j] = isSame(old[i], now[j]) ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
  const found: Step[] = [];
  let [i, j] = [0, 0];
  for (;;) {
    const [gone, come] = [old[i], now[j]];
    if (gone === undefined && come === undefined) return found;
    const isBoth = gone !== undefined && isSame(gone, come);
    if (gone !== undefined && (isBoth || come === undefined || at(i + 1, j) >= at(i, j + 1))) {
      found.push({ kind: isBoth ? "same" : "out", line: gone });
      i += 1;
      if (isBoth) j += 1;
    } else if (come !== undefined) {
      found.push({ kind: "in", line: come });
      j += 1;
    }
  }
}

function isSame(one: Line | undefined, other: Line | undefined): boolean {
  return one !== undefined && one.section === other?.section && one.text === other.text;
}
