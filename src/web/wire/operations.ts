/** How the ledger and the traffic with other systems stand, as the screen fetches it. SPEC WEB-OPERATIONS */
import { queryOptions } from "@tanstack/react-query";
import { get, postFor } from "./call.ts";

export type LedgerSeen = {
  readonly at: number;
  readonly tookMs: number;
  readonly openAbout: number;
  readonly ownerless: number;
  readonly overdue: number;
  readonly oldestDeadline: number | null;
  readonly failed: number;
  readonly returned: number;
  readonly atRegion: number;
  readonly critical: number;
};
export type Channel = {
  readonly name: string;
  readonly direction: "in" | "out";
  readonly purpose: string;
  readonly acknowledgement: string;
  readonly isBlind: boolean;
  readonly certificateDays: number | null;
  readonly held: string | null;
  readonly waiting: number;
  readonly parked: number;
  readonly oldest: string | null;
  readonly lastPassed: string | null;
  readonly thisHour: number;
  readonly lastDay: number;
  readonly expected: { readonly day: number; readonly night: number } | null;
  readonly alarms: readonly string[];
  readonly ownerName: string | null;
  readonly isMine: boolean;
};
export type Parked = {
  readonly direction: "in" | "out";
  readonly channel: string;
  readonly position: number;
  readonly at: string;
  readonly type: string;
  readonly error: string;
  readonly owners: readonly string[];
};
export type Operations = {
  readonly ledger: { readonly now: LedgerSeen; readonly past: readonly LedgerSeen[] };
  readonly channels: readonly Channel[];
  readonly parked: readonly Parked[];
};

const EVERY_MS = 15_000;

export const operationsQuery = queryOptions({
  queryKey: ["loops", "operations"],
  queryFn: ({ signal }) => get<Operations>("/api/operations", signal),
  refetchInterval: EVERY_MS,
});

/** Asks for messages of a channel again; answers how many. */
export function askAgain(channel: string, from: number, until: number): Promise<{ readonly asked: number }> {
  return postFor("/api/operations/replay", { channel, from, until });
}
