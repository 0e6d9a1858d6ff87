/**
 * Seals of signed versions, remarks on records (why they were corrected, what the patient does not agree with), and what is left of
 * records that were destroyed. What they mean is decided in `journal/`; here they are only kept, and never changed.
 *
 * SPEC STORE-SIGN · PDL (2008:355) 3 kap. 8, 10, 14 §§
 */
import { createHash } from "node:crypto";
import type { AccessPredicate } from "../access/index.ts";
import type { Talk } from "./connection.ts";
import { tableOf, type CurrentRow } from "./resources.ts";

export type StoredSeal = {
  readonly type: string;
  readonly id: string;
  readonly version: number;
  readonly sha256: string;
  readonly signed: string;
  readonly signer: unknown;
};

export type StoredRemark = {
  readonly type: string;
  readonly id: string;
  readonly version: number;
  readonly kind: "correction" | "disagreement";
  readonly words: string;
  readonly recorded: string;
  readonly author: unknown;
};

/** What is left of a record that was destroyed. */
export type Destroyed = {
  readonly type: string;
  readonly id: string;
  readonly decision: string;
  readonly authority: string;
  readonly destroyed: string;
};

/** A record as it stands, and when its first version was made. */
export type Written = {
  readonly type: string;
  readonly id: string;
  readonly version: number;
  readonly created: string;
};

/** What decides whether a record may still be changed. */
export type LockFacts = {
  /** When its first version was made; null when that cannot be seen. */
  readonly created: string | null;
  readonly isSealed: boolean;
};

type Owned = Pick<CurrentRow, "home" | "id" | "patient" | "care_provider" | "care_unit">;

const ISO = (column: string): string => `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
const SEAL = `type, id, version, sha256, ${ISO("signed")} AS signed, signer`;
const REMARK = `type, id, version, kind, words, ${ISO("recorded")} AS recorded, author`;
const DESTROYED = `type, id, decision, authority, ${ISO("destroyed")} AS destroyed`;

/** Most records of a patient that are told of at once. */
const MOST = 5_000;

/** The hash that a seal keeps of a stored text. */
export function sealOf(text: string): string {
  return createHash("sha256").update(text, "utf8").digest("hex");
}

/** The condition that the row `alias` of a type's table has not been signed as it stands; `type` is a known type's name. */
export function unsealedSql(alias: string, type: string): string {
  tableOf(type); // refuses what is none
  return `NOT EXISTS (SELECT 1 FROM seal AS u WHERE u.type = '${type}' AND u.id = ${alias}.id AND u.version = ${alias}.version AND u.home = ${alias}.home)`;
}

export class SigningTables {
  private readonly talk: Talk;

  constructor(talk: Talk) {
    this.talk = talk;
  }

  async addSeal(row: Owned, seal: StoredSeal): Promise<void> {
    await this.talk.many({
      name: "seal-add",
      text: `INSERT INTO seal (home, type, id, version, patient, care_provider, care_unit, sha256, signed, signer)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
      values: [
        row.home,
        seal.type,
        seal.id,
        seal.version,
        row.patient,
        row.care_provider,
        row.care_unit,
        seal.sha256,
        seal.signed,
        JSON.stringify(seal.signer),
      ],
    });
  }

  async addRemark(row: Owned, name: string, remark: StoredRemark): Promise<void> {
    await this.talk.many({
      name: "remark-add",
      text: `INSERT INTO remark (home, remark, type, id, version, patient, care_provider, care_unit, kind, words, recorded, author)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
      values: [
        row.home,
        name,
        remark.type,
        remark.id,
        remark.version,
        row.patient,
        row.care_provider,
        row.care_unit,
        remark.kind,
        remark.words,
        remark.recorded,
        JSON.stringify(remark.author),
      ],
    });
  }

  /** The seals of a record's versions, newest first. */
  sealsOf(type: string, { home, id }: Pick<Owned, "home" | "id">): Promise<StoredSeal[]> {
    return this.talk.many({
      name: "seals-of",
      text: `SELECT ${SEAL} FROM seal WHERE type = $1 AND id = $2 AND home = $3 ORDER BY version DESC`,
      values: [type, id, home],
    });
  }

  remarksOf(type: string, { home, id }: Pick<Owned, "home" | "id">): Promise<StoredRemark[]> {
    return this.talk.many({
      name: "remarks-of",
      text: `SELECT ${REMARK} FROM remark WHERE type = $1 AND id = $2 AND home = $3 ORDER BY remark.recorded, remark`,
      values: [type, id, home],
    });
  }

  /** A patient's records of a type that meet the condition, newest first, with when they were first written. */
  async writtenOf(type: string, patient: string, home: number, access: AccessPredicate): Promise<Written[]> {
    const values: unknown[] = [patient, home];
    const bind = (value: unknown): string => `$${values.push(value)}`;
    const rows = await this.talk.many<Omit<Written, "type">>({
      text: `SELECT t.id, t.version, ${ISO(
        `coalesce((SELECT min(h.last_updated) FROM history AS h WHERE h.type = '${type}' AND h.id = t.id AND h.home = t.home), t.last_updated)`,
      )} AS created FROM ${tableOf(type)} AS t WHERE t.patient = $1 AND t.home = $2 AND ${access("t", type, bind)}
             ORDER BY t.last_updated DESC LIMIT ${MOST}`,
      values,
    });
    return rows.map((row) => ({ type, ...row }));
  }

  sealsOfPatient(patient: string, home: number): Promise<StoredSeal[]> {
    return this.talk.many({
      name: "seals-of-patient",
      text: `SELECT ${SEAL} FROM seal WHERE patient = $1 AND home = $2 ORDER BY version DESC`,
      values: [patient, home],
    });
  }

  remarksOfPatient(patient: string, home: number): Promise<StoredRemark[]> {
    return this.talk.many({
      name: "remarks-of-patient",
      text: `SELECT ${REMARK} FROM remark WHERE patient = $1 AND home = $2 ORDER BY remark.recorded, remark`,
      values: [patient, home],
    });
  }

  destroyedOfPatient(patient: string, home: number): Promise<Destroyed[]> {
    return this.talk.many({
      name: "destroyed-of-patient",
      text: `SELECT ${DESTROYED} FROM destroyed WHERE patient = $1 AND home = $2 ORDER BY destroyed.destroyed DESC, id`,
      values: [patient, home],
    });
  }

  /** What is left of a record that was destroyed, or nothing. */
  async destroyed(type: string, id: string): Promise<Destroyed | undefined> {
    const [row] = await this.talk.many<Destroyed>({
      name: "destroyed",
      text: `SELECT ${DESTROYED} FROM destroyed WHERE type = $1 AND id = $2`,
      values: [type, id],
    });
    return row;
  }

  /**
   * What decides whether a record may be changed. To be asked after the change itself: whoever signs holds the version that stands, so
   * either the seal is seen here or the one who signs finds that another version stands.
   */
  async lockFacts(type: string, id: string): Promise<LockFacts> {
    const [seal] = await this.talk.many({
      name: "lock-seal",
      text: "SELECT 1 AS one FROM seal WHERE type = $1 AND id = $2 LIMIT 1",
      values: [type, id],
    });
    // Wherever it lies: a note that was moved to another patient began at the first one's home.
    const [first] = await this.talk.many<{ created: string }>({
      name: "lock-created",
      text: `SELECT ${ISO("last_updated")} AS created FROM history WHERE type = $1 AND id = $2 AND version = 1`,
      values: [type, id],
    });
    return { isSealed: seal !== undefined, created: first?.created ?? null };
  }
}
