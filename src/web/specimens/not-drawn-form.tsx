/** What could not be drawn, and why: a task of whoever ordered it. SPEC WEB-SPECIMEN-4 */
import { useState, type FormEvent, type ReactNode } from "react";
import { Button, NativeSelect, TextInput } from "../ui/controls.ts";
import type { Collection } from "../wire/specimens.ts";
import type { Doing } from "./collection.page.tsx";
import styles from "./specimens.module.css";
import { useSpecimenTexts } from "./use-specimens.ts";

type NotDrawnProps = {
  readonly collection: Collection;
  readonly doing: Doing;
  readonly say: (words: string) => void;
};

export function NotDrawnForm({ collection, doing, say }: NotDrawnProps): ReactNode {
  const texts = useSpecimenTexts();
  const [isOpen, setOpen] = useState(false);
  const [reason, setReason] = useState("refused");
  const [note, setNote] = useState("");
  const [wrong, setWrong] = useState("");
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (reason === "other" && note.trim() === "") return setWrong(texts.sayWhy);
    const requests = [...new Set(collection.tubes.flatMap((one) => one.requests))];
    const next = await doing.run("not-drawn", { requests, reason, note });
    if (next === undefined) return;
    setOpen(false);
    setNote("");
    say(texts.saved);
  };
  if (!isOpen)
    return (
      <p>
        <Button variant="default" onClick={() => setOpen(true)}>
          {texts.notDrawn}
        </Button>
      </p>
    );
  return (
    <form onSubmit={(event) => void submit(event)} className={styles["form"]} aria-label={texts.notDrawn}>
      <p className="dim">{texts.notDrawnMeans}</p>
      <div className={styles["fields"]}>
        <NativeSelect
          label={texts.reason}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
          data={Object.entries(texts.reasons).map(([value, label]) => ({ value, label }))}
        />
        <TextInput
          label={texts.note}
          error={wrong}
          maxLength={500}
          value={note}
          onChange={(event) => {
            setWrong("");
            setNote(event.currentTarget.value);
          }}
        />
      </div>
      <div className={styles["buttons"]}>
        <Button type="submit" loading={doing.isRunning}>
          {texts.send}
        </Button>
        <Button variant="default" onClick={() => setOpen(false)}>
          {texts.cancel}
        </Button>
      </div>
    </form>
  );
}
