/**
 * j and k move the focus between the rows of the list on the screen, in any screen: rows are the elements with data-row.
 *
 * SPEC WEB-KEY-5
 */
import { useMemo } from "react";
import { useCommands, type Command } from "../command/registry.ts";
import { useTexts } from "../language/language.tsx";

/** Offers "next row" and "previous row" while a list is shown. */
export function useRowKeys(): void {
  const { commands } = useTexts();
  const offered = useMemo(
    (): readonly Command[] => [
      { id: "row.next", name: commands.nextRow, group: "list", keys: ["j"], run: () => step(1) },
      { id: "row.previous", name: commands.previousRow, group: "list", keys: ["k"], run: () => step(-1) },
    ],
    [commands],
  );
  useCommands(offered);
}

function step(by: 1 | -1): void {
  const rows = [...document.querySelectorAll<HTMLElement>("main [data-row]")];
  const current = rows.indexOf(document.activeElement?.closest<HTMLElement>("[data-row]") ?? document.body);
  const next = current === -1 ? rows[by === 1 ? 0 : rows.length - 1] : rows[current + by];
  next?.focus();
  next?.scrollIntoView({ block: "nearest" });
}
