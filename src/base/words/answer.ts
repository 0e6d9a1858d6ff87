/**
 * Whether an answer to an order says anything: one that is final and empty, has blanks where words should be, or carries less of a document
 * than it says it has, is worse than none, since somebody reads it as a normal one.
 *
 * SPEC BASE-WORDS-14 · failure mode F19
 */
import { wordsOf } from "./resource-words.ts";

type Fields = Readonly<Record<string, unknown>>;

export type AnswerFault = { readonly kind: "empty" | "blank" | "cut"; readonly place: string };

const FINAL = new Set(["final", "amended", "corrected", "appended"]);
/** Whatever an answer may say; the value has many types. */
const SAYING: Readonly<Record<string, RegExp>> = {
  DiagnosticReport: /^_?(?:result|conclusion|conclusionCode|presentedForm|media|imagingStudy|text|contained)$/,
  Observation: /^_?(?:value[A-Z]\w*|dataAbsentReason|component|hasMember|note|text)$/,
};
const VISIBLE = /[^\s\p{Default_Ignorable_Code_Point}\p{Cc}]/u;

/** What is wrong with an answer's words; nothing for what is no answer. */
export function answerFault(resource: object): AnswerFault | undefined {
  const fields = resource as Fields;
  const says = SAYING[String(fields["resourceType"])];
  if (says === undefined) return undefined;
  const isAnswer = FINAL.has(String(fields["status"])) && Array.isArray(fields["basedOn"]);
  if (isAnswer && !Object.keys(fields).some((name) => says.test(name))) return { kind: "empty", place: "" };
  const blank = wordsOf(resource).find(({ text, form }) => form === "plain" && !VISIBLE.test(text));
  if (blank !== undefined) return { kind: "blank", place: blank.place };
  const cut = listOf(fields["presentedForm"]).findIndex(isCut);
  return cut < 0 ? undefined : { kind: "cut", place: `presentedForm[${cut}]` };
}

/** Fewer or more bytes than the sender says there are. */
function isCut(attachment: unknown): boolean {
  const { data, size } = attachment as Fields;
  if (typeof data !== "string" || typeof size !== "number") return false;
  const digits = data.replaceAll(/[\s=]+/g, "").length;
  return Math.floor((digits * 3) / 4) !== size;
}

function listOf(value: unknown): readonly object[] {
  const all: readonly unknown[] = Array.isArray(value) ? value : [];
  return all.filter((one) => typeof one === "object" && one !== null);
}
