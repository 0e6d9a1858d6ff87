/** How long those who wait have waited, as bars of ten days each with the limit of the guarantee. SPEC WEB-WAIT-2 */
import type { ReactNode } from "react";
import type { Waiting } from "../wire/referrals.ts";
import { useReferralTexts } from "./use-referral-texts.ts";
import { barsOf } from "./waiting-filter.ts";
import styles from "./waiting.module.css";

const WIDE = 640;
const HIGH = 110;
const FOOT = 22;
const HEAD = 14;

export function WaitingGraph({ items }: { readonly items: readonly Waiting[] }): ReactNode {
  const { waiting } = useReferralTexts();
  const bars = barsOf(items);
  const most = Math.max(1, ...bars.map(({ count }) => count));
  const step = WIDE / bars.length;
  const high = (count: number): number => (count / most) * (HIGH - FOOT - HEAD);
  const name = (from: number, to: number | null): string => (to === null ? `${from}–` : `${from}–${to}`);
  const said = bars.filter(({ count }) => count > 0).map(({ from, to, count }) => waiting.graphMeans(name(from, to), count)); // prettier-ignore
  return (
    <figure className={styles["graph"]}>
      <figcaption className={styles["small"]}>
        {waiting.graph} ({waiting.dayAxis})
      </figcaption>
      <svg viewBox={`0 0 ${WIDE} ${HIGH}`} role="img" aria-label={`${waiting.graph}. ${said.join(", ")}`}>
        {bars.map(({ from, to, count, isOver }, at) => (
          <g key={from}>
            <rect
              className={styles["bar"]}
              data-over={isOver}
              x={at * step + 4}
              width={step - 8}
              y={HIGH - FOOT - high(count)}
              height={high(count)}
            />
            {count === 0 ? null : (
              <text
                className={styles["label"]}
                x={(at + 0.5) * step}
                y={HIGH - FOOT - high(count) - 3}
                textAnchor="middle"
              >
                {count}
              </text>
            )}
            <text className={styles["label"]} x={(at + 0.5) * step} y={HIGH - 7} textAnchor="middle">
              {name(from, to)}
            </text>
          </g>
        ))}
        <line className={styles["axis"]} x1="0" x2={WIDE} y1={HIGH - FOOT} y2={HIGH - FOOT} />
        <line className={styles["limit"]} x1={9.1 * step} x2={9.1 * step} y1="2" y2={HIGH - FOOT} />
        <text className={styles["label"]} x={9.1 * step + 4} y="11">
          {waiting.limit}
        </text>
      </svg>
    </figure>
  );
}
