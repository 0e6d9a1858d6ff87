/**
 * The parameters of a search in the access log. What cannot be answered is refused: a list of who has read that left a
 * criterion out would be another list than the one asked for.
 *
 * SPEC JRN-LOG-SEARCH · https://hl7.org/fhir/R4/auditevent.html#search
 */
import { isHsaSystem } from "../../base/index.ts";
import { dateRange, fhirErrorAt, isFhirId, type FhirError } from "../../fhir/index.ts";
import { memberText, type LogAsk, type LogPeriod, type LogPosition } from "../../store/index.ts";
import type { QueryParameters } from "../query-text.ts";
import { actionsOf } from "./actions.ts";
import { rowOfId } from "./audit-event.ts";

export type LogQuery = Omit<LogAsk, "limit" | "after"> & { readonly count: number };

const USUAL = 50;
const MOST = 1000;
const MOST_ALTERNATIVES = 20;
const PREFIXED = /^(eq|ne|gt|ge|lt|le|sa|eb)?(\d.*)$/;
const CURSOR =
  /^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d{1,6})?\+00)~([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})~(\d{1,18})$/;
const NONE: LogPeriod = { low: null, high: null };

type Part = Partial<Omit<LogQuery, "count">> & { readonly count?: number };
type Reading = (value: string, base: string) => Part;

const READINGS: Readonly<Record<string, Reading>> = {
  patient: (value, base) => patientPart("patient", value, base),
  "patient:Patient": (value, base) => patientPart("patient", value, base),
  entity: entityPart,
  agent: (value) => agentPart("agent", value),
  "agent:identifier": (value) => agentPart("agent:identifier", value),
  date: datePart,
  action: (value) => ({ texts: [alternatives("action", value).flatMap(actionTexts)] }),
  outcome: (value) => ({ texts: [alternatives("outcome", value).flatMap(outcomeTexts)] }),
  _id: (value) => ({ rows: alternatives("_id", value).flatMap((id) => rowOfId(id) ?? []) }),
  _count: (value) => ({ count: countOf(value) }),
  _cursor: (value) => ({ before: positionOf(value) }),
  _sort: (value) => {
    if (value !== "-date") throw invalid("_sort", "-date");
    return {};
  },
};

/** Parameters about the form of the answer, which others read. */
const OF_FORM: ReadonlySet<string> = new Set(["_format", "_pretty", "_summary", "_elements"]);

/** Errors: SEARCH_PARAM_UNKNOWN, SEARCH_VALUE_INVALID; only `date` may be given more than once. */
export function logQueryOf(parameters: QueryParameters, base: string): LogQuery {
  const seen = new Set<string>();
  let query: LogQuery = { count: USUAL };
  for (const [name, value] of parameters) {
    if (OF_FORM.has(name)) continue;
    const reading = Object.hasOwn(READINGS, name) ? READINGS[name] : undefined;
    if (reading === undefined) throw fhirErrorAt("SEARCH_PARAM_UNKNOWN", name, name, "AuditEvent/$access-log");
    if (seen.has(name) && name !== "date") throw invalid(name, "1");
    seen.add(name);
    query = joined(query, reading(value, base));
  }
  return query;
}

function joined(query: LogQuery, part: Part): LogQuery {
  const { patient } = part;
  if (patient !== undefined && query.patient !== undefined && patient !== query.patient) return { ...query, rows: [] }; // of two patients at once there is no row
  return {
    ...query,
    ...part,
    count: part.count ?? query.count,
    within: [...(query.within ?? []), ...(part.within ?? [])],
    without: [...(query.without ?? []), ...(part.without ?? [])],
    texts: [...(query.texts ?? []), ...(part.texts ?? [])],
  };
}

/** The position as a page's link carries it. */
export function cursorOf({ recorded, chain, seq }: LogPosition): string {
  return `${recorded}~${chain}~${seq}`;
}

/** The position that a text names, if it is one: PostgreSQL takes no day that no calendar has. */
export function positionIn(text: string): LogPosition | undefined {
  const [, recorded, chain, seq] = CURSOR.exec(text) ?? [];
  if (recorded === undefined || chain === undefined || seq === undefined) return undefined;
  const isReal = dateRange(recorded.replace(" ", "T").replace(/\+00$/, "Z")) !== undefined;
  return isReal ? { recorded, chain, seq } : undefined;
}

function positionOf(text: string): LogPosition {
  const position = positionIn(text);
  if (position === undefined) throw invalid("_cursor", "next");
  return position;
}

function patientPart(name: string, value: string, base: string): Part {
  const id = value.replace(`${base}/`, "").replace(/^Patient\//, "");
  if (!isFhirId(id)) throw invalid(name, "Patient/123");
  return { patient: id };
}

function entityPart(value: string, base: string): Part {
  const relative = value.replace(`${base}/`, "");
  const [, type, id, version] = /^([A-Za-z]+)\/([A-Za-z0-9.-]{1,64})(?:\/_history\/(\d{1,9}))?$/.exec(relative) ?? [];
  if (type === undefined || id === undefined) throw invalid("entity", "Observation/123");
  if (type === "Patient" && version === undefined) return { patient: id };
  if (version !== undefined) return { texts: [[JSON.stringify(relative)]] };
  return { texts: [[JSON.stringify(relative), JSON.stringify(`${relative}/_history/`).slice(0, -1)]] };
}

function agentPart(name: string, value: string): Part {
  const [system, id = value] = value.includes("|") ? value.split("|") : [undefined];
  const isHsa = system === undefined || isHsaSystem(system);
  if (!isHsa || id === "" || id.length > 100 || id.includes(",") || id.includes("/"))
    throw invalid(name, "SE2321000131-E000000000001");
  return { texts: [[memberText("actor", id), memberText("actor", `client ${id}`)]] };
}

function datePart(value: string): Part {
  const [, prefix = "eq", text = ""] = PREFIXED.exec(value) ?? [];
  const range = dateRange(text.replace(/ (?=\d\d:\d\d$)/, "+"));
  if (range === undefined) throw invalid("date", "2026-11-21, ge2026-11, lt2026-11-21T10:00+01:00");
  const { low, high } = range;
  switch (prefix) {
    case "ne":
      return { without: [range] };
    case "gt":
    case "sa":
      return { within: [{ ...NONE, low: high }] };
    case "ge":
      return { within: [{ ...NONE, low }] };
    case "lt":
    case "eb":
      return { within: [{ ...NONE, high: low }] };
    case "le":
      return { within: [{ ...NONE, high }] };
    default:
      return { within: [range] };
  }
}

function actionTexts(code: string): string[] {
  if (!/^[CRUDE]$/.test(code)) throw invalid("action", "C, R, U, D, E");
  return actionsOf(code).map((name) => memberText("action", name));
}

function outcomeTexts(code: string): string[] {
  if (!/^(?:0|4|8|12)$/.test(code)) throw invalid("outcome", "0, 4, 8, 12");
  if (code === "0") return [memberText("outcome", "granted")];
  return code === "4" ? [memberText("outcome", "refused")] : [];
}

function alternatives(name: string, value: string): readonly string[] {
  const found = value.split(",").map((one) => one.replace(/^.*\|/, "")); // the system of a code is the element's own
  if (found.length > MOST_ALTERNATIVES || found.includes("")) throw invalid(name, `1–${MOST_ALTERNATIVES}`);
  return found;
}

function countOf(value: string): number {
  if (!/^\d{1,9}$/.test(value) || Number(value) === 0) throw invalid("_count", `1–${MOST}`);
  return Math.min(Number(value), MOST);
}

function invalid(name: string, expected: string): FhirError {
  return fhirErrorAt("SEARCH_VALUE_INVALID", name, name, expected);
}
