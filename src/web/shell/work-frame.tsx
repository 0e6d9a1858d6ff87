/** The frame of work that reads no chart: its name, its parts, and the part that is shown. SPEC WEB-WORK */
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import styles from "./work-frame.module.css";

type Part = {
  readonly to:
    | "/granskning"
    | "/granskning/fragor"
    | "/granskning/statistik"
    | "/granskning/utdrag"
    | "/katalog"
    | "/katalog/andra"
    | "/katalog/genomgang"
    | "/inkorg"
    | "/skickat"
    | "/vantelista"
    | "/provtagning"
    | "/osignerat"
    | "/franvaro"
    | "/drift";
  readonly name: string;
  /** Lit only at exactly its address. */
  readonly isExact?: boolean;
};

export function WorkFrame({
  title,
  intro,
  parts,
  children,
}: {
  readonly title: string;
  readonly intro: string;
  readonly parts: readonly Part[];
  readonly children: ReactNode;
}): ReactNode {
  return (
    <div className={styles["frame"]}>
      <nav className={`${styles["nav"]} no-print`} aria-label={title}>
        {parts.map(({ to, name, isExact = false }) => (
          <Link key={to} to={to} activeOptions={{ exact: isExact, includeSearch: false }} className={styles["part"]}>
            {name}
          </Link>
        ))}
        <span className={`dim ${styles["intro"]}`}>{intro}</span>
      </nav>
      {children}
    </div>
  );
}
