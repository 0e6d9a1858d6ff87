/** What an application asks for, the person's answer, and the applications that a chart can open. SPEC WEB-APP */
import { queryOptions } from "@tanstack/react-query";
import { get, isSignedOut, postFor, failureOf } from "../wire/call.ts";

export type AppRequest = {
  readonly app: string;
  readonly wishes: readonly {
    readonly of: string;
    readonly type: string;
    /** Of c, r, u, d and s. */
    readonly verbs: string;
    readonly criteria: string | null;
  }[];
  readonly isIdentified: boolean;
  readonly lastsWithSession: boolean;
  readonly choosesPatient: boolean;
  readonly patient: string | null;
  readonly refusal: string | null;
};

/** Nothing when nothing is asked under the name (any more). */
export const appRequestQuery = (uid: string) =>
  queryOptions({
    queryKey: ["app", uid],
    queryFn: ({ signal }): Promise<AppRequest | null> =>
      get<AppRequest>(`/api/app/${encodeURIComponent(uid)}`, signal).catch((error: unknown) => {
        if (!isSignedOut(error) && failureOf(error).kind === "missing") return null;
        throw error;
      }),
    staleTime: Infinity,
    retry: false,
  });

/** Where the browser goes on. */
export async function answerApp(
  uid: string,
  answer: { readonly allow: boolean; readonly patient?: string },
): Promise<string> {
  return (await postFor<{ readonly redirect: string }>(`/api/app/${encodeURIComponent(uid)}`, answer)).redirect;
}

export type LaunchableApp = { readonly client: string; readonly name: string };

export const appsQuery = queryOptions({
  queryKey: ["apps"],
  queryFn: ({ signal }) =>
    get<{ readonly apps: readonly LaunchableApp[] }>("/api/apps", signal).then(({ apps }) => apps),
  staleTime: 60_000,
});

/** The address of the application with what opens it for the patient, once. */
export async function launchAddress(patient: string, client: string): Promise<string> {
  return (
    await postFor<{ readonly address: string }>(`/api/patients/${encodeURIComponent(patient)}/launch`, { client })
  ).address;
}
