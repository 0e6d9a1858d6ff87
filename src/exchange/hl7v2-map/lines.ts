/**
 * A text that came as several OBX, one for each line, is one text: its blank lines are part of it. SPEC EXCH-MAP-TEXT · failure mode F17
 */
import type { Segment } from "../hl7v2/codec/index.ts";
import { conceptAt, keyOf } from "./coded.ts";
import { NotMapped } from "./exceptions.ts";
import { linesAt, textAt, type Observed } from "./segments.ts";

/** What one OBX, or several that are the lines of one text, say. */
export type Item = {
  readonly obx: Segment;
  readonly key: string;
  /** The whole text; undefined for what is no text. */
  readonly text: string | undefined;
  readonly notes: readonly Segment[];
};

/** The items of a group in their order. @throws NotMapped when something that is no text is said twice. */
export function itemsOf(observations: readonly Observed[]): readonly Item[] {
  const items: Item[] = [];
  for (const { obx, notes } of observations) {
    const key = `${keyOf(conceptAt(obx, "3") ?? {})}|${textAt(obx, "4") ?? ""}`;
    const text = isText(obx) ? (linesAt(obx, "5") ?? "") : undefined;
    const at = items.findIndex((one) => one.key === key);
    const earlier = items[at];
    if (earlier === undefined) items.push({ obx, key, text, notes });
    else if (earlier.text === undefined || text === undefined) throw new NotMapped("same-version", `${obx.place}-3`);
    else items[at] = { ...earlier, text: `${earlier.text}\n${text}`, notes: [...earlier.notes, ...notes] };
  }
  return items;
}

export function isText(obx: Segment): boolean {
  return /^(TX|FT)$/.test(textAt(obx, "2") ?? "");
}
