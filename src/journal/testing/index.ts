/**
 * A journal on a database of the test's own: a clock that can be set forward, actors of two care providers, machine
 * clients, and statements as the database's owner for looking behind the door.
 */
import { generateKeyPairSync, randomBytes } from "node:crypto";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { parseScopes, WORKS, type ClientActor, type PersonActor, type Work } from "../../access/index.ts";
import { HSA_SYSTEM } from "../../base/index.ts";
import type { JsonObject } from "../../fhir/index.ts";
import { JobFiles, Store, type AccessLogEntry, type Row } from "../../store/index.ts";
import { keptDatabase, type TestDatabase } from "../../store/testing/index.ts";
import { relatedTemplate, relateEverybody } from "./relations.ts";
import { commit, ROLE_SYSTEM_ID, type Command, type JournalOptions, type Visit, type Written } from "../index.ts";

export {
  CANARIES,
  canaryPatient,
  canaryResources,
  STAFF_CANARY,
  WORDS,
  wordsIn,
  type Kind,
  type Word,
} from "./canaries.ts";
export { asCreate, asDelete, asPatch, asUpdate, identified, observation, patient, wherever } from "./resources.ts";

/** Two care providers of the same region. What one of them owns, the other may not see. */
export const OURS = { careProvider: "SE2321000131-E000000000001", careUnit: "SE2321000131-E000000000011" } as const;
export const THEIRS = { careProvider: "SE2321000131-E000000000002", careUnit: "SE2321000131-E000000000022" } as const;

/** Where people of tests work. */
const UNITS = [
  OURS,
  THEIRS,
  ...["12", "13"].map((unit) => ({ ...OURS, careUnit: `SE2321000131-E0000000000${unit}` })),
  { careProvider: THEIRS.careProvider, careUnit: "SE2321000131-E000000000023" },
];

export const BASE = "http://eira.test/fhir/R4";

/** A test, or a whole file, after which things are put down. */
export type Cleanup = { readonly after: (listener: () => Promise<unknown>) => void };

export type TestClock = (() => Date) & {
  /** Sets the clock forward. */ readonly forward: (milliseconds: number) => void;
};

export interface JournalOfTest {
  readonly store: Store;
  readonly database: TestDatabase;
  readonly clock: TestClock;
  readonly options: JournalOptions;
  /** Runs a statement as the owner of the database, past row-level security. */
  sql<T = Row>(text: string, values?: readonly unknown[]): Promise<T[]>;
  /** A machine client's visit. */
  client(scope?: string, owner?: Owning | null): Visit;
  /** A person's visit, under an assignment at a unit of the care provider. */
  person(owner?: Owning, assignment?: Partial<PersonActor["assignment"]>): Visit;
  /** The access log in the order it was written in, as far as one chain goes, without the pins of the chains. */
  log(request?: string): Promise<AccessLogEntry[]>;
  /** Writes a resource as the care provider's own client and answers what came of it. */
  put(resource: JsonObject, owner?: Owning | null): Promise<Written>;
}

type Owning = { readonly careProvider: string; readonly careUnit: string };

const START = Date.parse("2026-11-21T08:00:00.000Z");
const auditKey = generateKeyPairSync("ed25519").privateKey;

/** A clock that runs from a set moment. */
export function testClock(start = START): TestClock {
  const began = performance.now();
  let ahead = 0;
  const clock = (): Date => new Date(start + ahead + Math.floor(performance.now() - began));
  return Object.assign(clock, { forward: (milliseconds: number) => void (ahead += milliseconds) });
}

/** Opens a journal on an empty migrated database; everything is put down after the test. */
export async function journalOfTest(
  t: Cleanup,
  given: Partial<Pick<JournalOptions, "referentialIntegrity" | "base">> & {
    readonly connections?: number;
    /** Nobody is in anybody's care until the test says so. */
    readonly isUnrelated?: boolean;
  } = {},
): Promise<JournalOfTest> {
  const database = await keptDatabase(await relatedTemplate());
  t.after(() => database.drop());
  const clock = testClock();
  const store = await Store.open({ config: database.config, auditKey, clock, connections: given.connections ?? 12 });
  t.after(() => store.close());
  const owner = new pg.Client(database.config);
  owner.on("error", () => undefined); // the database may be dropped under it
  await owner.connect();
  t.after(() => owner.end());
  const folder = join(tmpdir(), `eira-jobs-${randomBytes(8).toString("hex")}`);
  t.after(() => rm(folder, { recursive: true, force: true }));
  const options: JournalOptions = {
    store,
    clock,
    random: (bytes) => randomBytes(bytes),
    referentialIntegrity: given.referentialIntegrity ?? true,
    base: given.base ?? BASE,
    files: new JobFiles(folder),
  };
  const sql = async <T = Row>(text: string, values: readonly unknown[] = []): Promise<T[]> =>
    (await owner.query(text, [...values])).rows as T[];
  if (given.isUnrelated !== true) await relateEverybody(sql, UNITS);
  let visits = 0;
  const visit = (actor: Visit["actor"]): Visit => ({ ...options, actor, request: `request-${++visits}` });
  const client = (scope = "system/*.cruds", owning: Owning | null = OURS): Visit => visit(clientActor(scope, owning));
  return {
    store,
    database,
    clock,
    options,
    sql,
    client,
    person: (owning = OURS, assignment = {}) => visit(personActor(owning, assignment)),
    log: (request) => readLog(sql, request),
    put: async (resource, owning = OURS) => {
      const { resourceType, id } = resource as { resourceType: string; id: string };
      const command: Command = { kind: "update", type: resourceType, id, resource, where: resourceType };
      const { value } = await commit({ ...client("system/*.cruds", owning), referentialIntegrity: false }, [command]);
      return value[0]!;
    },
  };
}

/** In an order of their own, to compare what comes in any order. */
export function sorted<T>(values: readonly T[]): T[] {
  return values.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}

export function clientActor(scope: string, owner: Owning | null): ClientActor {
  const scopes = parseScopes(scope);
  if (scopes === undefined) throw new Error(`${scope} is not a list of scopes`);
  return {
    kind: "client",
    name: "lab",
    scopes,
    careProvider: owner?.careProvider ?? null,
    careUnit: owner?.careUnit ?? null,
  };
}

/** Sessions are of people whom the directory knows. */
export async function putInDirectory(journal: JournalOfTest, { id, name, assignment }: PersonActor): Promise<void> {
  const organization = async (kind: string, hsaId: string, more: JsonObject): Promise<string> => {
    const own = `${kind}-${hsaId}`;
    const identifier = [{ system: HSA_SYSTEM, value: hsaId }];
    await journal.put({ resourceType: "Organization", id: own, identifier, ...more }, null);
    return `Organization/${own}`;
  };
  const { from, until, role, roleId, purpose } = assignment;
  if (roleId !== undefined) await journal.put(rolesResource(), null);
  const provider = await organization("provider", assignment.providerHsaId, { name: assignment.provider });
  const partOf = { reference: provider };
  const unit = await organization("unit", assignment.unitHsaId, { name: assignment.unit, partOf });
  await journal.put({ resourceType: "Practitioner", id, name: [{ text: name }] }, null);
  await journal.put(
    {
      resourceType: "PractitionerRole",
      id: assignment.id,
      active: true,
      practitioner: { reference: `Practitioner/${id}` },
      organization: { reference: unit },
      code: [{ text: role, ...(roleId === undefined ? {} : { coding: [{ system: "urn:eira:roll", code: roleId }] }) }],
      ...(purpose === undefined
        ? {}
        : { extension: [{ url: "urn:eira:uppdrag", extension: [{ url: "purpose", valueString: purpose }] }] }),
      ...(from === null && until === null
        ? {}
        : { period: { ...(from === null ? {} : { start: from }), ...(until === null ? {} : { end: until }) } }),
    },
    null,
  );
}

/** Somebody with an assignment; one person for each care provider. */
export function personActor(owner: Owning, assignment: Partial<PersonActor["assignment"]> = {}): PersonActor {
  const ours = owner.careProvider === OURS.careProvider;
  return {
    kind: "person",
    id: ours ? "anna" : "bo",
    name: ours ? "Anna Ek" : "Bo Hägglund",
    title: ours ? "Överläkare" : "Sjuksköterska",
    hsaId: `${owner.careUnit}-P`,
    assignment: {
      id: ours ? "assignment-anna" : "assignment-bo",
      unit: ours ? "Medicinkliniken" : "Vårdcentralen Ek",
      unitHsaId: owner.careUnit,
      provider: ours ? "Region Västmark" : "Ek Vård AB",
      providerHsaId: owner.careProvider,
      role: "Läkare",
      from: null,
      until: null,
      ...assignment,
    },
  };
}

/** Somebody who reviews the log, or keeps the directory; one for each care provider. */
export function workActor(work: Work, owner: Owning = OURS): PersonActor {
  const { role, purposes } = WORKS[work];
  const person = personActor(owner, {
    id: `assignment-${work}-${owner.careUnit}`,
    role,
    roleId: role,
    purpose: purposes[0] ?? "",
    analysis: `BRA ${role}`,
  });
  const name = work === "log-review" ? "Gun Logg" : "Kim Katalog";
  return { ...person, id: `${work}-${owner.careUnit}`, name, title: role, hsaId: `${owner.careUnit}-${work}` };
}

/** The directory's roles, each resting on an analysis but those that are named. */
export function rolesResource(...without: readonly string[]): JsonObject {
  return {
    resourceType: "CodeSystem",
    id: ROLE_SYSTEM_ID,
    url: "urn:eira:roll",
    status: "active",
    content: "complete",
    concept: Object.values(WORKS).map(({ role }) => ({
      code: role,
      display: role,
      ...(without.includes(role)
        ? {}
        : {
            property: [
              { code: "analysis", valueString: `BRA ${role}` },
              { code: "analysisDate", valueDateTime: "2026-01-15" },
            ],
          }),
    })),
  };
}

async function readLog(sql: JournalOfTest["sql"], request: string | undefined): Promise<AccessLogEntry[]> {
  const rows = await sql<{ entry: string }>("SELECT entry FROM access_log ORDER BY recorded, chain, seq");
  const entries = rows.map(({ entry }) => JSON.parse(entry) as AccessLogEntry).filter(({ action }) => action !== "pin");
  return request === undefined ? entries : entries.filter((entry) => entry.request === request);
}
