/**
 * Staff with their assignments, put together from the directory's FHIR resources: who, in which role, at which care
 * unit of which care provider.
 *
 * SPEC CLIN-STAFF · HSA: PractitionerRole is the assignment (medarbetaruppdrag)
 */
import type { Organization, Practitioner, PractitionerRole } from "fhir/r4";
import type { Assignment } from "../../access/index.ts";
import { assignmentOf, disclosedTogether, type Disclosed, type Visit } from "../../journal/index.ts";
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

const HSA_ID = "urn:oid:1.2.752.29.4.19";

/** Everyone with an active assignment. */
export async function readStaff(visit: Visit): Promise<Disclosed<readonly StaffMember[]>> {
  const roles = await readType<PractitionerRole>(visit, "PractitionerRole");
  const people = await readType<Practitioner>(visit, "Practitioner");
  const organizations = await readType<Organization>(visit, "Organization");
  return disclosedTogether([roles, people, organizations], ([one, two, three]) => staffOf(one, two, three));
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
    const title = person.qualification?.[0]?.code.text ?? assignments[0]?.role ?? "";
    // The official name is the first one in the directory's own data.
    return [
      {
        id: person.id,
        name: person.name?.[0]?.text ?? "",
        title,
        profession: assignments[0]?.role ?? "",
        hsaId,
        isProtected: isProtected(person),
        assignments,
      },
    ];
  });
}

function hsaIdOf(identifiers: Organization["identifier"]): string | undefined {
  return identifiers?.find(({ system }) => system === HSA_ID)?.value;
}

async function readType<T>(visit: Visit, type: string): Promise<Disclosed<readonly T[]>> {
  return disclosedTogether([await readAll(visit, type)], ([texts]) => texts.map((text) => JSON.parse(text) as T));
}
