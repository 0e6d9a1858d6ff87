-- Review of the access log as several people's work: whose staff a sample was drawn from, and verdicts one after the other, of which the
-- newest counts and none is ever changed. A server of the version before this cannot record verdicts any more; it reads on. SPEC STORE-REVIEW

ALTER TABLE access_sample ADD COLUMN care_provider text;  -- null is the whole region's
ALTER TABLE access_review ADD COLUMN turn int4 NOT NULL DEFAULT 1 CHECK (turn > 0);
ALTER TABLE access_review DROP CONSTRAINT access_review_pkey;
ALTER TABLE access_review ADD PRIMARY KEY (access, turn);
