/** The way to registering for whoever uses the mouse. SPEC WEB-UNKNOWN-1 */
import type { ReactNode } from "react";
import { Button, Kbd } from "../ui/controls.ts";
import { askToRegister } from "./asked.ts";
import { useRegistrationTexts } from "./use-texts.ts";

export function OpenUnknown(): ReactNode {
  const texts = useRegistrationTexts();
  return (
    <p>
      <Button onClick={askToRegister} aria-keyshortcuts="Control+Shift+U" data-open-unknown>
        {texts.title}
      </Button>{" "}
      <Kbd>Ctrl</Kbd> <Kbd>Shift</Kbd> <Kbd>U</Kbd>
    </p>
  );
}
