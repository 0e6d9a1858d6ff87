/**
 * What somebody types in the grid and what it means: "125/75", "l" for air, "372" for 37.2, letters of consciousness. What is not
 * understood is said at its field, and nothing is guessed. Pure.
 *
 * SPEC WEB-OBS-1, WEB-OBS-3
 */
import type { Measured, MeasureDesk, ValueName } from "../wire/observations.ts";

export const FIELDS = ["breaths", "saturation", "oxygen", "pressure", "pulse", "consciousness", "temperature"] as const;
export type FieldName = (typeof FIELDS)[number];
export type Typed = Readonly<Record<FieldName, string>>;
export const NOTHING: Typed = { breaths: "", saturation: "", oxygen: "", pressure: "", pulse: "", consciousness: "", temperature: "" }; // prettier-ignore

export type FieldFault = { readonly kind: "impossible" | "improbable"; readonly value: ValueName; readonly range: string }; // prettier-ignore

/** As it is shown when one leaves the field: 372 as 37,2 and a letter as a capital. */
export function settled(name: FieldName, text: string): string {
  const typed = text.trim().replace(".", ",");
  if (name === "consciousness") return typed.toUpperCase();
  if (name === "oxygen" && /^l(?:uft)?$/i.test(typed)) return "0";
  const [, whole, tenth] = name === "temperature" ? (/^([234]\d)(\d)$/.exec(typed) ?? []) : [];
  return whole === undefined ? typed : `${whole},${tenth}`;
}

/** A key that says all there is to say: air, and a level of consciousness. */
export function isWhole(name: FieldName, text: string): boolean {
  if (name === "oxygen") return /^l$/i.test(text.trim());
  return name === "consciousness" && /^[acvpu]$/i.test(text.trim());
}

/** The values that are filled in, with a decimal point; what cannot be read stands as it was typed, and is refused. */
export function measuredIn(typed: Typed): Measured {
  const found: Partial<Record<ValueName, string>> = {};
  for (const name of FIELDS) {
    const text = settled(name, typed[name]).replace(",", ".");
    if (text === "") continue;
    if (name !== "pressure") found[name] = text;
    else {
      const [systolic = "", ...rest] = text.split("/");
      found.systolic = systolic.trim();
      if (rest.length > 0) found.diastolic = rest.join("/").trim();
    }
  }
  return found;
}

/** The fields as they would have been typed. */
export function typedOf(measured: Measured): Typed {
  const { systolic, diastolic, ...plain } = measured;
  const pressure = [systolic, diastolic].filter((one) => one !== undefined).join("/");
  return Object.fromEntries(FIELDS.map((name) => [name, name === "pressure" ? pressure : (plain[name] ?? "").replace(".", ",")])) as Typed; // prettier-ignore
}

/** What is wrong with a field, by the bounds that the server has too. */
export function faultOf(name: FieldName, measured: Measured, values: MeasureDesk["values"]): FieldFault | undefined {
  const names: readonly ValueName[] = name === "pressure" ? ["systolic", "diastolic"] : [name];
  const faults = names.flatMap((one) => faultsOf(one, measured[one], values));
  const { systolic, diastolic } = measured;
  const isTurned = name === "pressure" && diastolic !== undefined && Number(diastolic) >= Number(systolic);
  if (isTurned) faults.push({ kind: "impossible", value: "diastolic", range: "" });
  return faults.find(({ kind }) => kind === "impossible") ?? faults[0]; // one is said at a time
}

function faultsOf(value: ValueName, text: string | undefined, values: MeasureDesk["values"]): FieldFault[] {
  if (text === undefined) return [];
  const known = values[value];
  if (known.kind === "choice") return known.choices.includes(text) ? [] : [{ kind: "impossible", value, range: known.choices.join(", ") }]; // prettier-ignore
  const { decimals, possible, usual, unit } = known;
  const said = ([from, to]: readonly [number, number]): string => `${from}–${to}\u00a0${unit}`.replaceAll(".", ",");
  const isNumber = new RegExp(decimals === 0 ? "^\\d{1,3}$" : `^\\d{1,3}(?:\\.\\d{1,${decimals}})?$`).test(text);
  const number = Number(text);
  if (!isNumber || number < possible[0] || number > possible[1]) return [{ kind: "impossible", value, range: said(possible) }]; // prettier-ignore
  return number < usual[0] || number > usual[1] ? [{ kind: "improbable", value, range: said(usual) }] : [];
}
