/** How a typed line was understood: as the medication line, or what of it was not, and what the checks say. SPEC WEB-ORDAIN-2 */
import { Fragment, type ReactNode } from "react";
import line from "../chart/medication/medication.module.css";
import type { Line, Looked, Misunderstood, Reasons } from "../wire/medication.ts";
import { Findings } from "./findings.tsx";
import styles from "./medication-pane.module.css";
import { useMedicationTexts } from "./use-medication-texts.ts";

type LookedProps = {
  readonly looked: Looked;
  readonly reasons: Reasons;
  readonly setReason: (key: string, reason: string) => void;
};

export function LookedAt({ looked, reasons, setReason }: LookedProps): ReactNode {
  const texts = useMedicationTexts();
  if ("faults" in looked) return <NotUnderstood looked={looked} />;
  return (
    <section className={styles["looked"]} aria-label={texts.understood} data-understood>
      <p>
        <LineText line={looked.line} />
      </p>
      {looked.line.reason === null ? <p role="note">{texts.reasonMissing}</p> : null}
      <Findings findings={looked.findings} answering={{ reasons, setReason }} />
      {looked.findings.length === 0 ? <p className="dim">{texts.nothing}</p> : null}
      <p className="dim">{texts.knowledge(looked.knowledge.name, looked.knowledge.version)}</p>
    </section>
  );
}

function NotUnderstood({ looked: { faults, products } }: { readonly looked: Misunderstood }): ReactNode {
  const texts = useMedicationTexts();
  return (
    <div className={styles["looked"]} role="status" data-faults>
      {faults.map(({ kind, word }) => (
        <p key={`${kind} ${word}`}>{texts.faults[kind](word)}</p>
      ))}
      {products.length === 0 ? null : <p className="dim">{`${texts.products}: ${products.join(", ")}`}</p>}
    </div>
  );
}

/** Breaks only between attributes, and nothing is ever cut. */
export function LineText({ line: one }: { readonly line: Line }): ReactNode {
  const { against } = useMedicationTexts();
  const { substance, product, dose, route, when, length, reason } = one;
  const said = [substance, product, dose, route, when, length, reason === null ? null : against(reason)];
  const all = said.filter((text) => text !== null);
  return (
    <span>
      {all.map((text, at) => (
        <Fragment key={at}>
          <span className={line["attribute"]} data-kind={at === 0 ? "substance" : at === 2 ? "dose" : undefined}>
            {text}
            {at < all.length - 1 ? <span className={line["dash"]}>{"\u00a0—"}</span> : null}
          </span>{" "}
        </Fragment>
      ))}
    </span>
  );
}

export function sayLine(one: Line): string {
  return [one.substance, one.product, one.dose, one.route, one.when].join(" — ");
}
