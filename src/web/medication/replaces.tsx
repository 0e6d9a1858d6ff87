/** What a line takes the place of and why, what was begun before, and whether it is for the ward or for home. SPEC WEB-ORDAIN-5, WEB-ORDAIN-6 */
import { useId, type ReactNode } from "react";
import orders from "../orders/orders.module.css";
import { Button, TextInput } from "../ui/controls.ts";
import styles from "./medication-pane.module.css";
import { EMPTY, type UsedLine } from "./use-line.ts";
import { useMedicationTexts } from "./use-medication-texts.ts";

type ReplacesProps = { readonly name: string | undefined; readonly used: UsedLine };

export function Replaces({ name, used }: ReplacesProps): ReactNode {
  const texts = useMedicationTexts();
  const { typed, write, begun, takeBegun } = used;
  return (
    <>
      {begun === undefined ? null : (
        <div className={orders["begun"]} data-begun>
          {texts.draftFound(begun.line)}
          <Button size="compact-sm" variant="default" onClick={takeBegun}>
            {texts.takeDraft}
          </Button>
        </div>
      )}
      {typed.replaces === null ? null : (
        <div className={orders["line"]} data-replaces>
          <p>
            <strong>{texts.changes(name ?? "…")}</strong>
          </p>
          <TextInput
            label={texts.changeWhy}
            autoComplete="off"
            maxLength={500}
            value={typed.why}
            data-why
            onChange={(event) => write({ ...typed, why: event.currentTarget.value })}
          />
          <div>
            <Button size="compact-sm" variant="default" onClick={() => write({ ...EMPTY, isInpatient: typed.isInpatient })}>
              {texts.cancel}
            </Button>
          </div>
        </div>
      )}
    </>
  );
} // prettier-ignore

export function Where({ used: { typed, write } }: { readonly used: UsedLine }): ReactNode {
  const texts = useMedicationTexts();
  const name = useId();
  return (
    <fieldset className={styles["where"]}>
      <legend className="visually-hidden">{texts.where}</legend>
      {([false, true] as const).map((isInpatient) => (
        <label key={String(isInpatient)}>
          <input
            type="radio"
            name={name}
            checked={typed.isInpatient === isInpatient}
            onChange={() => write({ ...typed, isInpatient })}
          />
          {isInpatient ? texts.onWard : texts.atHome}
        </label>
      ))}
    </fieldset>
  );
}
