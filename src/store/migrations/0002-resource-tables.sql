-- One table for each FHIR R4 resource type with its current version, made by scripts/generate/resource-tables.ts.
-- Row-level security says in the database what the access predicate says in each statement.

CREATE TABLE "account" (
  home int4 NOT NULL,
  id text NOT NULL,
  version int4 NOT NULL,
  last_updated timestamptz NOT NULL,
  key int8 NOT NULL,
  patient text,
  other_patients text[],
  care_provider text,
  care_unit text,
  content text NOT NULL,
  tokens int8[] NOT NULL,
  strings tsvector,
  many jsonb,
  "period_lo" timestamptz,
  "period_hi" timestamptz,
  PRIMARY KEY (id, home)
);
CREATE INDEX "account_tokens" ON "account" USING gin (tokens) WITH (fastupdate = off);
CREATE INDEX "account_key" ON "account" (key);
CREATE INDEX "account_last_updated" ON "account" (last_updated, id);
CREATE INDEX "account_strings" ON "account" USING gin (strings) WITH (fastupdate = off);
CREATE INDEX "account_patient" ON "account" (patient, "period_lo" DESC NULLS LAST, id) WHERE patient IS NOT NULL;
CREATE INDEX "account_others" ON "account" USING gin (other_patients) WITH (fastupdate = off) WHERE other_patients IS NOT NULL;
CREATE INDEX "account_period_lo" ON "account" ("period_lo" DESC NULLS LAST);
ALTER TABLE "account" ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON "account" TO eira_app USING ((SELECT eira_reach()) = '*' OR ((SELECT eira_reach()) <> '' AND (care_provider = (SELECT eira_reach()) OR (care_provider IS NULL AND patient IS NULL))));
GRANT SELECT, INSERT, UPDATE, DELETE ON "account" TO eira_app;

CREATE TABLE "activitydefinition" (
  home int4 NOT NULL,
  id text NOT NULL,
  version int4 NOT NULL,
  last_updated timestamptz NOT NULL,
  key int8 NOT NULL,
  patient text,
  other_patients text[],
  care_provider text,
  care_unit text,
  content text NOT NULL,
  tokens int8[] NOT NULL,
  strings tsvector,
  many jsonb,
  "context_quantity_lo" numeric,
  "context_quantity_hi" numeric,
  "date_lo" timestamptz,
  "date_hi" timestamptz,
  "effective_lo" timestamptz,
  "effective_hi" timestamptz,
  PRIMARY KEY (id, home)
);
CREATE INDEX "activitydefinition_tokens" ON "activitydefinition" USING gin (tokens) WITH (fastupdate = off);
CREATE INDEX "activitydefinition_key" ON "activitydefinition" (key);
CREATE INDEX "activitydefinition_last_updated" ON "activitydefinition" (last_updated, id);
CREATE INDEX "activitydefinition_strings" ON "activitydefinition" USING gin (strings) WITH (fastupdate = off);
CREATE INDEX "activitydefinition_date_lo" ON "activitydefinition" ("date_lo" DESC NULLS LAST);
CREATE INDEX "activitydefinition_effective_lo" ON "activitydefinition" ("effective_lo") WHERE "effective_lo" IS NOT NULL;
ALTER TABLE "activitydefinition" ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON "activitydefinition" TO eira_app USING ((SELECT eira_reach()) = '*' OR ((SELECT eira_reach()) <> '' AND (care_provider = (SELECT eira_reach()) OR (care_provider IS NULL AND patient IS NULL))));
GRANT SELECT, INSERT, UPDATE, DELETE ON "activitydefinition" TO eira_app;

CREATE TABLE "adverseevent" (
  home int4 NOT NULL,
  id text NOT NULL,
  version int4 NOT NULL,
  last_updated timestamptz NOT NULL,
  key int8 NOT NULL,
  patient text,
  other_patients text[],
  care_provider text,
  care_unit text,
  content text NOT NULL,
  tokens int8[] NOT NULL,
  strings tsvector,
  many jsonb,
  "date_lo" timestamptz,
  "date_hi" timestamptz,
  PRIMARY KEY (id, home)
);
CREATE INDEX "adverseevent_tokens" ON "adverseevent" USING gin (tokens) WITH (fastupdate = off);
CREATE INDEX "adverseevent_key" ON "adverseevent" (key);
CREATE INDEX "adverseevent_last_updated" ON "adverseevent" (last_updated, id);
CREATE INDEX "adverseevent_patient" ON "adverseevent" (patient, "date_lo" DESC NULLS LAST, id) WHERE patient IS NOT NULL;
CREATE INDEX "adverseevent_date_lo" ON "adverseevent" ("date_lo" DESC NULLS LAST);
ALTER TABLE "adverseevent" ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON "adverseevent" TO eira_app USING ((SELECT eira_reach()) = '*' OR ((SELECT eira_reach()) <> '' AND (care_provider = (SELECT eira_reach()) OR (care_provider IS NULL AND patient IS NULL))));
GRANT SELECT, INSERT, UPDATE, DELETE ON "adverseevent" TO eira_app;

CREATE TABLE "allergyintolerance" (
  home int4 NOT NULL,
  id text NOT NULL,
  version int4 NOT NULL,
  last_updated timestamptz NOT NULL,
  key int8 NOT NULL,
  patient text,
  other_patients text[],
  care_provider text,
  care_unit text,
  content text NOT NULL,
  tokens int8[] NOT NULL,
  strings tsvector,
  many jsonb,
  "date_lo" timestamptz,
  "date_hi" timestamptz,
  "last_date_lo" timestamptz,
  "last_date_hi" timestamptz,
  "onset_lo" timestamptz,
  "onset_hi" timestamptz,
  PRIMARY KEY (id, home)
);
CREATE INDEX "allergyintolerance_tokens" ON "allergyintolerance" USING gin (tokens) WITH (fastupdate = off);
CREATE INDEX "allergyintolerance_key" ON "allergyintolerance" (key);
CREATE INDEX "allergyintolerance_last_updated" ON "allergyintolerance" (last_updated, id);
CREATE INDEX "allergyintolerance_patient" ON "allergyintolerance" (patient, "date_lo" DESC NULLS LAST, id) WHERE patient IS NOT NULL;
CREATE INDEX "allergyintolerance_others" ON "allergyintolerance" USING gin (other_patients) WITH (fastupdate = off) WHERE other_patients IS NOT NULL;
CREATE INDEX "allergyintolerance_date_lo" ON "allergyintolerance" ("date_lo" DESC NULLS LAST);
CREATE INDEX "allergyintolerance_last_date_lo" ON "allergyintolerance" ("last_date_lo") WHERE "last_date_lo" IS NOT NULL;
CREATE INDEX "allergyintolerance_onset_lo" ON "allergyintolerance" ("onset_lo") WHERE "onset_lo" IS NOT NULL;
ALTER TABLE "allergyintolerance" ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON "allergyintolerance" TO eira_app USING ((SELECT eira_reach()) = '*' OR ((SELECT eira_reach()) <> '' AND (care_provider = (SELECT eira_reach()) OR (care_provider IS NULL AND patient IS NULL))));
GRANT SELECT, INSERT, UPDATE, DELETE ON "allergyintolerance" TO eira_app;

CREATE TABLE "appointment" (
  home int4 NOT NULL,
  id text NOT NULL,
  version int4 NOT NULL,
  last_updated timestamptz NOT NULL,
  key int8 NOT NULL,
  patient text,
  other_patients text[],
  care_provider text,
  care_unit text,
  content text NOT NULL,
  tokens int8[] NOT NULL,
  strings tsvector,
  many jsonb,
  "date_lo" timestamptz,
  "date_hi" timestamptz,
  PRIMARY KEY (id, home)
);
CREATE INDEX "appointment_tokens" ON "appointment" USING gin (tokens) WITH (fastupdate = off);
CREATE INDEX "appointment_key" ON "appointment" (key);
CREATE INDEX "appointment_last_updated" ON "appointment" (last_updated, id);
CREATE INDEX "appointment_patient" ON "appointment" (patient, "date_lo" DESC NULLS LAST, id) WHERE patient IS NOT NULL;
CREATE INDEX "appointment_others" ON "appointment" USING gin (other_patients) WITH (fastupdate = off) WHERE other_patients IS NOT NULL;
CREATE INDEX "appointment_date_lo" ON "appointment" ("date_lo" DESC NULLS LAST);
ALTER TABLE "appointment" ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON "appointment" TO eira_app USING ((SELECT eira_reach()) = '*' OR ((SELECT eira_reach()) <> '' AND (care_provider = (SELECT eira_reach()) OR (care_provider IS NULL AND patient IS NULL))));
GRANT SELECT, INSERT, UPDATE, DELETE ON "appointment" TO eira_app;

CREATE TABLE "appointmentresponse" (
  home int4 NOT NULL,
  id text NOT NULL,
  version int4 NOT NULL,
  last_updated timestamptz NOT NULL,
  key int8 NOT NULL,
  patient text,
  other_patients text[],
  care_provider text,
  care_unit text,
  content text NOT NULL,
  tokens int8[] NOT NULL,
  strings tsvector,
  many jsonb,
  PRIMARY KEY (id, home)
);
CREATE INDEX "appointmentresponse_tokens" ON "appointmentresponse" USING gin (tokens) WITH (fastupdate = off);
CREATE INDEX "appointmentresponse_key" ON "appointmentresponse" (key);
CREATE INDEX "appointmentresponse_last_updated" ON "appointmentresponse" (last_updated, id);
CREATE INDEX "appointmentresponse_patient" ON "appointmentresponse" (patient, id) WHERE patient IS NOT NULL;
ALTER TABLE "appointmentresponse" ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON "appointmentresponse" TO eira_app USING ((SELECT eira_reach()) = '*' OR ((SELECT eira_reach()) <> '' AND (care_provider = (SELECT eira_reach()) OR (care_provider IS NULL AND patient IS NULL))));
GRANT SELECT, INSERT, UPDATE, DELETE ON "appointmentresponse" TO eira_app;

CREATE TABLE "auditevent" (
  home int4 NOT NULL,
  id text NOT NULL,
  version int4 NOT NULL,
  last_updated timestamptz NOT NULL,
  key int8 NOT NULL,
  patient text,
  other_patients text[],
  care_provider text,
  care_unit text,
  content text NOT NULL,
  tokens int8[] NOT NULL,
  strings tsvector,
  many jsonb,
  "date_lo" timestamptz,
  "date_hi" timestamptz,
  PRIMARY KEY (id, home)
);
CREATE INDEX "auditevent_tokens" ON "auditevent" USING gin (tokens) WITH (fastupdate = off);
CREATE INDEX "auditevent_key" ON "auditevent" (key);
CREATE INDEX "auditevent_last_updated" ON "auditevent" (last_updated, id);
CREATE INDEX "auditevent_strings" ON "auditevent" USING gin (strings) WITH (fastupdate = off);
CREATE INDEX "auditevent_patient" ON "auditevent" (patient, "date_lo" DESC NULLS LAST, id) WHERE patient IS NOT NULL;
CREATE INDEX "auditevent_others" ON "auditevent" USING gin (other_patients) WITH (fastupdate = off) WHERE other_patients IS NOT NULL;
CREATE INDEX "auditevent_date_lo" ON "auditevent" ("date_lo" DESC NULLS LAST);
ALTER TABLE "auditevent" ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON "auditevent" TO eira_app USING ((SELECT eira_reach()) = '*' OR ((SELECT eira_reach()) <> '' AND (care_provider = (SELECT eira_reach()) OR (care_provider IS NULL AND patient IS NULL))));
GRANT SELECT, INSERT, UPDATE, DELETE ON "auditevent" TO eira_app;

CREATE TABLE "basic" (
  home int4 NOT NULL,
  id text NOT NULL,
  version int4 NOT NULL,
  last_updated timestamptz NOT NULL,
  key int8 NOT NULL,
  patient text,
  other_patients text[],
  care_provider text,
  care_unit text,
  content text NOT NULL,
  tokens int8[] NOT NULL,
  strings tsvector,
  many jsonb,
  "created_lo" timestamptz,
  "created_hi" timestamptz,
  PRIMARY KEY (id, home)
);
CREATE INDEX "basic_tokens" ON "basic" USING gin (tokens) WITH (fastupdate = off);
CREATE INDEX "basic_key" ON "basic" (key);
CREATE INDEX "basic_last_updated" ON "basic" (last_updated, id);
CREATE INDEX "basic_patient" ON "basic" (patient, "created_lo" DESC NULLS LAST, id) WHERE patient IS NOT NULL;
CREATE INDEX "basic_others" ON "basic" USING gin (other_patients) WITH (fastupdate = off) WHERE other_patients IS NOT NULL;
CREATE INDEX "basic_created_lo" ON "basic" ("created_lo" DESC NULLS LAST);
ALTER TABLE "basic" ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON "basic" TO eira_app USING ((SELECT eira_reach()) = '*' OR ((SELECT eira_reach()) <> '' AND (care_provider = (SELECT eira_reach()) OR (care_provider IS NULL AND patient IS NULL))));
GRANT SELECT, INSERT, UPDATE, DELETE ON "basic" TO eira_app;

CREATE TABLE "binary" (
  home int4 NOT NULL,
  id text NOT NULL,
  version int4 NOT NULL,
  last_updated timestamptz NOT NULL,
  key int8 NOT NULL,
  patient text,
  other_patients text[],
  care_provider text,
  care_unit text,
  content text NOT NULL,
  tokens int8[] NOT NULL,
  strings tsvector,
  many jsonb,
  PRIMARY KEY (id, home)
);
CREATE INDEX "binary_tokens" ON "binary" USING gin (tokens) WITH (fastupdate = off);
CREATE INDEX "binary_key" ON "binary" (key);
CREATE INDEX "binary_last_updated" ON "binary" (last_updated, id);
ALTER TABLE "binary" ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON "binary" TO eira_app USING ((SELECT eira_reach()) = '*' OR ((SELECT eira_reach()) <> '' AND (care_provider = (SELECT eira_reach()) OR (care_provider IS NULL AND patient IS NULL))));
GRANT SELECT, INSERT, UPDATE, DELETE ON "binary" TO eira_app;

CREATE TABLE "biologicallyderivedproduct" (
  home int4 NOT NULL,
  id text NOT NULL,
  version int4 NOT NULL,
  last_updated timestamptz NOT NULL,
  key int8 NOT NULL,
  patient text,
  other_patients text[],
  care_provider text,
  care_unit text,
  content text NOT NULL,
  tokens int8[] NOT NULL,
  strings tsvector,
  many jsonb,
  PRIMARY KEY (id, home)
);
CREATE INDEX "biologicallyderivedproduct_tokens" ON "biologicallyderivedproduct" USING gin (tokens) WITH (fastupdate = off);
CREATE INDEX "biologicallyderivedproduct_key" ON "biologicallyderivedproduct" (key);
CREATE INDEX "biologicallyderivedproduct_last_updated" ON "biologicallyderivedproduct" (last_updated, id);
ALTER TABLE "biologicallyderivedproduct" ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON "biologicallyderivedproduct" TO eira_app USING ((SELECT eira_reach()) = '*' OR ((SELECT eira_reach()) <> '' AND (care_provider = (SELECT eira_reach()) OR (care_provider IS NULL AND patient IS NULL))));
GRANT SELECT, INSERT, UPDATE, DELETE ON "biologicallyderivedproduct" TO eira_app;

CREATE TABLE "bodystructure" (
  home int4 NOT NULL,
  id text NOT NULL,
  version int4 NOT NULL,
  last_updated timestamptz NOT NULL,
  key int8 NOT NULL,
  patient text,
  other_patients text[],
  care_provider text,
  care_unit text,
  content text NOT NULL,
  tokens int8[] NOT NULL,
  strings tsvector,
  many jsonb,
  PRIMARY KEY (id, home)
);
CREATE INDEX "bodystructure_tokens" ON "bodystructure" USING gin (tokens) WITH (fastupdate = off);
CREATE INDEX "bodystructure_key" ON "bodystructure" (key);
CREATE INDEX "bodystructure_last_updated" ON "bodystructure" (last_updated, id);
CREATE INDEX "bodystructure_patient" ON "bodystructure" (patient, id) WHERE patient IS NOT NULL;
ALTER TABLE "bodystructure" ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON "bodystructure" TO eira_app USING ((SELECT eira_reach()) = '*' OR ((SELECT eira_reach()) <> '' AND (care_provider = (SELECT eira_reach()) OR (care_provider IS NULL AND patient IS NULL))));
GRANT SELECT, INSERT, UPDATE, DELETE ON "bodystructure" TO eira_app;

CREATE TABLE "bundle" (
  home int4 NOT NULL,
  id text NOT NULL,
  version int4 NOT NULL,
  last_updated timestamptz NOT NULL,
  key int8 NOT NULL,
  patient text,
  other_patients text[],
  care_provider text,
  care_unit text,
  content text NOT NULL,
  tokens int8[] NOT NULL,
  strings tsvector,
  many jsonb,
  "timestamp_lo" timestamptz,
  "timestamp_hi" timestamptz,
  PRIMARY KEY (id, home)
);
CREATE INDEX "bundle_tokens" ON "bundle" USING gin (tokens) WITH (fastupdate = off);
CREATE INDEX "bundle_key" ON "bundle" (key);
CREATE INDEX "bundle_last_updated" ON "bundle" (last_updated, id);
CREATE INDEX "bundle_timestamp_lo" ON "bundle" ("timestamp_lo" DESC NULLS LAST);
ALTER TABLE "bundle" ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON "bundle" TO eira_app USING ((SELECT eira_reach()) = '*' OR ((SELECT eira_reach()) <> '' AND (care_provider = (SELECT eira_reach()) OR (care_provider IS NULL AND patient IS NULL))));
GRANT SELECT, INSERT, UPDATE, DELETE ON "bundle" TO eira_app;

CREATE TABLE "capabilitystatement" (
  home int4 NOT NULL,
  id text NOT NULL,
  version int4 NOT NULL,
  last_updated timestamptz NOT NULL,
  key int8 NOT NULL,
  patient text,
  other_patients text[],
  care_provider text,
  care_unit text,
  content text NOT NULL,
  tokens int8[] NOT NULL,
  strings tsvector,
  many jsonb,
  "context_quantity_lo" numeric,
  "context_quantity_hi" numeric,
  "date_lo" timestamptz,
  "date_hi" timestamptz,
  PRIMARY KEY (id, home)
);
CREATE INDEX "capabilitystatement_tokens" ON "capabilitystatement" USING gin (tokens) WITH (fastupdate = off);
CREATE INDEX "capabilitystatement_key" ON "capabilitystatement" (key);
CREATE INDEX "capabilitystatement_last_updated" ON "capabilitystatement" (last_updated, id);
CREATE INDEX "capabilitystatement_strings" ON "capabilitystatement" USING gin (strings) WITH (fastupdate = off);
CREATE INDEX "capabilitystatement_date_lo" ON "capabilitystatement" ("date_lo" DESC NULLS LAST);
ALTER TABLE "capabilitystatement" ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON "capabilitystatement" TO eira_app USING ((SELECT eira_reach()) = '*' OR ((SELECT eira_reach()) <> '' AND (care_provider = (SELECT eira_reach()) OR (care_provider IS NULL AND patient IS NULL))));
GRANT SELECT, INSERT, UPDATE, DELETE ON "capabilitystatement" TO eira_app;

CREATE TABLE "careplan" (
  home int4 NOT NULL,
  id text NOT NULL,
  version int4 NOT NULL,
  last_updated timestamptz NOT NULL,
  key int8 NOT NULL,
  patient text,
  other_patients text[],
  care_provider text,
  care_unit text,
  content text NOT NULL,
  tokens int8[] NOT NULL,
  strings tsvector,
  many jsonb,
  "activity_date_lo" timestamptz,
  "activity_date_hi" timestamptz,
  "date_lo" timestamptz,
  "date_hi" timestamptz,
  PRIMARY KEY (id, home)
);
CREATE INDEX "careplan_tokens" ON "careplan" USING gin (tokens) WITH (fastupdate = off);
CREATE INDEX "careplan_key" ON "careplan" (key);
CREATE INDEX "careplan_last_updated" ON "careplan" (last_updated, id);
CREATE INDEX "careplan_patient" ON "careplan" (patient, "date_lo" DESC NULLS LAST, id) WHERE patient IS NOT NULL;
CREATE INDEX "careplan_others" ON "careplan" USING gin (other_patients) WITH (fastupdate = off) WHERE other_patients IS NOT NULL;
CREATE INDEX "careplan_date_lo" ON "careplan" ("date_lo" DESC NULLS LAST);
CREATE INDEX "careplan_activity_date_lo" ON "careplan" ("activity_date_lo") WHERE "activity_date_lo" IS NOT NULL;
ALTER TABLE "careplan" ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON "careplan" TO eira_app USING ((SELECT eira_reach()) = '*' OR ((SELECT eira_reach()) <> '' AND (care_provider = (SELECT eira_reach()) OR (care_provider IS NULL AND patient IS NULL))));
GRANT SELECT, INSERT, UPDATE, DELETE ON "careplan" TO eira_app;

CREATE TABLE "careteam" (
  home int4 NOT NULL,
  id text NOT NULL,
  version int4 NOT NULL,
  last_updated timestamptz NOT NULL,
  key int8 NOT NULL,
  patient text,
  other_patients text[],
  care_provider text,
  care_unit text,
  content text NOT NULL,
  tokens int8[] NOT NULL,
  strings tsvector,
  many jsonb,
  "date_lo" timestamptz,
  "date_hi" timestamptz,
  PRIMARY KEY (id, home)
);
CREATE INDEX "careteam_tokens" ON "careteam" USING gin (tokens) WITH (fastupdate = off);
CREATE INDEX "careteam_key" ON "careteam" (key);
CREATE INDEX "careteam_last_updated" ON "careteam" (last_updated, id);
CREATE INDEX "careteam_patient" ON "careteam" (patient, "date_lo" DESC NULLS LAST, id) WHERE patient IS NOT NULL;
CREATE INDEX "careteam_others" ON "careteam" USING gin (other_patients) WITH (fastupdate = off) WHERE other_patients IS NOT NULL;
CREATE INDEX "careteam_date_lo" ON "careteam" ("date_lo" DESC NULLS LAST);
ALTER TABLE "careteam" ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON "careteam" TO eira_app USING ((SELECT eira_reach()) = '*' OR ((SELECT eira_reach()) <> '' AND (care_provider = (SELECT eira_reach()) OR (care_provider IS NULL AND patient IS NULL))));
GRANT SELECT, INSERT, UPDATE, DELETE ON "careteam" TO eira_app;

CREATE TABLE "catalogentry" (
  home int4 NOT NULL,
  id text NOT NULL,
  version int4 NOT NULL,
  last_updated timestamptz NOT NULL,
  key int8 NOT NULL,
  patient text,
  other_patients text[],
  care_provider text,
  care_unit text,
  content text NOT NULL,
  tokens int8[] NOT NULL,
  strings tsvector,
  many jsonb,
  PRIMARY KEY (id, home)
);
CREATE INDEX "catalogentry_tokens" ON "catalogentry" USING gin (tokens) WITH (fastupdate = off);
CREATE INDEX "catalogentry_key" ON "catalogentry" (key);
CREATE INDEX "catalogentry_last_updated" ON "catalogentry" (last_updated, id);
ALTER TABLE "catalogentry" ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON "catalogentry" TO eira_app USING ((SELECT eira_reach()) = '*' OR ((SELECT eira_reach()) <> '' AND (care_provider = (SELECT eira_reach()) OR (care_provider IS NULL AND patient IS NULL))));
GRANT SELECT, INSERT, UPDATE, DELETE ON "catalogentry" TO eira_app;

CREATE TABLE "chargeitem" (
  home int4 NOT NULL,
  id text NOT NULL,
  version int4 NOT NULL,
  last_updated timestamptz NOT NULL,
  key int8 NOT NULL,
  patient text,
  other_patients text[],
  care_provider text,
  care_unit text,
  content text NOT NULL,
  tokens int8[] NOT NULL,
  strings tsvector,
  many jsonb,
  "entered_date_lo" timestamptz,
  "entered_date_hi" timestamptz,
  "factor_override_lo" numeric,
  "factor_override_hi" numeric,
  "occurrence_lo" timestamptz,
  "occurrence_hi" timestamptz,
  "price_override_lo" numeric,
  "price_override_hi" numeric,
  "quantity_lo" numeric,
  "quantity_hi" numeric,
  PRIMARY KEY (id, home)
);
CREATE INDEX "chargeitem_tokens" ON "chargeitem" USING gin (tokens) WITH (fastupdate = off);
CREATE INDEX "chargeitem_key" ON "chargeitem" (key);
CREATE INDEX "chargeitem_last_updated" ON "chargeitem" (last_updated, id);
CREATE INDEX "chargeitem_patient" ON "chargeitem" (patient, "entered_date_lo" DESC NULLS LAST, id) WHERE patient IS NOT NULL;
CREATE INDEX "chargeitem_entered_date_lo" ON "chargeitem" ("entered_date_lo" DESC NULLS LAST);
CREATE INDEX "chargeitem_occurrence_lo" ON "chargeitem" ("occurrence_lo") WHERE "occurrence_lo" IS NOT NULL;
ALTER TABLE "chargeitem" ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON "chargeitem" TO eira_app USING ((SELECT eira_reach()) = '*' OR ((SELECT eira_reach()) <> '' AND (care_provider = (SELECT eira_reach()) OR (care_provider IS NULL AND patient IS NULL))));
GRANT SELECT, INSERT, UPDATE, DELETE ON "chargeitem" TO eira_app;

CREATE TABLE "chargeitemdefinition" (
  home int4 NOT NULL,
  id text NOT NULL,
  version int4 NOT NULL,
  last_updated timestamptz NOT NULL,
  key int8 NOT NULL,
  patient text,
  other_patients text[],
  care_provider text,
  care_unit text,
  content text NOT NULL,
  tokens int8[] NOT NULL,
  strings tsvector,
  many jsonb,
  "context_quantity_lo" numeric,
  "context_quantity_hi" numeric,
  "date_lo" timestamptz,
  "date_hi" timestamptz,
  "effective_lo" timestamptz,
  "effective_hi" timestamptz,
  PRIMARY KEY (id, home)
);
CREATE INDEX "chargeitemdefinition_tokens" ON "chargeitemdefinition" USING gin (tokens) WITH (fastupdate = off);
CREATE INDEX "chargeitemdefinition_key" ON "chargeitemdefinition" (key);
CREATE INDEX "chargeitemdefinition_last_updated" ON "chargeitemdefinition" (last_updated, id);
CREATE INDEX "chargeitemdefinition_strings" ON "chargeitemdefinition" USING gin (strings) WITH (fastupdate = off);
CREATE INDEX "chargeitemdefinition_date_lo" ON "chargeitemdefinition" ("date_lo" DESC NULLS LAST);
CREATE INDEX "chargeitemdefinition_effective_lo" ON "chargeitemdefinition" ("effective_lo") WHERE "effective_lo" IS NOT NULL;
ALTER TABLE "chargeitemdefinition" ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON "chargeitemdefinition" TO eira_app USING ((SELECT eira_reach()) = '*' OR ((SELECT eira_reach()) <> '' AND (care_provider = (SELECT eira_reach()) OR (care_provider IS NULL AND patient IS NULL))));
GRANT SELECT, INSERT, UPDATE, DELETE ON "chargeitemdefinition" TO eira_app;

CREATE TABLE "claim" (
  home int4 NOT NULL,
  id text NOT NULL,
  version int4 NOT NULL,
  last_updated timestamptz NOT NULL,
  key int8 NOT NULL,
  patient text,
  other_patients text[],
  care_provider text,
  care_unit text,
  content text NOT NULL,
  tokens int8[] NOT NULL,
  strings tsvector,
  many jsonb,
  "created_lo" timestamptz,
  "created_hi" timestamptz,
  PRIMARY KEY (id, home)
);
CREATE INDEX "claim_tokens" ON "claim" USING gin (tokens) WITH (fastupdate = off);
CREATE INDEX "claim_key" ON "claim" (key);
CREATE INDEX "claim_last_updated" ON "claim" (last_updated, id);
CREATE INDEX "claim_patient" ON "claim" (patient, "created_lo" DESC NULLS LAST, id) WHERE patient IS NOT NULL;
CREATE INDEX "claim_others" ON "claim" USING gin (other_patients) WITH (fastupdate = off) WHERE other_patients IS NOT NULL;
CREATE INDEX "claim_created_lo" ON "claim" ("created_lo" DESC NULLS LAST);
ALTER TABLE "claim" ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON "claim" TO eira_app USING ((SELECT eira_reach()) = '*' OR ((SELECT eira_reach()) <> '' AND (care_provider = (SELECT eira_reach()) OR (care_provider IS NULL AND patient IS NULL))));
GRANT SELECT, INSERT, UPDATE, DELETE ON "claim" TO eira_app;

CREATE TABLE "claimresponse" (
  home int4 NOT NULL,
  id text NOT NULL,
  version int4 NOT NULL,
  last_updated timestamptz NOT NULL,
  key int8 NOT NULL,
  patient text,
  other_patients text[],
  care_provider text,
  care_unit text,
  content text NOT NULL,
  tokens int8[] NOT NULL,
  strings tsvector,
  many jsonb,
  "created_lo" timestamptz,
  "created_hi" timestamptz,
  "payment_date_lo" timestamptz,
  "payment_date_hi" timestamptz,
  PRIMARY KEY (id, home)
);
CREATE INDEX "claimresponse_tokens" ON "claimresponse" USING gin (tokens) WITH (fastupdate = off);
CREATE INDEX "claimresponse_key" ON "claimresponse" (key);
CREATE INDEX "claimresponse_last_updated" ON "claimresponse" (last_updated, id);
CREATE INDEX "claimresponse_strings" ON "claimresponse" USING gin (strings) WITH (fastupdate = off);
CREATE INDEX "claimresponse_patient" ON "claimresponse" (patient, "created_lo" DESC NULLS LAST, id) WHERE patient IS NOT NULL;
CREATE INDEX "claimresponse_created_lo" ON "claimresponse" ("created_lo" DESC NULLS LAST);
CREATE INDEX "claimresponse_payment_date_lo" ON "claimresponse" ("payment_date_lo") WHERE "payment_date_lo" IS NOT NULL;
ALTER TABLE "claimresponse" ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON "claimresponse" TO eira_app USING ((SELECT eira_reach()) = '*' OR ((SELECT eira_reach()) <> '' AND (care_provider = (SELECT eira_reach()) OR (care_provider IS NULL AND patient IS NULL))));
GRANT SELECT, INSERT, UPDATE, DELETE ON "claimresponse" TO eira_app;

CREATE TABLE "clinicalimpression" (
  home int4 NOT NULL,
  id text NOT NULL,
  version int4 NOT NULL,
  last_updated timestamptz NOT NULL,
  key int8 NOT NULL,
  patient text,
  other_patients text[],
  care_provider text,
  care_unit text,
  content text NOT NULL,
  tokens int8[] NOT NULL,
  strings tsvector,
  many jsonb,
  "date_lo" timestamptz,
  "date_hi" timestamptz,
  PRIMARY KEY (id, home)
);
CREATE INDEX "clinicalimpression_tokens" ON "clinicalimpression" USING gin (tokens) WITH (fastupdate = off);
CREATE INDEX "clinicalimpression_key" ON "clinicalimpression" (key);
CREATE INDEX "clinicalimpression_last_updated" ON "clinicalimpression" (last_updated, id);
CREATE INDEX "clinicalimpression_patient" ON "clinicalimpression" (patient, "date_lo" DESC NULLS LAST, id) WHERE patient IS NOT NULL;
CREATE INDEX "clinicalimpression_date_lo" ON "clinicalimpression" ("date_lo" DESC NULLS LAST);
ALTER TABLE "clinicalimpression" ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON "clinicalimpression" TO eira_app USING ((SELECT eira_reach()) = '*' OR ((SELECT eira_reach()) <> '' AND (care_provider = (SELECT eira_reach()) OR (care_provider IS NULL AND patient IS NULL))));
GRANT SELECT, INSERT, UPDATE, DELETE ON "clinicalimpression" TO eira_app;

CREATE TABLE "codesystem" (
  home int4 NOT NULL,
  id text NOT NULL,
  version int4 NOT NULL,
  last_updated timestamptz NOT NULL,
  key int8 NOT NULL,
  patient text,
  other_patients text[],
  care_provider text,
  care_unit text,
  content text NOT NULL,
  tokens int8[] NOT NULL,
  strings tsvector,
  many jsonb,
  "context_quantity_lo" numeric,
  "context_quantity_hi" numeric,
  "date_lo" timestamptz,
  "date_hi" timestamptz,
  PRIMARY KEY (id, home)
);
CREATE INDEX "codesystem_tokens" ON "codesystem" USING gin (tokens) WITH (fastupdate = off);
CREATE INDEX "codesystem_key" ON "codesystem" (key);
CREATE INDEX "codesystem_last_updated" ON "codesystem" (last_updated, id);
CREATE INDEX "codesystem_strings" ON "codesystem" USING gin (strings) WITH (fastupdate = off);
CREATE INDEX "codesystem_date_lo" ON "codesystem" ("date_lo" DESC NULLS LAST);
ALTER TABLE "codesystem" ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON "codesystem" TO eira_app USING ((SELECT eira_reach()) = '*' OR ((SELECT eira_reach()) <> '' AND (care_provider = (SELECT eira_reach()) OR (care_provider IS NULL AND patient IS NULL))));
GRANT SELECT, INSERT, UPDATE, DELETE ON "codesystem" TO eira_app;

CREATE TABLE "communication" (
  home int4 NOT NULL,
  id text NOT NULL,
  version int4 NOT NULL,
  last_updated timestamptz NOT NULL,
  key int8 NOT NULL,
  patient text,
  other_patients text[],
  care_provider text,
  care_unit text,
  content text NOT NULL,
  tokens int8[] NOT NULL,
  strings tsvector,
  many jsonb,
  "received_lo" timestamptz,
  "received_hi" timestamptz,
  "sent_lo" timestamptz,
  "sent_hi" timestamptz,
  PRIMARY KEY (id, home)
);
CREATE INDEX "communication_tokens" ON "communication" USING gin (tokens) WITH (fastupdate = off);
CREATE INDEX "communication_key" ON "communication" (key);
CREATE INDEX "communication_last_updated" ON "communication" (last_updated, id);
CREATE INDEX "communication_patient" ON "communication" (patient, "sent_lo" DESC NULLS LAST, id) WHERE patient IS NOT NULL;
CREATE INDEX "communication_others" ON "communication" USING gin (other_patients) WITH (fastupdate = off) WHERE other_patients IS NOT NULL;
CREATE INDEX "communication_sent_lo" ON "communication" ("sent_lo" DESC NULLS LAST);
CREATE INDEX "communication_received_lo" ON "communication" ("received_lo") WHERE "received_lo" IS NOT NULL;
ALTER TABLE "communication" ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON "communication" TO eira_app USING ((SELECT eira_reach()) = '*' OR ((SELECT eira_reach()) <> '' AND (care_provider = (SELECT eira_reach()) OR (care_provider IS NULL AND patient IS NULL))));
GRANT SELECT, INSERT, UPDATE, DELETE ON "communication" TO eira_app;

CREATE TABLE "communicationrequest" (
  home int4 NOT NULL,
  id text NOT NULL,
  version int4 NOT NULL,
  last_updated timestamptz NOT NULL,
  key int8 NOT NULL,
  patient text,
  other_patients text[],
  care_provider text,
  care_unit text,
  content text NOT NULL,
  tokens int8[] NOT NULL,
  strings tsvector,
  many jsonb,
  "authored_lo" timestamptz,
  "authored_hi" timestamptz,
  "occurrence_lo" timestamptz,
  "occurrence_hi" timestamptz,
  PRIMARY KEY (id, home)
);
CREATE INDEX "communicationrequest_tokens" ON "communicationrequest" USING gin (tokens) WITH (fastupdate = off);
CREATE INDEX "communicationrequest_key" ON "communicationrequest" (key);
CREATE INDEX "communicationrequest_last_updated" ON "communicationrequest" (last_updated, id);
CREATE INDEX "communicationrequest_patient" ON "communicationrequest" (patient, "authored_lo" DESC NULLS LAST, id) WHERE patient IS NOT NULL;
CREATE INDEX "communicationrequest_others" ON "communicationrequest" USING gin (other_patients) WITH (fastupdate = off) WHERE other_patients IS NOT NULL;
CREATE INDEX "communicationrequest_authored_lo" ON "communicationrequest" ("authored_lo" DESC NULLS LAST);
CREATE INDEX "communicationrequest_occurrence_lo" ON "communicationrequest" ("occurrence_lo") WHERE "occurrence_lo" IS NOT NULL;
ALTER TABLE "communicationrequest" ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON "communicationrequest" TO eira_app USING ((SELECT eira_reach()) = '*' OR ((SELECT eira_reach()) <> '' AND (care_provider = (SELECT eira_reach()) OR (care_provider IS NULL AND patient IS NULL))));
GRANT SELECT, INSERT, UPDATE, DELETE ON "communicationrequest" TO eira_app;

CREATE TABLE "compartmentdefinition" (
  home int4 NOT NULL,
  id text NOT NULL,
  version int4 NOT NULL,
  last_updated timestamptz NOT NULL,
  key int8 NOT NULL,
  patient text,
  other_patients text[],
  care_provider text,
  care_unit text,
  content text NOT NULL,
  tokens int8[] NOT NULL,
  strings tsvector,
  many jsonb,
  "context_quantity_lo" numeric,
  "context_quantity_hi" numeric,
  "date_lo" timestamptz,
  "date_hi" timestamptz,
  PRIMARY KEY (id, home)
);
CREATE INDEX "compartmentdefinition_tokens" ON "compartmentdefinition" USING gin (tokens) WITH (fastupdate = off);
CREATE INDEX "compartmentdefinition_key" ON "compartmentdefinition" (key);
CREATE INDEX "compartmentdefinition_last_updated" ON "compartmentdefinition" (last_updated, id);
CREATE INDEX "compartmentdefinition_strings" ON "compartmentdefinition" USING gin (strings) WITH (fastupdate = off);
CREATE INDEX "compartmentdefinition_date_lo" ON "compartmentdefinition" ("date_lo" DESC NULLS LAST);
ALTER TABLE "compartmentdefinition" ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON "compartmentdefinition" TO eira_app USING ((SELECT eira_reach()) = '*' OR ((SELECT eira_reach()) <> '' AND (care_provider = (SELECT eira_reach()) OR (care_provider IS NULL AND patient IS NULL))));
GRANT SELECT, INSERT, UPDATE, DELETE ON "compartmentdefinition" TO eira_app;

CREATE TABLE "composition" (
  home int4 NOT NULL,
  id text NOT NULL,
  version int4 NOT NULL,
  last_updated timestamptz NOT NULL,
  key int8 NOT NULL,
  patient text,
  other_patients text[],
  care_provider text,
  care_unit text,
  content text NOT NULL,
  tokens int8[] NOT NULL,
  strings tsvector,
  many jsonb,
  "date_lo" timestamptz,
  "date_hi" timestamptz,
  "period_lo" timestamptz,
  "period_hi" timestamptz,
  PRIMARY KEY (id, home)
);
CREATE INDEX "composition_tokens" ON "composition" USING gin (tokens) WITH (fastupdate = off);
CREATE INDEX "composition_key" ON "composition" (key);
CREATE INDEX "composition_last_updated" ON "composition" (last_updated, id);
CREATE INDEX "composition_strings" ON "composition" USING gin (strings) WITH (fastupdate = off);
CREATE INDEX "composition_patient" ON "composition" (patient, "date_lo" DESC NULLS LAST, id) WHERE patient IS NOT NULL;
CREATE INDEX "composition_others" ON "composition" USING gin (other_patients) WITH (fastupdate = off) WHERE other_patients IS NOT NULL;
CREATE INDEX "composition_date_lo" ON "composition" ("date_lo" DESC NULLS LAST);
CREATE INDEX "composition_period_lo" ON "composition" ("period_lo") WHERE "period_lo" IS NOT NULL;
ALTER TABLE "composition" ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON "composition" TO eira_app USING ((SELECT eira_reach()) = '*' OR ((SELECT eira_reach()) <> '' AND (care_provider = (SELECT eira_reach()) OR (care_provider IS NULL AND patient IS NULL))));
GRANT SELECT, INSERT, UPDATE, DELETE ON "composition" TO eira_app;

CREATE TABLE "conceptmap" (
  home int4 NOT NULL,
  id text NOT NULL,
  version int4 NOT NULL,
  last_updated timestamptz NOT NULL,
  key int8 NOT NULL,
  patient text,
  other_patients text[],
  care_provider text,
  care_unit text,
  content text NOT NULL,
  tokens int8[] NOT NULL,
  strings tsvector,
  many jsonb,
  "context_quantity_lo" numeric,
  "context_quantity_hi" numeric,
  "date_lo" timestamptz,
  "date_hi" timestamptz,
  PRIMARY KEY (id, home)
);
CREATE INDEX "conceptmap_tokens" ON "conceptmap" USING gin (tokens) WITH (fastupdate = off);
CREATE INDEX "conceptmap_key" ON "conceptmap" (key);
CREATE INDEX "conceptmap_last_updated" ON "conceptmap" (last_updated, id);
CREATE INDEX "conceptmap_strings" ON "conceptmap" USING gin (strings) WITH (fastupdate = off);
CREATE INDEX "conceptmap_date_lo" ON "conceptmap" ("date_lo" DESC NULLS LAST);
ALTER TABLE "conceptmap" ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON "conceptmap" TO eira_app USING ((SELECT eira_reach()) = '*' OR ((SELECT eira_reach()) <> '' AND (care_provider = (SELECT eira_reach()) OR (care_provider IS NULL AND patient IS NULL))));
GRANT SELECT, INSERT, UPDATE, DELETE ON "conceptmap" TO eira_app;

CREATE TABLE "condition" (
  home int4 NOT NULL,
  id text NOT NULL,
  version int4 NOT NULL,
  last_updated timestamptz NOT NULL,
  key int8 NOT NULL,
  patient text,
  other_patients text[],
  care_provider text,
  care_unit text,
  content text NOT NULL,
  tokens int8[] NOT NULL,
  strings tsvector,
  many jsonb,
  "abatement_age_lo" numeric,
  "abatement_age_hi" numeric,
  "abatement_date_lo" timestamptz,
  "abatement_date_hi" timestamptz,
  "onset_age_lo" numeric,
  "onset_age_hi" numeric,
  "onset_date_lo" timestamptz,
  "onset_date_hi" timestamptz,
  "recorded_date_lo" timestamptz,
  "recorded_date_hi" timestamptz,
  PRIMARY KEY (id, home)
);
CREATE INDEX "condition_tokens" ON "condition" USING gin (tokens) WITH (fastupdate = off);
CREATE INDEX "condition_key" ON "condition" (key);
CREATE INDEX "condition_last_updated" ON "condition" (last_updated, id);
CREATE INDEX "condition_strings" ON "condition" USING gin (strings) WITH (fastupdate = off);
CREATE INDEX "condition_patient" ON "condition" (patient, "recorded_date_lo" DESC NULLS LAST, id) WHERE patient IS NOT NULL;
CREATE INDEX "condition_others" ON "condition" USING gin (other_patients) WITH (fastupdate = off) WHERE other_patients IS NOT NULL;
CREATE INDEX "condition_recorded_date_lo" ON "condition" ("recorded_date_lo" DESC NULLS LAST);
CREATE INDEX "condition_abatement_date_lo" ON "condition" ("abatement_date_lo") WHERE "abatement_date_lo" IS NOT NULL;
CREATE INDEX "condition_onset_date_lo" ON "condition" ("onset_date_lo") WHERE "onset_date_lo" IS NOT NULL;
ALTER TABLE "condition" ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON "condition" TO eira_app USING ((SELECT eira_reach()) = '*' OR ((SELECT eira_reach()) <> '' AND (care_provider = (SELECT eira_reach()) OR (care_provider IS NULL AND patient IS NULL))));
GRANT SELECT, INSERT, UPDATE, DELETE ON "condition" TO eira_app;

CREATE TABLE "consent" (
  home int4 NOT NULL,
  id text NOT NULL,
  version int4 NOT NULL,
  last_updated timestamptz NOT NULL,
  key int8 NOT NULL,
  patient text,
  other_patients text[],
  care_provider text,
  care_unit text,
  content text NOT NULL,
  tokens int8[] NOT NULL,
  strings tsvector,
  many jsonb,
  "date_lo" timestamptz,
  "date_hi" timestamptz,
  "period_lo" timestamptz,
  "period_hi" timestamptz,
  PRIMARY KEY (id, home)
);
CREATE INDEX "consent_tokens" ON "consent" USING gin (tokens) WITH (fastupdate = off);
CREATE INDEX "consent_key" ON "consent" (key);
CREATE INDEX "consent_last_updated" ON "consent" (last_updated, id);
CREATE INDEX "consent_patient" ON "consent" (patient, "date_lo" DESC NULLS LAST, id) WHERE patient IS NOT NULL;
CREATE INDEX "consent_date_lo" ON "consent" ("date_lo" DESC NULLS LAST);
CREATE INDEX "consent_period_lo" ON "consent" ("period_lo") WHERE "period_lo" IS NOT NULL;
ALTER TABLE "consent" ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON "consent" TO eira_app USING ((SELECT eira_reach()) = '*' OR ((SELECT eira_reach()) <> '' AND (care_provider = (SELECT eira_reach()) OR (care_provider IS NULL AND patient IS NULL))));
GRANT SELECT, INSERT, UPDATE, DELETE ON "consent" TO eira_app;

CREATE TABLE "contract" (
  home int4 NOT NULL,
  id text NOT NULL,
  version int4 NOT NULL,
  last_updated timestamptz NOT NULL,
  key int8 NOT NULL,
  patient text,
  other_patients text[],
  care_provider text,
  care_unit text,
  content text NOT NULL,
  tokens int8[] NOT NULL,
  strings tsvector,
  many jsonb,
  "issued_lo" timestamptz,
  "issued_hi" timestamptz,
  PRIMARY KEY (id, home)
);
CREATE INDEX "contract_tokens" ON "contract" USING gin (tokens) WITH (fastupdate = off);
CREATE INDEX "contract_key" ON "contract" (key);
CREATE INDEX "contract_last_updated" ON "contract" (last_updated, id);
CREATE INDEX "contract_issued_lo" ON "contract" ("issued_lo" DESC NULLS LAST);
ALTER TABLE "contract" ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON "contract" TO eira_app USING ((SELECT eira_reach()) = '*' OR ((SELECT eira_reach()) <> '' AND (care_provider = (SELECT eira_reach()) OR (care_provider IS NULL AND patient IS NULL))));
GRANT SELECT, INSERT, UPDATE, DELETE ON "contract" TO eira_app;

CREATE TABLE "coverage" (
  home int4 NOT NULL,
  id text NOT NULL,
  version int4 NOT NULL,
  last_updated timestamptz NOT NULL,
  key int8 NOT NULL,
  patient text,
  other_patients text[],
  care_provider text,
  care_unit text,
  content text NOT NULL,
  tokens int8[] NOT NULL,
  strings tsvector,
  many jsonb,
  PRIMARY KEY (id, home)
);
CREATE INDEX "coverage_tokens" ON "coverage" USING gin (tokens) WITH (fastupdate = off);
CREATE INDEX "coverage_key" ON "coverage" (key);
CREATE INDEX "coverage_last_updated" ON "coverage" (last_updated, id);
CREATE INDEX "coverage_strings" ON "coverage" USING gin (strings) WITH (fastupdate = off);
CREATE INDEX "coverage_patient" ON "coverage" (patient, id) WHERE patient IS NOT NULL;
CREATE INDEX "coverage_others" ON "coverage" USING gin (other_patients) WITH (fastupdate = off) WHERE other_patients IS NOT NULL;
ALTER TABLE "coverage" ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON "coverage" TO eira_app USING ((SELECT eira_reach()) = '*' OR ((SELECT eira_reach()) <> '' AND (care_provider = (SELECT eira_reach()) OR (care_provider IS NULL AND patient IS NULL))));
GRANT SELECT, INSERT, UPDATE, DELETE ON "coverage" TO eira_app;

CREATE TABLE "coverageeligibilityrequest" (
  home int4 NOT NULL,
  id text NOT NULL,
  version int4 NOT NULL,
  last_updated timestamptz NOT NULL,
  key int8 NOT NULL,
  patient text,
  other_patients text[],
  care_provider text,
  care_unit text,
  content text NOT NULL,
  tokens int8[] NOT NULL,
  strings tsvector,
  many jsonb,
  "created_lo" timestamptz,
  "created_hi" timestamptz,
  PRIMARY KEY (id, home)
);
CREATE INDEX "coverageeligibilityrequest_tokens" ON "coverageeligibilityrequest" USING gin (tokens) WITH (fastupdate = off);
CREATE INDEX "coverageeligibilityrequest_key" ON "coverageeligibilityrequest" (key);
CREATE INDEX "coverageeligibilityrequest_last_updated" ON "coverageeligibilityrequest" (last_updated, id);
CREATE INDEX "coverageeligibilityrequest_patient" ON "coverageeligibilityrequest" (patient, "created_lo" DESC NULLS LAST, id) WHERE patient IS NOT NULL;
CREATE INDEX "coverageeligibilityrequest_created_lo" ON "coverageeligibilityrequest" ("created_lo" DESC NULLS LAST);
ALTER TABLE "coverageeligibilityrequest" ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON "coverageeligibilityrequest" TO eira_app USING ((SELECT eira_reach()) = '*' OR ((SELECT eira_reach()) <> '' AND (care_provider = (SELECT eira_reach()) OR (care_provider IS NULL AND patient IS NULL))));
GRANT SELECT, INSERT, UPDATE, DELETE ON "coverageeligibilityrequest" TO eira_app;

CREATE TABLE "coverageeligibilityresponse" (
  home int4 NOT NULL,
  id text NOT NULL,
  version int4 NOT NULL,
  last_updated timestamptz NOT NULL,
  key int8 NOT NULL,
  patient text,
  other_patients text[],
  care_provider text,
  care_unit text,
  content text NOT NULL,
  tokens int8[] NOT NULL,
  strings tsvector,
  many jsonb,
  "created_lo" timestamptz,
  "created_hi" timestamptz,
  PRIMARY KEY (id, home)
);
CREATE INDEX "coverageeligibilityresponse_tokens" ON "coverageeligibilityresponse" USING gin (tokens) WITH (fastupdate = off);
CREATE INDEX "coverageeligibilityresponse_key" ON "coverageeligibilityresponse" (key);
CREATE INDEX "coverageeligibilityresponse_last_updated" ON "coverageeligibilityresponse" (last_updated, id);
CREATE INDEX "coverageeligibilityresponse_strings" ON "coverageeligibilityresponse" USING gin (strings) WITH (fastupdate = off);
CREATE INDEX "coverageeligibilityresponse_patient" ON "coverageeligibilityresponse" (patient, "created_lo" DESC NULLS LAST, id) WHERE patient IS NOT NULL;
CREATE INDEX "coverageeligibilityresponse_created_lo" ON "coverageeligibilityresponse" ("created_lo" DESC NULLS LAST);
ALTER TABLE "coverageeligibilityresponse" ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON "coverageeligibilityresponse" TO eira_app USING ((SELECT eira_reach()) = '*' OR ((SELECT eira_reach()) <> '' AND (care_provider = (SELECT eira_reach()) OR (care_provider IS NULL AND patient IS NULL))));
GRANT SELECT, INSERT, UPDATE, DELETE ON "coverageeligibilityresponse" TO eira_app;

CREATE TABLE "detectedissue" (
  home int4 NOT NULL,
  id text NOT NULL,
  version int4 NOT NULL,
  last_updated timestamptz NOT NULL,
  key int8 NOT NULL,
  patient text,
  other_patients text[],
  care_provider text,
  care_unit text,
  content text NOT NULL,
  tokens int8[] NOT NULL,
  strings tsvector,
  many jsonb,
  "identified_lo" timestamptz,
  "identified_hi" timestamptz,
  PRIMARY KEY (id, home)
);
CREATE INDEX "detectedissue_tokens" ON "detectedissue" USING gin (tokens) WITH (fastupdate = off);
CREATE INDEX "detectedissue_key" ON "detectedissue" (key);
CREATE INDEX "detectedissue_last_updated" ON "detectedissue" (last_updated, id);
CREATE INDEX "detectedissue_patient" ON "detectedissue" (patient, "identified_lo" DESC NULLS LAST, id) WHERE patient IS NOT NULL;
CREATE INDEX "detectedissue_identified_lo" ON "detectedissue" ("identified_lo" DESC NULLS LAST);
ALTER TABLE "detectedissue" ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON "detectedissue" TO eira_app USING ((SELECT eira_reach()) = '*' OR ((SELECT eira_reach()) <> '' AND (care_provider = (SELECT eira_reach()) OR (care_provider IS NULL AND patient IS NULL))));
GRANT SELECT, INSERT, UPDATE, DELETE ON "detectedissue" TO eira_app;

CREATE TABLE "device" (
  home int4 NOT NULL,
  id text NOT NULL,
  version int4 NOT NULL,
  last_updated timestamptz NOT NULL,
  key int8 NOT NULL,
  patient text,
  other_patients text[],
  care_provider text,
  care_unit text,
  content text NOT NULL,
  tokens int8[] NOT NULL,
  strings tsvector,
  many jsonb,
  PRIMARY KEY (id, home)
);
CREATE INDEX "device_tokens" ON "device" USING gin (tokens) WITH (fastupdate = off);
CREATE INDEX "device_key" ON "device" (key);
CREATE INDEX "device_last_updated" ON "device" (last_updated, id);
CREATE INDEX "device_strings" ON "device" USING gin (strings) WITH (fastupdate = off);
ALTER TABLE "device" ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON "device" TO eira_app USING ((SELECT eira_reach()) = '*' OR ((SELECT eira_reach()) <> '' AND (care_provider = (SELECT eira_reach()) OR (care_provider IS NULL AND patient IS NULL))));
GRANT SELECT, INSERT, UPDATE, DELETE ON "device" TO eira_app;

CREATE TABLE "devicedefinition" (
  home int4 NOT NULL,
  id text NOT NULL,
  version int4 NOT NULL,
  last_updated timestamptz NOT NULL,
  key int8 NOT NULL,
  patient text,
  other_patients text[],
  care_provider text,
  care_unit text,
  content text NOT NULL,
  tokens int8[] NOT NULL,
  strings tsvector,
  many jsonb,
  PRIMARY KEY (id, home)
);
CREATE INDEX "devicedefinition_tokens" ON "devicedefinition" USING gin (tokens) WITH (fastupdate = off);
CREATE INDEX "devicedefinition_key" ON "devicedefinition" (key);
CREATE INDEX "devicedefinition_last_updated" ON "devicedefinition" (last_updated, id);
ALTER TABLE "devicedefinition" ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON "devicedefinition" TO eira_app USING ((SELECT eira_reach()) = '*' OR ((SELECT eira_reach()) <> '' AND (care_provider = (SELECT eira_reach()) OR (care_provider IS NULL AND patient IS NULL))));
GRANT SELECT, INSERT, UPDATE, DELETE ON "devicedefinition" TO eira_app;

CREATE TABLE "devicemetric" (
  home int4 NOT NULL,
  id text NOT NULL,
  version int4 NOT NULL,
  last_updated timestamptz NOT NULL,
  key int8 NOT NULL,
  patient text,
  other_patients text[],
  care_provider text,
  care_unit text,
  content text NOT NULL,
  tokens int8[] NOT NULL,
  strings tsvector,
  many jsonb,
  PRIMARY KEY (id, home)
);
CREATE INDEX "devicemetric_tokens" ON "devicemetric" USING gin (tokens) WITH (fastupdate = off);
CREATE INDEX "devicemetric_key" ON "devicemetric" (key);
CREATE INDEX "devicemetric_last_updated" ON "devicemetric" (last_updated, id);
ALTER TABLE "devicemetric" ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON "devicemetric" TO eira_app USING ((SELECT eira_reach()) = '*' OR ((SELECT eira_reach()) <> '' AND (care_provider = (SELECT eira_reach()) OR (care_provider IS NULL AND patient IS NULL))));
GRANT SELECT, INSERT, UPDATE, DELETE ON "devicemetric" TO eira_app;

CREATE TABLE "devicerequest" (
  home int4 NOT NULL,
  id text NOT NULL,
  version int4 NOT NULL,
  last_updated timestamptz NOT NULL,
  key int8 NOT NULL,
  patient text,
  other_patients text[],
  care_provider text,
  care_unit text,
  content text NOT NULL,
  tokens int8[] NOT NULL,
  strings tsvector,
  many jsonb,
  "authored_on_lo" timestamptz,
  "authored_on_hi" timestamptz,
  "event_date_lo" timestamptz,
  "event_date_hi" timestamptz,
  PRIMARY KEY (id, home)
);
CREATE INDEX "devicerequest_tokens" ON "devicerequest" USING gin (tokens) WITH (fastupdate = off);
CREATE INDEX "devicerequest_key" ON "devicerequest" (key);
CREATE INDEX "devicerequest_last_updated" ON "devicerequest" (last_updated, id);
CREATE INDEX "devicerequest_patient" ON "devicerequest" (patient, "authored_on_lo" DESC NULLS LAST, id) WHERE patient IS NOT NULL;
CREATE INDEX "devicerequest_others" ON "devicerequest" USING gin (other_patients) WITH (fastupdate = off) WHERE other_patients IS NOT NULL;
CREATE INDEX "devicerequest_authored_on_lo" ON "devicerequest" ("authored_on_lo" DESC NULLS LAST);
CREATE INDEX "devicerequest_event_date_lo" ON "devicerequest" ("event_date_lo") WHERE "event_date_lo" IS NOT NULL;
ALTER TABLE "devicerequest" ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON "devicerequest" TO eira_app USING ((SELECT eira_reach()) = '*' OR ((SELECT eira_reach()) <> '' AND (care_provider = (SELECT eira_reach()) OR (care_provider IS NULL AND patient IS NULL))));
GRANT SELECT, INSERT, UPDATE, DELETE ON "devicerequest" TO eira_app;

CREATE TABLE "deviceusestatement" (
  home int4 NOT NULL,
  id text NOT NULL,
  version int4 NOT NULL,
  last_updated timestamptz NOT NULL,
  key int8 NOT NULL,
  patient text,
  other_patients text[],
  care_provider text,
  care_unit text,
  content text NOT NULL,
  tokens int8[] NOT NULL,
  strings tsvector,
  many jsonb,
  PRIMARY KEY (id, home)
);
CREATE INDEX "deviceusestatement_tokens" ON "deviceusestatement" USING gin (tokens) WITH (fastupdate = off);
CREATE INDEX "deviceusestatement_key" ON "deviceusestatement" (key);
CREATE INDEX "deviceusestatement_last_updated" ON "deviceusestatement" (last_updated, id);
CREATE INDEX "deviceusestatement_patient" ON "deviceusestatement" (patient, id) WHERE patient IS NOT NULL;
ALTER TABLE "deviceusestatement" ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON "deviceusestatement" TO eira_app USING ((SELECT eira_reach()) = '*' OR ((SELECT eira_reach()) <> '' AND (care_provider = (SELECT eira_reach()) OR (care_provider IS NULL AND patient IS NULL))));
GRANT SELECT, INSERT, UPDATE, DELETE ON "deviceusestatement" TO eira_app;

CREATE TABLE "diagnosticreport" (
  home int4 NOT NULL,
  id text NOT NULL,
  version int4 NOT NULL,
  last_updated timestamptz NOT NULL,
  key int8 NOT NULL,
  patient text,
  other_patients text[],
  care_provider text,
  care_unit text,
  content text NOT NULL,
  tokens int8[] NOT NULL,
  strings tsvector,
  many jsonb,
  "date_lo" timestamptz,
  "date_hi" timestamptz,
  "issued_lo" timestamptz,
  "issued_hi" timestamptz,
  PRIMARY KEY (id, home)
);
CREATE INDEX "diagnosticreport_tokens" ON "diagnosticreport" USING gin (tokens) WITH (fastupdate = off);
CREATE INDEX "diagnosticreport_key" ON "diagnosticreport" (key);
CREATE INDEX "diagnosticreport_last_updated" ON "diagnosticreport" (last_updated, id);
CREATE INDEX "diagnosticreport_patient" ON "diagnosticreport" (patient, "date_lo" DESC NULLS LAST, id) WHERE patient IS NOT NULL;
CREATE INDEX "diagnosticreport_date_lo" ON "diagnosticreport" ("date_lo" DESC NULLS LAST);
CREATE INDEX "diagnosticreport_issued_lo" ON "diagnosticreport" ("issued_lo") WHERE "issued_lo" IS NOT NULL;
ALTER TABLE "diagnosticreport" ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON "diagnosticreport" TO eira_app USING ((SELECT eira_reach()) = '*' OR ((SELECT eira_reach()) <> '' AND (care_provider = (SELECT eira_reach()) OR (care_provider IS NULL AND patient IS NULL))));
GRANT SELECT, INSERT, UPDATE, DELETE ON "diagnosticreport" TO eira_app;

CREATE TABLE "documentmanifest" (
  home int4 NOT NULL,
  id text NOT NULL,
  version int4 NOT NULL,
  last_updated timestamptz NOT NULL,
  key int8 NOT NULL,
  patient text,
  other_patients text[],
  care_provider text,
  care_unit text,
  content text NOT NULL,
  tokens int8[] NOT NULL,
  strings tsvector,
  many jsonb,
  "created_lo" timestamptz,
  "created_hi" timestamptz,
  PRIMARY KEY (id, home)
);
CREATE INDEX "documentmanifest_tokens" ON "documentmanifest" USING gin (tokens) WITH (fastupdate = off);
CREATE INDEX "documentmanifest_key" ON "documentmanifest" (key);
CREATE INDEX "documentmanifest_last_updated" ON "documentmanifest" (last_updated, id);
CREATE INDEX "documentmanifest_strings" ON "documentmanifest" USING gin (strings) WITH (fastupdate = off);
CREATE INDEX "documentmanifest_patient" ON "documentmanifest" (patient, "created_lo" DESC NULLS LAST, id) WHERE patient IS NOT NULL;
CREATE INDEX "documentmanifest_others" ON "documentmanifest" USING gin (other_patients) WITH (fastupdate = off) WHERE other_patients IS NOT NULL;
CREATE INDEX "documentmanifest_created_lo" ON "documentmanifest" ("created_lo" DESC NULLS LAST);
ALTER TABLE "documentmanifest" ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON "documentmanifest" TO eira_app USING ((SELECT eira_reach()) = '*' OR ((SELECT eira_reach()) <> '' AND (care_provider = (SELECT eira_reach()) OR (care_provider IS NULL AND patient IS NULL))));
GRANT SELECT, INSERT, UPDATE, DELETE ON "documentmanifest" TO eira_app;

CREATE TABLE "documentreference" (
  home int4 NOT NULL,
  id text NOT NULL,
  version int4 NOT NULL,
  last_updated timestamptz NOT NULL,
  key int8 NOT NULL,
  patient text,
  other_patients text[],
  care_provider text,
  care_unit text,
  content text NOT NULL,
  tokens int8[] NOT NULL,
  strings tsvector,
  many jsonb,
  "date_lo" timestamptz,
  "date_hi" timestamptz,
  "period_lo" timestamptz,
  "period_hi" timestamptz,
  PRIMARY KEY (id, home)
);
CREATE INDEX "documentreference_tokens" ON "documentreference" USING gin (tokens) WITH (fastupdate = off);
CREATE INDEX "documentreference_key" ON "documentreference" (key);
CREATE INDEX "documentreference_last_updated" ON "documentreference" (last_updated, id);
CREATE INDEX "documentreference_strings" ON "documentreference" USING gin (strings) WITH (fastupdate = off);
CREATE INDEX "documentreference_patient" ON "documentreference" (patient, "date_lo" DESC NULLS LAST, id) WHERE patient IS NOT NULL;
CREATE INDEX "documentreference_others" ON "documentreference" USING gin (other_patients) WITH (fastupdate = off) WHERE other_patients IS NOT NULL;
CREATE INDEX "documentreference_date_lo" ON "documentreference" ("date_lo" DESC NULLS LAST);
CREATE INDEX "documentreference_period_lo" ON "documentreference" ("period_lo") WHERE "period_lo" IS NOT NULL;
ALTER TABLE "documentreference" ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON "documentreference" TO eira_app USING ((SELECT eira_reach()) = '*' OR ((SELECT eira_reach()) <> '' AND (care_provider = (SELECT eira_reach()) OR (care_provider IS NULL AND patient IS NULL))));
GRANT SELECT, INSERT, UPDATE, DELETE ON "documentreference" TO eira_app;

CREATE TABLE "effectevidencesynthesis" (
  home int4 NOT NULL,
  id text NOT NULL,
  version int4 NOT NULL,
  last_updated timestamptz NOT NULL,
  key int8 NOT NULL,
  patient text,
  other_patients text[],
  care_provider text,
  care_unit text,
  content text NOT NULL,
  tokens int8[] NOT NULL,
  strings tsvector,
  many jsonb,
  "context_quantity_lo" numeric,
  "context_quantity_hi" numeric,
  "date_lo" timestamptz,
  "date_hi" timestamptz,
  "effective_lo" timestamptz,
  "effective_hi" timestamptz,
  PRIMARY KEY (id, home)
);
CREATE INDEX "effectevidencesynthesis_tokens" ON "effectevidencesynthesis" USING gin (tokens) WITH (fastupdate = off);
CREATE INDEX "effectevidencesynthesis_key" ON "effectevidencesynthesis" (key);
CREATE INDEX "effectevidencesynthesis_last_updated" ON "effectevidencesynthesis" (last_updated, id);
CREATE INDEX "effectevidencesynthesis_strings" ON "effectevidencesynthesis" USING gin (strings) WITH (fastupdate = off);
CREATE INDEX "effectevidencesynthesis_date_lo" ON "effectevidencesynthesis" ("date_lo" DESC NULLS LAST);
CREATE INDEX "effectevidencesynthesis_effective_lo" ON "effectevidencesynthesis" ("effective_lo") WHERE "effective_lo" IS NOT NULL;
ALTER TABLE "effectevidencesynthesis" ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON "effectevidencesynthesis" TO eira_app USING ((SELECT eira_reach()) = '*' OR ((SELECT eira_reach()) <> '' AND (care_provider = (SELECT eira_reach()) OR (care_provider IS NULL AND patient IS NULL))));
GRANT SELECT, INSERT, UPDATE, DELETE ON "effectevidencesynthesis" TO eira_app;

CREATE TABLE "encounter" (
  home int4 NOT NULL,
  id text NOT NULL,
  version int4 NOT NULL,
  last_updated timestamptz NOT NULL,
  key int8 NOT NULL,
  patient text,
  other_patients text[],
  care_provider text,
  care_unit text,
  content text NOT NULL,
  tokens int8[] NOT NULL,
  strings tsvector,
  many jsonb,
  "date_lo" timestamptz,
  "date_hi" timestamptz,
  "length_lo" numeric,
  "length_hi" numeric,
  "location_period_lo" timestamptz,
  "location_period_hi" timestamptz,
  PRIMARY KEY (id, home)
);
CREATE INDEX "encounter_tokens" ON "encounter" USING gin (tokens) WITH (fastupdate = off);
CREATE INDEX "encounter_key" ON "encounter" (key);
CREATE INDEX "encounter_last_updated" ON "encounter" (last_updated, id);
CREATE INDEX "encounter_patient" ON "encounter" (patient, "date_lo" DESC NULLS LAST, id) WHERE patient IS NOT NULL;
CREATE INDEX "encounter_date_lo" ON "encounter" ("date_lo" DESC NULLS LAST);
CREATE INDEX "encounter_location_period_lo" ON "encounter" ("location_period_lo") WHERE "location_period_lo" IS NOT NULL;
ALTER TABLE "encounter" ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON "encounter" TO eira_app USING ((SELECT eira_reach()) = '*' OR ((SELECT eira_reach()) <> '' AND (care_provider = (SELECT eira_reach()) OR (care_provider IS NULL AND patient IS NULL))));
GRANT SELECT, INSERT, UPDATE, DELETE ON "encounter" TO eira_app;

CREATE TABLE "endpoint" (
  home int4 NOT NULL,
  id text NOT NULL,
  version int4 NOT NULL,
  last_updated timestamptz NOT NULL,
  key int8 NOT NULL,
  patient text,
  other_patients text[],
  care_provider text,
  care_unit text,
  content text NOT NULL,
  tokens int8[] NOT NULL,
  strings tsvector,
  many jsonb,
  PRIMARY KEY (id, home)
);
CREATE INDEX "endpoint_tokens" ON "endpoint" USING gin (tokens) WITH (fastupdate = off);
CREATE INDEX "endpoint_key" ON "endpoint" (key);
CREATE INDEX "endpoint_last_updated" ON "endpoint" (last_updated, id);
CREATE INDEX "endpoint_strings" ON "endpoint" USING gin (strings) WITH (fastupdate = off);
ALTER TABLE "endpoint" ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON "endpoint" TO eira_app USING ((SELECT eira_reach()) = '*' OR ((SELECT eira_reach()) <> '' AND (care_provider = (SELECT eira_reach()) OR (care_provider IS NULL AND patient IS NULL))));
GRANT SELECT, INSERT, UPDATE, DELETE ON "endpoint" TO eira_app;

CREATE TABLE "enrollmentrequest" (
  home int4 NOT NULL,
  id text NOT NULL,
  version int4 NOT NULL,
  last_updated timestamptz NOT NULL,
  key int8 NOT NULL,
  patient text,
  other_patients text[],
  care_provider text,
  care_unit text,
  content text NOT NULL,
  tokens int8[] NOT NULL,
  strings tsvector,
  many jsonb,
  PRIMARY KEY (id, home)
);
CREATE INDEX "enrollmentrequest_tokens" ON "enrollmentrequest" USING gin (tokens) WITH (fastupdate = off);
CREATE INDEX "enrollmentrequest_key" ON "enrollmentrequest" (key);
CREATE INDEX "enrollmentrequest_last_updated" ON "enrollmentrequest" (last_updated, id);
CREATE INDEX "enrollmentrequest_patient" ON "enrollmentrequest" (patient, id) WHERE patient IS NOT NULL;
ALTER TABLE "enrollmentrequest" ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON "enrollmentrequest" TO eira_app USING ((SELECT eira_reach()) = '*' OR ((SELECT eira_reach()) <> '' AND (care_provider = (SELECT eira_reach()) OR (care_provider IS NULL AND patient IS NULL))));
GRANT SELECT, INSERT, UPDATE, DELETE ON "enrollmentrequest" TO eira_app;

CREATE TABLE "enrollmentresponse" (
  home int4 NOT NULL,
  id text NOT NULL,
  version int4 NOT NULL,
  last_updated timestamptz NOT NULL,
  key int8 NOT NULL,
  patient text,
  other_patients text[],
  care_provider text,
  care_unit text,
  content text NOT NULL,
  tokens int8[] NOT NULL,
  strings tsvector,
  many jsonb,
  PRIMARY KEY (id, home)
);
CREATE INDEX "enrollmentresponse_tokens" ON "enrollmentresponse" USING gin (tokens) WITH (fastupdate = off);
CREATE INDEX "enrollmentresponse_key" ON "enrollmentresponse" (key);
CREATE INDEX "enrollmentresponse_last_updated" ON "enrollmentresponse" (last_updated, id);
ALTER TABLE "enrollmentresponse" ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON "enrollmentresponse" TO eira_app USING ((SELECT eira_reach()) = '*' OR ((SELECT eira_reach()) <> '' AND (care_provider = (SELECT eira_reach()) OR (care_provider IS NULL AND patient IS NULL))));
GRANT SELECT, INSERT, UPDATE, DELETE ON "enrollmentresponse" TO eira_app;

CREATE TABLE "episodeofcare" (
  home int4 NOT NULL,
  id text NOT NULL,
  version int4 NOT NULL,
  last_updated timestamptz NOT NULL,
  key int8 NOT NULL,
  patient text,
  other_patients text[],
  care_provider text,
  care_unit text,
  content text NOT NULL,
  tokens int8[] NOT NULL,
  strings tsvector,
  many jsonb,
  "date_lo" timestamptz,
  "date_hi" timestamptz,
  PRIMARY KEY (id, home)
);
CREATE INDEX "episodeofcare_tokens" ON "episodeofcare" USING gin (tokens) WITH (fastupdate = off);
CREATE INDEX "episodeofcare_key" ON "episodeofcare" (key);
CREATE INDEX "episodeofcare_last_updated" ON "episodeofcare" (last_updated, id);
CREATE INDEX "episodeofcare_patient" ON "episodeofcare" (patient, "date_lo" DESC NULLS LAST, id) WHERE patient IS NOT NULL;
CREATE INDEX "episodeofcare_date_lo" ON "episodeofcare" ("date_lo" DESC NULLS LAST);
ALTER TABLE "episodeofcare" ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON "episodeofcare" TO eira_app USING ((SELECT eira_reach()) = '*' OR ((SELECT eira_reach()) <> '' AND (care_provider = (SELECT eira_reach()) OR (care_provider IS NULL AND patient IS NULL))));
GRANT SELECT, INSERT, UPDATE, DELETE ON "episodeofcare" TO eira_app;

CREATE TABLE "eventdefinition" (
  home int4 NOT NULL,
  id text NOT NULL,
  version int4 NOT NULL,
  last_updated timestamptz NOT NULL,
  key int8 NOT NULL,
  patient text,
  other_patients text[],
  care_provider text,
  care_unit text,
  content text NOT NULL,
  tokens int8[] NOT NULL,
  strings tsvector,
  many jsonb,
  "context_quantity_lo" numeric,
  "context_quantity_hi" numeric,
  "date_lo" timestamptz,
  "date_hi" timestamptz,
  "effective_lo" timestamptz,
  "effective_hi" timestamptz,
  PRIMARY KEY (id, home)
);
CREATE INDEX "eventdefinition_tokens" ON "eventdefinition" USING gin (tokens) WITH (fastupdate = off);
CREATE INDEX "eventdefinition_key" ON "eventdefinition" (key);
CREATE INDEX "eventdefinition_last_updated" ON "eventdefinition" (last_updated, id);
CREATE INDEX "eventdefinition_strings" ON "eventdefinition" USING gin (strings) WITH (fastupdate = off);
CREATE INDEX "eventdefinition_date_lo" ON "eventdefinition" ("date_lo" DESC NULLS LAST);
CREATE INDEX "eventdefinition_effective_lo" ON "eventdefinition" ("effective_lo") WHERE "effective_lo" IS NOT NULL;
ALTER TABLE "eventdefinition" ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON "eventdefinition" TO eira_app USING ((SELECT eira_reach()) = '*' OR ((SELECT eira_reach()) <> '' AND (care_provider = (SELECT eira_reach()) OR (care_provider IS NULL AND patient IS NULL))));
GRANT SELECT, INSERT, UPDATE, DELETE ON "eventdefinition" TO eira_app;

CREATE TABLE "evidence" (
  home int4 NOT NULL,
  id text NOT NULL,
  version int4 NOT NULL,
  last_updated timestamptz NOT NULL,
  key int8 NOT NULL,
  patient text,
  other_patients text[],
  care_provider text,
  care_unit text,
  content text NOT NULL,
  tokens int8[] NOT NULL,
  strings tsvector,
  many jsonb,
  "context_quantity_lo" numeric,
  "context_quantity_hi" numeric,
  "date_lo" timestamptz,
  "date_hi" timestamptz,
  "effective_lo" timestamptz,
  "effective_hi" timestamptz,
  PRIMARY KEY (id, home)
);
CREATE INDEX "evidence_tokens" ON "evidence" USING gin (tokens) WITH (fastupdate = off);
CREATE INDEX "evidence_key" ON "evidence" (key);
CREATE INDEX "evidence_last_updated" ON "evidence" (last_updated, id);
CREATE INDEX "evidence_strings" ON "evidence" USING gin (strings) WITH (fastupdate = off);
CREATE INDEX "evidence_date_lo" ON "evidence" ("date_lo" DESC NULLS LAST);
CREATE INDEX "evidence_effective_lo" ON "evidence" ("effective_lo") WHERE "effective_lo" IS NOT NULL;
ALTER TABLE "evidence" ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON "evidence" TO eira_app USING ((SELECT eira_reach()) = '*' OR ((SELECT eira_reach()) <> '' AND (care_provider = (SELECT eira_reach()) OR (care_provider IS NULL AND patient IS NULL))));
GRANT SELECT, INSERT, UPDATE, DELETE ON "evidence" TO eira_app;

CREATE TABLE "evidencevariable" (
  home int4 NOT NULL,
  id text NOT NULL,
  version int4 NOT NULL,
  last_updated timestamptz NOT NULL,
  key int8 NOT NULL,
  patient text,
  other_patients text[],
  care_provider text,
  care_unit text,
  content text NOT NULL,
  tokens int8[] NOT NULL,
  strings tsvector,
  many jsonb,
  "context_quantity_lo" numeric,
  "context_quantity_hi" numeric,
  "date_lo" timestamptz,
  "date_hi" timestamptz,
  "effective_lo" timestamptz,
  "effective_hi" timestamptz,
  PRIMARY KEY (id, home)
);
CREATE INDEX "evidencevariable_tokens" ON "evidencevariable" USING gin (tokens) WITH (fastupdate = off);
CREATE INDEX "evidencevariable_key" ON "evidencevariable" (key);
CREATE INDEX "evidencevariable_last_updated" ON "evidencevariable" (last_updated, id);
CREATE INDEX "evidencevariable_strings" ON "evidencevariable" USING gin (strings) WITH (fastupdate = off);
CREATE INDEX "evidencevariable_date_lo" ON "evidencevariable" ("date_lo" DESC NULLS LAST);
CREATE INDEX "evidencevariable_effective_lo" ON "evidencevariable" ("effective_lo") WHERE "effective_lo" IS NOT NULL;
ALTER TABLE "evidencevariable" ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON "evidencevariable" TO eira_app USING ((SELECT eira_reach()) = '*' OR ((SELECT eira_reach()) <> '' AND (care_provider = (SELECT eira_reach()) OR (care_provider IS NULL AND patient IS NULL))));
GRANT SELECT, INSERT, UPDATE, DELETE ON "evidencevariable" TO eira_app;

CREATE TABLE "examplescenario" (
  home int4 NOT NULL,
  id text NOT NULL,
  version int4 NOT NULL,
  last_updated timestamptz NOT NULL,
  key int8 NOT NULL,
  patient text,
  other_patients text[],
  care_provider text,
  care_unit text,
  content text NOT NULL,
  tokens int8[] NOT NULL,
  strings tsvector,
  many jsonb,
  "context_quantity_lo" numeric,
  "context_quantity_hi" numeric,
  "date_lo" timestamptz,
  "date_hi" timestamptz,
  PRIMARY KEY (id, home)
);
CREATE INDEX "examplescenario_tokens" ON "examplescenario" USING gin (tokens) WITH (fastupdate = off);
CREATE INDEX "examplescenario_key" ON "examplescenario" (key);
CREATE INDEX "examplescenario_last_updated" ON "examplescenario" (last_updated, id);
CREATE INDEX "examplescenario_strings" ON "examplescenario" USING gin (strings) WITH (fastupdate = off);
CREATE INDEX "examplescenario_date_lo" ON "examplescenario" ("date_lo" DESC NULLS LAST);
ALTER TABLE "examplescenario" ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON "examplescenario" TO eira_app USING ((SELECT eira_reach()) = '*' OR ((SELECT eira_reach()) <> '' AND (care_provider = (SELECT eira_reach()) OR (care_provider IS NULL AND patient IS NULL))));
GRANT SELECT, INSERT, UPDATE, DELETE ON "examplescenario" TO eira_app;

CREATE TABLE "explanationofbenefit" (
  home int4 NOT NULL,
  id text NOT NULL,
  version int4 NOT NULL,
  last_updated timestamptz NOT NULL,
  key int8 NOT NULL,
  patient text,
  other_patients text[],
  care_provider text,
  care_unit text,
  content text NOT NULL,
  tokens int8[] NOT NULL,
  strings tsvector,
  many jsonb,
  "created_lo" timestamptz,
  "created_hi" timestamptz,
  PRIMARY KEY (id, home)
);
CREATE INDEX "explanationofbenefit_tokens" ON "explanationofbenefit" USING gin (tokens) WITH (fastupdate = off);
CREATE INDEX "explanationofbenefit_key" ON "explanationofbenefit" (key);
CREATE INDEX "explanationofbenefit_last_updated" ON "explanationofbenefit" (last_updated, id);
CREATE INDEX "explanationofbenefit_strings" ON "explanationofbenefit" USING gin (strings) WITH (fastupdate = off);
CREATE INDEX "explanationofbenefit_patient" ON "explanationofbenefit" (patient, "created_lo" DESC NULLS LAST, id) WHERE patient IS NOT NULL;
CREATE INDEX "explanationofbenefit_others" ON "explanationofbenefit" USING gin (other_patients) WITH (fastupdate = off) WHERE other_patients IS NOT NULL;
CREATE INDEX "explanationofbenefit_created_lo" ON "explanationofbenefit" ("created_lo" DESC NULLS LAST);
ALTER TABLE "explanationofbenefit" ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON "explanationofbenefit" TO eira_app USING ((SELECT eira_reach()) = '*' OR ((SELECT eira_reach()) <> '' AND (care_provider = (SELECT eira_reach()) OR (care_provider IS NULL AND patient IS NULL))));
GRANT SELECT, INSERT, UPDATE, DELETE ON "explanationofbenefit" TO eira_app;

CREATE TABLE "familymemberhistory" (
  home int4 NOT NULL,
  id text NOT NULL,
  version int4 NOT NULL,
  last_updated timestamptz NOT NULL,
  key int8 NOT NULL,
  patient text,
  other_patients text[],
  care_provider text,
  care_unit text,
  content text NOT NULL,
  tokens int8[] NOT NULL,
  strings tsvector,
  many jsonb,
  "date_lo" timestamptz,
  "date_hi" timestamptz,
  PRIMARY KEY (id, home)
);
CREATE INDEX "familymemberhistory_tokens" ON "familymemberhistory" USING gin (tokens) WITH (fastupdate = off);
CREATE INDEX "familymemberhistory_key" ON "familymemberhistory" (key);
CREATE INDEX "familymemberhistory_last_updated" ON "familymemberhistory" (last_updated, id);
CREATE INDEX "familymemberhistory_patient" ON "familymemberhistory" (patient, "date_lo" DESC NULLS LAST, id) WHERE patient IS NOT NULL;
CREATE INDEX "familymemberhistory_date_lo" ON "familymemberhistory" ("date_lo" DESC NULLS LAST);
ALTER TABLE "familymemberhistory" ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON "familymemberhistory" TO eira_app USING ((SELECT eira_reach()) = '*' OR ((SELECT eira_reach()) <> '' AND (care_provider = (SELECT eira_reach()) OR (care_provider IS NULL AND patient IS NULL))));
GRANT SELECT, INSERT, UPDATE, DELETE ON "familymemberhistory" TO eira_app;

CREATE TABLE "flag" (
  home int4 NOT NULL,
  id text NOT NULL,
  version int4 NOT NULL,
  last_updated timestamptz NOT NULL,
  key int8 NOT NULL,
  patient text,
  other_patients text[],
  care_provider text,
  care_unit text,
  content text NOT NULL,
  tokens int8[] NOT NULL,
  strings tsvector,
  many jsonb,
  "date_lo" timestamptz,
  "date_hi" timestamptz,
  PRIMARY KEY (id, home)
);
CREATE INDEX "flag_tokens" ON "flag" USING gin (tokens) WITH (fastupdate = off);
CREATE INDEX "flag_key" ON "flag" (key);
CREATE INDEX "flag_last_updated" ON "flag" (last_updated, id);
CREATE INDEX "flag_patient" ON "flag" (patient, "date_lo" DESC NULLS LAST, id) WHERE patient IS NOT NULL;
CREATE INDEX "flag_date_lo" ON "flag" ("date_lo" DESC NULLS LAST);
ALTER TABLE "flag" ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON "flag" TO eira_app USING ((SELECT eira_reach()) = '*' OR ((SELECT eira_reach()) <> '' AND (care_provider = (SELECT eira_reach()) OR (care_provider IS NULL AND patient IS NULL))));
GRANT SELECT, INSERT, UPDATE, DELETE ON "flag" TO eira_app;

CREATE TABLE "goal" (
  home int4 NOT NULL,
  id text NOT NULL,
  version int4 NOT NULL,
  last_updated timestamptz NOT NULL,
  key int8 NOT NULL,
  patient text,
  other_patients text[],
  care_provider text,
  care_unit text,
  content text NOT NULL,
  tokens int8[] NOT NULL,
  strings tsvector,
  many jsonb,
  "start_date_lo" timestamptz,
  "start_date_hi" timestamptz,
  "target_date_lo" timestamptz,
  "target_date_hi" timestamptz,
  PRIMARY KEY (id, home)
);
CREATE INDEX "goal_tokens" ON "goal" USING gin (tokens) WITH (fastupdate = off);
CREATE INDEX "goal_key" ON "goal" (key);
CREATE INDEX "goal_last_updated" ON "goal" (last_updated, id);
CREATE INDEX "goal_patient" ON "goal" (patient, "start_date_lo" DESC NULLS LAST, id) WHERE patient IS NOT NULL;
CREATE INDEX "goal_start_date_lo" ON "goal" ("start_date_lo" DESC NULLS LAST);
CREATE INDEX "goal_target_date_lo" ON "goal" ("target_date_lo") WHERE "target_date_lo" IS NOT NULL;
ALTER TABLE "goal" ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON "goal" TO eira_app USING ((SELECT eira_reach()) = '*' OR ((SELECT eira_reach()) <> '' AND (care_provider = (SELECT eira_reach()) OR (care_provider IS NULL AND patient IS NULL))));
GRANT SELECT, INSERT, UPDATE, DELETE ON "goal" TO eira_app;

CREATE TABLE "graphdefinition" (
  home int4 NOT NULL,
  id text NOT NULL,
  version int4 NOT NULL,
  last_updated timestamptz NOT NULL,
  key int8 NOT NULL,
  patient text,
  other_patients text[],
  care_provider text,
  care_unit text,
  content text NOT NULL,
  tokens int8[] NOT NULL,
  strings tsvector,
  many jsonb,
  "context_quantity_lo" numeric,
  "context_quantity_hi" numeric,
  "date_lo" timestamptz,
  "date_hi" timestamptz,
  PRIMARY KEY (id, home)
);
CREATE INDEX "graphdefinition_tokens" ON "graphdefinition" USING gin (tokens) WITH (fastupdate = off);
CREATE INDEX "graphdefinition_key" ON "graphdefinition" (key);
CREATE INDEX "graphdefinition_last_updated" ON "graphdefinition" (last_updated, id);
CREATE INDEX "graphdefinition_strings" ON "graphdefinition" USING gin (strings) WITH (fastupdate = off);
CREATE INDEX "graphdefinition_date_lo" ON "graphdefinition" ("date_lo" DESC NULLS LAST);
ALTER TABLE "graphdefinition" ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON "graphdefinition" TO eira_app USING ((SELECT eira_reach()) = '*' OR ((SELECT eira_reach()) <> '' AND (care_provider = (SELECT eira_reach()) OR (care_provider IS NULL AND patient IS NULL))));
GRANT SELECT, INSERT, UPDATE, DELETE ON "graphdefinition" TO eira_app;

CREATE TABLE "group" (
  home int4 NOT NULL,
  id text NOT NULL,
  version int4 NOT NULL,
  last_updated timestamptz NOT NULL,
  key int8 NOT NULL,
  patient text,
  other_patients text[],
  care_provider text,
  care_unit text,
  content text NOT NULL,
  tokens int8[] NOT NULL,
  strings tsvector,
  many jsonb,
  PRIMARY KEY (id, home)
);
CREATE INDEX "group_tokens" ON "group" USING gin (tokens) WITH (fastupdate = off);
CREATE INDEX "group_key" ON "group" (key);
CREATE INDEX "group_last_updated" ON "group" (last_updated, id);
CREATE INDEX "group_patient" ON "group" (patient, id) WHERE patient IS NOT NULL;
CREATE INDEX "group_others" ON "group" USING gin (other_patients) WITH (fastupdate = off) WHERE other_patients IS NOT NULL;
ALTER TABLE "group" ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON "group" TO eira_app USING ((SELECT eira_reach()) = '*' OR ((SELECT eira_reach()) <> '' AND (care_provider = (SELECT eira_reach()) OR (care_provider IS NULL AND patient IS NULL))));
GRANT SELECT, INSERT, UPDATE, DELETE ON "group" TO eira_app;

CREATE TABLE "guidanceresponse" (
  home int4 NOT NULL,
  id text NOT NULL,
  version int4 NOT NULL,
  last_updated timestamptz NOT NULL,
  key int8 NOT NULL,
  patient text,
  other_patients text[],
  care_provider text,
  care_unit text,
  content text NOT NULL,
  tokens int8[] NOT NULL,
  strings tsvector,
  many jsonb,
  PRIMARY KEY (id, home)
);
CREATE INDEX "guidanceresponse_tokens" ON "guidanceresponse" USING gin (tokens) WITH (fastupdate = off);
CREATE INDEX "guidanceresponse_key" ON "guidanceresponse" (key);
CREATE INDEX "guidanceresponse_last_updated" ON "guidanceresponse" (last_updated, id);
ALTER TABLE "guidanceresponse" ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON "guidanceresponse" TO eira_app USING ((SELECT eira_reach()) = '*' OR ((SELECT eira_reach()) <> '' AND (care_provider = (SELECT eira_reach()) OR (care_provider IS NULL AND patient IS NULL))));
GRANT SELECT, INSERT, UPDATE, DELETE ON "guidanceresponse" TO eira_app;

CREATE TABLE "healthcareservice" (
  home int4 NOT NULL,
  id text NOT NULL,
  version int4 NOT NULL,
  last_updated timestamptz NOT NULL,
  key int8 NOT NULL,
  patient text,
  other_patients text[],
  care_provider text,
  care_unit text,
  content text NOT NULL,
  tokens int8[] NOT NULL,
  strings tsvector,
  many jsonb,
  PRIMARY KEY (id, home)
);
CREATE INDEX "healthcareservice_tokens" ON "healthcareservice" USING gin (tokens) WITH (fastupdate = off);
CREATE INDEX "healthcareservice_key" ON "healthcareservice" (key);
CREATE INDEX "healthcareservice_last_updated" ON "healthcareservice" (last_updated, id);
CREATE INDEX "healthcareservice_strings" ON "healthcareservice" USING gin (strings) WITH (fastupdate = off);
ALTER TABLE "healthcareservice" ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON "healthcareservice" TO eira_app USING ((SELECT eira_reach()) = '*' OR ((SELECT eira_reach()) <> '' AND (care_provider = (SELECT eira_reach()) OR (care_provider IS NULL AND patient IS NULL))));
GRANT SELECT, INSERT, UPDATE, DELETE ON "healthcareservice" TO eira_app;

CREATE TABLE "imagingstudy" (
  home int4 NOT NULL,
  id text NOT NULL,
  version int4 NOT NULL,
  last_updated timestamptz NOT NULL,
  key int8 NOT NULL,
  patient text,
  other_patients text[],
  care_provider text,
  care_unit text,
  content text NOT NULL,
  tokens int8[] NOT NULL,
  strings tsvector,
  many jsonb,
  "started_lo" timestamptz,
  "started_hi" timestamptz,
  PRIMARY KEY (id, home)
);
CREATE INDEX "imagingstudy_tokens" ON "imagingstudy" USING gin (tokens) WITH (fastupdate = off);
CREATE INDEX "imagingstudy_key" ON "imagingstudy" (key);
CREATE INDEX "imagingstudy_last_updated" ON "imagingstudy" (last_updated, id);
CREATE INDEX "imagingstudy_patient" ON "imagingstudy" (patient, "started_lo" DESC NULLS LAST, id) WHERE patient IS NOT NULL;
CREATE INDEX "imagingstudy_started_lo" ON "imagingstudy" ("started_lo" DESC NULLS LAST);
ALTER TABLE "imagingstudy" ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON "imagingstudy" TO eira_app USING ((SELECT eira_reach()) = '*' OR ((SELECT eira_reach()) <> '' AND (care_provider = (SELECT eira_reach()) OR (care_provider IS NULL AND patient IS NULL))));
GRANT SELECT, INSERT, UPDATE, DELETE ON "imagingstudy" TO eira_app;

CREATE TABLE "immunization" (
  home int4 NOT NULL,
  id text NOT NULL,
  version int4 NOT NULL,
  last_updated timestamptz NOT NULL,
  key int8 NOT NULL,
  patient text,
  other_patients text[],
  care_provider text,
  care_unit text,
  content text NOT NULL,
  tokens int8[] NOT NULL,
  strings tsvector,
  many jsonb,
  "date_lo" timestamptz,
  "date_hi" timestamptz,
  "reaction_date_lo" timestamptz,
  "reaction_date_hi" timestamptz,
  PRIMARY KEY (id, home)
);
CREATE INDEX "immunization_tokens" ON "immunization" USING gin (tokens) WITH (fastupdate = off);
CREATE INDEX "immunization_key" ON "immunization" (key);
CREATE INDEX "immunization_last_updated" ON "immunization" (last_updated, id);
CREATE INDEX "immunization_strings" ON "immunization" USING gin (strings) WITH (fastupdate = off);
CREATE INDEX "immunization_patient" ON "immunization" (patient, "date_lo" DESC NULLS LAST, id) WHERE patient IS NOT NULL;
CREATE INDEX "immunization_date_lo" ON "immunization" ("date_lo" DESC NULLS LAST);
CREATE INDEX "immunization_reaction_date_lo" ON "immunization" ("reaction_date_lo") WHERE "reaction_date_lo" IS NOT NULL;
ALTER TABLE "immunization" ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON "immunization" TO eira_app USING ((SELECT eira_reach()) = '*' OR ((SELECT eira_reach()) <> '' AND (care_provider = (SELECT eira_reach()) OR (care_provider IS NULL AND patient IS NULL))));
GRANT SELECT, INSERT, UPDATE, DELETE ON "immunization" TO eira_app;

CREATE TABLE "immunizationevaluation" (
  home int4 NOT NULL,
  id text NOT NULL,
  version int4 NOT NULL,
  last_updated timestamptz NOT NULL,
  key int8 NOT NULL,
  patient text,
  other_patients text[],
  care_provider text,
  care_unit text,
  content text NOT NULL,
  tokens int8[] NOT NULL,
  strings tsvector,
  many jsonb,
  "date_lo" timestamptz,
  "date_hi" timestamptz,
  PRIMARY KEY (id, home)
);
CREATE INDEX "immunizationevaluation_tokens" ON "immunizationevaluation" USING gin (tokens) WITH (fastupdate = off);
CREATE INDEX "immunizationevaluation_key" ON "immunizationevaluation" (key);
CREATE INDEX "immunizationevaluation_last_updated" ON "immunizationevaluation" (last_updated, id);
CREATE INDEX "immunizationevaluation_patient" ON "immunizationevaluation" (patient, "date_lo" DESC NULLS LAST, id) WHERE patient IS NOT NULL;
CREATE INDEX "immunizationevaluation_date_lo" ON "immunizationevaluation" ("date_lo" DESC NULLS LAST);
ALTER TABLE "immunizationevaluation" ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON "immunizationevaluation" TO eira_app USING ((SELECT eira_reach()) = '*' OR ((SELECT eira_reach()) <> '' AND (care_provider = (SELECT eira_reach()) OR (care_provider IS NULL AND patient IS NULL))));
GRANT SELECT, INSERT, UPDATE, DELETE ON "immunizationevaluation" TO eira_app;

CREATE TABLE "immunizationrecommendation" (
  home int4 NOT NULL,
  id text NOT NULL,
  version int4 NOT NULL,
  last_updated timestamptz NOT NULL,
  key int8 NOT NULL,
  patient text,
  other_patients text[],
  care_provider text,
  care_unit text,
  content text NOT NULL,
  tokens int8[] NOT NULL,
  strings tsvector,
  many jsonb,
  "date_lo" timestamptz,
  "date_hi" timestamptz,
  PRIMARY KEY (id, home)
);
CREATE INDEX "immunizationrecommendation_tokens" ON "immunizationrecommendation" USING gin (tokens) WITH (fastupdate = off);
CREATE INDEX "immunizationrecommendation_key" ON "immunizationrecommendation" (key);
CREATE INDEX "immunizationrecommendation_last_updated" ON "immunizationrecommendation" (last_updated, id);
CREATE INDEX "immunizationrecommendation_patient" ON "immunizationrecommendation" (patient, "date_lo" DESC NULLS LAST, id) WHERE patient IS NOT NULL;
CREATE INDEX "immunizationrecommendation_date_lo" ON "immunizationrecommendation" ("date_lo" DESC NULLS LAST);
ALTER TABLE "immunizationrecommendation" ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON "immunizationrecommendation" TO eira_app USING ((SELECT eira_reach()) = '*' OR ((SELECT eira_reach()) <> '' AND (care_provider = (SELECT eira_reach()) OR (care_provider IS NULL AND patient IS NULL))));
GRANT SELECT, INSERT, UPDATE, DELETE ON "immunizationrecommendation" TO eira_app;

CREATE TABLE "implementationguide" (
  home int4 NOT NULL,
  id text NOT NULL,
  version int4 NOT NULL,
  last_updated timestamptz NOT NULL,
  key int8 NOT NULL,
  patient text,
  other_patients text[],
  care_provider text,
  care_unit text,
  content text NOT NULL,
  tokens int8[] NOT NULL,
  strings tsvector,
  many jsonb,
  "context_quantity_lo" numeric,
  "context_quantity_hi" numeric,
  "date_lo" timestamptz,
  "date_hi" timestamptz,
  PRIMARY KEY (id, home)
);
CREATE INDEX "implementationguide_tokens" ON "implementationguide" USING gin (tokens) WITH (fastupdate = off);
CREATE INDEX "implementationguide_key" ON "implementationguide" (key);
CREATE INDEX "implementationguide_last_updated" ON "implementationguide" (last_updated, id);
CREATE INDEX "implementationguide_strings" ON "implementationguide" USING gin (strings) WITH (fastupdate = off);
CREATE INDEX "implementationguide_date_lo" ON "implementationguide" ("date_lo" DESC NULLS LAST);
ALTER TABLE "implementationguide" ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON "implementationguide" TO eira_app USING ((SELECT eira_reach()) = '*' OR ((SELECT eira_reach()) <> '' AND (care_provider = (SELECT eira_reach()) OR (care_provider IS NULL AND patient IS NULL))));
GRANT SELECT, INSERT, UPDATE, DELETE ON "implementationguide" TO eira_app;

CREATE TABLE "insuranceplan" (
  home int4 NOT NULL,
  id text NOT NULL,
  version int4 NOT NULL,
  last_updated timestamptz NOT NULL,
  key int8 NOT NULL,
  patient text,
  other_patients text[],
  care_provider text,
  care_unit text,
  content text NOT NULL,
  tokens int8[] NOT NULL,
  strings tsvector,
  many jsonb,
  PRIMARY KEY (id, home)
);
CREATE INDEX "insuranceplan_tokens" ON "insuranceplan" USING gin (tokens) WITH (fastupdate = off);
CREATE INDEX "insuranceplan_key" ON "insuranceplan" (key);
CREATE INDEX "insuranceplan_last_updated" ON "insuranceplan" (last_updated, id);
CREATE INDEX "insuranceplan_strings" ON "insuranceplan" USING gin (strings) WITH (fastupdate = off);
ALTER TABLE "insuranceplan" ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON "insuranceplan" TO eira_app USING ((SELECT eira_reach()) = '*' OR ((SELECT eira_reach()) <> '' AND (care_provider = (SELECT eira_reach()) OR (care_provider IS NULL AND patient IS NULL))));
GRANT SELECT, INSERT, UPDATE, DELETE ON "insuranceplan" TO eira_app;

CREATE TABLE "invoice" (
  home int4 NOT NULL,
  id text NOT NULL,
  version int4 NOT NULL,
  last_updated timestamptz NOT NULL,
  key int8 NOT NULL,
  patient text,
  other_patients text[],
  care_provider text,
  care_unit text,
  content text NOT NULL,
  tokens int8[] NOT NULL,
  strings tsvector,
  many jsonb,
  "date_lo" timestamptz,
  "date_hi" timestamptz,
  "totalgross_lo" numeric,
  "totalgross_hi" numeric,
  "totalnet_lo" numeric,
  "totalnet_hi" numeric,
  PRIMARY KEY (id, home)
);
CREATE INDEX "invoice_tokens" ON "invoice" USING gin (tokens) WITH (fastupdate = off);
CREATE INDEX "invoice_key" ON "invoice" (key);
CREATE INDEX "invoice_last_updated" ON "invoice" (last_updated, id);
CREATE INDEX "invoice_patient" ON "invoice" (patient, "date_lo" DESC NULLS LAST, id) WHERE patient IS NOT NULL;
CREATE INDEX "invoice_others" ON "invoice" USING gin (other_patients) WITH (fastupdate = off) WHERE other_patients IS NOT NULL;
CREATE INDEX "invoice_date_lo" ON "invoice" ("date_lo" DESC NULLS LAST);
ALTER TABLE "invoice" ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON "invoice" TO eira_app USING ((SELECT eira_reach()) = '*' OR ((SELECT eira_reach()) <> '' AND (care_provider = (SELECT eira_reach()) OR (care_provider IS NULL AND patient IS NULL))));
GRANT SELECT, INSERT, UPDATE, DELETE ON "invoice" TO eira_app;

CREATE TABLE "library" (
  home int4 NOT NULL,
  id text NOT NULL,
  version int4 NOT NULL,
  last_updated timestamptz NOT NULL,
  key int8 NOT NULL,
  patient text,
  other_patients text[],
  care_provider text,
  care_unit text,
  content text NOT NULL,
  tokens int8[] NOT NULL,
  strings tsvector,
  many jsonb,
  "context_quantity_lo" numeric,
  "context_quantity_hi" numeric,
  "date_lo" timestamptz,
  "date_hi" timestamptz,
  "effective_lo" timestamptz,
  "effective_hi" timestamptz,
  PRIMARY KEY (id, home)
);
CREATE INDEX "library_tokens" ON "library" USING gin (tokens) WITH (fastupdate = off);
CREATE INDEX "library_key" ON "library" (key);
CREATE INDEX "library_last_updated" ON "library" (last_updated, id);
CREATE INDEX "library_strings" ON "library" USING gin (strings) WITH (fastupdate = off);
CREATE INDEX "library_date_lo" ON "library" ("date_lo" DESC NULLS LAST);
CREATE INDEX "library_effective_lo" ON "library" ("effective_lo") WHERE "effective_lo" IS NOT NULL;
ALTER TABLE "library" ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON "library" TO eira_app USING ((SELECT eira_reach()) = '*' OR ((SELECT eira_reach()) <> '' AND (care_provider = (SELECT eira_reach()) OR (care_provider IS NULL AND patient IS NULL))));
GRANT SELECT, INSERT, UPDATE, DELETE ON "library" TO eira_app;

CREATE TABLE "linkage" (
  home int4 NOT NULL,
  id text NOT NULL,
  version int4 NOT NULL,
  last_updated timestamptz NOT NULL,
  key int8 NOT NULL,
  patient text,
  other_patients text[],
  care_provider text,
  care_unit text,
  content text NOT NULL,
  tokens int8[] NOT NULL,
  strings tsvector,
  many jsonb,
  PRIMARY KEY (id, home)
);
CREATE INDEX "linkage_tokens" ON "linkage" USING gin (tokens) WITH (fastupdate = off);
CREATE INDEX "linkage_key" ON "linkage" (key);
CREATE INDEX "linkage_last_updated" ON "linkage" (last_updated, id);
ALTER TABLE "linkage" ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON "linkage" TO eira_app USING ((SELECT eira_reach()) = '*' OR ((SELECT eira_reach()) <> '' AND (care_provider = (SELECT eira_reach()) OR (care_provider IS NULL AND patient IS NULL))));
GRANT SELECT, INSERT, UPDATE, DELETE ON "linkage" TO eira_app;

CREATE TABLE "list" (
  home int4 NOT NULL,
  id text NOT NULL,
  version int4 NOT NULL,
  last_updated timestamptz NOT NULL,
  key int8 NOT NULL,
  patient text,
  other_patients text[],
  care_provider text,
  care_unit text,
  content text NOT NULL,
  tokens int8[] NOT NULL,
  strings tsvector,
  many jsonb,
  "date_lo" timestamptz,
  "date_hi" timestamptz,
  PRIMARY KEY (id, home)
);
CREATE INDEX "list_tokens" ON "list" USING gin (tokens) WITH (fastupdate = off);
CREATE INDEX "list_key" ON "list" (key);
CREATE INDEX "list_last_updated" ON "list" (last_updated, id);
CREATE INDEX "list_strings" ON "list" USING gin (strings) WITH (fastupdate = off);
CREATE INDEX "list_patient" ON "list" (patient, "date_lo" DESC NULLS LAST, id) WHERE patient IS NOT NULL;
CREATE INDEX "list_others" ON "list" USING gin (other_patients) WITH (fastupdate = off) WHERE other_patients IS NOT NULL;
CREATE INDEX "list_date_lo" ON "list" ("date_lo" DESC NULLS LAST);
ALTER TABLE "list" ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON "list" TO eira_app USING ((SELECT eira_reach()) = '*' OR ((SELECT eira_reach()) <> '' AND (care_provider = (SELECT eira_reach()) OR (care_provider IS NULL AND patient IS NULL))));
GRANT SELECT, INSERT, UPDATE, DELETE ON "list" TO eira_app;

CREATE TABLE "location" (
  home int4 NOT NULL,
  id text NOT NULL,
  version int4 NOT NULL,
  last_updated timestamptz NOT NULL,
  key int8 NOT NULL,
  patient text,
  other_patients text[],
  care_provider text,
  care_unit text,
  content text NOT NULL,
  tokens int8[] NOT NULL,
  strings tsvector,
  many jsonb,
  PRIMARY KEY (id, home)
);
CREATE INDEX "location_tokens" ON "location" USING gin (tokens) WITH (fastupdate = off);
CREATE INDEX "location_key" ON "location" (key);
CREATE INDEX "location_last_updated" ON "location" (last_updated, id);
CREATE INDEX "location_strings" ON "location" USING gin (strings) WITH (fastupdate = off);
ALTER TABLE "location" ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON "location" TO eira_app USING ((SELECT eira_reach()) = '*' OR ((SELECT eira_reach()) <> '' AND (care_provider = (SELECT eira_reach()) OR (care_provider IS NULL AND patient IS NULL))));
GRANT SELECT, INSERT, UPDATE, DELETE ON "location" TO eira_app;

CREATE TABLE "measure" (
  home int4 NOT NULL,
  id text NOT NULL,
  version int4 NOT NULL,
  last_updated timestamptz NOT NULL,
  key int8 NOT NULL,
  patient text,
  other_patients text[],
  care_provider text,
  care_unit text,
  content text NOT NULL,
  tokens int8[] NOT NULL,
  strings tsvector,
  many jsonb,
  "context_quantity_lo" numeric,
  "context_quantity_hi" numeric,
  "date_lo" timestamptz,
  "date_hi" timestamptz,
  "effective_lo" timestamptz,
  "effective_hi" timestamptz,
  PRIMARY KEY (id, home)
);
CREATE INDEX "measure_tokens" ON "measure" USING gin (tokens) WITH (fastupdate = off);
CREATE INDEX "measure_key" ON "measure" (key);
CREATE INDEX "measure_last_updated" ON "measure" (last_updated, id);
CREATE INDEX "measure_strings" ON "measure" USING gin (strings) WITH (fastupdate = off);
CREATE INDEX "measure_date_lo" ON "measure" ("date_lo" DESC NULLS LAST);
CREATE INDEX "measure_effective_lo" ON "measure" ("effective_lo") WHERE "effective_lo" IS NOT NULL;
ALTER TABLE "measure" ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON "measure" TO eira_app USING ((SELECT eira_reach()) = '*' OR ((SELECT eira_reach()) <> '' AND (care_provider = (SELECT eira_reach()) OR (care_provider IS NULL AND patient IS NULL))));
GRANT SELECT, INSERT, UPDATE, DELETE ON "measure" TO eira_app;

CREATE TABLE "measurereport" (
  home int4 NOT NULL,
  id text NOT NULL,
  version int4 NOT NULL,
  last_updated timestamptz NOT NULL,
  key int8 NOT NULL,
  patient text,
  other_patients text[],
  care_provider text,
  care_unit text,
  content text NOT NULL,
  tokens int8[] NOT NULL,
  strings tsvector,
  many jsonb,
  "date_lo" timestamptz,
  "date_hi" timestamptz,
  "period_lo" timestamptz,
  "period_hi" timestamptz,
  PRIMARY KEY (id, home)
);
CREATE INDEX "measurereport_tokens" ON "measurereport" USING gin (tokens) WITH (fastupdate = off);
CREATE INDEX "measurereport_key" ON "measurereport" (key);
CREATE INDEX "measurereport_last_updated" ON "measurereport" (last_updated, id);
CREATE INDEX "measurereport_patient" ON "measurereport" (patient, "date_lo" DESC NULLS LAST, id) WHERE patient IS NOT NULL;
CREATE INDEX "measurereport_date_lo" ON "measurereport" ("date_lo" DESC NULLS LAST);
CREATE INDEX "measurereport_period_lo" ON "measurereport" ("period_lo") WHERE "period_lo" IS NOT NULL;
ALTER TABLE "measurereport" ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON "measurereport" TO eira_app USING ((SELECT eira_reach()) = '*' OR ((SELECT eira_reach()) <> '' AND (care_provider = (SELECT eira_reach()) OR (care_provider IS NULL AND patient IS NULL))));
GRANT SELECT, INSERT, UPDATE, DELETE ON "measurereport" TO eira_app;

CREATE TABLE "media" (
  home int4 NOT NULL,
  id text NOT NULL,
  version int4 NOT NULL,
  last_updated timestamptz NOT NULL,
  key int8 NOT NULL,
  patient text,
  other_patients text[],
  care_provider text,
  care_unit text,
  content text NOT NULL,
  tokens int8[] NOT NULL,
  strings tsvector,
  many jsonb,
  "created_lo" timestamptz,
  "created_hi" timestamptz,
  PRIMARY KEY (id, home)
);
CREATE INDEX "media_tokens" ON "media" USING gin (tokens) WITH (fastupdate = off);
CREATE INDEX "media_key" ON "media" (key);
CREATE INDEX "media_last_updated" ON "media" (last_updated, id);
CREATE INDEX "media_patient" ON "media" (patient, "created_lo" DESC NULLS LAST, id) WHERE patient IS NOT NULL;
CREATE INDEX "media_created_lo" ON "media" ("created_lo" DESC NULLS LAST);
ALTER TABLE "media" ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON "media" TO eira_app USING ((SELECT eira_reach()) = '*' OR ((SELECT eira_reach()) <> '' AND (care_provider = (SELECT eira_reach()) OR (care_provider IS NULL AND patient IS NULL))));
GRANT SELECT, INSERT, UPDATE, DELETE ON "media" TO eira_app;

CREATE TABLE "medication" (
  home int4 NOT NULL,
  id text NOT NULL,
  version int4 NOT NULL,
  last_updated timestamptz NOT NULL,
  key int8 NOT NULL,
  patient text,
  other_patients text[],
  care_provider text,
  care_unit text,
  content text NOT NULL,
  tokens int8[] NOT NULL,
  strings tsvector,
  many jsonb,
  "expiration_date_lo" timestamptz,
  "expiration_date_hi" timestamptz,
  PRIMARY KEY (id, home)
);
CREATE INDEX "medication_tokens" ON "medication" USING gin (tokens) WITH (fastupdate = off);
CREATE INDEX "medication_key" ON "medication" (key);
CREATE INDEX "medication_last_updated" ON "medication" (last_updated, id);
CREATE INDEX "medication_expiration_date_lo" ON "medication" ("expiration_date_lo" DESC NULLS LAST);
ALTER TABLE "medication" ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON "medication" TO eira_app USING ((SELECT eira_reach()) = '*' OR ((SELECT eira_reach()) <> '' AND (care_provider = (SELECT eira_reach()) OR (care_provider IS NULL AND patient IS NULL))));
GRANT SELECT, INSERT, UPDATE, DELETE ON "medication" TO eira_app;

CREATE TABLE "medicationadministration" (
  home int4 NOT NULL,
  id text NOT NULL,
  version int4 NOT NULL,
  last_updated timestamptz NOT NULL,
  key int8 NOT NULL,
  patient text,
  other_patients text[],
  care_provider text,
  care_unit text,
  content text NOT NULL,
  tokens int8[] NOT NULL,
  strings tsvector,
  many jsonb,
  "effective_time_lo" timestamptz,
  "effective_time_hi" timestamptz,
  PRIMARY KEY (id, home)
);
CREATE INDEX "medicationadministration_tokens" ON "medicationadministration" USING gin (tokens) WITH (fastupdate = off);
CREATE INDEX "medicationadministration_key" ON "medicationadministration" (key);
CREATE INDEX "medicationadministration_last_updated" ON "medicationadministration" (last_updated, id);
CREATE INDEX "medicationadministration_patient" ON "medicationadministration" (patient, "effective_time_lo" DESC NULLS LAST, id) WHERE patient IS NOT NULL;
CREATE INDEX "medicationadministration_others" ON "medicationadministration" USING gin (other_patients) WITH (fastupdate = off) WHERE other_patients IS NOT NULL;
CREATE INDEX "medicationadministration_effective_time_lo" ON "medicationadministration" ("effective_time_lo" DESC NULLS LAST);
ALTER TABLE "medicationadministration" ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON "medicationadministration" TO eira_app USING ((SELECT eira_reach()) = '*' OR ((SELECT eira_reach()) <> '' AND (care_provider = (SELECT eira_reach()) OR (care_provider IS NULL AND patient IS NULL))));
GRANT SELECT, INSERT, UPDATE, DELETE ON "medicationadministration" TO eira_app;

CREATE TABLE "medicationdispense" (
  home int4 NOT NULL,
  id text NOT NULL,
  version int4 NOT NULL,
  last_updated timestamptz NOT NULL,
  key int8 NOT NULL,
  patient text,
  other_patients text[],
  care_provider text,
  care_unit text,
  content text NOT NULL,
  tokens int8[] NOT NULL,
  strings tsvector,
  many jsonb,
  "whenhandedover_lo" timestamptz,
  "whenhandedover_hi" timestamptz,
  "whenprepared_lo" timestamptz,
  "whenprepared_hi" timestamptz,
  PRIMARY KEY (id, home)
);
CREATE INDEX "medicationdispense_tokens" ON "medicationdispense" USING gin (tokens) WITH (fastupdate = off);
CREATE INDEX "medicationdispense_key" ON "medicationdispense" (key);
CREATE INDEX "medicationdispense_last_updated" ON "medicationdispense" (last_updated, id);
CREATE INDEX "medicationdispense_patient" ON "medicationdispense" (patient, "whenhandedover_lo" DESC NULLS LAST, id) WHERE patient IS NOT NULL;
CREATE INDEX "medicationdispense_others" ON "medicationdispense" USING gin (other_patients) WITH (fastupdate = off) WHERE other_patients IS NOT NULL;
CREATE INDEX "medicationdispense_whenhandedover_lo" ON "medicationdispense" ("whenhandedover_lo" DESC NULLS LAST);
CREATE INDEX "medicationdispense_whenprepared_lo" ON "medicationdispense" ("whenprepared_lo") WHERE "whenprepared_lo" IS NOT NULL;
ALTER TABLE "medicationdispense" ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON "medicationdispense" TO eira_app USING ((SELECT eira_reach()) = '*' OR ((SELECT eira_reach()) <> '' AND (care_provider = (SELECT eira_reach()) OR (care_provider IS NULL AND patient IS NULL))));
GRANT SELECT, INSERT, UPDATE, DELETE ON "medicationdispense" TO eira_app;

CREATE TABLE "medicationknowledge" (
  home int4 NOT NULL,
  id text NOT NULL,
  version int4 NOT NULL,
  last_updated timestamptz NOT NULL,
  key int8 NOT NULL,
  patient text,
  other_patients text[],
  care_provider text,
  care_unit text,
  content text NOT NULL,
  tokens int8[] NOT NULL,
  strings tsvector,
  many jsonb,
  PRIMARY KEY (id, home)
);
CREATE INDEX "medicationknowledge_tokens" ON "medicationknowledge" USING gin (tokens) WITH (fastupdate = off);
CREATE INDEX "medicationknowledge_key" ON "medicationknowledge" (key);
CREATE INDEX "medicationknowledge_last_updated" ON "medicationknowledge" (last_updated, id);
ALTER TABLE "medicationknowledge" ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON "medicationknowledge" TO eira_app USING ((SELECT eira_reach()) = '*' OR ((SELECT eira_reach()) <> '' AND (care_provider = (SELECT eira_reach()) OR (care_provider IS NULL AND patient IS NULL))));
GRANT SELECT, INSERT, UPDATE, DELETE ON "medicationknowledge" TO eira_app;

CREATE TABLE "medicationrequest" (
  home int4 NOT NULL,
  id text NOT NULL,
  version int4 NOT NULL,
  last_updated timestamptz NOT NULL,
  key int8 NOT NULL,
  patient text,
  other_patients text[],
  care_provider text,
  care_unit text,
  content text NOT NULL,
  tokens int8[] NOT NULL,
  strings tsvector,
  many jsonb,
  "authoredon_lo" timestamptz,
  "authoredon_hi" timestamptz,
  "date_lo" timestamptz,
  "date_hi" timestamptz,
  PRIMARY KEY (id, home)
);
CREATE INDEX "medicationrequest_tokens" ON "medicationrequest" USING gin (tokens) WITH (fastupdate = off);
CREATE INDEX "medicationrequest_key" ON "medicationrequest" (key);
CREATE INDEX "medicationrequest_last_updated" ON "medicationrequest" (last_updated, id);
CREATE INDEX "medicationrequest_patient" ON "medicationrequest" (patient, "authoredon_lo" DESC NULLS LAST, id) WHERE patient IS NOT NULL;
CREATE INDEX "medicationrequest_authoredon_lo" ON "medicationrequest" ("authoredon_lo" DESC NULLS LAST);
CREATE INDEX "medicationrequest_date_lo" ON "medicationrequest" ("date_lo") WHERE "date_lo" IS NOT NULL;
ALTER TABLE "medicationrequest" ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON "medicationrequest" TO eira_app USING ((SELECT eira_reach()) = '*' OR ((SELECT eira_reach()) <> '' AND (care_provider = (SELECT eira_reach()) OR (care_provider IS NULL AND patient IS NULL))));
GRANT SELECT, INSERT, UPDATE, DELETE ON "medicationrequest" TO eira_app;

CREATE TABLE "medicationstatement" (
  home int4 NOT NULL,
  id text NOT NULL,
  version int4 NOT NULL,
  last_updated timestamptz NOT NULL,
  key int8 NOT NULL,
  patient text,
  other_patients text[],
  care_provider text,
  care_unit text,
  content text NOT NULL,
  tokens int8[] NOT NULL,
  strings tsvector,
  many jsonb,
  "effective_lo" timestamptz,
  "effective_hi" timestamptz,
  PRIMARY KEY (id, home)
);
CREATE INDEX "medicationstatement_tokens" ON "medicationstatement" USING gin (tokens) WITH (fastupdate = off);
CREATE INDEX "medicationstatement_key" ON "medicationstatement" (key);
CREATE INDEX "medicationstatement_last_updated" ON "medicationstatement" (last_updated, id);
CREATE INDEX "medicationstatement_patient" ON "medicationstatement" (patient, "effective_lo" DESC NULLS LAST, id) WHERE patient IS NOT NULL;
CREATE INDEX "medicationstatement_effective_lo" ON "medicationstatement" ("effective_lo" DESC NULLS LAST);
ALTER TABLE "medicationstatement" ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON "medicationstatement" TO eira_app USING ((SELECT eira_reach()) = '*' OR ((SELECT eira_reach()) <> '' AND (care_provider = (SELECT eira_reach()) OR (care_provider IS NULL AND patient IS NULL))));
GRANT SELECT, INSERT, UPDATE, DELETE ON "medicationstatement" TO eira_app;

CREATE TABLE "medicinalproduct" (
  home int4 NOT NULL,
  id text NOT NULL,
  version int4 NOT NULL,
  last_updated timestamptz NOT NULL,
  key int8 NOT NULL,
  patient text,
  other_patients text[],
  care_provider text,
  care_unit text,
  content text NOT NULL,
  tokens int8[] NOT NULL,
  strings tsvector,
  many jsonb,
  PRIMARY KEY (id, home)
);
CREATE INDEX "medicinalproduct_tokens" ON "medicinalproduct" USING gin (tokens) WITH (fastupdate = off);
CREATE INDEX "medicinalproduct_key" ON "medicinalproduct" (key);
CREATE INDEX "medicinalproduct_last_updated" ON "medicinalproduct" (last_updated, id);
CREATE INDEX "medicinalproduct_strings" ON "medicinalproduct" USING gin (strings) WITH (fastupdate = off);
ALTER TABLE "medicinalproduct" ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON "medicinalproduct" TO eira_app USING ((SELECT eira_reach()) = '*' OR ((SELECT eira_reach()) <> '' AND (care_provider = (SELECT eira_reach()) OR (care_provider IS NULL AND patient IS NULL))));
GRANT SELECT, INSERT, UPDATE, DELETE ON "medicinalproduct" TO eira_app;

CREATE TABLE "medicinalproductauthorization" (
  home int4 NOT NULL,
  id text NOT NULL,
  version int4 NOT NULL,
  last_updated timestamptz NOT NULL,
  key int8 NOT NULL,
  patient text,
  other_patients text[],
  care_provider text,
  care_unit text,
  content text NOT NULL,
  tokens int8[] NOT NULL,
  strings tsvector,
  many jsonb,
  PRIMARY KEY (id, home)
);
CREATE INDEX "medicinalproductauthorization_tokens" ON "medicinalproductauthorization" USING gin (tokens) WITH (fastupdate = off);
CREATE INDEX "medicinalproductauthorization_key" ON "medicinalproductauthorization" (key);
CREATE INDEX "medicinalproductauthorization_last_updated" ON "medicinalproductauthorization" (last_updated, id);
ALTER TABLE "medicinalproductauthorization" ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON "medicinalproductauthorization" TO eira_app USING ((SELECT eira_reach()) = '*' OR ((SELECT eira_reach()) <> '' AND (care_provider = (SELECT eira_reach()) OR (care_provider IS NULL AND patient IS NULL))));
GRANT SELECT, INSERT, UPDATE, DELETE ON "medicinalproductauthorization" TO eira_app;

CREATE TABLE "medicinalproductcontraindication" (
  home int4 NOT NULL,
  id text NOT NULL,
  version int4 NOT NULL,
  last_updated timestamptz NOT NULL,
  key int8 NOT NULL,
  patient text,
  other_patients text[],
  care_provider text,
  care_unit text,
  content text NOT NULL,
  tokens int8[] NOT NULL,
  strings tsvector,
  many jsonb,
  PRIMARY KEY (id, home)
);
CREATE INDEX "medicinalproductcontraindication_tokens" ON "medicinalproductcontraindication" USING gin (tokens) WITH (fastupdate = off);
CREATE INDEX "medicinalproductcontraindication_key" ON "medicinalproductcontraindication" (key);
CREATE INDEX "medicinalproductcontraindication_last_updated" ON "medicinalproductcontraindication" (last_updated, id);
ALTER TABLE "medicinalproductcontraindication" ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON "medicinalproductcontraindication" TO eira_app USING ((SELECT eira_reach()) = '*' OR ((SELECT eira_reach()) <> '' AND (care_provider = (SELECT eira_reach()) OR (care_provider IS NULL AND patient IS NULL))));
GRANT SELECT, INSERT, UPDATE, DELETE ON "medicinalproductcontraindication" TO eira_app;

CREATE TABLE "medicinalproductindication" (
  home int4 NOT NULL,
  id text NOT NULL,
  version int4 NOT NULL,
  last_updated timestamptz NOT NULL,
  key int8 NOT NULL,
  patient text,
  other_patients text[],
  care_provider text,
  care_unit text,
  content text NOT NULL,
  tokens int8[] NOT NULL,
  strings tsvector,
  many jsonb,
  PRIMARY KEY (id, home)
);
CREATE INDEX "medicinalproductindication_tokens" ON "medicinalproductindication" USING gin (tokens) WITH (fastupdate = off);
CREATE INDEX "medicinalproductindication_key" ON "medicinalproductindication" (key);
CREATE INDEX "medicinalproductindication_last_updated" ON "medicinalproductindication" (last_updated, id);
ALTER TABLE "medicinalproductindication" ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON "medicinalproductindication" TO eira_app USING ((SELECT eira_reach()) = '*' OR ((SELECT eira_reach()) <> '' AND (care_provider = (SELECT eira_reach()) OR (care_provider IS NULL AND patient IS NULL))));
GRANT SELECT, INSERT, UPDATE, DELETE ON "medicinalproductindication" TO eira_app;

CREATE TABLE "medicinalproductingredient" (
  home int4 NOT NULL,
  id text NOT NULL,
  version int4 NOT NULL,
  last_updated timestamptz NOT NULL,
  key int8 NOT NULL,
  patient text,
  other_patients text[],
  care_provider text,
  care_unit text,
  content text NOT NULL,
  tokens int8[] NOT NULL,
  strings tsvector,
  many jsonb,
  PRIMARY KEY (id, home)
);
CREATE INDEX "medicinalproductingredient_tokens" ON "medicinalproductingredient" USING gin (tokens) WITH (fastupdate = off);
CREATE INDEX "medicinalproductingredient_key" ON "medicinalproductingredient" (key);
CREATE INDEX "medicinalproductingredient_last_updated" ON "medicinalproductingredient" (last_updated, id);
ALTER TABLE "medicinalproductingredient" ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON "medicinalproductingredient" TO eira_app USING ((SELECT eira_reach()) = '*' OR ((SELECT eira_reach()) <> '' AND (care_provider = (SELECT eira_reach()) OR (care_provider IS NULL AND patient IS NULL))));
GRANT SELECT, INSERT, UPDATE, DELETE ON "medicinalproductingredient" TO eira_app;

CREATE TABLE "medicinalproductinteraction" (
  home int4 NOT NULL,
  id text NOT NULL,
  version int4 NOT NULL,
  last_updated timestamptz NOT NULL,
  key int8 NOT NULL,
  patient text,
  other_patients text[],
  care_provider text,
  care_unit text,
  content text NOT NULL,
  tokens int8[] NOT NULL,
  strings tsvector,
  many jsonb,
  PRIMARY KEY (id, home)
);
CREATE INDEX "medicinalproductinteraction_tokens" ON "medicinalproductinteraction" USING gin (tokens) WITH (fastupdate = off);
CREATE INDEX "medicinalproductinteraction_key" ON "medicinalproductinteraction" (key);
CREATE INDEX "medicinalproductinteraction_last_updated" ON "medicinalproductinteraction" (last_updated, id);
ALTER TABLE "medicinalproductinteraction" ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON "medicinalproductinteraction" TO eira_app USING ((SELECT eira_reach()) = '*' OR ((SELECT eira_reach()) <> '' AND (care_provider = (SELECT eira_reach()) OR (care_provider IS NULL AND patient IS NULL))));
GRANT SELECT, INSERT, UPDATE, DELETE ON "medicinalproductinteraction" TO eira_app;

CREATE TABLE "medicinalproductmanufactured" (
  home int4 NOT NULL,
  id text NOT NULL,
  version int4 NOT NULL,
  last_updated timestamptz NOT NULL,
  key int8 NOT NULL,
  patient text,
  other_patients text[],
  care_provider text,
  care_unit text,
  content text NOT NULL,
  tokens int8[] NOT NULL,
  strings tsvector,
  many jsonb,
  PRIMARY KEY (id, home)
);
CREATE INDEX "medicinalproductmanufactured_tokens" ON "medicinalproductmanufactured" USING gin (tokens) WITH (fastupdate = off);
CREATE INDEX "medicinalproductmanufactured_key" ON "medicinalproductmanufactured" (key);
CREATE INDEX "medicinalproductmanufactured_last_updated" ON "medicinalproductmanufactured" (last_updated, id);
ALTER TABLE "medicinalproductmanufactured" ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON "medicinalproductmanufactured" TO eira_app USING ((SELECT eira_reach()) = '*' OR ((SELECT eira_reach()) <> '' AND (care_provider = (SELECT eira_reach()) OR (care_provider IS NULL AND patient IS NULL))));
GRANT SELECT, INSERT, UPDATE, DELETE ON "medicinalproductmanufactured" TO eira_app;

CREATE TABLE "medicinalproductpackaged" (
  home int4 NOT NULL,
  id text NOT NULL,
  version int4 NOT NULL,
  last_updated timestamptz NOT NULL,
  key int8 NOT NULL,
  patient text,
  other_patients text[],
  care_provider text,
  care_unit text,
  content text NOT NULL,
  tokens int8[] NOT NULL,
  strings tsvector,
  many jsonb,
  PRIMARY KEY (id, home)
);
CREATE INDEX "medicinalproductpackaged_tokens" ON "medicinalproductpackaged" USING gin (tokens) WITH (fastupdate = off);
CREATE INDEX "medicinalproductpackaged_key" ON "medicinalproductpackaged" (key);
CREATE INDEX "medicinalproductpackaged_last_updated" ON "medicinalproductpackaged" (last_updated, id);
ALTER TABLE "medicinalproductpackaged" ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON "medicinalproductpackaged" TO eira_app USING ((SELECT eira_reach()) = '*' OR ((SELECT eira_reach()) <> '' AND (care_provider = (SELECT eira_reach()) OR (care_provider IS NULL AND patient IS NULL))));
GRANT SELECT, INSERT, UPDATE, DELETE ON "medicinalproductpackaged" TO eira_app;

CREATE TABLE "medicinalproductpharmaceutical" (
  home int4 NOT NULL,
  id text NOT NULL,
  version int4 NOT NULL,
  last_updated timestamptz NOT NULL,
  key int8 NOT NULL,
  patient text,
  other_patients text[],
  care_provider text,
  care_unit text,
  content text NOT NULL,
  tokens int8[] NOT NULL,
  strings tsvector,
  many jsonb,
  PRIMARY KEY (id, home)
);
CREATE INDEX "medicinalproductpharmaceutical_tokens" ON "medicinalproductpharmaceutical" USING gin (tokens) WITH (fastupdate = off);
CREATE INDEX "medicinalproductpharmaceutical_key" ON "medicinalproductpharmaceutical" (key);
CREATE INDEX "medicinalproductpharmaceutical_last_updated" ON "medicinalproductpharmaceutical" (last_updated, id);
ALTER TABLE "medicinalproductpharmaceutical" ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON "medicinalproductpharmaceutical" TO eira_app USING ((SELECT eira_reach()) = '*' OR ((SELECT eira_reach()) <> '' AND (care_provider = (SELECT eira_reach()) OR (care_provider IS NULL AND patient IS NULL))));
GRANT SELECT, INSERT, UPDATE, DELETE ON "medicinalproductpharmaceutical" TO eira_app;

CREATE TABLE "medicinalproductundesirableeffect" (
  home int4 NOT NULL,
  id text NOT NULL,
  version int4 NOT NULL,
  last_updated timestamptz NOT NULL,
  key int8 NOT NULL,
  patient text,
  other_patients text[],
  care_provider text,
  care_unit text,
  content text NOT NULL,
  tokens int8[] NOT NULL,
  strings tsvector,
  many jsonb,
  PRIMARY KEY (id, home)
);
CREATE INDEX "medicinalproductundesirableeffect_tokens" ON "medicinalproductundesirableeffect" USING gin (tokens) WITH (fastupdate = off);
CREATE INDEX "medicinalproductundesirableeffect_key" ON "medicinalproductundesirableeffect" (key);
CREATE INDEX "medicinalproductundesirableeffect_last_updated" ON "medicinalproductundesirableeffect" (last_updated, id);
ALTER TABLE "medicinalproductundesirableeffect" ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON "medicinalproductundesirableeffect" TO eira_app USING ((SELECT eira_reach()) = '*' OR ((SELECT eira_reach()) <> '' AND (care_provider = (SELECT eira_reach()) OR (care_provider IS NULL AND patient IS NULL))));
GRANT SELECT, INSERT, UPDATE, DELETE ON "medicinalproductundesirableeffect" TO eira_app;

CREATE TABLE "messagedefinition" (
  home int4 NOT NULL,
  id text NOT NULL,
  version int4 NOT NULL,
  last_updated timestamptz NOT NULL,
  key int8 NOT NULL,
  patient text,
  other_patients text[],
  care_provider text,
  care_unit text,
  content text NOT NULL,
  tokens int8[] NOT NULL,
  strings tsvector,
  many jsonb,
  "context_quantity_lo" numeric,
  "context_quantity_hi" numeric,
  "date_lo" timestamptz,
  "date_hi" timestamptz,
  PRIMARY KEY (id, home)
);
CREATE INDEX "messagedefinition_tokens" ON "messagedefinition" USING gin (tokens) WITH (fastupdate = off);
CREATE INDEX "messagedefinition_key" ON "messagedefinition" (key);
CREATE INDEX "messagedefinition_last_updated" ON "messagedefinition" (last_updated, id);
CREATE INDEX "messagedefinition_strings" ON "messagedefinition" USING gin (strings) WITH (fastupdate = off);
CREATE INDEX "messagedefinition_date_lo" ON "messagedefinition" ("date_lo" DESC NULLS LAST);
ALTER TABLE "messagedefinition" ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON "messagedefinition" TO eira_app USING ((SELECT eira_reach()) = '*' OR ((SELECT eira_reach()) <> '' AND (care_provider = (SELECT eira_reach()) OR (care_provider IS NULL AND patient IS NULL))));
GRANT SELECT, INSERT, UPDATE, DELETE ON "messagedefinition" TO eira_app;

CREATE TABLE "messageheader" (
  home int4 NOT NULL,
  id text NOT NULL,
  version int4 NOT NULL,
  last_updated timestamptz NOT NULL,
  key int8 NOT NULL,
  patient text,
  other_patients text[],
  care_provider text,
  care_unit text,
  content text NOT NULL,
  tokens int8[] NOT NULL,
  strings tsvector,
  many jsonb,
  PRIMARY KEY (id, home)
);
CREATE INDEX "messageheader_tokens" ON "messageheader" USING gin (tokens) WITH (fastupdate = off);
CREATE INDEX "messageheader_key" ON "messageheader" (key);
CREATE INDEX "messageheader_last_updated" ON "messageheader" (last_updated, id);
CREATE INDEX "messageheader_strings" ON "messageheader" USING gin (strings) WITH (fastupdate = off);
ALTER TABLE "messageheader" ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON "messageheader" TO eira_app USING ((SELECT eira_reach()) = '*' OR ((SELECT eira_reach()) <> '' AND (care_provider = (SELECT eira_reach()) OR (care_provider IS NULL AND patient IS NULL))));
GRANT SELECT, INSERT, UPDATE, DELETE ON "messageheader" TO eira_app;

CREATE TABLE "molecularsequence" (
  home int4 NOT NULL,
  id text NOT NULL,
  version int4 NOT NULL,
  last_updated timestamptz NOT NULL,
  key int8 NOT NULL,
  patient text,
  other_patients text[],
  care_provider text,
  care_unit text,
  content text NOT NULL,
  tokens int8[] NOT NULL,
  strings tsvector,
  many jsonb,
  "variant_end_lo" numeric,
  "variant_end_hi" numeric,
  "variant_start_lo" numeric,
  "variant_start_hi" numeric,
  "window_end_lo" numeric,
  "window_end_hi" numeric,
  "window_start_lo" numeric,
  "window_start_hi" numeric,
  PRIMARY KEY (id, home)
);
CREATE INDEX "molecularsequence_tokens" ON "molecularsequence" USING gin (tokens) WITH (fastupdate = off);
CREATE INDEX "molecularsequence_key" ON "molecularsequence" (key);
CREATE INDEX "molecularsequence_last_updated" ON "molecularsequence" (last_updated, id);
CREATE INDEX "molecularsequence_patient" ON "molecularsequence" (patient, id) WHERE patient IS NOT NULL;
ALTER TABLE "molecularsequence" ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON "molecularsequence" TO eira_app USING ((SELECT eira_reach()) = '*' OR ((SELECT eira_reach()) <> '' AND (care_provider = (SELECT eira_reach()) OR (care_provider IS NULL AND patient IS NULL))));
GRANT SELECT, INSERT, UPDATE, DELETE ON "molecularsequence" TO eira_app;

CREATE TABLE "namingsystem" (
  home int4 NOT NULL,
  id text NOT NULL,
  version int4 NOT NULL,
  last_updated timestamptz NOT NULL,
  key int8 NOT NULL,
  patient text,
  other_patients text[],
  care_provider text,
  care_unit text,
  content text NOT NULL,
  tokens int8[] NOT NULL,
  strings tsvector,
  many jsonb,
  "context_quantity_lo" numeric,
  "context_quantity_hi" numeric,
  "date_lo" timestamptz,
  "date_hi" timestamptz,
  "period_lo" timestamptz,
  "period_hi" timestamptz,
  PRIMARY KEY (id, home)
);
CREATE INDEX "namingsystem_tokens" ON "namingsystem" USING gin (tokens) WITH (fastupdate = off);
CREATE INDEX "namingsystem_key" ON "namingsystem" (key);
CREATE INDEX "namingsystem_last_updated" ON "namingsystem" (last_updated, id);
CREATE INDEX "namingsystem_strings" ON "namingsystem" USING gin (strings) WITH (fastupdate = off);
CREATE INDEX "namingsystem_date_lo" ON "namingsystem" ("date_lo" DESC NULLS LAST);
CREATE INDEX "namingsystem_period_lo" ON "namingsystem" ("period_lo") WHERE "period_lo" IS NOT NULL;
ALTER TABLE "namingsystem" ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON "namingsystem" TO eira_app USING ((SELECT eira_reach()) = '*' OR ((SELECT eira_reach()) <> '' AND (care_provider = (SELECT eira_reach()) OR (care_provider IS NULL AND patient IS NULL))));
GRANT SELECT, INSERT, UPDATE, DELETE ON "namingsystem" TO eira_app;

CREATE TABLE "nutritionorder" (
  home int4 NOT NULL,
  id text NOT NULL,
  version int4 NOT NULL,
  last_updated timestamptz NOT NULL,
  key int8 NOT NULL,
  patient text,
  other_patients text[],
  care_provider text,
  care_unit text,
  content text NOT NULL,
  tokens int8[] NOT NULL,
  strings tsvector,
  many jsonb,
  "datetime_lo" timestamptz,
  "datetime_hi" timestamptz,
  PRIMARY KEY (id, home)
);
CREATE INDEX "nutritionorder_tokens" ON "nutritionorder" USING gin (tokens) WITH (fastupdate = off);
CREATE INDEX "nutritionorder_key" ON "nutritionorder" (key);
CREATE INDEX "nutritionorder_last_updated" ON "nutritionorder" (last_updated, id);
CREATE INDEX "nutritionorder_patient" ON "nutritionorder" (patient, "datetime_lo" DESC NULLS LAST, id) WHERE patient IS NOT NULL;
CREATE INDEX "nutritionorder_datetime_lo" ON "nutritionorder" ("datetime_lo" DESC NULLS LAST);
ALTER TABLE "nutritionorder" ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON "nutritionorder" TO eira_app USING ((SELECT eira_reach()) = '*' OR ((SELECT eira_reach()) <> '' AND (care_provider = (SELECT eira_reach()) OR (care_provider IS NULL AND patient IS NULL))));
GRANT SELECT, INSERT, UPDATE, DELETE ON "nutritionorder" TO eira_app;

CREATE TABLE "observation" (
  home int4 NOT NULL,
  id text NOT NULL,
  version int4 NOT NULL,
  last_updated timestamptz NOT NULL,
  key int8 NOT NULL,
  patient text,
  other_patients text[],
  care_provider text,
  care_unit text,
  content text NOT NULL,
  tokens int8[] NOT NULL,
  strings tsvector,
  many jsonb,
  "component_value_quantity_lo" numeric,
  "component_value_quantity_hi" numeric,
  "date_lo" timestamptz,
  "date_hi" timestamptz,
  "value_date_lo" timestamptz,
  "value_date_hi" timestamptz,
  "value_quantity_lo" numeric,
  "value_quantity_hi" numeric,
  PRIMARY KEY (id, home)
);
CREATE INDEX "observation_tokens" ON "observation" USING gin (tokens) WITH (fastupdate = off);
CREATE INDEX "observation_key" ON "observation" (key);
CREATE INDEX "observation_last_updated" ON "observation" (last_updated, id);
CREATE INDEX "observation_strings" ON "observation" USING gin (strings) WITH (fastupdate = off);
CREATE INDEX "observation_patient" ON "observation" (patient, "date_lo" DESC NULLS LAST, id) WHERE patient IS NOT NULL;
CREATE INDEX "observation_others" ON "observation" USING gin (other_patients) WITH (fastupdate = off) WHERE other_patients IS NOT NULL;
CREATE INDEX "observation_date_lo" ON "observation" ("date_lo" DESC NULLS LAST);
CREATE INDEX "observation_component_value_quantity_lo" ON "observation" ("component_value_quantity_lo") WHERE "component_value_quantity_lo" IS NOT NULL;
CREATE INDEX "observation_value_date_lo" ON "observation" ("value_date_lo") WHERE "value_date_lo" IS NOT NULL;
CREATE INDEX "observation_value_quantity_lo" ON "observation" ("value_quantity_lo") WHERE "value_quantity_lo" IS NOT NULL;
ALTER TABLE "observation" ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON "observation" TO eira_app USING ((SELECT eira_reach()) = '*' OR ((SELECT eira_reach()) <> '' AND (care_provider = (SELECT eira_reach()) OR (care_provider IS NULL AND patient IS NULL))));
GRANT SELECT, INSERT, UPDATE, DELETE ON "observation" TO eira_app;

CREATE TABLE "observationdefinition" (
  home int4 NOT NULL,
  id text NOT NULL,
  version int4 NOT NULL,
  last_updated timestamptz NOT NULL,
  key int8 NOT NULL,
  patient text,
  other_patients text[],
  care_provider text,
  care_unit text,
  content text NOT NULL,
  tokens int8[] NOT NULL,
  strings tsvector,
  many jsonb,
  PRIMARY KEY (id, home)
);
CREATE INDEX "observationdefinition_tokens" ON "observationdefinition" USING gin (tokens) WITH (fastupdate = off);
CREATE INDEX "observationdefinition_key" ON "observationdefinition" (key);
CREATE INDEX "observationdefinition_last_updated" ON "observationdefinition" (last_updated, id);
ALTER TABLE "observationdefinition" ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON "observationdefinition" TO eira_app USING ((SELECT eira_reach()) = '*' OR ((SELECT eira_reach()) <> '' AND (care_provider = (SELECT eira_reach()) OR (care_provider IS NULL AND patient IS NULL))));
GRANT SELECT, INSERT, UPDATE, DELETE ON "observationdefinition" TO eira_app;

CREATE TABLE "operationdefinition" (
  home int4 NOT NULL,
  id text NOT NULL,
  version int4 NOT NULL,
  last_updated timestamptz NOT NULL,
  key int8 NOT NULL,
  patient text,
  other_patients text[],
  care_provider text,
  care_unit text,
  content text NOT NULL,
  tokens int8[] NOT NULL,
  strings tsvector,
  many jsonb,
  "context_quantity_lo" numeric,
  "context_quantity_hi" numeric,
  "date_lo" timestamptz,
  "date_hi" timestamptz,
  PRIMARY KEY (id, home)
);
CREATE INDEX "operationdefinition_tokens" ON "operationdefinition" USING gin (tokens) WITH (fastupdate = off);
CREATE INDEX "operationdefinition_key" ON "operationdefinition" (key);
CREATE INDEX "operationdefinition_last_updated" ON "operationdefinition" (last_updated, id);
CREATE INDEX "operationdefinition_strings" ON "operationdefinition" USING gin (strings) WITH (fastupdate = off);
CREATE INDEX "operationdefinition_date_lo" ON "operationdefinition" ("date_lo" DESC NULLS LAST);
ALTER TABLE "operationdefinition" ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON "operationdefinition" TO eira_app USING ((SELECT eira_reach()) = '*' OR ((SELECT eira_reach()) <> '' AND (care_provider = (SELECT eira_reach()) OR (care_provider IS NULL AND patient IS NULL))));
GRANT SELECT, INSERT, UPDATE, DELETE ON "operationdefinition" TO eira_app;

CREATE TABLE "operationoutcome" (
  home int4 NOT NULL,
  id text NOT NULL,
  version int4 NOT NULL,
  last_updated timestamptz NOT NULL,
  key int8 NOT NULL,
  patient text,
  other_patients text[],
  care_provider text,
  care_unit text,
  content text NOT NULL,
  tokens int8[] NOT NULL,
  strings tsvector,
  many jsonb,
  PRIMARY KEY (id, home)
);
CREATE INDEX "operationoutcome_tokens" ON "operationoutcome" USING gin (tokens) WITH (fastupdate = off);
CREATE INDEX "operationoutcome_key" ON "operationoutcome" (key);
CREATE INDEX "operationoutcome_last_updated" ON "operationoutcome" (last_updated, id);
ALTER TABLE "operationoutcome" ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON "operationoutcome" TO eira_app USING ((SELECT eira_reach()) = '*' OR ((SELECT eira_reach()) <> '' AND (care_provider = (SELECT eira_reach()) OR (care_provider IS NULL AND patient IS NULL))));
GRANT SELECT, INSERT, UPDATE, DELETE ON "operationoutcome" TO eira_app;

CREATE TABLE "organization" (
  home int4 NOT NULL,
  id text NOT NULL,
  version int4 NOT NULL,
  last_updated timestamptz NOT NULL,
  key int8 NOT NULL,
  patient text,
  other_patients text[],
  care_provider text,
  care_unit text,
  content text NOT NULL,
  tokens int8[] NOT NULL,
  strings tsvector,
  many jsonb,
  PRIMARY KEY (id, home)
);
CREATE INDEX "organization_tokens" ON "organization" USING gin (tokens) WITH (fastupdate = off);
CREATE INDEX "organization_key" ON "organization" (key);
CREATE INDEX "organization_last_updated" ON "organization" (last_updated, id);
CREATE INDEX "organization_strings" ON "organization" USING gin (strings) WITH (fastupdate = off);
ALTER TABLE "organization" ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON "organization" TO eira_app USING ((SELECT eira_reach()) = '*' OR ((SELECT eira_reach()) <> '' AND (care_provider = (SELECT eira_reach()) OR (care_provider IS NULL AND patient IS NULL))));
GRANT SELECT, INSERT, UPDATE, DELETE ON "organization" TO eira_app;

CREATE TABLE "organizationaffiliation" (
  home int4 NOT NULL,
  id text NOT NULL,
  version int4 NOT NULL,
  last_updated timestamptz NOT NULL,
  key int8 NOT NULL,
  patient text,
  other_patients text[],
  care_provider text,
  care_unit text,
  content text NOT NULL,
  tokens int8[] NOT NULL,
  strings tsvector,
  many jsonb,
  "date_lo" timestamptz,
  "date_hi" timestamptz,
  PRIMARY KEY (id, home)
);
CREATE INDEX "organizationaffiliation_tokens" ON "organizationaffiliation" USING gin (tokens) WITH (fastupdate = off);
CREATE INDEX "organizationaffiliation_key" ON "organizationaffiliation" (key);
CREATE INDEX "organizationaffiliation_last_updated" ON "organizationaffiliation" (last_updated, id);
CREATE INDEX "organizationaffiliation_date_lo" ON "organizationaffiliation" ("date_lo" DESC NULLS LAST);
ALTER TABLE "organizationaffiliation" ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON "organizationaffiliation" TO eira_app USING ((SELECT eira_reach()) = '*' OR ((SELECT eira_reach()) <> '' AND (care_provider = (SELECT eira_reach()) OR (care_provider IS NULL AND patient IS NULL))));
GRANT SELECT, INSERT, UPDATE, DELETE ON "organizationaffiliation" TO eira_app;

CREATE TABLE "parameters" (
  home int4 NOT NULL,
  id text NOT NULL,
  version int4 NOT NULL,
  last_updated timestamptz NOT NULL,
  key int8 NOT NULL,
  patient text,
  other_patients text[],
  care_provider text,
  care_unit text,
  content text NOT NULL,
  tokens int8[] NOT NULL,
  strings tsvector,
  many jsonb,
  PRIMARY KEY (id, home)
);
CREATE INDEX "parameters_tokens" ON "parameters" USING gin (tokens) WITH (fastupdate = off);
CREATE INDEX "parameters_key" ON "parameters" (key);
CREATE INDEX "parameters_last_updated" ON "parameters" (last_updated, id);
ALTER TABLE "parameters" ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON "parameters" TO eira_app USING ((SELECT eira_reach()) = '*' OR ((SELECT eira_reach()) <> '' AND (care_provider = (SELECT eira_reach()) OR (care_provider IS NULL AND patient IS NULL))));
GRANT SELECT, INSERT, UPDATE, DELETE ON "parameters" TO eira_app;

CREATE TABLE "patient" (
  home int4 NOT NULL,
  id text NOT NULL,
  version int4 NOT NULL,
  last_updated timestamptz NOT NULL,
  key int8 NOT NULL,
  patient text,
  other_patients text[],
  care_provider text,
  care_unit text,
  content text NOT NULL,
  tokens int8[] NOT NULL,
  strings tsvector,
  many jsonb,
  "birthdate_lo" timestamptz,
  "birthdate_hi" timestamptz,
  "death_date_lo" timestamptz,
  "death_date_hi" timestamptz,
  PRIMARY KEY (id, home)
);
CREATE INDEX "patient_tokens" ON "patient" USING gin (tokens) WITH (fastupdate = off);
CREATE INDEX "patient_key" ON "patient" (key);
CREATE INDEX "patient_last_updated" ON "patient" (last_updated, id);
CREATE INDEX "patient_strings" ON "patient" USING gin (strings) WITH (fastupdate = off);
CREATE INDEX "patient_patient" ON "patient" (patient, "birthdate_lo" DESC NULLS LAST, id) WHERE patient IS NOT NULL;
CREATE INDEX "patient_others" ON "patient" USING gin (other_patients) WITH (fastupdate = off) WHERE other_patients IS NOT NULL;
CREATE INDEX "patient_birthdate_lo" ON "patient" ("birthdate_lo" DESC NULLS LAST);
CREATE INDEX "patient_death_date_lo" ON "patient" ("death_date_lo") WHERE "death_date_lo" IS NOT NULL;
ALTER TABLE "patient" ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON "patient" TO eira_app USING ((SELECT eira_reach()) <> '');
GRANT SELECT, INSERT, UPDATE, DELETE ON "patient" TO eira_app;

CREATE TABLE "paymentnotice" (
  home int4 NOT NULL,
  id text NOT NULL,
  version int4 NOT NULL,
  last_updated timestamptz NOT NULL,
  key int8 NOT NULL,
  patient text,
  other_patients text[],
  care_provider text,
  care_unit text,
  content text NOT NULL,
  tokens int8[] NOT NULL,
  strings tsvector,
  many jsonb,
  "created_lo" timestamptz,
  "created_hi" timestamptz,
  PRIMARY KEY (id, home)
);
CREATE INDEX "paymentnotice_tokens" ON "paymentnotice" USING gin (tokens) WITH (fastupdate = off);
CREATE INDEX "paymentnotice_key" ON "paymentnotice" (key);
CREATE INDEX "paymentnotice_last_updated" ON "paymentnotice" (last_updated, id);
CREATE INDEX "paymentnotice_created_lo" ON "paymentnotice" ("created_lo" DESC NULLS LAST);
ALTER TABLE "paymentnotice" ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON "paymentnotice" TO eira_app USING ((SELECT eira_reach()) = '*' OR ((SELECT eira_reach()) <> '' AND (care_provider = (SELECT eira_reach()) OR (care_provider IS NULL AND patient IS NULL))));
GRANT SELECT, INSERT, UPDATE, DELETE ON "paymentnotice" TO eira_app;

CREATE TABLE "paymentreconciliation" (
  home int4 NOT NULL,
  id text NOT NULL,
  version int4 NOT NULL,
  last_updated timestamptz NOT NULL,
  key int8 NOT NULL,
  patient text,
  other_patients text[],
  care_provider text,
  care_unit text,
  content text NOT NULL,
  tokens int8[] NOT NULL,
  strings tsvector,
  many jsonb,
  "created_lo" timestamptz,
  "created_hi" timestamptz,
  PRIMARY KEY (id, home)
);
CREATE INDEX "paymentreconciliation_tokens" ON "paymentreconciliation" USING gin (tokens) WITH (fastupdate = off);
CREATE INDEX "paymentreconciliation_key" ON "paymentreconciliation" (key);
CREATE INDEX "paymentreconciliation_last_updated" ON "paymentreconciliation" (last_updated, id);
CREATE INDEX "paymentreconciliation_strings" ON "paymentreconciliation" USING gin (strings) WITH (fastupdate = off);
CREATE INDEX "paymentreconciliation_created_lo" ON "paymentreconciliation" ("created_lo" DESC NULLS LAST);
ALTER TABLE "paymentreconciliation" ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON "paymentreconciliation" TO eira_app USING ((SELECT eira_reach()) = '*' OR ((SELECT eira_reach()) <> '' AND (care_provider = (SELECT eira_reach()) OR (care_provider IS NULL AND patient IS NULL))));
GRANT SELECT, INSERT, UPDATE, DELETE ON "paymentreconciliation" TO eira_app;

CREATE TABLE "person" (
  home int4 NOT NULL,
  id text NOT NULL,
  version int4 NOT NULL,
  last_updated timestamptz NOT NULL,
  key int8 NOT NULL,
  patient text,
  other_patients text[],
  care_provider text,
  care_unit text,
  content text NOT NULL,
  tokens int8[] NOT NULL,
  strings tsvector,
  many jsonb,
  "birthdate_lo" timestamptz,
  "birthdate_hi" timestamptz,
  PRIMARY KEY (id, home)
);
CREATE INDEX "person_tokens" ON "person" USING gin (tokens) WITH (fastupdate = off);
CREATE INDEX "person_key" ON "person" (key);
CREATE INDEX "person_last_updated" ON "person" (last_updated, id);
CREATE INDEX "person_strings" ON "person" USING gin (strings) WITH (fastupdate = off);
CREATE INDEX "person_patient" ON "person" (patient, "birthdate_lo" DESC NULLS LAST, id) WHERE patient IS NOT NULL;
CREATE INDEX "person_others" ON "person" USING gin (other_patients) WITH (fastupdate = off) WHERE other_patients IS NOT NULL;
CREATE INDEX "person_birthdate_lo" ON "person" ("birthdate_lo" DESC NULLS LAST);
ALTER TABLE "person" ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON "person" TO eira_app USING ((SELECT eira_reach()) = '*' OR ((SELECT eira_reach()) <> '' AND (care_provider = (SELECT eira_reach()) OR (care_provider IS NULL AND patient IS NULL))));
GRANT SELECT, INSERT, UPDATE, DELETE ON "person" TO eira_app;

CREATE TABLE "plandefinition" (
  home int4 NOT NULL,
  id text NOT NULL,
  version int4 NOT NULL,
  last_updated timestamptz NOT NULL,
  key int8 NOT NULL,
  patient text,
  other_patients text[],
  care_provider text,
  care_unit text,
  content text NOT NULL,
  tokens int8[] NOT NULL,
  strings tsvector,
  many jsonb,
  "context_quantity_lo" numeric,
  "context_quantity_hi" numeric,
  "date_lo" timestamptz,
  "date_hi" timestamptz,
  "effective_lo" timestamptz,
  "effective_hi" timestamptz,
  PRIMARY KEY (id, home)
);
CREATE INDEX "plandefinition_tokens" ON "plandefinition" USING gin (tokens) WITH (fastupdate = off);
CREATE INDEX "plandefinition_key" ON "plandefinition" (key);
CREATE INDEX "plandefinition_last_updated" ON "plandefinition" (last_updated, id);
CREATE INDEX "plandefinition_strings" ON "plandefinition" USING gin (strings) WITH (fastupdate = off);
CREATE INDEX "plandefinition_date_lo" ON "plandefinition" ("date_lo" DESC NULLS LAST);
CREATE INDEX "plandefinition_effective_lo" ON "plandefinition" ("effective_lo") WHERE "effective_lo" IS NOT NULL;
ALTER TABLE "plandefinition" ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON "plandefinition" TO eira_app USING ((SELECT eira_reach()) = '*' OR ((SELECT eira_reach()) <> '' AND (care_provider = (SELECT eira_reach()) OR (care_provider IS NULL AND patient IS NULL))));
GRANT SELECT, INSERT, UPDATE, DELETE ON "plandefinition" TO eira_app;

CREATE TABLE "practitioner" (
  home int4 NOT NULL,
  id text NOT NULL,
  version int4 NOT NULL,
  last_updated timestamptz NOT NULL,
  key int8 NOT NULL,
  patient text,
  other_patients text[],
  care_provider text,
  care_unit text,
  content text NOT NULL,
  tokens int8[] NOT NULL,
  strings tsvector,
  many jsonb,
  PRIMARY KEY (id, home)
);
CREATE INDEX "practitioner_tokens" ON "practitioner" USING gin (tokens) WITH (fastupdate = off);
CREATE INDEX "practitioner_key" ON "practitioner" (key);
CREATE INDEX "practitioner_last_updated" ON "practitioner" (last_updated, id);
CREATE INDEX "practitioner_strings" ON "practitioner" USING gin (strings) WITH (fastupdate = off);
ALTER TABLE "practitioner" ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON "practitioner" TO eira_app USING ((SELECT eira_reach()) = '*' OR ((SELECT eira_reach()) <> '' AND (care_provider = (SELECT eira_reach()) OR (care_provider IS NULL AND patient IS NULL))));
GRANT SELECT, INSERT, UPDATE, DELETE ON "practitioner" TO eira_app;

CREATE TABLE "practitionerrole" (
  home int4 NOT NULL,
  id text NOT NULL,
  version int4 NOT NULL,
  last_updated timestamptz NOT NULL,
  key int8 NOT NULL,
  patient text,
  other_patients text[],
  care_provider text,
  care_unit text,
  content text NOT NULL,
  tokens int8[] NOT NULL,
  strings tsvector,
  many jsonb,
  "date_lo" timestamptz,
  "date_hi" timestamptz,
  PRIMARY KEY (id, home)
);
CREATE INDEX "practitionerrole_tokens" ON "practitionerrole" USING gin (tokens) WITH (fastupdate = off);
CREATE INDEX "practitionerrole_key" ON "practitionerrole" (key);
CREATE INDEX "practitionerrole_last_updated" ON "practitionerrole" (last_updated, id);
CREATE INDEX "practitionerrole_date_lo" ON "practitionerrole" ("date_lo" DESC NULLS LAST);
ALTER TABLE "practitionerrole" ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON "practitionerrole" TO eira_app USING ((SELECT eira_reach()) = '*' OR ((SELECT eira_reach()) <> '' AND (care_provider = (SELECT eira_reach()) OR (care_provider IS NULL AND patient IS NULL))));
GRANT SELECT, INSERT, UPDATE, DELETE ON "practitionerrole" TO eira_app;

CREATE TABLE "procedure" (
  home int4 NOT NULL,
  id text NOT NULL,
  version int4 NOT NULL,
  last_updated timestamptz NOT NULL,
  key int8 NOT NULL,
  patient text,
  other_patients text[],
  care_provider text,
  care_unit text,
  content text NOT NULL,
  tokens int8[] NOT NULL,
  strings tsvector,
  many jsonb,
  "date_lo" timestamptz,
  "date_hi" timestamptz,
  PRIMARY KEY (id, home)
);
CREATE INDEX "procedure_tokens" ON "procedure" USING gin (tokens) WITH (fastupdate = off);
CREATE INDEX "procedure_key" ON "procedure" (key);
CREATE INDEX "procedure_last_updated" ON "procedure" (last_updated, id);
CREATE INDEX "procedure_patient" ON "procedure" (patient, "date_lo" DESC NULLS LAST, id) WHERE patient IS NOT NULL;
CREATE INDEX "procedure_others" ON "procedure" USING gin (other_patients) WITH (fastupdate = off) WHERE other_patients IS NOT NULL;
CREATE INDEX "procedure_date_lo" ON "procedure" ("date_lo" DESC NULLS LAST);
ALTER TABLE "procedure" ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON "procedure" TO eira_app USING ((SELECT eira_reach()) = '*' OR ((SELECT eira_reach()) <> '' AND (care_provider = (SELECT eira_reach()) OR (care_provider IS NULL AND patient IS NULL))));
GRANT SELECT, INSERT, UPDATE, DELETE ON "procedure" TO eira_app;

CREATE TABLE "provenance" (
  home int4 NOT NULL,
  id text NOT NULL,
  version int4 NOT NULL,
  last_updated timestamptz NOT NULL,
  key int8 NOT NULL,
  patient text,
  other_patients text[],
  care_provider text,
  care_unit text,
  content text NOT NULL,
  tokens int8[] NOT NULL,
  strings tsvector,
  many jsonb,
  "recorded_lo" timestamptz,
  "recorded_hi" timestamptz,
  "when_lo" timestamptz,
  "when_hi" timestamptz,
  PRIMARY KEY (id, home)
);
CREATE INDEX "provenance_tokens" ON "provenance" USING gin (tokens) WITH (fastupdate = off);
CREATE INDEX "provenance_key" ON "provenance" (key);
CREATE INDEX "provenance_last_updated" ON "provenance" (last_updated, id);
CREATE INDEX "provenance_patient" ON "provenance" (patient, "recorded_lo" DESC NULLS LAST, id) WHERE patient IS NOT NULL;
CREATE INDEX "provenance_others" ON "provenance" USING gin (other_patients) WITH (fastupdate = off) WHERE other_patients IS NOT NULL;
CREATE INDEX "provenance_recorded_lo" ON "provenance" ("recorded_lo" DESC NULLS LAST);
CREATE INDEX "provenance_when_lo" ON "provenance" ("when_lo") WHERE "when_lo" IS NOT NULL;
ALTER TABLE "provenance" ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON "provenance" TO eira_app USING ((SELECT eira_reach()) = '*' OR ((SELECT eira_reach()) <> '' AND (care_provider = (SELECT eira_reach()) OR (care_provider IS NULL AND patient IS NULL))));
GRANT SELECT, INSERT, UPDATE, DELETE ON "provenance" TO eira_app;

CREATE TABLE "questionnaire" (
  home int4 NOT NULL,
  id text NOT NULL,
  version int4 NOT NULL,
  last_updated timestamptz NOT NULL,
  key int8 NOT NULL,
  patient text,
  other_patients text[],
  care_provider text,
  care_unit text,
  content text NOT NULL,
  tokens int8[] NOT NULL,
  strings tsvector,
  many jsonb,
  "context_quantity_lo" numeric,
  "context_quantity_hi" numeric,
  "date_lo" timestamptz,
  "date_hi" timestamptz,
  "effective_lo" timestamptz,
  "effective_hi" timestamptz,
  PRIMARY KEY (id, home)
);
CREATE INDEX "questionnaire_tokens" ON "questionnaire" USING gin (tokens) WITH (fastupdate = off);
CREATE INDEX "questionnaire_key" ON "questionnaire" (key);
CREATE INDEX "questionnaire_last_updated" ON "questionnaire" (last_updated, id);
CREATE INDEX "questionnaire_strings" ON "questionnaire" USING gin (strings) WITH (fastupdate = off);
CREATE INDEX "questionnaire_date_lo" ON "questionnaire" ("date_lo" DESC NULLS LAST);
CREATE INDEX "questionnaire_effective_lo" ON "questionnaire" ("effective_lo") WHERE "effective_lo" IS NOT NULL;
ALTER TABLE "questionnaire" ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON "questionnaire" TO eira_app USING ((SELECT eira_reach()) = '*' OR ((SELECT eira_reach()) <> '' AND (care_provider = (SELECT eira_reach()) OR (care_provider IS NULL AND patient IS NULL))));
GRANT SELECT, INSERT, UPDATE, DELETE ON "questionnaire" TO eira_app;

CREATE TABLE "questionnaireresponse" (
  home int4 NOT NULL,
  id text NOT NULL,
  version int4 NOT NULL,
  last_updated timestamptz NOT NULL,
  key int8 NOT NULL,
  patient text,
  other_patients text[],
  care_provider text,
  care_unit text,
  content text NOT NULL,
  tokens int8[] NOT NULL,
  strings tsvector,
  many jsonb,
  "authored_lo" timestamptz,
  "authored_hi" timestamptz,
  PRIMARY KEY (id, home)
);
CREATE INDEX "questionnaireresponse_tokens" ON "questionnaireresponse" USING gin (tokens) WITH (fastupdate = off);
CREATE INDEX "questionnaireresponse_key" ON "questionnaireresponse" (key);
CREATE INDEX "questionnaireresponse_last_updated" ON "questionnaireresponse" (last_updated, id);
CREATE INDEX "questionnaireresponse_patient" ON "questionnaireresponse" (patient, "authored_lo" DESC NULLS LAST, id) WHERE patient IS NOT NULL;
CREATE INDEX "questionnaireresponse_others" ON "questionnaireresponse" USING gin (other_patients) WITH (fastupdate = off) WHERE other_patients IS NOT NULL;
CREATE INDEX "questionnaireresponse_authored_lo" ON "questionnaireresponse" ("authored_lo" DESC NULLS LAST);
ALTER TABLE "questionnaireresponse" ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON "questionnaireresponse" TO eira_app USING ((SELECT eira_reach()) = '*' OR ((SELECT eira_reach()) <> '' AND (care_provider = (SELECT eira_reach()) OR (care_provider IS NULL AND patient IS NULL))));
GRANT SELECT, INSERT, UPDATE, DELETE ON "questionnaireresponse" TO eira_app;

CREATE TABLE "relatedperson" (
  home int4 NOT NULL,
  id text NOT NULL,
  version int4 NOT NULL,
  last_updated timestamptz NOT NULL,
  key int8 NOT NULL,
  patient text,
  other_patients text[],
  care_provider text,
  care_unit text,
  content text NOT NULL,
  tokens int8[] NOT NULL,
  strings tsvector,
  many jsonb,
  "birthdate_lo" timestamptz,
  "birthdate_hi" timestamptz,
  PRIMARY KEY (id, home)
);
CREATE INDEX "relatedperson_tokens" ON "relatedperson" USING gin (tokens) WITH (fastupdate = off);
CREATE INDEX "relatedperson_key" ON "relatedperson" (key);
CREATE INDEX "relatedperson_last_updated" ON "relatedperson" (last_updated, id);
CREATE INDEX "relatedperson_strings" ON "relatedperson" USING gin (strings) WITH (fastupdate = off);
CREATE INDEX "relatedperson_patient" ON "relatedperson" (patient, "birthdate_lo" DESC NULLS LAST, id) WHERE patient IS NOT NULL;
CREATE INDEX "relatedperson_birthdate_lo" ON "relatedperson" ("birthdate_lo" DESC NULLS LAST);
ALTER TABLE "relatedperson" ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON "relatedperson" TO eira_app USING ((SELECT eira_reach()) = '*' OR ((SELECT eira_reach()) <> '' AND (care_provider = (SELECT eira_reach()) OR (care_provider IS NULL AND patient IS NULL))));
GRANT SELECT, INSERT, UPDATE, DELETE ON "relatedperson" TO eira_app;

CREATE TABLE "requestgroup" (
  home int4 NOT NULL,
  id text NOT NULL,
  version int4 NOT NULL,
  last_updated timestamptz NOT NULL,
  key int8 NOT NULL,
  patient text,
  other_patients text[],
  care_provider text,
  care_unit text,
  content text NOT NULL,
  tokens int8[] NOT NULL,
  strings tsvector,
  many jsonb,
  "authored_lo" timestamptz,
  "authored_hi" timestamptz,
  PRIMARY KEY (id, home)
);
CREATE INDEX "requestgroup_tokens" ON "requestgroup" USING gin (tokens) WITH (fastupdate = off);
CREATE INDEX "requestgroup_key" ON "requestgroup" (key);
CREATE INDEX "requestgroup_last_updated" ON "requestgroup" (last_updated, id);
CREATE INDEX "requestgroup_patient" ON "requestgroup" (patient, "authored_lo" DESC NULLS LAST, id) WHERE patient IS NOT NULL;
CREATE INDEX "requestgroup_others" ON "requestgroup" USING gin (other_patients) WITH (fastupdate = off) WHERE other_patients IS NOT NULL;
CREATE INDEX "requestgroup_authored_lo" ON "requestgroup" ("authored_lo" DESC NULLS LAST);
ALTER TABLE "requestgroup" ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON "requestgroup" TO eira_app USING ((SELECT eira_reach()) = '*' OR ((SELECT eira_reach()) <> '' AND (care_provider = (SELECT eira_reach()) OR (care_provider IS NULL AND patient IS NULL))));
GRANT SELECT, INSERT, UPDATE, DELETE ON "requestgroup" TO eira_app;

CREATE TABLE "researchdefinition" (
  home int4 NOT NULL,
  id text NOT NULL,
  version int4 NOT NULL,
  last_updated timestamptz NOT NULL,
  key int8 NOT NULL,
  patient text,
  other_patients text[],
  care_provider text,
  care_unit text,
  content text NOT NULL,
  tokens int8[] NOT NULL,
  strings tsvector,
  many jsonb,
  "context_quantity_lo" numeric,
  "context_quantity_hi" numeric,
  "date_lo" timestamptz,
  "date_hi" timestamptz,
  "effective_lo" timestamptz,
  "effective_hi" timestamptz,
  PRIMARY KEY (id, home)
);
CREATE INDEX "researchdefinition_tokens" ON "researchdefinition" USING gin (tokens) WITH (fastupdate = off);
CREATE INDEX "researchdefinition_key" ON "researchdefinition" (key);
CREATE INDEX "researchdefinition_last_updated" ON "researchdefinition" (last_updated, id);
CREATE INDEX "researchdefinition_strings" ON "researchdefinition" USING gin (strings) WITH (fastupdate = off);
CREATE INDEX "researchdefinition_date_lo" ON "researchdefinition" ("date_lo" DESC NULLS LAST);
CREATE INDEX "researchdefinition_effective_lo" ON "researchdefinition" ("effective_lo") WHERE "effective_lo" IS NOT NULL;
ALTER TABLE "researchdefinition" ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON "researchdefinition" TO eira_app USING ((SELECT eira_reach()) = '*' OR ((SELECT eira_reach()) <> '' AND (care_provider = (SELECT eira_reach()) OR (care_provider IS NULL AND patient IS NULL))));
GRANT SELECT, INSERT, UPDATE, DELETE ON "researchdefinition" TO eira_app;

CREATE TABLE "researchelementdefinition" (
  home int4 NOT NULL,
  id text NOT NULL,
  version int4 NOT NULL,
  last_updated timestamptz NOT NULL,
  key int8 NOT NULL,
  patient text,
  other_patients text[],
  care_provider text,
  care_unit text,
  content text NOT NULL,
  tokens int8[] NOT NULL,
  strings tsvector,
  many jsonb,
  "context_quantity_lo" numeric,
  "context_quantity_hi" numeric,
  "date_lo" timestamptz,
  "date_hi" timestamptz,
  "effective_lo" timestamptz,
  "effective_hi" timestamptz,
  PRIMARY KEY (id, home)
);
CREATE INDEX "researchelementdefinition_tokens" ON "researchelementdefinition" USING gin (tokens) WITH (fastupdate = off);
CREATE INDEX "researchelementdefinition_key" ON "researchelementdefinition" (key);
CREATE INDEX "researchelementdefinition_last_updated" ON "researchelementdefinition" (last_updated, id);
CREATE INDEX "researchelementdefinition_strings" ON "researchelementdefinition" USING gin (strings) WITH (fastupdate = off);
CREATE INDEX "researchelementdefinition_date_lo" ON "researchelementdefinition" ("date_lo" DESC NULLS LAST);
CREATE INDEX "researchelementdefinition_effective_lo" ON "researchelementdefinition" ("effective_lo") WHERE "effective_lo" IS NOT NULL;
ALTER TABLE "researchelementdefinition" ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON "researchelementdefinition" TO eira_app USING ((SELECT eira_reach()) = '*' OR ((SELECT eira_reach()) <> '' AND (care_provider = (SELECT eira_reach()) OR (care_provider IS NULL AND patient IS NULL))));
GRANT SELECT, INSERT, UPDATE, DELETE ON "researchelementdefinition" TO eira_app;

CREATE TABLE "researchstudy" (
  home int4 NOT NULL,
  id text NOT NULL,
  version int4 NOT NULL,
  last_updated timestamptz NOT NULL,
  key int8 NOT NULL,
  patient text,
  other_patients text[],
  care_provider text,
  care_unit text,
  content text NOT NULL,
  tokens int8[] NOT NULL,
  strings tsvector,
  many jsonb,
  "date_lo" timestamptz,
  "date_hi" timestamptz,
  PRIMARY KEY (id, home)
);
CREATE INDEX "researchstudy_tokens" ON "researchstudy" USING gin (tokens) WITH (fastupdate = off);
CREATE INDEX "researchstudy_key" ON "researchstudy" (key);
CREATE INDEX "researchstudy_last_updated" ON "researchstudy" (last_updated, id);
CREATE INDEX "researchstudy_strings" ON "researchstudy" USING gin (strings) WITH (fastupdate = off);
CREATE INDEX "researchstudy_date_lo" ON "researchstudy" ("date_lo" DESC NULLS LAST);
ALTER TABLE "researchstudy" ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON "researchstudy" TO eira_app USING ((SELECT eira_reach()) = '*' OR ((SELECT eira_reach()) <> '' AND (care_provider = (SELECT eira_reach()) OR (care_provider IS NULL AND patient IS NULL))));
GRANT SELECT, INSERT, UPDATE, DELETE ON "researchstudy" TO eira_app;

CREATE TABLE "researchsubject" (
  home int4 NOT NULL,
  id text NOT NULL,
  version int4 NOT NULL,
  last_updated timestamptz NOT NULL,
  key int8 NOT NULL,
  patient text,
  other_patients text[],
  care_provider text,
  care_unit text,
  content text NOT NULL,
  tokens int8[] NOT NULL,
  strings tsvector,
  many jsonb,
  "date_lo" timestamptz,
  "date_hi" timestamptz,
  PRIMARY KEY (id, home)
);
CREATE INDEX "researchsubject_tokens" ON "researchsubject" USING gin (tokens) WITH (fastupdate = off);
CREATE INDEX "researchsubject_key" ON "researchsubject" (key);
CREATE INDEX "researchsubject_last_updated" ON "researchsubject" (last_updated, id);
CREATE INDEX "researchsubject_patient" ON "researchsubject" (patient, "date_lo" DESC NULLS LAST, id) WHERE patient IS NOT NULL;
CREATE INDEX "researchsubject_date_lo" ON "researchsubject" ("date_lo" DESC NULLS LAST);
ALTER TABLE "researchsubject" ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON "researchsubject" TO eira_app USING ((SELECT eira_reach()) = '*' OR ((SELECT eira_reach()) <> '' AND (care_provider = (SELECT eira_reach()) OR (care_provider IS NULL AND patient IS NULL))));
GRANT SELECT, INSERT, UPDATE, DELETE ON "researchsubject" TO eira_app;

CREATE TABLE "riskassessment" (
  home int4 NOT NULL,
  id text NOT NULL,
  version int4 NOT NULL,
  last_updated timestamptz NOT NULL,
  key int8 NOT NULL,
  patient text,
  other_patients text[],
  care_provider text,
  care_unit text,
  content text NOT NULL,
  tokens int8[] NOT NULL,
  strings tsvector,
  many jsonb,
  "date_lo" timestamptz,
  "date_hi" timestamptz,
  "probability_lo" numeric,
  "probability_hi" numeric,
  PRIMARY KEY (id, home)
);
CREATE INDEX "riskassessment_tokens" ON "riskassessment" USING gin (tokens) WITH (fastupdate = off);
CREATE INDEX "riskassessment_key" ON "riskassessment" (key);
CREATE INDEX "riskassessment_last_updated" ON "riskassessment" (last_updated, id);
CREATE INDEX "riskassessment_patient" ON "riskassessment" (patient, "date_lo" DESC NULLS LAST, id) WHERE patient IS NOT NULL;
CREATE INDEX "riskassessment_date_lo" ON "riskassessment" ("date_lo" DESC NULLS LAST);
CREATE INDEX "riskassessment_probability_lo" ON "riskassessment" ("probability_lo") WHERE "probability_lo" IS NOT NULL;
ALTER TABLE "riskassessment" ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON "riskassessment" TO eira_app USING ((SELECT eira_reach()) = '*' OR ((SELECT eira_reach()) <> '' AND (care_provider = (SELECT eira_reach()) OR (care_provider IS NULL AND patient IS NULL))));
GRANT SELECT, INSERT, UPDATE, DELETE ON "riskassessment" TO eira_app;

CREATE TABLE "riskevidencesynthesis" (
  home int4 NOT NULL,
  id text NOT NULL,
  version int4 NOT NULL,
  last_updated timestamptz NOT NULL,
  key int8 NOT NULL,
  patient text,
  other_patients text[],
  care_provider text,
  care_unit text,
  content text NOT NULL,
  tokens int8[] NOT NULL,
  strings tsvector,
  many jsonb,
  "context_quantity_lo" numeric,
  "context_quantity_hi" numeric,
  "date_lo" timestamptz,
  "date_hi" timestamptz,
  "effective_lo" timestamptz,
  "effective_hi" timestamptz,
  PRIMARY KEY (id, home)
);
CREATE INDEX "riskevidencesynthesis_tokens" ON "riskevidencesynthesis" USING gin (tokens) WITH (fastupdate = off);
CREATE INDEX "riskevidencesynthesis_key" ON "riskevidencesynthesis" (key);
CREATE INDEX "riskevidencesynthesis_last_updated" ON "riskevidencesynthesis" (last_updated, id);
CREATE INDEX "riskevidencesynthesis_strings" ON "riskevidencesynthesis" USING gin (strings) WITH (fastupdate = off);
CREATE INDEX "riskevidencesynthesis_date_lo" ON "riskevidencesynthesis" ("date_lo" DESC NULLS LAST);
CREATE INDEX "riskevidencesynthesis_effective_lo" ON "riskevidencesynthesis" ("effective_lo") WHERE "effective_lo" IS NOT NULL;
ALTER TABLE "riskevidencesynthesis" ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON "riskevidencesynthesis" TO eira_app USING ((SELECT eira_reach()) = '*' OR ((SELECT eira_reach()) <> '' AND (care_provider = (SELECT eira_reach()) OR (care_provider IS NULL AND patient IS NULL))));
GRANT SELECT, INSERT, UPDATE, DELETE ON "riskevidencesynthesis" TO eira_app;

CREATE TABLE "schedule" (
  home int4 NOT NULL,
  id text NOT NULL,
  version int4 NOT NULL,
  last_updated timestamptz NOT NULL,
  key int8 NOT NULL,
  patient text,
  other_patients text[],
  care_provider text,
  care_unit text,
  content text NOT NULL,
  tokens int8[] NOT NULL,
  strings tsvector,
  many jsonb,
  "date_lo" timestamptz,
  "date_hi" timestamptz,
  PRIMARY KEY (id, home)
);
CREATE INDEX "schedule_tokens" ON "schedule" USING gin (tokens) WITH (fastupdate = off);
CREATE INDEX "schedule_key" ON "schedule" (key);
CREATE INDEX "schedule_last_updated" ON "schedule" (last_updated, id);
CREATE INDEX "schedule_patient" ON "schedule" (patient, "date_lo" DESC NULLS LAST, id) WHERE patient IS NOT NULL;
CREATE INDEX "schedule_others" ON "schedule" USING gin (other_patients) WITH (fastupdate = off) WHERE other_patients IS NOT NULL;
CREATE INDEX "schedule_date_lo" ON "schedule" ("date_lo" DESC NULLS LAST);
ALTER TABLE "schedule" ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON "schedule" TO eira_app USING ((SELECT eira_reach()) = '*' OR ((SELECT eira_reach()) <> '' AND (care_provider = (SELECT eira_reach()) OR (care_provider IS NULL AND patient IS NULL))));
GRANT SELECT, INSERT, UPDATE, DELETE ON "schedule" TO eira_app;

CREATE TABLE "searchparameter" (
  home int4 NOT NULL,
  id text NOT NULL,
  version int4 NOT NULL,
  last_updated timestamptz NOT NULL,
  key int8 NOT NULL,
  patient text,
  other_patients text[],
  care_provider text,
  care_unit text,
  content text NOT NULL,
  tokens int8[] NOT NULL,
  strings tsvector,
  many jsonb,
  "context_quantity_lo" numeric,
  "context_quantity_hi" numeric,
  "date_lo" timestamptz,
  "date_hi" timestamptz,
  PRIMARY KEY (id, home)
);
CREATE INDEX "searchparameter_tokens" ON "searchparameter" USING gin (tokens) WITH (fastupdate = off);
CREATE INDEX "searchparameter_key" ON "searchparameter" (key);
CREATE INDEX "searchparameter_last_updated" ON "searchparameter" (last_updated, id);
CREATE INDEX "searchparameter_strings" ON "searchparameter" USING gin (strings) WITH (fastupdate = off);
CREATE INDEX "searchparameter_date_lo" ON "searchparameter" ("date_lo" DESC NULLS LAST);
ALTER TABLE "searchparameter" ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON "searchparameter" TO eira_app USING ((SELECT eira_reach()) = '*' OR ((SELECT eira_reach()) <> '' AND (care_provider = (SELECT eira_reach()) OR (care_provider IS NULL AND patient IS NULL))));
GRANT SELECT, INSERT, UPDATE, DELETE ON "searchparameter" TO eira_app;

CREATE TABLE "servicerequest" (
  home int4 NOT NULL,
  id text NOT NULL,
  version int4 NOT NULL,
  last_updated timestamptz NOT NULL,
  key int8 NOT NULL,
  patient text,
  other_patients text[],
  care_provider text,
  care_unit text,
  content text NOT NULL,
  tokens int8[] NOT NULL,
  strings tsvector,
  many jsonb,
  "authored_lo" timestamptz,
  "authored_hi" timestamptz,
  "occurrence_lo" timestamptz,
  "occurrence_hi" timestamptz,
  PRIMARY KEY (id, home)
);
CREATE INDEX "servicerequest_tokens" ON "servicerequest" USING gin (tokens) WITH (fastupdate = off);
CREATE INDEX "servicerequest_key" ON "servicerequest" (key);
CREATE INDEX "servicerequest_last_updated" ON "servicerequest" (last_updated, id);
CREATE INDEX "servicerequest_patient" ON "servicerequest" (patient, "authored_lo" DESC NULLS LAST, id) WHERE patient IS NOT NULL;
CREATE INDEX "servicerequest_others" ON "servicerequest" USING gin (other_patients) WITH (fastupdate = off) WHERE other_patients IS NOT NULL;
CREATE INDEX "servicerequest_authored_lo" ON "servicerequest" ("authored_lo" DESC NULLS LAST);
CREATE INDEX "servicerequest_occurrence_lo" ON "servicerequest" ("occurrence_lo") WHERE "occurrence_lo" IS NOT NULL;
ALTER TABLE "servicerequest" ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON "servicerequest" TO eira_app USING ((SELECT eira_reach()) = '*' OR ((SELECT eira_reach()) <> '' AND (care_provider = (SELECT eira_reach()) OR (care_provider IS NULL AND patient IS NULL))));
GRANT SELECT, INSERT, UPDATE, DELETE ON "servicerequest" TO eira_app;

CREATE TABLE "slot" (
  home int4 NOT NULL,
  id text NOT NULL,
  version int4 NOT NULL,
  last_updated timestamptz NOT NULL,
  key int8 NOT NULL,
  patient text,
  other_patients text[],
  care_provider text,
  care_unit text,
  content text NOT NULL,
  tokens int8[] NOT NULL,
  strings tsvector,
  many jsonb,
  "start_lo" timestamptz,
  "start_hi" timestamptz,
  PRIMARY KEY (id, home)
);
CREATE INDEX "slot_tokens" ON "slot" USING gin (tokens) WITH (fastupdate = off);
CREATE INDEX "slot_key" ON "slot" (key);
CREATE INDEX "slot_last_updated" ON "slot" (last_updated, id);
CREATE INDEX "slot_start_lo" ON "slot" ("start_lo" DESC NULLS LAST);
ALTER TABLE "slot" ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON "slot" TO eira_app USING ((SELECT eira_reach()) = '*' OR ((SELECT eira_reach()) <> '' AND (care_provider = (SELECT eira_reach()) OR (care_provider IS NULL AND patient IS NULL))));
GRANT SELECT, INSERT, UPDATE, DELETE ON "slot" TO eira_app;

CREATE TABLE "specimen" (
  home int4 NOT NULL,
  id text NOT NULL,
  version int4 NOT NULL,
  last_updated timestamptz NOT NULL,
  key int8 NOT NULL,
  patient text,
  other_patients text[],
  care_provider text,
  care_unit text,
  content text NOT NULL,
  tokens int8[] NOT NULL,
  strings tsvector,
  many jsonb,
  "collected_lo" timestamptz,
  "collected_hi" timestamptz,
  PRIMARY KEY (id, home)
);
CREATE INDEX "specimen_tokens" ON "specimen" USING gin (tokens) WITH (fastupdate = off);
CREATE INDEX "specimen_key" ON "specimen" (key);
CREATE INDEX "specimen_last_updated" ON "specimen" (last_updated, id);
CREATE INDEX "specimen_patient" ON "specimen" (patient, "collected_lo" DESC NULLS LAST, id) WHERE patient IS NOT NULL;
CREATE INDEX "specimen_collected_lo" ON "specimen" ("collected_lo" DESC NULLS LAST);
ALTER TABLE "specimen" ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON "specimen" TO eira_app USING ((SELECT eira_reach()) = '*' OR ((SELECT eira_reach()) <> '' AND (care_provider = (SELECT eira_reach()) OR (care_provider IS NULL AND patient IS NULL))));
GRANT SELECT, INSERT, UPDATE, DELETE ON "specimen" TO eira_app;

CREATE TABLE "specimendefinition" (
  home int4 NOT NULL,
  id text NOT NULL,
  version int4 NOT NULL,
  last_updated timestamptz NOT NULL,
  key int8 NOT NULL,
  patient text,
  other_patients text[],
  care_provider text,
  care_unit text,
  content text NOT NULL,
  tokens int8[] NOT NULL,
  strings tsvector,
  many jsonb,
  PRIMARY KEY (id, home)
);
CREATE INDEX "specimendefinition_tokens" ON "specimendefinition" USING gin (tokens) WITH (fastupdate = off);
CREATE INDEX "specimendefinition_key" ON "specimendefinition" (key);
CREATE INDEX "specimendefinition_last_updated" ON "specimendefinition" (last_updated, id);
ALTER TABLE "specimendefinition" ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON "specimendefinition" TO eira_app USING ((SELECT eira_reach()) = '*' OR ((SELECT eira_reach()) <> '' AND (care_provider = (SELECT eira_reach()) OR (care_provider IS NULL AND patient IS NULL))));
GRANT SELECT, INSERT, UPDATE, DELETE ON "specimendefinition" TO eira_app;

CREATE TABLE "structuredefinition" (
  home int4 NOT NULL,
  id text NOT NULL,
  version int4 NOT NULL,
  last_updated timestamptz NOT NULL,
  key int8 NOT NULL,
  patient text,
  other_patients text[],
  care_provider text,
  care_unit text,
  content text NOT NULL,
  tokens int8[] NOT NULL,
  strings tsvector,
  many jsonb,
  "context_quantity_lo" numeric,
  "context_quantity_hi" numeric,
  "date_lo" timestamptz,
  "date_hi" timestamptz,
  PRIMARY KEY (id, home)
);
CREATE INDEX "structuredefinition_tokens" ON "structuredefinition" USING gin (tokens) WITH (fastupdate = off);
CREATE INDEX "structuredefinition_key" ON "structuredefinition" (key);
CREATE INDEX "structuredefinition_last_updated" ON "structuredefinition" (last_updated, id);
CREATE INDEX "structuredefinition_strings" ON "structuredefinition" USING gin (strings) WITH (fastupdate = off);
CREATE INDEX "structuredefinition_date_lo" ON "structuredefinition" ("date_lo" DESC NULLS LAST);
ALTER TABLE "structuredefinition" ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON "structuredefinition" TO eira_app USING ((SELECT eira_reach()) = '*' OR ((SELECT eira_reach()) <> '' AND (care_provider = (SELECT eira_reach()) OR (care_provider IS NULL AND patient IS NULL))));
GRANT SELECT, INSERT, UPDATE, DELETE ON "structuredefinition" TO eira_app;

CREATE TABLE "structuremap" (
  home int4 NOT NULL,
  id text NOT NULL,
  version int4 NOT NULL,
  last_updated timestamptz NOT NULL,
  key int8 NOT NULL,
  patient text,
  other_patients text[],
  care_provider text,
  care_unit text,
  content text NOT NULL,
  tokens int8[] NOT NULL,
  strings tsvector,
  many jsonb,
  "context_quantity_lo" numeric,
  "context_quantity_hi" numeric,
  "date_lo" timestamptz,
  "date_hi" timestamptz,
  PRIMARY KEY (id, home)
);
CREATE INDEX "structuremap_tokens" ON "structuremap" USING gin (tokens) WITH (fastupdate = off);
CREATE INDEX "structuremap_key" ON "structuremap" (key);
CREATE INDEX "structuremap_last_updated" ON "structuremap" (last_updated, id);
CREATE INDEX "structuremap_strings" ON "structuremap" USING gin (strings) WITH (fastupdate = off);
CREATE INDEX "structuremap_date_lo" ON "structuremap" ("date_lo" DESC NULLS LAST);
ALTER TABLE "structuremap" ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON "structuremap" TO eira_app USING ((SELECT eira_reach()) = '*' OR ((SELECT eira_reach()) <> '' AND (care_provider = (SELECT eira_reach()) OR (care_provider IS NULL AND patient IS NULL))));
GRANT SELECT, INSERT, UPDATE, DELETE ON "structuremap" TO eira_app;

CREATE TABLE "subscription" (
  home int4 NOT NULL,
  id text NOT NULL,
  version int4 NOT NULL,
  last_updated timestamptz NOT NULL,
  key int8 NOT NULL,
  patient text,
  other_patients text[],
  care_provider text,
  care_unit text,
  content text NOT NULL,
  tokens int8[] NOT NULL,
  strings tsvector,
  many jsonb,
  PRIMARY KEY (id, home)
);
CREATE INDEX "subscription_tokens" ON "subscription" USING gin (tokens) WITH (fastupdate = off);
CREATE INDEX "subscription_key" ON "subscription" (key);
CREATE INDEX "subscription_last_updated" ON "subscription" (last_updated, id);
CREATE INDEX "subscription_strings" ON "subscription" USING gin (strings) WITH (fastupdate = off);
ALTER TABLE "subscription" ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON "subscription" TO eira_app USING ((SELECT eira_reach()) = '*' OR ((SELECT eira_reach()) <> '' AND (care_provider = (SELECT eira_reach()) OR (care_provider IS NULL AND patient IS NULL))));
GRANT SELECT, INSERT, UPDATE, DELETE ON "subscription" TO eira_app;

CREATE TABLE "substance" (
  home int4 NOT NULL,
  id text NOT NULL,
  version int4 NOT NULL,
  last_updated timestamptz NOT NULL,
  key int8 NOT NULL,
  patient text,
  other_patients text[],
  care_provider text,
  care_unit text,
  content text NOT NULL,
  tokens int8[] NOT NULL,
  strings tsvector,
  many jsonb,
  "expiry_lo" timestamptz,
  "expiry_hi" timestamptz,
  "quantity_lo" numeric,
  "quantity_hi" numeric,
  PRIMARY KEY (id, home)
);
CREATE INDEX "substance_tokens" ON "substance" USING gin (tokens) WITH (fastupdate = off);
CREATE INDEX "substance_key" ON "substance" (key);
CREATE INDEX "substance_last_updated" ON "substance" (last_updated, id);
CREATE INDEX "substance_expiry_lo" ON "substance" ("expiry_lo" DESC NULLS LAST);
ALTER TABLE "substance" ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON "substance" TO eira_app USING ((SELECT eira_reach()) = '*' OR ((SELECT eira_reach()) <> '' AND (care_provider = (SELECT eira_reach()) OR (care_provider IS NULL AND patient IS NULL))));
GRANT SELECT, INSERT, UPDATE, DELETE ON "substance" TO eira_app;

CREATE TABLE "substancenucleicacid" (
  home int4 NOT NULL,
  id text NOT NULL,
  version int4 NOT NULL,
  last_updated timestamptz NOT NULL,
  key int8 NOT NULL,
  patient text,
  other_patients text[],
  care_provider text,
  care_unit text,
  content text NOT NULL,
  tokens int8[] NOT NULL,
  strings tsvector,
  many jsonb,
  PRIMARY KEY (id, home)
);
CREATE INDEX "substancenucleicacid_tokens" ON "substancenucleicacid" USING gin (tokens) WITH (fastupdate = off);
CREATE INDEX "substancenucleicacid_key" ON "substancenucleicacid" (key);
CREATE INDEX "substancenucleicacid_last_updated" ON "substancenucleicacid" (last_updated, id);
ALTER TABLE "substancenucleicacid" ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON "substancenucleicacid" TO eira_app USING ((SELECT eira_reach()) = '*' OR ((SELECT eira_reach()) <> '' AND (care_provider = (SELECT eira_reach()) OR (care_provider IS NULL AND patient IS NULL))));
GRANT SELECT, INSERT, UPDATE, DELETE ON "substancenucleicacid" TO eira_app;

CREATE TABLE "substancepolymer" (
  home int4 NOT NULL,
  id text NOT NULL,
  version int4 NOT NULL,
  last_updated timestamptz NOT NULL,
  key int8 NOT NULL,
  patient text,
  other_patients text[],
  care_provider text,
  care_unit text,
  content text NOT NULL,
  tokens int8[] NOT NULL,
  strings tsvector,
  many jsonb,
  PRIMARY KEY (id, home)
);
CREATE INDEX "substancepolymer_tokens" ON "substancepolymer" USING gin (tokens) WITH (fastupdate = off);
CREATE INDEX "substancepolymer_key" ON "substancepolymer" (key);
CREATE INDEX "substancepolymer_last_updated" ON "substancepolymer" (last_updated, id);
ALTER TABLE "substancepolymer" ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON "substancepolymer" TO eira_app USING ((SELECT eira_reach()) = '*' OR ((SELECT eira_reach()) <> '' AND (care_provider = (SELECT eira_reach()) OR (care_provider IS NULL AND patient IS NULL))));
GRANT SELECT, INSERT, UPDATE, DELETE ON "substancepolymer" TO eira_app;

CREATE TABLE "substanceprotein" (
  home int4 NOT NULL,
  id text NOT NULL,
  version int4 NOT NULL,
  last_updated timestamptz NOT NULL,
  key int8 NOT NULL,
  patient text,
  other_patients text[],
  care_provider text,
  care_unit text,
  content text NOT NULL,
  tokens int8[] NOT NULL,
  strings tsvector,
  many jsonb,
  PRIMARY KEY (id, home)
);
CREATE INDEX "substanceprotein_tokens" ON "substanceprotein" USING gin (tokens) WITH (fastupdate = off);
CREATE INDEX "substanceprotein_key" ON "substanceprotein" (key);
CREATE INDEX "substanceprotein_last_updated" ON "substanceprotein" (last_updated, id);
ALTER TABLE "substanceprotein" ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON "substanceprotein" TO eira_app USING ((SELECT eira_reach()) = '*' OR ((SELECT eira_reach()) <> '' AND (care_provider = (SELECT eira_reach()) OR (care_provider IS NULL AND patient IS NULL))));
GRANT SELECT, INSERT, UPDATE, DELETE ON "substanceprotein" TO eira_app;

CREATE TABLE "substancereferenceinformation" (
  home int4 NOT NULL,
  id text NOT NULL,
  version int4 NOT NULL,
  last_updated timestamptz NOT NULL,
  key int8 NOT NULL,
  patient text,
  other_patients text[],
  care_provider text,
  care_unit text,
  content text NOT NULL,
  tokens int8[] NOT NULL,
  strings tsvector,
  many jsonb,
  PRIMARY KEY (id, home)
);
CREATE INDEX "substancereferenceinformation_tokens" ON "substancereferenceinformation" USING gin (tokens) WITH (fastupdate = off);
CREATE INDEX "substancereferenceinformation_key" ON "substancereferenceinformation" (key);
CREATE INDEX "substancereferenceinformation_last_updated" ON "substancereferenceinformation" (last_updated, id);
ALTER TABLE "substancereferenceinformation" ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON "substancereferenceinformation" TO eira_app USING ((SELECT eira_reach()) = '*' OR ((SELECT eira_reach()) <> '' AND (care_provider = (SELECT eira_reach()) OR (care_provider IS NULL AND patient IS NULL))));
GRANT SELECT, INSERT, UPDATE, DELETE ON "substancereferenceinformation" TO eira_app;

CREATE TABLE "substancesourcematerial" (
  home int4 NOT NULL,
  id text NOT NULL,
  version int4 NOT NULL,
  last_updated timestamptz NOT NULL,
  key int8 NOT NULL,
  patient text,
  other_patients text[],
  care_provider text,
  care_unit text,
  content text NOT NULL,
  tokens int8[] NOT NULL,
  strings tsvector,
  many jsonb,
  PRIMARY KEY (id, home)
);
CREATE INDEX "substancesourcematerial_tokens" ON "substancesourcematerial" USING gin (tokens) WITH (fastupdate = off);
CREATE INDEX "substancesourcematerial_key" ON "substancesourcematerial" (key);
CREATE INDEX "substancesourcematerial_last_updated" ON "substancesourcematerial" (last_updated, id);
ALTER TABLE "substancesourcematerial" ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON "substancesourcematerial" TO eira_app USING ((SELECT eira_reach()) = '*' OR ((SELECT eira_reach()) <> '' AND (care_provider = (SELECT eira_reach()) OR (care_provider IS NULL AND patient IS NULL))));
GRANT SELECT, INSERT, UPDATE, DELETE ON "substancesourcematerial" TO eira_app;

CREATE TABLE "substancespecification" (
  home int4 NOT NULL,
  id text NOT NULL,
  version int4 NOT NULL,
  last_updated timestamptz NOT NULL,
  key int8 NOT NULL,
  patient text,
  other_patients text[],
  care_provider text,
  care_unit text,
  content text NOT NULL,
  tokens int8[] NOT NULL,
  strings tsvector,
  many jsonb,
  PRIMARY KEY (id, home)
);
CREATE INDEX "substancespecification_tokens" ON "substancespecification" USING gin (tokens) WITH (fastupdate = off);
CREATE INDEX "substancespecification_key" ON "substancespecification" (key);
CREATE INDEX "substancespecification_last_updated" ON "substancespecification" (last_updated, id);
ALTER TABLE "substancespecification" ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON "substancespecification" TO eira_app USING ((SELECT eira_reach()) = '*' OR ((SELECT eira_reach()) <> '' AND (care_provider = (SELECT eira_reach()) OR (care_provider IS NULL AND patient IS NULL))));
GRANT SELECT, INSERT, UPDATE, DELETE ON "substancespecification" TO eira_app;

CREATE TABLE "supplydelivery" (
  home int4 NOT NULL,
  id text NOT NULL,
  version int4 NOT NULL,
  last_updated timestamptz NOT NULL,
  key int8 NOT NULL,
  patient text,
  other_patients text[],
  care_provider text,
  care_unit text,
  content text NOT NULL,
  tokens int8[] NOT NULL,
  strings tsvector,
  many jsonb,
  PRIMARY KEY (id, home)
);
CREATE INDEX "supplydelivery_tokens" ON "supplydelivery" USING gin (tokens) WITH (fastupdate = off);
CREATE INDEX "supplydelivery_key" ON "supplydelivery" (key);
CREATE INDEX "supplydelivery_last_updated" ON "supplydelivery" (last_updated, id);
CREATE INDEX "supplydelivery_patient" ON "supplydelivery" (patient, id) WHERE patient IS NOT NULL;
ALTER TABLE "supplydelivery" ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON "supplydelivery" TO eira_app USING ((SELECT eira_reach()) = '*' OR ((SELECT eira_reach()) <> '' AND (care_provider = (SELECT eira_reach()) OR (care_provider IS NULL AND patient IS NULL))));
GRANT SELECT, INSERT, UPDATE, DELETE ON "supplydelivery" TO eira_app;

CREATE TABLE "supplyrequest" (
  home int4 NOT NULL,
  id text NOT NULL,
  version int4 NOT NULL,
  last_updated timestamptz NOT NULL,
  key int8 NOT NULL,
  patient text,
  other_patients text[],
  care_provider text,
  care_unit text,
  content text NOT NULL,
  tokens int8[] NOT NULL,
  strings tsvector,
  many jsonb,
  "date_lo" timestamptz,
  "date_hi" timestamptz,
  PRIMARY KEY (id, home)
);
CREATE INDEX "supplyrequest_tokens" ON "supplyrequest" USING gin (tokens) WITH (fastupdate = off);
CREATE INDEX "supplyrequest_key" ON "supplyrequest" (key);
CREATE INDEX "supplyrequest_last_updated" ON "supplyrequest" (last_updated, id);
CREATE INDEX "supplyrequest_patient" ON "supplyrequest" (patient, "date_lo" DESC NULLS LAST, id) WHERE patient IS NOT NULL;
CREATE INDEX "supplyrequest_date_lo" ON "supplyrequest" ("date_lo" DESC NULLS LAST);
ALTER TABLE "supplyrequest" ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON "supplyrequest" TO eira_app USING ((SELECT eira_reach()) = '*' OR ((SELECT eira_reach()) <> '' AND (care_provider = (SELECT eira_reach()) OR (care_provider IS NULL AND patient IS NULL))));
GRANT SELECT, INSERT, UPDATE, DELETE ON "supplyrequest" TO eira_app;

CREATE TABLE "task" (
  home int4 NOT NULL,
  id text NOT NULL,
  version int4 NOT NULL,
  last_updated timestamptz NOT NULL,
  key int8 NOT NULL,
  patient text,
  other_patients text[],
  care_provider text,
  care_unit text,
  content text NOT NULL,
  tokens int8[] NOT NULL,
  strings tsvector,
  many jsonb,
  "authored_on_lo" timestamptz,
  "authored_on_hi" timestamptz,
  "modified_lo" timestamptz,
  "modified_hi" timestamptz,
  "period_lo" timestamptz,
  "period_hi" timestamptz,
  PRIMARY KEY (id, home)
);
CREATE INDEX "task_tokens" ON "task" USING gin (tokens) WITH (fastupdate = off);
CREATE INDEX "task_key" ON "task" (key);
CREATE INDEX "task_last_updated" ON "task" (last_updated, id);
CREATE INDEX "task_patient" ON "task" (patient, "authored_on_lo" DESC NULLS LAST, id) WHERE patient IS NOT NULL;
CREATE INDEX "task_others" ON "task" USING gin (other_patients) WITH (fastupdate = off) WHERE other_patients IS NOT NULL;
CREATE INDEX "task_authored_on_lo" ON "task" ("authored_on_lo" DESC NULLS LAST);
CREATE INDEX "task_modified_lo" ON "task" ("modified_lo") WHERE "modified_lo" IS NOT NULL;
CREATE INDEX "task_period_lo" ON "task" ("period_lo") WHERE "period_lo" IS NOT NULL;
ALTER TABLE "task" ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON "task" TO eira_app USING ((SELECT eira_reach()) = '*' OR ((SELECT eira_reach()) <> '' AND (care_provider = (SELECT eira_reach()) OR (care_provider IS NULL AND patient IS NULL))));
GRANT SELECT, INSERT, UPDATE, DELETE ON "task" TO eira_app;

CREATE TABLE "terminologycapabilities" (
  home int4 NOT NULL,
  id text NOT NULL,
  version int4 NOT NULL,
  last_updated timestamptz NOT NULL,
  key int8 NOT NULL,
  patient text,
  other_patients text[],
  care_provider text,
  care_unit text,
  content text NOT NULL,
  tokens int8[] NOT NULL,
  strings tsvector,
  many jsonb,
  "context_quantity_lo" numeric,
  "context_quantity_hi" numeric,
  "date_lo" timestamptz,
  "date_hi" timestamptz,
  PRIMARY KEY (id, home)
);
CREATE INDEX "terminologycapabilities_tokens" ON "terminologycapabilities" USING gin (tokens) WITH (fastupdate = off);
CREATE INDEX "terminologycapabilities_key" ON "terminologycapabilities" (key);
CREATE INDEX "terminologycapabilities_last_updated" ON "terminologycapabilities" (last_updated, id);
CREATE INDEX "terminologycapabilities_strings" ON "terminologycapabilities" USING gin (strings) WITH (fastupdate = off);
CREATE INDEX "terminologycapabilities_date_lo" ON "terminologycapabilities" ("date_lo" DESC NULLS LAST);
ALTER TABLE "terminologycapabilities" ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON "terminologycapabilities" TO eira_app USING ((SELECT eira_reach()) = '*' OR ((SELECT eira_reach()) <> '' AND (care_provider = (SELECT eira_reach()) OR (care_provider IS NULL AND patient IS NULL))));
GRANT SELECT, INSERT, UPDATE, DELETE ON "terminologycapabilities" TO eira_app;

CREATE TABLE "testreport" (
  home int4 NOT NULL,
  id text NOT NULL,
  version int4 NOT NULL,
  last_updated timestamptz NOT NULL,
  key int8 NOT NULL,
  patient text,
  other_patients text[],
  care_provider text,
  care_unit text,
  content text NOT NULL,
  tokens int8[] NOT NULL,
  strings tsvector,
  many jsonb,
  "issued_lo" timestamptz,
  "issued_hi" timestamptz,
  PRIMARY KEY (id, home)
);
CREATE INDEX "testreport_tokens" ON "testreport" USING gin (tokens) WITH (fastupdate = off);
CREATE INDEX "testreport_key" ON "testreport" (key);
CREATE INDEX "testreport_last_updated" ON "testreport" (last_updated, id);
CREATE INDEX "testreport_strings" ON "testreport" USING gin (strings) WITH (fastupdate = off);
CREATE INDEX "testreport_issued_lo" ON "testreport" ("issued_lo" DESC NULLS LAST);
ALTER TABLE "testreport" ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON "testreport" TO eira_app USING ((SELECT eira_reach()) = '*' OR ((SELECT eira_reach()) <> '' AND (care_provider = (SELECT eira_reach()) OR (care_provider IS NULL AND patient IS NULL))));
GRANT SELECT, INSERT, UPDATE, DELETE ON "testreport" TO eira_app;

CREATE TABLE "testscript" (
  home int4 NOT NULL,
  id text NOT NULL,
  version int4 NOT NULL,
  last_updated timestamptz NOT NULL,
  key int8 NOT NULL,
  patient text,
  other_patients text[],
  care_provider text,
  care_unit text,
  content text NOT NULL,
  tokens int8[] NOT NULL,
  strings tsvector,
  many jsonb,
  "context_quantity_lo" numeric,
  "context_quantity_hi" numeric,
  "date_lo" timestamptz,
  "date_hi" timestamptz,
  PRIMARY KEY (id, home)
);
CREATE INDEX "testscript_tokens" ON "testscript" USING gin (tokens) WITH (fastupdate = off);
CREATE INDEX "testscript_key" ON "testscript" (key);
CREATE INDEX "testscript_last_updated" ON "testscript" (last_updated, id);
CREATE INDEX "testscript_strings" ON "testscript" USING gin (strings) WITH (fastupdate = off);
CREATE INDEX "testscript_date_lo" ON "testscript" ("date_lo" DESC NULLS LAST);
ALTER TABLE "testscript" ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON "testscript" TO eira_app USING ((SELECT eira_reach()) = '*' OR ((SELECT eira_reach()) <> '' AND (care_provider = (SELECT eira_reach()) OR (care_provider IS NULL AND patient IS NULL))));
GRANT SELECT, INSERT, UPDATE, DELETE ON "testscript" TO eira_app;

CREATE TABLE "valueset" (
  home int4 NOT NULL,
  id text NOT NULL,
  version int4 NOT NULL,
  last_updated timestamptz NOT NULL,
  key int8 NOT NULL,
  patient text,
  other_patients text[],
  care_provider text,
  care_unit text,
  content text NOT NULL,
  tokens int8[] NOT NULL,
  strings tsvector,
  many jsonb,
  "context_quantity_lo" numeric,
  "context_quantity_hi" numeric,
  "date_lo" timestamptz,
  "date_hi" timestamptz,
  PRIMARY KEY (id, home)
);
CREATE INDEX "valueset_tokens" ON "valueset" USING gin (tokens) WITH (fastupdate = off);
CREATE INDEX "valueset_key" ON "valueset" (key);
CREATE INDEX "valueset_last_updated" ON "valueset" (last_updated, id);
CREATE INDEX "valueset_strings" ON "valueset" USING gin (strings) WITH (fastupdate = off);
CREATE INDEX "valueset_date_lo" ON "valueset" ("date_lo" DESC NULLS LAST);
ALTER TABLE "valueset" ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON "valueset" TO eira_app USING ((SELECT eira_reach()) = '*' OR ((SELECT eira_reach()) <> '' AND (care_provider = (SELECT eira_reach()) OR (care_provider IS NULL AND patient IS NULL))));
GRANT SELECT, INSERT, UPDATE, DELETE ON "valueset" TO eira_app;

CREATE TABLE "verificationresult" (
  home int4 NOT NULL,
  id text NOT NULL,
  version int4 NOT NULL,
  last_updated timestamptz NOT NULL,
  key int8 NOT NULL,
  patient text,
  other_patients text[],
  care_provider text,
  care_unit text,
  content text NOT NULL,
  tokens int8[] NOT NULL,
  strings tsvector,
  many jsonb,
  PRIMARY KEY (id, home)
);
CREATE INDEX "verificationresult_tokens" ON "verificationresult" USING gin (tokens) WITH (fastupdate = off);
CREATE INDEX "verificationresult_key" ON "verificationresult" (key);
CREATE INDEX "verificationresult_last_updated" ON "verificationresult" (last_updated, id);
ALTER TABLE "verificationresult" ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON "verificationresult" TO eira_app USING ((SELECT eira_reach()) = '*' OR ((SELECT eira_reach()) <> '' AND (care_provider = (SELECT eira_reach()) OR (care_provider IS NULL AND patient IS NULL))));
GRANT SELECT, INSERT, UPDATE, DELETE ON "verificationresult" TO eira_app;

CREATE TABLE "visionprescription" (
  home int4 NOT NULL,
  id text NOT NULL,
  version int4 NOT NULL,
  last_updated timestamptz NOT NULL,
  key int8 NOT NULL,
  patient text,
  other_patients text[],
  care_provider text,
  care_unit text,
  content text NOT NULL,
  tokens int8[] NOT NULL,
  strings tsvector,
  many jsonb,
  "datewritten_lo" timestamptz,
  "datewritten_hi" timestamptz,
  PRIMARY KEY (id, home)
);
CREATE INDEX "visionprescription_tokens" ON "visionprescription" USING gin (tokens) WITH (fastupdate = off);
CREATE INDEX "visionprescription_key" ON "visionprescription" (key);
CREATE INDEX "visionprescription_last_updated" ON "visionprescription" (last_updated, id);
CREATE INDEX "visionprescription_patient" ON "visionprescription" (patient, "datewritten_lo" DESC NULLS LAST, id) WHERE patient IS NOT NULL;
CREATE INDEX "visionprescription_datewritten_lo" ON "visionprescription" ("datewritten_lo" DESC NULLS LAST);
ALTER TABLE "visionprescription" ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON "visionprescription" TO eira_app USING ((SELECT eira_reach()) = '*' OR ((SELECT eira_reach()) <> '' AND (care_provider = (SELECT eira_reach()) OR (care_provider IS NULL AND patient IS NULL))));
GRANT SELECT, INSERT, UPDATE, DELETE ON "visionprescription" TO eira_app;

DO $$
DECLARE one text;
BEGIN
  FOREACH one IN ARRAY ARRAY['account', 'activitydefinition', 'adverseevent', 'allergyintolerance', 'appointment', 'appointmentresponse', 'auditevent', 'basic', 'binary', 'biologicallyderivedproduct', 'bodystructure', 'bundle', 'capabilitystatement', 'careplan', 'careteam', 'catalogentry', 'chargeitem', 'chargeitemdefinition', 'claim', 'claimresponse', 'clinicalimpression', 'codesystem', 'communication', 'communicationrequest', 'compartmentdefinition', 'composition', 'conceptmap', 'condition', 'consent', 'contract', 'coverage', 'coverageeligibilityrequest', 'coverageeligibilityresponse', 'detectedissue', 'device', 'devicedefinition', 'devicemetric', 'devicerequest', 'deviceusestatement', 'diagnosticreport', 'documentmanifest', 'documentreference', 'effectevidencesynthesis', 'encounter', 'endpoint', 'enrollmentrequest', 'enrollmentresponse', 'episodeofcare', 'eventdefinition', 'evidence', 'evidencevariable', 'examplescenario', 'explanationofbenefit', 'familymemberhistory', 'flag', 'goal', 'graphdefinition', 'group', 'guidanceresponse', 'healthcareservice', 'imagingstudy', 'immunization', 'immunizationevaluation', 'immunizationrecommendation', 'implementationguide', 'insuranceplan', 'invoice', 'library', 'linkage', 'list', 'location', 'measure', 'measurereport', 'media', 'medication', 'medicationadministration', 'medicationdispense', 'medicationknowledge', 'medicationrequest', 'medicationstatement', 'medicinalproduct', 'medicinalproductauthorization', 'medicinalproductcontraindication', 'medicinalproductindication', 'medicinalproductingredient', 'medicinalproductinteraction', 'medicinalproductmanufactured', 'medicinalproductpackaged', 'medicinalproductpharmaceutical', 'medicinalproductundesirableeffect', 'messagedefinition', 'messageheader', 'molecularsequence', 'namingsystem', 'nutritionorder', 'observation', 'observationdefinition', 'operationdefinition', 'operationoutcome', 'organization', 'organizationaffiliation', 'parameters', 'patient', 'paymentnotice', 'paymentreconciliation', 'person', 'plandefinition', 'practitioner', 'practitionerrole', 'procedure', 'provenance', 'questionnaire', 'questionnaireresponse', 'relatedperson', 'requestgroup', 'researchdefinition', 'researchelementdefinition', 'researchstudy', 'researchsubject', 'riskassessment', 'riskevidencesynthesis', 'schedule', 'searchparameter', 'servicerequest', 'slot', 'specimen', 'specimendefinition', 'structuredefinition', 'structuremap', 'subscription', 'substance', 'substancenucleicacid', 'substancepolymer', 'substanceprotein', 'substancereferenceinformation', 'substancesourcematerial', 'substancespecification', 'supplydelivery', 'supplyrequest', 'task', 'terminologycapabilities', 'testreport', 'testscript', 'valueset', 'verificationresult', 'visionprescription', 'history'] LOOP
    BEGIN
      EXECUTE format('ALTER TABLE %I ALTER COLUMN content SET COMPRESSION lz4', one);
    EXCEPTION WHEN feature_not_supported THEN
      RETURN; -- this PostgreSQL was built without lz4 (the embedded one is): its own compression does
    END;
  END LOOP;
END $$;
