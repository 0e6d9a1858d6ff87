/** What a step needs to be told: a reason, or to whom it goes. Docked in the pane; Escape leaves it, and the list stays in reach. SPEC WEB-INBOX-6 */
import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState, type FormEvent, type ReactNode } from "react";
import { onEscape } from "../chart/notes/signing/sign-confirm.tsx";
import { Button, NativeSelect, Textarea, TextInput } from "../ui/controls.ts";
import { ownListsQuery, placesQuery, type LoopRow } from "../wire/loops.ts";
import styles from "./inbox.module.css";
import type { Step } from "./use-steps.ts";
import { useInboxTexts } from "./use-inbox-texts.ts";

export type FormName = "delegate" | "return" | "ask-completion" | "complete" | "close" | "note";

type FormProps = {
  readonly name: FormName;
  readonly rows: readonly LoopRow[];
  readonly isTaking: boolean;
  readonly send: (step: Step) => void;
  readonly cancel: () => void;
};

export function StepForm(props: FormProps): ReactNode {
  return props.name === "delegate" ? <DelegateForm {...props} /> : <ReasonForm {...props} />;
}

function ReasonForm({ name, isTaking, send, cancel }: FormProps): ReactNode {
  const { form, steps } = useInboxTexts();
  const [words, setWords] = useState("");
  const [isMissing, setMissing] = useState(false);
  const field = useRef<HTMLTextAreaElement>(null);
  useEffect(() => field.current?.focus(), []);
  const title = steps[name === "note" ? "remind" : name] ?? name;
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setMissing(words.trim() === "");
    if (words.trim() !== "") send({ event: name, note: words.trim() });
  };
  return (
    <form className={styles["form"]} onSubmit={submit} aria-label={title} onKeyDown={onEscape(cancel)}>
      <Textarea
        ref={field}
        label={name === "note" || name === "complete" ? form.comment : form.reason}
        rows={2}
        maxLength={1000}
        value={words}
        error={isMissing ? form.reasonMissing : undefined}
        onChange={(event) => setWords(event.currentTarget.value)}
        onKeyDown={(event) => event.key === "Enter" && event.ctrlKey && submit(event)}
      />
      <Buttons title={title} isTaking={isTaking} cancel={cancel} />
    </form>
  );
}

function DelegateForm({ rows, isTaking, send, cancel }: FormProps): ReactNode {
  const { form, steps } = useInboxTexts();
  const [where, setWhere] = useState<"person" | "list">("person");
  const [person, setPerson] = useState("");
  const [list, setList] = useState("");
  const [isMissing, setMissing] = useState(false);
  const field = useRef<HTMLSelectElement>(null);
  useEffect(() => field.current?.focus(), []);
  const owners = new Set(rows.map(({ owner }) => owner));
  const lists = useQuery(ownListsQuery).data?.lists.filter(({ id }) => owners.has(id)) ?? [];
  const people = [...new Map(lists.flatMap((one) => one.people).map((one) => [one.id, one])).values()];
  const isRequest = rows.every(({ can }) => can.includes("forward"));
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setMissing(where === "person" ? person === "" : list === "");
    if (where === "person" && person !== "") send({ event: "assign", person: person === "-" ? undefined : person });
    if (where === "list" && list !== "") send({ event: isRequest ? "forward" : "move", list });
  };
  return (
    <form className={styles["form"]} onSubmit={submit} aria-label={steps["delegate"]} onKeyDown={onEscape(cancel)}>
      <NativeSelect
        ref={field}
        label={form.person}
        value={where === "list" ? "*" : person}
        error={isMissing && where === "person" ? form.personMissing : undefined}
        onChange={({ currentTarget: { value } }) => {
          setWhere(value === "*" ? "list" : "person");
          setPerson(value === "*" ? "" : value);
        }}
        data={[
          { value: "", label: "" },
          ...people.map(({ id, name, title }) => ({ value: id, label: `${name}, ${title}` })),
          { value: "-", label: form.nobody },
          { value: "*", label: form.toList },
        ]}
      />
      {where === "list" ? <ListField chosen={list} choose={setList} isMissing={isMissing} /> : null}
      <Buttons title={steps["delegate"] ?? ""} isTaking={isTaking} cancel={cancel} />
    </form>
  );
}

function ListField({
  chosen,
  choose,
  isMissing,
}: {
  readonly chosen: string;
  readonly choose: (list: string) => void;
  readonly isMissing: boolean;
}): ReactNode {
  const { form } = useInboxTexts();
  const [words, setWords] = useState("");
  const found = useQuery(placesQuery(words.trim())).data;
  return (
    <>
      <TextInput
        label={form.list}
        placeholder={form.listExample}
        autoComplete="off"
        value={words}
        error={isMissing ? form.listMissing : undefined}
        onChange={(event) => setWords(event.currentTarget.value)}
      />
      {found === undefined ? null : found.items.length === 0 ? (
        <p role="status">{form.noneFound}</p>
      ) : (
        <fieldset className={styles["places"]}>
          <legend>{form.found}</legend>
          {found.items.map(({ id, title, provider }) => (
            <label key={id}>
              <input type="radio" name="list" checked={id === chosen} onChange={() => choose(id)} /> {title}
              {provider === null ? "" : <span className={styles["small"]}> {provider}</span>}
            </label>
          ))}
          {found.more ? <p className={styles["small"]}>{form.foundMore}</p> : null}
        </fieldset>
      )}
    </>
  );
}

function Buttons({
  title,
  isTaking,
  cancel,
}: {
  readonly title: string;
  readonly isTaking: boolean;
  readonly cancel: () => void;
}): ReactNode {
  const { form } = useInboxTexts();
  return (
    <div className={styles["buttons"]}>
      <Button type="submit" size="compact-md" loading={isTaking}>
        {title}
      </Button>
      <Button size="compact-md" variant="default" onClick={cancel}>
        {form.cancel}
      </Button>
    </div>
  );
}
