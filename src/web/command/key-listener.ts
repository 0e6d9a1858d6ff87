/**
 * The single key listener of the page. It asks keys.ts what was pressed and the registry what that means.
 *
 * SPEC WEB-KEY
 */
import { useEffect } from "react";
import { readPreference } from "../language/preferences.ts";
import { readPress, SEQUENCE_MS } from "./keys.ts";
import { commandFor } from "./registry.ts";
import { TypeAhead } from "./type-ahead.ts";

const TYPING =
  "input:not([type=checkbox]):not([type=radio]):not([type=range]), textarea, select, [contenteditable=true]";

/** Listens for as long as the shell is shown. */
export function useKeyListener(): void {
  useEffect(() => {
    const ahead = new TypeAhead();
    let pending: string | undefined;
    let since = 0;
    const listen = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.isComposing || isModifier(event.key)) return;
      if (event.timeStamp - since > SEQUENCE_MS) pending = undefined;
      const press = { key: event.key, ctrl: event.ctrlKey || event.metaKey, alt: event.altKey, shift: event.shiftKey };
      if (ahead.takes(press)) return event.preventDefault();
      const reading = readPress(pending, press, singlesAllowed(event.target));
      pending = reading.pending;
      since = event.timeStamp;
      const command = reading.keys === undefined ? undefined : commandFor(reading.keys);
      if (!command) return;
      event.preventDefault();
      if (command.opensField === true) ahead.begin();
      command.run();
    };
    document.addEventListener("keydown", listen);
    return () => {
      ahead.end();
      document.removeEventListener("keydown", listen);
    };
  }, []);
}

function singlesAllowed(target: EventTarget | null): boolean {
  const isTyping = target instanceof Element && target.closest(TYPING) !== null;
  return (
    !isTyping &&
    readPreference("single-keys") !== "off" &&
    document.querySelector("dialog[open], [role=dialog]") === null
  );
}

function isModifier(key: string): boolean {
  return key === "Shift" || key === "Control" || key === "Alt" || key === "Meta" || key === "AltGraph";
}
