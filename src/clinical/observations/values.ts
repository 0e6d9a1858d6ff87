/**
 * The values that are measured in one round: what each is called and coded, in which unit, what cannot be, and what is asked about once.
 * The bounds are of slips of the keyboard, not of medicine: a value outside the wide ones no instrument shows, one outside the narrow ones
 * somebody has to have meant. Pure.
 *
 * SPEC CLIN-OBS-2 · https://hl7.org/fhir/R4/observation-vitalsigns.html
 */
export const VALUE_NAMES = ["breaths", "saturation", "oxygen", "systolic", "diastolic", "pulse", "consciousness", "temperature"] as const; // prettier-ignore
export type ValueName = (typeof VALUE_NAMES)[number];

export const LEVELS = ["A", "C", "V", "P", "U"] as const;

type Range = readonly [from: number, to: number];
export type Quantity = {
  readonly kind: "quantity";
  readonly sv: string;
  readonly en: string;
  readonly unit: string;
  readonly ucum: string;
  readonly decimals: number;
  readonly possible: Range;
  readonly usual: Range;
};
type Choice = {
  readonly kind: "choice";
  readonly sv: string;
  readonly en: string;
  readonly choices: readonly string[];
};

const quantity = (sv: string, en: string, units: readonly [string, string], bounds: { readonly decimals?: number; readonly possible: Range; readonly usual: Range }): Quantity => ({ kind: "quantity", sv, en, unit: units[0], ucum: units[1], decimals: 0, ...bounds }); // prettier-ignore
const PER_MINUTE = "/min";

export const VALUES: Readonly<Record<Exclude<ValueName, "consciousness">, Quantity>> & {
  readonly consciousness: Choice;
} = {
  breaths: quantity("Andningsfrekvens", "Respiration rate", ["andetag/min", PER_MINUTE], { possible: [0, 120], usual: [6, 45] }), // prettier-ignore
  saturation: quantity("Syremättnad (SpO₂)", "Oxygen saturation (SpO₂)", ["%", "%"], { possible: [20, 100], usual: [70, 100] }), // prettier-ignore
  oxygen: quantity("Syrgastillförsel", "Inhaled oxygen", ["L/min", "L/min"], { decimals: 2, possible: [0, 70], usual: [0, 15] }), // prettier-ignore
  systolic: quantity("Systoliskt blodtryck", "Systolic blood pressure", ["mmHg", "mm[Hg]"], { possible: [20, 320], usual: [60, 240] }), // prettier-ignore
  diastolic: quantity("Diastoliskt blodtryck", "Diastolic blood pressure", ["mmHg", "mm[Hg]"], { possible: [5, 220], usual: [30, 140] }), // prettier-ignore
  pulse: quantity("Puls", "Pulse", ["slag/min", PER_MINUTE], { possible: [0, 350], usual: [30, 200] }),
  consciousness: { kind: "choice", sv: "Medvetandegrad (ACVPU)", en: "Consciousness (ACVPU)", choices: LEVELS },
  temperature: quantity("Kroppstemperatur", "Body temperature", ["°C", "Cel"], { decimals: 1, possible: [10, 46], usual: [33, 41.5] }), // prettier-ignore
};

/** What was measured, each as it was typed with a decimal point: "37.0". Missing is not measured. */
export type Measured = Readonly<Partial<Record<ValueName, string>>>;

export type Fault = { readonly value: ValueName; readonly kind: "impossible" | "improbable"; readonly sv: string; readonly en: string }; // prettier-ignore

/** Every value that cannot be, and every one that nobody has said is meant; the impossible first. */
export function faultsOf(measured: Measured, sure: ReadonlySet<string>): readonly Fault[] {
  const all = VALUE_NAMES.flatMap((name) => faultOf(name, measured[name]));
  const [top, bottom] = [measured.systolic, measured.diastolic];
  if (bottom !== undefined && top === undefined) all.push(impossible("diastolic", "det övre trycket saknas", "the systolic one is missing")); // prettier-ignore
  else if (bottom !== undefined && Number(bottom) >= Number(top)) all.push(impossible("diastolic", "det undre trycket är inte lägre än det övre", "it is not lower than the systolic one")); // prettier-ignore
  const told = all.filter(({ kind, value }) => kind === "impossible" || !sure.has(value));
  return told.toSorted((a, b) => Number(a.kind === "improbable") - Number(b.kind === "improbable"));
}

function faultOf(name: ValueName, text: string | undefined): Fault[] {
  if (text === undefined) return [];
  const value = VALUES[name];
  if (value.kind === "choice") return value.choices.includes(text) ? [] : [impossible(name, value.choices.join(", "), value.choices.join(", "))]; // prettier-ignore
  const { decimals, possible, usual, unit } = value;
  if (!new RegExp(decimals === 0 ? "^\\d{1,3}$" : `^\\d{1,3}(?:\\.\\d{1,${decimals}})?$`).test(text)) return [impossible(name, decimals === 0 ? "ett heltal" : "ett tal med högst en decimal", decimals === 0 ? "a whole number" : "a number with one decimal at most")]; // prettier-ignore
  const number = Number(text);
  if (number < possible[0] || number > possible[1]) return [impossible(name, `${said(possible)} ${unit}`, `${said(possible)} ${unit}`)]; // prettier-ignore
  if (number >= usual[0] && number <= usual[1]) return [];
  return [{ value: name, kind: "improbable", sv: `${value.sv} är utanför det vanliga (${said(usual)} ${unit}). Stämmer det?`, en: `${value.en} is outside the usual (${said(usual)} ${unit}). Is it right?` }]; // prettier-ignore
}

function said([from, to]: Range): string {
  return `${from}–${to}`.replaceAll(".", ",");
}

function impossible(value: ValueName, sv: string, en: string): Fault {
  return { value, kind: "impossible", sv: `${VALUES[value].sv}: ${sv}`, en: `${VALUES[value].en}: ${en}` };
}
