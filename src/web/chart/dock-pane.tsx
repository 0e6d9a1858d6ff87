/** The frame of a workspace that is docked beside the chart, never over it: its name, whom it is for, and the way out. SPEC WEB-DOCK · ux.md section 8 */
import type { KeyboardEvent, ReactNode } from "react";
import { patientFacts } from "../say/patients.ts";
import { Button } from "../ui/controls.ts";
import styles from "./dock-pane.module.css";
import { useOverview } from "./use-section.ts";

type DockPaneProps = {
  /** Found as data-NAME-pane by styles and tests. */
  readonly name: "order" | "note" | "medication" | "measure";
  readonly title: string;
  readonly texts: { readonly close: string };
  readonly close: () => void;
  readonly children: ReactNode;
};

/** Escape closes it, unless something in it wanted that key for itself. */
export function DockPane({ name, title, texts, close, children }: DockPaneProps): ReactNode {
  const escape = (event: KeyboardEvent): void => {
    if (event.key === "Escape" && !event.defaultPrevented) close();
  };
  const mark = { [`data-${name}-pane`]: true };
  return (
    <aside className={`${styles["pane"]} no-print`} aria-label={title} onKeyDown={escape} data-dock {...mark}>
      <header className={styles["head"]}>
        <h2>{title}</h2>
        <Button variant="subtle" size="compact-sm" onClick={close} aria-keyshortcuts="Escape">
          {texts.close}
        </Button>
      </header>
      {children}
    </aside>
  );
}

/** Whom the banner says that it is: what is signed under another identity is refused. */
export type Shown = { readonly name: string; readonly number: string | null };

/** Nothing as long as the banner is not there. */
export function useShown(patientId: string): Shown | undefined {
  const { loaded } = useOverview(patientId);
  if (loaded.state !== "some") return undefined;
  const { name, identity } = patientFacts(loaded.value.patient, loaded.asOf);
  return { name: name ?? "", number: identity?.text ?? null };
}

type WhomProps = {
  readonly shown: Shown | undefined;
  readonly texts: { readonly forWhom: (name: string, number: string) => string; readonly noNumber: string };
};

/** Says whom the workspace is for. */
export function Whom({ shown, texts }: WhomProps): ReactNode {
  if (shown === undefined) return null;
  return <p className={styles["whom"]}>{texts.forWhom(shown.name, shown.number ?? texts.noNumber)}</p>;
}
