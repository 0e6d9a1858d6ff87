/**
 * What a change does and for whom, unit by unit, and which sessions end; applied when somebody says that they have read it.
 * Exactly what is shown is applied: if the directory has changed meanwhile, it is told and shown anew.
 *
 * SPEC WEB-DIRECTORY-2
 */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState, type ReactNode } from "react";
import { useLanguage } from "../language/language.tsx";
import { Button, Switch } from "../ui/controls.ts";
import { Failed, useFailureWords } from "../ui/load-view.tsx";
import { Panel } from "../ui/panel.tsx";
import { failureOf } from "../wire/call.ts";
import { apply, preview, type Applied, type Change, type Preview, type Refused } from "../wire/directory.ts";
import type { Wish } from "./change.page.tsx";
import styles from "./directory.module.css";
import { useDirectoryTexts } from "./use-directory-texts.ts";

type PreviewPanelProps = { readonly wish: Wish; readonly setWish: (wish: Wish | undefined) => void };

export function PreviewPanel({ wish, setWish }: PreviewPanelProps): ReactNode {
  const { preview: texts } = useDirectoryTexts();
  const { change, undo } = wish;
  const seen = useQuery({
    queryKey: ["directory", "preview", change],
    queryFn: () => preview(change),
    staleTime: Infinity,
    gcTime: 0,
    refetchOnWindowFocus: false,
  });
  const [applied, setApplied] = useState<Applied>();
  if (applied !== undefined && applied.outcome !== "refused")
    return <Done applied={applied} undo={undo} setWish={setWish} />;
  return (
    <Panel title={texts.title}>
      {seen.isError ? <Failed failure={failureOf(seen.error)} retry={() => void seen.refetch()} /> : null}
      {applied === undefined ? null : <Problems refused={applied} />}
      {seen.data?.outcome === "refused" ? <Problems refused={seen.data} /> : null}
      {seen.data?.outcome === "preview" ? (
        <Shown
          key={seen.data.token}
          seen={seen.data}
          change={change}
          done={(outcome) => {
            setApplied(outcome);
            if (outcome.outcome === "refused") void seen.refetch();
          }}
        />
      ) : null}
    </Panel>
  );
}

type DoneProps = {
  readonly applied: Exclude<Applied, Refused>;
  readonly undo: Change | undefined;
  readonly setWish: PreviewPanelProps["setWish"];
};

/** What came of it. A second click on the button that was here before must not undo it. */
function Done({ applied, undo, setWish }: DoneProps): ReactNode {
  const { preview: texts } = useDirectoryTexts();
  const [isSettled, setSettled] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(true), DOUBLE_CLICK_MS);
    return () => clearTimeout(timer);
  }, []);
  return (
    <Panel title={texts.title}>
      <div className={styles["actions"]}>
        <p role="status">{applied.outcome === "applied" ? texts.applied(applied.resources) : texts.already}</p>
        <div className={styles["row"]}>
          {undo === undefined || applied.outcome === "nothing" ? null : (
            <Button
              variant="default"
              disabled={!isSettled}
              title={texts.undoMeans}
              onClick={() => setWish({ change: undo, undo: undefined })}
            >
              {texts.undo}
            </Button>
          )}
          <Button variant="subtle" disabled={!isSettled} onClick={() => setWish(undefined)}>
            {texts.again}
          </Button>
        </div>
      </div>
    </Panel>
  );
}

const DOUBLE_CLICK_MS = 800;

type ShownProps = {
  readonly seen: Extract<Preview, { readonly outcome: "preview" }>;
  readonly change: Change;
  readonly done: (applied: Applied) => void;
};

function Shown({ seen, change, done }: ShownProps): ReactNode {
  const { preview: texts } = useDirectoryTexts();
  const [isRead, setRead] = useState(false);
  const queries = useQueryClient();
  // Two clicks may come before the screen is drawn anew.
  const isSent = useRef(false);
  const { mutate, isPending, error } = useMutation({
    mutationFn: () => apply({ ...change, token: seen.token }),
    onError: () => void (isSent.current = false),
    onSuccess: (applied) => {
      done(applied);
      for (const what of ["overview", "people", "review"])
        void queries.invalidateQueries({ queryKey: ["directory", what] });
    },
  });
  const send = (): void => {
    if (!isSent.current) mutate();
    isSent.current = true;
  };
  const words = useFailureWords(failureOf(error));
  const changing = seen.sections.map(({ title, lines }) => ({
    title,
    lines: lines.filter((line) => !line.startsWith("behåller:")),
  }));
  const shown = changing.filter(({ lines }) => lines.length > 0);
  if (shown.length === 0) return <p role="status">{texts.nothing}</p>;
  return (
    <div className={styles["actions"]}>
      <div className={styles["sections"]}>
        {shown.map(({ title, lines }) => (
          <section key={title}>
            <h3>{title}</h3>
            <ul>
              {lines.map((line) => (
                <li key={line}>{line}</li>
              ))}
            </ul>
          </section>
        ))}
      </div>
      <p>{texts.loses(seen.counts.wouldEnd, seen.counts.holdToday)}</p>
      <Sessions sessions={seen.sessions} />
      <Switch
        className="no-print"
        label={texts.read}
        checked={isRead}
        onChange={(event) => setRead(event.currentTarget.checked)}
      />
      <Button className="no-print" disabled={!isRead} loading={isPending} onClick={send}>
        {texts.apply}
      </Button>
      <p className={styles["failure"]} role="alert">
        {error ? words : null}
      </p>
    </div>
  );
}

function Sessions({ sessions }: { readonly sessions: readonly string[] }): ReactNode {
  const { preview: texts } = useDirectoryTexts();
  if (sessions.length === 0) return <p className="dim">{texts.noSessions}</p>;
  return (
    <section>
      <h3>{texts.sessions}</h3>
      <ul>
        {sessions.map((one) => (
          <li key={one}>{one}</li>
        ))}
      </ul>
    </section>
  );
}

function Problems({ refused }: { readonly refused: Refused | Applied }): ReactNode {
  const { preview: texts } = useDirectoryTexts();
  const { code } = useLanguage();
  if (refused.outcome !== "refused") return null;
  return (
    <div role="alert">
      <h3>{texts.refused}</h3>
      <ul>
        {refused.problems.map((one) => (
          <li key={`${one.path} ${one.sv}`}>
            {one.path === "" ? "" : `${one.path}: `}
            {code === "en" ? one.en : one.sv}
          </li>
        ))}
      </ul>
      {refused.more ? <p>{texts.more}</p> : null}
    </div>
  );
}
