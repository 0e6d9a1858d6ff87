-- A patient's blocks (spärrar), and row-level security that keeps what is blocked from whoever it is blocked for: PDL 4 kap. 4-5 §§,
-- lag (2022:913). The table of when one applies is domain-sweden 1.2 (TKB ehr:blocking). What a block hides is worked out when it is
-- looked at, so that what ends needs nobody to end it. SPEC STORE-BLOCK
-- `access` says the same in each statement (src/access/blocked.ts); a test holds them against each other.

CREATE TABLE block (
  id            text PRIMARY KEY,
  patient       text NOT NULL,
  kind          text NOT NULL CHECK (kind IN ('inner', 'outer')),
  care_provider text NOT NULL CHECK (care_provider <> ''),
  care_unit     text CHECK ((kind = 'inner') = (care_unit IS NOT NULL) AND care_unit <> ''),
  since         timestamptz,                       -- what is older is not blocked; with neither, all of it is
  until         timestamptz,
  except_kinds  text[] NOT NULL DEFAULT '{}' CHECK (except_kinds <@ ARRAY['lak', 'upp']),
  registered    timestamptz NOT NULL,
  registered_by text NOT NULL,
  ended         timestamptz,                       -- lifted for good on the patient's wish, or registered by mistake (makulerad)
  ended_by      text,
  end_reason    text CHECK (end_reason IN ('lifted', 'mistake')),
  CHECK ((ended IS NULL) = (end_reason IS NULL) AND (ended IS NULL) = (ended_by IS NULL)),
  CHECK (since IS NULL OR until IS NULL OR since <= until)
);
CREATE INDEX block_patient ON block (patient) WHERE ended IS NULL;

-- A block lifted for one unit or one person, for a while.
CREATE TABLE block_lift (
  id            text PRIMARY KEY,
  block         text NOT NULL,
  care_unit     text NOT NULL CHECK (care_unit <> ''),
  employee      text CHECK (employee <> ''),
  until         timestamptz NOT NULL,
  reason        text NOT NULL CHECK (reason IN ('PatientsConsent', 'Emergency')),
  note          text,
  registered    timestamptz NOT NULL,
  registered_by text NOT NULL,
  ended         timestamptz,
  ended_by      text,
  CHECK ((ended IS NULL) = (ended_by IS NULL))
);
CREATE INDEX block_lift_block ON block_lift (block) WHERE ended IS NULL;

ALTER TABLE block ENABLE ROW LEVEL SECURITY;
ALTER TABLE block_lift ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON block TO eira_app USING ((SELECT eira_reach()) <> '');
CREATE POLICY reach ON block_lift TO eira_app USING ((SELECT eira_reach()) <> '');
GRANT SELECT, INSERT, UPDATE ON block, block_lift TO eira_app;

-- The setting carries care provider, care unit and employee, parted by blanks; `*` and nothing mean what they did.
CREATE OR REPLACE FUNCTION eira_reach() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
  AS $$ SELECT split_part(coalesce(current_setting('eira.reach', true), ''), ' ', 1) $$;
CREATE FUNCTION eira_unit() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
  AS $$ SELECT split_part(coalesce(current_setting('eira.reach', true), ''), ' ', 2) $$;
CREATE FUNCTION eira_employee() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
  AS $$ SELECT split_part(coalesce(current_setting('eira.reach', true), ''), ' ', 3) $$;

-- What hides a row is asked of each row that the other policy lets through; machine clients of the whole region are asked nothing.
DO $$
DECLARE
  found record;
  lo text;
  condition text;
BEGIN
  FOR found IN SELECT tablename AS name FROM pg_policies
                WHERE schemaname = current_schema() AND policyname = 'reach' AND qual ~ 'care_provider = ' LOOP
    -- The date that a patient's records of this type are ordered by; without one the record's time is not known.
    SELECT a.attname INTO lo
      FROM pg_index AS i JOIN pg_class AS c ON c.oid = i.indexrelid
      JOIN pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[1]
     WHERE i.indrelid = quote_ident(found.name)::regclass AND c.relname = found.name || '_patient'
       AND a.attname LIKE '%\_lo' AND a.attname <> 'birthdate_lo';
    condition := format($sql$(SELECT eira_reach() = '*') OR NOT EXISTS (SELECT 1 FROM block AS b
      WHERE b.patient = %1$s AND b.ended IS NULL AND b.care_provider = %2$I.care_provider
        AND CASE b.kind WHEN 'inner' THEN b.care_unit <> (SELECT eira_unit()) AND (%2$I.care_unit IS NULL OR %2$I.care_unit = b.care_unit)
                        ELSE b.care_provider <> (SELECT eira_reach()) END
        AND %3$s
        AND NOT (b.except_kinds && %4$s)
        AND NOT EXISTS (SELECT 1 FROM block_lift AS l WHERE l.block = b.id AND l.ended IS NULL AND l.until >= now()
                          AND l.care_unit = (SELECT eira_unit()) AND (l.employee IS NULL OR l.employee = (SELECT eira_employee()))))$sql$,
      CASE WHEN found.name IN ('history', 'change_log') THEN format('%I.patient', found.name)
           ELSE format('ANY (array_append(%1$I.other_patients, %1$I.patient))', found.name) END,
      found.name,
      CASE WHEN lo IS NULL THEN 'true'
           ELSE format('(%1$I.%2$I IS NULL OR ((b.since IS NULL OR coalesce(%1$I.%3$I, ''infinity'') >= b.since) AND (b.until IS NULL OR %1$I.%2$I <= b.until)))',
                       found.name, lo, regexp_replace(lo, '_lo$', '_hi')) END,
      CASE WHEN found.name IN ('history', 'change_log')
           THEN format('CASE WHEN %1$I.type LIKE ''Medication_%%'' THEN ARRAY[''lak''] WHEN %1$I.type IN (''AllergyIntolerance'', ''Flag'') THEN ARRAY[''upp''] ELSE ''{}''::text[] END', found.name)
           WHEN found.name LIKE 'medication_%' THEN $kind$ARRAY['lak']$kind$
           WHEN found.name IN ('allergyintolerance', 'flag') THEN $kind$ARRAY['upp']$kind$
           ELSE $kind$'{}'::text[]$kind$ END);
    EXECUTE format('CREATE POLICY blocks ON %I AS RESTRICTIVE TO eira_app USING (%s)', found.name, condition);
  END LOOP;
END $$;
