/**
 * Location.near: within a distance of a position, along the great circle.
 *
 * SPEC SEARCH-NEAR · https://hl7.org/fhir/R4/location.html#search
 */
import { alternativesOf, invalidValue, unknownModifier, type Asked } from "./context.ts";
import { splitEscaped, unescaped } from "./escapes.ts";
import type { Condition, NearPoint } from "./plan.ts";

/** R4: a server chooses the distance when none is given, and kilometres when no unit is. */
const DEFAULT_KILOMETRES = 50;
const METRES: Readonly<Record<string, number>> = {
  km: 1000,
  m: 1,
  cm: 0.01,
  "[mi_i]": 1609.344,
  "[mi_us]": 1609.347,
  "[nmi_i]": 1852,
  "[ft_i]": 0.3048,
};

/** The condition of `near`: `latitude|longitude|distance|units`, the last two optional. */
export function nearCondition(asked: Asked): Condition {
  if (asked.modifier !== undefined) throw unknownModifier(asked);
  return { kind: "near", points: alternativesOf(asked).map((alternative) => pointOf(alternative, asked.written)) };
}

function pointOf(alternative: string, written: string): NearPoint {
  const [latitude, longitude, distance, unit] = splitEscaped(alternative, "|").map(unescaped);
  const point = {
    latitude: numeric(latitude, 90),
    longitude: numeric(longitude, 180),
    metres: numeric(distance || String(DEFAULT_KILOMETRES), 1e9) * (METRES[unit || "km"] ?? NaN),
  };
  if (Object.values(point).some(Number.isNaN) || point.metres < 0) throw invalidValue(written, "59.27|15.21|5|km");
  return point;
}

function numeric(text: string | undefined, limit: number): number {
  const number = text !== undefined && /^-?\d{1,10}(\.\d{1,15})?$/.test(text) ? Number(text) : NaN;
  return Math.abs(number) <= limit ? number : NaN;
}
