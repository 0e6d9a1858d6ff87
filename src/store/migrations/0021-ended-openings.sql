-- Openings whose end has passed are found without looking at the others, to be taken away. SPEC STORE-HOUSE-5
CREATE INDEX opening_until ON opening (until) WHERE until IS NOT NULL;
