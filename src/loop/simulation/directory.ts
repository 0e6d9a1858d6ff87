/**
 * The region's lists and who works through them, in memory: what migration 0023 keeps in worklist, worklist_member, absence and duty, and
 * its functions for presence and deputies. Units merge, close and stand empty; people come, leave and are away.
 *
 * SPEC LOOP-SIM-1
 */
import type { RosterFacts } from "../../store/index.ts";
import { REGION, type Worklist } from "../model.ts";
import { Registry } from "../routing.ts";

export type List = { -readonly [K in keyof Worklist]: Worklist[K] };
export type Absence = { readonly since: number; readonly until: number; readonly deputy: string | null };
type Turn = { readonly person: string; readonly since: number; readonly until: number };

export class Directory {
  readonly lists = new Map<string, List>();
  /** Who works at a list. The region names those of its own. */
  readonly members = new Map<string, Set<string>>();
  private readonly works = new Map<string, number>();
  private settledFrom = 0;
  private settledUntil = 0;
  private readonly absences = new Map<string, Absence[]>();
  private readonly turns = new Map<string, Turn[]>();
  /** Another one whenever a list has changed. */
  moment: object = {};
  private readonly registries = new Map<string, Registry>();

  constructor() {
    this.addList({ id: REGION, parent: null });
  }

  addList(one: { readonly id: string; readonly parent: string | null; readonly channel?: string }): void {
    const { id, parent, channel = null } = one;
    const isRegion = id === REGION;
    this.lists.set(id, {
      id,
      title: id,
      careProvider: null,
      careUnit: isRegion ? null : id,
      parent,
      staffed: isRegion,
      status: "open",
      mergedInto: null,
      channel,
    });
    this.members.set(id, new Set());
    this.changed();
  }

  /** What a transaction reads of the lists: those asked for, what they became, and what stands above them. */
  registryAbove(lists: readonly string[]): Registry {
    const name = lists.length < 2 ? (lists[0] ?? "") : lists.toSorted().join(" ");
    const kept = this.registries.get(name);
    if (kept !== undefined) return kept;
    const found = new Map<string, List>();
    const look = (id: string | null): void => {
      const list = id === null || found.has(id) ? undefined : this.lists.get(id);
      if (list === undefined) return;
      found.set(list.id, { ...list }); // a copy: whoever has read it sees it as it was
      look(list.parent);
      look(list.mergedInto);
    };
    for (const id of [REGION, ...lists]) look(id);
    const registry = new Registry(found.values());
    this.registries.set(name, registry);
    return registry;
  }

  changed(): void {
    this.settledUntil = 0;
    this.moment = {};
    this.registries.clear();
  }

  join(person: string, list: string): void {
    const members = this.members.get(list)!;
    if (members.has(person)) return;
    members.add(person);
    this.settledUntil = 0;
    this.works.set(person, (this.works.get(person) ?? 0) + 1);
  }

  leave(person: string, list: string): void {
    this.settledUntil = 0;
    if (this.members.get(list)!.delete(person)) this.works.set(person, this.works.get(person)! - 1);
  }

  beAway(person: string, absence: Absence): void {
    this.settledUntil = 0;
    this.absences.set(person, [...this.awayOf(person).filter(({ until }) => until > absence.since), absence]);
  }

  onDutyFor(list: string, turns: readonly Turn[]): void {
    this.turns.set(list, [...turns]);
  }

  isPresent(person: string, at: number): boolean {
    return (this.works.get(person) ?? 0) > 0 && this.absenceOf(person, at) === undefined;
  }

  /** Who stands in for somebody who is away; deputies of deputies, until one is there. */
  deputyOf(person: string, at: number): string | null {
    const seen = new Set([person]);
    let one = this.absenceOf(person, at)?.deputy ?? null;
    while (one !== null && !seen.has(one)) {
      if (this.isPresent(one, at)) return one;
      seen.add(one);
      one = this.absenceOf(one, at)?.deputy ?? null;
    }
    return null;
  }

  onDuty(list: string, at: number): string[] {
    const turns = this.turns.get(list);
    if (turns === undefined) return [];
    return turns
      .filter(({ person, since, until }) => since <= at && at < until && this.isPresent(person, at))
      .map(({ person }) => person);
  }

  /** Those of a list who are at work. */
  presentAt(list: string, at: number): string[] {
    return [...(this.members.get(list) ?? [])].filter((person) => this.isPresent(person, at));
  }

  /** Whether nobody has come, left, or begun or ended to be away since a moment when all lists stood as they should. */
  isSettled(at: number): boolean {
    return at >= this.settledFrom && at < this.settledUntil;
  }

  /** All lists stand as they should: until somebody comes or leaves, or an absence begins or ends. */
  settle(at: number): void {
    this.settledFrom = at;
    this.settledUntil = Infinity;
    for (const absences of this.absences.values())
      for (const { since, until } of absences)
        for (const moment of [since, until]) if (moment > at && moment < this.settledUntil) this.settledUntil = moment;
  }

  hasSomebody(list: string, at: number): boolean {
    for (const person of this.members.get(list)!) if (this.isPresent(person, at)) return true;
    return false;
  }

  wouldBeStaffed({ id, status }: List, at: number): boolean {
    return id === REGION || (status === "open" && this.hasSomebody(id, at));
  }

  /** The answer that a transaction gets about people and duty. */
  rosterFacts(people: readonly string[], lists: readonly string[], at: number): RosterFacts {
    return {
      people: people.map((person) => ({
        person,
        isPresent: this.isPresent(person, at),
        deputy: this.deputyOf(person, at),
      })),
      duty: lists.flatMap((worklist) => this.onDuty(worklist, at).map((person) => ({ worklist, person }))),
    };
  }

  private awayOf(person: string): Absence[] {
    return this.absences.get(person) ?? [];
  }

  private absenceOf(person: string, at: number): Absence | undefined {
    const absences = this.absences.get(person);
    return absences?.find(({ since, until }) => since <= at && at < until);
  }
}
