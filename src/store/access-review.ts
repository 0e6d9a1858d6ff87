/**
 * What the systematic review of the access log keeps, and what it looks up about the people in it. Samples and outcomes are
 * added and read, never changed.
 *
 * SPEC STORE-REVIEW
 */
import { homeOf } from "../base/index.ts";
import type { Talk } from "./connection.ts";

export type ReviewOutcome = "justified" | "unjustified" | "unclear";

export type NewSample = {
  readonly id: string;
  readonly seed: string;
  readonly low: string;
  readonly high: string;
  readonly size: number;
  readonly accesses: number;
  readonly rules: unknown;
  readonly drawn: string;
  readonly drawnBy: string;
};

export type SampleItem = {
  readonly access: string;
  readonly risk: number;
  readonly rules: readonly string[];
  /** HSA-id, or the name where no id was kept. */
  readonly careUnit: string;
  readonly month: string;
  readonly finding: unknown;
};

export type NewReview = {
  readonly access: string;
  readonly sample: string;
  readonly outcome: ReviewOutcome;
  readonly note: string;
  readonly reviewer: string;
  readonly recorded: string;
};

/** Reviewed and unreviewed accesses by month, unit and rule; each access once, however many samples it is in. */
export type ReviewCount = {
  readonly month: string;
  readonly careUnit: string;
  readonly rule: string;
  readonly sampled: number;
  readonly justified: number;
  readonly unjustified: number;
  readonly unclear: number;
};

/** A patient's encounter at a unit. */
export type UnitVisit = {
  readonly patient: string;
  readonly careUnit: string;
  readonly from: string | null;
  readonly until: string | null;
};

export class ReviewTables {
  private readonly talk: Talk;

  constructor(talk: Talk) {
    this.talk = talk;
  }

  async addSample(sample: NewSample, items: readonly SampleItem[]): Promise<void> {
    const { id, seed, low, high, size, accesses, rules, drawn, drawnBy } = sample;
    await this.talk.many({
      text: "INSERT INTO access_sample (id, seed, low, high, size, accesses, rules, drawn, drawn_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
      values: [id, seed, low, high, size, accesses, JSON.stringify(rules), drawn, drawnBy],
    });
    await this.talk.many({
      text: `INSERT INTO access_sample_item (sample, access, risk, rules, care_unit, month, finding)
             SELECT $1, access, risk, rules, "careUnit", month, finding
             FROM jsonb_to_recordset($2::jsonb) AS i(access text, risk int4, rules text[], "careUnit" text, month text, finding jsonb)`,
      values: [id, JSON.stringify(items)],
    });
  }

  /** The access as the newest sample that has it tells it, or nothing when none has. */
  async itemOf(access: string): Promise<{ readonly sample: string; readonly finding: unknown } | undefined> {
    const rows = await this.talk.many<{ sample: string; finding: unknown }>({
      text: `SELECT i.sample, i.finding FROM access_sample_item i JOIN access_sample s ON s.id = i.sample
             WHERE i.access = $1 ORDER BY s.drawn DESC, s.id LIMIT 1`,
      values: [access],
    });
    return rows[0];
  }

  /** False when the access has been judged already. */
  async addReview({ access, sample, outcome, note, reviewer, recorded }: NewReview): Promise<boolean> {
    const rows = await this.talk.many({
      text: `INSERT INTO access_review (access, sample, outcome, note, reviewer, recorded) VALUES ($1, $2, $3, $4, $5, $6)
             ON CONFLICT (access) DO NOTHING RETURNING 1 AS one`,
      values: [access, sample, outcome, note, reviewer, recorded],
    });
    return rows.length === 1;
  }

  /** Counts of the accesses of the months from `first` to `last` (YYYY-MM). An access without any rule counts under "none". */
  counts(first: string, last: string): Promise<ReviewCount[]> {
    return this.talk.many<ReviewCount>({
      text: `WITH one AS (SELECT DISTINCT ON (i.access) i.access, i.rules, i.care_unit, i.month
                          FROM access_sample_item i JOIN access_sample s ON s.id = i.sample
                          WHERE i.month >= $1 AND i.month <= $2 ORDER BY i.access, s.drawn DESC, s.id)
             SELECT o.month, o.care_unit AS "careUnit", rule, count(*)::int AS sampled,
                    count(*) FILTER (WHERE r.outcome = 'justified')::int AS justified,
                    count(*) FILTER (WHERE r.outcome = 'unjustified')::int AS unjustified,
                    count(*) FILTER (WHERE r.outcome = 'unclear')::int AS unclear
             FROM one o CROSS JOIN LATERAL unnest(CASE WHEN o.rules = '{}' THEN ARRAY['none'] ELSE o.rules END) AS rule
             LEFT JOIN access_review r ON r.access = o.access
             GROUP BY 1, 2, 3 ORDER BY 1, 2, 3`,
      values: [first, last],
    });
  }

  /** Where the patients have been, by the unit that owns the encounter. */
  visitsOf(patients: readonly string[]): Promise<UnitVisit[]> {
    return this.talk.many<UnitVisit>({
      name: "review-visits",
      text: `SELECT DISTINCT patient, care_unit AS "careUnit", date_lo::text AS from, date_hi::text AS until FROM encounter
             WHERE patient = ANY ($1::text[]) AND home = ANY ($2::int4[]) AND care_unit IS NOT NULL`,
      values: [patients, [...new Set(patients.map(homeOf))]],
    });
  }

  /** A page of the directory's people, by id. */
  practitionersAfter(id: string, limit: number): Promise<{ readonly id: string; readonly content: string }[]> {
    return this.talk.many({
      name: "review-practitioners",
      text: "SELECT id, content FROM practitioner WHERE id > $1 ORDER BY practitioner.id LIMIT $2",
      values: [id, limit],
    });
  }
}
