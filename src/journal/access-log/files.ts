/**
 * What is made of the log, as files that a Swedish spreadsheet opens: the patient's extract, and the statistics of reviews.
 *
 * SPEC JRN-LOG-FILE
 */
import { csvOf, isoLocal, type Cell } from "../../base/index.ts";
import type { ReviewCount } from "../../store/index.ts";
import type { ExtractLine } from "./extract.ts";

const PROTECTED = "Personal med skyddade personuppgifter";

/** An extract as the patient gets it. */
export function extractCsv(lines: readonly ExtractLine[]): string {
  return csvOf(HEADING, lines.map(cellsOf));
}

/** How many accesses were reviewed, by month, unit and rule. */
export function statisticsCsv(counts: readonly ReviewCount[]): string {
  return csvOf(
    STATISTICS,
    counts.map(({ month, careUnit, rule, sampled, justified, unjustified, unclear }) => {
      const open = sampled - justified - unjustified - unclear;
      return [month, careUnit, rule, sampled, justified, unjustified, unclear, open];
    }),
  );
}

const STATISTICS = ["Månad", "Vårdenhet", "Regel", "Utvalda", "Befogade", "Obefogade", "Oklara", "Ej granskade"];

const HEADING = [
  "Tid",
  "Namn",
  "HSA-id",
  "Befattning",
  "Vårdenhet",
  "Vårdenhetens HSA-id",
  "Vårdgivare",
  "Vårdgivarens HSA-id",
  "Aktivitet",
  "Nekad",
  "Nödöppning",
  "Ändamål",
  "Grund",
  "Slag av uppgifter",
  "Antal uppgifter",
];

function cellsOf(line: ExtractLine): Cell[] {
  const time = isoLocal(Date.parse(line.time)).slice(0, 19).replace("T", " ");
  return [
    time,
    line.protectedIdentity ? PROTECTED : line.name,
    line.userId,
    line.title,
    line.unit,
    line.unitId,
    line.provider,
    line.providerId,
    line.activity,
    line.refused,
    line.emergency,
    line.purpose,
    line.ground,
    line.types.join(", "),
    line.count,
  ];
}
