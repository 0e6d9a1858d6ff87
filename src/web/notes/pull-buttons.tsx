/** Values of the record as buttons, for whoever uses the mouse; they are put in where one writes. SPEC WEB-WRITE-5 */
import type { ReactNode } from "react";
import { Button } from "../ui/controls.ts";
import type { PullKind } from "../wire/notes.ts";
import styles from "./notes.module.css";
import { useNoteTexts } from "./use-note-texts.ts";

const KINDS: readonly PullKind[] = ["lab", "vital", "drugs", "problems", "before"];

type PullProps = { readonly title: string; readonly pull: (kind: PullKind) => void };

export function PullButtons({ title, pull }: PullProps): ReactNode {
  const texts = useNoteTexts();
  return (
    <div role="group" aria-label={texts.pullHere(title)}>
      <p className="dim">{texts.pullHere(title)}</p>
      <div className={styles["buttons"]}>
        {KINDS.map((kind) => (
          <Button key={kind} size="compact-sm" variant="default" onClick={() => pull(kind)} data-pull={kind}>
            {texts.pulls[kind]}
          </Button>
        ))}
      </div>
    </div>
  );
}
