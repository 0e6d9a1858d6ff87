/** What one does with the list of drugs: ordain, renew several, and change or stop one, in the workspace beside it. SPEC WEB-ORDAIN-5 */
import type { ReactNode } from "react";
import { useOrdainDock } from "../../medication/dock.ts";
import { useMedicationTexts } from "../../medication/use-medication-texts.ts";
import { Button } from "../../ui/controls.ts";
import styles from "./medication.module.css";

export function OrdainButtons(): ReactNode {
  const texts = useMedicationTexts();
  const ordain = useOrdainDock();
  if (ordain === undefined) return null;
  return (
    <span className={`${styles["acts"]} no-print`}>
      <Button size="compact-sm" onClick={() => ordain()} aria-keyshortcuts="o">
        {texts.ordain}
      </Button>
      <Button
        size="compact-sm"
        variant="default"
        onClick={() => ordain({ kind: "renew" })}
        aria-keyshortcuts="f"
        data-renew-several
      >
        {texts.renewSeveral}
      </Button>
    </span>
  );
}

export function MedicationActs({ id, name }: { readonly id: string; readonly name: string }): ReactNode {
  const texts = useMedicationTexts();
  const ordain = useOrdainDock();
  if (ordain === undefined) return null;
  return (
    <span className={`${styles["acts"]} no-print`}>
      <Button
        size="compact-sm"
        variant="default"
        onClick={() => ordain({ kind: "change", id })}
        aria-label={texts.changeOf(name)}
      >
        {texts.change}
      </Button>
      <Button
        size="compact-sm"
        variant="default"
        onClick={() => ordain({ kind: "stop", id })}
        aria-label={texts.stopOf(name)}
      >
        {texts.stop}
      </Button>
    </span>
  );
}
