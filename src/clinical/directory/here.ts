/**
 * The directory as it is stored: FHIR resources, and what they mean. Read through the journal, page by page, so that its
 * access log has it.
 *
 * SPEC CLIN-DIRECTORY-4
 */
import type {
  CodeSystem,
  CodeSystemConcept,
  Extension,
  Location,
  Organization,
  Practitioner,
  PractitionerRole,
} from "fhir/r4";
import { HSA_SYSTEM } from "../../base/index.ts";
import { parseJson, type JsonObject } from "../../fhir/index.ts";
import { disclosedTogether, type Disclosed, type Visit } from "../../journal/index.ts";
import { readAll } from "./read-all.ts";
import {
  dutyKey,
  OPEN,
  type Directory,
  type Duty,
  type Footing,
  type Person,
  type Provider,
  type Right,
  type Role,
  type Span,
  type Unit,
} from "./model.ts";
import {
  CARE_UNIT_TYPE,
  COMMISSION,
  FOOTING,
  ORG_NUMBER,
  ORGANIZATION_PERIOD,
  PERSON_PERIOD,
  REVIEWED,
  ROLE_SYSTEM,
  SECURITY_LABEL,
} from "./words.ts";

/** A resource as it stands: its text with numbers as written, and whether it is in use. */
export type Standing = {
  readonly type: string;
  readonly id: string;
  readonly version: string;
  readonly raw: JsonObject;
  readonly isActive: boolean;
};

export type Here = {
  /** What is in use. */
  readonly directory: Directory;
  /** Resources by what they stand for: `providers HSA-id`, `units HSA-id`, `people HSA-id`, `duties key`; in use or not. */
  readonly standing: ReadonlyMap<string, Standing>;
  /** The place (Location) of a unit, by the unit's HSA-id. */
  readonly places: ReadonlyMap<string, Standing>;
  readonly roleSystem: Standing | undefined;
  /** Roles in an older way of writing, by the duties' keys: the name that they say. */
  readonly roleNames: ReadonlyMap<string, string>;
  /** On what day an assignment was gone through, by its key; none when nobody has said so. */
  readonly reviewed: ReadonlyMap<string, string>;
  /** All of it in one line: `Type/id/version`, sorted. */
  readonly versions: readonly string[];
};

/** Reads everything. */
export async function readHere(visit: Visit): Promise<Disclosed<Here>> {
  const organizations = await readAll(visit, "Organization");
  const people = await readAll(visit, "Practitioner");
  const duties = await readAll(visit, "PractitionerRole");
  const places = await readAll(visit, "Location");
  const systems = await readAll(visit, "CodeSystem", [["url", ROLE_SYSTEM]]);
  return disclosedTogether([organizations, people, duties, places, systems], (all) => hereOf(all));
}

type Texts = readonly string[];

/** What the texts of some of the directory's resources say: organizations, people, assignments, places, the roles' code system. */
export function hereOf([organizations, people, duties, places, systems]: readonly [
  Texts,
  Texts,
  Texts,
  Texts,
  Texts,
]): Here {
  const seen: Standing[] = [];
  const read = <T>(texts: Texts, isActive: (resource: T) => boolean): (readonly [T, Standing])[] =>
    texts.map((text) => {
      const raw = parseJson(text) as JsonObject;
      const resource = raw as unknown as T; // stored resources have been validated
      const { resourceType, id, meta } = raw as { resourceType: string; id: string; meta: { versionId: string } };
      const one = { type: resourceType, id, version: meta.versionId, raw, isActive: isActive(resource) };
      seen.push(one);
      return [resource, one];
    });
  const standing = new Map<string, Standing>();
  const hsaIds = new Map<string, string>();
  const { providers, units } = organizationsOf(read<Organization>(organizations, isInUse), standing, hsaIds);
  const staff = peopleOf(read<Practitioner>(people, isInUse), standing, hsaIds);
  const [roleNames, reviewed] = [new Map<string, string>(), new Map<string, string>()];
  const current = dutiesOf(read<PractitionerRole>(duties, isInUse), { standing, hsaIds, roleNames, reviewed });
  const unitPlaces = placesOf(
    read<Location>(places, ({ status }) => status !== "inactive"),
    hsaIds,
  );
  const [system] = read<CodeSystem>(systems, () => true);
  return {
    directory: { providers, units, people: staff, duties: current, roles: rolesOf(system?.[0]) },
    standing,
    places: unitPlaces,
    roleSystem: system?.[1],
    roleNames,
    reviewed,
    versions: seen.map(({ type, id, version }) => `${type}/${id}/${version}`).toSorted(),
  };
}

/** An element that is not there says nothing against it. */
function isInUse({ active }: { readonly active?: boolean }): boolean {
  return active !== false;
}

/** Where two say that they are the same, the one in use is meant. */
function keepActive(standing: Map<string, Standing>, key: string, one: Standing): void {
  if (standing.get(key)?.isActive !== true) standing.set(key, one);
}

function organizationsOf(
  all: readonly (readonly [Organization, Standing])[],
  standing: Map<string, Standing>,
  hsaIds: Map<string, string>,
): { readonly providers: ReadonlyMap<string, Provider>; readonly units: ReadonlyMap<string, Unit> } {
  const [providers, units] = [new Map<string, Provider>(), new Map<string, Unit>()];
  for (const [one] of all) {
    const hsaId = hsaIdOf(one);
    if (hsaId !== undefined) hsaIds.set(`Organization/${one.id}`, hsaId);
  }
  for (const [one, where] of all) {
    const hsaId = hsaIdOf(one);
    if (hsaId === undefined) continue; // what the directory did not write and cannot name
    const isTop = one.partOf === undefined;
    keepActive(standing, `${isTop ? "providers" : "units"} ${hsaId}`, where);
    const parent = hsaIds.get(one.partOf?.reference ?? "");
    if (!where.isActive) continue;
    if (isTop) providers.set(hsaId, providerIn(one, hsaId));
    else if (parent !== undefined) units.set(hsaId, unitIn(one, hsaId, parent));
  }
  return { providers, units };
}

function providerIn(one: Organization, hsaId: string): Provider {
  const orgNo = one.identifier?.find(({ system }) => system === ORG_NUMBER)?.value ?? null;
  return { hsaId, name: one.name ?? hsaId, orgNo, span: spanOf(extensionOf(one, ORGANIZATION_PERIOD)?.valuePeriod) };
}

function unitIn(one: Organization, hsaId: string, parent: string): Unit {
  const isCareUnit = (one.type ?? []).some(({ text }) => text === CARE_UNIT_TYPE.text);
  const span = spanOf(extensionOf(one, ORGANIZATION_PERIOD)?.valuePeriod);
  return { hsaId, name: one.name ?? hsaId, parent, isCareUnit, span };
}

function peopleOf(
  all: readonly (readonly [Practitioner, Standing])[],
  standing: Map<string, Standing>,
  hsaIds: Map<string, string>,
): ReadonlyMap<string, Person> {
  const people = new Map<string, Person>();
  for (const [one, where] of all) {
    const hsaId = hsaIdOf(one);
    if (hsaId === undefined) continue;
    hsaIds.set(`Practitioner/${one.id}`, hsaId);
    keepActive(standing, `people ${hsaId}`, where);
    if (where.isActive) people.set(hsaId, personIn(one, hsaId));
  }
  return people;
}

function personIn(one: Practitioner, hsaId: string): Person {
  const name = one.name?.find(({ use }) => use === "official") ?? one.name?.[0]; // the directory writes one
  return {
    hsaId,
    given: name?.given?.join(" ") ?? "",
    family: name?.family ?? name?.text ?? "",
    title: one.qualification?.[0]?.code.text ?? "", // the first one carries the title
    isProtected: isProtected(one),
    span: spanOf(extensionOf(one, PERSON_PERIOD)?.valuePeriod),
  };
}

/** Whether a person's own identity is protected. */
export function isProtected({ meta }: Practitioner): boolean {
  return meta?.security?.some(({ system, code }) => system === SECURITY_LABEL && code !== "DEMO") ?? false;
}

type Known = {
  readonly standing: Map<string, Standing>;
  readonly hsaIds: ReadonlyMap<string, string>;
  readonly roleNames: Map<string, string>;
  readonly reviewed: Map<string, string>;
};

function dutiesOf(
  all: readonly (readonly [PractitionerRole, Standing])[],
  { standing, hsaIds, roleNames, reviewed }: Known,
): ReadonlyMap<string, Duty> {
  const duties = new Map<string, Duty>();
  for (const [one, where] of all) {
    const person = hsaIds.get(one.practitioner?.reference ?? "");
    const unit = hsaIds.get(one.organization?.reference ?? "");
    if (person === undefined || unit === undefined) continue;
    const duty = dutyIn(one, person, unit);
    const key = keyOnce(dutyKey(duty), duty, standing);
    standing.set(`duties ${key}`, where);
    if (roleCoding(one) === undefined) roleNames.set(key, one.code?.[0]?.text ?? ""); // an assignment is one role
    const day = extensionOf(one, REVIEWED)?.valueDate;
    if (day !== undefined) reviewed.set(key, day);
    if (where.isActive) duties.set(key, duty);
  }
  return duties;
}

function roleCoding({ code }: PractitionerRole): string | undefined {
  return code?.[0]?.coding?.find(({ system }) => system === ROLE_SYSTEM)?.code; // an assignment is one role
}

function dutyIn(one: PractitionerRole, person: string, unit: string): Duty {
  const commission = extensionOf(one, COMMISSION);
  return {
    commission: hsaIdOf(one) ?? null,
    name: partOf(commission, "name") ?? "",
    purpose: partOf(commission, "purpose") ?? "",
    rights: (commission?.extension ?? []).filter(({ url }) => url === "right").map(rightIn),
    person,
    unit,
    role: roleCoding(one) ?? one.code?.[0]?.text ?? "", // an assignment is one role
    footing: footingOf(extensionOf(one, FOOTING)),
    span: spanOf(one.period),
  };
}

function rightIn(right: Extension): Right {
  return {
    activity: partOf(right, "activity") ?? "",
    informationClass: partOf(right, "informationClass") ?? "",
    scope: partOf(right, "scope") ?? "",
  };
}

/** Two of what was written without a commission may be alike; both are kept in sight. */
function keyOnce(key: string, { commission }: Duty, standing: ReadonlyMap<string, Standing>): string {
  if (commission !== null) return key;
  let free = key;
  for (let n = 2; standing.has(`duties ${free}`); n += 1) free = `${key} ${n}`;
  return free;
}

function footingOf(extension: Extension | undefined): Footing {
  const kind = partOf(extension, "kind");
  if (kind !== "student" && kind !== "deputy" && kind !== "delegation") return { kind: "ordinary" };
  return { kind, by: partOf(extension, "by") ?? "", task: partOf(extension, "task") ?? null };
}

function placesOf(
  all: readonly (readonly [Location, Standing])[],
  hsaIds: ReadonlyMap<string, string>,
): ReadonlyMap<string, Standing> {
  const places = new Map<string, Standing>();
  for (const [one, where] of all) {
    const unit = hsaIds.get(one.managingOrganization?.reference ?? "");
    if (unit !== undefined && one.partOf === undefined) places.set(unit, where); // beds and rooms are part of something
  }
  return places;
}

function rolesOf(system: CodeSystem | undefined): ReadonlyMap<string, Role> {
  const roles = new Map<string, Role>();
  for (const concept of system?.concept ?? []) {
    const [id, date] = [propertyOf(concept, "analysis"), propertyOf(concept, "analysisDate")];
    const analysis = id === undefined || date === undefined ? null : { id, date };
    if (propertyOf(concept, "status") !== "retired")
      roles.set(concept.code, { id: concept.code, name: concept.display ?? concept.code, analysis });
  }
  return roles;
}

function propertyOf({ property }: CodeSystemConcept, code: string): string | undefined {
  const found = property?.find((one) => one.code === code);
  return found?.valueString ?? found?.valueCode ?? found?.valueDateTime;
}

function hsaIdOf({ identifier }: Pick<Organization, "identifier">): string | undefined {
  return identifier?.find(({ system }) => system === HSA_SYSTEM)?.value;
}

function extensionOf({ extension }: { readonly extension?: Extension[] }, url: string): Extension | undefined {
  return extension?.find((one) => one.url === url);
}

function partOf(extension: Extension | undefined, url: string): string | undefined {
  const part = extension?.extension?.find((one) => one.url === url);
  return part?.valueString ?? part?.valueIdentifier?.value;
}

function spanOf(period: { readonly start?: string; readonly end?: string } | undefined): Span {
  if (period === undefined) return OPEN;
  return { from: period.start?.slice(0, 10) ?? null, until: period.end?.slice(0, 10) ?? null };
}
