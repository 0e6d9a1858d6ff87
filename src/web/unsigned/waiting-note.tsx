/** The chosen note with whose it is above it; once it has been on the screen it counts as read. */
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useEffect, useMemo, type ReactNode } from "react";
import { NoteReader } from "../chart/notes/note-reader.tsx";
import { useSigning } from "../chart/notes/signing/use-signing.ts";
import { useBeside } from "../chart/use-section.ts";
import { useTexts } from "../language/language.tsx";
import { sayDay } from "../say/dates.ts";
import { noteOf, versionOf } from "../say/notes.ts";
import { patientFacts } from "../say/patients.ts";
import { Failed } from "../ui/load-view.tsx";
import { failureOf } from "../wire/call.ts";
import { noteQuery, type Waiting } from "../wire/signing.ts";
import styles from "./unsigned.module.css";
import { nameOf } from "./use-unsigned.ts";

type WaitingNoteProps = {
  readonly waiting: Waiting;
  readonly asOf: string;
  readonly noteRead: (name: string, version: number) => void;
};

export function WaitingNote({ waiting, asOf, noteRead }: WaitingNoteProps): ReactNode {
  const { load } = useTexts();
  const { data, error, refetch } = useQuery(noteQuery(nameOf(waiting)));
  const known = useSigning(waiting.patient ?? "");
  const resources = useMemo(() => (data ? [data] : []), [data]);
  const beside = useBeside(useMemo(() => ({ resources, units: {} }), [resources]));
  const note = useMemo(() => (data ? noteOf(data, beside) : undefined), [data, beside]);
  const version = note === undefined ? undefined : versionOf(note);
  useEffect(() => {
    if (version !== undefined) noteRead(nameOf(waiting), version);
  }, [noteRead, waiting, version]);
  return (
    <>
      <Whose waiting={waiting} asOf={asOf} />
      {note !== undefined ? (
        <NoteReader note={note} beside={beside} state={known?.records[note.id]} />
      ) : error ? (
        <Failed failure={failureOf(error)} retry={() => void refetch()} />
      ) : (
        <p role="status">{load.loading}</p>
      )}
    </>
  );
}

/** Whose note it is, above it: notes of many patients are signed here after one another. */
function Whose({ waiting, asOf }: { readonly waiting: Waiting; readonly asOf: string }): ReactNode {
  const { signing, patient } = useTexts();
  if (waiting.person === null || waiting.patient === null)
    return <p className={styles["whose"]}>{signing.patientMissing}</p>;
  const { name, identity, born, isProtected } = patientFacts(waiting.person, asOf);
  return (
    <p className={styles["whose"]} data-patient={waiting.patient}>
      {isProtected ? <span className="print-only">{patient.protectedPaper(waiting.patient)}</span> : null}
      <span className={isProtected ? "no-print" : ""}>
        <strong>{name ?? patient.nameMissing}</strong> {identity?.text} {born === undefined ? "" : sayDay(born)}
      </span>{" "}
      <Link
        to="/patienter/$patientId/anteckningar"
        params={{ patientId: waiting.patient }}
        search={{ anteckning: nameOf(waiting) }}
      >
        {signing.openChart}
      </Link>
    </p>
  );
}
