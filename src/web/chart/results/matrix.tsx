/**
 * Analyses down, sampling times across, the newest time nearest the names. Rows are grouped by the panel they were ordered
 * in; the row in focus is the one whose trend is shown.
 *
 * SPEC WEB-RESULT · ux.md section 10, screen 9
 */
import { useMemo, useState, type ReactNode } from "react";
import { useTexts } from "../../language/language.tsx";
import type { Analysis, Measured } from "../../say/analyses.ts";
import { sayClock, sayDay } from "../../say/dates.ts";
import { Button } from "../../ui/controls.ts";
import { useRowKeys } from "../../ui/row-keys.ts";
import styles from "./matrix.module.css";
import { ValueText } from "./value-text.tsx";

type MatrixProps = {
  readonly caption: string;
  /** What a row is: an analysis, a measurement. */
  readonly head: string;
  readonly analyses: readonly Analysis[];
  readonly chosen: string | undefined;
  readonly choose: (key: string) => void;
  /** What can be done with what was measured at a time. */
  readonly toolsAt?: ((when: string) => ReactNode) | undefined;
};

const FIRST_COLUMNS = 12;

export function Matrix({ caption, head, analyses, chosen, choose, toolsAt }: MatrixProps): ReactNode {
  const { result } = useTexts();
  const times = useMemo(() => timesOf(analyses), [analyses]);
  const [isWide, setWide] = useState(false);
  const columns = isWide ? times : times.slice(0, FIRST_COLUMNS);
  const groups = groupsOf(analyses);
  useRowKeys();
  return (
    <div className={styles["scroll"]} tabIndex={0} role="region" aria-label={caption}>
      <table className={styles["matrix"]}>
        <caption className="visually-hidden">{caption}</caption>
        <thead>
          <tr>
            <th scope="col" className={styles["corner"]}>
              {head}
            </th>
            <th scope="col" className={styles["newestHead"]}>
              {result.newest}
            </th>
            {columns.map((when) => (
              <th key={when} scope="col">
                <span>{sayDay(when)}</span>
                <span className={styles["clock"]}>{sayClock(when) ?? "\u00a0"}</span>
                {toolsAt?.(when)}
              </th>
            ))}
            {times.length > columns.length ? (
              <th scope="col" className="no-print">
                <Button size="compact-xs" variant="default" onClick={() => setWide(true)}>
                  {result.olderColumns(times.length - columns.length)}
                </Button>
              </th>
            ) : null}
          </tr>
        </thead>
        {groups.map(([group, rows]) => (
          <tbody key={group ?? ""}>
            {groups.length > 1 || group !== undefined ? (
              <tr className={styles["group"]}>
                <th scope="rowgroup" colSpan={columns.length + 3}>
                  <span>{group ?? result.otherAnalyses}</span>
                </th>
              </tr>
            ) : null}
            {rows.map((row) => (
              <Row key={row.key} analysis={row} columns={columns} isChosen={row.key === chosen} choose={choose} />
            ))}
          </tbody>
        ))}
      </table>
    </div>
  );
}

type RowProps = {
  readonly analysis: Analysis;
  readonly columns: readonly string[];
  readonly isChosen: boolean;
  readonly choose: (key: string) => void;
};

function Row({ analysis, columns, isChosen, choose }: RowProps): ReactNode {
  const { result } = useTexts();
  const newest = analysis.values.find((one) => one.parts[0]?.value.reference !== undefined);
  return (
    <tr className={styles["row"]} data-chosen={isChosen} onClick={() => choose(analysis.key)}>
      <th scope="row">
        <button type="button" data-row aria-pressed={isChosen} onFocus={() => choose(analysis.key)}>
          {analysis.name ?? result.unnamed}
        </button>
        <span className={styles["reference"]}>
          {[newest?.parts[0]?.value.reference, analysis.unit].filter(Boolean).join(" ")}
        </span>
      </th>
      <td className={styles["newest"]}>
        {analysis.values[0] ? (
          <ValueText measured={analysis.values[0]} unit={unlike(analysis.values[0], analysis)} />
        ) : null}
        <span className={styles["reference"]}>{analysis.values[0]?.when ? sayDay(analysis.values[0].when) : ""}</span>
      </td>
      {columns.map((when) => (
        <td key={when}>
          {analysis.values
            .filter((one) => one.when === when)
            .map((one) => (
              <ValueText key={one.id} measured={one} unit={unlike(one, analysis)} />
            ))}
        </td>
      ))}
    </tr>
  );
}

/** A value in another unit than the row says its own. */
function unlike(measured: Measured, analysis: Analysis): string | undefined {
  return measured.unit === analysis.unit ? undefined : measured.unit;
}

function timesOf(analyses: readonly Analysis[]): readonly string[] {
  const times = new Map(
    analyses.flatMap((one) =>
      one.values.flatMap((value) => (value.when ? [[value.when, value.ms ?? 0] as const] : [])),
    ),
  );
  return [...times].toSorted((a, b) => b[1] - a[1]).map(([when]) => when);
}

function groupsOf(analyses: readonly Analysis[]): readonly (readonly [string | undefined, readonly Analysis[]])[] {
  const groups = new Map<string | undefined, Analysis[]>();
  for (const one of analyses) {
    const same = groups.get(one.group);
    if (same) same.push(one);
    else groups.set(one.group, [one]);
  }
  return [...groups];
}
