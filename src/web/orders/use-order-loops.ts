/** How a patient's orders stand, by the request: of what the reader's lists have or have sent. SPEC WEB-ORDER-8 */
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { useAbouts } from "../inbox/use-loops.ts";
import { patientLoopsQuery, type LoopRow, type Names } from "../wire/loops.ts";

export type OrderLoops = {
  readonly rows: ReadonlyMap<string, LoopRow>;
  readonly names: Names;
  readonly isKnown: boolean;
};
const NONE: readonly LoopRow[] = [];

export function useOrderLoops(patientId: string): OrderLoops {
  const { data } = useQuery(patientLoopsQuery(patientId));
  const asked = useMemo(() => data?.items.filter(({ kind }) => kind === "order" || kind === "referral") ?? NONE, [data]); // prettier-ignore
  const { known } = useAbouts(asked);
  return useMemo(() => {
    const rows = asked.flatMap((row) => {
      const subject = known.get(row.id)?.subject;
      return subject === undefined ? [] : [[subject.replace("ServiceRequest/", ""), row] as const];
    });
    return {
      rows: new Map(rows),
      names: data?.names ?? {},
      isKnown: data !== undefined && rows.length === asked.length,
    };
  }, [asked, known, data]);
}
