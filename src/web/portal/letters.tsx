/** Meddelanden: letters to the patient, each opened by itself, and an answer to the unit that sent it. SPEC WEB-LETTER-5 */
import { useQueryClient } from "@tanstack/react-query";
import { useRef, useState, type FormEvent, type ReactNode } from "react";
import { sayMoment } from "../say/dates.ts";
import { Button, Textarea } from "../ui/controls.ts";
import { LoadView } from "../ui/load-view.tsx";
import { answerLetter, openLetter, ownLettersQuery, type OwnLetter } from "../wire/portal.ts";
import { Outcome } from "../ui/outcome.tsx";
import styles from "./portal.module.css";
import { usePortalTexts } from "./use-portal-texts.ts";
import { useChange, useLoaded } from "./use-portal.ts";

export function Letters({ person }: { readonly person: string }): ReactNode {
  const { letters } = usePortalTexts();
  const loaded = useLoaded(ownLettersQuery(person));
  return (
    <>
      <p>{letters.means}</p>
      <LoadView loaded={loaded} unknown={letters.none} lines={4}>
        {(items) =>
          items.length === 0 ? (
            <p data-state="unknown">{letters.none}</p>
          ) : (
            <ul className={styles["list"]}>
              {items.map((one) => (
                <li key={one.id} className={styles["card"]}>
                  <Letter person={person} letter={one} />
                </li>
              ))}
            </ul>
          )
        }
      </LoadView>
    </>
  );
}

type LetterProps = { readonly person: string; readonly letter: OwnLetter };

function Letter({ person, letter }: LetterProps): ReactNode {
  const { letters } = usePortalTexts();
  const queries = useQueryClient();
  const [text, setText] = useState<string>();
  const { queryKey } = ownLettersQuery(person);
  const opening = useChange(
    () => openLetter(person, letter.id),
    (opened) => {
      setText(opened.text);
      queries.setQueryData(queryKey, (items) => items?.map((one) => (one.id === letter.id ? { ...one, read: opened.read } : one))); // prettier-ignore
    },
  );
  const title = letter.title ?? letters.untitled;
  return (
    <>
      <div className={styles["top"]}>
        <h2>{title}</h2>
        {letter.sent === null ? null : <time dateTime={letter.sent}>{sayMoment(letter.sent)}</time>}
      </div>
      <p className="dim">{letter.isOwn ? letters.yours : letter.by}</p>
      {letter.isWithdrawn ? <p role="note">{letters.withdrawn}</p> : null}
      {letter.isOwn ? null : (
        <p>
          <span className={styles["mark"]}>
            {letter.read === null ? letters.unread : letters.read(sayMoment(new Date(letter.read).toISOString()))}
          </span>
        </p>
      )}
      {text === undefined ? (
        <Button
          variant="default"
          size="md"
          loading={opening.isRunning}
          aria-label={letters.openNamed(title)}
          onClick={() => void opening.run(undefined, "")}
        >
          {letters.open}
        </Button>
      ) : (
        <p className={styles["said"]}>{text}</p>
      )}
      <Outcome done="" failure={opening.failure} />
      {text !== undefined && letter.canAnswer ? <Answer person={person} letter={letter} /> : null}
    </>
  );
}

function Answer({ person, letter }: LetterProps): ReactNode {
  const { letters } = usePortalTexts();
  const queries = useQueryClient();
  const [words, setWords] = useState<string>();
  const key = useRef(crypto.randomUUID());
  const answering = useChange(
    (said: string) => answerLetter(person, letter.id, { words: said, key: key.current }),
    (items) => {
      queries.setQueryData(ownLettersQuery(person).queryKey, items);
      setWords(undefined);
      key.current = crypto.randomUUID();
    },
  );
  const send = (event: FormEvent): void => {
    event.preventDefault();
    if (words !== undefined && words.trim() !== "") void answering.run(words, letters.sent);
  };
  return (
    <>
      <Outcome done={answering.done} failure={answering.failure} />
      {words === undefined ? (
        <Button variant="default" size="md" onClick={() => setWords("")}>
          {letters.answer}
        </Button>
      ) : (
        <form onSubmit={send} aria-label={letters.answer}>
          <Textarea
            label={letters.words}
            description={letters.wordsMeans}
            required
            autosize
            minRows={3}
            maxLength={2000}
            value={words}
            onChange={(event) => setWords(event.currentTarget.value)}
          />
          <div className={styles["top"]}>
            <Button type="submit" size="md" loading={answering.isRunning}>
              {letters.send}
            </Button>
            <Button variant="default" size="md" onClick={() => setWords(undefined)}>
              {letters.cancel}
            </Button>
          </div>
        </form>
      )}
    </>
  );
}
