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
  /** HSA-id of the care provider whose staff's accesses it was drawn from; null is the whole region's. */
  readonly careProvider: string | null;
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
  /** The first is 1; a later one stands beside those before it, and counts instead of them. */
  readonly turn: number;
};

/** What came of an access, one of several after each other. */
export type Verdict = Pick<NewReview, "outcome" | "note" | "reviewer" | "recorded" | "turn">;

/** A sample as it is listed: how many of its accesses are to be reviewed by the one who asks, and how many have been. */
export type SampleLine = Omit<NewSample, "rules"> & { readonly items: number; readonly judged: number };

/** An access that somebody is to review, with its newest verdict. */
export type ReviewTask = {
  readonly access: string;
  readonly sample: string | null;
  readonly seed: string | null;
  readonly risk: number;
  readonly rules: readonly string[];
  readonly careUnit: string;
  readonly finding: unknown;
  readonly verdict: Verdict | null;
};

export type TaskAsk = {
  /** Of the staff of this care provider only; null is everybody's. */
  readonly provider: string | null;
  readonly access?: string | undefined;
  readonly sample?: string | undefined;
  readonly state?: "open" | "done" | undefined;
  readonly outcome?: ReviewOutcome | undefined;
  readonly rule?: string | undefined;
  readonly unit?: string | undefined;
  readonly after?: { readonly risk: number; readonly access: string } | undefined;
  readonly limit: number;
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

export type ReviewMonth = Omit<ReviewCount, "careUnit" | "rule">;

/** A patient's encounter at a unit. */
export type UnitVisit = {
  readonly patient: string;
  readonly careUnit: string;
  readonly from: string | null;
  readonly until: string | null;
};

const ISO = (column: string): string => `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

/** They stand first: each of them is reviewed, none by chance. */
const EMERGENCY_RISK = 100;
const OPENED = "e.opened AT TIME ZONE 'Europe/Stockholm'";

/**
 * Accesses to review and their newest verdicts: those drawn, each as the newest sample that has it tells it ($1: care provider,
 * $2: sample), and every emergency access, which is in no sample.
 */
const TASKS = `drawn AS (SELECT DISTINCT ON (i.access) i.access, i.sample, s.seed, i.risk, i.rules, i.care_unit, i.month, i.finding
                  FROM access_sample_item i JOIN access_sample s ON s.id = i.sample
                  WHERE ($1::text IS NULL OR i.finding ->> 'providerId' = $1) AND ($2::text IS NULL OR i.sample = $2)
                  ORDER BY i.access, s.drawn DESC, s.id),
  task AS (SELECT * FROM drawn UNION ALL
           SELECT 'emergency-' || e.fact, NULL, NULL, ${EMERGENCY_RISK}, ARRAY['emergency'], e.care_unit, to_char(${OPENED}, 'YYYY-MM'),
                  jsonb_build_object('id', 'emergency-' || e.fact, 'patient', e.patient, 'actor', e.employee, 'person', e.employee,
                    'unit', e.care_unit, 'unitId', e.care_unit, 'providerId', e.care_provider, 'first', ${ISO("e.opened")},
                    'day', to_char(${OPENED}, 'YYYY-MM-DD'), 'rows', 0, 'findings', jsonb_build_array(jsonb_build_object(
                      'rule', 'emergency', 'weight', ${EMERGENCY_RISK}, 'explanation', 'Nödöppning: ' || coalesce(f.reason, 'skäl saknas'))))
           FROM emergency_review AS e LEFT JOIN care_fact AS f ON f.id = e.fact
           WHERE $2::text IS NULL AND ($1::text IS NULL OR e.care_provider = $1)),
  verdict AS (SELECT DISTINCT ON (access) * FROM access_review ORDER BY access, turn DESC)`;

export class ReviewTables {
  private readonly talk: Talk;

  constructor(talk: Talk) {
    this.talk = talk;
  }

  async addSample(sample: NewSample, items: readonly SampleItem[]): Promise<void> {
    const { id, seed, low, high, size, accesses, rules, drawn, drawnBy, careProvider } = sample;
    await this.talk.many({
      text: `INSERT INTO access_sample (id, seed, low, high, size, accesses, rules, drawn, drawn_by, care_provider)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
      values: [id, seed, low, high, size, accesses, JSON.stringify(rules), drawn, drawnBy, careProvider],
    });
    await this.talk.many({
      text: `INSERT INTO access_sample_item (sample, access, risk, rules, care_unit, month, finding)
             SELECT $1, access, risk, rules, "careUnit", month, finding
             FROM jsonb_to_recordset($2::jsonb) AS i(access text, risk int4, rules text[], "careUnit" text, month text, finding jsonb)`,
      values: [id, JSON.stringify(items)],
    });
  }

  /** Adds a verdict; false when the newest one is not the one before it. */
  async addReview({ access, sample, outcome, note, reviewer, recorded, turn }: NewReview): Promise<boolean> {
    const rows = await this.talk.many({
      text: `INSERT INTO access_review (access, sample, outcome, note, reviewer, recorded, turn)
             SELECT $1, $2, $3, $4, $5, $6::timestamptz, $7::int4
             WHERE coalesce((SELECT max(turn) FROM access_review WHERE access = $1), 0) = $7::int4 - 1
             ON CONFLICT (access, turn) DO NOTHING RETURNING 1 AS one`,
      values: [access, sample, outcome, note, reviewer, recorded, turn],
    });
    return rows.length === 1;
  }

  /** Everything that was judged of an access, the first first. */
  verdictsOf(access: string): Promise<Verdict[]> {
    return this.talk.many<Verdict>({
      text: `SELECT outcome, note, reviewer, ${ISO("recorded")} AS recorded, turn FROM access_review WHERE access = $1 ORDER BY turn`,
      values: [access],
    });
  }

  /** Whether there is a sample of this id. */
  async hasSample(id: string): Promise<boolean> {
    return (
      (await this.talk.many({ text: "SELECT 1 AS one FROM access_sample WHERE id = $1", values: [id] })).length > 0
    );
  }

  /** Samples that have something for the care provider to review, newest first. */
  samples(provider: string | null, limit: number): Promise<SampleLine[]> {
    return this.talk.many<SampleLine>({
      text: `SELECT s.id, s.seed, ${ISO("s.low")} AS low, ${ISO("s.high")} AS high, s.size, s.accesses::int AS accesses,
                    ${ISO("s.drawn")} AS drawn, s.drawn_by AS "drawnBy", s.care_provider AS "careProvider",
                    count(i.access)::int AS items,
                    count(i.access) FILTER (WHERE EXISTS (SELECT 1 FROM access_review r WHERE r.access = i.access))::int AS judged
             FROM access_sample s LEFT JOIN access_sample_item i
               ON i.sample = s.id AND ($1::text IS NULL OR i.finding ->> 'providerId' = $1)
             WHERE $1::text IS NULL OR s.care_provider IS NULL OR s.care_provider = $1
             GROUP BY s.id HAVING count(i.access) > 0 OR s.care_provider = $1 ORDER BY s.drawn DESC, s.id LIMIT $2`,
      values: [provider, limit],
    });
  }

  /** Accesses to review, the riskiest first; each once, however many samples it is in. */
  tasks({ provider, access, sample, state, outcome, rule, unit, after, limit }: TaskAsk): Promise<ReviewTask[]> {
    return this.talk.many<ReviewTask>({
      text: `WITH ${TASKS}
             SELECT t.access, t.sample, t.seed, t.risk, t.rules, t.care_unit AS "careUnit", t.finding,
                    CASE WHEN r.access IS NULL THEN NULL ELSE json_build_object('outcome', r.outcome, 'note', r.note,
                      'reviewer', r.reviewer, 'recorded', ${ISO("r.recorded")}, 'turn', r.turn) END AS verdict
             FROM task AS t LEFT JOIN verdict AS r ON r.access = t.access
             WHERE ($3::text IS NULL OR t.access = $3)
               AND ($4::text IS NULL OR ($4 = 'done') = (r.access IS NOT NULL)) AND ($5::text IS NULL OR r.outcome = $5)
               AND ($6::text IS NULL OR $6 = ANY (t.rules) OR ($6 = 'none' AND t.rules = '{}'))
               AND ($7::text IS NULL OR t.care_unit = $7)
               AND ($8::int4 IS NULL OR (-t.risk, t.access) > (-$8::int4, $9::text))
             ORDER BY t.risk DESC, t.access LIMIT $10`,
      values: [
        provider,
        sample ?? null,
        access ?? null,
        state ?? null,
        outcome ?? null,
        rule ?? null,
        unit ?? null,
        after?.risk ?? null,
        after?.access ?? null,
        limit,
      ],
    });
  }

  /** Counts of the accesses of the months from `first` to `last` (YYYY-MM). An access without any rule counts under "none". */
  counts(first: string, last: string, provider: string | null = null): Promise<ReviewCount[]> {
    return this.talk.many<ReviewCount>({
      text: `WITH ${TASKS}
             SELECT o.month, o.care_unit AS "careUnit", rule, count(*)::int AS sampled,
                    count(*) FILTER (WHERE r.outcome = 'justified')::int AS justified,
                    count(*) FILTER (WHERE r.outcome = 'unjustified')::int AS unjustified,
                    count(*) FILTER (WHERE r.outcome = 'unclear')::int AS unclear
             FROM task AS o CROSS JOIN LATERAL unnest(CASE WHEN o.rules = '{}' THEN ARRAY['none'] ELSE o.rules END) AS rule
             LEFT JOIN verdict AS r ON r.access = o.access
             WHERE o.month >= $3 AND o.month <= $4
             GROUP BY 1, 2, 3 ORDER BY 1, 2, 3`,
      values: [provider, null, first, last],
    });
  }

  /** The same of each month by itself, each access once. */
  months(first: string, last: string, provider: string | null): Promise<ReviewMonth[]> {
    return this.talk.many<ReviewMonth>({
      text: `WITH ${TASKS}
             SELECT o.month, count(*)::int AS sampled, count(*) FILTER (WHERE r.outcome = 'justified')::int AS justified,
                    count(*) FILTER (WHERE r.outcome = 'unjustified')::int AS unjustified,
                    count(*) FILTER (WHERE r.outcome = 'unclear')::int AS unclear
             FROM task AS o LEFT JOIN verdict AS r ON r.access = o.access
             WHERE o.month >= $3 AND o.month <= $4 GROUP BY 1 ORDER BY 1`,
      values: [provider, null, first, last],
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
