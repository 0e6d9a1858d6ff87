/** Mätvärden: vital signs, scores and body measures as a flowsheet, with the trend of each; where one measures and corrects. SPEC WEB-VITAL, WEB-OBS-6 */
import { useParams } from "@tanstack/react-router";
import { useMemo, type ReactNode } from "react";
import type { FhirResource } from "fhir/r4";
import { useTexts } from "../../language/language.tsx";
import { useMeasure } from "../../observations/dock.ts";
import { roundsIn } from "../../observations/rounds.ts";
import { useObservationTexts } from "../../observations/use-observation-texts.ts";
import { sayMoment } from "../../say/dates.ts";
import { LoadView } from "../../ui/load-view.tsx";
import { Screen } from "../screen.tsx";
import { ofType, useSection, type Rows } from "../use-section.ts";
import { Filter } from "./filter.tsx";
import { Measures } from "./measures.tsx";
import styles from "./measures.module.css";

const PAGE = 300;

export function VitalsPage(): ReactNode {
  const { sections, vital } = useTexts();
  const { patientId } = useParams({ from: "/work/patienter/$patientId/matvarden" });
  const { loaded, refresh, isRefreshing } = useSection(patientId, "vitals", PAGE);
  const asOf = "asOf" in loaded ? loaded.asOf : undefined;
  return (
    <Screen
      title={sections.vitals}
      fresh={{ asOf, refresh, isRefreshing }}
      tools={<Filter label={vital.filter} example={vital.filterExample} />}
      fills
    >
      <LoadView loaded={loaded} unknown={vital.notRecorded} lines={12}>
        {(rows) => <View rows={rows} asOf={asOf ?? ""} />}
      </LoadView>
    </Screen>
  );
}

function View({ rows, asOf }: { readonly rows: Rows<FhirResource>; readonly asOf: string }): ReactNode {
  const { sections, vital } = useTexts();
  const { round: words } = useObservationTexts();
  const measure = useMeasure();
  const observations = useMemo(() => ofType(rows.items, "Observation"), [rows.items]);
  const rounds = useMemo(() => roundsIn(observations), [observations]);
  const toolsAt = (when: string): ReactNode => {
    const round = rounds.get(when);
    if (round === undefined || measure === undefined) return null;
    return (
      <button
        type="button"
        className={`${styles["tool"]} no-print`}
        aria-label={words.correctAt(sayMoment(when))}
        onClick={() => measure(round)}
        data-correct
      >
        {words.correct}
      </button>
    );
  };
  return (
    <Measures
      caption={sections.vitals}
      head={vital.one}
      rows={rows}
      observations={observations}
      reports={NO_REPORTS}
      asOf={asOf}
      toolsAt={toolsAt}
      isClose
    />
  );
}

const NO_REPORTS: readonly never[] = [];
