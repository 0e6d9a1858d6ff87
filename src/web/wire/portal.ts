/** The patient's own door: who is signed in there, what they see, and what changes it. SPEC WEB-PORTAL */
import { queryOptions } from "@tanstack/react-query";
import type { FhirResource } from "fhir/r4";
import { get, isSignedOut, post, postFor } from "./call.ts";

export type OpenPerson = {
  readonly id: string;
  readonly name: string;
  readonly birthDate: string | null;
  readonly as: "patient" | "guardian" | "proxy";
  readonly isPart: boolean;
  /** Whether whoever is signed in also writes to care for them. */
  readonly mayWrite: boolean;
};
export type PortalSession = {
  readonly id: string;
  readonly name: string;
  readonly expires: string;
  readonly people: readonly OpenPerson[];
};
export type LogLine = {
  readonly id: string;
  readonly time: string;
  readonly name: string | null;
  readonly title: string | null;
  readonly protectedIdentity: boolean;
  readonly unit: string | null;
  readonly provider: string | null;
  readonly activity: string;
  readonly refused: boolean;
  readonly emergency: boolean;
  readonly ground: string;
  readonly types: readonly string[];
  readonly isAtDoor: boolean;
};
export type LogPage = { readonly items: readonly LogLine[]; readonly next: string | null };
export type Question = {
  readonly id: string;
  readonly line: string;
  readonly asked: string;
  readonly answerBy: string | null;
  readonly unit: string | null;
  readonly words: string;
  readonly state: "sent" | "taken" | "answered" | "closed";
  readonly answers: readonly { readonly text: string; readonly time: string | null; readonly by: string | null }[];
};
export type Place = {
  readonly careProvider: string;
  readonly providerName: string;
  readonly careUnit: string;
  readonly unitName: string;
};
export type OwnBlock = {
  readonly id: string;
  readonly kind: "inner" | "outer";
  readonly careProvider: string;
  readonly careUnit: string | null;
  readonly registered: string;
  readonly isOwn: boolean;
  readonly unitName: string | null;
  readonly providerName: string;
};
export type OwnBlocks = { readonly items: readonly OwnBlock[]; readonly places: readonly Place[] };
export type OwnConsent = {
  readonly id: string;
  readonly unitName: string;
  readonly providerName: string;
  readonly since: string;
  readonly until: string | null;
  readonly isForOne: boolean;
  readonly isOwn: boolean;
};
export type OwnConsents = { readonly items: readonly OwnConsent[]; readonly places: readonly Place[] };
export type Proxy = {
  readonly id: string;
  readonly label: string | null;
  readonly number: string;
  readonly since: string;
  readonly until: string | null;
  readonly ended: string | null;
  readonly isInForce: boolean;
  readonly writes: boolean;
};
export type Provider = { readonly id: string; readonly name: string; readonly people: "staff" | "patients" };

const orNull = <T>(asked: Promise<T>): Promise<T | null> =>
  asked.catch((error: unknown) => {
    if (isSignedOut(error)) return null;
    throw error;
  });

/** Who is signed in at the door, or null. */
export const portalSessionQuery = queryOptions({
  queryKey: ["session", "portal"],
  queryFn: ({ signal }): Promise<PortalSession | null> => orNull(get<PortalSession>("/api/portal/session", signal)),
  staleTime: 60_000,
  retry: false,
});

export const providersQuery = queryOptions({
  queryKey: ["session", "portal", "providers"],
  queryFn: ({ signal }) =>
    get<{ readonly demonstration: boolean; readonly providers: readonly Provider[] }>("/api/sign-in/providers", signal),
  staleTime: Infinity,
});

const pathOf = (id: string): string => `/api/portal/patients/${encodeURIComponent(id)}`;

export const logKey = (id: string, withOwn: boolean) => ["portal", id, "log", withOwn] as const;

export function fetchLog(id: string, withOwn: boolean, before: string, signal: AbortSignal): Promise<LogPage> {
  const asks = new URLSearchParams({ ...(withOwn ? { own: "1" } : {}), ...(before === "" ? {} : { before }) });
  return get<LogPage>(`${pathOf(id)}/log?${asks}`, signal);
}

export type RecordPart = "notes" | "diagnoses" | "medications" | "results" | "allergies" | "contacts";
export type RecordPage = { readonly items: readonly FhirResource[]; readonly next: string | null };

export const recordsKey = (id: string, part: RecordPart) => ["portal", id, "records", part] as const;

/** A page of a part of the records, newest first. */
export function fetchRecords(id: string, part: RecordPart, before: string, signal: AbortSignal): Promise<RecordPage> {
  const asks = new URLSearchParams({ of: part, ...(before === "" ? {} : { before }) });
  return get<RecordPage>(`${pathOf(id)}/records?${asks}`, signal);
}

export type OwnLetter = {
  readonly id: string;
  readonly title: string | null;
  readonly sent: string | null;
  readonly by: string | null;
  readonly read: number | null;
  readonly isOwn: boolean;
  readonly isWithdrawn: boolean;
  readonly canAnswer: boolean;
};

export function ownLettersQuery(id: string) {
  return queryOptions({
    queryKey: ["portal", id, "letters"],
    queryFn: ({ signal }) =>
      get<{ readonly items: readonly OwnLetter[] }>(`${pathOf(id)}/letters`, signal).then(({ items }) => items),
  });
}

/** Opens a letter, which its sender is told of. */
export function openLetter(id: string, letter: string): Promise<OwnLetter & { readonly text: string }> {
  return postFor(`${pathOf(id)}/letters/${encodeURIComponent(letter)}/open`);
}

export function answerLetter(
  id: string,
  letter: string,
  answer: { readonly words: string; readonly key: string },
): Promise<readonly OwnLetter[]> {
  return postFor<{ readonly items: readonly OwnLetter[] }>(
    `${pathOf(id)}/letters/${encodeURIComponent(letter)}/answers`,
    answer,
  ).then(({ items }) => items);
}

export function questionsQuery(id: string) {
  return queryOptions({
    queryKey: ["portal", id, "questions"],
    queryFn: ({ signal }) =>
      get<{ readonly items: readonly Question[] }>(`${pathOf(id)}/questions`, signal).then(({ items }) => items),
  });
}

export function ownBlocksQuery(id: string) {
  return queryOptions({
    queryKey: ["portal", id, "blocks"],
    queryFn: ({ signal }) => get<OwnBlocks>(`${pathOf(id)}/blocks`, signal),
  });
}

export function proxiesQuery(id: string) {
  return queryOptions({
    queryKey: ["portal", id, "proxies"],
    queryFn: ({ signal }) =>
      get<{ readonly items: readonly Proxy[] }>(`${pathOf(id)}/proxies`, signal).then(({ items }) => items),
  });
}

export function ask(id: string, line: string, words: string): Promise<readonly Question[]> {
  return postFor<{ readonly items: readonly Question[] }>(`${pathOf(id)}/questions`, { line, words }).then(
    ({ items }) => items,
  );
}

export function block(id: string, careProvider: string, careUnit: string | null): Promise<OwnBlocks> {
  return postFor(`${pathOf(id)}/blocks`, { careProvider, careUnit });
}

export function unblock(id: string, one: string): Promise<OwnBlocks> {
  return postFor(`${pathOf(id)}/blocks/${encodeURIComponent(one)}/end`);
}

export function consentsQuery(id: string) {
  return queryOptions({
    queryKey: ["portal", id, "consents"],
    queryFn: ({ signal }) => get<OwnConsents>(`${pathOf(id)}/consents`, signal),
  });
}

export function giveConsent(
  id: string,
  wish: { readonly careProvider: string; readonly careUnit: string; readonly until: string },
): Promise<OwnConsents> {
  return postFor(`${pathOf(id)}/consents`, wish);
}

export function withdrawConsent(id: string, one: string): Promise<OwnConsents> {
  return postFor(`${pathOf(id)}/consents/${encodeURIComponent(one)}/end`);
}

export function grantProxy(
  id: string,
  wish: { readonly number: string; readonly label: string; readonly until: string; readonly writes: boolean },
): Promise<readonly Proxy[]> {
  return postFor<{ readonly items: readonly Proxy[] }>(`${pathOf(id)}/proxies`, wish).then(({ items }) => items);
}

export function withdrawProxy(id: string, one: string): Promise<readonly Proxy[]> {
  return postFor<{ readonly items: readonly Proxy[] }>(`${pathOf(id)}/proxies/${encodeURIComponent(one)}/end`).then(
    ({ items }) => items,
  );
}

/** After an identity provider: opens the session of what was proved in this browser. */
export function portalProved(): Promise<{ readonly till: string }> {
  return postFor("/api/sign-in/patient");
}

export function portalSignOut(): Promise<void> {
  return post("/api/portal/sign-out");
}
