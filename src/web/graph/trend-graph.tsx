/**
 * A trend over true time: unit on the axis, reference band, exact value on hover and from the keyboard (arrow keys move
 * between values, like a slider). It always stands beside a table with the same values.
 *
 * SPEC WEB-TREND · Bauer 2010 (graph and table together)
 */
import { bisectCenter } from "d3-array";
import { useEffect, useRef, useState, type KeyboardEvent, type PointerEvent, type ReactNode } from "react";
import { useTexts } from "../language/language.tsx";
import { sayMoment } from "../say/dates.ts";
import type { Deviation, Standing } from "../say/values.ts";
import { trendOf, type TrendFrame, type TrendPoint } from "./trend.ts";
import { TrendDrawing } from "./trend-drawing.tsx";
import styles from "./trend-graph.module.css";

export type GraphPoint = TrendPoint & {
  readonly id: string;
  readonly when: string | undefined;
  /** The whole value as written, for the read-out: "128/82". */
  readonly text: string;
  readonly reference: string | undefined;
  readonly deviation: Deviation | undefined;
  readonly standing: Standing;
  readonly comparator: string | undefined;
  readonly source: string | undefined;
};
type TrendGraphProps = {
  readonly name: string;
  readonly unit: string | undefined;
  readonly series: readonly (readonly GraphPoint[])[];
  readonly from: number;
  readonly to: number;
  readonly activeId: string | undefined;
  readonly setActiveId: (id: string) => void;
  readonly height?: number;
};

const MARGIN = { left: 46, right: 14, top: 22, bottom: 24 };

export function TrendGraph({
  name,
  unit,
  series,
  from,
  to,
  activeId,
  setActiveId,
  height = 240,
}: TrendGraphProps): ReactNode {
  const { trend: texts } = useTexts();
  const { box, width } = useWidth();
  const points = series[0] ?? [];
  const at = Math.max(
    0,
    activeId === undefined ? points.length - 1 : points.findIndex((point) => point.id === activeId),
  );
  const active = points[at];
  const frame: TrendFrame = { ...MARGIN, width, height };
  const trend = trendOf(series, from, to, frame);
  if (!active) return <p className="dim">{texts.nothingInSpan}</p>;
  const onKeyDown = (event: KeyboardEvent): void => {
    const next = stepped(event.key, at, points.length);
    if (next === undefined) return;
    event.preventDefault();
    setActiveId(points[next]?.id ?? active.id);
  };
  const onPointerMove = (event: PointerEvent): void => {
    const x = event.clientX - event.currentTarget.getBoundingClientRect().left;
    const nearest = bisectCenter(
      (trend.series[0] ?? []).map((one) => one.x),
      x,
    );
    if (points[nearest]) setActiveId(points[nearest].id);
  };
  return (
    <figure className={styles["figure"]}>
      <div
        ref={box}
        className={styles["box"]}
        role="slider"
        tabIndex={0}
        aria-label={texts.graphOf(name, points.length)}
        aria-valuemin={1}
        aria-valuemax={points.length}
        aria-valuenow={at + 1}
        aria-valuetext={`${active.when ? sayMoment(active.when) : texts.timeMissing}: ${active.text} ${unit ?? ""}`}
        onKeyDown={onKeyDown}
        onPointerMove={onPointerMove}
      >
        <TrendDrawing trend={trend} frame={frame} unit={unit} activeId={active.id} />
      </div>
      <figcaption className={styles["readout"]}>
        <ReadOut point={active} unit={unit} />
      </figcaption>
    </figure>
  );
}

function ReadOut({ point, unit }: { readonly point: GraphPoint; readonly unit: string | undefined }): ReactNode {
  const { trend, value, source } = useTexts();
  return (
    <>
      <span>{point.when ? sayMoment(point.when) : trend.timeMissing}</span>{" "}
      <strong>
        {point.text}
        {unit ? `\u00a0${unit}` : ""}
      </strong>{" "}
      {point.deviation && point.deviation !== "normal" ? `${value.deviations[point.deviation]} ` : ""}
      <span className="dim">
        {point.reference ? `${trend.reference} ${point.reference} · ` : ""}
        {point.standing === "final" ? "" : `${value.standings[point.standing]} · `}
        {point.source ?? source.unitMissing}
      </span>
    </>
  );
}

function stepped(key: string, at: number, count: number): number | undefined {
  if (key === "ArrowLeft" || key === "ArrowDown") return Math.max(0, at - 1);
  if (key === "ArrowRight" || key === "ArrowUp") return Math.min(count - 1, at + 1);
  if (key === "Home") return 0;
  return key === "End" ? count - 1 : undefined;
}

/** The graph is drawn in real pixels, so that lines and letters stay sharp at every zoom. */
function useWidth(): { readonly box: React.RefObject<HTMLDivElement | null>; readonly width: number } {
  const box = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(480);
  useEffect(() => {
    const element = box.current;
    if (!element) return undefined;
    const observer = new ResizeObserver(
      ([entry]) => entry && setWidth(Math.max(220, Math.round(entry.contentRect.width))),
    );
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return { box, width };
}
