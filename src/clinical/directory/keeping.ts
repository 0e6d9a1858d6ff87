/**
 * The directory as whoever keeps it looks at it on a screen: care providers, units and roles with what they rest on, people
 * with all their assignments, and which open sessions a change would end.
 *
 * SPEC CLIN-KEEP
 */
import type { PersonActor } from "../../access/index.ts";
import { disclosedTogether, today, type Disclosed, type Visit } from "../../journal/index.ts";
import { readHere, type Here } from "./here.ts";
import type { Look } from "./look.ts";
import { holdsOn, providerOf, type Analysis, type Duty, type Person, type Span } from "./model.ts";
import { namesOf } from "./names.ts";
import { PROTECTED_NAME } from "./words.ts";

export type ShownDuty = Duty & {
  readonly unitName: string;
  readonly providerName: string;
  readonly roleName: string;
  /** The role in the directory rests on an analysis; an assignment without commission has no such role. */
  readonly hasAnalysis: boolean;
  readonly holdsToday: boolean;
};

export type ShownPerson = {
  readonly hsaId: string;
  readonly name: string;
  readonly title: string;
  readonly isProtected: boolean;
  readonly span: Span;
  readonly duties: readonly ShownDuty[];
};

export type DirectoryOverview = {
  readonly providers: readonly { readonly hsaId: string; readonly name: string; readonly span: Span }[];
  readonly units: readonly {
    readonly hsaId: string;
    readonly name: string;
    readonly provider: string | null;
    readonly isCareUnit: boolean;
    readonly span: Span;
    readonly working: number;
  }[];
  readonly roles: readonly {
    readonly id: string;
    readonly name: string;
    readonly analysis: Analysis | null;
    readonly working: number;
  }[];
};

/** Care providers, units and roles, with how many assignments hold today. */
export async function directoryOverview(visit: Visit): Promise<Disclosed<DirectoryOverview>> {
  const day = today(visit);
  return disclosedTogether([await readHere(visit)], ([{ directory }]) => {
    const working = [...directory.duties.values()].filter(({ span }) => holdsOn(span, day));
    const count = (is: (duty: Duty) => boolean): number => working.filter(is).length;
    return {
      providers: [...directory.providers.values()]
        .map(({ hsaId, name, span }) => ({ hsaId, name, span }))
        .toSorted(byName),
      units: [...directory.units.values()]
        .map(({ hsaId, name, isCareUnit, span }) => ({
          hsaId,
          name,
          provider: directory.providers.get(providerOf(directory.units, hsaId) ?? "")?.name ?? null,
          isCareUnit,
          span,
          working: count(({ unit }) => unit === hsaId),
        }))
        .toSorted(byName),
      roles: [...directory.roles.values()]
        .map(({ id, name, analysis }) => ({ id, name, analysis, working: count(({ role }) => role === id) }))
        .toSorted(byName),
    };
  });
}

/** The people of what was read who meet all the words, by name. */
export function peopleIn(
  { directory, roleNames }: Pick<Here, "directory" | "roleNames">,
  { words, unit, day }: { readonly words: readonly string[]; readonly unit: string | undefined; readonly day: string },
): readonly ShownPerson[] {
  const duties = dutiesByPerson({ directory, roleNames }, day);
  return [...directory.people.values()]
    .map((person) => shownPerson(person, duties.get(person.hsaId) ?? []))
    .filter((one) => unit === undefined || one.duties.some((duty) => duty.unit === unit))
    .filter((one) => words.every((word) => textOf(one).includes(word)))
    .toSorted(byName);
}

function shownPerson(
  { hsaId, given, family, title, isProtected, span }: Person,
  duties: readonly ShownDuty[],
): ShownPerson {
  return { hsaId, name: isProtected ? PROTECTED_NAME : `${given} ${family}`, title, isProtected, span, duties };
}

function textOf({ hsaId, name, title, duties }: ShownPerson): string {
  const places = duties.flatMap(({ unitName, roleName, commission, unit }) => [
    unitName,
    roleName,
    commission ?? "",
    unit,
  ]);
  return [hsaId, name, title, ...places].join(" ").toLocaleLowerCase("sv");
}

function dutiesByPerson(
  { directory, roleNames }: Pick<Here, "directory" | "roleNames">,
  day: string,
): ReadonlyMap<string, readonly ShownDuty[]> {
  const found = new Map<string, ShownDuty[]>();
  for (const [key, duty] of directory.duties) {
    const role = directory.roles.get(duty.role);
    const shown: ShownDuty = {
      ...duty,
      unitName: directory.units.get(duty.unit)?.name ?? duty.unit,
      providerName: directory.providers.get(providerOf(directory.units, duty.unit) ?? "")?.name ?? "",
      roleName: roleNames.get(key) ?? role?.name ?? duty.role,
      hasAnalysis: role !== undefined && role.analysis !== null,
      holdsToday: holdsOn(duty.span, day),
    };
    found.set(duty.person, [...(found.get(duty.person) ?? []), shown]);
  }
  return found;
}

function byName(one: { readonly name: string }, other: { readonly name: string }): number {
  return one.name.localeCompare(other.name, "sv");
}

/** Who is signed in under an assignment that the change ends or takes elsewhere, each by unit and time of signing in. */
export async function sessionsEnding({ store }: Visit, { here, plan, today: day }: Look): Promise<readonly string[]> {
  const lost = new Set<string>();
  for (const { kind, standingKey, after } of plan.duties) {
    const standing = here.standing.get(`duties ${standingKey}`);
    if (standing !== undefined && (kind === "closed" || (after !== undefined && !holdsOn(after.span, day))))
      lost.add(standing.id);
  }
  if (lost.size === 0) return [];
  const names = namesOf(here.directory, plan.target);
  const open = (await store.openSessions()) as readonly PersonActor[];
  return open
    .filter(({ assignment }) => lost.has(assignment.id))
    .map(({ hsaId, assignment }) => `${names.person(hsaId)}, ${assignment.unit}`);
}
