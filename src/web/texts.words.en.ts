/** The English words of the seal of words and of what changed between texts. Part of texts.en.ts. SPEC WEB-LANG */
import type { words as sv } from "./texts.words.ts";

const plural = (count: number, one: string, many: string): string => `${count} ${count === 1 ? one : many}`;

const TOUCHES = {
  negation: "word of denial or doubt",
  side: "side or place",
  number: "number or unit",
  word: "word",
  mark: "punctuation",
  blank: "space",
} as const;

export const words: typeof sv = {
  notAsSealed: "The text is not shown: the words are not those that were sealed.",
  whatToDo: "It may have been changed or cut on its way. Do not act on it. Ask whoever wrote it.",
  told: "Operations has been alerted.",
  notTold: "Operations could not be alerted: call them.",
  showBoth: "Show both texts",
  came: "This came to the screen:",
  again: "This is what the server answers now:",
  notFetched: "It could not be fetched.",
  notAsWritten: "The text could not be shown as it is written.",
  recorded: "This is what the record says:",
  shown: "This is what would have been shown:",
  seal: (code) => `Word seal ${code}`,
  counted: {
    negation: (count) => plural(count, "word of denial or doubt", "words of denial or doubt"),
    side: (count) => plural(count, "side", "sides"),
    number: (count) => plural(count, "number or unit", "numbers or units"),
  },
  mayTurn: (parts) => `May change the meaning: ${parts.join(", ")}.`,
  said: (kind, touches) => `${kind === "out" ? "removed" : "added"} ${TOUCHES[touches]}`,
  sinceVersion: (version) => `Changed since version ${version}:`,
  sinceSigned: (version) => `Changed since version ${version}, which is signed:`,
  unchangedSince: (version) => `The words are the same as in version ${version}.`,
  youChange: "This is what you change:",
};
