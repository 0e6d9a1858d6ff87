/** How the chart's notes stand, and one way to change that: afterwards the notes and what stands beside them are fetched anew. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { Note, Signing } from "../../../say/notes.ts";
import type { Failure } from "../../../loaded.ts";
import { failureOf } from "../../../wire/call.ts";
import {
  correctNote,
  disagreeWith,
  signingQuery,
  signNote,
  type NoteResource,
  type PatientSigning,
  type Seen,
  type SigningState,
} from "../../../wire/signing.ts";

export type Change =
  | { readonly what: "sign" }
  | { readonly what: "correct"; readonly reason: string; readonly resource: NoteResource }
  | { readonly what: "disagree"; readonly words: string };

export type Signer = {
  /** Resolves to true when it is done. */
  readonly change: (seen: Seen, wish: Change) => Promise<boolean>;
  readonly isChanging: boolean;
  readonly failure: Failure | undefined;
  readonly forget: () => void;
};

export function useSigning(patientId: string): PatientSigning | undefined {
  return useQuery(signingQuery(patientId)).data;
}

export function useChangeNote(): Signer {
  const queries = useQueryClient();
  const { mutateAsync, isPending, error, reset } = useMutation({
    mutationFn: ({ seen, wish }: { readonly seen: Seen; readonly wish: Change }) => send(seen, wish),
    onSuccess: () => Promise.all(["patient", "loops"].map((key) => queries.invalidateQueries({ queryKey: [key] }))),
  });
  const change = (seen: Seen, wish: Change): Promise<boolean> =>
    mutateAsync({ seen, wish }).then(
      () => true,
      () => false,
    );
  return { change, isChanging: isPending, failure: error ? failureOf(error) : undefined, forget: reset };
}

function send(seen: Seen, wish: Change): Promise<void> {
  if (wish.what === "sign") return signNote(seen);
  if (wish.what === "correct") return correctNote(seen, wish.reason, wish.resource);
  return disagreeWith(seen, wish.words);
}

/** Whether a note is signed: what is sealed here goes before what the note says of itself. */
export function standingOf(note: Note, state: SigningState | undefined): Signing | "changed" {
  if (state === undefined || note.signing === "mistaken" || state.state === "unsigned") return note.signing;
  return state.state;
}
