/**
 * An address that the register lacks, typed for a letter on paper. It says where it is wrong before anything is sent; the server asks again.
 *
 * SPEC WEB-LETTER-6
 */
import { useRef, useState, type KeyboardEvent, type ReactNode } from "react";
import { Button, Textarea, TextInput } from "../ui/controls.ts";
import type { PostalAddress } from "../wire/letters.ts";
import styles from "./letters.module.css";
import { useLetterTexts } from "./use-letters.ts";

const EMPTY: PostalAddress = { name: "", line: "", postalCode: "", city: "" };
const MOST_LINES = 3;
type Part = keyof PostalAddress;

/** The first part that no post can be delivered by. */
function badPart({ name, line, postalCode, city }: PostalAddress): Part | undefined {
  if (name.trim() === "") return "name";
  const lines = line.split("\n");
  if (line.trim() === "" || lines.length > MOST_LINES || lines.some((one) => one.trim() === "")) return "line";
  if (!/^[1-9]\d{2} ?\d{2}$/.test(postalCode)) return "postalCode";
  return city.trim() === "" ? "city" : undefined;
}

/** As it is sent: without blanks around. */
function tidied({ name, line, postalCode, city }: PostalAddress): PostalAddress {
  const lines = line.trim().split("\n").map((one) => one.trim()); // prettier-ignore
  return { name: name.trim(), line: lines.join("\n"), postalCode: postalCode.trim(), city: city.trim() };
}

export function AddressForm({ add }: { readonly add: (address: PostalAddress) => void }): ReactNode {
  const { address: texts, cancel } = useLetterTexts();
  const [isOpen, setOpen] = useState(false);
  const [typed, setTyped] = useState(EMPTY);
  const [wrong, setWrong] = useState<Part>();
  const fields = useRef<HTMLFieldSetElement>(null);
  const opener = useRef<HTMLButtonElement>(null);
  const end = (): void => {
    setOpen(false);
    setWrong(undefined);
    setTyped(EMPTY);
    requestAnimationFrame(() => opener.current?.focus());
  };
  const save = (): void => {
    const address = tidied(typed);
    const bad = badPart(address);
    setWrong(bad);
    if (bad !== undefined) return fields.current?.querySelector<HTMLElement>(`[name="${bad}"]`)?.focus();
    add(address);
    end();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === "Escape") {
      event.stopPropagation(); // the letter stays
      end();
    }
    if (event.key !== "Enter" || event.ctrlKey || event.target instanceof HTMLTextAreaElement) return;
    event.preventDefault(); // the letter is not sent by it
    save();
  };
  if (!isOpen)
    return (
      <p>
        <Button ref={opener} size="xs" variant="default" onClick={() => setOpen(true)}>
          {texts.open}
        </Button>
      </p>
    );
  const field = (name: Part, autoComplete = "off") => ({
    name,
    label: texts[name],
    error: wrong === name ? texts.wrong[name] : undefined,
    autoComplete,
    value: typed[name],
    onChange: (event: { readonly currentTarget: { readonly value: string } }) => {
      const { value } = event.currentTarget;
      setWrong(undefined);
      setTyped((before) => ({ ...before, [name]: value }));
    },
  });
  return (
    <fieldset ref={fields} className={styles["page"]} onKeyDown={onKeyDown}>
      <legend>{texts.title}</legend>
      <p className="dim">{texts.means}</p>
      <TextInput {...field("name")} maxLength={100} data-autofocus />
      <Textarea {...field("line")} autosize minRows={1} maxRows={MOST_LINES} maxLength={200} />
      <div className={styles["fields"]}>
        <TextInput {...field("postalCode")} inputMode="numeric" maxLength={6} />
        <TextInput {...field("city")} maxLength={60} />
      </div>
      <div className={styles["buttons"]}>
        <Button size="xs" onClick={save}>
          {texts.add}
        </Button>
        <Button size="xs" variant="default" onClick={end}>
          {cancel}
        </Button>
      </div>
    </fieldset>
  );
}
