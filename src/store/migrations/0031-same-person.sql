-- One human under several records: what Patient.link says (replaced-by on the one side, replaces on the other, both of them), kept as pairs, so
-- that what opens, blocks and tells of the one holds for the other too while the links stand. No record changes by it, and when a link is taken
-- away everything is as it was. And the reserve numbers that were given out, so that none is given twice.
-- SPEC ACC-SAME, JRN-SAME, STORE-RESERVE · https://hl7.org/fhir/R4/patient.html#links · decision 0046

-- Every two of a group, in both orders. Worked out from the patients, as openings are from contacts.
CREATE TABLE same_person (
  patient text NOT NULL,
  other   text NOT NULL CHECK (other <> patient),
  PRIMARY KEY (patient, other)
);
ALTER TABLE same_person ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON same_person TO eira_app USING ((SELECT eira_reach()) <> '');
GRANT SELECT ON same_person TO eira_app;

CREATE TABLE reserve_number (
  system text NOT NULL,
  value  text NOT NULL CHECK (value <> ''),
  drawn  timestamptz NOT NULL,
  drawn_by text NOT NULL,
  PRIMARY KEY (system, value),
  UNIQUE (drawn_by, system)                        -- a registration that is sent again has the number that it was given
);
ALTER TABLE reserve_number ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON reserve_number TO eira_app USING ((SELECT eira_reach()) <> '');
GRANT SELECT, INSERT ON reserve_number TO eira_app;

-- Whom a patient says that the record replaces, or is replaced by.
CREATE FUNCTION eira_links(whose text) RETURNS TABLE (other text, type text)
  LANGUAGE sql STABLE SET search_path FROM CURRENT AS $$
    SELECT DISTINCT substr(link #>> '{other,reference}', 9), link ->> 'type'
      FROM patient AS p CROSS JOIN LATERAL (SELECT p.content::json -> 'link' AS links) AS said
        CROSS JOIN LATERAL json_array_elements(CASE json_typeof(said.links) WHEN 'array' THEN said.links ELSE '[]' END) AS link
     WHERE p.id = whose AND link #>> '{other,reference}' ~ '^Patient/[A-Za-z0-9.-]{1,64}$' AND link ->> 'type' IN ('replaces', 'replaced-by') $$;

-- Works out anew the groups that some patients are, were or become part of. One at a time: two that met in the middle would each miss the other's end.
CREATE FUNCTION eira_join_people(changed text[]) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
  people text[] := changed;
  wider text[];
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('same_person', 0));
  LOOP
    SELECT array_agg(DISTINCT one) INTO wider FROM (
      SELECT unnest(people) AS one
      UNION SELECT s.other FROM same_person AS s WHERE s.patient = ANY (people)
      UNION SELECT l.other FROM unnest(people) AS p CROSS JOIN LATERAL eira_links(p) AS l) AS found;
    EXIT WHEN cardinality(wider) = cardinality(people);
    people := wider;
  END LOOP;
  DELETE FROM same_person WHERE patient = ANY (people);
  INSERT INTO same_person (patient, other)
  WITH RECURSIVE said AS MATERIALIZED (
    SELECT p AS one, l.other, l.type FROM unnest(people) AS p CROSS JOIN LATERAL eira_links(p) AS l),
  pair AS MATERIALIZED (
    SELECT a.one, a.other FROM said AS a JOIN said AS b ON b.one = a.other AND b.other = a.one AND b.type <> a.type),
  reached AS (
    SELECT one, other FROM pair
    UNION SELECT r.one, p.other FROM reached AS r JOIN pair AS p ON p.one = r.other)
  SELECT one, other FROM reached WHERE one <> other;
END $$;

-- Of nearly all patients nothing is said and nothing stands: then nothing is worked out.
CREATE FUNCTION eira_people_changed() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
  people text[];
BEGIN
  IF TG_OP = 'INSERT' THEN
    SELECT array_agg(id) INTO people FROM changed AS c
     WHERE c.content LIKE '%"replace%' OR EXISTS (SELECT 1 FROM same_person AS s WHERE s.patient = c.id);
  ELSE
    SELECT array_agg(id) INTO people FROM changed AS c WHERE EXISTS (SELECT 1 FROM same_person AS s WHERE s.patient = c.id);
  END IF;
  IF people IS NOT NULL THEN PERFORM eira_join_people(people); END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER people_in AFTER INSERT ON patient REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION eira_people_changed();
CREATE TRIGGER people_out AFTER DELETE ON patient REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION eira_people_changed();

SELECT eira_join_people(array_agg(id)) FROM patient WHERE content LIKE '%"replaced-by"%' HAVING count(*) > 0;

-- Where something of a patient was written, under whichever of the person's records.
CREATE OR REPLACE FUNCTION eira_sources(whose text) RETURNS TABLE (care_provider text, care_unit text)
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
  name text;
  people text[] := ARRAY[whose] || ARRAY(SELECT s.other FROM same_person AS s WHERE s.patient = whose);
BEGIN
  FOR name IN SELECT tablename FROM pg_policies WHERE schemaname = current_schema() AND policyname = 'need'
               AND tablename NOT IN ('history', 'change_log')
               AND EXISTS (SELECT 1 FROM pg_indexes AS i WHERE i.schemaname = current_schema() AND i.indexname = tablename || '_patient') LOOP
    RETURN QUERY EXECUTE format('SELECT DISTINCT t.care_provider, coalesce(t.care_unit, %L) FROM %I AS t WHERE t.patient = ANY ($1) AND t.care_provider IS NOT NULL', '-', name) USING people;
  END LOOP;
END $$;

-- Both locks ask openings and blocks of all of a person's records (src/access/opened.ts and blocked.ts have the same words).
DO $$
DECLARE
  found record;
  whose text;
  changed text;
  versions text[] := ARRAY['history', 'change_log', 'seal', 'remark', 'destroyed']; -- they tell of one patient each
BEGIN
  FOR found IN SELECT tablename AS name, policyname AS policy, qual FROM pg_policies
                WHERE schemaname = current_schema() AND policyname IN ('need', 'blocks') LOOP
    whose := CASE WHEN found.name = ANY (versions) THEN format('ARRAY[%I.patient]', found.name)
                  ELSE format('array_append(%1$I.other_patients, %1$I.patient)', found.name) END;
    changed := regexp_replace(found.qual,
      CASE WHEN found.name = ANY (versions) THEN format('\((o|b)\.patient = %I\.patient\)', found.name)
           ELSE format('\((o|b)\.patient = ANY \(array_append\(%1$I\.other_patients, %1$I\.patient\)\)\)', found.name) END,
      format('(\1.patient = ANY (%1$s || ARRAY(SELECT same.other FROM same_person AS same WHERE same.patient = ANY (%1$s))))', whose));
    IF changed = found.qual THEN RAISE EXCEPTION 'the policy % of % is not as it was made', found.policy, found.name; END IF;
    IF found.policy = 'need' THEN
      whose := changed;
      changed := replace(changed, '(n.patient = o.patient)',
        '(n.patient = ANY (ARRAY[o.patient] || ARRAY(SELECT same.other FROM same_person AS same WHERE same.patient = o.patient)))');
      IF changed = whose THEN RAISE EXCEPTION 'the policy % of % is not as it was made', found.policy, found.name; END IF;
    END IF;
    EXECUTE format('ALTER POLICY %I ON %I USING (%s)', found.policy, found.name, changed);
  END LOOP;
END $$;
