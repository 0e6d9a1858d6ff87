/** Which template the note is written by and which contact it is of; both are chosen in advance. SPEC WEB-WRITE-2 */
import type { ReactNode } from "react";
import { sayMoment } from "../say/dates.ts";
import { NativeSelect } from "../ui/controls.ts";
import type { Contact, ContactKind, Desk } from "../wire/notes.ts";
import type { Held } from "./note-saver.ts";
import styles from "./notes.module.css";
import { useNoteTexts } from "./use-note-texts.ts";
import { canonicalOf } from "./words-of.ts";

type ChoicesProps = {
  readonly desk: Desk;
  readonly held: Held;
  readonly choose: (choice: { readonly template: string } | { readonly contact: Contact }) => void;
};

const NEW = ["besok", "telefon", "digitalt", "hembesok"] as const satisfies readonly ContactKind[];

export function NoteChoices({ desk, held, choose }: ChoicesProps): ReactNode {
  const texts = useNoteTexts();
  const templates = desk.templates.map((one) => ({ value: canonicalOf(one), label: texts.version(one.title, one.version) })); // prettier-ignore
  const isKnown = templates.some(({ value }) => value === held.template);
  const contacts = [
    ...desk.contacts.map(({ encounter, contact, title, start, isOngoing }) => {
      const words = [title ?? texts.contacts[contact], start === null ? texts.unknownStart : sayMoment(start)] as const;
      return { value: `there ${encounter}`, label: isOngoing ? texts.ongoing(...words) : texts.earlier(...words) };
    }),
    ...NEW.map((kind) => ({ value: `new ${kind}`, label: texts.newContact(texts.contacts[kind]) })),
  ];
  const { contact } = held;
  const chosen = contact.kind === "there" ? `there ${contact.encounter}` : `new ${contact.contact}`;
  return (
    <div className={styles["fields"]}>
      <NativeSelect
        label={texts.template}
        data={isKnown || held.template === "" ? templates : [{ value: held.template, label: texts.goneTemplate }, ...templates]}
        value={held.template}
        onChange={(event) => choose({ template: event.currentTarget.value })}
      />
      <NativeSelect
        label={texts.contact}
        data={contacts}
        value={chosen}
        onChange={(event) => choose({ contact: contactOf(event.currentTarget.value) })}
      />
    </div>
  );
} // prettier-ignore

function contactOf(value: string): Contact {
  const [kind, what = ""] = value.split(" ");
  if (kind === "there") return { kind, encounter: what };
  return { kind: "new", contact: NEW.find((one) => one === what) ?? "besok" };
}
