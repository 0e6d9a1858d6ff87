/**
 * Writing a letter: kind, template or own words, recipients with the way to each, and the letter as its recipients will read it. A way that
 * there is not cannot be chosen, and Ctrl+Enter sends.
 *
 * SPEC WEB-LETTER-1 · F7
 */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRef, useState, type FormEvent, type KeyboardEvent, type ReactNode } from "react";
import { Button, NativeSelect, Textarea, TextInput } from "../ui/controls.ts";
import { LoadView } from "../ui/load-view.tsx";
import { failureOf } from "../wire/call.ts";
import { letterOptionsQuery, lettersQuery, previewLetter, sendLetter, type Chosen, type LetterKind, type LetterOptions, type LetterWords } from "../wire/letters.ts"; // prettier-ignore
import { useLoaded } from "../wire/use-loaded.ts";
import styles from "./letters.module.css";
import { Outcome } from "../ui/outcome.tsx";
import { Recipients, type Picked } from "./recipients.tsx";
import { useLetterTexts } from "./use-letters.ts";

type FormProps = { readonly patientId: string; readonly end: (done: boolean) => void };

export function LetterForm({ patientId, end }: FormProps): ReactNode {
  const texts = useLetterTexts();
  const { loaded } = useLoaded(letterOptionsQuery(patientId));
  return (
    <LoadView loaded={loaded} unknown={texts.none} lines={6}>
      {(options) => <Fields patientId={patientId} end={end} options={options} />}
    </LoadView>
  );
}

const EMPTY: LetterWords = { kind: "information", template: null, title: "", text: "", booking: null };

function Fields({ patientId, end, options }: FormProps & { readonly options: LetterOptions }): ReactNode {
  const texts = useLetterTexts();
  const [words, setWords] = useState<LetterWords>(EMPTY);
  const [picked, setPicked] = useState<Picked>(() => firstWays(options));
  const { preview, send, failure, isRunning } = useSending({ patientId, end });
  const isPicked = Object.keys(picked).length > 0;
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (isPicked) send(words, chosenOf(picked));
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === "Escape") end(false);
    if (event.key === "Enter" && event.ctrlKey && isPicked) send(words, chosenOf(picked));
  };
  return (
    <form className={`${styles["form"]} no-print`} onSubmit={submit} onKeyDown={onKeyDown} aria-label={texts.write}>
      <Words words={words} set={setWords} options={options} />
      <Recipients options={options} picked={picked} set={setPicked} />
      {isPicked ? null : <p role="note">{texts.nobody}</p>}
      <Outcome done="" failure={failure} />
      <div className={styles["buttons"]}>
        <Button type="submit" loading={isRunning} disabled={!isPicked} aria-keyshortcuts="Control+Enter">
          {texts.send}
        </Button>
        <Button variant="default" onClick={() => preview.mutate(words)}>
          {texts.preview}
        </Button>
        <Button variant="default" onClick={() => end(false)}>
          {texts.cancel}
        </Button>
      </div>
      {preview.data === undefined ? null : (
        <section aria-label={texts.previewTitle} className={styles["card"]}>
          <h2>{preview.data.title}</h2>
          <p className={styles["said"]}>{preview.data.text}</p>
        </section>
      )}
    </form>
  );
}

function useSending({ patientId, end }: FormProps) {
  const queries = useQueryClient();
  const key = useRef(crypto.randomUUID()); // one letter, however often it is sent
  const preview = useMutation({ mutationFn: (words: LetterWords) => previewLetter(patientId, words) });
  const sending = useMutation({
    mutationFn: (wish: LetterWords & { readonly recipients: readonly Chosen[] }) =>
      sendLetter(patientId, { ...wish, key: key.current }),
    onSuccess: (items) => {
      queries.setQueryData(lettersQuery(patientId).queryKey, items);
      end(true);
    },
    onError: () => void (key.current = crypto.randomUUID()), // what was refused was not sent
  });
  const send = (words: LetterWords, recipients: readonly Chosen[]): void => {
    if (!sending.isPending) sending.mutate({ ...words, recipients });
  };
  const error = sending.error ?? preview.error;
  return { preview, send, isRunning: sending.isPending, failure: error === null ? undefined : failureOf(error) };
}

/** The patient by the best way there is. */
function firstWays({ recipients }: LetterOptions): Picked {
  const patient = recipients.find(({ kind }) => kind === "patient");
  const way = patient?.ways[0];
  return patient === undefined || way === undefined ? {} : { [patient.to]: { way, name: "" } };
}

function chosenOf(picked: Picked): readonly Chosen[] {
  return Object.entries(picked).map(([to, { way, address }]) =>
    address === undefined ? { to, way } : { way: "paper", address },
  );
}

type WordsProps = {
  readonly words: LetterWords;
  readonly set: (words: LetterWords) => void;
  readonly options: LetterOptions;
};

function Words({ words, set, options }: WordsProps): ReactNode {
  const texts = useLetterTexts();
  const templates = options.templates.filter(({ kind }) => kind === words.kind);
  const kinds = Object.entries(texts.kinds).map(([value, label]) => ({ value, label }));
  return (
    <>
      <div className={styles["fields"]}>
        <NativeSelect
          label={texts.kind}
          data={kinds}
          value={words.kind}
          data-autofocus
          onChange={(event) => set({ ...words, kind: event.currentTarget.value as LetterKind, template: null })}
        />
        <NativeSelect
          label={texts.template}
          data={[
            { value: "", label: texts.noTemplate },
            ...templates.map(({ id, title }) => ({ value: id, label: title })),
          ]}
          value={words.template ?? ""}
          onChange={(event) =>
            set({ ...words, template: event.currentTarget.value === "" ? null : event.currentTarget.value })
          }
        />
        <NativeSelect
          label={texts.booking}
          data={[
            { value: "", label: texts.noBooking },
            ...options.bookings.map(({ id, time, place }) => ({
              value: id,
              label: [time ?? texts.noTime, place].filter(Boolean).join(", "),
            })),
          ]}
          value={words.booking ?? ""}
          onChange={(event) =>
            set({ ...words, booking: event.currentTarget.value === "" ? null : event.currentTarget.value })
          }
        />
      </div>
      {words.template === null ? (
        <TextInput
          label={texts.heading}
          maxLength={120}
          autoComplete="off"
          value={words.title}
          onChange={(event) => set({ ...words, title: event.currentTarget.value })}
        />
      ) : null}
      <Textarea
        label={words.template === null ? texts.text : texts.freeText}
        autosize
        minRows={4}
        maxLength={10_000}
        value={words.text}
        onChange={(event) => set({ ...words, text: event.currentTarget.value })}
      />
    </>
  );
}
