/** For tests of search: a PostgreSQL with the resource tables, filled with resources, and searches run on it. */
import { createHash, randomBytes } from "node:crypto";
import pg from "pg";
import { homeOf } from "../../src/base/index.ts";
import { parseJson, RESOURCE_TYPES, writeJson, type JsonObject } from "../../src/fhir/index.ts";
import {
  compileCount,
  compileSearch,
  extractKeys,
  pageOf,
  parseSearch,
  parseSystemSearch,
  CODE_KEY,
  codeParameterOf,
  rangeColumns,
  resourceTableSql,
  tableOf,
  type AccessPredicate,
  type Cursor,
  type FoundRow,
  type SearchOptions,
  type SearchPlan,
  type Statement,
} from "../../src/search/index.ts";
import { ensureTemplate, testDatabase } from "../../src/store/testing/index.ts";

export type Stored = {
  readonly resource: JsonObject;
  readonly lastUpdated: string;
  readonly careProvider: string;
};

const FIXED = "home id version last_updated key patient other_patients care_provider content tokens strings many".split(
  " ",
);
const TABLES = RESOURCE_TYPES.map(resourceTableSql).join("\n");
export const ALL: AccessPredicate = () => "TRUE";

/** A database with empty resource tables: on SEARCH_TEST_DATABASE_URL if that is set, else on the tests' own server. */
export class SearchDatabase {
  readonly client: pg.Client;
  private readonly discard: () => Promise<void>;

  private constructor(client: pg.Client, discard: () => Promise<void>) {
    this.client = client;
    this.discard = discard;
  }

  static async open(): Promise<SearchDatabase> {
    const { connection, discard } = await server();
    const client = new pg.Client(connection);
    await client.connect();
    await client.query("SET TimeZone = 'UTC'; SET DateStyle = 'ISO'");
    return new SearchDatabase(client, discard);
  }

  async close(): Promise<void> {
    await this.client.end();
    await this.discard();
  }

  async insert(type: string, stored: readonly Stored[]): Promise<void> {
    const code = codeParameterOf(type) === undefined ? [] : [CODE_KEY];
    const names = [...FIXED, ...rangeColumns(type).map(({ name }) => name), ...code];
    const columns = names.map((name) => `"${name}"`).join(", ");
    const table = tableOf(type);
    await this.client.query(
      `INSERT INTO ${table} (${columns}) SELECT ${columns} FROM json_populate_recordset(NULL::${table}, $1::json)`,
      [JSON.stringify(stored.map((one) => recordOf(type, one)))],
    );
  }

  async analyze(): Promise<void> {
    await this.client.query("ANALYZE");
  }

  async run(statement: Statement): Promise<FoundRow[]> {
    const { rows } = await this.client.query<FoundRow>(statement.text, [...statement.values]);
    return rows;
  }

  /** All pages of a search, as `Type/id` in order. */
  async all(plan: SearchPlan, access: AccessPredicate = ALL): Promise<string[]> {
    const found: string[] = [];
    let cursor: Cursor | undefined = plan.cursor;
    for (let pages = 0; pages < 2000; pages++) {
      const page = pageOf(plan, await this.run(compileSearch({ ...plan, cursor }, access)));
      found.push(...page.rows.map((row) => `${row.type}/${row.id}`));
      if (page.next === undefined) return found;
      cursor = page.next;
    }
    throw new Error("the pages do not end");
  }

  async count(plan: SearchPlan, access: AccessPredicate = ALL): Promise<number> {
    const [row] = (await this.run(compileCount(plan, access))) as unknown as { total: string }[];
    return Number(row?.total);
  }
}

/** The plan of a query string; without a type a search of the system. */
export function planOf(type: string | undefined, query: string, options: SearchOptions = {}): SearchPlan {
  const parameters = [...new URLSearchParams(query)];
  return type === undefined ? parseSystemSearch(parameters, options) : parseSearch(type, parameters, options);
}

function recordOf(type: string, { resource, lastUpdated, careProvider }: Stored): Record<string, unknown> {
  const read = parseJson(writeJson(resource)) as JsonObject;
  const keys = extractKeys(type, read);
  return {
    home: keys.patient === null ? 0 : homeOf(keys.patient),
    id: resource["id"],
    version: 1,
    last_updated: lastUpdated,
    key: keys.key,
    patient: keys.patient,
    other_patients: keys.otherPatients.length === 0 ? null : keys.otherPatients,
    care_provider: careProvider,
    content: writeJson(read),
    tokens: keys.tokens,
    strings: keys.strings,
    many: keys.many,
    ...keys.ranges,
    ...(keys.codeKey === null ? {} : { [CODE_KEY]: keys.codeKey }),
  };
}

type Server = { readonly connection: pg.ClientConfig; readonly discard: () => Promise<void> };

async function server(): Promise<Server> {
  const url = process.env["SEARCH_TEST_DATABASE_URL"];
  return url === undefined ? ofTestServer() : ownDatabase(url);
}

/** A clone of empty tables: making them takes PostgreSQL longer. */
async function ofTestServer(): Promise<Server> {
  const name = `search_${createHash("sha256").update(TABLES).digest("hex").slice(0, 16)}`;
  const template = await ensureTemplate(name, (config) => withClient(config, (client) => client.query(TABLES)));
  const { config, drop } = await testDatabase({ template });
  return { connection: config, discard: drop };
}

async function ownDatabase(url: string): Promise<Server> {
  const name = `search_${randomBytes(6).toString("hex")}`;
  const admin = (sql: string): Promise<unknown> => withClient({ connectionString: url }, (client) => client.query(sql));
  await admin(`CREATE DATABASE ${name}`);
  const connection = new URL(url);
  connection.pathname = `/${name}`;
  const config = { connectionString: connection.href };
  await withClient(config, (client) => client.query(TABLES));
  return { connection: config, discard: async () => void (await admin(`DROP DATABASE ${name}`)) };
}

async function withClient(config: pg.ClientConfig, work: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = new pg.Client(config);
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}
