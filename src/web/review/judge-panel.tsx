/** The outcome of a review: what was judged before, and a new judgement, which is added and takes nothing away. SPEC WEB-REVIEW-2 */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent, type ReactNode } from "react";
import { sayMoment } from "../say/dates.ts";
import { Button, SegmentedControl, Textarea } from "../ui/controls.ts";
import { useFailureWords } from "../ui/load-view.tsx";
import { Panel } from "../ui/panel.tsx";
import { failureOf } from "../wire/call.ts";
import { detailQuery, judge, type Outcome, type Verdict } from "../wire/log-review.ts";
import { OutcomeChip } from "./outcome-chip.tsx";
import styles from "./review.module.css";
import { useReviewTexts } from "./use-review-texts.ts";

const OUTCOMES: readonly Outcome[] = ["justified", "unclear", "unjustified"];

type JudgeProps = { readonly access: string; readonly verdicts: readonly Verdict[] };

export function JudgePanel({ access, verdicts }: JudgeProps): ReactNode {
  const { judge: texts, outcomes } = useReviewTexts();
  const [outcome, setOutcome] = useState<Outcome>("justified");
  const [note, setNote] = useState("");
  const [isMissing, setMissing] = useState(false);
  const queries = useQueryClient();
  const { mutate, isPending, error } = useMutation({
    mutationFn: () => judge(access, { outcome, note: note.trim(), seen: verdicts.length }),
    onSuccess: (value) => {
      queries.setQueryData(detailQuery(access).queryKey, value);
      void queries.invalidateQueries({ queryKey: ["log-review", "tasks"] });
      void queries.invalidateQueries({ queryKey: ["log-review", "samples"] });
      void queries.invalidateQueries({ queryKey: ["log-review", "statistics"] });
    },
    onError: () => void queries.invalidateQueries({ queryKey: detailQuery(access).queryKey }),
  });
  const words = useFailureWords(failureOf(error));
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setMissing(note.trim() === "");
    if (note.trim() !== "" && !isPending) mutate();
  };
  return (
    <Panel title={texts.title}>
      <History verdicts={verdicts} />
      <form className={`${styles["judge"]} no-print`} onSubmit={submit} aria-label={texts.title}>
        {verdicts.length > 0 ? <p className="dim">{texts.changeMeans}</p> : null}
        <SegmentedControl
          fullWidth
          aria-label={texts.outcome}
          value={outcome}
          onChange={setOutcome}
          data={OUTCOMES.map((value) => ({ value, label: outcomes[value] }))}
        />
        <Textarea
          label={texts.note}
          rows={4}
          maxLength={4000}
          error={isMissing ? texts.noteMissing : undefined}
          value={note}
          onChange={(event) => setNote(event.currentTarget.value)}
        />
        <Button type="submit" loading={isPending}>
          {verdicts.length > 0 ? texts.change : texts.submit}
        </Button>
      </form>
      <p className={styles["failure"]} role="alert">
        {error ? words : null}
      </p>
    </Panel>
  );
}

/** The newest first: it is the one that counts. */
function History({ verdicts }: { readonly verdicts: readonly Verdict[] }): ReactNode {
  const { judge: texts } = useReviewTexts();
  if (verdicts.length === 0) return <p className="dim">{texts.none}</p>;
  return (
    <ol className={styles["history"]} aria-label={texts.history} aria-live="polite">
      {verdicts.toReversed().map((verdict) => (
        <li key={verdict.turn}>
          <OutcomeChip verdict={verdict} /> {verdict.note}
          <br />
          <span className="dim">{texts.by(verdict.reviewer, sayMoment(verdict.recorded))}</span>
        </li>
      ))}
    </ol>
  );
}
