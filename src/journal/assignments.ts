/**
 * What the directory's FHIR resources say of an assignment, and whether somebody still stands under theirs. The second is
 * for the system itself: it shows nobody anything, so it leaves nothing in the access log. It is asked at every request;
 * what was read is kept with its versions, and every three seconds one question for all tells which of them are others.
 *
 * SPEC JRN-STANDING · PDL (2008:355) 4 kap. 2 §: access that is not needed any more is withdrawn
 */
import type { CodeSystem, Organization, Practitioner, PractitionerRole } from "fhir/r4";
import { workOf, type Assignment, type Footing, type PersonActor } from "../access/index.ts";
import { isHsaSystem } from "../base/index.ts";
import { isFhirId } from "../fhir/index.ts";
import type { Store } from "../store/index.ts";

/** Units are part of each other no deeper than this. */
const DEEPEST = 20;
/** With the two seconds that a session is remembered, an ended assignment ends in five. */
const LOOK_MS = 3000;
const CACHE_SIZE = 20_000;
/** Whoever has asked for nothing so long is looked up anew. */
const KEPT_MS = 600_000;

/** Where an assignment says what it is for, when it comes from a source of the directory. */
const COMMISSION = "urn:eira:uppdrag";
/** Where it says that it is a student's, a deputy's or a delegation. */
const FOOTING = "urn:eira:grund-for-uppdrag";
const FOOTINGS: ReadonlySet<string> = new Set<Footing["kind"]>(["student", "deputy", "delegation"]);
/** The only purpose that opens charts; what is for another opens its own work, or nothing while it has no rules. */
const CARE = "Vård och behandling";
/** The directory's roles, and the CodeSystem that it keeps them in, whose id follows from what it is for. */
export const ROLE_SYSTEM = "urn:eira:roll";
export const ROLE_SYSTEM_ID = "e00000000000004t5k6vd0yk6v";

/** The assignment that a role is, or nothing when it is not in use, opens nothing, or its unit or care provider cannot be told. */
export function assignmentOf(
  role: PractitionerRole,
  organizations: ReadonlyMap<string, Organization>,
): Assignment | undefined {
  const unit = organizations.get(role.organization?.reference ?? "");
  const purpose = purposeOf(role);
  if (role.id === undefined || role.active !== true || unit === undefined || purpose === undefined) return undefined;
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
    ...purpose,
    ...footingOf(role),
  };
}

/** Nothing of an ordinary one; of a kind that is not known something that opens nothing. */
function footingOf({ extension }: PractitionerRole): Pick<Assignment, "footing"> {
  const parts = extension?.find(({ url }) => url === FOOTING)?.extension;
  const kind = parts?.find(({ url }) => url === "kind")?.valueString ?? "";
  if (parts === undefined) return {};
  if (!FOOTINGS.has(kind)) return { footing: { kind: "delegation", by: null, task: null } };
  const by = parts?.find(({ url }) => url === "by")?.valueIdentifier?.value ?? null;
  const task = parts?.find(({ url }) => url === "task")?.valueString ?? null;
  return { footing: { kind: kind as Footing["kind"], by, task } };
}

function dayOf(time: string | undefined): string | null {
  return time?.slice(0, 10) ?? null;
}

/** What an assignment is for besides care: nothing more to say of one for care, and no answer for what opens nothing. */
function purposeOf({ extension, code }: PractitionerRole): Pick<Assignment, "purpose" | "roleId"> | undefined {
  const commission = extension?.find(({ url }) => url === COMMISSION);
  const purpose = commission?.extension?.find(({ url }) => url === "purpose")?.valueString;
  if (purpose === undefined || purpose === CARE) return {};
  const roleId = code?.[0]?.coding?.find(({ system }) => system === ROLE_SYSTEM)?.code; // an assignment is one role
  return roleId !== undefined && workOf({ purpose, roleId }) !== undefined ? { purpose, roleId } : undefined;
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

/** What was read of somebody, and from which versions: 0 for what was not there. */
type Known = {
  readonly standing: PersonActor | undefined;
  readonly versions: ReadonlyMap<string, number>;
  /** When it was last asked for. */
  asked: number;
};

/** One for each process and store. */
export class Standings {
  private readonly store: Store;
  private readonly clock: () => Date;
  private readonly known = new Map<string, Known>();
  private checked = 0;
  private checking: Promise<void> | undefined;

  constructor(store: Store, clock: () => Date) {
    this.store = store;
    this.clock = clock;
  }

  /**
   * The person with the assignment as the directory has it, at most three seconds ago; nothing when the assignment or the
   * person is not in use any more, or is at another unit or care provider than the one that was chosen.
   */
  async now(actor: PersonActor): Promise<PersonActor | undefined> {
    const at = this.clock().getTime();
    if (at - this.checked >= LOOK_MS) await this.check(at);
    const key = JSON.stringify([actor.id, actor.assignment]);
    const known = this.known.get(key);
    if (known !== undefined) {
      known.asked = at;
      return known.standing;
    }
    const fresh = await this.look(actor);
    if (this.known.size >= CACHE_SIZE) this.known.clear();
    this.known.set(key, { ...fresh, asked: at });
    return fresh.standing;
  }

  /** Forgets whatever has another version now: one question for everybody, however many there are. */
  private check(at: number): Promise<void> {
    this.checking ??= this.forgetChanged(at).finally(() => (this.checking = undefined));
    return this.checking;
  }

  private async forgetChanged(at: number): Promise<void> {
    for (const [key, { asked }] of this.known) if (at - asked > KEPT_MS) this.known.delete(key);
    const some = [...this.known];
    const names = [...new Set(some.flatMap(([, { versions }]) => [...versions.keys()]))];
    const standing = names.length === 0 ? new Map<string, number>() : await this.store.currentVersions(names);
    for (const [key, { versions }] of some)
      if ([...versions].some(([name, version]) => (standing.get(name) ?? 0) !== version)) this.known.delete(key);
    this.checked = at;
  }

  private async look(actor: PersonActor): Promise<Omit<Known, "asked">> {
    const versions = new Map<string, number>();
    const read: Read = async (reference) => {
      const [type = "", id = ""] = reference.split("/");
      const row = READ.has(type) && isFhirId(id) ? await this.store.readOne("*", type, id) : undefined;
      if (READ.has(type)) versions.set(reference, row?.version ?? 0);
      return row === undefined ? undefined : (JSON.parse(row.content) as unknown);
    };
    return { standing: await standingOf(actor, read), versions };
  }
}

type Read = (reference: string) => Promise<unknown>;

const READ: ReadonlySet<string> = new Set(["PractitionerRole", "Practitioner", "Organization", "CodeSystem"]);

async function standingOf(actor: PersonActor, read: Read): Promise<PersonActor | undefined> {
  const [role, person] = (await Promise.all([
    read(`PractitionerRole/${actor.assignment.id}`),
    read(`Practitioner/${actor.id}`),
  ])) as [PractitionerRole | undefined, Practitioner | undefined];
  if (role === undefined || person === undefined || person.active === false) return undefined;
  if (role.practitioner?.reference !== `Practitioner/${actor.id}`) return undefined;
  const assignment = assignmentOf(role, await organizationsOf(role, read));
  const { unitHsaId, providerHsaId } = actor.assignment;
  if (assignment?.unitHsaId !== unitHsaId || assignment.providerHsaId !== providerHsaId) return undefined;
  return { ...actor, assignment: await withAnalysis(assignment, read) };
}

/** With the analysis that the role rests on, of work that reads no chart; without one the role opens nothing. */
async function withAnalysis(assignment: Assignment, read: Read): Promise<Assignment> {
  const { roleId } = assignment;
  if (roleId === undefined) return assignment;
  const roles = (await read(`CodeSystem/${ROLE_SYSTEM_ID}`)) as CodeSystem | undefined;
  const role = roles?.url === ROLE_SYSTEM ? roles.concept?.find(({ code }) => code === roleId) : undefined;
  const property = (code: string) => role?.property?.find((one) => one.code === code);
  const isUsed = property("status")?.valueCode !== "retired";
  return { ...assignment, analysis: isUsed ? (property("analysis")?.valueString ?? null) : null };
}

/** The unit of a role and all that it is part of. */
async function organizationsOf(role: PractitionerRole, read: Read): Promise<ReadonlyMap<string, Organization>> {
  const found = new Map<string, Organization>();
  let reference = role.organization?.reference;
  while (reference !== undefined && !found.has(reference) && found.size < DEEPEST) {
    const one = (await read(reference)) as Organization | undefined;
    if (one === undefined) break;
    found.set(reference, one);
    reference = one.partOf?.reference;
  }
  return found;
}
