/**
 * A message as it was read: segments with their fields as they stood, so that nothing that is not understood is lost. Values
 * are asked for by place: `PID-3.1`, `PID-3[2].4`, `OBX[2]-5`, `PID-5.1.1` (segment and repetition in brackets count from one).
 *
 * SPEC EXCH-HL7-VALUE
 */
import { encodeText, type Charset } from "./charset.ts";
import { NULL, unescapeText, type Syntax } from "./escapes.ts";
import { Hl7Error, type Delimiters } from "./syntax.ts";

/** A text; `null` when HL7's null stands there ("delete what you have"); `undefined` when nothing does. */
export type Hl7Value = string | null | undefined;

/** Where in a segment: field, repetition (nothing: all of them), component, subcomponent; all count from one. */
type Place = {
  readonly field: number;
  readonly repetition: number | undefined;
  readonly component: number | undefined;
  readonly subcomponent: number | undefined;
};

const PLACE = /^(\d{1,4})(?:\[(\d{1,5})\])?(?:\.(\d{1,3}))?(?:\.(\d{1,3}))?$/;
const WHOLE_PLACE = /^([A-Z][A-Z0-9]{2})(?:\[(\d{1,5})\])?-(.+)$/;

const places = new Map<string, Place>();

/** Places are written in programs, so few of them are ever seen. @throws RangeError for a text that is none. */
function placeOf(text: string): Place {
  const known = places.get(text);
  if (known !== undefined) return known;
  const [, field, ...others] = PLACE.exec(text) ?? [];
  const numbers = others.map((one) => (one === undefined ? undefined : Number(one)));
  if (field === undefined || Number(field) < 1 || numbers.includes(0))
    throw new RangeError(`${text} is no place in a segment`);
  const [repetition, component, subcomponent] = numbers;
  const place = { field: Number(field), repetition, component, subcomponent };
  if (places.size < 5000) places.set(text, place);
  return place;
}

export class Segment {
  readonly name: string;
  /** As they stood: `fields[5]` is field 5, `fields[0]` the name; of MSH, `fields[1]` is the separator. */
  readonly fields: readonly string[];
  /** Which one of its name it is in the message, from one. */
  readonly number: number;
  readonly syntax: Syntax;

  constructor(syntax: Syntax, fields: readonly string[], number: number) {
    this.syntax = syntax;
    this.fields = fields;
    this.name = fields[0] ?? "";
    this.number = number;
  }

  /** The repetitions of a field as they stand; none when it is empty. */
  repetitions(field: number): readonly string[] {
    const raw = this.fields[field] ?? "";
    if (raw === "") return [];
    const { repetition } = this.syntax.delimiters;
    const isOne = this.isDelimiters(field) || repetition === "" || !raw.includes(repetition);
    return isOne ? [raw] : raw.split(repetition);
  }

  /**
   * The value at a place (`3.1`, `3[2].4`, `5`): all that stands there, also what parts it further, so that an "&" that somebody forgot
   * to escape takes no words away. Errors: Hl7Error when the field repeats and the place does not say which one is meant.
   */
  maybeOne(place: string): Hl7Value {
    const { field, repetition } = placeOf(place);
    const found = this.repetitions(field);
    if (repetition === undefined && found.length > 1)
      throw new Hl7Error("several", `${this.place}-${field}`, `one value is expected, ${found.length} are there`);
    return this.valueOf(found[(repetition ?? 1) - 1], placeOf(place));
  }

  /** The values at a place of each repetition that has one; HL7's null among them. */
  many(place: string): readonly (string | null)[] {
    const asked = placeOf(place);
    const all = this.repetitions(asked.field);
    const chosen = asked.repetition === undefined ? all : all.slice(asked.repetition - 1, asked.repetition);
    return chosen.map((one) => this.valueOf(one, asked)).filter((one) => one !== undefined);
  }

  /** How errors name it. */
  get place(): string {
    return this.name === "MSH" ? "MSH" : `${this.name}[${this.number}]`;
  }

  private isDelimiters(field: number): boolean {
    return this.name === "MSH" && field <= 2;
  }

  private valueOf(repetition: string | undefined, { field, component, subcomponent }: Place): Hl7Value {
    if (repetition === undefined || repetition === "") return undefined;
    if (this.isDelimiters(field)) return repetition;
    const { delimiters } = this.syntax;
    const within = part(part(repetition, component, delimiters.component), subcomponent, delimiters.subcomponent);
    if (within === undefined || within === "") return undefined;
    return within === NULL ? null : unescapeText(within, this.syntax);
  }
}

/** The part with a number; what is not parted has one. */
function part(raw: string | undefined, number: number | undefined, by: string): string | undefined {
  if (raw === undefined || number === undefined) return raw;
  if (by === "") return number === 1 ? raw : undefined;
  let from = 0;
  for (let before = number - 1; before > 0; before -= 1) {
    const at = raw.indexOf(by, from);
    if (at < 0) return undefined;
    from = at + by.length;
  }
  const end = raw.indexOf(by, from);
  return end < 0 ? raw.slice(from) : raw.slice(from, end);
}

export class Hl7Message {
  readonly syntax: Syntax;
  readonly segments: readonly Segment[];

  /** `segments` are the fields of each; the first is MSH. */
  constructor(syntax: Syntax, segments: readonly (readonly string[])[]) {
    this.syntax = syntax;
    const counts = new Map<string, number>();
    this.segments = segments.map((fields) => {
      const name = fields[0] ?? "";
      const number = (counts.get(name) ?? 0) + 1;
      counts.set(name, number);
      return new Segment(syntax, fields, number);
    });
  }

  get delimiters(): Delimiters {
    return this.syntax.delimiters;
  }

  get charset(): Charset {
    return this.syntax.charset;
  }

  /** The segments of a name, in their order. */
  all(name: string): readonly Segment[] {
    return this.segments.filter((segment) => segment.name === name);
  }

  /** The value at a place of the message (`PID-3.1`). Errors: Hl7Error when there are several segments or repetitions and the place says not which. */
  maybeOne(place: string): Hl7Value {
    const { segments, within } = this.found(place);
    if (segments.length > 1)
      throw new Hl7Error("several", place, `one segment is expected, ${segments.length} are there`);
    return segments[0]?.maybeOne(within);
  }

  /** The values at a place, of each segment and repetition that has one. */
  many(place: string): readonly (string | null)[] {
    const { segments, within } = this.found(place);
    return segments.flatMap((segment) => segment.many(within));
  }

  /** The text of the message: segments end with CR. */
  text(): string {
    return this.segments.map((segment) => `${lineOf(segment)}\r`).join("");
  }

  /** The bytes of the message in its character set. Errors: Hl7Error with the place of what the set lacks. */
  bytes(): Buffer {
    const bytes = encodeText(this.text(), this.charset);
    if (bytes !== undefined) return bytes;
    for (const segment of this.segments) {
      const field = segment.fields.findIndex((one) => encodeText(one, this.charset) === undefined);
      if (field >= 0)
        throw new Hl7Error("unwritable", `${segment.place}-${field}`, `a character is not in ${this.charset}`);
    }
    throw new Hl7Error("unwritable", "MSH", `a character is not in ${this.charset}`);
  }

  private found(place: string): { readonly segments: readonly Segment[]; readonly within: string } {
    const [, name, number, within] = WHOLE_PLACE.exec(place) ?? [];
    if (name === undefined || within === undefined) throw new RangeError(`${place} is no place in a message`);
    const all = this.all(name);
    return { segments: number === undefined ? all : all.filter((one) => one.number === Number(number)), within };
  }
}

function lineOf({ name, fields, syntax }: Segment): string {
  const { field } = syntax.delimiters;
  return name === "MSH" ? name + field + fields.slice(2).join(field) : fields.join(field);
}
