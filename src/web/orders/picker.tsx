/** One field that finds sets and items, and the sets as buttons for whoever uses the mouse. SPEC WEB-ORDER-2 */
import { useEffect, useRef, useState, type ReactNode } from "react";
import { Button, TextInput } from "../ui/controls.ts";
import { useListbox } from "../ui/listbox.ts";
import type { Catalogue } from "../wire/orders.ts";
import { picksFor, type Mode, type Pick } from "./basket.ts";
import styles from "./orders.module.css";
import { useOrderTexts } from "./use-order-texts.ts";

const MOST_SHOWN = 12;
/** Buttons for the mouse: sets, and of referrals as many items as there is room for. */
const MOST_BUTTONS = 9;

type PickerProps = {
  readonly catalogue: Catalogue;
  readonly mode: Mode;
  readonly pick: (one: Pick) => void;
  /** Nothing is in the basket yet, so that there is room for more to choose from. */
  readonly isFirst: boolean;
};

export function Picker({ catalogue, mode, pick, isFirst }: PickerProps): ReactNode {
  const texts = useOrderTexts();
  const [typed, setTyped] = useState("");
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.focus(), []);
  const isOpen = typed.trim() !== "";
  const found = isOpen ? picksFor(catalogue, typed, mode) : [];
  const shown = found.slice(0, MOST_SHOWN);
  const choose = (at: number): void => {
    const one = shown[at];
    if (one === undefined) return;
    setTyped("");
    pick(one);
  };
  const { listId, active, optionId, onKeyDown, fieldProps } = useListbox({ count: shown.length, isOpen, choose, resetOn: typed }); // prettier-ignore
  return (
    <div className={styles["picker"]}>
      <TextInput
        ref={field}
        label={texts.find[mode]}
        autoComplete="off"
        value={typed}
        onChange={(event) => setTyped(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (!event.ctrlKey) onKeyDown(event);
        }}
        {...fieldProps}
      />
      <p className="visually-hidden" role="status">
        {isOpen ? texts.hits(found.length) : ""}
      </p>
      <ul
        id={listId}
        role="listbox"
        aria-label={texts.find[mode]}
        hidden={!isOpen || shown.length === 0}
        className={styles["options"]}
      >
        {shown.map((one, at) => (
          <li
            key={keyOf(one)}
            id={optionId(at)}
            role="option"
            aria-selected={at === active}
            onPointerDown={(event) => event.preventDefault()}
            onClick={() => choose(at)}
          >
            <span>{titleOf(one)}</span> <span className={styles["kind"]}>{kindOf(one, texts)}</span>
          </li>
        ))}
      </ul>
      {isOpen && found.length === 0 ? <p className="dim">{texts.nothingFound}</p> : null}
      {catalogue.more ? <p className="dim">{texts.more}</p> : null}
      {catalogue.items.length === 0 ? <p role="note">{texts.emptyCatalogue}</p> : null}
      {isOpen ? null : <Quick catalogue={catalogue} mode={mode} pick={pick} isFirst={isFirst} />}
    </div>
  );
}

function Quick({ catalogue, mode, pick, isFirst }: PickerProps): ReactNode {
  const texts = useOrderTexts();
  const all = picksFor(catalogue, "", mode).filter((one) => "set" in one || (mode === "referral" && isFirst));
  if (all.length === 0) return null;
  return (
    <div role="group" aria-label={texts.sets} className={styles["quick"]}>
      {all.slice(0, MOST_BUTTONS).map((one) => (
        <Button key={keyOf(one)} size="compact-sm" variant="default" onClick={() => pick(one)} data-pick>
          {titleOf(one)}
        </Button>
      ))}
    </div>
  );
}

function keyOf(one: Pick): string {
  return "set" in one ? `set ${one.set.id}` : one.item.id;
}

function titleOf(one: Pick): string {
  return "set" in one ? one.set.title : one.item.title;
}

function kindOf(one: Pick, texts: ReturnType<typeof useOrderTexts>): string {
  return "set" in one ? texts.set : texts.categories[one.item.category];
}
