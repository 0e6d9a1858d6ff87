/**
 * Destruction by decision: records are taken away from every table that has something of them, and a row without content is left. Only
 * the owner of the database can; the server's role reads what is left.
 *
 * SPEC STORE-DESTROY · PDL (2008:355) 8 kap. 4 §
 */
import { fhirError, RESOURCE_TYPES } from "../fhir/index.ts";
import { bound } from "./citus/index.ts";
import type { Talk } from "./connection.ts";
import { tableOf, type VersionRow } from "./resources.ts";

export type NewDestruction = {
  readonly destruction: string;
  readonly decision: string;
  readonly authority: string;
  readonly decided: string;
  /** The patient whose whole record it is, or null. */
  readonly whole: string | null;
  /** Else the records, as `Type/id`. */
  readonly records: readonly string[];
  readonly proposed: string;
  readonly proposedBy: string;
};

export type StoredDestruction = NewDestruction & {
  readonly approved: string | null;
  readonly approvedBy: string | null;
  readonly destroyed: string | null;
  readonly finished: string | null;
};

/** What was there of one record, without its content. */
export type Remains = Pick<VersionRow, "home" | "id" | "version" | "patient" | "care_provider" | "care_unit"> & {
  readonly type: string;
};

/** Under which decision something is destroyed, and when. */
export type Under = Pick<NewDestruction, "destruction" | "decision" | "authority" | "whole"> & { readonly at: string };

const ISO = (column: string): string =>
  `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS ${column}`;
const DESTRUCTION = `destruction, decision, authority, to_char(decided, 'YYYY-MM-DD') AS decided, whole, records, ${ISO("proposed")},
  proposed_by AS "proposedBy", ${ISO("approved")}, approved_by AS "approvedBy", ${ISO("destroyed")}, ${ISO("finished")}`;

/** Tables that go on naming a patient whose whole record is destroyed, and why. None of them tells what stood in the record. */
export const STAYING: ReadonlyMap<string, string> = new Map([
  ["access_log", "who did what with whose records is kept for five years and is chained"],
  ["access_sample_item", "an access that somebody reviews: part of the log"],
  ["change_log", "that the records were deleted, for those who follow changes"],
  ["destroyed", "what is left: that it was done, and by which decision"],
  ["destruction", "the decision itself, with the two people"],
  ["emergency_review", "that an emergency access was taken and reviewed: part of the log"],
  ["history", "the deletion of each record, without content, so that nothing is written under its id again"],
  ["idempotency", "the ids that a client was answered, for thirty days, so that its second try writes nothing"],
  ["job", "what was asked of long work, until it is forgotten within days; its files are gone"],
  ["subscriber_event", "which notifications were sent, by the records' names"],
  ["subscriber_line", "in which order they are sent: the deletion is one of them"],
]);

export class DestructionTables {
  private readonly talk: Talk;

  constructor(talk: Talk) {
    this.talk = talk;
  }

  async add(one: NewDestruction): Promise<void> {
    await this.talk.many({
      text: `INSERT INTO destruction (destruction, decision, authority, decided, whole, records, proposed, proposed_by)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
      values: [
        one.destruction,
        one.decision,
        one.authority,
        one.decided,
        one.whole,
        JSON.stringify(one.records),
        one.proposed,
        one.proposedBy,
      ],
    });
  }

  /** Approves; false when it is not there, has been approved, or the same person proposed it. */
  async approve(destruction: string, { at, by }: { readonly at: string; readonly by: string }): Promise<boolean> {
    const rows = await this.talk.many({
      text: `UPDATE destruction SET approved = $2, approved_by = $3
             WHERE destruction = $1 AND approved IS NULL AND proposed_by <> $3 RETURNING 1 AS one`,
      values: [destruction, at, by],
    });
    return rows.length === 1;
  }

  async mark(destruction: string, what: "destroyed" | "finished", at: string): Promise<void> {
    await this.talk.many({
      text: `UPDATE destruction SET ${what} = $2 WHERE destruction = $1 AND ${what} IS NULL`,
      values: [destruction, at],
    });
  }

  /** One decision, held until the transaction ends; nothing when it is not there. */
  async held(destruction: string): Promise<StoredDestruction | undefined> {
    const [row] = await this.talk.many<StoredDestruction>({
      text: `SELECT ${DESTRUCTION} FROM destruction WHERE destruction = $1 FOR UPDATE`,
      values: [destruction],
    });
    return row;
  }

  all(): Promise<StoredDestruction[]> {
    return this.talk.many({
      text: `SELECT ${DESTRUCTION} FROM destruction ORDER BY destruction.proposed, destruction`,
    });
  }

  /** What has been destroyed under a decision, as `Type/id`. */
  async destroyedUnder(destruction: string): Promise<string[]> {
    const rows = await this.talk.many<{ name: string }>({
      text: `SELECT type || '/' || id AS name FROM destroyed WHERE destruction = $1 ORDER BY 1`,
      values: [destruction],
    });
    return rows.map(({ name }) => name);
  }

  /** The records that a decision is about, documents that were put together from them included, by type. */
  async scopeOf({ whole, records }: Pick<NewDestruction, "whole" | "records">): Promise<Map<string, Set<string>>> {
    const scope = new Map<string, Set<string>>();
    const add = (type: string, id: string): void => void scope.set(type, (scope.get(type) ?? new Set()).add(id));
    for (const name of records) add(...partsOf(name));
    if (whole !== null) for (const { type, id } of await this.ofPatient(whole)) add(type, id);
    for (const [type, ids] of scope) for (const id of await this.documentsWith(type, [...ids])) add("Bundle", id);
    return scope;
  }

  /** Everything that is a patient's own, of any version. */
  private async ofPatient(patient: string): Promise<{ type: string; id: string }[]> {
    const found = await this.talk.many<{ type: string; id: string }>({
      text: "SELECT DISTINCT type, id FROM history WHERE patient = $1 UNION SELECT DISTINCT type, id FROM history WHERE type = 'Patient' AND id = $1",
      values: [patient],
    });
    for (const type of RESOURCE_TYPES) {
      const own = type === "Patient" ? "patient = $1 OR id = $1" : "patient = $1";
      const rows = await this.talk.many<{ id: string }>({
        text: `SELECT id FROM ${tableOf(type)} WHERE ${own}`,
        values: [patient],
      });
      for (const { id } of rows) found.push({ type, id });
    }
    return found;
  }

  /** Kept documents that have a copy of one of the records in them. */
  private async documentsWith(type: string, ids: readonly string[]): Promise<string[]> {
    if (type === "Bundle") return [];
    const rows = await this.talk.many<{ id: string }>({
      text: `SELECT d.id FROM (SELECT id, content FROM bundle UNION ALL SELECT id, content FROM history WHERE type = 'Bundle') AS d
             WHERE EXISTS (SELECT 1 FROM unnest($1::text[]) AS n(name) WHERE strpos(d.content, n.name) > 0)`,
      values: [ids.map((id) => `/${type}/${id}"`)],
    });
    return rows.map(({ id }) => id);
  }

  /** Takes records of a type away and leaves what tells that they were. Answers what was there; nothing twice. */
  async remove(type: string, ids: readonly string[], under: Under): Promise<Remains[]> {
    const found = await this.talk.many<Remains>({
      text: `WITH now AS (DELETE FROM ${tableOf(type)} WHERE id = ANY($2) RETURNING home, id, version, patient, care_provider, care_unit),
                  old AS (DELETE FROM history WHERE type = $1 AND id = ANY($2)
                            AND id NOT IN (SELECT d.id FROM destroyed AS d WHERE d.type = $1 AND d.id = ANY($2))
                          RETURNING home, id, version, patient, care_provider, care_unit)
             SELECT DISTINCT ON (id) $1 AS type, v.* FROM (SELECT * FROM now UNION ALL SELECT * FROM old) AS v ORDER BY id, version DESC`,
      values: [type, ids],
    });
    for (const table of ["seal", "remark", "change_log"])
      await this.talk.many({ text: `DELETE FROM ${table} WHERE type = $1 AND id = ANY($2)`, values: [type, ids] });
    await this.talk.many({
      text: "DELETE FROM outbox WHERE EXISTS (SELECT 1 FROM unnest($1::text[]) AS n(id) WHERE strpos(payload::text, n.id) > 0)",
      values: [ids],
    });
    await this.talk.many({
      text: `WITH gone AS (DELETE FROM loop WHERE subject_type = $1 AND subject_id = ANY($2) RETURNING id, home)
             DELETE FROM loop_event AS e USING gone WHERE e.loop = gone.id AND e.home = gone.home`,
      values: [type, ids],
    });
    const names = ids.map((id) => `${type}/${id}`);
    await this.talk.many({ text: "DELETE FROM hl7_sent WHERE about = ANY($1)", values: [names] });
    await this.talk.many({
      text: "DELETE FROM hl7_received WHERE EXISTS (SELECT 1 FROM unnest($1::text[]) AS n(name) WHERE strpos(outcome::text, n.name) > 0)",
      values: [names],
    });
    for (const row of found) await this.leave(row, under);
    return found;
  }

  /** What is left of one record: the version that says "deleted", and by which decision. */
  private async leave(row: Remains, { destruction, decision, authority, at }: Under): Promise<void> {
    const { home, type, id, patient, care_provider, care_unit } = row;
    await this.talk.many({
      text: `INSERT INTO history (type, home, id, version, patient, care_provider, care_unit, last_updated, method)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'delete')`,
      values: [type, home, id, row.version + 1, patient, care_provider, care_unit, at],
    });
    await this.talk.many({
      text: `INSERT INTO destroyed (home, type, id, patient, care_provider, care_unit, destruction, decision, authority, destroyed)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT DO NOTHING`,
      values: [home, type, id, patient, care_provider, care_unit, destruction, decision, authority, at],
    });
  }

  /**
   * What else is kept of a patient whose whole record goes: blocks, relations, consents and the like, with their reasons, and the
   * patient's sessions at the own door and applications that were opened for the patient. Tables are asked of the database, so that one that is made tomorrow is not forgotten.
   */
  async removeBeside(patient: string): Promise<void> {
    await this.talk.many({
      text: "DELETE FROM session WHERE actor ->> 'kind' = 'patient' AND actor -> 'patient' ->> 'id' = $1",
      values: [patient],
    });
    await this.talk.many({
      text: "DELETE FROM oauth_state WHERE strpos(content::text, $1) > 0",
      values: [JSON.stringify(patient)],
    });
    await this.talk.many({
      text: "DELETE FROM block_lift WHERE block IN (SELECT id FROM block WHERE patient = $1)",
      values: [patient],
    });
    const tables = await this.talk.many<{ name: string }>({
      text: `SELECT c.table_name::text AS name FROM information_schema.columns AS c JOIN pg_class AS r
               ON r.oid = to_regclass(quote_ident(c.table_schema) || '.' || quote_ident(c.table_name)) AND r.relkind IN ('r', 'p')
             WHERE c.table_schema = current_schema() AND c.column_name = 'patient' AND NOT c.table_name = ANY($1)`,
      values: [[...STAYING.keys(), "seal", "remark", ...RESOURCE_TYPES.map((type) => type.toLowerCase())]],
    });
    for (const { name } of tables)
      await this.talk.many({ text: `DELETE FROM "${name}" WHERE patient = $1`, values: [patient] });
  }

  /** How much long work waits or goes on: what it writes now could hold what is about to be destroyed. */
  async openJobs(): Promise<number> {
    const [row] = await this.talk.many<{ n: number }>({
      text: "SELECT count(*)::int4 AS n FROM job WHERE state IN ('waiting', 'running')",
    });
    return row?.n ?? 0;
  }

  async removeJobs(jobs: readonly string[]): Promise<void> {
    await this.talk.many({ text: "DELETE FROM job WHERE id = ANY($1)", values: [jobs] });
  }
}

/** Errors: NOT_FOUND for what is no record's name. */
export function partsOf(name: string): [type: string, id: string] {
  const [, type = "", id = ""] = /^([A-Za-z]+)\/([A-Za-z0-9\-.]{1,64})$/.exec(name) ?? [];
  if (!(RESOURCE_TYPES as readonly string[]).includes(type)) throw fhirError("NOT_FOUND");
  return [type, id];
}

/** What is destroyed again when an older backup is put back: everything that is needed to find it, and nothing of it. */
export type DestroyedLine = Under & { readonly records: readonly string[] };

/** Destroys again in a database that was put back as it was before. */
export async function destroyAgain(talk: Talk, lines: readonly DestroyedLine[]): Promise<number> {
  const tables = new DestructionTables(bound(talk));
  let count = 0;
  for (const line of lines) {
    for (const [type, ids] of await tables.scopeOf(line)) count += (await tables.remove(type, [...ids], line)).length;
    if (line.whole !== null) await tables.removeBeside(line.whole);
  }
  return count;
}
