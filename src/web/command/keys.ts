/**
 * From key presses to command keys: "Ctrl+K", "?", "j", and sequences that start with g ("g s").
 * Single-character keys are silent while somebody types and can be switched off altogether.
 *
 * SPEC WEB-KEY · WCAG 2.2 criterion 2.1.4
 */
export type Press = { readonly key: string; readonly ctrl: boolean; readonly alt: boolean; readonly shift: boolean };
export type Reading = { readonly pending: string | undefined; readonly keys: string | undefined };

const LEADER = "g";
/** How long a started sequence waits for its second key. */
export const SEQUENCE_MS = 1500;

/** A press as it is written in the registry: modifiers first, letters as typed without Ctrl and upper case with it. */
export function nameOfPress({ key, ctrl, alt, shift }: Press): string {
  const letter = key.length === 1 ? (ctrl || alt ? key.toUpperCase() : key) : key;
  const shown = shift && (key.length > 1 || ctrl) ? `Shift+${letter}` : letter;
  return `${ctrl ? "Ctrl+" : ""}${alt ? "Alt+" : ""}${shown}`;
}

/** Is this a key that typing also produces? Those are the ones that must be silent while typing. */
export function isSingle(name: string): boolean {
  return !name.includes("+") ? name.length === 1 || name.startsWith(`${LEADER} `) : name === "+";
}

/**
 * One step of reading: what was pending, the press and whether single keys are allowed here.
 * Returns the command keys that are complete, and what waits for its second key.
 */
export function readPress(pending: string | undefined, press: Press, singlesAllowed: boolean): Reading {
  const name = nameOfPress(press);
  if (!isSingle(name)) return { pending: undefined, keys: name };
  if (!singlesAllowed) return { pending: undefined, keys: undefined };
  if (pending === LEADER) return { pending: undefined, keys: `${LEADER} ${name}` };
  return name === LEADER ? { pending: LEADER, keys: undefined } : { pending: undefined, keys: name };
}
