/** How an access was judged, in a word. SPEC WEB-REVIEW-1 */
import type { ReactNode } from "react";
import { Chip, type Tone } from "../ui/chip.tsx";
import type { Outcome, Verdict } from "../wire/log-review.ts";
import { useReviewTexts } from "./use-review-texts.ts";

const TONES: Readonly<Record<Outcome, Tone>> = { justified: "calm", unclear: "warn", unjustified: "alarm" };

export function OutcomeChip({ verdict }: { readonly verdict: Pick<Verdict, "outcome"> | null }): ReactNode {
  const { outcomes } = useReviewTexts();
  if (verdict === null) return <span className="dim">{outcomes.open}</span>;
  return <Chip tone={TONES[verdict.outcome]}>{outcomes[verdict.outcome]}</Chip>;
}
