-- A chart asks for a patient's values of one code: the key of an Observation's code stands in the index on its patient, so that
-- the rows of other codes are not visited (decision 0027). 0 stands for none or several, and for rows from before: these are looked
-- at one by one, as all were, until they are written next.

ALTER TABLE observation ADD COLUMN code_key int8 NOT NULL DEFAULT 0;
DROP INDEX observation_patient;
CREATE INDEX observation_patient ON observation (patient, date_lo DESC NULLS LAST, code_key) WHERE patient IS NOT NULL;
