/**
 * The docked workspace in which one measures: beside the chart, never over it, with whom it is of on top, a value on each line, the score as
 * one types with the step that it asks for, and saving. The same grid corrects a round.
 *
 * SPEC WEB-OBS · ux.md screen 10, T8
 */
import type { ReactNode } from "react";
import { DockPane, useShown, Whom } from "../chart/dock-pane.tsx";
import { sayMoment } from "../say/dates.ts";
import { LoadView } from "../ui/load-view.tsx";
import { measureDeskQuery } from "../wire/observations.ts";
import { useLoaded } from "../wire/use-loaded.ts";
import type { SeenRound } from "./dock.ts";
import { Grid } from "./grid.tsx";
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
  const title = corrects === undefined ? texts.title : texts.correcting(sayMoment(corrects.when));
  return (
    <DockPane name="measure" title={title} {...{ texts, close }}>
      <Whom shown={shown} texts={texts} />
      <LoadView loaded={loaded} unknown={texts.missing} lines={7}>
        {(desk) => (shown === undefined ? null : <Grid key={corrects?.id ?? "new"} {...{ patientId, turn, corrects, close, desk, shown: shown.number }} />)}
      </LoadView>
    </DockPane>
  );
} // prettier-ignore
