/**
 * Hierarchies that stand in the codes themselves: a code lies below the longest beginning of it that is a code too, and
 * below the narrowest range of codes that it is in.
 *
 * SPEC TERM-IMPORT-PREFIX
 */
import type { Draft } from "./draft.ts";

const RANGE = /^([A-Z]\d{2})-([A-Z]\d{2})$/;

/** Links every code to the longest proper beginning of it. */
export function linkByPrefix({ concepts }: Draft): void {
  for (const [code, concept] of concepts) {
    if (RANGE.test(code)) continue;
    for (let length = code.length - 1; length > 0; length -= 1) {
      const parent = code.slice(0, length).replace(/\.$/, "");
      if (parent === code || !concepts.has(parent)) continue;
      concept.parents.add(parent);
      break;
    }
  }
}

/** Links ranges (A00-A09) to the ranges around them, and codes that have no parent yet to the narrowest range. */
export function linkByRange({ concepts }: Draft): void {
  const ranges = [...concepts.keys()]
    .flatMap((code) => {
      const [, first = "", last = ""] = RANGE.exec(code) ?? [];
      return first === "" ? [] : [{ code, first, last, width: place(last) - place(first) }];
    })
    .toSorted((a, b) => a.width - b.width);
  for (const { abstract: _, ...concept } of concepts.values()) {
    const own = ranges.find(({ code }) => code === concept.code);
    if (own === undefined && concept.parents.size > 0) continue;
    const first = own?.first ?? concept.code.slice(0, 3);
    const last = own?.last ?? first;
    const around = ranges.find((one) => one.code !== concept.code && one.first <= first && one.last >= last);
    if (around !== undefined) concept.parents.add(around.code);
  }
  for (const { code } of ranges) {
    const range = concepts.get(code);
    if (range !== undefined) range.abstract = true;
  }
}

function place(code: string): number {
  return code.charCodeAt(0) * 100 + Number(code.slice(1, 3));
}
