/** How a referral stands, what is done with it, and who waits, as the screens fetch and send it. SPEC WEB-REFERRAL, WEB-WAIT */
import { queryOptions } from "@tanstack/react-query";
import type { Patient } from "fhir/r4";
import { get, postFor } from "./call.ts";

export type ClockName = "contact" | "assessment" | "visit" | "treatment";
export type Guarantee = {
  readonly clock: ClockName;
  readonly limit: number;
  readonly start: string;
  readonly waited: number;
  readonly days: number;
  readonly lastDay: string | null;
  readonly isStopped: boolean;
  readonly isOver: boolean;
};
export type Pause = {
  readonly code: "patient-chosen" | "medical";
  readonly reason: string;
  readonly from: string;
  readonly until: string | null;
};
export type NationalCode = "1" | "2" | "3" | "4" | "5" | "6" | "7";
export type WishName = "assess" | "answer" | "add" | "pause" | "second-opinion" | "cancel" | "ask-patient";
export type ReferralLook = {
  readonly loop: string;
  readonly version: number;
  readonly kinds: readonly ("own" | "second-opinion")[];
  readonly national: { readonly code: NationalCode; readonly isReturned: boolean; readonly isWithdrawn: boolean };
  readonly priority: string;
  readonly target: string | null;
  readonly pauses: readonly Pause[];
  readonly guarantee: Guarantee | null;
  readonly can: readonly WishName[];
};
export type Waiting = {
  readonly loop: string;
  readonly version: number;
  readonly state: string;
  readonly responsible: string | null;
  readonly sender: string;
  readonly callState: string | null;
  readonly known: {
    readonly patient: string | null;
    readonly person: Patient | null;
    readonly title: string | null;
    readonly question: string | null;
    readonly priority: string;
    readonly target: string | null;
    readonly isPastTarget: boolean;
    readonly pauses: readonly Pause[];
  } | null;
  readonly guarantee: Guarantee;
};
export type WaitingList = {
  readonly asOf: string;
  readonly items: readonly Waiting[];
  readonly more: boolean;
  readonly names: Readonly<Record<string, string>>;
};

export function referralQuery(loop: string, version: number) {
  return queryOptions({
    queryKey: ["patient", "referral", loop, version],
    queryFn: ({ signal }) => get<ReferralLook>(`/api/referrals/${encodeURIComponent(loop)}`, signal),
  });
}

/** Under `patient`: what is about patients is forgotten together. */
export const waitingQuery = queryOptions({
  queryKey: ["patient", "waiting"],
  queryFn: ({ signal }) => get<WaitingList>("/api/waiting", signal),
});
export const WAITING_CSV = "/api/waiting.csv";

/** Does one thing with a referral. Errors: CallFailed. */
export async function wishReferral(
  { loop, version }: Pick<ReferralLook, "loop" | "version">,
  name: WishName,
  said: Readonly<Record<string, string | null>> & { readonly key: string },
): Promise<void> {
  await postFor(`/api/referrals/${encodeURIComponent(loop)}/${name}`, { seen: version, ...said });
}
