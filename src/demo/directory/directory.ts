/**
 * Builds the directory: care providers, units, places, people and their assignments, as FHIR resources and as
 * look-up tables for the stories. Directory data belong to no patient: home 0, no owner. SPEC DEMO-DIR, DEMO-STAFF
 */
import type { Coding, FhirResource, Location, Organization, Practitioner, PractitionerRole, Reference } from "fhir/r4";
import { newId } from "../../base/index.ts";
import { coding, hl7, hsaIdentifier, local, LOCAL } from "../codes/systems.ts";
import { dice, type Dice } from "../dice.ts";
import type { Town } from "../people/places.ts";
import { dayText, utcMs, wall, type Wall } from "../time.ts";
import { buildKeepers } from "./keepers.ts";
import { STAFF, type Profession, type StaffRow } from "./staff-table.ts";
import {
  HOSPITAL,
  PROVIDERS,
  UNITS,
  personHsaId,
  unitHsaId,
  type ProviderKey,
  type UnitDefinition,
  type UnitKey,
  type UnitKind,
} from "./units.ts";

export interface Unit {
  readonly key: UnitKey;
  readonly name: string;
  readonly kind: UnitKind;
  readonly hsaId: string;
  readonly provider: ProviderKey;
  readonly providerName: string;
  readonly providerHsaId: string;
  /** Organization of the unit and its Location. */
  readonly ref: Reference;
  readonly place: Reference;
  readonly beds: readonly Bed[];
}

export interface Bed {
  readonly name: string;
  readonly ref: Reference;
  readonly ward: Reference;
}

/** One person at one unit in one role: what a signature in the record points at. */
export interface Assignment {
  readonly id: string;
  readonly unit: UnitKey;
  readonly person: string;
  readonly name: string;
  readonly title: string;
  readonly profession: Profession;
  /** PractitionerRole reference with name and title as display. */
  readonly ref: Reference;
  /** Practitioner reference, for the few elements that take nothing else. */
  readonly personRef: Reference;
}

export interface StaffMember {
  readonly id: string;
  readonly hsaId: string;
  readonly name: string;
  readonly title: string;
  readonly profession: Profession;
  readonly assignments: readonly Assignment[];
}

export interface Directory {
  readonly resources: readonly FhirResource[];
  readonly staff: readonly StaffMember[];
  unit(key: UnitKey): Unit;
  /** Somebody of the profession at the unit; a colleague of another profession there when there is none. */
  at(unit: UnitKey, profession: Profession, chance: Dice): Assignment;
}

const ROLE_OF: Record<Profession, string> = {
  läkare: "Läkare",
  sjuksköterska: "Sjuksköterska",
  barnmorska: "Barnmorska",
  undersköterska: "Undersköterska",
  fysioterapeut: "Fysioterapeut",
  arbetsterapeut: "Arbetsterapeut",
  "biomedicinsk analytiker": "Laboratoriepersonal",
  röntgensjuksköterska: "Röntgensjuksköterska",
  "medicinsk sekreterare": "Medicinsk sekreterare",
  psykolog: "Psykolog",
  apotekare: "Apotekare",
  dietist: "Dietist",
  kurator: "Kurator",
  vårdadministratör: "Vårdadministratör",
};

const LICENSED: ReadonlySet<Profession> = new Set<Profession>([
  "läkare",
  "sjuksköterska",
  "barnmorska",
  "fysioterapeut",
  "arbetsterapeut",
  "biomedicinsk analytiker",
  "röntgensjuksköterska",
  "psykolog",
  "apotekare",
  "dietist",
  "kurator",
]);

interface Build {
  readonly out: FhirResource[];
  readonly id: () => string;
  readonly began: Wall;
}

/** Makes the whole directory. Everything follows from the seed. */
export function buildDirectory(seed: number): Directory {
  const chance = dice(seed, "directory");
  const began = wall(2024, 1, 1);
  const build: Build = { out: [], began, id: () => newId(0, utcMs(began), chance.bytes(10)) };
  const providers = new Map(PROVIDERS.map((one) => [one.key, organization(build, { ...one, type: "Vårdgivare" })]));
  const hospital = organization(build, { ...HOSPITAL, type: "Sjukhus", parent: providers.get("region") });
  const units = new Map(
    UNITS.map((one) => [one.key, buildUnit(build, one, one.hospital ? hospital : providers.get(one.provider)!)]),
  );
  const staff = STAFF.map((row, index) => buildPerson(build, { row, number: index + 1, units, chance }));
  const byUnit = groupByUnit(staff);
  build.out.push(...buildKeepers(seed, units.get("chef")!));
  return {
    resources: build.out,
    staff,
    unit: (key) => units.get(key)!,
    at: (unit, profession, dice) => oneOf(byUnit, unit, profession, dice),
  };
}

interface OrganizationPlan {
  readonly name: string;
  readonly hsaId: string;
  readonly type: string;
  readonly town: Town;
  readonly parent?: Reference | undefined;
}

function organization(build: Build, { name, hsaId, type, town, parent }: OrganizationPlan): Reference {
  const resource: Organization = {
    resourceType: "Organization",
    id: build.id(),
    identifier: [hsaIdentifier(hsaId)],
    active: true,
    type: [local(LOCAL.unitType, type)],
    name,
    address: [{ type: "physical", city: town.name, country: "SE" }],
    ...(parent ? { partOf: parent } : {}),
  };
  build.out.push(resource);
  return { reference: `Organization/${resource.id}`, display: name };
}

function buildUnit(build: Build, unit: UnitDefinition, parent: Reference): Unit {
  const provider = PROVIDERS.find((one) => one.key === unit.provider)!;
  const hsaId = unitHsaId(unit);
  const ref = organization(build, { name: unit.name, hsaId, type: "Vårdenhet", town: unit.town, parent });
  const resource = build.out[build.out.length - 1] as Organization;
  resource.type!.push(local(LOCAL.unitType, unit.kind.charAt(0).toUpperCase() + unit.kind.slice(1)));
  const place = location(build, { name: unit.name, kind: "bu", owner: ref });
  return {
    key: unit.key,
    name: unit.name,
    kind: unit.kind,
    hsaId,
    provider: unit.provider,
    providerName: provider.name,
    providerHsaId: provider.hsaId,
    ref,
    place,
    beds: buildBeds(build, unit, ref, place),
  };
}

function buildBeds(build: Build, unit: UnitDefinition, ref: Reference, place: Reference): Bed[] {
  if (!unit.ward) return [];
  const [name, rooms, bedsPerRoom] = unit.ward;
  const ward = location(build, { name, kind: "wa", owner: ref, partOf: place });
  return Array.from({ length: rooms }, (_, index) => {
    const number = index + 1;
    const room = location(build, { name: `${name}, rum ${number}`, kind: "ro", owner: ref, partOf: ward });
    return Array.from({ length: bedsPerRoom }, (_, bed) => {
      const label = bedsPerRoom === 1 ? `${number}` : `${number}:${bed + 1}`;
      const bedRef = location(build, { name: `${name}, plats ${label}`, kind: "bd", owner: ref, partOf: room });
      return { name: label, ref: bedRef, ward };
    });
  }).flat();
}

interface LocationPlan {
  readonly name: string;
  /** Building, ward, room or bed, as HL7 codes them. */
  readonly kind: "bu" | "wa" | "ro" | "bd";
  readonly owner: Reference;
  readonly partOf?: Reference;
}

function location(build: Build, { name, kind, owner, partOf }: LocationPlan): Reference {
  const resource: Location = {
    resourceType: "Location",
    id: build.id(),
    status: "active",
    name,
    mode: "instance",
    physicalType: hl7("location-physical-type", kind),
    managingOrganization: owner,
    ...(partOf ? { partOf } : {}),
  };
  build.out.push(resource);
  return { reference: `Location/${resource.id}`, display: name };
}

interface PersonPlan {
  readonly row: StaffRow;
  readonly number: number;
  readonly units: ReadonlyMap<UnitKey, Unit>;
  readonly chance: Dice;
}

function buildPerson(build: Build, { row, number, units, chance }: PersonPlan): StaffMember {
  const [given, family, profession, title, keys] = row;
  const first = units.get(keys[0]!)!;
  const hsaId = personHsaId(first.provider, number);
  const name = `${given} ${family}`;
  const person: Practitioner = {
    resourceType: "Practitioner",
    id: build.id(),
    identifier: [hsaIdentifier(hsaId)],
    active: true,
    name: [{ use: "official", family, given: [given], text: name }],
    qualification: [{ code: { ...(LICENSED.has(profession) ? licence(profession) : {}), text: title } }],
  };
  build.out.push(person);
  const since = wall(chance.between(2015, 2024), chance.between(1, 12), 1);
  const assignments = keys.map((key) => buildAssignment(build, { row, person, unit: units.get(key)!, since }));
  return { id: person.id!, hsaId, name, title, profession, assignments };
}

function licence(profession: Profession): { coding: Coding[] } {
  return { coding: [coding(LOCAL.role, profession.replace(/ /g, "-"), `Legitimerad ${profession}`)] };
}

function buildAssignment(
  build: Build,
  made: { row: StaffRow; person: Practitioner; unit: Unit; since: Wall },
): Assignment {
  const { row, person, unit, since } = made;
  const [given, family, profession, title] = row;
  const name = `${given} ${family}`;
  const display = `${name}, ${title}`;
  const role: PractitionerRole = {
    resourceType: "PractitionerRole",
    id: build.id(),
    active: true,
    period: { start: dayText(since) },
    practitioner: { reference: `Practitioner/${person.id}`, display: name },
    organization: unit.ref,
    code: [local(LOCAL.role, ROLE_OF[profession])],
    location: [unit.place],
  };
  build.out.push(role);
  return {
    id: role.id!,
    unit: unit.key,
    person: person.id!,
    name,
    title,
    profession,
    ref: { reference: `PractitionerRole/${role.id}`, display },
    personRef: { reference: `Practitioner/${person.id}`, display: name },
  };
}

function groupByUnit(staff: readonly StaffMember[]): ReadonlyMap<UnitKey, readonly Assignment[]> {
  const map = new Map<UnitKey, Assignment[]>();
  for (const one of staff.flatMap((person) => person.assignments))
    map.set(one.unit, [...(map.get(one.unit) ?? []), one]);
  return map;
}

function oneOf(
  byUnit: ReadonlyMap<UnitKey, readonly Assignment[]>,
  unit: UnitKey,
  profession: Profession,
  chance: Dice,
): Assignment {
  const there = byUnit.get(unit) ?? [];
  const right = there.filter((one) => one.profession === profession);
  return chance.pick(right.length > 0 ? right : there);
}
