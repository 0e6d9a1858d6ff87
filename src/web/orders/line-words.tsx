/** What the receiver of a line is told: question, history with where it comes from, contact, answers that go along. SPEC WEB-ORDER-4 */
import { useRef, type ReactNode } from "react";
import { sayDay, sayMoment } from "../say/dates.ts";
import { Button, Textarea, TextInput } from "../ui/controls.ts";
import { missingIn } from "./basket.ts";
import type { LineProps } from "./line-card.tsx";
import styles from "./orders.module.css";
import { useOrderTexts } from "./use-order-texts.ts";

export function LineWords(props: LineProps): ReactNode {
  const texts = useOrderTexts();
  if (props.item.category !== "laboratory") return <Words {...props} />;
  // Of an analysis little is asked for as a rule.
  return (
    <details open={props.line.question !== "" || missingIn(props.line, props.item).length > 0}>
      <summary>{texts.details}</summary>
      <Question {...props} />
    </details>
  );
}

function Words(props: LineProps): ReactNode {
  const { line, item, set } = props;
  const texts = useOrderTexts();
  const missing = missingIn(line, item);
  return (
    <>
      <Question {...props} />
      <Textarea
        label={texts.history}
        autosize
        minRows={2}
        maxRows={10}
        maxLength={20_000}
        value={line.history}
        withAsterisk={item.needs.includes("history")}
        error={missing.includes("history") ? texts.needed : undefined}
        onChange={(event) => set({ ...line, history: event.currentTarget.value })}
      />
      <Sources {...props} />
      <TextInput
        label={texts.contact}
        description={texts.contactMeans}
        autoComplete="off"
        maxLength={1_000}
        value={line.contact}
        withAsterisk={item.needs.includes("contact")}
        onChange={(event) => set({ ...line, contact: event.currentTarget.value })}
      />
      <Attached {...props} />
    </>
  );
}

function Question({ line, item, set }: LineProps): ReactNode {
  const texts = useOrderTexts();
  const field = useRef<HTMLTextAreaElement>(null);
  const isMissing = missingIn(line, item).includes("question");
  const begin = (question: string): void => {
    set({ ...line, question });
    field.current?.focus();
  };
  return (
    <div data-missing={isMissing || undefined} className={styles["question"]}>
      <Textarea
        ref={field}
        label={texts.question}
        autosize
        minRows={1}
        maxRows={8}
        maxLength={4_000}
        value={line.question}
        withAsterisk={item.needs.includes("question")}
        description={isMissing ? texts.needed : undefined}
        onChange={(event) => set({ ...line, question: event.currentTarget.value })}
      />
      {item.questions.length === 0 ? null : (
        <div role="group" aria-label={texts.begin} className={styles["quick"]}>
          <span className="dim">{texts.begin}</span>
          {item.questions.map((one) => (
            <Button key={one} size="compact-xs" variant="default" onClick={() => begin(one)} data-question>
              {one}
            </Button>
          ))}
        </div>
      )}
    </div>
  );
}

/** Where what the referral began with stands in the record. */
function Sources({ basket: { sources } }: LineProps): ReactNode {
  const texts = useOrderTexts();
  const isSaid = sources.some(({ kind }) => kind === "problem" || kind === "allergy");
  return (
    <details className={styles["sources"]}>
      <summary>{texts.sources}</summary>
      {isSaid ? null : <p className="dim">{texts.noSources}</p>}
      <ul>
        {sources.map(({ kind, text, from, at }) => (
          <li key={`${kind} ${text} ${at ?? ""}`}>
            {texts.sourceKinds[kind]}: {text}{" "}
            <span className="dim">
              (
              {kind === "problem" || kind === "allergy"
                ? texts.from(from, at === null ? null : sayDay(at))
                : texts.fromRegister}
              )
            </span>
          </li>
        ))}
      </ul>
    </details>
  );
}

function Attached({ line, basket: { answers }, set }: LineProps): ReactNode {
  const texts = useOrderTexts();
  const toggle = (reference: string): void => {
    const has = line.attached.includes(reference);
    const attached = has ? line.attached.filter((one) => one !== reference) : [...line.attached, reference];
    set({ ...line, attached });
  };
  return (
    <details className={styles["sources"]} open={line.attached.length > 0}>
      <summary>{texts.attach}</summary>
      {answers.length === 0 ? <p className="dim">{texts.noAnswers}</p> : null}
      <ul>
        {answers.slice(0, MOST_ANSWERS).map(({ reference, title, at }) => (
          <li key={reference}>
            <label className={styles["check"]}>
              <input type="checkbox" checked={line.attached.includes(reference)} onChange={() => toggle(reference)} />
              {title} <span className="dim">{at === null ? "" : sayMoment(at)}</span>
            </label>
          </li>
        ))}
      </ul>
    </details>
  );
}

const MOST_ANSWERS = 20;
