-- Subscribers: who is told of which changes, how far each has been matched against the change log, and what is not yet
-- acknowledged. `home` is the subscription's own, so that all of one subscription lies on one shard.

CREATE TABLE subscriber (
  home          int4 NOT NULL,
  id            text NOT NULL,
  owner         text NOT NULL,
  actor         jsonb NOT NULL,
  written       int4 NOT NULL,                     -- the version that its owner wrote last
  content       text NOT NULL,
  checked       int4 NOT NULL DEFAULT 0,           -- the version that was looked at last
  state         text NOT NULL DEFAULT 'requested' CHECK (state IN ('requested', 'active', 'error', 'off')),
  why           text,
  xid           xid8 NOT NULL DEFAULT pg_current_xact_id(),
  seq           int8 NOT NULL DEFAULT 0,           -- with xid: matched up to and with this entry of the change log
  last_number   int8 NOT NULL DEFAULT 0,
  due           timestamptz NOT NULL DEFAULT now(),
  attempts      int4 NOT NULL DEFAULT 0,
  last_sent     timestamptz,
  last_success  timestamptz,
  last_error    text,
  last_error_at timestamptz,
  parked        timestamptz,
  PRIMARY KEY (id, home)
);

-- One row for each event of each subscription, numbered without a gap. What was changed stays in the record; only names here.
CREATE TABLE subscriber_event (
  home       int4 NOT NULL,
  subscriber text NOT NULL,
  number     int8 NOT NULL,
  line       text NOT NULL,                        -- what the order is kept for: the patient, or the resource itself
  type       text NOT NULL,
  id         text NOT NULL,
  version    int4 NOT NULL,
  method     text NOT NULL,
  recorded   timestamptz NOT NULL,
  patient    text,
  delivered  timestamptz,
  PRIMARY KEY (subscriber, number, home)
);
CREATE INDEX subscriber_event_waiting ON subscriber_event (subscriber, line, number) WHERE delivered IS NULL;

-- One row for each line with events that are not acknowledged; a line is sent by one worker at a time.
CREATE TABLE subscriber_line (
  home        int4 NOT NULL,
  subscriber  text NOT NULL,
  line        text NOT NULL,
  waiting     int8 NOT NULL,
  attempts    int4 NOT NULL DEFAULT 0,
  due         timestamptz NOT NULL DEFAULT now(),
  claimed_by  text,
  lease_until timestamptz,
  last_error  text,
  parked      timestamptz,
  PRIMARY KEY (subscriber, line, home)
);
CREATE INDEX subscriber_line_due ON subscriber_line (due) WHERE parked IS NULL;

ALTER TABLE subscriber_event ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON subscriber_event TO eira_app USING ((SELECT eira_reach()) = '*');
ALTER TABLE subscriber_line ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON subscriber_line TO eira_app USING ((SELECT eira_reach()) = '*');
GRANT SELECT, INSERT, UPDATE, DELETE ON subscriber, subscriber_event, subscriber_line TO eira_app;
