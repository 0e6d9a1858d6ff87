/**
 * A region in which everybody is in the care of a few units, for tests that are about something else: each patient's records are open at
 * these units, all of the care provider's at once. Openings come with the patient, by a trigger in the test's own database.
 */
import { migratedTemplate } from "../../store/testing/index.ts";
import type { JournalOfTest } from "./index.ts";

type Unit = { readonly careProvider: string; readonly careUnit: string };

/** Made with the database: a change of the schema would cost every test a clone of its own. */
const TRIGGER = `CREATE TABLE relation_of_test (unit text PRIMARY KEY, provider text NOT NULL);
  CREATE FUNCTION relate_of_test() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN
    INSERT INTO opening (patient, care_unit, source_provider, rule)
    SELECT p.id, r.unit, r.provider, 'ACC-NEED-CONTACT' FROM added AS p CROSS JOIN relation_of_test AS r
    WHERE NOT EXISTS (SELECT 1 FROM opening AS o WHERE o.patient = p.id AND o.care_unit = r.unit AND o.employee IS NULL);
    RETURN NULL;
  END $$;
  CREATE TRIGGER relate_of_test AFTER INSERT ON patient REFERENCING NEW TABLE AS added FOR EACH STATEMENT
    EXECUTE FUNCTION relate_of_test()`;

/** The template of databases in which everybody can be related; until then nobody is. */
export function relatedTemplate(): Promise<string> {
  return migratedTemplate(undefined, { name: "related", sql: TRIGGER });
}

/** Lets the people of the units read every patient's records at their care provider; before the first patient comes. */
export async function relateEverybody(sql: JournalOfTest["sql"], units: readonly Unit[]): Promise<void> {
  const values = units.map(({ careProvider, careUnit }) => `('${careUnit}', '${careProvider}')`).join(", ");
  await sql(`INSERT INTO relation_of_test VALUES ${values}`);
}
