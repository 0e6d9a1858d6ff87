/** Statistik för tillsyn: how many accesses were chosen, reviewed and judged how, month by month, with a file of it. SPEC WEB-REVIEW-3 */
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useMemo, useState, type FormEvent, type ReactNode } from "react";
import { Screen } from "../chart/screen.tsx";
import { TrendGraph, type GraphPoint } from "../graph/trend-graph.tsx";
import { millis } from "../say/dates.ts";
import { Button, TextInput } from "../ui/controls.ts";
import { ListTable, type ListColumn } from "../ui/list-table.tsx";
import { LoadView } from "../ui/load-view.tsx";
import { Panel } from "../ui/panel.tsx";
import { statisticsPath, statisticsQuery, type Counts, type Month, type Statistics } from "../wire/log-review.ts";
import { useLoaded } from "../wire/use-loaded.ts";
import styles from "./review.module.css";
import { useReviewTexts } from "./use-review-texts.ts";

const MONTH = /^\d{4}-(?:0[1-9]|1[0-2])$/;

export function StatisticsPage(): ReactNode {
  const { statistics } = useReviewTexts();
  const { fran, till } = useSearch({ from: "/work/granskning/statistik" });
  const { loaded, fresh } = useLoaded(statisticsQuery(fran, till));
  return (
    <Screen title={statistics.title} fresh={fresh}>
      <LoadView loaded={loaded} unknown={statistics.empty} lines={8}>
        {(value) => (
          <div className={styles["page"]}>
            <Months key={`${value.first} ${value.last}`} value={value} />
            {value.months.length === 0 ? <p data-state="unknown">{statistics.empty}</p> : <Tables value={value} />}
          </div>
        )}
      </LoadView>
    </Screen>
  );
}

function Months({ value }: { readonly value: Statistics }): ReactNode {
  const { statistics } = useReviewTexts();
  const navigate = useNavigate({ from: "/granskning/statistik" });
  const [first, setFirst] = useState(value.first);
  const [last, setLast] = useState(value.last);
  const isWrong = !MONTH.test(first) || !MONTH.test(last);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (!isWrong) void navigate({ to: "/granskning/statistik", search: { fran: first, till: last } });
  };
  return (
    <form className={`${styles["form"]} no-print`} onSubmit={submit} aria-label={statistics.title}>
      <TextInput
        className={styles["short"]}
        label={statistics.from}
        value={first}
        onChange={(event) => setFirst(event.currentTarget.value)}
      />
      <TextInput
        className={styles["short"]}
        label={statistics.to}
        error={isWrong ? statistics.monthMissing : undefined}
        value={last}
        onChange={(event) => setLast(event.currentTarget.value)}
      />
      <Button type="submit" variant="default">
        OK
      </Button>
      <a href={statisticsPath(value.first, value.last, "csv")} download>
        {statistics.download}
      </a>
    </form>
  );
}

function Tables({ value }: { readonly value: Statistics }): ReactNode {
  const { statistics, rules, outcomes } = useReviewTexts();
  const [activeId, setActiveId] = useState<string>();
  const points = useMemo(() => pointsOf(value.months, outcomes), [value.months, outcomes]);
  const reviewed = useMemo(
    () => points.map((one, at) => ({ ...one, number: judgedOf(value.months[at]) })),
    [points, value.months],
  );
  const sum = (name: keyof Counts): number => value.months.reduce((total, one) => total + one[name], 0);
  const judged = value.months.reduce((total, one) => total + judgedOf(one), 0);
  const [from, to] = [millis(`${value.first}-15`) ?? 0, millis(`${value.last}-15`) ?? 0];
  return (
    <>
      <Panel title={statistics.graph}>
        <p>{statistics.summary(sum("sampled"), judged, sum("unjustified"))}</p>
        <TrendGraph
          name={statistics.sampled}
          unit={statistics.unit}
          series={[points, reviewed]}
          from={from - MARGIN_MS}
          to={to + MARGIN_MS}
          activeId={activeId}
          setActiveId={setActiveId}
          height={200}
        />
      </Panel>
      <CountTable title={statistics.table} rows={value.months.map((one) => ({ ...one, label: one.month }))} />
      <CountTable
        title={statistics.byRule}
        rows={value.counts.map((one) => ({ ...one, label: `${one.month} · ${one.careUnit} · ${rules[one.rule]}` }))}
      />
    </>
  );
}

const MARGIN_MS = 16 * 86_400_000;

/** A month is drawn in its middle, with what came of it in words. */
function pointsOf(months: readonly Month[], words: Readonly<Record<string, string>>): readonly GraphPoint[] {
  return months.map(({ month, sampled, justified, unclear, unjustified }) => ({
    id: month,
    ms: millis(`${month}-15`) ?? 0,
    number: sampled,
    low: undefined,
    high: undefined,
    when: month,
    text: String(sampled),
    reference: undefined,
    deviation: undefined,
    standing: "final",
    comparator: undefined,
    source: `${words["justified"]} ${justified}, ${words["unclear"]} ${unclear}, ${words["unjustified"]} ${unjustified}`,
  }));
}

type CountRow = Counts & { readonly label: string };

function CountTable({ title, rows }: { readonly title: string; readonly rows: readonly CountRow[] }): ReactNode {
  const { statistics, outcomes } = useReviewTexts();
  const columns = useMemo(
    (): readonly ListColumn<CountRow>[] => [
      { id: "label", header: statistics.month, sortBy: (one) => one.label, cell: (one) => one.label },
      { id: "sampled", header: statistics.sampled, sortBy: (one) => one.sampled, cell: (one) => one.sampled },
      ...(["justified", "unclear", "unjustified"] as const).map((name) => ({
        id: name,
        header: outcomes[name],
        sortBy: (one: CountRow) => one[name],
        cell: (one: CountRow) => one[name],
      })),
      {
        id: "open",
        header: outcomes.open,
        sortBy: (one) => openOf(one),
        cell: (one) => openOf(one),
      },
    ],
    [statistics, outcomes],
  );
  return (
    <Panel title={title}>
      <ListTable caption={title} rows={rows} columns={columns} rowId={(one) => one.label} />
    </Panel>
  );
}

function judgedOf(month: Counts | undefined): number {
  return month === undefined ? 0 : month.justified + month.unclear + month.unjustified;
}

function openOf({ sampled, justified, unclear, unjustified }: Counts): number {
  return sampled - justified - unclear - unjustified;
}
