/** How other parts of the chart ask for the workspace in which one ordains: to change, stop or renew something that stands. SPEC WEB-ORDAIN-5 */
import { createContext, useContext } from "react";

export type Intent = { readonly kind: "renew" } | { readonly kind: "change" | "stop"; readonly id: string };
export type Ordain = (intent?: Intent) => void;

/** Nothing where the chart is not open. */
export const OrdainDock = createContext<Ordain | undefined>(undefined);

export function useOrdainDock(): Ordain | undefined {
  return useContext(OrdainDock);
}
