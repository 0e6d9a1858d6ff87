/**
 * Who works through which list, who is away and who is on duty, and how much the reader's lists hold. What is registered is never taken
 * away: it is ended.
 *
 * SPEC STORE-WORKLIST
 */
import type { Talk } from "./connection.ts";
import { NEEDS_SOMEBODY } from "./loops.ts";

export type StoredAbsence = {
  readonly id: string;
  readonly person: string;
  /** Milliseconds since 1970, as all times here. */
  readonly since: number;
  readonly until: number;
  readonly deputy: string | null;
};
export type StoredTurn = {
  readonly id: string;
  readonly worklist: string;
  readonly person: string;
  readonly since: number;
  readonly until: number;
  readonly rank: number;
};
/** Who registered it, and when. */
export type Registered = { readonly at: number; readonly by: string };
export type FoundList = { readonly id: string; readonly title: string; readonly provider: string | null };
export type LoopTotals = { readonly open: number; readonly late: number; readonly critical: number };

const MS = (column: string): string => `(extract(epoch FROM ${column}) * 1000)::float8`;
const ISO_OF = (ms: number): string => new Date(ms).toISOString();

export class WorklistTables {
  private readonly talk: Talk;

  constructor(talk: Talk) {
    this.talk = talk;
  }

  /** How much the reader's lists hold, of some kinds and of one person when they are named. */
  async totals(ask: {
    readonly side: "owner" | "sender";
    readonly person: string | null;
    readonly kinds: readonly string[] | null;
    readonly at: number;
  }): Promise<LoopTotals> {
    const isOwner = ask.side === "owner";
    const [row] = await this.talk.many<LoopTotals>({
      name: `loops-totals-${ask.side}`,
      text: `SELECT count(*)::int AS open, count(*) FILTER (WHERE deadline <= $3)::int AS late, count(*) FILTER (WHERE risk = 0)::int AS critical
             FROM loop WHERE closed IS NULL AND ${isOwner ? "owner" : "sender"} = ANY ((SELECT eira_worklists())::text[])
               AND ${isOwner ? NEEDS_SOMEBODY("loop") : "TRUE"} AND ($1::text IS NULL OR ${isOwner ? "responsible" : "sent_by"} = $1) AND ($2::text[] IS NULL OR kind = ANY ($2))`,
      values: [ask.person, ask.kinds, ISO_OF(ask.at)],
    });
    return row ?? { open: 0, late: 0, critical: 0 };
  }

  /** Those who work through some lists on the day of a moment. */
  members(lists: readonly string[], at: number): Promise<{ worklist: string; person: string }[]> {
    return this.talk.many({
      name: "worklist-members",
      text: `SELECT DISTINCT worklist, person FROM worklist_member AS m WHERE worklist = ANY ($1) AND counts AND person IS NOT NULL
               AND (since IS NULL OR since <= ($2::timestamptz AT TIME ZONE 'Europe/Stockholm')::date)
               AND (until IS NULL OR until >= ($2::timestamptz AT TIME ZONE 'Europe/Stockholm')::date) ORDER BY 1, 2`,
      values: [lists, ISO_OF(at)],
    });
  }

  /** Lists by id, with what they are called. */
  titled(lists: readonly string[]): Promise<FoundList[]> {
    return this.talk.many({
      name: "worklists-titled",
      text: `SELECT w.id, w.title, p.title AS provider FROM worklist AS w LEFT JOIN worklist AS p ON p.id = w.care_provider AND p.id <> w.id
             WHERE w.id = ANY ($1) ORDER BY w.title, w.id`,
      values: [lists],
    });
  }

  /** Lists that somebody works through, in whose title every word stands. */
  find(words: readonly string[], limit: number): Promise<FoundList[]> {
    return this.talk.many({
      name: "worklists-find",
      text: `SELECT w.id, w.title, p.title AS provider FROM worklist AS w LEFT JOIN worklist AS p ON p.id = w.care_provider AND p.id <> w.id
             WHERE w.status = 'open' AND w.staffed AND NOT EXISTS (SELECT FROM unnest($1::text[]) AS word WHERE strpos(lower(w.title), word) = 0)
             ORDER BY w.title, w.id LIMIT $2`,
      values: [words, limit],
    });
  }

  /** What is registered of some people and has not passed. */
  absences(people: readonly string[], at: number): Promise<StoredAbsence[]> {
    return this.talk.many({
      name: "absences",
      text: `SELECT id, person, ${MS("since")} AS since, ${MS("until")} AS until, deputy FROM absence
             WHERE person = ANY ($1) AND ended IS NULL AND until > $2 ORDER BY since, person, id`,
      values: [people, ISO_OF(at)],
    });
  }

  async addAbsence(absence: StoredAbsence, { at, by }: Registered): Promise<void> {
    const { id, person, since, until, deputy } = absence;
    await this.talk.many({
      name: "absence-add",
      text: "INSERT INTO absence (id, person, since, until, deputy, registered, registered_by) VALUES ($1, $2, $3, $4, $5, $6, $7)",
      values: [id, person, ISO_OF(since), ISO_OF(until), deputy, ISO_OF(at), by],
    });
  }

  /** What is on duty at some lists now or later. */
  turns(lists: readonly string[], at: number): Promise<StoredTurn[]> {
    return this.talk.many({
      name: "duties",
      text: `SELECT id, worklist, person, ${MS("since")} AS since, ${MS("until")} AS until, rank FROM duty
             WHERE worklist = ANY ($1) AND ended IS NULL AND until > $2 ORDER BY since, worklist, rank, id`,
      values: [lists, ISO_OF(at)],
    });
  }

  async addTurn(turn: StoredTurn, { at, by }: Registered): Promise<void> {
    const { id, worklist, person, since, until, rank } = turn;
    await this.talk.many({
      name: "duty-add",
      text: "INSERT INTO duty (id, worklist, person, since, until, rank, registered, registered_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
      values: [id, worklist, person, ISO_OF(since), ISO_OF(until), rank, ISO_OF(at), by],
    });
  }

  /** Ends what was registered of one of some people or lists. Answers whether there was such a thing. */
  async end(
    table: "absence" | "duty",
    { id, among, at }: { readonly id: string; readonly among: readonly string[]; readonly at: number },
  ): Promise<boolean> {
    const column = table === "absence" ? "person" : "worklist";
    const rows = await this.talk.many({
      name: `${table}-end`,
      text: `UPDATE ${table} SET ended = $3 WHERE id = $1 AND ${column} = ANY ($2) AND ended IS NULL RETURNING id`,
      values: [id, among, ISO_OF(at)],
    });
    return rows.length > 0;
  }
}
