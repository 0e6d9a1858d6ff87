/**
 * One patient's chart: the banner on top of everything, the sections at the left, the chosen section beside them.
 * No section is shown before the banner knows whose chart it is, and everything here is torn down when the patient changes.
 *
 * SPEC WEB-BANNER · WEB-WRONG · ux.md section 8 (one window, one patient)
 */
import { Outlet, useParams } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTexts } from "../language/language.tsx";
import { LoadView } from "../ui/load-view.tsx";
import { PatientBanner } from "./banner/patient-banner.tsx";
import { ChartNav } from "./chart-nav.tsx";
import styles from "./chart.module.css";
import { useChartCommands } from "./use-chart-commands.ts";
import { useOverview } from "./use-section.ts";

export function ChartPage(): ReactNode {
  const { patientId } = useParams({ from: "/work/patienter/$patientId" });
  return <Chart key={patientId} patientId={patientId} />;
}

function Chart({ patientId }: { readonly patientId: string }): ReactNode {
  const { patient } = useTexts();
  const { loaded } = useOverview(patientId);
  useChartCommands(patientId);
  if (loaded.state !== "some") {
    return (
      <div className={styles["waiting"]}>
        <LoadView loaded={loaded} unknown={patient.notFound} lines={4}>
          {() => null}
        </LoadView>
      </div>
    );
  }
  return (
    <div className={styles["chart"]}>
      <div className={styles["banner"]}>
        <PatientBanner overview={loaded.value} />
      </div>
      <div className={styles["below"]}>
        <ChartNav patientId={patientId} />
        <div className={styles["content"]}>
          <Outlet />
        </div>
      </div>
    </div>
  );
}
