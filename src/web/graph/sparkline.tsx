/** A small trend beside a value, with its reference band. Never alone: the value stands next to it in digits. SPEC WEB-TREND-5 */
import type { ReactNode } from "react";
import { trendOf, type TrendPoint } from "./trend.ts";
import styles from "./sparkline.module.css";

const FRAME = { width: 76, height: 20, left: 3, right: 5, top: 3, bottom: 3 };

export function Sparkline({ points }: { readonly points: readonly TrendPoint[] }): ReactNode {
  const [first, last] = [points[0], points[points.length - 1]];
  if (!first || !last || points.length < 2) return null;
  const trend = trendOf([points], first.ms, last.ms, FRAME);
  const end = trend.series[0]?.at(-1);
  return (
    <svg width={FRAME.width} height={FRAME.height} aria-hidden="true" focusable="false" className={styles["spark"]}>
      {trend.bands.map((band) => (
        <rect key={band.x} x={band.x} y={band.y} width={band.width} height={band.height} />
      ))}
      <path d={trend.paths[0]} />
      {end ? <circle cx={end.x} cy={end.y} r={2.5} /> : null}
    </svg>
  );
}
