/** A named region of a screen: heading, optional count and actions, and its content. */
import { useId, type ReactNode } from "react";
import styles from "./panel.module.css";

type PanelProps = {
  readonly title: string;
  readonly aside?: ReactNode;
  readonly children: ReactNode;
  readonly className?: string | undefined;
  readonly level?: 1 | 2;
};

export function Panel({ title, aside, children, className, level = 2 }: PanelProps): ReactNode {
  const id = useId();
  const Heading = level === 1 ? "h1" : "h2";
  return (
    <section className={`${styles["panel"]} ${className ?? ""}`} aria-labelledby={id}>
      <header className={styles["head"]}>
        <Heading id={id}>{title}</Heading>
        {aside === undefined ? null : <div className={styles["aside"]}>{aside}</div>}
      </header>
      <div className={styles["body"]}>{children}</div>
    </section>
  );
}
