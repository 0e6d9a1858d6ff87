/** The one field in which one ordains, with favourites as one types, and the first of them as buttons for the mouse. SPEC WEB-ORDAIN-1 */
import { useEffect, useRef, useState, type KeyboardEvent, type ReactNode } from "react";
import { useQuery } from "@tanstack/react-query";
import orders from "../orders/orders.module.css";
import { Button, TextInput } from "../ui/controls.ts";
import { useListbox } from "../ui/listbox.ts";
import { favouritesQuery } from "../wire/medication.ts";
import { favouritesFor } from "./favourites-for.ts";
import { LineText } from "./looked.tsx";
import { useMedicationTexts } from "./use-medication-texts.ts";

const MOST = 8;

type FieldProps = {
  readonly typed: string;
  readonly setTyped: (text: string, isWhole?: boolean) => void;
  /** Another number puts the focus here. */
  readonly turn: number;
};

export function LineField({ typed, setTyped, turn }: FieldProps): ReactNode {
  const texts = useMedicationTexts();
  const all = useQuery(favouritesQuery).data ?? [];
  const field = useRef<HTMLInputElement>(null);
  const [isAsked, setAsked] = useState(false);
  useEffect(() => {
    if (turn > 0) toField(field.current);
  }, [turn]);
  const found = favouritesFor(all, typed).slice(0, MOST);
  const isOpen = found.length > 0 && (typed.trim() !== "" || isAsked);
  const choose = (at: number): void => {
    const one = isOpen ? found[at] : undefined;
    setAsked(false);
    setTyped(one?.typed ?? typed, true);
  };
  const list = useListbox({ count: found.length, isOpen, choose, resetOn: typed });
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey) return;
    const isArrow = event.key === "ArrowDown" && !isOpen;
    if (isArrow) setAsked(true);
    else if (event.key === "Escape" && isAsked) {
      event.preventDefault();
      setAsked(false);
    } else list.onKeyDown(event);
  };
  return (
    <div className={orders["picker"]}>
      <TextInput
        ref={field}
        label={texts.line}
        description={texts.lineHelp}
        autoComplete="off"
        spellCheck={false}
        maxLength={300}
        value={typed}
        onChange={(event) => setTyped(event.currentTarget.value)}
        onKeyDown={onKeyDown}
        {...list.fieldProps}
        data-line-field
      />
      <p className="visually-hidden" role="status">
        {isOpen ? texts.hits(found.length) : ""}
      </p>
      <ul id={list.listId} role="listbox" aria-label={texts.favourites} hidden={!isOpen} className={orders["options"]}>
        {found.map((one, at) => (
          <li
            key={one.id}
            id={list.optionId(at)}
            role="option"
            aria-selected={at === list.active}
            onPointerDown={(event) => event.preventDefault()}
            onClick={() => choose(at)}
          >
            <LineText line={one.line} /> <span className={orders["kind"]}>{texts.whose[one.whose]}</span>
          </li>
        ))}
      </ul>
      {typed.trim() !== "" || isOpen || found.length === 0 ? null : (
        <div role="group" aria-label={texts.favourites} className={orders["quick"]}>
          {found.map((one) => (
            <Button
              key={one.id}
              size="compact-sm"
              variant="default"
              onClick={() => setTyped(one.typed, true)}
              data-favourite
            >
              {`${one.line.substance} ${one.line.dose}, ${one.line.when}`}
            </Button>
          ))}
        </div>
      )}
    </div>
  );
}

/** With the place for writing before the reason, when there is one already. */
function toField(field: HTMLInputElement | null): void {
  if (field === null) return;
  field.focus();
  const reason = field.value.indexOf("  mot ");
  if (reason >= 0) field.setSelectionRange(reason + 1, reason + 1);
}
