/** Letters: to whom and how, their words, how each recipient's stands, what is to be printed, and templates. SPEC WEB-LETTER · HTTP-LETTER */
import { queryOptions } from "@tanstack/react-query";
import type { Patient } from "fhir/r4";
import { get, postFor } from "./call.ts";
import { patientPath } from "./chart.ts";
import type { State } from "./loops.ts";

export type Way = "page" | "paper" | "relay" | "inbox";
export type LetterKind = "call" | "result" | "information" | "completion";
export type Delivery = {
  readonly loop: string;
  readonly recipient: string;
  readonly name: string | null;
  readonly state: State;
  readonly transport: Way | null;
  readonly opened: number;
  readonly since: number;
  readonly deadline: number | null;
  readonly level: number;
  readonly read: number | null;
  readonly printed: number | null;
  readonly code: string | null;
  readonly note: string | null;
};
export type SentLetter = {
  readonly id: string;
  readonly title: string | null;
  readonly kind: string | null;
  readonly sent: string | null;
  readonly by: string | null;
  readonly text: string;
  readonly isWithdrawn: boolean;
  readonly deliveries: readonly Delivery[];
};
export type Queued = Delivery & {
  readonly title: string | null;
  readonly patient: string | null;
  readonly person: Patient | null;
};
export type Template = {
  readonly id: string;
  readonly version: number;
  readonly kind: LetterKind;
  readonly title: string;
  readonly words: string;
  readonly state: "proposed" | "current" | "replaced" | "refused";
  readonly isOwn: boolean;
};
export type RecipientOption = {
  readonly to: string;
  readonly kind: "patient" | "relative";
  readonly name: string | null;
  readonly relation: string | null;
  readonly ways: readonly Way[];
};
export type LetterOptions = {
  readonly recipients: readonly RecipientOption[];
  readonly bookings: readonly { readonly id: string; readonly time: string | null; readonly place: string | null }[];
  readonly templates: readonly Template[];
  /** Whether it may go to an address that somebody types. */
  readonly isAddressOpen: boolean;
};
export type LetterWords = {
  readonly kind: LetterKind;
  readonly template: string | null;
  readonly title: string;
  readonly text: string;
  readonly booking: string | null;
};
/** An address that somebody has typed; its lines are ended as in the text. */
export type PostalAddress = Readonly<Record<"name" | "line" | "postalCode" | "city", string>>;
export type Chosen = { readonly to: string; readonly way: Way } | { readonly way: "paper"; readonly address: PostalAddress }; // prettier-ignore
export type Composed = { readonly title: string; readonly text: string };
export type Printed = {
  readonly delivery: Delivery;
  readonly patient: string | null;
  readonly title: string | null;
  readonly text: string;
  readonly sent: string | null;
  readonly from: string;
  readonly by: string | null;
  readonly seal: string | null;
  readonly address: readonly string[];
  readonly isRelayed: boolean;
  readonly number: string | null;
};
export type Deed = "printed" | "left" | "returned" | "page" | "paper" | "relay";

type Items<T> = { readonly items: readonly T[] };
const pathOf = (patient: string): string => `${patientPath(patient)}/letters`;

export function lettersQuery(patient: string) {
  return queryOptions({
    queryKey: ["patient", patient, "letters"],
    queryFn: ({ signal }) => get<Items<SentLetter>>(pathOf(patient), signal).then(({ items }) => items),
  });
}

export function letterOptionsQuery(patient: string) {
  return queryOptions({
    queryKey: ["patient", patient, "letter-options"],
    queryFn: ({ signal }) => get<LetterOptions>(`${pathOf(patient)}/options`, signal),
  });
}

export function previewLetter(patient: string, words: LetterWords): Promise<Composed> {
  return postFor(`${pathOf(patient)}/preview`, words);
}

/** Answers the patient's letters as they stand after it. */
export function sendLetter(
  patient: string,
  wish: LetterWords & { readonly recipients: readonly Chosen[]; readonly key: string },
): Promise<readonly SentLetter[]> {
  return postFor<Items<SentLetter>>(pathOf(patient), wish).then(({ items }) => items);
}

export const queueQuery = queryOptions({
  queryKey: ["loops", "letters"],
  queryFn: ({ signal }) => get<Items<Queued>>("/api/letters", signal).then(({ items }) => items),
});

export function printedQuery(loop: string) {
  return queryOptions({
    queryKey: ["patient", "letter-print", loop],
    queryFn: ({ signal }) => get<Printed>(`/api/letters/${encodeURIComponent(loop)}/print`, signal),
  });
}

/** By the delivery, or by the code on the paper. */
export function stepLetter(
  step: { readonly did: Deed; readonly key: string } & ({ readonly loop: string } | { readonly code: string }),
): Promise<{ readonly loop: string; readonly state: State }> {
  return postFor("/api/letters/steps", step);
}

export const templatesQuery = queryOptions({
  queryKey: ["loops", "letter-templates"],
  queryFn: ({ signal }) => get<Items<Template>>("/api/letter-templates", signal).then(({ items }) => items),
});

export function proposeTemplate(
  wish: Pick<Template, "kind" | "title" | "words"> & { readonly id: string | null },
): Promise<readonly Template[]> {
  return postFor<Items<Template>>("/api/letter-templates", wish).then(({ items }) => items);
}

export function reviewTemplate(one: Template, approve: boolean): Promise<readonly Template[]> {
  const path = `/api/letter-templates/${encodeURIComponent(one.id)}/review`;
  return postFor<Items<Template>>(path, { version: one.version, approve }).then(({ items }) => items);
}
