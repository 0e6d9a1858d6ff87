/**
 * What is known of a patient when a drug is ordered: from the resources that whoever orders may see, each fact with its age, and what is
 * not known as unknown. Pure.
 *
 * SPEC CLIN-MED-5 · law 6 of the house
 */
import { isNumber, listOf, numberOf, objectOf, type JsonObject } from "../../fhir/index.ts";
import { codesIn, nameIn, referenceIn, textIn } from "../said.ts";
import { inUnit, type Amount } from "./amount.ts";
import { atcIn, orderOf, type OrderFact } from "./from-fhir.ts";
import type { AnalysisName, Knowledge } from "./knowledge/index.ts";
import { overridesIn, type Override } from "./override.ts";

export type Value = { readonly value: number; readonly at: number };
export type AllergyFact = {
  readonly id: string;
  readonly name: string;
  /** Groups of ATC codes; none when the words are not understood. */
  readonly atc: readonly string[];
  readonly isSevere: boolean;
  /** Something that one does not stand, and no allergy. */
  readonly isIntolerance: boolean;
};
export type CurrentFact = OrderFact & {
  readonly id: string;
  readonly overrides: readonly Override[];
  /** Ordered here, and not only told of. */
  readonly isOrder: boolean;
};
export type PatientFacts = {
  readonly now: number;
  /** Whole and parts of years; null when the birth date is not known. */
  readonly age: number | null;
  readonly sex: "female" | "male" | null;
  readonly weight: Value | null;
  readonly allergies: readonly AllergyFact[];
  /** Somebody has asked: an allergy is recorded, or that there is none. */
  readonly isAllergyKnown: boolean;
  readonly current: readonly CurrentFact[];
  readonly isPregnant: boolean;
  readonly kidney: (Value & { readonly from: "egfr" | "creatinine" }) | null;
  readonly labs: Readonly<Partial<Record<AnalysisName, Value>>>;
};

const DAY_MS = 86_400_000;
const YEAR_MS = 365.25 * DAY_MS;

export type Known = { readonly now: number; readonly knowledge: Knowledge; readonly resources: readonly JsonObject[] };

/** The facts in these resources; of the patient whose they all are. */
export function factsIn({ now, knowledge, resources }: Known): PatientFacts {
  const all = (type: string): readonly JsonObject[] => resources.filter(({ resourceType }) => resourceType === type);
  const [person] = all("Patient");
  const birth = Date.parse(textIn(person?.["birthDate"]) ?? "");
  const age = Number.isNaN(birth) ? null : Math.max(0, (now - birth) / YEAR_MS);
  const sex = person?.["gender"] === "female" ? "female" : person?.["gender"] === "male" ? "male" : null;
  const observations = all("Observation").filter(({ status }) => status !== "cancelled" && status !== "entered-in-error"); // prettier-ignore
  const allergies = all("AllergyIntolerance").filter(isActive);
  return {
    now,
    age,
    sex,
    weight: newest(observations, { codes: WEIGHT, read: weightIn, now }),
    allergies: allergies.flatMap((one) => allergyOf(one, knowledge)),
    isAllergyKnown: allergies.length > 0,
    current: [...all("MedicationRequest"), ...all("MedicationStatement")].flatMap((one) => currentOf(one, now)),
    isPregnant: all("Condition").some((one) => isPregnancy(one, now)),
    kidney: kidneyIn(observations, { now, age, sex }),
    labs: Object.fromEntries(LABS.flatMap(([name, codes]) => {
      const found = newest(observations, { codes, read: plainValue, now });
      return found === null ? [] : [[name, found]];
    })), // prettier-ignore
  };
}

const WEIGHT: ReadonlySet<string> = new Set(["29463-7", "3141-9", "27113001", "NPU03804"]);
const EGFR: ReadonlySet<string> = new Set(["33914-3", "62238-1", "98979-8", "pt-egfr-krea-relativ"]);
const CREATININE: ReadonlySet<string> = new Set(["NPU04998", "14682-9"]);
const LABS: readonly (readonly [AnalysisName, ReadonlySet<string>])[] = [
  ["potassium", new Set(["NPU03230", "2823-3"])],
  ["sodium", new Set(["NPU03429", "2951-2"])],
  ["inr", new Set(["NPU01685", "6301-6", "p-pk-inr"])],
];

/** The codes of the analyses that are asked for: what a search needs to find. */
export const ANALYSIS_CODES: readonly string[] = [...WEIGHT, ...EGFR, ...CREATININE, ...LABS.flatMap(([, codes]) => [...codes])]; // prettier-ignore

type Wanted = {
  readonly codes: ReadonlySet<string>;
  readonly read: (one: JsonObject) => number | null;
  readonly now: number;
};

/** The newest; what is dated after tomorrow was measured on no day that anybody knows. */
function newest(all: readonly JsonObject[], { codes, read, now }: Wanted): Value | null {
  const found = all.filter((one) => codesIn(one["code"]).some((code) => codes.has(code))).flatMap((one) => {
    const value = read(one);
    const at = Date.parse(textIn(one["effectiveDateTime"]) ?? textIn(objectOf(one["effectivePeriod"])["start"]) ?? textIn(one["issued"]) ?? ""); // prettier-ignore
    return value === null || Number.isNaN(at) || at > now + DAY_MS ? [] : [{ value, at }];
  });
  return found.toSorted((a, b) => b.at - a.at)[0] ?? null;
} // prettier-ignore

function plainValue(one: JsonObject): number | null {
  const { value } = objectOf(one["valueQuantity"]);
  return isNumber(value) ? numberOf(value) : null;
}

/** Kilograms, or grams as newborns are weighed. */
function weightIn(one: JsonObject): number | null {
  const quantity = objectOf(one["valueQuantity"]);
  const value = plainValue(one);
  const unit = textIn(quantity["code"]) ?? textIn(quantity["unit"]);
  if (value === null || value <= 0) return null;
  return unit === "g" ? value / 1000 : unit === "kg" ? value : null;
}

type Who = { readonly now: number; readonly age: number | null; readonly sex: PatientFacts["sex"] };

/** The newest of what the laboratory has calculated, and what follows from a newer creatinine. */
function kidneyIn(all: readonly JsonObject[], { now, age, sex }: Who): PatientFacts["kidney"] {
  const told = newest(all, { codes: EGFR, read: plainValue, now });
  const creatinine = newest(all, { codes: CREATININE, read: micromoles, now });
  if (creatinine === null || (told !== null && told.at >= creatinine.at)) return told === null ? null : { ...told, from: "egfr" }; // prettier-ignore
  const value = age === null || sex === null || age < 18 ? null : lundMalmo(creatinine.value, age, sex);
  if (value === null) return told === null ? null : { ...told, from: "egfr" };
  return { value, at: creatinine.at, from: "creatinine" };
}

function micromoles(one: JsonObject): number | null {
  const unit = textIn(objectOf(one["valueQuantity"])["code"]) ?? textIn(objectOf(one["valueQuantity"])["unit"]);
  return unit === "umol/L" || unit === "µmol/L" ? plainValue(one) : null;
}

/** The revised Lund-Malmö equation for adults (Björk et al. 2011; Nyman et al. 2014), ml/min/1.73 m². */
export function lundMalmo(creatinine: number, age: number, sex: "female" | "male"): number {
  const [limit, base, slope] = sex === "female" ? [150, 2.5, 0.0121] : [180, 2.56, 0.00968];
  const x = creatinine < limit ? base + slope * (limit - creatinine) : base - 0.926 * Math.log(creatinine / limit);
  return Math.exp(x - 0.0158 * age + 0.438 * Math.log(age));
}

const MISTAKEN: ReadonlySet<string> = new Set(["refuted", "entered-in-error", "inactive", "resolved"]);

function isActive(allergy: JsonObject): boolean {
  return ![...codesIn(allergy["clinicalStatus"]), ...codesIn(allergy["verificationStatus"])].some((code) => MISTAKEN.has(code)); // prettier-ignore
}

/** What says that there is no allergy. */
const NONE: ReadonlySet<string> = new Set(["409137002", "716186003", "no-known-allergies", "no-known-drug-allergies"]);

function allergyOf(allergy: JsonObject, knowledge: Knowledge): readonly AllergyFact[] {
  const { code } = allergy;
  const categories = listOf(allergy["category"]);
  if (categories.length > 0 && !categories.some((one) => one === "medication" || one === "biologic")) return [];
  if (codesIn(code).some((one) => NONE.has(one))) return [];
  const name = nameIn(code) ?? "";
  const substances = listOf(allergy["reaction"]).map((one) => objectOf(one)["substance"]);
  const coded = [code, ...substances].flatMap(atcIn);
  const said = [name, ...substances.map((one) => nameIn(one) ?? "")].flatMap((one) => knowledge.allergyGroups(one));
  const isSevere = allergy["criticality"] === "high" || listOf(allergy["reaction"]).some((one) => objectOf(one)["severity"] === "severe"); // prettier-ignore
  return [{ id: textIn(allergy["id"]) ?? name, name, atc: [...new Set([...coded, ...said])], isSevere, isIntolerance: allergy["type"] === "intolerance" }]; // prettier-ignore
}

/** What somebody thinks of giving is not given. */
const THOUGHT_OF: ReadonlySet<string> = new Set(["proposal", "plan", "option"]);
const CURRENT: ReadonlySet<string> = new Set(["active", "on-hold", "intended"]);

function currentOf(resource: JsonObject, now: number): readonly CurrentFact[] {
  const isOrder = resource["resourceType"] === "MedicationRequest";
  if (!CURRENT.has(textIn(resource["status"]) ?? "") || resource["doNotPerform"] === true) return [];
  if (isOrder && THOUGHT_OF.has(textIn(resource["intent"]) ?? "")) return [];
  const order = orderOf(isOrder ? resource : { ...resource, dosageInstruction: resource["dosage"] ?? [] });
  if (order.doses.length > 0 && order.doses.every(({ end }) => end !== null && Date.parse(end) + DAY_MS < now))
    return [];
  return [{ ...order, id: textIn(resource["id"]) ?? "", overrides: isOrder ? overridesIn(resource) : [], isOrder }];
}

/** Longer than any pregnancy lasts after it is known. */
const PREGNANCY_DAYS = 300;

function isPregnancy(condition: JsonObject, now: number): boolean {
  if ([...codesIn(condition["clinicalStatus"]), ...codesIn(condition["verificationStatus"])].some((code) => MISTAKEN.has(code) || code === "remission")) return false; // prettier-ignore
  if (condition["abatementDateTime"] !== undefined) return false;
  const at = Date.parse(textIn(condition["onsetDateTime"]) ?? textIn(condition["recordedDate"]) ?? "");
  const isLate = Number.isNaN(at) || now - at < PREGNANCY_DAYS * DAY_MS;
  return isLate && codesIn(condition["code"]).some((code) => code === "77386006" || /^Z3[345]/.test(code));
}

/** The most that somebody has of a drug at a time, in a unit; of what is ordered now. */
export function ongoingDose(current: readonly CurrentFact[], atc: string, unit: Amount["unit"]): number | null {
  const singles = current.filter((one) => one.isOrder && one.atc.includes(atc)).flatMap(({ doses }) => doses.flatMap(({ single, isPerKg }) => (single === null || isPerKg ? [] : (inUnit(single, unit)?.value ?? [])))); // prettier-ignore
  return singles.length === 0 ? null : Math.max(...singles);
}

/** Whose a request is. */
export function patientOf(request: JsonObject): string | null {
  const [type, id] = (referenceIn(request["subject"]) ?? "").split("/");
  return type === "Patient" && id !== undefined && id !== "" ? id : null;
}
