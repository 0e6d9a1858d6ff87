/** The glances at problems and drugs: what is in force now. SPEC WEB-OVER-1 */
import type { ReactNode } from "react";
import { useTexts } from "../../language/language.tsx";
import { sayConcept } from "../../say/concepts.ts";
import { isNoMedication, medicationGroup, medicationLine } from "../../say/medication.ts";
import { codeOfProblem, isNoProblem, isOver, problemTime } from "../../say/problems.ts";
import { Chip } from "../../ui/chip.tsx";
import { MedicationText } from "../medication/medication-row.tsx";
import { ofType } from "../use-section.ts";
import { Glance, Unit, type GlanceInput } from "./glance.tsx";
import styles from "./overview.module.css";

export function GlanceProblems({ patientId, beside, slice }: GlanceInput): ReactNode {
  const { problem } = useTexts();
  const all = ofType(slice?.items ?? [], "Condition");
  return (
    <Glance
      title={problem.ongoing}
      to="/patienter/$patientId/diagnoser"
      patientId={patientId}
      slice={slice}
      rows={all.filter((one) => !isOver(one) && !isNoProblem(one))}
      most={6}
      unknown={problem.notRecorded}
      nothing={all.some(isNoProblem) ? problem.noneKnown : problem.noOngoing}
      rowKey={(one) => one.id ?? ""}
      row={(one) => (
        <>
          <span className={styles["main"]}>
            <strong>{sayConcept(one.code) ?? problem.unnamed}</strong> <span className="dim">{codeOfProblem(one)}</span>
          </span>
          <span className={styles["side"]}>{problemTime(one).text ?? problem.timeMissing}</span>
          <Unit resource={one} beside={beside} />
        </>
      )}
    />
  );
}

export function GlanceMedications({ patientId, beside, slice }: GlanceInput): ReactNode {
  const { medication } = useTexts();
  const all = ofType(slice?.items ?? [], "MedicationRequest", "MedicationStatement");
  const current = all
    .filter((one) => !isNoMedication(one) && medicationGroup(one) !== "stopped")
    .map((prescribed) => ({ prescribed, line: medicationLine(prescribed, beside) }))
    .toSorted((a, b) => (a.line.substance ?? "").localeCompare(b.line.substance ?? "", "sv"));
  const statuses: Readonly<Record<string, string>> = medication.statuses;
  return (
    <Glance
      title={medication.current}
      to="/patienter/$patientId/lakemedel"
      patientId={patientId}
      slice={slice}
      rows={current}
      most={9}
      unknown={medication.notRecorded}
      nothing={all.some(isNoMedication) ? medication.noneKnown : medication.noActive(slice?.more ?? false)}
      rowKey={({ prescribed }) => `${prescribed.resourceType}/${prescribed.id}`}
      row={({ prescribed, line }) => (
        <>
          <span className={styles["main"]}>
            <MedicationText line={line} isBrief />{" "}
            {prescribed.status === "active" ? null : (
              <Chip tone="warn">{statuses[prescribed.status] ?? prescribed.status}</Chip>
            )}{" "}
            <Unit resource={prescribed} beside={beside} />
          </span>
        </>
      )}
    />
  );
}
