/**
 * Översikt: the patient at a glance, on one screen of 1366×768 without scrolling: problems, drugs, vital signs, results,
 * notes, contacts and referrals, each with its source unit and with how much is not shown here.
 *
 * SPEC WEB-OVER · ux.md section 10, screen 3
 */
import { useParams } from "@tanstack/react-router";
import { useMemo, type ReactNode } from "react";
import { useTexts } from "../../language/language.tsx";
import { LoadView } from "../../ui/load-view.tsx";
import { useRowKeys } from "../../ui/row-keys.ts";
import { overviewHolds, type Overview } from "../../wire/chart.ts";
import { Screen } from "../screen.tsx";
import { useBeside, useOverview } from "../use-section.ts";
import { GlanceContacts, GlanceNotes, GlanceReferrals } from "./glance-events.tsx";
import { GlanceMeasures } from "./glance-measures.tsx";
import { GlanceMedications, GlanceProblems } from "./glance-lists.tsx";
import styles from "./overview.module.css";

export function OverviewPage(): ReactNode {
  const { sections, patient } = useTexts();
  const { patientId } = useParams({ from: "/work/patienter/$patientId/oversikt" });
  const { loaded, refresh, isRefreshing } = useOverview(patientId);
  const asOf = "asOf" in loaded ? loaded.asOf : undefined;
  return (
    <Screen title={sections.overview} fresh={{ asOf, refresh, isRefreshing }}>
      <LoadView loaded={loaded} unknown={patient.notFound} lines={12}>
        {(overview) => <Glances overview={overview} />}
      </LoadView>
    </Screen>
  );
}

function Glances({ overview }: { readonly overview: Overview }): ReactNode {
  const { sections, vital, result } = useTexts();
  const beside = useBeside(useMemo(() => overviewHolds(overview), [overview]));
  const shared = { patientId: overview.patient.id ?? "", beside };
  const given = overview.sections;
  useRowKeys();
  return (
    <div className={styles["glances"]}>
      <div className={styles["column"]}>
        <GlanceProblems {...shared} slice={given.problems} />
        <GlanceContacts {...shared} slice={given.contacts} />
        <GlanceReferrals {...shared} slice={given.referrals} />
      </div>
      <div className={styles["column"]}>
        <GlanceMedications {...shared} slice={given.medications} />
        <GlanceNotes {...shared} slice={given.notes} />
      </div>
      <div className={styles["column"]}>
        <GlanceMeasures
          {...shared}
          slice={given.vitals}
          title={sections.vitals}
          unknown={vital.notRecorded}
          to="/patienter/$patientId/matvarden"
          most={6}
        />
        <GlanceMeasures
          {...shared}
          slice={given.results}
          title={result.latest}
          unknown={result.notRecorded}
          to="/patienter/$patientId/svar"
          most={8}
        />
      </div>
    </div>
  );
}
