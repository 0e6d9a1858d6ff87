/**
 * One letter as it goes on paper: the address in the window of a C5 envelope, the words, their seal, and the code on every page. Printing
 * it is a step of its delivery; printing it twice is still one delivery.
 *
 * SPEC WEB-LETTER-3
 */
import { Link, useParams } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { InboxFrame } from "../inbox/inbox-frame.tsx";
import { Screen } from "../chart/screen.tsx";
import { sayDay } from "../say/dates.ts";
import { Button } from "../ui/controls.ts";
import { LoadView } from "../ui/load-view.tsx";
import { printedQuery, type Printed } from "../wire/letters.ts";
import { useLoaded } from "../wire/use-loaded.ts";
import styles from "./letters.module.css";
import { QrCode } from "./qr-code.tsx";
import { Outcome } from "../ui/outcome.tsx";
import { useLetterSteps, useLetterTexts } from "./use-letters.ts";

export function PrintPage(): ReactNode {
  const texts = useLetterTexts();
  const { loop } = useParams({ from: "/work/utskrift/$loop" });
  const { loaded, fresh } = useLoaded(printedQuery(loop));
  const steps = useLetterSteps();
  const print = (): void => {
    void steps.step({ loop }, "printed", texts.deeds.printed).then((isKept) => isKept && window.print());
  };
  return (
    <InboxFrame>
      <div className="no-print">
        <Screen title={texts.queue} fresh={fresh}>
          <Outcome done={steps.done} failure={steps.failure} />
          <div className={styles["buttons"]}>
            <Button onClick={print} loading={steps.isRunning}>
              {texts.printNow}
            </Button>
            <Link to="/utskrift">{texts.back}</Link>
          </div>
        </Screen>
      </div>
      <LoadView loaded={loaded} unknown={texts.queueNone} lines={8}>
        {(letter) => <Paper letter={letter} />}
      </LoadView>
    </InboxFrame>
  );
}

function Paper({ letter }: { readonly letter: Printed }): ReactNode {
  const texts = useLetterTexts();
  const { address, from, sent, title, text, by, seal, delivery, isRelayed, number } = letter;
  return (
    <>
      {isRelayed ? (
        <p role="note" className="no-print">
          {texts.relayMeans} <strong>{number === null ? "" : texts.innerMark(number)}</strong>
        </p>
      ) : null}
      <article className={styles["paper"]} lang="sv">
        <p className={styles["sender"]}>
          {from}
          <br />
          {sent === null ? "" : sayDay(sent)}
        </p>
        <address className={styles["window"]}>
          {address.map((line) => (
            <div key={line}>{line}</div>
          ))}
        </address>
        <div className={styles["body"]}>
          <h1>{title ?? texts.untitled}</h1>
          {text}
        </div>
        <footer className={styles["foot"]}>
          {delivery.code === null ? null : <QrCode code={delivery.code} name={texts.letterCode} />}
          <div>
            <div>
              {texts.letterCode} <span className={styles["code"]}>{delivery.code}</span>
            </div>
            {seal === null ? null : <div>{texts.seal(seal)}</div>}
            {by === null ? null : (
              <div>
                {texts.from} {by}
              </div>
            )}
          </div>
        </footer>
      </article>
    </>
  );
}
