/** Writing notes: what one writes by and from, the draft, values to pull in, writing and signing, phrases, and a note's history. SPEC WEB-WRITE · HTTP-NOTE */
import { queryOptions } from "@tanstack/react-query";
import { get, postFor } from "./call.ts";
import { patientPath } from "./chart.ts";

export type ContactKind = "besok" | "telefon" | "digitalt" | "hembesok" | "akut" | "vardtillfalle";
export type Contact =
  | { readonly kind: "there"; readonly encounter: string }
  | { readonly kind: "new"; readonly contact: ContactKind };
export type Template = {
  readonly id: string;
  readonly url: string;
  readonly version: string;
  readonly title: string;
  readonly contacts: readonly ContactKind[];
  readonly words: readonly { readonly key: string; readonly title: string; readonly isNeeded: boolean }[];
};
export type Pulled = { readonly reference: string; readonly line: string };
export type DraftSection = {
  readonly key: string;
  readonly title: string;
  readonly text: string;
  readonly pulled: readonly Pulled[];
  readonly also: readonly { readonly window: string; readonly text: string }[];
};
export type Draft = {
  readonly id: string;
  readonly version: number;
  readonly saved: string;
  readonly template: string;
  readonly contact: Contact;
  readonly sections: readonly DraftSection[];
};
export type OwnContact = {
  readonly encounter: string;
  readonly contact: ContactKind;
  readonly title: string | null;
  readonly start: string | null;
  readonly isOngoing: boolean;
  readonly reason: string | null;
};
export type Phrase = {
  readonly id: string;
  readonly short: string;
  readonly text: string;
  readonly whose: "own" | "unit";
};
export type Desk = {
  readonly draft: Draft | null;
  readonly templates: readonly Template[];
  readonly contacts: readonly OwnContact[];
  readonly contact: Contact;
  readonly phrases: readonly Phrase[];
  readonly maySign: boolean;
};
export type SectionChange = {
  readonly key: string;
  readonly title: string;
  readonly was: string;
  readonly text: string;
  readonly pulled: readonly Pulled[];
  readonly settled: readonly string[];
};
export type DraftWish = {
  readonly window: string;
  readonly turn: number;
  readonly draft: string | null;
  readonly template: string;
  readonly contact: Contact;
  readonly changes: readonly SectionChange[];
};
export type NoteWish = {
  readonly key: string;
  /** The number that stands in the banner; null when the patient has none. */
  readonly shown: string | null;
  readonly draft: { readonly id: string; readonly version: number };
  readonly template: string;
  readonly contact: Contact;
  readonly sections: readonly { readonly key: string; readonly text: string }[];
  readonly sign: boolean;
};
export type PullKind = "lab" | "vital" | "drugs" | "problems" | "before";
export type Line = { readonly section: string; readonly text: string };
export type NoteHistory = {
  readonly versions: readonly {
    readonly version: number;
    readonly at: string;
    readonly by: string | null;
    readonly reason: string | null;
    readonly signedBy: string | null;
    readonly changes: readonly { readonly kind: "same" | "out" | "in"; readonly line: Line }[];
  }[];
  readonly lines: readonly (Line & { readonly version: number })[];
  readonly template: string | null;
  readonly more: boolean;
};

const pathOf = (patient: string): string => `${patientPath(patient)}/notes`;

export function deskQuery(patient: string) {
  return queryOptions({
    queryKey: ["patient", patient, "note-desk"],
    queryFn: ({ signal }) => get<Desk>(`${pathOf(patient)}/desk`, signal),
    // What is being written is not replaced under the hands of whoever writes; the saver looks for itself.
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
    staleTime: 0,
    gcTime: 0,
  });
}

export async function lookAtDraft(patient: string): Promise<Draft | null> {
  return (await get<Desk>(`${pathOf(patient)}/desk`)).draft;
}

export async function saveDraft(patient: string, wish: DraftWish): Promise<Draft> {
  return (await postFor<{ readonly draft: Draft }>(`${pathOf(patient)}/draft`, wish)).draft;
}

export async function discardDraft(patient: string, draft: NoteWish["draft"]): Promise<void> {
  await postFor(`${pathOf(patient)}/draft/discard`, { draft });
}

export async function pullIn(patient: string, kind: PullKind, word: string): Promise<readonly Pulled[]> {
  const query = new URLSearchParams({ kind, word }).toString();
  return (await get<{ readonly lines: readonly Pulled[] }>(`${pathOf(patient)}/pull?${query}`)).lines;
}

export function writeNote(
  patient: string,
  wish: NoteWish,
): Promise<{ readonly note: string; readonly isSigned: boolean }> {
  return postFor(pathOf(patient), wish);
}

export function historyQuery(patient: string, note: string) {
  return queryOptions({
    queryKey: ["patient", patient, "note-history", note],
    queryFn: ({ signal }) => get<NoteHistory>(`${pathOf(patient)}/${encodeURIComponent(note)}/history`, signal),
  });
}

type PhraseWish = Pick<Phrase, "short" | "text" | "whose"> & { readonly key: string };

export async function savePhrase(wish: PhraseWish): Promise<readonly Phrase[]> {
  return (await postFor<{ readonly phrases: readonly Phrase[] }>("/api/note-phrases", wish)).phrases;
}

export async function retirePhrase(id: string): Promise<readonly Phrase[]> {
  return (await postFor<{ readonly phrases: readonly Phrase[] }>(`/api/note-phrases/${encodeURIComponent(id)}/retire`))
    .phrases;
}
