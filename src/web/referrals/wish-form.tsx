/** What is asked for a referral: priority and day, an answer's text, words, a reason, another unit. Escape leaves it. SPEC WEB-REFERRAL-2 */
import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState, type FormEvent, type ReactNode } from "react";
import { onEscape } from "../chart/notes/signing/sign-confirm.tsx";
import styles from "../inbox/inbox.module.css";
import { sayDay } from "../say/dates.ts";
import { Button, NativeSelect, Textarea, TextInput } from "../ui/controls.ts";
import { DayField } from "../ui/day-field.tsx";
import { placesQuery } from "../wire/loops.ts";
import type { WishName } from "../wire/referrals.ts";
import type { Said } from "./use-wish.ts";
import { useReferralTexts } from "./use-referral-texts.ts";

type FormProps = {
  readonly name: WishName;
  readonly today: string;
  /** The patient has written it, and gets what is answered. */
  readonly isOwn: boolean;
  readonly isTaking: boolean;
  readonly send: (said: Said) => void;
  readonly cancel: () => void;
};

/** The fields of each form; the first text is what has to be there. */
const TEXT: Readonly<Record<WishName, "note" | "text" | "reason" | "question">> = {
  assess: "note",
  answer: "text",
  add: "text",
  pause: "reason",
  "second-opinion": "question",
  cancel: "reason",
  "ask-patient": "text",
};

export function WishForm({ name, today, isOwn, isTaking, send, cancel }: FormProps): ReactNode {
  const { form, wishes } = useReferralTexts();
  const [said, setSaid] = useState<Said>(() => BEGIN[name] ?? {});
  const [isMissing, setMissing] = useState(false);
  const first = useRef<HTMLFormElement>(null);
  useEffect(() => first.current?.querySelector<HTMLElement>("select, textarea, input")?.focus(), []);
  const change = (more: Said): void => setSaid((before) => ({ ...before, ...more }));
  const isWhole = neededOf(name).every((one) => (said[one] ?? "").trim() !== "");
  const isInTime = name !== "assess" || (said["target"] ?? "") >= sayDay(today);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setMissing(!isWhole || !isInTime);
    if (isWhole && isInTime) send(said);
  };
  return (
    <form
      ref={first}
      className={styles["form"]}
      onSubmit={submit}
      aria-label={wishes[name]}
      onKeyDown={onEscape(cancel)}
    >
      {name === "assess" ? <AssessFields said={said} change={change} isMissing={isMissing && !isInTime} /> : null}
      {name === "pause" ? <PauseFields said={said} change={change} isMissing={isMissing} /> : null}
      {name === "second-opinion" ? <UnitField said={said} change={change} isMissing={isMissing} /> : null}
      <WordsField name={name} isOwn={isOwn} said={said} change={change} isMissing={isMissing} submit={submit} />
      <div className={styles["buttons"]}>
        <Button type="submit" size="compact-md" loading={isTaking}>
          {name === "answer" ? form.sign : wishes[name]}
        </Button>
        <Button size="compact-md" variant="default" onClick={cancel}>
          {form.cancel}
        </Button>
      </div>
    </form>
  );
}

type WordsProps = FieldsProps & {
  readonly name: WishName;
  readonly isOwn: boolean;
  readonly submit: (event: FormEvent) => void;
};

function WordsField({ name, isOwn, said, change, isMissing, submit }: WordsProps): ReactNode {
  const { form } = useReferralTexts();
  const text = TEXT[name];
  const words = { note: form.assessNote, text: form.add, reason: form.reason, question: form.question };
  const hints: Readonly<Partial<Record<WishName, string>>> = {
    answer: isOwn ? form.answerOwnHint : form.answerHint,
    cancel: form.cancelHint,
    "ask-patient": form.askPatientHint,
  };
  const label = name === "answer" ? form.answer : name === "ask-patient" ? form.askPatient : words[text];
  const value = said[text] ?? "";
  const isWanted = isMissing && neededOf(name).includes(text) && value.trim() === "";
  return (
    <Textarea
      label={label}
      description={hints[name]}
      rows={name === "answer" ? 8 : 3}
      maxLength={text === "reason" ? 1000 : 20_000}
      value={value}
      error={isWanted ? form.needed : undefined}
      onChange={(event) => change({ [text]: event.currentTarget.value })}
      onKeyDown={(event) => event.key === "Enter" && event.ctrlKey && submit(event)}
    />
  );
}

const BEGIN: Readonly<Partial<Record<WishName, Said>>> = {
  assess: { priority: "routine" },
  pause: { code: "patient-chosen", until: null },
};

function neededOf(name: WishName): readonly string[] {
  if (name === "assess") return ["priority", "target"];
  if (name === "pause") return ["code", "from", "reason"];
  return name === "second-opinion" ? ["unit", "question"] : [TEXT[name]];
}

type FieldsProps = {
  readonly said: Said;
  readonly change: (more: Said) => void;
  readonly isMissing: boolean;
};

function AssessFields({ said, change, isMissing }: FieldsProps): ReactNode {
  const texts = useReferralTexts();
  return (
    <>
      <NativeSelect
        label={texts.priority}
        value={said["priority"] ?? "routine"}
        onChange={({ currentTarget: { value } }) => change({ priority: value })}
        data={["routine", "urgent", "asap", "stat"].map((one) => ({ value: one, label: texts.priorities[one] ?? one }))}
      />
      <DayField
        label={texts.target}
        value={said["target"] ?? undefined}
        set={(day) => change({ target: day ?? "" })}
        isInForm
      />
      {isMissing ? <p role="alert">{texts.form.dayNeeded}</p> : null}
    </>
  );
}

function PauseFields({ said, change, isMissing }: FieldsProps): ReactNode {
  const { form, pause } = useReferralTexts();
  return (
    <>
      <NativeSelect
        label={form.kind}
        value={said["code"] ?? ""}
        onChange={({ currentTarget: { value } }) => change({ code: value })}
        data={(["patient-chosen", "medical"] as const).map((one) => ({ value: one, label: pause[one] }))}
      />
      <DayField
        label={form.from}
        value={said["from"] ?? undefined}
        set={(day) => change({ from: day ?? "" })}
        isInForm
      />
      <DayField
        label={form.until}
        value={said["until"] ?? undefined}
        set={(day) => change({ until: day ?? null })}
        isInForm
      />
      {isMissing && !said["from"] ? <p role="alert">{form.needed}</p> : null}
    </>
  );
}

function UnitField({ said, change, isMissing }: FieldsProps): ReactNode {
  const { form } = useReferralTexts();
  const [words, setWords] = useState("");
  const found = useQuery(placesQuery(words.trim())).data?.items ?? [];
  return (
    <>
      <TextInput
        label={form.unit}
        placeholder={form.unitExample}
        autoComplete="off"
        value={words}
        error={isMissing && !said["unit"] ? form.needed : undefined}
        onChange={(event) => setWords(event.currentTarget.value)}
      />
      {found.length === 0 ? null : (
        <fieldset className={styles["places"]}>
          <legend>{form.unit}</legend>
          {found.map(({ id, title }) => (
            <label key={id}>
              <input type="radio" name="unit" checked={said["unit"] === id} onChange={() => change({ unit: id })} />{" "}
              {title}
            </label>
          ))}
        </fieldset>
      )}
    </>
  );
}
