/**
 * Words on the screen and on paper, read back from the page as soon as they stand there. When they are not those of the record they are
 * not left standing: both texts are shown for what they are, and the server's technical log is told.
 *
 * SPEC WEB-WORDS-2, WEB-WORDS-3 · failure mode F17
 */
import { createElement, useLayoutEffect, useRef, useState, type ReactNode, type RefObject } from "react";
import { canonicalWords, narrativeWords, singleBlanks } from "../../base/index.ts";
import { tellOfWords } from "../wire/words.ts";
import { wordsInPage } from "./dom-words.ts";
import { BothTexts } from "./words-notice.tsx";

type Form = "plain" | "narrative";

/** A text as it was written, blanks and line breaks too. */
export function PlainWords({
  text,
  as = "p",
  className,
}: {
  readonly text: string;
  readonly as?: "p" | "pre" | "span";
  readonly className?: string | undefined;
}): ReactNode {
  const { place, found } = useReadBack(text, "plain");
  if (found !== undefined) return <BothTexts recorded={text} shown={found} />;
  return createElement(as, { ref: place, className }, ...isolated(text));
}

/** What is shown of a narrative, held against the words of the narrative itself. */
export function NarrativeWords({
  xhtml,
  className,
  children,
}: {
  readonly xhtml: string;
  readonly className?: string | undefined;
  readonly children: ReactNode;
}): ReactNode {
  const { place, found } = useReadBack(xhtml, "narrative");
  if (found !== undefined) return <BothTexts recorded={narrativeWords(xhtml)} shown={found} />;
  return (
    <div ref={place as RefObject<HTMLDivElement | null>} className={className}>
      {children}
    </div>
  );
}

/** What stands in the page instead of the words, when it is not the words. */
function useReadBack(
  source: string,
  form: Form,
): { readonly place: RefObject<HTMLElement | null>; readonly found: string | undefined } {
  const place = useRef<HTMLElement>(null);
  const [fault, setFault] = useState<{ readonly source: string; readonly found: string }>();
  useLayoutEffect(() => {
    if (place.current === null) return;
    const wanted = form === "plain" ? source : narrativeWords(source);
    const found = form === "plain" ? (place.current.textContent ?? "") : singleBlanks(wordsInPage(place.current));
    if (canonicalWords(found) === canonicalWords(wanted)) return;
    setFault({ source, found });
    tellOfWords("shown");
  }, [source, form]);
  return { place, found: fault?.source === source ? fault.found : undefined };
}

/** Characters that turn the order of what follows: a mark before "5-3" makes it read "3-5". */
const TURNING = /([\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069])/;

/** The text in parts, with each turning character shut in by itself: it stays in the text and turns nothing else. */
function isolated(text: string): ReactNode[] {
  if (!TURNING.test(text)) return [text];
  return text
    .split(TURNING)
    .map((part, at) => (TURNING.test(part) ? createElement("bdi", { key: at, dir: "ltr" }, part) : part));
}
