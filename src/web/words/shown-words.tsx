/**
 * Words on the screen and on paper, read back from the page as soon as they stand there. When they are not those of the record they are
 * not left standing: both texts are shown for what they are, and the server's technical log is told.
 *
 * SPEC WEB-WORDS-2, WEB-WORDS-3 · failure mode F17
 */
import { createElement, useLayoutEffect, useRef, useState, type ReactNode, type RefObject } from "react";
import { canonicalWords, narrativeWords, singleBlanks } from "../../base/index.ts";
import { wordsInPage } from "./dom-words.ts";
import { BothTexts } from "./words-notice.tsx";
import styles from "./words.module.css";

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
  return createElement(as, { ref: place, className: `${styles["kept"]} ${className ?? ""}` }, ...isolated(text));
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
    <div ref={place as RefObject<HTMLDivElement | null>} className={`${styles["kept"]} ${className ?? ""}`}>
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
  }, [source, form]);
  return { place, found: fault?.source === source ? fault.found : undefined };
}

/**
 * What turns the order of what stands around it: a mark before "5-3" makes it read "3-5", and a Hebrew or Arabic word takes the number behind
 * it to its other side.
 */
const RIGHT = "[\\u0590-\\u08ff\\ufb1d-\\ufdff\\ufe70-\\ufefc]+";
const TURNING = new RegExp(`([\\u061c\\u200e\\u200f\\u202a-\\u202e\\u2066-\\u2069]|${RIGHT}(?:\\s+${RIGHT})*)`);

/** The text in parts, with what turns shut in by itself: it stays in the text and turns nothing else. */
export function isolated(text: string): ReactNode[] {
  if (!TURNING.test(text)) return [text];
  return text.split(TURNING).map((part, at) => (at % 2 === 1 ? createElement("bdi", { key: at }, part) : part));
}
