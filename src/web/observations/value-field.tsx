/** One value of the grid: what is typed, its unit, what it was last, its points, and what is wrong with it. SPEC WEB-OBS-1, WEB-OBS-3 */
import { useId, type KeyboardEvent, type ReactNode } from "react";
import { Button } from "../ui/controls.ts";
import styles from "./observations.module.css";
import { ScoreMark } from "./score-mark.tsx";
import { toneOfPoints } from "./tone.ts";
import { isWhole, settled, type FieldFault, type FieldName } from "./typed.ts";
import { useObservationTexts } from "./use-observation-texts.ts";

export type ValueFieldProps = {
  readonly name: FieldName;
  readonly text: string;
  readonly points: number | undefined;
  readonly before: string | undefined;
  readonly fault: FieldFault | undefined;
  readonly isSure: boolean;
  /** Somebody has left it, so that what is wrong with it is said. */
  readonly isLeft: boolean;
  readonly change: (text: string) => void;
  /** Writes the same in the form that it is shown in. */
  readonly settle: (text: string) => void;
  readonly leave: () => void;
  readonly confirm: () => void;
  readonly next: () => void;
};

export function ValueField(props: ValueFieldProps): ReactNode {
  const { name, text, points, fault, isSure, isLeft, change, settle, leave, confirm, next } = props;
  const texts = useObservationTexts();
  const id = useId();
  const isAsked = fault?.kind === "improbable" && !isSure;
  const isSaid = fault !== undefined && isLeft && (fault.kind === "impossible" || !isSure);
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>): void => {
    if (event.key !== "Enter" || event.ctrlKey) return;
    event.preventDefault();
    leave();
    if (fault?.kind === "impossible" || (isAsked && !isLeft)) return;
    if (isAsked) confirm();
    next();
  };
  return (
    <div className={styles["field"]} data-field={name} data-wrong={isSaid || undefined}>
      <label htmlFor={id}>{texts.fields[name]}</label>
      <input
        id={id}
        value={text}
        inputMode={name === "consciousness" ? "text" : "decimal"}
        autoComplete="off"
        maxLength={12}
        aria-describedby={`${id}-said`}
        aria-invalid={isSaid}
        onKeyDown={onKeyDown}
        onBlur={() => {
          if (text === "") return;
          leave();
          if (settled(name, text) !== text) settle(settled(name, text));
        }}
        onChange={(event) => {
          const typed = event.currentTarget.value;
          change(isWhole(name, typed) ? settled(name, typed) : typed);
          if (isWhole(name, typed)) next();
        }}
      />
      <span className={styles["unit"]}>{texts.units[name]}</span>
      <span className={styles["points"]} data-points>
        {points === undefined ? null : <ScoreMark tone={toneOfPoints(points)}>{texts.points(points)}</ScoreMark>}
      </span>
      <p id={`${id}-said`} className={styles["said"]}>
        {isSaid ? <Fault fault={fault} confirm={confirm} /> : <span>{besideOf(props, texts)}</span>}
      </p>
    </div>
  );
} // prettier-ignore

function Fault({ fault, confirm }: { readonly fault: FieldFault; readonly confirm: () => void }): ReactNode {
  const texts = useObservationTexts();
  const isAsked = fault.kind === "improbable";
  return (
    <span role="alert" className={styles["fault"]}>
      {isAsked ? texts.improbable(fault.range) : texts.impossible(fault.range)}{" "}
      {isAsked ? (
        <Button size="compact-xs" variant="default" onClick={confirm} data-sure>
          {texts.yes}
        </Button>
      ) : null}
    </span>
  );
}

type Texts = ReturnType<typeof useObservationTexts>;

/** What it means, that it is confirmed, what it was last, and what can be typed. */
function besideOf({ name, text, before, fault, isSure }: ValueFieldProps, texts: Texts): string {
  const confirmed = isSure && fault !== undefined ? texts.confirmed : undefined;
  return [meaningOf(name, text, texts), confirmed, before, hintOf(name, text, texts)].filter(Boolean).join(" · ");
}

function meaningOf(name: FieldName, text: string, texts: Texts): string | undefined {
  if (name === "consciousness") return texts.levels[settled(name, text)];
  return name === "oxygen" && settled(name, text) === "0" ? texts.air : undefined;
}

function hintOf(name: FieldName, text: string, texts: Texts): string | undefined {
  if (text !== "") return undefined;
  if (name === "oxygen") return texts.oxygenHint;
  return name === "consciousness" ? texts.letters : undefined;
}
