/** The households whose stories the demonstration tells on purpose. SPEC DEMO-PEOPLE */
import type { HouseholdWish } from "./plan.ts";

export const SCRIPTED: readonly HouseholdWish[] = [];
