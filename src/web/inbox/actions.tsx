/** What can be done with the chosen row, as buttons with their keys; what asks for more opens below them. SPEC WEB-INBOX-4, WEB-INBOX-6 */
import type { ReactNode } from "react";
import { ACTIONS, nextStep } from "../say/loops.ts";
import { Button } from "../ui/controls.ts";
import type { LoopRow } from "../wire/loops.ts";
import styles from "./inbox.module.css";
import { StepForm } from "./step-forms.tsx";
import type { Handling } from "./use-handling.ts";
import { useInboxTexts } from "./use-inbox-texts.ts";

type ActionsProps = {
  readonly row: LoopRow;
  readonly handling: Handling;
  readonly isTaking: boolean;
  readonly list: "inbox" | "sent";
  /** Nothing in the answer deviates, so that nothing to be done is what is usual. */
  readonly isPlain: boolean;
};

/** In the order in which they stand; each is shown when the reader may take it. */
const PLAIN = [
  { event: "take-over", key: "t" },
  { event: "read", key: "l" },
  { event: "resend" },
  { event: "book" },
] as const;
const ASKING = [
  { name: "delegate", needs: "assign", key: "d" },
  { name: "ask-completion", needs: "ask-completion" },
  { name: "return", needs: "return", key: "r" },
  { name: "complete", needs: "complete" },
  { name: "close", needs: "close" },
] as const;

export function Actions({ row, handling, isTaking, list, isPlain }: ActionsProps): ReactNode {
  const texts = useInboxTexts();
  const { steps, pane } = texts;
  const may = (event: string): boolean => row.can.includes(event);
  const isResult = row.kind === "result" && may("act");
  const isAnswered = nextStep(row) === undefined && (row.kind === "order" || row.kind === "referral");
  if (handling.form !== undefined)
    return <StepForm {...handling.form} isTaking={isTaking} send={handling.send} cancel={handling.close} />;
  return (
    <div className={`${styles["actions"]} no-print`}>
      {isResult ? <ResultActions handling={handling} isTaking={isTaking} isPlain={isPlain} /> : null}
      {may("act") && !isResult ? (
        <Do text={steps["act"]} hint="s" isTaking={isTaking} run={handling.next} isMain />
      ) : null}
      {PLAIN.filter(({ event }) => may(event)).map((one) => (
        <Do
          key={one.event}
          text={steps[one.event]}
          hint={"key" in one ? one.key : undefined}
          isTaking={isTaking}
          run={() => handling.take(one.event)}
          isMain={one.event === "take-over"}
        />
      ))}
      {ASKING.filter(
        ({ needs, name }) =>
          may(needs) && (list === "inbox" || name !== "delegate") && !(name === "complete" && row.kind === "referral"), // whose words are added to the request itself
      ).map((one) => (
        <Do
          key={one.name}
          text={steps[one.name]}
          hint={"key" in one ? one.key : undefined}
          isTaking={isTaking}
          run={() => handling.open(one.name)}
        />
      ))}
      {list === "sent" && may("note") ? (
        <Do text={steps["remind"]} isTaking={isTaking} run={() => handling.open("note")} />
      ) : null}
      {isAnswered && list === "inbox" && row.state === "taken-over" ? (
        <p className={styles["small"]}>{pane.answerMeans}</p>
      ) : null}
    </div>
  );
}

/** An answer is done when somebody says what was done about it. */
function ResultActions({
  handling,
  isTaking,
  isPlain,
}: Pick<ActionsProps, "handling" | "isTaking" | "isPlain">): ReactNode {
  const { actions, actionsName, actionAsked } = useInboxTexts();
  return (
    <div role="group" aria-label={actionsName} className={styles["choices"]} data-asks={handling.asksAction}>
      <p>
        <strong>{actionsName}</strong>
      </p>
      {ACTIONS.map((action, at) => (
        <Do
          key={action}
          text={actions[action]}
          hint={String(at + 1)}
          isTaking={isTaking}
          run={() => handling.act(action)}
          isMain={action === "none" && isPlain}
        />
      ))}
      <p role="status" className={styles["asked"]}>
        {handling.asksAction ? actionAsked : ""}
      </p>
    </div>
  );
}

function Do({
  text,
  hint,
  isTaking,
  run,
  isMain = false,
}: {
  readonly text: string | undefined;
  readonly hint?: string | undefined;
  readonly isTaking: boolean;
  readonly run: () => void;
  readonly isMain?: boolean;
}): ReactNode {
  return (
    <Button
      size="compact-md"
      variant={isMain ? "filled" : "default"}
      disabled={isTaking}
      onClick={run}
      {...(hint === undefined ? {} : { "aria-keyshortcuts": hint })}
    >
      {text}
      {hint === undefined ? null : (
        <span aria-hidden="true" className={styles["hint"]}>
          {hint}
        </span>
      )}
    </Button>
  );
}
