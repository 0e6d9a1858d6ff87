/**
 * Läkemedel: what the patient has, ordained here, prescribed and told, active first, with what the checks say of what stands; what is stopped
 * is one key away and its number is always said.
 *
 * SPEC WEB-MED · WEB-ORDAIN-5 · ux.md section 8 (medication line, count and look-ahead)
 */
import { Link, useParams, useSearch } from "@tanstack/react-router";
import { useMemo, type ReactNode } from "react";
import type { FhirResource } from "fhir/r4";
import { useQuery } from "@tanstack/react-query";
import { standingOf } from "../../medication/standing.ts";
import { useMedicationTexts } from "../../medication/use-medication-texts.ts";
import { deskQuery, type Desk } from "../../wire/medication.ts";
import { useTexts } from "../../language/language.tsx";
import { judge } from "../../loaded.ts";
import { isNoMedication, medicationGroup, type MedicationGroup, type Prescribed } from "../../say/medication.ts";
import { More } from "../../ui/freshness.tsx";
import { LoadView } from "../../ui/load-view.tsx";
import { Panel } from "../../ui/panel.tsx";
import { Screen } from "../screen.tsx";
import { ofType, useSection, type Rows } from "../use-section.ts";
import styles from "./medication.module.css";
import { OrdainButtons } from "./medication-acts.tsx";
import { MedicationTable, type MedicationEntry } from "./medication-table.tsx";

export function MedicationPage(): ReactNode {
  const { sections, medication } = useTexts();
  const { patientId } = useParams({ from: "/work/patienter/$patientId/lakemedel" });
  const { loaded, refresh, isRefreshing } = useSection(patientId, "medications", 200);
  const asOf = "asOf" in loaded ? loaded.asOf : undefined;
  const judged = judge(loaded, (rows) =>
    rows.hasMore ? "some" : verdict(prescribedIn(rows.items), medication.noneKnown),
  );
  return (
    <Screen title={sections.medications} fresh={{ asOf, refresh, isRefreshing }}>
      <LoadView loaded={judged} unknown={medication.notRecorded} lines={8}>
        {(rows) => <Lists rows={rows} patientId={patientId} />}
      </LoadView>
    </Screen>
  );
}

function prescribedIn(items: readonly FhirResource[]): readonly Prescribed[] {
  return ofType(items, "MedicationRequest", "MedicationStatement");
}

/** A recorded "no medication" counts only when nothing else is recorded. */
function verdict(
  all: readonly Prescribed[],
  words: string,
): "some" | "unknown" | { readonly noneKnown: readonly string[] } {
  if (all.some((one) => !isNoMedication(one))) return "some";
  return all.length > 0 ? { noneKnown: [words] } : "unknown";
}

function Lists({ rows, patientId }: { readonly rows: Rows<FhirResource>; readonly patientId: string }): ReactNode {
  const { medication } = useTexts();
  const { checksMissing } = useMedicationTexts();
  const desk = useQuery(deskQuery(patientId));
  const { visa } = useSearch({ from: "/work/patienter/$patientId/lakemedel" });
  const groups = useMemo(() => groupsOf(prescribedIn(rows.items), rows, desk.data), [rows, desk.data]);
  const stopped = groups.stopped.length;
  return (
    <div className={styles["lists"]}>
      {desk.isError ? <p role="alert">{checksMissing}</p> : null}
      <Panel title={medication.active(groups.active.length)} aside={<OrdainButtons />}>
        {groups.active.length > 0 ? (
          <MedicationTable caption={medication.active(groups.active.length)} entries={groups.active} />
        ) : (
          <p className="dim">{medication.noActive(rows.hasMore)}</p>
        )}
      </Panel>
      {groups.unclear.length > 0 ? (
        <Panel title={medication.unclear(groups.unclear.length)}>
          <MedicationTable caption={medication.unclear(groups.unclear.length)} entries={groups.unclear} />
        </Panel>
      ) : null}
      <Panel
        title={medication.stopped(stopped)}
        aside={
          stopped > 0 ? (
            <Link
              to="/patienter/$patientId/lakemedel"
              params={{ patientId }}
              search={visa ? {} : { visa: "avslutade" }}
              replace
              className="no-print"
            >
              {visa ? medication.hideStopped : medication.showStopped}
            </Link>
          ) : undefined
        }
      >
        {visa && stopped > 0 ? (
          <MedicationTable caption={medication.stopped(stopped)} entries={groups.stopped} />
        ) : (
          <p className="dim">{stopped > 0 ? medication.stoppedHidden(stopped) : medication.noStopped}</p>
        )}
      </Panel>
      <More
        shown={rows.items.length}
        hasMore={rows.hasMore}
        isFetching={rows.isFetchingMore}
        fetchMore={rows.fetchMore}
      />
    </div>
  );
}

function groupsOf(
  all: readonly Prescribed[],
  rows: Rows<FhirResource>,
  desk: Desk | undefined,
): Readonly<Record<MedicationGroup, readonly MedicationEntry[]>> {
  const entries = all
    .filter((one) => !isNoMedication(one))
    .map((prescribed): MedicationEntry => ({ ...standingOf(prescribed, rows, desk), rows }));
  const inGroup = (group: MedicationGroup): readonly MedicationEntry[] =>
    entries.filter((one) => medicationGroup(one.prescribed) === group);
  const byName = (a: MedicationEntry, b: MedicationEntry): number =>
    (a.line.substance ?? "").localeCompare(b.line.substance ?? "", "sv");
  return {
    active: inGroup("active").toSorted(byName),
    unclear: inGroup("unclear").toSorted(byName),
    stopped: inGroup("stopped"),
  };
}
