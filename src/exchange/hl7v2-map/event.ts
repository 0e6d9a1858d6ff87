/** What the mapping of an event of one patient is given. SPEC EXCH-MAP-IN */
import type { Visit } from "../../journal/index.ts";
import type { Partner } from "./partner.ts";
import type { Origin } from "./standing.ts";

export type EventContext = {
  readonly visit: Visit;
  readonly partner: Partner;
  readonly origin: Origin;
  /** MSH-9.2. */
  readonly event: string;
  /** EVN-6: when it happened, where that is said apart from when it was told. */
  readonly occurred?: string;
};
