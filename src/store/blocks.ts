/**
 * A patient's blocks and what lifts them for a while. What they hide is worked out by the predicate of each statement and by
 * row-level security; here they are only kept.
 *
 * SPEC STORE-BLOCK · PDL (2008:355) 4 kap. 4–5 §§
 */
import type { Talk } from "./connection.ts";

export type BlockKind = "inner" | "outer";

/** What a block is about. Times are ISO instants; null is open. */
export type NewBlock = {
  readonly id: string;
  readonly patient: string;
  readonly kind: BlockKind;
  readonly careProvider: string;
  /** The unit whose records are blocked; null of an outer block. */
  readonly careUnit: string | null;
  readonly since: string | null;
  readonly until: string | null;
  /** Kinds of information that are not blocked: medicines (lak), warnings (upp). */
  readonly exceptKinds: readonly string[];
  readonly registered: string;
  readonly registeredBy: string;
};

export type StoredBlock = NewBlock;

export type NewLift = {
  readonly id: string;
  readonly block: string;
  readonly careUnit: string;
  /** The person it is lifted for; null is everybody at the unit. */
  readonly employee: string | null;
  readonly until: string;
  readonly reason: "PatientsConsent" | "Emergency";
  readonly note: string | null;
  readonly registered: string;
  readonly registeredBy: string;
};

/** How a patient's blocks stand to the reader whom the connection serves. */
export type Standing = {
  /** The block applies to the reader and is not lifted. */
  readonly hides: boolean;
  /** Until when it is lifted for the reader, if it is. */
  readonly liftedUntil: string | null;
};

const ISO = (column: string): string => `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

const APPLIES = `CASE b.kind WHEN 'inner' THEN b.care_unit <> eira_unit() ELSE b.care_provider <> eira_reach() END`;

/** The patient, and the other records of the same person. */
const ANY_OF_PERSON = "ANY (ARRAY[$1] || ARRAY(SELECT s.other FROM same_person AS s WHERE s.patient = $1))";

export class BlockTables {
  private readonly talk: Talk;

  constructor(talk: Talk) {
    this.talk = talk;
  }

  /** The blocks of a patient that stand, under any of the person's records, oldest first, and how each stands to the reader. */
  of(patient: string): Promise<(StoredBlock & Standing)[]> {
    return this.talk.many({
      name: "blocks-of",
      text: `SELECT id, patient, kind, care_provider AS "careProvider", care_unit AS "careUnit", ${ISO("since")} AS since,
                    ${ISO("until")} AS until, except_kinds AS "exceptKinds", ${ISO("registered")} AS registered,
                    registered_by AS "registeredBy", ${APPLIES} AND lifted IS NULL AS hides, ${ISO("lifted")} AS "liftedUntil"
             FROM block AS b LEFT JOIN LATERAL (
               SELECT max(l.until) AS lifted FROM block_lift AS l
               WHERE ${APPLIES} AND l.block = b.id AND l.ended IS NULL AND l.until >= now() AND l.care_unit = eira_unit()
                 AND (l.employee IS NULL OR l.employee = eira_employee())) AS lift ON true
             WHERE b.patient = ${ANY_OF_PERSON} AND b.ended IS NULL ORDER BY b.registered, b.id`,
      values: [patient],
    });
  }

  async add(block: NewBlock): Promise<void> {
    await this.talk.many({
      name: "block-add",
      text: `INSERT INTO block (id, patient, kind, care_provider, care_unit, since, until, except_kinds, registered, registered_by)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
      values: [
        block.id,
        block.patient,
        block.kind,
        block.careProvider,
        block.careUnit,
        block.since,
        block.until,
        block.exceptKinds,
        block.registered,
        block.registeredBy,
      ],
    });
  }

  /** Ends a block for good. False when it does not stand (any longer). */
  async end(id: string, end: { readonly at: string; readonly by: string; readonly reason: string }): Promise<boolean> {
    const rows = await this.talk.many({
      name: "block-end",
      text: "UPDATE block SET ended = $2, ended_by = $3, end_reason = $4 WHERE id = $1 AND ended IS NULL RETURNING 1 AS one",
      values: [id, end.at, end.by, end.reason],
    });
    return rows.length === 1;
  }

  async lift(lift: NewLift): Promise<void> {
    await this.talk.many({
      name: "block-lift",
      text: `INSERT INTO block_lift (id, block, care_unit, employee, until, reason, note, registered, registered_by)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
      values: [
        lift.id,
        lift.block,
        lift.careUnit,
        lift.employee,
        lift.until,
        lift.reason,
        lift.note,
        lift.registered,
        lift.registeredBy,
      ],
    });
  }

  /** Takes back the lifts of a patient's blocks that the reader's unit has; answers how many. */
  async endLifts(patient: string, end: { readonly at: string; readonly by: string }): Promise<number> {
    const rows = await this.talk.many({
      name: "block-lift-end",
      text: `UPDATE block_lift AS l SET ended = $2, ended_by = $3 FROM block AS b
             WHERE b.id = l.block AND b.patient = ${ANY_OF_PERSON} AND l.ended IS NULL AND l.until >= now() AND l.care_unit = eira_unit()
               AND (l.employee IS NULL OR l.employee = eira_employee()) RETURNING 1 AS one`,
      values: [patient, end.at, end.by],
    });
    return rows.length;
  }
}
