/**
 * Patienters frågor: what patients ask about an access, the oldest first, each with who is responsible and the day by which it is to be
 * answered. A question stays here until it is answered.
 *
 * SPEC WEB-REVIEW-5 · PDL 8 kap. 5 §
 */
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useMemo, type ReactNode } from "react";
import { Screen } from "../chart/screen.tsx";
import type { Loaded } from "../loaded.ts";
import { sayDay, sayMoment } from "../say/dates.ts";
import { Chip } from "../ui/chip.tsx";
import { Button, NativeSelect } from "../ui/controls.ts";
import { ListTable, type ListColumn } from "../ui/list-table.tsx";
import { LoadView } from "../ui/load-view.tsx";
import { Panel } from "../ui/panel.tsx";
import { failureOf } from "../wire/call.ts";
import { questionsQuery, type ReviewQuestion } from "../wire/log-review.ts";
import styles from "./review.module.css";
import { PatientName } from "./shown-patient.tsx";
import { useReviewTexts } from "./use-review-texts.ts";

export function QuestionsPage(): ReactNode {
  const { parts, questions: texts } = useReviewTexts();
  const { lage } = useSearch({ from: "/work/granskning/fragor" });
  const isDone = lage === "besvarade";
  const query = useInfiniteQuery(questionsQuery(isDone ? "done" : "open"));
  const { data, error, refetch, dataUpdatedAt, isFetching } = query;
  const loaded = useMemo((): Loaded<readonly ReviewQuestion[]> => {
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
      title={parts.questions}
      fresh={{ asOf, refresh: () => void refetch(), isRefreshing: isFetching && data !== undefined }}
    >
      <div className={styles["page"]}>
        <States isDone={isDone} />
        <LoadView loaded={loaded} unknown={isDone ? texts.emptyDone : texts.empty} lines={6}>
          {(items) => (
            <>
              <Questions items={items} caption={isDone ? texts.captionDone : texts.caption} />
              <p role="status">
                {texts.shown(items.length, query.hasNextPage)}{" "}
                {query.hasNextPage ? (
                  <Button
                    className="no-print"
                    size="xs"
                    variant="default"
                    loading={query.isFetchingNextPage}
                    onClick={() => void query.fetchNextPage()}
                  >
                    {texts.fetchMore}
                  </Button>
                ) : null}
              </p>
            </>
          )}
        </LoadView>
      </div>
    </Screen>
  );
}

function States({ isDone }: { readonly isDone: boolean }): ReactNode {
  const { questions: texts } = useReviewTexts();
  const navigate = useNavigate({ from: "/granskning/fragor" });
  return (
    <div className={`${styles["filters"]} no-print`}>
      <NativeSelect
        label={texts.state}
        value={isDone ? "besvarade" : ""}
        onChange={(event) =>
          void navigate({
            to: "/granskning/fragor",
            search: event.currentTarget.value === "besvarade" ? { lage: "besvarade" } : {},
            replace: true,
          })
        }
        data={[
          { value: "", label: texts.states.open },
          { value: "besvarade", label: texts.states.done },
        ]}
      />
    </div>
  );
}

type QuestionsProps = { readonly items: readonly ReviewQuestion[]; readonly caption: string };

function Questions({ items, caption }: QuestionsProps): ReactNode {
  const { questions: texts } = useReviewTexts();
  const columns = useMemo(
    (): readonly ListColumn<ReviewQuestion>[] => [
      {
        id: "by",
        header: texts.answerBy,
        isTight: true,
        sortBy: (one) => one.answerBy ?? "",
        cell: (one) => (
          <>
            {one.answerBy === null ? "" : sayDay(one.answerBy)}{" "}
            {one.isLate ? <Chip tone="alarm">{texts.late}</Chip> : null}
          </>
        ),
      },
      {
        id: "words",
        header: texts.words,
        sortBy: (one) => one.words,
        cell: (one) => (
          <>
            <Link
              to="/granskning/fragor/$question"
              params={{ question: one.id }}
              aria-label={texts.open(one.unit ?? texts.unknown)}
            >
              {one.unit ?? texts.unknown}
            </Link>
            <span className={one.words === "" ? "dim" : styles["short-words"]}>
              {one.words === "" ? (
                <>
                  <br />
                  {texts.noWords}
                </>
              ) : (
                one.words
              )}
            </span>
          </>
        ),
      },
      {
        id: "about",
        header: texts.about,
        sortBy: (one) => one.person ?? undefined,
        cell: (one) => one.person ?? <span className="dim">{texts.gone}</span>,
      },
      {
        id: "patient",
        header: texts.patient,
        sortBy: (one) => one.patient.name ?? undefined,
        cell: (one) => <PatientName patient={one.patient} />,
      },
      {
        id: "owner",
        header: texts.owner,
        sortBy: (one) => one.owner?.name ?? undefined,
        cell: (one) => <Owner question={one} />,
      },
      {
        id: "asked",
        header: texts.asked,
        isTight: true,
        sortBy: (one) => one.asked,
        cell: (one) => sayMoment(one.asked),
      },
    ],
    [texts],
  );
  return (
    <Panel title={caption}>
      <ListTable caption={caption} rows={items} columns={columns} rowId={(one) => one.id} />
    </Panel>
  );
}

/** Who is responsible: the person who has taken it, until then the unit. */
export function Owner({ question: { owner, unit } }: { readonly question: ReviewQuestion }): ReactNode {
  const { questions: texts } = useReviewTexts();
  if (owner === null) return <span className="dim">{texts.ofUnit(unit ?? texts.unknown)}</span>;
  return owner.isMine ? <strong>{texts.mine}</strong> : owner.name;
}
