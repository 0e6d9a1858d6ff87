/** A section that is one table: used by problems, allergies, referrals, contacts, vaccinations. SPEC WEB-LIST */
import type { FhirResource } from "fhir/r4";
import type { ReactNode } from "react";
import { useTexts } from "../../language/language.tsx";
import { judge, type Loaded } from "../../loaded.ts";
import { More } from "../../ui/freshness.tsx";
import { ListTable, type ListColumn } from "../../ui/list-table.tsx";
import { LoadView } from "../../ui/load-view.tsx";
import { Panel } from "../../ui/panel.tsx";
import { Screen } from "../screen.tsx";
import type { Rows } from "../use-section.ts";
import styles from "./list-screen.module.css";

export type Verdict = "some" | "unknown" | { readonly noneKnown: readonly string[] };
export type Group<T> = {
  readonly title: string;
  readonly rows: readonly T[];
  /** What is said when this group has no row. */ readonly nothing: string;
  readonly isMuted?: boolean;
};
type ListScreenProps<T> = {
  readonly title: string;
  readonly section: Loaded<Rows<FhirResource>>;
  readonly refresh: () => void;
  readonly isRefreshing: boolean;
  readonly unknown: string;
  readonly verdict?: (rows: Rows<FhirResource>) => Verdict;
  readonly groups: (rows: Rows<FhirResource>) => readonly Group<T>[];
  readonly columns: (rows: Rows<FhirResource>) => readonly ListColumn<T>[];
  /** What stands above the lists, whatever came of these. */
  readonly above?: ReactNode;
};

export function ListScreen<T extends { readonly id?: string | undefined }>({
  title,
  section,
  refresh,
  isRefreshing,
  unknown,
  verdict,
  groups,
  columns,
  above,
}: ListScreenProps<T>): ReactNode {
  const asOf = "asOf" in section ? section.asOf : undefined;
  const judged = verdict ? judge(section, verdict) : section;
  return (
    <Screen title={title} fresh={{ asOf, refresh, isRefreshing }}>
      {above}
      <LoadView loaded={judged} unknown={unknown} lines={8}>
        {(rows) => <Groups rows={rows} groups={groups(rows)} columns={columns(rows)} />}
      </LoadView>
    </Screen>
  );
}

type GroupsProps<T> = {
  readonly rows: Rows<FhirResource>;
  readonly groups: readonly Group<T>[];
  readonly columns: readonly ListColumn<T>[];
};

function Groups<T extends { readonly id?: string | undefined }>({ rows, groups, columns }: GroupsProps<T>): ReactNode {
  const { list } = useTexts();
  return (
    <div className={styles["groups"]}>
      {groups.map((group) => (
        <Panel key={group.title} title={list.titleWithCount(group.title, group.rows.length)}>
          {group.rows.length > 0 ? (
            <ListTable
              caption={group.title}
              rows={group.rows}
              columns={columns}
              rowId={(row) => row.id ?? ""}
              isMuted={() => group.isMuted === true}
            />
          ) : (
            <p className="dim">{rows.hasMore ? list.nothingYet : group.nothing}</p>
          )}
        </Panel>
      ))}
      <More
        shown={groups.reduce((sum, group) => sum + group.rows.length, 0)}
        hasMore={rows.hasMore}
        isFetching={rows.isFetchingMore}
        fetchMore={rows.fetchMore}
      />
    </div>
  );
}
