/** The grid itself: a value on each line, Enter from one to the next and from the last to saving. SPEC WEB-OBS-1 to WEB-OBS-4 */
import { useEffect, useRef, useState, type ReactNode } from "react";
import { useLanguage } from "../language/language.tsx";
import { sayMoment } from "../say/dates.ts";
import { Button, TextInput } from "../ui/controls.ts";
import type { MeasureDesk, ValueName } from "../wire/observations.ts";
import { HowFields, TIME } from "./how-fields.tsx";
import type { ObservePaneProps } from "./observe-pane.tsx";
import styles from "./observations.module.css";
import { Receipt } from "./receipt.tsx";
import { ScaleForm } from "./scale-form.tsx";
import { ScorePanel } from "./score-panel.tsx";
import { countScore, type Counted } from "./score.ts";
import { faultOf, FIELDS, measuredIn, typedOf, type FieldFault, type FieldName } from "./typed.ts";
import { useRound, type Round, type UsedRound } from "./use-round.ts";
import { useObservationTexts } from "./use-observation-texts.ts";
import { ValueField } from "./value-field.tsx";

type GridProps = ObservePaneProps & { readonly desk: MeasureDesk; readonly shown: string | null };

export function Grid({ patientId, turn, corrects, close, desk, shown }: GridProps): ReactNode {
  const texts = useObservationTexts();
  const { code } = useLanguage();
  const used = useRound(patientId, corrects);
  const { round, change } = used;
  const frame = useRef<HTMLDivElement>(null);
  const [left, setLeft] = useState<ReadonlySet<FieldName>>(new Set());
  const [said, setSaid] = useState("");
  const measured = measuredIn(round.typed);
  const faults = new Map(FIELDS.map((name) => [name, faultOf(name, measured, desk.values)]));
  const isEmpty = Object.keys(measured).length === 0;
  const counted = countedFor(desk, corrects === undefined ? desk.whom.scale : corrects.scale, soundOnly(measured, faults)); // prettier-ignore
  const focus = (selector: string): void => frame.current?.querySelector<HTMLElement>(selector)?.focus();
  useEffect(() => focus("[data-field] input"), [turn, used.written]);
  const next = (name: FieldName): void => {
    const after = FIELDS[FIELDS.indexOf(name) + 1];
    focus(after === undefined ? (corrects === undefined ? "[data-save]" : "[data-why] input") : `[data-field="${after}"] input`); // prettier-ignore
  };
  const save = (values = measured): void => {
    setLeft(new Set(FIELDS));
    const isGone = Object.keys(values).length === 0;
    const { at, words } = hindranceOf({ isGone, isCorrection: corrects !== undefined, round, faults });
    setSaid(words === undefined ? "" : texts[words]);
    if (at !== undefined) return focus(at);
    const sure = [...round.sure].flatMap((name) => (name === "pressure" ? ["systolic", "diastolic"] : [name]));
    const score = counted === null || isGone ? null : { total: counted.total };
    void used.save({ shown, values, sure, score }, scoreWords(desk, isGone ? null : counted, texts, code === "en" ? "en" : "sv")); // prettier-ignore
  };
  if (used.written !== undefined) return <Receipt written={used.written} again={used.again} close={close} isCorrection={corrects !== undefined} />; // prettier-ignore
  return (
    <div
      className={styles["body"]}
      ref={frame}
      onKeyDown={(event) => {
        if (event.key !== "Enter" || !event.ctrlKey) return;
        event.preventDefault();
        save();
      }}
    >
      <div className={styles["grid"]}>
        {FIELDS.map((name) => (
          <ValueField
            key={name}
            name={name}
            text={round.typed[name]}
            points={isEmpty ? undefined : counted?.points.get(scoredBy(name))}
            before={corrects === undefined ? beforeOf(desk, name, texts) : undefined}
            fault={faults.get(name)}
            isSure={round.sure.has(name)}
            isLeft={left.has(name)}
            settle={(text) => change(({ typed }) => ({ typed: { ...typed, [name]: text } }))}
            change={(text) => {
              change(({ typed, sure }) => ({ typed: { ...typed, [name]: text }, sure: new Set([...sure].filter((one) => one !== name)) }));
              setLeft((was) => new Set([...was].filter((one) => one !== name)));
            }}
            leave={() => setLeft((was) => new Set([...was, name]))}
            confirm={() => change(({ sure }) => ({ sure: new Set([...sure, name]) }))}
            next={() => next(name)}
          />
        ))}
      </div>
      <p className="dim">{texts.hint}</p>
      {corrects === undefined ? <HowFields desk={desk} round={round} change={change} /> : null}
      <div className={styles["foot"]} data-still={corrects !== undefined}>
        <ScorePanel desk={desk} counted={counted} isEmpty={isEmpty} isCorrection={corrects !== undefined} />
        <Foot used={used} said={corrects !== undefined && round.why.trim() !== "" ? "" : said} isCorrection={corrects !== undefined} save={() => save()} takeBack={() => save({})} />
      </div>
      {corrects === undefined && counted !== null ? <ScaleForm patientId={patientId} shown={shown} whom={desk.whom} /> : null}
    </div>
  );
} // prettier-ignore

type Saving = {
  readonly isGone: boolean;
  readonly isCorrection: boolean;
  readonly round: Round;
  readonly faults: ReadonlyMap<FieldName, FieldFault | undefined>;
};

/** Why it cannot be saved as it is: where one goes to mend it, and what is said. */
function hindranceOf({ isGone, isCorrection, round, faults }: Saving): {
  readonly at?: string;
  readonly words?: "whyNeeded" | "nothingFilled" | "timeWrong";
} {
  // prettier-ignore
  const isWrong = (name: FieldName): boolean => {
    const fault = faults.get(name);
    return fault !== undefined && (fault.kind === "impossible" || !round.sure.has(name));
  };
  const wrong = isGone ? undefined : FIELDS.find(isWrong);
  if (wrong !== undefined) return { at: `[data-field="${wrong}"] input` };
  if (isCorrection) return round.why.trim() === "" ? { at: "[data-why] input", words: "whyNeeded" } : {};
  if (isGone) return { at: "[data-field] input", words: "nothingFilled" };
  return round.time !== "" && !TIME.test(round.time) ? { at: "[data-time]", words: "timeWrong" } : {};
}

type FootProps = {
  readonly used: UsedRound;
  readonly said: string;
  readonly isCorrection: boolean;
  readonly save: () => void;
  readonly takeBack: () => void;
};

function Foot({ used, said, isCorrection, save, takeBack }: FootProps): ReactNode {
  const texts = useObservationTexts();
  const { round, change, refusal, isSaving } = used;
  return (
    <>
      {isCorrection ? (
        <div data-why>
          <TextInput
            size="xs"
            label={texts.why}
            value={round.why}
            maxLength={500}
            autoComplete="off"
            onKeyDown={(event) => event.key === "Enter" && !event.ctrlKey && save()}
            onChange={(event) => {
              const why = event.currentTarget.value;
              change(() => ({ why }));
            }}
          />
        </div>
      ) : null}
      <p role="alert" className={styles["failure"]}>
        {refusal === undefined ? said : refusal === "unknown" ? texts.unknown : refusal.said}
      </p>
      <div className={styles["buttons"]}>
        <Button onClick={save} loading={isSaving} data-save>
          {isCorrection ? texts.saveCorrection : texts.save}
        </Button>
        <span className="dim">{texts.saveKey}</span>
        {isCorrection ? <TakeBack run={takeBack} /> : null}
      </div>
    </>
  );
}

function TakeBack({ run }: { readonly run: () => void }): ReactNode {
  const texts = useObservationTexts();
  const [isAsked, setAsked] = useState(false);
  if (!isAsked) return <Button variant="subtle" size="compact-sm" onClick={() => setAsked(true)} data-take-back>{texts.takeBack}</Button>; // prettier-ignore
  return (
    <>
      <Button variant="default" size="compact-sm" onClick={run} data-take-back-sure>
        {texts.takeBackSure}
      </Button>
      <Button variant="subtle" size="compact-sm" onClick={() => setAsked(false)}>
        {texts.keep}
      </Button>
    </>
  );
}

/** Null where no score holds. */
function countedFor(
  { set, whom }: MeasureDesk,
  scale: string | null,
  measured: ReturnType<typeof measuredIn>,
): Counted | null {
  // prettier-ignore
  if (scale === null || whom.holds === "child" || whom.holds === "pregnant") return null;
  return countScore(set, measured, scale);
}

/** What cannot be has no points. */
function soundOnly(
  measured: ReturnType<typeof measuredIn>,
  faults: ReadonlyMap<FieldName, ReturnType<typeof faultOf>>,
): ReturnType<typeof measuredIn> {
  // prettier-ignore
  return Object.fromEntries(Object.entries(measured).filter(([name]) => faults.get(fieldOf(name as ValueName))?.kind !== "impossible")); // prettier-ignore
}

function fieldOf(name: ValueName): FieldName {
  return name === "systolic" || name === "diastolic" ? "pressure" : name;
}

function scoredBy(name: FieldName): ValueName {
  return name === "pressure" ? "systolic" : name;
}

function beforeOf(
  { before }: MeasureDesk,
  name: FieldName,
  texts: ReturnType<typeof useObservationTexts>,
): string | undefined {
  // prettier-ignore
  const own = before.filter(({ value }) => fieldOf(value) === name);
  const [first] = own;
  if (first === undefined) return undefined;
  const text = typedOf(Object.fromEntries(own.map(({ value, text: said }) => [value, said])))[name];
  return texts.before(text, sayMoment(first.at));
}

function scoreWords(
  { set }: MeasureDesk,
  counted: Counted | null,
  texts: ReturnType<typeof useObservationTexts>,
  language: "sv" | "en",
): string {
  // prettier-ignore
  if (counted === null) return texts.saved;
  const { total, atLeast, response } = counted;
  const sum = total === null ? texts.atLeast(atLeast) : String(total);
  return texts.savedScore(`${set.name} ${sum}${response === null ? "" : `, ${response.risk[language]}`}`);
}
