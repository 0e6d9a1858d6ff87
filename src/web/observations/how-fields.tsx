/** When and how it was measured: only what somebody says. SPEC WEB-OBS-1 */
import type { ReactNode } from "react";
import { NativeSelect, TextInput } from "../ui/controls.ts";
import type { MeasureDesk } from "../wire/observations.ts";
import styles from "./observations.module.css";
import type { Round } from "./use-round.ts";
import { useObservationTexts } from "./use-observation-texts.ts";

type HowFieldsProps = { readonly desk: MeasureDesk; readonly round: Round; readonly change: (more: (was: Round) => Partial<Round>) => void }; // prettier-ignore

export const TIME = /^(?:[01]\d|2[0-3]):[0-5]\d$/;

export function HowFields({ desk: { how: known }, round: { time, how }, change }: HowFieldsProps): ReactNode {
  const texts = useObservationTexts();
  const choice = (label: string, name: keyof Round["how"], words: Readonly<Record<string, string>>): ReactNode => (
    <NativeSelect
      size="xs"
      label={label}
      value={how[name] ?? ""}
      onChange={(event) => {
        const { value } = event.currentTarget;
        change((was) => ({ how: { ...was.how, [name]: value || null } }));
      }}
      data={[{ value: "", label: texts.notSaid }, ...Object.entries(words).map(([value, label_]) => ({ value, label: label_ }))]} // prettier-ignore
    />
  );
  return (
    <details className={styles["how"]}>
      <summary>{texts.more}</summary>
      <div className={styles["pair"]}>
        <TextInput
          size="xs"
          label={texts.time}
          placeholder={texts.timeHint}
          autoComplete="off"
          maxLength={5}
          value={time}
          error={time !== "" && !TIME.test(time) ? texts.timeWrong : undefined}
          onChange={(event) => {
            const typed = event.currentTarget.value.replace(/^(\d\d)[.,]?(\d\d)$/, "$1:$2");
            change(() => ({ time: typed }));
          }}
          data-time
        />
        {choice(texts.position, "position", known.positions)}
        {choice(texts.thermometer, "thermometer", known.thermometers)}
        {choice(texts.device, "device", known.devices)}
      </div>
    </details>
  );
}
