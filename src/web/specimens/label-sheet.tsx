/**
 * Labels for the browser's own print: one on each page of the label's size, with the number as Code 128 and in digits. On the screen there is
 * nothing of it.
 *
 * SPEC WEB-SPECIMEN-2 · BASE-CODE128
 */
import { useEffect, type ReactNode } from "react";
import { code128 } from "../../base/index.ts";
import type { Label } from "../wire/specimens.ts";
import styles from "./specimens.module.css";
import { spaced } from "./tubes.tsx";
import { useSpecimenTexts } from "./use-specimens.ts";

const QUIET = 10;

export function LabelSheet({ labels }: { readonly labels: readonly Label[] }): ReactNode {
  useEffect(() => {
    if (labels.length > 0) window.print();
  }, [labels]);
  return (
    <div className={styles["sheet"]} data-labels={labels.length}>
      {labels.map((one) => (
        <OneLabel key={one.number} label={one} />
      ))}
    </div>
  );
}

function OneLabel({ label }: { readonly label: Label }): ReactNode {
  const texts = useSpecimenTexts();
  const { number, name, identity, tube, analyses, isUrgent } = label;
  return (
    <article className={styles["label"]} lang="sv">
      <p>{name ?? texts.labelName}</p>
      <p>
        <strong>{identity}</strong> {isUrgent ? <strong>AKUT</strong> : null}
      </p>
      <Bars number={number} />
      <p className={styles["number"]}>{spaced(number)}</p>
      <p className={styles["what"]}>
        {tube}: {analyses.join(", ")}
      </p>
    </article>
  );
}

function Bars({ number }: { readonly number: string }): ReactNode {
  const modules = code128(number);
  const path = modules.flatMap((isDark, at) => (isDark ? [`M${at + QUIET} 0h1v20h-1z`] : []));
  return (
    <svg
      className={styles["bars"]}
      viewBox={`0 0 ${modules.length + 2 * QUIET} 20`}
      preserveAspectRatio="none"
      role="img"
      aria-label={number}
      shapeRendering="crispEdges"
    >
      <path d={path.join("")} fill="#000" />
    </svg>
  );
}
