/** The commands of a chart: go to each of its sections with g and a letter, and order with b and r, write with n, measure with m, ordain with o and renew with f. SPEC WEB-NAV-2, WEB-ORDER-1, WEB-WRITE-1, WEB-OBS-1, WEB-ORDAIN-1 */
import { useNavigate } from "@tanstack/react-router";
import { useMemo } from "react";
import { useCommands, type Command } from "../command/registry.ts";
import { useTexts } from "../language/language.tsx";
import type { Ordain } from "../medication/dock.ts";
import type { Measure } from "../observations/dock.ts";
import type { Mode } from "../orders/basket.ts";
import { SECTIONS } from "./sections.ts";

/** The workspaces that are docked beside the chart: to order in, to write a note in, to ordain drugs in, and to measure in. */
export type Dock = {
  readonly order: (mode: Mode) => void;
  readonly write: () => void;
  readonly ordain: Ordain;
  readonly measure: Measure;
};

/** Without what is docked nothing of the chart is open, and nothing is ordered or written. */
export function useChartCommands(patientId: string, dock: Dock | undefined): void {
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
      dock === undefined
        ? []
        : [
            {
              id: "orders.order",
              name: words.order,
              group: "view",
              keys: ["b"],
              opensField: true,
              run: () => dock.order("order"),
            },
            {
              id: "orders.refer",
              name: words.refer,
              group: "view",
              keys: ["r"],
              opensField: true,
              run: () => dock.order("referral"),
            },
            { id: "notes.write", name: words.note, group: "view", keys: ["n"], opensField: true, run: dock.write },
            {
              id: "observations.measure",
              name: words.measure,
              group: "view",
              keys: ["m"],
              opensField: true,
              run: () => dock.measure(),
            },
            {
              id: "medication.ordain",
              name: words.ordain,
              group: "view",
              keys: ["o"],
              opensField: true,
              run: () => dock.ordain(),
            },
            { id: "medication.renew", name: words.renew, group: "view", keys: ["f"], run: () => dock.ordain({ kind: "renew" }) }, // prettier-ignore
          ],
    [dock, words],
  );
  useCommands(ordering);
}
