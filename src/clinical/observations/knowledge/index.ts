/**
 * The adapter to knowledge of scores: who asks gets the set that is in use, whoever published it. A national service can stand behind the
 * same face.
 *
 * SPEC CLIN-OBS-KNOW
 */
import { NEWS2 } from "./news2.ts";
import type { ScoreSet } from "./model.ts";

export { readScore, ScoreRefusal } from "./read.ts";
export type { Band, Bands, Response, Scored, ScoreSet, Words } from "./model.ts";

/** What early deterioration is scored by in this installation. */
export const EARLY_WARNING: ScoreSet = NEWS2;
