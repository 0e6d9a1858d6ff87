/** Whose record it was, as a reviewer is told: nothing of somebody whose identity is protected. SPEC JRN-LOG-TASK-2 */
import type { ReactNode } from "react";
import { Chip } from "../ui/chip.tsx";
import type { ShownPatient } from "../wire/log-review.ts";
import { useReviewTexts } from "./use-review-texts.ts";

export function PatientName({ patient }: { readonly patient: ShownPatient }): ReactNode {
  const { patient: texts } = useReviewTexts();
  if (patient.isProtected)
    return (
      <Chip tone="alarm" title={texts.protectedMeans}>
        {texts.protected}
      </Chip>
    );
  if (patient.name === null && patient.number === null) return <span className="dim">{texts.gone}</span>;
  return (
    <>
      {patient.name} <span className="dim nowrap">{patient.number}</span>
    </>
  );
}
