/**
 * The hourly tidying: sessions and openings that have ended, and answers to old idempotency keys. Nothing clinical is ever removed here.
 *
 * SPEC JOBS-HOUSE
 */
import type { Store } from "../store/index.ts";

const HOUR_MS = 3_600_000;
const KEEP_KEYS_DAYS = 30;

/** Tidies once an hour until the answered function is called. `onFault` hears of a failed round; the next one comes anyway. */
export function startHousekeeping(store: Store, onFault: (error: unknown) => void): () => void {
  const round = (): void => void store.tidy(KEEP_KEYS_DAYS).catch(onFault);
  const timer = setInterval(round, HOUR_MS);
  timer.unref();
  return () => clearInterval(timer);
}
