-- Systematic review of the access log: samples as they were drawn, and what came of each access in them. Nothing here is ever changed:
-- the server's role may add and read. HSLF-FS 2016:40 4 kap. 9 §. SPEC STORE-REVIEW
-- `access` is the AuditEvent id of the access's first row in the log (log-CHAIN-NUMBER).

CREATE TABLE access_sample (
  id        text PRIMARY KEY,
  seed      text NOT NULL,
  low       timestamptz NOT NULL,
  high      timestamptz NOT NULL CHECK (low < high),
  size      int4 NOT NULL CHECK (size > 0),
  accesses  int8 NOT NULL,                         -- how many there were to draw from
  rules     jsonb NOT NULL,                        -- weights and limits as they were
  drawn     timestamptz NOT NULL,
  drawn_by  text NOT NULL
);

CREATE TABLE access_sample_item (
  sample    text NOT NULL,
  access    text NOT NULL,
  risk      int4 NOT NULL,
  rules     text[] NOT NULL,
  care_unit text NOT NULL,
  month     text NOT NULL CHECK (month ~ '^\d{4}-\d\d$'),
  finding   jsonb NOT NULL,
  PRIMARY KEY (sample, access)
);
CREATE INDEX access_sample_item_access ON access_sample_item (access);

CREATE TABLE access_review (
  access    text PRIMARY KEY,                      -- an access is judged once
  sample    text NOT NULL,
  outcome   text NOT NULL CHECK (outcome IN ('justified', 'unjustified', 'unclear')),
  note      text NOT NULL,
  reviewer  text NOT NULL CHECK (reviewer <> ''),
  recorded  timestamptz NOT NULL
);

ALTER TABLE access_sample ENABLE ROW LEVEL SECURITY;
ALTER TABLE access_sample_item ENABLE ROW LEVEL SECURITY;
ALTER TABLE access_review ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON access_sample TO eira_app USING ((SELECT eira_reach()) = '*');
CREATE POLICY reach ON access_sample_item TO eira_app USING ((SELECT eira_reach()) = '*');
CREATE POLICY reach ON access_review TO eira_app USING ((SELECT eira_reach()) = '*');
GRANT SELECT, INSERT ON access_sample, access_sample_item, access_review TO eira_app;
