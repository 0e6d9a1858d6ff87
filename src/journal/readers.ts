/**
 * "Vem har läst": who has been in a patient's record, when, from where and on what grounds. Looking is logged as well.
 *
 * SPEC JRN-READERS · PDL 8 kap. 5 §, HSLF-FS 2016:40 4 kap. 10 §
 */
import { reachSetting } from "../access/index.ts";
import { homeOf } from "../base/index.ts";
import { fhirError, fhirErrorAt } from "../fhir/index.ts";
import type { AccessLogEntry, ReaderRow } from "../store/index.ts";
import { authorize } from "./authorize.ts";
import { groundText, logEntry, type Visit } from "./context.ts";
import { disclose, type Disclosed } from "./disclosed.ts";

export type Reader = {
  readonly recorded: string;
  readonly person: string | null;
  readonly actor: string;
  readonly unit: string | null;
  readonly provider: string | null;
  readonly action: string;
  readonly ground: string;
  readonly refused: boolean;
  readonly count: number;
  readonly types: readonly string[];
};

export type ReaderPage = { readonly items: readonly Reader[]; readonly next: string | null };

const CURSOR = /^[^~]{10,40}~[0-9a-f-]{36}~\d{1,18}$/;

/** A page of a patient's access log, newest first. Errors: NOT_FOUND when the patient is not within reach, FORBIDDEN. */
export async function readersOf(
  visit: Visit,
  patient: string,
  ask: { readonly count: number; readonly before?: string },
): Promise<Disclosed<ReaderPage>> {
  const grounds = await authorize(visit, "read", "Patient", `Patient/${patient}`);
  const rows = await visit.store.read(reachSetting(grounds.reach), async (look) => {
    const known = (await look.read("Patient", patient)) !== undefined;
    return known ? look.readersOf(patient, cursorOf(ask.before), ask.count + 1) : undefined;
  });
  const about = { home: homeOf(patient), patient, what: [`Patient/${patient} access log`] };
  const act = {
    action: "read access log",
    outcome: rows === undefined ? "refused" : "granted",
    ground: groundText(grounds),
  } as const;
  await visit.store.recordAccess([logEntry(visit, act, about)]);
  if (rows === undefined) throw fhirError("NOT_FOUND");
  const shown = rows.slice(0, ask.count);
  const last = shown.at(-1);
  return disclose({
    items: shown.map(readerOf),
    next: rows.length > ask.count && last !== undefined ? `${last.recorded}~${last.chain}~${last.seq}` : null,
  });
}

function readerOf({ entry }: ReaderRow): Reader {
  const { recorded, person, actor, careUnit, careProvider, action, ground, outcome, what } = JSON.parse(
    entry,
  ) as AccessLogEntry;
  const types = [...new Set(what.map((one) => one.split("/")[0] ?? ""))];
  return {
    recorded,
    person,
    actor,
    unit: careUnit,
    provider: careProvider,
    action,
    ground,
    refused: outcome === "refused",
    count: what.length,
    types,
  };
}

function cursorOf(text: string | undefined): { recorded: string; chain: string; seq: string } | undefined {
  if (text === undefined) return undefined;
  const [recorded = "", chain = "", seq = ""] = text.split("~");
  if (!CURSOR.test(text) || Number.isNaN(Date.parse(recorded.replace(" ", "T").replace(/\+00$/, "Z"))))
    throw fhirErrorAt("SEARCH_VALUE_INVALID", "before", "before");
  return { recorded, chain, seq };
}
