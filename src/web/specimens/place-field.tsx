/** Where somebody stands, and which printer that is: chosen from the unit's places, or scanned from the place's sign. SPEC WEB-SPECIMEN-2 · F39 */
import type { ReactNode } from "react";
import { NativeSelect } from "../ui/controls.ts";
import styles from "./specimens.module.css";
import { useSpecimenTexts, type Place } from "./use-specimens.ts";

export function PlaceField({ place }: { readonly place: Place }): ReactNode {
  const texts = useSpecimenTexts();
  const { places, chosen, choose } = place;
  if (places.length === 0)
    return (
      <p role="note" className={`${styles["note"]} no-print`}>
        {texts.noPlaces}
      </p>
    );
  return (
    <div className={`${styles["fields"]} no-print`}>
      <NativeSelect
        label={texts.where}
        description={texts.whereMeans}
        value={chosen?.code ?? ""}
        onChange={(event) => choose(event.currentTarget.value)}
        data={[
          ...(chosen === undefined ? [{ value: "", label: texts.noWhere }] : []),
          ...places.map(({ code, title }) => ({ value: code, label: title })),
        ]}
      />
      <p className={styles["printer"]} data-printer={chosen?.printer ?? ""}>
        {chosen === undefined
          ? texts.chooseWhere
          : chosen.printer === null
            ? texts.noPrinter
            : texts.printerOf(chosen.printer)}
      </p>
    </div>
  );
}
