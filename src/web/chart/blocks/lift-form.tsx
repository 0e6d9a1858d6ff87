/** Opens what is blocked, for the one who asks and for some hours, with the reason said in words. SPEC WEB-BLOCK-2 */
import { useState, type FormEvent, type ReactNode } from "react";
import { useTexts } from "../../language/language.tsx";
import { Button, SegmentedControl, TextInput } from "../../ui/controls.ts";
import type { LiftReason } from "../../wire/blocks.ts";
import styles from "./blocks.module.css";
import type { Changing } from "./use-blocks.ts";

/** What is proposed: the time of a visit, or of a night on call. */
const HOURS: Readonly<Record<LiftReason, string>> = { PatientsConsent: "24", Emergency: "12" };

export function LiftForm({ changing }: { readonly changing: Changing }): ReactNode {
  const { blocks } = useTexts();
  const [reason, setReason] = useState<LiftReason>("PatientsConsent");
  const [hours, setHours] = useState(HOURS.PatientsConsent);
  const [note, setNote] = useState("");
  const [isMissing, setMissing] = useState(false);
  const lift = (event: FormEvent): void => {
    event.preventDefault();
    setMissing(note.trim() === "");
    if (note.trim() !== "")
      void changing.change({ what: "lift", reason, hours: Number(hours.replace(",", ".")), note });
  };
  return (
    <form className={styles["form"]} onSubmit={lift} aria-label={blocks.lift}>
      <h3>{blocks.lift}</h3>
      <p className="dim">{blocks.liftMeans}</p>
      <SegmentedControl
        aria-label={blocks.reason}
        value={reason}
        onChange={(value) => {
          setReason(value);
          setHours(HOURS[value]);
        }}
        data={(["PatientsConsent", "Emergency"] as const).map((value) => ({ value, label: blocks.reasons[value] }))}
      />
      <div className={styles["fields"]}>
        <TextInput
          className={styles["hours"]}
          label={blocks.hours}
          inputMode="numeric"
          autoComplete="off"
          value={hours}
          onChange={(event) => setHours(event.currentTarget.value)}
        />
        <TextInput
          className={styles["note"]}
          label={blocks.note}
          autoComplete="off"
          maxLength={1000}
          error={isMissing ? blocks.noteMissing : undefined}
          value={note}
          onChange={(event) => setNote(event.currentTarget.value)}
        />
        <Button type="submit" loading={changing.isChanging}>
          {blocks.doLift}
        </Button>
      </div>
    </form>
  );
}
