-- The tables that every resource type shares: older versions, change log, outbox, access log, sessions.
-- Tables that carry `home` are distributed by it on Citus; the others are small reference tables.

CREATE TABLE instance (
  singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton),
  id        uuid NOT NULL DEFAULT gen_random_uuid(),
  created   timestamptz NOT NULL DEFAULT now()
);
INSERT INTO instance DEFAULT VALUES;

-- Every version but the current one. A deletion is a version without content.
CREATE TABLE history (
  home          int4 NOT NULL,
  type          text NOT NULL,
  id            text NOT NULL,
  version       int4 NOT NULL,
  method        text NOT NULL CHECK (method IN ('create', 'update', 'delete')),
  last_updated  timestamptz NOT NULL,
  patient       text,
  care_provider text,
  care_unit     text,
  content       text,
  CHECK ((method = 'delete') = (content IS NULL)),
  PRIMARY KEY (type, id, version, home)
);

-- One row for each version of each resource, written in the transaction that made it.
-- Readers go by (xid, seq) and stop before the oldest transaction in flight, so no row can appear behind them.
CREATE TABLE change_log (
  home          int4 NOT NULL,
  seq           int8 GENERATED ALWAYS AS IDENTITY,
  xid           xid8 NOT NULL DEFAULT pg_current_xact_id(),
  type          text NOT NULL,
  id            text NOT NULL,
  version       int4 NOT NULL,
  method        text NOT NULL,
  recorded      timestamptz NOT NULL,
  patient       text,
  care_provider text,
  care_unit     text,
  PRIMARY KEY (seq, home)
);
CREATE INDEX change_log_position ON change_log (xid, seq);
CREATE INDEX change_log_type ON change_log (type, seq);

CREATE TABLE change_reader (
  name    text PRIMARY KEY,
  xid     xid8 NOT NULL,
  seq     int8 NOT NULL,
  updated timestamptz NOT NULL DEFAULT now()
);

-- What must happen after a commit. Nothing leaves this table without being done or parked to a person.
CREATE TABLE outbox (
  home        int4 NOT NULL,
  id          uuid NOT NULL DEFAULT gen_random_uuid(),
  topic       text NOT NULL,
  payload     jsonb NOT NULL,
  created     timestamptz NOT NULL DEFAULT now(),
  due         timestamptz NOT NULL DEFAULT now(),
  attempts    int4 NOT NULL DEFAULT 0,
  claimed_by  text,
  lease_until timestamptz,
  parked      timestamptz,
  last_error  text,
  PRIMARY KEY (id, home)
);
CREATE INDEX outbox_due ON outbox (due) WHERE parked IS NULL;

-- The answer that a client's idempotency key got, so that a retry gets the same one.
CREATE TABLE idempotency (
  home     int4 NOT NULL,
  actor    text NOT NULL,
  key      text NOT NULL,
  request  text NOT NULL,
  reply    text,
  created  timestamptz NOT NULL DEFAULT now(),
  touched  timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (actor, key, home)
);

-- The access log: a hash chain for each writer. `entry` is the whole row as canonical JSON and is what is hashed.
CREATE TABLE access_log (
  home     int4 NOT NULL,
  chain    uuid NOT NULL,
  seq      int8 NOT NULL,
  recorded timestamptz NOT NULL,
  patient  text,
  entry    text NOT NULL,
  hash     bytea NOT NULL,
  PRIMARY KEY (chain, seq, home)
);
CREATE INDEX access_log_patient ON access_log (patient, recorded DESC, chain, seq) WHERE patient IS NOT NULL;
CREATE INDEX access_log_recorded ON access_log (recorded);

-- The signed head of each chain, moved in the transaction that appends. `previous` joins the chains to each other.
CREATE TABLE access_log_head (
  chain     uuid PRIMARY KEY,
  previous  uuid,
  seq       int8 NOT NULL,
  hash      bytea NOT NULL,
  signed    timestamptz NOT NULL,
  signature bytea NOT NULL
);

-- What the installation remembers about itself, such as which demonstration region it holds.
CREATE TABLE setting (
  name    text PRIMARY KEY,
  value   jsonb NOT NULL,
  updated timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE session (
  token_hash bytea PRIMARY KEY,
  actor      jsonb NOT NULL,
  created    timestamptz NOT NULL,
  expires    timestamptz NOT NULL
);

CREATE TABLE client_token (
  token_hash    bytea PRIMARY KEY,
  client        text NOT NULL,
  scope         text NOT NULL,
  care_provider text,
  care_unit     text,
  created       timestamptz NOT NULL,
  expires       timestamptz NOT NULL,
  revoked       timestamptz
);

-- Row-level security: the second lock. The reach of the actor is a setting of the connection:
--   ''  nothing (the default: closed) · '*' a client for the whole region · otherwise the HSA-id of one care provider.
CREATE FUNCTION eira_reach() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
  AS $$ SELECT coalesce(current_setting('eira.reach', true), '') $$;

ALTER TABLE history ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON history TO eira_app
  USING ((SELECT eira_reach()) = '*'
      OR ((SELECT eira_reach()) <> '' AND (type = 'Patient' OR care_provider = (SELECT eira_reach()) OR (care_provider IS NULL AND patient IS NULL))));
ALTER TABLE change_log ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON change_log TO eira_app
  USING ((SELECT eira_reach()) = '*'
      OR ((SELECT eira_reach()) <> '' AND (type = 'Patient' OR care_provider = (SELECT eira_reach()) OR (care_provider IS NULL AND patient IS NULL))));

GRANT SELECT, INSERT ON history, change_log, access_log TO eira_app;
GRANT SELECT, INSERT, UPDATE ON access_log_head, change_reader TO eira_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON idempotency, outbox, session TO eira_app;
GRANT SELECT, INSERT, UPDATE ON setting TO eira_app;
GRANT SELECT ON client_token, instance TO eira_app;
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO eira_app;
