/** The life stories by name. SPEC DEMO-STORY */
import type { Story } from "../chart/chart.ts";
import { baseline } from "./baseline.ts";
import { hypertension } from "./hypertension.ts";
import type { StoryName } from "./names.ts";

export const STORIES: Partial<Record<StoryName, Story>> = { baseline, hypertension };
