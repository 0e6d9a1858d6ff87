/** The drawing itself: grid, reference band, lines and points. Hidden from screen readers, which have the table. */
import type { ReactNode } from "react";
import { sayNumber } from "../say/quantities.ts";
import { isCritical } from "../say/values.ts";
import type { Placed, Trend, TrendFrame } from "./trend.ts";
import type { GraphPoint } from "./trend-graph.tsx";
import styles from "./trend-graph.module.css";

type TrendDrawingProps = {
  readonly trend: Trend<GraphPoint>;
  readonly frame: TrendFrame;
  readonly unit: string | undefined;
  readonly activeId: string;
};

export function TrendDrawing({ trend, frame, unit, activeId }: TrendDrawingProps): ReactNode {
  const base = frame.height - frame.bottom;
  return (
    <svg width={frame.width} height={frame.height} aria-hidden="true" focusable="false" className={styles["drawing"]}>
      {trend.bands.map((band) => (
        <rect key={band.x} className={styles["band"]} x={band.x} y={band.y} width={band.width} height={band.height} />
      ))}
      {trend.yTicks.map((tick) => (
        <g key={tick.value}>
          <line className={styles["grid"]} x1={frame.left} x2={frame.width - frame.right} y1={tick.y} y2={tick.y} />
          <text x={frame.left - 6} y={tick.y + 4} textAnchor="end">
            {sayNumber(String(tick.value))}
          </text>
        </g>
      ))}
      <line className={styles["axis"]} x1={frame.left} x2={frame.width - frame.right} y1={base} y2={base} />
      {trend.xTicks.map((tick) => (
        <g key={tick.ms}>
          <line className={styles["axis"]} x1={tick.x} x2={tick.x} y1={base} y2={base + 4} />
          <text x={tick.x} y={base + 17} textAnchor={anchorOf(tick.x, frame)}>
            {tick.label}
          </text>
        </g>
      ))}
      <text className={styles["unit"]} x={4} y={13}>
        {unit ?? ""}
      </text>
      {trend.paths.map((path, index) => (
        <path key={index} className={styles["line"]} data-series={index} d={path} />
      ))}
      {trend.series.map((points, index) =>
        points.map((placed) => (
          <Point
            key={`${index}${placed.point.id}`}
            placed={placed}
            series={index}
            isActive={placed.point.id === activeId}
            base={base}
            top={frame.top}
          />
        )),
      )}
    </svg>
  );
}

type PointProps = {
  readonly placed: Placed<GraphPoint>;
  readonly series: number;
  readonly isActive: boolean;
  readonly base: number;
  readonly top: number;
};

/** Shape and letter carry what colour also says: hollow is preliminary, a square is outside the interval, K is corrected. */
function Point({ placed: { point, x, y }, series, isActive, base, top }: PointProps): ReactNode {
  const isOutside = point.deviation !== undefined && point.deviation !== "normal";
  const size = isCritical(point.deviation) ? 5.5 : 4;
  const mark = [point.comparator, point.standing === "corrected" ? "K" : ""].filter(Boolean).join(" ");
  return (
    <g
      data-series={series}
      data-outside={isOutside}
      data-hollow={point.standing !== "final" && point.standing !== "corrected"}
      className={styles["point"]}
    >
      {isActive ? <line className={styles["cursor"]} x1={x} x2={x} y1={top} y2={base} /> : null}
      {isActive ? <circle className={styles["ring"]} cx={x} cy={y} r={8} /> : null}
      {isOutside ? (
        <rect x={x - size} y={y - size} width={2 * size} height={2 * size} />
      ) : (
        <circle cx={x} cy={y} r={3.5} />
      )}
      {mark ? (
        <text x={x} y={y - 9} textAnchor="middle">
          {mark}
        </text>
      ) : null}
    </g>
  );
}

function anchorOf(x: number, frame: TrendFrame): "start" | "middle" | "end" {
  if (x > frame.width - frame.right - 24) return "end";
  return x < frame.left + 12 ? "start" : "middle";
}
