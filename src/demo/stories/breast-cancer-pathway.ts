/** What the parts of the breast cancer story share. SPEC DEMO-BREAST */
import type { Condition } from "fhir/r4";
import type { Chart } from "../chart/chart.ts";
import type { Referral } from "../chart/referral.ts";
import type { Assignment } from "../directory/directory.ts";

/** What surgery and treatment need from the assessment. */
export interface Pathway {
  readonly chart: Chart;
  readonly side: "vänster";
  readonly condition: Condition;
  readonly referral: Referral;
}

/** One and the same surgeon follows the woman through. */
export function breastSurgeon(chart: Chart): Assignment {
  const people = chart.directory.staff.flatMap((one) => one.assignments);
  return (
    people.find((one) => one.unit === "kir" && one.title.includes("bröstkirurgi")) ??
    chart.directory.at("kir", "läkare", chart.dice)
  );
}
