-- What opens a patient's records for people in care (PDL 4 kap. 1-2 §§, lag (2022:913), HSLF-FS 2016:40 4 kap.): what has been
-- registered (care_fact), what follows from it for whom and until when (opening), and the policies that ask it of each row.
-- Openings of people follow from their facts by the decision in src/access/patient and are written with them; openings of units follow
-- from their contacts with the patient, and the database keeps those itself. SPEC STORE-CARE, decision 0030

CREATE TABLE care_fact (
  id              text PRIMARY KEY,
  patient         text NOT NULL,
  kind            text NOT NULL CHECK (kind IN ('relation', 'reason', 'choice', 'consent', 'emergency')),
  care_provider   text NOT NULL CHECK (care_provider <> ''),   -- whom it is for: care provider, unit and employee
  care_unit       text NOT NULL CHECK (care_unit <> ''),
  employee        text CHECK (employee <> ''),                 -- null is everybody at the unit
  source_provider text CHECK ((kind = 'choice') = (source_provider IS NOT NULL)),
  source_unit     text,                                        -- null is all of another care provider, '-' an unknown unit
  reason          text CHECK (kind NOT IN ('reason', 'emergency') OR reason <> ''),
  represented_by  text,
  since           timestamptz NOT NULL,
  until           timestamptz,
  registered      timestamptz NOT NULL,
  registered_by   text NOT NULL,
  ended           timestamptz,
  ended_by        text,
  end_reason      text CHECK (end_reason IN ('withdrawn', 'mistake')),
  CHECK ((ended IS NULL) = (end_reason IS NULL) AND (ended IS NULL) = (ended_by IS NULL)),
  CHECK (kind = 'relation' OR kind = 'consent' OR employee IS NOT NULL),
  CHECK (kind IN ('relation', 'consent') OR until IS NOT NULL)
);
CREATE INDEX care_fact_patient ON care_fact (patient, care_unit) WHERE ended IS NULL;

-- Every emergency access is reviewed: one task each, made with it, which nothing removes.
CREATE TABLE emergency_review (
  fact       text PRIMARY KEY,
  patient    text NOT NULL,
  care_provider text NOT NULL,
  care_unit  text NOT NULL,
  employee   text NOT NULL,
  opened     timestamptz NOT NULL
);

CREATE TABLE opening (
  id              int8 GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  patient         text NOT NULL,
  care_unit       text NOT NULL,                   -- whose people it opens for
  employee        text,                            -- and for which of them; null is all
  source_provider text NOT NULL,                   -- what it opens
  source_unit     text,                            -- null is all of it, '-' what has no unit
  rule            text NOT NULL,
  leans           boolean NOT NULL DEFAULT false,  -- holds only while something opens the reader's own unit
  contact         text,                            -- the contact that it follows from, as Encounter/id
  since           timestamptz,
  until           timestamptz
);
CREATE INDEX opening_patient ON opening (patient, care_unit);
CREATE INDEX opening_contact ON opening (contact) WHERE contact IS NOT NULL;

-- Machine clients for the whole region are held by `reach` alone. People's connections work as a role of their own, so that what is asked
-- of each of their rows costs clients nothing, not even in the plan (decision 0030). A setting that names a person reaches nothing
-- under any other role.
CREATE OR REPLACE FUNCTION eira_reach() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
  AS $$ SELECT CASE WHEN current_setting('eira.reach', true) LIKE '% %' AND current_user <> 'eira_person' THEN ''
                    ELSE split_part(coalesce(current_setting('eira.reach', true), ''), ' ', 1) END $$;

ALTER TABLE care_fact ENABLE ROW LEVEL SECURITY;
ALTER TABLE emergency_review ENABLE ROW LEVEL SECURITY;
ALTER TABLE opening ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON care_fact TO eira_app USING ((SELECT eira_reach()) <> '');
CREATE POLICY reach ON emergency_review TO eira_app USING ((SELECT eira_reach()) <> '');
CREATE POLICY reach ON opening TO eira_app USING ((SELECT eira_reach()) <> '');
GRANT SELECT, INSERT ON care_fact, emergency_review TO eira_app;
GRANT UPDATE (ended, ended_by, end_reason) ON care_fact TO eira_app;
GRANT SELECT, INSERT, DELETE ON opening TO eira_app;

-- A care contact opens the patient's records at the unit whose contact it is: while it lasts, and 90 days after (answers come, notes
-- are finished). One that was cancelled or registered by mistake opens nothing.
CREATE FUNCTION eira_contact_until(type text, status text, lo timestamptz, hi timestamptz, changed timestamptz) RETURNS timestamptz
  LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE
      WHEN coalesce(status, '') IN ('cancelled', 'entered-in-error') THEN '-infinity'
      WHEN type <> 'Appointment' AND status IN ('arrived', 'triaged', 'in-progress', 'onleave', 'active', 'onhold', 'waitlist')
        THEN CASE WHEN hi < 'infinity' THEN hi + interval '90 days' ELSE 'infinity' END
      ELSE coalesce(nullif(hi, 'infinity'), lo, changed) + interval '90 days'
    END $$;

CREATE FUNCTION eira_contacts_in() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
  INSERT INTO opening (patient, care_unit, source_provider, source_unit, rule, contact, until)
  SELECT whose, care_unit, care_provider, care_unit, 'ACC-NEED-CONTACT', TG_ARGV[0] || '/' || id, till
  FROM added CROSS JOIN LATERAL unnest(array_append(other_patients, patient)) AS whose
       CROSS JOIN LATERAL eira_contact_until(TG_ARGV[0], content::json ->> 'status', date_lo, date_hi, last_updated) AS till
  WHERE whose IS NOT NULL AND care_unit IS NOT NULL AND care_provider IS NOT NULL AND till > '-infinity';
  RETURN NULL;
END $$;

CREATE FUNCTION eira_contacts_out() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
  DELETE FROM opening AS o USING removed AS r WHERE o.contact = TG_ARGV[0] || '/' || r.id;
  RETURN NULL;
END $$;

DO $$
DECLARE
  type text;
BEGIN
  FOREACH type IN ARRAY ARRAY['Encounter', 'EpisodeOfCare', 'Appointment'] LOOP
    EXECUTE format('CREATE TRIGGER contacts_in AFTER INSERT ON %I REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION eira_contacts_in(%L)', lower(type), type);
    EXECUTE format('CREATE TRIGGER contacts_out AFTER DELETE ON %I REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION eira_contacts_out(%L)', lower(type), type);
    EXECUTE format($sql$
      INSERT INTO opening (patient, care_unit, source_provider, source_unit, rule, contact, until)
      SELECT whose, care_unit, care_provider, care_unit, 'ACC-NEED-CONTACT', %2$L || '/' || id, till
      FROM %1$I CROSS JOIN LATERAL unnest(array_append(other_patients, patient)) AS whose
           CROSS JOIN LATERAL eira_contact_until(%2$L, content::json ->> 'status', date_lo, date_hi, last_updated) AS till
      WHERE whose IS NOT NULL AND care_unit IS NOT NULL AND care_provider IS NOT NULL AND till > '-infinity'$sql$, lower(type), type);
  END LOOP;
END $$;

-- What opens a row to a person is asked of each row by `need`, which restricts; `opened` lets another care provider's rows come so far
-- as to be asked, for reading only. What is blocked is asked of people alone, too.
DO $$
DECLARE
  found record;
  condition text;
BEGIN
  FOR found IN SELECT tablename AS name FROM pg_policies
                WHERE schemaname = current_schema() AND policyname = 'reach' AND qual ~ 'care_provider = ' LOOP
    condition := format($sql$EXISTS (SELECT 1 FROM opening AS o
      WHERE o.patient = %1$s AND o.care_unit = (SELECT eira_unit())
        AND (o.employee IS NULL OR o.employee = (SELECT eira_employee()))
        AND o.source_provider = %2$I.care_provider AND (o.source_unit IS NULL OR o.source_unit = coalesce(%2$I.care_unit, '-'))
        AND (o.since IS NULL OR o.since <= now()) AND (o.until IS NULL OR o.until >= now())
        AND (NOT o.leans OR EXISTS (SELECT 1 FROM opening AS n
          WHERE n.patient = o.patient AND n.care_unit = o.care_unit AND n.source_unit = n.care_unit AND NOT n.leans
            AND (n.employee IS NULL OR n.employee = o.employee)
            AND (n.since IS NULL OR n.since <= now()) AND (n.until IS NULL OR n.until >= now()))))$sql$,
      CASE WHEN found.name IN ('history', 'change_log') THEN format('%I.patient', found.name)
           ELSE format('ANY (array_append(%1$I.other_patients, %1$I.patient))', found.name) END,
      found.name);
    EXECUTE format('ALTER POLICY blocks ON %I TO eira_person', found.name);
    EXECUTE format($sql$CREATE POLICY need ON %1$I AS RESTRICTIVE FOR SELECT TO eira_person
      USING ((SELECT eira_reach() = '*') OR %2$s OR %3$s)$sql$, found.name,
      CASE WHEN found.name IN ('history', 'change_log') THEN '(type = ''Patient'' OR (patient IS NULL AND (care_provider IS NULL OR care_provider = (SELECT eira_reach()))))'
           ELSE '(patient IS NULL AND other_patients IS NULL AND (care_provider IS NULL OR care_provider = (SELECT eira_reach())))' END, condition);
    EXECUTE format('CREATE POLICY opened ON %I FOR SELECT TO eira_person USING (care_provider IS NOT NULL)', found.name);
  END LOOP;
END $$;

-- Where something of a patient was written, which a chart may tell of what it does not show. It reads past the other policies, and
-- tells no more than the places.
CREATE FUNCTION eira_sources(whose text) RETURNS TABLE (care_provider text, care_unit text)
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
  name text;
BEGIN
  FOR name IN SELECT tablename FROM pg_policies WHERE schemaname = current_schema() AND policyname = 'need'
               AND tablename NOT IN ('history', 'change_log')
               AND EXISTS (SELECT 1 FROM pg_indexes AS i WHERE i.schemaname = current_schema() AND i.indexname = tablename || '_patient') LOOP
    RETURN QUERY EXECUTE format('SELECT DISTINCT t.care_provider, coalesce(t.care_unit, %L) FROM %I AS t WHERE t.patient = $1 AND t.care_provider IS NOT NULL', '-', name) USING whose;
  END LOOP;
END $$;
REVOKE ALL ON FUNCTION eira_sources(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION eira_sources(text) TO eira_app;
