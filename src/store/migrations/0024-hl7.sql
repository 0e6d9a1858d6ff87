-- HL7 v2: what came in and what is to go out, kept for ever with its bytes. The server's role can neither take a message away
-- nor change what was received or sent. SPEC STORE-HL7, failure modes F1, F4 to F6 and F69

-- What the configuration declared when it was read last.
CREATE TABLE hl7_channel (
  name      text PRIMARY KEY,
  direction text NOT NULL CHECK (direction IN ('in', 'out')),
  declared  jsonb NOT NULL,
  since     timestamptz NOT NULL,
  -- Nothing is taken from it, or sent to it, while somebody holds it back.
  held      text
);

CREATE TABLE hl7_received (
  home       int4 NOT NULL,
  position   int8 GENERATED ALWAYS AS IDENTITY,
  channel    text NOT NULL,
  received   timestamptz NOT NULL,
  peer       text NOT NULL,
  sender     text NOT NULL,
  control_id text NOT NULL,
  type       text NOT NULL,
  keys       text[] NOT NULL,                     -- what the order is kept for: patients, or nothing
  hash       bytea NOT NULL,
  size       int4 NOT NULL,
  raw        bytea NOT NULL,
  verdict    text NOT NULL CHECK (verdict IN ('accept', 'error', 'reject')),
  why        text,
  place      text,
  times      int4 NOT NULL DEFAULT 1,             -- how often it came
  state      text NOT NULL CHECK (state IN ('waiting', 'done', 'parked', 'aside')),
  stuck      boolean NOT NULL DEFAULT false,      -- later messages of its keys wait for it
  runs       int4 NOT NULL DEFAULT 0,             -- how often it was asked for again
  attempts   int4 NOT NULL DEFAULT 0,
  due        timestamptz NOT NULL,
  failing    timestamptz,                         -- since when
  told       timestamptz,                         -- when somebody was given it to see to, although it is still tried
  error      text,
  outcome    jsonb,
  settled    timestamptz,
  settled_by text,
  PRIMARY KEY (position, home),
  UNIQUE (channel, hash, home),
  CHECK (state <> 'parked' OR error IS NOT NULL)
);
CREATE INDEX hl7_received_waiting ON hl7_received (channel, position) WHERE state = 'waiting';
CREATE INDEX hl7_received_parked ON hl7_received (channel, position) WHERE state = 'parked';
CREATE INDEX hl7_received_failing ON hl7_received (failing) WHERE failing IS NOT NULL AND told IS NULL;
CREATE INDEX hl7_received_stuck ON hl7_received USING gin (keys) WITH (fastupdate = off) WHERE stuck;
CREATE INDEX hl7_received_control ON hl7_received (control_id);

CREATE TABLE hl7_sent (
  home         int4 NOT NULL,
  position     int8 GENERATED ALWAYS AS IDENTITY,
  channel      text NOT NULL,
  created      timestamptz NOT NULL,
  control_id   text NOT NULL,
  type         text NOT NULL,
  line         text NOT NULL,                     -- what the order is kept for
  about        text,                              -- what it tells of, for whoever asked for it
  size         int4 NOT NULL,
  raw          bytea NOT NULL,
  state        text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'acknowledged', 'parked', 'aside')),
  attempts     int4 NOT NULL DEFAULT 0,
  due          timestamptz NOT NULL,
  failing      timestamptz,
  told         timestamptz,
  error        text,
  answer       text,                              -- AA, CA …
  settled      timestamptz,
  settled_by   text,
  PRIMARY KEY (position, home),
  UNIQUE (channel, control_id, home)
);
CREATE INDEX hl7_sent_waiting ON hl7_sent (channel, line, position) WHERE state IN ('waiting', 'parked');
CREATE INDEX hl7_sent_due ON hl7_sent (channel, position) WHERE state = 'waiting';
CREATE INDEX hl7_sent_failing ON hl7_sent (failing) WHERE failing IS NOT NULL AND told IS NULL;
CREATE INDEX hl7_sent_about ON hl7_sent (about) WHERE about IS NOT NULL;

-- How much came, or was acknowledged, in each hour, so that somebody notices what does not come.
CREATE TABLE hl7_volume (
  channel   text NOT NULL,
  hour      timestamptz NOT NULL,
  messages  int8 NOT NULL,
  bytes     int8 NOT NULL,
  last      timestamptz NOT NULL,
  PRIMARY KEY (channel, hour)
);

ALTER TABLE hl7_received ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON hl7_received TO eira_app USING ((SELECT eira_reach()) = '*');
ALTER TABLE hl7_sent ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON hl7_sent TO eira_app USING ((SELECT eira_reach()) = '*');
GRANT SELECT, INSERT ON hl7_received, hl7_sent TO eira_app;
GRANT UPDATE (times, state, stuck, runs, attempts, due, failing, told, error, outcome, settled, settled_by) ON hl7_received TO eira_app;
GRANT UPDATE (state, attempts, due, failing, told, error, answer, settled, settled_by) ON hl7_sent TO eira_app;
GRANT SELECT, INSERT, UPDATE ON hl7_channel, hl7_volume TO eira_app;
