-- What the ledger hands on is open to whoever gets it: a request that was forwarded opens the new receiver's own records and the request, as if
-- it had been sent there; an answer is open to the unit that asked. Each is one record of one unit, and the ledger's own rules have said that
-- whoever handed it on had it. At the patient's own door the patient sees how far the own requests have come.
-- SPEC CLIN-REFERRAL-9, CLIN-REFERRAL-10; decision 0041

CREATE FUNCTION eira_handed_on() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
  name text := 'loop/' || NEW.id;
  reader record;
  record_name text := NEW.subject_type || '/' || NEW.subject_id;
  source record;
  ends timestamptz := CASE WHEN NEW.closed IS NULL THEN 'infinity' ELSE NEW.closed + interval '90 days' END;
BEGIN
  DELETE FROM opening WHERE contact = name AND rule = 'ACC-NEED-REQUEST';
  IF NEW.patient IS NULL OR NEW.receiver IS NULL OR NEW.state IN ('returned', 'failed', 'cancelled', 'mistaken', 'closed') THEN RETURN NULL; END IF;
  SELECT w.care_unit, w.care_provider INTO reader FROM worklist AS w WHERE w.id = NEW.receiver;
  IF reader.care_unit IS NULL OR reader.care_provider IS NULL THEN RETURN NULL; END IF;
  IF NEW.subject_type = 'ServiceRequest' THEN
    SELECT r.care_provider, r.care_unit, r.content::json AS content INTO source FROM servicerequest AS r WHERE r.id = NEW.subject_id;
  ELSE
    SELECT r.care_provider, r.care_unit, r.content::json AS content INTO source FROM diagnosticreport AS r WHERE r.id = NEW.subject_id;
  END IF;
  IF source.care_provider IS NULL OR source.care_unit IS NOT DISTINCT FROM reader.care_unit THEN RETURN NULL; END IF;
  -- Whoever asked has its own grounds for the patient; whoever is asked gets them with the request.
  IF NEW.subject_type = 'ServiceRequest' THEN
    INSERT INTO opening (patient, care_unit, source_provider, source_unit, rule, contact, since, until)
    VALUES (NEW.patient, reader.care_unit, reader.care_provider, reader.care_unit, 'ACC-NEED-REQUEST', name, NULL, ends);
  END IF;
  INSERT INTO opening (patient, care_unit, source_provider, source_unit, record, rule, contact, since, until)
  SELECT NEW.patient, reader.care_unit, source.care_provider, source.care_unit, one, 'ACC-NEED-REQUEST', name, NULL, ends
    FROM (SELECT record_name AS one UNION SELECT * FROM eira_references(source.content,
            CASE NEW.subject_type WHEN 'ServiceRequest' THEN '{supportingInfo,reasonReference}'::text[] ELSE '{result,imagingStudy}'::text[] END)) AS sent;
  RETURN NULL;
END $$;

-- A request when somebody else than whom it names has it; an answer when somebody asked for it.
CREATE TRIGGER handed_on AFTER UPDATE OF receiver, closed ON loop FOR EACH ROW
  WHEN (NEW.kind IN ('order', 'referral') AND NEW.subject_type = 'ServiceRequest'
    AND (OLD.receiver IS DISTINCT FROM NEW.receiver OR OLD.closed IS DISTINCT FROM NEW.closed))
  EXECUTE FUNCTION eira_handed_on();
CREATE TRIGGER answered AFTER INSERT ON loop FOR EACH ROW
  WHEN (NEW.kind = 'result' AND NEW.subject_type = 'DiagnosticReport' AND NEW.parent IS NOT NULL)
  EXECUTE FUNCTION eira_handed_on();

-- The patient sees where the own requests are, those that the door shows, and nothing of who moved them: no person, no note.
GRANT SELECT (home, id, kind, subject_type, subject_id, patient, state, owner, sender, receiver, opened, since, closed, parent) ON loop TO eira_door;
GRANT SELECT (home, loop, version, event, state, at) ON loop_event TO eira_door;
GRANT SELECT (id, title) ON worklist TO eira_door;
CREATE POLICY door ON loop FOR SELECT TO eira_door USING (patient = (SELECT eira_door(2)) AND CASE subject_type
  WHEN 'ServiceRequest' THEN EXISTS (SELECT FROM servicerequest AS r WHERE r.id = loop.subject_id)
  WHEN 'DiagnosticReport' THEN EXISTS (SELECT FROM diagnosticreport AS r WHERE r.id = loop.subject_id) ELSE false END);
CREATE POLICY door ON loop_event FOR SELECT TO eira_door
  USING (EXISTS (SELECT FROM loop AS l WHERE l.id = loop_event.loop AND l.home = loop_event.home));
