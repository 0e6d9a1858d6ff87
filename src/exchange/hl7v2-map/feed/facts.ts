/**
 * What a feed reads: through the journal's door, within what its receiver may have, each thing once for the changes that are told together.
 * SPEC EXCH-FEED-GROUNDS
 */
import { parseScopes, type ClientActor } from "../../../access/index.ts";
import type { JsonObject } from "../../../fhir/index.ts";
import { handOut, handOutName, ownersOf, type HandedOut, type HandOutAsk, type Visit } from "../../../journal/index.ts";
import { find } from "../find.ts";
import type { Partner } from "../partner.ts";
import type { FeedTerms } from "./terms.ts";

const READ =
  "Patient Encounter Appointment DocumentReference Composition DiagnosticReport Observation ServiceRequest Specimen";

/** In whose name a feed reads: a machine client of the partner's own, which writes nothing. */
export function feedActorOf({ name, owner }: Partner, terms: FeedTerms): ClientActor {
  const texts = READ.split(" ").map((type) => `system/${type}.rs`);
  const scopes = parseScopes(
    [...texts, ...(terms.protected === "whole" ? ["system/ProtectedIdentity.r"] : [])].join(" "),
  );
  if (scopes === undefined) throw new RangeError("the scopes of a feed are malformed");
  return {
    kind: "client",
    name: `hl7v2 ${name} feed`,
    scopes,
    careProvider: owner.careProvider,
    careUnit: owner.careUnit,
  };
}

/** Everything that some changes need. */
export class FeedFacts {
  private readonly visit: Visit;
  private readonly partner: Partner;
  private readonly terms: FeedTerms;
  private readonly known = new Map<string, HandedOut>();
  /** What was asked for, also what may not leave. */
  private readonly asked = new Set<string>();

  constructor(visit: Visit, partner: Partner, terms: FeedTerms) {
    this.visit = visit;
    this.partner = partner;
    this.terms = terms;
  }

  /** Reads what is asked for together. */
  async load(asks: readonly HandOutAsk[]): Promise<void> {
    const { careProvider } = this.partner.owner;
    const receiver = {
      careProvider,
      careUnit: this.partner.unit,
      units: this.terms.units,
      use: this.terms.protected === "number" ? "search" : "message",
    } as const;
    const missing = asks.filter((ask) => !this.asked.has(handOutName(ask)));
    const { value } = await handOut(this.visit, receiver, missing);
    for (const ask of missing) this.asked.add(handOutName(ask));
    for (const [name, one] of value) this.known.set(name, one);
  }

  /** What was read of a thing; nothing for what is not here or may not leave. */
  get(ask: HandOutAsk): HandedOut | undefined {
    return this.known.get(handOutName(ask));
  }

  /** The things that references name, as they stand; nothing when one of them is not here or may not leave. */
  async all(references: readonly string[]): Promise<readonly JsonObject[] | undefined> {
    const asks = references.map(askOf);
    await this.load(asks);
    const found = asks.map((ask) => this.get(ask)?.resource);
    return found.some((one) => one === undefined) ? undefined : found.filter((one) => one !== undefined);
  }

  async one(reference: string | undefined): Promise<HandedOut | undefined> {
    if (reference === undefined) return undefined;
    await this.load([askOf(reference)]);
    return this.get(askOf(reference));
  }

  /** The parts of a patient's visits, whichever unit has them, within what may leave. */
  async visitsOf(patient: string): Promise<readonly HandedOut[]> {
    const found = await find(this.visit, "Encounter", [
      ["patient", patient],
      ["_count", MOST_VISITS],
    ]);
    await this.load([...found.keys()].map(askOf));
    return [...found.keys()].flatMap((name) => this.get(askOf(name)) ?? []);
  }

  /** Whether the receiver knows a patient: of an own unit's feed, whoever has been there. */
  async isKnown(patient: string): Promise<boolean> {
    if (this.terms.basis === "care-provider") return true;
    for (const type of ["Encounter", "Appointment"]) {
      const found = await find(this.visit, type, [
        ["patient", patient],
        ["_count", MOST_VISITS],
      ]);
      const ids = [...found.keys()].map((name) => name.slice(type.length + 1));
      const owners = ids.length === 0 ? [] : [...(await ownersOf(this.visit, type, ids)).values()];
      if (owners.some(({ careUnit }) => careUnit === this.partner.unit)) return true;
    }
    return false;
  }
}

const MOST_VISITS = "500";

/** `Type/id` as something to ask for. */
export function askOf(reference: string): HandOutAsk {
  const [type = "", id = ""] = reference.split("/");
  return { type, id };
}
