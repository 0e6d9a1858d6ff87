/** The first screen after signing in: find a patient, and how to do it without the mouse. SPEC WEB-FIND */
import { useEffect, type ReactNode } from "react";
import { useTexts } from "../language/language.tsx";
import { Kbd } from "../ui/controls.ts";
import styles from "./shell.module.css";

export function StartPage(): ReactNode {
  const { start } = useTexts();
  useEffect(() => {
    document.title = `${start.title} – Eira`;
  }, [start]);
  return (
    <div className={styles["start"]}>
      <h1>{start.title}</h1>
      <p>{start.how}</p>
      <dl>
        <dt>
          <Kbd>Ctrl</Kbd> <Kbd>K</Kbd>
        </dt>
        <dd>{start.keySearch}</dd>
        <dt>
          <Kbd>↑</Kbd> <Kbd>↓</Kbd> <Kbd>Enter</Kbd>
        </dt>
        <dd>{start.keyChoose}</dd>
        <dt>
          <Kbd>?</Kbd>
        </dt>
        <dd>{start.keyHelp}</dd>
      </dl>
      <p className="dim">{start.logged}</p>
    </div>
  );
}
