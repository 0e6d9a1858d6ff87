/**
 * Utskrift: the unit's letters that have not been read. What is to be printed, what was printed and has not left, what did not arrive, and
 * what waits; the code on a paper that leaves or came back is typed or scanned into one field.
 *
 * SPEC WEB-LETTER-2 · F3, F6
 */
import { Link } from "@tanstack/react-router";
import { useState, type FormEvent, type ReactNode } from "react";
import { Screen } from "../chart/screen.tsx";
import { InboxFrame } from "../inbox/inbox-frame.tsx";
import { sayMoment } from "../say/dates.ts";
import { patientFacts } from "../say/patients.ts";
import { Button, TextInput } from "../ui/controls.ts";
import { LoadView } from "../ui/load-view.tsx";
import { Panel } from "../ui/panel.tsx";
import { queueQuery, type Deed, type Queued } from "../wire/letters.ts";
import { useLoaded } from "../wire/use-loaded.ts";
import styles from "./letters.module.css";
import { Outcome } from "../ui/outcome.tsx";
import { stateWords, useLetterSteps, useLetterTexts, type Stepping } from "./use-letters.ts";

type Part = "print" | "leave" | "failed" | "waiting";
const PARTS: readonly Part[] = ["print", "leave", "failed", "waiting"];

export function QueuePage(): ReactNode {
  const texts = useLetterTexts();
  const { loaded, fresh } = useLoaded(queueQuery);
  const steps = useLetterSteps();
  return (
    <InboxFrame>
      <Screen title={texts.queue} fresh={fresh}>
        <div className={styles["page"]}>
          <p className="dim">{texts.queueMeans}</p>
          <Outcome done={steps.done} failure={steps.failure} />
          <CodeForm steps={steps} />
          <LoadView loaded={loaded} unknown={texts.queueNone} lines={8}>
            {(items) =>
              items.length === 0 ? (
                <p data-state="unknown">{texts.queueNone}</p>
              ) : (
                <>
                  {PARTS.map((part) => (
                    <Some key={part} part={part} items={items.filter((one) => partOf(one) === part)} steps={steps} />
                  ))}
                </>
              )
            }
          </LoadView>
          <p>
            <Link to="/brevmallar">{texts.templates}</Link>
          </p>
        </div>
      </Screen>
    </InboxFrame>
  );
}

function partOf({ state }: Queued): Part {
  if (state === "created") return "print";
  if (state === "transferred") return "leave";
  return state === "failed" ? "failed" : "waiting";
}

function CodeForm({ steps }: { readonly steps: Stepping }): ReactNode {
  const texts = useLetterTexts();
  const [code, setCode] = useState("");
  const say = (did: Deed): void => {
    if (code.trim() === "") return;
    void steps
      .step({ code }, did, texts.codeDone(code.trim(), texts.deeds[did]))
      .then((isDone) => isDone && setCode(""));
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    say("left"); // what a scanner ends with is Enter
  };
  return (
    <form className={`${styles["fields"]} no-print`} onSubmit={submit} aria-label={texts.code}>
      <TextInput
        label={texts.code}
        description={texts.codeMeans}
        autoComplete="off"
        spellCheck={false}
        maxLength={40}
        value={code}
        onChange={(event) => setCode(event.currentTarget.value)}
      />
      <Button type="submit" loading={steps.isRunning}>
        {texts.deeds.left}
      </Button>
      <Button variant="default" onClick={() => say("returned")}>
        {texts.deeds.returned}
      </Button>
    </form>
  );
}

type SomeProps = { readonly part: Part; readonly items: readonly Queued[]; readonly steps: Stepping };

function Some({ part, items, steps }: SomeProps): ReactNode {
  const texts = useLetterTexts();
  if (items.length === 0) return null;
  return (
    <Panel title={`${texts.parts[part]} (${items.length})`}>
      <ul>
        {items.map((one) => (
          <li key={one.loop} className={styles["row"]}>
            <Row one={one} steps={steps} />
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function Row({ one, steps }: { readonly one: Queued; readonly steps: Stepping }): ReactNode {
  const texts = useLetterTexts();
  const { transport, title, person, code, since, level } = one;
  const who = person === null ? undefined : patientFacts(person, "");
  return (
    <>
      <span>
        <strong>{who === undefined ? texts.hidden : [who.name, who.identity?.text].filter(Boolean).join(" ")}</strong>
        <br />
        {title ?? texts.untitled} · {transport === null ? texts.noTransport : texts.ways[transport]}
      </span>
      <span>
        {stateWords(texts, one)} {texts.since(sayMoment(new Date(since).toISOString()))}
        {level > 0 ? ` · ${texts.late}` : ""}
        {isPaper(one) && code !== null ? (
          <>
            <br />
            <span className={styles["code"]}>{code}</span>
          </>
        ) : null}
      </span>
      <Deeds one={one} steps={steps} />
    </>
  );
}

function isPaper({ transport }: Queued): boolean {
  return transport === "paper" || transport === "relay";
}

/** What can be said of it now. */
function deedsOf(one: Queued): readonly Deed[] {
  const { state, level } = one;
  const said: readonly Deed[] = !isPaper(one) ? [] : state === "transferred" ? ["left", "returned"] : state === "received" ? ["returned"] : []; // prettier-ignore
  return state === "failed" || level > 0 ? [...said, "page", "paper", "relay"] : said;
}

function Deeds({ one, steps }: { readonly one: Queued; readonly steps: Stepping }): ReactNode {
  const texts = useLetterTexts();
  const { loop, state } = one;
  const isPrintable = isPaper(one) && (state === "created" || state === "transferred");
  return (
    <span className={`${styles["buttons"]} no-print`}>
      {isPrintable ? (
        <Link to="/utskrift/$loop" params={{ loop }}>
          {state === "created" ? texts.print : texts.printAgain}
        </Link>
      ) : null}
      {deedsOf(one).map((did) => (
        <Button key={did} size="xs" variant="default" onClick={() => void steps.step({ loop }, did, texts.deeds[did])}>
          {texts.deeds[did]}
        </Button>
      ))}
    </span>
  );
}
