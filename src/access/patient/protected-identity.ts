/**
 * Protected identity: what of a person may be shown where. Only the chart of somebody who has opened the patient names the
 * person; the address is never shown, for letters go by the tax agency's forwarding. What is telling is kept in a
 * `ProtectedIdentity`, which gives nothing away to whoever prints, sorts, searches or logs it: it comes out by `shownFor`,
 * which asks what it is for.
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

/** What stands where somebody tried to show a protected identity. */
export const PROTECTED_TEXT = "Skyddade personuppgifter";

/** Node's name for how an object wants to be printed; a registered symbol, so that a browser's console is not hurt by it. */
const INSPECT = Symbol.for("nodejs.util.inspect.custom");

/** Content that can be turned into no text, number, order or copy by accident. `shownFor` is the only way out. */
export class ProtectedIdentity<T> {
  readonly #content: T;
  readonly #protection: Protection;

  constructor(content: T, protection: Protection) {
    this.#content = content;
    this.#protection = protection;
  }

  toString(): string {
    return PROTECTED_TEXT;
  }

  toJSON(): string {
    return PROTECTED_TEXT;
  }

  /** Comparing, sorting and joining texts go this way: everybody is alike. */
  [Symbol.toPrimitive](): string {
    return PROTECTED_TEXT;
  }

  [INSPECT](): string {
    return PROTECTED_TEXT;
  }

  /** See `shownFor`; a private field can be read from nowhere else. */
  static shown<T, R>(identity: ProtectedIdentity<T>, use: Use, without: Without<T, R>): R {
    return without(identity.#content, withheldOf(identity.#protection, use).withheld);
  }
}

/** Takes out of a content what is withheld. */
export type Without<T, R> = (content: T, withheld: readonly Telling[]) => R;

/** What of a protected identity may be shown for this use, as `without` takes the rest out. */
export function shownFor<T, R>(identity: ProtectedIdentity<T>, use: Use, without: Without<T, R>): R {
  return ProtectedIdentity.shown(identity, use, without);
}
