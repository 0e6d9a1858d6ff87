/**
 * Staff with their assignments, put together from the directory's FHIR resources: who, in which role, at which care
 * unit of which care provider.
 *
 * SPEC CLIN-STAFF · HSA: PractitionerRole is the assignment (medarbetaruppdrag)
 */
import type { Organization, Practitioner, PractitionerRole } from "fhir/r4";
import type { Assignment } from "../../access/index.ts";
import {
  disclosedTogether,
  searchResources,
  type Disclosed,
  type Found,
  type QueryParameters,
  type Visit,
} from "../../journal/index.ts";

export type StaffMember = {
  readonly id: string;
  readonly name: string;
  readonly title: string;
  readonly profession: string;
  readonly hsaId: string;
  readonly assignments: readonly Assignment[];
};

const HSA_ID = "urn:oid:1.2.752.29.4.19";
const DEEPEST = 20;

/** Everyone with an active assignment. */
export async function readStaff(visit: Visit): Promise<Disclosed<readonly StaffMember[]>> {
  const roles = await readAll<PractitionerRole>(visit, "PractitionerRole");
  const people = await readAll<Practitioner>(visit, "Practitioner");
  const organizations = await readAll<Organization>(visit, "Organization");
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
    const assignment = role.active === true ? assignmentOf(role, units) : undefined;
    const person = role.practitioner?.reference;
    if (assignment === undefined || person === undefined) continue;
    byPerson.set(person, [...(byPerson.get(person) ?? []), assignment]);
  }
  return people.flatMap((person) => {
    const assignments = byPerson.get(`Practitioner/${person.id}`);
    const hsaId = hsaIdOf(person.identifier);
    if (assignments === undefined || person.id === undefined || hsaId === undefined) return [];
    const title = person.qualification?.[0]?.code.text ?? assignments[0]?.role ?? "";
    // The official name is the first one in the directory's own data.
    return [
      {
        id: person.id,
        name: person.name?.[0]?.text ?? "",
        title,
        profession: assignments[0]?.role ?? "",
        hsaId,
        assignments,
      },
    ];
  });
}

/** The assignment that a role is, or nothing when its unit or care provider cannot be told. */
function assignmentOf(role: PractitionerRole, units: ReadonlyMap<string, Organization>): Assignment | undefined {
  const unit = units.get(role.organization?.reference ?? "");
  const provider = unit === undefined ? undefined : topOf(unit, units);
  const where = unit === undefined ? undefined : named(unit);
  const whose = provider === undefined ? undefined : named(provider);
  if (role.id === undefined || where === undefined || whose === undefined) return undefined;
  const { start, end } = role.period ?? {};
  return {
    id: role.id,
    unit: where.name,
    unitHsaId: where.hsaId,
    provider: whose.name,
    providerHsaId: whose.hsaId,
    role: role.code?.[0]?.text ?? "", // an assignment is one role in the directory's own data
    from: dayOf(start),
    until: dayOf(end),
  };
}

function dayOf(time: string | undefined): string | null {
  return time?.slice(0, 10) ?? null;
}

function named({ name, identifier }: Organization): { readonly name: string; readonly hsaId: string } | undefined {
  const hsaId = hsaIdOf(identifier);
  return hsaId === undefined ? undefined : { name: name ?? hsaId, hsaId };
}

/** The care provider: the organization that is part of no other. */
function topOf(unit: Organization, units: ReadonlyMap<string, Organization>): Organization | undefined {
  let one: Organization = unit;
  for (let depth = 0; depth < DEEPEST; depth += 1) {
    if (one.partOf?.reference === undefined) return one;
    const parent = units.get(one.partOf.reference);
    if (parent === undefined) return undefined;
    one = parent;
  }
  return undefined;
}

function hsaIdOf(identifiers: Organization["identifier"]): string | undefined {
  return identifiers?.find(({ system }) => system === HSA_ID)?.value;
}

async function readAll<T>(visit: Visit, type: string): Promise<Disclosed<readonly T[]>> {
  const pages: Disclosed<Found>[] = [];
  let cursor: string | null = null;
  do {
    const after: QueryParameters = cursor === null ? [] : [["_cursor", cursor]];
    const page: Disclosed<Found> = await searchResources(visit, type, [["_count", "1000"], ...after]);
    pages.push(page);
    cursor = page.value.cursor;
  } while (cursor !== null);
  return disclosedTogether(pages, (found) =>
    found.flatMap(({ rows }) => rows.map(({ content }) => JSON.parse(content) as T)),
  );
}
