/** A short mark beside a value or a row. The colour only supports; the words carry the meaning (WCAG 1.4.1). */
import type { ReactNode } from "react";
import styles from "./chip.module.css";

export type Tone = "plain" | "alarm" | "warn" | "calm" | "note";

export function Chip({
  tone = "plain",
  children,
  title,
}: {
  readonly tone?: Tone;
  readonly children: ReactNode;
  readonly title?: string | undefined;
}): ReactNode {
  return (
    <span className={styles["chip"]} data-tone={tone} title={title}>
      {children}
    </span>
  );
}
