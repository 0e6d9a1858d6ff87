/**
 * The access log of a period as StoreLog, a page at a time, oldest first. The export is itself a row of the log, durable
 * before the first page leaves.
 *
 * SPEC JRN-LOG-STORE
 */
import { reachSetting } from "../../access/index.ts";
import {
  homeOf,
  NATIONELLT_RESERVNUMMER_SYSTEM,
  PERSONNUMMER_SYSTEM,
  REGIONAL_ISSUERS,
  SAMORDNINGSNUMMER_SYSTEM,
} from "../../base/index.ts";
import { isResourceType } from "../../fhir/index.ts";
import {
  memberText,
  type AccessLogEntry,
  type LogAsk,
  type LogPeriod,
  type LogRow,
  type ReadTx,
} from "../../store/index.ts";
import { groundText, logEntry, type Visit } from "../context.ts";
import { disclose, type Disclosed } from "../disclosed.ts";
import { groundsForLog } from "./search-log.ts";
import { nameIn, storeLogOf, UNKNOWN_ID, type Owner, type Surroundings } from "./store-log.ts";

export type LogExportAsk = {
  readonly period: LogPeriod;
  readonly patient?: string;
  /** HSA-id of the care provider whose staff's accesses are asked for. */
  readonly provider?: string;
  readonly system: Surroundings["system"];
};

export type LogExportPage = {
  /** `Log` elements. */ readonly logs: readonly string[];
  /** How many rows name their unit or care provider without HSA-id. */ readonly withoutId: number;
};

const PAGE = 1000;

/** Errors: FORBIDDEN; an action that has no national word ends the export. */
export async function* exportLog(visit: Visit, ask: LogExportAsk): AsyncGenerator<Disclosed<LogExportPage>> {
  const grounds = await groundsForLog(visit, "search");
  const { patient = null } = ask;
  const act = { action: "export access log", outcome: "granted", ground: groundText(grounds) } as const;
  const what = [`AuditEvent/$access-log ${ask.period.low ?? ""}/${ask.period.high ?? ""} ${ask.provider ?? ""}`.trim()];
  await visit.store.recordAccess([
    logEntry(visit, act, { home: patient === null ? 0 : homeOf(patient), patient, what }),
  ]);
  let after: LogAsk["after"] = "start";
  for (;;) {
    const part: LogAsk = { ...criteriaOf(ask), after, limit: PAGE };
    const page = await visit.store.read(reachSetting(grounds.reach), async (look) => {
      const rows = await look.log(part);
      const around = await surroundingsOf(look, rows, ask.system);
      return { rows, logs: rows.map((row) => storeLogOf(row, around)) };
    });
    const withoutId = page.logs.filter((log) => log.includes(`Id>${UNKNOWN_ID}</`)).length;
    if (page.rows.length > 0) yield disclose({ logs: page.logs, withoutId });
    after = page.rows.at(-1);
    if (page.rows.length < PAGE || after === undefined) return;
  }
}

function criteriaOf({ period, patient, provider }: LogExportAsk): Omit<LogAsk, "limit"> {
  const texts =
    provider === undefined ? [] : [["careProviderId", "careProvider"].map((one) => memberText(one, provider))];
  return { within: [period], texts, ...(patient === undefined ? {} : { patient }) };
}

/** Looks up whose the rows are and who owns what they name, each resource once. */
async function surroundingsOf(
  look: ReadTx,
  rows: readonly LogRow[],
  system: Surroundings["system"],
): Promise<Surroundings> {
  const patients = new Set<string>();
  const named = new Map<string, Set<string>>();
  for (const row of rows) {
    const { patient, what } = JSON.parse(row.entry) as AccessLogEntry;
    if (patient !== null) patients.add(patient);
    for (const one of what) {
      const [type = "", id = ""] = nameIn(one)?.split("/") ?? [];
      if (!isResourceType(type)) continue;
      const ids = named.get(type) ?? new Set();
      named.set(type, ids.add(id));
    }
  }
  const numbers = new Map<string, string>();
  for (const { id, content } of await look.readMany("Patient", [...patients])) {
    const number = patientNumberIn(content);
    if (number !== undefined) numbers.set(id, number);
  }
  const owners = new Map<string, Owner>();
  for (const [type, ids] of named)
    for (const row of await look.readMany(type, [...ids]))
      owners.set(`${type}/${row.id}`, { careProvider: row.care_provider, careUnit: row.care_unit });
  return { system, numberOf: (id) => numbers.get(id), ownerOf: (name) => owners.get(name) };
}

/** Systems of numbers that the nation knows a patient by, the surest first. */
const NUMBER_SYSTEMS: readonly string[] = [
  PERSONNUMMER_SYSTEM,
  SAMORDNINGSNUMMER_SYSTEM,
  NATIONELLT_RESERVNUMMER_SYSTEM,
  ...Object.values(REGIONAL_ISSUERS).map(({ oid }) => `urn:oid:${oid}`),
];

/** The number that the nation knows a patient by, in a Patient's text. */
export function patientNumberIn(content: string): string | undefined {
  const { identifier = [] } = JSON.parse(content) as {
    identifier?: readonly { readonly system?: string; readonly value?: string }[];
  };
  for (const system of NUMBER_SYSTEMS) {
    const value = identifier.find((one) => one.system === system)?.value?.replaceAll(/[-+ ]/g, "");
    if (value !== undefined && value.length <= 12) return value;
  }
  return undefined;
}
