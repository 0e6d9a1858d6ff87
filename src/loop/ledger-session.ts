/**
 * One commit of the ledger: what it holds, the steps that are taken on it, and their writing, all at its end.
 *
 * SPEC LOOP-LEDGER
 */
import { advanced, type Moved } from "./advance.ts";
import { firstHolder, type Holder } from "./escalation.ts";
import type { Act, KeptStep, LedgerTx, Matter, Place, Writer } from "./ledger-tx.ts";
import type { EventName, Kind, Loop, LoopEvent, Risk } from "./model.ts";
import type { Registry } from "./routing.ts";

export type Held = { readonly loop: Loop; readonly taken: ReadonlySet<string> };

/** The loops that a commit is about, as they stand after each step of it. */
export class Session {
  readonly tx: LedgerTx;
  readonly writer: Writer;
  readonly registry: Registry;
  private readonly places: ReadonlyMap<string, Place>;
  private readonly loops = new Map<string, Held>();
  /** The same by the resources that they are about. */
  private readonly names = new Map<string, Set<string>>();
  private readonly steps: KeptStep[] = [];

  private constructor(tx: LedgerTx, writer: Writer, registry: Registry, places: ReadonlyMap<string, Place>) {
    this.tx = tx;
    this.writer = writer;
    this.registry = registry;
    this.places = places;
  }

  static async begin(
    tx: LedgerTx,
    writer: Writer,
    { matters, acts }: { readonly matters: readonly Matter[]; readonly acts: readonly Act[] },
  ): Promise<Session> {
    const all = matters.flatMap(({ intents }) => intents);
    const asked = all.flatMap((intent) =>
      intent.do === "open" ? [...intent.to, ...intent.from, ...intent.answers] : intent.to,
    );
    const subjects = matters.flatMap((matter) => [
      `${matter.type}/${matter.id}`,
      ...matter.intents.flatMap((intent) =>
        intent.do === "open" ? [...intent.answers, ...(intent.faceOf ?? [])] : [intent.about],
      ),
    ]);
    const [places, held] = await Promise.all([
      asked.length === 0 ? new Map<string, Place>() : tx.places([...new Set(asked)]),
      tx.hold(
        [...new Set(subjects)],
        acts.map(({ loop }) => loop),
        acts.map(({ key }) => key),
      ),
    ]);
    const lists = [
      ...matters.map(({ careUnit }) => careUnit),
      ...[...places.values()].map(({ worklist }) => worklist),
      ...held.flatMap(({ loop }) => [loop.sender, loop.receiver, loop.owner]),
      ...acts.map(({ to }) => to?.worklist ?? null),
    ].filter((one) => one !== null);
    const registry = await tx.registry([...new Set(lists)]);
    const session = new Session(tx, writer, registry, places);
    for (const one of held) session.put(one);
    return session;
  }

  /** Writes all steps. Errors: what the transaction refuses. */
  async end(): Promise<void> {
    if (this.steps.length > 0) await this.tx.write(this.steps);
  }

  /** A loop as it stands now. */
  get(id: string): Held | undefined {
    return this.loops.get(id);
  }

  private put(held: Held): void {
    const { id, subject } = held.loop;
    this.loops.set(id, held);
    const name = `${subject.type}/${subject.id}`;
    const before = this.names.get(name);
    if (before === undefined) this.names.set(name, new Set([id]));
    else before.add(id);
  }

  /** What is known of a resource, of some kinds or of all. */
  about(name: string, kinds?: readonly Kind[]): Held[] {
    const found = [...(this.names.get(name) ?? [])].flatMap((id) => this.loops.get(id) ?? []);
    return kinds === undefined ? found : found.filter(({ loop }) => kinds.includes(loop.kind));
  }

  /** Takes a step, and answers the loop after it. */
  step(loop: Loop, event: EventName, moved: Omit<Moved, "at">, kept: Pick<LoopEvent, "key" | "note">): Loop {
    const next = advanced(loop, event, { ...moved, at: this.writer.at });
    this.keep(loop, next, { event, ...kept });
    return next;
  }

  /** Keeps a step with what it made of the loop. */
  keep(before: Loop | null, after: Loop, kept: Pick<LoopEvent, "event" | "key" | "note">): void {
    const { by, unit } = this.writer;
    const { event, key, note } = kept;
    const at = after.version === 1 ? after.opened : this.writer.at;
    this.steps.push({ event, key, note, at, by, unit, before, after });
    const taken = new Set(this.loops.get(after.id)?.taken);
    if (kept.key !== null) taken.add(kept.key);
    this.put({ loop: after, taken });
  }

  /** Who has what is meant for a list and perhaps a person there. */
  async holder(meant: Holder, risk: Risk): Promise<Holder> {
    const { owner, responsible } = meant;
    if (responsible === null && risk !== 0) return meant;
    const people = responsible === null ? [] : [responsible];
    const roster = await this.tx.roster(people, risk === 0 ? [owner] : [], this.writer.at);
    return firstHolder({ ...meant, risk }, { roster });
  }

  /** Where the first of some references leads that leads to a list. */
  placeIn(references: readonly string[]): Place | undefined {
    return references.map((one) => this.places.get(one)).find((place) => (place?.worklist ?? null) !== null);
  }

  /** The first person whom some references mean. */
  personIn(references: readonly string[]): string | null {
    return references.map((one) => this.places.get(one)?.person).find((person) => (person ?? null) !== null) ?? null;
  }

  /** The list of a unit, when it has one. */
  listOf(unit: string | null): string | null {
    return unit !== null && this.registry.get(unit) !== undefined ? unit : null;
  }
}

/** Orders and referrals: somebody asks somebody else for something. */
export const REQUESTS: ReadonlySet<Kind> = new Set(["order", "referral"]);

/** Names a step by what caused it. */
export function keyOf({ key }: Pick<Matter, "key">, part: string): string {
  return `${key} ${part}`;
}
