/** Who wrote which line of a note, and what changed in each version; fetched when it is asked for. SPEC WEB-WRITE-8 */
import { useState, type ReactNode } from "react";
import styles from "../../notes/notes.module.css";
import { useNoteTexts } from "../../notes/use-note-texts.ts";
import { sayMoment } from "../../say/dates.ts";
import { Button } from "../../ui/controls.ts";
import { LoadView } from "../../ui/load-view.tsx";
import { historyQuery, type NoteHistory as History } from "../../wire/notes.ts";
import { useLoaded } from "../../wire/use-loaded.ts";
import { PlainWords } from "../../words/shown-words.tsx";

type HistoryProps = { readonly patientId: string; readonly note: string };

export function NoteHistory(props: HistoryProps): ReactNode {
  const texts = useNoteTexts();
  const [isOpen, setOpen] = useState(false);
  return (
    <div className={`${styles["history"]} no-print`}>
      <div>
        <Button size="compact-sm" variant="subtle" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)} data-history>
          {isOpen ? texts.hideHistory : texts.history}
        </Button>
      </div>
      {isOpen ? <Fetched {...props} /> : null}
    </div>
  );
}

function Fetched({ patientId, note }: HistoryProps): ReactNode {
  const texts = useNoteTexts();
  const { loaded } = useLoaded(historyQuery(patientId, note));
  return (
    <LoadView loaded={loaded} unknown={texts.unknownBy} lines={3}>
      {(history) => <Told history={history} />}
    </LoadView>
  );
}

function Told({ history }: { readonly history: History }): ReactNode {
  const texts = useNoteTexts();
  const byOf = new Map(history.versions.map(({ version, by }) => [version, by ?? texts.unknownBy]));
  return (
    <section aria-label={texts.historyOf} className={styles["history"]}>
      {history.template === null ? null : <p>{texts.byTemplate(history.template)}</p>}
      {history.more ? <p role="note">{texts.olderToo}</p> : null}
      <ul className={styles["lines"]} aria-label={texts.history}>
        {history.lines.map(({ section, text, version }, at) => (
          <li key={`${section} ${at}`}>
            <PlainWords text={section === "" ? text : `${section}: ${text}`} />
            <span className="dim">{texts.lineFrom(version, byOf.get(version) ?? texts.unknownBy)}</span>
          </li>
        ))}
      </ul>
      {history.versions.toReversed().map((one) => (
        <div key={one.version}>
          <p>
            <strong>{texts.madeBy(one.version, one.by ?? texts.unknownBy, sayMoment(one.at))}</strong>{" "}
            {[one.reason === null ? "" : texts.reason(one.reason), one.signedBy === null ? "" : texts.signedBy(one.signedBy)].filter(Boolean).join(" · ")}
          </p>
          <Changed steps={one.changes} />
        </div>
      ))}
    </section>
  );
} // prettier-ignore

function Changed({ steps }: { readonly steps: History["versions"][number]["changes"] }): ReactNode {
  const texts = useNoteTexts();
  const changed = steps.filter(({ kind }) => kind !== "same");
  if (changed.length === 0) return null;
  return (
    <ul>
      {changed.map(({ kind, line }, at) => (
        <li key={at}>
          {kind === "out" ? texts.out : texts.in} {line.section === "" ? "" : `${line.section}: `}
          {kind === "out" ? <del>{line.text}</del> : <ins>{line.text}</ins>}
        </li>
      ))}
    </ul>
  );
}
