/** A ledger that is kept in memory, for models of what is sent between units: the rules are those of `loop`. */
import {
  actOn,
  keepLedger,
  Registry,
  REGION,
  type Act,
  type KeptStep,
  type LedgerTx,
  type Loop,
  type Matter,
  type Worklist,
} from "../../loop/index.ts";

/** Units are named by a word; a reference to one is `Organization/<word>`. */
export class MemoryLedger {
  readonly loops = new Map<string, Loop>();
  readonly steps: KeptStep[] = [];
  private readonly lists: readonly Worklist[];
  private at = 0;

  /** `outside`: a unit that an integration leads to. */
  constructor(units: readonly string[], outside?: string) {
    const list = (id: string, parent: string | null): Worklist => ({
      id,
      title: id,
      careProvider: null,
      careUnit: id,
      parent,
      mergedInto: null,
      channel: id === outside ? "hl7v2" : null,
      staffed: true,
      status: "open",
    });
    this.lists = [list(REGION, null), ...units.map((unit) => list(unit, REGION))];
  }

  /** Writes what resources mean. */
  keep(unit: string, matter: Omit<Matter, "home" | "patient">): Promise<void> {
    return keepLedger(this.tx(), this.writer(unit), [{ home: 0, patient: "p1", ...matter }]);
  }

  /** Does as people do. */
  act(unit: string, act: Act): Promise<readonly Loop[]> {
    return actOn(this.tx(), this.writer(unit), [act]);
  }

  stepsOf(loop: string): readonly { readonly event: string; readonly key: string | null }[] {
    return this.steps.filter(({ after }) => after.id === loop);
  }

  private writer(unit: string): Parameters<typeof keepLedger>[1] {
    return { at: (this.at += 1000), by: `${unit}-P1`, unit, isHistory: false };
  }

  private tx(): LedgerTx {
    return {
      registry: () => Promise.resolve(new Registry(this.lists)),
      places: (references) =>
        Promise.resolve(new Map(references.map((one) => [one, { worklist: one.split("/")[1] ?? null, person: null }]))),
      hold: (subjects, ids, keys) => {
        const asked = [...this.loops.values()].filter(
          ({ id, subject }) => ids.includes(id) || subjects.includes(`${subject.type}/${subject.id}`),
        );
        const taken = (id: string): ReadonlySet<string> =>
          new Set(this.stepsOf(id).flatMap(({ key }) => (key !== null && keys.includes(key) ? [key] : [])));
        return Promise.resolve(asked.map((loop) => ({ loop, taken: taken(loop.id) })));
      },
      roster: () => Promise.resolve({ isPresent: () => true, deputyOf: () => null, onDuty: () => [] }),
      write: (steps) => {
        for (const step of steps) this.loops.set(step.after.id, step.after);
        this.steps.push(...steps);
        return Promise.resolve();
      },
      send: () => Promise.resolve(),
      newId: () => `loop-${this.loops.size + 1}-${this.steps.length}`,
    };
  }
}
