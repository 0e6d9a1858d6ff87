/** Coded values: HL7's CWE and CE to FHIR's CodeableConcept and back. SPEC EXCH-MAP-CODE */
import type { JsonObject } from "../../fhir/index.ts";
import type { NewRepetition, Segment } from "../hl7v2/codec/index.ts";
import { listOf, objectIn, objectsIn, said, textIn } from "./json.ts";
import { textAt } from "./segments.ts";
import { CODE_SYSTEM } from "./tables/index.ts";

const UNKNOWN = "urn:eira:hl7v2:kodsystem:";

/** A coding system that no table knows is kept by its name; one that is written as a URI is what it says. */
export function systemNamed(name: string | undefined): string | undefined {
  if (name === undefined) return undefined;
  return CODE_SYSTEM.toFhir(name) ?? (name.includes(":") ? name : UNKNOWN + name);
}

export function nameOfSystem(system: string | undefined): string | undefined {
  if (system === undefined) return undefined;
  return CODE_SYSTEM.toHl7(system) ?? (system.startsWith(UNKNOWN) ? system.slice(UNKNOWN.length) : system);
}

/** The concept at a place (`3`, `5[2]`): both codings and the text; undefined when nothing stands there. */
export function conceptAt(segment: Segment | undefined, place: string): JsonObject | undefined {
  const part = (number: number): string | undefined => textAt(segment, `${place}.${number}`);
  const codings = [codingOf([part(1), part(2), part(3)]), codingOf([part(4), part(5), part(6)])];
  const text = part(9) ?? (part(1) === undefined ? part(2) : undefined);
  const concept = said({ coding: listOf(...codings), text });
  return Object.keys(concept).length === 0 ? undefined : concept;
}

type Parts = readonly [code: string | undefined, display: string | undefined, system: string | undefined];

function codingOf([code, display, system]: Parts): JsonObject | undefined {
  return code === undefined ? undefined : said({ system: systemNamed(system), code, display });
}

/** A concept as HL7 has it. More than two codings do not fit, and the first two are the ones that go. */
export function cweOf(concept: JsonObject): NewRepetition {
  const [first, second] = objectsIn(concept["coding"]);
  const text = textIn(concept["text"]);
  if (first === undefined) return [undefined, text];
  return [...partsOf(first), ...partsOf(second ?? {}), undefined, undefined, text];
}

function partsOf(coding: JsonObject): (string | undefined)[] {
  return [textIn(coding["code"]), textIn(coding["display"]), nameOfSystem(textIn(coding["system"]))];
}

/** The code of a concept in a system. */
export function codeIn(concept: unknown, system: string): string | undefined {
  const codings = objectsIn(objectIn(concept as JsonObject)["coding"]);
  return textIn(codings.find((one) => one["system"] === system)?.["code"]);
}

/** What names a concept: its first coding, else its text. */
export function keyOf(concept: JsonObject): string {
  const [first] = objectsIn(concept["coding"]);
  if (first === undefined) return textIn(concept["text"]) ?? "";
  return `${textIn(first["system"]) ?? ""}|${textIn(first["code"]) ?? ""}`;
}
