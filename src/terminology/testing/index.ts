/** A store with a database of the test's own, resources put into it, and the scope in which questions are asked. */
import { generateKeyPairSync } from "node:crypto";
import type { TestContext } from "node:test";
import type { CodeSystem, ConceptMap, ValueSet } from "fhir/r4";
import type { JsonObject } from "../../fhir/index.ts";
import { extractKeys } from "../../search/index.ts";
import { Store, type Reach } from "../../store/index.ts";
import { keptDatabase, migratedTemplate } from "../../store/testing/index.ts";
import { Budget } from "../budget.ts";
import type { ImportFile } from "../importers/index.ts";
import { Library } from "../library.ts";
import type { Scope } from "../scope.ts";
import { TermCache } from "../term-cache.ts";

export const NOW = "2026-11-21T08:00:00.000Z";

type Canonical = CodeSystem | ValueSet | ConceptMap;

export interface TerminologyOfTest {
  readonly store: Store;
  readonly cache: TermCache;
  /** Writes a resource as the journal would; a second time with the same id as its next version. */
  put(resource: Canonical, careProvider?: string): Promise<void>;
  /** Asks in the name of somebody with this reach. */
  ask<T>(question: (scope: Scope) => Promise<T>, given?: Partial<Scope> & { readonly reach?: Reach }): Promise<T>;
}

const auditKey = generateKeyPairSync("ed25519").privateKey;

export async function terminologyOfTest(t: Pick<TestContext, "after">): Promise<TerminologyOfTest> {
  const database = await keptDatabase(await migratedTemplate());
  t.after(() => database.drop());
  const store = await Store.open({ config: database.config, auditKey, clock: () => new Date(NOW), connections: 4 });
  t.after(() => store.close());
  const cache = new TermCache();
  const versions = new Map<string, number>();
  return {
    store,
    cache,
    put: async (resource, careProvider) => {
      const { resourceType: type, id = "" } = resource;
      const version = (versions.get(id) ?? 0) + 1;
      versions.set(id, version);
      const json = resource as unknown as JsonObject;
      const row = {
        type,
        home: 0,
        id,
        version,
        lastUpdated: NOW,
        careProvider: careProvider ?? null,
        careUnit: null,
        content: JSON.stringify(resource),
        keys: extractKeys(type, json),
      };
      await store.write("*", (tx) => (version === 1 ? tx.insert(type, [row]) : tx.replace(row)));
    },
    ask: (question, { reach = "*", ...given } = {}) =>
      store.read(reach, ({ terminology }) =>
        question({
          library: new Library(terminology, cache),
          budget: new Budget(() => performance.now()),
          languages: [],
          ...given,
        }),
      ),
  };
}

/** A file in memory. */
export function fileOf(name: string, text: string): ImportFile {
  return {
    name,
    lines: async function* () {
      yield* text.replace(/\r?\n$/, "").split(/\r?\n/);
    },
  };
}
