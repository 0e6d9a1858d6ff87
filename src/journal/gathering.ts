/**
 * Many questions of one request, each with its own grounds: those that are asked in the same moment go to the database
 * in one round, and everything that was shown is logged together before the answer.
 *
 * SPEC HTTP-GRAPHQL-4 · https://hl7.org/fhir/R4/graphql.html
 */
import { reachSetting, type Grounds } from "../access/index.ts";
import { fhirErrorAt, isFhirId, parseJson, type JsonObject } from "../fhir/index.ts";
import { compileNamed, type WholeRow } from "../search/index.ts";
import type { ReadTx } from "../store/index.ts";
import { authorize } from "./authorize.ts";
import { recordShown } from "./care/grounds.ts";
import { aboutAsked, groundText, logEntry, OUT_OF_REACH, type Visit } from "./context.ts";
import { disclose, type Disclosed } from "./disclosed.ts";
import { entriesByPatient, type Hit } from "./hits.ts";
import { readPredicateFor } from "./predicate.ts";
import { showingFor, shownRow, type Showing } from "./protected.ts";
import type { QueryParameters } from "./query-text.ts";
import type { Found, FoundRow } from "./rows.ts";
import { prepareSearch } from "./search.ts";

const MOST_ROWS = 5000;
const MOST_QUESTIONS = 500;
const MOST_TOLD = 20;

export type GatheredPage = {
  readonly resources: readonly JsonObject[];
  readonly total: number | null;
  /** The value of `_cursor` for the next page; null on the last. */
  readonly cursor: string | null;
};

/** Asks for resources in a visit's name. Errors of what is asked fail that question alone. */
export type Gatherer = {
  /**
   * The current version, or nothing when there is none within reach. What a reference leads to is shown as in a list
   * (`isNamed` false): a caller who names no patient has opened none. Errors: FORBIDDEN, SEARCH_TOO_COSTLY.
   */
  readonly read: (type: string, id: string, isNamed?: boolean) => Promise<JsonObject | undefined>;
  /** A page of a search. Errors: SEARCH_*, FORBIDDEN. */
  readonly search: (type: string, parameters: QueryParameters) => Promise<GatheredPage>;
};

/**
 * Lets `work` ask, then makes durable what it was shown. Errors: SEARCH_TOO_COSTLY when it asks more than one request may;
 * FORBIDDEN when there were grounds for nothing that it asked; those of `work`.
 */
export async function gatherResources<T>(
  visit: Visit,
  what: string,
  work: (gatherer: Gatherer) => Promise<T>,
): Promise<Disclosed<T>> {
  const gathering = new Gathering(visit, what, await showingFor(visit));
  const answer = await work(gathering);
  gathering.refuseExcess();
  gathering.refuseWithoutGrounds();
  await recordShown(visit, gathering.entries());
  return disclose(answer);
}

type Question = {
  readonly reach: string;
  readonly ask: (look: ReadTx) => Promise<void>;
  readonly fail: (error: unknown) => void;
};
type Wanted = { readonly resolve: (row: WholeRow | undefined) => void; readonly fail: (error: unknown) => void };

class Gathering implements Gatherer {
  private readonly visit: Visit;
  private readonly what: string;
  private readonly showing: Showing;
  private readonly known = new Map<string, Promise<unknown>>();
  private readonly hits = new Map<string, Hit>();
  private readonly missing: string[] = [];
  private grounds: Grounds | undefined;
  private refusal: Error | undefined;
  /** That a patient who was asked about is closed to the visit. */
  private closed: Error | undefined;
  private isAnswered = false;
  private questions: Question[] = [];
  /** Reads that wait for the next round, by reach and name. */
  private wanted = new Map<string, Map<string, Wanted>>();
  private asked = 0;
  /** How many rows were shown, each as often as it was. */
  private rows = 0;
  private excess: string | undefined;

  constructor(visit: Visit, what: string, showing: Showing) {
    this.visit = visit;
    this.what = what;
    this.showing = showing;
  }

  read(type: string, id: string, isNamed = true): Promise<JsonObject | undefined> {
    const use = isNamed ? "chart" : "list";
    return this.once(`${type}/${id} ${use}`, async () => {
      const row = await this.row(type, id);
      return row === undefined ? undefined : this.shown(shownRow(row, this.showing, use));
    });
  }

  private row(type: string, id: string): Promise<WholeRow | undefined> {
    return this.once(`${type}/${id}`, async () => {
      const { reach } = await this.groundsFor(`read ${type}`, () =>
        authorize(this.visit, "read", type, `${type}/${id}`),
      );
      this.count();
      const found = isFhirId(id) ? await this.inNextRound(reachSetting(reach), `${type}/${id}`, reach) : undefined;
      if (found === undefined) this.missing.push(`${type}/${id}`);
      else this.isAnswered = true;
      return found;
    });
  }

  search(type: string, parameters: QueryParameters): Promise<GatheredPage> {
    return this.once(`${type}?${JSON.stringify(parameters)}`, async () => {
      // A type without grounds is refused once, not once for each that asks.
      const grounds = await this.groundsFor(`search ${type}`, () => authorize(this.visit, "search", type));
      const prepared = await prepareSearch(this.visit, type, parameters);
      this.count();
      const { found, resources } = await new Promise<{ found: Found; resources: JsonObject[] }>((resolve, fail) => {
        const ask = async (look: ReadTx): Promise<void> => {
          const page = await prepared.run(look);
          resolve({ found: page, resources: page.rows.filter(isMatch).map((row) => this.shown(row)) });
        };
        this.put({ reach: reachSetting(grounds.reach), ask, fail });
      });
      await this.refuseClosed(prepared.refuseEmpty(found));
      return { resources, total: found.total, cursor: found.cursor };
    });
  }

  refuseExcess(): void {
    if (this.excess !== undefined) throw fhirErrorAt("SEARCH_TOO_COSTLY", "query", this.excess);
  }

  /** Where nothing had grounds, or all that was asked was of patients who are closed, the whole is refused. */
  refuseWithoutGrounds(): void {
    if (this.grounds === undefined && this.refusal !== undefined) throw this.refusal;
    if (!this.isAnswered && this.closed !== undefined) throw this.closed;
  }

  private async refuseClosed(need: Promise<void>): Promise<void> {
    try {
      await need;
      this.isAnswered = true;
    } catch (error) {
      if (error instanceof Error) this.closed ??= error;
      throw error;
    }
  }

  entries(): ReturnType<typeof entriesByPatient> {
    if (this.grounds === undefined) return [];
    const ground = groundText(this.grounds);
    const isRefused = this.hits.size === 0 && this.missing.length > 0;
    const shown = isRefused
      ? []
      : entriesByPatient(
          this.visit,
          { action: "graphql", outcome: "granted", ground },
          [...this.hits.values()],
          [this.what],
        );
    if (this.missing.length === 0) return shown;
    const refused = { action: "graphql", outcome: "refused", ground: OUT_OF_REACH } as const;
    return [...shown, logEntry(this.visit, refused, aboutAsked(this.missing.slice(0, MOST_TOLD)))];
  }

  private once<T>(name: string, ask: () => Promise<T>): Promise<T> {
    const known = (this.known.get(name) as Promise<T> | undefined) ?? ask();
    this.known.set(name, known);
    return known;
  }

  private async groundsFor(name: string, decide: () => Promise<Grounds>): Promise<Grounds> {
    try {
      const grounds = await this.once(`grounds ${name}`, decide);
      this.grounds ??= grounds;
      return grounds;
    } catch (error) {
      if (error instanceof Error) this.refusal ??= error;
      throw error;
    }
  }

  private count(): void {
    this.asked += 1;
    if (this.asked > MOST_QUESTIONS) this.excess ??= `> ${MOST_QUESTIONS}`;
    this.refuseExcess();
  }

  private inNextRound(setting: string, name: string, reach: Grounds["reach"]): Promise<WholeRow | undefined> {
    return new Promise((resolve, fail) => {
      let names = this.wanted.get(setting);
      if (names === undefined) {
        const all = new Map<string, Wanted>();
        names = all;
        this.wanted.set(setting, all);
        const failAll = (error: unknown): void => all.forEach((one) => one.fail(error));
        this.put({ reach: setting, ask: (look) => this.readNamed(look, all, reach), fail: failAll });
      }
      names.set(name, { resolve, fail });
    });
  }

  private async readNamed(look: ReadTx, wanted: ReadonlyMap<string, Wanted>, reach: Grounds["reach"]): Promise<void> {
    // Each type has been decided, so that the reach is all that is left to say.
    const statement = compileNamed(wanted.keys(), undefined, readPredicateFor(this.visit, reach));
    const rows = statement === undefined ? [] : ((await look.search(statement)) as unknown as readonly WholeRow[]);
    const found = new Map(rows.map((row) => [`${row.type}/${row.id}`, row]));
    for (const [name, { resolve }] of wanted) {
      resolve(found.get(name));
    }
  }

  private shown(row: Hit & { readonly content: string }): JsonObject {
    const { type, id, version, patient } = row;
    this.hits.set(`${type}/${id}/${version}`, { type, id, version, patient });
    this.rows += 1;
    if (this.rows > MOST_ROWS) this.excess ??= `> ${MOST_ROWS}`;
    this.refuseExcess();
    return parseJson(row.content) as JsonObject;
  }

  /** One after another, as the connection would answer them anyway: what comes after too much is not asked. */
  private async askInTurn(look: ReadTx, questions: readonly Question[]): Promise<void> {
    for (const { ask, fail } of questions) {
      try {
        this.refuseExcess();
        await ask(look);
      } catch (error) {
        fail(error);
      }
    }
  }

  /** Whatever is asked before the executor has come to rest goes in the same round. */
  private put(question: Question): void {
    this.questions.push(question);
    if (this.questions.length === 1) setImmediate(() => this.flush());
  }

  private flush(): void {
    const byReach = new Map<string, Question[]>();
    for (const question of this.questions)
      byReach.set(question.reach, [...(byReach.get(question.reach) ?? []), question]);
    this.questions = [];
    this.wanted = new Map();
    for (const [reach, questions] of byReach) {
      const asked = this.visit.store.read(reach, (look) => this.askInTurn(look, questions));
      asked.catch((error: unknown) => questions.forEach(({ fail }) => fail(error)));
    }
  }
}

function isMatch({ mode }: FoundRow): boolean {
  return mode === "match";
}
