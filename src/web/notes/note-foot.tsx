/** How the note is kept, in words, signing it, and throwing it away after a second question. SPEC WEB-WRITE-3, WEB-WRITE-6 */
import { useState, type ReactNode } from "react";
import { sayMoment } from "../say/dates.ts";
import { Button } from "../ui/controls.ts";
import type { NoteSaver, Saving } from "./note-saver.ts";
import styles from "./notes.module.css";
import { useNoteTexts } from "./use-note-texts.ts";
import type { Refusal, UsedNote } from "./use-note.ts";

type FootProps = {
  readonly used: UsedNote;
  readonly said: string;
  readonly write: () => void;
  readonly maySign: boolean;
};

export function NoteFoot({ used, said, write, maySign }: FootProps): ReactNode {
  const texts = useNoteTexts();
  const { held, saver, isWriting, refusal } = used;
  return (
    <div className={styles["foot"]}>
      <p role="alert" className={styles["failure"]}>
        {refusalWords(refusal, texts)}
      </p>
      <p role="status" className={styles["said"]} data-said>
        {said}
      </p>
      {maySign ? null : <p role="note">{texts.handOverMeans}</p>}
      <div className={styles["buttons"]}>
        <Button onClick={write} loading={isWriting} aria-keyshortcuts="Control+Enter" data-sign>
          {maySign ? texts.sign : texts.handOver}
        </Button>
        <span className="dim">{texts.signKey}</span>
        <Discard run={() => void used.discard()} isThere={held.sections.size > 0} />
      </div>
      <SaveWords saving={held.saving} saver={saver} />
    </div>
  );
}

function refusalWords(refusal: Refusal | undefined, texts: ReturnType<typeof useNoteTexts>): string {
  if (refusal === undefined) return "";
  if (refusal === "unknown") return texts.unknown;
  return refusal === "not-saved" ? texts.notSaved : refusal.said;
}

function SaveWords({ saving, saver }: { readonly saving: Saving; readonly saver: NoteSaver }): ReactNode {
  const texts = useNoteTexts();
  if (saving.state === "saved") {
    const words = saving.at === null ? texts.notBegun : texts.saved(sayMoment(saving.at));
    return (
      <p role="status" className="dim" data-saved={saving.at === null ? "" : "yes"}>
        {words}
      </p>
    );
  }
  if (saving.state === "waiting")
    return (
      <p role="status" className="dim">
        {texts.saving}
      </p>
    );
  return (
    <div role="alert" className={styles["failure"]} data-unsaved>
      {saving.state === "gone" ? texts.gone : texts.failed}{" "}
      {saving.state === "gone" ? (
        <Button size="compact-sm" variant="default" onClick={() => void saver.begin()}>
          {texts.beginAgain}
        </Button>
      ) : null}
    </div>
  );
}

function Discard({ run, isThere }: { readonly run: () => void; readonly isThere: boolean }): ReactNode {
  const texts = useNoteTexts();
  const [isAsked, setAsked] = useState(false);
  if (!isThere) return null;
  if (!isAsked)
    return (
      <Button variant="subtle" size="compact-sm" onClick={() => setAsked(true)}>
        {texts.discard}
      </Button>
    );
  return (
    <>
      <Button variant="default" size="compact-sm" onClick={run}>
        {texts.discardSure}
      </Button>
      <Button variant="subtle" size="compact-sm" onClick={() => setAsked(false)}>
        {texts.keep}
      </Button>
    </>
  );
}
