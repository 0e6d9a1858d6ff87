/** Resources and log entries for the store's tests, with real search keys, and the writes that make versions of them. */
import { homeOf } from "../../base/index.ts";
import type { JsonObject } from "../../fhir/index.ts";
import { extractKeys } from "../../search/index.ts";
import type { AccessLogEntry } from "../access-log.ts";
import type { Reach } from "../connection.ts";
import type { CurrentRow, NewRow } from "../resources.ts";
import type { Store } from "../store.ts";
import type { Change, WriteTx } from "../transaction.ts";

/** The care provider that owns what the tests write, unless they say otherwise. */
export const OURS = "SE2321000131-E000000000001";
export const THEIRS = "SE2321000131-E000000000002";

export type RowOptions = {
  readonly version?: number;
  readonly careProvider?: string | null;
  readonly content?: string;
  readonly lastUpdated?: string;
};

/** The row of a resource as the journal would write it. */
export function rowOf(resource: JsonObject, options: RowOptions = {}): NewRow {
  const { version = 1, careProvider = OURS, lastUpdated = "2026-11-21T08:00:00.000Z" } = options;
  const type = String(resource["resourceType"]);
  const keys = extractKeys(type, resource);
  return {
    type,
    home: keys.patient === null ? 0 : homeOf(keys.patient),
    id: String(resource["id"]),
    version,
    lastUpdated,
    careProvider,
    careUnit: careProvider === null ? null : `${careProvider}-unit`,
    content: options.content ?? JSON.stringify({ ...resource, meta: { versionId: String(version), lastUpdated } }),
    keys,
  };
}

/** A patient without anything that could be somebody's. */
export function patient(id: string, family = "Test"): JsonObject {
  return { resourceType: "Patient", id, name: [{ family, given: ["Tove"] }] };
}

/** An observation of a patient. */
export function observation(id: string, patientId: string, value = 5): JsonObject {
  return {
    resourceType: "Observation",
    id,
    status: "final",
    code: { coding: [{ system: "urn:iso:std:iso:11073:10101", code: "188736" }] },
    subject: { reference: `Patient/${patientId}` },
    effectiveDateTime: "2026-11-20T07:30:00+01:00",
    valueQuantity: { value, unit: "kg", system: "http://unitsofmeasure.org", code: "kg" },
  };
}

export function changeOf(row: NewRow, method: Change["method"]): Change {
  const { home, type, id, version, lastUpdated: recorded, careProvider, careUnit, keys } = row;
  return { home, type, id, version, method, recorded, patient: keys.patient, careProvider, careUnit };
}

/** One line for the access log. */
export function entry(n: number | string, more: Partial<AccessLogEntry> = {}): AccessLogEntry {
  return {
    recorded: "2026-11-21T08:00:00.123Z",
    home: homeOf(more.patient ?? "p1"),
    patient: "p1",
    action: "read",
    outcome: "granted",
    ground: "TEST-1 · PDL 4 kap. 1 § · test",
    actor: "SE2321000131-P000000000001",
    person: "Test Testsson, läkare",
    assignment: "a1",
    careUnit: "u1",
    careProvider: OURS,
    purpose: "Vård och behandling",
    request: `request ${n}`,
    what: [`Observation/o${n}/_history/1`],
    ...more,
  };
}

/** Writes the first version of rows, with change log and access log, in the transaction. */
export async function insertInto(tx: WriteTx, rows: readonly NewRow[]): Promise<void> {
  await tx.lock(rows.map(({ type, id }) => `${type}/${id}`));
  for (const row of rows) await tx.insert(row.type, [row]);
  await tx.recordChanges(rows.map((row) => changeOf(row, "create")));
  await tx.recordAccess(
    rows.map((row) => entry(row.id, { action: "create", home: row.home, patient: row.keys.patient })),
    rows[0]?.lastUpdated ?? "",
  );
}

export function create(store: Store, rows: readonly NewRow[], reach: Reach = "*"): Promise<void> {
  return store.write(reach, (tx) => insertInto(tx, rows));
}

/** Writes the next version of a resource. */
export function update(store: Store, row: NewRow, reach: Reach = "*"): Promise<void> {
  return store.write(reach, async (tx) => {
    await tx.lock([`${row.type}/${row.id}`]);
    await tx.replace(row);
    await tx.recordChanges([changeOf(row, "update")]);
    await tx.recordAccess(
      [entry(row.id, { action: "update", home: row.home, patient: row.keys.patient })],
      row.lastUpdated,
    );
  });
}

/** Deletes the current version of a resource; answers it. */
export function remove(
  store: Store,
  type: string,
  id: string,
  at: string,
  reach: Reach = "*",
): Promise<CurrentRow | undefined> {
  return store.write(reach, async (tx) => {
    await tx.lock([`${type}/${id}`]);
    const row = await tx.read(type, id);
    if (row === undefined) return undefined;
    await tx.remove(type, row, at);
    await tx.recordChanges([
      {
        home: row.home,
        type,
        id,
        version: row.version + 1,
        method: "delete",
        recorded: at,
        patient: row.patient,
        careProvider: row.care_provider,
        careUnit: row.care_unit,
      },
    ]);
    await tx.recordAccess([entry(id, { action: "delete", home: row.home, patient: row.patient })], at);
    return row;
  });
}

/** Everything that a write can leave behind, counted. */
export const COUNTED = [
  "patient",
  "observation",
  "history",
  "change_log",
  "access_log",
  "access_log_head",
  "outbox",
  "idempotency",
] as const;

export async function countAll(sql: <T>(text: string) => Promise<T[]>): Promise<Record<string, number>> {
  const [row] = await sql<Record<string, number>>(
    `SELECT ${COUNTED.map((table) => `(SELECT count(*)::int FROM "${table}") AS "${table}"`).join(", ")}`,
  );
  return row ?? {};
}
