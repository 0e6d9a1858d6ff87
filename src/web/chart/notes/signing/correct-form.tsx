/** Corrects the texts of a note with a reason; what is not touched is sent back as it came. SPEC WEB-SIGNING-3 · PDL 3 kap. 14 § */
import { useState, type FormEvent, type ReactNode } from "react";
import { useTexts } from "../../../language/language.tsx";
import { textsOf, withTexts } from "../../../say/note-text.ts";
import { Button, Textarea, TextInput } from "../../../ui/controls.ts";
import { Changes } from "../../../words/changes.tsx";
import type { NoteResource } from "../../../wire/signing.ts";
import { onEscape, Refused, type FormProps } from "./sign-confirm.tsx";
import styles from "./signing.module.css";

export function CorrectForm({ note, signer, send, cancel }: FormProps & { readonly note: NoteResource }): ReactNode {
  const { signing, words } = useTexts();
  const before = textsOf(note);
  const [texts, setTexts] = useState(() => before.map(({ text }) => text));
  const [reason, setReason] = useState("");
  const [fault, setFault] = useState<"reason" | "texts">();
  const save = (event: FormEvent): void => {
    event.preventDefault();
    const isSame = texts.every((text, at) => text === before[at]?.text);
    const found = reason.trim() === "" ? "reason" : isSame ? "texts" : undefined;
    setFault(found);
    if (found === undefined) send({ what: "correct", reason, resource: withTexts(note, texts) });
  };
  return (
    <form
      className={`${styles["form"]} no-print`}
      onSubmit={save}
      onKeyDown={onEscape(cancel)}
      aria-label={signing.correct}
    >
      <p className="dim">{signing.correctMeans}</p>
      {before.map(({ title }, at) => (
        <Textarea
          key={`${title ?? ""}${at}`}
          label={title ?? signing.text}
          rows={rowsFor(texts[at] ?? "")}
          value={texts[at] ?? ""}
          onChange={(event) => {
            const { value } = event.currentTarget;
            setTexts((all) => all.map((text, other) => (other === at ? value : text)));
          }}
        />
      ))}
      <TextInput
        label={signing.reason}
        autoComplete="off"
        maxLength={2000}
        value={reason}
        error={fault === "reason" ? signing.reasonMissing : undefined}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
      {texts.map((text, at) =>
        text === before[at]?.text ? null : (
          <section key={at} aria-label={words.youChange}>
            <p>{words.youChange}</p>
            <Changes before={before[at]?.text ?? ""} after={text} />
          </section>
        ),
      )}
      {fault === "texts" ? (
        <p className={styles["refused"]} role="alert">
          {signing.nothingChanged}
        </p>
      ) : null}
      <div className={styles["actions"]}>
        <Button type="submit" size="compact-md" loading={signer.isChanging}>
          {signing.saveCorrection}
        </Button>
        <Button size="compact-md" variant="default" onClick={cancel}>
          {signing.cancel}
        </Button>
      </div>
      <Refused signer={signer} />
    </form>
  );
}

/** As many lines as it takes to see what is there, within bounds. */
function rowsFor(text: string): number {
  const lines = text.split("\n").reduce((sum, line) => sum + 1 + Math.floor(line.length / 80), 0);
  return Math.min(Math.max(lines + 1, 2), 20);
}
