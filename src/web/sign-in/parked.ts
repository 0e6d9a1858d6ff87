/**
 * Changing who uses a computer: whoever leaves is signed out, and only where they were is remembered, in this tab, so that
 * they come back to it when they have proved again who they are. No session waits for anybody.
 *
 * SPEC WEB-SWITCH
 */
import { forgetEverything } from "../wire/queries.ts";
import { signOut, startAddress, type Session } from "../wire/session.ts";
import { announceSignOut } from "../shell/use-session-watch.ts";

export type Parked = {
  readonly name: string;
  readonly hsaId: string;
  readonly assignment: string;
  readonly method: string;
  /** The address they were at. */
  readonly place: string;
};

const KEY = "eira.parked";
const MOST = 4;

/** Who has left this tab to others, the last one first. */
export function parkedPeople(): readonly Parked[] {
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(KEY) ?? "[]");
    return Array.isArray(kept) ? (kept as Parked[]).filter(isParked) : [];
  } catch {
    return [];
  }
}

/** Signs out and leaves the place to the next one: at the same address, or where somebody who comes back was. */
export async function handOver(session: Session, to?: Parked): Promise<void> {
  const place = location.pathname + location.search;
  remember(session, place);
  await signOut().catch(() => undefined);
  announceSignOut();
  forgetEverything();
  // A new document: nothing that was on the screen is left in its memory.
  location.assign(to === undefined ? `/logga-in?${String(new URLSearchParams({ till: place }))}` : wayBack(to));
}

/** Nobody is to come back: whoever was here has signed out. */
export function forgetParked(): void {
  sessionStorage.removeItem(KEY);
}

function wayBack({ method, hsaId, assignment, place }: Parked): string {
  if (method === "none") return `/logga-in?${String(new URLSearchParams({ till: place }))}`;
  return startAddress(method, { till: place, hint: hsaId, assignment });
}

function remember({ person, assignment, authenticated }: Session, place: string): void {
  const { name, hsaId } = person;
  const method = authenticated?.method ?? "none";
  const others = parkedPeople().filter((one) => one.hsaId !== hsaId);
  const kept: readonly Parked[] = [{ name, hsaId, assignment: assignment.id, method, place }, ...others];
  sessionStorage.setItem(KEY, JSON.stringify(kept.slice(0, MOST)));
}

function isParked(value: Partial<Parked> | null): value is Parked {
  return [value?.name, value?.hsaId, value?.assignment, value?.method, value?.place].every(
    (text) => typeof text === "string",
  );
}
