/** The command that registers somebody unknown from anywhere, and the workspace that it docks. SPEC WEB-UNKNOWN-1 · T16 */
import { lazy, Suspense, useEffect, useMemo, useState, type ReactNode } from "react";
import { useCommands, type Command } from "../command/registry.ts";
import { askToRegister, onRegister } from "./asked.ts";
import { useRegistrationTexts } from "./use-texts.ts";

const UnknownPane = lazy(() => import("./unknown-pane.tsx").then(({ UnknownPane: Pane }) => ({ default: Pane })));

export function UnknownDock(): ReactNode {
  const texts = useRegistrationTexts();
  const [turn, setTurn] = useState(0);
  useEffect(() => onRegister(() => setTurn((was) => was + 1)), []);
  const commands = useMemo(
    (): readonly Command[] => [
      { id: "app.unknown", name: texts.command, group: "app", keys: ["Ctrl+Shift+U"], run: askToRegister },
    ],
    [texts],
  );
  useCommands(commands);
  if (turn === 0) return null;
  return (
    <Suspense fallback={null}>
      <UnknownPane key={turn} close={() => setTurn(0)} />
    </Suspense>
  );
}
