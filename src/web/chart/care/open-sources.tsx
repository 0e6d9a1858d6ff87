/** What is open to the reader, on what ground and until when; what has been chosen can be closed. SPEC WEB-SOURCES-2, WEB-SOURCES-5 */
import type { ReactNode } from "react";
import { useTexts } from "../../language/language.tsx";
import { choiceOf, keyOf, namePlace } from "../../say/care.ts";
import { sayMoment } from "../../say/dates.ts";
import { Button } from "../../ui/controls.ts";
import styles from "./care.module.css";
import type { SourcesProps } from "./sources.page.tsx";

export function OpenSources({ state, ownProvider, isChanging, send }: SourcesProps): ReactNode {
  const { care } = useTexts();
  if (state.open.length === 0) return <p className="dim">{care.nothingOpen}</p>;
  return (
    <ul className={styles["list"]}>
      {state.open.map((one) => {
        const name = namePlace(one.place, { names: state.names, ownProvider }, care);
        const choice = choiceOf(one.place, state.facts);
        return (
          <li key={keyOf(one.place)} data-row tabIndex={-1}>
            <span className={styles["said"]}>
              <strong>{name}</strong> <span lang="sv">{one.sentence}</span>{" "}
              {one.until ? <span className="dim">{care.until(sayMoment(one.until))}</span> : null}
            </span>
            {choice ? (
              <Button
                size="compact-sm"
                variant="default"
                disabled={isChanging}
                aria-label={care.closeNamed(name)}
                onClick={() => send({ kind: "end", fact: choice.id, reason: "withdrawn" })}
              >
                {care.close}
              </Button>
            ) : null}
          </li>
        );
      })}
    </ul>
  );
}
