/** What the last step came to: done and for ten seconds undone, refused with the server's words, or unknown. SPEC WEB-INBOX-5 */
import type { ReactNode } from "react";
import { Button } from "../ui/controls.ts";
import styles from "./inbox.module.css";
import type { Steps } from "./use-steps.ts";
import { useInboxTexts } from "./use-inbox-texts.ts";

export function ToldBar({
  steps,
  titleOf,
}: {
  readonly steps: Steps;
  readonly titleOf: (loop: string) => string;
}): ReactNode {
  const { undo: texts } = useInboxTexts();
  const { told, undo, isTaking } = steps;
  return (
    <div className={`${styles["told"]} no-print`} data-empty={told === undefined}>
      <p role="status">
        {told === undefined || told.count === 0
          ? ""
          : told.count === 1
            ? texts.done(told.what)
            : `${told.what}. ${texts.doneMany(told.count)}`}
      </p>
      {told !== undefined && told.undo.length > 0 ? (
        <Button size="compact-sm" variant="default" loading={isTaking} onClick={undo} aria-keyshortcuts="z">
          {texts.undo} (z)
        </Button>
      ) : null}
      {told?.failed.map(({ loop, why }) => (
        <p key={loop} role="alert">
          {texts.failed(titleOf(loop), why)}
        </p>
      ))}
      {told?.isUnknown === true ? <p role="alert">{texts.unknown}</p> : null}
    </div>
  );
}
