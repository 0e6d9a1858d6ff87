/** How a screen of the chart opens the workspace for measuring: anew, or to correct a round that it shows. SPEC WEB-OBS-6 */
import { createContext, useContext } from "react";
import type { Measured } from "../wire/observations.ts";

/** A round that stands, in the version that was seen. */
export type SeenRound = {
  readonly id: string;
  readonly version: number;
  readonly when: string;
  readonly measured: Measured;
  /** By which scale it was scored; null of one without a score. */
  readonly scale: string | null;
};
export type Measure = (corrects?: SeenRound) => void;

const MeasureContext = createContext<Measure | undefined>(undefined);

export const MeasureDock = MeasureContext.Provider;

/** Nothing where there is no workspace to dock. */
export function useMeasure(): Measure | undefined {
  return useContext(MeasureContext);
}
