/**
 * The formats that texts go through: FHIR JSON, FHIR XML (as a value and as a narrative), HL7 v2 in UTF-8 and in ISO 8859-1. Each carries
 * texts as the product sends and receives them, seal and all, and says of every text what came out.
 *
 * SPEC CLI-FUZZ-8
 */
import { judgeWords, narrativeWords, singleBlanks, withSeal } from "../../../base/index.ts";
import {
  buildMessage,
  Hl7Error,
  judgeMessageWords,
  parseMessage,
  sealSegment,
  type NewSegment,
} from "../../../exchange/index.ts";
import {
  FhirError,
  isError,
  parseJson,
  parseXml,
  validateResource,
  writeJson,
  writeXml,
  type JsonObject,
} from "../../../fhir/index.ts";

/** What a text became: the same text, another one, or a refusal that was told. */
export type Carried = { readonly text: string } | { readonly refused: string };

/** Changes what a channel carries, for trying out whether its check sees it. */
export type Fault = (text: string) => string;

const XHTML = "http://www.w3.org/1999/xhtml";
const MARKUP: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;" };

function message(text: string): JsonObject {
  const div = `<div xmlns="${XHTML}"><p>${text.replaceAll(/[&<>\r]/g, (one) => MARKUP[one] ?? one)}</p></div>`;
  return {
    resourceType: "Communication",
    text: { status: "generated", div },
    status: "completed",
    payload: [{ contentString: text }],
  };
}

export type FhirFaults = { readonly json?: Fault; readonly xml?: Fault };

/** The text in a resource through both formats and back, as a receiver takes it in: valid, sealed, the seal its own. */
export function fhirChannels(text: string, faults: FhirFaults = {}): { readonly json: Carried; readonly xml: Carried } {
  const sent = withSeal(message(text));
  if (validateResource(sent).some(isError)) return { json: { refused: "not valid" }, xml: { refused: "not valid" } };
  const written = (fault: Fault | undefined): JsonObject =>
    fault === undefined ? sent : { ...message(fault(text)), meta: sent["meta"] };
  return {
    json: readAs(text, () => parseJson(writeJson(written(faults.json)))),
    xml: readAs(text, () => parseXml(writeXml(written(faults.xml)))),
  };
}

function readAs(text: string, read: () => unknown): Carried {
  try {
    const came = read() as JsonObject;
    if (judgeWords(came).kind !== "sealed") return { text: "\u0000 the seal is not its own" };
    const { payload, text: narrative } = came as { payload: [{ contentString: string }]; text: { div: string } };
    if (narrativeWords(narrative.div) !== singleBlanks(text)) return { text: narrativeWords(narrative.div) };
    return { text: payload[0].contentString };
  } catch (error) {
    if (error instanceof FhirError) return { refused: error.code };
    throw error;
  }
}

const HEAD: NewSegment = ["MSH", { 9: ["ORU", "R01", "ORU_R01"], 10: "1", 11: "P", 12: "2.5.1" }];

/** As an observation's text and as a comment. What the character set lacks is refused by whoever writes, never replaced. */
export function hl7Channel(text: string, charset: "utf-8" | "iso-8859-1", fault: Fault = (same) => same): Carried {
  try {
    const segments = (words: string): NewSegment[] => [
      HEAD,
      ["OBX", { 1: "1", 2: "TX", 3: ["UTL", "Utlåtande", "L"], 5: words, 11: "F" }],
      ["NTE", { 1: "1", 3: words }],
    ];
    const seal = sealSegment(buildMessage(segments(text), { charset }));
    if (seal === undefined) return { text: "\u0000 there is no seal" };
    const came = parseMessage(buildMessage([...segments(fault(text)), seal], { charset }).bytes());
    if (judgeMessageWords(came) !== "sealed") return { text: "\u0000 the seal is not its own" };
    const [value, comment] = [came.maybeOne("OBX-5"), came.maybeOne("NTE-3")];
    return { text: value === comment ? (value ?? "") : "\u0000 two texts" };
  } catch (error) {
    if (error instanceof Hl7Error) return { refused: error.fault };
    throw error;
  }
}
