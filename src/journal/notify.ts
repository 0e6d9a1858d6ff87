/**
 * Telling others of changes: which versions meet a subscriber's criteria, and the texts of those that it is told. Both
 * in the subscriber's own name and within its grounds at that moment; what is told is logged before it leaves.
 *
 * SPEC JRN-NOTIFY
 */
import { decide, reachSetting, type Decision, type Grounds } from "../access/index.ts";
import { isJsonObject, parseJson, writeJson } from "../fhir/index.ts";
import { compileMatching, extractKeys, parseSearch, type SearchPlan } from "../search/index.ts";
import { recordsOf, type CurrentRow, type NewRow, type ReadTx, type VersionRow } from "../store/index.ts";
import { authorize } from "./authorize.ts";
import { groundText, today, type Visit } from "./context.ts";
import { disclose, type Disclosed } from "./disclosed.ts";
import { entriesByPatient } from "./hits.ts";
import { predicateFor } from "./predicate.ts";
import { showingFor } from "./protected.ts";
import type { QueryParameters } from "./query-text.ts";
import type { Version } from "./read.ts";
import { withMeanings } from "./terminology.ts";

export type VersionName = { readonly type: string; readonly id: string; readonly version: number };

type StoredVersion = (CurrentRow | VersionRow) & { readonly content: string };

/** The plan of criteria on one type. Errors: SEARCH_* when they cannot be understood. */
export function planCriteria(visit: Visit, type: string, criteria: QueryParameters): SearchPlan {
  return parseSearch(type, criteria, { base: visit.base, now: visit.clock().getTime() });
}

/** Whether the actor may be told of changes of a type now: what it may both read and search. Nothing is logged. */
export function mayBeTold(visit: Visit, type: string): Decision {
  const question = { type, today: today(visit) };
  const search = decide(visit.actor, { ...question, interaction: "search" });
  return "refusal" in search ? search : decide(visit.actor, { ...question, interaction: "read" });
}

/** Which versions of one type are asked about, and what of them. */
export type MatchAsk = {
  readonly type: string;
  readonly versions: readonly VersionName[];
  readonly criteria: QueryParameters;
  /** The same object for questions about the same changes: what was read for one of them is not read again. */
  readonly together?: object;
};

/**
 * Which of the versions meet all criteria, as `id/version`; what is out of reach meets none. Nobody is shown anything, so
 * nothing is logged. Errors: SEARCH_*, FORBIDDEN.
 */
export async function matchVersions(visit: Visit, ask: MatchAsk): Promise<ReadonlySet<string>> {
  const { type, versions, criteria } = ask;
  const plan = planCriteria(visit, type, criteria);
  const decision = mayBeTold(visit, type);
  if (versions.length === 0 || "refusal" in decision) return new Set();
  const { grounds } = decision;
  return visit.store.read(reachSetting(grounds.reach), async (look) => {
    const records = await recordsFor(visit, look, ask, reachSetting(grounds.reach));
    const meant = await withMeanings(visit, plan, look);
    const found = await look.search(compileMatching(meant, predicateFor(visit, grounds), records));
    return new Set(found.map((row) => `${String(row["id"])}/${String(row["version"])}`));
  });
}

/** Rows that were read for somebody who reaches as far; versions never change. */
const readTogether = new WeakMap<object, Map<string, string>>();

async function recordsFor(
  visit: Visit,
  look: ReadTx,
  { type, versions, together = {} }: MatchAsk,
  reach: string,
): Promise<string> {
  const known = readTogether.get(together) ?? new Map<string, string>();
  readTogether.set(together, known);
  const name = [reach, type, ...versions.map(({ id, version }) => `${id}/${version}`)].join(" ");
  const before = known.get(name);
  if (before !== undefined) return before;
  const rows = await storedVersions(look, type, versions);
  const records = recordsOf(rows.map((row) => recordOf(visit, type, row)));
  known.set(name, records);
  return records;
}

/** Which of the versions differ from the one before in one of the elements, as `id/version`. Nobody is shown anything. */
export async function changedVersions(
  visit: Visit,
  type: string,
  versions: readonly VersionName[],
  elements: readonly string[],
): Promise<ReadonlySet<string>> {
  const decision = mayBeTold(visit, type);
  if (versions.length === 0 || "refusal" in decision) return new Set();
  const pairs = versions.flatMap((one) => [one, { ...one, version: one.version - 1 }]);
  const rows = await visit.store.read(reachSetting(decision.grounds.reach), (look) =>
    storedVersions(look, type, pairs),
  );
  const said = new Map(rows.map(({ id, version, content }) => [`${id}/${version}`, elementsText(content, elements)]));
  const isChanged = ({ id, version }: VersionName): boolean =>
    said.get(`${id}/${version}`) !== said.get(`${id}/${version - 1}`);
  return new Set(versions.filter(isChanged).map(({ id, version }) => `${id}/${version}`));
}

function elementsText(content: string, elements: readonly string[]): string {
  const resource = parseJson(content);
  return writeJson(elements.map((name) => (isJsonObject(resource) ? (resource[name] ?? null) : null)));
}

/**
 * The texts of the versions that a subscriber is told of, in their order; of a deletion there is none. They are in the
 * access log, patient by patient, before they are answered. Errors: FORBIDDEN, UNAVAILABLE when the log cannot be written.
 */
export async function discloseVersions(
  visit: Visit,
  versions: readonly (VersionName & { readonly patient: string | null })[],
): Promise<Disclosed<readonly (Version | undefined)[]>> {
  const found = new Map<string, Version>();
  let grounds: Grounds | undefined;
  const showing = await showingFor(visit);
  for (const type of new Set(versions.map((one) => one.type))) {
    grounds = await authorize(visit, "read", type);
    await authorize(visit, "search", type);
    const some = versions.filter((one) => one.type === type);
    for (const { id, version, patient, content } of await visit.store.read(reachSetting(grounds.reach), (look) =>
      storedVersions(look, type, some),
    ))
      found.set(`${type}/${id}/${version}`, {
        type,
        id,
        version,
        content: showing.text({ type, id, patient, content }, "message"),
      });
  }
  if (grounds === undefined) return disclose([]);
  const act = { action: "notify", outcome: "granted", ground: groundText(grounds) } as const;
  await visit.store.recordAccess(entriesByPatient(visit, act, versions, []));
  return disclose(versions.map(({ type, id, version }) => found.get(`${type}/${id}/${version}`)));
}

/** Current or not; a version may become history between the two looks, never the other way around. */
async function storedVersions(look: ReadTx, type: string, versions: readonly VersionName[]): Promise<StoredVersion[]> {
  const ids = [...new Set(versions.map(({ id }) => id))];
  const current = new Map((await look.readMany(type, ids)).map((row) => [`${row.id}/${row.version}`, row]));
  const rows = await Promise.all(
    versions.map(async ({ id, version }) => current.get(`${id}/${version}`) ?? look.readOldVersion(type, id, version)),
  );
  return rows.filter((row): row is StoredVersion => row !== undefined && row.content !== null);
}

function recordOf({ base }: Visit, type: string, row: StoredVersion): NewRow {
  const resource = parseJson(row.content);
  if (!isJsonObject(resource)) throw new Error("a stored version is no resource");
  const said = isJsonObject(resource["meta"]) ? resource["meta"]["lastUpdated"] : undefined;
  const lastUpdated = typeof said === "string" ? said : "";
  const { home, id, version, content, care_provider: careProvider, care_unit: careUnit } = row;
  return {
    type,
    home,
    id,
    version,
    lastUpdated,
    careProvider,
    careUnit,
    content,
    keys: extractKeys(type, resource, { base }),
  };
}
