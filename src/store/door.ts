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
};

export type NewRepresentation = Omit<StoredRepresentation, "ended"> & {
  readonly registered: string;
  readonly registeredBy: string;
};

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
};

export type NewDoorGrant = Omit<StoredDoorGrant, "ended"> & {
  readonly registered: string;
  readonly registeredBy: string;
};

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

type Ended = { readonly at: string; readonly by: string };

const ISO = (column: string): string => `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
const REPRESENTATION = `id, patient, kind, person, label, ${ISO("since")} AS since, ${ISO("until")} AS until, ${ISO("ended")} AS ended`;

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
                    ${ISO("ended")} AS ended
             FROM door_grant WHERE patient = $1 AND ended IS NULL ORDER BY registered, id`,
      values: [patient],
    });
  }

  async addRepresentation(one: NewRepresentation): Promise<void> {
    const { id, patient, kind, person, label, since, until, registered, registeredBy } = one;
    await this.talk.many({
      name: "representation-add",
      text: `INSERT INTO representation (id, patient, kind, person, label, since, until, registered, registered_by)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (id) DO NOTHING`,
      values: [id, patient, kind, person, label, since, until, registered, registeredBy],
    });
  }

  /** Ends somebody's reading for a patient. False when it does not stand (any longer). */
  async endRepresentation(id: string, { at, by }: Ended): Promise<boolean> {
    const rows = await this.talk.many({
      name: "representation-end",
      text: "UPDATE representation SET ended = $2, ended_by = $3 WHERE id = $1 AND ended IS NULL RETURNING 1 AS one",
      values: [id, at, by],
    });
    return rows.length === 1;
  }

  async addGrant(one: NewDoorGrant): Promise<void> {
    const { id, patient, kind, person, careUnit, since, until, registered, registeredBy } = one;
    await this.talk.many({
      name: "door-grant-add",
      text: `INSERT INTO door_grant (id, patient, kind, person, care_unit, since, until, registered, registered_by)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
      values: [id, patient, kind, person, careUnit, since, until, registered, registeredBy],
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

export type DoorLook = Pick<DoorTables, "representationsOf" | "representedBy" | "grantsOf" | "blocksOf" | "sourcesOf">;
