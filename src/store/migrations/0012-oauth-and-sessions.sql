-- Machine clients that prove themselves with a key of their own, what the authorization server keeps for a while, and when a
-- session was last used.

-- Public keys only. The name is the client's id, and the name that the access log has.
CREATE TABLE oauth_client (
  client        text PRIMARY KEY,
  scope         text NOT NULL,
  jwks          jsonb NOT NULL,
  care_provider text,
  care_unit     text,
  introspects   boolean NOT NULL DEFAULT false,
  created       timestamptz NOT NULL
);

-- Tokens and used assertions, by the hash of what names them: a copy of the database opens no door.
CREATE TABLE oauth_state (
  kind     text NOT NULL,
  key_hash bytea NOT NULL,
  content  jsonb NOT NULL,
  expires  timestamptz NOT NULL,
  PRIMARY KEY (kind, key_hash)
);
CREATE INDEX oauth_state_expires ON oauth_state (expires);

-- Nothing: it was last used when it was opened.
ALTER TABLE session ADD COLUMN used timestamptz;

GRANT SELECT ON oauth_client TO eira_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON oauth_state TO eira_app;
