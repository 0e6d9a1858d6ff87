-- A task that was closed or cancelled can be opened again: what has to be followed up once more, or is asked for anew, has somebody each time.
-- SPEC LOOP-LEDGER-4, STORE-LOOP-1
INSERT INTO loop_step (kind, from_state, event, state) VALUES ('task', 'closed', 'reopen', 'created'), ('task', 'cancelled', 'reopen', 'created');
