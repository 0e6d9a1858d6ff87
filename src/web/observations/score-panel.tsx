/** The score as one types: the number, its colour and pattern, what is missing, and the step that it asks for. SPEC WEB-OBS-2 */
import type { ReactNode } from "react";
import { useLanguage } from "../language/language.tsx";
import type { MeasureDesk, Response } from "../wire/observations.ts";
import styles from "./observations.module.css";
import type { Counted } from "./score.ts";
import { ScoreMark } from "./score-mark.tsx";
import { toneOf } from "./tone.ts";
import { useObservationTexts } from "./use-observation-texts.ts";

type ScorePanelProps = {
  readonly desk: MeasureDesk;
  readonly counted: Counted | null;
  readonly isEmpty: boolean;
  readonly isCorrection: boolean;
};

export function ScorePanel({ desk: { set, whom, values }, counted, isEmpty, isCorrection }: ScorePanelProps): ReactNode {
  const texts = useObservationTexts();
  const { code } = useLanguage();
  const language = code === "en" ? "en" : "sv";
  if (counted === null) return <p role="note">{whom.holds === "child" ? texts.child(set.name, set.fromAge) : texts.pregnant(set.name)}</p>; // prettier-ignore
  const { total, atLeast, missing, response } = counted;
  const sum = isEmpty ? "–" : (total ?? texts.atLeast(atLeast));
  const names = missing.map((one) => inSentence(values[one][language])).join(", ");
  return (
    <section className={styles["score"]} aria-label={texts.score(set.name)} data-score>
      <p className={styles["sum"]} aria-live="polite">
        <span data-sum>
          <ScoreMark isLarge tone={isEmpty ? undefined : toneOf(response?.id)}>
            {set.name} {sum}
          </ScoreMark>
        </span>{" "}
        {isEmpty ? "" : (response?.risk[language] ?? "")}
        <span className="dim"> {texts.scale(whom.scale)}</span>
      </p>
      {whom.holds === "age-unknown" ? <p role="note">{texts.ageUnknown(set.name, set.fromAge)}</p> : null}
      {isEmpty ? <p className="dim">{texts.none}</p> : total === null ? <p data-incomplete>{texts.incomplete(names)}</p> : null}
      {response === null || isEmpty ? null : <Proposed response={response} language={language} isCorrection={isCorrection} />}
      <p className={styles["source"]}>{set.acknowledgement[language]}</p>
    </section>
  );
} // prettier-ignore

type ProposedProps = { readonly response: Response; readonly language: "sv" | "en"; readonly isCorrection: boolean };

/** A correction opens a task of its own only when it is graver: the server says so. */
function Proposed({ response, language, isCorrection }: ProposedProps): ReactNode {
  const texts = useObservationTexts();
  return (
    <p data-proposed={response.id}>
      <strong>{texts.proposed}:</strong> {response.asks[language]} {response.again[language]}
      {response.loop === null || isCorrection ? null : ` ${texts.opens(response.loop.minutes)}`}
    </p>
  );
}

function inSentence(name: string): string {
  return name.slice(0, 1).toLocaleLowerCase() + name.slice(1);
}
