/**
 * The patient's own door: who reads for a patient, and which units let a child or a guardian read. What follows from it is decided
 * in `access`; here it is only kept.
 *
 * SPEC STORE-DOOR · PDL (2008:355) 5 kap. 5 §
 */
import type { Talk } from "./connection.ts";

/** Somebody who reads for a patient. Times are ISO instants; null is open. */
export type StoredRepresentation = {
  readonly id: string;
  readonly patient: string;
  readonly kind: "guardian" | "proxy";
  /** The reader's identity number, as system|value. */
  readonly person: string;
  /** What the patient calls a proxy. */
  readonly label: string | null;
  readonly since: string;
  readonly until: string | null;
  readonly ended: string | null;
  /** The unit whose staff registered it; null is the register or the patient. */
  readonly careUnit: string | null;
  readonly reason: string | null;
  readonly endReason: string | null;
  readonly registeredBy: string;
  /** A proxy who writes to care for the patient, and does not only read. */
  readonly writes: boolean;
};

export type NewRepresentation = Omit<StoredRepresentation, "ended" | "endReason" | "careUnit" | "reason" | "writes"> &
  Partial<Pick<StoredRepresentation, "careUnit" | "reason" | "writes">> & { readonly registered: string };

/** A unit's decision that a child reads itself, or that a guardian goes on reading. */
export type StoredDoorGrant = {
  readonly id: string;
  readonly patient: string;
  readonly kind: "child" | "guardian";
  readonly person: string | null;
  readonly careUnit: string;
  readonly since: string;
  readonly until: string | null;
  readonly ended: string | null;
  readonly reason: string | null;
};

export type NewDoorGrant = Omit<StoredDoorGrant, "ended" | "reason"> &
  Partial<Pick<StoredDoorGrant, "reason">> & { readonly registered: string; readonly registeredBy: string };

/** A block as the patient sees it. */
export type PatientsBlock = {
  readonly id: string;
  readonly kind: "inner" | "outer";
  readonly careProvider: string;
  readonly careUnit: string | null;
  readonly registered: string;
  /** Whether the patient, and not staff, registered it. */
  readonly isOwn: boolean;
};

/** Which of the patients' questions are asked for: a Task each, of one care provider, by the search key of their code. */
export type QuestionAsk = {
  /** HSA-id; null is everybody's. */
  readonly provider: string | null;
  readonly code: string;
  /** Search keys of the states in which a question needs nobody any more. */
  readonly done: readonly string[];
  readonly id?: string | undefined;
  readonly state?: "open" | "done" | undefined;
  readonly after?: { readonly asked: string; readonly id: string } | undefined;
  readonly limit: number;
};

export type StoredQuestion = {
  readonly id: string;
  readonly version: number;
  readonly patient: string;
  readonly content: string;
  readonly asked: string;
};

type Ended = { readonly at: string; readonly by: string; readonly reason?: string };

const ISO = (column: string): string => `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
const REPRESENTATION = `id, patient, kind, person, label, ${ISO("since")} AS since, ${ISO("until")} AS until, ${ISO("ended")} AS ended,
  care_unit AS "careUnit", reason, end_reason AS "endReason", registered_by AS "registeredBy", writes`;

export class DoorTables {
  private readonly talk: Talk;

  constructor(talk: Talk) {
    this.talk = talk;
  }

  /** Everybody who reads or has read for a patient, oldest first. */
  representationsOf(patient: string): Promise<StoredRepresentation[]> {
    return this.talk.many({
      name: "representations-of",
      text: `SELECT ${REPRESENTATION} FROM representation WHERE patient = $1 ORDER BY registered, id`,
      values: [patient],
    });
  }

  /** Whom somebody reads for, as far as nobody has ended it. */
  representedBy(person: string): Promise<StoredRepresentation[]> {
    return this.talk.many({
      name: "represented-by",
      text: `SELECT ${REPRESENTATION} FROM representation WHERE person = $1 AND ended IS NULL ORDER BY registered, id`,
      values: [person],
    });
  }

  grantsOf(patient: string): Promise<StoredDoorGrant[]> {
    return this.talk.many({
      name: "door-grants-of",
      text: `SELECT id, patient, kind, person, care_unit AS "careUnit", ${ISO("since")} AS since, ${ISO("until")} AS until,
                    ${ISO("ended")} AS ended, reason
             FROM door_grant WHERE patient = $1 AND ended IS NULL ORDER BY registered, id`,
      values: [patient],
    });
  }

  async addRepresentation(one: NewRepresentation): Promise<void> {
    const { id, patient, kind, person, label, since, until, registered, registeredBy } = one;
    const { careUnit = null, reason = null, writes = false } = one;
    await this.talk.many({
      name: "representation-add",
      text: `INSERT INTO representation (id, patient, kind, person, label, since, until, registered, registered_by, care_unit, reason, writes)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT (id) DO NOTHING`,
      values: [id, patient, kind, person, label, since, until, registered, registeredBy, careUnit, reason, writes],
    });
  }

  /** Ends somebody's reading for a patient. False when it does not stand (any longer). */
  async endRepresentation(id: string, { at, by, reason }: Ended): Promise<boolean> {
    // The patient's own role may not write why; nobody asks the patient.
    const why = reason === undefined ? "" : ", end_reason = $4";
    const rows = await this.talk.many({
      name: `representation-end${reason === undefined ? "" : "-with"}`,
      text: `UPDATE representation SET ended = $2, ended_by = $3${why} WHERE id = $1 AND ended IS NULL RETURNING 1 AS one`,
      values: [id, at, by, ...(reason === undefined ? [] : [reason])],
    });
    return rows.length === 1;
  }

  /** Ends a unit's decision. False when it does not stand (any longer). */
  async endGrant(id: string, { at, by, reason = "" }: Ended): Promise<boolean> {
    const rows = await this.talk.many({
      name: "door-grant-end",
      text: `UPDATE door_grant SET ended = $2, ended_by = $3, end_reason = $4
             WHERE id = $1 AND ended IS NULL RETURNING 1 AS one`,
      values: [id, at, by, reason],
    });
    return rows.length === 1;
  }

  async addGrant(one: NewDoorGrant): Promise<void> {
    const { id, patient, kind, person, careUnit, since, until, registered, registeredBy, reason = null } = one;
    await this.talk.many({
      name: "door-grant-add",
      text: `INSERT INTO door_grant (id, patient, kind, person, care_unit, since, until, registered, registered_by, reason)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
      values: [id, patient, kind, person, careUnit, since, until, registered, registeredBy, reason],
    });
  }

  /** The blocks of a patient that stand, oldest first, whoever they are against. */
  blocksOf(patient: string): Promise<PatientsBlock[]> {
    return this.talk.many({
      name: "blocks-at-door",
      text: `SELECT id, kind, care_provider AS "careProvider", care_unit AS "careUnit", ${ISO("registered")} AS registered,
                    registered_by LIKE 'patient %' AS "isOwn"
             FROM block WHERE patient = $1 AND ended IS NULL ORDER BY block.registered, id`,
      values: [patient],
    });
  }

  /** Patients' questions: what waits the longest first, but of those that are done the newest. */
  questions({ provider, code, done, id, state, after, limit }: QuestionAsk): Promise<StoredQuestion[]> {
    const isDone = "tokens && $3::int8[]";
    const [order, beyond] = state === "done" ? ["DESC", "<"] : ["ASC", ">"];
    const wanted = { open: ` AND NOT ${isDone}`, done: ` AND ${isDone}` };
    return this.talk.many({
      text: `SELECT id, version, patient, content, ${ISO("authored_on_lo")} AS asked FROM task
             WHERE tokens && ARRAY[$1]::int8[] AND patient IS NOT NULL AND authored_on_lo IS NOT NULL
               AND ($2::text IS NULL OR care_provider = $2) AND ($4::text IS NULL OR id = $4) AND $3::int8[] IS NOT NULL
               AND ($5::text IS NULL OR (authored_on_lo, id) ${beyond} ($5::timestamptz, $6::text))
               ${state === undefined ? "" : wanted[state]}
             ORDER BY authored_on_lo ${order}, task.id ${order} LIMIT $7`,
      values: [code, provider, done, id ?? null, after?.asked ?? null, after?.id ?? null, limit],
    });
  }

  /** How many of them wait, and how many of those longer than they should. */
  async waitingQuestions(
    { provider, code, done }: Pick<QuestionAsk, "provider" | "code" | "done">,
    now: string,
  ): Promise<{ readonly open: number; readonly late: number }> {
    const [row] = await this.talk.many<{ open: number; late: number }>({
      text: `SELECT count(*)::int4 AS open,
                    count(*) FILTER (WHERE content::json #>> '{restriction,period,end}' < $4)::int4 AS late
             FROM task WHERE tokens && ARRAY[$1]::int8[] AND ($2::text IS NULL OR care_provider = $2)
               AND patient IS NOT NULL AND authored_on_lo IS NOT NULL AND NOT tokens && $3::int8[]`,
      values: [code, provider, done, now],
    });
    return row ?? { open: 0, late: 0 };
  }

  /** Where the patient's records within reach were written, once each. */
  sourcesOf(types: readonly string[], patient: string): Promise<{ careProvider: string; careUnit: string | null }[]> {
    const arms = types.map(
      (type) =>
        `SELECT care_provider, care_unit FROM "${type.toLowerCase()}" WHERE patient = $1 AND care_provider IS NOT NULL`,
    );
    return this.talk.many({
      name: "sources-at-door",
      text: `SELECT DISTINCT care_provider AS "careProvider", care_unit AS "careUnit" FROM (${arms.join(" UNION ALL ")}) AS r
             ORDER BY 1, 2`,
      values: [patient],
    });
  }
}

export type DoorLook = Pick<
  DoorTables,
  "representationsOf" | "representedBy" | "grantsOf" | "blocksOf" | "sourcesOf" | "questions" | "waitingQuestions"
>;
