/**
 * The one registry of what can be done: every command has an id, a name in words and usually a key. Help, the search
 * box and the key handler are all made from it, so none of them can forget one.
 *
 * SPEC WEB-CMD · ux.md section 8 (keyboard first)
 */
import { useLayoutEffect, useSyncExternalStore } from "react";

export type Command = {
  readonly id: string;
  readonly name: string;
  readonly group: "go" | "list" | "view" | "app";
  /** The first is shown; the others work too. */
  readonly keys: readonly string[];
  readonly run: () => void;
  /** What is typed next goes into a field that it shows, as soon as that is there. */
  readonly opensField?: boolean;
};

let layers: readonly (readonly Command[])[] = [];
const listeners = new Set<() => void>();

/**
 * Offers these commands while the component is on the screen. The most recent layer wins a key. A key works from the
 * moment in which its button is shown, not from a moment after it: an effect of the layout, not of what comes later.
 */
export function useCommands(commands: readonly Command[]): void {
  useLayoutEffect(() => {
    layers = [...layers, commands];
    tell();
    return () => {
      layers = layers.filter((layer) => layer !== commands);
      tell();
    };
  }, [commands]);
}

/** All commands offered just now, each id once, the most recent layer's version. */
export function allCommands(): readonly Command[] {
  const byId = new Map(layers.flat().map((command) => [command.id, command]));
  return [...byId.values()];
}

export function useLayers(): readonly (readonly Command[])[] {
  return useSyncExternalStore(subscribe, () => layers);
}

/** The command a key means here, or nothing. */
export function commandFor(keys: string): Command | undefined {
  return layers
    .toReversed()
    .flat()
    .find((command) => command.keys.includes(keys));
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function tell(): void {
  for (const listener of listeners) listener();
}
