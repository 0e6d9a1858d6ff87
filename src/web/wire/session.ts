/**
 * Who is signed in, with which assignment (medarbetaruppdrag), and how one gets in and out.
 *
 * SPEC WEB-SIGN
 */
import { queryOptions } from "@tanstack/react-query";
import { get, isSignedOut, post } from "./call.ts";

export type Session = {
  readonly person: { readonly id: string; readonly name: string; readonly title: string; readonly hsaId: string };
  readonly assignment: {
    readonly id: string;
    readonly unit: string;
    readonly unitHsaId: string;
    readonly provider: string;
    readonly providerHsaId: string;
    readonly role: string;
  };
  readonly expires: string;
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
