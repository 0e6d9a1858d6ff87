/**
 * One patient's chart: the banner on top of everything, the sections at the left, the chosen section beside them.
 * No section is shown before the banner knows whose chart it is, and everything here is torn down when the patient changes.
 * When nothing opens the records to the reader, the door stands in the section's place.
 *
 * SPEC WEB-BANNER · WEB-WRONG · WEB-DOOR · ux.md section 8 (one window, one patient)
 */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Outlet, useParams } from "@tanstack/react-router";
import { useCallback, useState, type ReactNode } from "react";
import { useTexts } from "../language/language.tsx";
import { LoadView } from "../ui/load-view.tsx";
import { OrdainDock } from "../medication/dock.ts";
import { MeasureDock } from "../observations/dock.ts";
import { careQuery } from "../wire/care.ts";
import { PatientBanner } from "./banner/patient-banner.tsx";
import { Door } from "./care/door.tsx";
import { DoorBanner } from "./care/door-banner.tsx";
import { fetchAnew, useEndOfAccess } from "./care/use-care.ts";
import { useDoor } from "./care/use-door.ts";
import { ChartNav } from "./chart-nav.tsx";
import { DockedPane, useDocks } from "./docks.tsx";
import { DamagedNotice } from "./damaged-notice.tsx";
import styles from "./chart.module.css";
import { useChartCommands, type Dock } from "./use-chart-commands.ts";
import { useOverview } from "./use-section.ts";

export function ChartPage(): ReactNode {
  const { patientId } = useParams({ from: "/work/patienter/$patientId" });
  return <Chart key={patientId} patientId={patientId} />;
}

function Chart({ patientId }: { readonly patientId: string }): ReactNode {
  const { care } = useTexts();
  const door = useDoor(patientId);
  const [said, setSaid] = useState("");
  const { docked, dock, close } = useDocks();
  const isOpen = door.state === "open";
  useChartCommands(patientId, isOpen ? dock : undefined);
  const opened = (): void => {
    setSaid(care.opened);
    door.open();
    document.getElementById("innehall")?.focus({ preventScroll: true });
  };
  return (
    <>
      <p className="visually-hidden" role="status">
        {door.state === "open" ? said : ""}
      </p>
      {door.state === "open" ? (
        <OpenChart patientId={patientId} dock={dock}>
          <DockedPane patientId={patientId} docked={docked} close={close} />
        </OpenChart>
      ) : (
        <ChartFrame patientId={patientId} banner={<DoorBanner patientId={patientId} />}>
          <Door
            patientId={patientId}
            hasEnded={door.state === "ended"}
            opened={opened}
            isOpenAlready={door.openItself}
          />
        </ChartFrame>
      )}
    </>
  );
}

type OpenProps = { readonly patientId: string; readonly dock: Dock; readonly children: ReactNode };

function OpenChart({ patientId, dock, children }: OpenProps): ReactNode {
  const { patient } = useTexts();
  const queries = useQueryClient();
  const { loaded } = useOverview(patientId);
  // What is hidden is said on every screen, so it is asked together with the first.
  const care = useQuery(careQuery(patientId)).data;
  const ended = useCallback(() => {
    void queries.invalidateQueries(careQuery(patientId));
    void fetchAnew(queries, patientId);
  }, [queries, patientId]);
  useEndOfAccess(patientId, care, ended);
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
    <ChartFrame patientId={patientId} banner={<PatientBanner overview={loaded.value} />} dock={dock} beside={children}>
      <DamagedNotice patientId={patientId} />
      <OrdainDock value={dock.ordain}>
        <MeasureDock value={dock.measure}>
          <Outlet />
        </MeasureDock>
      </OrdainDock>
    </ChartFrame>
  );
}

type FrameProps = {
  readonly patientId: string;
  readonly banner: ReactNode;
  readonly children: ReactNode;
  readonly dock?: Dock | undefined;
  /** A workspace that is docked at the right. */
  readonly beside?: ReactNode;
};

function ChartFrame({ patientId, banner, children, dock, beside }: FrameProps): ReactNode {
  return (
    <div className={styles["chart"]}>
      <div className={styles["banner"]}>{banner}</div>
      <div className={styles["below"]}>
        <ChartNav patientId={patientId} dock={dock} />
        <div className={styles["content"]}>{children}</div>
        {beside}
      </div>
    </div>
  );
}
