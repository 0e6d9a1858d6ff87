-- The ledger of responsibility: what is in motion for a patient has exactly one owner, which is a worklist that somebody works through,
-- and a deadline, until it is done. Law 5 of the house; failure modes F1 to F3, F9 to F11. SPEC STORE-LOOP, decision 0038

-- A list that people work through: one for each unit of the directory, named by its HSA-id, and the region's own.
CREATE TABLE worklist (
  id            text PRIMARY KEY,
  title         text NOT NULL,
  care_provider text,
  care_unit     text,
  parent        text REFERENCES worklist CHECK (parent <> id),
  staffed       boolean NOT NULL DEFAULT false,
  status        text NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'closed')),
  merged_into   text REFERENCES worklist CHECK (merged_into <> id),
  channel       text,                              -- the integration by which requests reach it
  organization  text UNIQUE,                       -- the unit in the directory, what it is part of and what it became there
  part_of       text,
  becomes       text,
  UNIQUE (id, staffed),
  CHECK (status = 'open' OR NOT staffed),
  CHECK ((id = 'region') = (parent IS NULL)),
  CHECK (id <> 'region' OR (staffed AND status = 'open'))
);
CREATE INDEX worklist_part_of ON worklist (part_of);
CREATE INDEX worklist_becomes ON worklist (becomes);
INSERT INTO worklist (id, title, staffed) VALUES ('region', 'Regionens lista', true);

-- Who works through a list: the assignments of its unit, as the directory has them, and whom the region names for its own.
CREATE TABLE worklist_member (
  role          text PRIMARY KEY,                  -- the PractitionerRole
  practitioner  text,
  organization  text,
  worklist      text REFERENCES worklist,
  person        text,                              -- HSA-id
  since         date,
  until         date,
  counts        boolean NOT NULL                   -- care, in use, and neither a student's nor a delegated task
);
CREATE INDEX worklist_member_worklist ON worklist_member (worklist);
CREATE INDEX worklist_member_person ON worklist_member (person);
CREATE INDEX worklist_member_practitioner ON worklist_member (practitioner);
CREATE INDEX worklist_member_organization ON worklist_member (organization);

-- When somebody is away, and who stands in.
CREATE TABLE absence (
  id            text PRIMARY KEY,
  person        text NOT NULL,
  since         timestamptz NOT NULL,
  until         timestamptz NOT NULL CHECK (until > since),
  deputy        text CHECK (deputy <> person),
  registered    timestamptz NOT NULL,
  registered_by text NOT NULL,
  ended         timestamptz
);
CREATE INDEX absence_person ON absence (person, until) WHERE ended IS NULL;

-- Who is on duty at a list, in the order in which they are asked.
CREATE TABLE duty (
  id            text PRIMARY KEY,
  worklist      text NOT NULL REFERENCES worklist,
  person        text NOT NULL,
  since         timestamptz NOT NULL,
  until         timestamptz NOT NULL CHECK (until > since),
  rank          int2 NOT NULL,
  registered    timestamptz NOT NULL,
  registered_by text NOT NULL,
  ended         timestamptz
);
CREATE INDEX duty_worklist ON duty (worklist, until) WHERE ended IS NULL;

-- The states and steps that there are (src/loop/machine.ts; a test holds them against each other).
CREATE TABLE loop_state (kind text, state text, ends boolean NOT NULL, PRIMARY KEY (kind, state), UNIQUE (kind, state, ends));
CREATE TABLE loop_step (kind text, from_state text, event text, state text NOT NULL, PRIMARY KEY (kind, from_state, event, state));
INSERT INTO loop_state (kind, state, ends) VALUES
  ('order', 'created', false), ('order', 'transferred', false), ('order', 'received', false), ('order', 'taken-over', false), ('order', 'completion-asked', false),
  ('order', 'returned', false), ('order', 'failed', false), ('order', 'answered', true), ('order', 'closed', true), ('order', 'cancelled', true),
  ('order', 'mistaken', true), ('referral', 'created', false), ('referral', 'transferred', false), ('referral', 'received', false), ('referral', 'taken-over', false),
  ('referral', 'completion-asked', false), ('referral', 'returned', false), ('referral', 'failed', false), ('referral', 'answered', true), ('referral', 'closed', true),
  ('referral', 'cancelled', true), ('referral', 'mistaken', true), ('result', 'received', false), ('result', 'read', false), ('result', 'acted-on', true),
  ('result', 'mistaken', true), ('letter', 'created', false), ('letter', 'transferred', false), ('letter', 'received', false), ('letter', 'failed', false),
  ('letter', 'read', true), ('letter', 'closed', true), ('letter', 'cancelled', true), ('letter', 'mistaken', true), ('message', 'received', false),
  ('message', 'taken-over', false), ('message', 'returned', false), ('message', 'answered', true), ('message', 'read', false), ('message', 'acted-on', true),
  ('message', 'closed', true), ('message', 'mistaken', true), ('task', 'created', false), ('task', 'taken-over', false), ('task', 'returned', false),
  ('task', 'acted-on', true), ('task', 'closed', true), ('task', 'cancelled', true), ('task', 'mistaken', true), ('call', 'created', false),
  ('call', 'taken-over', false), ('call', 'returned', false), ('call', 'booked', true), ('call', 'closed', true), ('call', 'cancelled', true),
  ('call', 'mistaken', true), ('signature', 'created', false), ('signature', 'acted-on', true), ('signature', 'mistaken', true), ('fault', 'created', false),
  ('fault', 'taken-over', false), ('fault', 'acted-on', true), ('fault', 'closed', true);

INSERT INTO loop_step (kind, from_state, event, state) VALUES
  ('order', '', 'open', 'created'), ('order', 'created', 'transfer', 'transferred'), ('order', 'created', 'receive', 'received'), ('order', 'created', 'take-over', 'taken-over'),
  ('order', 'created', 'return', 'returned'), ('order', 'created', 'fail', 'failed'), ('order', 'created', 'answer', 'answered'), ('order', 'created', 'cancel', 'cancelled'),
  ('order', 'created', 'mistake', 'mistaken'), ('order', 'created', 'assign', 'created'), ('order', 'created', 'move', 'created'), ('order', 'created', 'escalate', 'created'),
  ('order', 'created', 'restaff', 'created'), ('order', 'created', 'note', 'created'), ('order', 'transferred', 'receive', 'received'), ('order', 'transferred', 'take-over', 'taken-over'),
  ('order', 'transferred', 'return', 'returned'), ('order', 'transferred', 'fail', 'failed'), ('order', 'transferred', 'answer', 'answered'), ('order', 'transferred', 'cancel', 'cancelled'),
  ('order', 'transferred', 'mistake', 'mistaken'), ('order', 'transferred', 'assign', 'transferred'), ('order', 'transferred', 'move', 'transferred'), ('order', 'transferred', 'escalate', 'transferred'),
  ('order', 'transferred', 'restaff', 'transferred'), ('order', 'transferred', 'note', 'transferred'), ('order', 'received', 'take-over', 'taken-over'), ('order', 'received', 'forward', 'received'),
  ('order', 'received', 'ask-completion', 'completion-asked'), ('order', 'received', 'return', 'returned'), ('order', 'received', 'answer', 'answered'), ('order', 'received', 'cancel', 'cancelled'),
  ('order', 'received', 'mistake', 'mistaken'), ('order', 'received', 'assign', 'received'), ('order', 'received', 'move', 'received'), ('order', 'received', 'escalate', 'received'),
  ('order', 'received', 'restaff', 'received'), ('order', 'received', 'note', 'received'), ('order', 'taken-over', 'forward', 'received'), ('order', 'taken-over', 'ask-completion', 'completion-asked'),
  ('order', 'taken-over', 'return', 'returned'), ('order', 'taken-over', 'answer', 'answered'), ('order', 'taken-over', 'cancel', 'cancelled'), ('order', 'taken-over', 'mistake', 'mistaken'),
  ('order', 'taken-over', 'assign', 'taken-over'), ('order', 'taken-over', 'move', 'taken-over'), ('order', 'taken-over', 'escalate', 'taken-over'), ('order', 'taken-over', 'restaff', 'taken-over'),
  ('order', 'taken-over', 'note', 'taken-over'), ('order', 'completion-asked', 'receive', 'received'), ('order', 'completion-asked', 'take-over', 'taken-over'), ('order', 'completion-asked', 'complete', 'received'),
  ('order', 'completion-asked', 'return', 'returned'), ('order', 'completion-asked', 'answer', 'answered'), ('order', 'completion-asked', 'cancel', 'cancelled'), ('order', 'completion-asked', 'mistake', 'mistaken'),
  ('order', 'completion-asked', 'assign', 'completion-asked'), ('order', 'completion-asked', 'move', 'completion-asked'), ('order', 'completion-asked', 'escalate', 'completion-asked'), ('order', 'completion-asked', 'restaff', 'completion-asked'),
  ('order', 'completion-asked', 'note', 'completion-asked'), ('order', 'returned', 'receive', 'received'), ('order', 'returned', 'take-over', 'taken-over'), ('order', 'returned', 'resend', 'created'),
  ('order', 'returned', 'answer', 'answered'), ('order', 'returned', 'cancel', 'cancelled'), ('order', 'returned', 'close', 'closed'), ('order', 'returned', 'mistake', 'mistaken'),
  ('order', 'returned', 'assign', 'returned'), ('order', 'returned', 'move', 'returned'), ('order', 'returned', 'escalate', 'returned'), ('order', 'returned', 'restaff', 'returned'),
  ('order', 'returned', 'note', 'returned'), ('order', 'failed', 'transfer', 'transferred'), ('order', 'failed', 'receive', 'received'), ('order', 'failed', 'take-over', 'taken-over'),
  ('order', 'failed', 'return', 'returned'), ('order', 'failed', 'resend', 'created'), ('order', 'failed', 'answer', 'answered'), ('order', 'failed', 'cancel', 'cancelled'),
  ('order', 'failed', 'close', 'closed'), ('order', 'failed', 'mistake', 'mistaken'), ('order', 'failed', 'assign', 'failed'), ('order', 'failed', 'move', 'failed'),
  ('order', 'failed', 'escalate', 'failed'), ('order', 'failed', 'restaff', 'failed'), ('order', 'failed', 'note', 'failed'), ('order', 'answered', 'reopen', 'received'),
  ('order', 'answered', 'mistake', 'mistaken'), ('order', 'cancelled', 'reopen', 'created'), ('referral', '', 'open', 'created'), ('referral', 'created', 'transfer', 'transferred'),
  ('referral', 'created', 'receive', 'received'), ('referral', 'created', 'take-over', 'taken-over'), ('referral', 'created', 'return', 'returned'), ('referral', 'created', 'fail', 'failed'),
  ('referral', 'created', 'answer', 'answered'), ('referral', 'created', 'cancel', 'cancelled'), ('referral', 'created', 'mistake', 'mistaken'), ('referral', 'created', 'assign', 'created'),
  ('referral', 'created', 'move', 'created'), ('referral', 'created', 'escalate', 'created'), ('referral', 'created', 'restaff', 'created'), ('referral', 'created', 'note', 'created'),
  ('referral', 'transferred', 'receive', 'received'), ('referral', 'transferred', 'take-over', 'taken-over'), ('referral', 'transferred', 'return', 'returned'), ('referral', 'transferred', 'fail', 'failed'),
  ('referral', 'transferred', 'answer', 'answered'), ('referral', 'transferred', 'cancel', 'cancelled'), ('referral', 'transferred', 'mistake', 'mistaken'), ('referral', 'transferred', 'assign', 'transferred'),
  ('referral', 'transferred', 'move', 'transferred'), ('referral', 'transferred', 'escalate', 'transferred'), ('referral', 'transferred', 'restaff', 'transferred'), ('referral', 'transferred', 'note', 'transferred'),
  ('referral', 'received', 'take-over', 'taken-over'), ('referral', 'received', 'forward', 'received'), ('referral', 'received', 'ask-completion', 'completion-asked'), ('referral', 'received', 'return', 'returned'),
  ('referral', 'received', 'answer', 'answered'), ('referral', 'received', 'cancel', 'cancelled'), ('referral', 'received', 'mistake', 'mistaken'), ('referral', 'received', 'assign', 'received'),
  ('referral', 'received', 'move', 'received'), ('referral', 'received', 'escalate', 'received'), ('referral', 'received', 'restaff', 'received'), ('referral', 'received', 'note', 'received'),
  ('referral', 'taken-over', 'forward', 'received'), ('referral', 'taken-over', 'ask-completion', 'completion-asked'), ('referral', 'taken-over', 'return', 'returned'), ('referral', 'taken-over', 'answer', 'answered'),
  ('referral', 'taken-over', 'cancel', 'cancelled'), ('referral', 'taken-over', 'mistake', 'mistaken'), ('referral', 'taken-over', 'assign', 'taken-over'), ('referral', 'taken-over', 'move', 'taken-over'),
  ('referral', 'taken-over', 'escalate', 'taken-over'), ('referral', 'taken-over', 'restaff', 'taken-over'), ('referral', 'taken-over', 'note', 'taken-over'), ('referral', 'completion-asked', 'receive', 'received'),
  ('referral', 'completion-asked', 'take-over', 'taken-over'), ('referral', 'completion-asked', 'complete', 'received'), ('referral', 'completion-asked', 'return', 'returned'), ('referral', 'completion-asked', 'answer', 'answered'),
  ('referral', 'completion-asked', 'cancel', 'cancelled'), ('referral', 'completion-asked', 'mistake', 'mistaken'), ('referral', 'completion-asked', 'assign', 'completion-asked'), ('referral', 'completion-asked', 'move', 'completion-asked'),
  ('referral', 'completion-asked', 'escalate', 'completion-asked'), ('referral', 'completion-asked', 'restaff', 'completion-asked'), ('referral', 'completion-asked', 'note', 'completion-asked'), ('referral', 'returned', 'receive', 'received'),
  ('referral', 'returned', 'take-over', 'taken-over'), ('referral', 'returned', 'resend', 'created'), ('referral', 'returned', 'answer', 'answered'), ('referral', 'returned', 'cancel', 'cancelled'),
  ('referral', 'returned', 'close', 'closed'), ('referral', 'returned', 'mistake', 'mistaken'), ('referral', 'returned', 'assign', 'returned'), ('referral', 'returned', 'move', 'returned'),
  ('referral', 'returned', 'escalate', 'returned'), ('referral', 'returned', 'restaff', 'returned'), ('referral', 'returned', 'note', 'returned'), ('referral', 'failed', 'transfer', 'transferred'),
  ('referral', 'failed', 'receive', 'received'), ('referral', 'failed', 'take-over', 'taken-over'), ('referral', 'failed', 'return', 'returned'), ('referral', 'failed', 'resend', 'created'),
  ('referral', 'failed', 'answer', 'answered'), ('referral', 'failed', 'cancel', 'cancelled'), ('referral', 'failed', 'close', 'closed'), ('referral', 'failed', 'mistake', 'mistaken'),
  ('referral', 'failed', 'assign', 'failed'), ('referral', 'failed', 'move', 'failed'), ('referral', 'failed', 'escalate', 'failed'), ('referral', 'failed', 'restaff', 'failed'),
  ('referral', 'failed', 'note', 'failed'), ('referral', 'answered', 'reopen', 'received'), ('referral', 'answered', 'mistake', 'mistaken'), ('referral', 'cancelled', 'reopen', 'created'),
  ('result', '', 'open', 'received'), ('result', 'received', 'read', 'read'), ('result', 'received', 'act', 'acted-on'), ('result', 'received', 'correct', 'received'),
  ('result', 'received', 'mistake', 'mistaken'), ('result', 'received', 'assign', 'received'), ('result', 'received', 'move', 'received'), ('result', 'received', 'escalate', 'received'),
  ('result', 'received', 'restaff', 'received'), ('result', 'received', 'note', 'received'), ('result', 'read', 'act', 'acted-on'), ('result', 'read', 'correct', 'received'),
  ('result', 'read', 'mistake', 'mistaken'), ('result', 'read', 'assign', 'read'), ('result', 'read', 'move', 'read'), ('result', 'read', 'escalate', 'read'),
  ('result', 'read', 'restaff', 'read'), ('result', 'read', 'note', 'read'), ('result', 'acted-on', 'correct', 'received'), ('result', 'acted-on', 'reopen', 'received'),
  ('letter', '', 'open', 'created'), ('letter', 'created', 'transfer', 'transferred'), ('letter', 'created', 'receive', 'received'), ('letter', 'created', 'fail', 'failed'),
  ('letter', 'created', 'read', 'read'), ('letter', 'created', 'cancel', 'cancelled'), ('letter', 'created', 'mistake', 'mistaken'), ('letter', 'created', 'assign', 'created'),
  ('letter', 'created', 'move', 'created'), ('letter', 'created', 'escalate', 'created'), ('letter', 'created', 'restaff', 'created'), ('letter', 'created', 'note', 'created'),
  ('letter', 'transferred', 'receive', 'received'), ('letter', 'transferred', 'fail', 'failed'), ('letter', 'transferred', 'read', 'read'), ('letter', 'transferred', 'cancel', 'cancelled'),
  ('letter', 'transferred', 'mistake', 'mistaken'), ('letter', 'transferred', 'assign', 'transferred'), ('letter', 'transferred', 'move', 'transferred'), ('letter', 'transferred', 'escalate', 'transferred'),
  ('letter', 'transferred', 'restaff', 'transferred'), ('letter', 'transferred', 'note', 'transferred'), ('letter', 'received', 'fail', 'failed'), ('letter', 'received', 'read', 'read'),
  ('letter', 'received', 'close', 'closed'), ('letter', 'received', 'mistake', 'mistaken'), ('letter', 'received', 'assign', 'received'), ('letter', 'received', 'move', 'received'),
  ('letter', 'received', 'escalate', 'received'), ('letter', 'received', 'restaff', 'received'), ('letter', 'received', 'note', 'received'), ('letter', 'failed', 'transfer', 'transferred'),
  ('letter', 'failed', 'receive', 'received'), ('letter', 'failed', 'resend', 'created'), ('letter', 'failed', 'read', 'read'), ('letter', 'failed', 'cancel', 'cancelled'),
  ('letter', 'failed', 'close', 'closed'), ('letter', 'failed', 'mistake', 'mistaken'), ('letter', 'failed', 'assign', 'failed'), ('letter', 'failed', 'move', 'failed'),
  ('letter', 'failed', 'escalate', 'failed'), ('letter', 'failed', 'restaff', 'failed'), ('letter', 'failed', 'note', 'failed'), ('message', '', 'open', 'received'),
  ('message', 'received', 'take-over', 'taken-over'), ('message', 'received', 'forward', 'received'), ('message', 'received', 'return', 'returned'), ('message', 'received', 'answer', 'answered'),
  ('message', 'received', 'read', 'read'), ('message', 'received', 'act', 'acted-on'), ('message', 'received', 'mistake', 'mistaken'), ('message', 'received', 'assign', 'received'),
  ('message', 'received', 'move', 'received'), ('message', 'received', 'escalate', 'received'), ('message', 'received', 'restaff', 'received'), ('message', 'received', 'note', 'received'),
  ('message', 'taken-over', 'forward', 'received'), ('message', 'taken-over', 'answer', 'answered'), ('message', 'taken-over', 'act', 'acted-on'), ('message', 'taken-over', 'mistake', 'mistaken'),
  ('message', 'taken-over', 'assign', 'taken-over'), ('message', 'taken-over', 'move', 'taken-over'), ('message', 'taken-over', 'escalate', 'taken-over'), ('message', 'taken-over', 'restaff', 'taken-over'),
  ('message', 'taken-over', 'note', 'taken-over'), ('message', 'returned', 'resend', 'received'), ('message', 'returned', 'close', 'closed'), ('message', 'returned', 'mistake', 'mistaken'),
  ('message', 'returned', 'assign', 'returned'), ('message', 'returned', 'move', 'returned'), ('message', 'returned', 'escalate', 'returned'), ('message', 'returned', 'restaff', 'returned'),
  ('message', 'returned', 'note', 'returned'), ('message', 'read', 'take-over', 'taken-over'), ('message', 'read', 'forward', 'received'), ('message', 'read', 'answer', 'answered'),
  ('message', 'read', 'act', 'acted-on'), ('message', 'read', 'mistake', 'mistaken'), ('message', 'read', 'assign', 'read'), ('message', 'read', 'move', 'read'),
  ('message', 'read', 'escalate', 'read'), ('message', 'read', 'restaff', 'read'), ('message', 'read', 'note', 'read'), ('message', 'acted-on', 'reopen', 'received'),
  ('task', '', 'open', 'created'), ('task', 'created', 'take-over', 'taken-over'), ('task', 'created', 'return', 'returned'), ('task', 'created', 'act', 'acted-on'),
  ('task', 'created', 'cancel', 'cancelled'), ('task', 'created', 'mistake', 'mistaken'), ('task', 'created', 'assign', 'created'), ('task', 'created', 'move', 'created'),
  ('task', 'created', 'escalate', 'created'), ('task', 'created', 'restaff', 'created'), ('task', 'created', 'note', 'created'), ('task', 'taken-over', 'return', 'returned'),
  ('task', 'taken-over', 'act', 'acted-on'), ('task', 'taken-over', 'cancel', 'cancelled'), ('task', 'taken-over', 'mistake', 'mistaken'), ('task', 'taken-over', 'assign', 'taken-over'),
  ('task', 'taken-over', 'move', 'taken-over'), ('task', 'taken-over', 'escalate', 'taken-over'), ('task', 'taken-over', 'restaff', 'taken-over'), ('task', 'taken-over', 'note', 'taken-over'),
  ('task', 'returned', 'resend', 'created'), ('task', 'returned', 'cancel', 'cancelled'), ('task', 'returned', 'close', 'closed'), ('task', 'returned', 'mistake', 'mistaken'),
  ('task', 'returned', 'assign', 'returned'), ('task', 'returned', 'move', 'returned'), ('task', 'returned', 'escalate', 'returned'), ('task', 'returned', 'restaff', 'returned'),
  ('task', 'returned', 'note', 'returned'), ('task', 'acted-on', 'reopen', 'created'), ('call', '', 'open', 'created'), ('call', 'created', 'take-over', 'taken-over'),
  ('call', 'created', 'return', 'returned'), ('call', 'created', 'book', 'booked'), ('call', 'created', 'cancel', 'cancelled'), ('call', 'created', 'close', 'closed'),
  ('call', 'created', 'mistake', 'mistaken'), ('call', 'created', 'assign', 'created'), ('call', 'created', 'move', 'created'), ('call', 'created', 'escalate', 'created'),
  ('call', 'created', 'restaff', 'created'), ('call', 'created', 'note', 'created'), ('call', 'taken-over', 'return', 'returned'), ('call', 'taken-over', 'book', 'booked'),
  ('call', 'taken-over', 'cancel', 'cancelled'), ('call', 'taken-over', 'close', 'closed'), ('call', 'taken-over', 'mistake', 'mistaken'), ('call', 'taken-over', 'assign', 'taken-over'),
  ('call', 'taken-over', 'move', 'taken-over'), ('call', 'taken-over', 'escalate', 'taken-over'), ('call', 'taken-over', 'restaff', 'taken-over'), ('call', 'taken-over', 'note', 'taken-over'),
  ('call', 'returned', 'resend', 'created'), ('call', 'returned', 'book', 'booked'), ('call', 'returned', 'cancel', 'cancelled'), ('call', 'returned', 'close', 'closed'),
  ('call', 'returned', 'mistake', 'mistaken'), ('call', 'returned', 'assign', 'returned'), ('call', 'returned', 'move', 'returned'), ('call', 'returned', 'escalate', 'returned'),
  ('call', 'returned', 'restaff', 'returned'), ('call', 'returned', 'note', 'returned'), ('call', 'booked', 'unbook', 'created'), ('call', 'booked', 'mistake', 'mistaken'), ('call', 'closed', 'reopen', 'created'), ('call', 'cancelled', 'reopen', 'created'),
  ('signature', '', 'open', 'created'), ('signature', 'created', 'act', 'acted-on'), ('signature', 'created', 'mistake', 'mistaken'), ('signature', 'created', 'assign', 'created'),
  ('signature', 'created', 'move', 'created'), ('signature', 'created', 'escalate', 'created'), ('signature', 'created', 'restaff', 'created'), ('signature', 'created', 'note', 'created'),
  ('signature', 'acted-on', 'reopen', 'created'), ('fault', '', 'open', 'created'), ('fault', 'created', 'take-over', 'taken-over'), ('fault', 'created', 'act', 'acted-on'),
  ('fault', 'created', 'close', 'closed'), ('fault', 'created', 'assign', 'created'), ('fault', 'created', 'move', 'created'), ('fault', 'created', 'escalate', 'created'),
  ('fault', 'created', 'restaff', 'created'), ('fault', 'created', 'note', 'created'), ('fault', 'taken-over', 'act', 'acted-on'), ('fault', 'taken-over', 'close', 'closed'),
  ('fault', 'taken-over', 'assign', 'taken-over'), ('fault', 'taken-over', 'move', 'taken-over'), ('fault', 'taken-over', 'escalate', 'taken-over'), ('fault', 'taken-over', 'restaff', 'taken-over'),
  ('fault', 'taken-over', 'note', 'taken-over'), ('fault', 'acted-on', 'reopen', 'created'), ('fault', 'closed', 'reopen', 'created');

-- A loop as it stands. That an open one has an owner who works, and that a closed one is at an end, are keys and not code.
CREATE TABLE loop (
  home          int4 NOT NULL,
  id            text NOT NULL,
  kind          text NOT NULL,
  subject_type  text NOT NULL,
  subject_id    text NOT NULL,
  recipient     text NOT NULL DEFAULT '',
  patient       text,
  state         text NOT NULL,
  owner         text,
  owner_staffed boolean GENERATED ALWAYS AS (CASE WHEN owner IS NULL THEN NULL ELSE true END) STORED,
  responsible   text,
  sender        text NOT NULL REFERENCES worklist,
  sent_by       text,                              -- the person at the sender's who asked
  receiver      text REFERENCES worklist,
  risk          int2 NOT NULL CHECK (risk BETWEEN 0 AND 3),
  opened        timestamptz NOT NULL,
  since         timestamptz NOT NULL,
  deadline      timestamptz,
  level         int2 NOT NULL CHECK (level >= 0),
  version       int4 NOT NULL CHECK (version > 0),
  parent        text,
  closed        timestamptz,
  ends          boolean NOT NULL GENERATED ALWAYS AS (closed IS NOT NULL) STORED,
  PRIMARY KEY (id, home),
  UNIQUE (subject_type, subject_id, kind, recipient, home),
  CHECK ((closed IS NULL) = (owner IS NOT NULL)),
  CHECK ((closed IS NULL) = (deadline IS NOT NULL)),
  FOREIGN KEY (owner, owner_staffed) REFERENCES worklist (id, staffed),
  FOREIGN KEY (kind, state, ends) REFERENCES loop_state (kind, state, ends)
);
CREATE INDEX loop_owner ON loop (owner, risk, deadline) WHERE closed IS NULL;
CREATE INDEX loop_sender ON loop (sender, since) WHERE closed IS NULL;
CREATE INDEX loop_sent_by ON loop (sent_by, since) WHERE closed IS NULL;
CREATE INDEX loop_receiver ON loop (receiver) WHERE closed IS NULL;
CREATE INDEX loop_responsible ON loop (responsible) WHERE closed IS NULL;
CREATE INDEX loop_deadline ON loop (deadline) WHERE closed IS NULL;
CREATE INDEX loop_failed ON loop (state, since) WHERE closed IS NULL AND state IN ('failed', 'returned');
CREATE INDEX loop_critical ON loop (deadline) WHERE closed IS NULL AND risk = 0;
CREATE INDEX loop_patient ON loop (patient) WHERE patient IS NOT NULL;
CREATE INDEX loop_parent ON loop (parent) WHERE parent IS NOT NULL;

-- Every step of every loop, only added to. Each refers to a step that there is and to the one before it.
CREATE TABLE loop_event (
  home          int4 NOT NULL,
  loop          text NOT NULL,
  version       int4 NOT NULL,
  kind          text NOT NULL,
  from_state    text NOT NULL,
  event         text NOT NULL,
  state         text NOT NULL,
  at            timestamptz NOT NULL,
  by            text NOT NULL,
  unit          text,
  owner         text,
  responsible   text,
  level         int2 NOT NULL,
  key           text,
  note          text,
  before        int4 GENERATED ALWAYS AS (CASE WHEN version > 1 THEN version - 1 END) STORED,
  PRIMARY KEY (loop, version, home),
  UNIQUE (loop, version, state, home),
  UNIQUE (loop, key, home),
  CHECK ((version = 1) = (event = 'open')),
  FOREIGN KEY (kind, from_state, event, state) REFERENCES loop_step (kind, from_state, event, state),
  FOREIGN KEY (loop, before, from_state, home) REFERENCES loop_event (loop, version, state, home)
);
ALTER TABLE loop ADD FOREIGN KEY (id, version, state, home) REFERENCES loop_event (loop, version, state, home) DEFERRABLE INITIALLY DEFERRED;

-- Whether a person works anywhere and is not away.
CREATE FUNCTION eira_present(who text, at timestamptz) RETURNS boolean LANGUAGE sql STABLE SET search_path FROM CURRENT AS $$
  SELECT EXISTS (SELECT FROM worklist_member AS m WHERE m.person = who AND m.counts AND m.worklist IS NOT NULL
                    AND (m.since IS NULL OR m.since <= (at AT TIME ZONE 'Europe/Stockholm')::date)
                    AND (m.until IS NULL OR m.until >= (at AT TIME ZONE 'Europe/Stockholm')::date))
     AND NOT EXISTS (SELECT FROM absence AS a WHERE a.person = who AND a.ended IS NULL AND a.since <= at AND a.until > at) $$;

-- Who stands in for somebody who is away; deputies of deputies, until one is there.
CREATE FUNCTION eira_deputy(who text, at timestamptz) RETURNS text LANGUAGE plpgsql STABLE SET search_path FROM CURRENT AS $$
DECLARE
  seen text[] := ARRAY[who];
  one text := who;
BEGIN
  LOOP
    SELECT a.deputy INTO one FROM absence AS a WHERE a.person = one AND a.ended IS NULL AND a.since <= at AND a.until > at AND a.deputy IS NOT NULL
     ORDER BY a.registered DESC, a.id LIMIT 1;
    IF one IS NULL OR one = ANY (seen) THEN RETURN NULL; END IF;
    IF eira_present(one, at) THEN RETURN one; END IF;
    seen := seen || one;
  END LOOP;
END $$;

-- Whether a list would have somebody who works through it.
CREATE FUNCTION eira_would_be_staffed(list text, at timestamptz) RETURNS boolean LANGUAGE sql STABLE SET search_path FROM CURRENT AS $$
  SELECT list = 'region' OR (
    (SELECT w.status = 'open' FROM worklist AS w WHERE w.id = list)
    AND EXISTS (SELECT FROM worklist_member AS m WHERE m.worklist = list AND m.counts AND m.person IS NOT NULL
                   AND (m.since IS NULL OR m.since <= (at AT TIME ZONE 'Europe/Stockholm')::date)
                   AND (m.until IS NULL OR m.until >= (at AT TIME ZONE 'Europe/Stockholm')::date)
                   AND NOT EXISTS (SELECT FROM absence AS a WHERE a.person = m.person AND a.ended IS NULL AND a.since <= at AND a.until > at))) $$;

-- Moves what is open to other hands, with its step in the ledger. `holders` says for each loop who gets it; what is life-threatening goes to
-- whoever is on duty next, at once: a deputy need not be on duty.
CREATE FUNCTION eira_rehand(holders json, at timestamptz, why text) RETURNS int4 LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
  moved int4;
BEGIN
  WITH given AS (SELECT * FROM json_to_recordset(holders) AS h(home int4, id text, owner text, responsible text)),
  changed AS (UPDATE loop AS l SET owner = g.owner, version = l.version + 1,
                responsible = CASE WHEN l.risk > 0 THEN g.responsible END,
                deadline = CASE WHEN l.risk > 0 THEN l.deadline ELSE least(l.deadline, eira_rehand.at) END FROM given AS g
              WHERE l.id = g.id AND l.home = g.home AND l.closed IS NULL RETURNING l.*)
  INSERT INTO loop_event (home, loop, version, kind, from_state, event, state, at, by, owner, responsible, level, note)
  SELECT home, id, version, kind, state, 'restaff', state, eira_rehand.at, 'system', owner, responsible, level, why FROM changed;
  GET DIAGNOSTICS moved = ROW_COUNT;
  RETURN moved;
END $$;

-- Makes `staffed` of each list true to who works there at a moment. What an emptied list had goes to what it became, else to the nearest
-- list above it that has somebody, in the same transaction; without that the keys refuse.
CREATE FUNCTION eira_restaff(lists text[], at timestamptz) RETURNS int4 LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
  emptied text[];
  list text;
  target text;
  seen text[];
  moved int4 := 0;
BEGIN
  UPDATE worklist AS w SET staffed = true WHERE NOT w.staffed AND (lists IS NULL OR w.id = ANY (lists)) AND eira_would_be_staffed(w.id, at);
  SELECT array_agg(w.id ORDER BY w.id) INTO emptied FROM worklist AS w
   WHERE w.staffed AND (lists IS NULL OR w.id = ANY (lists)) AND NOT eira_would_be_staffed(w.id, at);
  FOREACH list IN ARRAY coalesce(emptied, '{}') LOOP
    target := list;
    seen := '{}';
    LOOP
      seen := seen || target;
      SELECT coalesce(w.merged_into, w.parent, 'region') INTO target FROM worklist AS w WHERE w.id = target;
      IF target IS NULL OR target = ANY (seen) THEN target := 'region'; END IF;
      EXIT WHEN target = 'region' OR ((SELECT w.staffed FROM worklist AS w WHERE w.id = target) AND NOT target = ANY (emptied));
    END LOOP;
    moved := moved + eira_rehand(
      (SELECT json_agg(json_build_object('home', l.home, 'id', l.id, 'owner', target, 'responsible', NULL))
         FROM (SELECT home, id FROM loop WHERE owner = list AND closed IS NULL ORDER BY id FOR NO KEY UPDATE) AS l),
      at, 'the list ' || list || ' has nobody');
    UPDATE worklist SET staffed = false WHERE id = list;
  END LOOP;
  RETURN moved;
END $$;

-- What people who are not at work answered for goes to who stands in for them, else to their whole list.
CREATE FUNCTION eira_relieve(at timestamptz) RETURNS int4 LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
  one text := '';
  moved int4 := 0;
BEGIN
  LOOP
    SELECT min(responsible) INTO one FROM loop WHERE closed IS NULL AND responsible > one;
    EXIT WHEN one IS NULL;
    CONTINUE WHEN eira_present(one, at);
    moved := moved + eira_rehand(
      (SELECT json_agg(json_build_object('home', l.home, 'id', l.id, 'owner', l.owner, 'responsible', eira_deputy(one, at)))
         FROM (SELECT home, id, owner FROM loop WHERE responsible = one AND closed IS NULL ORDER BY id FOR NO KEY UPDATE) AS l),
      at, one || ' is not at work');
  END LOOP;
  RETURN moved;
END $$;

-- The lists follow the directory, whoever writes it.
CREATE FUNCTION eira_hsa(content json) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT one ->> 'value' FROM json_array_elements(CASE json_typeof(content -> 'identifier') WHEN 'array' THEN content -> 'identifier' ELSE '[]' END) AS one
   WHERE one ->> 'system' IN ('urn:oid:1.2.752.29.4.19', '1.2.752.29.4.19', 'urn:oid:1.2.752.129.2.1.4.1', '1.2.752.129.2.1.4.1') LIMIT 1 $$;

-- The first or last day of a date that may say only year or month.
CREATE FUNCTION eira_day(written text, is_last boolean) RETURNS date LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE length(written)
    WHEN 4 THEN make_date(written::int, CASE WHEN is_last THEN 12 ELSE 1 END, CASE WHEN is_last THEN 31 ELSE 1 END)
    WHEN 7 THEN (make_date(left(written, 4)::int, right(written, 2)::int, 1) + CASE WHEN is_last THEN interval '1 month - 1 day' ELSE interval '0' END)::date
    ELSE make_date(left(written, 4)::int, substr(written, 6, 2)::int, substr(written, 9, 2)::int) END WHERE written IS NOT NULL $$;

CREATE FUNCTION eira_extension(content json, wanted text) RETURNS json LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT one FROM json_array_elements(CASE json_typeof(content -> 'extension') WHEN 'array' THEN content -> 'extension' ELSE '[]' END) AS one
   WHERE one ->> 'url' = wanted LIMIT 1 $$;

-- Units that say what they are part of, and what they became (extension urn:eira:ersatt-av). Parents may come after their parts.
CREATE FUNCTION eira_list_of(unit text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
  name text := 'Organization/' || unit;
  touched text[];
BEGIN
  INSERT INTO worklist (id, title, organization, parent, care_unit, part_of, becomes)
  SELECT hsa, coalesce(content ->> 'name', hsa), name, 'region', hsa, content #>> '{partOf,reference}',
         eira_extension(content, 'urn:eira:ersatt-av') #>> '{valueReference,reference}'
    FROM (SELECT o.content::json AS content, eira_hsa(o.content::json) AS hsa FROM organization AS o WHERE o.id = unit) AS found
   WHERE hsa IS NOT NULL AND hsa <> 'region'
  ON CONFLICT (id) DO UPDATE SET title = excluded.title, organization = excluded.organization, part_of = excluded.part_of, becomes = excluded.becomes;
  SELECT array_agg(id) INTO touched FROM worklist WHERE organization = name OR part_of = name OR becomes = name;
  UPDATE worklist AS w SET
      parent = coalesce((SELECT p.id FROM worklist AS p WHERE p.organization = w.part_of AND p.id <> w.id), 'region'),
      merged_into = (SELECT p.id FROM worklist AS p WHERE p.organization = w.becomes AND p.id <> w.id)
    WHERE w.id = ANY (touched);
  WITH RECURSIVE under AS (SELECT id, 0 AS depth FROM worklist WHERE id = ANY (touched)
    UNION SELECT w.id, under.depth + 1 FROM under JOIN worklist AS w ON w.parent = under.id WHERE under.depth < 20)
  UPDATE worklist AS w SET care_provider = (
      WITH RECURSIVE up AS (SELECT w.id AS id, w.parent AS parent, 0 AS depth
        UNION ALL SELECT p.id, p.parent, up.depth + 1 FROM up JOIN worklist AS p ON p.id = up.parent WHERE p.id <> 'region' AND up.depth < 20)
      SELECT id FROM up ORDER BY depth DESC LIMIT 1)
   WHERE w.id IN (SELECT id FROM under);
  PERFORM eira_close_lists(touched);
END $$;

-- A unit that is not in use, or no longer in the directory, is closed: first its list is emptied, then it says so.
CREATE FUNCTION eira_close_lists(lists text[]) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
  closing text[];
BEGIN
  SELECT array_agg(w.id) INTO closing FROM worklist AS w LEFT JOIN organization AS o ON 'Organization/' || o.id = w.organization
   WHERE w.id = ANY (lists) AND w.id <> 'region' AND (o.id IS NULL OR o.content::json ->> 'active' = 'false');
  UPDATE worklist SET status = 'open' WHERE id = ANY (lists) AND NOT id = ANY (coalesce(closing, '{}')) AND status = 'closed';
  UPDATE worklist_member SET worklist = NULL WHERE worklist = ANY (closing);
  UPDATE worklist_member AS m SET worklist = w.id FROM worklist AS w
   WHERE w.organization = m.organization AND w.id = ANY (lists) AND NOT w.id = ANY (coalesce(closing, '{}')) AND m.worklist IS DISTINCT FROM w.id;
  PERFORM eira_restaff(lists, clock_timestamp());
  UPDATE worklist SET status = 'closed' WHERE id = ANY (closing);
END $$;

-- The assignments that work through lists: for care, in use, neither a student's nor a delegated task.
CREATE FUNCTION eira_members_of(roles text[]) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
  lists text[];
BEGIN
  SELECT array_agg(worklist) INTO lists FROM worklist_member WHERE role = ANY (roles) AND worklist IS NOT NULL;
  DELETE FROM worklist_member AS m WHERE m.role = ANY (roles) AND m.organization IS NOT NULL AND NOT EXISTS (SELECT FROM practitionerrole AS r WHERE r.id = m.role);
  INSERT INTO worklist_member (role, practitioner, organization, worklist, person, since, until, counts)
  SELECT r.id, r.content #>> '{practitioner,reference}', coalesce(r.content #>> '{organization,reference}', ''), w.id,
         (SELECT eira_hsa(p.content::json) FROM practitioner AS p WHERE p.id = split_part(r.content #>> '{practitioner,reference}', '/', 2)),
         eira_day(r.content #>> '{period,start}', false), eira_day(r.content #>> '{period,end}', true),
         coalesce(r.content ->> 'active', 'true') = 'true'
           AND coalesce((SELECT one ->> 'valueString' FROM json_array_elements(eira_extension(r.content, 'urn:eira:uppdrag') -> 'extension') AS one
                          WHERE one ->> 'url' = 'purpose'), 'Vård och behandling') = 'Vård och behandling'
           AND coalesce((SELECT one ->> 'valueString' FROM json_array_elements(eira_extension(r.content, 'urn:eira:grund-for-uppdrag') -> 'extension') AS one
                          WHERE one ->> 'url' = 'kind'), 'deputy') = 'deputy'
    FROM (SELECT id, content::json AS content FROM practitionerrole WHERE id = ANY (roles)) AS r
    LEFT JOIN worklist AS w ON w.organization = r.content #>> '{organization,reference}' AND w.status = 'open'
  ON CONFLICT (role) DO UPDATE SET practitioner = excluded.practitioner, organization = excluded.organization, worklist = excluded.worklist,
    person = excluded.person, since = excluded.since, until = excluded.until, counts = excluded.counts;
  SELECT lists || array_agg(worklist) INTO lists FROM worklist_member WHERE role = ANY (roles) AND worklist IS NOT NULL;
  PERFORM eira_restaff(coalesce(lists, '{}'), clock_timestamp());
END $$;

-- When all of a change stands, so that a version that takes the place of another is not taken for an end.
CREATE FUNCTION eira_directory_changed() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
  which text := CASE WHEN TG_OP = 'DELETE' THEN OLD.id ELSE NEW.id END;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('worklists', 0)); -- one change of the lists at a time
  CASE TG_ARGV[0]
    WHEN 'Organization' THEN PERFORM eira_list_of(which);
    WHEN 'PractitionerRole' THEN PERFORM eira_members_of(ARRAY[which]);
    ELSE PERFORM eira_members_of((SELECT array_agg(m.role) FROM worklist_member AS m WHERE m.practitioner = 'Practitioner/' || which));
  END CASE;
  RETURN NULL;
END $$;

DO $$
DECLARE
  type text;
  one text;
BEGIN
  FOREACH type IN ARRAY ARRAY['Organization', 'Practitioner', 'PractitionerRole'] LOOP
    EXECUTE format('CREATE CONSTRAINT TRIGGER worklists AFTER INSERT OR UPDATE OR DELETE ON %I DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION eira_directory_changed(%L)', lower(type), type);
  END LOOP;
  FOR one IN SELECT id FROM organization ORDER BY id LOOP PERFORM eira_list_of(one); END LOOP;
  PERFORM eira_members_of((SELECT array_agg(id) FROM practitionerrole));
END $$;

-- What the ledger has about resources, held until the transaction ends, and which of some steps were taken before.
CREATE FUNCTION eira_loops_of(subjects text[], ids text[], keys text[]) RETURNS TABLE (found loop, taken text[])
  LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT SET plan_cache_mode = force_generic_plan AS $$
DECLARE
  wanted text[];
BEGIN
  SELECT array_agg(a.id) || array_agg(a.parent) INTO wanted FROM (
    SELECT b.id, b.parent FROM unnest(subjects) AS s(name) JOIN loop AS b ON b.subject_type = split_part(s.name, '/', 1) AND b.subject_id = split_part(s.name, '/', 2)
    UNION ALL SELECT b.id, b.parent FROM loop AS b WHERE b.id = ANY (ids)) AS a;
  IF wanted IS NULL THEN RETURN; END IF;
  RETURN QUERY SELECT l, (SELECT array_agg(e.key) FROM loop_event AS e WHERE e.loop = l.id AND e.home = l.home AND e.key = ANY (keys))
    FROM loop AS l WHERE l.id = ANY (wanted) ORDER BY l.id FOR NO KEY UPDATE OF l;
END $$;

-- Where references lead: to which list, and to whom; of a request to who asked.
CREATE FUNCTION eira_place_of(reference text) RETURNS TABLE (worklist text, person text) LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path FROM CURRENT SET plan_cache_mode = force_generic_plan AS $$
BEGIN
  CASE split_part(reference, '/', 1)
    WHEN 'Organization' THEN RETURN QUERY SELECT w.id, NULL::text FROM worklist AS w WHERE w.organization = reference;
    WHEN 'PractitionerRole' THEN RETURN QUERY SELECT m.worklist, m.person FROM worklist_member AS m WHERE m.role = split_part(reference, '/', 2);
    WHEN 'Practitioner' THEN RETURN QUERY SELECT NULL::text, min(m.person) FROM worklist_member AS m WHERE m.practitioner = reference;
    WHEN 'ServiceRequest' THEN RETURN QUERY
      SELECT w.id, asked.person FROM servicerequest AS r LEFT JOIN worklist AS w ON w.id = r.care_unit
        LEFT JOIN LATERAL eira_place_of(r.content::json #>> '{requester,reference}') AS asked ON r.content::json #>> '{requester,reference}' NOT LIKE 'ServiceRequest/%'
       WHERE r.id = split_part(reference, '/', 2);
    WHEN 'HealthcareService', 'Location' THEN RETURN QUERY SELECT w.id, NULL::text FROM eira_unit_of(reference) AS u JOIN worklist AS w ON w.id = u.care_unit;
    ELSE NULL;
  END CASE;
END $$;

-- All that the ledger asks at the beginning of a commit, in one answer: where references lead, the loops that it is about, the lists that
-- these stand on with all above them, who of the people is at work, and who is on duty.
CREATE FUNCTION eira_ledger_look(subjects text[], ids text[], keys text[], refs text[], lists text[], at timestamptz) RETURNS json
  LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT SET plan_cache_mode = force_generic_plan AS $$
DECLARE
  places json;
  loops json;
  above json;
  named text[];
  people text[];
BEGIN
  SELECT json_agg(json_build_object('reference', r, 'worklist', p.worklist, 'person', p.person)), array_agg(p.worklist), array_agg(p.person)
    INTO places, named, people FROM unnest(refs) AS r CROSS JOIN LATERAL eira_place_of(r) AS p;
  IF cardinality(subjects) + cardinality(ids) > 0 THEN
    SELECT json_agg(json_build_object('loop', json_build_object('home', (h.found).home, 'id', (h.found).id, 'kind', (h.found).kind,
        'type', (h.found).subject_type, 'subject', (h.found).subject_id, 'recipient', (h.found).recipient, 'patient', (h.found).patient,
        'state', (h.found).state, 'owner', (h.found).owner, 'responsible', (h.found).responsible, 'sender', (h.found).sender,
        'sentBy', (h.found).sent_by, 'receiver', (h.found).receiver, 'risk', (h.found).risk,
        'opened', round(extract(epoch FROM (h.found).opened) * 1000), 'since', round(extract(epoch FROM (h.found).since) * 1000),
        'deadline', round(extract(epoch FROM (h.found).deadline) * 1000), 'level', (h.found).level, 'version', (h.found).version,
        'parent', (h.found).parent, 'closed', round(extract(epoch FROM (h.found).closed) * 1000)), 'taken', h.taken)),
        named || array_agg((h.found).owner) || array_agg((h.found).sender) || array_agg((h.found).receiver),
        people || array_agg((h.found).responsible) || array_agg((h.found).sent_by)
      INTO loops, named, people FROM eira_loops_of(subjects, ids, keys) AS h;
  END IF;
  named := coalesce(named, '{}') || lists;
  WITH RECURSIVE up AS (SELECT id, parent, merged_into FROM worklist WHERE id = ANY (named) OR id = 'region'
    UNION SELECT w.id, w.parent, w.merged_into FROM up CROSS JOIN LATERAL (VALUES (up.parent), (up.merged_into)) AS next (id) JOIN worklist AS w ON w.id = next.id)
  SELECT json_agg(json_build_object('id', w.id, 'title', w.title, 'careProvider', w.care_provider, 'careUnit', w.care_unit, 'parent', w.parent,
      'staffed', w.staffed, 'status', w.status, 'mergedInto', w.merged_into, 'channel', w.channel, 'organization', w.organization)), array_agg(w.id)
    INTO above, named FROM worklist AS w WHERE w.id IN (SELECT id FROM up);
  RETURN json_build_object('places', coalesce(places, '[]'), 'loops', coalesce(loops, '[]'), 'lists', above, 'roster', json_build_object(
    'people', (SELECT coalesce(json_agg(json_build_object('person', p, 'isPresent', eira_present(p, at), 'deputy', eira_deputy(p, at))), '[]')
                 FROM (SELECT DISTINCT p FROM unnest(people) AS p WHERE p IS NOT NULL) AS who),
    'duty', (SELECT coalesce(json_agg(json_build_object('worklist', d.worklist, 'person', d.person) ORDER BY d.worklist, d.rank, d.person), '[]')
               FROM duty AS d WHERE d.worklist = ANY (named) AND d.ended IS NULL AND d.since <= at AND d.until > at AND eira_present(d.person, at))));
END $$;

-- Writes loops and their steps. Whoever found another version than stands here was overtaken, and begins again.
CREATE FUNCTION eira_loops_write(loops json, events json) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT SET plan_cache_mode = force_generic_plan AS $$
DECLARE
  wanted int4 := json_array_length(loops);
  written int4;
  changed int4;
BEGIN
  INSERT INTO loop_event (home, loop, version, kind, from_state, event, state, at, by, unit, owner, responsible, level, key, note)
  SELECT home, loop, version, kind, "from", event, state, at, by, unit, owner, responsible, level, key, note
    FROM json_to_recordset(events) AS e(home int4, loop text, version int4, kind text, "from" text, event text, state text, at timestamptz, by text,
      unit text, owner text, responsible text, level int2, key text, note text);
  INSERT INTO loop (home, id, kind, subject_type, subject_id, recipient, patient, state, owner, responsible, sender, sent_by, receiver, risk, opened, since,
      deadline, level, version, parent, closed)
  SELECT home, id, kind, type, subject, recipient, patient, state, owner, responsible, sender, "sentBy", receiver, risk, opened, since, deadline, level, version, parent, closed
    FROM json_to_recordset(loops) AS l(home int4, id text, kind text, type text, subject text, recipient text, patient text, state text, owner text,
      responsible text, sender text, "sentBy" text, receiver text, risk int2, opened timestamptz, since timestamptz, deadline timestamptz, level int2, version int4,
      parent text, closed timestamptz, was int4) WHERE l.was = 0;
  GET DIAGNOSTICS written = ROW_COUNT;
  UPDATE loop AS b SET state = l.state, owner = l.owner, responsible = l.responsible, receiver = l.receiver, risk = l.risk, since = l.since,
      deadline = l.deadline, level = l.level, version = l.version, closed = l.closed, patient = l.patient
    FROM json_to_recordset(loops) AS l(home int4, id text, patient text, state text, owner text, responsible text, receiver text, risk int2, since timestamptz,
      deadline timestamptz, level int2, version int4, closed timestamptz, was int4)
   WHERE l.was > 0 AND b.id = l.id AND b.home = l.home AND b.version = l.was;
  GET DIAGNOSTICS changed = ROW_COUNT;
  IF written + changed <> wanted THEN RAISE EXCEPTION 'a loop was moved by somebody else' USING ERRCODE = '40001'; END IF;
EXCEPTION WHEN foreign_key_violation THEN
  -- A list was emptied meanwhile: begun again, the loop finds the one above it.
  RAISE EXCEPTION 'a list is not as it was' USING ERRCODE = '40001';
END $$;

-- The lists that the reader works through: those of the unit, or those where the person is named. Clients of one care provider have all of its.
CREATE FUNCTION eira_worklists() RETURNS text[] LANGUAGE sql STABLE SECURITY DEFINER SET search_path FROM CURRENT AS $$
  SELECT coalesce(array_agg(w.id), '{}') FROM worklist AS w
   WHERE CASE WHEN eira_unit() <> '' THEN w.care_unit = eira_unit() ELSE w.care_provider = eira_reach() END
      OR (eira_employee() <> '' AND w.id IN (SELECT m.worklist FROM worklist_member AS m WHERE m.person = eira_employee() AND m.organization IS NULL AND m.counts)) $$;

ALTER TABLE loop ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON loop FOR SELECT TO eira_app USING ((SELECT eira_reach()) = '*' OR owner = ANY ((SELECT eira_worklists())::text[])
  OR sender = ANY ((SELECT eira_worklists())::text[]) OR receiver = ANY ((SELECT eira_worklists())::text[]));
ALTER TABLE loop_event ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON loop_event FOR SELECT TO eira_app USING ((SELECT eira_reach()) = '*'
  OR EXISTS (SELECT FROM loop AS l WHERE l.id = loop_event.loop AND l.home = loop_event.home)); -- under the policy of the loop itself

GRANT SELECT ON worklist, worklist_member, absence, duty, loop, loop_event, loop_state, loop_step TO eira_app;
GRANT INSERT, UPDATE ON absence, duty TO eira_app;
GRANT UPDATE (channel) ON worklist TO eira_app;
