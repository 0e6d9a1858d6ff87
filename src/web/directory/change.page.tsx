/**
 * Ändra: one assignment, one role, or a source file. Whatever it is, it becomes a source, is previewed with who gets and loses
 * what, and is applied when somebody says that they have read it.
 *
 * SPEC WEB-DIRECTORY-2
 */
import { useQuery } from "@tanstack/react-query";
import { useSearch } from "@tanstack/react-router";
import { useState, type ReactNode } from "react";
import { Screen } from "../chart/screen.tsx";
import { SegmentedControl } from "../ui/controls.ts";
import { LoadView } from "../ui/load-view.tsx";
import { Panel } from "../ui/panel.tsx";
import { overviewQuery, peopleQuery, type Change, type Overview } from "../wire/directory.ts";
import { useLoaded } from "../wire/use-loaded.ts";
import styles from "./directory.module.css";
import { DutyChange } from "./duty-form.tsx";
import { FileChange } from "./file-form.tsx";
import { PreviewPanel } from "./preview-panel.tsx";
import { RoleChange } from "./role-form.tsx";
import { EMPTY_DUTY, formOf, type DutyForm } from "./source.ts";
import { useDirectoryTexts } from "./use-directory-texts.ts";

export type ChangeKind = "duty" | "role" | "file";
/** A change to look at, and how it is undone, where that can be said. */
export type Wish = { readonly change: Change; readonly undo: Change | undefined };

export function ChangePage(): ReactNode {
  const { change: texts, parts, people } = useDirectoryTexts();
  const { loaded, fresh } = useLoaded(overviewQuery);
  return (
    <Screen title={parts.change} fresh={fresh}>
      <LoadView loaded={loaded} unknown={people.empty} lines={8}>
        {(overview) => <Forms overview={overview} label={texts.what} />}
      </LoadView>
    </Screen>
  );
}

function Forms({ overview, label }: { readonly overview: Overview; readonly label: string }): ReactNode {
  const { change: texts } = useDirectoryTexts();
  const { slag, roll, person = "", enhet, uppdrag } = useSearch({ from: "/work/katalog/andra" });
  const [kind, setKind] = useState<ChangeKind>(slag ?? (roll === undefined ? "duty" : "role"));
  const [wish, setWish] = useState<Wish>();
  const people = useQuery({ ...peopleQuery(person, ""), enabled: person !== "" }).data;
  const duty = people?.people
    .flatMap(({ duties }) => duties)
    .find((one) => one.person === person && one.unit === enhet && (one.commission ?? one.role) === uppdrag);
  if (person !== "" && people === undefined) return null;
  const first: DutyForm = duty === undefined ? { ...EMPTY_DUTY, person } : formOf(duty);
  return (
    <div className={styles["page"]}>
      <SegmentedControl
        aria-label={label}
        value={kind}
        onChange={(value) => {
          setKind(value);
          setWish(undefined);
        }}
        data={(["duty", "role", "file"] as const).map((value) => ({ value, label: texts.kinds[value] }))}
      />
      <Panel title={texts.kinds[kind]}>
        {kind === "duty" ? (
          <DutyChange
            key={`${person} ${enhet} ${uppdrag}`}
            first={first}
            isNew={duty?.commission === undefined || duty.commission === null}
            overview={overview}
            setWish={setWish}
          />
        ) : null}
        {kind === "role" ? (
          <RoleChange key={roll} role={overview.roles.find(({ id }) => id === roll)} setWish={setWish} />
        ) : null}
        {kind === "file" ? <FileChange setWish={setWish} /> : null}
      </Panel>
      {wish === undefined ? null : <PreviewPanel key={JSON.stringify(wish.change)} wish={wish} setWish={setWish} />}
    </div>
  );
}
