/** Whom messages are exchanged with, and what has been agreed with it. SPEC EXCH-MAP-PARTNER */
import type { Charset } from "../hl7v2/codec/index.ts";

export type Partner = {
  /** Names the integration; identifiers that are made from its messages carry it. */
  readonly name: string;
  readonly kind: "laboratory" | "radiology" | "other";
  /** MSH-3 and MSH-4 of the two ends. */
  readonly theirs: { readonly application: string; readonly facility: string };
  readonly ours: { readonly application: string; readonly facility: string };
  /** The unit in the directory that answers: `Organization/…`, and its name. */
  readonly organization: { readonly reference: string; readonly display: string };
  /** The unit that owns what cannot be taken in, by HSA-id. */
  readonly owner: { readonly careProvider: string; readonly careUnit: string };
  readonly charset: Charset;
  /** How orders are sent: OML^O21 or ORM^O01. */
  readonly orders: "OML" | "ORM";
};
