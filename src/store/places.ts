/**
 * Where a resource lies. A row lies at the home of its patient, which its id tells more or less surely; a statement that
 * names the home reaches one place. What the id says is believed only as far as it must be true: whoever does not find a
 * resource there, and cannot be sure, looks everywhere.
 *
 * SPEC STORE-HOME · decision 0004
 */
import { homeOfId } from "../base/index.ts";
import { sureHomeOf } from "../search/index.ts";

/** A home, and whether every version of the resource must lie there. */
export type Place = { readonly home: number; readonly isSure: boolean };

/**
 * Where a resource should be, or nothing when its id does not tell. Sure for patients and for what no patient can have.
 * An id that this server gave was given for the patient that the resource was likely to have; an update may have given it
 * another.
 */
export function placeOf(type: string, id: string): Place | undefined {
  const sure = sureHomeOf(type, id);
  if (sure !== undefined) return { home: sure, isSure: true };
  const home = homeOfId(id);
  return home === undefined ? undefined : { home, isSure: false };
}

/** Ids of one type by what is known of where they lie. */
export type Sorted = {
  /** Ids whose home is known, surely or likely, by it. */
  readonly at: ReadonlyMap<number, readonly string[]>;
  /** The others. */
  readonly anywhere: readonly string[];
};

export function sortedByPlace(type: string, ids: readonly string[]): Sorted {
  const at = new Map<number, string[]>();
  const anywhere: string[] = [];
  for (const id of ids) {
    const place = placeOf(type, id);
    const there = place === undefined ? anywhere : at.get(place.home);
    if (there === undefined && place !== undefined) at.set(place.home, [id]);
    else there?.push(id);
  }
  return { at, anywhere };
}

/** Those of the ids that were not found and may lie elsewhere than where they were looked for. */
export function elsewhere(type: string, ids: readonly string[], found: ReadonlySet<string>): string[] {
  return ids.filter((id) => !found.has(id) && placeOf(type, id)?.isSure !== true);
}

/**
 * The condition that takes a statement to ids at known homes: `$n` is the ids, `$n+1` the home or homes. Of several homes
 * the list is a filter besides the ids.
 */
export function atHomes(
  at: Sorted["at"],
  n = 1,
): { readonly where: string; readonly values: readonly unknown[]; readonly name: string } {
  const ids = [...at.values()].flat();
  const homes = [...at.keys()];
  return homes.length === 1
    ? { where: `id = ANY($${n}) AND home = $${n + 1}`, values: [ids, homes[0]], name: "home" }
    : { where: `id = ANY($${n}) AND home = ANY($${n + 1}::int4[])`, values: [ids, homes], name: "homes" };
}
