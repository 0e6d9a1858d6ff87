/**
 * Everything about a patient, an encounter or the patients of a group: what is in the compartment, then what those
 * resources refer to that is nobody's record (staff, units, places, products). One statement for each, page by page.
 *
 * SPEC HTTP-EVERYTHING · https://hl7.org/fhir/R4/patient-operation-everything.html
 */
import { reachSetting, type AccessPredicate, type Use } from "../access/index.ts";
import {
  fhirErrorAt,
  isFhirId,
  isJsonArray,
  isJsonObject,
  isResourceType,
  parseJson,
  PERSON_TYPES,
} from "../fhir/index.ts";
import {
  compileNamed,
  compileNames,
  compileWhole,
  encounterTypesOf,
  linkedNames,
  PATIENT_TYPES,
  type Focus,
  type Whole,
  type WholeRow,
} from "../search/index.ts";
import type { CurrentRow, ReadTx, Sql, VersionRow } from "../store/index.ts";
import { authorize } from "./authorize.ts";
import { recordShown, requireNeed } from "./care/grounds.ts";
import { groundText, type Visit } from "./context.ts";
import { disclose, type Disclosed } from "./disclosed.ts";
import { entriesByPatient } from "./hits.ts";
import { isNarrowedFor } from "./narrowed.ts";
import { predicateFor } from "./predicate.ts";
import { showingFor, shownRow, type Showing } from "./protected.ts";
import { readNarrowed, refuseMissing } from "./read.ts";

export type EverythingAsk = {
  readonly type: "Patient" | "Encounter" | "Group";
  readonly id: string;
  /** Instants (ISO): the time of care, its end exclusive; changed since. */
  readonly start?: string;
  readonly end?: string;
  readonly since?: string;
  /** Only these types; none means all. */
  readonly types: readonly string[];
  readonly count: number;
  readonly cursor?: string;
  /** How it is shown: one whom the caller names as in a chart, unless told otherwise. */
  readonly use?: Use;
};

export type EverythingRow = WholeRow & { readonly mode: "match" | "include" };

export type EverythingPage = {
  readonly rows: readonly EverythingRow[];
  readonly next: string | null;
  /** How many there are, when the page is all there is. */
  readonly total: number | null;
  /** Whether more was referred to than is followed. */
  readonly isCut: boolean;
};

const MOST_NAMES = 5000;
const MOST_PATIENTS = 200;
/** What a resource refers to, and what a role, place or device in it refers to in turn. */
const STEPS = 2;

/** One page of everything. Errors: NOT_FOUND, GONE, FORBIDDEN, SEARCH_VALUE_INVALID, SEARCH_TOO_COSTLY. */
export async function readEverything(visit: Visit, ask: EverythingAsk): Promise<Disclosed<EverythingPage>> {
  const asked = `${ask.type}/${ask.id}`;
  const grounds = await authorize(visit, "read", ask.type, asked);
  for (const type of new Set([ask.type, ...ask.types])) await authorize(visit, "search", type, asked);
  const after = positionOf(ask.cursor);
  if (!isFhirId(ask.id)) return refuseMissing(visit, "everything", asked, undefined);
  if (ask.type === "Patient") await requireNeed(visit, ask.id, asked);
  if (isNarrowedFor(visit.actor, ask.type) && (await readNarrowed(visit, grounds, asked)) === undefined)
    return refuseMissing(visit, "everything", asked, undefined);
  const how = { predicate: predicateFor(visit, grounds), showing: await showingFor(visit) };
  const found = await visit.store.read(
    reachSetting(grounds.reach),
    (look) => new Gathering(look, how, ask, after).page(),
    "once",
  );
  if (!("rows" in found)) return refuseMissing(visit, "everything", asked, found.deletion);
  const act = { action: "everything", outcome: "granted", ground: groundText(grounds) } as const;
  await recordShown(visit, entriesByPatient(visit, act, found.rows, [asked]));
  return disclose(found);
}

type How = { readonly predicate: AccessPredicate; readonly showing: Showing };

/** Where a page begins: after this row of the compartment (`own`), or of what goes along with it. */
type Position = { readonly of: "own" | "along"; readonly type: string; readonly id: string };

type Missing = { readonly deletion: VersionRow | undefined };
type Along = { readonly rows: readonly WholeRow[]; readonly isCut: boolean };

class Gathering {
  private readonly look: ReadTx;
  private readonly predicate: AccessPredicate;
  private readonly showing: Showing;
  private readonly ask: EverythingAsk;
  private readonly after: Position | undefined;

  constructor(look: ReadTx, { predicate, showing }: How, ask: EverythingAsk, after: Position | undefined) {
    this.look = look;
    this.predicate = predicate;
    this.showing = showing;
    this.ask = ask;
    this.after = after;
  }

  async page(): Promise<EverythingPage | Missing> {
    const { ask, look } = this;
    const all = typesAround(ask.type);
    const isTrusted = look.typesSeen().has(ask.type);
    // A patient's compartment is known by its id alone, so all questions go in one round.
    const first = ask.type === "Patient" ? this.own({ patients: [ask.id] }) : undefined;
    const [focus, fresh, rows] = await Promise.all([look.read(ask.type, ask.id), look.lookForTypes(all), first]);
    if (focus === undefined) return { deletion: await look.readLastVersion(ask.type, ask.id) };
    const whole = this.wholeOf(focusOf(ask, focus));
    const isWhole = rows !== undefined && (fresh.length === 0 || !isTrusted);
    return this.pageOf(whole, isWhole ? rows : await this.own(whole.focus));
  }

  private async pageOf(whole: Whole, found: readonly WholeRow[]): Promise<EverythingPage> {
    const { count } = this.ask;
    const own = found.slice(0, count);
    if (found.length > count) return { ...pageWith(own, [], nextAfter("own", own.at(-1))), total: null, isCut: false };
    const along = await this.along(whole, own);
    const shown = along.rows.slice(0, count - own.length);
    const isMore = along.rows.length > shown.length;
    const last = shown.length > 0 ? nextAfter("along", shown.at(-1)) : nextAfter("own", own.at(-1));
    const page = pageWith(own, shown, isMore ? (last ?? this.ask.cursor ?? null) : null);
    const isAll = page.next === null && this.after === undefined;
    return { ...page, total: isAll ? page.rows.length : null, isCut: along.isCut };
  }

  /** The next rows of the compartment, one more than the page holds. */
  private async own(focus: Focus): Promise<readonly WholeRow[]> {
    if (this.after?.of === "along") return [];
    const { types, since, count } = this.ask;
    const whole = this.wholeOf(focus);
    const wanted = types.length === 0 ? whole.types : whole.types.filter((type) => types.includes(type));
    if (this.after !== undefined && !wanted.includes(this.after.type)) throw badCursor();
    const page = { ...whole, types: wanted, since, after: this.after, limit: count + 1 };
    return this.rowsOf(compileWhole(page, this.predicate));
  }

  private wholeOf(focus: Focus): Whole {
    const { start, end } = this.ask;
    return { focus, start, end, types: this.typesInUse() };
  }

  /** Empty tables are not asked. Where the focus's own table seems to be empty, what tables seem to be tells nothing. */
  private typesInUse(): readonly string[] {
    const { ask, look, after } = this;
    const seen = look.typesSeen();
    const all = typesAround(ask.type);
    return seen.has(ask.type) ? all.filter((type) => seen.has(type) || type === after?.type) : all;
  }

  /**
   * What the whole compartment refers to, in one order, after the position. It is found anew for each page: what was
   * shown before is not remembered, only where the page began.
   */
  private async along(whole: Whole, own: readonly WholeRow[]): Promise<Along> {
    const { types, since } = this.ask;
    const isInHand = this.after === undefined && types.length === 0 && since === undefined;
    const names = isInHand ? own.flatMap(({ content }) => linkedNames(content)) : await this.namesOf(whole);
    const known = new Set(own.map(nameOf));
    const found = new Map<string, Named>();
    let newest = names;
    for (let step = 0; step < STEPS && newest.length > 0; step += 1) {
      const fresh = [...new Set(newest)].filter((name) => !known.has(name) && !isPatient(name)).slice(0, MOST_NAMES);
      for (const name of fresh) known.add(name);
      const rows = (await this.rowsOf(compileNamed(fresh, [], this.predicate))) as readonly Named[];
      for (const row of rows) found.set(nameOf(row), row);
      newest = rows.flatMap(({ content }) => linkedNames(content));
    }
    const rows = [...found.values()]
      .filter((row) => !isOwn(row, whole.focus))
      .filter((row) => types.length === 0 || types.includes(row.type))
      .filter((row) => since === undefined || Date.parse(isoOf(row.last_updated)) >= Date.parse(since))
      .filter((row) => this.after?.of !== "along" || isAfter(row, this.after))
      .toSorted(inOrder);
    return { rows, isCut: names.length >= MOST_NAMES };
  }

  private async namesOf(all: Whole): Promise<string[]> {
    const { focus } = all;
    const patients = "patients" in focus ? focus.patients : [focus.patient];
    // What they refer to is withheld with them: where somebody goes.
    const isHidden = patients.some((one) => this.showing.hides(one));
    const whole = isHidden ? { ...all, types: all.types.filter((type) => !PERSON_TYPES.has(type)) } : all;
    const rows = await this.look.search(compileNames(whole, MOST_NAMES, this.predicate));
    return rows.map((row) => String(row["name"]));
  }

  private async rowsOf(statement: Sql | undefined): Promise<readonly WholeRow[]> {
    if (statement === undefined) return [];
    const rows = (await this.look.search(statement)) as unknown as readonly WholeRow[];
    return rows.map((row) => shownRow(row, this.showing, this.ask.use ?? "chart"));
  }
}

/** The types that can be in the compartment, in the order in which they are answered. */
function typesAround(type: EverythingAsk["type"]): readonly string[] {
  return type === "Encounter" ? encounterTypesOf() : PATIENT_TYPES;
}

type Named = WholeRow & { readonly last_updated: string };

/** Errors: SEARCH_TOO_COSTLY for a group with more patients than one answer is about. */
function focusOf({ type, id }: EverythingAsk, { patient, content }: CurrentRow): Focus {
  if (type === "Patient") return { patients: [id] };
  if (type === "Encounter") return { encounter: id, patient };
  const members = linkedMembers(content);
  if (members.length > MOST_PATIENTS)
    throw fhirErrorAt("SEARCH_TOO_COSTLY", "Group.member", `${members.length} > ${MOST_PATIENTS}`);
  return { patients: members };
}

/** The patients that are members of a group now. */
function linkedMembers(content: string): string[] {
  const group = parseJson(content);
  const member = isJsonObject(group) ? group["member"] : undefined;
  const ids = (isJsonArray(member) ? member : []).flatMap((one) => {
    if (!isJsonObject(one) || one["inactive"] === true || !isJsonObject(one["entity"])) return [];
    const reference = one["entity"]["reference"];
    return typeof reference === "string" && isPatient(reference) ? [reference.slice("Patient/".length)] : [];
  });
  return [...new Set(ids)].filter(isFhirId);
}

function pageWith(
  own: readonly WholeRow[],
  along: readonly WholeRow[],
  next: string | null,
): Pick<EverythingPage, "rows" | "next"> {
  const rows = [
    ...own.map((row): EverythingRow => ({ ...row, mode: "match" })),
    ...along.map((row): EverythingRow => ({ ...row, mode: "include" })),
  ];
  return { rows, next };
}

function nextAfter(of: Position["of"], row: WholeRow | undefined): string | null {
  return row === undefined ? null : `${of}~${row.type}~${row.id}`;
}

function positionOf(cursor: string | undefined): Position | undefined {
  if (cursor === undefined) return undefined;
  const [of, type, id, ...rest] = cursor.split("~");
  if ((of !== "own" && of !== "along") || !isResourceType(type) || !isFhirId(id) || rest.length > 0) throw badCursor();
  return { of, type, id };
}

function badCursor(): Error {
  return fhirErrorAt("SEARCH_VALUE_INVALID", "_cursor", "_cursor");
}

/** What refers to the encounter is its own, even where it is nobody's record. */
function isOwn(row: WholeRow, focus: Focus): boolean {
  if (!("encounter" in focus)) return false;
  const encounter = `Encounter/${focus.encounter}`;
  return nameOf(row) === encounter || linkedNames(row.content).includes(encounter);
}

function isPatient(name: string): boolean {
  return name.startsWith("Patient/");
}

function nameOf({ type, id }: { readonly type: string; readonly id: string }): string {
  return `${type}/${id}`;
}

function inOrder(a: WholeRow, b: WholeRow): number {
  return nameOf(a) < nameOf(b) ? -1 : 1;
}

function isAfter(row: WholeRow, position: Position): boolean {
  return nameOf(row) > nameOf(position);
}

/** PostgreSQL's text of an instant in UTC. */
function isoOf(text: string): string {
  return `${text.replace(" ", "T").replace(/\+00$/, "")}Z`;
}
