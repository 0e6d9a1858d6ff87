/** What stands beside a note and is always shown with it: the patient's disagreement, and each correction with what it changed. SPEC WEB-SIGNING-3, WEB-SIGNING-4 */
import { useQuery } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { useTexts } from "../../../language/language.tsx";
import { sayMoment } from "../../../say/dates.ts";
import { wholeText } from "../../../say/note-text.ts";
import { Button } from "../../../ui/controls.ts";
import { noteQuery, type Remark, type SigningState } from "../../../wire/signing.ts";
import { Changes } from "../../../words/changes.tsx";
import styles from "./signing.module.css";

export function NoteRemarks({ name, state }: { readonly name: string; readonly state: SigningState }): ReactNode {
  const { signing } = useTexts();
  return (
    <>
      {state.disagreements.map((one) => (
        <aside key={one.recorded} className={styles["disagreement"]} aria-label={signing.disagree}>
          <strong>{signing.disagree}</strong>
          <p className={styles["words"]}>{one.words}</p>
          <p className="dim">{signing.disagreed(whoOf(one), sayMoment(one.recorded))}</p>
        </aside>
      ))}
      {state.corrections.map((one) => (
        <Correction key={one.version} name={name} correction={one} />
      ))}
    </>
  );
}

function Correction({ name, correction }: { readonly name: string; readonly correction: Remark }): ReactNode {
  const { signing } = useTexts();
  const [isOpen, setOpen] = useState(false);
  return (
    <aside className={styles["correction"]} aria-label={signing.correct}>
      <p>
        {signing.corrected(whoOf(correction), sayMoment(correction.recorded))}: {correction.words}{" "}
        <Button
          className="no-print"
          size="compact-xs"
          variant="subtle"
          aria-expanded={isOpen}
          onClick={() => setOpen(!isOpen)}
        >
          {signing.showDifference}
        </Button>
      </p>
      {isOpen ? <Changed name={name} version={correction.version} /> : null}
    </aside>
  );
}

function Changed({ name, version }: { readonly name: string; readonly version: number }): ReactNode {
  const { load } = useTexts();
  const before = useQuery(noteQuery(name, version - 1)).data;
  const after = useQuery(noteQuery(name, version)).data;
  if (!before || !after) return <p role="status">{load.loading}</p>;
  return <Changes before={wholeText(before)} after={wholeText(after)} />;
}

function whoOf({ author }: Remark): string {
  return author.kind === "client" ? author.name : `${author.name}, ${author.title}`;
}
