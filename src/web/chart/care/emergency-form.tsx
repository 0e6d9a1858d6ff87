/** Emergency access: said what it leads to, then asked for the reason, then done. SPEC WEB-DOOR-3 · ux.md T14 (a deliberate step) */
import { useMemo, useState, type FormEvent, type KeyboardEvent, type ReactNode } from "react";
import { useCommands, type Command } from "../../command/registry.ts";
import { useTexts } from "../../language/language.tsx";
import { Button, TextInput } from "../../ui/controls.ts";
import { Icon } from "../../ui/icon.tsx";
import type { CareWish } from "../../wire/care.ts";
import styles from "./care.module.css";

type EmergencyFormProps = {
  readonly send: (wish: CareWish) => void;
  readonly isChanging: boolean;
  /** Reached by the key n, where nothing else has it. */
  readonly hasKey?: boolean;
};

export function EmergencyForm({ send, isChanging, hasKey = false }: EmergencyFormProps): ReactNode {
  const { care } = useTexts();
  const [isOpen, setOpen] = useState(false);
  const [reason, setReason] = useState("");
  const [isMissing, setMissing] = useState(false);
  useEmergencyKey(hasKey && !isOpen, () => setOpen(true));
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setMissing(reason.trim() === "");
    if (reason.trim() !== "" && !isChanging) send({ kind: "emergency", reason });
  };
  const means = (
    <p className={styles["means"]}>
      <Icon name="alert" /> {care.emergencyMeans}
    </p>
  );
  if (!isOpen)
    return (
      <>
        {means}
        <Button
          variant="default"
          disabled={isChanging}
          onClick={() => setOpen(true)}
          {...(hasKey ? { "aria-keyshortcuts": "n" } : {})}
        >
          {care.emergency}
        </Button>
      </>
    );
  const leave = (event: KeyboardEvent): void => {
    if (event.key === "Escape") setOpen(false);
  };
  return (
    <form className={styles["inner"]} onSubmit={submit} onKeyDown={leave} aria-label={care.emergencyTitle}>
      {means}
      <div className={styles["fields"]}>
        <TextInput
          className={styles["words"]}
          label={care.emergencyReason}
          autoComplete="off"
          autoFocus
          aria-required
          maxLength={1000}
          value={reason}
          error={isMissing ? care.reasonMissing : undefined}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        <Button type="submit" className={styles["grave"] ?? ""} loading={isChanging}>
          {care.doEmergency}
        </Button>
        <Button type="button" variant="default" onClick={() => setOpen(false)}>
          {care.cancel}
        </Button>
      </div>
    </form>
  );
}

function useEmergencyKey(isOffered: boolean, run: () => void): void {
  const { care } = useTexts();
  const commands = useMemo(
    (): readonly Command[] =>
      isOffered ? [{ id: "door.emergency", name: care.emergencyTitle, group: "view", keys: ["n"], run }] : [],
    // oxlint-disable-next-line react/exhaustive-deps -- opens the form, whichever rendering's function does it
    [isOffered, care],
  );
  useCommands(commands);
}
