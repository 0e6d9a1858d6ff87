/** What has been registered for the reader or the reader's unit, with how to end it. SPEC WEB-SOURCES-5 */
import type { ReactNode } from "react";
import { useTexts } from "../../language/language.tsx";
import { namePlace } from "../../say/care.ts";
import { sayMoment } from "../../say/dates.ts";
import { Button } from "../../ui/controls.ts";
import type { CareFact } from "../../wire/care.ts";
import styles from "./care.module.css";
import type { SourcesProps } from "./sources.page.tsx";

export function Registered(props: SourcesProps): ReactNode {
  const { care } = useTexts();
  const { facts } = props.state;
  if (facts.length === 0) return <p className="dim">{care.noFacts}</p>;
  return (
    <ul className={styles["list"]}>
      {facts.map((fact) => (
        <Fact key={fact.id} fact={fact} {...props} />
      ))}
    </ul>
  );
}

const ENDS = ["withdrawn", "mistake"] as const;

function Fact({ fact, state, ownProvider, isChanging, send }: SourcesProps & { readonly fact: CareFact }): ReactNode {
  const { care } = useTexts();
  const kind = care.kinds[fact.kind];
  const about = fact.source === null ? fact.reason : namePlace(fact.source, { names: state.names, ownProvider }, care);
  const since = sayMoment(fact.since);
  const words = {
    withdrawn: [care.end, care.endNamed(kind)],
    mistake: [care.mistake, care.mistakeNamed(kind)],
  } as const;
  return (
    <li data-row tabIndex={-1}>
      <span className={styles["said"]}>
        <strong>{kind}</strong>
        {about === null ? "" : `: ${about}`}
        {fact.isOwn ? "" : ` (${care.forUnit})`}{" "}
        <span className="dim">
          {fact.until === null ? care.periodOpen(since) : care.period(since, sayMoment(fact.until))}
        </span>
      </span>
      <span className={styles["row"]}>
        {ENDS.map((reason) => (
          <Button
            key={reason}
            size="compact-sm"
            variant="default"
            disabled={isChanging}
            aria-label={words[reason][1]}
            onClick={() => send({ kind: "end", fact: fact.id, reason })}
          >
            {words[reason][0]}
          </Button>
        ))}
      </span>
    </li>
  );
}
