/**
 * Who is signed in, with which assignment (medarbetaruppdrag), and how one gets in and out.
 *
 * SPEC WEB-SIGN
 */
import { queryOptions } from "@tanstack/react-query";
import { get, isSignedOut, post } from "./call.ts";

export type Session = {
  readonly person: {
    readonly id: string;
    readonly name: string;
    readonly title: string;
    readonly hsaId: string;
    /** The person's own identity is protected: paper, which may reach patients, has neither name nor HSA-id. */
    readonly isProtected?: true;
  };
  readonly assignment: {
    readonly id: string;
    readonly unit: string;
    readonly unitHsaId: string;
    readonly provider: string;
    readonly providerHsaId: string;
    readonly role: string;
    /** The role of work that reads no chart; nothing for care. */
    readonly roleId?: string;
  };
  /** How and when they proved who they are. */
  readonly authenticated?: { readonly method: string; readonly name: string; readonly at: string };
  readonly expires: string;
};
/** Where one can prove who one is. */
export type Provider = { readonly id: string; readonly name: string; readonly people: "staff" | "patients" };
/** What whoever has just done so can choose from. */
export type Choices = {
  readonly name: string;
  readonly till: string;
  readonly assignments: readonly Assignment[];
};
export type Assignment = {
  readonly id: string;
  readonly unit: string;
  readonly provider: string;
  readonly role: string;
};
export type Person = {
  readonly id: string;
  readonly name: string;
  readonly title: string;
  readonly profession: string;
  readonly assignments: readonly Assignment[];
};

const OWN_SCREENS = { logggranskare: "/granskning", behorighetsadministrator: "/katalog" } as const;

/** Where work that reads no chart has its screens; nothing for a session for care. */
export function ownScreenOf({
  assignment: { roleId },
}: Session): (typeof OWN_SCREENS)[keyof typeof OWN_SCREENS] | undefined {
  return Object.entries(OWN_SCREENS).find(([role]) => role === roleId)?.[1];
}

/** The session, or null when nobody is signed in. */
export const sessionQuery = queryOptions({
  queryKey: ["session"],
  queryFn: ({ signal }): Promise<Session | null> =>
    get<Session>("/api/session", signal).catch((error: unknown) => {
      if (isSignedOut(error)) return null;
      throw error;
    }),
  staleTime: 60_000,
  retry: false,
});

/** The demonstration staff one can sign in as. */
export const peopleQuery = queryOptions({
  queryKey: ["people"],
  queryFn: ({ signal }) =>
    get<{ readonly people: readonly Person[] }>("/api/sign-in/people", signal).then((answer) => answer.people),
  staleTime: Infinity,
});

export const providersQuery = queryOptions({
  queryKey: ["sign-in-providers"],
  queryFn: ({ signal }) =>
    get<{ readonly demonstration: boolean; readonly providers: readonly Provider[] }>("/api/sign-in/providers", signal),
  staleTime: 60_000,
});

export const choicesQuery = queryOptions({
  queryKey: ["sign-in-assignments"],
  queryFn: ({ signal }): Promise<Choices | null> =>
    get<Choices>("/api/sign-in/assignments", signal).catch((error: unknown) => {
      if (isSignedOut(error)) return null;
      throw error;
    }),
  staleTime: 0,
  retry: false,
});

export function chooseAssignment(assignment: string): Promise<void> {
  return post("/api/sign-in/assignment", { assignment });
}

/** Where a provider is gone to: the whole page goes there, so that nothing stays in its memory. */
export function startAddress(
  provider: string,
  asks: {
    readonly till?: string | undefined;
    readonly hint?: string;
    readonly assignment?: string;
    readonly again?: "1";
  },
): string {
  const given = Object.entries(asks).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return `/api/sign-in/start/${encodeURIComponent(provider)}?${String(new URLSearchParams(given))}`;
}

export function signIn(assignment: string): Promise<void> {
  return post("/api/sign-in", { assignment });
}

export function signOut(): Promise<void> {
  return post("/api/sign-out");
}

/** Ends all sessions of whoever is signed in, on every computer. */
export function signOutEverywhere(): Promise<void> {
  return post("/api/sessions/end");
}
