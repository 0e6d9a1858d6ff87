/** What is said when a note has been written. SPEC WEB-WRITE-6 */
import { Link } from "@tanstack/react-router";
import { useEffect, useRef, type ReactNode } from "react";
import { Button } from "../ui/controls.ts";
import styles from "./notes.module.css";
import { useNoteTexts } from "./use-note-texts.ts";
import type { Written } from "./use-note.ts";

type WrittenProps = {
  readonly patientId: string;
  readonly written: Written;
  readonly close: () => void;
  readonly again: () => void;
};

export function WrittenNote({ patientId, written: { note, isSigned }, close, again }: WrittenProps): ReactNode {
  const texts = useNoteTexts();
  const done = useRef<HTMLButtonElement>(null);
  useEffect(() => done.current?.focus(), []);
  return (
    <div className={styles["body"]} data-written>
      <p role="status" className={styles["done"]}>
        {isSigned ? texts.signed : texts.handedOver}
      </p>
      <Link to="/patienter/$patientId/anteckningar" params={{ patientId }} search={{ anteckning: `Composition/${note}` }}>
        {texts.show}
      </Link>
      <div className={styles["buttons"]}>
        <Button ref={done} onClick={close}>
          {texts.close}
        </Button>
        <Button variant="default" onClick={again}>
          {texts.another}
        </Button>
      </div>
    </div>
  );
} // prettier-ignore
