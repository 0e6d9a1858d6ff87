/**
 * The medication line: substance, brand, strength, form, dose, route, frequency, indication, as separate attributes
 * so that the screen can set the substance in bold and break lines only between attributes, and never cut one.
 *
 * SPEC WEB-MED · NHS CUI Medication Line · https://hl7.org/fhir/R4/dosage.html
 */
import type { CodeableConcept, Dosage, Medication, MedicationRequest, MedicationStatement, Resource } from "fhir/r4";
import { codeIn, filled, hasCode, sayConcept, sayConcepts, sayReferenceTo, target, type Beside } from "./concepts.ts";
import { sayDose, sayDoseRange, sayStrength } from "./quantities.ts";
import { sayTiming } from "./timing.ts";

export type Prescribed = MedicationRequest | MedicationStatement;
export type MedicationLine = {
  readonly substance: string | undefined;
  readonly brand: string | undefined;
  readonly strength: string | undefined;
  readonly form: string | undefined;
  /** Dose, route and frequency, one entry per dosage instruction. */
  readonly dosages: readonly string[];
  readonly indication: string | undefined;
  readonly asNeeded: boolean;
};
export type MedicationGroup = "active" | "unclear" | "stopped";

const ATC = new Set(["http://www.whocc.no/atc", "urn:oid:1.2.752.129.2.2.3.1.1", "urn:oid:2.16.840.1.113883.6.73"]);
const NONE_KNOWN: readonly string[] = ["no-known-medications", "787481004"];
const STATUS_GROUP: Readonly<Record<string, MedicationGroup>> = {
  active: "active",
  "on-hold": "active",
  intended: "active",
  draft: "unclear",
  unknown: "unclear",
  stopped: "stopped",
  completed: "stopped",
  cancelled: "stopped",
  "entered-in-error": "stopped",
  "not-taken": "stopped",
};

/** The attributes of one prescription or statement in words. */
export function medicationLine(prescribed: Prescribed, beside: Beside): MedicationLine {
  const medication = medicationOf(prescribed, beside);
  const concept = prescribed.medicationCodeableConcept ?? medication?.code;
  const product = sayConcept(concept) ?? sayReferenceTo(prescribed.medicationReference, beside);
  const substance = substanceOf(concept, medication) ?? product;
  const ingredients = medication?.ingredient ?? [];
  const dosages = prescribed.resourceType === "MedicationRequest" ? prescribed.dosageInstruction : prescribed.dosage;
  return {
    substance,
    brand: product === undefined ? undefined : beyond(product, substance),
    strength: ingredients.length === 1 ? sayStrength(ingredients[0]?.strength) : undefined,
    form: sayConcept(medication?.form),
    dosages: inOrder(dosages)
      .map(sayDosage)
      .filter((text) => text !== undefined),
    indication: indicationOf(prescribed, beside),
    asNeeded: (dosages ?? []).some((one) => one.asNeededBoolean === true || one.asNeededCodeableConcept !== undefined),
  };
}

/** Active (also paused), unclear, or stopped. A status that is not known is unclear: shown with the active, marked. */
export function medicationGroup(prescribed: Prescribed): MedicationGroup {
  return STATUS_GROUP[prescribed.status] ?? "unclear";
}

export function isNoMedication(prescribed: Prescribed): boolean {
  return hasCode(prescribed.medicationCodeableConcept, ...NONE_KNOWN);
}

/** One dosage: the prescriber's own text when there is one (it is the whole instruction), else dose, route and timing. */
export function sayDosage(dosage: Dosage): string | undefined {
  const built = [
    sayAmount(dosage),
    sayConcept(dosage.route),
    sayTiming(dosage.timing),
    sayNeed(dosage),
    sayMaximum(dosage),
  ];
  const own = dosage.text?.trim().replace(/\.$/, "");
  const route = sayConcept(dosage.route);
  if (own) return route && !own.toLowerCase().includes(route.toLowerCase()) ? `${own} – ${route}` : own;
  const extra = [sayConcepts(dosage.additionalInstruction), dosage.patientInstruction];
  const words = [...built, ...extra].filter(Boolean);
  return words.length > 0 ? words.join(" – ") : undefined;
}

function sayAmount(dosage: Dosage): string | undefined {
  const amounts = (dosage.doseAndRate ?? []).map((one) => {
    const dose = one.doseQuantity ? sayDose(one.doseQuantity) : one.doseRange && sayDoseRange(one.doseRange);
    const rate = one.rateQuantity ? sayDose(one.rateQuantity) : sayStrength(one.rateRatio);
    return [dose, rate].filter(Boolean).join(", ");
  });
  return amounts.filter(Boolean).join(" eller ") || undefined;
}

function sayNeed(dosage: Dosage): string | undefined {
  if (dosage.asNeededCodeableConcept)
    return `vid behov: ${sayConcept(dosage.asNeededCodeableConcept) ?? ""}`.replace(/: $/, "");
  return dosage.asNeededBoolean ? "vid behov" : undefined;
}

function sayMaximum(dosage: Dosage): string | undefined {
  const perPeriod = dosage.maxDosePerPeriod;
  const most = sayDose(perPeriod?.numerator);
  if (most)
    return `högst ${most} per ${sayDose(perPeriod?.denominator)?.replace(/^1\s/u, "") ?? "period"}`.replace(
      "per d",
      "per dygn",
    );
  const once = sayDose(dosage.maxDosePerAdministration);
  return once && `högst ${once} per gång`;
}

function inOrder(dosages: readonly Dosage[] | undefined): readonly Dosage[] {
  return [...(dosages ?? [])].toSorted((a, b) => (a.sequence ?? 0) - (b.sequence ?? 0));
}

function medicationOf(prescribed: Prescribed, beside: Beside): Medication | undefined {
  const reference = prescribed.medicationReference?.reference;
  if (!reference) return undefined;
  const contained = reference.startsWith("#")
    ? prescribed.contained?.find((one) => one.id === reference.slice(1))
    : undefined;
  const found = contained ?? target(prescribed.medicationReference, beside);
  return isMedication(found) ? found : undefined;
}

function isMedication(resource: Resource | undefined): resource is Medication {
  return resource?.resourceType === "Medication";
}

function substanceOf(concept: CodeableConcept | undefined, medication: Medication | undefined): string | undefined {
  const named = (medication?.ingredient ?? []).map((one) => sayConcept(one.itemCodeableConcept)).filter(Boolean);
  if (named.length > 0) return named.join(" + ");
  return [...ATC].map((system) => codeIn(concept, system)?.display).find(Boolean);
}

function indicationOf(prescribed: Prescribed, beside: Beside): string | undefined {
  const referred = (prescribed.reasonReference ?? []).map((one) => one.display ?? conditionText(target(one, beside)));
  return sayConcepts(prescribed.reasonCode) ?? (referred.filter(Boolean).join(", ") || undefined);
}

function conditionText(resource: Resource | undefined): string | undefined {
  return sayConcept((resource as { readonly code?: CodeableConcept } | undefined)?.code);
}

/** What a product's name says beyond its substance: "Amlodipin tablett 5 mg" adds "tablett 5 mg", "Alvedon" all of itself. */
function beyond(product: string, substance: string | undefined): string | undefined {
  const repeats = substance !== undefined && product.toLowerCase().startsWith(substance.toLowerCase());
  return filled((repeats ? product.slice(substance.length) : product).trim());
}
