/**
 * An identity number that does not leak by accident: only `.value` and `.formatted` give it. Put into a text, a JSON document, a log
 * line or an error it shows its kind alone. A hash is not used in its place: there are so few numbers that one can be reversed
 * by trying them all. SPEC BASE-MASK · GDPR art. 87 with lag (2018:218) 3 kap. 10 §
 */
import type { RegionalIssuer } from "./regionalt-reservnummer.ts";

export type IdentityKind = "personnummer" | "samordningsnummer" | "nationellt-reservnummer" | "regionalt-reservnummer";

/** What says of which kind a number is. */
export interface IdentityScheme {
  readonly kind: IdentityKind;
  /** FHIR `Identifier.system`. */
  readonly system: string;
  /** The same in the national service contracts (RIV-TA `root`). */
  readonly oid: string;
  /** Which region's series a regional number belongs to. */
  readonly issuer?: RegionalIssuer | undefined;
}

/** A recognised identity number. Compare `.value` and `.system`: two of these are never equal by their visible fields alone. */
export interface IdentityNumber extends IdentityScheme {
  /** Stored form: twelve characters, no sign. */
  readonly value: string;
  /** Display form: `YYYYMMDD-NNNC`. */
  readonly formatted: string;
}

/** The one maker of identity numbers; only `identity-number.ts` calls it, with a value it has recognised. */
export class PersonalId implements IdentityNumber {
  readonly kind: IdentityKind;
  readonly system: string;
  readonly oid: string;
  readonly issuer: RegionalIssuer | undefined;
  readonly #value: string;

  constructor(scheme: IdentityScheme, value: string) {
    this.kind = scheme.kind;
    this.system = scheme.system;
    this.oid = scheme.oid;
    this.issuer = scheme.issuer;
    this.#value = value;
  }

  get value(): string {
    return this.#value;
  }

  get formatted(): string {
    return `${this.#value.slice(0, 8)}-${this.#value.slice(8)}`;
  }

  toString(): string {
    return `[${this.kind}]`;
  }

  toJSON(): string {
    return this.toString();
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.toString();
  }
}
