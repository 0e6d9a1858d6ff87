/**
 * What changed between two texts. What may turn the meaning round (a negation, a side, a number or its unit) is red with a pattern and a
 * frame, is named in words for whoever hears the page, and is counted first.
 *
 * SPEC WEB-WORDS-4 · failure modes F17, F18
 */
import { Fragment, useMemo, type ReactNode } from "react";
import { compareWords, CRITICAL, isCritical, type Piece } from "../../base/index.ts";
import { useTexts } from "../language/language.tsx";
import styles from "./words.module.css";

export function Changes({ before, after }: { readonly before: string; readonly after: string }): ReactNode {
  const { words, signing } = useTexts();
  const { pieces, critical } = useMemo(() => compareWords(before, after), [before, after]);
  const counted = CRITICAL.filter((touch) => critical[touch] > 0).map((touch) => words.counted[touch](critical[touch]));
  return (
    <div data-changes>
      {counted.length > 0 ? (
        <p className={styles["counted"]}>
          <span aria-hidden="true">⚠ </span>
          {words.mayTurn(counted)}
        </p>
      ) : null}
      <p className="dim">{signing.difference}</p>
      <p className={styles["changes"]}>{pieces.map((piece, at) => shown(piece, at, words.said))}</p>
    </div>
  );
}

type Said = (kind: "out" | "in", touches: Piece["touches"]) => string;

function shown(piece: Piece, key: number, said: Said): ReactNode {
  const { kind, text, touches } = piece;
  if (kind === "same") return text;
  const Tag = kind === "out" ? "del" : "ins";
  const grave = isCritical(piece);
  return (
    <Fragment key={key}>
      {grave ? <span className="visually-hidden">[{said(kind, touches)}: </span> : null}
      <Tag data-critical={grave ? touches : undefined}>{text}</Tag>
      {grave ? <span className="visually-hidden">]</span> : null}
    </Fragment>
  );
}
