/** The words of the record: their seal, what changes between two texts, and how long a sender's answers are. SPEC BASE-WORDS */
export { answerFault, type AnswerFault } from "./answer.ts";
export { compareWords, CRITICAL, isCritical, type Comparison, type Critical, type Piece } from "./compare.ts";
export { lengthAlarm, lengthClass, NO_LENGTHS, withAnswer, type LengthAlarm, type Lengths } from "./lengths.ts";
export { endsWord, narrativeWords, singleBlanks } from "./narrative-words.ts";
export {
  attachedText,
  carriesWords,
  judgeWords,
  sealOf,
  statedSeal,
  withSeal,
  wordsOf,
  type Words,
  type WordsJudgement,
} from "./resource-words.ts";
export { canonicalWords, isWordSeal, paperWords, sealOfWords, shortSeal } from "./seal.ts";
export { sha256, sha256OfBytes } from "./sha256.ts";
export type { TokenClass } from "./tokens.ts";
