/**
 * One section of a chart, page by page, newest first. A section of several kinds is merged by date.
 *
 * SPEC CLIN-SECTION
 */
import { fhirErrorAt } from "../../fhir/index.ts";
import { disclosedTogether, searchResources, type Disclosed, type FoundRow, type Visit } from "../../journal/index.ts";
import { newest } from "./overview.ts";
import { SECTIONS, TIMELINE, isSection, type Source } from "./sections.ts";

export type SectionPage = { readonly items: readonly string[]; readonly next: string | null };

/** Where a page ended: the time of the last item, and the items with just that time that were shown already. */
type Cursor = { readonly until: string; readonly shown: readonly string[] };

type PageAsk = { readonly patient: string; readonly count: number; readonly cursor: Cursor | undefined };

type Dated = { readonly name: string; readonly at: string | null; readonly content: string };

const LARGEST_PAGE = 500;

/** Errors: NOT_FOUND for a section that is not there, SEARCH_VALUE_INVALID for a bad cursor, FORBIDDEN. */
export async function readSection(
  visit: Visit,
  patient: string,
  section: string,
  ask: { readonly count: number; readonly before?: string },
): Promise<Disclosed<SectionPage>> {
  const sources = section === "timeline" ? TIMELINE : isSection(section) ? SECTIONS[section].sources : undefined;
  if (sources === undefined) throw fhirErrorAt("NOT_FOUND", section);
  const count = Math.min(Math.max(ask.count, 1), LARGEST_PAGE);
  const cursor = ask.before === undefined ? undefined : decodeCursor(ask.before);
  const pages = await Promise.all(sources.map((source) => readSource(visit, source, { patient, count, cursor })));
  return disclosedTogether(pages, (found) => mergePage(found.flat(), count, cursor));
}

async function readSource(
  visit: Visit,
  source: Source,
  { patient, count, cursor }: PageAsk,
): Promise<Disclosed<Dated[]>> {
  const until = cursor === undefined || source.date === undefined ? [] : [[source.date, `le${cursor.until}`] as const];
  const size = count + 1 + (cursor?.shown.length ?? 0);
  const page = await searchResources(visit, source.type, [...newest(source, patient, size), ...until]);
  return disclosedTogether([page], ([found]) => found.rows.map(dated));
}

function dated(row: FoundRow): Dated {
  return { name: `${row.type}/${row.id}`, at: row.at, content: row.content };
}

/** The newest `count` of what was found. What has no date comes last, on the first page that reaches the end. */
function mergePage(found: readonly Dated[], count: number, cursor: Cursor | undefined): SectionPage {
  const fresh = found.filter(({ name }) => !(cursor?.shown.includes(name) ?? false));
  const ordered = fresh.toSorted((a, b) => (b.at ?? "").localeCompare(a.at ?? "") || a.name.localeCompare(b.name));
  const shown = ordered.slice(0, count);
  const last = shown.at(-1);
  if (ordered.length <= count || last?.at === null || last === undefined)
    return { items: shown.map(({ content }) => content), next: null };
  const sameTime = shown.filter(({ at }) => at === last.at).map(({ name }) => name);
  const before = cursor?.until === last.at ? cursor.shown : [];
  return {
    items: shown.map(({ content }) => content),
    next: encodeCursor({ until: last.at, shown: [...before, ...sameTime] }),
  };
}

function encodeCursor(cursor: Cursor): string {
  return Buffer.from(JSON.stringify(cursor)).toString("base64url");
}

function decodeCursor(text: string): Cursor {
  try {
    const cursor = JSON.parse(Buffer.from(text, "base64url").toString("utf8")) as Cursor;
    if (!Number.isNaN(Date.parse(cursor.until)) && Array.isArray(cursor.shown) && cursor.shown.length < 10_000)
      return cursor;
  } catch {
    // told below: a cursor that cannot be read is the caller's mistake
  }
  throw fhirErrorAt("SEARCH_VALUE_INVALID", "before", "before");
}
