/**
 * What the directory's FHIR resources say of an assignment, and whether somebody still stands under theirs. The second is
 * for the system itself: it shows nobody anything, so it leaves nothing in the access log; and it is asked at every
 * request, so it looks at the database at most every three seconds for each assignment.
 *
 * SPEC JRN-STANDING · PDL (2008:355) 4 kap. 2 §: access that is not needed any more is withdrawn
 */
import type { Organization, Practitioner, PractitionerRole } from "fhir/r4";
import type { Assignment, PersonActor } from "../access/index.ts";
import { isHsaSystem } from "../base/index.ts";
import type { Store } from "../store/index.ts";

/** Units are part of each other no deeper than this. */
const DEEPEST = 20;
/** With the two seconds that a session is remembered, an ended assignment ends in five. */
const LOOK_MS = 3000;
const CACHE_SIZE = 20_000;

/** Where an assignment says what it is for, when it comes from a source of the directory. */
const COMMISSION = "urn:eira:uppdrag";
/** The only purpose that opens records so far; what is for another opens nothing until it has rules of its own. */
const CARE = "Vård och behandling";

/** The assignment that a role is, or nothing when it is not in use, not for care, or its unit or care provider cannot be told. */
export function assignmentOf(
  role: PractitionerRole,
  organizations: ReadonlyMap<string, Organization>,
): Assignment | undefined {
  const unit = organizations.get(role.organization?.reference ?? "");
  if (role.id === undefined || role.active !== true || unit === undefined || !isForCare(role)) return undefined;
  const provider = topOf(unit, organizations);
  const [where, whose] = [named(unit), provider === undefined ? undefined : named(provider)];
  if (where === undefined || whose === undefined) return undefined;
  return {
    id: role.id,
    unit: where.name,
    unitHsaId: where.hsaId,
    provider: whose.name,
    providerHsaId: whose.hsaId,
    role: role.code?.[0]?.text ?? "", // an assignment is one role in the directory's own data
    from: dayOf(role.period?.start),
    until: dayOf(role.period?.end),
  };
}

function dayOf(time: string | undefined): string | null {
  return time?.slice(0, 10) ?? null;
}

function isForCare({ extension }: PractitionerRole): boolean {
  const commission = extension?.find(({ url }) => url === COMMISSION);
  const purpose = commission?.extension?.find(({ url }) => url === "purpose")?.valueString;
  return purpose === undefined || purpose === CARE;
}

function named({ name, identifier }: Organization): { readonly name: string; readonly hsaId: string } | undefined {
  const hsaId = identifier?.find(({ system }) => isHsaSystem(system ?? ""))?.value;
  return hsaId === undefined ? undefined : { name: name ?? hsaId, hsaId };
}

/** The care provider: the organization that is part of no other. */
function topOf(unit: Organization, organizations: ReadonlyMap<string, Organization>): Organization | undefined {
  let one: Organization = unit;
  for (let depth = 0; depth < DEEPEST; depth += 1) {
    if (one.partOf?.reference === undefined) return one;
    const parent = organizations.get(one.partOf.reference);
    if (parent === undefined) return undefined;
    one = parent;
  }
  return undefined;
}

type Looked = { readonly until: number; readonly standing: Promise<PersonActor | undefined> };

/** One for each process and store. */
export class Standings {
  private readonly store: Store;
  private readonly clock: () => Date;
  private readonly looked = new Map<string, Looked>();

  constructor(store: Store, clock: () => Date) {
    this.store = store;
    this.clock = clock;
  }

  /**
   * The person with the assignment as the directory has it, at most three seconds ago; nothing when the assignment or the
   * person is not in use any more, or is at another unit or care provider than the one that was chosen.
   */
  now(actor: PersonActor): Promise<PersonActor | undefined> {
    const at = this.clock().getTime();
    const key = JSON.stringify([actor.id, actor.assignment]);
    const known = this.looked.get(key);
    if (known !== undefined && known.until > at) return known.standing;
    if (this.looked.size >= CACHE_SIZE) this.looked.clear();
    const standing = this.look(actor);
    const one = { until: at + LOOK_MS, standing };
    this.looked.set(key, one);
    // What could not be looked up is looked up again; whoever asked is told.
    standing.catch(() => this.looked.get(key) === one && this.looked.delete(key));
    return standing;
  }

  private async look(actor: PersonActor): Promise<PersonActor | undefined> {
    const [role, person] = await Promise.all([
      this.read<PractitionerRole>(`PractitionerRole/${actor.assignment.id}`),
      this.read<Practitioner>(`Practitioner/${actor.id}`),
    ]);
    if (role === undefined || person === undefined || person.active === false) return undefined;
    if (role.practitioner?.reference !== `Practitioner/${actor.id}`) return undefined;
    const assignment = assignmentOf(role, await this.organizationsOf(role));
    const { unitHsaId, providerHsaId } = actor.assignment;
    if (assignment?.unitHsaId !== unitHsaId || assignment.providerHsaId !== providerHsaId) return undefined;
    return { ...actor, assignment };
  }

  /** The unit of a role and all that it is part of. */
  private async organizationsOf(role: PractitionerRole): Promise<ReadonlyMap<string, Organization>> {
    const found = new Map<string, Organization>();
    let reference = role.organization?.reference;
    while (reference !== undefined && !found.has(reference) && found.size < DEEPEST) {
      const one: Organization | undefined = await this.read<Organization>(reference);
      if (one === undefined) break;
      found.set(reference, one);
      reference = one.partOf?.reference;
    }
    return found;
  }

  private async read<T>(reference: string): Promise<T | undefined> {
    const [type = "", id = ""] = reference.split("/");
    const row = await this.store.readOne("*", type, id);
    return row === undefined ? undefined : (JSON.parse(row.content) as T);
  }
}
