/**
 * What `_text`, `_content` and `:text` on strings ask for: words, "phrases", `and`, `or`, `not` and parentheses. Words
 * after one another must all be there.
 *
 * SPEC SEARCH-WORDS · https://hl7.org/fhir/R4/search.html#content
 */
import { alternativesOf, invalidValue, tooCostly, unknownModifier, type Asked } from "./context.ts";
import { unescaped } from "./escapes.ts";
import { LIMITS } from "./limits.ts";
import type { Condition, WordQuery } from "./plan.ts";
import { LONGEST_ASKED, normalized } from "./text.ts";

/** The condition of `_text` or `_content`. */
export function fullTextCondition(asked: Asked): Condition {
  if (asked.modifier !== undefined) throw unknownModifier(asked);
  return wordsCondition(asked, asked.parameter.name === "_text" ? "narrative" : "content");
}

/** `:text` on a string: words anywhere in it. */
export function stringWordsCondition(asked: Asked): Condition {
  return wordsCondition(
    asked,
    asked.parameter.sources.map(({ name }) => name),
  );
}

function wordsCondition(asked: Asked, within: "narrative" | "content" | readonly string[]): Condition {
  const alternatives = alternativesOf(asked);
  if (alternatives.length === 0) throw refusal(asked.written);
  if (alternatives.length > LIMITS.words) throw tooCostly(asked.written, `${alternatives.length} > ${LIMITS.words}`);
  const queries = alternatives.map((alternative) => {
    const text = unescaped(alternative);
    return wordQuery(typeof within === "string" ? text : normalized(text), asked.written);
  });
  return { kind: "words", within, query: queries.length === 1 ? queries[0]! : { op: "or", of: queries } };
}

/** Reads the words of a query. Errors: SEARCH_VALUE_INVALID, SEARCH_TOO_COSTLY. */
export function wordQuery(text: string, written: string): WordQuery {
  const tokens = [...text.matchAll(/"([^"]*)"|[()]|[^\s()"]+/g)].map(([token]) => token);
  if (tokens.length > LIMITS.words) throw tooCostly(written, `${tokens.length} > ${LIMITS.words}`);
  if (tokens.some((token) => token.length > LONGEST_ASKED)) throw tooCostly(written, `> ${LONGEST_ASKED}`);
  if ((text.match(/"/g)?.length ?? 0) % 2 !== 0) throw refusal(written);
  const reader = new WordReader(tokens, written);
  const query = reader.either();
  if (!reader.isAtEnd()) throw refusal(written);
  return query;
}

class WordReader {
  private readonly tokens: readonly string[];
  private readonly written: string;
  private at = 0;

  constructor(tokens: readonly string[], written: string) {
    this.tokens = tokens;
    this.written = written;
  }

  isAtEnd(): boolean {
    return this.at === this.tokens.length;
  }

  either(): WordQuery {
    const of = [this.all()];
    while (this.takes("or")) of.push(this.all());
    return of.length === 1 ? of[0]! : { op: "or", of };
  }

  private all(): WordQuery {
    const of = [this.one()];
    while (this.takes("and") || this.goesOn()) of.push(this.one());
    return of.length === 1 ? of[0]! : { op: "and", of };
  }

  private one(): WordQuery {
    if (this.takes("not")) return { op: "not", of: this.one() };
    if (this.takes("(")) {
      const inner = this.either();
      if (!this.takes(")")) throw refusal(this.written);
      return inner;
    }
    if (!this.goesOn()) throw refusal(this.written);
    return { op: "phrase", text: this.tokens[this.at++]!.replaceAll('"', "") };
  }

  private goesOn(): boolean {
    const token = this.tokens[this.at]?.toLowerCase();
    return token !== undefined && token !== ")" && token !== "or" && token !== "and";
  }

  private takes(sign: string): boolean {
    if (this.tokens[this.at]?.toLowerCase() !== sign) return false;
    this.at += 1;
    return true;
  }
}

function refusal(written: string): Error {
  return invalidValue(written, '(bone or liver) and "distant metastases"');
}
