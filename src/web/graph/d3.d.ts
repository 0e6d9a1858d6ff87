/** The few functions of d3 in use; the packages carry no types of their own. */
declare module "d3-scale" {
  export type LinearScale = {
    (value: number): number;
    domain(domain: readonly [number, number]): LinearScale;
    range(range: readonly [number, number]): LinearScale;
    nice(count?: number): LinearScale;
    ticks(count?: number): number[];
    domain(): [number, number];
    invert(value: number): number;
  };
  export function scaleLinear(): LinearScale;
}
declare module "d3-shape" {
  export type Line<T> = {
    (points: readonly T[]): string | null;
    x(of: (point: T) => number): Line<T>;
    y(of: (point: T) => number): Line<T>;
  };
  export function line<T>(): Line<T>;
}
declare module "d3-array" {
  export function bisectCenter(sorted: readonly number[], value: number): number;
}
