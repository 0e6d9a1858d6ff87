/** By which scale oxygen saturation is judged: the second one only by ordination, with why, and ended the same way. SPEC WEB-OBS-5 */
import { useQueryClient } from "@tanstack/react-query";
import { useRef, useState, type FormEvent, type ReactNode } from "react";
import { Button, TextInput } from "../ui/controls.ts";
import { failureOf } from "../wire/call.ts";
import { measureDeskQuery, ordainScale, type Whom } from "../wire/observations.ts";
import styles from "./observations.module.css";
import { useObservationTexts } from "./use-observation-texts.ts";

type ScaleFormProps = { readonly patientId: string; readonly shown: string | null; readonly whom: Whom };

export function ScaleForm({ patientId, shown, whom: { target } }: ScaleFormProps): ReactNode {
  const texts = useObservationTexts();
  const queries = useQueryClient();
  const [isOpen, setOpen] = useState(false);
  const [why, setWhy] = useState("");
  const [said, setSaid] = useState("");
  const key = useRef(crypto.randomUUID());
  const take = async (): Promise<void> => {
    const ends = target === null ? null : { id: target.id, version: target.version };
    try {
      await ordainScale(patientId, { key: key.current, shown, why, ends });
      key.current = crypto.randomUUID();
      setOpen(false);
      setWhy("");
      await queries.invalidateQueries({ queryKey: measureDeskQuery(patientId).queryKey });
    } catch (error) {
      setSaid(failureOf(error).said ?? texts.unknown);
    }
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setSaid(why.trim() === "" ? texts.whyNeeded : "");
    if (why.trim() !== "") void take();
  };
  const label = target === null ? texts.ordain : texts.end;
  return (
    <div className={styles["scale"]}>
      {target === null ? null : <p role="note">{texts.scaleSet(target.by ?? texts.unknownWho, target.since ?? "")}</p>}
      {isOpen ? (
        <form onSubmit={submit} aria-label={label}>
          {target === null ? <p>{texts.ordainMeans}</p> : null}
          <TextInput
            size="xs"
            label={texts.reason}
            value={why}
            maxLength={500}
            autoComplete="off"
            onChange={(event) => setWhy(event.currentTarget.value)}
          />
          <p role="alert">{said}</p>
          <div className={styles["buttons"]}>
            <Button type="submit" size="compact-sm" data-ordain-scale>
              {label}
            </Button>
            <Button size="compact-sm" variant="subtle" onClick={() => setOpen(false)}>
              {texts.cancel}
            </Button>
          </div>
        </form>
      ) : (
        <Button size="compact-xs" variant="subtle" onClick={() => setOpen(true)} data-open-scale>
          {label}
        </Button>
      )}
    </div>
  );
}
