/** In whose name the command line reads the access log, and for which period. SPEC CLI-AUDIT */
import { randomUUID } from "node:crypto";
import { dateRange } from "../fhir/index.ts";
import type { Visit } from "../journal/index.ts";
import type { LogPeriod, Store } from "../store/index.ts";
import { flag, type Invocation } from "./command.ts";
import { journalOptions } from "./installation.ts";

const AUDITOR = {
  kind: "client",
  name: "audit",
  scopes: [{ type: "AuditEvent", verbs: new Set(["c", "r", "s"] as const) }],
  careProvider: null,
  careUnit: null,
} as const;

/** The last minute may still be on its way into the log. */
const SETTLED_MS = 60_000;

/** A visit of whoever runs the command, who is logged as the system. */
export function auditVisit({ config, clock }: Invocation, store: Store, what: string): Visit {
  return { ...journalOptions(config, store, clock), actor: AUDITOR, request: `${what} ${randomUUID()}`.slice(-36) };
}

/**
 * The period of `--from` and `--to`, whole days or times, both included; without `--to` until a minute ago, and from `earliest` without `--from` where there is one. Errors: no
 * such date, an end before its beginning, a period that is not over.
 */
export function periodIn(
  { args, clock }: Invocation,
  earliest?: string,
): LogPeriod & { readonly low: string; readonly high: string } {
  const [from, to] = [flag(args, "from") ?? earliest, flag(args, "to")];
  const settled = new Date(clock().getTime() - SETTLED_MS).toISOString();
  const low = from === undefined ? undefined : dateRange(from)?.low;
  const asked = to === undefined ? settled : dateRange(to)?.high;
  if (low === undefined) throw new Error(`--from is to be a date (2026-11-21) or a time, not "${from ?? ""}".`);
  if (asked === undefined) throw new Error(`--to is to be a date (2026-11-21) or a time, not "${to}".`);
  const high = asked > settled ? settled : asked;
  if (Date.parse(low) >= Date.parse(high)) throw new Error("The period is empty or has not been yet.");
  return { low, high };
}
