/** States why the records are needed: one of the usual reasons at once (1, 2 …), or in one's own words. SPEC WEB-DOOR-2 */
import { useMemo, useRef, useState, type FormEvent, type ReactNode } from "react";
import { useCommands, type Command } from "../../command/registry.ts";
import { useTexts } from "../../language/language.tsx";
import { Button, Kbd, TextInput } from "../../ui/controls.ts";
import type { CareWish } from "../../wire/care.ts";
import styles from "./care.module.css";

type ReasonFormProps = { readonly send: (wish: CareWish) => void; readonly isChanging: boolean };

export function ReasonForm({ send, isChanging }: ReasonFormProps): ReactNode {
  const { care } = useTexts();
  const [reason, setReason] = useState("");
  const [isMissing, setMissing] = useState(false);
  const state = (text: string): void => {
    setMissing(text.trim() === "");
    if (text.trim() !== "" && !isChanging) send({ kind: "reason", reason: text });
  };
  useReasonKeys(state);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    state(reason);
  };
  return (
    <form className={styles["way"]} onSubmit={submit} aria-label={care.reasonTitle}>
      <h2>{care.reasonTitle}</h2>
      <p className="dim">{care.reasonMeans}</p>
      <div className={styles["row"]}>
        {care.usual.map((usual, at) => (
          <Button
            key={usual}
            type="button"
            variant="default"
            disabled={isChanging}
            aria-keyshortcuts={String(at + 1)}
            rightSection={<Kbd aria-hidden="true">{at + 1}</Kbd>}
            onClick={() => state(usual)}
          >
            {usual}
          </Button>
        ))}
      </div>
      <div className={styles["fields"]}>
        <TextInput
          className={styles["words"]}
          label={care.own}
          autoComplete="off"
          maxLength={1000}
          data-filter
          value={reason}
          error={isMissing ? care.reasonMissing : undefined}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        <Button type="submit" loading={isChanging}>
          {care.open}
        </Button>
      </div>
    </form>
  );
}

function useReasonKeys(state: (reason: string) => void): void {
  const { care } = useTexts();
  const latest = useRef(state);
  latest.current = state;
  const commands = useMemo(
    () =>
      care.usual.map((usual, at): Command => ({
        id: `door.reason-${at + 1}`,
        name: care.usualKey(usual),
        group: "view",
        keys: [String(at + 1)],
        run: () => latest.current(usual),
      })),
    [care],
  );
  useCommands(commands);
}
