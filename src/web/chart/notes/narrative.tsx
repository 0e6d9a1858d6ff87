/** Shows a FHIR narrative as read by say/narrative.ts: known elements without attributes, never the sender's markup. SPEC WEB-TEXT, WEB-WORDS-2 */
import { createElement, useMemo, type ReactNode } from "react";
import { useTexts } from "../../language/language.tsx";
import { readNarrative, type Shown } from "../../say/narrative.ts";
import { isolated, NarrativeWords } from "../../words/shown-words.tsx";
import styles from "./notes.module.css";

export function Narrative({ xhtml }: { readonly xhtml: string }): ReactNode {
  const { note } = useTexts();
  const content = useMemo(() => readNarrative(xhtml), [xhtml]);
  return (
    <NarrativeWords xhtml={xhtml} className={styles["narrative"]}>
      {content.map((node, index) => element(node, index, note.image))}
    </NarrativeWords>
  );
}

function element(node: Shown, key: number, imageWords: string): ReactNode {
  if (typeof node === "string") return isolated(node);
  const children = node.children.map((child, index) => element(child, index, imageWords));
  if (node.name === "image")
    return (
      <span key={key}>
        {" "}
        <em data-aside>[{[imageWords, ...children]}]</em>{" "}
      </span>
    );
  if (node.name === "heading") return createElement("p", { key, className: styles["heading"] }, ...children);
  return createElement(node.name, { key }, ...children);
}
