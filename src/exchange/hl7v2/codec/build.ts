/**
 * Writes messages: segments from numbered fields, escaped as the message's own delimiters ask for.
 *
 * SPEC EXCH-HL7-BUILD
 */
import { charsetName, type Charset } from "./charset.ts";
import { escapeText, NULL, type Syntax } from "./escapes.ts";
import { Hl7Message, type Hl7Value } from "./message.ts";
import { encodingCharacters, Hl7Error, USUAL_DELIMITERS, type Delimiters } from "./syntax.ts";

/** A component: a text (`null` is HL7's null), or its subcomponents. */
export type NewComponent = Hl7Value | { readonly parts: readonly Hl7Value[] };
/** One repetition: a text, or its components. */
export type NewRepetition = Hl7Value | readonly NewComponent[];
export type NewField = NewRepetition | { readonly repeats: readonly NewRepetition[] };

/** A segment by its name and numbered fields: `["PID", { 3: { repeats: [...] }, 5: ["Berg", "Anna"] }]`. */
export type NewSegment = readonly [name: string, fields: Readonly<Record<number, NewField>>];

export type BuildOptions = { readonly charset?: Charset; readonly delimiters?: Delimiters };

/** A message. MSH-1, MSH-2 and MSH-18 are written by the options. Errors: Hl7Error when a text cannot be written with these delimiters. */
export function buildMessage(
  segments: readonly NewSegment[],
  { charset = "utf-8", delimiters = USUAL_DELIMITERS }: BuildOptions = {},
): Hl7Message {
  const syntax = { charset, delimiters };
  return new Hl7Message(
    syntax,
    segments.map((segment) => fieldsOf(segment, syntax)),
  );
}

/** The same message with one field of one of its segments written anew. */
export function withField(
  message: Hl7Message,
  at: { readonly segment: number; readonly field: number },
  value: NewField,
): Hl7Message {
  const written = message.segments.map(({ fields }, index) =>
    index === at.segment ? replaced(fields, at.field, fieldText(value, message.syntax)) : fields,
  );
  return new Hl7Message(message.syntax, written);
}

function replaced(fields: readonly string[], field: number, text: string): string[] {
  return Array.from({ length: Math.max(fields.length, field + 1) }, (_, at) =>
    at === field ? text : (fields[at] ?? ""),
  );
}

function fieldsOf([name, fields]: NewSegment, syntax: Syntax): string[] {
  if (!/^[A-Z][A-Z0-9]{2}$/.test(name)) throw new Hl7Error("segment", name, "no name of a segment");
  const numbers = Object.keys(fields).map(Number);
  const last = Math.max(0, ...numbers, name === "MSH" ? 18 : 0);
  const texts = Array.from({ length: last }, (_, at) => fieldText(fields[at + 1], syntax));
  if (name === "MSH") {
    texts[0] = syntax.delimiters.field;
    texts[1] = encodingCharacters(syntax.delimiters);
    texts[17] = escapeText(charsetName(syntax.charset), syntax);
  }
  while (texts.at(-1) === "") texts.pop();
  return [name, ...texts];
}

/** A field as it stands in a message. */
export function fieldText(value: NewField, syntax: Syntax): string {
  if (value === null || value === undefined || typeof value === "string" || !("repeats" in value))
    return repetitionText(value, syntax);
  const texts = value.repeats.map((one) => repetitionText(one, syntax));
  return joined(texts, syntax.delimiters.repetition, "repetitions");
}

function repetitionText(value: NewRepetition, syntax: Syntax): string {
  if (value === null || value === undefined || typeof value === "string") return valueText(value, syntax);
  return joined(trimmed(value.map((one) => componentText(one, syntax))), syntax.delimiters.component, "components");
}

function componentText(value: NewComponent, syntax: Syntax): string {
  if (value === null || value === undefined || typeof value === "string") return valueText(value, syntax);
  return joined(
    trimmed(value.parts.map((one) => valueText(one, syntax))),
    syntax.delimiters.subcomponent,
    "subcomponents",
  );
}

function valueText(value: Hl7Value, syntax: Syntax): string {
  if (value === null) return NULL;
  return value === undefined ? "" : escapeText(value, syntax);
}

function trimmed(texts: readonly string[]): readonly string[] {
  return texts.slice(0, texts.findLastIndex((text) => text !== "") + 1);
}

function joined(texts: readonly string[], by: string, what: string): string {
  if (by === "" && texts.length > 1)
    throw new Hl7Error("unwritable", "MSH-2", `the message has no delimiter for ${what}`);
  return texts.join(by);
}
