/** Notes in the patient's words what they do not agree with. SPEC WEB-SIGNING-4 · PDL 3 kap. 8 § */
import { useState, type FormEvent, type ReactNode } from "react";
import { useTexts } from "../../../language/language.tsx";
import { Button, Textarea } from "../../../ui/controls.ts";
import { onEscape, Refused, type FormProps } from "./sign-confirm.tsx";
import styles from "./signing.module.css";

export function DisagreeForm({ signer, send, cancel }: FormProps): ReactNode {
  const { signing } = useTexts();
  const [words, setWords] = useState("");
  const [isMissing, setMissing] = useState(false);
  const save = (event: FormEvent): void => {
    event.preventDefault();
    setMissing(words.trim() === "");
    if (words.trim() !== "") send({ what: "disagree", words });
  };
  return (
    <form
      className={`${styles["form"]} no-print`}
      onSubmit={save}
      onKeyDown={onEscape(cancel)}
      aria-label={signing.disagree}
    >
      <p className="dim">{signing.disagreeMeans}</p>
      <Textarea
        label={signing.disagreeWords}
        rows={3}
        maxLength={2000}
        value={words}
        error={isMissing ? signing.disagreeMissing : undefined}
        onChange={(event) => setWords(event.currentTarget.value)}
      />
      <div className={styles["actions"]}>
        <Button type="submit" size="compact-md" loading={signer.isChanging}>
          {signing.saveDisagreement}
        </Button>
        <Button size="compact-md" variant="default" onClick={cancel}>
          {signing.cancel}
        </Button>
      </div>
      <Refused signer={signer} />
    </form>
  );
}
