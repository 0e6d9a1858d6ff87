-- The patient's own door (PDL 5 kap. 5 §): who reads for a patient, which units let a child or a guardian read, and a role of its own
-- that reaches one patient's rows. What is not approved for the patient (NOPATIENT), and classes that never leave this way, are kept
-- back by their labels' search keys, which the setting carries. SPEC STORE-DOOR

-- Guardians as the population register says; proxies as the patient has granted, always with an end.
CREATE TABLE representation (
  id            text PRIMARY KEY,
  patient       text NOT NULL,
  kind          text NOT NULL CHECK (kind IN ('guardian', 'proxy')),
  person        text NOT NULL CHECK (person <> ''),   -- the reader's identity number with its system: nobody is looked up
  label         text,                              -- what the patient calls a proxy
  since         timestamptz NOT NULL,
  until         timestamptz CHECK (since <= until),
  registered    timestamptz NOT NULL,
  registered_by text NOT NULL,
  ended         timestamptz,                       -- withdrawn, or ended by the register
  ended_by      text,
  CHECK ((ended IS NULL) = (ended_by IS NULL)),
  CHECK (kind = 'guardian' OR until IS NOT NULL)
);
CREATE INDEX representation_patient ON representation (patient);
CREATE INDEX representation_person ON representation (person) WHERE ended IS NULL;

-- A unit's decision: a child reads itself after an assessment of maturity, or a guardian goes on reading by agreement.
CREATE TABLE door_grant (
  id            text PRIMARY KEY,
  patient       text NOT NULL,
  kind          text NOT NULL CHECK (kind IN ('child', 'guardian')),
  person        text CHECK ((kind = 'guardian') = (person IS NOT NULL)),
  care_unit     text NOT NULL CHECK (care_unit <> ''),
  since         timestamptz NOT NULL,
  until         timestamptz CHECK (since <= until),
  registered    timestamptz NOT NULL,
  registered_by text NOT NULL,
  ended         timestamptz,
  ended_by      text,
  CHECK ((ended IS NULL) = (ended_by IS NULL))
);
CREATE INDEX door_grant_patient ON door_grant (patient) WHERE ended IS NULL;

ALTER TABLE representation ENABLE ROW LEVEL SECURITY;
ALTER TABLE door_grant ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON representation TO eira_app USING ((SELECT eira_reach()) <> '');
CREATE POLICY reach ON door_grant TO eira_app USING ((SELECT eira_reach()) <> '');
GRANT SELECT, INSERT ON representation, door_grant TO eira_app;
GRANT UPDATE (ended, ended_by) ON representation, door_grant TO eira_app;

-- The setting of the door: door, patient, units (or *), closed labels, the patient's own tasks, and own or other.
CREATE FUNCTION eira_door(part int4) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
  AS $$ SELECT CASE WHEN split_part(current_setting('eira.reach', true), ' ', 1) = 'door'
                    THEN split_part(current_setting('eira.reach', true), ' ', part) END $$;
CREATE FUNCTION eira_door_list(part int4) RETURNS text[] LANGUAGE sql STABLE PARALLEL SAFE
  AS $$ SELECT string_to_array(eira_door(part), ',') $$;

DO $$
DECLARE
  type text;
BEGIN
  FOREACH type IN ARRAY ARRAY['allergyintolerance', 'appointment', 'careplan', 'condition', 'diagnosticreport', 'documentreference',
    'encounter', 'immunization', 'medicationrequest', 'observation', 'procedure', 'servicerequest', 'task'] LOOP
    EXECUTE format('GRANT SELECT ON %I TO eira_door', type);
    EXECUTE format($sql$CREATE POLICY door ON %1$I FOR SELECT TO eira_door USING (patient = (SELECT eira_door(2))
      AND (other_patients IS NULL OR other_patients <@ ARRAY[(SELECT eira_door(2))])
      AND ((SELECT eira_door(3)) = '*' OR care_unit = ANY ((SELECT eira_door_list(3))::text[]))
      AND NOT tokens && (SELECT eira_door_list(4)::int8[])%2$s)$sql$,
      type, CASE type WHEN 'task' THEN ' AND tokens && (SELECT eira_door_list(5)::int8[])' ELSE '' END);
  END LOOP;
END $$;
GRANT SELECT ON patient TO eira_door;
CREATE POLICY door ON patient FOR SELECT TO eira_door USING (id = (SELECT eira_door(2)));

-- The log of the patient; what is done at the door is logged in the same transaction.
GRANT SELECT, INSERT ON access_log TO eira_door;
GRANT SELECT, INSERT, UPDATE ON access_log_head TO eira_door;
CREATE POLICY door ON access_log FOR SELECT TO eira_door USING (patient = (SELECT eira_door(2)));
CREATE POLICY door_record ON access_log FOR INSERT TO eira_door WITH CHECK (true);

-- What the patient decides: only the patient, never a guardian or a proxy.
GRANT SELECT, INSERT ON block, representation TO eira_door;
GRANT UPDATE (ended, ended_by, end_reason) ON block TO eira_door;
GRANT UPDATE (ended, ended_by) ON representation TO eira_door;
CREATE POLICY door ON block TO eira_door
  USING (patient = (SELECT eira_door(2)) AND (SELECT eira_door(6)) = 'own');
CREATE POLICY door ON representation TO eira_door
  USING (patient = (SELECT eira_door(2)) AND (SELECT eira_door(6)) = 'own')
  WITH CHECK (patient = (SELECT eira_door(2)) AND (SELECT eira_door(6)) = 'own' AND kind = 'proxy');
