/** Records that the patient, or somebody for the patient, consents to other care providers' records being shown. SPEC WEB-SOURCES-3 */
import { useState, type FormEvent, type ReactNode } from "react";
import { useTexts } from "../../language/language.tsx";
import { Button, TextInput } from "../../ui/controls.ts";
import type { CareWish } from "../../wire/care.ts";
import styles from "./care.module.css";

type ConsentFormProps = { readonly send: (wish: CareWish) => void; readonly isChanging: boolean };

/** What is proposed: the time of a course of care; the patient decides. */
const USUAL_DAYS = "30";
const MOST_DAYS = 365;

export function ConsentForm({ send, isChanging }: ConsentFormProps): ReactNode {
  const { care } = useTexts();
  const [days, setDays] = useState(USUAL_DAYS);
  const [by, setBy] = useState("");
  const [isWrong, setWrong] = useState(false);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const count = /^\d{1,3}$/.test(days.trim()) ? Number(days) : 0;
    const isGood = count >= 1 && count <= MOST_DAYS;
    setWrong(!isGood);
    const representedBy = by.trim();
    if (isGood) send({ kind: "consent", days: count, ...(representedBy === "" ? {} : { representedBy }) });
  };
  return (
    <form className={styles["inner"]} onSubmit={submit} aria-label={care.consentTitle}>
      <h3>{care.consentTitle}</h3>
      <p className="dim">{care.consentMeans}</p>
      <div className={styles["fields"]}>
        <TextInput
          className={styles["days"]}
          label={care.days}
          inputMode="numeric"
          autoComplete="off"
          value={days}
          error={isWrong ? care.daysWrong : undefined}
          onChange={(event) => setDays(event.currentTarget.value)}
        />
        <TextInput
          className={styles["words"]}
          label={care.representedBy}
          autoComplete="off"
          maxLength={200}
          value={by}
          onChange={(event) => setBy(event.currentTarget.value)}
        />
        <Button type="submit" variant="default" loading={isChanging}>
          {care.consent}
        </Button>
      </div>
    </form>
  );
}
