-- Signing, correction, the patient's disagreement, and destruction by decision: PDL (2008:355) 3 kap. 8, 10 and 14 §§, 8 kap. 4 §.
-- What was signed or remarked is only added to; what was destroyed is written by the owner of the database alone. SPEC STORE-SIGN

-- One row for each version that somebody has signed: the hash of its stored text, to the byte.
CREATE TABLE seal (
  home          int4 NOT NULL,
  type          text NOT NULL,
  id            text NOT NULL,
  version       int4 NOT NULL,
  patient       text,
  care_provider text,
  care_unit     text,
  sha256        text NOT NULL CHECK (sha256 ~ '^[0-9a-f]{64}$'),
  signed        timestamptz NOT NULL,
  signer        jsonb NOT NULL,                    -- who, as what, where, and how they had proved it
  PRIMARY KEY (type, id, version, home)
);
CREATE INDEX seal_patient ON seal (patient) WHERE patient IS NOT NULL;

-- Why a version was corrected, and what the patient does not agree with.
CREATE TABLE remark (
  home          int4 NOT NULL,
  remark        text NOT NULL,
  type          text NOT NULL,
  id            text NOT NULL,
  version       int4 NOT NULL,                     -- the version that the correction made, or that was disagreed with
  patient       text,
  care_provider text,
  care_unit     text,
  kind          text NOT NULL CHECK (kind IN ('correction', 'disagreement')),
  words         text NOT NULL CHECK (words <> ''),
  recorded      timestamptz NOT NULL,
  author        jsonb NOT NULL,
  PRIMARY KEY (remark, home)
);
CREATE INDEX remark_record ON remark (type, id, home);
CREATE INDEX remark_patient ON remark (patient) WHERE patient IS NOT NULL;

-- A decision to destroy, and how far it has come. Two people, who are not the same.
CREATE TABLE destruction (
  destruction   text PRIMARY KEY,
  decision      text NOT NULL CHECK (decision <> ''),
  authority     text NOT NULL CHECK (authority <> ''),
  decided       date NOT NULL,
  whole         text,                              -- the patient whose whole record it is about
  records       jsonb NOT NULL,                    -- else the records, as Type/id
  proposed      timestamptz NOT NULL,
  proposed_by   text NOT NULL CHECK (proposed_by <> ''),
  approved      timestamptz,
  approved_by   text CHECK (approved_by <> proposed_by),
  destroyed     timestamptz CHECK (destroyed IS NULL OR approved IS NOT NULL),
  finished      timestamptz CHECK (finished IS NULL OR destroyed IS NOT NULL),
  CHECK ((approved IS NULL) = (approved_by IS NULL))
);

-- What is left of a record that was destroyed: that it was, when, and by which decision.
CREATE TABLE destroyed (
  home          int4 NOT NULL,
  type          text NOT NULL,
  id            text NOT NULL,
  patient       text,
  care_provider text,
  care_unit     text,
  destruction   text NOT NULL,
  decision      text NOT NULL,
  authority     text NOT NULL,
  destroyed     timestamptz NOT NULL,
  PRIMARY KEY (type, id, home)
);
CREATE INDEX destroyed_patient ON destroyed (patient) WHERE patient IS NOT NULL;

-- Whoever may see the versions of a record may see these. A seal is not kept back by a block: it holds no words, is shown only beside
-- its record, and what it locks must stay locked for those from whom an older version is kept.
DO $$
DECLARE
  known record;
  target text;
BEGIN
  FOREACH target IN ARRAY ARRAY['seal', 'remark', 'destroyed'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', target);
    FOR known IN SELECT policyname AS name, permissive, cmd, roles::text[] AS roles, qual FROM pg_policies
                  WHERE schemaname = current_schema() AND tablename = 'history' ORDER BY policyname LOOP
      CONTINUE WHEN target = 'seal' AND known.name = 'blocks';
      EXECUTE format('CREATE POLICY %I ON %I AS %s FOR %s TO %s USING (%s)', known.name, target, known.permissive, known.cmd,
        (SELECT string_agg(quote_ident(role), ', ') FROM unnest(known.roles) AS r(role)),
        replace(known.qual, 'history.', target || '.'));
    END LOOP;
  END LOOP;
END $$;

GRANT SELECT, INSERT ON seal, remark TO eira_app;
GRANT SELECT ON destroyed TO eira_app;
