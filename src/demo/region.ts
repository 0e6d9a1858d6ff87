/**
 * Puts the region together: directory first, then one family at a time, so that no more than a family's records are
 * in memory at once. SPEC DEMO-GEN
 */
import type { FhirResource } from "fhir/r4";
import { bloodEntries } from "./catalogue/blood.ts";
import { catalogueEntries } from "./catalogue/orderables.ts";
import { letterTemplatesOf, type DemoTemplate } from "./catalogue/letters.ts";
import { noteTemplateEntries } from "./catalogue/note-templates.ts";
import { tubeEntries } from "./catalogue/tubes.ts";
import type { Chart, DemoEntry, Facts } from "./chart/chart.ts";
import { put, subjectOf } from "./chart/chart.ts";
import { dice, type Dice } from "./dice.ts";
import { buildDirectory, type Directory, type StaffMember } from "./directory/directory.ts";
import { ordinaryHousehold } from "./people/ordinary.ts";
import type { Household, Person } from "./people/person.ts";
import { planHousehold, planner } from "./people/plan.ts";
import { patientOf, relativeOf } from "./people/resources.ts";
import { SCRIPTED } from "./people/scripted.ts";
import { STORIES } from "./stories/all.ts";
import type { StoryName } from "./stories/names.ts";
import { storiesOf } from "./stories/ordinary-stories.ts";
import { ageAt, atTime, parseDay, YEAR, type Wall } from "./time.ts";

export interface RegionOptions {
  readonly seed: number;
  /** YYYY-MM-DD, from 2025-01-01 to 2035-12-31. */
  readonly today: string;
  /** How many patients, up to 600; 400 unless said. */
  readonly patients?: number;
  /** The time of day that is "now", HH:MM from 09:00, when the morning's rounds are written; 10:00 unless said. */
  readonly now?: string;
}

export interface StaffSummary {
  /** Practitioner id. */
  readonly id: string;
  readonly hsaId: string;
  readonly name: string;
  readonly title: string;
  readonly profession: string;
  readonly assignments: readonly AssignmentSummary[];
}

export interface AssignmentSummary {
  /** PractitionerRole id. */
  readonly id: string;
  readonly role: string;
  readonly unit: string;
  readonly unitHsaId: string;
  readonly provider: string;
  readonly providerHsaId: string;
}

export interface RegionSummary {
  readonly patients: number;
  readonly households: number;
  readonly staff: number;
  readonly careProviders: number;
  readonly careUnits: number;
  /** How many patients have each story. */
  readonly stories: Readonly<Record<string, number>>;
}

export interface DemoRegion {
  /** Directory data, then each family: what a resource refers to comes before it or in the same family. Can be read again. */
  readonly resources: Iterable<DemoEntry>;
  readonly staff: readonly StaffSummary[];
  /** What the units' letters are made of; it is nobody's record. */
  readonly templates: readonly DemoTemplate[];
  readonly summary: RegionSummary;
}

const MOST_PATIENTS = 600;

/** Makes the region. The same options give the same bytes. @throws RangeError for a day or a number of patients out of range. */
export function generateRegion(options: RegionOptions): DemoRegion {
  const today = parseDay(options.today);
  const year = new Date(today).getUTCFullYear();
  if (year < 2025 || year > 2035) throw new RangeError("today is not within 2025 to 2035");
  const patients = options.patients ?? 400;
  if (!Number.isInteger(patients) || patients < 1 || patients > MOST_PATIENTS)
    throw new RangeError("patients is not within 1 to 600");
  const now = nowOf(today, options.now ?? "10:00");
  const directory = buildDirectory(options.seed);
  const households = planRegion(options.seed, today, patients);
  return {
    resources: { [Symbol.iterator]: () => entries(options.seed, now, directory, households) },
    staff: directory.staff.map((one) => staffSummary(one, directory)),
    templates: letterTemplatesOf(options.seed, directory),
    summary: summaryOf(directory, households),
  };
}

function nowOf(today: Wall, text: string): Wall {
  const parts = /^(09|1\d|2[0-3]):([0-5]\d)$/.exec(text);
  if (!parts) throw new RangeError("now is not a time from 09:00 to 23:59");
  return atTime(today, Number(parts[1]), Number(parts[2]));
}

function planRegion(seed: number, today: Wall, patients: number): Household[] {
  const plans = planner(seed, today, storiesOf);
  const households: Household[] = [];
  let count = 0;
  const add = (household: Household): void => {
    households.push(household);
    count += household.members.length;
  };
  for (const wish of SCRIPTED)
    if (count < patients) add(planHousehold(plans, { ...wish, members: wish.members.slice(0, patients - count) }));
  for (let index = 0; count < patients; index++)
    add(planHousehold(plans, ordinaryHousehold(seed, index, patients - count)));
  return households;
}

function* entries(
  seed: number,
  now: Wall,
  directory: Directory,
  households: readonly Household[],
): Generator<DemoEntry> {
  for (const resource of directory.resources)
    yield { resource: structuredClone(resource), careUnit: null, careProvider: null };
  yield* catalogueEntries(seed, directory);
  yield* tubeEntries(seed);
  yield* noteTemplateEntries(seed);
  yield* bloodEntries(seed, directory);
  for (const household of households) {
    for (const person of household.members) yield* chartOf(seed, now, directory, person).entries;
  }
}

function chartOf(seed: number, now: Wall, directory: Directory, person: Person): Chart {
  const entries: DemoEntry[] = [];
  const chance = dice(seed, `person/${person.key}`);
  const chart: Chart = {
    person,
    directory,
    now: Math.min(now, person.death ?? now), // nothing is written or booked for the dead
    dice: chance,
    facts: factsOf(person, now, seed),
    entries,
    subject: subjectOf(person),
  };
  const unit = directory.unit(person.centre);
  entries.push({ resource: patientOf(person, directory), careUnit: unit.hsaId, careProvider: unit.providerHsaId });
  for (const relation of person.relations)
    put<FhirResource>(chart, unit, now - 3 * YEAR, relativeOf(person, relation, ""));
  for (const plan of person.stories) {
    STORIES[plan.name]?.({ ...chart, dice: dice(seed, `person/${person.key}/${plan.name}`) }, plan.with ?? {});
  }
  return chart;
}

function factsOf(person: Person, now: Wall, seed: number): Facts {
  const chance = dice(seed, `facts/${person.key}`);
  const age = person.birth === undefined ? 45 : ageAt(person.birth, now);
  const woman = person.sex === "female";
  const height = chance.around(woman ? 166 : 179, 6);
  const index = chance.around(26, 3.4, 1);
  return {
    height,
    weight: Math.round(index * (height / 100) ** 2 * 10) / 10,
    smoker: smokerOf(person, age, chance),
    pressure: [chance.around(age > 60 ? 134 : 122, 7), chance.around(78, 5)],
    pulse: chance.around(70, 6),
    problems: [],
    drugs: [],
    allergies: [],
    said: new Set(),
  };
}

/** Most have never smoked; nobody with COPD is one of them. */
function smokerOf(person: Person, age: number, chance: Dice): Facts["smoker"] {
  const [never, before, now] = person.stories.some((one) => one.name === "copd") ? [0, 60, 40] : [62, 26, 12];
  if (age < 18) return "aldrig";
  return chance.weighted([
    [never, "aldrig"],
    [before, "före detta"],
    [now, "ja"],
  ] as [number, Facts["smoker"]][]);
}

function staffSummary(one: StaffMember, directory: Directory): StaffSummary {
  return {
    id: one.id,
    hsaId: one.hsaId,
    name: one.name,
    title: one.title,
    profession: one.profession,
    assignments: one.assignments.map((assignment) => {
      const unit = directory.unit(assignment.unit);
      return {
        id: assignment.id,
        role: assignment.profession,
        unit: unit.name,
        unitHsaId: unit.hsaId,
        provider: unit.providerName,
        providerHsaId: unit.providerHsaId,
      };
    }),
  };
}

function summaryOf(directory: Directory, households: readonly Household[]): RegionSummary {
  const people = households.flatMap((one) => one.members);
  const stories: Partial<Record<StoryName, number>> = {};
  for (const plan of people.flatMap((one) => one.stories)) stories[plan.name] = (stories[plan.name] ?? 0) + 1;
  const organizations = directory.resources.filter((one) => one.resourceType === "Organization");
  const ofType = (code: string): number =>
    organizations.filter((one) => one.type?.some((type) => type.coding?.[0]?.code === code)).length;
  return {
    patients: people.length,
    households: households.length,
    staff: directory.staff.length,
    careProviders: ofType("vardgivare"),
    careUnits: ofType("vardenhet"),
    stories,
  };
}
