-- Whoever is asked to care for a patient can open the patient: a referral, an order, a task, a message or a booking opens the receiving
-- unit's own records of the patient (PDL 4 kap. 1 §), and sends the unit that record and what it has attached, at another care
-- provider too. The chart of whoever sent it stays what it was. The database keeps this itself, as it does for contacts.
-- SPEC STORE-CARE, JRN-RECEIVED, decision 0035

-- An opening of one record only, as Type/id: of this patient and written by the source, so that nothing of others goes along.
ALTER TABLE opening ADD COLUMN record text;

-- What a resource refers to at some of its elements (`performer`, `payload.contentReference`), whether they repeat or not.
CREATE FUNCTION eira_references(content json, elements text[]) RETURNS SETOF text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT DISTINCT name FROM unnest(elements) AS element
    CROSS JOIN LATERAL (SELECT content -> split_part(element, '.', 1) AS value) AS found
    CROSS JOIN LATERAL json_array_elements(CASE json_typeof(found.value) WHEN 'array' THEN found.value ELSE json_build_array(found.value) END) AS item
    CROSS JOIN LATERAL (SELECT CASE WHEN element LIKE '%.%' THEN item -> split_part(element, '.', 2) ELSE item END ->> 'reference' AS name) AS it
   WHERE name ~ '^[A-Za-z]+/[A-Za-z0-9.-]{1,64}$' $$;

-- The care unit that a reference leads to by the directory, and the care provider that it is part of, by their HSA-ids.
CREATE FUNCTION eira_unit_of(name text) RETURNS TABLE (care_provider text, care_unit text)
  LANGUAGE plpgsql STABLE SET search_path FROM CURRENT AS $$
DECLARE
  place text := CASE split_part(name, '/', 1)
    WHEN 'Organization' THEN name
    WHEN 'PractitionerRole' THEN (SELECT content::json #>> '{organization,reference}' FROM practitionerrole WHERE id = split_part(name, '/', 2))
    WHEN 'HealthcareService' THEN (SELECT content::json #>> '{providedBy,reference}' FROM healthcareservice WHERE id = split_part(name, '/', 2))
    WHEN 'Location' THEN (SELECT content::json #>> '{managingOrganization,reference}' FROM location WHERE id = split_part(name, '/', 2)) END;
  unit json;
BEGIN
  FOR depth IN 0..20 LOOP
    EXIT WHEN place IS NULL OR place NOT LIKE 'Organization/%';
    SELECT content::json INTO unit FROM organization WHERE id = substr(place, 14);
    EXIT WHEN NOT FOUND;
    SELECT one ->> 'value' INTO care_provider
      FROM json_array_elements(CASE json_typeof(unit -> 'identifier') WHEN 'array' THEN unit -> 'identifier' ELSE '[]' END) AS one
     WHERE one ->> 'system' IN ('urn:oid:1.2.752.29.4.19', '1.2.752.29.4.19', 'urn:oid:1.2.752.129.2.1.4.1', '1.2.752.129.2.1.4.1') LIMIT 1;
    IF depth = 0 THEN care_unit := care_provider; END IF;
    EXIT WHEN care_unit IS NULL;
    place := unit #>> '{partOf,reference}';
    IF place IS NULL THEN
      IF care_provider IS NOT NULL THEN RETURN NEXT; END IF;
      EXIT;
    END IF;
  END LOOP;
END $$;

-- Until when a request stands open to whoever was asked: while it is asked, and 90 days after it was done. What came as done counts from
-- the last day that it tells; what is only meant, was taken back or was refused opens nothing.
CREATE FUNCTION eira_request_until(type text, content json, lo timestamptz, hi timestamptz, changed timestamptz, version int4) RETURNS timestamptz
  LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE
      WHEN coalesce(content ->> 'status', 'draft') IN ('draft', 'preparation', 'revoked', 'rejected', 'cancelled', 'failed', 'stopped', 'not-done', 'entered-in-error')
        OR coalesce(content ->> 'intent', 'order') IN ('proposal', 'plan', 'option') THEN '-infinity'
      WHEN type IN ('Appointment', 'Communication') THEN coalesce(nullif(hi, 'infinity'), nullif(lo, '-infinity'), changed) + interval '90 days'
      WHEN content ->> 'status' <> 'completed' THEN 'infinity'
      WHEN version > 1 THEN changed + interval '90 days'
      ELSE coalesce(nullif(hi, 'infinity'), nullif(lo, '-infinity'), changed) + interval '90 days'
    END $$;

-- The elements of each type that say who is asked, and what goes along. A unit asks nothing of itself: that would open any patient.
CREATE FUNCTION eira_requests_sql(type text, source text) RETURNS text LANGUAGE sql IMMUTABLE AS $outer$
  SELECT format($sql$
    WITH asked AS (
      SELECT q.id, q.patient, CASE WHEN %2$L = 'Appointment' THEN q.other_patients END AS others, q.care_provider, coalesce(q.care_unit, '-') AS care_unit,
             q.content::json AS content, CASE WHEN %2$L <> 'Appointment' THEN q.%4$I END AS since,
             eira_request_until(%2$L, q.content::json, q.%4$I, q.%5$I, q.last_updated, q.version) AS till
      FROM %3$s AS q WHERE q.patient IS NOT NULL OR q.other_patients IS NOT NULL),
    received AS (
      SELECT DISTINCT a.id, u.care_provider, u.care_unit
      FROM asked AS a CROSS JOIN LATERAL eira_references(a.content, %6$L) AS name CROSS JOIN LATERAL eira_unit_of(name) AS u
      WHERE a.till > '-infinity' AND u.care_unit <> a.care_unit)
    INSERT INTO opening (patient, care_unit, source_provider, source_unit, record, rule, contact, since, until)
    SELECT whose, r.care_unit, r.care_provider, r.care_unit, NULL, 'ACC-NEED-REQUEST', %2$L || '/' || a.id, a.since, a.till
    FROM asked AS a JOIN received AS r USING (id) CROSS JOIN LATERAL unnest(array_append(a.others, a.patient)) AS whose
    WHERE whose IS NOT NULL
    UNION ALL
    SELECT a.patient, r.care_unit, a.care_provider, a.care_unit, record, 'ACC-NEED-REQUEST', %2$L || '/' || a.id, a.since, a.till
    FROM asked AS a JOIN received AS r USING (id)
      CROSS JOIN LATERAL (SELECT %2$L || '/' || a.id AS record UNION SELECT * FROM eira_references(a.content, %7$L)) AS sent
    WHERE a.care_provider IS NOT NULL AND a.patient IS NOT NULL$sql$,
    '', type, source, lo, hi, receivers::text[], attached::text[])
  FROM (VALUES
    ('ServiceRequest', 'authored_lo', 'occurrence_hi', '{performer,locationReference}', '{supportingInfo,reasonReference}'),
    ('CommunicationRequest', 'authored_lo', 'occurrence_hi', '{recipient}', '{about,reasonReference,payload.contentReference}'),
    ('Communication', 'sent_lo', 'received_hi', '{recipient}', '{about,reasonReference,payload.contentReference}'),
    ('Task', 'authored_on_lo', 'period_hi', '{owner}', '{focus,reasonReference,input.valueReference}'),
    ('Appointment', 'date_lo', 'date_hi', '{participant.actor}', '{supportingInformation,reasonReference}')
  ) AS known (name, lo, hi, receivers, attached) WHERE name = type $outer$;

CREATE FUNCTION eira_requests_in() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
  EXECUTE eira_requests_sql(TG_ARGV[0], 'added');
  RETURN NULL;
END $$;

CREATE FUNCTION eira_requests_out() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
  DELETE FROM opening AS o USING removed AS r WHERE o.contact = TG_ARGV[0] || '/' || r.id AND o.rule = 'ACC-NEED-REQUEST';
  RETURN NULL;
END $$;

DO $$
DECLARE
  type text;
  found record;
  changed text;
BEGIN
  FOREACH type IN ARRAY ARRAY['ServiceRequest', 'CommunicationRequest', 'Communication', 'Task', 'Appointment'] LOOP
    EXECUTE format('CREATE TRIGGER requests_in AFTER INSERT ON %I REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION eira_requests_in(%L)', lower(type), type);
    EXECUTE format('CREATE TRIGGER requests_out AFTER DELETE ON %I REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION eira_requests_out(%L)', lower(type), type);
    EXECUTE eira_requests_sql(type, quote_ident(lower(type)));
  END LOOP;
  -- Every row is asked whether the opening is of it alone; of what may be sent, `access` has the same list (src/access/opened.ts), and a
  -- test holds them against each other.
  FOR found IN SELECT tablename AS name, qual FROM pg_policies WHERE schemaname = current_schema() AND policyname = 'need' LOOP
    SELECT one INTO type FROM unnest(ARRAY['ServiceRequest', 'CommunicationRequest', 'Communication', 'Task', 'Appointment', 'Composition',
      'Condition', 'DiagnosticReport', 'DocumentReference', 'ImagingStudy', 'MedicationRequest', 'Observation', 'Procedure',
      'QuestionnaireResponse', 'Specimen']) AS one WHERE lower(one) = found.name;
    changed := replace(found.qual, format('(o.source_provider = %I.care_provider)', found.name),
      CASE WHEN type IS NULL THEN format('(o.source_provider = %I.care_provider) AND (o.record IS NULL)', found.name)
           ELSE format('(o.source_provider = %1$I.care_provider) AND (o.record IS NULL OR o.record = %2$L || %1$I.id)', found.name, type || '/') END);
    IF changed = found.qual THEN RAISE EXCEPTION 'the policy of % is not as it was made', found.name; END IF;
    EXECUTE format('ALTER POLICY need ON %I USING (%s)', found.name, changed);
  END LOOP;
END $$;
