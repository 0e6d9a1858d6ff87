/** Answering a patient's question: what has been answered, taking the question, and a new answer, which takes nothing away. SPEC WEB-REVIEW-5 */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent, type ReactNode } from "react";
import { sayMoment } from "../say/dates.ts";
import { Button, Textarea } from "../ui/controls.ts";
import { useFailureWords } from "../ui/load-view.tsx";
import { Panel } from "../ui/panel.tsx";
import { failureOf } from "../wire/call.ts";
import { answerQuestion, questionQuery, takeQuestion, type ReviewQuestion } from "../wire/log-review.ts";
import styles from "./review.module.css";
import { useReviewTexts } from "./use-review-texts.ts";

type AnswerProps = { readonly question: ReviewQuestion };

export function AnswerPanel({ question }: AnswerProps): ReactNode {
  const { question: texts } = useReviewTexts();
  const [words, setWords] = useState("");
  const [isMissing, setMissing] = useState(false);
  const queries = useQueryClient();
  const { id, version } = question;
  const { mutate, isPending, error } = useMutation({
    mutationFn: (said: string | undefined) =>
      said === undefined ? takeQuestion(id, version) : answerQuestion(id, { words: said, seen: version }),
    onSuccess: (value, said) => {
      if (said !== undefined) setWords("");
      queries.setQueryData(questionQuery(id).queryKey, value);
      void queries.invalidateQueries({ queryKey: ["log-review", "questions"] });
      void queries.invalidateQueries({ queryKey: ["log-review", "tasks"] });
    },
    // Somebody else was quicker: what they did is shown beside what is written here, which stays.
    onError: () => void queries.invalidateQueries({ queryKey: questionQuery(id).queryKey }),
  });
  const failure = useFailureWords(failureOf(error));
  const isAnswered = question.answers.length > 0;
  const send = (event: FormEvent): void => {
    event.preventDefault();
    setMissing(words.trim() === "");
    if (words.trim() !== "" && !isPending) mutate(words.trim());
  };
  return (
    <Panel title={texts.answers}>
      <Answers question={question} />
      {question.isOwnAccess ? (
        <p role="note">{texts.own}</p>
      ) : (
        <>
          {isAnswered ? null : <Taking question={question} isPending={isPending} take={() => mutate(undefined)} />}
          <form className={`${styles["judge"]} no-print`} onSubmit={send} aria-label={texts.answer}>
            <Textarea
              label={texts.answer}
              description={isAnswered ? texts.addMeans : texts.answerMeans}
              rows={6}
              maxLength={4000}
              error={isMissing ? texts.missing : undefined}
              value={words}
              onChange={(event) => setWords(event.currentTarget.value)}
            />
            <Button type="submit" loading={isPending}>
              {isAnswered ? texts.add : texts.send}
            </Button>
          </form>
          <p className={styles["failure"]} role="alert">
            {error ? failure : null}
          </p>
        </>
      )}
    </Panel>
  );
}

function Answers({ question: { answers } }: AnswerProps): ReactNode {
  const { question: texts, judge } = useReviewTexts();
  if (answers.length === 0) return <p className="dim">{texts.none}</p>;
  return (
    <>
      <p role="status">{texts.sent}</p>
      <ol className={styles["history"]} aria-label={texts.answers}>
        {answers.map(({ text, time, by }) => (
          <li key={`${time} ${text}`}>
            <span className={styles["words"]}>{text}</span>
            <br />
            <span className="dim">{judge.by(by ?? "", time === null ? "" : sayMoment(time))}</span>
          </li>
        ))}
      </ol>
    </>
  );
}

type TakingProps = AnswerProps & { readonly isPending: boolean; readonly take: () => void };

function Taking({ question: { owner }, isPending, take }: TakingProps): ReactNode {
  const { question: texts } = useReviewTexts();
  if (owner?.isMine === true) return <p role="status">{texts.taken}</p>;
  return (
    <div className={`${styles["judge"]} no-print`}>
      <Button variant="default" loading={isPending} onClick={take}>
        {owner === null ? texts.take : texts.takeOver(owner.name)}
      </Button>
      <p className="dim">{texts.takeMeans}</p>
    </div>
  );
}
