/**
 * Letters as they stand: each recipient's delivery with the way that it goes, and the units' templates. A delivery is a loop; its way is
 * what was said when it was opened or sent anew. Templates are only added to: a change is a version that somebody else has looked at.
 *
 * SPEC STORE-LETTER
 */
import type { Talk } from "./connection.ts";

/** One recipient of a letter. Times are milliseconds since 1970. */
export type StoredDelivery = {
  readonly loop: string;
  readonly home: number;
  readonly communication: string;
  readonly patient: string | null;
  readonly recipient: string;
  readonly kind: "letter" | "message";
  readonly state: string;
  readonly version: number;
  readonly sender: string;
  readonly opened: number;
  readonly since: number;
  readonly deadline: number | null;
  readonly level: number;
  /** By which way, as it was last said; null when nobody has. */
  readonly transport: string | null;
  readonly printed: number | null;
  readonly read: number | null;
  /** What was said at its last step. */
  readonly note: string | null;
};

export type TemplateState = "proposed" | "current" | "replaced" | "refused";
export type StoredTemplate = {
  readonly id: string;
  readonly version: number;
  readonly careUnit: string;
  readonly kind: string;
  readonly title: string;
  readonly words: string;
  readonly state: TemplateState;
  readonly proposed: number;
  readonly proposedBy: string;
  readonly reviewed: number | null;
  readonly reviewedBy: string | null;
};
export type NewTemplate = Pick<StoredTemplate, "id" | "careUnit" | "kind" | "title" | "words">;

const MS = (column: string): string => `(extract(epoch FROM ${column}) * 1000)::float8`;
const STEP = (what: string, events: string): string =>
  `(SELECT ${what} FROM loop_event AS e WHERE e.loop = l.id AND e.home = l.home${events} ORDER BY e.version DESC LIMIT 1)`;
const DELIVERY = `SELECT l.id AS loop, l.home, l.subject_id AS communication, l.patient, l.recipient, l.kind, l.state, l.version, l.sender,
    ${MS("l.opened")} AS opened, ${MS("l.since")} AS since, ${MS("l.deadline")} AS deadline, l.level,
    CASE l.kind WHEN 'message' THEN 'inbox' ELSE ${STEP("e.note", " AND e.event IN ('open', 'resend')")} END AS transport,
    ${STEP(MS("e.at"), " AND e.event = 'transfer'")} AS printed, ${STEP(MS("e.at"), " AND e.event = 'read'")} AS read,
    ${STEP("e.note", "")} AS note
  FROM loop AS l`;
const TEMPLATE = `id, version, care_unit AS "careUnit", kind, title, words, state, ${MS("proposed")} AS proposed, proposed_by AS "proposedBy",
  ${MS("reviewed")} AS reviewed, reviewed_by AS "reviewedBy"`;

export class LetterTables {
  private readonly talk: Talk;

  constructor(talk: Talk) {
    this.talk = talk;
  }

  /** Every delivery of some letters that the reader may see, first to last. */
  deliveriesOf(communications: readonly string[]): Promise<StoredDelivery[]> {
    return this.talk.many({
      name: "letter-deliveries",
      text: `${DELIVERY} WHERE l.subject_type = 'Communication' AND l.subject_id = ANY ($1) AND l.kind IN ('letter', 'message') ORDER BY l.subject_id, l.opened, l.id`,
      values: [communications],
    });
  }

  /** What the reader's lists have sent that has not been read: what stands longest first. */
  underWay(limit: number): Promise<StoredDelivery[]> {
    return this.talk.many({
      name: "letters-under-way",
      text: `${DELIVERY} WHERE l.kind = 'letter' AND l.closed IS NULL AND l.sender = ANY ((SELECT eira_worklists())::text[])
             ORDER BY l.opened, l.id LIMIT $1`,
      values: [limit],
    });
  }

  /** The one delivery whose loop has this end of its id at this home, of those that the reader may see. */
  async withCode(home: number, end: string): Promise<StoredDelivery | undefined> {
    const [one, other] = await this.talk.many<StoredDelivery>({
      name: "letter-code",
      text: `${DELIVERY} WHERE l.home = $1 AND right(l.id, length($2)) = $2 AND l.kind = 'letter' LIMIT 2`,
      values: [home, end],
    });
    return other === undefined ? one : undefined;
  }

  /** The templates of a unit: all versions, the newest first. */
  templatesOf(careUnit: string): Promise<StoredTemplate[]> {
    return this.talk.many({
      name: "letter-templates",
      text: `SELECT ${TEMPLATE} FROM letter_template WHERE care_unit = $1 ORDER BY title, id, version DESC`,
      values: [careUnit],
    });
  }

  /** Proposes the next version of a template. False when one waits already, or when the template is another unit's. */
  async propose(one: NewTemplate, { at, by }: { readonly at: number; readonly by: string }): Promise<boolean> {
    const { id, careUnit, kind, title, words } = one;
    const rows = await this.talk.many({
      name: "letter-template-propose",
      text: `INSERT INTO letter_template (id, version, care_unit, kind, title, words, state, proposed, proposed_by)
             SELECT $1, 1 + coalesce((SELECT max(version) FROM letter_template WHERE id = $1), 0), $2, $3, $4, $5, 'proposed', $6, $7
              WHERE NOT EXISTS (SELECT FROM letter_template WHERE id = $1 AND (state = 'proposed' OR care_unit <> $2))
             ON CONFLICT DO NOTHING RETURNING version`,
      values: [id, careUnit, kind, title, words, new Date(at).toISOString(), by],
    });
    return rows.length === 1;
  }

  /** Takes a proposal into use, or refuses it. False when it does not wait any longer, or is the reviewer's own. */
  async review(
    { id, version, careUnit }: Pick<StoredTemplate, "id" | "version" | "careUnit">,
    { at, by, state }: { readonly at: number; readonly by: string; readonly state: "current" | "refused" },
  ): Promise<boolean> {
    const values = [id, version, careUnit, new Date(at).toISOString(), by];
    const mine = "id = $1 AND version = $2 AND care_unit = $3 AND state = 'proposed' AND proposed_by <> $5";
    if (state === "current")
      await this.talk.many({
        name: "letter-template-replace",
        text: `UPDATE letter_template AS t SET state = 'replaced' WHERE t.id = $1 AND t.state = 'current'
                 AND EXISTS (SELECT FROM letter_template WHERE ${mine} AND $4::timestamptz IS NOT NULL)`,
        values,
      });
    const rows = await this.talk.many({
      name: `letter-template-${state}`,
      text: `UPDATE letter_template SET state = '${state}', reviewed = $4, reviewed_by = $5 WHERE ${mine} RETURNING version`,
      values,
    });
    return rows.length === 1;
  }
}

export type LetterLook = Omit<LetterTables, "propose" | "review">;
