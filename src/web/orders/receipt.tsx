/** What was signed, and how each order stands now, live: nothing is said to be received before it is. SPEC WEB-ORDER-7 · F3 */
import { Link } from "@tanstack/react-router";
import { useEffect, useRef, type ReactNode } from "react";
import { Button } from "../ui/controls.ts";
import { OrderState } from "./order-state.tsx";
import styles from "./orders.module.css";
import type { Signed } from "./use-basket.ts";
import { useOrderLoops } from "./use-order-loops.ts";
import { useOrderTexts } from "./use-order-texts.ts";

type ReceiptProps = {
  readonly patientId: string;
  readonly signed: Signed;
  readonly again: () => void;
  readonly close: () => void;
};

export function Receipt({ patientId, signed: { ids, titles }, again, close }: ReceiptProps): ReactNode {
  const texts = useOrderTexts();
  const loops = useOrderLoops(patientId);
  const said = useRef<HTMLParagraphElement>(null);
  useEffect(() => said.current?.focus(), []);
  return (
    <div className={styles["body"]} data-receipt>
      <p role="status" tabIndex={-1} ref={said} className={styles["done"]}>
        {texts.receipt(ids.length)}
      </p>
      <ul className={styles["lines"]}>
        {ids.map((id, at) => (
          <li key={id} className={styles["line"]}>
            <strong>{titles[at]}</strong>
            <OrderState id={id} loops={loops} />
            <Link to="/patienter/$patientId/bestallning/$orderId" params={{ patientId, orderId: id }}>
              {texts.show}
            </Link>
          </li>
        ))}
      </ul>
      <p className="dim">{texts.receiptMeans}</p>
      <div className={styles["buttons"]}>
        <Button onClick={again}>{texts.orderMore}</Button>
        <Button variant="default" onClick={close}>
          {texts.close}
        </Button>
      </div>
    </div>
  );
}
