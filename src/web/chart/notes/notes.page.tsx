/** Anteckningar: the list of notes at the left and the chosen note in full at the right. SPEC WEB-NOTE */
import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useMemo, type ReactNode } from "react";
import type { FhirResource } from "fhir/r4";
import { soughtWith, standsIn, type Sought } from "../../../base/index.ts";
import { useTexts } from "../../language/language.tsx";
import { sayDay, sayMoment } from "../../say/dates.ts";
import { noteOf, type Note } from "../../say/notes.ts";
import { More } from "../../ui/freshness.tsx";
import { Highlight } from "../../ui/highlight.tsx";
import { LoadView } from "../../ui/load-view.tsx";
import { useRowKeys } from "../../ui/row-keys.ts";
import { Filter } from "../results/filter.tsx";
import { Screen } from "../screen.tsx";
import { ofType, useSection, type Rows } from "../use-section.ts";
import type { SigningState } from "../../wire/signing.ts";
import { NoteReader } from "./note-reader.tsx";
import { StandingChip } from "./signing/signed-line.tsx";
import { standingOf, useSigning } from "./signing/use-signing.ts";
import styles from "./notes.module.css";

export function NotesPage(): ReactNode {
  const { sections, note } = useTexts();
  const { patientId } = useParams({ from: "/work/patienter/$patientId/anteckningar" });
  const { loaded, refresh, isRefreshing } = useSection(patientId, "notes");
  const asOf = "asOf" in loaded ? loaded.asOf : undefined;
  return (
    <Screen
      title={sections.notes}
      fresh={{ asOf, refresh, isRefreshing }}
      tools={<Filter label={note.filter} example={note.filterExample} />}
      fills
    >
      <LoadView loaded={loaded} unknown={note.notRecorded} lines={10}>
        {(rows) => <Notes rows={rows} patientId={patientId} />}
      </LoadView>
    </Screen>
  );
}

function Notes({ rows, patientId }: { readonly rows: Rows<FhirResource>; readonly patientId: string }): ReactNode {
  const { note, signing } = useTexts();
  const search = useSearch({ from: "/work/patienter/$patientId/anteckningar" });
  const navigate = useNavigate();
  const all = useMemo(
    () => ofType(rows.items, "Composition", "DocumentReference").map((one) => noteOf(one, rows.beside)),
    [rows],
  );
  const sought = useMemo(() => soughtWith(search.sok ?? ""), [search.sok]);
  const shown = useMemo(
    () => (sought.length === 0 ? all : all.filter((one) => standsIn([one.words], sought))),
    [all, sought],
  );
  const open = shown.find((one) => one.id === search.anteckning) ?? shown[0];
  const known = useSigning(patientId);
  useRowKeys();
  return (
    <div className={styles["notes"]}>
      <div className={styles["list"]}>
        <ul aria-label={note.list}>
          {shown.map((one) => (
            <li key={one.id}>
              <NoteRow
                one={one}
                state={known?.records[one.id]}
                sought={sought}
                isOpen={one === open}
                show={() =>
                  one.id !== search.anteckning &&
                  void navigate({ to: ".", search: { ...search, anteckning: one.id }, replace: true })
                }
              />
            </li>
          ))}
        </ul>
        {shown.length < all.length ? (
          <p className={styles["hidden"]}>{note.hiddenByFilter(all.length - shown.length)}</p>
        ) : null}
        {(known?.destroyed ?? []).map((one) => (
          <p key={one.id} className={styles["hidden"]}>
            {signing.destroyed(one.decision, one.authority, sayDay(one.destroyed))}
          </p>
        ))}
        <More shown={shown.length} hasMore={rows.hasMore} isFetching={rows.isFetchingMore} fetchMore={rows.fetchMore} />
      </div>
      <div className={styles["reader"]} tabIndex={0} role="region" aria-label={note.reader}>
        {open ? <NoteReader note={open} beside={rows.beside} state={known?.records[open.id]} /> : <p>{note.noMatch}</p>}
      </div>
    </div>
  );
}

type NoteRowProps = {
  readonly one: Note;
  readonly state: SigningState | undefined;
  readonly sought: readonly Sought[];
  readonly isOpen: boolean;
  readonly show: () => void;
};

function NoteRow({ one, state, sought, isOpen, show }: NoteRowProps): ReactNode {
  const { note, source } = useTexts();
  return (
    <button type="button" className={styles["row"]} data-row aria-current={isOpen} onClick={show} onFocus={show}>
      <span className={styles["when"]}>{one.when ? sayMoment(one.when) : note.timeMissing}</span>
      <strong>
        <Highlight text={one.title ?? note.untitled} sought={sought} />
      </strong>{" "}
      {standingOf(one, state) === "signed" ? null : <StandingChip note={one} state={state} />}
      <span className={styles["from"]}>
        {one.author ?? source.authorMissing} · {one.unit ?? source.unitMissing}
      </span>
    </button>
  );
}
