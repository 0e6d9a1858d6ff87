-- What the database keeps beside the ledger's rows is kept for all rows of a statement at once, by statements that are planned once on a
-- connection: a laboratory's answers come by the hundred, and each was worked out by itself and planned anew. What is kept is the same.
-- SPEC STORE-CARE, JRN-RECEIVED, STORE-LOOP; decisions 0035, 0039 and 0041

-- What requests open (0019). Where a reference leads is asked once for each reference, not for each request that has it.
CREATE FUNCTION eira_requests_query(type text, source text) RETURNS text LANGUAGE sql IMMUTABLE AS $outer$
  SELECT format($sql$
    WITH asked AS (
      SELECT q.id, q.patient, CASE WHEN %2$L = 'Appointment' THEN q.other_patients END AS others, q.care_provider, coalesce(q.care_unit, '-') AS care_unit,
             q.content::json AS content, CASE WHEN %2$L <> 'Appointment' THEN q.%4$I END AS since,
             eira_request_until(%2$L, q.content::json, q.%4$I, q.%5$I, q.last_updated, q.version) AS till
      FROM %3$s AS q WHERE q.patient IS NOT NULL OR q.other_patients IS NOT NULL),
    units AS MATERIALIZED (
      SELECT named.name, u.care_provider, u.care_unit
        FROM (SELECT DISTINCT name FROM asked AS a CROSS JOIN LATERAL eira_references(a.content, %6$L) AS name WHERE a.till > '-infinity') AS named
        CROSS JOIN LATERAL eira_unit_of(named.name) AS u),
    received AS MATERIALIZED (
      SELECT a.*, r.receiver_of, r.receiver FROM asked AS a CROSS JOIN LATERAL (
        SELECT DISTINCT u.care_provider AS receiver_of, u.care_unit AS receiver FROM eira_references(a.content, %6$L) AS name JOIN units AS u USING (name)
         WHERE u.care_unit <> a.care_unit) AS r WHERE a.till > '-infinity')
    INSERT INTO opening (patient, care_unit, source_provider, source_unit, record, rule, contact, since, until)
    SELECT whose, r.receiver, r.receiver_of, r.receiver, NULL, 'ACC-NEED-REQUEST', %2$L || '/' || r.id, r.since, r.till
    FROM received AS r CROSS JOIN LATERAL unnest(array_append(r.others, r.patient)) AS whose WHERE whose IS NOT NULL
    UNION ALL
    SELECT r.patient, r.receiver, r.care_provider, r.care_unit, record, 'ACC-NEED-REQUEST', %2$L || '/' || r.id, r.since, r.till
    FROM received AS r CROSS JOIN LATERAL (SELECT %2$L || '/' || r.id AS record UNION SELECT * FROM eira_references(r.content, %7$L)) AS sent
    WHERE r.care_provider IS NOT NULL AND r.patient IS NOT NULL$sql$,
    '', type, source, lo, hi, receivers::text[], attached::text[])
  FROM (VALUES
    ('ServiceRequest', 'authored_lo', 'occurrence_hi', '{performer,locationReference}', '{supportingInfo,reasonReference}'),
    ('CommunicationRequest', 'authored_lo', 'occurrence_hi', '{recipient}', '{about,reasonReference,payload.contentReference}'),
    ('Communication', 'sent_lo', 'received_hi', '{recipient}', '{about,reasonReference,payload.contentReference}'),
    ('Task', 'authored_on_lo', 'period_hi', '{owner}', '{focus,reasonReference,input.valueReference}'),
    ('Appointment', 'date_lo', 'date_hi', '{participant.actor}', '{supportingInformation,reasonReference}')
  ) AS known (name, lo, hi, receivers, attached) WHERE name = type $outer$;

DO $$
DECLARE
  type text;
BEGIN
  FOREACH type IN ARRAY ARRAY['ServiceRequest', 'CommunicationRequest', 'Communication', 'Task', 'Appointment'] LOOP
    EXECUTE format('DROP TRIGGER requests_in ON %I', lower(type));
    EXECUTE format('CREATE FUNCTION %I() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS %L',
      'eira_requests_in_' || lower(type), 'BEGIN ' || eira_requests_query(type, 'added') || '; RETURN NULL; END');
    EXECUTE format('CREATE TRIGGER requests_in AFTER INSERT ON %I REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION %I()',
      lower(type), 'eira_requests_in_' || lower(type));
  END LOOP;
END $$;
DROP FUNCTION eira_requests_in();
DROP FUNCTION eira_requests_sql(text, text);

-- What the ledger hands on (0026): of some loops at once.
CREATE FUNCTION eira_hand_on(loops text[]) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT SET plan_cache_mode = force_generic_plan AS $$
BEGIN
  DELETE FROM opening WHERE contact IN (SELECT 'loop/' || one FROM unnest(loops) AS one) AND rule = 'ACC-NEED-REQUEST';
  WITH handed AS (
    SELECT 'loop/' || l.id AS name, l.patient, l.subject_type, l.subject_type || '/' || l.subject_id AS record, w.care_unit AS reader, w.care_provider AS reader_of,
           coalesce(r.care_provider, d.care_provider) AS source_of, coalesce(r.care_unit, d.care_unit) AS source, coalesce(r.content, d.content)::json AS content,
           CASE WHEN l.closed IS NULL THEN 'infinity' ELSE l.closed + interval '90 days' END AS ends
      FROM loop AS l JOIN worklist AS w ON w.id = l.receiver
        LEFT JOIN servicerequest AS r ON l.subject_type = 'ServiceRequest' AND r.id = l.subject_id
        LEFT JOIN diagnosticreport AS d ON l.subject_type = 'DiagnosticReport' AND d.id = l.subject_id
     WHERE l.id = ANY (loops) AND l.patient IS NOT NULL AND l.state NOT IN ('returned', 'failed', 'cancelled', 'mistaken', 'closed')
       AND w.care_unit IS NOT NULL AND w.care_provider IS NOT NULL),
  elsewhere AS (SELECT * FROM handed WHERE source_of IS NOT NULL AND source IS DISTINCT FROM reader)
  INSERT INTO opening (patient, care_unit, source_provider, source_unit, record, rule, contact, since, until)
  -- Whoever asked has its own grounds for the patient; whoever is asked gets them with the request.
  SELECT patient, reader, reader_of, reader, NULL, 'ACC-NEED-REQUEST', name, NULL::timestamptz, ends FROM elsewhere WHERE subject_type = 'ServiceRequest'
  UNION ALL
  SELECT e.patient, e.reader, e.source_of, e.source, one, 'ACC-NEED-REQUEST', e.name, NULL::timestamptz, e.ends
    FROM elsewhere AS e CROSS JOIN LATERAL (SELECT e.record AS one UNION SELECT * FROM eira_references(e.content,
      CASE e.subject_type WHEN 'ServiceRequest' THEN '{supportingInfo,reasonReference}'::text[] ELSE '{result,imagingStudy}'::text[] END)) AS sent;
END $$;

DROP TRIGGER handed_on ON loop;
DROP TRIGGER answered ON loop;
DROP FUNCTION eira_handed_on();

-- A request when somebody else than whom it names has it.
CREATE FUNCTION eira_handed_on() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
  loops text[];
BEGIN
  -- No join: the statement is planned once, for few rows, and an emptied list may move a hundred thousand.
  SELECT array_agg(id) INTO loops FROM (
    SELECT id, home, receiver, closed FROM added WHERE kind IN ('order', 'referral') AND subject_type = 'ServiceRequest'
    EXCEPT ALL SELECT id, home, receiver, closed FROM removed) AS changed;
  IF loops IS NOT NULL THEN PERFORM eira_hand_on(loops); END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER handed_on AFTER UPDATE ON loop REFERENCING OLD TABLE AS removed NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION eira_handed_on();

-- An answer when somebody asked for it.
CREATE FUNCTION eira_answered() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
  loops text[];
BEGIN
  SELECT array_agg(n.id) INTO loops FROM added AS n WHERE n.kind = 'result' AND n.subject_type = 'DiagnosticReport' AND n.parent IS NOT NULL;
  IF loops IS NOT NULL THEN PERFORM eira_hand_on(loops); END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER answered AFTER INSERT ON loop REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION eira_answered();

-- Whether anything of a channel holds others up is seen at once: it is asked before each message is asked what holds it.
CREATE INDEX hl7_received_holding ON hl7_received (channel) WHERE stuck;
