/**
 * The table of every list screen: sortable by any column, rows that j and k reach, and cards instead of columns where the
 * window is narrow. Roles are written out, because display: block on a table would take them away.
 *
 * SPEC WEB-LIST
 */
import {
  createSortedRowModel,
  rowSortingFeature,
  tableFeatures,
  useTable,
  type ColumnDef,
  type SortingState,
} from "@tanstack/react-table";
import { useMemo, useState, type ReactNode } from "react";
import { useTexts } from "../language/language.tsx";
import styles from "./list-table.module.css";
import { useRowKeys } from "./row-keys.ts";

export type ListColumn<T> = {
  readonly id: string;
  readonly header: string;
  readonly cell: (row: T) => ReactNode;
  /** What the column sorts by; no value goes last. */
  readonly sortBy: (row: T) => string | number | undefined;
  /** A narrow column whose content should not break. */
  readonly isTight?: boolean;
};
type ListTableProps<T> = {
  readonly caption: string;
  readonly rows: readonly T[];
  readonly columns: readonly ListColumn<T>[];
  readonly rowId: (row: T) => string;
  readonly isMuted?: (row: T) => boolean;
};

const inSwedish = new Intl.Collator("sv", { numeric: true });
const features = tableFeatures({ rowSortingFeature, sortedRowModel: createSortedRowModel() });

export function ListTable<T extends object>({ caption, rows, columns, rowId, isMuted }: ListTableProps<T>): ReactNode {
  const [sorting, setSorting] = useState<SortingState>([]);
  const definitions = useMemo(() => columns.map((column) => definition(column)), [columns]);
  const table = useTable({
    features,
    data: rows,
    columns: definitions,
    getRowId: rowId,
    state: { sorting },
    onSortingChange: setSorting,
  });
  useRowKeys();
  return (
    <table className={styles["table"]} role="table">
      <caption className="visually-hidden">{caption}</caption>
      <thead role="rowgroup">
        <tr role="row">
          {columns.map((column) => (
            <HeaderCell
              key={column.id}
              header={column.header}
              isTight={column.isTight}
              sorted={directionOf(sorting, column.id)}
              sort={() => setSorting(nextSorting(sorting, column.id))}
            />
          ))}
        </tr>
      </thead>
      <tbody role="rowgroup">
        {table.getRowModel().rows.map((row) => (
          <tr key={row.id} role="row" data-row tabIndex={-1} data-muted={isMuted?.(row.original)}>
            {columns.map((column) => (
              <td key={column.id} role="cell" data-label={column.header} data-tight={column.isTight}>
                <div className={styles["cell"]}>{column.cell(row.original)}</div>
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

type Direction = "ascending" | "descending" | "none";

function HeaderCell({
  header,
  isTight,
  sorted,
  sort,
}: {
  readonly header: string;
  readonly isTight: boolean | undefined;
  readonly sorted: Direction;
  readonly sort: () => void;
}): ReactNode {
  const { list } = useTexts();
  return (
    <th role="columnheader" scope="col" aria-sort={sorted} data-tight={isTight}>
      <button type="button" onClick={sort} title={list.sort}>
        {header} <span aria-hidden="true">{sorted === "ascending" ? "▲" : sorted === "descending" ? "▼" : ""}</span>
      </button>
    </th>
  );
}

function definition<T extends object>(column: ListColumn<T>): ColumnDef<typeof features, T> {
  return {
    id: column.id,
    header: column.header,
    accessorFn: column.sortBy,
    sortUndefined: "last",
    sortFn: (a, b, id) => inSwedish.compare(String(a.getValue(id)), String(b.getValue(id))),
  };
}

function directionOf(sorting: SortingState, id: string): Direction {
  const found = sorting.find((one) => one.id === id);
  return found ? (found.desc ? "descending" : "ascending") : "none";
}

/** Ascending, descending, then the server's own order again. */
function nextSorting(sorting: SortingState, id: string): SortingState {
  const direction = directionOf(sorting, id);
  if (direction === "none") return [{ id, desc: false }];
  return direction === "ascending" ? [{ id, desc: true }] : [];
}
