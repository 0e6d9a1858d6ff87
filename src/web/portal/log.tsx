/** Who has read: a line for each access, with a way to ask about it. SPEC WEB-PORTAL-1 */
import { useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent, type ReactNode } from "react";
import { sayMoment } from "../say/dates.ts";
import { Button, Switch, Textarea } from "../ui/controls.ts";
import { LoadView } from "../ui/load-view.tsx";
import { isSignedOut } from "../wire/call.ts";
import { ask, fetchLog, logKey, questionsQuery, type LogLine, type LogPage } from "../wire/portal.ts";
import { loadedOf } from "./loaded-of.ts";
import { Outcome } from "../ui/outcome.tsx";
import styles from "./portal.module.css";
import { usePortalTexts } from "./use-portal-texts.ts";
import { toSignIn, useChange } from "./use-portal.ts";

export function Log({ person }: { readonly person: string }): ReactNode {
  const words = usePortalTexts();
  const [withOwn, setWithOwn] = useState(false);
  const { data, error, refetch, fetchNextPage, hasNextPage, isFetchingNextPage, dataUpdatedAt } = useInfiniteQuery({
    queryKey: logKey(person, withOwn),
    queryFn: ({ pageParam, signal }): Promise<LogPage> => fetchLog(person, withOwn, pageParam, signal),
    initialPageParam: "",
    getNextPageParam: ({ next }) => next ?? undefined,
  });
  if (error && isSignedOut(error)) toSignIn();
  const lines = data?.pages.flatMap(({ items }) => items);
  return (
    <>
      <p>{words.log.means}</p>
      <Switch
        label={words.log.withOwn}
        checked={withOwn}
        size="md"
        onChange={(event) => setWithOwn(event.currentTarget.checked)}
      />
      <LoadView
        loaded={loadedOf(lines, error, { at: dataUpdatedAt, retry: () => void refetch() })}
        unknown={words.log.none}
        lines={8}
      >
        {(items) => <Lines person={person} items={items} />}
      </LoadView>
      {hasNextPage ? (
        <Button variant="default" size="md" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {words.log.more}
        </Button>
      ) : null}
    </>
  );
}

function Lines({ person, items }: { readonly person: string; readonly items: readonly LogLine[] }): ReactNode {
  const asked = new Set(useQuery(questionsQuery(person)).data?.map(({ line }) => line));
  return (
    <ul className={styles["list"]}>
      {items.map((line) => (
        <li key={line.id} className={styles["card"]}>
          <Line line={line} />
          {line.isAtDoor || line.title === "System" || line.provider === null ? null : (
            <Asking person={person} line={line.id} isAsked={asked.has(line.id)} />
          )}
        </li>
      ))}
    </ul>
  );
}

function Line({ line }: { readonly line: LogLine }): ReactNode {
  const words = usePortalTexts();
  const { log } = words;
  const activities: Readonly<Record<string, string>> = words.activities;
  const types: Readonly<Record<string, string>> = words.types;
  const isSystem = line.title === "System";
  const name = line.protectedIdentity ? log.hidden : (line.name ?? log.hidden);
  const what = line.types.map((type) => types[type] ?? log.someData.toLowerCase()).join(", ");
  return (
    <>
      <div className={styles["top"]}>
        <span className={styles["who2"]}>
          {name}
          {line.title === null ? "" : `, ${line.title}`}
        </span>
        <time dateTime={line.time}>{sayMoment(line.time)}</time>
      </div>
      {line.isAtDoor || isSystem ? null : (
        <p>{[line.unit ?? log.unknownUnit, line.provider].filter(Boolean).join(" · ")}</p>
      )}
      <dl>
        <div>
          <dt>{log.what}</dt>
          <dd>
            {activities[line.activity] ?? line.activity}: {what === "" ? log.someData.toLowerCase() : what}
            {line.emergency ? <span className={styles["mark"]}> {log.emergency}</span> : null}
            {line.refused ? <span className={styles["mark"]}> {log.refused}</span> : null}
          </dd>
        </div>
        <div>
          <dt>{log.why}</dt>
          <dd>{isSystem ? log.system : line.ground}</dd>
        </div>
      </dl>
    </>
  );
}

type AskingProps = { readonly person: string; readonly line: string; readonly isAsked: boolean };

function Asking({ person, line, isAsked }: AskingProps): ReactNode {
  const words = usePortalTexts();
  const queries = useQueryClient();
  const [isOpen, setOpen] = useState(false);
  const [typed, setTyped] = useState("");
  const change = useChange(
    (said: string) => ask(person, line, said),
    (items) => queries.setQueryData(questionsQuery(person).queryKey, items),
  );
  const send = (event: FormEvent): void => {
    event.preventDefault();
    void change.run(typed, words.log.sent).then((isDone) => isDone && setOpen(false));
  };
  if (isAsked)
    return (
      <>
        <p className="dim">{words.log.asked}</p>
        <Outcome done={change.done} failure={undefined} />
      </>
    );
  if (!isOpen)
    return (
      <div>
        <Button variant="default" size="md" onClick={() => setOpen(true)}>
          {words.log.ask}
        </Button>
      </div>
    );
  return (
    <form className={styles["form"]} onSubmit={send} aria-label={words.log.ask}>
      <Textarea
        label={words.log.words}
        autoFocus
        autosize
        minRows={2}
        maxLength={1000}
        value={typed}
        onChange={(event) => setTyped(event.currentTarget.value)}
      />
      <div className={styles["row"]}>
        <Button type="submit" size="md" loading={change.isRunning}>
          {words.log.send}
        </Button>
        <Button variant="default" size="md" onClick={() => setOpen(false)}>
          {words.log.cancel}
        </Button>
      </div>
      <Outcome done={change.done} failure={change.failure} />
    </form>
  );
}
