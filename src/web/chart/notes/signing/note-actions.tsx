/** What is done to a note: sign it (s), correct it, note that the patient disagrees. One of them at a time. SPEC WEB-SIGNING-2 */
import { useMemo, useRef, useState, type ReactNode } from "react";
import { useCommands, type Command } from "../../../command/registry.ts";
import { useTexts } from "../../../language/language.tsx";
import { versionOf, type Note } from "../../../say/notes.ts";
import { Button } from "../../../ui/controls.ts";
import type { SigningState } from "../../../wire/signing.ts";
import { CorrectForm } from "./correct-form.tsx";
import { DisagreeForm } from "./disagree-form.tsx";
import { SignConfirm } from "./sign-confirm.tsx";
import styles from "./signing.module.css";
import { useChangeNote, standingOf, type Change } from "./use-signing.ts";

type Open = "sign" | "correct" | "disagree" | undefined;

export function NoteActions({ note, state }: { readonly note: Note; readonly state: SigningState }): ReactNode {
  const { signing } = useTexts();
  const [open, setOpen] = useState<Open>();
  const signer = useChangeNote();
  const standing = standingOf(note, state);
  const maySign = state.state !== "signed" && standing !== "mistaken" && standing !== "signed";
  const show = (what: Open): void => {
    signer.forget();
    setOpen(what);
  };
  useSignKey(maySign ? () => show("sign") : undefined);
  const seen = { name: note.id, version: versionOf(note) }; // what is on the screen, and nothing newer
  const send = (wish: Change): void => void signer.change(seen, wish).then((isDone) => isDone && setOpen(undefined));
  const form = { signer, send, cancel: () => show(undefined) };
  if (open === "sign") return <SignConfirm title={note.title ?? ""} version={seen.version} {...form} />;
  if (open === "correct") return <CorrectForm note={note.resource} {...form} />;
  if (open === "disagree") return <DisagreeForm {...form} />;
  return (
    <div className={`${styles["actions"]} no-print`}>
      {maySign ? (
        <Button size="compact-md" onClick={() => show("sign")} aria-keyshortcuts="s">
          {signing.sign}
        </Button>
      ) : null}
      <Button size="compact-md" variant="default" onClick={() => show("correct")}>
        {signing.correct}
      </Button>
      <Button size="compact-md" variant="default" onClick={() => show("disagree")}>
        {signing.disagree}
      </Button>
    </div>
  );
}

/** Offers the key while there is something to sign. */
function useSignKey(run: (() => void) | undefined): void {
  const { signing } = useTexts();
  const can = run !== undefined;
  const latest = useRef(run);
  latest.current = run;
  const commands = useMemo(
    (): readonly Command[] =>
      can
        ? [{ id: "note.sign", name: signing.signKey, group: "view", keys: ["s"], run: () => latest.current?.() }]
        : [],
    [can, signing],
  );
  useCommands(commands);
}
