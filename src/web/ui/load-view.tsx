/**
 * Shows a Loaded<T> in one of its five states. The words for "nothing recorded" and "none known" belong to each screen,
 * so there is no default that could pass for an empty list.
 *
 * SPEC WEB-LOAD · design law 6
 */
import { Button, Skeleton } from "@mantine/core";
import type { ReactNode } from "react";
import { useTexts } from "../language/language.tsx";
import type { Failure, Loaded } from "../loaded.ts";
import { Icon } from "./icon.tsx";
import styles from "./load-view.module.css";

type LoadViewProps<T> = {
  readonly loaded: Loaded<T>;
  /** What is said when nothing at all is recorded: it must not read as "the patient has none". */
  readonly unknown: string;
  readonly children: (value: T) => ReactNode;
  /** Lines of placeholder while loading. */
  readonly lines?: number;
};

export function LoadView<T>({ loaded, unknown, children, lines = 3 }: LoadViewProps<T>): ReactNode {
  switch (loaded.state) {
    case "loading":
      return <Loading lines={lines} />;
    case "failed":
      return <Failed failure={loaded.failure} retry={loaded.retry} />;
    case "unknown":
      return (
        <p className={styles["unknown"]} data-state="unknown">
          {unknown}
        </p>
      );
    case "none-known":
      return (
        <ul className={styles["none"]} data-state="none-known">
          {loaded.statements.map((statement) => (
            <li key={statement}>{statement}</li>
          ))}
        </ul>
      );
    case "some":
      return (
        <>
          {loaded.stale ? <Stale failure={loaded.stale} /> : null}
          {children(loaded.value)}
        </>
      );
  }
}

function Loading({ lines }: { readonly lines: number }): ReactNode {
  const { load } = useTexts();
  return (
    <div className={styles["loading"]} data-state="loading" role="status">
      <span className="visually-hidden">{load.loading}</span>
      {Array.from({ length: lines }, (_, line) => (
        <Skeleton key={line} height={14} radius="sm" animate={false} />
      ))}
    </div>
  );
}

/** A failure in words, with a way to try again. */
export function Failed({ failure, retry }: { readonly failure: Failure; readonly retry: () => void }): ReactNode {
  const { load } = useTexts();
  return (
    <div className={styles["failed"]} data-state="failed" role="alert">
      <Icon name="alert" />
      <div>
        <p className={styles["words"]}>{useFailureWords(failure)}</p>
        <p className="dim">{load.failedMeans}</p>
      </div>
      {failure.kind === "refused" ? null : (
        <Button variant="default" size="xs" onClick={retry}>
          {load.retry}
        </Button>
      )}
    </div>
  );
}

function Stale({ failure }: { readonly failure: Failure }): ReactNode {
  const { load } = useTexts();
  const words = useFailureWords(failure);
  return (
    <p className={styles["stale"]} role="alert">
      <Icon name="alert" /> {load.stale} {words}
    </p>
  );
}

/** What a failure is called: the server's own words, when it gave any. */
export function useFailureWords(failure: Failure): string {
  const { load } = useTexts();
  return failure.said ?? load.failures[failure.kind];
}
