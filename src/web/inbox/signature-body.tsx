/** The note that waits for a signature, with what signs it: the same reader and the same key as in the chart. SPEC WEB-INBOX-10 */
import { useQuery } from "@tanstack/react-query";
import { useEffect, useMemo, type ReactNode } from "react";
import { NoteReader } from "../chart/notes/note-reader.tsx";
import { useSigning } from "../chart/notes/signing/use-signing.ts";
import { useBeside } from "../chart/use-section.ts";
import { useTexts } from "../language/language.tsx";
import { noteOf } from "../say/notes.ts";
import { Failed } from "../ui/load-view.tsx";
import { failureOf } from "../wire/call.ts";
import { refusalOf } from "../wire/chart.ts";
import type { LoopAbout, LoopRow } from "../wire/loops.ts";
import { noteQuery } from "../wire/signing.ts";
import type { Seeing } from "./bodies.tsx";

type SignatureProps = { readonly row: LoopRow; readonly about: LoopAbout; readonly seen: Seeing };

export function SignatureBody({ row, about, seen }: SignatureProps): ReactNode {
  const { load } = useTexts();
  const { patient, subject } = about;
  const { data, error, refetch } = useQuery(noteQuery(subject));
  const known = useSigning(patient ?? "");
  const resources = useMemo(() => (data ? [data] : []), [data]);
  const beside = useBeside(useMemo(() => ({ resources, units: {} }), [resources]));
  const mixed = refusalOf(resources, patient);
  const isWhole = data !== undefined && mixed === undefined;
  const note = useMemo(() => (isWhole ? noteOf(data, beside) : undefined), [isWhole, data, beside]);
  useEffect(() => {
    if (note !== undefined) seen(row, false);
  }, [note, row, seen]);
  if (error ?? mixed) return <Failed failure={failureOf(error ?? mixed)} retry={() => void refetch()} />;
  if (note === undefined) return <p role="status">{load.loading}</p>;
  return <NoteReader note={note} beside={beside} state={known?.records[note.id]} />;
}
