/**
 * The geometry of a trend graph, free of React: scales, the line, the reference band and where each point lies.
 *
 * SPEC WEB-TREND · Sittig 2015: time left to right on a true scale, unit on the axis, reference band
 */
import { scaleLinear, type LinearScale } from "d3-scale";
import { line } from "d3-shape";
import { timeTicks, type Tick } from "./time-ticks.ts";

export type TrendPoint = {
  readonly ms: number;
  readonly number: number;
  readonly low: number | undefined;
  readonly high: number | undefined;
};
export type TrendFrame = {
  readonly width: number;
  readonly height: number;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
};
export type Placed<P> = { readonly point: P; readonly x: number; readonly y: number };
export type Trend<P> = {
  readonly series: readonly (readonly Placed<P>[])[];
  readonly paths: readonly string[];
  /** One rectangle per stretch of time with the same reference interval. */
  readonly bands: readonly {
    readonly x: number;
    readonly width: number;
    readonly y: number;
    readonly height: number;
  }[];
  readonly xTicks: readonly (Tick & { readonly x: number })[];
  readonly yTicks: readonly { readonly value: number; readonly y: number }[];
};

/** Lays out one or several series that share unit and axis, over the time from `from` to `to`. */
export function trendOf<P extends TrendPoint>(
  series: readonly (readonly P[])[],
  from: number,
  to: number,
  frame: TrendFrame,
): Trend<P> {
  const x = scaleLinear()
    .domain([from, Math.max(to, from + 60_000)])
    .range([frame.left, frame.width - frame.right]);
  const y = scaleLinear()
    .domain(valueDomain(series))
    .nice(4)
    .range([frame.height - frame.bottom, frame.top]);
  const placed = series.map((points) =>
    points.map((point): Placed<P> => ({ point, x: x(point.ms), y: y(point.number) })),
  );
  const path = line<Placed<P>>()
    .x((one) => one.x)
    .y((one) => one.y);
  return {
    series: placed,
    paths: placed.map((points) => path(points) ?? ""),
    bands: series.length === 1 ? bandsOf(series[0] ?? [], from, to).map((band) => box(band, { x, y })) : [],
    xTicks: timeTicks(from, to, Math.max(2, Math.floor((frame.width - frame.left) / 82))).map((tick) => ({
      ...tick,
      x: x(tick.ms),
    })),
    yTicks: y.ticks(4).map((value) => ({ value, y: y(value) })),
  };
}

/** Room for all values and for the newest reference interval, so that "within" is always visible as within. */
function valueDomain(series: readonly (readonly TrendPoint[])[]): readonly [number, number] {
  const points = series.flat();
  const newest = series.length === 1 ? points[points.length - 1] : undefined;
  const all = [
    ...points.map((point) => point.number),
    ...[newest?.low, newest?.high].filter((bound) => bound !== undefined),
  ];
  const [low, high] = [Math.min(...all), Math.max(...all)];
  const margin = (high - low || Math.abs(high) || 1) * 0.08;
  return [low - margin < 0 && low >= 0 ? Math.min(0, low) : low - margin, high + margin];
}

type Band = {
  readonly from: number;
  readonly to: number;
  readonly low: number | undefined;
  readonly high: number | undefined;
};

/** The interval of each point holds until the next point; the last one's to the end of the axis. */
function bandsOf(points: readonly TrendPoint[], from: number, to: number): readonly Band[] {
  const bands: Band[] = [];
  points.forEach((point, index) => {
    const band = {
      from: index === 0 ? from : point.ms,
      to: points[index + 1]?.ms ?? to,
      low: point.low,
      high: point.high,
    };
    const last = bands[bands.length - 1];
    if (last && last.low === band.low && last.high === band.high) bands[bands.length - 1] = { ...last, to: band.to };
    else bands.push(band);
  });
  return bands.filter((band) => band.low !== undefined || band.high !== undefined);
}

type Scales = { readonly x: LinearScale; readonly y: LinearScale };

/** The rectangle of a band; an open end reaches the edge of the graph. */
function box(band: Band, { x, y }: Scales): Trend<TrendPoint>["bands"][number] {
  const [bottom, top] = y.domain();
  const [upper, lower] = [y(Math.min(band.high ?? top, top)), y(Math.max(band.low ?? bottom, bottom))];
  return {
    x: x(band.from),
    width: Math.max(0, x(band.to) - x(band.from)),
    y: upper,
    height: Math.max(0, lower - upper),
  };
}
