/** A score or its points: number, colour and pattern say the same, one, two or three bars. SPEC WEB-OBS-2, WEB-OBS-7 */
import type { ReactNode } from "react";
import styles from "./score-mark.module.css";
import type { ScoreTone } from "./tone.ts";

type ScoreMarkProps = {
  readonly tone: ScoreTone | undefined;
  readonly isLarge?: boolean;
  readonly children: ReactNode;
};

export function ScoreMark({ tone, isLarge, children }: ScoreMarkProps): ReactNode {
  return (
    <span className={styles["mark"]} data-tone={tone} data-large={isLarge}>
      {children}
    </span>
  );
}
