/** The short form of the seal under a text, on the screen and on paper, so that one can be held against the other. SPEC WEB-WORDS-5 */
import type { ReactNode } from "react";
import { judgeWords, shortSeal } from "../../base/index.ts";
import { useTexts } from "../language/language.tsx";
import styles from "./words.module.css";

export function SealCode({ resource }: { readonly resource: object }): ReactNode {
  const { words } = useTexts();
  const judged = judgeWords(resource);
  return judged.kind === "sealed" ? <p className={styles["seal"]}>{words.seal(shortSeal(judged.seal))}</p> : null;
}
