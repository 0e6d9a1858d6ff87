/**
 * One human under several records, as SQL: what opens or blocks one of them does so for the others while Patient.link joins them.
 * Row-level security has the same words (migration 0031).
 *
 * SPEC ACC-SAME · https://hl7.org/fhir/R4/patient.html#links
 */

/** `ANY (…)` of the patients of a row, and of the other records of the same people. */
export function anyOfPerson(alias: string, isVersion: boolean): string {
  const own = isVersion ? `ARRAY[${alias}.patient]` : `array_append(${alias}.other_patients, ${alias}.patient)`;
  return `ANY (${own} || ${othersOf(own)})`;
}

/** The other records of the people of a list. */
export function othersOf(list: string): string {
  return `ARRAY(SELECT same.other FROM same_person AS same WHERE same.patient = ANY (${list}))`;
}
