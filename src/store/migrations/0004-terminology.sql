-- Large code systems, taken in from their publishers' files. Small ones are answered from the CodeSystem resource itself.
-- Tables without home: on Citus they are reference tables, the same on every node.

CREATE TABLE terminology_system (
  id        int4 PRIMARY KEY,
  url       text NOT NULL,
  version   text NOT NULL,
  name      text NOT NULL,
  title     text NOT NULL,
  language  text NOT NULL,
  concepts  int4 NOT NULL DEFAULT 0,
  imported  timestamptz NOT NULL,
  UNIQUE (url, version)
);

-- `number` is unique over all systems, so that the index on ancestors answers "everything below" without asking which system.
-- `ancestors` is the transitive closure, without the concept itself.
CREATE TABLE terminology_concept (
  system       int4 NOT NULL,
  number       int4 NOT NULL,
  code         text NOT NULL,
  display      text NOT NULL,
  definition   text,
  active       boolean NOT NULL,
  abstract     boolean NOT NULL,
  parents      int4[] NOT NULL,
  ancestors    int4[] NOT NULL,
  designations jsonb NOT NULL,
  properties   jsonb NOT NULL,
  words        tsvector NOT NULL,
  PRIMARY KEY (code, system)
);
CREATE UNIQUE INDEX terminology_concept_number ON terminology_concept (number);
CREATE INDEX terminology_concept_order ON terminology_concept (system, number);
CREATE INDEX terminology_concept_ancestors ON terminology_concept USING gin (ancestors) WITH (fastupdate = off);
CREATE INDEX terminology_concept_parents ON terminology_concept USING gin (parents) WITH (fastupdate = off);
CREATE INDEX terminology_concept_words ON terminology_concept USING gin (words) WITH (fastupdate = off);

-- What a client keeps its own transitive closure of ($closure); `owner` is the client or assignment whose it is.
CREATE TABLE terminology_closure (
  owner   text NOT NULL,
  name    text NOT NULL,
  version int4 NOT NULL,
  PRIMARY KEY (owner, name)
);
CREATE TABLE terminology_closure_concept (
  owner  text NOT NULL,
  name   text NOT NULL,
  system text NOT NULL,
  code   text NOT NULL,
  added  int4 NOT NULL,
  PRIMARY KEY (owner, name, system, code)
);

GRANT SELECT ON terminology_system, terminology_concept TO eira_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON terminology_closure, terminology_closure_concept TO eira_app;
