/**
 * What the journal does with a command, in memory: versions are checked, the same key is done once, and the ledger's part is done by
 * production code in the same transaction. SPEC LOOP-SIM-1
 */
import type { JsonObject } from "../../fhir/index.ts";
import { advanced, opened } from "../advance.ts";
import { intentsOf } from "../intents.ts";
import { actOn, keepLedger } from "../ledger.ts";
import type { Act, Matter } from "../ledger-tx.ts";
import type { Risk } from "../model.ts";
import { Conflict, type Database, type Transaction } from "./database.ts";
import type { Program } from "./program.ts";

/** One resource to write. `version` is the one that was seen: 0 of what is to be new. */
export type Change = {
  readonly type: string;
  readonly id: string;
  readonly version?: number;
  readonly resource: JsonObject;
  readonly risk?: Risk;
};

export type Wish = {
  readonly key: string | null;
  readonly by: string;
  readonly unit: string | null;
  readonly changes: readonly Change[];
  /** What else the commit does, and what may forbid it. */
  readonly along?: (tx: Transaction) => void;
};

/** Somebody else changed the resource: whoever asked is told, and looks again. */
export class Stale extends Error {}

const RETRIES = 8;
const LEDGER_PATIENT = "p";

export class Journal {
  readonly database: Database;
  readonly clock: () => number;
  /** The ledger's part of a commit. */
  keep: typeof keepLedger = keepLedger;

  constructor(database: Database, clock: () => number) {
    this.database = database;
    this.clock = clock;
  }

  /** Writes; the same key twice is one writing. Errors: Stale; Unavailable; OutcomeUnknown. */
  commit(program: Program, wish: Wish): Promise<void> {
    return this.retried(program, async (tx) => {
      const { key } = wish;
      if (key !== null && (await tx.ask(({ remembered }) => remembered.has(key)))) return;
      const matters = await tx.ask((database) => wish.changes.map((change) => stage(database, tx, { change, wish })));
      await this.keep(tx, { at: this.clock(), by: wish.by, unit: wish.unit, isHistory: false }, matters);
      if (key !== null) remember(tx, key);
      wish.along?.(tx);
      await tx.commit();
    });
  }

  /** Steps that a person takes with loops, all or none. Errors: those of the ledger, Unavailable, OutcomeUnknown. */
  act(
    program: Program,
    who: { readonly by: string; readonly unit: string | null },
    acts: readonly Act[],
  ): Promise<void> {
    return this.retried(program, async (tx) => {
      await actOn(tx, { at: this.clock(), ...who, isHistory: false }, acts);
      await tx.commit();
    });
  }

  /** A fault that somebody has to see to. One that is open already is left as it is; one that was seen to is opened again. */
  async openFault(
    program: Program,
    fault: { readonly type: string; readonly id: string; readonly list: string; readonly risk: Risk },
    along?: (tx: Transaction) => void,
  ): Promise<void> {
    await this.retried(program, async (tx) => {
      const { type, id, list, risk } = fault;
      const registry = await tx.registry([list]);
      const [held] = await tx.hold([`${type}/${id}`], [], []);
      const owner = registry.staffed(list).owner;
      const at = this.clock();
      const step = { at, by: "system", key: null, note: null, unit: null };
      if (held === undefined) {
        const shared = {
          home: 0,
          kind: "fault",
          patient: null,
          responsible: null,
          sentBy: null,
          receiver: null,
          parent: null,
        } as const;
        const after = opened(
          { ...shared, id: tx.newId(0), subject: { type, id, recipient: "" }, owner, sender: list, risk },
          at,
        );
        await tx.write([{ ...step, event: "open", before: null, after }]);
      } else if (held.loop.closed !== null) {
        const after = advanced(held.loop, "reopen", { at, owner, responsible: null });
        await tx.write([{ ...step, event: "reopen", before: held.loop, after }]);
      }
      along?.(tx);
      await tx.commit();
    });
  }

  /** Does it again when somebody was quicker. */
  async retried(program: Program, work: (tx: Transaction) => Promise<void>): Promise<void> {
    for (let round = 0; ; round += 1) {
      try {
        return await work(this.database.begin(program));
      } catch (error) {
        if (!(error instanceof Conflict) || round === RETRIES) throw error;
      }
    }
  }
}

function stage(
  database: Database,
  tx: Transaction,
  { change, wish }: { readonly change: Change; readonly wish: Wish },
): Matter {
  const { type, id, resource, risk } = change;
  const name = `${type}/${id}`;
  const before = database.records.get(name) ?? null;
  const found = before?.version ?? 0;
  if (change.version !== undefined && change.version !== found) throw new Stale(name);
  const version = found + 1;
  tx.add(
    () => {
      if ((database.records.get(name)?.version ?? 0) !== found) throw new Conflict(name);
    },
    () => database.record(name, resource),
  );
  const intents = intentsOf({ type, id, resource, before: before?.content ?? null }).map((intent) => {
    if (risk === undefined) return intent;
    if (intent.do === "open") return { ...intent, risk };
    return intent.events.includes("correct") ? { ...intent, risk } : intent;
  });
  return { type, id, key: `${name}/${version}`, home: 0, patient: LEDGER_PATIENT, careUnit: wish.unit, intents };
}

function remember(tx: Transaction, key: string): void {
  const { database } = tx;
  tx.add(
    () => {
      if (database.remembered.has(key)) throw new Conflict(key);
    },
    () => database.remembered.add(key),
  );
}
