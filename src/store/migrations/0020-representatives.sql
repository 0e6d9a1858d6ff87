-- Guardians, proxies and units' decisions, as staff register and end them: why, and at which unit, so that only that unit sees its own
-- words. Servers of the version before this go on without the columns. SPEC JRN-DOOR-STAFF

ALTER TABLE representation ADD COLUMN care_unit text, ADD COLUMN reason text, ADD COLUMN end_reason text;
ALTER TABLE door_grant ADD COLUMN reason text, ADD COLUMN end_reason text;
GRANT UPDATE (end_reason) ON representation, door_grant TO eira_app;
