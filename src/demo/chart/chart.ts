/**
 * A patient's chart while it is being written: what every story shares. A resource enters through `put`, which gives
 * it its id (with the patient's home) and its owner: the care unit and care provider where it came to be. SPEC DEMO-OWN
 */
import type { Encounter, FhirResource, Reference } from "fhir/r4";
import { homeOf, newId } from "../../base/index.ts";
import type { Dice } from "../dice.ts";
import type { Assignment, Bed, Directory, Unit } from "../directory/directory.ts";
import type { Profession } from "../directory/staff-table.ts";
import type { UnitKey } from "../directory/units.ts";
import type { Person } from "../people/person.ts";
import { fullName } from "../people/resources.ts";
import { ageAt, HOUR, utcMs, type Wall } from "../time.ts";

/** One resource and who owns it. */
export interface DemoEntry {
  readonly resource: FhirResource;
  /** HSA-id of the care unit; null for directory data. */
  readonly careUnit: string | null;
  readonly careProvider: string | null;
}

/** What stories learn about the patient from each other, so that notes agree with lists. */
export interface Facts {
  weight: number;
  height: number;
  smoker: "aldrig" | "före detta" | "ja";
  /** Systolic and diastolic pressure, and pulse, at rest. */
  pressure: readonly [number, number];
  pulse: number;
  readonly problems: string[];
  readonly drugs: string[];
  readonly allergies: string[];
  readonly said: Set<string>;
}

export interface Chart {
  readonly person: Person;
  readonly directory: Directory;
  readonly now: Wall;
  readonly dice: Dice;
  readonly facts: Facts;
  readonly entries: DemoEntry[];
  readonly subject: Reference;
}

/** What the plan tells a story beyond the person. */
export type Given = Readonly<Record<string, string | number>>;

/** A life story writes its part of a chart. */
export type Story = (chart: Chart, given: Given) => void;

/** The scene of one contact: where, when and by whom. */
export interface Scene {
  readonly chart: Chart;
  readonly unit: Unit;
  readonly at: Wall;
  readonly by: Assignment;
  readonly encounter?: Encounter;
  /** When the encounter began and ended; no end while it goes on. */
  readonly span?: readonly [from: Wall, to: Wall | undefined];
}

/** Gives the resource an id and an owner and adds it to the chart. */
export function put<T extends FhirResource>(chart: Chart, unit: Unit, at: Wall, resource: T): T {
  resource.id = newId(homeOf(chart.person.id), utcMs(at), chart.dice.bytes(10));
  chart.entries.push({ resource, careUnit: unit.hsaId, careProvider: unit.providerHsaId });
  return resource;
}

export function refTo(resource: FhirResource, display?: string): Reference {
  const reference = `${resource.resourceType}/${resource.id}`;
  return display === undefined ? { reference } : { reference, display };
}

/** The patient; a protected person's name is not copied into every resource. */
export function subjectOf(person: Person): Reference {
  const reference = `Patient/${person.id}`;
  return person.protection ? { reference } : { reference, display: fullName(person) };
}

/** The patient's age on a day; someone without a date of birth counts as middle-aged. */
export function ageOf(chart: Chart, at: Wall): number {
  return chart.person.birth === undefined ? 50 : ageAt(chart.person.birth, at);
}

/** The bed that the plan has given a patient who lies in a ward now. */
export function bedOf(chart: Chart, unit: UnitKey, given: Given): Bed | undefined {
  return chart.directory.unit(unit).beds[Number(given["bed"] ?? -1)];
}

/** A scene at a unit with somebody of the profession. */
export function scene(chart: Chart, unit: UnitKey, profession: Profession, at: Wall): Scene {
  return { chart, unit: chart.directory.unit(unit), at, by: chart.directory.at(unit, profession, chart.dice) };
}

/** The same place at another time, or with a colleague. It is no longer the same contact when that was over, or not begun. */
export function later(where: Scene, at: Wall, by: Assignment = where.by): Scene {
  const { encounter, span, ...rest } = where;
  if (!encounter || !span) return { ...rest, at, by };
  const [from, to] = span;
  const within = at >= from - HOUR && (to === undefined || at <= to + 2 * HOUR);
  return within ? { ...where, at, by } : { ...rest, at, by };
}

/** A colleague at the same unit. */
export function colleague(where: Scene, profession: Profession): Assignment {
  return where.chart.directory.at(where.unit.key, profession, where.chart.dice);
}

export function inEncounter(where: Scene): { encounter?: Reference } {
  return where.encounter ? { encounter: refTo(where.encounter) } : {};
}

export function isWoman(chart: Chart): boolean {
  return chart.person.sex === "female";
}
