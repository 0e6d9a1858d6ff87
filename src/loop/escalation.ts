/**
 * Who gets a loop that stood still. What is life-threatening asks one person after another, who are on duty at that moment; the rest
 * goes to the whole list, then up. It never stops: at the region's own list it comes back until somebody has moved it.
 *
 * SPEC LOOP-ESCALATE · F9, F11 (results that nobody read), F69 (an engine that gives up)
 */
import type { Loop } from "./model.ts";
import type { Registry } from "./routing.ts";

/** Who is at work, as it stands at one moment. */
export type Roster = {
  /** Whether a person works anywhere and is not away. */
  readonly isPresent: (person: string) => boolean;
  /** Who takes over for somebody who is away. */
  readonly deputyOf: (person: string) => string | null;
  /** Those on duty at a list just now, in the order in which they are asked. */
  readonly onDuty: (worklist: string) => readonly string[];
};

export type Holder = { readonly owner: string; readonly responsible: string | null };

const SENDERS_FIRST: ReadonlySet<Loop["kind"]> = new Set(["letter", "specimen"]);

/** The person who is asked first: the one meant when at work, else the deputy, else nobody in particular; critical: who is on duty. */
export function firstHolder(
  meant: Holder & { readonly risk: Loop["risk"] },
  { roster }: { readonly roster: Roster },
): Holder {
  const { owner, responsible, risk } = meant;
  const person = presentFor(responsible, roster);
  const duty = roster.onDuty(owner);
  if (risk === 0 && (person === null || (duty.length > 0 && !duty.includes(person))))
    return { owner, responsible: duty[0] ?? person };
  return { owner, responsible: person };
}

/** Who gets the loop next. */
export function nextHolder(
  loop: Loop,
  { registry, roster }: { readonly registry: Registry; readonly roster: Roster },
): Holder {
  const { owner } = registry.staffed(loop.owner ?? loop.sender);
  if (loop.risk === 0) return nextOnDuty({ ...loop, owner }, { registry, roster });
  // What a patient has not read, and a specimen that has not arrived, whoever sent it sees to first.
  if (SENDERS_FIRST.has(loop.kind) && loop.level === 0)
    return { owner, responsible: presentFor(loop.responsible, roster) };
  if (loop.level === 0 && loop.responsible !== null) return { owner, responsible: deputyFor(loop.responsible, roster) };
  return { owner: registry.above(owner), responsible: null };
}

/**
 * The next one on duty at the list, and after the last one the first at the next list above where somebody is. From the top it begins again:
 * there, or, when nobody is on duty there, where it came from. Somebody is asked every seven minutes until it is moved.
 */
function nextOnDuty(
  loop: Loop & Holder,
  { registry, roster }: { readonly registry: Registry; readonly roster: Roster },
): Holder {
  const dutyAt = (list: string): string[] => roster.onDuty(list).filter((person) => roster.isPresent(person));
  const { owner, responsible } = loop;
  const duty = dutyAt(owner);
  const next = duty[(responsible === null ? -1 : duty.indexOf(responsible)) + 1];
  if (next !== undefined) return { owner, responsible: next };
  const up = listsAbove(owner, registry);
  const around = [
    ...up,
    ...(up.length === 0 ? [owner] : []),
    registry.staffed(loop.sender).owner,
    ...listsAbove(loop.sender, registry),
  ];
  for (const list of around) {
    const [first] = dutyAt(list);
    if (first !== undefined) return { owner: list, responsible: first };
  }
  return { owner: up.at(-1) ?? owner, responsible: null };
}

/** The staffed lists above one, up to the region's own. */
function listsAbove(id: string, registry: Registry): string[] {
  const found: string[] = [];
  for (let list = registry.above(id); list !== id && !found.includes(list); list = registry.above(list))
    found.push(list);
  return found;
}

function presentFor(person: string | null, roster: Roster): string | null {
  if (person === null || roster.isPresent(person)) return person;
  return deputyFor(person, roster);
}

/** Follows deputies of deputies, and ends when they stand in for each other. */
function deputyFor(person: string, roster: Roster): string | null {
  const seen = new Set([person]);
  let one = roster.deputyOf(person);
  while (one !== null && !seen.has(one)) {
    if (roster.isPresent(one)) return one;
    seen.add(one);
    one = roster.deputyOf(one);
  }
  return null;
}
