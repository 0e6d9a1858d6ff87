/**
 * Whether the chart is shut: the server has answered one of its calls with "no care relation". It is heard wherever the call was made,
 * so that the door also comes when access ends while the chart is open.
 *
 * SPEC WEB-DOOR
 */
import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useRef, useState } from "react";
import { isWithoutNeed } from "../../wire/call.ts";

export type Door = {
  readonly state: "open" | "shut" | "ended";
  readonly open: () => void;
  /** Opens what somebody else has opened meanwhile; not again at once, should the answers disagree. */
  readonly openItself: () => void;
};

const PAUSE_MS = 10_000;

export function useDoor(patientId: string): Door {
  const queries = useQueryClient();
  const [state, setState] = useState<Door["state"]>("open");
  const last = useRef(-Infinity);
  useEffect(() => {
    const shut = (): void => {
      const hasShown = queries.getQueryData(["patient", patientId, "overview"]) !== undefined;
      setState(hasShown ? "ended" : "shut");
      // Nothing of the chart is kept behind the door.
      queries.removeQueries({
        predicate: ({ queryKey: [kind, id, what] }) =>
          kind === "patient" && id === patientId && what !== "care" && what !== "who",
      });
      void queries.invalidateQueries({ queryKey: ["patient", patientId, "care"] });
    };
    const stop = [
      queries.getQueryCache().subscribe((event) => {
        const [kind, id, what] = event.query.queryKey as readonly unknown[];
        const isHere = kind === "patient" && id === patientId && what !== "care" && what !== "who";
        if (isHere && event.type === "updated" && event.action.type === "error" && isWithoutNeed(event.action.error))
          shut();
      }),
      queries.getMutationCache().subscribe((event) => {
        if (event.type === "updated" && event.action.type === "error" && isWithoutNeed(event.action.error)) shut();
      }),
    ];
    return () => stop.forEach((one) => one());
  }, [patientId, queries]);
  const open = useCallback(() => setState("open"), []);
  const openItself = useCallback(() => {
    const now = performance.now();
    if (now - last.current > PAUSE_MS) setState("open");
    last.current = now;
  }, []);
  return { state, open, openItself };
}
