/**
 * What has been registered about who takes part in a patient's care, and what it opens for whom. What follows from what is decided by
 * `access`; here it is only kept, and row-level security asks it of each row.
 *
 * SPEC STORE-CARE · PDL (2008:355) 4 kap. 1–2 §§, lag (2022:913)
 */
import type { Talk } from "./connection.ts";

export type CareKind = "relation" | "reason" | "choice" | "consent" | "emergency";

/** A fact as it is kept. Times are ISO instants; null is open. */
export type CareFact = {
  readonly id: string;
  readonly patient: string;
  readonly kind: CareKind;
  /** Whom it is for; without an employee for everybody at the unit. */
  readonly careProvider: string;
  readonly careUnit: string;
  readonly employee: string | null;
  /** Of a choice: what was chosen. A null unit is all of another care provider, `-` what has no unit. */
  readonly sourceProvider: string | null;
  readonly sourceUnit: string | null;
  readonly reason: string | null;
  readonly representedBy: string | null;
  readonly since: string;
  readonly until: string | null;
  readonly registered: string;
  readonly registeredBy: string;
};

/** What is open to people of a unit; `contact` when it follows from a contact of the unit with the patient. */
export type StandingOpening = {
  readonly sourceProvider: string;
  readonly sourceUnit: string | null;
  readonly rule: string;
  readonly leans: boolean;
  readonly since: string | null;
  readonly until: string | null;
  readonly contact: string | null;
};

export type NewOpening = Omit<StandingOpening, "contact">;

/** Where something of a patient was written; `-` is no unit. */
export type CareSource = { readonly careProvider: string; readonly careUnit: string };

/** What only looks. */
export type CareLook = { readonly care: Pick<CareTables, "openings"> };

const ISO = (column: string): string =>
  `CASE WHEN isfinite(${column}) THEN to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') END`;

const FACT = `id, patient, kind, care_provider AS "careProvider", care_unit AS "careUnit", employee, source_provider AS "sourceProvider",
  source_unit AS "sourceUnit", reason, represented_by AS "representedBy", ${ISO("since")} AS since, ${ISO("until")} AS until,
  ${ISO("registered")} AS registered, registered_by AS "registeredBy"`;

const STANDS = "(o.since IS NULL OR o.since <= now()) AND (o.until IS NULL OR o.until >= now())";

export class CareTables {
  private readonly talk: Talk;

  constructor(talk: Talk) {
    this.talk = talk;
  }

  /** A patient's facts that were not ended and whose time has not passed, oldest first. */
  facts(patient: string): Promise<CareFact[]> {
    return this.talk.many({
      name: "care-facts",
      text: `SELECT ${FACT} FROM care_fact WHERE patient = $1 AND ended IS NULL AND (until IS NULL OR until >= now()) ORDER BY registered, id`,
      values: [patient],
    });
  }

  /** What stands open to the reader whom the connection serves, of each of the patients under any of their records; single records that were sent are no source. */
  openings(patients: readonly string[]): Promise<(StandingOpening & { readonly patient: string })[]> {
    return this.talk.many({
      name: "care-openings",
      text: `SELECT asked.patient, o.source_provider AS "sourceProvider", o.source_unit AS "sourceUnit", o.rule, o.leans, o.contact,
                    ${ISO("o.since")} AS since, ${ISO("o.until")} AS until
             FROM unnest($1::text[]) AS asked (patient) JOIN opening AS o
               ON o.patient = ANY (ARRAY[asked.patient] || ARRAY(SELECT s.other FROM same_person AS s WHERE s.patient = asked.patient))
             WHERE o.care_unit = eira_unit()
               AND o.record IS NULL AND (o.employee IS NULL OR o.employee = eira_employee()) AND ${STANDS} ORDER BY o.id`,
      values: [patients],
    });
  }

  /** The other records of the same person, which Patient.link joins. */
  async others(patient: string): Promise<readonly string[]> {
    const rows = await this.talk.many<{ other: string }>({
      name: "care-others",
      text: "SELECT other FROM same_person WHERE patient = $1 ORDER BY other",
      values: [patient],
    });
    return rows.map(({ other }) => other);
  }

  /** Every two records of the same person, in both orders. */
  everyOther(): Promise<{ readonly patient: string; readonly other: string }[]> {
    return this.talk.many({ name: "care-every-other", text: "SELECT patient, other FROM same_person ORDER BY 1, 2" });
  }

  /** Where something of the patient was written, whoever may read it. */
  sources(patient: string): Promise<CareSource[]> {
    return this.talk.many({
      name: "care-sources",
      text: `SELECT DISTINCT care_provider AS "careProvider", care_unit AS "careUnit" FROM eira_sources($1) ORDER BY 1, 2`,
      values: [patient],
    });
  }

  async add(fact: CareFact): Promise<void> {
    const row = [
      fact.id,
      fact.patient,
      fact.kind,
      fact.careProvider,
      fact.careUnit,
      fact.employee,
      fact.sourceProvider,
    ];
    const rest = [
      fact.sourceUnit,
      fact.reason,
      fact.representedBy,
      fact.since,
      fact.until,
      fact.registered,
      fact.registeredBy,
    ];
    await this.talk.many({
      name: "care-add",
      text: `INSERT INTO care_fact (id, patient, kind, care_provider, care_unit, employee, source_provider, source_unit, reason,
               represented_by, since, until, registered, registered_by)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
      values: [...row, ...rest],
    });
  }

  /** Ends a fact. False when it does not stand (any longer). */
  async end(
    id: string,
    { at, by, reason }: { readonly at: string; readonly by: string; readonly reason: string },
  ): Promise<boolean> {
    const rows = await this.talk.many({
      name: "care-end",
      text: "UPDATE care_fact SET ended = $2, ended_by = $3, end_reason = $4 WHERE id = $1 AND ended IS NULL RETURNING 1 AS one",
      values: [id, at, by, reason],
    });
    return rows.length === 1;
  }

  /** Puts what is open to one person at a unit in place of what was. What follows from the unit's contacts is left. */
  async replaceOpenings(
    patient: string,
    { careUnit, employee }: { readonly careUnit: string; readonly employee: string | null },
    openings: readonly NewOpening[],
  ): Promise<void> {
    await this.talk.many({
      name: "care-openings-drop",
      text: "DELETE FROM opening WHERE patient = $1 AND care_unit = $2 AND employee IS NOT DISTINCT FROM $3 AND contact IS NULL",
      values: [patient, careUnit, employee],
    });
    for (const { sourceProvider, sourceUnit, rule, leans, since, until } of openings)
      await this.talk.many({
        name: "care-opening-add",
        text: `INSERT INTO opening (patient, care_unit, employee, source_provider, source_unit, rule, leans, since, until)
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
        values: [patient, careUnit, employee, sourceProvider, sourceUnit, rule, leans, since, until],
      });
  }

  /** The one task that every emergency access brings: somebody reviews it. */
  async addReview({ id, patient, careProvider, careUnit, employee, since }: CareFact): Promise<void> {
    await this.talk.many({
      name: "care-review-add",
      text: `INSERT INTO emergency_review (fact, patient, care_provider, care_unit, employee, opened) VALUES ($1, $2, $3, $4, $5, $6)`,
      values: [id, patient, careProvider, careUnit, employee, since],
    });
  }
}
