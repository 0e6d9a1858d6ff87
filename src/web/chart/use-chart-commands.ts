/** The commands of a chart: go to each of its sections with g and a letter, and order with b and r. SPEC WEB-NAV-2, WEB-ORDER-1 */
import { useNavigate } from "@tanstack/react-router";
import { useMemo } from "react";
import { useCommands, type Command } from "../command/registry.ts";
import { useTexts } from "../language/language.tsx";
import type { Mode } from "../orders/basket.ts";
import { SECTIONS } from "./sections.ts";

/** `order` opens the workspace to order in; without it nothing of the chart is open, and nothing is ordered. */
export function useChartCommands(patientId: string, order: ((mode: Mode) => void) | undefined): void {
  const navigate = useNavigate();
  const { sections, commands: words } = useTexts();
  const commands = useMemo(
    () =>
      SECTIONS.map(({ id, path, keys }): Command => ({
        id: `go.${id}`,
        name: sections[id],
        group: "go",
        keys,
        run: () => void navigate({ to: path, params: { patientId } }),
      })),
    [navigate, patientId, sections],
  );
  useCommands(commands);
  const ordering = useMemo(
    (): readonly Command[] =>
      order === undefined
        ? []
        : [
            { id: "orders.order", name: words.order, group: "view", keys: ["b"], run: () => order("order") },
            { id: "orders.refer", name: words.refer, group: "view", keys: ["r"], run: () => order("referral") },
          ],
    [order, words],
  );
  useCommands(ordering);
}
