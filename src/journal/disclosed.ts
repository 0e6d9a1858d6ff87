/**
 * What has passed the door: decided, reached and logged. Only `journal/` can make one, and `http/reply` takes nothing
 * else, so that an answer cannot leave unlogged by mistake.
 *
 * SPEC JRN-DISCLOSED
 */
import type { AccessLogEntry } from "../store/index.ts";
import type { Visit } from "./context.ts";

declare const passed: unique symbol;

export type Disclosed<T> = { readonly value: T; readonly [passed]: true };

/** Marks a value as having passed the door. Not exported from the module. */
export function disclose<T>(value: T): Disclosed<T> {
  return { value } as Disclosed<T>;
}

/** Puts together what has passed the door already. Nothing new can come in this way but what `join` is given. */
export function disclosedTogether<T extends readonly unknown[], R>(
  parts: { readonly [K in keyof T]: Disclosed<T[K]> },
  join: (values: T) => R,
): Disclosed<R> {
  return disclose(join(parts.map(({ value }) => value) as unknown as T));
}

/**
 * What a module above has read of what it keeps itself (the ledger, letters, integrations), and no record of the journal: told when the lines of
 * the access log about it are durable. Lines that its own transaction has written already are not given again; what is of no patient has none.
 */
export async function disclosedAfter<T>(
  { store }: Pick<Visit, "store">,
  lines: readonly AccessLogEntry[],
  value: T,
): Promise<Disclosed<T>> {
  if (lines.length > 0) await store.recordAccess([...lines]);
  return disclose(value);
}
