/** The values of one analysis as a table, newest first: the same facts as the graph and those that no graph can show. SPEC WEB-TREND-3 */
import type { ReactNode } from "react";
import { useTexts } from "../../language/language.tsx";
import type { Analysis, Measured } from "../../say/analyses.ts";
import { sayMoment } from "../../say/dates.ts";
import styles from "./trend-panel.module.css";
import { ValueText } from "./value-text.tsx";

type ValueTableProps = {
  readonly analysis: Analysis;
  readonly values: readonly Measured[];
  readonly activeId: string | undefined;
  readonly setActiveId: (id: string) => void;
};

export function ValueTable({ analysis, values, activeId, setActiveId }: ValueTableProps): ReactNode {
  const { result, source, trend, value } = useTexts();
  return (
    <div
      className={styles["tableScroll"]}
      tabIndex={0}
      role="region"
      aria-label={trend.tableOf(analysis.name ?? result.unnamed)}
    >
      <table className={styles["values"]}>
        <caption className="visually-hidden">{trend.tableOf(analysis.name ?? result.unnamed)}</caption>
        <thead>
          <tr>
            <th scope="col">{trend.when}</th>
            <th scope="col">{trend.value}</th>
            <th scope="col">{trend.reference}</th>
            <th scope="col">{source.unit}</th>
          </tr>
        </thead>
        <tbody>
          {values.map((one) => (
            <tr key={one.id} data-active={one.id === activeId} onPointerEnter={() => setActiveId(one.id)}>
              <th scope="row">{one.when ? sayMoment(one.when) : trend.timeMissing}</th>
              <td>
                <ValueText measured={one} unit={one.unit === analysis.unit ? undefined : one.unit} />
                {one.standing === "final" ? null : (
                  <span className={styles["standing"]}>{value.standings[one.standing]}</span>
                )}
                {one.note ? <span className={styles["standing"]}>{one.note}</span> : null}
              </td>
              <td>
                {one.parts
                  .map((part) => part.value.reference)
                  .filter(Boolean)
                  .join(" / ")}
              </td>
              <td>{one.source ?? source.unitMissing}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
