/**
 * Questions to terminology in a visit's name: it looks no further than the visit may, and what was asked is logged as
 * every other disclosure.
 *
 * SPEC JRN-TERM
 */
import { reachSetting, type Grounds } from "../access/index.ts";
import { resolveTerminology, type SearchPlan } from "../search/index.ts";
import type { Store, TerminologyTables, WriteTx } from "../store/index.ts";
import { Budget, Library, meaningOf, TermCache, type Scope } from "../terminology/index.ts";
import { authorize } from "./authorize.ts";
import { groundText, logEntry, type Visit } from "./context.ts";
import { disclose, type Disclosed } from "./disclosed.ts";

/** How the caller wants to be answered. */
export type TerminologyAsk = {
  /** The operation as the log names it: `ValueSet/$expand`. */
  readonly what: string;
  readonly languages: readonly string[];
  readonly versions: readonly string[];
};

const CANONICAL = ["CodeSystem", "ValueSet", "ConceptMap"] as const;
const caches = new WeakMap<Store, TermCache>();

/** Answers an operation. Errors: FORBIDDEN unless the actor may read what terminology is made of; those of the operation. */
export async function askTerminology<T>(
  visit: Visit,
  ask: TerminologyAsk,
  operation: (scope: Scope) => Promise<T>,
): Promise<Disclosed<T>> {
  const grounds = await authorizeTerminology(visit, ask.what);
  const answer = await visit.store.read(reachSetting(grounds.reach), ({ terminology }) =>
    operation({ ...scopeOf(terminology, cacheOf(visit.store)), ...ask }),
  );
  return record(visit, ask, grounds, answer);
}

/** The same for an operation that keeps something for the caller: it is given the transaction. */
export async function changeTerminology<T>(
  visit: Visit,
  ask: TerminologyAsk,
  operation: (scope: Scope, tx: WriteTx, owner: string) => Promise<T>,
): Promise<Disclosed<T>> {
  const grounds = await authorizeTerminology(visit, ask.what);
  const answer = await visit.store.write(reachSetting(grounds.reach), (tx) =>
    operation({ ...scopeOf(tx.terminology, cacheOf(visit.store)), ...ask }, tx, ownerOf(visit)),
  );
  return record(visit, ask, grounds, answer);
}

/**
 * The plan with what `:in`, `:not-in`, `:below` and `:above` mean. Inside a transaction nothing is kept, since what it
 * sees may never come to be. Errors: FORBIDDEN, SEARCH_TERMINOLOGY_UNKNOWN, TERMINOLOGY_TOO_COSTLY.
 */
export function withMeanings(
  visit: Visit,
  plan: SearchPlan,
  look: { readonly terminology: TerminologyTables },
): Promise<SearchPlan> {
  const scope = scopeOf(look.terminology, "insert" in look ? new TermCache() : cacheOf(visit.store));
  return resolveTerminology(plan, async (question) => {
    if (question.ask === "value-set") await authorize(visit, "search", "ValueSet");
    await authorize(visit, "search", "CodeSystem");
    return meaningOf(scope, question);
  });
}

async function authorizeTerminology(visit: Visit, what: string): Promise<Grounds> {
  const [first, ...others] = CANONICAL;
  const grounds = await authorize(visit, "read", first, what);
  for (const type of others) await authorize(visit, "read", type, what);
  return grounds;
}

async function record<T>(visit: Visit, { what }: TerminologyAsk, grounds: Grounds, answer: T): Promise<Disclosed<T>> {
  const act = { action: "operation", outcome: "granted", ground: groundText(grounds) } as const;
  await visit.store.recordAccess([logEntry(visit, act, { home: 0, patient: null, what: [what] })]);
  return disclose(answer);
}

function scopeOf(tables: TerminologyTables, cache: TermCache): Scope {
  return { library: new Library(tables, cache), budget: new Budget(() => performance.now()), languages: [] };
}

function cacheOf(store: Store): TermCache {
  let cache = caches.get(store);
  if (cache === undefined) {
    cache = new TermCache();
    caches.set(store, cache);
  }
  return cache;
}

/** Whose closure tables are meant: a client's own, or those of a person's assignment. */
function ownerOf({ actor }: Visit): string {
  return actor.kind === "person" ? `assignment ${actor.assignment.id}` : `${actor.kind} ${actor.name}`;
}
