/**
 * A page that shows thousands of texts as the chart shows them, for `eira fuzz words`, which fills it, reads it back and prints it. It is in
 * no bundle of the application. SPEC CLI-FUZZ-10
 */
import type { ReactNode } from "react";
import { flushSync } from "react-dom";
import { createRoot } from "react-dom/client";
import notes from "../chart/notes/notes.module.css";
import "../ui/tokens.css";
import "../ui/base.css";
import { PlainWords } from "./shown-words.tsx";

/** Stands before each text with its number; no text has it. */
const MARK = "\u00a7";

function Texts({ texts }: { readonly texts: readonly string[] }): ReactNode {
  return texts.map((text, at) => (
    <section key={at}>
      <p>{`${MARK}${at}${MARK}`}</p>
      <div data-text>
        <PlainWords as="pre" className={notes["plain"]} text={text} />
      </div>
    </section>
  ));
}

const place = document.createElement("main");
document.body.append(place);
const root = createRoot(place);
let round = 0;

const trial = {
  show: (texts: readonly string[]): number => {
    round += 1;
    flushSync(() => root.render(<Texts key={round} texts={texts} />));
    return texts.length;
  },
  /** What stands in the page: by the elements' text, and as it is laid out. */
  read: (): readonly (readonly [string, string])[] =>
    Array.from(document.querySelectorAll<HTMLElement>("[data-text]"), (one) => {
      const [shown] = one.children;
      return [one.textContent ?? "", shown instanceof HTMLElement ? shown.innerText : ""] as const;
    }),
};
Object.assign(window, { trial });
