/**
 * Branded texts: a plain string at run time, a type of its own at compile time, so that the id of
 * one thing cannot be passed where another's is meant.
 */

declare const brand: unique symbol;

/** `T` carrying the name `B`; it can be used as a `T`, but a plain `T` cannot be used as it. */
export type Brand<T, B extends string> = T & { readonly [brand]: B };

/** The logical id of any FHIR resource (`Resource.id`). */
export type ResourceId = Brand<string, "ResourceId">;

/** Marks a switch over a closed set as complete: adding a member makes the call a compile error. */
export function assertNever(value: never, what = "value"): never {
  throw new TypeError(`unexpected ${what} of type ${typeof value}`);
}
