/** The commands of a chart: go to each of its sections with g and a letter. SPEC WEB-NAV-2 */
import { useNavigate } from "@tanstack/react-router";
import { useMemo } from "react";
import { useCommands, type Command } from "../command/registry.ts";
import { useTexts } from "../language/language.tsx";
import { SECTIONS } from "./sections.ts";

export function useChartCommands(patientId: string): void {
  const navigate = useNavigate();
  const { sections } = useTexts();
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
}
