/**
 * Att granska: what samples have drawn and what is always reviewed, the riskiest first, each with why it was chosen and
 * how it was judged. What is filtered stands in the address.
 *
 * SPEC WEB-REVIEW-1 · HSLF-FS 2016:40 4 kap. 9 §
 */
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useMemo, useState, type ReactNode } from "react";
import { Screen } from "../chart/screen.tsx";
import type { Loaded } from "../loaded.ts";
import { sayDay } from "../say/dates.ts";
import { Chip } from "../ui/chip.tsx";
import { Button, NativeSelect, TextInput } from "../ui/controls.ts";
import { ListTable, type ListColumn } from "../ui/list-table.tsx";
import { LoadView } from "../ui/load-view.tsx";
import { Panel } from "../ui/panel.tsx";
import { failureOf } from "../wire/call.ts";
import { samplesQuery, tasksQuery, type QuestionCounts, type ReviewTask } from "../wire/log-review.ts";
import { DrawForm } from "./draw-form.tsx";
import { OutcomeChip } from "./outcome-chip.tsx";
import styles from "./review.module.css";
import { PatientName } from "./shown-patient.tsx";
import { useReviewTexts } from "./use-review-texts.ts";

export function TasksPage(): ReactNode {
  const texts = useReviewTexts();
  const { urval, lage, skal } = useSearch({ from: "/work/granskning/" });
  const query = useInfiniteQuery(tasksQuery({ sample: urval, state: STATES[lage ?? "ej-granskade"], rule: skal }));
  const { data, error, refetch, dataUpdatedAt, isFetching } = query;
  const loaded = useMemo((): Loaded<readonly ReviewTask[]> => {
    const asOf = new Date(dataUpdatedAt).toISOString();
    const items = data?.pages.flatMap((page) => page.items);
    if (items?.length === 0) return { state: "unknown", asOf };
    if (items) return { state: "some", value: items, asOf, stale: error ? failureOf(error) : undefined };
    if (error) return { state: "failed", failure: failureOf(error), retry: () => void refetch() };
    return { state: "loading" };
  }, [data, error, refetch, dataUpdatedAt]);
  const asOf = "asOf" in loaded ? loaded.asOf : undefined;
  return (
    <Screen
      title={texts.parts.tasks}
      fresh={{ asOf, refresh: () => void refetch(), isRefreshing: isFetching && data !== undefined }}
    >
      <div className={styles["page"]}>
        <Waiting counts={data?.pages[0]?.questions} />
        <DrawForm />
        <Filters />
        <LoadView loaded={loaded} unknown={texts.list.empty} lines={8}>
          {(tasks) => (
            <Tasks
              tasks={tasks}
              more={query.hasNextPage}
              fetchMore={() => void query.fetchNextPage()}
              isFetching={query.isFetchingNextPage}
            />
          )}
        </LoadView>
      </div>
    </Screen>
  );
}

/** Patients wait for answers on another page; that must not be missed here. */
function Waiting({ counts }: { readonly counts: QuestionCounts | undefined }): ReactNode {
  const { questions } = useReviewTexts();
  if (counts === undefined || counts.open === 0) return null;
  return (
    <p role="note" className={styles["waiting"]} data-late={counts.late > 0}>
      {questions.waiting(counts.open, counts.late)} <Link to="/granskning/fragor">{questions.toList}</Link>
    </p>
  );
}

const STATES = { alla: undefined, "ej-granskade": "open", granskade: "done" } as const;
export type StateName = keyof typeof STATES;

function Filters(): ReactNode {
  const { filter, rules } = useReviewTexts();
  const { urval, lage = "ej-granskade", skal } = useSearch({ from: "/work/granskning/" });
  const navigate = useNavigate({ from: "/granskning" });
  const samples = useQuery(samplesQuery).data?.items ?? [];
  const choose = (change: { readonly urval?: string; readonly lage?: StateName; readonly skal?: string }): void =>
    void navigate({ to: "/granskning", search: (before) => withoutEmpty({ ...before, ...change }), replace: true });
  return (
    <div className={`${styles["filters"]} no-print`} role="group" aria-label={filter.name}>
      <NativeSelect
        label={filter.state}
        value={lage}
        onChange={(event) => choose({ lage: event.currentTarget.value as StateName })}
        data={[
          { value: "ej-granskade", label: filter.states.open },
          { value: "granskade", label: filter.states.done },
          { value: "alla", label: filter.states.all },
        ]}
      />
      <NativeSelect
        label={filter.rule}
        value={skal ?? ""}
        onChange={(event) => choose({ skal: event.currentTarget.value })}
        data={[
          { value: "", label: filter.allRules },
          ...Object.entries(rules).map(([value, label]) => ({ value, label })),
        ]}
      />
      <NativeSelect
        label={filter.sample}
        value={urval ?? ""}
        onChange={(event) => choose({ urval: event.currentTarget.value })}
        data={[
          { value: "", label: filter.allSamples },
          ...samples.map(({ id, seed, low, high, judged, items }) => ({
            value: id,
            label: filter.sampleName(seed, `${sayDay(low)} – ${lastDayOf(high)}`, judged, items),
          })),
        ]}
      />
    </div>
  );
}

/** The day before the moment at which a period ends. */
function lastDayOf(high: string): string {
  return sayDay(new Date(Date.parse(high) - 1).toISOString());
}

function withoutEmpty<T extends object>(search: T): T {
  return Object.fromEntries(Object.entries(search).filter(([, value]) => value !== "" && value !== undefined)) as T;
}

type TasksProps = {
  readonly tasks: readonly ReviewTask[];
  readonly more: boolean;
  readonly fetchMore: () => void;
  readonly isFetching: boolean;
};

function Tasks({ tasks, more, fetchMore, isFetching }: TasksProps): ReactNode {
  const { list, filter, outcomes } = useReviewTexts();
  const [words, setWords] = useState("");
  const wanted = words.trim().toLowerCase();
  const shown = tasks.filter(({ person, unit, actor, patient }) =>
    [person, unit, actor, patient.name].some((one) => (one ?? "").toLowerCase().includes(wanted)),
  );
  const columns = useMemo(
    (): readonly ListColumn<ReviewTask>[] => [
      { id: "risk", header: list.risk, isTight: true, sortBy: (one) => -one.risk, cell: (one) => one.risk },
      {
        id: "who",
        header: list.who,
        sortBy: (one) => one.person,
        cell: (one) => (
          <>
            <Link to="/granskning/$access" params={{ access: one.access }} aria-label={list.open(one.person)}>
              {one.person}
            </Link>
            <br />
            <span className="dim">{one.unit}</span>
          </>
        ),
      },
      {
        id: "patient",
        header: list.patient,
        sortBy: (one) => one.patient.name ?? undefined,
        cell: (one) => <PatientName patient={one.patient} />,
      },
      { id: "when", header: list.when, isTight: true, sortBy: (one) => one.day, cell: (one) => one.day },
      {
        id: "why",
        header: list.why,
        sortBy: (one) => one.findings[0]?.rule,
        cell: (one) => <Why task={one} />,
      },
      {
        id: "outcome",
        header: list.outcome,
        isTight: true,
        sortBy: (one) => (one.verdict === null ? outcomes.open : outcomes[one.verdict.outcome]),
        cell: (one) => <OutcomeChip verdict={one.verdict} />,
      },
    ],
    [list, outcomes],
  );
  return (
    <>
      <TextInput
        data-filter
        className={`${styles["wide"]} no-print`}
        label={filter.words}
        placeholder={filter.wordsExample}
        value={words}
        onChange={(event) => setWords(event.currentTarget.value)}
      />
      <Panel title={list.caption}>
        <ListTable
          caption={list.caption}
          rows={shown}
          columns={columns}
          rowId={(one) => one.access}
          isMuted={(one) => one.verdict !== null}
        />
      </Panel>
      <p role="status">
        {list.shown(tasks.length, more)} {shown.length < tasks.length ? list.hidden(tasks.length - shown.length) : ""}{" "}
        {more ? (
          <Button className="no-print" size="xs" variant="default" loading={isFetching} onClick={fetchMore}>
            {list.fetchMore}
          </Button>
        ) : null}
      </p>
    </>
  );
}

function Why({ task }: { readonly task: ReviewTask }): ReactNode {
  const { list, rules } = useReviewTexts();
  if (task.findings.length === 0) return <span className="dim">{list.none}</span>;
  return (
    <ul className={styles["why"]}>
      {task.findings.map(({ rule, explanation }) => (
        <li key={rule}>
          <Chip tone={rule === "emergency" || rule === "known-person" ? "warn" : "note"}>{rules[rule]}</Chip>{" "}
          <span className="dim">{explanation}</span>
        </li>
      ))}
    </ul>
  );
}
