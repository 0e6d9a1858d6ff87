/** What came of it, signing, and whether what is typed is kept. SPEC WEB-ORDAIN-4, WEB-ORDAIN-6 */
import type { ReactNode } from "react";
import orders from "../orders/orders.module.css";
import { sayMoment } from "../say/dates.ts";
import { Button } from "../ui/controls.ts";
import { failureOf } from "../wire/call.ts";
import styles from "./medication-pane.module.css";
import { useMedicationTexts } from "./use-medication-texts.ts";
import type { Ordaining } from "./use-ordaining.ts";
import type { UsedLine } from "./use-line.ts";

export function PaneFoot({ used: { used, once, renewing, act } }: { readonly used: Ordaining }): ReactNode {
  const texts = useMedicationTexts();
  const isRenewing = renewing.length > 0;
  return (
    <div className={`${orders["foot"]} ${styles["foot"]}`}>
      <p role="alert" className={orders["failure"]}>
        {once.failure}
      </p>
      <p role="status" className={orders["done"]} data-said>
        {once.said}
      </p>
      <div className={orders["buttons"]}>
        <Button
          onClick={act}
          loading={once.isBusy}
          disabled={!isRenewing && used.typed.line.trim() === ""}
          aria-keyshortcuts="Control+Enter"
          data-sign
        >
          {isRenewing ? texts.renew(renewing.length) : texts.sign}
        </Button>
        <span className="dim">{texts.signKey}</span>
      </div>
      <Kept saving={used.saving} />
    </div>
  );
}

const CHANGED: ReadonlySet<number | undefined> = new Set([404, 409, 410, 412]);

function Kept({ saving }: { readonly saving: UsedLine["saving"] }): ReactNode {
  const texts = useMedicationTexts();
  if (saving.state === "waiting") return <p className="dim">{texts.draftWaits}</p>;
  if (saving.state === "saved") return <p className="dim" data-saved>{saving.at === null ? "" : texts.draftSaved(sayMoment(saving.at))}</p>; // prettier-ignore
  const isElsewhere = CHANGED.has(failureOf(saving.error).status);
  return <p role="alert">{isElsewhere ? texts.draftElsewhere : texts.draftFailed}</p>;
}
