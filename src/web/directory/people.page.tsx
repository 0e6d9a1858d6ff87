/** Personer och uppdrag: who may work where, found by any word, with the roles and what they rest on. SPEC WEB-DIRECTORY-1 */
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useDeferredValue, useEffect, useMemo, useState, type ReactNode } from "react";
import { Screen } from "../chart/screen.tsx";
import { Chip } from "../ui/chip.tsx";
import { NativeSelect, TextInput } from "../ui/controls.ts";
import { ListTable, type ListColumn } from "../ui/list-table.tsx";
import { LoadView } from "../ui/load-view.tsx";
import { Panel } from "../ui/panel.tsx";
import { overviewQuery, peopleQuery, type Duty, type People, type Person, type Role } from "../wire/directory.ts";
import { useLoaded } from "../wire/use-loaded.ts";
import styles from "./directory.module.css";
import { useDirectoryTexts } from "./use-directory-texts.ts";

export function PeoplePage(): ReactNode {
  const { people: texts, parts } = useDirectoryTexts();
  const { sok = "", enhet = "" } = useSearch({ from: "/work/katalog/" });
  const { loaded, fresh } = useLoaded(peopleQuery(sok, enhet));
  const overview = useQuery(overviewQuery).data;
  return (
    <Screen title={parts.people} fresh={fresh}>
      <div className={styles["page"]}>
        <Tools words={sok} unit={enhet} units={overview?.units ?? []} />
        <LoadView loaded={loaded} unknown={texts.empty} lines={8}>
          {(value) => <PeopleTable value={value} />}
        </LoadView>
        {overview === undefined ? null : <Roles roles={overview.roles} />}
      </div>
    </Screen>
  );
}

type ToolsProps = {
  readonly words: string;
  readonly unit: string;
  readonly units: readonly { readonly hsaId: string; readonly name: string; readonly provider: string | null }[];
};

function Tools({ words, unit, units }: ToolsProps): ReactNode {
  const { people: texts } = useDirectoryTexts();
  const navigate = useNavigate({ from: "/katalog" });
  const [typed, setTyped] = useState(words);
  const settled = useDeferredValue(typed);
  useEffect(() => {
    if (settled !== words) void navigate({ to: "/katalog", search: searchOf(settled, unit), replace: true });
  }, [settled, words, unit, navigate]);
  return (
    <div className={`${styles["tools"]} no-print`}>
      <TextInput
        data-filter
        className={styles["words"]}
        label={texts.words}
        value={typed}
        onChange={(event) => setTyped(event.currentTarget.value)}
      />
      <NativeSelect
        label={texts.unit}
        value={unit}
        onChange={(event) =>
          void navigate({ to: "/katalog", search: searchOf(typed, event.currentTarget.value), replace: true })
        }
        data={[
          { value: "", label: texts.allUnits },
          ...units.map(({ hsaId, name, provider }) => ({ value: hsaId, label: `${name}, ${provider ?? ""}` })),
        ]}
      />
      <Link to="/katalog/andra">{texts.add}</Link>
    </div>
  );
}

function searchOf(sok: string, enhet: string): { readonly sok?: string; readonly enhet?: string } {
  return { ...(sok === "" ? {} : { sok }), ...(enhet === "" ? {} : { enhet }) };
}

function PeopleTable({ value: { people, total, isMore } }: { readonly value: People }): ReactNode {
  const { people: texts } = useDirectoryTexts();
  const columns = useMemo(
    (): readonly ListColumn<Person>[] => [
      {
        id: "person",
        header: texts.person,
        sortBy: (one) => one.name,
        cell: (one) => (
          <>
            <strong>{one.name}</strong>
            <br />
            <span className="dim">{one.hsaId}</span>
          </>
        ),
      },
      { id: "title", header: texts.title, sortBy: (one) => one.title, cell: (one) => one.title },
      {
        id: "duties",
        header: texts.duties,
        sortBy: (one) => one.duties[0]?.unitName,
        cell: (one) => <Duties duties={one.duties} />,
      },
    ],
    [texts],
  );
  return (
    <Panel title={texts.caption} aside={<span role="status">{texts.found(people.length, total, isMore)}</span>}>
      {people.length === 0 ? (
        <p data-state="unknown">{texts.empty}</p>
      ) : (
        <ListTable caption={texts.caption} rows={people} columns={columns} rowId={(one) => one.hsaId} />
      )}
    </Panel>
  );
}

function Duties({ duties }: { readonly duties: readonly Duty[] }): ReactNode {
  const { people: texts } = useDirectoryTexts();
  if (duties.length === 0) return <span className="dim">{texts.noDuty}</span>;
  return (
    <ul className={styles["duties"]}>
      {duties.map((duty) => (
        <li key={`${duty.commission} ${duty.unit} ${duty.role}`} className={styles["duty"]}>
          <span>
            {duty.roleName}, {duty.unitName}
          </span>
          <span className="dim">
            {[
              texts.footings[duty.footing.kind],
              duty.purpose,
              `${duty.span.from ?? texts.noStart} – ${duty.span.until ?? texts.forever}`,
            ]
              .filter(Boolean)
              .join(", ")}
          </span>
          {duty.holdsToday ? null : <Chip>{texts.ended}</Chip>}
          {duty.hasAnalysis ? null : <Chip tone="warn">{texts.noAnalysis}</Chip>}
          <Link
            to="/katalog/andra"
            search={{ person: duty.person, enhet: duty.unit, uppdrag: duty.commission ?? duty.role }}
            className="no-print"
            aria-label={`${texts.edit}: ${duty.roleName}, ${duty.unitName}`}
          >
            {texts.edit}
          </Link>
        </li>
      ))}
    </ul>
  );
}

function Roles({ roles }: { readonly roles: readonly Role[] }): ReactNode {
  const { people: texts } = useDirectoryTexts();
  const columns = useMemo(
    (): readonly ListColumn<Role>[] => [
      { id: "role", header: texts.role, sortBy: (one) => one.name, cell: (one) => one.name },
      {
        id: "analysis",
        header: texts.analysis,
        sortBy: (one) => one.analysis?.date,
        cell: (one) =>
          one.analysis === null ? (
            <Chip tone="alarm">{texts.analysisMissing}</Chip>
          ) : (
            `${one.analysis.id}, ${one.analysis.date}`
          ),
      },
      { id: "working", header: texts.working, sortBy: (one) => one.working, cell: (one) => one.working },
      {
        id: "edit",
        header: texts.editRole,
        sortBy: () => undefined,
        cell: (one) => (
          <Link to="/katalog/andra" search={{ roll: one.id }} aria-label={`${texts.editRole}: ${one.name}`}>
            {texts.editRole}
          </Link>
        ),
      },
    ],
    [texts],
  );
  return (
    <Panel
      title={texts.roles}
      aside={
        <Link className="no-print" to="/katalog/andra" search={{ slag: "role" }}>
          {texts.addRole}
        </Link>
      }
    >
      <ListTable caption={texts.roles} rows={roles} columns={columns} rowId={(one) => one.id} />
    </Panel>
  );
}
