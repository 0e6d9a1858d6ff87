/**
 * Terminology in the database: where a canonical resource is, the concepts of large code systems that were taken in from
 * files, and clients' closures. Only SQL; what it means is said in terminology/.
 *
 * SPEC TERM-TABLE (terminology/SPEC.md)
 */
import type { Connection, Talk } from "./connection.ts";
import { tableOf } from "./resources.ts";

export type CanonicalType = "CodeSystem" | "ValueSet" | "ConceptMap";

/** A version of a canonical resource; `content` is null when the asker said that it knows this version already. */
export type CanonicalRow = {
  readonly id: string;
  readonly version: number;
  readonly updated: string;
  readonly content: string | null;
};

export type SystemRow = {
  readonly id: number;
  readonly url: string;
  readonly version: string;
  readonly name: string;
  readonly title: string;
  readonly language: string;
  readonly concepts: number;
};

export type DesignationRow = { readonly language?: string; readonly use?: string; readonly value: string };
export type PropertyRow = {
  readonly code: string;
  readonly type: "code" | "string" | "boolean" | "integer" | "decimal" | "dateTime" | "Coding";
  readonly value: string;
};

export type ConceptRow = {
  readonly code: string;
  readonly display: string;
  readonly definition: string | null;
  readonly active: boolean;
  readonly abstract: boolean;
  readonly parents: readonly string[];
  readonly designations: readonly DesignationRow[];
  readonly properties: readonly PropertyRow[];
};

/** A concept to be stored. `number` and its relatives count from 0 within the system. */
export type NewConcept = Omit<ConceptRow, "parents"> & {
  readonly number: number;
  readonly parents: readonly number[];
  readonly ancestors: readonly number[];
  readonly words: readonly string[];
};

export type NewSystem = Pick<SystemRow, "url" | "version" | "name" | "title" | "language">;

/** Which concepts of a system are meant; everything that is said must hold. */
export type ConceptQuery = {
  readonly codes?: readonly string[];
  readonly notCodes?: readonly string[];
  /** The concept itself counts when `self`. */
  readonly below?: readonly { readonly code: string; readonly self: boolean }[];
  readonly notBelow?: readonly string[];
  readonly above?: readonly string[];
  readonly childOf?: readonly string[];
  readonly display?: readonly string[];
  readonly properties?: readonly { readonly code: string; readonly values: readonly string[] }[];
  readonly present?: readonly { readonly code: string; readonly present: boolean }[];
  /** A tsquery over the words. */
  readonly words?: string;
  readonly active?: boolean;
};

export type ConceptPage = { readonly offset: number; readonly limit: number };

const CONCEPT = `c.code, c.display, c.definition, c.active, c.abstract, c.designations, c.properties,
  ARRAY(SELECT p.code FROM terminology_concept p WHERE p.number = ANY (c.parents) ORDER BY p.number) AS parents`;

/** What terminology may look at, on a connection that reaches no further than its caller. */
export class TerminologyTables {
  private readonly connection: Talk;

  constructor(connection: Talk) {
    this.connection = connection;
  }

  /**
   * The current versions that carry a search key (all of them when it is undefined), newest first, without the content
   * of those that are `known`.
   */
  canonical(
    type: CanonicalType,
    token: string | undefined,
    known: readonly string[],
    limit: number,
  ): Promise<CanonicalRow[]> {
    return this.connection.many<CanonicalRow>({
      name: `canonical-${type}${token === undefined ? "-all" : ""}`,
      text: `SELECT id, version, last_updated AS updated,
                    CASE WHEN id || '/' || version || '/' || last_updated = ANY ($1::text[]) THEN NULL ELSE content END AS content
             FROM ${tableOf(type)} WHERE home = 0 ${token === undefined ? "" : "AND tokens @> ARRAY[$3::int8]"} ORDER BY last_updated DESC, id LIMIT $2`,
      values: [known, limit, ...(token === undefined ? [] : [token])],
    });
  }

  systems(url: string): Promise<SystemRow[]> {
    return this.connection.many<SystemRow>({
      name: "terminology-systems",
      text: "SELECT id, url, version, name, title, language, concepts FROM terminology_system WHERE url = $1 ORDER BY imported DESC, id DESC",
      values: [url],
    });
  }

  /** Every system that was taken in. */
  allSystems(): Promise<SystemRow[]> {
    return this.connection.many<SystemRow>({
      name: "terminology-all",
      text: "SELECT id, url, version, name, title, language, concepts FROM terminology_system ORDER BY url, version",
    });
  }

  /** The urls of the systems that have a code. */
  async systemsWith(code: string): Promise<string[]> {
    const rows = await this.connection.many<{ url: string }>({
      name: "terminology-with",
      text: "SELECT DISTINCT s.url FROM terminology_concept c JOIN terminology_system s ON s.id = c.system WHERE c.code = $1 ORDER BY 1",
      values: [code],
    });
    return rows.map(({ url }) => url);
  }

  /** Concepts in the publisher's order; with words, those with the shortest display first. */
  select(system: number, query: ConceptQuery, { offset, limit }: ConceptPage): Promise<ConceptRow[]> {
    const { where, values } = whereOf(system, query);
    const order = query.words === undefined ? "c.number" : "length(c.display), c.number";
    return this.connection.many<ConceptRow>({
      text: `SELECT ${CONCEPT} FROM terminology_concept c WHERE ${where} ORDER BY ${order} OFFSET $${values.length + 1} LIMIT $${values.length + 2}`,
      values: [...values, offset, limit],
    });
  }

  /** The codes alone, as many as `limit`. */
  async codes(system: number, query: ConceptQuery, limit: number): Promise<string[]> {
    const { where, values } = whereOf(system, query);
    const rows = await this.connection.many<{ code: string }>({
      text: `SELECT c.code FROM terminology_concept c WHERE ${where} LIMIT $${values.length + 1}`,
      values: [...values, limit],
    });
    return rows.map(({ code }) => code);
  }

  async count(system: number, query: ConceptQuery): Promise<number> {
    const { where, values } = whereOf(system, query);
    const [row] = await this.connection.many<{ n: number }>({
      text: `SELECT count(*)::int4 AS n FROM terminology_concept c WHERE ${where}`,
      values,
    });
    return row?.n ?? 0;
  }

  /** The codes above each of the codes. */
  async ancestors(system: number, codes: readonly string[]): Promise<Map<string, ReadonlySet<string>>> {
    const rows = await this.connection.many<{ code: string; above: string[] }>({
      name: "terminology-ancestors",
      text: `SELECT c.code, ARRAY(SELECT a.code FROM terminology_concept a WHERE a.number = ANY (c.ancestors)) AS above
             FROM terminology_concept c WHERE c.system = $1 AND c.code = ANY ($2::text[])`,
      values: [system, codes],
    });
    return new Map(rows.map(({ code, above }) => [code, new Set(above)]));
  }
}

/** Clients' own closures, inside the transaction that adds to one. */
export class ClosureTables {
  private readonly connection: Talk;

  constructor(connection: Talk) {
    this.connection = connection;
  }

  /** The closure's version, and nobody else adds to it until the transaction ends; nothing when there is no such closure. */
  async lockVersion(owner: string, name: string): Promise<number | undefined> {
    const [row] = await this.connection.many<{ version: number }>({
      name: "closure-version",
      text: "SELECT version FROM terminology_closure WHERE owner = $1 AND name = $2 FOR UPDATE",
      values: [owner, name],
    });
    return row?.version;
  }

  concepts(owner: string, name: string): Promise<{ system: string; code: string; added: number }[]> {
    return this.connection.many({
      name: "closure-concepts",
      text: "SELECT system, code, added FROM terminology_closure_concept WHERE owner = $1 AND name = $2 ORDER BY added, system, code",
      values: [owner, name],
    });
  }

  /** Empties a closure, or makes it. */
  async initialise(owner: string, name: string): Promise<void> {
    await this.connection.many({
      text: "DELETE FROM terminology_closure_concept WHERE owner = $1 AND name = $2",
      values: [owner, name],
    });
    await this.connection.many({
      text: "INSERT INTO terminology_closure (owner, name, version) VALUES ($1, $2, 0) ON CONFLICT (owner, name) DO UPDATE SET version = 0",
      values: [owner, name],
    });
  }

  /** Adds what is new and answers the closure's version, which is one more when something was. */
  async add(
    owner: string,
    name: string,
    codings: readonly { readonly system: string; readonly code: string }[],
  ): Promise<number> {
    const added = await this.connection.many({
      text: `INSERT INTO terminology_closure_concept (owner, name, system, code, added)
             SELECT $1, $2, n.system, n.code, c.version + 1
             FROM (SELECT DISTINCT system, code FROM json_to_recordset($3::json) AS n(system text, code text)) n,
                  terminology_closure c WHERE c.owner = $1 AND c.name = $2
             ON CONFLICT DO NOTHING RETURNING 1`,
      values: [owner, name, JSON.stringify(codings)],
    });
    const [row] = await this.connection.many<{ version: number }>({
      text: "UPDATE terminology_closure SET version = version + $3 WHERE owner = $1 AND name = $2 RETURNING version",
      values: [owner, name, added.length > 0 ? 1 : 0],
    });
    return row?.version ?? 0;
  }
}

type Bind = (value: unknown) => string;
type Said = Required<ConceptQuery>;

/** Each thing that can be said of a concept, as SQL. `$1` is the system. */
const CONDITIONS: { readonly [K in keyof Said]: (said: Said[K], bind: Bind) => readonly string[] } = {
  codes: (codes, bind) => [`c.code = ANY (${bind(codes)}::text[])`],
  notCodes: (codes, bind) => [`NOT c.code = ANY (${bind(codes)}::text[])`],
  below: (roots, bind) =>
    roots.map(({ code, self }) => {
      const below = `c.ancestors @> ARRAY[${numberOf(code, bind)}]`;
      return self ? `(${below} OR c.code = ${bind(code)})` : below;
    }),
  notBelow: (roots, bind) =>
    roots.map(
      (code) => `NOT coalesce(c.ancestors @> ARRAY[${numberOf(code, bind)}], false) AND c.code <> ${bind(code)}`,
    ),
  above: (codes, bind) =>
    codes.map(
      (code) =>
        `(c.code = ${bind(code)} OR c.number = ANY (ARRAY(SELECT unnest(ancestors) FROM terminology_concept WHERE system = $1 AND code = ${bind(code)})))`,
    ),
  childOf: (parents, bind) => parents.map((code) => `c.parents @> ARRAY[${numberOf(code, bind)}]`),
  display: (texts, bind) => texts.map((text) => `c.display = ${bind(text)}`),
  properties: (wanted, bind) =>
    wanted.map(
      ({ code, values }) =>
        `EXISTS (SELECT 1 FROM jsonb_array_elements(c.properties) AS p WHERE p ->> 'code' = ${bind(code)} AND p ->> 'value' = ANY (${bind(values)}::text[]))`,
    ),
  present: (wanted, bind) =>
    wanted.map(({ code, present }) => {
      const has = `c.properties @> ${bind(JSON.stringify([{ code }]))}::jsonb`;
      return present ? has : `NOT ${has}`;
    }),
  words: (query, bind) => [`c.words @@ ${bind(query)}::tsquery`],
  active: (active, bind) => [`c.active = ${bind(active)}`],
};

function numberOf(code: string, bind: Bind): string {
  return `(SELECT number FROM terminology_concept WHERE system = $1 AND code = ${bind(code)})`;
}

/** Joins conditions and the values that they bind. */
function whereOf(system: number, query: ConceptQuery): { where: string; values: unknown[] } {
  const values: unknown[] = [system];
  const bind: Bind = (value) => `$${values.push(value)}`;
  const parts = (Object.keys(CONDITIONS) as (keyof Said)[]).flatMap((name) => conditionOf(name, query, bind));
  return { where: ["c.system = $1", ...parts].join(" AND "), values };
}

function conditionOf<K extends keyof Said>(name: K, query: ConceptQuery, bind: Bind): readonly string[] {
  const said = query[name] as Said[K] | undefined;
  return said === undefined ? [] : CONDITIONS[name](said, bind);
}

const BATCH = 2000;

/**
 * Takes in a whole code system in one transaction: until it is committed the old concepts of the same version answer, and
 * after a crash they still do. Works as the database's owner.
 */
export async function replaceSystem(
  connection: Connection,
  system: NewSystem,
  concepts: Iterable<NewConcept>,
  { now, onProgress }: { readonly now: Date; readonly onProgress?: (stored: number) => void },
): Promise<number> {
  await connection.begin();
  try {
    await connection.many({ text: "LOCK TABLE terminology_system IN SHARE ROW EXCLUSIVE MODE" }); // one import at a time
    await connection.many({
      text: "DELETE FROM terminology_concept WHERE system IN (SELECT id FROM terminology_system WHERE url = $1 AND version = $2)",
      values: [system.url, system.version],
    });
    await connection.many({
      text: "DELETE FROM terminology_system WHERE url = $1 AND version = $2",
      values: [system.url, system.version],
    });
    const [made] = await connection.many<{ id: number; base: number }>({
      text: `INSERT INTO terminology_system (id, url, version, name, title, language, imported)
             SELECT coalesce(max(id), 0) + 1, $1, $2, $3, $4, $5, $6::timestamptz FROM terminology_system
             RETURNING id, (SELECT coalesce(max(number), 0) + 1 FROM terminology_concept)::int4 AS base`,
      values: [system.url, system.version, system.name, system.title, system.language, now.toISOString()],
    });
    if (made === undefined) throw new Error("the code system was not stored");
    let stored = 0;
    for (const batch of batches(concepts)) {
      await insertConcepts(connection, made, batch);
      stored += batch.length;
      onProgress?.(stored);
    }
    await connection.many({
      text: "UPDATE terminology_system SET concepts = $2 WHERE id = $1",
      values: [made.id, stored],
    });
    await connection.commit();
    return stored;
  } catch (error) {
    await connection.rollback();
    throw error;
  }
}

async function insertConcepts(
  connection: Talk,
  { id, base }: { readonly id: number; readonly base: number },
  concepts: readonly NewConcept[],
): Promise<void> {
  const moved = (numbers: readonly number[]): number[] => numbers.map((number) => number + base);
  const rows = concepts.map((concept) => ({
    ...concept,
    number: concept.number + base,
    parents: moved(concept.parents),
    ancestors: moved(concept.ancestors),
  }));
  await connection.many({
    name: "concept-insert",
    text: `INSERT INTO terminology_concept (system, number, code, display, definition, active, abstract, parents, ancestors, designations, properties, words)
           SELECT $1, number, code, display, definition, active, abstract, parents, ancestors, designations, properties, array_to_tsvector(words)
           FROM json_to_recordset($2::json) AS c(number int4, code text, display text, definition text, active boolean, abstract boolean,
             parents int4[], ancestors int4[], designations jsonb, properties jsonb, words text[])`,
    values: [id, JSON.stringify(rows)],
  });
}

function* batches<T>(items: Iterable<T>): Generator<T[]> {
  let batch: T[] = [];
  for (const item of items) {
    batch.push(item);
    if (batch.length < BATCH) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
