-- Specimens on their way to a laboratory are loops of a kind of their own (src/loop/machine.ts; a test holds them against each other).
-- SPEC LOOP-SPECIMEN-1

INSERT INTO loop_state (kind, state, ends) VALUES
  ('specimen', 'created', false), ('specimen', 'transferred', false), ('specimen', 'received', true), ('specimen', 'failed', false),
  ('specimen', 'acted-on', true), ('specimen', 'closed', true), ('specimen', 'mistaken', true);

INSERT INTO loop_step (kind, from_state, event, state) VALUES
  ('specimen', '', 'open', 'created'), ('specimen', 'created', 'transfer', 'transferred'), ('specimen', 'created', 'receive', 'received'), ('specimen', 'created', 'fail', 'failed'),
  ('specimen', 'created', 'mistake', 'mistaken'), ('specimen', 'created', 'assign', 'created'), ('specimen', 'created', 'move', 'created'), ('specimen', 'created', 'escalate', 'created'),
  ('specimen', 'created', 'restaff', 'created'), ('specimen', 'created', 'note', 'created'), ('specimen', 'transferred', 'receive', 'received'), ('specimen', 'transferred', 'fail', 'failed'),
  ('specimen', 'transferred', 'mistake', 'mistaken'), ('specimen', 'transferred', 'assign', 'transferred'), ('specimen', 'transferred', 'move', 'transferred'), ('specimen', 'transferred', 'escalate', 'transferred'),
  ('specimen', 'transferred', 'restaff', 'transferred'), ('specimen', 'transferred', 'note', 'transferred'), ('specimen', 'received', 'fail', 'failed'), ('specimen', 'received', 'mistake', 'mistaken'),
  ('specimen', 'failed', 'receive', 'received'), ('specimen', 'failed', 'act', 'acted-on'), ('specimen', 'failed', 'close', 'closed'), ('specimen', 'failed', 'mistake', 'mistaken'),
  ('specimen', 'failed', 'assign', 'failed'), ('specimen', 'failed', 'move', 'failed'), ('specimen', 'failed', 'escalate', 'failed'), ('specimen', 'failed', 'restaff', 'failed'),
  ('specimen', 'failed', 'note', 'failed');
