/** A source file, whole or a part, from the computer or pasted. SPEC WEB-DIRECTORY-3 */
import { useState, type FormEvent, type ReactNode } from "react";
import { Button, Switch, Textarea, TextInput } from "../ui/controls.ts";
import type { Wish } from "./change.page.tsx";
import styles from "./directory.module.css";
import { useDirectoryTexts } from "./use-directory-texts.ts";

const USUAL_MOST_ENDED = "5";
/** What a text field can hold without the screen standing still; a larger file is sent and not shown. */
const LONGEST_SHOWN = 200_000;

export function FileChange({ setWish }: { readonly setWish: (wish: Wish) => void }): ReactNode {
  const { change: texts } = useDirectoryTexts();
  const [text, setText] = useState("");
  const [isComplete, setComplete] = useState(false);
  const [mostEnded, setMostEnded] = useState(USUAL_MOST_ENDED);
  const [fault, setFault] = useState<string>();
  const read = (file: File | undefined): void => {
    if (file === undefined) return;
    setFault(undefined);
    void file.text().then(setText, () => setFault(texts.unreadable));
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const most = Number(mostEnded.replace(",", "."));
    setFault(text.trim() === "" ? texts.missing : undefined);
    if (text.trim() !== "")
      setWish({ change: { text, isComplete, mostEnded: Number.isNaN(most) ? 0 : most }, undo: undefined });
  };
  return (
    <form className={styles["form"]} onSubmit={submit} aria-label={texts.kinds.file}>
      <label className={styles["row"]}>
        {texts.file}
        <input type="file" accept="application/json,.json" onChange={(event) => read(event.currentTarget.files?.[0])} />
      </label>
      {text.length > LONGEST_SHOWN ? null : (
        <Textarea
          label={texts.text}
          rows={8}
          spellCheck={false}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
      )}
      <Switch
        label={texts.isComplete}
        checked={isComplete}
        onChange={(event) => setComplete(event.currentTarget.checked)}
      />
      <TextInput
        label={texts.mostEnded}
        inputMode="numeric"
        value={mostEnded}
        onChange={(event) => setMostEnded(event.currentTarget.value)}
      />
      <p className={styles["failure"]} role="alert">
        {fault}
      </p>
      <Button type="submit">{texts.preview}</Button>
    </form>
  );
}
