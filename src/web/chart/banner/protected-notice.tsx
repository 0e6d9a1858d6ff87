/**
 * Protected identity in the banner: said in words, with what is not shown and why nobody should be sent for it. Paper names
 * nobody: it carries the record's own number, by which staff find the patient again.
 *
 * SPEC WEB-BANNER-3, WEB-PRINT-4 · ACC-PROTECTED
 */
import type { ReactNode } from "react";
import { useTexts } from "../../language/language.tsx";
import { Icon } from "../../ui/icon.tsx";
import styles from "./banner.module.css";

export function ProtectedNotice(): ReactNode {
  const { patient } = useTexts();
  return (
    <>
      <strong className={styles["protected"]}>
        <Icon name="shield" /> {patient.protected}
      </strong>
      <span className={`${styles["advice"]} no-print`}>{patient.protectedAdvice}</span>
    </>
  );
}

/** What stands on paper in place of the first zone. */
export function PaperOnly({ id }: { readonly id: string }): ReactNode {
  const { patient } = useTexts();
  return <p className="print-only">{patient.protectedPaper(id)}</p>;
}
