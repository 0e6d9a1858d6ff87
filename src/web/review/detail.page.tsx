/**
 * One access: who, whose record, why it was chosen, every line of what was done, and the outcome that the reviewer gives.
 *
 * SPEC WEB-REVIEW-2
 */
import { Link, useParams } from "@tanstack/react-router";
import { useMemo, type ReactNode } from "react";
import { Screen } from "../chart/screen.tsx";
import { useTexts } from "../language/language.tsx";
import { sayMoment } from "../say/dates.ts";
import { Chip } from "../ui/chip.tsx";
import { ListTable, type ListColumn } from "../ui/list-table.tsx";
import { LoadView } from "../ui/load-view.tsx";
import { Panel } from "../ui/panel.tsx";
import { detailQuery, type ReviewDetail, type ReviewLine } from "../wire/log-review.ts";
import { useLoaded } from "../wire/use-loaded.ts";
import { JudgePanel } from "./judge-panel.tsx";
import styles from "./review.module.css";
import { PatientName } from "./shown-patient.tsx";
import { useReviewTexts } from "./use-review-texts.ts";

export function DetailPage(): ReactNode {
  const { detail, list } = useReviewTexts();
  const { access } = useParams({ from: "/work/granskning/$access" });
  const { loaded, fresh } = useLoaded(detailQuery(access));
  return (
    <Screen title={detail.title} fresh={fresh} tools={<Link to="/granskning">{detail.back}</Link>}>
      <LoadView loaded={loaded} unknown={list.empty} lines={8}>
        {(value) => (
          <div className={styles["columns"]}>
            <div className={styles["page"]}>
              <Facts detail={value} />
              <Lines detail={value} />
            </div>
            <JudgePanel key={value.verdicts.length} access={access} verdicts={value.verdicts} />
          </div>
        )}
      </LoadView>
    </Screen>
  );
}

function Facts({ detail: { task } }: { readonly detail: ReviewDetail }): ReactNode {
  const { detail, list, rules } = useReviewTexts();
  return (
    <Panel title={task.person}>
      <dl className={styles["facts"]}>
        <div>
          <dt>{detail.hsaId}</dt>
          <dd>{task.actor}</dd>
        </div>
        <div>
          <dt>{detail.unit}</dt>
          <dd>{task.unit}</dd>
        </div>
        <div>
          <dt>{detail.day}</dt>
          <dd>{task.day}</dd>
        </div>
        <div>
          <dt>{detail.patient}</dt>
          <dd>
            <PatientName patient={task.patient} />
          </dd>
        </div>
        {task.seed === null ? null : (
          <div>
            <dt>{detail.sample}</dt>
            <dd>{task.seed}</dd>
          </div>
        )}
      </dl>
      <h3>{detail.why}</h3>
      {task.findings.length === 0 ? <p>{list.none}</p> : null}
      <ul className={styles["why"]}>
        {task.findings.map(({ rule, weight, explanation }) => (
          <li key={rule}>
            <Chip tone="note">{rules[rule]}</Chip> {explanation} <span className="dim">{detail.weight(weight)}</span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

type Row = ReviewLine & { readonly key: string };

function Lines({ detail: { lines, isCut } }: { readonly detail: ReviewDetail }): ReactNode {
  const { detail } = useReviewTexts();
  const rows = useMemo(() => lines.map((one, at): Row => ({ ...one, key: `${one.time} ${at}` })), [lines]);
  const columns = useMemo(
    (): readonly ListColumn<Row>[] => [
      {
        id: "time",
        header: detail.time,
        isTight: true,
        sortBy: (one) => one.time,
        cell: (one) => sayMoment(one.time),
      },
      { id: "action", header: detail.action, sortBy: (one) => one.activity, cell: (one) => <Action one={one} /> },
      { id: "what", header: detail.what, sortBy: (one) => one.types.join(), cell: (one) => <What one={one} /> },
      {
        id: "ground",
        header: detail.ground,
        sortBy: (one) => one.ground,
        cell: (one) => one.ground,
      },
    ],
    [detail],
  );
  return (
    <Panel title={detail.lines}>
      {isCut ? <p role="note">{detail.cut}</p> : null}
      <ListTable caption={detail.lines} rows={rows} columns={columns} rowId={(one) => one.key} />
    </Panel>
  );
}

function Action({ one }: { readonly one: Row }): ReactNode {
  const { detail } = useReviewTexts();
  return (
    <>
      {one.activity} {one.refused ? <Chip tone="alarm">{detail.refused}</Chip> : null}{" "}
      {one.emergency ? <Chip tone="warn">{detail.emergency}</Chip> : null}
    </>
  );
}

/** Kinds of data in words, and the versions as the log names them. */
function What({ one }: { readonly one: Row }): ReactNode {
  const { types } = useTexts();
  const names: Readonly<Record<string, string>> = types;
  return (
    <>
      {one.types.map((type) => names[type] ?? type).join(", ")}
      <details className={styles["what"]}>
        <summary>{one.count}</summary>
        {one.what.join(", ")}
      </details>
    </>
  );
}
