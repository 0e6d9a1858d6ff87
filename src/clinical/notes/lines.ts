/**
 * A piece of the record as a line of a note: what it says, when, and who said it, with a mark that it was pulled in or copied. The same record
 * always gives the same lines, so that whoever signs a line that the record no longer says can be told. Pure.
 *
 * SPEC CLIN-NOTE-PULL-1, CLIN-NOTE-PULL-3 · F37
 */
import { isoLocal, narrativeWords } from "../../base/index.ts";
import { isNumber, listOf, numberText, objectOf, type JsonObject, type JsonValue } from "../../fhir/index.ts";
import { nameIn, textIn } from "../said.ts";

/** The words that a line begins with; they are part of the note, so that they stand wherever it is read. */
export const PULLED = "Hämtat: ";
export const COPIED = "Kopierat: ";

export function isMarked(line: string): boolean {
  return line.startsWith(PULLED) || line.startsWith(COPIED);
}

/** The lines that a record can be pulled in as; none of what says nothing, or was a mistake. */
export function linesOf(resource: JsonObject): readonly string[] {
  if (UNSAID.has(textIn(resource["status"]) ?? "")) return [];
  switch (resource["resourceType"]) {
    case "Observation":
      return oneLine(observed(resource), [momentIn(resource, "effectiveDateTime", "issued"), whoIn(resource, "performer")]);
    case "MedicationRequest":
      return oneLine(drugIn(resource, "dosageInstruction"), [momentIn(resource, "authoredOn"), whoIn(resource, "requester")]);
    case "MedicationStatement":
      return oneLine(drugIn(resource, "dosage"), [momentIn(resource, "dateAsserted", "effectiveDateTime"), "enligt patienten eller annan källa"]);
    case "Condition":
      return isRefuted(resource) ? [] : oneLine(problemIn(resource), [momentIn(resource, "recordedDate", "onsetDateTime"), whoIn(resource, "recorder")]);
    case "Composition":
      return listOf(resource["section"]).map(objectOf).flatMap((section) => copiedFrom(resource, section));
    default:
      return [];
  }
} // prettier-ignore

const UNSAID: ReadonlySet<string> = new Set(["entered-in-error", "cancelled", "registered"]);

function isRefuted({ verificationStatus }: JsonObject): boolean {
  return listOf(objectOf(verificationStatus)["coding"]).some((one) => /refuted|error/.test(textIn(objectOf(one)["code"]) ?? "")); // prettier-ignore
}

function oneLine(text: string | undefined, from: readonly (string | undefined)[]): readonly string[] {
  if (text === undefined) return [];
  const [when = "tid inte angiven", who = "källa inte angiven"] = from;
  return [`${PULLED}${singleLine(text)} (${when}, ${singleLine(who)})`];
}

/** The lines of one section of another note, each with where it was copied from. */
export function copiedFrom(note: JsonObject, section: JsonObject): readonly string[] {
  const title = textIn(note["title"]) ?? "anteckning";
  const source = [title, momentIn(note, "date"), whoIn(note, "author")].filter(Boolean).join(", ");
  return textLines(section).map((line) => `${COPIED}${unmarked(line)} (${singleLine(source)})`);
}

/** What was copied before keeps its own source behind it, and one mark. */
function unmarked(line: string): string {
  return isMarked(line) ? line.slice(line.indexOf(":") + 2) : line;
}

/** The text of a section in its paragraphs. */
export function textLines(section: JsonObject): readonly string[] {
  const div = textIn(objectOf(section["text"])["div"]) ?? "";
  return div
    .split(/<\/(?:p|div|li|tr|h\d)>|<br\s*\/?>/i)
    .map((part) => narrativeWords(part))
    .filter((line) => line !== "");
}

function observed(observation: JsonObject): string | undefined {
  const name = nameIn(observation["code"]);
  const parts = listOf(observation["component"]).map(objectOf).flatMap((one) => {
    const value = valueIn(one);
    return value === undefined ? [] : [`${nameIn(one["code"]) ?? ""} ${value}`.trim()];
  }); // prettier-ignore
  const own = valueIn(observation);
  const said = own ?? (parts.length === 0 ? undefined : parts.join(", "));
  if (name === undefined || said === undefined) return undefined;
  const standing = textIn(observation["status"]) === "preliminary" ? ", preliminärt" : "";
  return `${name} ${said}${deviation(observation)}${standing}`;
}

const DEVIATIONS: Readonly<Record<string, string>> = { H: "högt", L: "lågt", HH: "kritiskt högt", LL: "kritiskt lågt", A: "avvikande", AA: "kritiskt avvikande" }; // prettier-ignore

function deviation(observation: JsonObject): string {
  const codes = listOf(observation["interpretation"]).flatMap((one) => listOf(objectOf(one)["coding"]).map((coding) => textIn(objectOf(coding)["code"]) ?? "")); // prettier-ignore
  const said = codes.map((code) => DEVIATIONS[code]).find((one) => one !== undefined);
  return said === undefined ? "" : ` (${said})`;
}

function valueIn(one: JsonObject): string | undefined {
  const quantity = objectOf(one["valueQuantity"]);
  const { value } = quantity;
  if (isNumber(value)) return [`${textIn(quantity["comparator"]) ?? ""}${numberText(value).replace(".", ",")}`, textIn(quantity["unit"]) ?? textIn(quantity["code"]) ?? ""].join(" ").trim(); // prettier-ignore
  const whole = one["valueInteger"];
  if (isNumber(whole)) return numberText(whole);
  if (typeof one["valueBoolean"] === "boolean") return one["valueBoolean"] ? "ja" : "nej";
  const absent = nameIn(one["dataAbsentReason"]);
  return textIn(one["valueString"]) ?? nameIn(one["valueCodeableConcept"]) ?? (absent === undefined ? undefined : `värde saknas: ${absent}`); // prettier-ignore
}

function drugIn(resource: JsonObject, dosage: string): string | undefined {
  const name = nameIn(resource["medicationCodeableConcept"]) ?? textIn(objectOf(resource["medicationReference"])["display"]); // prettier-ignore
  const doses = listOf(resource[dosage]).flatMap((one) => textIn(objectOf(one)["text"]) ?? []);
  return name === undefined ? undefined : `${name}${doses.length === 0 ? ", dosering inte angiven" : `: ${doses.join("; ")}`}`; // prettier-ignore
}

function problemIn({ code }: JsonObject): string | undefined {
  const name = nameIn(code);
  const codes = listOf(objectOf(code)["coding"]).flatMap((one) => textIn(objectOf(one)["code"]) ?? []);
  const icd = codes.find((one) => /^[A-Z]\d/.test(one));
  return name === undefined || icd === undefined || name.includes(icd) ? name : `${icd} ${name}`;
}

/** A moment as it is read here: the day, and the time in Sweden where one is told. */
function momentIn(resource: JsonObject, ...names: readonly string[]): string | undefined {
  const said = names.map((name) => textIn(resource[name])).find((one) => one !== undefined);
  if (said === undefined) return undefined;
  const ms = said.includes("T") ? Date.parse(said) : Number.NaN;
  return Number.isNaN(ms) ? said.slice(0, 10) : isoLocal(ms).slice(0, 16).replace("T", " ");
}

function whoIn(resource: JsonObject, name: string): string | undefined {
  const value: JsonValue | undefined = resource[name];
  const named = [...listOf(value), value ?? null].map((one) => textIn(objectOf(one)["display"]));
  return named.find((one) => one !== undefined);
}

function singleLine(text: string): string {
  return text.replaceAll(/\s+/g, " ").trim();
}
