/**
 * Keyboard behaviour of a search field with a list below it (WAI-ARIA combobox): the focus stays in the field, arrows
 * move the active option, Enter chooses it. Used by patient search and sign-in.
 *
 * SPEC WEB-FIND-3 · https://www.w3.org/WAI/ARIA/apg/patterns/combobox/
 */
import { useEffect, useId, useState, type KeyboardEvent } from "react";

export type Listbox = {
  readonly listId: string;
  readonly active: number;
  readonly setActive: (index: number) => void;
  readonly optionId: (index: number) => string;
  readonly onKeyDown: (event: KeyboardEvent) => void;
  readonly fieldProps: {
    readonly role: "combobox";
    readonly "aria-expanded": boolean;
    readonly "aria-controls": string;
    readonly "aria-activedescendant": string | undefined;
    readonly "aria-autocomplete": "list";
  };
};
type ListboxOptions = {
  readonly count: number;
  readonly isOpen: boolean;
  readonly choose: (index: number) => void;
  /** The active option returns to the first when this changes (the typed text). */
  readonly resetOn: string;
};

export function useListbox({ count, isOpen, choose, resetOn }: ListboxOptions): Listbox {
  const base = useId();
  const [active, setActive] = useState(0);
  useEffect(() => setActive(0), [resetOn]);
  const optionId = (index: number): string => `${base}-option-${index}`;
  useEffect(() => {
    if (isOpen) document.getElementById(`${base}-option-${active}`)?.scrollIntoView({ block: "nearest" });
  }, [active, isOpen, base]);
  const onKeyDown = (event: KeyboardEvent): void => {
    const next = moved(event.key, active, count);
    if (next !== undefined) {
      event.preventDefault();
      setActive(next);
    } else if (event.key === "Enter" && !event.nativeEvent.isComposing) {
      event.preventDefault();
      choose(active);
    }
  };
  const shown = isOpen && active < count;
  return {
    listId: `${base}-list`,
    active,
    setActive,
    optionId,
    onKeyDown,
    fieldProps: {
      role: "combobox",
      "aria-expanded": isOpen,
      "aria-controls": `${base}-list`,
      "aria-activedescendant": shown ? optionId(active) : undefined,
      "aria-autocomplete": "list",
    },
  };
}

function moved(key: string, active: number, count: number): number | undefined {
  if (count === 0) return undefined;
  if (key === "ArrowDown") return (active + 1) % count;
  if (key === "ArrowUp") return (active - 1 + count) % count;
  if (key === "PageDown") return Math.min(active + 10, count - 1);
  return key === "PageUp" ? Math.max(active - 10, 0) : undefined;
}
