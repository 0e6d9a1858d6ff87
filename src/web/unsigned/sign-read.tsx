/** Signs all notes that have been read here, after one question. SPEC WEB-UNSIGNED-2 */
import { useMemo, useState, type ReactNode } from "react";
import { Confirm } from "../chart/notes/signing/sign-confirm.tsx";
import { useCommands, type Command } from "../command/registry.ts";
import { useTexts } from "../language/language.tsx";
import { Button } from "../ui/controls.ts";
import type { Waiting } from "../wire/signing.ts";
import styles from "./unsigned.module.css";
import { nameOf, useSignMany } from "./use-unsigned.ts";

export function SignRead({ seen }: { readonly seen: readonly Waiting[] }): ReactNode {
  const { signing, note } = useTexts();
  const [isAsking, setAsking] = useState(false);
  const { sign, isSigning, outcome } = useSignMany();
  const canSign = seen.length > 0;
  const commands = useMemo(
    (): readonly Command[] =>
      canSign
        ? [{ id: "unsigned.all", name: signing.signReadKey, group: "view", keys: ["a"], run: () => setAsking(true) }]
        : [],
    [canSign, signing],
  );
  useCommands(commands);
  const run = async (): Promise<void> => {
    const notes = seen.map((one) => ({ name: nameOf(one), version: one.version, title: one.title ?? note.untitled }));
    await sign(notes, signing.failed);
    setAsking(false);
  };
  return (
    <div className={styles["tools"]}>
      {isAsking && canSign ? (
        <Confirm
          words={signing.confirmRead(seen.length)}
          isChanging={isSigning}
          run={() => void run()}
          cancel={() => setAsking(false)}
        />
      ) : (
        <Button
          size="compact-md"
          variant="default"
          disabled={!canSign}
          onClick={() => setAsking(true)}
          aria-keyshortcuts="a"
        >
          {signing.signRead(seen.length)}
        </Button>
      )}
      <p role="status">{outcome === undefined || outcome.done === 0 ? "" : signing.done(outcome.done)}</p>
      {outcome?.failed.map(({ title, why }) => (
        <p key={title} role="alert">
          {signing.notDone(title, why)}
        </p>
      ))}
    </div>
  );
}
