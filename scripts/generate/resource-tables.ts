/**
 * Writes src/store/migrations/0002-resource-tables.sql: one table for each resource type, its indexes, and row-level
 * security. Run it only to make a new migration file; one that has been released is never changed.
 */
import { writeFileSync } from "node:fs";
import { RESOURCE_TYPES } from "../../src/fhir/index.ts";
import { resourceTableSql, tableOf } from "../../src/search/index.ts";

const OUT = new URL("../../src/store/migrations/0002-resource-tables.sql", import.meta.url);

const HEAD = `-- One table for each FHIR R4 resource type with its current version, made by scripts/generate/resource-tables.ts.
-- Row-level security says in the database what the access predicate says in each statement.
`;

/** Who a person is (Patient) is open to every care provider; what belongs to no patient and no owner is directory data. */
function reachOf(type: string): string {
  const reach = "(SELECT eira_reach())";
  if (type === "Patient") return `${reach} <> ''`;
  return `${reach} = '*' OR (${reach} <> '' AND (care_provider = ${reach} OR (care_provider IS NULL AND patient IS NULL)))`;
}

const TAIL = `
DO $$
DECLARE one text;
BEGIN
  FOREACH one IN ARRAY ARRAY[${[...RESOURCE_TYPES, "History"].map((type) => `'${type.toLowerCase()}'`).join(", ")}] LOOP
    BEGIN
      EXECUTE format('ALTER TABLE %I ALTER COLUMN content SET COMPRESSION lz4', one);
    EXCEPTION WHEN feature_not_supported THEN
      RETURN; -- this PostgreSQL was built without lz4 (the embedded one is): its own compression does
    END;
  END LOOP;
END $$;
`;

function statementsOf(type: string): string {
  const table = tableOf(type);
  return `${resourceTableSql(type)}ALTER TABLE ${table} ENABLE ROW LEVEL SECURITY;
CREATE POLICY reach ON ${table} TO eira_app USING (${reachOf(type)});
GRANT SELECT, INSERT, UPDATE, DELETE ON ${table} TO eira_app;
`;
}

writeFileSync(OUT, `${HEAD}\n${RESOURCE_TYPES.map(statementsOf).join("\n")}${TAIL}`);
