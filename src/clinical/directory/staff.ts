/**
 * Staff with their assignments, put together from the directory's FHIR resources: who, in which role, at which care
 * unit of which care provider.
 *
 * SPEC CLIN-STAFF · HSA: PractitionerRole is the assignment (medarbetaruppdrag)
 */
import type { Organization, Practitioner, PractitionerRole } from "fhir/r4";
import type { Assignment } from "../../access/index.ts";
import {
  assignmentOf,
  disclosedTogether,
  type Disclosed,
  type QueryParameters,
  type Visit,
} from "../../journal/index.ts";
import { isProtected } from "./here.ts";
import { readAll } from "./read-all.ts";

export type StaffMember = {
  readonly id: string;
  readonly name: string;
  readonly title: string;
  readonly profession: string;
  readonly hsaId: string;
  /** The name stands in no list that others see. */
  readonly isProtected: boolean;
  readonly assignments: readonly Assignment[];
};

/** Units are part of each other no deeper than this. */
const DEEPEST = 20;
const HSA_ID = "urn:oid:1.2.752.29.4.19";

/** Everyone with an active assignment. */
export async function readStaff(visit: Visit): Promise<Disclosed<readonly StaffMember[]>> {
  const roles = await readType<PractitionerRole>(visit, "PractitionerRole");
  const people = await readType<Practitioner>(visit, "Practitioner");
  const organizations = await readType<Organization>(visit, "Organization");
  return disclosedTogether([roles, people, organizations], ([one, two, three]) => staffOf(one, two, three));
}

/** Who has the identifier, with the assignments that are in use; nothing when nobody has it, or more than one. */
export async function readStaffMember(
  visit: Visit,
  identifier: { readonly systems: readonly string[]; readonly value: string },
): Promise<Disclosed<StaffMember | undefined>> {
  const { systems, value } = identifier;
  const wanted = systems.map((system) => `${system}|${value.replaceAll(/[\\,|$]/g, "\\$&")}`).join(",");
  const people = await readType<Practitioner>(visit, "Practitioner", [["identifier", wanted]]);
  const [person, ...others] = people.value;
  if (person === undefined || others.length > 0) return disclosedTogether([people], () => undefined);
  const roles = await readType<PractitionerRole>(visit, "PractitionerRole", [
    ["practitioner", `Practitioner/${person.id}`],
  ]);
  const organizations = await readOrganizations(
    visit,
    roles.value.map(({ organization }) => organization?.reference),
  );
  return disclosedTogether([people, roles, ...organizations], () => {
    const known = organizations.flatMap(({ value: some }) => some);
    const [member] = staffOf(roles.value, [person], known);
    if (member !== undefined) return member;
    const hsaId = hsaIdOf(person.identifier);
    if (person.active === false || person.id === undefined || hsaId === undefined) return undefined;
    return { ...plainly(person, hsaId), id: person.id, assignments: [] };
  });
}

/** What the organizations are and what they are part of, level by level. */
async function readOrganizations(
  visit: Visit,
  named: readonly (string | undefined)[],
): Promise<Disclosed<readonly Organization[]>[]> {
  const levels: Disclosed<readonly Organization[]>[] = [];
  const asked = new Set<string>();
  let next = named;
  for (let depth = 0; depth < DEEPEST; depth += 1) {
    const ids = [...new Set(next)].filter((one) => one?.startsWith("Organization/") === true && !asked.has(one));
    if (ids.length === 0) break;
    for (const one of ids) asked.add(one ?? "");
    const level = await readType<Organization>(visit, "Organization", [
      ["_id", ids.map((one) => one?.slice("Organization/".length)).join(",")],
    ]);
    levels.push(level);
    next = level.value.map(({ partOf }) => partOf?.reference);
  }
  return levels;
}

function plainly(person: Practitioner, hsaId: string): Omit<StaffMember, "id" | "assignments"> {
  return {
    // The official name is the first one in the directory's own data.
    name: person.name?.[0]?.text ?? "",
    title: person.qualification?.[0]?.code.text ?? "",
    profession: "",
    hsaId,
    isProtected: isProtected(person),
  };
}

function staffOf(
  roles: readonly PractitionerRole[],
  people: readonly Practitioner[],
  organizations: readonly Organization[],
): StaffMember[] {
  const units = new Map(organizations.map((one) => [`Organization/${one.id}`, one]));
  const byPerson = new Map<string, Assignment[]>();
  for (const role of roles) {
    const assignment = assignmentOf(role, units);
    const person = role.practitioner?.reference;
    if (assignment === undefined || person === undefined) continue;
    byPerson.set(person, [...(byPerson.get(person) ?? []), assignment]);
  }
  return people.flatMap((person) => {
    const assignments = byPerson.get(`Practitioner/${person.id}`);
    const hsaId = hsaIdOf(person.identifier);
    if (person.active === false || assignments === undefined || person.id === undefined || hsaId === undefined)
      return [];
    const told = plainly(person, hsaId);
    const profession = assignments[0]?.role ?? "";
    return [{ ...told, id: person.id, title: told.title || profession, profession, assignments }];
  });
}

function hsaIdOf(identifiers: Organization["identifier"]): string | undefined {
  return identifiers?.find(({ system }) => system === HSA_ID)?.value;
}

async function readType<T>(
  visit: Visit,
  type: string,
  criteria: QueryParameters = [],
): Promise<Disclosed<readonly T[]>> {
  return disclosedTogether([await readAll(visit, type, criteria)], ([texts]) =>
    texts.map((text) => JSON.parse(text) as T),
  );
}
