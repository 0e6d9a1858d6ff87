/**
 * Measured values: vital signs with LOINC codes as FHIR's vital-signs profile asks, each with a Swedish text; NEWS2 after
 * the Royal College of Physicians' chart (2017, reproduced with acknowledgement). SPEC DEMO-VITAL
 */
import type { CodeableConcept, Observation, Quantity } from "fhir/r4";
import { concept, hl7, local, LOCAL, SYSTEM } from "../codes/systems.ts";
import { rounded } from "../dice.ts";
import { timeText } from "../time.ts";
import { inEncounter, put, type Scene } from "./chart.ts";

export interface Measured {
  readonly pressure?: readonly [systolic: number, diastolic: number];
  readonly pulse?: number;
  readonly breaths?: number;
  readonly saturation?: number;
  /** Litres of oxygen per minute; 0 is room air. */
  readonly oxygen?: number;
  readonly temperature?: number;
  readonly consciousness?: "A" | "C" | "V" | "P" | "U";
  readonly weight?: number;
  readonly height?: number;
  readonly head?: number;
  readonly pain?: number;
}

type Simple = readonly [code: string, text: string, unit: string, ucum: string, decimals: number];

const SIMPLE: Partial<Record<keyof Measured, Simple>> = {
  pulse: ["8867-4", "Puls", "slag/min", "/min", 0],
  breaths: ["9279-1", "Andningsfrekvens", "andetag/min", "/min", 0],
  saturation: ["59408-5", "Syremättnad (SpO₂)", "%", "%", 0],
  temperature: ["8310-5", "Kroppstemperatur", "°C", "Cel", 1],
  weight: ["29463-7", "Vikt", "kg", "kg", 1],
  height: ["8302-2", "Längd", "cm", "cm", 1],
  head: ["9843-4", "Huvudomfång", "cm", "cm", 1],
};

/** Records what was measured; body mass index follows when weight and height are both there. */
export function measure(where: Scene, values: Measured): Observation[] {
  const made: Observation[] = [];
  if (values.pressure) made.push(pressure(where, values.pressure));
  for (const [key, simple] of Object.entries(SIMPLE) as [keyof Measured, Simple][]) {
    const value = values[key];
    if (typeof value === "number")
      made.push(observe(where, concept(SYSTEM.loinc, simple[0], simple[1]), quantity(value, simple)));
  }
  if (values.weight !== undefined && values.height !== undefined && values.height > 120) {
    const index = values.weight / (values.height / 100) ** 2;
    made.push(
      observe(where, concept(SYSTEM.loinc, "39156-5", "BMI"), {
        value: rounded(index, 1),
        unit: "kg/m²",
        system: SYSTEM.ucum,
        code: "kg/m2",
      }),
    );
  }
  if (values.pain !== undefined) made.push(score(where, "Smärta (NRS 0–10)", values.pain));
  return made;
}

/** The seven values of NEWS2 and their score. */
export function measureNews(
  where: Scene,
  values: Required<
    Pick<Measured, "pressure" | "pulse" | "breaths" | "saturation" | "oxygen" | "temperature" | "consciousness">
  >,
): number {
  measure(where, values);
  observe(where, local(LOCAL.observation, "Syrgastillförsel"), {
    value: values.oxygen,
    unit: "L/min",
    system: SYSTEM.ucum,
    code: "L/min",
  });
  const awake = observe(where, concept(SYSTEM.loinc, "67775-7", "Medvetandegrad (ACVPU)"));
  awake.valueCodeableConcept = local(LOCAL.observation, CONSCIOUSNESS[values.consciousness]);
  const total = news2(values);
  score(where, "NEWS2", total);
  return total;
}

const CONSCIOUSNESS: Record<NonNullable<Measured["consciousness"]>, string> = {
  A: "A, alert",
  C: "C, nytillkommen förvirring",
  V: "V, reagerar på tilltal",
  P: "P, reagerar på smärta",
  U: "U, reagerar inte",
};

/** NEWS2 with oxygen saturation scale 1. */
export function news2(
  values: Required<
    Pick<Measured, "pressure" | "pulse" | "breaths" | "saturation" | "oxygen" | "temperature" | "consciousness">
  >,
): number {
  return (
    points(
      values.breaths,
      [
        [8, 3],
        [11, 1],
        [20, 0],
        [24, 2],
      ],
      3,
    ) +
    points(
      values.saturation,
      [
        [91, 3],
        [93, 2],
        [95, 1],
      ],
      0,
    ) +
    (values.oxygen > 0 ? 2 : 0) +
    points(
      values.pressure[0],
      [
        [90, 3],
        [100, 2],
        [110, 1],
        [219, 0],
      ],
      3,
    ) +
    points(
      values.pulse,
      [
        [40, 3],
        [50, 1],
        [90, 0],
        [110, 1],
        [130, 2],
      ],
      3,
    ) +
    (values.consciousness === "A" ? 0 : 3) +
    points(
      values.temperature,
      [
        [35, 3],
        [36, 1],
        [38, 0],
        [39, 1],
      ],
      2,
    )
  );
}

/** Points of the first step whose upper bound is not passed. */
function points(value: number, steps: readonly (readonly [upTo: number, points: number])[], above: number): number {
  return steps.find(([upTo]) => value <= upTo)?.[1] ?? above;
}

/** A score without unit, as a whole number. */
export function score(
  where: Scene,
  name: string,
  value: number,
  category: "vital-signs" | "survey" | "exam" = "vital-signs",
): Observation {
  const made = observe(where, local(LOCAL.observation, name), undefined, category);
  made.valueInteger = value;
  return made;
}

/** A measured value with a local name, such as the symphysis-fundus measure; the unit is its text and UCUM code. */
export function measureLocal(
  where: Scene,
  name: string,
  value: number,
  unit: readonly [text: string, ucum: string],
): Observation {
  const quantity = { value, unit: unit[0], system: SYSTEM.ucum, code: unit[1] };
  return observe(where, local(LOCAL.observation, name), quantity, "exam");
}

/** A finding in words. */
export function find(
  where: Scene,
  name: string,
  finding: string,
  category: "exam" | "social-history" | "survey" = "exam",
): Observation {
  const made = observe(where, local(LOCAL.observation, name), undefined, category);
  made.valueString = finding;
  return made;
}

function pressure(where: Scene, [systolic, diastolic]: readonly [number, number]): Observation {
  const made = observe(where, concept(SYSTEM.loinc, "85354-9", "Blodtryck"));
  const part = (code: string, text: string, value: number): { code: CodeableConcept; valueQuantity: Quantity } => ({
    code: concept(SYSTEM.loinc, code, text),
    valueQuantity: { value, unit: "mmHg", system: SYSTEM.ucum, code: "mm[Hg]" },
  });
  made.component = [
    part("8480-6", "Systoliskt blodtryck", systolic),
    part("8462-4", "Diastoliskt blodtryck", diastolic),
  ];
  return made;
}

function quantity(value: number, [, , unit, code, decimals]: Simple): Quantity {
  return { value: rounded(value, decimals), unit, system: SYSTEM.ucum, code };
}

function observe(where: Scene, code: CodeableConcept, value?: Quantity, category = "vital-signs"): Observation {
  const at = timeText(where.at);
  return put(where.chart, where.unit, where.at, {
    resourceType: "Observation",
    status: "final",
    category: [hl7("observation-category", category)],
    code,
    subject: where.chart.subject,
    ...inEncounter(where),
    effectiveDateTime: at,
    issued: at,
    performer: [where.by.ref],
    ...(value ? { valueQuantity: value } : {}),
  } satisfies Observation);
}
