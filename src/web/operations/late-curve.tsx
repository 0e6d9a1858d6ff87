/** How many were overdue over the last day: an axis that begins at nothing, time on a true scale, the figures in words beside it. SPEC WEB-OPERATIONS */
import { scaleLinear } from "d3-scale";
import { line } from "d3-shape";
import type { ReactNode } from "react";
import { sayClock } from "../say/dates.ts";
import type { LedgerSeen } from "../wire/operations.ts";
import styles from "./operations.module.css";

const SHORTEST_MS = 300_000;
const FRAME = { width: 480, height: 120, left: 44, right: 12, top: 10, bottom: 22 };

export function LateCurve({
  name,
  none,
  looks,
}: {
  readonly name: string;
  readonly none: string;
  readonly looks: readonly LedgerSeen[];
}): ReactNode {
  const [first, last] = [looks[0], looks.at(-1)];
  if (first === undefined || last === undefined || last.at - first.at < SHORTEST_MS)
    return <p className="dim">{none}</p>;
  const most = Math.max(1, ...looks.map(({ overdue }) => overdue));
  const x = scaleLinear()
    .domain([first.at, last.at])
    .range([FRAME.left, FRAME.width - FRAME.right]);
  const y = scaleLinear()
    .domain([0, most])
    .nice(3)
    .range([FRAME.height - FRAME.bottom, FRAME.top]);
  const path = line<LedgerSeen>()
    .x(({ at }) => x(at))
    .y(({ overdue }) => y(overdue));
  const clock = (at: number): string => sayClock(new Date(at).toISOString()) ?? "";
  return (
    <figure className={styles["curve"]}>
      <figcaption>{`${name}: ${last.overdue} (0–${most})`}</figcaption>
      <svg
        viewBox={`0 0 ${FRAME.width} ${FRAME.height}`}
        role="img"
        aria-label={`${name}: ${last.overdue} (0–${most})`}
      >
        {y
          .ticks(3)
          .filter(Number.isInteger)
          .map((value) => (
            <g key={value}>
              <line
                x1={FRAME.left}
                x2={FRAME.width - FRAME.right}
                y1={y(value)}
                y2={y(value)}
                className={styles["rule"]}
              />
              <text x={FRAME.left - 6} y={y(value) + 4} textAnchor="end">
                {String(value)}
              </text>
            </g>
          ))}
        <text x={FRAME.left} y={FRAME.height - 6}>
          {clock(first.at)}
        </text>
        <text x={FRAME.width - FRAME.right} y={FRAME.height - 6} textAnchor="end">
          {clock(last.at)}
        </text>
        <path d={path([...looks]) ?? ""} />
      </svg>
    </figure>
  );
}
