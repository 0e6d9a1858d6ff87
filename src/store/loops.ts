/**
 * The ledger of responsibility as it is kept: worklists and who works through them, loops and every step they took. Which steps there
 * are and who gets what is decided in `loop/`; that an open loop has a staffed owner, and that a step is one there is, the keys hold.
 *
 * SPEC STORE-LOOP · decision 0038
 */
import type { Talk } from "./connection.ts";

/** A loop as it stands. Times are milliseconds since 1970. */
export type StoredLoop = {
  readonly home: number;
  readonly id: string;
  readonly kind: string;
  readonly type: string;
  readonly subject: string;
  readonly recipient: string;
  readonly patient: string | null;
  readonly state: string;
  readonly owner: string | null;
  readonly responsible: string | null;
  readonly sender: string;
  /** The person at the sender's who asked, by HSA-id. */
  readonly sentBy: string | null;
  readonly receiver: string | null;
  readonly risk: number;
  readonly opened: number;
  readonly since: number;
  readonly deadline: number | null;
  readonly level: number;
  readonly version: number;
  readonly parent: string | null;
  readonly closed: number | null;
};

export type StoredLoopEvent = {
  readonly home: number;
  readonly loop: string;
  readonly version: number;
  readonly kind: string;
  /** The state before; empty when it was opened. */
  readonly from: string;
  readonly event: string;
  readonly state: string;
  readonly at: number;
  readonly by: string;
  readonly unit: string | null;
  readonly owner: string | null;
  readonly responsible: string | null;
  readonly level: number;
  readonly key: string | null;
  readonly note: string | null;
};

export type StoredWorklist = {
  readonly id: string;
  readonly title: string;
  readonly careProvider: string | null;
  readonly careUnit: string | null;
  readonly parent: string | null;
  readonly staffed: boolean;
  readonly status: "open" | "closed";
  readonly mergedInto: string | null;
  readonly channel: string | null;
  /** The unit in the directory, as `Organization/id`. */
  readonly organization: string | null;
};

/** Of a person: whether at work, and who stands in. Of a list: who is on duty, in order. */
export type RosterFacts = {
  readonly people: readonly { readonly person: string; readonly isPresent: boolean; readonly deputy: string | null }[];
  readonly duty: readonly { readonly worklist: string; readonly person: string }[];
};

/** Which loops somebody wants to see, of the lists that they work through. */
export type LoopAsk = {
  /** What they have, or what they sent. */
  readonly side: "owner" | "sender";
  /** Only what this person answers for, or asked for. */
  readonly person: string | null;
  readonly kinds: readonly string[] | null;
  /** Only what should have moved before this moment. */
  readonly lateAt: number | null;
  /** Also what was done since this moment. */
  readonly doneSince: number | null;
  readonly after: { readonly risk: number; readonly deadline: number; readonly id: string } | null;
  readonly limit: number;
};

/** What a patient is told of a loop; `steps` are the events, first to last. */
export type OwnLoop = {
  readonly request: string;
  readonly kind: string;
  readonly state: string;
  readonly owner: string | null;
  readonly sender: string | null;
  readonly since: number;
  readonly steps: readonly string[];
};

/** How the whole ledger stands at a moment; each number is counted no further than 10 000. */
export type LedgerStanding = {
  /** Counted up to 10 000; above that as the index tells it. */
  readonly openAbout: number;
  /** Without an owner; the keys hold that there are none, and this looks. */
  readonly ownerless: number;
  readonly overdue: number;
  readonly oldestDeadline: number | null;
  readonly failed: number;
  readonly returned: number;
  /** At the region's own list: what no unit has. */
  readonly atRegion: number;
  readonly critical: number;
};

export type LedgerAsk = {
  readonly subjects: readonly string[];
  readonly ids: readonly string[];
  readonly keys: readonly string[];
  readonly references: readonly string[];
  readonly lists: readonly string[];
  readonly at: number;
};

export type LedgerLook = {
  readonly places: readonly {
    readonly reference: string;
    readonly worklist: string | null;
    readonly person: string | null;
  }[];
  readonly loops: readonly { readonly loop: StoredLoop; readonly taken: readonly string[] | null }[];
  readonly lists: readonly StoredWorklist[];
  readonly roster: RosterFacts;
};

/** A loop that was found to be written, and the version it had then: 0 of one that is new. */
export type LoopToWrite = StoredLoop & { readonly was: number };

const MS = (column: string): string => `(extract(epoch FROM ${column}) * 1000)::float8`;
const COLUMNS = (l: string): string =>
  `${l}.home, ${l}.id, ${l}.kind, ${l}.subject_type AS type, ${l}.subject_id AS subject, ${l}.recipient, ${l}.patient, ${l}.state, ${l}.owner,
   ${l}.responsible, ${l}.sender, ${l}.sent_by AS "sentBy", ${l}.receiver, ${l}.risk, ${MS(`${l}.opened`)} AS opened, ${MS(`${l}.since`)} AS since,
   ${MS(`${l}.deadline`)} AS deadline, ${l}.level, ${l}.version, ${l}.parent, ${MS(`${l}.closed`)} AS closed`;
const EVENT = `home, loop, version, kind, from_state AS "from", event, state, ${MS("at")} AS at, by, unit, owner, responsible, level, key, note`;
const WORKLIST = `id, title, care_provider AS "careProvider", care_unit AS "careUnit", parent, staffed, status, merged_into AS "mergedInto", channel, organization`;
const ISO_OF = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString());

/**
 * What is on its way to a patient or a laboratory needs nobody until it is late: it stands under what was sent, and comes to the inbox when
 * its first deadline has passed. Letters that are to be printed, and those that failed, are somebody's at once.
 */
export const NEEDS_SOMEBODY = (l: string): string =>
  `NOT (${l}.level = 0 AND (${l}.kind, ${l}.state) IN (('letter', 'transferred'), ('letter', 'received'), ('specimen', 'created'), ('specimen', 'transferred')))`;

/** The ledger within a write, and what a reading sees of it. */
export class LoopTables {
  private readonly talk: Talk;
  private readonly later: Talk;

  constructor(talk: Talk, later: Talk = talk) {
    this.talk = talk;
    this.later = later;
  }

  /**
   * Everything at once that the ledger asks at the beginning of a commit: `hold`, `places`, and of what these name `worklistsAbove` and
   * `roster`. One round trip instead of four.
   */
  async look(ask: LedgerAsk): Promise<LedgerLook> {
    const [row] = await this.talk.many<{ look: LedgerLook }>({
      name: "ledger-look",
      text: "SELECT eira_ledger_look($1, $2, $3, $4, $5, $6) AS look",
      values: [ask.subjects, ask.ids, ask.keys, ask.references, ask.lists, new Date(ask.at).toISOString()],
    });
    if (row === undefined) throw new Error("the ledger could not be read");
    return row.look;
  }

  /** Every worklist of the region. */
  worklists(): Promise<StoredWorklist[]> {
    return this.talk.many({ name: "worklists", text: `SELECT ${WORKLIST} FROM worklist ORDER BY title, id` });
  }

  /** Some worklists, with all that they became and all that are above them, the region's own among them. */
  worklistsAbove(ids: readonly string[]): Promise<StoredWorklist[]> {
    return this.talk.many({
      name: "worklists-above",
      text: `WITH RECURSIVE up AS (SELECT id, parent, merged_into FROM worklist WHERE id = ANY ($1) OR id = 'region'
               UNION SELECT w.id, w.parent, w.merged_into FROM up CROSS JOIN LATERAL (VALUES (up.parent), (up.merged_into)) AS next (id) JOIN worklist AS w ON w.id = next.id)
             SELECT ${WORKLIST} FROM worklist WHERE id IN (SELECT id FROM up)`,
      values: [ids],
    });
  }

  /** Where references lead: to the list of a unit, to a person, or to both; of a request to whoever asked. */
  places(
    references: readonly string[],
  ): Promise<{ reference: string; worklist: string | null; person: string | null }[]> {
    return this.talk.many({
      name: "loop-places",
      text: "SELECT r AS reference, p.worklist, p.person FROM unnest($1::text[]) AS r CROSS JOIN LATERAL eira_place_of(r) AS p",
      values: [references],
    });
  }

  /** Who of some people is at work at a moment, who stands in for them, and who is on duty at some lists. */
  async roster(people: readonly string[], lists: readonly string[], at: number): Promise<RosterFacts> {
    const [row] = await this.talk.many<{ facts: RosterFacts }>({
      name: "roster",
      text: `SELECT json_build_object(
          'people', (SELECT coalesce(json_agg(json_build_object('person', p, 'isPresent', eira_present(p, $3), 'deputy', eira_deputy(p, $3))), '[]') FROM unnest($1::text[]) AS p),
          'duty', (SELECT coalesce(json_agg(json_build_object('worklist', d.worklist, 'person', d.person) ORDER BY d.worklist, d.rank, d.person), '[]') FROM duty AS d
                    WHERE d.worklist = ANY ($2::text[]) AND d.ended IS NULL AND d.since <= $3 AND d.until > $3 AND eira_present(d.person, $3))) AS facts`,
      values: [people, lists, new Date(at).toISOString()],
    });
    return row?.facts ?? { people: [], duty: [] };
  }

  /**
   * The loops about some resources (`Type/id`) and some loops by id, held until the transaction ends, each with which of some keys it has
   * taken already. Whoever may change a resource may have its loops moved: nothing is kept back here.
   */
  async hold(
    subjects: readonly string[],
    ids: readonly string[] = [],
    keys: readonly string[] = [],
  ): Promise<{ readonly loop: StoredLoop; readonly taken: ReadonlySet<string> }[]> {
    const rows = await this.talk.many<StoredLoop & { taken: string[] | null }>({
      name: "loops-hold",
      text: `SELECT ${COLUMNS("(h.found)")}, h.taken FROM eira_loops_of($1, $2, $3) AS h`,
      values: [subjects, ids, keys],
    });
    return rows.map(({ taken, ...loop }) => ({ loop, taken: new Set(taken ?? []) }));
  }

  /** Writes loops with the steps that brought them there. Somebody who was quicker makes the transaction begin again. */
  async write(loops: readonly LoopToWrite[], events: readonly StoredLoopEvent[]): Promise<void> {
    if (loops.length === 0) return;
    const kept = loops.map((loop) => ({
      ...loop,
      opened: ISO_OF(loop.opened),
      since: ISO_OF(loop.since),
      deadline: ISO_OF(loop.deadline),
      closed: ISO_OF(loop.closed),
    }));
    await this.later.many({
      name: "loops-write",
      text: "SELECT eira_loops_write($1::json, $2::json)",
      values: [JSON.stringify(kept), JSON.stringify(events.map((event) => ({ ...event, at: ISO_OF(event.at) })))],
    });
  }

  /** The steps of a loop that the reader may see, first to last. */
  events(loop: string): Promise<StoredLoopEvent[]> {
    return this.talk.many({
      name: "loop-events",
      text: `SELECT ${EVENT} FROM loop_event WHERE loop = $1 ORDER BY version`,
      values: [loop],
    });
  }

  /** Some loops by id that the reader may see. */
  byIds(ids: readonly string[]): Promise<StoredLoop[]> {
    return this.talk.many({
      name: "loops-by-id",
      text: `SELECT ${COLUMNS("l")} FROM loop AS l WHERE l.id = ANY ($1) ORDER BY l.id`,
      values: [ids],
    });
  }

  /** The lists that the reader works through. */
  async own(): Promise<string[]> {
    const [row] = await this.talk.many<{ lists: string[] }>({
      name: "loop-own",
      text: "SELECT eira_worklists() AS lists",
    });
    return row?.lists ?? [];
  }

  /** A page of the reader's lists: first what does most harm, then what has the nearest deadline. */
  page(ask: LoopAsk): Promise<StoredLoop[]> {
    const mine = ask.side === "owner" ? "owner" : "sender";
    const whose = ask.side === "owner" ? "responsible" : "sent_by";
    // What is done has no deadline; it stands at the end, newest first by the time that it was done.
    const place = "coalesce(l.deadline, 'infinity')";
    return this.talk.many({
      name: `loops-page-${ask.side}`,
      text: `SELECT ${COLUMNS("l")} FROM loop AS l
             WHERE l.${mine} = ANY (eira_worklists())
               AND (l.closed IS NULL OR l.closed >= $1)
               AND ($2::text IS NULL OR l.${whose} = $2)
               AND ($3::text[] IS NULL OR l.kind = ANY ($3))
               AND ($4::timestamptz IS NULL OR l.deadline <= $4)
               AND ${mine === "sender" ? "TRUE" : NEEDS_SOMEBODY("l")}
               AND ($5::int2 IS NULL OR (l.risk, ${place}, l.id) > ($5, $6, $7))
             ORDER BY l.risk, ${place}, l.id LIMIT $8`,
      values: [
        ask.doneSince === null ? "infinity" : ISO_OF(ask.doneSince),
        ask.person,
        ask.kinds,
        ISO_OF(ask.lateAt),
        ask.after?.risk ?? null,
        ask.after === null ? null : (ISO_OF(ask.after.deadline) ?? "infinity"),
        ask.after?.id ?? null,
        ask.limit,
      ],
    });
  }

  /** How many of each kind the reader's lists have, how many of them are the person's, late, and life-threatening. */
  counts(
    person: string,
    at: number,
  ): Promise<{ kind: string; open: number; mine: number; late: number; critical: number }[]> {
    return this.talk.many({
      name: "loops-counts",
      text: `SELECT kind, count(*)::int AS open, count(*) FILTER (WHERE responsible = $1)::int AS mine,
                    count(*) FILTER (WHERE deadline <= $2)::int AS late, count(*) FILTER (WHERE risk = 0)::int AS critical
             FROM loop WHERE closed IS NULL AND owner = ANY (eira_worklists()) AND ${NEEDS_SOMEBODY("loop")} GROUP BY kind`,
      values: [person, new Date(at).toISOString()],
    });
  }

  /** A patient's loops that the reader may see, newest first; ended ones since a moment too. */
  ofPatient(patient: string, doneSince: number, limit: number): Promise<StoredLoop[]> {
    return this.talk.many({
      name: "loops-of-patient",
      text: `SELECT ${COLUMNS("l")} FROM loop AS l WHERE l.patient = ANY (ARRAY[$1] || ARRAY(SELECT s.other FROM same_person AS s WHERE s.patient = $1)) AND (l.closed IS NULL OR l.closed >= $2) ORDER BY l.opened DESC, l.id LIMIT $3`,
      values: [patient, new Date(doneSince).toISOString(), limit],
    });
  }

  /**
   * Those who wait at the reader's lists: open requests that were meant for one of them and have come there, the longest waiting first,
   * each with the call of the patient when there is one.
   */
  waiting(
    kinds: readonly string[],
    after: { readonly opened: number; readonly id: string } | null,
    limit: number,
  ): Promise<(StoredLoop & { readonly callState: string | null; readonly callBy: number | null })[]> {
    return this.talk.many({
      name: "loops-waiting",
      text: `SELECT ${COLUMNS("l")}, c.state AS "callState", ${MS("c.deadline")} AS "callBy" FROM loop AS l
             LEFT JOIN loop AS c ON c.parent = l.id AND c.home = l.home AND c.kind = 'call'
             WHERE l.closed IS NULL AND l.receiver = ANY ((SELECT eira_worklists())::text[]) AND l.kind = ANY ($1)
               AND l.state IN ('received', 'taken-over', 'completion-asked') AND ($2::timestamptz IS NULL OR (l.opened, l.id) > ($2, $3))
             ORDER BY l.opened, l.id LIMIT $4`,
      values: [kinds, after === null ? null : ISO_OF(after.opened), after?.id ?? null, limit],
    });
  }

  /** How far a patient's requests have come, of those that the patient's own door shows; no person and no note. */
  atDoor(patient: string): Promise<OwnLoop[]> {
    return this.talk.many({
      name: "loops-at-door",
      text: `SELECT coalesce(p.subject_id, l.subject_id) AS request, l.kind, l.state, w.title AS owner, s.title AS sender, ${MS("l.since")} AS since,
                    ARRAY(SELECT e.event FROM loop_event AS e WHERE e.loop = l.id AND e.home = l.home ORDER BY e.version) AS steps
             FROM loop AS l LEFT JOIN worklist AS w ON w.id = l.owner LEFT JOIN worklist AS s ON s.id = l.sender
               LEFT JOIN loop AS p ON p.id = l.parent AND p.home = l.home AND l.kind = 'result'
             WHERE l.patient = $1 ORDER BY l.opened, l.id LIMIT 2000`,
      values: [patient],
    });
  }

  /** How the whole ledger stands: each part is read from an index of what is open. */
  async standing(at: number): Promise<LedgerStanding> {
    const [row] = await this.talk.many<LedgerStanding>({
      name: "loops-standing",
      text: `SELECT (SELECT CASE WHEN few.n < 10000 THEN few.n ELSE greatest(few.n, (SELECT reltuples FROM pg_class WHERE oid = 'loop_deadline'::regclass)) END::float8
            FROM (SELECT count(*) AS n FROM (SELECT FROM loop WHERE closed IS NULL LIMIT 10000) AS o) AS few) AS "openAbout",
          (SELECT count(*)::int FROM loop WHERE closed IS NULL AND owner IS NULL) AS ownerless,
          (SELECT count(*)::int FROM (SELECT FROM loop WHERE closed IS NULL AND deadline <= $1 LIMIT 10000) AS late) AS overdue,
          (SELECT ${MS("min(deadline)")} FROM loop WHERE closed IS NULL) AS "oldestDeadline",
          (SELECT count(*)::int FROM (SELECT FROM loop WHERE closed IS NULL AND state = 'failed' LIMIT 10000) AS f) AS failed,
          (SELECT count(*)::int FROM (SELECT FROM loop WHERE closed IS NULL AND state = 'returned' LIMIT 10000) AS r) AS returned,
          (SELECT count(*)::int FROM (SELECT FROM loop WHERE closed IS NULL AND owner = 'region' LIMIT 10000) AS g) AS "atRegion",
          (SELECT count(*)::int FROM (SELECT FROM loop WHERE closed IS NULL AND risk = 0 LIMIT 10000) AS c) AS critical`,
      values: [new Date(at).toISOString()],
    });
    if (row === undefined) throw new Error("the ledger could not be read");
    return row;
  }

  /** The loops of some ServiceRequests, and those that came out of them. */
  ofRequests(ids: readonly string[]): Promise<StoredLoop[]> {
    return this.talk.many({
      name: "loops-of-requests",
      text: `WITH own AS (SELECT id FROM loop WHERE subject_type = 'ServiceRequest' AND subject_id = ANY ($1))
             SELECT ${COLUMNS("l")} FROM loop AS l WHERE l.id IN (SELECT id FROM own) OR l.parent IN (SELECT id FROM own)`,
      values: [ids],
    });
  }

  /** What has stood longer than it may at a moment, those first that do most harm. */
  overdue(at: number, limit: number): Promise<StoredLoop[]> {
    return this.talk.many({
      name: "loops-overdue",
      text: `SELECT ${COLUMNS("l")} FROM loop AS l WHERE l.closed IS NULL AND l.deadline <= $1 ORDER BY l.deadline, l.id LIMIT $2`,
      values: [new Date(at).toISOString(), limit],
    });
  }

  /** Makes lists say truly who works there, and takes from those who are not at work what they answered for. Answers how much went to other hands. */
  async restaff(at: number): Promise<number> {
    const [row] = await this.talk.many<{ moved: number }>({
      name: "loops-restaff",
      text: "SELECT eira_restaff(NULL, $1) + eira_relieve($1) AS moved",
      values: [new Date(at).toISOString()],
    });
    return row?.moved ?? 0;
  }
}
