/**
 * Protected identity: what of a person may be shown where. Only the chart of somebody who has opened the patient names the
 * person; the address is never shown, for letters go by the tax agency's forwarding.
 *
 * SPEC ACC-PROTECTED · OSL (2009:400) 21 kap. 3 §, 22 kap. 1 § (section numbers not verified), HL7 Sweden sekretess
 */
import type { Protection } from "./facts.ts";
import { protectionOf } from "./reach.ts";
import type { AccessRule } from "./rules.ts";

/** Parts of a person's data that can betray where or who somebody is. */
export const TELLING = ["name", "number", "address", "telecom", "municipality", "unit-trail"] as const;
export type Telling = (typeof TELLING)[number];

/** Where the data would be shown, or what it would be used for. */
export type Use = "chart" | "contact" | "list" | "print" | "search" | "log" | "message";

/** The few uses in which something telling remains: the chart names the person, and a call needs a number to call. */
const REMAINS: Readonly<Record<Use, readonly Telling[]>> = {
  chart: ["name", "number"],
  contact: ["name", "number", "telecom"],
  list: [],
  print: [],
  search: ["number"], // found by the exact number, never by name or address
  log: [],
  message: [],
};

/** What is withheld, and the rule; nothing for a person who is not protected. Protection that cannot be read protects. */
export function withheldOf(
  protection: Protection,
  use: Use,
): { readonly withheld: readonly Telling[]; readonly because: AccessRule | null } {
  if (protectionOf(protection) === false) return { withheld: [], because: null };
  return { withheld: TELLING.filter((one) => !REMAINS[use].includes(one)), because: PROTECTED };
}

const PROTECTED: AccessRule = {
  rule: "ACC-PROTECTED",
  law: "OSL 21 kap. 3 §, 22 kap. 1 §",
  sentence: "Personen har skyddade personuppgifter, och därför visas de bara där vården behöver dem.",
};
