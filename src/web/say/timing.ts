/**
 * When a medicine is to be taken, in the words of a Swedish ordination: "2 gånger dagligen", "var 8:e timme", "till kvällen".
 *
 * SPEC WEB-MED-4 · https://hl7.org/fhir/R4/datatypes.html#Timing
 */
import type { Timing, TimingRepeat } from "fhir/r4";
import { sayConcept } from "./concepts.ts";
import { sayDay, sayMoment } from "./dates.ts";

const EVENTS: Readonly<Record<string, string>> = {
  MORN: "på morgonen",
  "MORN.early": "tidigt på morgonen",
  "MORN.late": "sent på morgonen",
  NOON: "mitt på dagen",
  AFT: "på eftermiddagen",
  EVE: "på kvällen",
  "EVE.early": "tidigt på kvällen",
  "EVE.late": "sent på kvällen",
  NIGHT: "till natten",
  HS: "till natten",
  WAKE: "vid uppvaknandet",
  C: "till måltid",
  CM: "till frukost",
  CD: "till lunch",
  CV: "till middag",
  AC: "före måltid",
  ACM: "före frukost",
  ACD: "före lunch",
  ACV: "före middag",
  PC: "efter måltid",
  PCM: "efter frukost",
  PCD: "efter lunch",
  PCV: "efter middag",
};
const DAYS: Readonly<Record<string, string>> = {
  mon: "måndag",
  tue: "tisdag",
  wed: "onsdag",
  thu: "torsdag",
  fri: "fredag",
  sat: "lördag",
  sun: "söndag",
};
const UNITS: Readonly<Record<string, readonly [one: string, many: string]>> = {
  s: ["sekund", "sekunder"],
  min: ["minut", "minuter"],
  h: ["timme", "timmar"],
  d: ["dag", "dagar"],
  wk: ["vecka", "veckor"],
  mo: ["månad", "månader"],
  a: ["år", "år"],
};

/** The timing in words; undefined when none was recorded. */
export function sayTiming(timing: Timing | undefined): string | undefined {
  if (!timing) return undefined;
  const repeat = timing.repeat;
  const often = repeat && sayOften(repeat);
  const words = [
    often ?? sayConcept(timing.code),
    repeat && sayWhen(repeat),
    repeat && sayBounds(repeat),
    sayEvents(timing),
  ];
  return words.filter(Boolean).join(", ") || undefined;
}

function sayOften(repeat: TimingRepeat): string | undefined {
  const { frequency = 1, frequencyMax, period, periodMax, periodUnit } = repeat;
  if (period === undefined || !periodUnit) return undefined;
  const [one, many] = UNITS[periodUnit] ?? [periodUnit, periodUnit];
  const isOnce = frequency === 1 && frequencyMax === undefined;
  const times = `${span(frequency, frequencyMax)} ${isOnce ? "gång" : "gånger"}`;
  if (period === 1 && periodUnit === "d") return `${times} dagligen`;
  if (isOnce && periodMax === undefined && Number.isInteger(period)) return `var ${ordinal(period)}${one}`;
  return `${times} på ${span(period, periodMax)} ${period === 1 && periodMax === undefined ? one : many}`;
}

function span(low: number, high: number | undefined): string {
  return high === undefined ? decimal(low) : `${decimal(low)}–${decimal(high)}`;
}

function ordinal(period: number): string {
  if (period === 1) return "";
  return period === 2 ? "annan " : `${period}:e `;
}

function sayWhen(repeat: TimingRepeat): string | undefined {
  const days = (repeat.dayOfWeek ?? []).map((day) => DAYS[day] ?? day);
  const clocks = (repeat.timeOfDay ?? []).map((clock) => clock.slice(0, 5).replace(":", "."));
  const events = (repeat.when ?? []).map((event) => EVENTS[event] ?? event);
  const words = [
    days.length > 0 && `på ${days.join(", ")}`,
    clocks.length > 0 && `kl ${clocks.join(", ")}`,
    events.join(" och "),
  ];
  return words.filter(Boolean).join(", ") || undefined;
}

function sayBounds(repeat: TimingRepeat): string | undefined {
  const length = repeat.boundsDuration;
  if (length?.value !== undefined)
    return `i ${decimal(length.value)} ${UNITS[length.code ?? ""]?.[length.value === 1 ? 0 : 1] ?? length.unit ?? ""}`.trim();
  const end = repeat.boundsPeriod?.end;
  return end ? `till och med ${sayDay(end)}` : undefined;
}

function sayEvents(timing: Timing): string | undefined {
  return (timing.event ?? []).map(sayMoment).join(", ") || undefined;
}

function decimal(value: number): string {
  return String(value).replace(".", ",");
}
