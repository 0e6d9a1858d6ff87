-- Letters to patients: what has been sent to the patient is read at the patient's own door, and the units' templates for letters, of which
-- every change is a new version that another person has looked at. SPEC LOOP-LETTER, STORE-LETTER, STORE-DOOR-1

GRANT SELECT ON communication TO eira_door;
-- The fifth part of the setting has the key of letters to this patient; what somebody is still writing is not the patient's yet.
CREATE POLICY door ON communication FOR SELECT TO eira_door USING (patient = (SELECT eira_door(2))
  AND (other_patients IS NULL OR other_patients <@ ARRAY[(SELECT eira_door(2))])
  AND ((SELECT eira_door(3)) = '*' OR care_unit = ANY ((SELECT eira_door_list(3))::text[]))
  AND NOT tokens && (SELECT eira_door_list(4)::int8[])
  AND tokens && (SELECT eira_door_list(5)::int8[])
  AND content::json ->> 'status' IN ('in-progress', 'completed', 'entered-in-error'));

CREATE TABLE letter_template (
  id          text NOT NULL,
  version     int4 NOT NULL CHECK (version > 0),
  care_unit   text NOT NULL,
  kind        text NOT NULL CHECK (kind IN ('call', 'result', 'information', 'completion')),
  title       text NOT NULL CHECK (title <> ''),
  words       text NOT NULL CHECK (words <> ''),
  state       text NOT NULL CHECK (state IN ('proposed', 'current', 'replaced', 'refused')),
  proposed    timestamptz NOT NULL,
  proposed_by text NOT NULL,
  reviewed    timestamptz,
  reviewed_by text CHECK (reviewed_by <> proposed_by),
  PRIMARY KEY (id, version),
  CHECK ((reviewed IS NULL) = (reviewed_by IS NULL)),
  CHECK ((state = 'proposed') = (reviewed IS NULL))
);
CREATE UNIQUE INDEX letter_template_current ON letter_template (id) WHERE state = 'current';
CREATE UNIQUE INDEX letter_template_proposed ON letter_template (id) WHERE state = 'proposed';
CREATE INDEX letter_template_unit ON letter_template (care_unit);
GRANT SELECT, INSERT ON letter_template TO eira_app;
GRANT UPDATE (state, reviewed, reviewed_by) ON letter_template TO eira_app;

-- What a unit has to print or wait for.
CREATE INDEX loop_letter ON loop (sender, state, opened) WHERE kind = 'letter' AND closed IS NULL;
