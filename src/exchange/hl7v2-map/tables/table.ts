/**
 * A mapping table between HL7 v2 and FHIR: rows with a direction, an owner and a source. Rows that go both ways are a bijection;
 * a row that goes one way says so, because what it loses cannot be got back. SPEC EXCH-MAP-TABLE · failure mode F22
 */

/** `both` goes there and back; `in` is only read from HL7 v2, `out` only written to it. */
export type Way = "both" | "in" | "out";
export type Row = readonly [hl7: string, fhir: string, way?: Way];

export type Table = {
  readonly name: string;
  /** Who answers for the rows. */
  readonly owner: string;
  /** Where the rows come from. */
  readonly source: string;
  readonly rows: readonly Row[];
  /** The FHIR code for an HL7 code; undefined when the table has none, which is never guessed. */
  readonly toFhir: (hl7: string) => string | undefined;
  readonly toHl7: (fhir: string) => string | undefined;
};

/** Makes a table. @throws RangeError when a code has two meanings in one direction. */
export function table(
  name: string,
  about: { readonly owner: string; readonly source: string },
  rows: readonly Row[],
): Table {
  const inward = new Map<string, string>();
  const outward = new Map<string, string>();
  for (const [hl7, fhir, way = "both"] of rows) {
    if (way !== "out") setOnce(inward, hl7, fhir);
    if (way !== "in") setOnce(outward, fhir, hl7);
  }
  return { name, ...about, rows, toFhir: (hl7) => inward.get(hl7), toHl7: (fhir) => outward.get(fhir) };
}

function setOnce(map: Map<string, string>, from: string, to: string): void {
  if (map.has(from)) throw new RangeError(`${from} has two meanings`);
  map.set(from, to);
}
