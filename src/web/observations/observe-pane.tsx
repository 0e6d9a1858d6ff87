/**
 * The docked workspace in which one measures: beside the chart, never over it, with whom it is of on top, a value on each line, the score as
 * one types with the step that it asks for, and saving. The same grid corrects a round.
 *
 * SPEC WEB-OBS · ux.md screen 10, T8
 */
import type { KeyboardEvent, ReactNode } from "react";
import { useOverview } from "../chart/use-section.ts";
import { sayMoment } from "../say/dates.ts";
import { patientFacts } from "../say/patients.ts";
import { Button } from "../ui/controls.ts";
import { LoadView } from "../ui/load-view.tsx";
import { measureDeskQuery } from "../wire/observations.ts";
import { useLoaded } from "../wire/use-loaded.ts";
import type { SeenRound } from "./dock.ts";
import { Grid } from "./grid.tsx";
import styles from "./observations.module.css";
import { useObservationTexts } from "./use-observation-texts.ts";

export type ObservePaneProps = {
  readonly patientId: string;
  readonly turn: number;
  readonly corrects: SeenRound | undefined;
  readonly close: () => void;
};

export function ObservePane({ patientId, turn, corrects, close }: ObservePaneProps): ReactNode {
  const texts = useObservationTexts();
  const { loaded } = useLoaded(measureDeskQuery(patientId));
  const shown = useShown(patientId);
  const escape = (event: KeyboardEvent): void => {
    if (event.key === "Escape" && !event.defaultPrevented) close();
  };
  const title = corrects === undefined ? texts.title : texts.correcting(sayMoment(corrects.when));
  return (
    <aside className={`${styles["pane"]} no-print`} aria-label={title} onKeyDown={escape} data-measure-pane>
      <header className={styles["head"]}>
        <h2>{title}</h2>
        <Button variant="subtle" size="compact-sm" onClick={close} aria-keyshortcuts="Escape">
          {texts.close}
        </Button>
      </header>
      {shown === undefined ? null : <p className={styles["whom"]}>{texts.forWhom(shown.name, shown.number ?? texts.noNumber)}</p>}
      <LoadView loaded={loaded} unknown={texts.missing} lines={7}>
        {(desk) => (shown === undefined ? null : <Grid key={corrects?.id ?? "new"} {...{ patientId, turn, corrects, close, desk, shown: shown.number }} />)}
      </LoadView>
    </aside>
  );
} // prettier-ignore

/** Whom the banner says that it is. */
function useShown(patientId: string): { readonly name: string; readonly number: string | null } | undefined {
  const { loaded } = useOverview(patientId);
  if (loaded.state !== "some") return undefined;
  const { name, identity } = patientFacts(loaded.value.patient, loaded.asOf);
  return { name: name ?? "", number: identity?.text ?? null };
}
