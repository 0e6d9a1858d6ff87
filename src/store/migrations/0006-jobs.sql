-- Long work: who asked for what, how far it has come, what came of it. What it gives is files beside the database.
-- Without home: few rows, which any server takes from. On Citus a reference table.
CREATE TABLE job (
  id          text PRIMARY KEY,
  kind        text NOT NULL,
  owner       text NOT NULL,
  actor       jsonb NOT NULL,
  request     jsonb NOT NULL,
  state       text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'running', 'done', 'failed', 'cancelled')),
  progress    jsonb,
  result      jsonb,
  error       jsonb,
  attempts    int4 NOT NULL DEFAULT 0,
  claim       uuid,
  due         timestamptz NOT NULL DEFAULT now(),
  lease_until timestamptz,
  created     timestamptz NOT NULL,
  ended       timestamptz,
  expires     timestamptz NOT NULL
);
CREATE INDEX job_open ON job (due) WHERE state IN ('waiting', 'running');
CREATE INDEX job_owner ON job (owner);
CREATE INDEX job_expires ON job (expires);

-- Work that one server does at a time, by its name.
CREATE TABLE lease (
  name        text PRIMARY KEY,
  holder      uuid NOT NULL,
  until       timestamptz NOT NULL
);

-- What a client must forget: deletions of a type between two times. Few of all changes.
CREATE INDEX change_log_deleted ON change_log (type, id) WHERE method = 'delete';

GRANT SELECT, INSERT, UPDATE, DELETE ON job, lease TO eira_app;
