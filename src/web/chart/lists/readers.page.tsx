/**
 * Vem har läst: every disclosure and every refusal in this patient's access log, in words, with the legal ground.
 *
 * SPEC WEB-READERS · PDL 4 kap. 3 §
 */
import { useParams } from "@tanstack/react-router";
import { useMemo, type ReactNode } from "react";
import { useTexts } from "../../language/language.tsx";
import { sayMoment } from "../../say/dates.ts";
import { Chip } from "../../ui/chip.tsx";
import { More } from "../../ui/freshness.tsx";
import { ListTable, type ListColumn } from "../../ui/list-table.tsx";
import { LoadView } from "../../ui/load-view.tsx";
import { Panel } from "../../ui/panel.tsx";
import type { Reading } from "../../wire/chart.ts";
import { Screen } from "../screen.tsx";
import { useReaders, type Rows } from "../use-section.ts";

export function ReadersPage(): ReactNode {
  const { sections, reader } = useTexts();
  const { patientId } = useParams({ from: "/work/patienter/$patientId/vem-har-last" });
  const { loaded, refresh, isRefreshing } = useReaders(patientId);
  const asOf = "asOf" in loaded ? loaded.asOf : undefined;
  return (
    <Screen title={sections.readers} fresh={{ asOf, refresh, isRefreshing }}>
      <LoadView loaded={loaded} unknown={reader.notRecorded} lines={8}>
        {(rows) => <Readings rows={rows} />}
      </LoadView>
    </Screen>
  );
}

type Row = Reading & { readonly key: string };

function Readings({ rows }: { readonly rows: Rows<Reading> }): ReactNode {
  const { reader, source, list } = useTexts();
  const readings = useMemo(
    () => rows.items.map((one, index): Row => ({ ...one, key: `${one.recorded}|${index}` })),
    [rows.items],
  );
  const columns = useMemo(
    (): readonly ListColumn<Row>[] => [
      {
        id: "time",
        header: reader.time,
        isTight: true,
        sortBy: (one) => one.recorded,
        cell: (one) => sayMoment(one.recorded),
      },
      { id: "who", header: reader.who, sortBy: (one) => one.person, cell: (one) => <Who one={one} /> },
      {
        id: "unit",
        header: source.unit,
        sortBy: (one) => one.unit,
        cell: (one) => [one.unit ?? source.unitMissing, one.provider].filter(Boolean).join(", "),
      },
      { id: "action", header: reader.action, sortBy: (one) => one.action, cell: (one) => <Action one={one} /> },
      { id: "ground", header: reader.ground, sortBy: (one) => one.ground, cell: (one) => one.ground },
    ],
    [reader, source],
  );
  return (
    <>
      <Panel title={list.titleWithCount(reader.title, readings.length)}>
        <ListTable caption={reader.title} rows={readings} columns={columns} rowId={(one) => one.key} />
      </Panel>
      <More
        shown={readings.length}
        hasMore={rows.hasMore}
        isFetching={rows.isFetchingMore}
        fetchMore={rows.fetchMore}
      />
    </>
  );
}

function Who({ one }: { readonly one: Row }): ReactNode {
  return (
    <>
      <strong>{one.person}</strong>
      {one.title ? <span className="dim"> {one.title}</span> : null}
    </>
  );
}

function Action({ one }: { readonly one: Row }): ReactNode {
  const { reader, types } = useTexts();
  const names: Readonly<Record<string, string>> = types;
  const what = one.types
    .map((type) => names[type] ?? type)
    .toSorted((a, b) => a.localeCompare(b, "sv"))
    .join(", ");
  return (
    <>
      {one.refused ? <Chip tone="alarm">{reader.refused}</Chip> : null} {one.action}
      <span className="dim">
        {" "}
        {what} {one.count > 1 ? reader.items(one.count) : ""}
      </span>
    </>
  );
}
