/**
 * Where each table lies when the rows are spread over several servers. Every table of the schema is named here: one that
 * is not is refused before anything is spread.
 *
 * SPEC STORE-CITUS · decision 0026
 */
import { RESOURCE_TYPES } from "../../fhir/index.ts";

/**
 * - `spread`: divided by a column; tables divided by `home` lie together, so that a patient's rows are on one server.
 * - `everywhere`: the same on every server (a reference table): small, only put in and looked up.
 * - `coordinator`: on the server that is asked. What workers claim is ordered there by one clock and one set of locks, and
 *   what is large but never asked together with a patient's rows gains nothing elsewhere.
 */
export type Lying =
  | { readonly how: "spread"; readonly by: "home" | "chain" }
  | { readonly how: "everywhere" | "coordinator" };

const byHome: Lying = { how: "spread", by: "home" };
const everywhere: Lying = { how: "everywhere" };
const coordinator: Lying = { how: "coordinator" };

/** The first table that is spread; the others by home lie with it. */
export const FIRST = "history";

export const LYING: ReadonlyMap<string, Lying> = new Map<string, Lying>([
  [FIRST, byHome],
  ...RESOURCE_TYPES.map((type) => [type.toLowerCase(), byHome] as const),
  ["access_log", byHome],
  ["change_log", byHome],
  ["destroyed", byHome],
  ["idempotency", byHome],
  ["loop", byHome],
  ["loop_event", byHome],
  ["remark", byHome],
  ["seal", byHome],
  // Moved by every write and every logged read: the same on every server it would be one lock for all.
  ["access_log_head", { how: "spread", by: "chain" }],
  ["absence", everywhere],
  ["access_review", everywhere],
  ["access_sample", everywhere],
  ["access_sample_item", everywhere],
  ["block", everywhere],
  ["block_lift", everywhere],
  ["care_fact", everywhere],
  ["client_token", everywhere],
  ["door_grant", everywhere],
  ["duty", everywhere],
  ["emergency_review", everywhere],
  ["instance", everywhere],
  ["letter_template", everywhere],
  ["loop_state", everywhere],
  ["loop_step", everywhere],
  ["oauth_client", everywhere],
  ["oauth_state", everywhere],
  ["opening", everywhere],
  ["representation", everywhere],
  ["reserve_number", everywhere],
  ["same_person", everywhere],
  ["session", everywhere],
  ["worklist", everywhere],
  ["worklist_member", everywhere],
  ["change_reader", coordinator],
  ["hl7_channel", coordinator],
  ["hl7_received", coordinator],
  ["hl7_sent", coordinator],
  ["hl7_volume", coordinator],
  ["destruction", coordinator],
  ["job", coordinator],
  ["lease", coordinator],
  ["outbox", coordinator],
  ["schema_migration", coordinator],
  ["setting", coordinator],
  ["subscriber", coordinator],
  ["subscriber_event", coordinator],
  ["subscriber_line", coordinator],
  ["terminology_closure", coordinator],
  ["terminology_closure_concept", coordinator],
  ["terminology_concept", coordinator],
  ["terminology_system", coordinator],
]);

/** Foreign keys, to be made when both tables lie where they shall. There are none so far. */
export const FOREIGN_KEYS: readonly { readonly table: string; readonly statement: string }[] = [];
