/**
 * What a screen may have received. There is deliberately no state that looks like "empty": nothing recorded is unknown,
 * and none is only said when somebody recorded that there is none.
 *
 * SPEC WEB-LOAD · design law 6
 */
export type Failure = {
  /** The server's own Swedish words (OperationOutcome issue.details.text), when it gave any. */
  readonly said: string | undefined;
  readonly status: number | undefined;
  /** The catalogue's name of the refusal, when the server gave one. */
  readonly code?: string | undefined;
  readonly kind: "network" | "refused" | "missing" | "busy" | "wrong-patient" | "unreadable" | "other";
};

export type Loaded<T> =
  | { readonly state: "loading" }
  | { readonly state: "failed"; readonly failure: Failure; readonly retry: () => void }
  | { readonly state: "unknown"; readonly asOf: string }
  | { readonly state: "none-known"; readonly statements: readonly string[]; readonly asOf: string }
  | {
      readonly state: "some";
      readonly value: T;
      readonly asOf: string;
      /** Set when this is older than it should be, because the last refresh failed. */
      readonly stale: Failure | undefined;
    };

/** Turns what was received into another value, keeping every other state as it is. */
export function mapLoaded<T, U>(loaded: Loaded<T>, change: (value: T) => U): Loaded<U> {
  return loaded.state === "some" ? { ...loaded, value: change(loaded.value) } : loaded;
}

/** Decides with what is known about the rows whether it is some, none known or unknown. */
export function judge<T>(
  loaded: Loaded<T>,
  verdict: (value: T) => "some" | "unknown" | { readonly noneKnown: readonly string[] },
): Loaded<T> {
  if (loaded.state !== "some") return loaded;
  const found = verdict(loaded.value);
  if (found === "some") return loaded;
  if (found === "unknown") return { state: "unknown", asOf: loaded.asOf };
  return { state: "none-known", statements: found.noneKnown, asOf: loaded.asOf };
}
