/**
 * Brev: the letters about a patient with each recipient's state, and writing one. What was sent is shown as sent to each recipient by
 * itself; nothing is green before somebody has read it.
 *
 * SPEC WEB-LETTER-1 · F3, F8
 */
import { useParams } from "@tanstack/react-router";
import { useMemo, useRef, useState, type ReactNode } from "react";
import { Screen } from "../chart/screen.tsx";
import { useCommands, type Command } from "../command/registry.ts";
import { useTexts } from "../language/language.tsx";
import { sayMoment } from "../say/dates.ts";
import { Button } from "../ui/controls.ts";
import { LoadView } from "../ui/load-view.tsx";
import { Outcome } from "../ui/outcome.tsx";
import { lettersQuery, type SentLetter } from "../wire/letters.ts";
import { useLoaded } from "../wire/use-loaded.ts";
import { LetterForm } from "./letter-form.tsx";
import styles from "./letters.module.css";
import { stateWords, useLetterTexts } from "./use-letters.ts";

export function LettersPage(): ReactNode {
  const { sections } = useTexts();
  const texts = useLetterTexts();
  const { patientId } = useParams({ from: "/work/patienter/$patientId/brev" });
  const { loaded, fresh } = useLoaded(lettersQuery(patientId));
  const [isWriting, setWriting] = useState(false);
  const [said, setSaid] = useState("");
  const write = (): void => {
    setSaid("");
    setWriting(true);
  };
  useWriteKey(texts.writeKey, write);
  const end = (done: boolean): void => {
    setWriting(false);
    setSaid(done ? texts.sent : "");
  };
  return (
    <Screen title={sections.letters} fresh={fresh}>
      <div className={styles["page"]}>
        <Outcome done={said} failure={undefined} />
        {isWriting ? (
          <LetterForm patientId={patientId} end={end} />
        ) : (
          <div className={`${styles["buttons"]} no-print`}>
            <Button onClick={write} aria-keyshortcuts="w">
              {texts.write}
            </Button>
          </div>
        )}
        <LoadView loaded={loaded} unknown={texts.none} lines={6}>
          {(items) =>
            items.length === 0 ? (
              <p data-state="unknown">{texts.none}</p>
            ) : (
              <ul className={styles["list"]}>
                {items.map((one) => (
                  <li key={one.id} className={styles["card"]}>
                    <Letter letter={one} />
                  </li>
                ))}
              </ul>
            )
          }
        </LoadView>
      </div>
    </Screen>
  );
}

function useWriteKey(name: string, run: () => void): void {
  const latest = useRef(run);
  latest.current = run;
  const commands = useMemo(
    (): readonly Command[] => [{ id: "letters.write", name, group: "view", keys: ["w"], run: () => latest.current() }],
    [name],
  );
  useCommands(commands);
}

function Letter({ letter }: { readonly letter: SentLetter }): ReactNode {
  const texts = useLetterTexts();
  const { title, kind, sent, by, text, deliveries, isWithdrawn } = letter;
  const kindWords = Object.entries(texts.kinds).find(([name]) => name === kind)?.[1];
  return (
    <>
      <div className={styles["top"]}>
        <h2>{title ?? texts.untitled}</h2>
        {sent === null ? null : <time dateTime={sent}>{sayMoment(sent)}</time>}
      </div>
      <p className="dim">{[kindWords, by, isWithdrawn ? texts.withdrawn : ""].filter(Boolean).join(" · ")}</p>
      <ul>
        {deliveries.map((one) => (
          <li key={one.loop} className={styles["row"]}>
            <span>
              {one.name ??
                (one.recipient.startsWith("Patient/")
                  ? texts.patient
                  : one.recipient.startsWith("RelatedPerson/")
                    ? texts.relative
                    : one.transport === null
                      ? ""
                      : texts.ways[one.transport])}
              <br />
              <span className="dim">{one.transport === null ? texts.noTransport : texts.ways[one.transport]}</span>
            </span>
            <span data-delivery={one.state}>
              {stateWords(texts, one)} {texts.since(sayMoment(new Date(one.since).toISOString()))}
              {one.level > 0 ? ` · ${texts.late}` : ""}
            </span>
          </li>
        ))}
      </ul>
      <details>
        <summary>{texts.readIt}</summary>
        <p className={styles["said"]}>{text}</p>
      </details>
    </>
  );
}
