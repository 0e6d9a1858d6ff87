/**
 * A region in which everybody is in the care of a few units, for tests that are about something else: each patient's records are open at
 * these units, all of the care provider's at once. Openings come with the patient, by a trigger in the test's own database.
 */
import type { JournalOfTest } from "./index.ts";

type Unit = { readonly careProvider: string; readonly careUnit: string };

/** Lets the people of the units read every patient's records at their care provider, of patients that are there and that will come. */
export async function relateEverybody(sql: JournalOfTest["sql"], units: readonly Unit[]): Promise<void> {
  const values = units.map(({ careProvider, careUnit }) => `('${careUnit}', '${careProvider}')`).join(", ");
  await sql(`CREATE TABLE IF NOT EXISTS relation_of_test (unit text PRIMARY KEY, provider text NOT NULL);
    INSERT INTO relation_of_test VALUES ${values} ON CONFLICT DO NOTHING;
    CREATE OR REPLACE FUNCTION relate_of_test() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN
      INSERT INTO opening (patient, care_unit, source_provider, rule)
      SELECT p.id, r.unit, r.provider, 'ACC-NEED-CONTACT' FROM added AS p CROSS JOIN relation_of_test AS r
      WHERE NOT EXISTS (SELECT 1 FROM opening AS o WHERE o.patient = p.id AND o.care_unit = r.unit AND o.employee IS NULL);
      RETURN NULL;
    END $$;
    CREATE OR REPLACE TRIGGER relate_of_test AFTER INSERT ON patient REFERENCING NEW TABLE AS added FOR EACH STATEMENT
      EXECUTE FUNCTION relate_of_test();
    INSERT INTO opening (patient, care_unit, source_provider, rule)
    SELECT p.id, r.unit, r.provider, 'ACC-NEED-CONTACT' FROM patient AS p CROSS JOIN relation_of_test AS r
    WHERE NOT EXISTS (SELECT 1 FROM opening AS o WHERE o.patient = p.id AND o.care_unit = r.unit AND o.employee IS NULL)`);
}
