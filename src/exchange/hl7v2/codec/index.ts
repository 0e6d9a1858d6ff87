/** HL7 v2 messages as bytes and as values. SPEC: SPEC.md in the folder above. */
export {
  buildMessage,
  withField,
  type NewComponent,
  type NewField,
  type NewRepetition,
  type NewSegment,
} from "./build.ts";
export { charsetNamed, type Charset } from "./charset.ts";
export { escapeText, unescapeText, type Syntax } from "./escapes.ts";
export type { Hl7Message, Hl7Value, Segment } from "./message.ts";
export { parseMessage, type ParseOptions } from "./parse.ts";
export { Hl7Error, USUAL_DELIMITERS, type Delimiters, type Hl7Fault, type Hl7Limits } from "./syntax.ts";
