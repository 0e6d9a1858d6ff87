/** A measured value in a cell: the digits, an arrow for the side it deviates to, and its standing. SPEC WEB-VALUE */
import type { ReactNode } from "react";
import { useTexts } from "../../language/language.tsx";
import { ScoreMark } from "../../observations/score-mark.tsx";
import { sayParts, type Measured } from "../../say/analyses.ts";
import { gravestOf, isCritical, type Deviation } from "../../say/values.ts";
import styles from "./value-text.module.css";

const ARROWS: Readonly<Record<Deviation, string>> = {
  "critical-high": "▲▲",
  high: "▲",
  "critical-low": "▼▼",
  low: "▼",
  abnormal: "●",
  normal: "",
};

export function ValueText({
  measured,
  unit,
}: {
  readonly measured: Measured;
  readonly unit?: string | undefined;
}): ReactNode {
  const { value } = useTexts();
  const deviation = gravest(measured);
  const isGone = measured.standing === "cancelled" || measured.standing === "mistaken";
  return (
    <span className={styles["value"]} data-deviation={deviation} data-gone={isGone}>
      {deviation && deviation !== "normal" ? (
        <>
          <span className={styles["arrow"]} data-critical={isCritical(deviation)} aria-hidden="true">
            {ARROWS[deviation]}
          </span>
          <span className="visually-hidden">{value.deviations[deviation]} </span>
        </>
      ) : null}
      {measured.was.map((was, at) => (
        <del key={at} className={styles["was"]}>
          {was}
        </del>
      ))}
      {measured.tone === undefined || isGone ? (
        <span className={styles["digits"]}>
          {sayParts(measured.parts) ?? value.missing}
          {unit ? `\u00a0${unit}` : ""}
        </span>
      ) : (
        <ScoreMark tone={measured.tone}>{sayParts(measured.parts) ?? value.missing}</ScoreMark>
      )}
      {measured.standing === "final" ? null : (
        <abbr className={styles["standing"]} title={value.standings[measured.standing]}>
          {value.marks[measured.standing]}
        </abbr>
      )}
    </span>
  );
}

/** The gravest deviation among the parts of one measurement. */
export function gravest(measured: Measured): Deviation | undefined {
  return gravestOf(measured.parts.map((part) => part.value.deviation));
}
