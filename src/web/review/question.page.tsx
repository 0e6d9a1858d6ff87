/**
 * One question: what the patient wrote, the line of the log that it is about, who is responsible, and the answer that the patient sees.
 *
 * SPEC WEB-REVIEW-5
 */
import { Link, useParams } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { Screen } from "../chart/screen.tsx";
import { useTexts } from "../language/language.tsx";
import { sayDay, sayMoment } from "../say/dates.ts";
import { Chip } from "../ui/chip.tsx";
import { LoadView } from "../ui/load-view.tsx";
import { Panel } from "../ui/panel.tsx";
import { questionQuery, type QuestionDetail, type ReviewLine, type ReviewQuestion } from "../wire/log-review.ts";
import { useLoaded } from "../wire/use-loaded.ts";
import { AnswerPanel } from "./answer-panel.tsx";
import { Owner } from "./questions.page.tsx";
import styles from "./review.module.css";
import { PatientName } from "./shown-patient.tsx";
import { useReviewTexts } from "./use-review-texts.ts";

export function QuestionPage(): ReactNode {
  const { question: texts, questions } = useReviewTexts();
  const { question } = useParams({ from: "/work/granskning/fragor/$question" });
  const { loaded, fresh } = useLoaded(questionQuery(question));
  return (
    <Screen title={texts.title} fresh={fresh} tools={<Link to="/granskning/fragor">{texts.back}</Link>}>
      <LoadView loaded={loaded} unknown={questions.empty} lines={8}>
        {(value: QuestionDetail) => (
          <div className={styles["columns"]}>
            <div className={styles["page"]}>
              <Asked question={value.question} />
              <Line line={value.line} person={value.question.person} unit={value.question.unit} />
            </div>
            <AnswerPanel question={value.question} />
          </div>
        )}
      </LoadView>
    </Screen>
  );
}

function Asked({ question }: { readonly question: ReviewQuestion }): ReactNode {
  const { questions: texts, question: own } = useReviewTexts();
  const { words, asked, answerBy, isLate, patient, state } = question;
  return (
    <Panel title={texts.words}>
      <p className={words === "" ? "dim" : styles["words"]}>{words === "" ? texts.noWords : words}</p>
      <dl className={styles["facts"]}>
        <Fact name={texts.patient}>
          <PatientName patient={patient} />
        </Fact>
        <Fact name={texts.asked}>{sayMoment(asked)}</Fact>
        {answerBy === null ? null : (
          <Fact name={texts.answerBy}>
            {sayDay(answerBy)} {isLate ? <Chip tone="alarm">{texts.late}</Chip> : null}
          </Fact>
        )}
        <Fact name={texts.owner}>{state === "closed" ? own.closed : <Owner question={question} />}</Fact>
      </dl>
    </Panel>
  );
}

type LineProps = { readonly line: ReviewLine | null; readonly person: string | null; readonly unit: string | null };

function Line({ line, person, unit }: LineProps): ReactNode {
  const { detail, question: texts, questions } = useReviewTexts();
  const { types } = useTexts();
  const names: Readonly<Record<string, string>> = types;
  if (line === null)
    return (
      <Panel title={texts.line}>
        <p role="note">{texts.goneMeans}</p>
      </Panel>
    );
  return (
    <Panel title={texts.line}>
      <dl className={styles["facts"]}>
        <Fact name={detail.who}>{person}</Fact>
        <Fact name={detail.unit}>{unit ?? questions.unknown}</Fact>
        <Fact name={detail.time}>{sayMoment(line.time)}</Fact>
        <Fact name={detail.action}>
          {line.activity} {line.refused ? <Chip tone="alarm">{detail.refused}</Chip> : null}{" "}
          {line.emergency ? <Chip tone="warn">{detail.emergency}</Chip> : null}
        </Fact>
        <Fact name={detail.what}>
          {line.types.map((type) => names[type] ?? type).join(", ")}
          <details className={styles["what"]}>
            <summary>{line.count}</summary>
            {line.what.join(", ")}
          </details>
        </Fact>
        <Fact name={detail.ground}>{line.ground}</Fact>
      </dl>
    </Panel>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }): ReactNode {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
