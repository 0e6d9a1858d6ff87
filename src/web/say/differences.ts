/** What a correction changed, word by word: the words that both have, those that were taken out and those that came. SPEC WEB-SIGNING-3 */
export type Difference = { readonly kind: "same" | "out" | "in"; readonly text: string };

/** More words than this are told as one change: the comparison costs their product. */
const MOST = 2_000;

/** The differences from `before` to `after`, neighbouring words of one kind together. */
export function differencesOf(before: string, after: string): readonly Difference[] {
  const [old, now] = [wordsIn(before), wordsIn(after)];
  if (old.length > MOST || now.length > MOST)
    return before === after
      ? [{ kind: "same", text: before }]
      : [
          { kind: "out", text: before },
          { kind: "in", text: after },
        ];
  return joined(stepsOf(old, now));
}

function wordsIn(text: string): readonly string[] {
  return text.split(/(?<=\s)/).filter((word) => word !== "");
}

/** By the longest common subsequence. */
function stepsOf(old: readonly string[], now: readonly string[]): Difference[] {
  const width = now.length + 1;
  const common = new Uint16Array((old.length + 1) * width);
  const at = (i: number, j: number): number => common[i * width + j] ?? 0;
  for (let i = old.length - 1; i >= 0; i -= 1)
    for (let j = now.length - 1; j >= 0; j -= 1)
      common[i * width + j] = old[i] === now[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
  const steps: Difference[] = [];
  let [i, j] = [0, 0];
  while (i < old.length || j < now.length) {
    const [gone, come] = [old[i], now[j]];
    if (gone !== undefined && gone === come) {
      steps.push({ kind: "same", text: gone });
      i += 1;
      j += 1;
    } else if (gone !== undefined && (come === undefined || at(i + 1, j) >= at(i, j + 1))) {
      steps.push({ kind: "out", text: gone });
      i += 1;
    } else {
      steps.push({ kind: "in", text: come ?? "" });
      j += 1;
    }
  }
  return steps;
}

function joined(steps: readonly Difference[]): readonly Difference[] {
  const found: Difference[] = [];
  for (const step of steps) {
    const last = found.at(-1);
    if (last?.kind === step.kind) found[found.length - 1] = { kind: step.kind, text: last.text + step.text };
    else found.push(step);
  }
  return found;
}
