/** Mätvärden: vital signs and body measures, with the same table and trend as laboratory answers. SPEC WEB-VITAL */
import { useParams } from "@tanstack/react-router";
import { useMemo, type ReactNode } from "react";
import type { FhirResource } from "fhir/r4";
import { useTexts } from "../../language/language.tsx";
import { LoadView } from "../../ui/load-view.tsx";
import { Screen } from "../screen.tsx";
import { ofType, useSection, type Rows } from "../use-section.ts";
import { Filter } from "./filter.tsx";
import { Measures } from "./measures.tsx";

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
  const observations = useMemo(() => ofType(rows.items, "Observation"), [rows.items]);
  return (
    <Measures
      caption={sections.vitals}
      head={vital.one}
      rows={rows}
      observations={observations}
      reports={NO_REPORTS}
      asOf={asOf}
    />
  );
}

const NO_REPORTS: readonly never[] = [];
