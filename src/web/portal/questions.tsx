/** The questions that have been asked, with where they stand. SPEC WEB-PORTAL-1 */
import type { ReactNode } from "react";
import { sayDay, sayMoment } from "../say/dates.ts";
import { LoadView } from "../ui/load-view.tsx";
import { questionsQuery, type Question } from "../wire/portal.ts";
import styles from "./portal.module.css";
import { usePortalTexts } from "./use-portal-texts.ts";
import { useLoaded } from "./use-portal.ts";

export function Questions({ person }: { readonly person: string }): ReactNode {
  const words = usePortalTexts();
  const loaded = useLoaded(questionsQuery(person));
  return (
    <>
      <p>{words.questions.means}</p>
      <LoadView loaded={loaded} unknown={words.questions.none} lines={4}>
        {(items) =>
          items.length === 0 ? (
            <p data-state="unknown">{words.questions.none}</p>
          ) : (
            <ul className={styles["list"]}>
              {items.map((one) => (
                <li key={one.id} className={styles["card"]}>
                  <Shown question={one} />
                </li>
              ))}
            </ul>
          )
        }
      </LoadView>
    </>
  );
}

function Shown({ question }: { readonly question: Question }): ReactNode {
  const words = usePortalTexts();
  const { questions } = words;
  const { state, unit, asked, answerBy, words: said } = question;
  const isOpen = state === "sent" || state === "taken";
  const rows: readonly (readonly [string, string])[] = [
    [questions.asked, sayMoment(asked)],
    ...(isOpen && answerBy !== null
      ? [[Date.parse(answerBy) < Date.now() ? questions.late : questions.by, sayDay(answerBy)] as const]
      : []),
    ...(said === "" ? [] : [[questions.yours, said] as const]),
  ];
  return (
    <>
      <div className={styles["top"]}>
        <span className={styles["who2"]}>
          {questions.to} {unit ?? words.log.unknownUnit}
        </span>
        <span className={styles["mark"]}>{questions.states[state]}</span>
      </div>
      <dl>
        {rows.map(([name, value]) => (
          <div key={`${name} ${value}`}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
        {question.answers.map(({ text, time, by }) => (
          <div key={`${time} ${text}`}>
            <dt>{questions.answer}</dt>
            <dd>
              <span className={styles["said"]}>{text}</span>
              <br />
              <span className="dim">{questions.answered(by, time === null ? null : sayMoment(time))}</span>
            </dd>
          </div>
        ))}
      </dl>
    </>
  );
}
