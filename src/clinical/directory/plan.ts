/**
 * What a file would change: the directory that is to be against the one that is here. Pure. What the file does not name
 * ends only when the file is whole.
 *
 * SPEC CLIN-DIRECTORY-5 CLIN-DIRECTORY-6
 */
import { holdsOn, type Directory, type Duty, type Person, type Provider, type Role, type Unit } from "./model.ts";
import type { Here } from "./here.ts";

export type Kind = "opened" | "changed" | "closed";

export type Change<T> = {
  readonly kind: Kind;
  readonly key: string;
  /** What it is about: as it will be, or as it was when it closes. */
  readonly subject: T;
  readonly before?: T;
  readonly after?: T;
};

export type DutyChange = Change<Duty> & {
  /** Where the resource lies that is changed, when it was written under another key. */
  readonly standingKey: string;
  /** The same commission ends or begins at another unit: the person moves with it. */
  readonly isMove: boolean;
};

export type Plan = {
  readonly providers: readonly Change<Provider>[];
  readonly units: readonly Change<Unit>[];
  readonly roles: readonly Change<Role>[];
  readonly people: readonly Change<Person>[];
  readonly duties: readonly DutyChange[];
  /** Assignments that stay as they are. */
  readonly kept: readonly Duty[];
  /** How many assignments hold today, and how many of them would hold no longer. */
  readonly current: number;
  readonly losing: number;
  /** The directory as it will be. */
  readonly target: Directory;
};

/** Compares. `target` is all that is to be: what is here and not in it ends. */
export function planOf({ directory: here, roleNames }: Here, target: Directory, today: string): Plan {
  const adopted = adoptable(here, target, roleNames);
  const after = { ...target, duties: withoutAdopted(target.duties, adopted) };
  const duties = dutyChanges(here.duties, after.duties, adopted);
  const kept = [...after.duties].flatMap(([key, duty]) => (isSame(here.duties.get(key), duty) ? [duty] : []));
  return {
    providers: changes(here.providers, after.providers),
    units: changes(here.units, after.units),
    roles: changes(here.roles, after.roles),
    people: changes(here.people, after.people),
    duties,
    kept,
    ...losses(here.duties, after.duties, adopted, today),
    target: after,
  };
}

/** Whether there is anything to do. */
export function isEmpty({ providers, units, roles, people, duties }: Plan): boolean {
  return [providers, units, roles, people, duties].every((some) => some.length === 0);
}

function changes<T>(here: ReadonlyMap<string, T>, target: ReadonlyMap<string, T>): Change<T>[] {
  const found: Change<T>[] = [];
  for (const [key, after] of target) {
    const before = here.get(key);
    if (before === undefined) found.push({ kind: "opened", key, subject: after, after });
    else if (!isSame(before, after)) found.push({ kind: "changed", key, subject: after, before, after });
  }
  for (const [key, before] of here) if (!target.has(key)) found.push({ kind: "closed", key, subject: before, before });
  return found;
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one, inOrder) === JSON.stringify(other, inOrder);
}

/** Fields in an order that does not depend on who made the object. */
function inOrder(_name: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/** By the key that an assignment shall have: the key of one without a commission that says the same of the same person. */
function adoptable(here: Directory, target: Directory, roleNames: ReadonlyMap<string, string>): Map<string, string> {
  const free = new Map<string, string[]>();
  for (const [key, { commission, person, unit }] of here.duties) {
    if (commission !== null) continue;
    const likeness = `${person} ${unit} ${(roleNames.get(key) ?? "").toLowerCase()}`;
    free.set(likeness, [...(free.get(likeness) ?? []), key]);
  }
  const adopted = new Map<string, string>();
  for (const [key, { commission, person, unit, role }] of target.duties) {
    if (commission === null || here.duties.has(key)) continue;
    const name = target.roles.get(role)?.name.toLowerCase() ?? "";
    const found = free.get(`${person} ${unit} ${name}`)?.shift();
    if (found !== undefined) adopted.set(key, found);
  }
  return adopted;
}

function withoutAdopted(duties: ReadonlyMap<string, Duty>, adopted: ReadonlyMap<string, string>): Map<string, Duty> {
  const left = new Map(duties);
  for (const old of adopted.values()) left.delete(old);
  return left;
}

function dutyChanges(
  here: ReadonlyMap<string, Duty>,
  target: ReadonlyMap<string, Duty>,
  adopted: ReadonlyMap<string, string>,
): DutyChange[] {
  const taken = new Set(adopted.values());
  const before = new Map([...here].filter(([key]) => !taken.has(key)));
  for (const [key, old] of adopted) {
    const duty = here.get(old);
    if (duty !== undefined) before.set(key, duty);
  }
  const found = changes(before, target);
  const moved = movedBetween(found);
  return found.map((one) => ({
    ...one,
    standingKey: adopted.get(one.key) ?? one.key,
    isMove: moved.has(memberOf(one.subject)),
  }));
}

function memberOf({ commission, person }: Duty): string {
  return commission === null ? "" : `${commission} ${person}`;
}

function movedBetween(found: readonly Change<Duty>[]): ReadonlySet<string> {
  const opened = new Set(found.filter(({ kind }) => kind === "opened").map(({ subject }) => memberOf(subject)));
  const closed = found.filter(({ kind }) => kind === "closed").map(({ subject }) => memberOf(subject));
  return new Set(closed.filter((one) => one !== "" && opened.has(one)));
}

/** Who works today and would not; somebody who moves with the commission still works. */
function losses(
  here: ReadonlyMap<string, Duty>,
  target: ReadonlyMap<string, Duty>,
  adopted: ReadonlyMap<string, string>,
  today: string,
): { readonly current: number; readonly losing: number } {
  const newKeys = new Map([...adopted].map(([key, old]) => [old, key]));
  const working = new Set([...target.values()].filter(({ span }) => holdsOn(span, today)).map(memberOf));
  let [current, losing] = [0, 0];
  for (const [key, before] of here) {
    if (!holdsOn(before.span, today)) continue;
    current += 1;
    const after = target.get(newKeys.get(key) ?? key);
    const stays = after !== undefined && holdsOn(after.span, today);
    if (!stays && (before.commission === null || !working.has(memberOf(before)))) losing += 1;
  }
  return { current, losing };
}
