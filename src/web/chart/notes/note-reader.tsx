/** One note in full: who wrote it, where and when, whether it is signed and by whom, and every section. SPEC WEB-NOTE */
import type { Composition, CompositionSection, DocumentReference } from "fhir/r4";
import type { ReactNode } from "react";
import { judgeWords } from "../../../base/index.ts";
import { useTexts } from "../../language/language.tsx";
import { sayConcept, type Beside } from "../../say/concepts.ts";
import { sayMoment } from "../../say/dates.ts";
import { versionOf, type Note } from "../../say/notes.ts";
import { Attachments } from "./attachments.tsx";
import { Narrative } from "./narrative.tsx";
import type { SigningState } from "../../wire/signing.ts";
import { ChangedSince } from "../../words/changed-since.tsx";
import { SealCode } from "../../words/seal-code.tsx";
import { PlainWords } from "../../words/shown-words.tsx";
import { Unlike } from "../../words/words-notice.tsx";
import { NoteHistory } from "./note-history.tsx";
import { NoteActions } from "./signing/note-actions.tsx";
import { NoteRemarks } from "./signing/note-remarks.tsx";
import { SignedLine } from "./signing/signed-line.tsx";
import styles from "./notes.module.css";

export function NoteReader({
  note,
  beside,
  state,
}: {
  readonly note: Note;
  readonly beside: Beside;
  /** How the note stands here; nothing as long as that is not known. */
  readonly state: SigningState | undefined;
}): ReactNode {
  const { note: texts, source } = useTexts();
  if (judgeWords(note.resource).kind === "differs") return <Unlike name={note.id} resource={note.resource} />;
  return (
    <article className={styles["note"]} aria-label={note.title}>
      <header>
        <h2>{note.title ?? texts.untitled}</h2>
        <p>
          {note.when ? sayMoment(note.when) : texts.timeMissing} · {note.author ?? source.authorMissing}
          {note.profession && !note.author?.toLowerCase().includes(note.profession.toLowerCase())
            ? `, ${note.profession}`
            : ""}{" "}
          · {note.unit ?? source.unitMissing}
        </p>
        <SignedLine note={note} state={state} beside={beside} />
        {state === undefined ? null : <NoteActions key={`${note.id}/${state.version}`} note={note} state={state} />}
      </header>
      {state === undefined ? null : <NoteRemarks name={note.id} state={state} />}
      {state === undefined || state.state === "signed" ? null : <Unsigned note={note} state={state} />}
      {note.resource.resourceType === "Composition" ? (
        <Sections composition={note.resource} />
      ) : (
        <Document document={note.resource} />
      )}
      <History resource={note.resource} />
      <SealCode resource={note.resource} />
    </article>
  );
}

/** Of notes that have search words; a document is one text, whose changes stand with its corrections. */
function History({ resource }: Pick<Note, "resource">): ReactNode {
  const patient = /^Patient\/(.+)$/.exec(resource.subject?.reference ?? "")?.[1];
  if (resource.resourceType !== "Composition" || patient === undefined || resource.id === undefined) return null;
  return <NoteHistory key={resource.id} patientId={patient} note={resource.id} />;
}

/** What changed since the version that is signed, or the one before, stands where the note is read: also notes that are signed many at once. */
function Unsigned({ note, state }: { readonly note: Note; readonly state: SigningState }): ReactNode {
  const version = versionOf(note);
  const signed = state.seals.find((one) => one.version < version)?.version;
  if (version < 2) return null;
  return (
    <div className="no-print">
      <ChangedSince resource={note.resource} version={signed ?? version - 1} isSigned={signed !== undefined} />
    </div>
  );
}

function Sections({ composition }: { readonly composition: Composition }): ReactNode {
  const { note } = useTexts();
  const sections = composition.section ?? [];
  if (sections.length === 0)
    return composition.text?.div ? <Narrative xhtml={composition.text.div} /> : <p className="dim">{note.empty}</p>;
  return sections.map((section, index) => <Section key={`${section.title ?? ""}${index}`} section={section} />);
}

function Section({ section }: { readonly section: CompositionSection }): ReactNode {
  const { note } = useTexts();
  const title = section.title ?? sayConcept(section.code);
  return (
    <section className={styles["section"]}>
      {title ? <h3>{title}</h3> : null}
      {section.text?.div ? (
        <Narrative xhtml={section.text.div} />
      ) : section.section ? null : (
        <p className="dim">{sayConcept(section.emptyReason) ?? note.emptySection}</p>
      )}
      {(section.section ?? []).map((inner, index) => (
        <Section key={`${inner.title ?? ""}${index}`} section={inner} />
      ))}
    </section>
  );
}

function Document({ document }: { readonly document: DocumentReference }): ReactNode {
  return (
    <>
      {document.description ? <PlainWords text={document.description} /> : null}
      <Attachments attachments={document.content.map((one) => one.attachment)} />
    </>
  );
}
