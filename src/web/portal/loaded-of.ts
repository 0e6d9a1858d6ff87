/** Pages of a list, put together, in the states that a view shows. */
import type { Loaded } from "../loaded.ts";
import { failureOf } from "../wire/call.ts";

export function loadedOf<T>(
  items: readonly T[] | undefined,
  error: Error | null,
  { at, retry }: { readonly at: number; readonly retry: () => void },
): Loaded<readonly T[]> {
  const asOf = new Date(at).toISOString();
  if (items === undefined) return error ? { state: "failed", failure: failureOf(error), retry } : { state: "loading" };
  if (items.length === 0) return { state: "unknown", asOf };
  return { state: "some", value: items, asOf, stale: error ? failureOf(error) : undefined };
}
