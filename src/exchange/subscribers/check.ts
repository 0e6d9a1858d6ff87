/**
 * A subscription that its owner has written is looked at before anything is sent: can it be understood, may it go there,
 * may its owner see it. Then its status says so, in the same commit as the engine's own state.
 *
 * SPEC EXCH-CHECK · https://hl7.org/fhir/R4/subscription.html (status)
 */
import { parseScopes } from "../../access/index.ts";
import { FhirError, isJsonObject, parseJson, type JsonObject } from "../../fhir/index.ts";
import { commit, mayBeTold, planCriteria, type Visit } from "../../journal/index.ts";
import type { Settlement, SubscriberRow } from "../../store/index.ts";
import { endpointFault } from "./addresses.ts";
import { NO_GROUNDS, visitOf, type SubscriberOptions } from "./context.ts";
import type { Wanted } from "./wanted.ts";

/** What is to be said of the subscription: active, off, or in error and why. */
export async function judge(
  options: SubscriberOptions,
  row: SubscriberRow,
  wanted: Wanted | string,
): Promise<Settlement> {
  if (typeof wanted === "string") return { state: "error", why: wanted };
  if (wanted.saidError !== undefined) return { state: "error", why: wanted.saidError }; // nothing is asked for
  if (wanted.isOff || hasEnded(wanted, options)) return { state: "off", why: null };
  const visit = await visitOf(options, row);
  const fault =
    endpointFault(wanted.endpoint, options.outbound.hosts) ??
    (visit === undefined ? NO_GROUNDS : (groundsFault(visit, wanted) ?? criteriaFault(visit, wanted)));
  return fault === undefined ? { state: "active", why: null } : { state: "error", why: fault };
}

export function hasEnded({ end }: Wanted, { journal }: SubscriberOptions): boolean {
  return end !== undefined && Date.parse(end) <= journal.clock().getTime();
}

/** Why the owner may not be told of one of the types, or nothing. */
export function groundsFault(visit: Visit, { triggers }: Wanted): string | undefined {
  for (const { type } of triggers) {
    const decision = mayBeTold(visit, type);
    if ("refusal" in decision) return `No grounds to be told of ${type} (rule ${decision.refusal.rule}).`;
  }
  return undefined;
}

function criteriaFault(visit: Visit, { triggers }: Wanted): string | undefined {
  try {
    for (const { type, current, previous } of triggers) {
      planCriteria(visit, type, current);
      planCriteria(visit, type, previous ?? []);
    }
    return undefined;
  } catch (error) {
    if (error instanceof FhirError) return `The criteria: ${error.issues.map(({ en }) => en).join(" ")}`;
    throw error;
  }
}

/**
 * Writes the status into the Subscription, unless its owner has written it anew meanwhile. When the resource says the same
 * already, only the engine's state is set.
 */
export async function settle(options: SubscriberOptions, row: SubscriberRow, settlement: Settlement): Promise<void> {
  const { journal } = options;
  const resource = parseJson(row.content);
  if (!isJsonObject(resource)) throw new Error("a stored Subscription is no resource");
  const { error, ...rest } = resource;
  const isSaid = resource["status"] === settlement.state && (error ?? "") === (settlement.why ?? "");
  const current = Math.max(row.written, row.checked);
  const settleAlone = (): Promise<void> =>
    journal.store.write("*", (tx) => tx.subscribers.settle(row.id, current, settlement));
  if (isSaid && row.checked < row.written) return settleAlone();
  const told: JsonObject = { ...rest, status: settlement.state, ...(settlement.why && { error: settlement.why }) };
  const visit: Visit = { ...journal, actor: SELF, request: `subscription ${row.id}` };
  const command = { kind: "update", type: "Subscription", id: row.id, resource: told, where: "Subscription" } as const;
  try {
    const { value } = await commit(visit, [{ ...command, ifMatch: String(current), settlement }]);
    if (value[0]?.outcome === "unchanged") await settleAlone();
  } catch (failure) {
    if (failure instanceof FhirError && failure.code === "VERSION_CONFLICT") return; // it comes again in its new words
    throw failure;
  }
}

/** The server itself, which may do this and nothing else. */
const SELF = {
  kind: "client",
  name: "eira",
  scopes: parseScopes("system/Subscription.cu") ?? [],
  careProvider: null,
  careUnit: null,
} as const;
