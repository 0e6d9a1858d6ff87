/** Which of those who wait are shown, and how many wait how long. Pure. SPEC WEB-WAIT-2 */
import { patientFacts } from "../say/patients.ts";
import type { Waiting } from "../wire/referrals.ts";

export const SHOWN = ["all", "over", "target", "uncalled"] as const;
export type Shown = (typeof SHOWN)[number];

/** Those of a kind in which every word stands: name, number, matter. Protected identities are not found by their name. */
export function matching(items: readonly Waiting[], shown: Shown, words: string): readonly Waiting[] {
  const wanted = words.trim().toLowerCase().split(/\s+/).filter(Boolean);
  return items.filter((one) => isShown(one, shown) && wanted.every((word) => textOf(one).includes(word)));
}

function isShown({ guarantee, known, callState }: Waiting, shown: Shown): boolean {
  if (shown === "over") return guarantee.isOver;
  if (shown === "target") return known?.isPastTarget === true;
  return shown === "all" || callState !== "booked";
}

function textOf({ known }: Waiting): string {
  if (known === null) return "";
  const facts = known.person === null ? undefined : patientFacts(known.person, "");
  const who = facts === undefined || facts.isProtected ? "" : `${facts.name ?? ""} ${facts.identity?.text ?? ""}`;
  return `${who} ${known.title ?? ""} ${known.question ?? ""}`.toLowerCase();
}

const WIDTH = 10;
const LAST = 120;

export type Bar = {
  readonly from: number;
  readonly to: number | null;
  readonly count: number;
  readonly isOver: boolean;
};

/** How many have waited how many counted days, ten at a time; what is longer stands together. */
export function barsOf(items: readonly Waiting[]): readonly Bar[] {
  return Array.from({ length: LAST / WIDTH + 1 }, (_, at) => {
    const from = at * WIDTH;
    const to = from === LAST ? null : from + WIDTH - 1;
    const count = items.filter(({ guarantee: { waited } }) => waited >= from && (to === null || waited <= to)).length;
    return { from, to, count, isOver: from >= 90 };
  });
}
