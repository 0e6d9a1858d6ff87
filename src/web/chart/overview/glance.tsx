/**
 * The frame of one glance: heading, how many of how many are shown, the way to the whole section, and the words for
 * "not fetched" and "nothing recorded".
 *
 * SPEC WEB-OVER-2 · WEB-LOAD
 */
import { Link } from "@tanstack/react-router";
import type { FhirResource } from "fhir/r4";
import type { ReactNode } from "react";
import { useTexts } from "../../language/language.tsx";
import type { Beside } from "../../say/concepts.ts";
import { unitOf } from "../../say/sources.ts";
import { Panel } from "../../ui/panel.tsx";
import type { Slice } from "../../wire/chart.ts";
import type { SectionPath } from "../sections.ts";
import styles from "./overview.module.css";

export type GlanceInput = { readonly patientId: string; readonly beside: Beside; readonly slice: Slice | undefined };
type GlanceProps<T> = {
  readonly title: string;
  readonly to: SectionPath;
  readonly patientId: string;
  readonly slice: Slice | undefined;
  readonly rows: readonly T[];
  readonly most: number;
  readonly unknown: string;
  /** Said when something is recorded, but nothing of it belongs here (all problems are over). */
  readonly nothing: string;
  readonly row: (row: T) => ReactNode;
  readonly rowKey: (row: T) => string;
};

export function Glance<T>({
  title,
  to,
  patientId,
  slice,
  rows,
  most,
  unknown,
  nothing,
  row,
  rowKey,
}: GlanceProps<T>): ReactNode {
  const { overview } = useTexts();
  const shown = rows.slice(0, most);
  const isAll = shown.length === rows.length && !slice?.more;
  const aside = (
    <>
      {rows.length > 0 ? (
        <span>
          {isAll ? overview.all(shown.length) : overview.some(shown.length, rows.length, slice?.more ?? false)}
        </span>
      ) : null}
      <Link to={to} params={{ patientId }} className="no-print" aria-label={overview.openNamed(title)}>
        {overview.open}
      </Link>
    </>
  );
  return (
    <Panel title={title} aside={aside}>
      {slice === undefined ? (
        <p className={styles["said"]}>{overview.notFetched}</p>
      ) : slice.items.length === 0 && !slice.more ? (
        <p className={styles["said"]} data-state="unknown">
          {unknown}
        </p>
      ) : rows.length === 0 ? (
        <p className={styles["said"]}>{nothing}</p>
      ) : (
        <ul>
          {shown.map((one) => (
            <li key={rowKey(one)} className={styles["row"]} data-row tabIndex={-1}>
              {row(one)}
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}

/** The source unit of a row, last and dimmed, never missing without a word. */
export function Unit({ resource, beside }: { readonly resource: FhirResource; readonly beside: Beside }): ReactNode {
  const { source } = useTexts();
  return <span className={styles["unit"]}>{unitOf(resource, beside) ?? source.unitMissing}</span>;
}
