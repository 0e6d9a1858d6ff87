/**
 * "Vem har läst": who has been in a patient's record, when, from where and on what grounds. Looking is logged as well.
 *
 * SPEC JRN-READERS · PDL 8 kap. 5 §, HSLF-FS 2016:40 4 kap. 10 §
 */
import { reachSetting } from "../access/index.ts";
import { homeOf } from "../base/index.ts";
import { fhirError, fhirErrorAt, isFhirId } from "../fhir/index.ts";
import type { AccessLogEntry, LogPosition, LogRow, ReadTx } from "../store/index.ts";
import { positionIn } from "./access-log/log-parameters.ts";
import { authorize, recordRefusal } from "./authorize.ts";
import { recordShown, requireNeed } from "./care/grounds.ts";
import { groundText, logEntry, OUT_OF_REACH, type Visit } from "./context.ts";
import { disclose, type Disclosed } from "./disclosed.ts";
import { showingFor } from "./protected.ts";
import { newestFirst, sameIn } from "./same-person.ts";

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

const PROTECTED_READER = "Personal med skyddade personuppgifter";
/** How many rows are looked at at once, at first and at most. */
const FEWEST_ROWS = 101;
const MOST_ROWS = 5_000;

/**
 * A page of a patient's access log, newest first: to a person what happened at the own care provider and in the region's
 * own systems, since even that another one has read tells that it has a record. Errors: NOT_FOUND when the patient is not
 * within reach, FORBIDDEN.
 */
export async function readersOf(
  visit: Visit,
  patient: string,
  ask: { readonly count: number; readonly before?: string },
): Promise<Disclosed<ReaderPage>> {
  const asked = `Patient/${patient}`;
  const grounds = await authorize(visit, "read", "Patient", asked);
  const before = positionOf(ask.before);
  const rows = !isFhirId(patient)
    ? undefined
    : await visit.store.read(reachSetting(grounds.reach), async (look) => {
        const known = (await look.read("Patient", patient)) !== undefined;
        if (!known) return undefined;
        const hidden = hiddenUnits(await look.blocks.of(patient));
        const people = [patient, ...(await sameIn(look, patient))];
        return rowsFor(look, people, { count: ask.count + 1, before, maySee: (row) => maySee(visit, row, hidden) });
      });
  if (rows === undefined) {
    await recordRefusal(visit, "read access log", OUT_OF_REACH, [asked]);
    throw fhirError("NOT_FOUND");
  }
  await requireNeed(visit, patient, `${asked} access log`);
  const about = { home: homeOf(patient), patient, what: [`${asked} access log`] };
  const act = { action: "read access log", outcome: "granted", ground: groundText(grounds) } as const;
  await recordShown(visit, [logEntry(visit, act, about)]);
  const showing = await showingFor(visit);
  const shown = rows.slice(0, ask.count);
  const next = rows.length > ask.count ? shown.at(-1) : undefined;
  return disclose({
    items: shown.map(readerOf).map((one) => (showing.hides(patient) ? withoutTrail(visit, one) : one)),
    next: next === undefined ? null : `${next.recorded}~${next.chain}~${next.seq}`,
  });
}

type Page = {
  readonly count: number;
  readonly before: LogPosition | undefined;
  readonly maySee: (row: LogRow) => boolean;
};

/** The next rows that the actor may see. However many of others lie between: a page that ended there would tell of them. */
async function rowsFor(look: ReadTx, people: readonly string[], page: Page): Promise<readonly LogRow[]> {
  const { count, before } = page;
  const found: LogRow[] = [];
  let end = before;
  for (let size = Math.max(count, FEWEST_ROWS); found.length < count; size = Math.min(size * 2, MOST_ROWS)) {
    const rows = await newestOf(look, people, { end, size });
    found.push(...rows.filter(page.maySee));
    if (rows.length < size) return found;
    end = rows.at(-1);
  }
  return found;
}

/** The newest rows of a person's records before a position. */
async function newestOf(
  look: ReadTx,
  people: readonly string[],
  { end, size }: { readonly end: LogPosition | undefined; readonly size: number },
): Promise<readonly LogRow[]> {
  const rows: LogRow[] = [];
  for (const one of people) rows.push(...(await look.readersOf(one, end, size)));
  return people.length === 1 ? rows : rows.toSorted(newestFirst).slice(0, size);
}

/** The units whose records are blocked for the reader: that one of them has read tells that it has a record. */
function hiddenUnits(blocks: Awaited<ReturnType<ReadTx["blocks"]["of"]>>): ReadonlySet<string | null> {
  return new Set(blocks.filter(({ hides, kind }) => hides && kind === "inner").map(({ careUnit }) => careUnit));
}

function maySee({ actor }: Visit, { entry }: LogRow, hidden: ReadonlySet<string | null>): boolean {
  if (actor.kind === "client") return true;
  if (actor.kind === "patient") return false; // the patient's own view of the log is another one
  const { careProvider, careUnit, careUnitId } = JSON.parse(entry) as AccessLogEntry;
  const { provider, providerHsaId, unit } = actor.assignment;
  const isOurs = careProvider === null || careProvider === provider || careProvider === providerHsaId;
  if (!isOurs || hidden.size === 0) return isOurs;
  // An old line does not tell which unit it was: only one's own is surely not blocked.
  return careUnitId === undefined ? careUnit === null || careUnit === unit : !hidden.has(careUnitId);
}

/** Where somebody with protected identity has been is told of the reader's own unit only. */
function withoutTrail({ actor }: Visit, reader: Reader): Reader {
  const own = actor.kind === "person" ? actor.assignment.unit : undefined;
  if (reader.unit === null || reader.unit === own) return reader;
  // The sentence of the ground names the unit too.
  return { ...reader, unit: null, ground: reader.ground.split(" · ").slice(0, 2).join(" · ") };
}

function readerOf({ entry }: LogRow): Reader {
  const { recorded, careUnit, careProvider, action, ground, outcome, what, ...who } = JSON.parse(
    entry,
  ) as AccessLogEntry;
  const types = [...new Set(what.map((one) => one.split("/")[0] ?? ""))];
  return {
    recorded,
    ...whoIn(who),
    unit: careUnit,
    provider: careProvider,
    action,
    ground,
    refused: outcome === "refused",
    count: what.length,
    types,
  };
}

/** Staff whose own identity is protected are named to nobody who has no need to know. */
function whoIn({
  person,
  actor,
  protectedIdentity,
}: Pick<AccessLogEntry, "person" | "actor" | "protectedIdentity">): Pick<Reader, "person" | "actor"> {
  return protectedIdentity === true ? { person: PROTECTED_READER, actor: "" } : { person, actor };
}

function positionOf(text: string | undefined): LogPosition | undefined {
  if (text === undefined) return undefined;
  const position = positionIn(text);
  if (position === undefined) throw fhirErrorAt("SEARCH_VALUE_INVALID", "before", "before", "before");
  return position;
}
