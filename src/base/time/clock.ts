/**
 * Time as an argument: code that needs the time takes a `Clock`, so that a test or a simulation can set it.
 * SPEC BASE-CLOCK · FHIR instant: https://hl7.org/fhir/R4/datatypes.html#instant
 */

/** Gives the present moment. The real one is made in `main`; everything below is handed it. */
export type Clock = () => Date;

/** A moment (UTC ms) as `YYYY-MM-DDThh:mm:ss.sssZ`. @throws RangeError outside years 0001 to 9999, which FHIR cannot write. */
export function isoUtc(ms: number): string {
  const text = new Date(ms).toISOString();
  if (text.length !== 24 || text.startsWith("0000")) throw new RangeError("a year outside 0001 to 9999");
  return text;
}
