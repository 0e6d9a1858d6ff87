/**
 * A small, dense world for the oracle tests: few codes, names, dates and numbers in many combinations, so that any
 * question finds some resources and not others. The same seed gives the same world.
 */
import type { JsonObject, JsonValue } from "../../src/fhir/index.ts";
import { ExactNumber } from "../../src/fhir/index.ts";
import type { Stored } from "./search-database.ts";

export const LOINC = "http://loinc.org";
export const UCUM = "http://unitsofmeasure.org";
export const CODES = ["8480-6", "8462-4", "2345-7", "A|1", "x,y", "Z$2"];
export const SYSTEMS = [LOINC, "urn:oid:1.2.752.129.2.1", "http://example.com/cs"];
export const NAMES = [
  "Åsa",
  "Asa",
  "asa-Lena",
  "Öberg",
  "von Essen",
  "O'Neill",
  "50%",
  "a_b",
  "Ann Mari",
  "É.",
  "back\\slash",
  "x,y",
];
export const DATES = [
  "2020",
  "2024-02",
  "2024-03-31",
  "2024-03-30",
  "2024-10-27",
  "2024-10-27T02:30:00+02:00",
  "2024-10-27T02:30:00+01:00",
  "2024-03-31T00:30:00Z",
  "2024-03-31T12:00:00.123Z",
  "2023-12-31T23:30:00Z",
];
export const NUMBERS = ["5", "5.0", "5.4", "5.40", "5.45", "-1", "0", "100", "99.5", "1e2", "0.001", "120", "80"];
export const UNITS = [
  [UCUM, "mg", "milligram"],
  [UCUM, "ug", "µg"],
  [UCUM, "g", "gram"],
  [UCUM, "mm[Hg]", "mmHg"],
  [undefined, undefined, "mg"],
  ["urn:other", "mg", "mg"],
] as const;
export const URLS = [
  "http://example.com/vs/a",
  "http://example.com/vs/a/b",
  "http://example.com/vs/ab",
  "http://example.com",
  "urn:uuid:7c1fca3b-6c1b-4f7c-9d8c-8e1a5a2f0a11",
  "https://example.com/vs/a",
];

export type World = ReadonlyMap<string, readonly Stored[]>;

export class Dice {
  private state: number;

  constructor(seed: number) {
    this.state = seed >>> 0;
  }

  /** 0 to n - 1. */
  below(n: number): number {
    this.state = (Math.imul(this.state, 1664525) + 1013904223) >>> 0;
    return Math.floor((this.state / 2 ** 32) * n);
  }

  one<T>(list: readonly T[]): T {
    if (list.length === 0) throw new Error("nothing to choose from");
    return list[this.below(list.length)] as T;
  }

  chance(percent: number): boolean {
    return this.below(100) < percent;
  }

  some<T>(list: readonly T[], most: number): T[] {
    return Array.from({ length: this.below(most + 1) }, () => this.one(list));
  }
}

type Fields = Record<string, JsonValue | undefined>;

/** The world of a seed. */
export function worldOf(seed: number): World {
  const dice = new Dice(seed);
  const world = new Map<string, Stored[]>();
  for (const [type, count, make] of MAKERS) {
    const list: Stored[] = [];
    for (let n = 0; n < count; n++) {
      const fields: Fields = { resourceType: type, id: `${type.slice(0, 3).toLowerCase()}${n}`, ...make(dice, n) };
      list.push({
        resource: withoutUndefined(fields),
        lastUpdated: `2026-01-0${1 + dice.below(5)}T0${dice.below(3)}:00:00.${100 + dice.below(3)}Z`,
        careProvider: dice.one(["north", "south"]),
      });
    }
    world.set(type, list);
  }
  return world;
}

function withoutUndefined(fields: Fields): JsonObject {
  const present = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(present);
}

const MAKERS: readonly (readonly [string, number, (dice: Dice, n: number) => Fields])[] = [
  [
    "Organization",
    12,
    (dice) => ({
      name: dice.one(NAMES),
      alias: dice.some(NAMES, 2),
      partOf: maybe(dice, 50, () => refTo(dice, "Organization", 12)),
    }),
  ],
  [
    "Practitioner",
    12,
    (dice) => ({ name: [nameOf(dice)], identifier: dice.some([0], 2).map(() => identifierOf(dice)) }),
  ],
  ["Patient", 50, patientOf],
  [
    "Encounter",
    60,
    (dice) => ({
      status: dice.one(["planned", "finished"]),
      class: codingOf(dice),
      subject: maybe(dice, 90, () => refTo(dice, "Patient", 50)),
      period: maybe(dice, 80, () => periodOf(dice)),
      length: maybe(dice, 50, () => quantityOf(dice)),
    }),
  ],
  ["Observation", 220, observationOf],
  [
    "Goal",
    40,
    (dice) => ({
      lifecycleStatus: "active",
      description: conceptOf(dice),
      subject: refTo(dice, "Patient", 50),
      target: dice
        .some([0], 3)
        .map(() => ({ dueDate: dice.one(["2020-01-01", "2024-03-31", "2024-10-27", "2024-02-29"]) })),
    }),
  ],
  [
    "RiskAssessment",
    40,
    (dice) => ({
      status: "final",
      subject: refTo(dice, "Patient", 50),
      prediction: dice
        .some([0], 3)
        .map(() => (dice.chance(70) ? { probabilityDecimal: numberOf(dice) } : { probabilityRange: rangeOf(dice) })),
    }),
  ],
  [
    "ValueSet",
    40,
    (dice) => ({
      status: dice.one(["draft", "active"]),
      url: maybe(dice, 90, () => dice.one(URLS)),
      name: dice.one(NAMES),
      date: maybe(dice, 70, () => dice.one(DATES)),
      useContext: dice.some([0], 2).map(() => ({
        code: codingOf(dice),
        ...dice.one([
          { valueCodeableConcept: conceptOf(dice) },
          { valueQuantity: quantityOf(dice) },
          { valueRange: rangeOf(dice) },
        ]),
      })),
    }),
  ],
  [
    "DocumentReference",
    30,
    (dice) => ({
      status: "current",
      subject: maybe(dice, 80, () => refTo(dice, "Patient", 50)),
      relatesTo: dice
        .some([0], 2)
        .map(() => ({ code: dice.one(["replaces", "signs"]), target: refTo(dice, "DocumentReference", 30) })),
    }),
  ],
];

function patientOf(dice: Dice): Fields {
  return {
    active: maybe(dice, 60, () => dice.chance(50)),
    gender: maybe(dice, 80, () => dice.one(["male", "female"])),
    name: dice.some([0], 2).map(() => nameOf(dice)),
    identifier: dice.some([0], 2).map(() => identifierOf(dice)),
    telecom: dice.some([0], 2).map(() => ({
      system: dice.one(["phone", "email"]),
      value: dice.one(["070-123", "a@b.se"]),
      use: dice.one(["home", "work"]),
    })),
    address: maybe(dice, 50, () => [
      { city: dice.one(NAMES), line: dice.some(NAMES, 2), use: dice.one(["home", "work"]) },
    ]),
    birthDate: maybe(dice, 80, () => dice.one(["2020", "2024-02", "2024-03-31", "2024-03-30", "2024-10-27"])),
    ...dice.one([{}, { deceasedBoolean: true }, { deceasedBoolean: false }, { deceasedDateTime: "2024-03-31" }]),
    managingOrganization: maybe(dice, 60, () => refTo(dice, "Organization", 12)),
    generalPractitioner: dice.some([0], 2).map(() => refTo(dice, dice.one(["Practitioner", "Organization"]), 12)),
  };
}

function observationOf(dice: Dice): Fields {
  return {
    status: dice.one(["final", "amended"]),
    meta: maybe(dice, 30, () => ({
      tag: [codingOf(dice)],
      profile: dice.some([...URLS, "http://example.com/sd|1.2.3", "http://example.com/sd|1.3"], 2),
    })),
    code: conceptOf(dice),
    category: dice.some([0], 2).map(() => conceptOf(dice)),
    subject: maybe(dice, 90, () => subjectOf(dice)),
    encounter: maybe(dice, 50, () => refTo(dice, "Encounter", 60)),
    performer: dice
      .some([0], 2)
      .map(() =>
        dice.one([
          refTo(dice, "Practitioner", 12),
          refTo(dice, "Patient", 50),
          { reference: "http://other.example/fhir/Practitioner/p1" },
        ]),
      ),
    ...dice.one<Fields>([
      {},
      { effectiveDateTime: dice.one(DATES) },
      { effectivePeriod: periodOf(dice) },
      { effectiveTiming: { event: dice.some(DATES, 3) } },
    ]),
    ...dice.one<Fields>([
      {},
      { valueQuantity: quantityOf(dice) },
      { valueCodeableConcept: conceptOf(dice) },
      { valueString: dice.one(NAMES) },
      { valueDateTime: dice.one(DATES) },
    ]),
    component: dice.some([0], 3).map(() => ({
      code: conceptOf(dice),
      ...dice.one([{ valueQuantity: quantityOf(dice) }, { valueCodeableConcept: conceptOf(dice) }]),
    })),
  };
}

function maybe<T extends JsonValue>(dice: Dice, percent: number, make: () => T): T | undefined {
  return dice.chance(percent) ? make() : undefined;
}

function subjectOf(dice: Dice): JsonObject {
  if (dice.chance(80)) return refTo(dice, "Patient", 50);
  return dice.chance(50) ? { identifier: identifierOf(dice) } : { reference: `Group/g${dice.below(3)}` };
}

function refTo(dice: Dice, type: string, count: number): JsonObject {
  return { reference: `${type}/${type.slice(0, 3).toLowerCase()}${dice.below(count)}` };
}

function nameOf(dice: Dice): JsonObject {
  return { family: dice.one(NAMES), given: dice.some(NAMES, 2) };
}

function identifierOf(dice: Dice): JsonObject {
  const system = dice.one([...SYSTEMS, undefined]);
  const type = dice.chance(50) ? { coding: [codingOf(dice)], text: dice.one(NAMES) } : undefined;
  return withoutUndefined({ system, value: dice.one(CODES), type });
}

function codingOf(dice: Dice): JsonObject {
  return withoutUndefined({
    system: dice.one([...SYSTEMS, undefined]),
    code: dice.one(CODES),
    display: dice.chance(50) ? dice.one(NAMES) : undefined,
  });
}

function conceptOf(dice: Dice): JsonObject {
  return withoutUndefined({
    coding: [codingOf(dice), ...dice.some([0], 1).map(() => codingOf(dice))],
    text: dice.chance(40) ? dice.one(NAMES) : undefined,
  });
}

function numberOf(dice: Dice): ExactNumber {
  return new ExactNumber(dice.one(NUMBERS));
}

function quantityOf(dice: Dice): JsonObject {
  const [system, code, unit] = dice.one(UNITS);
  const comparator = dice.chance(10) ? dice.one(["<", "<=", ">", ">="]) : undefined;
  return withoutUndefined({ value: numberOf(dice), comparator, system, code, unit });
}

function rangeOf(dice: Dice): JsonObject {
  return withoutUndefined({
    low: dice.chance(80) ? { value: new ExactNumber("5") } : undefined,
    high: { value: new ExactNumber(dice.one(["5.4", "100", "120"])) },
  });
}

function periodOf(dice: Dice): JsonObject {
  const start = dice.chance(80) ? dice.one(["2020", "2023-12-31T23:30:00Z", "2024-02", "2024-03-30"]) : undefined;
  return withoutUndefined({
    start,
    end:
      start === undefined || dice.chance(60)
        ? dice.one(["2024-03-31", "2024-10-27", "2024-10-27T02:30:00+01:00"])
        : undefined,
  });
}
