/**
 * The medication line: substance in bold, then the other attributes with em dashes between. It may break only between
 * attributes and nothing is ever cut.
 *
 * SPEC WEB-MED-2 · NHS CUI Medication Line
 */
import { Fragment, type ReactNode } from "react";
import { useTexts } from "../../language/language.tsx";
import type { MedicationLine } from "../../say/medication.ts";
import styles from "./medication.module.css";

type Attribute = { readonly kind: "substance" | "product" | "dose" | "reason" | "missing"; readonly text: string };

export function MedicationText({
  line,
  isBrief = false,
}: {
  readonly line: MedicationLine;
  readonly isBrief?: boolean;
}): ReactNode {
  const { medication } = useTexts();
  const dosages = line.dosages.length > 0 ? line.dosages : [medication.doseMissing];
  const all: readonly Attribute[] = [
    { kind: "substance", text: line.substance ?? medication.unnamed },
    ...[line.brand, line.strength, line.form]
      .filter((text) => text !== undefined)
      .map((text): Attribute => ({ kind: "product", text })),
    ...dosages.flatMap((dosage, index) =>
      dosage.split(" – ").map((text, part): Attribute => ({
        kind: "dose",
        text: index > 0 && part === 0 ? `${medication.then} ${text}` : text,
      })),
    ),
    ...(isBrief
      ? []
      : [
          line.indication
            ? ({ kind: "reason", text: `${medication.indication} ${line.indication}` } as const)
            : ({ kind: "missing", text: medication.indicationMissing } as const),
        ]),
  ];
  return (
    <span className={styles["line"]}>
      {all.map(({ text, kind }, index) => (
        <Fragment key={index}>
          <span className={styles["attribute"]} data-kind={kind}>
            {text}
            {index < all.length - 1 ? <span className={styles["dash"]}>{"\u00a0—"}</span> : null}
          </span>{" "}
        </Fragment>
      ))}
    </span>
  );
}
