/** What was saved, and who answers for it now. SPEC WEB-OBS-4 */
import { Link } from "@tanstack/react-router";
import { useEffect, useRef, type ReactNode } from "react";
import { sayMoment } from "../say/dates.ts";
import { Button } from "../ui/controls.ts";
import styles from "./observations.module.css";
import type { UsedRound } from "./use-round.ts";
import { useObservationTexts } from "./use-observation-texts.ts";

type ReceiptProps = {
  readonly written: NonNullable<UsedRound["written"]>;
  readonly isCorrection: boolean;
  readonly again: () => void;
  readonly close: () => void;
};

export function Receipt({ written, isCorrection, again, close }: ReceiptProps): ReactNode {
  const texts = useObservationTexts();
  const first = useRef<HTMLButtonElement>(null);
  useEffect(() => first.current?.focus(), []);
  const { task, due, said } = written;
  return (
    <div className={styles["body"]} data-receipt>
      <p role="status" className={styles["done"]}>
        {said}
      </p>
      {task === null ? null : (
        <p className={styles["inbox"]} data-in-inbox>
          {texts.inInbox(due === null ? null : sayMoment(due))} <Link to="/inkorg">{texts.toInbox}</Link>
        </p>
      )}
      <div className={styles["buttons"]}>
        <Button ref={first} onClick={close}>
          {texts.close}
        </Button>
        {isCorrection ? null : (
          <Button variant="default" onClick={again}>
            {texts.again}
          </Button>
        )}
      </div>
    </div>
  );
}
