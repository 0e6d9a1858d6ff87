/**
 * Reading one version: the current one or an older one. What is out of reach is not found, in the same words and with
 * the same work as what never was.
 *
 * SPEC JRN-READ · https://hl7.org/fhir/R4/http.html#read
 */
import { reachSetting, type Grounds } from "../access/index.ts";
import { homeOf } from "../base/index.ts";
import { fhirError, isFhirId } from "../fhir/index.ts";
import { compileNamed, type WholeRow } from "../search/index.ts";
import type { CurrentRow, ReadTx, VersionRow } from "../store/index.ts";
import { authorize } from "./authorize.ts";
import { recordShown } from "./care/grounds.ts";
import { aboutAsked, groundText, logEntry, OUT_OF_REACH, type Visit } from "./context.ts";
import { disclose, type Disclosed } from "./disclosed.ts";
import { isNarrowedFor } from "./narrowed.ts";
import { readPredicateFor } from "./predicate.ts";
import { showingFor } from "./protected.ts";

/** One version as it is answered: its JSON text and what its headers say. */
export type Version = {
  readonly type: string;
  readonly id: string;
  readonly version: number;
  readonly content: string;
};

/** What is needed of a row to show it. */
type ShownRow = Omit<CurrentRow, "care_provider" | "care_unit">;
type Act = { readonly action: string; readonly grounds: Grounds };

/** Reads the current version. Errors: NOT_FOUND, GONE, FORBIDDEN. */
export async function readResource(visit: Visit, type: string, id: string): Promise<Disclosed<Version>> {
  const asked = `${type}/${id}`;
  const grounds = await authorize(visit, "read", type, asked);
  if (!isFhirId(id)) return refuseMissing(visit, "read", asked, undefined);
  const reach = reachSetting(grounds.reach);
  const isNarrowed = isNarrowedFor(visit.actor, type);
  const row = isNarrowed
    ? await readNarrowed(visit, grounds, `${type}/${id}`)
    : await visit.store.readOne(reach, type, id);
  if (row !== undefined) return discloseRow(visit, { action: "read", grounds }, type, row);
  // At the patient's door there are no older versions to tell that there has been one.
  const last =
    grounds.reach.kind === "door" || isNarrowed
      ? undefined
      : await visit.store.read(reach, (look) => look.readLastVersion(type, id));
  return refuseMissing(visit, "read", asked, last);
}

/** The row with the name, when it is among what an application may see. */
export async function readNarrowed(visit: Visit, { reach }: Grounds, name: string): Promise<ShownRow | undefined> {
  const statement = compileNamed([name], undefined, readPredicateFor(visit, reach));
  if (statement === undefined) return undefined;
  const [row] = (await visit.store.search(reachSetting(reach), statement)) as unknown as readonly WholeRow[];
  return row === undefined ? undefined : { ...row, home: row.patient === null ? 0 : homeOf(row.patient) };
}

/** Reads one version by its number. Errors: NOT_FOUND, GONE for the version that is a deletion, FORBIDDEN. */
export async function readVersion(
  visit: Visit,
  type: string,
  id: string,
  versionId: string,
): Promise<Disclosed<Version>> {
  const grounds = await authorize(visit, "vread", type, `${type}/${id}`);
  const version = /^[1-9]\d{0,8}$/.test(versionId) ? Number(versionId) : 0;
  const row = !isFhirId(id)
    ? undefined
    : await visit.store.read(reachSetting(grounds.reach), (look) => findVersion(look, type, id, version));
  if (row?.content === undefined || row.content === null)
    return refuseMissing(visit, "vread", `${type}/${id}`, row as VersionRow | undefined);
  return discloseRow(visit, { action: "vread", grounds }, type, { ...row, content: row.content });
}

async function findVersion(
  look: ReadTx,
  type: string,
  id: string,
  version: number,
): Promise<CurrentRow | VersionRow | undefined> {
  const current = await look.read(type, id);
  // It may have become history between the two looks, never the other way around.
  return current?.version === version ? current : look.readOldVersion(type, id, version);
}

async function discloseRow(visit: Visit, act: Act, type: string, row: ShownRow): Promise<Disclosed<Version>> {
  const showing = await showingFor(visit);
  const what = [`${type}/${row.id}/_history/${row.version}`];
  await recordShown(visit, [
    logEntry(
      visit,
      { action: act.action, outcome: "granted", ground: groundText(act.grounds) },
      { home: row.home, patient: row.patient, what },
    ),
  ]);
  const { id, version, patient, content } = row;
  return disclose({ type, id, version, content: showing.text({ type, id, patient, content }, "chart") });
}

/** That a resource was not found, and its deletion when there was one. */
export type Missing = { readonly deletion: VersionRow | undefined };

/** Logs that what was asked for is not within reach, and tells it: GONE for what has been deleted, else NOT_FOUND. */
export async function refuseMissing(
  visit: Visit,
  action: string,
  asked: string,
  deletion: VersionRow | undefined,
): Promise<never> {
  const about =
    deletion === undefined ? aboutAsked([asked]) : { home: deletion.home, patient: deletion.patient, what: [asked] };
  await visit.store.recordAccess([logEntry(visit, { action, outcome: "refused", ground: OUT_OF_REACH }, about)]);
  if (deletion?.method !== "delete") throw fhirError("NOT_FOUND");
  const destroyed = await visit.store.destroyedRecord(deletion.type, deletion.id);
  if (destroyed === undefined) throw fhirError("GONE");
  throw fhirError("DESTROYED", destroyed.decision, destroyed.authority, destroyed.destroyed.slice(0, 10));
}
