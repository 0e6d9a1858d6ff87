/** Phrases of one's own and the unit's: kept, and taken out of use. SPEC WEB-WRITE-5 */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRef, useState, type FormEvent, type ReactNode } from "react";
import { Button, NativeSelect, Textarea, TextInput } from "../ui/controls.ts";
import { failureOf } from "../wire/call.ts";
import { deskQuery, retirePhrase, savePhrase, type Phrase } from "../wire/notes.ts";
import styles from "./notes.module.css";
import { useNoteTexts } from "./use-note-texts.ts";

type PhraseProps = { readonly phrases: readonly Phrase[]; readonly patientId: string };

export function PhraseForm({ phrases, patientId }: PhraseProps): ReactNode {
  const texts = useNoteTexts();
  const queries = useQueryClient();
  const [short, setShort] = useState("");
  const [text, setText] = useState("");
  const [whose, setWhose] = useState<Phrase["whose"]>("own");
  const key = useRef(crypto.randomUUID());
  const onSuccess = (all: readonly Phrase[]): void => {
    key.current = crypto.randomUUID();
    queries.setQueryData(deskQuery(patientId).queryKey, (desk) => desk && { ...desk, phrases: all });
  };
  const keep = useMutation({
    mutationFn: () => savePhrase({ short: short.trim(), text, whose, key: key.current }),
    onSuccess: (all) => {
      setShort("");
      setText("");
      onSuccess(all);
    },
  });
  const retire = useMutation({ mutationFn: retirePhrase, onSuccess });
  const error = keep.error ?? retire.error;
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (!keep.isPending) keep.mutate();
  };
  return (
    <details className={styles["phrases"]}>
      <summary>{texts.newPhrase}</summary>
      <form onSubmit={submit} className={styles["body"]}>
        <div className={styles["fields"]}>
          <TextInput label={texts.short} maxLength={20} autoComplete="off" value={short} onChange={(event) => setShort(event.currentTarget.value)} />
          <NativeSelect
            label={texts.whose}
            data={[
              { value: "own", label: texts.whoseOwn },
              { value: "unit", label: texts.whoseUnit },
            ]}
            value={whose}
            onChange={(event) => setWhose(event.currentTarget.value === "unit" ? "unit" : "own")}
          />
        </div>
        <Textarea label={texts.phraseText} rows={3} maxLength={4000} value={text} onChange={(event) => setText(event.currentTarget.value)} />
        <div className={styles["buttons"]}>
          <Button type="submit" variant="default" disabled={short.trim() === "" || text.trim() === ""}>
            {texts.save}
          </Button>
          {phrases.map((one) => (
            <Button key={one.id} size="compact-sm" variant="subtle" onClick={() => retire.mutate(one.id)}>
              {texts.retire(one.short)}
            </Button>
          ))}
        </div>
        <p role="alert" className={styles["failure"]}>
          {error === null ? "" : (failureOf(error).said ?? texts.pullFailed)}
        </p>
      </form>
    </details>
  );
} // prettier-ignore
