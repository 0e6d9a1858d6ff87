/**
 * A typed line as whoever ordains sees it before signing: what was understood, read back, and what the checks say of it for this patient.
 *
 * SPEC CLIN-MED-9
 */
import type { PersonActor } from "../../access/index.ts";
import { fhirErrorAt, type JsonObject } from "../../fhir/index.ts";
import {
  authorize,
  disclosedAfter,
  refuseVisit,
  requireNeed,
  searchResources,
  type Disclosed,
  type Look,
  type Visit,
} from "../../journal/index.ts";
import { objectIn } from "../said.ts";
import { assess } from "./assess.ts";
import { recordOf } from "./check.ts";
import { factsIn } from "./facts.ts";
import type { Finding } from "./finding.ts";
import { orderOf } from "./from-fhir.ts";
import { KNOWLEDGE } from "./knowledge/index.ts";
import type { Ordination } from "./ordination.ts";
import { overridesIn, type Override } from "./override.ts";
import { parseOrdination, type Fault } from "./parse.ts";
import { requestOf } from "./to-fhir.ts";
import { lineOf, productWords, typedOf, type Line } from "./words.ts";

export type Looked =
  | {
      readonly line: Line;
      /** The line as it would be typed in full. */
      readonly typed: string;
      readonly findings: readonly (Finding & { readonly override: Override | null })[];
      readonly knowledge: { readonly name: string; readonly version: string };
    }
  | { readonly faults: readonly Fault[]; readonly products: readonly string[] };

const MOST_PRODUCTS = 8;

/** Errors: NO_CARE_RELATION, FORBIDDEN. */
export async function lookAtLine(
  visit: Visit,
  patient: string,
  { line, instead }: { readonly line: string; readonly instead: string | null },
): Promise<Disclosed<Looked>> {
  await ordaining(visit, "search");
  await requireNeed(visit, patient, `Patient/${patient} medication`);
  const parsed = parseOrdination(line, KNOWLEDGE);
  if (!("ordination" in parsed)) {
    const products = parsed.products.slice(0, MOST_PRODUCTS).map((one) => `${one.name} ${productWords(one)}`);
    return disclosedAfter(visit, [], { faults: parsed.faults, products });
  }
  const { ordination } = parsed;
  const resources = await recordOf(patient, lookFor(visit));
  const { findings, overrides } = judge(visit, { request: draftOf(ordination, patient), resources, instead });
  const { name, version } = KNOWLEDGE.set;
  const told = findings.map((one) => ({ ...one, override: overrides.find(({ key }) => key === one.key) ?? null }));
  return disclosedAfter(visit, [], { line: lineOf(ordination), typed: typedOf(ordination), findings: told, knowledge: { name, version } }); // prettier-ignore
}

export type Judging = {
  readonly request: JsonObject;
  readonly resources: readonly JsonObject[];
  readonly instead: string | null;
  /** The Medication that it names. */
  readonly drug?: JsonObject | undefined;
};

/** What the checks say, and the reasons that what it takes the place of carries. */
export function judge(
  { clock }: Visit,
  { request, resources, instead, drug }: Judging,
): { readonly findings: readonly Finding[]; readonly overrides: readonly Override[] } {
  const facts = factsIn({ now: clock().getTime(), knowledge: KNOWLEDGE, resources });
  const order = orderOf(request, drug);
  const findings = assess({ order, facts, knowledge: KNOWLEDGE, instead: instead === null ? [] : [instead] });
  return { findings, overrides: resources.filter(({ id }) => id === instead).flatMap(overridesIn) };
}

function draftOf(ordination: Ordination, patient: string): JsonObject {
  return requestOf(ordination, { patient, requester: {}, at: "", start: "2000-01-01", category: "community", prior: null }); // prettier-ignore
}

/** Looks in the reader's name, with grounds and log. */
export function lookFor(visit: Visit): Look {
  return async (type, parameters) =>
    (await searchResources(visit, type, parameters)).value.rows.map(({ content }) => objectIn(content));
}

/** Who ordains: staff with an assignment in care who are no students, in Eira itself. Errors: FORBIDDEN. */
export async function ordaining(visit: Visit, interaction: "search" | "create"): Promise<PersonActor> {
  const { actor } = visit;
  if (actor.kind !== "person" || actor.app !== undefined)
    return refuseVisit(visit, "medication", "Läkemedel ordineras av personal med medarbetaruppdrag, i Eira.");
  if (interaction === "create" && actor.assignment.footing?.kind === "student")
    return refuseVisit(visit, "medication", "En student ordinerar inte läkemedel.");
  await authorize(visit, interaction, "MedicationRequest", "medication");
  return actor;
}

/** An ordination as it was typed, with all that the regulation asks for. Errors: MEDICATION_INVALID with its place. */
export function ordinationIn(line: string, at: number): Ordination {
  const parsed = parseOrdination(line, KNOWLEDGE);
  if (!("ordination" in parsed)) throw fhirErrorAt("MEDICATION_INVALID", `lines[${at}].line`, { sv: "raden är inte förstådd", en: "the line is not understood" }); // prettier-ignore
  const { ordination } = parsed;
  if (ordination.reason === null) throw fhirErrorAt("MEDICATION_INVALID", `lines[${at}].line`, { sv: "ordinationsorsak saknas: skriv ”mot …” sist på raden", en: "the reason is missing: end the line with “mot …”" }); // prettier-ignore
  return ordination;
}
