-- The access log is read only by somebody with a reach, like every table of patients; it is written by all, since the
-- line that says "refused" is written for somebody who reached nothing.
ALTER TABLE access_log ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON access_log FOR SELECT TO eira_app USING ((SELECT eira_reach()) <> '');
CREATE POLICY record ON access_log FOR INSERT TO eira_app WITH CHECK (true);
