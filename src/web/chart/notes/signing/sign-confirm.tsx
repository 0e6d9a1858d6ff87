/** Asks once before a note is signed: Enter signs, Escape does not. SPEC WEB-SIGNING-2 */
import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef, type KeyboardEvent, type ReactNode } from "react";
import { useTexts } from "../../../language/language.tsx";
import { Button } from "../../../ui/controls.ts";
import { sessionQuery } from "../../../wire/session.ts";
import styles from "./signing.module.css";
import type { Change, Signer } from "./use-signing.ts";

export type FormProps = {
  readonly signer: Signer;
  readonly send: (wish: Change) => void;
  readonly cancel: () => void;
};

export function SignConfirm({
  title,
  version,
  signer,
  send,
  cancel,
}: FormProps & { readonly title: string; readonly version: number }): ReactNode {
  const { signing } = useTexts();
  return (
    <Confirm
      words={signing.confirm(title, version)}
      isChanging={signer.isChanging}
      run={() => send({ what: "sign" })}
      cancel={cancel}
      failure={<Refused signer={signer} />}
    />
  );
}

/** A question with its answer under the finger. */
export function Confirm({
  words,
  isChanging,
  run,
  cancel,
  failure,
}: {
  readonly words: string;
  readonly isChanging: boolean;
  readonly run: () => void;
  readonly cancel: () => void;
  readonly failure?: ReactNode;
}): ReactNode {
  const { signing } = useTexts();
  const yes = useRef<HTMLButtonElement>(null);
  useEffect(() => yes.current?.focus(), []);
  return (
    <div className={`${styles["form"]} no-print`} role="group" aria-label={words} onKeyDown={onEscape(cancel)}>
      <p>{words}</p>
      <div className={styles["actions"]}>
        <Button ref={yes} size="compact-md" loading={isChanging} onClick={run}>
          {signing.doSign}
        </Button>
        <Button size="compact-md" variant="default" onClick={cancel}>
          {signing.cancel}
        </Button>
      </div>
      {failure}
    </div>
  );
}

export function onEscape(cancel: () => void): (event: KeyboardEvent) => void {
  return (event) => {
    if (event.key === "Escape") cancel();
  };
}

/** What the server said when it refused. */
export function Refused({ signer }: { readonly signer: Signer }): ReactNode {
  const { signing } = useTexts();
  const provider = useQuery(sessionQuery).data?.authenticated?.method ?? "none";
  const { failure } = signer;
  const till = encodeURIComponent(`${window.location.pathname}${window.location.search}`);
  return (
    <div className={styles["refused"]} role="alert">
      {failure === undefined ? null : <p>{failure.said ?? signing.failed}</p>}
      {failure?.status === 403 && provider !== "none" ? (
        <a href={`/api/sign-in/start/${encodeURIComponent(provider)}?again=1&till=${till}`}>{signing.proveAgain}</a>
      ) : null}
    </div>
  );
}
